//! Each rule on a map that breaks it, and on one that does not.

use super::*;
use crate::log::Event;
use crate::map::{
    Channel, ChannelKind, Evidence, EvidenceKind, MapData, MapKind, MatchPattern, MatchRule, Stage, Touchpoint,
    Transition,
};
use crate::time::Timestamp;

/// A map in which no rule finds anything, seen on 2026-04-01.
fn sound() -> MapData {
    serde_json::from_str(
        r#"{
        "name": "Shop", "updated": "2026-03-31",
        "personas": [{"id": "ann", "name": "Ann", "goals": ["Eat"], "evidence": [{"kind": "interview", "date": "2026-03-01"}]}],
        "segments": [{"id": "mobile", "name": "Mobile", "attributes": {"platform": ["mobile"]}}],
        "stages": [
            {"id": "need", "name": "Need", "goal": "Find something to eat"},
            {"id": "buy", "name": "Buy", "goal": "Pay and be gone"},
            {"id": "after", "name": "After", "expectations": ["It tastes"], "evidence": [{"kind": "survey"}]}
        ],
        "channels": [{"id": "web", "name": "Web", "kind": "online"}, {"id": "counter", "name": "Counter", "kind": "offline"}],
        "touchpoints": [
            {"id": "pay", "name": "Pay", "stage": "buy", "channel": "counter", "owner": "Sales", "action": "Pays",
             "expected_score": 1, "evidence": [{"kind": "survey", "date": "2026-03-01"}],
             "pain_points": [{"text": "slow", "evidence": [{"kind": "crm", "date": "2026-03-01"}]}]},
            {"id": "hunger", "name": "Hunger", "stage": "need", "action": "Feels hungry", "expected_score": -1,
             "evidence": [{"kind": "interview"}]},
            {"id": "review", "name": "Review", "stage": "after", "channel": "web", "owner": "Support", "action": "Tells others",
             "expected_score": 0, "evidence": [{"kind": "review"}]}
        ],
        "transitions": [{"from": "hunger", "to": "pay"}, {"from": "pay", "to": "review"}],
        "outcome": {"conversions": ["pay"], "kpis": [{"id": "k", "name": "K", "target": 3, "measured_by": "till"}]}
    }"#,
    )
    .unwrap()
}

/// Events such as `("pay", "counter")`, each a journey of its own.
fn log(events: &[(&str, &str)]) -> EventLog {
    let mut builder = EventLog::builder();
    for (i, (touchpoint, channel)) in events.iter().enumerate() {
        let journey = format!("j{i}");
        let event = Event::new(&journey, touchpoint, Timestamp::from_micros(0).unwrap());
        builder = builder.event(event.on_channel(channel));
    }
    builder.build().unwrap()
}

fn options() -> LintOptions {
    LintOptions { as_of: Some("2026-04-01".into()), ..LintOptions::default() }
}

/// Codes and places of the findings on a map that differs from the sound one.
fn found(change: impl FnOnce(&mut MapData)) -> Vec<(String, String)> {
    let mut data = sound();
    change(&mut data);
    let log = log(&[("pay", "counter"), ("review", "web")]);
    let report = lint(&JourneyMap::from_data(data).unwrap(), &log, &options()).unwrap();
    report.findings.into_iter().map(|finding| (finding.code, finding.place)).collect()
}

#[test]
fn a_sound_map_has_no_findings() {
    assert_eq!(found(|_| ()), []);
    let report = lint(&JourneyMap::from_data(sound()).unwrap(), None, &LintOptions::default()).unwrap();
    assert_eq!((report.errors, report.warnings, report.hints), (0, 0, 0));
    assert_eq!(report.not_asked.len(), 8, "three rules need a date, five a log: {:?}", report.not_asked);
}

