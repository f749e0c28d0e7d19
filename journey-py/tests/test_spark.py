"""States of data frames of Spark are those of the same events in memory: a real Spark, of two tasks at a time.

It needs Java 17 and pyspark; where there is no Java, these tests are left out and say so.
"""

import datetime
import math
import os
import re
import shutil
import sys
from pathlib import Path

import journey
import pytest

pytest.importorskip("pyspark", reason="left out: pyspark is not installed")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("left out: there is no Java, which Spark needs", allow_module_level=True)

import journey.spark  # noqa: E402
import pyarrow.parquet  # noqa: E402
from pyspark.sql import SparkSession, functions, types  # noqa: E402

DATA = Path(__file__).parents[2] / "tests" / "data"
COLUMNS = dict(
    journey="session_id", touchpoint="event", time="timestamp", channel="acquisition_channel", attributes=["platform", "user_cohort"]
)
KEEP = {"conversion": ["purchase"], "funnel_steps": [{"touchpoints": ["cart"]}, {"touchpoints": ["purchase"]}]}
EVENT = "journey string, touchpoint string, time timestamp"


@pytest.fixture(scope="module")
def spark():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.memory", "1g")
        .config("spark.sql.shuffle.partitions", "5")
        .config("spark.sql.session.timeZone", "Asia/Kolkata")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def ecom(spark):
    """The events of the shop with their place in the file, which puts those of the same second in order."""
    frame = spark.read.csv(str(DATA / "ecom/ecom.csv.gz"), header=True)
    frame = frame.withColumn("row", functions.monotonically_increasing_id())
    return frame.withColumn("timestamp", functions.to_timestamp(functions.concat("timestamp", functions.lit("Z"))))


