"""What is Python's own: exceptions, dataclasses, sources of files, threads, and the lines of the README."""

import copy
import dataclasses
import datetime
import doctest
import errno
import gzip
import inspect
import json
import pickle
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import get_args

import journey
import pytest

ROOT = Path(__file__).parents[2]
CSV = b"journey,touchpoint,time\nann,visit,2024-03-13 10:00\nann,pay,2024-03-13 10:05\nbob,visit,2024-03-13 11:00\n"


@pytest.fixture
def log():
    return journey.EventLog.from_csv(CSV)


def test_a_file_is_a_path_or_its_bytes(tmp_path, log):
    path = tmp_path / "events.csv.gz"
    path.write_bytes(gzip.compress(CSV))
    for source in (path, str(path), path.read_bytes()):
        assert journey.summary(journey.EventLog.from_csv(source)) == journey.summary(log)
    for wrong in (7, None, object()):
        with pytest.raises(TypeError, match="the path of a file or its bytes"):
            journey.EventLog.from_csv(wrong)
    with pytest.raises(journey.InvalidOptionError, match="pass its bytes"):
        journey.EventLog.from_csv(CSV.decode())


def test_aggregated_paths_are_a_log_without_times_whose_journeys_stand_for_many(tmp_path, log):
    assert (log.has_times, log.journey_count, log.customers) == (True, 2, 2)
    path = tmp_path / "paths.csv.gz"
    path.write_bytes(gzip.compress(b"path,yes,no\nad > search,5,7\nad,0,2\n"))
    for source in (path, path.read_bytes()):
        paths = journey.EventLog.from_paths(source, conversions="yes", non_conversions="no")
        assert (paths.has_times, paths.journey_count, paths.customers, len(paths)) == (False, 3, 14, 6)
        assert paths.touchpoints == ["(conversion)", "ad", "search"] and paths.channels == ["ad", "search"]
        assert journey.summary(paths).journeys == 14
    with pytest.raises(journey.InvalidLogError, match="`x` is not a number of customers") as raised:
        journey.EventLog.from_paths(b"path,n\nad,x\n", count="n")
    assert (raised.value.line, raised.value.field) == (2, "n")


def test_a_report_is_a_frozen_dataclass_and_a_mapping(log):
    report = journey.bottlenecks(log)
    row = report.transitions[0]
    assert row.source == row["source"] == dict(row)["source"] == "visit"
    assert {**report}["journeys"] == 2
    assert dataclasses.is_dataclass(report)
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.journeys = 3
    with pytest.raises(KeyError):
        report["jorneys"]
    match journey.summary(log):
        case journey.Summary(events=3, journeys=journeys):
            assert journeys == 2


def test_a_report_has_its_picture(log):
    steps = ["visit", "pay"]
    pictures = {
        journey.render_flow: journey.transitions(log),
        journey.render_step_flow: journey.step_flow(log),
        journey.render_step_matrix: journey.step_matrix(log),
        journey.render_funnel: journey.funnel(log, steps),
        journey.render_times: journey.bottlenecks(log),
        journey.render_comparison: journey.compare(log, log),
    }
    for draw, report in pictures.items():
        svg = draw(report, lang="it", width=500)
        assert svg.startswith("<svg") and 'lang="it"' in svg
        assert draw(report.to_dict(), lang="it", width=500) == svg
        assert report._repr_svg_() == draw(report)
        assert report._repr_html_() == draw(report)._repr_html_()
        with pytest.raises(journey.InvalidOptionError, match="width"):
            draw(report, width=3)
    assert journey.summary(log)._repr_svg_() is None and journey.summary(log)._repr_html_() is None
    found = journey.discover(log)
    assert journey.render_flow(journey.transitions(log), found) != journey.render_flow(journey.transitions(log))
    with_summary = journey.render_times(journey.bottlenecks(log), journey.summary(log))
    assert "Throughput time" in with_summary


def test_a_picture_is_saved_as_svg(log, tmp_path):
    picture = journey.render_flow(journey.transitions(log))
    picture.save(tmp_path / "flow.svg")
    assert (tmp_path / "flow.svg").read_bytes() == picture.encode()
    with pytest.raises(journey.InvalidOptionError, match="`flow.png` is not the name of a picture; expected one that ends in `.svg`"):
        picture.save(tmp_path / "flow.png")
    assert not (tmp_path / "flow.png").exists()


