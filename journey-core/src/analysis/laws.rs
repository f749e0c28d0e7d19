//! The law of folds, for every fold there is: however a log is cut by journeys, the report is the same, byte for byte.

use proptest::prelude::*;
use serde::Serialize;

use super::alignment::PathsFold;
use super::attempts::AttemptsFold;
use super::bottlenecks::BottlenecksFold;
use super::calendar::Clock;
use super::censoring::Censoring;
use super::channel_switching::{self, ChannelSwitchingFold};
use super::deviations::OpenPathsFold;
use super::discover::DiscoverFold;
use super::drop_offs::DropOffsFold;
use super::edges::TransitionRelation::EventuallyFollows;
use super::explain_funnels::{ExplainFunnelsFold, Plans};
use super::funnel::{FunnelFold, Observed};
use super::funnels::{Plan, Policy};
use super::lint::LintFold;
use super::match_events::MatchFold;
use super::matching::Classes;
use super::outcome_drivers::{self, OutcomeDriversFold};
use super::path_coverage::PathCoverageFold;
use super::peak_end::PeakEndFold;
use super::removal_effects::{self, RemovalEffectsFold};
use super::returns::ReturnsFold;
use super::rework::ReworkFold;
use super::sample::{SampleFold, Scope};
use super::scores::ScoresFold;
use super::segments::SegmentsFold;
use super::stats::Rules;
use super::step_flow::StepFlowFold;
use super::step_matrix::{StepMatrixFold, pair};
use super::steps::{Asked, Steps};
use super::stretches::{ChangesFold, Cut, Watched};
use super::summary::SummaryFold;
use super::temporal_profile::{DeviationsFold, UsualTimesFold};
use super::transition_matrix::TransitionMatrixFold;
use super::transitions::{TransitionsFold, TransitionsOptions};
use super::variants::{TableFold, VariantsFold};
use crate::log::{fold, fold_cut};
use crate::state::{GatherFold, Meant};
use crate::{
    Event, EventLog, ExplainFunnelsOptions, Fold, FunnelCounting, FunnelExclusion, FunnelOptions, FunnelOrder,
    FunnelPreset, FunnelStep, JourneyMap, Stage, Timestamp, Touchpoint, Transition,
};

const TOUCHPOINTS: [&str; 6] = ["ad", "cart", "home", "pay", "search", "ship"];

type Row = (u8, usize, i32, Option<u8>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0..12u8, 0..TOUCHPOINTS.len(), 0..1_000_000i32, prop::option::of(0..=40u8)), 0..120)
}

fn log(rows: &[Row]) -> EventLog {
    let mut builder = EventLog::builder().attribute("side").attribute("kind");
    for (journey, touchpoint, micros, score) in rows {
        let time = Timestamp::from_micros(i64::from(*micros) * 1_000).unwrap();
        let journey = format!("j{journey}");
        let mut event = Event::new(&journey, TOUCHPOINTS[*touchpoint], time);
        // Some have no channel, and the same touchpoint may be on any.
        if let Some(channel) = usize::try_from(micros % 7).ok().and_then(|channel| TOUCHPOINTS.get(channel)) {
            event = event.on_channel(channel);
        }
        if let Some(score) = score {
            event = event.with_score(f64::from(*score) / 10.0 - 2.0);
        }
        let side = if touchpoint % 2 == 0 { "left" } else { "right" };
        let kind = score.map(|score| TOUCHPOINTS[usize::from(score) % 3]);
        builder = builder.event_with(event, [Some(side), kind]);
    }
    builder.build().unwrap()
}

/// Events that take time, some of them hours, and some whose start is not known.
fn worked(rows: &[Row]) -> EventLog {
    let mut builder = EventLog::builder();
    for (journey, touchpoint, millis, score) in rows {
        let at = |micros: i64| Timestamp::from_micros(micros * 1_000_000).unwrap();
        let (journey, time) = (format!("j{journey}"), i64::from(*millis));
        let event = Event::new(&journey, TOUCHPOINTS[*touchpoint], at(time));
        builder = builder.event(score.map_or(event, |score| event.started_at(at(time - i64::from(score) * 1_000))));
    }
    builder.build().unwrap()
}

fn map() -> JourneyMap {
    let mut map = JourneyMap::builder("m").stage(Stage::new("s", "S"));
    for id in ["home", "search", "cart", "pay", "phone"] {
        map = map.touchpoint(Touchpoint::new(id, id, "s"));
    }
    for (from, to) in [("home", "search"), ("search", "search"), ("search", "cart"), ("cart", "pay")] {
        map = map.transition(Transition::new(from, to));
    }
    map.build().unwrap()
}

fn holds<F: Fold<Report: Serialize>>(log: &EventLog, cuts: &[usize], new: impl Fn() -> F + Sync) {
    let whole = serde_json::to_string(&fold(log, &new)).unwrap();
    let merged = serde_json::to_string(&fold_cut(log, cuts, &new)).unwrap();
    assert_eq!(whole, merged);
}

