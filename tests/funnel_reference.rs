//! The presets of `funnel` agree with naive references, each written from what the tool's documentation says.
//!
//! Steps are `A`, `B`, `C`; `X` is an exclusion, `D` is nothing. The references try every chain of events there is.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use journey_core::{
    Event, EventLog, FunnelExclusion, FunnelOpenEntry, FunnelOptions, FunnelOrder, FunnelPreset, FunnelStep, Timestamp,
    funnel,
};
use proptest::prelude::*;

const STEPS: [&str; 3] = ["A", "B", "C"];
const TOUCHPOINTS: [&str; 5] = ["A", "B", "C", "X", "D"];
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// An event: its touchpoint and when it happened, in microseconds.
type Visit = (&'static str, i64);

/// Journeys whose events lie up to 15 `unit`s apart, many of them at one instant.
fn journeys(unit: i64) -> impl Strategy<Value = Vec<Vec<Visit>>> {
    let visit = (0..TOUCHPOINTS.len(), 0..16i64);
    prop::collection::vec(prop::collection::vec(visit, 1..12), 1..5).prop_map(move |journeys| {
        let events = |rows: Vec<(usize, i64)>| {
            let mut events: Vec<Visit> =
                rows.into_iter().filter_map(|(name, time)| Some((*TOUCHPOINTS.get(name)?, time * unit))).collect();
            events.sort_by_key(|(_, time)| *time);
            events
        };
        journeys.into_iter().map(events).collect()
    })
}

/// The log of these journeys, and one that names every touchpoint and enters no funnel.
fn log(journeys: &[Vec<Visit>]) -> EventLog {
    let mut log = EventLog::builder();
    for (number, visits) in journeys.iter().enumerate() {
        for (touchpoint, time) in visits {
            let time = Timestamp::from_micros(*time).unwrap();
            log = log.event(Event::new(&format!("j{number}"), touchpoint, time));
        }
    }
    for (number, touchpoint) in TOUCHPOINTS.iter().enumerate() {
        log = log.event(Event::new(&format!("name{number}"), touchpoint, Timestamp::from_micros(0).unwrap()));
    }
    log.build().unwrap()
}

/// How many reach each step by the library; the journeys that name the touchpoints do not count.
fn counted(journeys: &[Vec<Visit>], options: &FunnelOptions) -> Vec<u64> {
    let reached = |journeys: &[Vec<Visit>]| {
        let report = funnel(&log(journeys), STEPS, options).unwrap();
        report.steps.into_iter().map(|step| step.reached).collect::<Vec<_>>()
    };
    reached(journeys).into_iter().zip(reached(&[])).map(|(all, named)| all - named).collect()
}

/// How many of the journeys reach each step, by a reference that gives the furthest step of one: 1, 2, 3 or none.
fn expected(journeys: &[Vec<Visit>], furthest: impl Fn(&[Visit]) -> usize) -> Vec<u64> {
    let levels: Vec<usize> = journeys.iter().map(|journey| furthest(journey)).collect();
    (1..=STEPS.len()).map(|step| levels.iter().filter(|level| **level >= step).count() as u64).collect()
}

/// The longest chain A, B, C whose times do not fall and whose last lies within the window of the first; at one instant any
/// order will do.
fn longest_chain(visits: &[Visit], window: i64) -> usize {
    let times = |step: &str, since: i64, until: i64| -> Vec<i64> {
        let met = visits.iter().filter(|(name, time)| *name == step && (since..=until).contains(time));
        met.map(|(_, time)| *time).collect()
    };
    let mut longest = 0;
    for a in times("A", i64::MIN, i64::MAX) {
        longest = longest.max(1);
        for b in times("B", a, a + window) {
            longest = longest.max(2);
            if !times("C", b, a + window).is_empty() {
                longest = 3;
            }
        }
    }
    longest
}

/// From one event on: each step is the first of its name after the step before, in the order of the rows.
fn from_event(visits: &[Visit], begin: usize, window: i64, exclusion: Option<&str>) -> usize {
    let (_, start) = visits.get(begin).copied().unwrap_or_default();
    let mut level = 1;
    for (name, time) in visits.iter().skip(begin + 1) {
        if level == STEPS.len() || time - start > window || exclusion == Some(name) {
            break;
        }
        level += usize::from(STEPS.get(level) == Some(name));
    }
    level
}

fn excluding() -> Vec<FunnelExclusion> {
    vec![FunnelExclusion { touchpoints: vec!["X".into()], ..FunnelExclusion::default() }]
}

fn by(preset: FunnelPreset) -> FunnelOptions {
    FunnelOptions { preset: Some(preset), ..FunnelOptions::default() }
}

proptest! {
    /// "Searches for event chains in a sliding time window and calculates the maximum number of events that occurred from the
    /// chain"; the source sorts by time and then by condition.
    #[test]
    fn clickhouse_counts_the_longest_chain_in_a_sliding_window(journeys in journeys(DAY)) {
        let options = FunnelOptions { window: "5d".parse().ok(), ..by(FunnelPreset::Clickhouse) };
        prop_assert_eq!(counted(&journeys, &options), expected(&journeys, |visits| longest_chain(visits, 5 * DAY)));
    }

    /// An event stands in the source's list once for each condition it meets, so one may fill several steps.
    #[test]
    fn clickhouse_lets_an_event_fill_every_step_it_meets(journeys in journeys(DAY)) {
        let either = FunnelStep { touchpoints: vec!["A".into(), "B".into()], ..FunnelStep::default() };
        let log = log(&journeys);
        let report = funnel(&log, [either.clone(), "B".into(), either], &by(FunnelPreset::Clickhouse)).unwrap();
        let by_journey: BTreeMap<&str, Vec<&str>> =
            log.journeys().map(|journey| (journey.id(), journey.events().map(|event| event.touchpoint).collect())).collect();
        // A or B, then B, then A or B: a single B is all three.
        let b = by_journey.values().filter(|path| path.contains(&"B")).count() as u64;
        let any = by_journey.values().filter(|path| path.contains(&"A") || path.contains(&"B")).count() as u64;
        prop_assert_eq!(report.steps.iter().map(|step| step.reached).collect::<Vec<_>>(), [any, b, b]);
    }

    /// Sequential, within 14 days of the first step, from any entry; events of one instant are taken in the order of the steps.
    #[test]
    fn posthog_counts_the_furthest_attempt_in_fourteen_days(journeys in journeys(2 * DAY)) {
        let found = counted(&journeys, &by(FunnelPreset::Posthog));
        prop_assert_eq!(found, expected(&journeys, |visits| longest_chain(visits, 14 * DAY)));
    }

    /// "Users who performed that specific event within the steps will be automatically dropped from the funnel altogether":
    /// unless another attempt of theirs gets as far without it.
    #[test]
    fn posthog_drops_users_with_an_excluded_event(journeys in journeys(60 * SECOND)) {
        // At different instants, which the description speaks of.
        let apart: Vec<Vec<Visit>> = journeys
            .iter()
            .map(|visits| (0..).zip(visits).map(|(number, (name, time))| (*name, time + number * SECOND)).collect())
            .collect();
        let furthest = |visits: &[Visit]| {
            let mut best = (0, false);
            for begin in visits.iter().enumerate().filter(|(_, (name, _))| *name == "A").map(|(begin, _)| begin) {
                let (mut level, mut dropped) = (1, false);
                for (name, _) in visits.iter().skip(begin + 1) {
                    dropped |= *name == "X";
                    if STEPS.get(level) == Some(name) {
                        level += 1;
                        if dropped || level == STEPS.len() {
                            break;
                        }
                    }
                }
                best = best.max((level, !dropped));
            }
            if best.1 { best.0 } else { 0 }
        };
        let options = FunnelOptions { exclusions: excluding(), ..by(FunnelPreset::Posthog) };
        prop_assert_eq!(counted(&apart, &options), expected(&apart, furthest));
    }

    /// The window "starts on the first instance of the Step 1 event" and is 7 days; "for every subsequent step, we pick the
    /// first instance"; users leave the funnel when "they are excluded by an exclusion step".
    #[test]
    fn mixpanel_counts_the_first_entry_in_seven_days(journeys in journeys(DAY), excluded in any::<bool>()) {
        let exclusions = if excluded { excluding() } else { Vec::new() };
        let found = counted(&journeys, &FunnelOptions { exclusions, ..by(FunnelPreset::Mixpanel) });
        let furthest = |visits: &[Visit]| {
            let first = visits.iter().position(|(name, _)| *name == "A");
            first.map_or(0, |begin| from_event(visits, begin, 7 * DAY, excluded.then_some("X")))
        };
        prop_assert_eq!(found, expected(&journeys, furthest));
    }

    /// "Any users who triggered all these events in this order, within one day of triggering the initial event"; "rounds all
    /// time to the nearest second", and within it "considers either order correct".
    #[test]
    fn amplitude_takes_events_of_one_second_in_either_order(journeys in journeys(SECOND / 4), far in any::<bool>()) {
        // A quarter of a second apart, or three hours.
        let stretch = if far { 4 * 3 * 3600 } else { 1 };
        let stretched: Vec<Vec<Visit>> =
            journeys.iter().map(|visits| visits.iter().map(|(name, time)| (*name, time * stretch)).collect()).collect();
        let furthest = |visits: &[Visit]| {
            let rounded: Vec<Visit> =
                visits.iter().map(|(name, time)| (*name, (time + SECOND / 2) / SECOND * SECOND)).collect();
            longest_chain(&rounded, DAY)
        };
        prop_assert_eq!(counted(&stretched, &by(FunnelPreset::Amplitude)), expected(&stretched, furthest));
    }

    /// "Exact order": users "don't trigger events in between".
    #[test]
    fn amplitude_s_exact_order_allows_no_event_between(journeys in journeys(60 * SECOND)) {
        let apart: Vec<Vec<Visit>> = journeys
            .iter()
            .map(|visits| (0..).zip(visits).map(|(number, (name, time))| (*name, time + number * 2 * SECOND)).collect())
            .collect();
        let furthest = |visits: &[Visit]| {
            let directly = |path: &[&str]| {
                visits.windows(path.len()).any(|part| part.iter().zip(path).all(|((name, _), step)| name == step))
            };
            [directly(&["A"]), directly(&["A", "B"]), directly(&STEPS)].into_iter().filter(|reached| *reached).count()
        };
        let options = FunnelOptions { order: Some(FunnelOrder::Strict), ..by(FunnelPreset::Amplitude) };
        prop_assert_eq!(counted(&apart, &options), expected(&apart, furthest));
    }

    /// A closed funnel is entered at the first step and has no window; "users cannot skip funnel steps".
    #[test]
    fn ga4_counts_without_a_window(journeys in journeys(90 * DAY)) {
        let found = counted(&journeys, &by(FunnelPreset::Ga4));
        let furthest = |visits: &[Visit]| {
            let first = visits.iter().position(|(name, _)| *name == "A");
            first.map_or(0, |begin| from_event(visits, begin, i64::MAX, None))
        };
        prop_assert_eq!(found, expected(&journeys, furthest));
    }

    /// "In an open funnel, users can enter the funnel in any step"; from there on they cannot skip one either.
    #[test]
    fn ga4_s_open_funnel_is_entered_at_any_step(journeys in journeys(90 * DAY)) {
        let mut reached = vec![0; STEPS.len()];
        for visits in &journeys {
            let mut next = None;
            for (name, _) in visits {
                let Some(step) = STEPS.iter().position(|step| step == name) else { continue };
                if next.is_none_or(|next| next == step) {
                    next = Some(step + 1);
                    if let Some(count) = reached.get_mut(step) {
                        *count += 1u64;
                    }
                }
            }
        }
        let options = FunnelOptions { open_entry: Some(FunnelOpenEntry::Open), ..by(FunnelPreset::Ga4) };
        prop_assert_eq!(counted(&journeys, &options), reached);
    }

    /// In any order, within a window: how many different steps are met from any event on.
    #[test]
    fn posthog_s_any_order_counts_the_steps_met_in_a_window(journeys in journeys(2 * DAY)) {
        let furthest = |visits: &[Visit]| {
            let from = |start: &i64| {
                let met = |step: &&&str| {
                    visits.iter().any(|(name, time)| *name == **step && (*start..=start + 14 * DAY).contains(time))
                };
                STEPS.iter().filter(met).count()
            };
            visits.iter().map(|(_, time)| from(time)).max().unwrap_or(0)
        };
        let options = FunnelOptions { order: Some(FunnelOrder::AnyOrder), ..by(FunnelPreset::Posthog) };
        prop_assert_eq!(counted(&journeys, &options), expected(&journeys, furthest));
    }
}