def test_an_error_has_a_class_a_code_and_a_place(tmp_path):
    path = tmp_path / "events.csv"
    path.write_bytes(CSV + b"ann,pay,soon\n")
    with pytest.raises(ValueError, match="`soon` is not a time") as raised:
        journey.EventLog.from_csv(path)
    error = raised.value
    assert isinstance(error, journey.InvalidLogError)
    assert (error.code, error.file, error.line, error.record, error.field) == ("invalid_log", str(path), 5, 4, "time")
    with pytest.raises(FileNotFoundError) as raised:
        journey.EventLog.from_csv(tmp_path / "none.csv")
    assert isinstance(raised.value, journey.IoError) and raised.value.errno == errno.ENOENT
    assert raised.value.code == "io" and "none.csv" in str(raised.value)
    with pytest.raises(journey.UnknownStageError) as raised:
        journey.JourneyMap.from_json('{"name": "x",\n "touchpoints": [{"id": "t", "name": "T", "stage": "s"}]}')
    assert (raised.value.line, raised.value.field) == (2, "touchpoints[0].stage")


def test_a_misspelt_option_names_the_nearest(log):
    with pytest.raises(journey.InvalidOptionError, match="did you mean `confidence`?"):
        journey.summary(log, confidense=0.9)
    with pytest.raises(journey.InvalidOptionError) as raised:
        journey.bottlenecks(log, steps="pay")
    assert raised.value.field == "steps" and "expected a list, got the text `pay`" in str(raised.value)
    for bad in (float("nan"), object(), "much"):
        with pytest.raises(journey.InvalidOptionError) as raised:
            journey.summary(log, confidence=bad)
        assert raised.value.field == "confidence"


def test_options_may_be_tuples_dates_and_the_numbers_of_other_packages(log):
    class Number:  # as numpy's
        def tolist(self):
            return 1

    assert len(journey.transitions(log, limit=Number()).rows) == 1
    assert journey.bottlenecks(log, steps=("visit", "pay")) == journey.bottlenecks(log, steps=["visit", "pay"])
    assert len(log.select(since=datetime.datetime(2024, 3, 13, 10, 30))) == 1
    assert log.split_sessions(datetime.timedelta(minutes=4)).journey_count == 3
    assert log.split_sessions(300).journey_count == 2
    deep = []
    for _ in range(500):
        deep = [deep]
    with pytest.raises(journey.InvalidMapError, match="recursion limit"):
        journey.JourneyMap.from_data({"name": deep})
    with pytest.raises(journey.InvalidMapError, match="did you mean `stages`?"):
        journey.JourneyMap.from_data({"name": "x", "stagse": []})


def test_arguments_that_are_no_options_are_read_as_strictly(log):
    with pytest.raises(journey.InvalidOptionError, match="`gap`: expected seconds"):
        log.split_sessions([30])
    with pytest.raises(journey.InvalidOptionError, match="did you mean `with_path`?"):
        log.mark("paid", {"with_paht": "pay"})
    with pytest.raises(journey.UnknownTouchpointError, match="did you mean `visit`?") as raised:
        log.select_journeys(with_path="start ->\n vist")
    assert (raised.value.line, raised.value.column, raised.value.field) == (2, 2, "with_path")
    with pytest.raises(journey.InvalidOptionError, match="`names"):
        log.rename({"visit": 7})


def test_every_error_kind_has_a_class():
    classes = {c.code for c in journey.JourneyError.__subclasses__()}
    assert classes == {*get_args(journey.ErrorKind), "internal"}
    assert all(issubclass(c, Exception) for c in journey.JourneyError.__subclasses__())


def test_handles_say_what_they_are(log):
    assert repr(log) == "EventLog(3 events of 2 journeys)"
    assert (len(log), log.journey_count, log.touchpoints) == (3, 2, ["pay", "visit"])
    found = journey.discover(log, name="Found")
    assert repr(found) == 'JourneyMap("Found", 2 touchpoints, 1 transitions)'
    assert found == journey.JourneyMap.from_data(found.to_data()) == journey.JourneyMap.from_json(found.to_json())
    assert found != journey.discover(log)
    assert pickle.loads(pickle.dumps(found)) == copy.deepcopy(found) == found
    assert copy.copy(log) is log and copy.deepcopy(log) is log


