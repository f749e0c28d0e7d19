//! What each question costs on a seeded log of a million events: 40 touchpoints, 100,000 journeys, rows in the
//! order of time. The floor beside them is one pass over the touchpoints that adds up their codes.
//!
//! `cargo bench` prints times; ratios may be formed of figures of one run only.
#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

mod data;

use std::fmt::Write as _;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use journey_core::{
    AttemptsOptions, BottleneckOptions, ChannelSwitchingOptions, CompareOptions, DeviationOptions, DiscoverOptions,
    DropOffOptions, EmotionOptions, Event, EventLog, Feedback, FitnessOptions, FunnelEntry, FunnelOptions, JourneyMap,
    JourneyMatch, LintOptions, MatchOptions, Monitor, MonitorOptions, OutcomeDriverOptions, PathCoverageOptions,
    PeakEndOptions, ReadOptions, RemovalEffectOptions, RenderFlowOptions, ReworkOptions, SatisfactionOptions,
    ScoreScale, SegmentOptions, SelectOptions, SplitSessionsOptions, State, StateOptions, StepFlowOptions,
    StepMatrixOptions, SummaryOptions, TemporalProfileOptions, TransitionMatrixOptions, TransitionRelation,
    TransitionsOptions, VariantsOptions, WithMapOptions, attempts, bottlenecks, channel_switching, compare, deviations,
    discover, drop_offs, emotion_curve, emotion_dips, fitness, funnel, lint, match_events, outcome_drivers,
    path_coverage, peak_end_score, read_csv, removal_effects, render_flow, rework, satisfaction, segments, step_flow,
    step_matrix, summary, temporal_profile, transition_matrix, transitions, variants,
};

fn map(log: &EventLog) -> JourneyMap {
    discover(log, &DiscoverOptions { min_journeys: 1_500, ..DiscoverOptions::default() }).unwrap()
}

fn questions(c: &mut Criterion) {
    let text = data::csv();
    let options = data::columns();
    let log = read_csv(text.as_bytes(), &options).unwrap();
    let grouped = ReadOptions { attributes: vec!["score".into()], ..options.clone() };
    let grouped = read_csv(text.as_bytes(), &grouped).unwrap();
    let map = map(&log);
    let mut group = c.benchmark_group("million_events");
    group.sample_size(10).throughput(Throughput::Elements(data::EVENTS));
    group.bench_function("floor", |b| {
        b.iter(|| log.journeys().map(|j| j.touchpoints().iter().map(|t| u64::from(*t)).sum::<u64>()).sum::<u64>());
    });
    let following = |path: &str| JourneyMatch { with_path: Some(path.into()), ..JourneyMatch::default() };
    let loops = following("touchpoint_00 -> [^touchpoint_01]* -> touchpoint_02 -> touchpoint_00");
    let options = SelectOptions { touchpoints: vec!["touchpoint_00".into()], ..SelectOptions::default() };
    group.bench_function("select", |b| b.iter(|| log.select(&options).unwrap()));
    group.bench_function("select_journeys", |b| b.iter(|| log.select_journeys(&loops).unwrap()));
    group.bench_function("split_sessions", |b| {
        b.iter(|| log.split_sessions("1h".parse().unwrap(), &SplitSessionsOptions::default()).unwrap());
    });
    group.bench_function("collapse_repeats", |b| b.iter(|| log.collapse_repeats().unwrap()));
    group.bench_function("summary", |b| b.iter(|| summary(&log, &SummaryOptions::default()).unwrap()));
    group.bench_function("transitions", |b| b.iter(|| transitions(&log, &TransitionsOptions::default()).unwrap()));
    let relation = TransitionRelation::EventuallyFollows;
    let eventually = TransitionsOptions { relation, ..TransitionsOptions::default() };
    group.bench_function("transitions_eventually", |b| b.iter(|| transitions(&log, &eventually).unwrap()));
    group.bench_function("transition_matrix", |b| {
        b.iter(|| transition_matrix(&log, &TransitionMatrixOptions::default()).unwrap());
    });
    group.bench_function("variants", |b| b.iter(|| variants(&log, &VariantsOptions::default()).unwrap()));
    group.bench_function("rework", |b| b.iter(|| rework(&log, &ReworkOptions::default()).unwrap()));
    group.bench_function("discover", |b| b.iter(|| discover(&log, &DiscoverOptions::default()).unwrap()));
    group.bench_function("bottlenecks", |b| b.iter(|| bottlenecks(&log, &BottleneckOptions::default()).unwrap()));
    let steps = ["touchpoint_00", "touchpoint_01", "touchpoint_02"].map(str::to_owned).to_vec();
    let lost = DropOffOptions { conversion: vec!["touchpoint_30".into()], path: steps, ..DropOffOptions::default() };
    group.bench_function("drop_offs", |b| b.iter(|| drop_offs(&log, &lost).unwrap()));
    group.bench_function("step_matrix", |b| b.iter(|| step_matrix(&log, &StepMatrixOptions::default()).unwrap()));
    group.bench_function("step_flow", |b| b.iter(|| step_flow(&log, &StepFlowOptions::default()).unwrap()));
    group.bench_function("channel_switching", |b| {
        b.iter(|| channel_switching(&log, &ChannelSwitchingOptions::default()).unwrap());
    });
    group.bench_function("outcome_drivers", |b| {
        b.iter(|| outcome_drivers(&log, &["touchpoint_20"], &OutcomeDriverOptions::default()).unwrap());
    });
    for resamples in [0, 200] {
        let options = RemovalEffectOptions { resamples, ..RemovalEffectOptions::default() };
        group.bench_function(format!("removal_effects_{resamples}"), |b| {
            b.iter(|| removal_effects(&log, &["touchpoint_20"], &options).unwrap());
        });
    }
    group.bench_function("temporal_profile", |b| {
        b.iter(|| temporal_profile(&log, &TemporalProfileOptions::default()).unwrap());
    });
    group.bench_function("attempts", |b| {
        b.iter(|| attempts(&log, &["touchpoint_30"], &AttemptsOptions::default()).unwrap());
    });
    group.bench_function("compare", |b| b.iter(|| compare(&log, &log, &CompareOptions::default()).unwrap()));
    group.bench_function("segments", |b| {
        b.iter(|| segments(&grouped, "score", &SegmentOptions::default()).unwrap());
    });
    let steps = ["touchpoint_00", "touchpoint_02", "touchpoint_04", "touchpoint_06", "touchpoint_08"];
    for entry in [FunnelEntry::FirstEntry, FunnelEntry::BestEntry] {
        let options = FunnelOptions { entry: Some(entry), window: "7d".parse().ok(), ..FunnelOptions::default() };
        group.bench_function(format!("funnel_{entry:?}"), |b| b.iter(|| funnel(&log, steps, &options).unwrap()));
    }
    group.bench_function("emotion_curve", |b| {
        b.iter(|| emotion_curve(&map, &log, &EmotionOptions::default()).unwrap());
    });
    group.bench_function("emotion_dips", |b| b.iter(|| emotion_dips(&map, &log, &EmotionOptions::default()).unwrap()));
    group.bench_function("peak_end_score", |b| {
        b.iter(|| peak_end_score(&log, &PeakEndOptions::default()).unwrap());
    });
    let time = journey_core::Timestamp::MAX;
    let told =
        log.journeys().map(|journey| journey_core::Answer::new(journey.id(), time).with_score(1.0, ScoreScale::Nps));
    let feedback = Feedback::new(told).unwrap();
    group.bench_function("satisfaction", |b| {
        b.iter(|| satisfaction(&log, &feedback, &SatisfactionOptions::default()).unwrap());
    });
    group.bench_function("path_coverage", |b| {
        b.iter(|| path_coverage(&map, &log, &PathCoverageOptions::default()).unwrap());
    });
    group.bench_function("match_events", |b| b.iter(|| match_events(&map, &log, &MatchOptions::default()).unwrap()));
    group.bench_function("with_map", |b| b.iter(|| log.with_map(&map, &WithMapOptions::default()).unwrap()));
    group.bench_function("fitness", |b| b.iter(|| fitness(&map, &log, &FitnessOptions::default()).unwrap()));
    group.bench_function("deviations", |b| b.iter(|| deviations(&map, &log, &DeviationOptions::default()).unwrap()));
    group.bench_function("lint", |b| b.iter(|| lint(&map, &log, &LintOptions::default()).unwrap()));
    group.finish();
}

