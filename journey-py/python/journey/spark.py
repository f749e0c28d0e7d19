"""States of data frames of Spark: each part of the customers is worked out where it lies, and what is known of it merged.

PySpark 4 and pyarrow have to be installed, and this package on every worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from ._errors import JourneyError, make
from ._journey import State, _wanted, merge, partial

if TYPE_CHECKING:
    from ._types import ReadOptions, StateOptions

__all__ = ["state"]

# What a task gives: a state, or what is wrong with its rows. An exception would make Spark try the same rows again.
_SCHEMA = "state binary, code string, message string, field string"


def state(
    frame: Any,
    *,
    state: StateOptions | None = None,
    partitions: int | None = None,
    order_by: Sequence[str] = (),
    merge_partitions: int | None = None,
    **options: Unpack[ReadOptions],
) -> State:
    """The `State` of all journeys in a data frame of Spark, which answers as that of a log in memory does.

    The columns that are read are spread over tasks by customer and sorted by customer and time; each task makes one state,
    and the states, which are small, are merged here. Keywords are those of `ReadOptions`, and

    frame : pyspark.sql.DataFrame
        The events, one in each row.
    state : StateOptions | None
        What the state keeps.
    partitions : int | None
        Into how many parts the customers are spread; if not given, Spark decides, by `spark.sql.shuffle.partitions` and by size.
    order_by : Sequence[str]
        Columns, such as the number of an event, that put events of the same time in order. Spark keeps no order of rows; without
        these, such events are in the order of their other columns that are read.
    merge_partitions : int | None
        How many tasks merge states before the rest is merged here; for thousands of parts, or touchpoints. None if not given.
    """
    wanted = _wanted(**options)
    # What is wrong with options and names of columns is said before a cluster works.
    nothing = partial({name: [] for name in frame.columns}, state=state, **options)
    journey, time = options.get("journey") or "journey", options.get("time") or "time"
    missing = [name for name in order_by if name not in frame.columns]
    if missing:
        have = ", ".join(f"`{name}`" for name in frame.columns)
        raise make("invalid_option", f"there is no column `{missing[0]}`; the columns are {have}", field="order_by")
    keys = dict.fromkeys([journey, *(order_by or [time]), *wanted])
    names = list(keys)
    # Spark's `mapInArrow` knows no columns with a dot in their name, so on the way they have others.
    plain = [f"column_{place}" for place in range(len(names))]
    rows = frame.select(*[_quoted(name) for name in names]).toDF(*plain)
    rows = rows.repartition(plain[0]) if partitions is None else rows.repartition(partitions, plain[0])
    rows = rows.sortWithinPartitions(*plain)

    def work(batches: Iterable[Any]) -> bytes:
        return partial((batch.rename_columns(names) for batch in batches), state=state, **options)

    states = rows.mapInArrow(_task(work), _SCHEMA)
    if merge_partitions is not None:
        states = states.repartition(merge_partitions).mapInArrow(_merge, _SCHEMA)
    return merge([nothing, *_states(states.collect())])


def _quoted(name: str) -> str:
    """The name of a column, in which a dot means nothing."""
    return "`" + name.replace("`", "``") + "`"


def _task(work: Callable[[Iterable[Any]], bytes]) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """A task of Spark, which gives one row."""

    def run(batches: Iterable[Any]) -> Iterator[Any]:
        try:
            yield _row(state=work(batches))
        except JourneyError as error:
            yield _row(code=error.code, message=str(error), field=error.field)

    return run


def _merge(batches: Iterable[Any]) -> Iterator[Any]:
    """A task that merges states; it gives an error on as it is, and nothing of nothing."""
    rows = [row for batch in batches for row in batch.to_pylist()]
    wrong = next((row for row in rows if row["code"] is not None), None)
    if rows:
        yield _row(**wrong) if wrong else _row(state=merge(row["state"] for row in rows).to_bytes())


def _row(**cells: Any) -> Any:
    import pyarrow

    types = {"state": pyarrow.binary(), "code": pyarrow.string(), "message": pyarrow.string(), "field": pyarrow.string()}
    return pyarrow.RecordBatch.from_arrays([pyarrow.array([cells.get(name)], kind) for name, kind in types.items()], list(types))


def _states(rows: Iterable[Any]) -> Iterator[bytes]:
    for row in rows:
        if row.code is not None:
            raise make(row.code, f"in one of the parts: {row.message}", field=row.field)
        yield bytes(row.state)
