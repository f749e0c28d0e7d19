//! Laws of logs without times: what needs no time is as in the same log with times, and every figure of time is missing.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]
#![expect(clippy::default_trait_access, reason = "of each question the options are meant that it has")]

use std::collections::{BTreeMap, BTreeSet};

use journey_core::{
    Answer, AttemptsOptions, BottleneckOptions, BusinessHours, ChannelSwitchingOptions, CompareOptions, Comparison,
    DeviationOptions, DiscoverOptions, DropOffOptions, EmotionOptions, ErrorKind, Event, EventLog, EventMatch,
    ExplainFunnelsOptions, FactorKind, Feedback, FindingKind, FunnelOptions, FunnelOrder, FunnelPreset, FunnelStep,
    FunnelTies, JourneyMap, JourneyMatch, MarkOptions, MatchFeedbackOptions, OutcomeDriverOptions, PathCoverageOptions,
    SatisfactionOptions, ScoreScale, SegmentOptions, SelectOptions, SplitSessionsOptions, StepFlowOptions,
    StepMatrixOptions, SummaryOptions, TemporalProfileOptions, Timestamp, TransitionMatrixOptions, TransitionRelation,
    TransitionWeight, TransitionsOptions, UnmappedEvents, WithFeedbackOptions, WithMapOptions, align, attempts,
    bottlenecks, channel_switching, compare, compare_groups, deviations, discover, drop_offs, emotion_curve,
    emotion_dips, explain_funnels, fitness, funnel, lint, match_events, match_feedback, outcome_drivers, path_coverage,
    peak_end_score, precision, rework, satisfaction, segments, step_flow, step_matrix, summary, temporal_profile,
    transition_matrix, transitions, variants,
};
use journey_tests::difference;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;

/// The figures of time, by report and path; those of a list without its places.
const TIME_FIGURES: [&str; 23] = [
    "attempts.time_to_success",
    "bottlenecks.total_seconds",
    "bottlenecks.touchpoints",
    "bottlenecks.transitions",
    "channel_switching.channels.overloaded",
    "channel_switching.channels.wait",
    "channel_switching.costs.time",
    "discover.transitions.observed.mean_seconds",
    "discover.transitions.observed.median_seconds",
    "explain_funnels.reasons.examples.visits_in_a.time",
    "explain_funnels.reasons.examples.visits_in_b.time",
    "funnel.groups.steps.from_first",
    "funnel.groups.steps.from_previous",
    "funnel.steps.from_first",
    "funnel.steps.from_previous",
    "rework.touchpoints.first_to_last",
    "segments.rows.throughput",
    "summary.first",
    "summary.last",
    "summary.throughput",
    "summary.tied_events",
    "transition_matrix_times.rows.values",
    "transitions.rows.time",
];

const TOUCHPOINTS: [&str; 6] = ["ad", "cart", "home", "pay", "search", "ship"];

/// Journey, touchpoint, milliseconds since the row before, channel, score.
type Row = (u8, usize, i64, usize, Option<i8>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0..9u8, 0..TOUCHPOINTS.len(), 1..100_000i64, 0..4usize, prop::option::of(-20..=20i8));
    prop::collection::vec(row, 1..80)
}

/// The rows one after the other: with times that rise from row to row, or without.
fn log(rows: &[Row], timed: bool) -> EventLog {
    let mut builder = EventLog::builder().attribute("side");
    let mut millis = 0;
    for (journey, touchpoint, later, channel, score) in rows {
        millis += later;
        let id = format!("j{journey}");
        let mut event = Event::untimed(&id, TOUCHPOINTS[*touchpoint]);
        event.time = timed.then(|| Timestamp::from_micros(millis * 1_000).unwrap());
        event.channel = ["web", "app", "shop"].get(*channel).copied();
        event.score = score.map(|score| f64::from(score) / 10.0);
        builder = builder.event_with(event, [Some(if journey % 2 == 0 { "even" } else { "odd" })]);
    }
    builder.build().unwrap()
}

fn report<E: std::fmt::Debug>(name: &'static str, report: Result<impl Serialize, E>) -> (&'static str, Value) {
    (name, serde_json::to_value(report.unwrap()).unwrap())
}

/// Every cost of a switch is listed.
fn costs() -> ChannelSwitchingOptions {
    ChannelSwitchingOptions { min_journeys: 1, ..Default::default() }
}

