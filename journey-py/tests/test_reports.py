"""Reports as what they are in Python: tables of every package, values that are compared, pickled and matched."""

import copy
import dataclasses
import importlib.util
import json
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import journey
import pandas
import polars
import pyarrow
import pytest

# The vectors, each with the report of every question.
_spec = importlib.util.spec_from_file_location("vectors", Path(__file__).parents[2] / "tests" / "test_conformance.py")
vectors = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(vectors)
CASES = [(function, case) for function, case in vectors.CASES if "error" not in case and function != "discover"]
MAIN = {
    "align": "rows", "attempts": "rows", "bottlenecks": "transitions", "channel_switching": "channels", "compare": "findings",
    "compare_groups": "findings", "deviations": "rows", "diff": "changes", "drop_offs": "touchpoints", "emotion_curve": "steps",
    "emotion_dips": "dips", "explain_funnels": "steps", "fitness": "figures", "funnel": "steps", "lint": "findings",
    "match_events": "touchpoints", "match_feedback": "unmatched", "outcome_drivers": "drivers", "peak_end_score": "worst",
    "path_coverage": "map.transitions_not_taken", "precision": "rows", "removal_effects": "rows", "report": "findings", "rework": "touchpoints", "satisfaction": "rows",
    "segments": "rows", "step_flow": "nodes", "step_matrix": "rows", "summary": "touchpoints", "temporal_profile": "pairs",
    "transition_matrix": "rows", "transitions": "rows", "variants": "rows",
}


def ask(function, case):
    report = None

    def keep(asked):
        def question(*args, **options):
            nonlocal report
            report = asked(*args, **options)
            return report

        return question

    class Questions:
        def __getattr__(self, name):
            return keep(getattr(journey, name)) if name == function else getattr(journey, name)

    real, vectors.journey = vectors.journey, Questions()
    try:
        vectors.call(function, case)
    finally:
        vectors.journey = real
    return report


def at(record, name):
    """The cell of a column by its name, found by trying every way to read it."""
    if name in record.__dataclass_fields__:
        return vectors_plain(getattr(record, name))
    for field in record.__dataclass_fields__:
        if name.startswith(field + "_"):
            inner = getattr(record, field)
            if inner is None:
                return None
            if isinstance(inner, journey.Record):
                try:
                    return at(inner, name.removeprefix(field + "_"))
                except KeyError:
                    continue
    raise KeyError(name)


def vectors_plain(value):
    if isinstance(value, journey.Record):
        return {name: vectors_plain(inner) for name, inner in value.items()}
    if isinstance(value, dict):  # as Arrow has it: a list of keys and values
        return {name: [{"key": k, "value": v} for k, v in inner.items()] if isinstance(inner, dict) else inner for name, inner in value.items()}
    return [vectors_plain(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("function, case", CASES, ids=lambda v: v["name"] if isinstance(v, dict) else v)
def test_every_report_is_tables_text_and_a_value(function, case):
    report = ask(function, case)
    tables = report.tables()
    assert next(iter(tables)) == MAIN[function] and list(tables)[-1] == "figures"
    for name, table in tables.items():
        rows = report
        for step in name.split("."):
            rows = [report] if name == "figures" else getattr(rows, step, None)
        cells = pyarrow.table(table).to_pydict()
        assert list(cells) == table.column_names and len(set(cells)) == len(cells)
        for column, values in cells.items():
            assert values == [at(row, column) for row in rows or []], f"{name}.{column}"
    main = pyarrow.table(report)
    assert main.equals(pyarrow.table(tables[MAIN[function]]))
    assert polars.DataFrame(report).height == report.to_polars().height == len(report.to_pandas()) == main.num_rows
    assert duckdb.sql("select count(*) from main").fetchone()[0] == main.num_rows
    assert json.loads(report.to_json()) == json.loads(report.to_json(indent=2)) == report.to_dict()
    assert pickle.loads(pickle.dumps(report)) == report and not report != report
    assert len(repr(report)) < 4000 and repr(report).startswith(type(report).__name__ + "(")


def test_every_question_has_a_main_table():
    assert {function for function, _ in CASES} == MAIN.keys()


@pytest.fixture
def log():
    rows = [("ann", "visit", 0), ("ann", "pay", 300), ("bob", "visit", 0), ("bob", "pay", 60), ("eve", "visit", 9)]
    return journey.EventLog([dict(zip(("journey", "touchpoint", "time"), row)) for row in rows], time_format="epoch_s")


def test_the_fields_of_a_report_are_made_once_when_they_are_looked_at(log):
    report, same = journey.bottlenecks(log), journey.bottlenecks(log)
    assert report == same and report.transitions is report.transitions
    assert pickle.loads(pickle.dumps(journey.bottlenecks(log))) == copy.deepcopy(journey.bottlenecks(log)) == report
    assert dataclasses.replace(journey.bottlenecks(log), total_seconds=1.0).total_seconds == 1.0
    match journey.summary(log):
        case journey.Summary(events=events):
            assert events == 5
    fresh = journey.bottlenecks(log)
    with pytest.raises(AttributeError, match="'Bottlenecks' object has no attribute 'transitons'"):
        fresh.transitons
    with pytest.raises(dataclasses.FrozenInstanceError):
        fresh.transitions = []
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda _: fresh.transitions, range(64)))
    assert all(one is rows[0] for one in rows)


