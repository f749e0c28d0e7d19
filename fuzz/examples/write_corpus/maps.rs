//! Maps as files.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use journey_core::JourneyMap;

use crate::Seeds;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A map with one of everything.
const YAML: &str = "\
name: Shop # of shoes
kind: current_state
updated: 2024-06-30
personas: [{id: bea, name: Bea, demographics: {age: '25'}, goals: [Shoes]}]
segments: [{id: mobile, name: On the phone, attributes: {platform: [mobile]}}]
stages:
  - {id: look, name: Look}
  - id: buy
    name: Buy
    goal: >-
      Have
      shoes
channels: [{id: web, name: Web shop, kind: online}]
touchpoints:
  - id: visit
    name: Visit
    stage: look
    channel: web
    personas: [bea]
    expected_score: -0.5
    pain_points: [{text: Slow, severity: major}]
    matches: [{touchpoint: 'visit*'}]
  - id: pay
    name: |
      Pay
    stage: buy
    moment_of_truth: true
    evidence: [{kind: survey, n: 12, date: 2024-01-31}]
transitions: [{from: visit, to: pay, expected_share: 0.5, expected_seconds: 120}]
outcome: {conversions: [pay]}
";

/// The files of a folder of the tests.
fn files(folder: &str, ending: &str) -> Outcome<Vec<(String, Vec<u8>)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(folder);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == ending) && !path.ends_with("expected.json"));
    paths.sort();
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, fs::read(path)?))
    };
    paths.into_iter().map(named).collect()
}

fn map() -> Outcome<JourneyMap> {
    Ok(JourneyMap::from_yaml(YAML)?)
}

pub fn json() -> Outcome<Seeds> {
    let mut seeds = Seeds::of("map_json");
    seeds.add_damaged("map", map()?.to_json(), 8);
    for (name, bytes) in files("wrong-maps", "json")? {
        seeds.add(&name, bytes);
    }
    for (name, text) in [
        ("empty", ""),
        ("no-object", "[]"),
        ("nothing", "{}"),
        (
            "number-too-large",
            r#"{"name":"a","stages":[],"touchpoints":[{"id":"a","name":"a","stage":"s","expected_score":1e999}]}"#,
        ),
        ("surrogate", r#"{"name":"\ud83d"}"#),
        ("text-after", r#"{"name":"a"} {}"#),
        ("control-characters", "{\"na\u{1b}me\":\"a\u{0}\"}"),
        ("name-of-blanks", r#"{"name":"  \t "}"#),
    ] {
        seeds.add(name, text);
    }
    seeds.add("byte-order-mark", format!("\u{feff}{}", map()?.to_json()));
    seeds.add("deep", r#"{"a":"#.repeat(200));
    seeds.add("deep-lists", "{\"name\":".to_owned() + &"[".repeat(20_000));
    Ok(seeds)
}

pub fn yaml() -> Outcome<Seeds> {
    let mut seeds = Seeds::of("map_yaml");
    seeds.add_damaged("map", YAML, 6);
    seeds.add("written", map()?.to_yaml());
    for (name, bytes) in files("wrong-maps", "yaml")? {
        seeds.add(&name, bytes);
    }
    for (name, text) in [
        ("empty", ""),
        ("nothing", "---\n...\n"),
        ("two-documents", "name: a\n---\nname: b\n"),
        ("tags", "name: !!binary aGVsbG8=\nstages: !!python/object:os.system []\n"),
        (
            "bombs",
            "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\nname: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
        ),
        ("norway", "name: no\nstages: [{id: on, name: 1e3}]\n"),
        ("key-of-lists", "? [a, b]\n: c\n"),
        ("tabs", "name:\ta\n\tstages: []\n"),
        ("anchor-without-end", "name: &"),
        ("quotes", "name: 'it''s \"a\"'\ndescription: \"\\x41\\u00e9\\U0001F600\"\n"),
        ("control-characters", "name: \"\\e[31m\\0\"\n"),
    ] {
        seeds.add(name, text);
    }
    seeds.add("deep", "[".repeat(10_000));
    seeds.add("deep-blocks", (0..300).map(|depth| " ".repeat(depth) + "a:\n").collect::<String>());
    Ok(seeds)
}

pub fn mermaid() -> Outcome<Seeds> {
    let mut seeds = Seeds::of("mermaid");
    for (name, bytes) in files("mermaid-journeys", "mmd")? {
        seeds.add(&name, bytes);
    }
    seeds.add_damaged("written", map()?.to_mermaid().text, 3);
    for (name, text) in [
        ("empty", ""),
        ("head-alone", "journey"),
        ("another-diagram", "graph TD\n a --> b\n"),
        ("score-missing", "journey\n a: : Me\n"),
        ("score-too-high", "journey\n a: 99999999999999999999: Me\n"),
        ("score-of-no-number", "journey\n a: NaN: Me\n"),
        ("numbers-of-characters", "journey\n section #35;#0;#1114112;#xd83d;\n a#58;b: 3\n"),
        ("front-matter-without-end", "---\ntitle: a\njourney\n"),
        ("block-without-end", "journey\n accDescr {\n a: 3\n"),
        ("comments", "%% a\njourney %% b\n a: 3 %% c\n%%{init: {}}%%\n"),
        ("the-same-twice", "journey\n section a\n b: 3: Me, Me\n section a\n b: 3\n"),
        ("line-ends", "journey\r\n\r\n a: 3\r b: 4\r\n"),
        ("directions", "journey\n title \u{202e}a\u{0}\u{1b}[31m\n \u{feff}b: 3\n"),
    ] {
        seeds.add(name, text);
    }
    Ok(seeds)
}
