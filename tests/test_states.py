"""The figures of the vectors, got through states: the log in parts, each a state that crosses as bytes, merged."""

import copy
import json
import math
import pickle
from pathlib import Path

import journey
import pytest
from test_conformance import read

HERE = Path(__file__).parent
ERROR = 1 / 128
"""What the default precision comes to; see docs/reference/state.md."""
KEPT = {
    "summary": {"confidence"},
    "transitions": {"limit", "confidence"},
    "bottlenecks": {"pareto", "limit", "confidence"},
    "drop_offs": {"conversion", "limit", "confidence"},
    "step_matrix": {"steps", "limit", "confidence"},
}
FUNNEL = {"preset", "order", "entry", "window", "exclusions", "open_entry", "ties", "reuse", "counting", "confidence"}


def cases(function, kept):
    for case in json.loads((HERE / f"conformance/{function}.json").read_text(encoding="utf-8")):
        if "error" not in case and case.get("options", {}).keys() <= kept:
            yield case


def parts(log):
    """The journeys of a log, in three logs."""
    return [log.select_journeys(**part) for part in ({"max_events": 2}, {"min_events": 3, "max_events": 4}, {"min_events": 5})]


def state_of(log, **options):
    whole = journey.State(**options)
    for part in reversed(parts(log)):
        one = journey.State(**options)
        one.update(part)
        whole.merge_bytes(one.to_bytes())
    return whole


def agree(expected, actual, place="report"):
    if isinstance(expected, dict):
        for name, value in expected.items():
            # Trends need every time; attributes are in the order of their names.
            if name not in ("trend", "attributes"):
                agree(value, actual[name], f"{place}.{name}")
    elif isinstance(expected, list):
        assert len(expected) == len(actual), place
        for pair in zip(expected, actual):
            agree(*pair, place)
    elif isinstance(expected, float):
        is_quantile = place.endswith(("median_seconds", "p90_seconds", "p95_seconds"))
        assert math.isclose(expected, actual, rel_tol=ERROR + 1e-12 if is_quantile else 1e-12, abs_tol=1e-15), place
    else:
        assert expected == actual, place


def steps(given):
    return [{"touchpoints": [step]} if isinstance(step, str) else step for step in given]


@pytest.mark.parametrize("function", [*KEPT, "funnel", "emotion_curve"])
def test_states_give_the_figures_of_the_vectors(function):
    held = 0
    for case in cases(function, KEPT.get(function, FUNNEL)):
        log, options = read(case["log"]), case.get("options", {})
        # Of events that take time a state measures another delay.
        timed = (case["log"] or {}).get("options", {}).keys() & {"start", "lifecycle"}
        if log is None or (function == "bottlenecks" and timed):
            continue
        if function == "funnel":
            report = state_of(log, funnel_steps=steps(case["args"][0]), funnel=options).funnel()
        elif function == "emotion_curve":
            scores = {row.touchpoint: row for row in state_of(log).scores(**options).rows}
            for step in case.get("report", case.get("part"))["steps"]:
                row = scores.get(step["touchpoint"])
                assert (row.n if row else 0) == step["n"]
                for name, measured in (("mean", "measured"), ("deviation", "deviation"), ("low", "low"), ("high", "high")):
                    agree(step[measured], getattr(row, name) if row else None)
            held += 1
            continue
        else:
            report = getattr(state_of(log, conversion=options.get("conversion", [])), function)(**options)
        report = report.to_dict()
        assert report.pop("quantile_error", ERROR) == ERROR
        agree(case.get("report", case.get("part")), report, f"{case['name']}: report")
        held += 1
    assert held >= 3, held


def test_a_state_can_be_pickled_and_is_equal_to_itself_alone():
    log = read({"csv": "journey,touchpoint,time\nann,visit,2024-03-13 10:00\nann,pay,2024-03-13 10:05\n"})
    state = journey.State(conversion=["pay"])
    state.update(log)
    again = pickle.loads(pickle.dumps(state))
    assert again == state and copy.deepcopy(state) == state and again.to_bytes() == state.to_bytes()
    assert (state.journeys, state.events, state.quantile_error) == (1, 2, ERROR)
    assert state.options["conversion"] == ["pay"]
    again.update(log)
    assert again != state and repr(again) == "State(4 events of 2 journeys)"


def test_states_that_do_not_go_together_are_refused():
    with pytest.raises(journey.InvalidStateError, match="they differ in `steps`") as raised:
        journey.State().merge(journey.State(steps=3))
    assert raised.value.code == "invalid_state" and isinstance(raised.value, ValueError)
    with pytest.raises(journey.InvalidStateError, match="not the bytes of a state"):
        journey.State.from_bytes(b"customer,page,time")
    with pytest.raises(journey.InvalidOptionError, match="did you mean `conversion`"):
        journey.State(conversions=["pay"])


def test_a_monitor_makes_journeys_from_a_stream():
    monitor = journey.Monitor(inactive_after="30m", state={"conversion": ["pay"]})
    monitor.feed(
        [
            {"journey": "ann", "touchpoint": "visit", "time": "2024-03-13T10:00:00Z"},
            {"journey": "ann", "touchpoint": "pay", "time": "2024-03-13T10:05:00Z", "score": 1.5},
            {"journey": "bob", "touchpoint": "visit", "time": "2024-03-13T10:40:00Z"},
            {"journey": "ann", "touchpoint": "visit", "time": "2024-03-13T10:01:00Z"},
        ]
    )
    status = monitor.status()
    assert (status.events, status.closed_journeys, status.open_journeys, status.late_events) == (3, 1, 1, 1)
    assert status.late_samples[0].expected == "2024-03-13T10:10:00Z"
    assert monitor.state().drop_offs().converted_journeys == 1
    assert monitor.state_with_open().journeys == 2
    with pytest.raises(journey.InvalidLogError, match="record 1: the touchpoint is empty"):
        monitor.feed([{"journey": "bob", "touchpoint": "", "time": "2024-03-13T10:41:00Z"}])
    with pytest.raises(journey.InvalidOptionError, match="there is no field `touchpiont`"):
        monitor.feed([{"journey": "bob", "touchpiont": "visit", "time": "2024-03-13T10:41:00Z"}])
    monitor.advance_to("2024-03-13T11:10:01Z")
    assert monitor.state().scores().rows[0].mean == 1.5
    assert repr(monitor) == "Monitor(0 open journeys, 2 closed)"


def test_a_log_that_is_fed_has_the_state_of_its_sessions():
    csv = "journey,touchpoint,time\nann,visit,2024-03-13 10:00\nbob,visit,2024-03-13 10:10\nann,pay,2024-03-13 12:00\n"
    log = read({"csv": csv})
    monitor = journey.Monitor(inactive_after="1h")
    monitor.feed_log(log)
    monitor.close_all()
    state = journey.State()
    state.update(log.split_sessions("1h"))
    report, expected = (one.summary().to_dict() for one in (monitor.state(), state))
    assert expected.pop("attributes") == ["journey"] and report.pop("attributes") == []
    assert report == expected and report["journeys"] == 3
