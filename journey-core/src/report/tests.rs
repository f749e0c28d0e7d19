//! What is found in small logs of which it is known what is in them.

use super::*;
use crate::{Event, EventLog, EventLogBuilder, JourneyMap, Timestamp};

fn options() -> ReportOptions {
    ReportOptions { conversion: vec!["pay".into()], ..Default::default() }
}

/// Journeys that go by these touchpoints, a minute apart, each so often.
fn log(journeys: &[(&[&str], usize)]) -> EventLog {
    let mut log = EventLog::builder().attribute("platform");
    for (kind, (touchpoints, times)) in journeys.iter().enumerate() {
        for number in 0..*times {
            log = journey(log, &format!("{kind}-{number}"), touchpoints, None);
        }
    }
    log.build().unwrap()
}

fn journey(mut log: EventLogBuilder, id: &str, touchpoints: &[&str], platform: Option<&str>) -> EventLogBuilder {
    for (minute, touchpoint) in (0..).zip(touchpoints) {
        let time = Timestamp::from_micros(minute * 60_000_000).unwrap();
        log = log.event_with(Event::new(id, touchpoint, time), [platform]);
    }
    log
}

fn kinds(report: &JourneyReport) -> Vec<(ReportFindingKind, Option<&str>)> {
    report.findings.iter().map(|finding| (finding.kind, finding.touchpoint.as_deref())).collect()
}

#[test]
fn an_exception_that_hurts_is_found_and_its_impact_is_the_share_lost() {
    // 100 come back to the cart and 10 of them pay; 300 do not come back and 240 of them pay.
    let log = log(&[
        (&["cart", "ship", "cart", "pay"], 10),
        (&["cart", "ship", "cart"], 90),
        (&["cart", "pay"], 240),
        (&["cart", "ship"], 60),
    ]);
    let found = report(None, &log, &options()).unwrap();
    let rework = found.findings.iter().find(|finding| finding.kind == ReportFindingKind::Rework).unwrap();
    assert_eq!((rework.touchpoint.as_deref(), rework.figure, rework.compared_with), (Some("cart"), 0.1, 0.8));
    // 100 of 400 journeys, each with a conversion lower by 0.7.
    assert!((rework.impact - 0.175).abs() < 1e-12, "{}", rework.impact);
    assert!(rework.impact_low > 0.0 && rework.impact_low < rework.impact && rework.impact < rework.impact_high);
    assert_eq!((rework.strength, rework.section), (Some(EvidenceStrength::VeryStrong), ReportSection::Rework));
}

#[test]
fn what_most_customers_do_is_no_rework() {
    let log = log(&[(&["cart", "ship", "cart"], 200), (&["cart", "pay"], 100)]);
    let found = report(None, &log, &options()).unwrap();
    assert!(found.findings.iter().all(|finding| finding.kind != ReportFindingKind::Rework), "{:?}", kinds(&found));
    assert_eq!(found.returns.first().unwrap().journeys.n, 200, "it is in the list");
}

