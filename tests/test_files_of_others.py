"""One log, written to files by pyarrow, pandas, Polars and DuckDB in every form they have, is one log when it is read."""

import datetime
import io
import itertools

import duckdb
import journey
import pandas
import polars
import pyarrow
import pyarrow.csv
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet
import pytest

START = datetime.datetime(2024, 3, 13, 10, 0, 0)
TOUCHPOINTS = ["visit", "päy, by card", "call \"us\"", "visit", "ship"]
SIZE = 60


def rows():
    """Whole seconds, so that every unit of time can hold them; the year 2300 is beyond nanoseconds, and so not there."""
    for place in range(SIZE):
        yield {
            "journey": f"customer {place * 7 % 11}",
            "touchpoint": TOUCHPOINTS[place % 5],
            "time": START + datetime.timedelta(seconds=place * 61 + place % 3 * 86_400),
            "channel": ["web", "app", None][place % 3],
            "score": [1.5, None, -2.0, 0.25][place % 4],
            "value": place * 0.5 if place % 5 else None,
            "plan": ["a plan with a name of more than twelve bytes", "b", None, "c"][place % 4],
        }


ROWS = list(rows())
COLUMNS = {"channel": "channel", "score": "score", "value": "value", "attributes": ["plan"]}
TABLE = pyarrow.Table.from_pylist(ROWS, schema=pyarrow.schema([
    ("journey", pyarrow.string()), ("touchpoint", pyarrow.string()), ("time", pyarrow.timestamp("us")),
    ("channel", pyarrow.string()), ("score", pyarrow.float64()), ("value", pyarrow.float64()), ("plan", pyarrow.string()),
]))
FRAME = polars.from_arrow(TABLE)
PANDAS = pandas.DataFrame(ROWS)


def reports(log):
    """What every question with an answer of its own says about a log."""
    steps = ["visit", "päy, by card", "ship"]
    return [
        journey.summary(log), journey.transitions(log), journey.variants(log), journey.bottlenecks(log, steps=steps),
        journey.funnel(log, steps), journey.step_matrix(log), journey.drop_offs(log, conversion=["ship"]),
        journey.rework(log), journey.step_flow(log), journey.peak_end_score(log), journey.segments(log, "plan"),
        journey.compare_groups(log, "plan", "b", "c"), journey.discover(log).to_json(),
        journey.channel_switching(log, conversion=["ship"]), log.to_csv(raw=True),
    ]


def by_hand():
    """The log as it is told to this library, row by row, in the plainest of its formats."""
    quoted = lambda cell: "" if cell is None else '"' + str(cell).replace('"', '""') + '"'
    lines = [",".join(ROWS[0]), *(",".join(quoted(cell) for cell in row.values()) for row in ROWS)]
    return journey.EventLog.from_csv("\n".join(lines).encode(), **COLUMNS)


EXPECTED = reports(by_hand())


def is_the_log(path, **options):
    assert reports(journey.EventLog.read(path, **COLUMNS | options)) == EXPECTED


