//! The rules by hand, and against a matcher that asks every rule of every event.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use journey_core::{
    Event, EventLog, Journey, JourneyMap, MatchOptions, MatchPattern, MatchRule, Stage, Timestamp, Touchpoint,
    UnmappedEvents, WithMapOptions, match_events,
};
use proptest::prelude::*;

fn rule(pattern: MatchPattern, name: &str) -> MatchRule {
    MatchRule { touchpoint: Some(name.into()), pattern, ..MatchRule::default() }
}

/// A map of these touchpoints, one stage each, in the order given.
fn map(touchpoints: impl IntoIterator<Item = (&'static str, Vec<MatchRule>)>) -> JourneyMap {
    let mut map = JourneyMap::builder("Shop");
    for (id, matches) in touchpoints {
        let stage = format!("stage of {id}");
        map = map.stage(Stage::new(&stage, "S")).touchpoint(Touchpoint { matches, ..Touchpoint::new(id, id, stage) });
    }
    map.build().unwrap()
}

/// A log of rows such as `("ann", "visit", Some("web"), Some("mobile"))`, with the attribute `platform`.
fn log(rows: &[(&str, &str, Option<&str>, Option<&str>)]) -> EventLog {
    let mut log = EventLog::builder().attribute("platform");
    for ((journey, name, channel, platform), at) in rows.iter().zip(0..) {
        let event = Event::new(journey, name, Timestamp::from_micros(at).unwrap());
        log = log.event_with(channel.map_or(event, |channel| event.on_channel(channel)), [*platform]);
    }
    log.build().unwrap()
}

/// Name and stage of each event.
fn events(log: &EventLog) -> Vec<(String, Option<String>)> {
    let of = |journey: Journey<'_>| {
        let stages: Vec<Option<String>> = match journey.attribute("stage") {
            Some(stages) => stages.map(|stage| stage.map(str::to_owned)).collect(),
            None => vec![None; journey.len()],
        };
        journey.events().map(|event| event.touchpoint.to_owned()).zip(stages).collect::<Vec<_>>()
    };
    log.journeys().flat_map(of).collect()
}

