//! The law of folds, for every fold there is: however a log is cut by journeys, the report is the same, byte for byte.

use proptest::prelude::*;
use serde::Serialize;

use super::bottlenecks::BottlenecksFold;
use super::discover::DiscoverFold;
use super::explain_funnels::{ExplainFunnelsFold, Plans};
use super::funnel::{FunnelFold, Observed};
use super::funnels::{Plan, Policy};
use super::path_coverage::PathCoverageFold;
use super::scores::ScoresFold;
use super::summary::SummaryFold;
use super::transitions::TransitionsFold;
use super::variants::VariantsFold;
use crate::log::{fold, fold_cut};
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
    let mut builder = EventLog::builder();
    for (journey, touchpoint, micros, score) in rows {
        let time = Timestamp::from_micros(i64::from(*micros) * 1_000).unwrap();
        let journey = format!("j{journey}");
        let mut event = Event::new(&journey, TOUCHPOINTS[*touchpoint], time).on_channel(TOUCHPOINTS[*touchpoint]);
        if let Some(score) = score {
            event = event.with_score(f64::from(*score) / 10.0 - 2.0);
        }
        builder = builder.event(event);
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
        holds(&log, &cuts, || BottlenecksFold::new(names, &steps, &Default::default()));
        holds(&log, &cuts, || DiscoverFold::new(names, &Default::default()));
        holds(&log, &cuts, || PathCoverageFold::new(&map, names, &coverage));
        holds(&log, &cuts, || SummaryFold::new(names, &Default::default()));
        holds(&log, &cuts, || TransitionsFold::new(names, &Default::default()));
        holds(&log, &cuts, || VariantsFold::new(&Default::default()));
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
            let observed = Observed::new(&log, options);
            holds(&log, &cuts, || FunnelFold::new(&plan, &report, groups, observed, options));
        }
        let [a, b] = [&all[1], &all[3]].map(|options| Policy::new(&steps, options).unwrap());
        let (plans, options) = (Plans::new(&log, &steps, a, b).unwrap(), ExplainFunnelsOptions::default());
        holds(&log, &cuts, || ExplainFunnelsFold::new(&plans, &options));
    }
}