def test_reports_become_plain_data(log):
    report = journey.transitions(log)
    plain = report.to_dict()
    assert type(plain["rows"][0]) is dict and plain["rows"][0]["source"] is None


def test_threads_may_share_a_log(log):
    reports = []
    threads = [threading.Thread(target=lambda: reports.append(journey.bottlenecks(log))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reports) == 8 and all(report == reports[0] for report in reports)


def test_every_public_item_says_what_it_is():
    for name in journey.__all__:
        item = getattr(journey, name)
        if inspect.isclass(item) or inspect.isroutine(item):
            assert item.__doc__, name


def test_maps_are_read_and_written_as_yaml():
    text = journey.JourneyMap.template("current_state")
    map = journey.JourneyMap.from_yaml(text)
    assert map == journey.JourneyMap.from_yaml(map.to_yaml()) == journey.JourneyMap.from_json(map.to_json())
    with pytest.raises(journey.InvalidMapError) as raised:
        journey.JourneyMap.from_yaml("name: x\nstages:\n\t- id: a\n")
    assert raised.value.line == 3
    with pytest.raises(journey.InvalidOptionError, match="did you mean `future_state`?"):
        journey.JourneyMap.template("future")
    guide = (ROOT / "docs/guide/write-a-map.md").read_text(encoding="utf-8")
    shop = journey.JourneyMap.from_yaml(re.search(r"```yaml\n(.*?)```", guide, re.DOTALL)[1])
    findings = [f"{f.severity}[{f.code}] {f.place}: {f.message}" for f in journey.lint(shop).findings]
    quoted = re.search(r"```text\n(.*?)```", guide, re.DOTALL)[1].splitlines()
    assert [line for line in findings if line in quoted] == quoted


def test_examples_are_linted_compared_and_made_of_each_other():
    folder = ROOT / "docs/examples"
    current_text = (folder / "ecom-current-state.journey.json").read_text(encoding="utf-8")
    current = journey.JourneyMap.from_json(current_text)
    future = journey.JourneyMap.from_yaml((folder / "ecom-future-state.journey.yaml").read_text(encoding="utf-8"))
    changes = journey.diff(current, future)
    assert changes.is_baseline
    assert current.apply(changes) == current.apply(changes.to_dict()) == future
    with pytest.raises(journey.InvalidMapError, match="the map has no"):
        current.apply(journey.diff(future, current))
    finding = journey.lint(current).findings[0]
    line = journey.JourneyMap.line_of(current_text, finding.place)
    assert finding.code == "assumption" and "expected_score" in current_text.splitlines()[line - 1]


def test_wrong_maps_are_refused_with_their_line():
    folder = ROOT / "tests/data/wrong-maps"
    for name, expected in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items():
        reader = journey.JourneyMap.from_json if name.endswith(".json") else journey.JourneyMap.from_yaml
        with pytest.raises(journey.JourneyError) as raised:
            reader((folder / name).read_text(encoding="utf-8"))
        assert (raised.value.code, raised.value.line) == (expected["code"], expected["line"]), name


def test_the_guide_s_map_and_its_error_are_real():
    guide = (ROOT / "docs/guide/write-a-map.md").read_text(encoding="utf-8")
    text = re.search(r"```json\n(.*?)```", guide, re.DOTALL)[1]
    assert journey.JourneyMap.from_json(text).name == json.loads(text)["name"]
    with pytest.raises(journey.UnknownStageError) as raised:
        journey.JourneyMap.from_json(text.replace('"stage": "find"', '"stage": "fnd"'))
    quoted = re.search(r"(?<!`)``([^`].*?)``(?!`)", guide, re.DOTALL)[1]
    assert str(raised.value) == " ".join(quoted.split())


@pytest.mark.parametrize(
    "page, said",
    [
        ("README.md", "shipping_details -> payment_details 0.26666666666666666 of 60"),
        ("docs/reference/pictures.md", "From the product to the purchase"),
        ("docs/reference/tables.md", "conversion_n, conversion_of, conversion_share, conversion_low, conversion_high"),
        ("docs/guide/find-the-checkout-loop.md", "mobile 2024-04-09 Share(n=16, of=60,"),
        ("docs/guide/check-a-map-against-your-data.md", "not on the map: error_page 276 events in 261 sessions"),
        ("docs/guide/check-a-map-against-your-data.md", "stage: 240 of 3605"),
        ("docs/guide/check-a-map-against-your-data.md", "fitness: 0.43 follow it exactly: 1"),
        ("docs/guide/check-a-map-against-your-data.md", "never-visited at touchpoints[13]: no event is at `delivery`"),
    ],
)
def test_the_lines_of_a_page_run(page, said, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    names = {}
    for block in blocks:
        exec(block, names)
    assert said in capsys.readouterr().out


def test_logs_are_read_from_any_format_and_written_again(tmp_path):
    log = journey.EventLog.from_ndjson(b'{"journey": 7, "touchpoint": "=pay", "time": "2024-03-13T10:00:00Z"}\n')
    assert log.touchpoints == ["=pay"]
    assert log.to_csv(raw=True) == b"journey,touchpoint,time\n7,=pay,2024-03-13T10:00:00Z\n"
    assert b"7,'=pay," in log.to_csv()
    for name in ("log.csv", "log.ndjson.gz", "log.xes"):
        path = tmp_path / name
        log.to_path(path, raw=True)
        again = journey.EventLog.read(path)
        assert (len(again), again.touchpoints) == (1, ["=pay"])
        with pytest.raises(journey.IoError, match="overwrite"):
            log.to_path(path)
    assert journey.EventLog.from_xes(log.to_xes()).journey_count == 1
    assert journey.EventLog.read(log.to_ndjson()).journey_count == 1


def test_progress_is_told_and_what_it_raises_ends_the_reading():
    file = b"journey,touchpoint,time\n" + b"a,b,2024-01-01\n" * 400_000
    told = []
    log = journey.EventLog.from_csv(file, progress=lambda *now: told.append(now))
    assert len(log) == 400_000
    assert told[-1] == (len(file), len(file), 400_000)

    class Stopped(Exception):
        pass

    def stop(read, total, events):
        raise Stopped(events)

    with pytest.raises(Stopped):
        journey.EventLog.from_csv(file, progress=stop)


def test_the_package_brings_the_command_line():
    ecom = ROOT / "tests/data/ecom/ecom.csv.gz"
    for program in ([sys.executable, "-m", "journey"], [Path(sys.executable).with_name("journey")]):
        done = subprocess.run([*program, "summary", ecom, "--json"], capture_output=True, text=True)
        assert done.returncode == 0 and "columns guessed: journey = `user_id`" in done.stderr
        log = journey.EventLog(ecom, journey="user_id", touchpoint="event", time="timestamp")
        assert json.loads(done.stdout) == journey.summary(log).to_dict()
        assert subprocess.run([*program, "sumary"], capture_output=True).returncode == 2


def documented():
    """Everything that has a docstring, by its name."""
    for name in journey.__all__:
        item = getattr(journey, name)
        yield name, item.__doc__
        if inspect.isclass(item):
            yield from ((f"{name}.{part}", inner.__doc__) for part, inner in vars(item).items() if inspect.isroutine(inner))


def test_the_examples_of_docstrings_run():
    runner, found = doctest.DocTestRunner(), 0
    for name, text in documented():
        examples = doctest.DocTestParser().get_doctest(text or "", {}, name, None, 0)
        found += bool(examples.examples)
        runner.run(examples)
    assert runner.failures == 0 and found >= 9


def test_docstrings_list_the_options():
    text = journey.bottlenecks.__doc__
    assert "Options\n-------\n" in text and "pareto : float, default 0.8\n    The share of all delay" in text
    assert "score_scale : ScoreScale" in journey.EventLog.read.__doc__
    asked = [text for name, text in documented() if text and "eywords are those of" in text]
    assert len(asked) > 40 and all("\nOptions\n-------\n" in text for text in asked)
