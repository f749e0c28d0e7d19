//! Stories that the authors of the e-commerce log put into it, found with the analyses, and the example map held against
//! it. The guide pages `docs/guide/find-the-checkout-loop.md` and `check-a-map-against-your-data.md` tell them; the figures
//! were counted with plain Python.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;

use journey_core::{
    BottleneckOptions, DeviationKind, DeviationOptions, EventLog, EventMatch, FitnessOptions, FunnelOptions,
    FunnelStep, JourneyMap, JourneyMatch, LintOptions, MatchOptions, PathCoverageOptions, ReadOptions,
    ReportFindingKind, ReportOptions, ReworkOptions, SelectOptions, SplitSessionsOptions, TransitionsOptions,
    VariantsOptions, WithMapOptions, bottlenecks, deviations, fitness, funnel, lint, match_events, path_coverage,
    read_csv_path, report, rework, transitions, variants,
};
use journey_tests::folder;

/// All sessions.
fn sessions_of_all() -> EventLog {
    let options = ReadOptions {
        journey: Some("session_id".into()),
        touchpoint: Some("event".into()),
        time: Some("timestamp".into()),
        attributes: vec!["platform".into()],
        ..ReadOptions::default()
    };
    read_csv_path(folder().join("data/ecom/ecom.csv.gz"), &options).unwrap()
}

/// The sessions of a platform in a time.
fn sessions(platform: &str, since: &str, until: &str) -> EventLog {
    sessions_of_all()
        .select(&SelectOptions {
            attributes: BTreeMap::from([("platform".to_owned(), vec![platform.to_owned()])]),
            since: Some(since.into()),
            until: Some(until.into()),
            ..SelectOptions::default()
        })
        .unwrap()
}

/// How many sessions that came to shipping went on to payment, of how many, with the interval of the share.
fn on_to_payment(log: &EventLog) -> (u64, u64, f64, f64) {
    let steps = ["shipping_details", "payment_details", "purchase"].map(str::to_owned).to_vec();
    let report = bottlenecks(log, &BottleneckOptions { steps, ..BottleneckOptions::default() }).unwrap();
    let step = report.conversions.into_iter().find(|row| row.source == "shipping_details").unwrap().conversion;
    (step.n, step.of, step.low.unwrap(), step.high.unwrap())
}

/// How often a session went from one touchpoint to another.
fn taken(log: &EventLog, source: &str, target: &str) -> u64 {
    let report = transitions(log, &TransitionsOptions::default()).unwrap();
    let way = |row: &&journey_core::TransitionRow| {
        row.source.as_deref() == Some(source) && row.target.as_deref() == Some(target)
    };
    report.rows.iter().find(way).map_or(0, |row| row.count)
}

#[test]
fn the_checkout_loop_of_mobile_users_is_found() {
    let [before, during] = [("2024-01-01", "2024-04-09"), ("2024-04-09", "2024-05-10")];
    let mobile_before = sessions("mobile", before.0, before.1);
    let mobile_during = sessions("mobile", during.0, during.1);
    let (n, of, low_before, _) = on_to_payment(&mobile_before);
    assert_eq!((n, of), (28, 52));
    let (n, of, _, high_during) = on_to_payment(&mobile_during);
    assert_eq!((n, of), (16, 60));
    assert!(high_during < low_before, "the intervals do not overlap: this is no chance");

    let (n, of, low, high) = on_to_payment(&sessions("desktop", during.0, during.1));
    assert_eq!((n, of), (63, 118));
    let (n, of, low_before, high_before) = on_to_payment(&sessions("desktop", before.0, before.1));
    assert_eq!((n, of), (62, 107));
    assert!(low < high_before && low_before < high, "on the desktop nothing happened");

    // Whose session went round at least once, of those that came to shipping.
    let rounds = |log: &EventLog| {
        let event = EventMatch { touchpoints: vec!["shipping_details".into()], ..Default::default() };
        let shipping = JourneyMatch { with_event: Some(event), ..Default::default() };
        let back = JourneyMatch { with_path: Some("shipping_details -> cart".into()), ..Default::default() };
        let shipping = log.select_journeys(&shipping).unwrap();
        (shipping.select_journeys(&back).unwrap().journey_count(), shipping.journey_count())
    };
    assert_eq!((rounds(&mobile_before), rounds(&mobile_during)), ((9, 52), (20, 60)));
    assert_eq!(rounds(&sessions("desktop", before.0, before.1)), (17, 107));
    assert_eq!(rounds(&sessions("desktop", during.0, during.1)), (22, 118));

    // Where they went instead: back to the cart, and to a page that is not on the map.
    assert_eq!(taken(&mobile_before, "shipping_details", "cart"), 9);
    assert_eq!(taken(&mobile_during, "shipping_details", "cart"), 24);
    assert_eq!(taken(&mobile_before, "shipping_details", "checkout_bug"), 0);
    assert_eq!(taken(&mobile_during, "shipping_details", "checkout_bug"), 8);
}

