"""Pictures are the same text in every language: see pictures.rs."""

import json
from pathlib import Path

import journey
import pytest

CASES = sorted((Path(__file__).parent / "pictures").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_map_is_drawn_as_rust_draws_it(path):
    case = json.loads(path.read_text(encoding="utf-8"))
    map = journey.JourneyMap.from_data(case["map"])
    log = "log" in case and journey.EventLog.from_csv(case["log"]["csv"].encode(), **case["log"]["options"]) or None
    reports = {"emotion_curve": journey.emotion_curve(map, log), "emotion_dips": journey.emotion_dips(map, log)}
    if log:
        reports |= {"bottlenecks": journey.bottlenecks(log), "drop_offs": journey.drop_offs(log)}
        reports["path_coverage"] = journey.path_coverage(map, log)
    if "before" in case:
        reports["diff"] = journey.diff(journey.JourneyMap.from_data(case["before"]), map)
    picture = journey.render_map(map, reports, **case["options"])
    assert picture == path.with_suffix(".svg").read_text(encoding="utf-8")


def test_a_notebook_draws_maps_and_pictures():
    map = journey.JourneyMap.from_data({"name": "Shop", "stages": [{"id": "s", "name": "S"}]})
    picture = journey.render_map(map)
    assert picture == picture._repr_svg_() == map._repr_svg_() and picture in picture._repr_html_()
    assert map._repr_html_() == picture._repr_html_()
    assert repr(picture) == f"Picture({len(picture)} characters of SVG)"


def test_options_and_reports_are_checked():
    map = journey.JourneyMap.from_data({"name": "Shop"})
    with pytest.raises(journey.InvalidOptionError, match="did you mean `width`"):
        journey.render_map(map, widht=400)
    with pytest.raises(journey.InvalidOptionError, match="did you mean `emotion_curve`"):
        journey.render_map(map, {"emotion_curv": journey.emotion_curve(map)})
