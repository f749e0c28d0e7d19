"""The tables of reports: which there are, and what their columns are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, get_args, get_origin, get_type_hints, is_typeddict

from . import _journey
from ._errors import make
from ._record import Record

if TYPE_CHECKING:
    # A type checker takes classes of ours for ones that cannot be hashed.
    _Function = TypeVar("_Function")

    def cache(function: _Function) -> _Function: ...
else:
    from functools import cache

__all__ = ["plain", "table", "tables", "to_pandas"]

# The table of one row with what a report says besides its lists.
_FIGURES = "figures"

_Column = tuple[str, tuple[str, ...], Any]


def table(report: Record, name: str | None) -> _journey.Table:
    """A table of a report: the one of this name, or the main one."""
    known = _lists(type(report))
    if name is None:
        name = next(iter(known))
    if name not in known:
        close = get_close_matches(name, known, 1)
        hint = f"; did you mean `{close[0]}`?" if close else f"; its tables are {', '.join(f'`{table}`' for table in known)}"
        raise make("invalid_option", f"a report `{type(report).__name__}` has no table `{name}`{hint}", field="name")
    path, kind = known[name]
    return _journey._records(_rows(report, path), _columns(kind, name != _FIGURES))


def tables(report: Record) -> dict[str, _journey.Table]:
    """All tables of a report by their names, the main one first."""
    return {name: table(report, name) for name in _lists(type(report))}


def plain(report: Record, name: str | None = None) -> list[dict[str, Any]]:
    """The rows of a table of a report as dicts, without what is a list of records in a row."""
    known = _lists(type(report))
    path, kind = known[next(iter(known)) if name is None else name]
    columns = _columns(kind, False)
    return [{column: _cell(row, steps) for column, steps, _ in columns} for row in _rows(report, path)]


def to_pandas(report: Record) -> Any:
    """The main table as a data frame of pandas, without pyarrow too."""
    try:
        return table(report, None).to_pandas()
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
    import pandas

    name, (path, kind) = next(iter(_lists(type(report)).items()))
    rows = _rows(report, path)
    columns = _columns(kind, name != _FIGURES)
    return pandas.DataFrame({name: [_cell(row, path) for row in rows] for name, path, _ in columns})


def _rows(report: Record, path: tuple[str, ...] | None) -> list[Record]:
    return [report] if path is None else _cell(report, path) or []


def _cell(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = None if value is None else getattr(value, name)
    return value


@cache
def _lists(kind: type[Record]) -> dict[str, tuple[tuple[str, ...] | None, type[Record]]]:
    """The tables of a type of report, with where their rows are and what these are; the main one first."""
    found = {".".join(path): (path, row) for path, row in _lists_in(kind)}
    main = {"rows": found["rows"]} if "rows" in found else {}
    return {**main, **found, _FIGURES: (None, kind)}


def _lists_in(kind: type[Record]) -> list[tuple[tuple[str, ...], type[Record]]]:
    """The lists of records, those of the report itself before those of its parts."""
    own, inner = [], []
    for name, hint in _hints(kind).items():
        if get_origin(hint) is list and _is_record(_given(get_args(hint)[0])):
            own.append(((name,), _given(get_args(hint)[0])))
        elif _is_record(hint):
            inner += [((name, *path), row) for path, row in _lists_in(hint)]
    return own + inner


@cache
def _columns(kind: type[Record], lists: bool) -> list[_Column]:
    """The columns of records: the name of each, the attributes that lead to it, and what its cells are.

    The fields of a record in a record are columns with both names, joined by `_`, unless one of these names is taken: then
    the inner record is one column, a struct. Lists of records are columns too if `lists` says so.
    """
    parts: list[tuple[str, Any, list[_Column]]] = []
    for name, hint in _hints(kind).items():
        if _is_record(hint):
            inner = [(f"{name}_{sub}", (name, *path), cells) for sub, path, cells in _columns(hint, lists)]
            parts.append((name, hint, inner))
        elif lists or not (get_origin(hint) is list and _is_record(_given(get_args(hint)[0]))):
            parts.append((name, hint, [(name, (name,), _cells(hint))]))
    taken = Counter(column for _, _, columns in parts for column, _, _ in columns)
    columns: list[_Column] = []
    for name, hint, inner in parts:
        clash = any(taken[column] > 1 for column, _, _ in inner)
        columns += [(name, (name,), _cells(hint))] if clash else inner
    return columns


def _cells(hint: Any) -> Any:
    """What the cells of a field are, in the words of `_journey`."""
    if _is_record(hint) or is_typeddict(hint):
        return ("struct", [(name, (name,), _cells(inner)) for name, inner in _hints(hint).items()])
    if get_origin(hint) in (list, Sequence):
        return ("list", _cells(_given(get_args(hint)[0])))
    if get_origin(hint) is Mapping:
        return ("map", _cells(_given(get_args(hint)[1])))
    if get_origin(hint) is Literal:
        return "text"
    return {str: "text", bool: "boolean", int: "integer", float: "number"}[hint]


@cache
def _hints(kind: type[Record]) -> dict[str, Any]:
    """The types of the fields, as they are where they are given."""
    hints = get_type_hints(kind).items()
    return {name: _given(hint) for name, hint in hints if get_origin(hint) is not ClassVar}


def _given(hint: Any) -> Any:
    """The type without `None`."""
    if NoneType not in get_args(hint):
        return hint
    return next(inner for inner in get_args(hint) if inner is not NoneType)


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Record)
