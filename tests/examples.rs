//! The example maps: one of each kind, read, drawn, compared and held to what their descriptions say that lint finds.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use journey_core::{
    JourneyMap, LintOptions, MapKind, MapReports, ReadOptions, RenderMapOptions, diff, lint, read_csv_path, render_map,
};
use journey_tests::folder;

fn example(name: &str) -> JourneyMap {
    let text = fs::read_to_string(folder().join("../docs/examples").join(name)).unwrap();
    if text.starts_with('{') { JourneyMap::from_json(&text).unwrap() } else { JourneyMap::from_yaml(&text).unwrap() }
}

fn examples() -> [JourneyMap; 3] {
    ["current-state.journey.json", "future-state.journey.yaml", "day-in-the-life.journey.yaml"]
        .map(|name| example(&format!("ecom-{name}")))
}

/// How often lint finds what, on the day after the data ends.
fn found(map: &JourneyMap) -> BTreeMap<String, usize> {
    let options = LintOptions { as_of: Some("2024-07-15".into()), ..LintOptions::default() };
    let mut counts = BTreeMap::new();
    for finding in lint(map, None, &options).unwrap().findings {
        *counts.entry(finding.code).or_default() += 1;
    }
    counts
}

fn counts(counts: &[(&str, usize)]) -> BTreeMap<String, usize> {
    counts.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect()
}

#[test]
fn there_is_one_of_each_kind_and_each_can_be_drawn() {
    let examples = examples();
    assert_eq!(examples.each_ref().map(JourneyMap::kind), MapKind::ALL);
    for map in examples {
        assert_eq!(JourneyMap::from_yaml(&map.to_yaml()).unwrap(), map);
        assert_eq!(JourneyMap::from_json(&map.to_json()).unwrap(), map);
        assert!(render_map(&map, &MapReports::default(), &RenderMapOptions::default()).unwrap().contains("</svg>"));
    }
}

#[test]
fn lint_finds_what_their_descriptions_say() {
    let [current, future, day] = examples();
    assert_eq!(found(&current), counts(&[("assumption", 1), ("no-emotion", 2), ("starts-late", 1)]));
    assert_eq!(found(&future), counts(&[("assumption", 17)]));
    assert_eq!(found(&day), counts(&[("assumption", 7)]));
}

#[test]
fn their_touchpoints_are_those_of_the_log() {
    let options = ReadOptions {
        journey: Some("session_id".into()),
        touchpoint: Some("event".into()),
        time: Some("timestamp".into()),
        ..ReadOptions::default()
    };
    let log = read_csv_path(folder().join("data/ecom/ecom.csv.gz"), &options).unwrap();
    for map in examples() {
        let on_channels = map.touchpoints().filter(|touchpoint| touchpoint.channel.is_some());
        let unknown: BTreeSet<&str> =
            on_channels.map(|t| t.id.as_str()).filter(|id| log.touchpoints().code(id).is_none()).collect();
        assert!(unknown.is_subset(&BTreeSet::from(["delivery", "pick_up"])), "{unknown:?}");
        for rule in map.touchpoints().flat_map(|touchpoint| &touchpoint.matches) {
            assert!(log.touchpoints().code(rule.touchpoint.as_deref().unwrap()).is_some(), "{rule:?}");
        }
    }
}

#[test]
fn the_future_starts_from_the_current_state() {
    let [current, future, _] = examples();
    let changes = diff(&current, &future);
    assert_eq!(changes.is_baseline, Some(true));
    assert_eq!(changes.apply(&current).unwrap(), future);
    assert!(changes.to_string().contains("rescored touchpoint `payment_details`: 0.0 -> 0.5\n"), "{changes}");
}
