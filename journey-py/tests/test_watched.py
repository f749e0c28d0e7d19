"""Ctrl-C breaks off whatever takes long, and all objects are as they were; what takes longer than a second has a bar."""

import os
import random
import signal
import threading
import time
from pathlib import Path

import journey
import pytest
from journey import _progress

DATA = Path(__file__).parents[2] / "tests/data"
# More resamples than any machine works out in a second.
LONG = dict(conversion=["purchase"], resamples=100_000, by="touchpoint")


@pytest.fixture(scope="module")
def log():
    return journey.EventLog(DATA / "ecom/ecom.csv.gz", journey="session_id", touchpoint="event", time="timestamp")


@pytest.fixture(scope="module")
def large():
    """A log that a pass over takes a while, with as many paths as journeys."""
    draws = random.Random(7)
    touchpoints = [draws.choice("abcdefghijklmnopqrst") for _ in range(1_000_000)]
    journeys = [number // 20 for number in range(1_000_000)]
    return journey.EventLog({"journey": journeys, "touchpoint": touchpoints, "time": list(range(1_000_000))}, time_format="epoch_s")


def interrupted(work, after):
    """The seconds from Ctrl-C to the exception, if work takes longer than that."""
    pressed = []

    def press():
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(after, press)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            work()
            pytest.fail(f"the work was done before {after} seconds were over")
    finally:
        timer.cancel()
        timer.join()
    return time.monotonic() - pressed[0]


def test_ctrl_c_breaks_off_a_question_within_a_second_and_the_log_answers_again(log):
    before = journey.removal_effects(log, ["purchase"], resamples=20, by="touchpoint")
    for after in (0.1, 0.5):
        assert interrupted(lambda: journey.removal_effects(log, **LONG), after) < 1
    assert journey.removal_effects(log, ["purchase"], resamples=20, by="touchpoint") == before


def test_a_map_and_a_log_answer_after_a_search_was_broken_off(large):
    map = journey.discover(large)
    assert interrupted(lambda: [journey.align(map, large) for _ in range(1000)], 1.2) < 1
    assert journey.summary(large).events == 1_000_000


def test_a_state_and_a_monitor_are_as_before(large):
    state = journey.State()

    def update():
        while True:
            state.update(large)

    assert interrupted(update, 1.0) < 1
    assert state.events % 1_000_000 == 0
    monitor = journey.Monitor(inactive_after="1d")
    monitor.feed_log(large)
    open_events, events = monitor.status().open_events, monitor.status().events
    state = monitor.state_with_open()

    def close():
        while True:
            monitor.state_with_open()

    assert interrupted(close, 0.5) < 1
    assert (monitor.status().open_events, monitor.status().events) == (open_events, events)
    assert monitor.state_with_open() == state


def test_another_thread_goes_on_when_ctrl_c_is_pressed(log):
    expected, found = journey.bottlenecks(log), []

    def ask():
        found.extend(journey.bottlenecks(log) for _ in range(50))

    other = threading.Thread(target=ask)
    other.start()
    interrupted(lambda: journey.removal_effects(log, **LONG), 0.2)
    other.join()
    assert len(found) == 50 and all(report == expected for report in found)


def test_a_question_that_takes_long_has_a_bar_where_somebody_looks(log, monkeypatch, capsys):
    pytest.importorskip("tqdm")
    assert _progress.answering(None) is None and _progress.answering(False) is None
    monkeypatch.setattr(_progress, "_somebody_looks", lambda: True)
    interrupted(lambda: journey.removal_effects(log, **LONG), 2)
    said = capsys.readouterr().err
    assert "answering" in said and "/100k [" in said
    journey.summary(log)
    assert capsys.readouterr().err == ""


def test_a_bar_begins_again_with_each_pass(monkeypatch):
    class Shown:
        n, total, told = 0, None, []

        def reset(self, total):
            self.n, self.total = 0, total

        def update(self, more):
            self.n += more
            self.told.append((self.n, self.total))

    monkeypatch.setattr(_progress, "_tqdm", lambda **_: Shown())
    bar = _progress.Answering(wait=0)
    for done, total in ((0, None), (5, 10), (10, 10), (2, 10), (1, 4)):
        bar(done, total)
    assert Shown.told == [(0, None), (5, 10), (10, 10), (2, 10), (1, 4)]


def test_a_function_is_told_how_far_a_question_has_come(log, large):
    told = []
    report = journey.summary(log, progress=lambda *now: told.append(now))
    assert report == journey.summary(log)
    assert told[-1] == (len(log), len(log)), "the end is told of a short question, too"
    told.clear()
    map = journey.discover(large)
    journey.removal_effects(log, ["purchase"], resamples=20_000, by="touchpoint", progress=lambda *now: told.append(now))
    journey.align(map, large, progress=lambda *now: told.append(now))
    assert len(told) > 3 and all(total is None or 0 <= done <= total for done, total in told)


def test_what_a_told_function_raises_ends_the_question(log):
    class Stopped(Exception):
        pass

    def stop(done, total):
        raise Stopped

    begun = time.monotonic()
    with pytest.raises(Stopped):
        journey.removal_effects(log, **LONG, progress=stop)
    assert time.monotonic() - begun < 1
    assert journey.summary(log).events == len(log)
    with pytest.raises(TypeError, match="`progress`: expected a function, `True` or `False`, got int"):
        journey.bottlenecks(log, progress=7)


def test_every_question_takes_progress(log):
    taking = {name: getattr(getattr(journey, name), "__text_signature__", None) or "" for name in journey.__all__}
    questions = {name for name, signature in taking.items() if "log" in signature and "**options" in signature}
    assert questions == {name for name, signature in taking.items() if "progress=None, **options" in signature} - {"EventLog"}
    assert len(questions) > 30
    told = []
    for ask in (
        lambda tell: journey.funnel(log, ["catalog", "cart"], progress=tell),
        lambda tell: journey.compare(log, log, progress=tell),
        lambda tell: journey.report(log, progress=tell),
        lambda tell: journey.removal_effects(log, ["purchase"], by="touchpoint", progress=tell),
    ):
        told.clear()
        ask(lambda *now: told.append(now))
        assert told


def test_writing_and_feeding_are_broken_off_and_leave_nothing_behind(large, tmp_path):
    def write():
        while True:
            large.to_path(tmp_path / "log.xes", overwrite=True)

    assert interrupted(write, 0.3) < 1
    assert [path for path in tmp_path.iterdir() if path.name != "log.xes"] == []
    monitor = journey.Monitor(inactive_after="1d")
    before = monitor.state_with_open()

    def feed():
        while True:
            monitor.feed_log(large)
            fed.append(monitor.status().events)

    fed = []
    assert interrupted(feed, 0.2) < 1
    assert monitor.status().events == (fed[-1] if fed else 0)
    if not fed:
        assert monitor.state_with_open() == before


def test_a_comparison_with_the_map_is_broken_off(large):
    map = journey.discover(large)
    for question in (journey.precision, journey.deviations):
        assert interrupted(lambda question=question: [question(map, large) for _ in range(1000)], 0.7) < 1