def test_packages_take_a_report_by_its_name(log):
    report = journey.bottlenecks(log)
    # Two journeys take 300 and 60 seconds from visit to pay: 180 at the median.
    assert duckdb.sql("select source, target, time_median_seconds from report").fetchall() == [("visit", "pay", 180.0)]
    frame = report.to_pandas()
    assert isinstance(frame, pandas.DataFrame) and frame["time_n"].tolist() == [2]
    assert report.to_polars()["time_max_seconds"].to_list() == [300.0]
    assert polars.DataFrame(report.table("touchpoints")).height == len(report.touchpoints)
    assert report.table("figures").to_polars()["journeys"].to_list() == [3]
    with pytest.raises(journey.InvalidOptionError, match="did you mean `touchpoints`?"):
        report.table("touchpoint")
    with pytest.raises(journey.InvalidOptionError, match="its tables are `transitions`, "):
        report.table("zzz")


def test_a_frame_of_pandas_needs_no_pyarrow(log, monkeypatch):
    report = journey.transitions(log)
    with_it = report.to_pandas()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    without = report.to_pandas()
    assert without.columns.tolist() == with_it.columns.tolist() and without["count"].tolist() == with_it["count"].tolist()
    frame = pandas.DataFrame({"journey": ["ann", 7], "touchpoint": ["x", "y"], "time": pandas.to_datetime(["2024-05-01", "2024-05-02"])})
    again = journey.EventLog(frame)
    assert again.to_csv(raw=True).decode().splitlines()[1:] == ["ann,x,2024-05-01T00:00:00Z", "7,y,2024-05-02T00:00:00Z"]


def test_a_report_says_in_a_line_what_it_is(log):
    report = journey.transitions(log)
    assert "\n" not in repr(report) and f"rows=[{len(report.rows)} TransitionRow]" in repr(report)
    assert repr(report.rows[0]).startswith("TransitionRow(source=None, target='visit', ")
    names = {"touchpoint": [chr(97 + place) * 100 for place in range(9)]}
    wide = journey.EventLog({"journey": ["a"] * 9, "time": list(range(9)), **names}, time_format="epoch_s")
    path = journey.variants(wide).rows[0]
    assert "4 more]" in repr(path) and "…" in repr(path) and len(repr(path)) < 800


def test_reports_are_matched_by_place_and_name(log):
    match journey.summary(log):
        case journey.Summary(journeys=3, touchpoints=[journey.TouchpointCount(first), *_]):
            assert first in ("pay", "visit")
        case other:
            raise AssertionError(other)


def test_two_reports_of_the_same_are_equal_and_others_are_not(log):
    assert journey.summary(log) == journey.summary(log)
    assert journey.summary(log) != journey.summary(log.select(touchpoints=["pay"]))
    assert journey.summary(log) != journey.transitions(log)
