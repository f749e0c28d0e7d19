//! Laws that hold for every map: what is written is read again.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use journey_core::{
    Baseline, Channel, ChannelKind, Evidence, EvidenceKind, JourneyMap, Kpi, MapData, MapDiff, MapKind, MatchPattern,
    MatchRule, Opportunity, OpportunityKind, Outcome, PainPoint, PainSeverity, Persona, Segment, Stage, Touchpoint,
    Transition, diff,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Texts that trip readers and writers: of other scripts, of control characters, and of what YAML and JSON mean something by.
fn text() -> impl Strategy<Value = String> {
    const HOSTILE: [&str; 26] = [
        "no",
        "null",
        "~",
        "1.0",
        "0x1f",
        "2026-03-31",
        "- a",
        "a: b",
        "a #b",
        "#",
        "*x",
        "&x",
        "!x",
        "<<",
        "{",
        "[]",
        "\"",
        "'",
        "\\",
        "Über uns",
        "👍🏽",
        "\u{202e}abc",
        "\u{feff}",
        "a\r\nb\n",
        " \t",
        "\u{0}\u{7f}\u{85}\u{2028}",
    ];
    prop_oneof![select(&HOSTILE[..]).prop_map(str::to_owned), "[a-z]{1,8}( [a-z]{1,8}){0,12}", any::<String>()]
        .prop_map(|text| if text.is_empty() { "x".to_owned() } else { text })
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..3)
}

fn evidence() -> impl Strategy<Value = Vec<Evidence>> {
    let kinds = [EvidenceKind::Analytics, EvidenceKind::FocusGroup, EvidenceKind::Assumption];
    let one =
        (select(kinds.to_vec()), prop::option::of(any::<u64>()), prop::option::of(1..=28u8), prop::option::of(text()));
    let one = one.prop_map(|(kind, n, day, source)| {
        let date = day.map(|day| format!("2026-02-{day:02}"));
        Evidence { n, date, source, ..Evidence::new(kind) }
    });
    prop::collection::vec(one, 0..3)
}

fn attributes() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    prop::collection::btree_map(text(), prop::collection::vec(text(), 1..3), 1..3)
}

fn persona() -> impl Strategy<Value = Persona> {
    let demographics = prop::collection::btree_map(text(), text(), 0..3);
    (text(), prop::option::of(text()), demographics, texts(), texts(), evidence()).prop_map(
        |(name, description, demographics, goals, motivations, evidence)| Persona {
            description,
            demographics,
            goals,
            motivations,
            evidence,
            ..Persona::new("", name)
        },
    )
}

fn pain_point() -> impl Strategy<Value = PainPoint> {
    let severity = prop::option::of(select(vec![PainSeverity::Minor, PainSeverity::Critical]));
    (text(), severity, evidence()).prop_map(|(text, severity, evidence)| PainPoint { text, severity, evidence })
}

fn opportunity() -> impl Strategy<Value = Opportunity> {
    let kind = select(vec![OpportunityKind::Fix, OpportunityKind::CrossSell]);
    (text(), kind, prop::option::of(0.0..=5.0), prop::option::of(0.0..=100.0))
        .prop_map(|(text, kind, effort, value)| Opportunity { text, kind, effort, value })
}

fn rule() -> impl Strategy<Value = MatchRule> {
    let pattern = select(vec![MatchPattern::Exact, MatchPattern::Prefix, MatchPattern::Glob]);
    (prop::option::of(text()), pattern, prop::option::of(text()), attributes())
        .prop_map(|(touchpoint, pattern, channel, attributes)| MatchRule { touchpoint, pattern, channel, attributes })
}

/// A touchpoint; its ids are numbers that [`map`] makes names of.
fn touchpoint() -> impl Strategy<Value = Touchpoint> {
    let words = (text(), prop::option::of(text()), prop::option::of(text()), texts(), texts());
    let lists = (
        prop::collection::vec(pain_point(), 0..2),
        prop::collection::vec(opportunity(), 0..2),
        prop::collection::vec(rule(), 0..2),
        evidence(),
    );
    (words, lists, prop::option::of(-2.0..=2.0), any::<bool>()).prop_map(
        |(words, lists, expected_score, moment_of_truth)| {
            let (name, owner, action, thoughts, expectations) = words;
            let (pain_points, opportunities, matches, evidence) = lists;
            Touchpoint {
                owner,
                action,
                thoughts,
                expectations,
                pain_points,
                opportunities,
                expected_score,
                moment_of_truth,
                evidence,
                matches,
                ..Touchpoint::new("", name, "")
            }
        },
    )
}