#[test]
fn what_helps_or_may_be_chance_is_no_finding() {
    let platforms = |phones: [usize; 2], others: [usize; 2]| {
        let mut log = EventLog::builder().attribute("platform");
        for (platform, [pays, of]) in [("phone", phones), ("other", others)] {
            for number in 0..of {
                let last = if number < pays { "pay" } else { "leave" };
                log = journey(log, &format!("{platform}-{number}"), &["cart", last], Some(platform));
            }
        }
        report(None, &log.build().unwrap(), &options()).unwrap()
    };
    let segments = |found: &JourneyReport| {
        let segments = found.findings.iter().filter(|finding| finding.kind == ReportFindingKind::Segment);
        segments.map(|finding| finding.value.clone().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(segments(&platforms([90, 100], [50, 100])), ["other"], "phones do better");
    assert_eq!(segments(&platforms([48, 100], [50, 100])), [""; 0], "chance");
    assert_eq!(segments(&platforms([0, 19], [50, 100])), [""; 0], "too few phones");
}

#[test]
fn findings_stand_in_the_order_of_what_is_sure_to_hurt() {
    let log = log(&[(&["cart", "ship", "cart"], 90), (&["cart", "pay"], 240), (&["cart", "ship"], 60), (&["ask"], 40)]);
    let found = report(None, &log, &ReportOptions { findings: 100, ..options() }).unwrap();
    assert!(found.findings.len() > 1 && found.findings.len() as u64 == found.findings_supported);
    assert!(found.findings.is_sorted_by(|a, b| a.impact_low >= b.impact_low), "{:?}", kinds(&found));
    let first = report(None, &log, &ReportOptions { findings: 1, ..options() }).unwrap();
    assert_eq!((first.findings.as_slice(), first.findings_supported), (&found.findings[..1], found.findings_supported));
}

#[test]
fn an_empty_log_and_logs_without_times_or_conversion_have_a_report() {
    let empty = EventLog::builder().build().unwrap();
    let found = report(None, &empty, &ReportOptions::default()).unwrap();
    assert_eq!((found.findings.len(), found.findings_looked_at, found.summary.journeys), (0, 0, 0));
    let untimed =
        EventLog::builder().event(Event::untimed("ann", "cart")).event(Event::untimed("ann", "pay")).build().unwrap();
    let found = report(None, &untimed, &options()).unwrap();
    assert_eq!((found.changes.stretches, found.bottlenecks.total_seconds, found.findings.len()), (0, None, 0));
    let silent = report(None, &untimed, &ReportOptions::default()).unwrap();
    assert_eq!((silent.conversion.len(), silent.returns.len(), silent.funnel), (0, 0, None));
}

#[test]
fn a_map_names_the_conversion_and_its_stages_are_the_funnel() {
    let map = r#"{ "name": "Shop", "stages": [{ "id": "look", "name": "Look" }, { "id": "buy", "name": "Buy" }],
        "touchpoints": [{ "id": "cart", "name": "Cart", "stage": "look" }, { "id": "ship", "name": "Ship", "stage": "buy" },
        { "id": "pay", "name": "Pay", "stage": "buy" }], "outcome": { "conversions": ["pay"] } }"#;
    let map = JourneyMap::from_json(map).unwrap();
    let log = log(&[(&["cart", "ship", "pay"], 3), (&["cart", "ship"], 2), (&["cart"], 1)]);
    let found = report(&map, &log, &ReportOptions::default()).unwrap();
    assert_eq!((found.map.as_deref(), found.conversion.as_slice()), (Some("Shop"), ["pay".to_owned()].as_slice()));
    let steps: Vec<(String, u64)> =
        found.funnel.unwrap().steps.into_iter().map(|step| (step.name, step.reached)).collect();
    assert_eq!(steps, [("Look".into(), 6), ("Buy".into(), 5), ("Pay".into(), 3)]);
    assert!(found.emotion_curve.is_some() && found.path_coverage.is_some() && found.deviations.is_some());
}

#[test]
fn lists_are_cut_and_say_so() {
    let names: Vec<String> = (0..40).map(|number| format!("page {number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = report(None, &log(&[(&names, 3)]), &ReportOptions { limit: 10, ..Default::default() }).unwrap();
    assert_eq!((found.bottlenecks.transitions.len(), found.bottlenecks.transitions_left_out), (10, 29));
    assert_eq!((found.drop_offs.touchpoints.len(), found.drop_offs.touchpoints_left_out), (10, 30));
}

#[test]
fn an_attribute_with_many_values_is_left_out_unless_it_is_named() {
    let mut log = EventLog::builder().attribute("platform");
    for number in 0..51 {
        log = journey(log, &number.to_string(), &["cart"], Some(&format!("p{number}")));
    }
    let log = log.build().unwrap();
    let found = report(None, &log, &ReportOptions::default()).unwrap();
    assert_eq!((found.segments.len(), found.attributes_left_out), (0, vec!["platform".to_owned()]));
    let named = ReportOptions { attributes: vec!["platform".into()], ..Default::default() };
    let found = report(None, &log, &named).unwrap();
    assert_eq!((found.segments[0].rows.len() as u64, found.segments[0].rows_left_out), (25, 26));
    let unknown = ReportOptions { attributes: vec!["platfrom".into()], ..Default::default() };
    assert!(report(None, &log, &unknown).unwrap_err().to_string().contains("`platform`"));
}

#[test]
fn options_outside_their_range_are_refused() {
    let empty = EventLog::builder().build().unwrap();
    for (options, field) in [
        (ReportOptions { findings: 0, ..Default::default() }, "findings"),
        (ReportOptions { min_n: 1, ..Default::default() }, "min_n"),
        (ReportOptions { limit: 1001, ..Default::default() }, "limit"),
        (ReportOptions { confidence: 1.0, ..Default::default() }, "confidence"),
        (ReportOptions { false_discovery_rate: 0.0, ..Default::default() }, "false_discovery_rate"),
    ] {
        let error = report(None, &empty, &options).unwrap_err();
        assert_eq!(error.location().field.as_deref(), Some(field));
    }
}