fn names(log: &EventLog) -> Vec<String> {
    events(log).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn the_first_rule_in_the_order_of_the_map_decides() {
    let map = map([
        ("pay", vec![rule(MatchPattern::Exact, "paid"), rule(MatchPattern::Prefix, "/pay/")]),
        ("page", vec![rule(MatchPattern::Glob, "/*")]),
        ("visit", vec![]),
    ]);
    let log = log(&[
        ("a", "visit", None, None),
        ("a", "/pay/card", None, None),
        ("a", "/home", None, None),
        ("a", "beep", None, None),
    ]);
    let mapped = log.with_map(&map, &WithMapOptions::default()).unwrap();
    assert_eq!(names(&mapped), ["visit", "pay", "page", "beep"]);
    assert_eq!(events(&mapped)[1].1.as_deref(), Some("stage of pay"));
    assert_eq!(events(&mapped)[3].1, None);
    let report = match_events(&map, &log, &MatchOptions::default()).unwrap();
    assert_eq!((report.events.n, report.events.of, report.unmapped[0].name.as_str()), (3, 4, "beep"));
    let rules: Vec<_> = report.touchpoints[0].rules.iter().map(|row| (row.rule, row.events, row.met)).collect();
    assert_eq!(rules, [(Some(0), 0, 0), (Some(1), 1, 1)]);
    let conflict = &report.conflicts[0];
    assert_eq!((conflict.winner.as_str(), conflict.other.as_str(), conflict.events), ("pay", "page", 1));
    assert_eq!(report.touchpoints[2].rules[0].rule, None, "it takes what is called as its id");
}

#[test]
fn all_conditions_of_a_rule_have_to_be_met() {
    let on = |channel: &str, platform: &str| MatchRule {
        channel: Some(channel.into()),
        attributes: BTreeMap::from([("platform".into(), vec![platform.into(), "tablet".into()])]),
        ..rule(MatchPattern::Exact, "visit")
    };
    let map = map([("app", vec![on("web", "mobile")]), ("none", vec![on("fax", "mobile")])]);
    let rows = [("web", "mobile"), ("web", "desktop"), ("shop", "mobile")];
    let log = log(&rows.map(|(channel, platform)| ("a", "visit", Some(channel), Some(platform))));
    assert_eq!(names(&log.with_map(&map, &WithMapOptions::default()).unwrap()), ["app", "visit", "visit"]);
    let report = match_events(&map, &log, &MatchOptions::default()).unwrap();
    assert_eq!(report.not_matched, ["none"]);
    assert_eq!((report.unmapped[0].events, report.unmapped[0].journeys), (2, 1), "the name is on the map elsewhere");
}

#[test]
fn an_event_that_is_called_like_a_touchpoint_does_not_pass_for_it() {
    let map = map([("pay", vec![rule(MatchPattern::Exact, "paid")])]);
    let log = log(&[("a", "pay", None, None), ("a", "paid", None, None), ("b", "pay (unmapped)", None, None)]);
    let mapped = log.with_map(&map, &WithMapOptions::default()).unwrap();
    assert_eq!(names(&mapped), ["pay (unmapped) (unmapped)", "pay", "pay (unmapped)"]);
    let options = WithMapOptions { unmapped: UnmappedEvents::Drop, stage: None, name: Some("raw".into()) };
    let dropped = log.with_map(&map, &options).unwrap();
    assert_eq!((names(&dropped), dropped.journey_count()), (vec!["pay".to_owned()], 1));
    assert_eq!(dropped.journey(0).unwrap().attribute("raw").unwrap().collect::<Vec<_>>(), [Some("paid")]);
    assert_eq!(dropped.touchpoints().iter().collect::<Vec<_>>(), ["pay"]);
}

#[test]
fn an_attribute_that_the_log_has_is_not_written_over() {
    let map = map([("visit", vec![])]);
    let log = log(&[("a", "visit", None, None)]);
    let wrong = WithMapOptions { stage: Some("platform".into()), ..WithMapOptions::default() };
    let error = log.with_map(&map, &wrong).unwrap_err();
    assert_eq!(error.to_string(), "`stage`: the log has an attribute `platform` already; expected another name");
    let once = log.with_map(&map, &WithMapOptions::default()).unwrap();
    assert!(once.with_map(&map, &WithMapOptions::default()).is_err());
    let twice = once.with_map(&map, &WithMapOptions { stage: None, ..WithMapOptions::default() }).unwrap();
    assert_eq!(events(&twice), events(&once));
}

#[test]
fn what_the_log_does_not_have_is_met_by_nothing_and_named() {
    let asks = MatchRule { attributes: BTreeMap::from([("plan".into(), vec!["pro".into()])]), ..MatchRule::default() };
    let map = map([("pro", vec![asks])]);
    let report = match_events(&map, &log(&[("a", "visit", None, None)]), &MatchOptions::default()).unwrap();
    assert_eq!((report.missing_attributes, report.events.n), (vec!["plan".to_owned()], 0));
    assert_eq!((report.journeys_without, report.without_examples), (1, vec!["a".to_owned()]));
    let empty = EventLog::builder().build().unwrap();
    let report = match_events(&map, &empty, &MatchOptions::default()).unwrap();
    assert_eq!((report.events.share, report.journeys.share, report.missing_attributes.len()), (None, None, 0));
    assert!(empty.with_map(&map, &WithMapOptions::default()).unwrap().is_empty());
}

/// Whether a name is as a glob says, by trying every way.
fn like(pattern: &[char], name: &[char]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, _) => name.is_empty(),
        (Some(('*', rest)), _) => (0..=name.len()).any(|taken| like(rest, &name[taken..])),
        (Some((wanted, rest)), Some((letter, more))) => (*wanted == '?' || wanted == letter) && like(rest, more),
        (Some(_), None) => false,
    }
}

fn meets(rule: &MatchRule, name: &str, channel: Option<&str>, platform: Option<&str>) -> bool {
    let letters = |text: &str| text.chars().collect::<Vec<_>>();
    rule.touchpoint.as_deref().is_none_or(|text| match rule.pattern {
        MatchPattern::Prefix => name.starts_with(text),
        MatchPattern::Glob => like(&letters(text), &letters(name)),
        _ => name == text,
    }) && (rule.channel.is_none() || rule.channel.as_deref() == channel)
        && rule.attributes.iter().all(|(attribute, values)| {
            attribute == "platform" && platform.is_some_and(|platform| values.iter().any(|value| value == platform))
        })
}