/// Every report about a log; comparisons apart, which are of families of tests.
fn reports(log: &EventLog, map: &JourneyMap) -> Vec<(&'static str, Value)> {
    let goal = log.touchpoints().name(0);
    let steps: Vec<FunnelStep> = log.touchpoints().iter().chain([goal]).take(2).map(FunnelStep::from).collect();
    let eventually = TransitionsOptions { relation: TransitionRelation::EventuallyFollows, ..Default::default() };
    let seconds = |weight| TransitionMatrixOptions { weight, ..Default::default() };
    let strict =
        FunnelOptions { order: Some(FunnelOrder::Strict), breakdown: Some("side".into()), ..Default::default() };
    let drivers = OutcomeDriverOptions {
        factors: vec![FactorKind::Touchpoint, FactorKind::Transition, FactorKind::Channel, FactorKind::Attribute],
        attributes: vec!["side".into()],
        ..Default::default()
    };
    let conversion = vec![goal.to_owned()];
    let costs = costs();
    let only =
        EventMatch { channels: log.channels().iter().take(1).map(str::to_owned).collect(), ..Default::default() };
    vec![
        report("summary", summary(log, &SummaryOptions::default())),
        report("transitions", transitions(log, &TransitionsOptions::default())),
        report("transitions", transitions(log, &eventually)),
        report("transition_matrix", transition_matrix(log, &TransitionMatrixOptions::default())),
        report("transition_matrix_times", transition_matrix(log, &seconds(TransitionWeight::MeanSeconds))),
        report("transition_matrix_times", transition_matrix(log, &seconds(TransitionWeight::MedianSeconds))),
        report("variants", variants(log, &Default::default())),
        report("rework", rework(log, &Default::default())),
        report("step_matrix", step_matrix(log, &StepMatrixOptions::default())),
        report("step_flow", step_flow(log, &StepFlowOptions::default())),
        report("drop_offs", drop_offs(log, &DropOffOptions { conversion: conversion.clone(), ..Default::default() })),
        report("bottlenecks", bottlenecks(log, &BottleneckOptions::default())),
        report("funnel", funnel(log, &steps, &FunnelOptions::default())),
        report("funnel", funnel(log, &steps, &strict)),
        report("funnel", funnel(log, &steps, &FunnelOptions { preset: Some(FunnelPreset::Ga4), ..Default::default() })),
        report(
            "funnel",
            funnel(log, &steps, &FunnelOptions { order: Some(FunnelOrder::AnyOrder), ..Default::default() }),
        ),
        report(
            "explain_funnels",
            explain_funnels(log, &steps, &strict, &Default::default(), &ExplainFunnelsOptions::default()),
        ),
        report("attempts", attempts(log, &[goal], &AttemptsOptions { attempt: only, ..Default::default() })),
        report("outcome_drivers", outcome_drivers(log, &[goal], &drivers)),
        report("segments", segments(log, "side", &SegmentOptions { conversion, ..Default::default() })),
        report("emotion_curve", emotion_curve(map, Some(log), &EmotionOptions::default())),
        report("emotion_dips", emotion_dips(map, Some(log), &Default::default())),
        report("peak_end_score", peak_end_score(log, &Default::default())),
        report("match_events", match_events(map, log, &Default::default())),
        report("path_coverage", path_coverage(map, log, &PathCoverageOptions::default())),
        report("align", align(map, log, &Default::default())),
        report("fitness", fitness(map, log, &Default::default())),
        report("precision", precision(map, log, &Default::default())),
        report("deviations", deviations(map, log, &DeviationOptions::default())),
        report("lint", lint(map, Some(log), &Default::default())),
        report("discover", discover(log, &DiscoverOptions::default()).map(|map| map.to_data())),
        report("channel_switching", channel_switching(log, &costs).map(|found| unjudged(&found, &["costs"]))),
    ]
}

/// The report without what was judged as a family of tests, of which the times were a part.
fn unjudged(report: &impl Serialize, lists: &[&str]) -> Value {
    let mut report = serde_json::to_value(report).unwrap();
    for list in lists {
        report[*list].as_array_mut().unwrap().iter_mut().for_each(forget_verdicts);
    }
    report
}