def test_the_lines_of_the_page_run(spark, ecom, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    frame = ecom.selectExpr("session_id customer", "event page", "timestamp at").repartition(3, "customer")
    frame.createOrReplaceTempView("events")
    # Parts by customer, each sorted by it, as the page asks for.
    table = frame.toArrow().sort_by([("customer", "ascending"), ("at", "ascending")])
    ids = table["customer"].unique().to_pylist()
    cut = table["customer"].to_pylist().index(ids[len(ids) // 2])
    paths = [str(tmp_path / name) for name in ("one.parquet", "two.parquet")]
    for path, part in zip(paths, (table.slice(0, cut), table.slice(cut))):
        pyarrow.parquet.write_table(part, path)
    page = (DATA.parents[1] / "docs/guide/spark.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 3
    names = {"spark": spark, "frame": frame, "paths": paths}
    events = []
    for block in blocks:
        exec(block, names)
        events.append(names["state"].events)
    assert events == [31106] * 3 and "TransitionDelay(" in capsys.readouterr().out
    assert journey.State.from_bytes((tmp_path / "events.journey-state").read_bytes()).events == 31106
    assert names["whole"].to_bytes() == local(table, journey="customer", touchpoint="page", time="at").to_bytes()


def local(rows, keep=None, **options):
    state = journey.State(**(keep or {}))
    state.update(journey.EventLog(rows, **options))
    return state


def test_the_reports_of_a_log_in_parts_are_those_of_the_log(ecom):
    log = journey.EventLog.from_csv(DATA / "ecom/ecom.csv.gz", **COLUMNS)
    expected = journey.State(**KEEP)
    expected.update(log)
    for options in ({}, {"partitions": 7}, {"partitions": 12, "merge_partitions": 3}):
        state = journey.spark.state(ecom, state=KEEP, order_by=["row"], **options, **COLUMNS)
        assert state == expected and state.to_bytes() == expected.to_bytes()
    assert state.summary().events == journey.summary(log).events == 31106
    merged, whole = state.transitions(), journey.transitions(log)
    assert len(merged.rows) == len(whole.rows) > 100
    for one, other in zip(merged.rows, whole.rows):
        assert (one.source, one.target, one.count, one.p_out) == (other.source, other.target, other.count, other.p_out)
        for name in ("median_seconds", "p90_seconds", "p95_seconds") if other.time else ():
            times = [getattr(row.time, name) for row in (one, other)]
            assert math.isclose(*times, rel_tol=merged.quantile_error, abs_tol=1e-9), (one, other)
    assert [step.reached for step in state.funnel().steps] == [step.reached for step in journey.funnel(log, ["cart", "purchase"]).steps]


def test_without_an_order_of_ties_the_state_is_still_the_same_each_time(ecom):
    first, second = (journey.spark.state(ecom, partitions=count, **COLUMNS) for count in (3, 11))
    assert first == second and first.events == 31106


def test_a_customer_with_half_of_the_events_and_many_empty_parts(spark):
    start = datetime.datetime(2024, 5, 1, tzinfo=datetime.timezone.utc)
    of_one = [("giant", f"page {number % 9}", start + datetime.timedelta(seconds=number)) for number in range(5000)]
    others = [(f"customer {number // 5}", f"page {number % 9}", start + datetime.timedelta(minutes=number)) for number in range(5000)]
    rows = of_one + others
    frame = spark.createDataFrame(rows, EVENT)
    columns = ("journey", "touchpoint", "time")
    expected = local([dict(zip(columns, row)) for row in rows])
    assert journey.spark.state(frame) == expected and expected.journeys == 1001
    # More parts than customers.
    few = spark.createDataFrame(rows[:3] + others[:5], EVENT)
    assert journey.spark.state(few, partitions=20, merge_partitions=3).journeys == 2
    nothing = spark.createDataFrame([], EVENT)
    assert journey.spark.state(nothing) == journey.spark.state(nothing, partitions=4, merge_partitions=2) == journey.State()


def test_missing_cells_and_numbers_for_customers_are_read_as_in_memory(spark):
    rows = [(1, "visit", "2024-05-01 10:00", "web", 1.5), (1, "pay", "2024-05-01 10:05", None, None), (20, "visit", "2024-05-01 09:00", None, -1.0)]
    names = ["customer.id", "page", "at", "by", "mood"]
    frame = spark.createDataFrame(rows, types.StructType([
        types.StructField(name, kind()) for name, kind in zip(names, [types.LongType, *[types.StringType] * 3, types.DoubleType])
    ]))
    columns = dict(journey="customer.id", touchpoint="page", time="at", channel="by", score="mood")
    state = journey.spark.state(frame, **columns)
    assert state == local([dict(zip(names, row)) for row in rows], **columns)
    assert [(row.touchpoint, row.n, row.mean) for row in state.scores().rows] == [("visit", 2, 0.25)]


def test_zones_are_those_that_the_data_says(spark):
    rows = [("ann", "visit", datetime.datetime(2024, 5, 1, 10)), ("ann", "pay", datetime.datetime(2024, 5, 1, 11))]
    plain = spark.createDataFrame(rows, "journey string, touchpoint string, time timestamp_ntz")
    here = journey.spark.state(plain, time_zone="+05:30").summary()
    zoned = plain.withColumn("time", functions.col("time").cast("timestamp"))  # of the session: Asia/Kolkata
    assert here == journey.spark.state(zoned).summary()
    assert (here.first, here.last) == ("2024-05-01T04:30:00Z", "2024-05-01T05:30:00Z")
    assert journey.spark.state(plain).summary().first == "2024-05-01T10:00:00Z"


def test_what_is_wrong_is_said_as_for_a_log_in_memory(spark):
    frame = spark.createDataFrame([("ann", "visit", None), (None, "pay", datetime.datetime(2024, 5, 1))], EVENT)
    with pytest.raises(journey.InvalidLogError, match="in one of the parts: .*`time`: ") as raised:
        journey.spark.state(frame.filter("journey is not null"))
    assert raised.value.field == "time"
    with pytest.raises(journey.InvalidLogError, match="the journey id is empty"):
        journey.spark.state(frame.filter("journey is null"), partitions=4, merge_partitions=2)
    with pytest.raises(journey.InvalidLogError, match="there is no column `touchpiont`.*did you mean `touchpoint`"):
        journey.spark.state(frame, touchpoint="touchpiont")
    with pytest.raises(journey.InvalidOptionError, match="did you mean `conversion`"):
        journey.spark.state(frame, state={"conversions": ["pay"]})
    with pytest.raises(journey.InvalidOptionError, match="there is no column `rowid`; the columns are `journey`"):
        journey.spark.state(frame, order_by=["rowid"])


def test_the_steps_can_be_put_together_by_hand(spark):
    """The recipe of the guide for frames whose parts hold whole customers already."""
    import pyarrow

    rows = [(f"customer {number // 3}", "visit", datetime.datetime(2024, 5, 1)) for number in range(30)]
    frame = spark.createDataFrame(rows, EVENT).coalesce(1)

    def part(batches):
        yield pyarrow.RecordBatch.from_pydict({"state": [journey.partial(batches)]})

    states = frame.sortWithinPartitions("journey").mapInArrow(part, "state binary").collect()
    assert journey.merge(bytes(row.state) for row in states).journeys == 10
