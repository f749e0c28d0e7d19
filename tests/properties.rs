//! Laws that hold for every log: of order, of sums, and between the questions.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use journey_core::{
    BottleneckOptions, CompareOptions, CsvOptions, DiscoverOptions, EmotionOptions, Event, EventLog, FindingKind,
    JourneyMap, MapData, PathCoverageOptions, SummaryOptions, Timestamp, TransitionsOptions, VariantsOptions,
    bottlenecks, compare, discover, emotion_curve, path_coverage, read_csv, summary, transitions, variants,
};
use proptest::prelude::*;

/// Journey, touchpoint, milliseconds, score.
type Row = (u8, u8, i64, Option<i8>);

const TOUCHPOINTS: [&str; 7] = ["ad", "cart", "Über uns", "NA", "null", "__proto__", "👍"];

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0..9u8, 0..7u8, 0..100_000i64, prop::option::of(-20..=20i8));
    prop::collection::vec(row, 0..80)
}

fn log(rows: &[Row]) -> EventLog {
    let mut builder = EventLog::builder();
    for (journey, touchpoint, millis, score) in rows {
        let journey = format!("j{journey}");
        let time = Timestamp::from_micros(millis * 1_000).unwrap();
        let event = Event::new(&journey, TOUCHPOINTS[usize::from(*touchpoint)], time);
        builder = builder.event(score.map_or(event, |score| event.with_score(f64::from(score) / 10.0)));
    }
    builder.build().unwrap()
}

/// Nothing is too small or too rare to be compared.
fn everything_compared() -> CompareOptions {
    CompareOptions { min_n: 1, transitions: u64::MAX, ..CompareOptions::default() }
}

/// Every report about a log, as one text.
fn all_reports(log: &EventLog, map: &JourneyMap) -> String {
    let all = (
        summary(log, &SummaryOptions::default()).unwrap(),
        transitions(log, &TransitionsOptions::default()).unwrap(),
        variants(log, &VariantsOptions::default()).unwrap(),
        bottlenecks(log, &BottleneckOptions::default()).unwrap(),
        emotion_curve(map, log, &EmotionOptions::default()).unwrap(),
        path_coverage(map, log, &PathCoverageOptions::default()).unwrap(),
        discover(log, &DiscoverOptions::default()).unwrap().to_data(),
        compare(log, log, &everything_compared()).unwrap(),
    );
    serde_json::to_string(&all).unwrap()
}

