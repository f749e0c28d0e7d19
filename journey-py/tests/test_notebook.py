"""What a notebook does with pictures: shows them, keeps them, makes charts and widgets of them."""

import sys
import types
import webbrowser
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import journey
import pytest

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "docs/examples/ecom-current-state.journey.json").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def log():
    columns = dict(journey="session_id", touchpoint="event", time="timestamp", attributes=["platform"])
    return journey.EventLog(ROOT / "tests/data/ecom/ecom.csv.gz", channel="acquisition_channel", **columns)


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """What the browser is asked to open."""
    opened = []
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or True)
    return opened


def test_what_has_a_picture_is_shown_in_the_browser(log, opened):
    map = journey.JourneyMap.from_json(MAP)
    report = journey.funnel(log, ["cart", "purchase"])
    for shown, picture in ((map, journey.render_map(map)), (report, journey.render_funnel(report)), (journey.render_map(map), journey.render_map(map))):
        shown.show()
        file = Path(url2pathname(urlparse(opened[-1]).path))
        page = file.read_text(encoding="utf-8")
        assert picture in page and page.startswith("<!doctype html>") and "<title>" in page
        assert file.stat().st_mode & 0o077 == 0, "others may not read what may be customers'"
    whole = journey.report(log, map)
    whole.show()
    assert Path(url2pathname(urlparse(opened[-1]).path)).read_text(encoding="utf-8") == journey.render_report(whole)


def test_where_there_is_no_browser_the_file_is_named(log, opened, monkeypatch):
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    with pytest.raises(journey.IoError, match=r"there is no browser to show it; it is the file .*journey-.*\.html, and `save`"):
        journey.transitions(log).show()


def test_a_notebook_shows_below_the_cell(log, opened, monkeypatch):
    shown = []
    ipython, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    ipython.get_ipython = lambda: types.SimpleNamespace(kernel=object())
    display.display = shown.append
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    journey.transitions(log).show()
    assert shown == [journey.render_flow(journey.transitions(log))] and not opened
    assert shown[0]._repr_html_().startswith("<div")


