"""Tables in: whatever a log is made of, it is the log that its CSV file makes."""

import datetime
import json
import threading
import time
from pathlib import Path

import arro3.core
import duckdb
import journey
import numpy
import pandas
import polars
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest

DATA = Path(__file__).parents[2] / "tests" / "data"
# The logs of the vectors, and of each the columns that are read.
LOGS = {
    "ecom/ecom.csv.gz": dict(
        journey="session_id", touchpoint="event", time="timestamp", channel="acquisition_channel", attributes=["platform", "user_cohort"]
    ),
    "patients/patients.csv": dict(
        journey="patient", touchpoint="handling", time="time", lifecycle="registration_type", instance="handling_id", attributes=["employee"]
    ),
    "vehicle-funnel/sample_data_vehicle.csv": dict(
        journey="user_id", touchpoint="action", time="action_start", attributes=["answer"]
    ),
    "weblog/weblog.csv": dict(
        journey="visitor", touchpoint="path", time="time", value="bytes", attributes=["method", "status", "referrer_host"]
    ),
    "ecom-synthetic-feedback/feedback.csv": dict(
        journey="user_id", touchpoint="event", time="timestamp", score="stars", score_scale="stars"
    ),
}


def of_pandas(path, options):
    frame = pandas.read_csv(path, keep_default_na=False, na_values=[""])
    if options["time"] != "time":
        frame[options["time"]] = pandas.to_datetime(frame[options["time"]])
    return frame


def of_objects(path, options):
    """A frame whose columns are all of objects, as they come of dicts; times know their zone, cells are missing."""
    frame = of_pandas(path, options)
    name = options["time"]
    if frame[name].dtype != object:
        frame[name] = frame[name].dt.tz_localize("UTC").dt.tz_convert("Asia/Kolkata")
    return frame.astype(object)


def of_polars(path, options):
    return polars.read_csv(path, infer_schema_length=None, try_parse_dates=options["time"] != "time")


def of_polars_codes(path, options):
    names = [options["journey"], options["touchpoint"], *options.get("attributes", [])]
    return of_polars(path, options).with_columns(polars.col(name).cast(polars.String).cast(polars.Categorical) for name in names)


def of_pyarrow(path, options):
    return pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(strings_can_be_null=True))


def of_dictionaries(path, options):
    table = of_pyarrow(path, options)
    for place, name in enumerate(table.column_names):
        if pyarrow.types.is_string(table.schema.field(name).type):
            table = table.set_column(place, name, table[name].dictionary_encode())
    return table


def of_duckdb(path, options):
    return duckdb.read_csv(str(path), sample_size=-1, header=True)


WAYS = {
    "pandas": of_pandas,
    "pandas categories": lambda path, options: of_pandas(path, options).astype({options["touchpoint"]: "category"}),
    "pandas objects": of_objects,
    "polars": of_polars,
    "polars categories": of_polars_codes,
    "polars lazy": lambda path, options: of_polars(path, options).lazy(),
    "pyarrow": of_pyarrow,
    "pyarrow batches": lambda path, options: of_pyarrow(path, options).to_reader(max_chunksize=1000),
    "pyarrow batch": lambda path, options: of_pyarrow(path, options).combine_chunks().to_batches()[0],
    "pyarrow dictionaries": of_dictionaries,
    "arro3": lambda path, options: arro3.core.Table.from_arrow(of_pyarrow(path, options)),
    "DuckDB": of_duckdb,
    "lists of dicts": lambda path, options: of_pyarrow(path, options).to_pylist(),
    "dict of lists": lambda path, options: of_pyarrow(path, options).to_pydict(),
    "dict of arrays": lambda path, options: {name: of_pandas(path, options)[name].to_numpy() for name in of_pandas(path, options)},
    "path": lambda path, options: path,
    "bytes": lambda path, options: path.read_bytes(),
}