fn forget_verdicts(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for verdict in ["p_adjusted", "significant", "sentence"] {
                fields.remove(verdict);
            }
            fields.values_mut().for_each(forget_verdicts);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_verdicts),
        _ => {}
    }
}

/// The p-values of a family, adjusted by Benjamini and Hochberg.
fn adjusted(p_values: &[f64]) -> Vec<f64> {
    let n = p_values.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| p_values[*b].total_cmp(&p_values[*a]));
    let (mut adjusted, mut least) = (vec![1.0; n], 1.0_f64);
    for (above, place) in order.into_iter().enumerate() {
        least = least
            .min(p_values[place] * f64::from(u32::try_from(n).unwrap()) / f64::from(u32::try_from(n - above).unwrap()));
        adjusted[place] = least;
    }
    adjusted
}

/// Whether tests were judged as one family: each p-value beside its adjusted one.
fn judged_as_one(tests: &[(Option<f64>, Option<f64>)]) -> bool {
    let p_values: Vec<f64> = tests.iter().filter_map(|(p, _)| *p).collect();
    let found: Vec<f64> = tests.iter().filter_map(|(_, adjusted)| *adjusted).collect();
    let expected = adjusted(&p_values);
    expected.len() == found.len() && expected.iter().zip(found).all(|(a, b)| (a - b).abs() < 1e-12)
}

/// Takes the figures of time out of a report, and says which of them had a value.
fn take_times(value: &mut Value, path: &str, with_value: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.retain(|name, field| {
            let path = format!("{path}.{name}");
            if !TIME_FIGURES.contains(&path.as_str()) {
                take_times(field, &path, with_value);
                return true;
            }
            let is_there = match field {
                Value::Null => false,
                Value::Array(items) => items.iter().any(|item| !item.is_null() && *item != 0.0),
                _ => true,
            };
            if is_there {
                with_value.insert(path);
            }
            false
        }),
        Value::Array(items) => items.iter_mut().for_each(|item| take_times(item, path, with_value)),
        _ => {}
    }
}