def test_what_has_a_picture_is_saved_as_svg_or_page(log, tmp_path):
    map = journey.JourneyMap.from_json(MAP)
    whole = journey.report(log, map)
    for shown, picture in ((map, journey.render_map(map)), (journey.transitions(log), journey.render_flow(journey.transitions(log)))):
        shown.save(tmp_path / "a.svg")
        shown.save(str(tmp_path / "a.html"))
        assert (tmp_path / "a.svg").read_text(encoding="utf-8") == picture
        assert picture in (tmp_path / "a.html").read_text(encoding="utf-8")
        with pytest.raises(journey.InvalidOptionError, match="`a.png` is not the name of a picture; expected one that ends in `.svg` or `.html`"):
            shown.save(tmp_path / "a.png")
    whole.save(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == journey.render_report(whole)
    assert whole._repr_html_().startswith("<iframe") and whole._repr_svg_() is None
    with pytest.raises(journey.InvalidOptionError, match="is not the name of a page"):
        whole.save(tmp_path / "report.svg")


def test_a_report_without_a_picture_says_which_have_one(log):
    for does in (lambda report: report.show(), lambda report: report.save("a.svg")):
        with pytest.raises(journey.InvalidOptionError, match="a report `Summary` has no picture; those that have one are `Bottlenecks`, "):
            does(journey.summary(log))


def charts(log):
    """Each report that has a chart, with how many marks it has to draw."""
    funnel = journey.funnel(log, ["product_view", "cart", "purchase"])
    by_platform = journey.funnel(log, ["cart", "purchase"], breakdown="platform")
    matrix, steps = journey.transition_matrix(log), journey.step_matrix(log, steps=6)
    effects = journey.removal_effects(log, ["purchase"], resamples=20)
    emotions = journey.emotion_curve(journey.JourneyMap.from_json(MAP))
    return [
        (journey.bottlenecks(log), len(journey.bottlenecks(log).transitions)),
        (journey.compare_groups(log, "platform", "mobile", "desktop"), None),
        (journey.drop_offs(log), len(journey.drop_offs(log).touchpoints)),
        (emotions, len(emotions.steps)),
        (funnel, 3),
        (by_platform, 2 * len(by_platform.groups)),
        (effects, len(effects.rows)),
        (journey.segments(log, "platform", conversion=["purchase"]), None),
        (steps, 6 * len(steps.rows)),
        (matrix, len(matrix.targets) * len(matrix.rows)),
        (journey.transitions(log), len(journey.transitions(log).rows)),
        (journey.variants(log, limit=7), 7),
    ]


def test_reports_are_charts_of_altair(log):
    altair = pytest.importorskip("altair")
    seen = set()
    for report, marks in charts(log):
        chart = report.to_altair()
        assert isinstance(chart, altair.TopLevelMixin)
        described = chart.to_dict()  # checks it by the schema of Vega-Lite
        sources = [part["data"]["values"] for part in (described, *described.get("layer", [])) if "data" in part]
        rows = [row for source in sources for row in source]
        assert rows and (marks is None or marks in map(len, sources)), type(report)
        for field in fields(described):
            assert any(field in row for row in rows), (type(report), field)
        assert "width" in chart.properties(width=300).to_dict()
        seen.add(type(report).__name__)
    from journey import _altair

    assert seen == set(_altair._CHARTS)


def fields(described):
    """The columns that a chart draws."""
    if isinstance(described, dict):
        if isinstance(described.get("field"), str):
            yield described["field"]
        for name, part in described.items():
            if name != "values":
                yield from fields(part)
    elif isinstance(described, list):
        for part in described:
            yield from fields(part)


def test_a_chart_says_what_is_missing(log, monkeypatch):
    with pytest.raises(journey.InvalidOptionError, match="a report `Summary` has no chart; those that have one are `Bottlenecks`, "):
        journey.summary(log).to_altair()
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(ModuleNotFoundError, match=r"`pip install journey-py\[altair\]`"):
        journey.transitions(log).to_altair()


def test_a_widget_draws_what_the_page_wants_and_knows_what_is_selected(log):
    pytest.importorskip("anywidget")
    map = journey.JourneyMap.from_json(MAP)
    first, second = [touchpoint["id"] for touchpoint in map.to_data()["touchpoints"]][:2]
    widget = journey.widget(map, {"emotion_curve": journey.emotion_curve(map)}, selected=first)
    assert widget.picture.startswith("<svg") and not widget.flow and widget.selected == first
    widget.wanted = {"width": 500, "lang": "it", "theme": "dark", "lanes": ["emotions"]}
    expected = journey.render_map(map, {"emotion_curve": journey.emotion_curve(map)}, width=500, lang="it", theme="dark", lanes=["emotions"])
    assert widget.picture == expected
    chosen = []
    widget.observe(lambda change: chosen.append(change["new"]), "selected")
    widget.selected = second
    widget.selected = None
    assert chosen == [second, None]
    with pytest.raises(journey.UnknownTouchpointError, match=f"did you mean `{first}`?"):
        widget.selected = first + "x"
    flow = journey.widget(journey.transitions(log), map=map, color_by="share")
    assert flow.flow and flow.picture == journey.render_flow(journey.transitions(log), map, color_by="share")
    flow.wanted = {"width": 500, "lang": "en", "theme": "auto", "lanes": None}
    assert flow.picture == journey.render_flow(journey.transitions(log), map, color_by="share", width=500)
    with pytest.raises(journey.InvalidOptionError, match="did you mean `title`?"):
        journey.widget(map, titel="x")


def test_a_widget_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "journey._anywidget", raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"`pip install journey-py\[widget\]`"):
        journey.widget(journey.JourneyMap.from_json(MAP))
