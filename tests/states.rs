//! The figures of the vectors, got through states: the log in parts, each a state that crosses as bytes, merged.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::fs;

use journey_core::{
    Error, EventLog, FunnelOptions, FunnelStep, JourneyMatch, ReadOptions, ScoresOptions, State, StateOptions,
    list_from_json, options_from_json, read_csv, read_csv_path,
};
use journey_tests::folder;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What the default precision comes to; see docs/reference/state.md.
const ERROR: f64 = 1.0 / 128.0;

fn options<T: DeserializeOwned + Default>(options: &Value) -> T {
    if options.is_null() { T::default() } else { options_from_json(&options.to_string()).unwrap() }
}

/// The log of a case that does nothing further to it.
fn log(source: &Value) -> Option<EventLog> {
    let columns: ReadOptions = options(&source["options"]);
    let plain = source["select"].is_null() && source["then"].is_null();
    match (&source["csv"], &source["file"]) {
        (Value::String(csv), _) if plain => read_csv(csv.as_bytes(), &columns).ok(),
        (_, Value::String(file)) if plain => read_csv_path(folder().join("data").join(file), &columns).ok(),
        _ => None,
    }
}

fn state_of(log: &EventLog, options: &StateOptions) -> Result<State, Error> {
    let mut whole = State::new(options)?;
    for (least, most) in [(5, None), (3, Some(4)), (1, Some(2))] {
        let part = JourneyMatch { min_events: Some(least), max_events: most, ..Default::default() };
        let mut state = State::new(options)?;
        state.update(&log.select_journeys(&part)?)?;
        whole.merge_bytes(&state.to_bytes())?;
    }
    Ok(whole)
}

fn agree(expected: &Value, actual: &Value, place: &str) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            // Trends need every time; attributes are in the order of their names.
            for (name, expected) in
                expected.iter().filter(|(name, _)| !["trend", "attributes"].contains(&name.as_str()))
            {
                agree(expected, &actual[name], &format!("{place}.{name}"));
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            assert_eq!(expected.len(), actual.len(), "{place}");
            expected.iter().zip(actual).for_each(|(expected, actual)| agree(expected, actual, place));
        }
        (Value::Number(expected), Value::Number(actual)) => {
            let (expected, actual) = (expected.as_f64().unwrap(), actual.as_f64().unwrap());
            let is_quantile = ["median_seconds", "p90_seconds", "p95_seconds"].iter().any(|end| place.ends_with(end));
            let most = if is_quantile { ERROR + 1e-12 } else { 1e-12 } * expected.abs().max(actual.abs()) + 1e-15;
            assert!((expected - actual).abs() <= most, "{place}: {actual} for {expected}");
        }
        _ => assert_eq!(expected, actual, "{place}"),
    }
}

/// The cases of a question whose options are among these, with their logs: whether the report agrees.
fn each(question: &str, kept: &[&str], mut ask: impl FnMut(&Value, &EventLog) -> Value) {
    let text = fs::read_to_string(folder().join(format!("conformance/{question}.json"))).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut asked_of = 0;
    for case in &cases {
        let asked = case["options"].as_object().cloned().unwrap_or_default();
        // Of events that take time a state measures another delay.
        let columns = &case["log"]["options"];
        let waiting = question == "bottlenecks" && (columns["start"].is_string() || columns["lifecycle"].is_string());
        if !case["error"].is_null() || waiting || !asked.keys().all(|name| kept.contains(&name.as_str())) {
            continue;
        }
        let Some(log) = log(&case["log"]) else { continue };
        let expected = if case["report"].is_null() { &case["part"] } else { &case["report"] };
        let report = ask(case, &log);
        assert!(report["quantile_error"].is_null() || report["quantile_error"] == ERROR);
        agree(expected, &report, case["name"].as_str().unwrap());
        asked_of += 1;
    }
    assert!(asked_of >= 3, "{question}: {asked_of} cases");
}

fn json(report: Result<impl serde::Serialize, Error>) -> Value {
    serde_json::to_value(report.unwrap()).unwrap()
}

fn plain(log: &EventLog) -> State {
    state_of(log, &StateOptions::default()).unwrap()
}

#[test]
fn a_state_gives_the_summary_of_the_whole_log() {
    each("summary", &["confidence"], |case, log| json(plain(log).summary(&options(&case["options"]))));
}

#[test]
fn a_state_gives_the_transitions_of_the_whole_log() {
    let kept = ["limit", "confidence"];
    each("transitions", &kept, |case, log| json(plain(log).transitions(&options(&case["options"]))));
}

#[test]
fn a_state_gives_the_bottlenecks_of_the_whole_log() {
    let kept = ["pareto", "limit", "confidence"];
    each("bottlenecks", &kept, |case, log| json(plain(log).bottlenecks(&options(&case["options"]))));
}

#[test]
fn a_state_gives_the_step_matrix_of_the_whole_log() {
    let kept = ["steps", "limit", "confidence"];
    each("step_matrix", &kept, |case, log| json(plain(log).step_matrix(&options(&case["options"]))));
}

#[test]
fn a_state_gives_the_drop_offs_of_the_whole_log() {
    each("drop_offs", &["conversion", "limit", "confidence"], |case, log| {
        let asked: journey_core::DropOffOptions = options(&case["options"]);
        let kept = StateOptions { conversion: asked.conversion.clone(), ..Default::default() };
        json(state_of(log, &kept).unwrap().drop_offs(&asked))
    });
}

#[test]
fn a_state_gives_the_funnel_of_the_whole_log() {
    let kept =
        ["preset", "order", "entry", "window", "exclusions", "open_entry", "ties", "reuse", "counting", "confidence"];
    each("funnel", &kept, |case, log| {
        let funnel: FunnelOptions = options(&case["options"]);
        let funnel_steps = list_from_json::<FunnelStep>("steps", &case["args"][0].to_string()).unwrap();
        json(state_of(log, &StateOptions { funnel, funnel_steps, ..Default::default() }).unwrap().funnel())
    });
}

#[test]
fn a_state_gives_the_measured_scores_of_the_emotion_curve() {
    let mut compared = 0;
    each("emotion_curve", &["confidence"], |case, log| {
        let confidence = case["options"]["confidence"].as_f64().unwrap_or(0.95);
        let scores = plain(log).scores(&ScoresOptions { confidence, ..Default::default() }).unwrap();
        let curve = if case["report"].is_null() { &case["part"] } else { &case["report"] };
        for step in curve["steps"].as_array().unwrap() {
            let row = scores.rows.iter().find(|row| step["touchpoint"] == row.touchpoint.as_str());
            let got = row.map(|row| serde_json::json!([row.n, row.mean, row.deviation, row.low, row.high]));
            let expected = ["n", "measured", "deviation", "low", "high"].map(|name| step[name].clone());
            let none = serde_json::json!([0, null, null, null, null]);
            agree(&expected.into(), &got.unwrap_or(none), case["name"].as_str().unwrap());
            compared += 1;
        }
        curve.clone()
    });
    assert!(compared > 10, "{compared} touchpoints");
}
