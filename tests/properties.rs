//! Laws that hold for every log: of order, of sums, and between the questions.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use journey_core::{
    AlignOptions, AttemptsOptions, BottleneckOptions, ChannelSwitching, ChannelSwitchingOptions, CompareOptions,
    CreditedPart, DiscoverOptions, DropOffOptions, Duration, EmotionOptions, Event, EventLog, FactorKind, FindingKind,
    FitnessOptions, JourneyMap, JourneyMatch, MapData, MatchOptions, OutcomeDriverOptions, OutcomeDrivers,
    PathCoverageOptions, ReadOptions, RemovalEffectOptions, RemovalEffects, ReworkOptions, SplitSessionsOptions,
    StepFlowOptions, StepMatrixOptions, SummaryOptions, TemporalProfileOptions, Timestamp, TouchpointDropOff,
    TransitionMatrix, TransitionMatrixOptions, TransitionRelation, TransitionRow, TransitionWeight, TransitionsOptions,
    VariantsOptions, align, attempts, bottlenecks, channel_switching, compare, discover, drop_offs, emotion_curve,
    fitness, match_events, outcome_drivers, path_coverage, read_csv, removal_effects, rework, step_flow, step_matrix,
    summary, temporal_profile, transition_matrix, transitions, variants,
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

fn eventually() -> TransitionsOptions {
    TransitionsOptions { relation: TransitionRelation::EventuallyFollows, ..TransitionsOptions::default() }
}

fn matrix(log: &EventLog, relation: TransitionRelation, weight: TransitionWeight) -> TransitionMatrix {
    transition_matrix(log, &TransitionMatrixOptions { relation, weight, limit: None }).unwrap()
}

/// The same events on channels: which one goes by the time, and some events have none.
fn log_on_channels(rows: &[Row], channels: [&str; 3]) -> EventLog {
    let mut builder = EventLog::builder();
    for (journey, touchpoint, millis, score) in rows {
        let journey = format!("j{journey}");
        let time = Timestamp::from_micros(millis * 1_000).unwrap();
        let mut event = Event::new(&journey, TOUCHPOINTS[usize::from(*touchpoint)], time);
        if let Some(channel) = channels.get(usize::try_from(millis % 4).unwrap()) {
            event = event.on_channel(channel);
        }
        builder = builder.event(score.map_or(event, |score| event.with_score(f64::from(score) / 10.0)));
    }
    builder.build().unwrap()
}

fn switching(log: &EventLog) -> ChannelSwitching {
    channel_switching(log, &ChannelSwitchingOptions { min_journeys: 1, ..Default::default() }).unwrap()
}

/// What goes before the first touchpoint that the log names.
fn drivers(log: &EventLog, options: &OutcomeDriverOptions) -> OutcomeDrivers {
    outcome_drivers(log, &[log.touchpoints().iter().next().unwrap_or("none")], options).unwrap()
}

/// What goes before the first touchpoint that the log names, by its part.
fn removed(log: &EventLog) -> RemovalEffects {
    let options = RemovalEffectOptions { by: CreditedPart::Touchpoint, resamples: 5, ..Default::default() };
    removal_effects(log, &[log.touchpoints().iter().next().unwrap_or("none")], &options).unwrap()
}

fn json(report: &impl serde::Serialize) -> String {
    serde_json::to_string(report).unwrap()
}

/// Nothing is too small or too rare to be compared.
fn everything_compared() -> CompareOptions {
    CompareOptions { min_n: 1, transitions: u64::MAX, ..CompareOptions::default() }
}