/// In how many of the sessions that came to a touchpoint they came back to it, with the interval of the share.
fn came_back(log: &EventLog, touchpoint: &str) -> (u64, u64, f64, f64) {
    let report = rework(log, &ReworkOptions::default()).unwrap();
    let row = report.touchpoints.into_iter().find(|row| row.touchpoint == touchpoint).unwrap().journeys;
    (row.n, row.of, row.low.unwrap(), row.high.unwrap())
}

#[test]
fn the_loop_shows_as_rework_in_the_checkout() {
    let [before, during] = [("2024-01-01", "2024-04-09"), ("2024-04-09", "2024-05-10")];
    let mobile_before = sessions("mobile", before.0, before.1);
    let mobile_during = sessions("mobile", during.0, during.1);
    let desktop_during = sessions("desktop", during.0, during.1);
    for (touchpoint, then, now, desktop) in [
        ("add_to_cart", (4, 84), (34, 90), (9, 178)),
        ("cart", (5, 72), (28, 79), (21, 150)),
        ("shipping_details", (5, 52), (20, 60), (22, 118)),
    ] {
        let (n, of, _, high_before) = came_back(&mobile_before, touchpoint);
        assert_eq!((n, of), then, "{touchpoint}");
        let (n, of, low_during, _) = came_back(&mobile_during, touchpoint);
        assert_eq!((n, of), now, "{touchpoint}");
        assert!(high_before < low_during, "{touchpoint}: the intervals do not overlap: this is no chance");
        let (n, of, ..) = came_back(&desktop_during, touchpoint);
        assert_eq!((n, of), desktop, "{touchpoint}");
    }

    // Without what they look at in between, the circle itself is there, though few go round it step by step.
    let checkout =
        ["shipping_details", "add_to_cart", "cart", "payment_details", "purchase"].map(str::to_owned).to_vec();
    let checkout = SelectOptions { touchpoints: checkout, ..SelectOptions::default() };
    let circles = |log: &EventLog| {
        let report =
            rework(&log.select(&checkout).unwrap(), &ReworkOptions { limit: None, ..ReworkOptions::default() });
        let circle = ["shipping_details", "add_to_cart", "cart", "shipping_details"];
        report.unwrap().cycles.into_iter().find(|cycle| cycle.touchpoints == circle).map_or(0, |cycle| cycle.journeys.n)
    };
    assert_eq!((circles(&mobile_before), circles(&mobile_during), circles(&desktop_during)), (0, 2, 0));
}

#[test]
fn half_an_hour_without_an_event_ends_the_sessions_that_the_file_names() {
    let read = |journey: &str| {
        let columns = ReadOptions {
            journey: Some(journey.into()),
            touchpoint: Some("event".into()),
            time: Some("timestamp".into()),
            ..Default::default()
        };
        read_csv_path(folder().join("data/ecom/ecom.csv.gz"), &columns).unwrap()
    };
    let split = read("user_id").split_sessions("30m".parse().unwrap(), &SplitSessionsOptions::default()).unwrap();
    let named = read("session_id");
    assert_eq!((split.journey_count(), named.journey_count()), (3_605, 3_605));
    let all = VariantsOptions { limit: None, ..Default::default() };
    assert_eq!(variants(&split, &all).unwrap(), variants(&named, &all).unwrap());
}