/// What is wrong with the report of a log without times, given that of the same log with times; and which figures of time
/// that one had.
fn wrong((name, timed): &(&'static str, Value), untimed: &Value, had: &mut BTreeSet<String>) -> Option<String> {
    let (mut timed, mut untimed) = (timed.clone(), untimed.clone());
    let mut has = BTreeSet::new();
    take_times(&mut timed, name, had);
    take_times(&mut untimed, name, &mut has);
    match has.first() {
        Some(figure) => Some(format!("{figure} is there without times")),
        None => difference(&timed, &untimed, 0.0, false).map(|difference| format!("{name}{difference}")),
    }
}

/// The findings of a comparison that are not about time, by what they are about.
fn findings(comparison: &Comparison) -> Value {
    let mut report = unjudged(comparison, &["findings"]);
    let about = |finding: &Value| ["kind", "touchpoint", "source", "target"].map(|field| finding[field].to_string());
    let findings = report["findings"].as_array_mut().unwrap();
    findings.retain(|finding| finding["kind"] != "throughput_time" && finding["kind"] != "transition_time");
    findings.sort_by_key(about);
    for count in ["tests", "significant", "too_small"] {
        report.as_object_mut().unwrap().remove(count);
    }
    report
}

proptest! {
    #[test]
    fn what_needs_no_time_is_the_same_without_times(rows in rows()) {
        let (timed, untimed) = (log(&rows, true), log(&rows, false));
        let map = discover(&untimed, &DiscoverOptions::default()).unwrap();
        let mut had = BTreeSet::new();
        for (timed, (_, untimed)) in reports(&timed, &map).iter().zip(reports(&untimed, &map)) {
            prop_assert_eq!(wrong(timed, &untimed, &mut had), None);
        }
        let costs = channel_switching(&untimed, &costs()).unwrap().costs;
        let conversions = costs.iter().filter_map(|cost| cost.conversion.as_ref());
        let mut tests: Vec<_> = conversions.map(|found| (found.difference.p_value, found.p_adjusted)).collect();
        tests.extend(costs.iter().filter_map(|cost| cost.score.as_ref()).map(|found| (found.p_value, found.p_adjusted)));
        prop_assert!(judged_as_one(&tests));
    }

    #[test]
    fn groups_are_compared_in_all_but_time(rows in rows()) {
        let options = CompareOptions { min_n: 1, transitions: u64::MAX, ..CompareOptions::default() };
        let (timed, untimed) = (log(&rows, true), log(&rows, false));
        prop_assume!(timed.attribute_values("side").unwrap().len() == 2);
        let of = |log: &EventLog| compare_groups(log, "side", "even", "odd", &options).unwrap();
        let (timed, untimed, itself) = (of(&timed), of(&untimed), compare(&untimed, &timed, &options).unwrap());
        prop_assert_eq!(difference(&findings(&timed), &findings(&untimed), 0.0, false), None);
        for comparison in [untimed, itself] {
            let tests: Vec<_> = comparison.findings.iter().map(|found| (found.p_value, found.p_adjusted)).collect();
            prop_assert!(judged_as_one(&tests));
            prop_assert!(comparison.findings.iter().all(|found| !matches!(
                found.kind,
                FindingKind::ThroughputTime | FindingKind::TransitionTime
            )));
        }
    }

    #[test]
    fn logs_made_from_a_log_without_times_have_its_order(rows in rows(), first in 0..4u64) {
        let made = |log: &EventLog| {
            let goal = log.touchpoints().name(0).to_owned();
            let pattern = JourneyMatch { with_path: Some(format!("{goal} ->> any")), ..Default::default() };
            let rename = [(goal.clone(), "other".to_owned())].into();
            let map = discover(log, &DiscoverOptions::default()).unwrap();
            [
                log.select(&SelectOptions { start_at: vec![goal], first: Some(first), ..Default::default() }),
                log.select_journeys(&pattern),
                log.mark("marked", &pattern, &MarkOptions::default()),
                log.collapse_repeats(),
                log.rename(&rename),
                log.with_map(&map, &Default::default()),
            ]
        };
        for (timed, untimed) in made(&log(&rows, true)).into_iter().zip(made(&log(&rows, false))) {
            let (timed, untimed) = (timed.unwrap(), untimed.unwrap());
            prop_assert!(timed.has_times() && !untimed.has_times());
            let events = |log: &EventLog| -> Vec<String> {
                log.journeys().flat_map(|j| j.events().map(|mut event| {
                    (event.time, event.start) = (None, None);
                    format!("{event:?}")
                }).collect::<Vec<_>>()).collect()
            };
            prop_assert_eq!(events(&timed), events(&untimed));
        }
    }
}

/// The rows journey by journey, each of which stands for so many customers: as a weight, or as journeys of their own.
fn weighted(rows: &[Row], weights: &[u8], timed: bool, repeated: bool) -> EventLog {
    let mut builder = EventLog::builder().attribute("side");
    for (journey, weight) in (0..9u8).zip(weights) {
        let mine = |row: &&Row| row.0 == journey;
        for copy in 0..if repeated { *weight } else { 1 } {
            let id = if copy == 0 { format!("j{journey}") } else { format!("j{journey}~{copy}") };
            let mut millis = 0;
            for (_, touchpoint, later, channel, score) in rows.iter().filter(mine) {
                millis += later;
                let mut event = Event::untimed(&id, TOUCHPOINTS[*touchpoint]);
                event.time = timed.then(|| Timestamp::from_micros(millis * 1_000).unwrap());
                event.channel = ["web", "app", "shop"].get(*channel).copied();
                event.score = score.map(|score| f64::from(score) / 10.0);
                builder = builder.event_with(event, [Some(if journey % 2 == 0 { "even" } else { "odd" })]);
            }
        }
        if !repeated && rows.iter().any(|row| row.0 == journey) {
            builder = builder.weight(&format!("j{journey}"), u64::from(*weight));
        }
    }
    builder.build().unwrap()
}

/// The same texts, without what tells customers of one journey apart.
fn same_ids(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some((before, after)) = text.split_once('~') {
                *text = format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit()));
            }
        }
        Value::Object(fields) => fields.values_mut().for_each(same_ids),
        Value::Array(items) => items.iter_mut().for_each(same_ids),
        _ => {}
    }
}

