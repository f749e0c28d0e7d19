//! Reads the journey diagrams of Mermaid's own docs, demos and tests; see `data/mermaid-journeys/SOURCE.md`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;

use journey_core::{JourneyMap, Touchpoint};
use journey_tests::folder;
use serde_json::{Value, json};

fn diagrams() -> BTreeMap<String, (String, Value)> {
    let folder = folder().join("data/mermaid-journeys");
    let expected: Value = serde_json::from_str(&fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let files = expected["files"].as_object().unwrap().clone();
    files
        .into_iter()
        .map(|(name, expected)| (name.clone(), (fs::read_to_string(folder.join(name)).unwrap(), expected)))
        .collect()
}

#[test]
fn every_diagram_of_mermaid_s_own_is_read_as_expected() {
    let diagrams = diagrams();
    assert_eq!(diagrams.len(), 18);
    for (name, (text, expected)) in diagrams {
        if name == "11-rendering.mmd" {
            let error = JourneyMap::from_mermaid(&text).unwrap_err();
            assert_eq!(error.location().line, Some(21), "{name}");
            assert!(error.to_string().contains("`2rem` is not a number"), "{error}");
            continue;
        }
        let map = JourneyMap::from_mermaid(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(map.name(), expected["title"].as_str().unwrap_or("Journey"), "{name}");
        let sections: Vec<&str> = map.stages().iter().map(|stage| stage.name.as_str()).collect();
        assert_eq!(json!(sections), expected["sections"], "{name}");
        let stage = |id: &str| map.stages().iter().find(|stage| stage.id == id).unwrap().name.clone();
        let people = |touchpoint: &Touchpoint| -> Vec<String> {
            let name = |id: &String| map.personas().iter().find(|persona| persona.id == *id).unwrap().name.clone();
            touchpoint.personas.iter().map(name).collect()
        };
        let tasks: Vec<Value> = map
            .touchpoints()
            .map(|t| json!([stage(&t.stage), t.name, t.expected_score.map(|score| score + 3.0), people(t)]))
            .collect();
        let wanted: Vec<Value> = expected["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|task| json!([task["section"], task["task"], task["score"], task["people"]]))
            .collect();
        assert_eq!(tasks, wanted, "{name}");
        assert_eq!(map.to_mermaid().lost, [], "{name}: what a diagram said, a diagram can say");
    }
}