proptest! {
    #[test]
    fn cutting_a_log_changes_no_report(rows in rows(), cuts in prop::collection::vec(0..14usize, 0..5)) {
        let (log, map) = (log(&rows), map());
        let names = log.names();
        let steps: Vec<u32> = ["home", "cart", "pay"].iter().filter_map(|s| log.touchpoints().code(s)).collect();
        let coverage = crate::PathCoverageOptions::default();
        let censoring = Censoring::new(&log, Some("300s".parse().unwrap())).unwrap();
        let open = Censoring::new(&log, Some(crate::Duration::from_seconds(200.0).unwrap())).unwrap();
        let cart = log.touchpoints().code("cart").map(|_| "cart");
        let around = Steps::new(&log, &Asked { steps: 3, anchor: cart, anchor_occurrence: 1, steps_before: 2 }, open);
        let around = around.unwrap();
        let left_and_right = crate::StepMatrixOptions {
            attribute: Some("side".into()),
            value_a: Some("left".into()),
            value_b: Some("right".into()),
            ..Default::default()
        };
        let path = steps.iter().map(|code| names.touchpoints.name(*code).to_owned()).collect();
        let along = crate::DropOffOptions { path, ..Default::default() };
        let pair = pair(&log, &left_and_right).ok().flatten();
        holds(&log, &cuts, || PathsFold::new(&log));
        holds(&log, &cuts, || OpenPathsFold::new(&log, censoring));
        let (plain, clock) = (crate::BottleneckOptions::default(), Clock::default());
        let office = Clock::new(Some(&Default::default())).unwrap();
        holds(&log, &cuts, || BottlenecksFold::new(&log, &steps, &clock, &plain));
        let worked = worked(&rows);
        holds(&worked, &cuts, || BottlenecksFold::new(&worked, &steps, &office, &plain));
        holds(&log, &cuts, || DiscoverFold::new(names, &Default::default()));
        holds(&log, &cuts, || DropOffsFold::new(names, &steps, &steps, open, &along));
        let named = |names: &[&str]| log.touchpoints().iter().map(|name| names.contains(&name)).collect();
        let switching = channel_switching::Meant {
            phase: None, search: named(&["search", "ad"]), conversion: named(&["pay"]), censoring,
        };
        let switching_options = crate::ChannelSwitchingOptions {
            search: vec!["search".into()], conversion: vec!["pay".into()], min_journeys: 1, min_share: 0.0, ..Default::default()
        };
        let drivers = outcome_drivers::Meant { outcome: named(&["pay"]), attributes: Vec::new(), censoring };
        let driver_options = crate::OutcomeDriverOptions {
            factors: vec![crate::FactorKind::Touchpoint, crate::FactorKind::Transition, crate::FactorKind::Channel],
            within: Some("5m".parse().unwrap()), ..Default::default()
        };
        holds(&log, &cuts, || ChannelSwitchingFold::new(names, &switching, &switching_options));
        holds(&log, &cuts, || OutcomeDriversFold::new(&drivers, &driver_options));
        let removal_options = crate::RemovalEffectOptions { resamples: 3, ..Default::default() };
        if let Ok(removed) = removal_effects::Meant::new(&log, named(&["pay"]), removal_options.by) {
            holds(&log, &cuts, || RemovalEffectsFold::new(&removed, &removal_options));
        }
        holds(&log, &cuts, || LintFold::new(names));
        let (pays, rules): (Vec<bool>, _) = (named(&["pay"]), Rules { min_n: 1, false_discovery_rate: 0.5, confidence: 0.95 });
        holds(&log, &cuts, || ReturnsFold::new(names, &pays, open, rules));
        if let Some(stretches) = Cut::new(&log) {
            let watched = Watched::new(&log, &["cart", "home"]);
            holds(&log, &cuts, || ChangesFold::new(stretches, &watched, &pays, open, rules));
        }
        let classes = Classes::new(&map, &log);
        let matching = crate::MatchOptions { examples: 2, ..Default::default() };
        holds(&log, &cuts, || MatchFold::new(&classes, names, &matching));
        holds(&log, &cuts, || PathCoverageFold::new(&map, &log, &coverage));
        holds(&log, &cuts, || StepFlowFold::new(names, around, &Default::default()));
        holds(&log, &cuts, || StepMatrixFold::new(names, around, None, &Default::default()));
        holds(&log, &cuts, || StepMatrixFold::new(names, around, pair, &left_and_right));
        holds(&log, &cuts, || ReworkFold::new(names, &Default::default()));
        let groups = log.groups("kind", "attribute").unwrap();
        let group = groups.code("cart", "value").ok().map(|code| (groups, code));
        let scope = Scope { conversion: steps.clone(), steps: steps.clone(), group, censoring };
        holds(&log, &cuts, || SampleFold::new(&log, &scope));
        holds(&log, &cuts, || SampleFold::new(&log, &Scope::default()));
        holds(&log, &cuts, || SegmentsFold::new("kind", groups, &steps, censoring, &Default::default()));
        holds(&log, &cuts, || PeakEndFold::new(&Default::default()));
        let answers = names.touchpoints.iter().map(|name| crate::Answer::new("j3", Timestamp::MAX).about(name));
        let answers = answers.map(|answer| answer.with_score(1.0, crate::ScoreScale::Nps));
        let told = log.with_feedback(&crate::Feedback::new(answers).unwrap(), &Default::default()).unwrap();
        let lowest = crate::PeakEndOptions { peak: crate::PeakKind::Lowest, ..Default::default() };
        holds(&told, &cuts, || PeakEndFold::new(&lowest));
        holds(&log, &cuts, || SummaryFold::new(&log, &Default::default()));
        let bundle = || (
            SummaryFold::new(&log, &Default::default()),
            VariantsFold::new(&log, &Default::default()),
            (TransitionsFold::new(&log, &Default::default()), ReworkFold::new(names, &Default::default())),
        );
        holds(&log, &cuts, bundle);
        let (summary, variants, (ways, rework)) = fold_cut(&log, &cuts, bundle);
        assert_eq!(summary, fold(&log, || SummaryFold::new(&log, &Default::default())));
        assert_eq!(variants, fold(&log, || VariantsFold::new(&log, &Default::default())));
        assert_eq!(ways, fold(&log, || TransitionsFold::new(&log, &Default::default())));
        assert_eq!(rework, fold(&log, || ReworkFold::new(names, &Default::default())));
        let kept = crate::StateOptions {
            conversion: vec!["pay".into(), "nowhere".into()], funnel_steps: vec!["home".into(), "pay".into()], ..Default::default()
        };
        for log in [&log, &told, &worked] {
            let meant = Meant::new(&kept, log).unwrap();
            holds(log, &cuts, || GatherFold::new(&meant, log));
        }
        holds(&log, &cuts, || TransitionMatrixFold::new(names, &Default::default()));
        let success: Vec<u32> = ["pay", "ship"].iter().filter_map(|s| log.touchpoints().code(s)).collect();
        let (matcher, tries) = (log.matcher(&Default::default()).unwrap(), crate::AttemptsOptions::default());
        holds(&log, &cuts, || AttemptsFold::new(&success, &matcher, censoring, &tries));
        let profile = crate::TemporalProfileOptions { zeta: 1.0, max_distance: Some(3), ..Default::default() };
        let usual = fold(&worked, || UsualTimesFold::new(3));
        holds(&worked, &cuts, || UsualTimesFold::new(3));
        holds(&worked, &cuts, || DeviationsFold::new(&usual, &profile));
        holds(&log, &cuts, || TransitionsFold::new(&log, &Default::default()));
        let eventually = TransitionsOptions { relation: EventuallyFollows, ..Default::default() };
        holds(&log, &cuts, || TransitionsFold::new(&log, &eventually));
        holds(&log, &cuts, || VariantsFold::new(&log, &Default::default()));
        holds(&log, &cuts, || TableFold::new(&log));
        // The scores are sorted before anything is computed from them; here they come in the order of the journeys.
        holds(&log, &cuts, || ScoresFold::new(names));
    }

    #[test]
    fn cutting_a_log_changes_no_funnel(rows in rows(), cuts in prop::collection::vec(0..14usize, 0..5)) {
        let mut log = EventLog::builder().attribute("group");
        for (journey, touchpoint, micros, _) in &rows {
            let time = Timestamp::from_micros(i64::from(*micros) * 1_000).unwrap();
            let group = ["a", "b"].get(usize::from(journey % 3)).copied();
            log = log.event_with(Event::new(&format!("j{journey}"), TOUCHPOINTS[*touchpoint], time), [group]);
        }
        let log = log.build().unwrap();
        let steps: Vec<FunnelStep> = log.touchpoints().iter().take(3).map(FunnelStep::from).collect();
        prop_assume!(steps.len() == 3);
        let exclusions = vec![FunnelExclusion { touchpoints: vec![log.touchpoints().name(0).to_owned()], ..Default::default() }];
        let all = [
            FunnelOptions { breakdown: Some("group".into()), inactive_after: "5m".parse().ok(), ..Default::default() },
            FunnelOptions { preset: Some(FunnelPreset::Posthog), exclusions, ..Default::default() },
            FunnelOptions { counting: FunnelCounting::Attempts, window: "1m".parse().ok(), ..Default::default() },
            FunnelOptions { order: Some(FunnelOrder::AnyOrder), window: "1m".parse().ok(), ..Default::default() },
        ];
        for options in &all {
            let policy = Policy::new(&steps, options).unwrap();
            let report = policy.report(&steps);
            let plan = Plan::new(&log, &steps, policy).unwrap();
            let groups = options.breakdown.as_ref().map(|attribute| log.groups(attribute, "breakdown").unwrap());
            let observed = Observed::new(&log, options).unwrap();
            holds(&log, &cuts, || FunnelFold::new(&plan, &report, groups, observed, options));
        }
        let [a, b] = [&all[1], &all[3]].map(|options| Policy::new(&steps, options).unwrap());
        let (plans, options) = (Plans::new(&log, &steps, a, b).unwrap(), ExplainFunnelsOptions::default());
        holds(&log, &cuts, || ExplainFunnelsFold::new(&plans, &options));
    }
}
