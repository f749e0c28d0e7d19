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
    assert _progress.steps() is None
    monkeypatch.setattr(_progress, "_somebody_looks", lambda: True)
    interrupted(lambda: journey.removal_effects(log, **LONG), 2)
    said = capsys.readouterr().err
    assert "answering" in said and "/100k [" in said
    journey.summary(log)
    assert capsys.readouterr().err == ""


def test_a_bar_begins_again_with_each_pass():
    class Bar:
        n, total, told = 0, None, []

        def reset(self, total):
            self.n, self.total = 0, total

        def update(self, more):
            self.n += more
            self.told.append((self.n, self.total))

    bar = _progress.Steps(Bar())
    for done, total in ((0, 0), (5, 10), (10, 10), (2, 10), (1, 4)):
        bar(done, total)
    assert Bar.told == [(0, None), (5, 10), (10, 10), (2, 10), (1, 4)]