proptest! {
    #[test]
    fn a_journey_of_some_weight_is_there_as_often(
        rows in rows(),
        weights in prop::collection::vec(1..5u8, 9),
        timed in any::<bool>(),
    ) {
        let (weighted, repeated) = (weighted(&rows, &weights, timed, false), weighted(&rows, &weights, timed, true));
        prop_assert_eq!(weighted.customers(), repeated.journey_count() as u64);
        let map = discover(&weighted, &DiscoverOptions::default()).unwrap();
        // Rarer ways are not on the map, so that there are deviations from it.
        let map = discover(&weighted, &DiscoverOptions { min_journeys: 3, ..Default::default() }).unwrap_or(map);
        let half = JourneyMatch { min_events: Some(3), ..Default::default() };
        let names: BTreeMap<String, String> =
            [("ad", "home"), ("home", "ad")].map(|(old, new)| (old.into(), new.into())).into();
        let names: BTreeMap<String, String> =
            names.into_iter().filter(|(old, _)| weighted.touchpoints().code(old).is_some()).collect();
        let first = SelectOptions { first: Some(2), ..Default::default() };
        let made: [&dyn Fn(&EventLog) -> journey_core::Result<EventLog>; 7] = [
            &|log| Ok(log.clone()),
            &|log| log.select_journeys(&half),
            &|log| log.select(&first),
            &|log| log.collapse_repeats(),
            &|log| log.mark("half", &half, &MarkOptions::default()),
            &|log| log.rename(&names),
            &|log| log.with_map(&map, &WithMapOptions { unmapped: UnmappedEvents::Drop, ..Default::default() }),
        ];
        for made in made {
            let (weighted, repeated) = (made(&weighted).unwrap(), made(&repeated).unwrap());
            if weighted.is_empty() {
                continue;
            }
            for ((name, weighted), (_, mut repeated)) in reports(&weighted, &map).into_iter().zip(reports(&repeated, &map)) {
                same_ids(&mut repeated);
                prop_assert_eq!(difference(&repeated, &weighted, 0.0, false), None, "{}", name);
            }
            if timed {
                let profile = |log: &EventLog| {
                    let options = TemporalProfileOptions { zeta: 1.0, ..Default::default() };
                    let mut report = serde_json::to_value(temporal_profile(log, &options).unwrap()).unwrap();
                    same_ids(&mut report);
                    report
                };
                prop_assert_eq!(difference(&profile(&repeated), &profile(&weighted), 0.0, false), None);
            }
        }
    }

    #[test]
    fn sessions_of_a_journey_of_some_weight_are_there_as_often(rows in rows(), weights in prop::collection::vec(1..5u8, 9)) {
        let sessions = |repeated| {
            let log = weighted(&rows, &weights, true, repeated);
            log.split_sessions("40s".parse().unwrap(), &SplitSessionsOptions::default()).unwrap()
        };
        let (weighted, repeated) = (sessions(false), sessions(true));
        prop_assert_eq!(weighted.customers(), repeated.journey_count() as u64);
        let map = discover(&weighted, &DiscoverOptions::default()).unwrap();
        // The sessions of a customer stand together, so that what lists single journeys lists them in another order.
        let lists = ["deviations", "explain_funnels", "peak_end_score"];
        for ((name, weighted), (_, mut repeated)) in reports(&weighted, &map).into_iter().zip(reports(&repeated, &map)) {
            same_ids(&mut repeated);
            let other = difference(&repeated, &weighted, 0.0, false);
            prop_assert!(other.is_none() || lists.contains(&name), "{}{:?}", name, other);
        }
    }

    #[test]
    fn comparisons_count_each_customer_that_a_journey_stands_for(
        a in rows(), b in rows(), weights in prop::collection::vec(1..5u8, 18), timed in any::<bool>(),
    ) {
        let options = CompareOptions { min_n: 1, transitions: u64::MAX, conversion: vec!["pay".into()], ..Default::default() };
        let (of_a, of_b) = weights.split_at(9);
        let logs = |repeated| (weighted(&a, of_a, timed, repeated), weighted(&b, of_b, timed, repeated));
        let compared = |repeated| {
            let (a, b) = logs(repeated);
            compare(&a, &b, &options).ok().map(|report| serde_json::to_value(report).unwrap())
        };
        prop_assert_eq!(compared(false), compared(true));
        let grouped = |repeated| {
            let report = compare_groups(&logs(repeated).0, "side", "even", "odd", &options);
            report.ok().map(|report| serde_json::to_value(report).unwrap())
        };
        prop_assert_eq!(grouped(false), grouped(true));
    }

    #[test]
    fn answers_of_single_customers_stand_beside_journeys_of_many(
        rows in rows(),
        weights in prop::collection::vec(1..5u8, 9),
        answers in prop::collection::vec((0..12u8, 0..TOUCHPOINTS.len() + 1, 0..8_000_000i64, 0..=10u8), 0..20),
    ) {
        // Those who answer stand for themselves.
        let weights: Vec<u8> = (0..9u8).map(|journey| if journey < 5 { 1 } else { weights[usize::from(journey)] }).collect();
        // Some are of nobody in the log.
        let customers: Vec<String> = (0..12u8).map(|j| format!("j{}", if j < 5 { j } else { j + 9 })).collect();
        let answers = answers.iter().map(|(journey, touchpoint, millis, score)| {
            let customer = &customers[usize::from(*journey)];
            let answer = Answer::new(customer, Timestamp::from_micros(millis * 1_000).unwrap());
            let answer = answer.with_score(f64::from(*score), ScoreScale::Nps);
            TOUCHPOINTS.get(*touchpoint).map_or(answer, |name| answer.about(name))
        });
        let feedback = Feedback::new(answers.collect::<Vec<_>>()).unwrap();
        let [weighted, repeated] = [false, true].map(|repeated| weighted(&rows, &weights, true, repeated));
        let matches = |log: &EventLog| {
            let matched = match_feedback(log, &feedback, &MatchFeedbackOptions::default()).unwrap();
            let satisfied = satisfaction(log, &feedback, &SatisfactionOptions::default()).unwrap();
            [serde_json::to_value(matched).unwrap(), serde_json::to_value(satisfied).unwrap()]
        };
        prop_assert_eq!(matches(&weighted), matches(&repeated));
        let told = |log: &EventLog| log.with_feedback(&feedback, &WithFeedbackOptions::default()).unwrap();
        let (weighted, repeated) = (told(&weighted), told(&repeated));
        let map = discover(&weighted, &DiscoverOptions::default()).unwrap();
        for ((name, weighted), (_, mut repeated)) in reports(&weighted, &map).into_iter().zip(reports(&repeated, &map)) {
            same_ids(&mut repeated);
            prop_assert_eq!(difference(&repeated, &weighted, 0.0, false), None, "{}", name);
        }
    }
}