#[test]
fn each_rule_finds_what_breaks_it_and_where() {
    type Edit = fn(&mut MapData);
    let cases: [(&str, &str, Edit); 42] = [
        ("no-persona", "personas", |m| m.personas.clear()),
        ("no-segment", "segments", |m| m.segments.clear()),
        ("assumption", "touchpoints[0].expected_score", |m| {
            m.touchpoints[0].evidence = vec![Evidence::new(EvidenceKind::Assumption)];
        }),
        ("assumption", "touchpoints[0].expected_score", |m| m.touchpoints[0].evidence.clear()),
        ("assumption", "touchpoints[0].pain_points[0]", |m| m.touchpoints[0].pain_points[0].evidence.clear()),
        ("assumption", "stages[2].expectations[0]", |m| m.stages[2].evidence.clear()),
        ("future-date", "updated", |m| m.updated = Some("2026-04-02".into())),
        ("future-date", "touchpoints[0].evidence[0].date", |m| {
            m.touchpoints[0].evidence[0].date = Some("2027-01-01".into());
        }),
        ("stale-evidence", "touchpoints[0].evidence[0].date", |m| {
            m.touchpoints[0].evidence[0].date = Some("2025-03-31".into());
        }),
        ("stale-evidence", "touchpoints[0].pain_points[0].evidence[0].date", |m| {
            m.touchpoints[0].pain_points[0].evidence[0].date = Some("2020-01-01".into());
        }),
        ("stale-evidence", "personas[0].evidence[0].date", |m| {
            m.personas[0].evidence[0].date = Some("2020-01-01".into());
        }),
        ("stale-map", "updated", |m| m.updated = Some("2025-09-01".into())),
        ("stale-map", "updated", |m| m.updated = None),
        ("no-emotion", "touchpoints[1].expected_score", |m| m.touchpoints[1].expected_score = None),
        ("no-emotion", "touchpoints", |m| m.touchpoints.iter_mut().for_each(|t| t.expected_score = None)),
        ("no-offline", "channels", |m| m.channels[1].kind = ChannelKind::Online),
        ("digital-only", "touchpoints", |m| m.touchpoints[2].owner = Some("Marketing".into())),
        ("starts-late", "stages[0]", |m| {
            (m.touchpoints[1].channel, m.touchpoints[1].owner) = (Some("web".into()), Some("Sales".into()));
        }),
        ("ends-at-purchase", "stages[2]", |m| m.outcome.conversions = vec!["review".into()]),
        ("no-follow-up", "outcome.conversions", |m| {
            (m.touchpoints[2].id, m.touchpoints[2].name, m.transitions[1].to) =
                ("use".into(), "Use".into(), "use".into());
        }),
        ("inside-out", "touchpoints[0].action", |m| m.touchpoints[0].action = None),
        ("inside-out", "touchpoints[0].action", |m| m.touchpoints[0].action = Some("Staff take the money".into())),
        ("inside-out", "stages[0].goal", |m| m.stages[0].goal = Some("More leads".into())),
        ("inside-out", "stages[2].expectations[0]", |m| m.stages[2].expectations[0] = "Customers stay".into()),
        ("inside-out", "personas[0].goals[0]", |m| m.personas[0].goals[0] = "Less churn".into()),
        ("no-goal", "stages[0].goal", |m| m.stages[0].goal = None),
        ("no-owner", "touchpoints[0].owner", |m| m.touchpoints[0].owner = None),
        ("no-owner", "touchpoints[1].owner", |m| m.touchpoints[1].pain_points = m.touchpoints[0].pain_points.clone()),
        ("too-complex", "stages", |m| {
            (0..7).for_each(|i| m.stages.push(Stage { goal: Some("Eat".into()), ..Stage::new(format!("s{i}"), "S") }));
        }),
        ("too-complex", "stages[0]", |m| {
            (0..12).for_each(|i| m.touchpoints.push(Touchpoint { id: format!("t{i}"), ..m.touchpoints[1].clone() }));
        }),
        ("unreachable", "touchpoints[2]", |m| {
            (m.transitions[1], m.outcome.entries) = (Transition::new("review", "pay"), vec!["hunger".into()]);
        }),
        ("dead-end", "touchpoints[2]", |m| m.outcome.exits = vec!["pay".into()]),
        ("orphan-stage", "stages[3]", |m| m.stages.push(Stage { goal: Some("Eat".into()), ..Stage::new("x", "X") })),
        ("orphan-channel", "channels[2]", |m| m.channels.push(Channel { id: "x".into(), ..Channel::default() })),
        ("no-outcome", "outcome.conversions", |m| m.outcome.conversions.clear()),
        ("no-kpi", "outcome.kpis", |m| m.outcome.kpis.clear()),
        ("no-kpi", "outcome.kpis[0].target", |m| m.outcome.kpis[0].target = None),
        ("no-kpi", "outcome.kpis[0].measured_by", |m| m.outcome.kpis[0].measured_by = None),
        ("no-baseline", "baseline", |m| m.kind = MapKind::FutureState),
        ("never-visited", "touchpoints[1]", |m| {
            (m.touchpoints[1].channel, m.touchpoints[1].owner) = (Some("web".into()), Some("Sales".into()));
        }),
        ("match-conflict", "touchpoints[2].matches", |m| {
            let all = MatchRule { touchpoint: Some("*".into()), pattern: MatchPattern::Glob, ..MatchRule::default() };
            m.touchpoints[2].matches = vec![all];
        }),
        ("unmapped-events", "touchpoints", |m| {
            (
                m.touchpoints[0].id,
                m.touchpoints[0].channel,
                m.outcome.conversions[0],
                m.transitions[0].to,
                m.transitions[1].from,
            ) = ("till".into(), None, "till".into(), "till".into(), "till".into());
        }),
    ];
    let mut tried: Vec<&str> = Vec::new();
    for (code, place, change) in cases {
        // Names may not be empty, so what the edits leave out is filled in.
        let named = |m: &mut MapData| {
            change(m);
            for channel in &mut m.channels {
                channel.name = "C".into();
            }
        };
        let findings = found(named);
        assert!(findings.contains(&(code.into(), place.into())), "{code} at {place}: {findings:?}");
        tried.push(code);
    }
    tried.extend(["unused-channel", "choice-overload"]);
    for rule in LintRule::all() {
        assert!(tried.contains(&rule.code), "no map breaks {}", rule.code);
    }
}

