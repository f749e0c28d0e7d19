"""What every report shares: it is a dataclass, and it reads like a mapping too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING
from typing import Any, ClassVar

from ._picture import Picture

# The pictures of reports that have one.
_PICTURES = {
    "Bottlenecks": "render_times",
    "Comparison": "render_comparison",
    "Funnel": "render_funnel",
    "StepFlow": "render_step_flow",
    "StepMatrix": "render_step_matrix",
    "Transitions": "render_flow",
}


class Record(Mapping[str, Any]):
    """A report or a part of one: `report.rows` and `report["rows"]` are the same."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Any]]

    def __getitem__(self, name: str) -> Any:
        if name in self.__dataclass_fields__:
            return getattr(self, name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dataclass_fields__)

    def __len__(self) -> int:
        return len(self.__dataclass_fields__)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain dicts and lists, ready for `json.dumps`; without what only reports of a `State` have."""
        fields = self.__dataclass_fields__
        return {name: _plain(value) for name, value in self.items() if value is not None or fields[name].default is MISSING}

    def _repr_svg_(self) -> Picture | None:
        """The picture of a report in a notebook; `None` of what has none."""
        name = _PICTURES.get(type(self).__name__)
        if name is None:
            return None
        from . import _journey

        picture: Picture = getattr(_journey, name)(self)
        return picture

    def _repr_html_(self) -> str | None:
        """The same, as a page shows it: what is wider than the page can be scrolled."""
        picture = self._repr_svg_()
        return picture and picture._repr_html_()


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