#[test]
fn each_figure_of_time_is_tried_and_one_that_stays_is_found() {
    // Two customers on two channels, one of whom comes back.
    let rows: Vec<Row> = [(0, 1), (0, 3), (0, 1), (0, 3), (0, 0), (1, 0), (1, 3), (1, 1), (1, 1), (2, 1), (2, 3)]
        .into_iter()
        .enumerate()
        .map(|(place, (journey, touchpoint))| (journey, touchpoint, 1_000, usize::from(journey) % 2 + place % 2, None))
        .chain([
            (3, 1, 1_000, 0, None),
            (3, 3, 0, 0, None),
            (4, 1, 1, 0, None),
            (4, 3, 1, 1, None),
            (5, 0, 1, 0, None),
            (5, 1, 1, 0, None),
        ])
        .collect();
    let (timed, untimed) = (log(&rows, true), log(&rows, false));
    let map = discover(&untimed, &DiscoverOptions::default()).unwrap();
    let (mut had, mut found) = (BTreeSet::new(), BTreeSet::new());
    let (with, without) = (reports(&timed, &map), reports(&untimed, &map));
    for (with, (_, without)) in with.iter().zip(&without) {
        assert_eq!(wrong(with, without, &mut had), None);
        found.extend(wrong(with, &with.1, &mut BTreeSet::new()).map(|_| with.0));
    }
    let reports: BTreeSet<&str> = TIME_FIGURES.iter().filter_map(|figure| figure.split('.').next()).collect();
    assert_eq!(found, reports, "figures that stay are found in each report that has some");
    assert_eq!(had.iter().map(String::as_str).collect::<Vec<_>>(), TIME_FIGURES, "of these");
    let (name, mut other) = without[0].clone();
    other["journeys"] = 7.into();
    assert_eq!(wrong(&(name, other), &without[0].1, &mut had).unwrap(), "summary.journeys: expected 7, got 6");
}

/// The field that an error names, if it says that times are needed.
fn needs<T>(result: journey_core::Result<T>) -> Option<String> {
    let error = result.err()?;
    assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidOption, NEEDS.to_owned()));
    error.location().field.clone()
}