/// Ids `0` to `7`, some of them, in any order; hostile ones too.
fn ids(most: usize) -> impl Strategy<Value = Vec<String>> {
    const IDS: [&str; 8] = ["pay", "no", "1", "a b", "__proto__", "é", "\n", "x: y"];
    subsequence(IDS.map(str::to_owned).to_vec(), 0..=most.min(8)).prop_shuffle()
}

/// Any map: parts with hostile names, references to parts that are there.
fn map() -> impl Strategy<Value = JourneyMap> {
    let sizes = (ids(3), ids(3), ids(4), ids(3), ids(8), ids(2));
    let parts = sizes.prop_flat_map(|(personas, segments, stages, channels, touchpoints, kpis)| {
        let touchpoints = if stages.is_empty() { Vec::new() } else { touchpoints };
        (
            Just((personas.clone(), stages.clone(), channels.clone(), touchpoints.clone())),
            prop::collection::vec(persona(), personas.len()).prop_map(move |mut list| {
                list.iter_mut().zip(&personas).for_each(|(one, id)| one.id.clone_from(id));
                list
            }),
            prop::collection::vec((text(), attributes()), segments.len()).prop_map(move |list| {
                let one = |(id, (name, attributes)): (&String, _)| Segment { attributes, ..Segment::new(id, name) };
                segments.iter().zip(list).map(one).collect::<Vec<_>>()
            }),
            prop::collection::vec((text(), prop::option::of(text()), texts(), evidence()), stages.len()),
            prop::collection::vec(text(), channels.len()),
            prop::collection::vec((touchpoint(), any::<[u8; 3]>()), touchpoints.len()),
            prop::collection::vec((any::<[u8; 2]>(), prop::option::of(0.0..0.1), prop::option::of(0.0..1e9)), 0..12),
            prop::collection::vec((text(), prop::option::of(-1e9..1e9), prop::option::of(text())), kpis.len())
                .prop_map(move |list| {
                    let one = |(id, (name, target, unit)): (&String, _)| Kpi { target, unit, ..Kpi::new(id, name) };
                    kpis.iter().zip(list).map(one).collect::<Vec<_>>()
                }),
            (text(), prop::option::of(text()), prop::option::of(text()), select(MapKind::ALL.to_vec()), any::<bool>()),
        )
    });
    parts.prop_map(|(ids, personas, segments, stages, channels, touchpoints, transitions, kpis, head)| {
        let (persona_ids, stage_ids, channel_ids, touchpoint_ids) = ids;
        let (name, description, version, kind, based) = head;
        let pick = |ids: &[String], n: u8| (!ids.is_empty()).then(|| ids[usize::from(n) % ids.len()].clone());
        let stages = stage_ids.iter().zip(stages).map(|(id, (name, goal, expectations, evidence))| Stage {
            goal,
            expectations,
            evidence,
            ..Stage::new(id, name)
        });
        let channels = channel_ids.iter().zip(channels).map(|(id, name)| Channel {
            id: id.clone(),
            name,
            kind: ChannelKind::Offline,
        });
        let touchpoints =
            touchpoint_ids.iter().zip(touchpoints).map(|(id, (touchpoint, [stage, channel, persona]))| Touchpoint {
                id: id.clone(),
                stage: pick(&stage_ids, stage).unwrap(),
                channel: pick(&channel_ids, channel),
                personas: pick(&persona_ids, persona).into_iter().collect(),
                ..touchpoint
            });
        let mut ways: BTreeMap<(String, String), Transition> = BTreeMap::new();
        for ([from, to], expected_share, expected_seconds) in transitions {
            if let (Some(from), Some(to)) = (pick(&touchpoint_ids, from), pick(&touchpoint_ids, to)) {
                let way = Transition { expected_share, expected_seconds, ..Transition::new(&from, &to) };
                ways.insert((from, to), way);
            }
        }
        JourneyMap::from_data(MapData {
            baseline: based.then(|| Baseline { name: format!("{name} before"), version: version.clone() }),
            name,
            description,
            version,
            kind,
            updated: Some("2026-03-31".into()),
            personas,
            segments,
            stages: stages.collect(),
            channels: channels.collect(),
            touchpoints: touchpoints.collect(),
            transitions: ways.into_values().collect(),
            outcome: Outcome {
                conversions: touchpoint_ids.first().cloned().into_iter().collect(),
                kpis,
                ..Outcome::default()
            },
            ..MapData::default()
        })
        .unwrap()
    })
}