proptest! {
    /// Rows of different journeys may be mixed in any way.
    #[test]
    fn mixing_the_rows_of_journeys_changes_no_report(rows in rows(), order in prop::collection::vec(any::<u32>(), 80)) {
        let map = discover(&log(&rows), &DiscoverOptions::default()).unwrap();
        // Whole journeys change places; the rows of each stay in their order.
        let place = |journey: u8| order[usize::from(journey)];
        let mut mixed = rows.clone();
        mixed.sort_by_key(|row| place(row.0));
        prop_assert_eq!(all_reports(&log(&rows), &map), all_reports(&log(&mixed), &map));
        // Rows at different times may change places even within a journey.
        let mut by_time = rows.clone();
        by_time.sort_by_key(|row| row.2);
        prop_assert_eq!(all_reports(&log(&rows), &map), all_reports(&log(&by_time), &map));
    }

    #[test]
    fn transitions_add_up(rows in rows()) {
        let log = log(&rows);
        let report = transitions(&log, &TransitionsOptions::default()).unwrap();
        let (events, journeys) = (log.len() as u64, log.journey_count() as u64);
        prop_assert_eq!(report.total, events - journeys);
        let sum = |keep: &dyn Fn(&journey_core::TransitionRow) -> bool| -> u64 {
            report.rows.iter().filter(|row| keep(row)).map(|row| row.count).sum()
        };
        prop_assert_eq!(sum(&|row| row.source.is_none()), journeys);
        prop_assert_eq!(sum(&|row| row.target.is_none()), journeys);
        let mut out: BTreeMap<&Option<String>, f64> = BTreeMap::new();
        for row in &report.rows {
            *out.entry(&row.source).or_default() += row.p_out.share.unwrap();
            prop_assert!(row.journeys <= row.count && row.count >= 1);
        }
        prop_assert!(out.values().all(|sum| (sum - 1.0).abs() < 1e-9), "{:?}", out);
    }

    #[test]
    fn a_discovered_map_fits_its_log(rows in rows()) {
        let log = log(&rows);
        let map = discover(&log, &DiscoverOptions::default()).unwrap();
        let cover = path_coverage(&map, &log, &PathCoverageOptions::default()).unwrap();
        prop_assert_eq!(cover.log.journeys.n, cover.log.journeys.of);
        prop_assert_eq!(cover.map.touchpoints.n, cover.map.touchpoints.of);
        prop_assert_eq!(cover.map.transitions.n, cover.map.transitions.of);
        let text = map.to_json();
        prop_assert_eq!(JourneyMap::from_json(&text).unwrap().to_json(), text, "a map survives its file");
    }

    #[test]
    fn shifting_all_times_changes_no_duration(rows in rows(), shift in -1_000_000_000..1_000_000_000i64) {
        let shifted: Vec<Row> = rows.iter().map(|(j, t, millis, score)| (*j, *t, millis + shift, *score)).collect();
        let report = |rows: &[Row]| bottlenecks(&log(rows), &BottleneckOptions::default()).unwrap();
        prop_assert_eq!(report(&rows), report(&shifted));
    }

    #[test]
    fn doubling_the_journeys_doubles_the_counts(rows in rows()) {
        let twice: Vec<Row> = rows.iter().flat_map(|row| [*row, (row.0 + 100, row.1, row.2, row.3)]).collect();
        let counts = |rows: &[Row]| {
            let report = variants(&log(rows), &VariantsOptions::default()).unwrap();
            report.rows.into_iter().map(|row| (row.touchpoints, row.coverage.n)).collect::<Vec<_>>()
        };
        let doubled: Vec<_> = counts(&rows).into_iter().map(|(path, n)| (path, 2 * n)).collect();
        prop_assert_eq!(counts(&twice), doubled);
    }

    #[test]
    fn fewer_journeys_reach_each_further_step(rows in rows()) {
        let log = log(&rows);
        let steps: Vec<String> = log.touchpoints().iter().take(4).map(str::to_owned).collect();
        prop_assume!(steps.len() >= 2);
        let report = bottlenecks(&log, &BottleneckOptions { steps: steps.clone(), ..Default::default() }).unwrap();
        let step = |name: &String| steps.iter().position(|step| step == name);
        let mut rows = report.conversions;
        rows.sort_by_key(|row| step(&row.source));
        for pair in rows.windows(2) {
            prop_assert_eq!(pair[0].conversion.n, pair[1].conversion.of, "who reaches a step is who may go on from it");
        }
        for row in rows {
            prop_assert_eq!(row.conversion.of - row.conversion.n, row.lost);
        }
    }

    #[test]
    fn a_log_does_not_differ_from_itself(rows in rows()) {
        let log = log(&rows);
        let same = compare(&log, &log, &everything_compared()).unwrap();
        prop_assert_eq!((same.significant, same.shared_journeys), (0, log.journey_count() as u64));
        prop_assert!(same.variant_mix.distance.is_none_or(|distance| distance == 0.0));
        for finding in same.findings {
            prop_assert!(finding.effect == Some(0.0) && finding.difference.is_some_and(|d| d.abs() < 1e-12), "{:?}", finding);
            prop_assert!(finding.p_value.is_none_or(|p| p > 0.999), "{:?}", finding);
        }
    }

    #[test]
    fn compared_the_other_way_round_all_signs_change(a in rows(), b in rows()) {
        let (a, b) = (log(&a), log(&b));
        let there = compare(&a, &b, &everything_compared()).unwrap();
        let back = compare(&b, &a, &everything_compared()).unwrap();
        prop_assert_eq!((there.tests, there.significant), (back.tests, back.significant));
        let close = |x: Option<f64>, y: Option<f64>| match (x, y) {
            (Some(x), Some(y)) => (x - y).abs() <= 1e-9 * x.abs().max(1.0),
            (x, y) => x == y,
        };
        for one in &there.findings {
            let name = |f: &journey_core::Finding| (f.kind, f.touchpoint.clone(), f.source.clone(), f.target.clone());
            let other = back.findings.iter().find(|other| name(other) == name(one)).unwrap();
            prop_assert!(close(one.p_value, other.p_value) && close(one.a, other.b), "{:?} {:?}", one, other);
            if one.kind == FindingKind::VariantMix {
                prop_assert!(close(one.effect, other.effect) && one.effect.unwrap() <= 1.0);
                continue;
            }
            let minus = |x: Option<f64>| x.map(|x| -x);
            prop_assert!(close(one.difference, minus(other.difference)), "{:?} {:?}", one, other);
            prop_assert!(close(one.low, minus(other.high)) && close(one.high, minus(other.low)), "{:?} {:?}", one, other);
            prop_assert!(close(one.effect_as_d, minus(other.effect_as_d)), "{:?} {:?}", one, other);
        }
    }

    #[test]
    fn whatever_bytes_are_read_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), gzip in any::<bool>()) {
        let head: &[u8] = if gzip { &[0x1f, 0x8b, 8, 0] } else { b"journey,touchpoint,time\n" };
        let _ = read_csv(&[head, &bytes].concat()[..], &CsvOptions::default());
        let _ = JourneyMap::from_json(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_csv_file_that_is_damaged_never_loses_rows_in_silence(rows in 1..30usize, at in 0..600usize, byte in any::<u8>()) {
        let head = "journey,touchpoint,time,note\n";
        let line = |row| format!("j{},t{},2024-03-13 10:00:{row:02},\"note {row}\"\n", row % 3, row % 5);
        let mut bytes = (head.to_owned() + &(0..rows).map(line).collect::<String>()).into_bytes();
        // A header that runs on into the first row is a header like any other, if its last column is not read.
        let place = head.len() + at % (bytes.len() - head.len());
        bytes[place] = byte;
        // A damaged byte may change a name, or split or join rows, which then have a wrong number of fields, no time or a
        // quote in the wrong place. So a log that is read has all rows.
        if let Ok(log) = read_csv(&bytes[..], &CsvOptions::default()) {
            prop_assert_eq!(log.len(), rows);
        }
    }

    #[test]
    fn a_report_never_holds_a_number_that_json_has_not(rows in rows()) {
        let log = log(&rows);
        let map = JourneyMap::from_data(MapData { name: "empty".into(), ..MapData::default() }).unwrap();
        // serde_json writes NaN and infinities as null, so what is read again would not be equal.
        let report = bottlenecks(&log, &BottleneckOptions::default()).unwrap();
        let again = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        prop_assert_eq!(report, again);
        let report = path_coverage(&map, &log, &PathCoverageOptions::default()).unwrap();
        let again = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        prop_assert_eq!(report, again);
    }
}
