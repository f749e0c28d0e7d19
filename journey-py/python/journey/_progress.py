"""How far reading or a question has come: told to a function, or shown as a bar where somebody looks."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from time import monotonic
from typing import Any

__all__ = ["steps", "watcher"]


class Told:
    """Tells a function of the user."""

    def __init__(self, tell: Callable[[int, int | None, int], object]) -> None:
        self._tell = tell

    def __call__(self, read: int, total: int | None, events: int) -> None:
        self._tell(read, total, events)

    def close(self) -> None:
        """There is nothing to be closed."""


class Bar:
    """A bar of tqdm, which appears when reading takes longer than a second; without tqdm there is none."""

    def __init__(self, wait: float = 1.0) -> None:
        self._show_at = monotonic() + wait
        self._bar: Any = None

    def __call__(self, read: int, total: int | None, events: int) -> None:
        if monotonic() < self._show_at:
            return
        # The bytes of a table in memory are not counted, its events are.
        done, unit, whole = (read, "B", total) if read else (events, " events", None)
        if self._bar is None:
            self._bar = _tqdm(desc="reading", total=whole, unit=unit)
            if self._bar is None:
                self._show_at = float("inf")
                return
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Leaves the bar as it stands."""
        if self._bar is not None:
            self._bar.close()


class Steps:
    """A bar for a question, which may take several passes, one after the other."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def __call__(self, done: int, total: int) -> None:
        bar = self._bar
        if done < bar.n or (total or None) != bar.total:
            bar.reset(total or None)
        bar.update(done - bar.n)

    def close(self) -> None:
        """Takes the bar away."""
        self._bar.close()


def _tqdm(**options: Any) -> Any:
    try:
        with warnings.catch_warnings():
            # In a notebook without its widgets the bar is one of text, which needs no warning.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm(unit_scale=True, **options)


def watcher(progress: Callable[[int, int | None, int], object] | bool | None) -> Told | Bar | None:
    """What is to be told of the progress: a function; a bar for `True`, and for `None` where somebody looks."""
    if callable(progress):
        return Told(progress)
    if progress is None:
        progress = _somebody_looks()
    if not isinstance(progress, bool):
        raise TypeError(f"`progress`: expected a function, `True` or `False`, got {type(progress).__name__}")
    return Bar() if progress else None


def steps() -> Steps | None:
    """A bar for a question that takes long, where somebody looks and tqdm is there; it goes away with the question."""
    bar = _tqdm(desc="answering", leave=False) if _somebody_looks() else None
    return None if bar is None else Steps(bar)


def _somebody_looks() -> bool:
    stderr = sys.stderr
    return "ipykernel" in sys.modules or (stderr is not None and stderr.isatty())