const NEEDS: &str = "this needs times, and the log has only the order of events";

#[test]
fn what_asks_for_times_is_refused_by_its_name() {
    let log = log(&[(0, 1, 1, 0, None), (0, 3, 1, 0, None), (1, 1, 1, 0, None)], false);
    let day = || Some("1d".parse().unwrap());
    let text = || Some("2024-03-13".to_owned());
    let steps = ["cart", "pay"];
    let funnelled = |options: FunnelOptions| needs(funnel(&log, steps, &options)).unwrap();
    assert_eq!(funnelled(FunnelOptions { window: day(), ..Default::default() }), "window");
    assert_eq!(funnelled(FunnelOptions { inactive_after: day(), ..Default::default() }), "inactive_after");
    assert_eq!(funnelled(FunnelOptions { ties: Some(FunnelTies::StrictlyLater), ..Default::default() }), "ties");
    for preset in [FunnelPreset::Amplitude, FunnelPreset::Clickhouse, FunnelPreset::Mixpanel, FunnelPreset::Posthog] {
        assert_eq!(funnelled(FunnelOptions { preset: Some(preset), ..Default::default() }), "preset");
    }
    let late = FunnelStep { max_gap: day(), ..FunnelStep::from("pay") };
    assert_eq!(needs(funnel(&log, ["cart".into(), late], &Default::default())).unwrap(), "steps[1].max_gap");
    let within = FunnelOptions { window: day(), ..Default::default() };
    let explained = explain_funnels(&log, steps, &Default::default(), &within, &Default::default());
    assert_eq!(needs(explained).unwrap(), "window");

    let inactive_after = day();
    let all = [
        needs(drop_offs(&log, &DropOffOptions { inactive_after, ..Default::default() })),
        needs(step_flow(&log, &StepFlowOptions { inactive_after, ..Default::default() })),
        needs(step_matrix(&log, &StepMatrixOptions { inactive_after, ..Default::default() })),
        needs(channel_switching(&log, &ChannelSwitchingOptions { inactive_after, ..Default::default() })),
        needs(attempts(&log, &["pay"], &AttemptsOptions { inactive_after, ..Default::default() })),
        needs(outcome_drivers(&log, &["pay"], &OutcomeDriverOptions { inactive_after, ..Default::default() })),
        needs(segments(&log, "side", &SegmentOptions { inactive_after, ..Default::default() })),
        needs(compare(&log, &log, &CompareOptions { inactive_after, ..Default::default() })),
    ];
    assert!(all.iter().all(|field| field.as_deref() == Some("inactive_after")), "{all:?}");

    let landmark = OutcomeDriverOptions { within: day(), ..Default::default() };
    assert_eq!(needs(outcome_drivers(&log, &["pay"], &landmark)).unwrap(), "within");
    let office = BottleneckOptions { calendar: Some(BusinessHours::default()), ..Default::default() };
    assert_eq!(needs(bottlenecks(&log, &office)).unwrap(), "calendar");
    assert_eq!(needs(temporal_profile(&log, &TemporalProfileOptions::default())).unwrap(), "log");
    assert_eq!(needs(log.split_sessions(day().unwrap(), &SplitSessionsOptions::default())).unwrap(), "gap");
    assert_eq!(needs(log.select(&SelectOptions { since: text(), ..Default::default() })).unwrap(), "since");
    assert_eq!(needs(log.select(&SelectOptions { until: text(), ..Default::default() })).unwrap(), "until");
    let started = JourneyMatch { started_until: text(), ..Default::default() };
    assert_eq!(needs(log.select_journeys(&started)).unwrap(), "started_until");
    let lasting = JourneyMatch { min_duration: day(), ..Default::default() };
    assert_eq!(needs(log.mark("long", &lasting, &MarkOptions::default())).unwrap(), "journeys.min_duration");

    let feedback = Feedback::new([]).unwrap();
    assert_eq!(needs(log.with_feedback(&feedback, &WithFeedbackOptions::default())).unwrap(), "feedback");
    assert_eq!(needs(match_feedback(&log, &feedback, &MatchFeedbackOptions::default())).unwrap(), "feedback");
    assert_eq!(needs(satisfaction(&log, &feedback, &SatisfactionOptions::default())).unwrap(), "feedback");
}
