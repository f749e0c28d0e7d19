//! Pictures are the same text in every language: Rust, Python and JavaScript draw the maps of `pictures/*.json` and compare them
//! with the SVG beside them. After a change that is meant, `JOURNEY_WRITE_PICTURES=1 cargo test --test pictures` writes them anew;
//! then look at them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::PathBuf;

use journey_core::{
    BottleneckOptions, DropOffOptions, EmotionOptions, JourneyMap, MapReports, PathCoverageOptions, ReadOptions,
    RenderMapOptions, RenderReportOptions, ReportOptions, bottlenecks, diff, drop_offs, emotion_curve, emotion_dips,
    path_coverage, read_csv, render_map, render_report, report,
};
use journey_tests::folder;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    map: Value,
    before: Option<Value>,
    log: Option<Log>,
    options: RenderMapOptions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    csv: String,
    options: ReadOptions,
}

fn draw(case: &Case) -> String {
    let read = |value: &Value| JourneyMap::from_json(&value.to_string()).unwrap();
    let map = read(&case.map);
    let log = case.log.as_ref().map(|log| read_csv(log.csv.as_bytes(), &log.options).unwrap());
    let options = EmotionOptions::default();
    let reports = MapReports {
        emotion_curve: Some(emotion_curve(&map, log.as_ref(), &options).unwrap()),
        emotion_dips: Some(emotion_dips(&map, log.as_ref(), &options).unwrap()),
        bottlenecks: log.as_ref().map(|log| bottlenecks(log, &BottleneckOptions::default()).unwrap()),
        drop_offs: log.as_ref().map(|log| drop_offs(log, &DropOffOptions::default()).unwrap()),
        path_coverage: log.as_ref().map(|log| path_coverage(&map, log, &PathCoverageOptions::default()).unwrap()),
        diff: case.before.as_ref().map(|before| diff(&read(before), &map)),
        ..MapReports::default()
    };
    render_map(&map, &reports, &case.options).unwrap()
}

/// The page of the first picture's map and log.
#[test]
fn a_report_is_the_page_that_was_looked_at() {
    let file = folder().join("pictures/shop.html");
    let case: Case = serde_json::from_str(&fs::read_to_string(file.with_extension("json")).unwrap()).unwrap();
    let map = JourneyMap::from_json(&case.map.to_string()).unwrap();
    let log = case.log.unwrap();
    let log = read_csv(log.csv.as_bytes(), &log.options).unwrap();
    let found = report(&map, &log, &ReportOptions::default()).unwrap();
    let page = render_report(&found, &map, &RenderReportOptions::default()).unwrap();
    if std::env::var_os("JOURNEY_WRITE_PICTURES").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(page == kept, "{:?}", page.lines().zip(kept.lines()).find(|(page, kept)| page != kept));
}

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder().join("pictures")).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect();
    cases.sort();
    cases
}

#[test]
fn pictures_are_what_they_were() {
    assert!(cases().len() >= 3);
    for path in cases() {
        let case: Case = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let (drawn, file) = (draw(&case), path.with_extension("svg"));
        if std::env::var_os("JOURNEY_WRITE_PICTURES").is_some() {
            fs::write(&file, &drawn).unwrap();
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        let differing = drawn.lines().zip(kept.lines()).find(|(drawn, kept)| drawn != kept);
        assert!(drawn == kept, "{}: {differing:?}", file.display());
    }
}
