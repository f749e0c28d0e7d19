"""How far reading or a question has come: told to a function, or shown as a bar where somebody looks."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from time import monotonic
from typing import Any

__all__ = ["answering", "reading"]


class Told:
    """Tells a function of the user."""

    def __init__(self, tell: Callable[..., object]) -> None:
        self._tell = tell

    def __call__(self, *now: int | None) -> None:
        self._tell(*now)

    def close(self) -> None:
        """There is nothing to be closed."""


class Bar:
    """A bar of tqdm, which appears when work takes longer than a second; without tqdm there is none."""

    def __init__(self, wait: float = 1.0) -> None:
        self._show_at = monotonic() + wait
        self._bar: Any = None

    def _show(self, done: int, total: int | None, **looks: Any) -> None:
        if monotonic() < self._show_at:
            return
        if self._bar is None:
            self._bar = _tqdm(total=total, **looks)
            if self._bar is None:
                self._show_at = float("inf")
                return
        # A question may take several passes, one after the other.
        if done < self._bar.n or total != self._bar.total:
            self._bar.reset(total)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Leaves the bar as it stands, or takes it away if it is one of those."""
        if self._bar is not None:
            self._bar.close()


class Reading(Bar):
    """The bar of a reading."""

    def __call__(self, read: int, total: int | None, events: int) -> None:
        # The bytes of a table in memory are not counted, its events are.
        if read:
            self._show(read, total, desc="reading", unit="B")
        else:
            self._show(events, None, desc="reading", unit=" events")


class Answering(Bar):
    """The bar of a question, which goes away with it."""

    def __call__(self, done: int, total: int | None) -> None:
        self._show(done, total, desc="answering", leave=False)


def _tqdm(**looks: Any) -> Any:
    try:
        with warnings.catch_warnings():
            # In a notebook without its widgets the bar is one of text, which needs no warning.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm(unit_scale=True, **looks)


def reading(progress: Callable[[int, int | None, int], object] | bool | None) -> Told | Reading | None:
    """What is to be told how far a reading has come: the bytes, all bytes if they are known, and the events."""
    return Told(progress) if callable(progress) else Reading() if _wanted(progress) else None


def answering(progress: Callable[[int, int | None], object] | bool | None) -> Told | Answering | None:
    """What is to be told how far a question has come: the steps, and all steps of the pass if they are known."""
    return Told(progress) if callable(progress) else Answering() if _wanted(progress) else None


def _wanted(progress: bool | None) -> bool:
    """Whether there is to be a bar; for `None` where somebody looks."""
    if progress is None:
        return _somebody_looks()
    if not isinstance(progress, bool):
        raise TypeError(f"`progress`: expected a function, `True` or `False`, got {type(progress).__name__}")
    return progress


def _somebody_looks() -> bool:
    stderr = sys.stderr
    return "ipykernel" in sys.modules or (stderr is not None and stderr.isatty())
