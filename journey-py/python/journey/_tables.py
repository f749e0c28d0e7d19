"""Tables in and out: what other packages call a table, as Arrow, and the tables of reports."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from . import _journey
from ._errors import make

__all__ = ["ArrowArray", "ArrowStream", "LazyTable", "arrow", "pieces", "to_pandas", "to_polars"]


class ArrowStream(Protocol):
    """A table of any package that speaks Arrow."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The rows, as Arrow's C stream in a capsule."""


class ArrowArray(Protocol):
    """A batch of records of any package that speaks Arrow."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        """The rows, as Arrow's C schema and array in capsules."""


class LazyTable(Protocol):
    """A table that is yet to be worked out, such as a lazy frame of polars."""

    def collect_schema(self) -> Any:
        """Its columns."""

    def collect(self) -> Any:
        """The table."""


def arrow(table: Any, wanted: list[str]) -> Any:
    """The table as an object that speaks Arrow, with no more columns than are wanted where that spares work."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(table, pandas.DataFrame):
        return _of_pandas(pandas, table[wanted] if _has_all(list(table.columns), wanted) else table)
    if hasattr(table, "collect_schema") and hasattr(table, "collect"):  # lazy frames of polars
        table = _narrowed(table, table.collect_schema().names(), wanted).collect()
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        return _narrowed(table, getattr(table, "column_names", getattr(table, "columns", None)), wanted)
    if isinstance(table, Mapping):
        return _of_columns({str(name): _cells(cells) for name, cells in table.items()})
    if isinstance(table, Sequence) and all(isinstance(row, Mapping) for row in table):
        return _of_rows(table, wanted)
    raise TypeError(
        "expected a data frame or another table that speaks Arrow, a list of dicts, a dict of lists, the path of a file "
        f"or its bytes, got {type(table).__name__}"
    )


def pieces(batches: Any) -> Iterable[Any]:
    """The tables that are parts of one; a table is its only part."""
    pandas = sys.modules.get("pandas")
    is_table = isinstance(batches, Mapping) or (pandas is not None and isinstance(batches, pandas.DataFrame))
    speaks_arrow = any(hasattr(batches, name) for name in ("__arrow_c_stream__", "__arrow_c_array__", "collect_schema"))
    is_rows = isinstance(batches, Sequence) and all(isinstance(row, Mapping) for row in batches)
    if is_table or speaks_arrow or is_rows:
        return () if is_rows and not batches else (batches,)
    if isinstance(batches, (str, bytes)) or not isinstance(batches, Iterable):
        raise TypeError(
            "expected a data frame or another table that speaks Arrow, or an iterable of such, "
            f"got {type(batches).__name__}"
        )
    return batches


def _narrowed(table: Any, names: Any, wanted: list[str]) -> Any:
    """The table with the wanted columns alone; all of it if one is not there, so that the error can name those that are."""
    if not _has_all(names, wanted):
        return table
    if hasattr(table, "project"):  # relations of DuckDB
        return table.project(", ".join('"' + name.replace('"', '""') + '"' for name in wanted))
    return table.select(wanted) if hasattr(table, "select") else table


def _has_all(names: Any, wanted: list[str]) -> bool:
    return isinstance(names, list) and all(names.count(name) == 1 for name in wanted)


def _of_pandas(pandas: Any, frame: Any) -> Any:
    """A data frame of pandas: columns of objects as what is in them, whole numbers with gaps as whole numbers."""
    columns = {}
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        if column.dtype == object:
            kind = pandas.api.types.infer_dtype(column, skipna=True)
            if kind not in ("string", "empty", "boolean", "integer"):
                columns[place] = _cells(column)
        elif column.dtype.kind == "f":
            # A column of whole numbers in which one is missing is one of fractions, in pandas.
            columns[place] = column.convert_dtypes()
    texts = {place: cells for place, cells in columns.items() if isinstance(cells, list)}
    if not hasattr(frame, "__arrow_c_stream__") or not _has("pyarrow"):
        return _of_columns({str(name): texts.get(place) or _cells(frame.iloc[:, place]) for place, name in enumerate(frame)})
    import pyarrow

    names, arrays = [str(name) for name in frame.columns], []
    for place in range(len(names)):
        if place in texts:
            arrays.append(pyarrow.chunked_array(pyarrow.table(_of_columns({"cells": texts[place]}))["cells"]))
        else:
            arrays.append(pyarrow.Array.from_pandas(columns.get(place, frame.iloc[:, place])))
    return pyarrow.table(arrays, names)


def _has(name: str) -> bool:
    try:
        __import__(name)
    except ImportError:
        return False
    return True


def _cells(column: Any) -> list[Any]:
    """The cells of a column as Python's own values."""
    if isinstance(column, (str, bytes)) or not isinstance(column, Iterable):
        raise TypeError(f"expected a list of cells for each column, got {type(column).__name__}")
    dtype = getattr(column, "dtype", None)
    if getattr(dtype, "kind", None) == "M" and not hasattr(column, "to_list"):
        array: Any = column
        column = array.astype("datetime64[us]")  # numpy gives those of finer units as numbers
    if hasattr(column, "to_pylist"):
        return list(column.to_pylist())
    return list(column.tolist() if hasattr(column, "tolist") else column)


def _of_rows(rows: Sequence[Mapping[Any, Any]], wanted: list[str]) -> Any:
    """Rows that are dicts; a name that a row does not have is missing in it. No rows have the columns that are wanted."""
    names = dict.fromkeys(name for row in rows for name in row) if rows else wanted
    return _of_columns({str(name): [row.get(name) for row in rows] for name in names})


def _of_columns(columns: Mapping[str, list[Any]]) -> Any:
    """Columns that are lists of cells, all of the same length."""
    first = next(iter(columns), None)
    for name, cells in columns.items():
        if len(cells) != len(columns[first or name]):
            counts = f"`{name}` has {len(cells)} cells and `{first}` has {len(columns[first or name])}"
            raise make("invalid_log", f"{counts}; expected columns of one length", field=name)
    return _journey._columns([(name, *_column(cells)) for name, cells in columns.items()])


def _column(cells: list[Any]) -> tuple[str, list[Any]]:
    """What the cells of a column are, and they themselves; what is of several kinds, or of none that is known, is text."""
    cells = [None if _is_missing(cell) else cell for cell in cells]
    kinds = {type(cell) for cell in cells if cell is not None} or {str}
    if kinds == {bool}:
        return "boolean", cells
    if kinds == {int} and all(cell is None or abs(cell) < 1 << 63 for cell in cells):
        return "integer", cells
    if kinds <= {int, float}:
        return "number", cells
    return "text", [None if cell is None else _text(cell) for cell in cells]


def _is_missing(cell: Any) -> bool:
    """Whether a cell is `None`, not a number, or what pandas and numpy have for what is missing."""
    if cell is None or isinstance(cell, str):
        return cell is None
    try:
        return bool(cell != cell)
    except TypeError:  # pandas.NA is neither the same as itself nor something else
        return True
    except ValueError:  # a list of numpy
        return False


def _text(cell: Any) -> str:
    """A cell as the readers of files know it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return cell.isoformat()
    if isinstance(cell, (Mapping, list, tuple, set)):
        raise make("invalid_log", f"a cell holds a {type(cell).__name__}; expected a text, a number, a time or nothing")
    return str(cell)


def to_pandas(table: Any) -> Any:
    """A data frame of pandas."""
    import pyarrow

    return pyarrow.table(table).to_pandas()


def to_polars(table: Any) -> Any:
    """A data frame of polars."""
    import polars

    return polars.DataFrame(table)