#[test]
fn the_map_of_the_shop_is_held_against_its_log() {
    let text = fs::read_to_string(folder().join("../docs/examples/ecom-current-state.journey.json")).unwrap();
    let map = JourneyMap::from_json(&text).unwrap();
    let raw = sessions_of_all();
    let report = match_events(&map, &raw, &MatchOptions::default()).unwrap();
    assert_eq!((report.events.n, report.events.of), (30_830, 31_106));
    assert_eq!((report.whole_journeys.n, report.whole_journeys.of), (3_344, 3_605));
    let unmapped: Vec<_> = report.unmapped.iter().map(|row| (row.name.as_str(), row.events, row.journeys)).collect();
    assert_eq!(unmapped, [("error_page", 276, 261)]);
    assert_eq!((report.not_matched, report.conflicts.len()), (vec!["delivery".to_owned()], 0));

    let log = raw.with_map(&map, &WithMapOptions::default()).unwrap();
    let stage = |name: &str| FunnelStep {
        attributes: BTreeMap::from([("stage".to_owned(), vec![name.to_owned()])]),
        ..FunnelStep::default()
    };
    let steps = ["consideration", "purchase", "use"].map(stage);
    let stages = funnel(&log, steps, &FunnelOptions::default()).unwrap();
    assert_eq!(stages.steps.iter().map(|step| step.journeys.n).collect::<Vec<_>>(), [3_449, 1_159, 240]);

    let cover = path_coverage(&map, &log, &PathCoverageOptions::default()).unwrap();
    assert_eq!((cover.map.transitions.n, cover.map.transitions.of), (27, 29));
    assert!(
        cover.map.transitions_not_taken.iter().all(|way| [&way.source, &way.target].contains(&&"delivery".to_owned()))
    );
    assert_eq!((cover.log.transitions.n, cover.log.transitions.of), (11_224, 27_501));

    let fit = fitness(&map, &log, &FitnessOptions::default()).unwrap();
    assert_eq!((fit.cost, fit.worst_cost, fit.fitting.n), (Some(31_040), Some(56_341), 1));
    let [mean, low, high] =
        [fit.average_fitness, fit.average_low, fit.average_high].map(|x| format!("{:.3}", x.unwrap()));
    assert_eq!((mean.as_str(), low.as_str(), high.as_str()), ("0.430", "0.426", "0.435"));

    let found = deviations(&map, &log, &DeviationOptions::default()).unwrap().rows;
    for (kind, touchpoint, with, without, significant) in [
        (DeviationKind::Irregular, "product_view", (237, 1_582), (233, 2_023), true),
        (DeviationKind::Irregular, "catalog", (120, 1_244), (350, 2_361), true),
        (DeviationKind::AdHoc, "error_page", (42, 261), (428, 3_344), false),
    ] {
        let row = found.iter().find(|row| row.kind == kind && row.touchpoint == touchpoint).unwrap();
        let [a, b] = [&row.conversion, &row.conversion_without].map(|share| share.as_ref().unwrap());
        assert_eq!(((a.n, a.of), (b.n, b.of), row.significant), (with, without, Some(significant)), "{touchpoint}");
    }

    let options = LintOptions { as_of: Some("2024-07-15".into()), ..LintOptions::default() };
    let findings = lint(&map, &raw, &options).unwrap().findings;
    let of_the_log: Vec<_> = findings.iter().rev().take(2).rev().map(|found| found.code.as_str()).collect();
    assert_eq!(of_the_log, ["unmapped-events", "never-visited"]);
}

#[test]
fn the_report_names_the_payment_incident_and_the_checkout_loop() {
    let options = ReadOptions {
        journey: Some("session_id".into()),
        touchpoint: Some("event".into()),
        time: Some("timestamp".into()),
        attributes: ["platform", "acquisition_channel", "user_cohort", "user_lifecycle"].map(String::from).to_vec(),
        ..ReadOptions::default()
    };
    let log = read_csv_path(folder().join("data/ecom/ecom.csv.gz"), &options).unwrap();
    let map = fs::read_to_string(folder().join("../docs/examples/ecom-current-state.journey.json")).unwrap();
    let map = JourneyMap::from_json(&map).unwrap();
    let found = report(&map, &log, &ReportOptions { findings: 10, ..ReportOptions::default() }).unwrap();
    // From 19 May to 7 June: the two whole weeks in it, and what came with them.
    let incident = &found.findings[0];
    assert_eq!((incident.kind, incident.touchpoint.as_deref()), (ReportFindingKind::Change, Some("payment_details")));
    assert_eq!(incident.since.as_deref(), Some("2024-05-20T00:00:00Z"));
    assert_eq!(incident.until.as_deref(), Some("2024-06-03T00:00:00Z"));
    // Counted with plain Python.
    assert_eq!((incident.n, incident.of, incident.compared_of), (Some(28), 95, Some(537)));
    assert_eq!(incident.distinctive.as_deref(), Some("payment_error"));
    let loops = found.findings.iter().filter(|finding| finding.kind == ReportFindingKind::Rework);
    let worst = loops.into_iter().next().unwrap();
    assert_eq!(worst.touchpoint.as_deref(), Some("add_to_cart"));
    assert_eq!((worst.n, worst.of, worst.compared_of), (Some(13), 96, Some(1011)));
}