proptest! {
    #[test]
    fn what_is_written_as_json_is_read_again(map in map()) {
        let text = map.to_json();
        let again = JourneyMap::from_json(&text).unwrap();
        prop_assert_eq!(&again, &map);
        prop_assert_eq!(again.to_json(), text);
    }

    #[test]
    fn what_is_written_as_yaml_is_read_again(map in map()) {
        let text = map.to_yaml();
        let again = JourneyMap::from_yaml(&text);
        prop_assert!(again.is_ok(), "{:?} in\n{}", again, text);
        let again = again.unwrap();
        prop_assert_eq!(&again, &map);
        prop_assert_eq!(again.to_yaml(), text);
    }

    /// Names, scores, sections and actors survive; of all else the export says that it is lost.
    #[test]
    fn what_is_written_as_mermaid_is_read_again(map in map()) {
        let export = map.to_mermaid();
        let again = JourneyMap::from_mermaid(&export.text);
        prop_assert!(again.is_ok(), "{:?} in\n{}", again, export.text);
        let again = again.unwrap();
        prop_assert_eq!((again.name(), again.description()), (map.name(), map.description().filter(|text| !text.is_empty())));
        let names = |map: &JourneyMap| map.stages().iter().map(|stage| stage.name.clone()).collect::<Vec<_>>();
        prop_assert_eq!(names(&again), names(&map));
        for (read, written) in again.touchpoints().zip(map.touchpoints()) {
            prop_assert_eq!(&read.name, &written.name);
            let (score, neutral) = (read.expected_score.unwrap(), written.expected_score.unwrap_or(0.0));
            prop_assert!((score - neutral).abs() < 1e-12);
            prop_assert_eq!(read.personas.len(), written.personas.len());
        }
        prop_assert_eq!(again.to_mermaid().lost, [], "what a diagram said, a diagram can say");
    }

    #[test]
    fn whatever_is_read_as_mermaid_nothing_panics(text in "(journey\n)?([a-zA-Z:;#%{}\\-, \t\n0-9é]|title |section |accDescr){0,60}") {
        if let Ok(map) = JourneyMap::from_mermaid(&text) {
            let export = map.to_mermaid();
            prop_assert_eq!(export.lost, [], "{}", text);
            prop_assert_eq!(JourneyMap::from_mermaid(&export.text).unwrap(), map);
        }
    }

    #[test]
    fn a_map_has_no_difference_from_itself(map in map()) {
        prop_assert_eq!(diff(&map, &map).changes, vec![]);
    }

    #[test]
    fn the_difference_of_two_maps_makes_one_of_the_other(before in map(), after in map()) {
        let there = diff(&before, &after);
        prop_assert_eq!(&there.apply(&before).unwrap(), &after);
        // It survives the way through JSON, as it goes between the languages.
        let text = serde_json::to_string(&there).unwrap();
        let there: MapDiff = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&there.apply(&before).unwrap(), &after);
        prop_assert_eq!(diff(&after, &before).apply(&after).unwrap(), before);
    }

    #[test]
    fn whatever_is_read_as_yaml_nothing_panics(text in "([a-z\\-:#&*!|>'\"%@{}\\[\\], \t\n]|name: x\n|stages:\n){0,60}") {
        let _ = JourneyMap::from_yaml(&text);
    }
}
