//! Maps that are wrong in many ways: each gives an error that names the line and the cure, and none a panic.
use std::fs;
use std::path::Path;
use std::thread;

use journey_core::{Error, ErrorKind, JourneyMap, LintOptions, LintSeverity, lint};
use journey_tests::folder;
use serde_json::{Map, Value};

fn read(name: &str, text: &str) -> Result<JourneyMap, Error> {
    if Path::new(name).extension().is_some_and(|ending| ending == "json") {
        JourneyMap::from_json(text)
    } else {
        JourneyMap::from_yaml(text)
    }
}

#[test]
fn every_wrong_map_is_refused_with_its_line_and_the_cure() {
    let wrong = folder().join("data/wrong-maps");
    let expected = fs::read_to_string(wrong.join("expected.json")).unwrap();
    let expected: Map<String, Value> = serde_json::from_str(&expected).unwrap();
    assert!(expected.len() >= 40);
    let mut failures = Vec::new();
    for (name, expected) in &expected {
        let Err(error) = read(name, &fs::read_to_string(wrong.join(name)).unwrap()) else {
            failures.push(format!("{name} was read"));
            continue;
        };
        let place = error.location();
        let as_expected = error.kind().code() == expected["code"]
            && place.line == expected["line"].as_u64()
            && place.column.is_some()
            && expected["field"].as_str().is_none_or(|field| place.field.as_deref() == Some(field))
            && error.message().contains(expected["says"].as_str().unwrap());
        if !as_expected {
            failures.push(format!("{name}: {} {error}", error.kind().code()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What only a date or another map can tell is found by `lint`, with the path that leads to the line.
#[test]
fn evidence_of_the_future_is_an_error_on_its_line() {
    let text = "name: Shop\nstages:\n  - id: buy\n    name: Buy\n    evidence:\n      - kind: survey\n        date: 2026-04-02\n";
    let map = JourneyMap::from_yaml(text).unwrap();
    let options = LintOptions { as_of: Some("2026-04-01".into()), ..LintOptions::default() };
    let finding = lint(&map, None, &options).unwrap().findings.remove(0);
    assert_eq!((finding.code.as_str(), finding.severity), ("future-date", LintSeverity::Error));
    assert_eq!(JourneyMap::line_of(text, &finding.place), Some(7));
    assert_eq!(finding.help, "correct the date");
}

/// What is too large to lie in a file here.
#[test]
fn maps_without_measure_are_refused_in_no_time() {
    let mut laughs = String::from("name: Shop\na0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n");
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        laughs.extend([format!("a{level}: &a{level} [{aliases}]\n")]);
    }
    let (label, deep) = ("x".repeat(10_000_000), "[".repeat(1_000_000));
    let steps = (0..100_000).map(|step| " ".repeat(step.min(1_000)) + "a:\n").collect::<String>();
    for (name, text, line) in [
        ("label.yaml", format!("description: fine\nname: {label}\n"), 2),
        ("label.json", format!("{{\"description\": \"fine\",\n\"name\": \"{label}\"}}"), 2),
        ("key.yaml", format!("name: Shop\n? {label}\n: x\n"), 1),
        ("key.json", format!("{{\"name\": \"Shop\",\n\"{label}\": 1}}"), 1),
        ("deep.yaml", format!("name: Shop\nstages: {deep}"), 2),
        ("deep.json", format!("{{\"name\": \"Shop\",\n\"stages\": {deep}"), 2),
        ("steps.yaml", format!("name: Shop\n{steps}"), 18),
        ("laughs.yaml", laughs, 6),
    ] {
        let error = read(name, &text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidMap, "{name}: {error}");
        assert!(error.to_string().len() < 500, "{name}");
        assert_eq!(error.location().line, Some(line), "{name}: {error}");
    }
}

/// The deepest nesting that is read, and the first that is not, on small stacks. The YAML parser's frames are large in builds
/// without optimisation, which this one is.
#[test]
fn nesting_needs_no_deep_stack() {
    let nested = |levels: usize| format!("name: {}x{}\n", "[".repeat(levels), "]".repeat(levels));
    let json = format!("{{\"name\": {}1{}}}", "[".repeat(126), "]".repeat(126));
    for (name, text, stack, expected) in [
        ("a.yaml", nested(15), 1024, "`name`: expected a text, got a list"),
        ("a.yaml", nested(16), 1024, "more than 16 levels within each other"),
        ("a.json", json, 256, "`name`: expected a text, got a list"),
    ] {
        let work = move || read(name, &text).unwrap_err().to_string();
        let error = thread::Builder::new().stack_size(stack * 1024).spawn(work).unwrap().join().unwrap();
        assert!(error.ends_with(expected), "{error}");
    }
}
