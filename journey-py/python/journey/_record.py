"""What every report shares: it is a dataclass, and it reads like a mapping too."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, KeysView
from contextlib import suppress
from dataclasses import MISSING
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from typing import Self

    from ._journey import Table

from ._errors import make
from ._picture import Page, Picture

# The pictures of reports that have one; that of the report of all questions is a page.
_PICTURES = {
    "Bottlenecks": "render_times",
    "Comparison": "render_comparison",
    "Funnel": "render_funnel",
    "JourneyReport": "render_report",
    "StepFlow": "render_step_flow",
    "StepMatrix": "render_step_matrix",
    "Transitions": "render_flow",
}


class Record:
    """A report or a part of one: `report.rows` and `report["rows"]` are the same, and `dict(report)` has its fields.

    It is no `Mapping`, since what takes one for a dict of columns would not take it for a table.
    """

    # What the fields of a report are made of, until one of them is looked at.
    __slots__ = ("_pending",)
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @classmethod
    def _later(cls, pending: Any) -> Self:
        """A report whose fields are made when one of them is first looked at."""
        report = cls.__new__(cls)
        object.__setattr__(report, "_pending", pending)
        return report

    def __getattr__(self, name: str) -> Any:
        # Called for what is not there; if it is a field, not yet.
        if name not in self.__dataclass_fields__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
        try:
            pending = object.__getattribute__(self, "_pending")
        except AttributeError:
            pass  # Another thread has made them meanwhile.
        else:
            made = pending.report()
            for field in self.__dataclass_fields__:
                object.__setattr__(self, field, getattr(made, field))
            with suppress(AttributeError):
                object.__delattr__(self, "_pending")
        return object.__getattribute__(self, name)

    def __getitem__(self, name: str) -> Any:
        if name in self.__dataclass_fields__:
            return getattr(self, name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dataclass_fields__)

    def __len__(self) -> int:
        return len(self.__dataclass_fields__)

    def keys(self) -> KeysView[str]:
        """The names of the fields."""
        return self.__dataclass_fields__.keys()

    def items(self) -> list[tuple[str, Any]]:
        """The names of the fields with their values."""
        return [(name, getattr(self, name)) for name in self]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field; the default if there is no such field."""
        return getattr(self, name) if name in self.__dataclass_fields__ else default

    def to_dict(self) -> dict[str, Any]:
        """The report as plain dicts and lists, ready for `json.dumps`; without what only reports of a `State` have."""
        fields = self.__dataclass_fields__
        return {name: _plain(value) for name, value in self.items() if value is not None or fields[name].default is MISSING}

    def to_json(self, indent: int | None = None) -> str:
        """The report as JSON text, the same for the same report; on one line if no `indent` is given."""
        separators = (",", ":") if indent is None else (",", ": ")
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)

    def table(self, name: str | None = None) -> Table:
        """A list of the report as a table of Arrow: the main one, or the one of this name.

        Records in the rows are columns such as `time_median_seconds`. The table `figures` has one row, with what is in no list.
        """
        from . import _reports

        return _reports.table(self, name)

    def tables(self) -> dict[str, Table]:
        """All tables of the report by their names, the main one first."""
        from . import _reports

        return _reports.tables(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The main table, as Arrow's C stream in a capsule: `polars.DataFrame(report)`, `duckdb.sql("from report")`."""
        return self.table().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """The main table as a data frame of pandas, which has to be installed."""
        from . import _reports

        return _reports.to_pandas(self)

    def to_polars(self) -> Any:
        """The main table as a data frame of polars, which has to be installed."""
        return self.table().to_polars()

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={_short(value)}" for name, value in self.items())
        return f"{type(self).__name__}({fields})"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture of the report to a file, whose name ends in `.svg` or `.html`; of `report` the page, as `.html`."""
        self._drawn_or_error().save(path)

    def show(self) -> None:
        """Show the picture of the report: below the cell of a notebook, elsewhere in the browser."""
        self._drawn_or_error().show()

    def to_altair(self) -> Any:
        """A chart of the package altair, drawn from the table of the report, to be changed; `pip install journey-py[altair]`."""
        from . import _altair

        return _altair.chart(self)

    def _drawn(self) -> Picture | Page | None:
        name = _PICTURES.get(type(self).__name__)
        if name is None:
            return None
        from . import _journey

        drawn: Picture | Page = getattr(_journey, name)(self)
        return drawn

    def _drawn_or_error(self) -> Picture | Page:
        drawn = self._drawn()
        if drawn is None:
            known = ", ".join(f"`{report}`" for report in _PICTURES)
            text = f"a report `{type(self).__name__}` has no picture; those that have one are {known}; `to_pandas()` has its rows"
            raise make("invalid_option", text)
        return drawn

    def _repr_svg_(self) -> Picture | None:
        """The picture of a report in a notebook; `None` of what has none."""
        drawn = self._drawn()
        return drawn if isinstance(drawn, Picture) else None

    def _repr_html_(self) -> str | None:
        """The same, as a page shows it: what is wider than the page can be scrolled."""
        drawn = self._drawn()
        return None if drawn is None else drawn._repr_html_()


def _short(value: Any) -> str:
    """A value in a line: of records in a list how many there are, of large records what they are, of long texts and lists the beginning."""
    if isinstance(value, list):
        if value and isinstance(value[0], Record):
            return f"[{len(value)} {type(value[0]).__name__}]"
        more = [f"{len(value) - 5} more"] if len(value) > 6 else []
        return f"[{', '.join([_short(item) for item in value[: 5 if more else None]] + more)}]"
    if isinstance(value, Record) and len(value.__dataclass_fields__) > 8:
        return f"{type(value).__name__}(…)"
    if isinstance(value, str) and len(value) > 80:
        return f"{value[:79]!r}…"
    return repr(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