const IDS: [&str; 3] = ["a", "ab", "pay"];

fn rules() -> impl Strategy<Value = Vec<MatchRule>> {
    let pattern = prop_oneof![Just(MatchPattern::Exact), Just(MatchPattern::Prefix), Just(MatchPattern::Glob)];
    let values = prop::collection::vec(prop::sample::select(vec!["x".to_owned(), "y".into()]), 1..3);
    let attributes =
        prop::collection::btree_map(prop::sample::select(vec!["platform".to_owned(), "plan".into()]), values, 0..2);
    let channel = prop::option::of(prop::sample::select(vec!["web".to_owned(), "fax".into()]));
    let rule = ("[ab*?]{1,4}", pattern, channel, attributes).prop_map(|(name, pattern, channel, attributes)| {
        MatchRule { touchpoint: Some(name), pattern, channel, attributes }
    });
    prop::collection::vec(rule, 0..3)
}

proptest! {
    #[test]
    fn each_event_gets_what_asking_every_rule_gives(
        [first, second, third] in [rules(), rules(), rules()],
        rows in prop::collection::vec(("[ab]{1,4}", prop::option::of("web|shop"), prop::option::of("[xyz]")), 0..30),
    ) {
        let all: Vec<(&str, Vec<MatchRule>)> = IDS.into_iter().zip([first, second, third]).collect();
        let map = map(IDS.into_iter().zip(all.iter().map(|(_, rules)| rules.clone())));
        let rows: Vec<_> = rows.iter().map(|(n, c, p)| ("j", n.as_str(), c.as_deref(), p.as_deref())).collect();
        let log = log(&rows);
        let taken: Vec<Option<String>> = rows.iter().map(|(_, name, channel, platform)| {
            all.iter()
                .find(|(id, rules)| (rules.is_empty() && id == name) || rules.iter().any(|rule| meets(rule, name, *channel, *platform)))
                .map(|(id, _)| (*id).to_owned())
        }).collect();
        let mapped = events(&log.with_map(&map, &WithMapOptions::default()).unwrap());
        for ((got, stage), (taken, row)) in mapped.iter().zip(taken.iter().zip(&rows)) {
            match taken {
                Some(id) => prop_assert_eq!((got, stage), (id, &Some(format!("stage of {id}")))),
                None => prop_assert!(got.starts_with(row.1) && !IDS.contains(&got.as_str()) && stage.is_none()),
            }
        }
        let report = match_events(&map, &log, &MatchOptions::default()).unwrap();
        prop_assert_eq!(report.events.n, taken.iter().flatten().count() as u64);
        prop_assert_eq!(report.unmapped.iter().map(|row| row.events).sum::<u64>(), report.events.of - report.events.n);
        let options = WithMapOptions { unmapped: UnmappedEvents::Drop, ..WithMapOptions::default() };
        prop_assert_eq!(log.with_map(&map, &options).unwrap().len() as u64, report.events.n);
    }

    #[test]
    fn a_map_that_calls_all_as_the_log_does_changes_nothing_but_the_stages(
        rows in prop::collection::vec(("[jk]", prop::sample::select(IDS.to_vec()), prop::option::of("web|shop")), 0..30),
    ) {
        let rows: Vec<_> = rows.iter().map(|(j, n, c)| (j.as_str(), *n, c.as_deref(), None)).collect();
        let (log, map) = (log(&rows), map(IDS.map(|id| (id, Vec::new()))));
        let mapped = log.with_map(&map, &WithMapOptions::default()).unwrap();
        let all = |log: &EventLog| log.journeys().map(|j| format!("{:?}", j.events().collect::<Vec<_>>())).collect::<Vec<_>>();
        prop_assert_eq!(all(&mapped), all(&log));
        prop_assert_eq!(mapped.attributes().collect::<Vec<_>>(), ["platform", "stage"]);
    }
}
