"""Parts of a log as bytes: however they are cut, the state is that of the whole log."""

import math
from pathlib import Path

import journey
import pandas
import polars
import pyarrow
import pytest

DATA = Path(__file__).parents[2] / "tests" / "data"
COLUMNS = dict(journey="session_id", touchpoint="event", time="timestamp", channel="acquisition_channel")
KEEP = {"conversion": ["purchase"], "funnel_steps": [{"touchpoints": ["cart"]}, {"touchpoints": ["purchase"]}]}


@pytest.fixture(scope="module")
def table():
    frame = polars.read_csv(DATA / "ecom/ecom.csv.gz", try_parse_dates=True)
    return frame.sort("session_id", maintain_order=True).to_arrow()


@pytest.fixture(scope="module")
def whole(table):
    state = journey.State(**KEEP)
    state.update(journey.EventLog(table, **COLUMNS))
    return state


def test_a_sorted_table_and_its_batches_make_the_state_of_the_log(table, whole):
    for batches in (table, polars.from_arrow(table), table.to_batches(max_chunksize=1000), iter(table.to_batches(777))):
        assert journey.partial(batches, state=KEEP, **COLUMNS) == whole.to_bytes()
    chunks = (pandas.DataFrame({"c": [name], "p": ["visit"], "t": ["2024-05-01"]}) for name in "ab")
    assert journey.merge([journey.partial(chunks, journey="c", touchpoint="p", time="t")]).journeys == 2


def test_parts_of_the_customers_merge_in_any_order(table, whole):
    frame = polars.from_arrow(table)
    parts = [frame.filter(frame["session_id"].hash(7) % 3 == part) for part in range(3)]
    states = [journey.partial(part, state=KEEP, **COLUMNS) for part in parts]
    assert journey.merge(states) == journey.merge(iter(states[::-1])) == whole
    assert journey.merge([journey.State.from_bytes(states[0]), *map(bytearray, states[1:])]) == whole
    assert journey.merge(states[:1]).journeys == parts[0]["session_id"].n_unique()


def test_the_merged_state_answers_as_the_log_does(table, whole):
    log = journey.EventLog(table, **COLUMNS)
    state = journey.merge([journey.partial(table, state=KEEP, **COLUMNS)])
    merged, local = state.transitions(), journey.transitions(log)
    for one, other in zip(merged.rows, local.rows, strict=True):
        assert (one.source, one.target, one.count, one.p_out) == (other.source, other.target, other.count, other.p_out)
        if other.time is not None:
            assert one.time.mean_seconds == other.time.mean_seconds
            assert math.isclose(one.time.median_seconds, other.time.median_seconds, rel_tol=merged.quantile_error)
    steps = journey.funnel(log, ["cart", "purchase"]).steps
    assert [step.reached for step in state.funnel().steps] == [step.reached for step in steps]


def test_a_customer_who_comes_again_is_an_error(table):
    rows = [{"journey": name, "touchpoint": "visit", "time": "2024-05-01"} for name in ("ann", "bob", "ann")]
    with pytest.raises(journey.InvalidLogError, match="the events of `ann` do not stand together") as raised:
        journey.partial(rows)
    assert (raised.value.record, raised.value.field) == (3, "journey")
    with pytest.raises(journey.InvalidLogError, match="has other columns than the first one"):
        journey.partial([pyarrow.table({"journey": ["a"], "touchpoint": ["x"], "time": ["2024-05-01"]}),
                         pyarrow.table({"journey": [1], "touchpoint": ["x"], "time": ["2024-05-01"]})])
    with pytest.raises(journey.InvalidLogError, match="there is no column `sesion_id`.*did you mean `session_id`"):
        journey.partial(table, **{**COLUMNS, "journey": "sesion_id"})


def test_nothing_is_a_state_of_no_journeys_and_of_no_states_there_is_none():
    assert journey.State.from_bytes(journey.partial([])) == journey.State()
    assert journey.State.from_bytes(journey.partial({"journey": [], "touchpoint": [], "time": []})) == journey.State()
    with pytest.raises(journey.InvalidStateError, match="expected at least one"):
        journey.merge([])
    with pytest.raises(journey.InvalidStateError, match="they differ in `steps`"):
        journey.merge([journey.State(), journey.State(steps=3)])
    with pytest.raises(TypeError, match="an iterable of such"):
        journey.partial("events.csv")


def test_what_goes_wrong_while_batches_are_made_comes_through():
    def batches():
        yield pyarrow.table({"journey": ["a"], "touchpoint": ["x"], "time": ["2024-05-01"]})
        raise ConnectionError("the line is down")

    with pytest.raises(ConnectionError, match="the line is down"):
        journey.partial(batches())
