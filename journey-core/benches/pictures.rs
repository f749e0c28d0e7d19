//! What each picture of a log of 4,000 touchpoints and 20,000 variants costs, once its report is there.
#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use criterion::{Criterion, criterion_group, criterion_main};
use journey_core::{
    BottleneckOptions, CompareOptions, Event, EventLog, FunnelOptions, JourneyMap, MapReports, RenderComparisonOptions,
    RenderFlowOptions, RenderFunnelOptions, RenderMapOptions, RenderStepFlowOptions, RenderStepMatrixOptions,
    RenderTimesOptions, Stage, StepFlowOptions, StepMatrixOptions, SummaryOptions, Timestamp, Touchpoint,
    TransitionsOptions, bottlenecks, compare_groups, funnel, render_comparison, render_flow, render_funnel, render_map,
    render_step_flow, render_step_matrix, render_times, step_flow, step_matrix, summary, transitions,
};

const TOUCHPOINTS: u64 = 4000;

/// Journeys over many touchpoints, most of them at the first ones; the same in every run.
fn log() -> EventLog {
    let mut state = 1_u64;
    let mut below = |end: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % end
    };
    let mut log = EventLog::builder().attribute("group");
    for journey in 0..20_000 {
        let (id, group) = (format!("j{journey}"), if journey % 2 == 0 { "a" } else { "b" });
        let mut micros = 0;
        for _ in 0..3 + below(8) {
            micros += 1_000_000 + i64::try_from(below(1 << 30)).unwrap();
            let name = format!("t{}", below(TOUCHPOINTS).min(below(TOUCHPOINTS)));
            log = log.event_with(Event::new(&id, &name, Timestamp::from_micros(micros).unwrap()), [Some(group)]);
        }
    }
    log.build().unwrap()
}

fn pictures(criterion: &mut Criterion) {
    let log = log();
    let shop = JourneyMap::builder("Shop").stage(Stage::new("s", "Buy"));
    let map = (0..TOUCHPOINTS).map(|number| format!("t{number}")).fold(shop, |map, id| {
        map.touchpoint(Touchpoint { expected_score: Some(1.0), ..Touchpoint::new(&id, &id, "s") })
    });
    let map = map.build().unwrap();
    let holds = summary(&log, &SummaryOptions::default()).unwrap();
    let on_the_map = MapReports { summary: Some(holds.clone()), ..Default::default() };
    let ways = transitions(&log, &TransitionsOptions::default()).unwrap();
    let steps = step_flow(&log, &StepFlowOptions::default()).unwrap();
    let matrix = step_matrix(&log, &StepMatrixOptions::default()).unwrap();
    let counted = funnel(&log, ["t0", "t1"], &FunnelOptions::default()).unwrap();
    let stuck = bottlenecks(&log, &BottleneckOptions::default()).unwrap();
    let compared = compare_groups(&log, "group", "a", "b", &CompareOptions::default()).unwrap();
    let mut group = criterion.benchmark_group("pictures");
    group.sample_size(10);
    let mut time = |name: &str, draw: &dyn Fn() -> String| {
        group.bench_function(name, |bencher| bencher.iter(draw));
    };
    time("map", &|| render_map(&map, &on_the_map, &RenderMapOptions::default()).unwrap());
    time("flow", &|| render_flow(&ways, Some(&map), &RenderFlowOptions::default()).unwrap());
    time("step_flow", &|| render_step_flow(&steps, &RenderStepFlowOptions::default()).unwrap());
    time("step_matrix", &|| render_step_matrix(&matrix, &RenderStepMatrixOptions::default()).unwrap());
    time("funnel", &|| render_funnel(&counted, &RenderFunnelOptions::default()).unwrap());
    time("times", &|| render_times(&stuck, Some(&holds), &RenderTimesOptions::default()).unwrap());
    time("comparison", &|| render_comparison(&compared, &RenderComparisonOptions::default()).unwrap());
    group.finish();
}

criterion_group!(benches, pictures);
criterion_main!(benches);
