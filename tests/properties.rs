//! Laws that hold for every log: of order, of sums, and between the questions.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use journey_core::{
    BottleneckOptions, CsvOptions, DiscoverOptions, Duration, EmotionOptions, Event, EventLog, ExplainFunnelsOptions,
    FunnelCounting, FunnelEntry, FunnelOptions, FunnelOrder, FunnelPreset, FunnelTies, JourneyMap, MapData,
    PathCoverageOptions, SummaryOptions, Timestamp, TransitionsOptions, VariantsOptions, bottlenecks, discover,
    emotion_curve, explain_funnels, funnel, path_coverage, read_csv, summary, transitions, variants,
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
    );
    serde_json::to_string(&all).unwrap()
}

fn seconds(seconds: f64) -> Option<Duration> {
    Duration::from_seconds(seconds).ok()
}

/// The options of a preset, of the library's own definition, and of one with ties that are told apart.
fn of_preset(number: usize) -> FunnelOptions {
    use FunnelPreset::{Amplitude, Clickhouse, Ga4, Mixpanel, Posthog};
    let preset = [Amplitude, Clickhouse, Ga4, Mixpanel, Posthog].get(number).copied();
    let ties = preset.is_none().then_some(FunnelTies::StrictlyLater);
    FunnelOptions { preset, ties, ..FunnelOptions::default() }
}

/// How many reach each of the first three touchpoints, in the order of their names.
fn reached(rows: &[Row], options: &FunnelOptions) -> Vec<u64> {
    let log = log(rows);
    let steps: Vec<&str> = log.touchpoints().iter().take(3).collect();
    if steps.len() < 2 {
        return Vec::new();
    }
    funnel(&log, steps, options).unwrap().steps.iter().map(|step| step.reached).collect()
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
    fn fewer_customers_reach_each_further_step_of_a_funnel(rows in rows(), preset in 0..6usize, any_order in any::<bool>()) {
        let options = FunnelOptions {
            order: any_order.then_some(FunnelOrder::AnyOrder),
            window: seconds(20.0),
            ..of_preset(preset)
        };
        let counts = reached(&rows, &options);
        prop_assert!(counts.windows(2).all(|pair| pair[0] >= pair[1]), "{:?}", counts);
    }

    #[test]
    fn the_first_entry_gets_no_further_than_the_best_one_and_that_no_further_than_without_a_window(
        rows in rows(),
        strict in any::<bool>(),
        window in 0..60u8,
    ) {
        let order = strict.then_some(FunnelOrder::Strict);
        let best = FunnelOptions { order, window: seconds(f64::from(window)), ..FunnelOptions::default() };
        let first = FunnelOptions { entry: Some(FunnelEntry::FirstEntry), ..best.clone() };
        let ever = FunnelOptions { order, ..FunnelOptions::default() };
        let [first, best, ever] = [first, best, ever].map(|options| reached(&rows, &options));
        prop_assert!(first.iter().zip(&best).all(|(first, best)| first <= best), "{:?} {:?}", first, best);
        prop_assert!(best.iter().zip(&ever).all(|(best, ever)| best <= ever), "{:?} {:?}", best, ever);
    }

    #[test]
    fn a_wider_window_loses_nobody(rows in rows(), preset in 0..6usize, window in 0..60u8, more in 0..60u8) {
        let within = |length: u8| FunnelOptions { window: seconds(f64::from(length)), ..of_preset(preset) };
        let [narrow, wide] = [window, window.saturating_add(more)].map(|length| reached(&rows, &within(length)));
        prop_assert!(narrow.iter().zip(&wide).all(|(narrow, wide)| narrow <= wide), "{:?} {:?}", narrow, wide);
    }

    #[test]
    fn the_groups_of_a_funnel_add_up_to_the_whole(rows in rows(), attempts in any::<bool>()) {
        let mut log = EventLog::builder().attribute("group");
        for (journey, touchpoint, millis, _) in &rows {
            let time = Timestamp::from_micros(millis * 1_000).unwrap();
            let event = Event::new(TOUCHPOINTS[usize::from(*journey % 7)], TOUCHPOINTS[usize::from(*touchpoint)], time);
            log = log.event_with(event, [["a", "b"].get(usize::from(journey % 3)).copied()]);
        }
        let log = log.build().unwrap();
        let steps: Vec<&str> = log.touchpoints().iter().take(3).collect();
        prop_assume!(steps.len() == 3);
        let counting = if attempts { FunnelCounting::Attempts } else { FunnelCounting::Customers };
        let options = FunnelOptions { counting, breakdown: Some("group".into()), ..FunnelOptions::default() };
        let report = funnel(&log, steps, &options).unwrap();
        prop_assert_eq!(report.groups.iter().map(|group| group.journeys).sum::<u64>(), report.journeys);
        for (place, step) in report.steps.iter().enumerate() {
            let of_groups: u64 = report.groups.iter().map(|group| group.steps[place].reached).sum();
            prop_assert_eq!(of_groups, step.reached);
        }
        let lost: u64 = report.steps.iter().map(|step| step.lost).sum();
        prop_assert_eq!(report.entered, lost + report.steps[2].reached, "who enters converts or is lost");
        let again: journey_core::Funnel = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        prop_assert_eq!(report, again, "no figure that JSON has not");
    }

    #[test]
    fn every_difference_of_two_funnels_has_one_reason(rows in rows(), a in 0..6usize, b in 0..6usize, strict in any::<bool>()) {
        let log = log(&rows);
        let steps: Vec<&str> = log.touchpoints().iter().take(3).collect();
        prop_assume!(steps.len() == 3);
        let order = strict.then_some(FunnelOrder::Strict);
        let [a, b] = [(a, None), (b, order)].map(|(preset, order)| FunnelOptions { order, window: seconds(9.0), ..of_preset(preset) });
        let report = explain_funnels(&log, steps.clone(), &a, &b, &ExplainFunnelsOptions::default()).unwrap();
        prop_assert_eq!(report.reasons.iter().map(|reason| reason.journeys).sum::<u64>(), report.different.n);
        prop_assert_eq!(report.dimensions.is_empty(), report.a.order == report.b.order && report.a.entry == report.b.entry
            && report.a.ties == report.b.ties && report.a.reuse == report.b.reuse);
        if report.dimensions.len() == 1 {
            prop_assert!(report.reasons.iter().all(|reason| reason.kind == journey_core::FunnelReasonKind::Alone));
        }
        for (options, counts) in [(&a, report.steps.iter().map(|step| step.reached_in_a).collect::<Vec<_>>()),
                                  (&b, report.steps.iter().map(|step| step.reached_in_b).collect())] {
            prop_assert_eq!(reached(&rows, options), counts, "the funnel counts the same");
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
