"""Runs the conformance vectors in Python. Rust and JavaScript run the same files."""

import json
import math
from pathlib import Path

import journey
import pytest

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("conformance/*.json"))
CASES = [(file.stem, case) for file in FILES for case in json.loads(file.read_text(encoding="utf-8"))]


def read(source):
    if source is None:
        return None
    csv = source["csv"].encode() if "csv" in source else HERE / "data" / source["file"]
    log = journey.EventLog.from_csv(csv, **source.get("options", {}))
    log = log.select(**source["select"]) if "select" in source else log
    for step in source.get("then", []):
        given = [journey.JourneyMap.from_data(step["map"])] if "map" in step else []
        given += [read_feedback(step["feedback"])] if "feedback" in step else []
        log = getattr(log, step["method"])(*given, *step.get("args", []), **step.get("options", {}))
    return log


def read_feedback(source):
    csv = source["csv"].encode() if "csv" in source else HERE / "data" / source["file"]
    return journey.Feedback.from_csv(csv, **source.get("options", {}))


def call(function, case):
    arguments = [journey.JourneyMap.from_data(case[name]) for name in ("map", "other_map") if name in case]
    arguments += [*([read(case["log"])] if "log" in case else []), *([read(case["other_log"])] if "other_log" in case else []),
                  *([read_feedback(case["feedback"])] if "feedback" in case else []), *case.get("args", [])]
    arguments = arguments[::-1] if function == "report" else arguments  # its map comes second, and may be missing
    report = getattr(journey, function)(*arguments, **case.get("options", {}))
    return report.to_data() if function == "discover" else report.to_dict()


def agree(expected, actual, tolerance, partly, place="report"):
    if isinstance(expected, dict) and isinstance(actual, dict):
        assert partly or expected.keys() == actual.keys(), place
        for name, value in expected.items():
            agree(value, actual[name], tolerance, partly, f"{place}.{name}")
    elif isinstance(expected, list) and isinstance(actual, list):
        assert len(expected) == len(actual), place
        for i, pair in enumerate(zip(expected, actual)):
            agree(*pair, tolerance, partly, f"{place}[{i}]")
    elif isinstance(expected, float) or isinstance(actual, float):
        assert math.isclose(expected, actual, rel_tol=tolerance, abs_tol=1e-15), f"{place}: {expected} != {actual}"
    else:
        assert expected == actual and type(expected) is type(actual), f"{place}: {expected} != {actual}"


@pytest.mark.parametrize("function, case", CASES, ids=lambda v: v["name"] if isinstance(v, dict) else v)
def test_conformance(function, case):
    if "error" in case:
        with pytest.raises(journey.JourneyError) as raised:
            call(function, case)
        assert raised.value.code == case["error"]
    else:
        expected = case.get("report", case.get("part"))
        agree(expected, call(function, case), case.get("tolerance", 1e-12), "part" in case)


def test_every_function_has_vectors():
    functions = {n for n in journey.__all__ if callable(getattr(journey, n)) and n.islower()}
    functions -= {name for name in functions if name.startswith("render_")}  # test_pictures.py
    functions -= {"merge", "partial"}  # journey-py/tests/test_partial.py
    functions -= {"widget"}  # journey-py/tests/test_notebook.py
    assert functions == {file.stem for file in FILES}