def reports(log):
    asked = (journey.summary, journey.transitions, journey.variants, journey.bottlenecks, journey.drop_offs, journey.step_matrix,
             journey.channel_switching)
    return [question(log).to_json() for question in asked] + [log.to_csv(raw=True)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("file", LOGS)
def test_every_table_is_the_log_of_its_csv(file, way):
    options = LOGS[file]
    expected = journey.EventLog.from_csv(DATA / file, **options)
    log = journey.EventLog(WAYS[way](DATA / file, options), **options)
    assert reports(log) == reports(expected)


@pytest.mark.parametrize("file", LOGS)
def test_a_log_goes_through_parquet_and_arrow_and_is_the_same(file, tmp_path):
    log = journey.EventLog.from_csv(DATA / file, **LOGS[file])
    names = {name: name for name in log.to_arrow().column_names} | {"score": "score"}
    kept = {name: name for name in ("start", "channel", "score", "value") if name in log.to_arrow().column_names}
    options = {**kept, "attributes": log.attributes}
    path = tmp_path / "log.parquet"
    path.write_bytes(log.to_parquet())
    ipc = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_file(ipc, pyarrow.table(log.to_arrow()).schema) as out:
        out.write(pyarrow.table(log.to_arrow()))
    again = [
        journey.EventLog(log.to_arrow(), **options),
        journey.EventLog.from_parquet(path, **options),
        journey.EventLog.from_parquet(path.read_bytes(), **options),
        journey.EventLog.from_arrow(ipc.getvalue().to_pybytes(), **options),
        journey.EventLog(polars.read_parquet(path), **options),
    ]
    assert len(names) > 3 and all(reports(one) == reports(log) for one in again)


def test_a_frame_of_objects_with_zones_gaps_and_no_order_is_what_the_docs_promise():
    rome = datetime.timezone(datetime.timedelta(hours=2))
    frame = pandas.DataFrame(
        {
            "who": pandas.Series([7, "ann", 7, "ann"], dtype=object),
            "page": pandas.Series(["pay", "visit", "visit", "pay"], dtype=object),
            # Two zones in one column, neither that of the machine: 10:00 UTC, 11:00 UTC, 09:00 UTC, 12:30 UTC.
            "at": pandas.Series(
                [
                    pandas.Timestamp("2024-05-01 12:00", tz="Europe/Rome"),
                    datetime.datetime(2024, 5, 1, 13, tzinfo=rome),
                    pandas.Timestamp("2024-05-01 11:00", tz="Europe/Rome"),
                    pandas.Timestamp("2024-05-01 12:30", tz="UTC"),
                ],
                dtype=object,
            ),
            "by": pandas.Series(["web", None, numpy.nan, pandas.NA], dtype=object),
            "stars": pandas.Series([5.0, None, numpy.nan, 1.0], dtype=object),
            "visits": [1.0, numpy.nan, 3.0, 12.0],
            "unused": pandas.Series([object()] * 4, dtype=object),
        }
    )
    options = dict(journey="who", touchpoint="page", time="at", channel="by", score="stars", score_scale="stars", attributes=["visits"])
    log = journey.EventLog(frame, **options)
    assert log.to_csv(raw=True).decode().splitlines() == [
        "journey,touchpoint,time,channel,score,visits",
        "7,visit,2024-05-01T09:00:00Z,,,3",
        "7,pay,2024-05-01T10:00:00Z,web,2,1",
        "ann,visit,2024-05-01T11:00:00Z,,,",
        "ann,pay,2024-05-01T12:30:00Z,,-2,12",
    ]
    frame.loc[2, "who"] = None
    with pytest.raises(journey.InvalidLogError, match="journey id") as raised:
        journey.EventLog(frame, **options)
    assert (raised.value.record, raised.value.field) == (3, "who")


def test_times_of_every_unit_and_zone_are_points_in_time():
    for unit in ("s", "ms", "us", "ns"):
        for zone in (None, "UTC", "America/New_York"):
            times = pyarrow.array([1_714_554_000 * 10 ** {"s": 0, "ms": 3, "us": 6, "ns": 9}[unit]], pyarrow.timestamp(unit, zone))
            table = pyarrow.table({"journey": ["a"], "touchpoint": ["b"], "time": times})
            assert b"2024-05-01T09:00:00Z" in journey.EventLog(table).to_csv(), (unit, zone)
    for days in (pyarrow.date32(), pyarrow.date64()):
        table = pyarrow.table({"journey": ["a"], "touchpoint": ["b"], "time": pyarrow.array([datetime.date(2024, 5, 1)], days)})
        assert b"2024-05-01T00:00:00Z" in journey.EventLog(table).to_csv()
    naive = {"journey": ["a"], "touchpoint": ["b"], "time": numpy.array(["2024-05-01T11:00"], dtype="datetime64[ns]")}
    assert b"2024-05-01T09:00:00Z" in journey.EventLog(naive, time_zone="+02:00").to_csv()


@pytest.mark.parametrize("make", [pandas.DataFrame, polars.DataFrame, pyarrow.table, dict, lambda columns: polars.LazyFrame(columns),
                                  lambda columns: [dict(zip(columns, row)) for row in zip(*columns.values())]])
def test_a_wrong_column_is_named_with_those_there_are(make):
    columns = {"customer": ["a"], "touchpoint": ["b"], "time": ["2024-05-01"]}
    with pytest.raises(journey.InvalidLogError, match="did you mean `customer`") as raised:
        journey.EventLog(make(columns), journey="custmer")
    assert "`touchpoint`" in str(raised.value) and raised.value.field == "custmer"
    with pytest.raises(journey.InvalidLogError) as raised:
        journey.EventLog(make({**columns, "time": ["soon"]}), journey="customer")
    assert (raised.value.record, raised.value.field) == (1, "time")
    with pytest.raises(journey.InvalidOptionError, match="did you mean `journey`"):
        journey.EventLog(make(columns), jorney="customer")


def test_what_is_no_table_is_refused_in_words():
    for wrong in (7, None, object(), [1, 2], {"journey": 7}, {"journey": "ann"}):
        with pytest.raises(TypeError, match="expected a"):
            journey.EventLog(wrong)
    with pytest.raises(journey.InvalidLogError, match="columns of one length"):
        journey.EventLog({"journey": ["a", "b"], "touchpoint": ["x"], "time": ["2024-05-01"]})
    with pytest.raises(journey.InvalidLogError, match="a cell holds a list"):
        journey.EventLog([{"journey": "a", "touchpoint": ["x"], "time": "2024-05-01"}])
    with pytest.raises(TypeError, match="`progress`"):
        journey.EventLog(b"journey,touchpoint,time\n", progress=7)
    assert len(journey.EventLog([])) == 0


def test_a_large_table_tells_its_progress_and_can_be_stopped():
    rows = 300_000
    table = polars.DataFrame({"journey": ["a"] * rows, "touchpoint": ["b"] * rows, "time": range(rows)})
    told = []
    log = journey.EventLog(table, time_format="epoch_s", progress=lambda *now: told.append(now))
    assert told[-1] == (0, None, rows) == (0, None, len(log))

    def batches():
        batch = pyarrow.record_batch({"journey": ["a"] * 1000, "touchpoint": ["b"] * 1000, "time": list(range(1000))})
        while True:
            yield batch

    schema = next(batches()).schema

    class Stopped(Exception):
        pass

    def stop(read, total, events):
        raise Stopped

    with pytest.raises(Stopped):
        journey.EventLog(pyarrow.RecordBatchReader.from_batches(schema, batches()), time_format="epoch_s", progress=stop)
    assert len(log) == rows


def test_ctrl_c_ends_a_reading_that_would_not_end():
    import _thread

    batch = pyarrow.record_batch({"journey": ["a"] * 1000, "touchpoint": ["b"] * 1000, "time": ["2024-05-01"] * 1000})

    def batches():
        while True:
            yield batch

    endless = pyarrow.RecordBatchReader.from_batches(batch.schema, batches())
    threading.Timer(0.3, _thread.interrupt_main).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        journey.EventLog(endless)
    assert time.monotonic() - begun < 2


def test_a_bar_is_shown_when_reading_takes_long_and_somebody_looks(monkeypatch, capsys):
    from journey import _progress

    assert _progress.reading(False) is None and _progress.reading(None) is None
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    bar = _progress.reading(None)
    bar(10, 100, 1)
    bar.close()
    assert capsys.readouterr().err == ""
    bar = _progress.Reading(wait=0)
    bar(50, 100, 1)
    bar(100, 100, 2)
    bar.close()
    assert "100%" in capsys.readouterr().err


def test_a_table_says_what_it_is():
    table = journey.EventLog({"journey": ["a"], "touchpoint": ["b"], "time": ["2024-05-01"]}).to_arrow()
    assert isinstance(table, journey.Table) and len(table) == 1
    assert repr(table) == "Table(1 rows: journey, touchpoint, time)"
    assert json.loads(table.to_pandas().to_json(orient="records", date_format="iso"))[0]["journey"] == "a"
    assert table.to_polars().shape == (1, 3)