fn states(c: &mut Criterion) {
    let log = read_csv(data::csv().as_bytes(), &data::columns()).unwrap();
    let mut group = c.benchmark_group("million_events");
    group.sample_size(10).throughput(Throughput::Elements(data::EVENTS));
    group.bench_function("state_update", |b| {
        b.iter(|| {
            let mut state = State::new(&StateOptions::default()).unwrap();
            state.update(&log).unwrap();
            state
        });
    });
    let mut state = State::new(&StateOptions::default()).unwrap();
    state.update(&log).unwrap();
    let bytes = state.to_bytes();
    group.bench_function("state_merge_bytes", |b| b.iter(|| state.clone().merge_bytes(&bytes).unwrap()));
    let mut events: Vec<Event<'_>> = log.journeys().flat_map(|journey| journey.events()).collect();
    events.sort_by_key(|event| event.time);
    group.bench_function("monitor_feed", |b| {
        b.iter(|| {
            let mut monitor = Monitor::new(&MonitorOptions::default()).unwrap();
            for batch in events.chunks(1_000) {
                monitor.feed(batch).unwrap();
            }
            monitor.close_all().unwrap();
            monitor
        });
    });
    let wide: String = (0..160_000_u64).fold("journey,touchpoint,time\n".to_owned(), |mut rows, row| {
        let touchpoint = (row * 7 + row / 8 % 5 * row) % 4000;
        let _ = writeln!(rows, "j{},t{touchpoint},2024-03-13T10:{:02}:00Z", row / 8, row % 8);
        rows
    });
    let wide = read_csv(wide.as_bytes(), &ReadOptions::default()).unwrap();
    let report = transitions(&wide, &TransitionsOptions::default()).unwrap();
    let most = RenderFlowOptions { limit: 200, transitions: 400, ..RenderFlowOptions::default() };
    group.bench_function("render_flow_of_4000_touchpoints", |b| {
        b.iter(|| render_flow(&report, None, &most).unwrap());
    });
    group.finish();
}

criterion_group!(benches, states, questions);
criterion_main!(benches);