def with_type(name, kind):
    return TABLE.set_column(TABLE.schema.get_field_index(name), name, TABLE[name].cast(kind))


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "lz4"])
@pytest.mark.parametrize("pages", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_parquet_of_pyarrow_in_pages_of_every_sort(tmp_path, compression, pages, dictionary):
    pyarrow.parquet.write_table(TABLE, tmp_path / "log", compression=compression, data_page_version=pages,
                                use_dictionary=dictionary)
    is_the_log(tmp_path / "log")


PARQUET = {
    "times of Int96": {"use_deprecated_int96_timestamps": True},
    "the flavour of Spark": {"flavor": "spark"},
    "small groups and pages": {"row_group_size": 7, "data_page_size": 16, "write_batch_size": 2},
    "dictionaries that are full": {"dictionary_pagesize_limit": 8, "data_page_size": 16, "write_batch_size": 2},
    "version 1.0": {"version": "1.0"},
    "an index of pages and checksums": {"write_page_index": True, "write_page_checksum": True},
    "no statistics and no schema of Arrow": {"write_statistics": False, "store_schema": False},
    "differences": {"use_dictionary": False, "column_encoding": {
        "journey": "DELTA_BYTE_ARRAY", "touchpoint": "DELTA_LENGTH_BYTE_ARRAY", "time": "DELTA_BINARY_PACKED",
        "score": "BYTE_STREAM_SPLIT", "value": "BYTE_STREAM_SPLIT", "plan": "DELTA_BYTE_ARRAY", "channel": "PLAIN"}},
}


@pytest.mark.parametrize("form", PARQUET)
def test_parquet_of_pyarrow_in_every_form(tmp_path, form):
    pyarrow.parquet.write_table(TABLE, tmp_path / "log", **PARQUET[form])
    is_the_log(tmp_path / "log")


TIMES = [pyarrow.timestamp(unit, zone) for unit in ("s", "ms", "us", "ns") for zone in (None, "UTC", "Asia/Kolkata", "+02:00")]
TEXTS = [pyarrow.large_string(), pyarrow.string_view(), pyarrow.binary(), pyarrow.large_binary(),
         pyarrow.dictionary(pyarrow.int8(), pyarrow.string()), pyarrow.dictionary(pyarrow.int32(), pyarrow.large_string())]
NUMBERS = [pyarrow.float32(), pyarrow.decimal128(9, 2), pyarrow.string()]


def typed():
    for kind in TIMES:
        yield f"time as {kind}", with_type("time", kind)
    for name, kind in itertools.product(["journey", "touchpoint", "channel", "plan"], TEXTS):
        yield f"{name} as {kind}", with_type(name, kind)
    for name, kind in itertools.product(["score", "value"], NUMBERS):
        yield f"{name} as {kind}", with_type(name, kind)


@pytest.mark.parametrize("table", [pytest.param(table, id=name) for name, table in typed()])
def test_columns_of_every_type(tmp_path, table):
    for name, write in {
        "parquet": lambda path: pyarrow.parquet.write_table(table, path),
        "feather": lambda path: pyarrow.feather.write_feather(table, path, compression="uncompressed"),
        "stream": lambda path: write_stream(table, path, None),
    }.items():
        write(tmp_path / name)
        is_the_log(tmp_path / name)


def write_stream(table, path, compression, rows=13):
    with pyarrow.ipc.new_stream(path, table.schema, options=pyarrow.ipc.IpcWriteOptions(compression=compression)) as stream:
        stream.write_table(table, max_chunksize=rows)


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_arrow_of_pyarrow_plain_and_compressed(tmp_path, compression):
    coded = with_type("touchpoint", pyarrow.dictionary(pyarrow.int16(), pyarrow.string()))
    for table in (TABLE, coded):
        write_stream(table, tmp_path / "stream", compression)
        is_the_log(tmp_path / "stream")
        pyarrow.feather.write_feather(table, tmp_path / "file", compression=compression or "uncompressed", chunksize=13)
        is_the_log(tmp_path / "file")


def test_files_of_pandas(tmp_path):
    categories = PANDAS.astype({"touchpoint": "category", "plan": "category"})
    words = PANDAS.convert_dtypes()
    zoned = PANDAS.assign(time=PANDAS["time"].dt.tz_localize("UTC").dt.tz_convert("America/New_York"))
    turned = PANDAS.sample(frac=1, random_state=1).sort_index()
    for name, frame in {"plain": PANDAS, "categories": categories, "words": words, "zoned": zoned, "index": turned}.items():
        frame.to_parquet(tmp_path / name, index=name == "index")
        is_the_log(tmp_path / name)
        frame.reset_index(drop=True).to_feather(tmp_path / name)
        is_the_log(tmp_path / name)
    for compression in (None, "gzip", "zstd") if has_zstd() else (None, "gzip"):
        PANDAS.to_csv(tmp_path / "csv", index=False, compression=compression)
        is_the_log(tmp_path / "csv")
        PANDAS.to_json(tmp_path / "json", orient="records", lines=True, date_format="iso", compression=compression)
        is_the_log(tmp_path / "json")
    PANDAS.to_csv(tmp_path / "csv", index=False, sep=";", lineterminator="\r\n", encoding="utf-8-sig", quoting=1)
    is_the_log(tmp_path / "csv")
    PANDAS.to_json(tmp_path / "json", orient="records", lines=True, date_unit="s", force_ascii=False)
    is_the_log(tmp_path / "json", time_format="epoch_s")


def has_zstd():
    """Whether pandas has a program to compress with."""
    try:
        import zstandard  # noqa: F401
    except ImportError:
        return False
    return True


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Kolkata"])
def test_files_of_polars(tmp_path, unit, zone):
    times = polars.col("time").dt.cast_time_unit(unit)
    frame = FRAME.with_columns(times.dt.replace_time_zone("UTC").dt.convert_time_zone(zone) if zone else times)
    for name, compression in itertools.product(["plain", "coded"], ["uncompressed", "snappy", "gzip", "lz4", "zstd"]):
        coded = frame.with_columns(polars.col("journey", "touchpoint").cast(polars.Categorical)) if name == "coded" else frame
        coded.write_parquet(tmp_path / name, compression=compression)
        is_the_log(tmp_path / name)
        if compression in ("uncompressed", "lz4", "zstd"):
            coded.write_ipc(tmp_path / name, compression=compression)
            is_the_log(tmp_path / name)
            coded.write_ipc_stream(tmp_path / name, compression=compression)
            is_the_log(tmp_path / name)
    frame.write_csv(tmp_path / "csv")
    is_the_log(tmp_path / "csv")
    if zone is None:
        frame.write_ndjson(tmp_path / "json")
        is_the_log(tmp_path / "json")


def test_files_of_duckdb(tmp_path):
    base = duckdb.connect()
    base.sql("SET threads = 1")
    base.register("log", TABLE)
    forms = [f"FORMAT parquet, COMPRESSION {c}, PARQUET_VERSION {v}"
             for c in ("uncompressed", "snappy", "gzip", "zstd", "lz4_raw") for v in ("V1", "V2")]
    for form in [*forms, "FORMAT csv", "FORMAT csv, DELIMITER '|', COMPRESSION gzip", "FORMAT json"]:
        base.sql(f"COPY log TO '{(tmp_path / 'log').as_posix()}' ({form})")
        is_the_log(tmp_path / "log")


def test_csv_of_pyarrow(tmp_path):
    for style in ("needed", "all_valid"):
        options = pyarrow.csv.WriteOptions(quoting_style=style)
        pyarrow.csv.write_csv(TABLE, tmp_path / "csv", options)
        is_the_log(tmp_path / "csv")


def test_columns_within_columns_are_named_by_paths(tmp_path):
    nested = [{"customer": {"id": row.pop("journey"), "plan": row.pop("plan")}, "page": {"name": row.pop("touchpoint")}, **row}
              for row in rows()]
    table = pyarrow.Table.from_pylist(nested)
    paths = {"journey": "customer.id", "touchpoint": "page.name", "attributes": ["customer.plan"]}
    pyarrow.parquet.write_table(table, tmp_path / "parquet")
    pyarrow.parquet.write_table(table, tmp_path / "plain", use_dictionary=False, use_deprecated_int96_timestamps=True)
    polars.from_arrow(table).write_parquet(tmp_path / "polars")
    pyarrow.feather.write_feather(table, tmp_path / "feather")
    polars.from_arrow(table).write_ndjson(tmp_path / "json")
    for path in tmp_path.iterdir():
        log = journey.EventLog.read(path, **COLUMNS | paths)
        assert log.to_csv(raw=True) == EXPECTED[-1].replace(b"value,plan", b"value,customer.plan", 1), path.name
        with pytest.raises(journey.JourneyError, match=r"did you mean `customer\.id`\?"):
            journey.EventLog.read(path, **COLUMNS | paths | {"journey": "customer.idd"})


def test_what_cannot_be_unpacked_says_so(tmp_path):
    pyarrow.parquet.write_table(TABLE, tmp_path / "log", compression="brotli")
    with pytest.raises(journey.JourneyError, match="(?i)brotli"):
        journey.EventLog.read(tmp_path / "log", **COLUMNS)


def test_digits_beyond_the_microsecond_are_cut_off(tmp_path):
    late = io.BytesIO()
    times = pyarrow.array([1_710_324_000_123_456_999, -1], pyarrow.timestamp("ns"))
    table = pyarrow.table({"journey": ["a", "a"], "touchpoint": ["b", "c"], "time": times})
    pyarrow.parquet.write_table(table, late, version="2.6")
    written = journey.EventLog.read(late.getvalue()).to_csv().decode().split()
    assert [line.split(",")[2] for line in written[1:]] == ["1969-12-31T23:59:59.999999Z", "2024-03-13T10:00:00.123456Z"]
