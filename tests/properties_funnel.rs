//! Laws of funnels.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use journey_core::{
    Duration, Event, EventLog, ExplainFunnelsOptions, FunnelCounting, FunnelEntry, FunnelOptions, FunnelOrder,
    FunnelPreset, FunnelTies, Timestamp, explain_funnels, funnel,
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
}
