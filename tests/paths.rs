//! Real aggregated paths of marketing channels, read and held against figures that others counted: those of
//! `expected.json` come with the data, the rest were counted with plain Python, row by row and each row as often as it says.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;

use journey_core::{
    EventLog, JourneyMatch, PathsOptions, SummaryOptions, TransitionsOptions, VariantsOptions, read_paths,
    read_paths_path, summary, transitions, variants,
};
use journey_tests::folder;
use serde_json::Value;

fn both() -> PathsOptions {
    PathsOptions {
        conversions: Some("total_conversions".into()),
        non_conversions: Some("total_null".into()),
        ..PathsOptions::default()
    }
}

fn log(options: &PathsOptions) -> EventLog {
    read_paths_path(folder().join("data/pathdata/pathdata.csv.gz"), options).unwrap()
}

fn expected() -> Value {
    serde_json::from_str(&fs::read_to_string(folder().join("data/pathdata/expected.json")).unwrap()).unwrap()
}

/// How often each way was taken; no name is the start or the end.
fn ways(log: &EventLog) -> BTreeMap<(Option<String>, Option<String>), u64> {
    let all = TransitionsOptions { limit: None, ..TransitionsOptions::default() };
    let rows = transitions(log, &all).unwrap().rows;
    rows.into_iter().map(|row| ((row.source, row.target), row.count)).collect()
}

#[test]
fn every_customer_of_the_table_is_in_the_log() {
    let (log, expected) = (log(&both()), expected());
    let [converted, others] = ["conversions", "null_paths_total"].map(|name| expected[name].as_u64().unwrap());
    assert_eq!((converted, others, log.customers()), (19_785, 68_602, converted + others));
    let bought = JourneyMatch { with_path: Some("\"(conversion)\" -> end".into()), ..JourneyMatch::default() };
    assert_eq!(log.select_journeys(&bought).unwrap().customers(), converted);
    // All 10,000 rows have customers who did not convert, 8,199 some who did.
    assert_eq!((log.journey_count(), log.len(), log.has_times()), (18_199, 116_357, false));
    assert_eq!((log.channels().len() as u64, log.touchpoints().len()), (expected["channels"].as_u64().unwrap(), 13));
}

#[test]
fn journeys_start_and_convert_where_others_counted() {
    let (all, expected) = (log(&both()), expected());
    let ways_of_all = ways(&all);
    let ways_of_converted = ways(&log(&PathsOptions { non_conversions: None, ..both() }));
    let customers: f64 = 88_387.0;
    for (channel, figures) in expected["heuristics"].as_object().unwrap() {
        let start = (None, Some(channel.clone()));
        let end = (Some(channel.clone()), Some("(conversion)".to_owned()));
        assert_eq!(ways_of_converted.get(&start), figures["first"].as_u64().as_ref(), "first: {channel}");
        assert_eq!(ways_of_converted.get(&end), figures["last"].as_u64().as_ref(), "last: {channel}");
        assert_eq!(ways_of_all.get(&end), figures["last"].as_u64().as_ref(), "last of all: {channel}");
        let share = expected["transition_probabilities_from_start"][channel].as_f64().unwrap();
        let count = f64::from(u32::try_from(ways_of_all[&start]).unwrap());
        assert!((count / customers - share).abs() < 1e-12, "start: {channel}");
    }
}

#[test]
fn reports_count_customers_as_a_count_row_by_row_does() {
    let log = log(&both());
    let report = summary(&log, &SummaryOptions::default()).unwrap();
    assert_eq!((report.journeys, report.events, report.single_event_journeys), (88_387, 397_994, 12_445));
    let of = |name: &str| {
        let touchpoint = report.touchpoints.iter().find(|row| row.touchpoint == name).unwrap().events;
        (touchpoint, report.channels.iter().find(|row| row.channel == name).map(|row| row.events))
    };
    assert_eq!((of("alpha"), of("mi")), ((159_556, Some(159_556)), (15, Some(15))), "parts are both");
    assert_eq!(of("(conversion)"), (19_785, None), "a conversion has no channel");

    let ways = ways(&log);
    let pair = |a: &str, b: &str| ways[&(Some(a.to_owned()), Some(b.to_owned()))];
    assert_eq!((pair("alpha", "alpha"), pair("iota", "iota"), pair("beta", "eta")), (102_922, 32_974, 10_583));
    assert_eq!(ways.keys().filter(|(source, target)| source.is_some() && target.is_some()).count(), 124);

    let paths = variants(&log, &VariantsOptions::default()).unwrap();
    assert_eq!((paths.journeys, paths.variants, paths.singletons), (88_387, 9_925, 3_740));
    assert!((paths.entropy.unwrap() - 5.620_923_768_725_651_5).abs() < 1e-12);
    let first = |place: usize| (paths.rows[place].touchpoints.join(" > "), paths.rows[place].coverage.n);
    assert_eq!([first(0), first(2)], [("alpha > alpha > alpha".into(), 14_413), ("eta".into(), 5_916)]);
}

#[test]
fn a_row_counted_as_often_as_it_says_gives_the_same_reports() {
    let weighted = "path,n\na > b > a,3\nb,1\na > b,2\n";
    let repeated = "path\na > b > a\na > b > a\na > b > a\nb\na > b\na > b\n";
    let count = PathsOptions { count: Some("n".into()), ..PathsOptions::default() };
    let weighted = read_paths(weighted.as_bytes(), &count).unwrap();
    let repeated = read_paths(repeated.as_bytes(), &PathsOptions::default()).unwrap();
    assert_eq!((weighted.journey_count(), repeated.journey_count(), weighted.customers()), (3, 6, 6));
    let reports = |log: &EventLog| {
        let ways = transitions(log, &TransitionsOptions::default()).unwrap();
        (summary(log, &SummaryOptions::default()).unwrap(), ways, variants(log, &VariantsOptions::default()).unwrap())
    };
    assert_eq!(reports(&weighted), reports(&repeated));
}