/// Every report about a log, as one text.
fn all_reports(log: &EventLog, map: &JourneyMap) -> String {
    let all = [
        json(&summary(log, &SummaryOptions::default()).unwrap()),
        json(&transitions(log, &TransitionsOptions::default()).unwrap()),
        json(&transitions(log, &eventually()).unwrap()),
        json(&transition_matrix(log, &TransitionMatrixOptions::default()).unwrap()),
        json(&variants(log, &VariantsOptions::default()).unwrap()),
        json(&rework(log, &ReworkOptions::default()).unwrap()),
        json(&bottlenecks(log, &BottleneckOptions::default()).unwrap()),
        json(&drop_offs(log, &DropOffOptions::default()).unwrap()),
        json(&step_matrix(log, &StepMatrixOptions::default()).unwrap()),
        json(&step_flow(log, &StepFlowOptions::default()).unwrap()),
        json(&temporal_profile(log, &TemporalProfileOptions::default()).unwrap()),
        json(&attempts(log, &[log.touchpoints().iter().next().unwrap_or("")], &AttemptsOptions::default()).unwrap()),
        json(&emotion_curve(map, log, &EmotionOptions::default()).unwrap()),
        json(&match_events(map, log, &MatchOptions::default()).unwrap()),
        json(&path_coverage(map, log, &PathCoverageOptions::default()).unwrap()),
        json(&compare(log, log, &everything_compared()).unwrap()),
        json(&discover(log, &DiscoverOptions::default()).unwrap().to_data()),
        json(&switching(log)),
        json(&drivers(log, &OutcomeDriverOptions::default())),
        json(&removed(log)),
    ];
    all.concat()
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
        let sum = |keep: &dyn Fn(&TransitionRow) -> bool| -> u64 {
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
    fn the_ways_out_of_a_channel_add_up(rows in rows()) {
        let report = switching(&log_on_channels(&rows, ["web", "app", "shop"]));
        let mut out: BTreeMap<&str, f64> = BTreeMap::new();
        for row in &report.transitions {
            *out.entry(&row.source).or_default() += row.p_out.share.unwrap();
        }
        prop_assert!(out.values().all(|sum| (sum - 1.0).abs() < 1e-9), "{:?}", out);
        prop_assert_eq!(report.transitions.iter().map(|row| row.count).sum::<u64>(), report.switches.of);
        let stayed: u64 = report.channels.iter().map(|row| row.lock_in.n).sum();
        prop_assert_eq!(report.switches.of - report.switches.n, stayed, "who does not stay switches");
    }

    #[test]
    fn other_names_for_channels_change_nothing_but_names(rows in rows()) {
        // The order of the names is turned round.
        let mut before = switching(&log_on_channels(&rows, ["a", "b", "c"]));
        let mut after = switching(&log_on_channels(&rows, ["z", "y", "x"]));
        for name in after.channels.iter_mut().map(|row| &mut row.channel).chain(
            after.transitions.iter_mut().flat_map(|row| [&mut row.source, &mut row.target]),
        ) {
            *name = match name.as_str() { "x" => "c", "y" => "b", _ => "a" }.to_owned();
        }
        for report in [&mut before, &mut after] {
            report.channels.sort_by(|a, b| a.channel.cmp(&b.channel));
            report.transitions.sort_by(|a, b| (&a.source, &a.target).cmp(&(&b.source, &b.target)));
        }
        prop_assert_eq!(before, after);
    }

    #[test]
    fn nobody_switches_where_there_is_one_channel(rows in rows()) {
        let report = switching(&log_on_channels(&rows, ["web"; 3]));
        prop_assert_eq!((report.switches.n, report.multichannel.n, report.costs.len()), (0, 0, 0));
        prop_assert!(report.switch_rate.mean.is_none_or(|mean| mean <= 0.0));
        prop_assert!(report.media_entropy.log.is_none_or(|log| log <= 0.0));
    }

    #[test]
    fn what_every_journey_either_has_or_has_not_has_reciprocal_odds(rows in rows()) {
        // A journey is on one channel from first to last, so that it has one of two factors and not the other.
        let mut builder = EventLog::builder();
        for (journey, touchpoint, millis, _) in &rows {
            // None begins with the outcome: what does has nothing before it.
            for (touchpoint, millis) in [("begin", -1), (TOUCHPOINTS[usize::from(*touchpoint)], *millis)] {
                let time = Timestamp::from_micros(millis * 1_000).unwrap();
                let channel = if journey % 2 == 0 { "even" } else { "odd" };
                builder = builder.event(Event::new(&format!("j{journey}"), touchpoint, time).on_channel(channel));
            }
        }
        let options = OutcomeDriverOptions { factors: vec![FactorKind::Channel], ..Default::default() };
        let report = drivers(&builder.build().unwrap(), &options);
        if let [one, other] = report.drivers.as_slice() {
            prop_assert!((one.odds_ratio.unwrap() * other.odds_ratio.unwrap() - 1.0).abs() < 1e-12);
            prop_assert!((one.low.unwrap() * other.high.unwrap() - 1.0).abs() < 1e-9);
            prop_assert!((one.p_value.unwrap() - other.p_value.unwrap()).abs() < 1e-12);
        }
    }

    #[test]
    fn what_follows_directly_follows_sooner_or_later(rows in rows()) {
        let log = log(&rows);
        let direct = transitions(&log, &TransitionsOptions::default()).unwrap();
        let eventual = transitions(&log, &eventually()).unwrap();
        let pairs: u64 = log.journeys().map(|journey| (journey.len() * (journey.len() - 1) / 2) as u64).sum();
        prop_assert_eq!(eventual.total, pairs);
        for row in direct.rows.iter().filter(|row| row.source.is_some() && row.target.is_some()) {
            let same = |later: &&TransitionRow| (&later.source, &later.target) == (&row.source, &row.target);
            let later = eventual.rows.iter().find(same).unwrap();
            prop_assert!(later.count >= row.count && later.journeys >= row.journeys && later.reach.of == row.reach.of);
            prop_assert_eq!(later.time.as_ref().unwrap().n, later.journeys);
        }
    }

    #[test]
    fn the_shares_of_a_matrix_add_up(rows in rows()) {
        let log = log(&rows);
        for relation in [TransitionRelation::DirectlyFollows, TransitionRelation::EventuallyFollows] {
            for row in matrix(&log, relation, TransitionWeight::POut).rows {
                let sum: f64 = row.values.iter().flatten().sum();
                prop_assert!(row.values.iter().all(Option::is_none) || (sum - 1.0).abs() < 1e-9, "{:?}", row);
            }
            let columns = matrix(&log, relation, TransitionWeight::PIn);
            for column in 0..columns.targets.len() {
                let values: Vec<Option<f64>> = columns.rows.iter().map(|row| row.values[column]).collect();
                let sum: f64 = values.iter().flatten().sum();
                prop_assert!(values.iter().all(Option::is_none) || (sum - 1.0).abs() < 1e-9, "{:?}", values);
            }
        }
        let counts = matrix(&log, TransitionRelation::DirectlyFollows, TransitionWeight::Count);
        let sum = |values: &mut dyn Iterator<Item = Option<f64>>| values.flatten().sum::<f64>();
        let starts = sum(&mut counts.rows[0].values.iter().copied());
        let ends = sum(&mut counts.rows.iter().map(|row| *row.values.last().unwrap()));
        let journeys = f64::from(u32::try_from(counts.journeys).unwrap());
        prop_assert!((starts - journeys).abs() < 1e-9 && (ends - journeys).abs() < 1e-9);
    }

    #[test]
    fn other_names_put_the_matrix_in_another_order_and_change_no_figure(rows in rows(), shift in 0..7u8) {
        let rename = |(j, touchpoint, millis, score): &Row| (*j, (touchpoint + shift) % 7, *millis, *score);
        let renamed: Vec<Row> = rows.iter().map(rename).collect();
        let new_name = |name: &Option<String>| {
            let place = name.as_ref().map(|name| TOUCHPOINTS.iter().position(|touchpoint| touchpoint == name).unwrap());
            place.map(|place| TOUCHPOINTS[(place + usize::from(shift)) % 7].to_owned())
        };
        for relation in [TransitionRelation::DirectlyFollows, TransitionRelation::EventuallyFollows] {
            let cells = |rows: &[Row], name: &dyn Fn(&Option<String>) -> Option<String>| {
                let matrix = matrix(&log(rows), relation, TransitionWeight::MedianSeconds);
                let mut cells = BTreeMap::new();
                for row in &matrix.rows {
                    for (target, value) in matrix.targets.iter().zip(&row.values) {
                        cells.insert((name(&row.source), name(target)), value.map(f64::to_bits));
                    }
                }
                cells
            };
            prop_assert_eq!(cells(&rows, &new_name), cells(&renamed, &Clone::clone));
        }
    }

    #[test]
    fn a_multiple_of_the_journeys_has_the_same_odds(rows in rows(), times in 2..5u8) {
        let multiple: Vec<Row> =
            rows.iter().flat_map(|row| (0..times).map(|copy| (row.0 + 10 * copy, row.1, row.2, row.3))).collect();
        let ratios = |rows: &[Row]| {
            let report = drivers(&log(rows), &OutcomeDriverOptions { prior: 0.0, ..Default::default() });
            report.drivers.into_iter().map(|row| (row.factor, row.odds_ratio.unwrap_or(-1.0))).collect::<BTreeMap<_, _>>()
        };
        let (one, many) = (ratios(&rows), ratios(&multiple));
        prop_assert!(one.keys().eq(many.keys()));
        prop_assert!(one.values().zip(many.values()).all(|(a, b)| (a - b).abs() <= 1e-12 * a.abs()), "{one:?} {many:?}");
    }

    #[test]
    fn rework_is_events_less_distinct_touchpoints(rows in rows()) {
        let log = log(&rows);
        let report = rework(&log, &ReworkOptions { limit: None, ..ReworkOptions::default() }).unwrap();
        let distinct = |journey: journey_core::Journey<'_>| journey.touchpoints().iter().collect::<BTreeSet<_>>().len();
        let expected = log.len() - log.journeys().map(distinct).sum::<usize>();
        prop_assert_eq!(report.rework.n, expected as u64);
        prop_assert_eq!(report.touchpoints.iter().map(|row| row.rework).sum::<u64>(), expected as u64);
        for row in &report.touchpoints {
            prop_assert_eq!(row.rework, row.events - row.journeys.of);
            prop_assert_eq!(row.rework, row.self_loop_events + row.repetitions);
            prop_assert!(row.self_loops <= row.self_loop_events && row.repeats + row.redos <= row.rework);
            prop_assert_eq!(row.self_distance.as_ref().map_or(0, |distance| distance.n), row.journeys.n);
            // Whoever comes back after something else goes in a circle, which is listed if it is short enough.
            let nearest = row.self_distance.as_ref().map(|distance| distance.min);
            let circle = report.cycles.iter().any(|cycle| cycle.touchpoints[0] == row.touchpoint);
            prop_assert!(!matches!(nearest, Some(1..=3)) || circle);
        }
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
    fn fitness_agrees_with_coverage_and_is_whole_for_a_discovered_map(rows in rows(), others in rows()) {
        let (log, other) = (log(&rows), log(&others));
        let map = discover(&log, &DiscoverOptions::default()).unwrap();
        if !log.is_empty() {
            prop_assert_eq!(fitness(&map, &log, &FitnessOptions::default()).unwrap().log_fitness, Some(1.0));
        }
        let fit = fitness(&map, &other, &FitnessOptions::default()).unwrap();
        if fit.shortest_path.is_some() {
            let cover = path_coverage(&map, &other, &PathCoverageOptions::default()).unwrap();
            prop_assert_eq!(&fit.fitting, &cover.log.journeys);
        }
        let aligned = align(&map, &other, &AlignOptions { limit: None, ..Default::default() }).unwrap();
        let cost = aligned.rows.iter().map(|row| row.cost.map(|cost| cost * row.journeys.n)).sum::<Option<u64>>();
        prop_assert_eq!(fit.cost, cost.filter(|_| fit.shortest_path.is_some()), "both ways to count moves agree");
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
    fn logs_made_from_a_log_lose_no_event_and_no_journey(rows in rows(), gap in 0..50_000i32) {
        let log = log(&rows);
        let paths = |log: &EventLog| variants(log, &VariantsOptions::default()).unwrap();
        let gap = Duration::from_seconds(f64::from(gap) / 1_000.0).unwrap();
        let sessions = log.split_sessions(gap, &SplitSessionsOptions::default()).unwrap();
        prop_assert_eq!(sessions.len(), log.len());
        prop_assert!(sessions.journey_count() >= log.journey_count());
        let back = JourneyMatch { with_path: Some("any -> any".into()), ..Default::default() };
        let others = JourneyMatch { without_path: back.with_path.clone(), ..Default::default() };
        let (many, one) = (log.select_journeys(&back).unwrap(), log.select_journeys(&others).unwrap());
        prop_assert_eq!(many.journey_count() + one.journey_count(), log.journey_count());
        prop_assert_eq!(one.len(), one.journey_count());
        let collapsed = log.collapse_repeats().unwrap();
        let again = transitions(&collapsed, &TransitionsOptions::default()).unwrap();
        prop_assert!(again.rows.iter().all(|row| row.source != row.target), "no touchpoint follows itself");
        prop_assert_eq!(paths(&collapsed), paths(&collapsed.collapse_repeats().unwrap()));
        let there = log.touchpoints().iter().map(|name| (name.to_owned(), format!("{name}!"))).collect();
        let renamed = log.rename(&there).unwrap();
        let back = there.into_iter().map(|(old, new)| (new, old)).collect();
        prop_assert_eq!(paths(&renamed.rename(&back).unwrap()), paths(&log));
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
    fn every_journey_ends_once_or_is_open(rows in rows(), silent in prop::option::of(0..120u32), goals in 0..3usize) {
        let log = log(&rows);
        let names = |count: usize| log.touchpoints().iter().take(count).map(str::to_owned).collect::<Vec<_>>();
        let inactive_after = silent.map(|seconds| Duration::from_seconds(seconds.into()).unwrap());
        let (conversion, path) = (names(goals), names(3));
        let options = DropOffOptions { conversion, path, inactive_after, ..Default::default() };
        let report = drop_offs(&log, &options).unwrap();
        let sum = |count: &dyn Fn(&TouchpointDropOff) -> u64| -> u64 { report.touchpoints.iter().map(count).sum() };
        prop_assert_eq!(sum(&|row| row.exit_rate.n), report.journeys - report.open_journeys);
        prop_assert_eq!(sum(&|row| row.open_journeys), report.open_journeys);
        prop_assert!(report.drop_off_rate.as_ref().is_none_or(|rate| rate.n == sum(&|row| row.drop_off_rate.n)));
        prop_assert_eq!(sum(&|row| row.exit_rate.of), log.len() as u64 - report.open_journeys);
        for pair in report.path.windows(2) {
            let divergence = pair[0].divergence_rate.as_ref().unwrap();
            prop_assert_eq!(divergence.of - divergence.n, pair[1].journeys, "the others reach the next step");
            prop_assert_eq!(divergence.of + pair[0].open_journeys, pair[0].journeys);
            prop_assert_eq!(pair[0].next.iter().map(|next| next.share.n).sum::<u64>(), divergence.n);
            let (returned, lost) = (pair[0].returned.as_ref().unwrap(), pair[0].lost.as_ref().unwrap());
            prop_assert!(returned.n + lost.n <= divergence.n && pair[0].exit_rate.n <= divergence.n);
        }
        if goals == 0 {
            prop_assert!(report.touchpoints.iter().all(|row| row.drop_off_rate == row.exit_rate));
        }
    }

    #[test]
    fn the_ends_are_those_of_the_transitions(rows in rows()) {
        let log = log(&rows);
        let ways = transitions(&log, &TransitionsOptions::default()).unwrap();
        for row in drop_offs(&log, &DropOffOptions::default()).unwrap().touchpoints {
            let end = ways.rows.iter().find(|way| way.source.as_ref() == Some(&row.touchpoint) && way.target.is_none());
            prop_assert_eq!(end.map_or(0, |end| end.count), row.exit_rate.n);
            prop_assert!(end.is_none_or(|end| end.p_out == row.exit_rate), "p(end | a)");
        }
    }

    #[test]
    fn whatever_bytes_are_read_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), gzip in any::<bool>()) {
        let head: &[u8] = if gzip { &[0x1f, 0x8b, 8, 0] } else { b"journey,touchpoint,time\n" };
        let _ = read_csv(&[head, &bytes].concat()[..], &ReadOptions::default());
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
        if let Ok(log) = read_csv(&bytes[..], &ReadOptions::default()) {
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
        let report = switching(&log_on_channels(&rows, ["web", "app", "shop"]));
        let again = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        prop_assert_eq!(report, again);
        let report = drivers(&log, &OutcomeDriverOptions::default());
        let again = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        prop_assert_eq!(report, again);
        let report = removed(&log);
        let again = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        prop_assert_eq!(report, again);
    }

    #[test]
    fn credit_adds_up_to_the_conversions_and_staying_changes_none(rows in rows()) {
        let [report, moved] = [log(&rows), log(&rows).collapse_repeats().unwrap()].map(|log| removed(&log));
        let credit: f64 = report.rows.iter().filter_map(|row| row.credit).sum();
        prop_assert!((credit - f64::from(u32::try_from(report.conversion.n).unwrap())).abs() < 1e-9, "{credit} {:?}", report.conversion);
        prop_assert_eq!(&report.conversion, &moved.conversion);
        for (row, moved) in report.rows.iter().zip(&moved.rows) {
            prop_assert_eq!(&row.name, &moved.name);
            let close = |a: Option<f64>, b: Option<f64>| a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-9);
            prop_assert!(close(row.effect, moved.effect) && close(row.effect_low, moved.effect_low), "{row:?} {moved:?}");
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
}