#[test]
fn events_are_called_as_the_rules_of_the_map_say() {
    let mut data = sound();
    let till = |name: &str| MatchRule { touchpoint: Some(name.into()), ..MatchRule::default() };
    data.touchpoints[0].matches = vec![till("till_1"), till("till_2")];
    let map = JourneyMap::from_data(data).unwrap();
    let report =
        lint(&map, &log(&[("till_1", "counter"), ("till_2", "counter"), ("review", "web")]), &options()).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let report = lint(&map, &log(&[("pay", "counter"), ("review", "web")]), &options()).unwrap();
    let found: Vec<_> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(found, ["unmapped-events", "never-visited"], "an event that is called like it is not at it");
}

#[test]
fn a_channel_with_hardly_any_events_is_unused() {
    let mut events = vec![("pay", "counter"); 200];
    events.push(("review", "web"));
    let map = JourneyMap::from_data(sound()).unwrap();
    let report = lint(&map, &log(&events), &options()).unwrap();
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].message, "1 of 201 events are on the channel `web`");
    // Two of 200 are one in a hundred, which is enough.
    events.extend([("review", "web")]);
    events.truncate(200);
    events[0] = ("review", "web");
    events[1] = ("review", "web");
    assert!(lint(&map, &log(&events), &options()).unwrap().findings.is_empty());
}

#[test]
fn many_channels_hardly_used_where_customers_leave_are_too_much_choice() {
    // 40 journeys look at an offer and pay; 40 end at paying with a channel each of three that hardly anybody takes.
    let overloaded = |rare: [&'static str; 3]| {
        let mut builder = EventLog::builder();
        let time = |minutes: i64| Timestamp::from_micros(minutes * 60_000_000).unwrap();
        let journeys: Vec<String> = (0..80).map(|i| format!("j{i}")).collect();
        for (i, journey) in journeys.iter().enumerate() {
            let channel = rare.get(i).copied().unwrap_or("counter");
            for minute in 0..5 {
                builder = builder.event(Event::new(journey, "review", time(minute)).on_channel("web"));
            }
            builder = builder.event(Event::new(journey, "pay", time(6)).on_channel(channel));
        }
        builder.build().unwrap()
    };
    let map = JourneyMap::from_data(sound()).unwrap();
    let codes = |log: &EventLog| {
        let report = lint(&map, log, &options()).unwrap();
        report.findings.into_iter().map(|finding| (finding.code, finding.place)).collect::<Vec<_>>()
    };
    assert_eq!(
        codes(&overloaded(["post", "phone", "fax"])),
        [("choice-overload".to_owned(), "touchpoints[0]".to_owned())]
    );
    assert_eq!(codes(&overloaded(["post", "phone", "phone"])), [], "three channels are not many");
}

#[test]
fn assumptions_are_counted_by_stage_and_channel() {
    let mut data = sound();
    data.touchpoints[0].evidence.clear();
    data.stages[2].evidence.clear();
    let report = lint(&JourneyMap::from_data(data).unwrap(), None, &LintOptions::default()).unwrap();
    let Assumptions { whole, stages, channels } = report.assumptions;
    // Three scores, one pain point, one expectation.
    assert_eq!((whole.n, whole.of), (2, 5));
    let parts =
        |parts: Vec<AssumptionPart>| parts.into_iter().map(|p| (p.id, p.assumed.n, p.assumed.of)).collect::<Vec<_>>();
    assert_eq!(parts(stages), [("need".into(), 0, 1), ("buy".into(), 1, 2), ("after".into(), 1, 2)]);
    assert_eq!(parts(channels), [("web".into(), 0, 1), ("counter".into(), 1, 2)]);
}

#[test]
fn rules_are_switched_off_and_made_worse_by_their_codes() {
    let mut data = sound();
    data.personas.clear();
    data.segments.clear();
    let map = JourneyMap::from_data(data).unwrap();
    let mut options = LintOptions { off: vec!["no-segment".into()], ..LintOptions::default() };
    options.severities.insert("no-persona".into(), LintSeverity::Error);
    let report = lint(&map, None, &options).unwrap();
    assert_eq!((report.errors, report.findings.len()), (1, 1));
    assert!(report.not_asked.contains(&"no-segment".to_owned()));
    options.off.push("no-personas".into());
    let error = lint(&map, None, &options).unwrap_err();
    assert!(error.to_string().ends_with("did you mean `no-persona`?"), "{error}");
}

#[test]
fn a_day_needs_no_purchase_and_no_channel_in_the_morning() {
    let mut data = sound();
    data.kind = MapKind::DayInTheLife;
    data.touchpoints[1].channel = Some("web".into());
    data.touchpoints[1].owner = Some("Sales".into());
    data.outcome.conversions = vec!["review".into()];
    let report = lint(&JourneyMap::from_data(data).unwrap(), None, &options()).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[test]
fn the_first_error_stands_before_the_first_warning() {
    let mut data = sound();
    data.personas.clear();
    data.updated = Some("2026-05-01".into());
    let report =
        lint(&JourneyMap::from_data(data).unwrap(), None, &LintOptions { limit: Some(1), ..options() }).unwrap();
    assert_eq!((report.findings[0].code.as_str(), report.findings_left_out), ("future-date", 1));
}
