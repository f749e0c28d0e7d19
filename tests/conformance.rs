//! Runs the conformance vectors in Rust. Python and JavaScript run the same files.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::fs;

use journey_core::{
    Error, EventLog, Feedback, FeedbackOptions, FunnelStep, JourneyMap, ReadOptions, SelectOptions, align,
    argument_from_json, attempts, bottlenecks, channel_switching, compare, compare_groups, deviations, diff, discover,
    drop_offs, emotion_curve, emotion_dips, explain_funnels, fitness, funnel, lint, list_from_json, match_events,
    match_feedback, options_from_json, outcome_drivers, path_coverage, peak_end_score, precision, read_csv,
    read_csv_path, read_feedback, read_feedback_path, removal_effects, report as whole_report, rework, satisfaction,
    segments, step_flow, step_matrix, summary, temporal_profile, transition_matrix, transitions, variants,
};
use journey_tests::{difference, folder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn options<T: DeserializeOwned + Default>(options: &Value) -> Result<T, Error> {
    if options.is_null() { Ok(T::default()) } else { options_from_json(&options.to_string()) }
}

fn argument<T: DeserializeOwned>(name: &str, step: &Value, place: usize) -> Result<T, Error> {
    argument_from_json(name, &step["args"].get(place).unwrap().to_string())
}

fn log(source: &Value) -> Result<Option<EventLog>, Error> {
    let columns: ReadOptions = options(&source["options"])?;
    let log = match (&source["csv"], &source["file"]) {
        (Value::String(csv), _) => read_csv(csv.as_bytes(), &columns)?,
        (_, Value::String(file)) => read_csv_path(folder().join("data").join(file), &columns)?,
        _ => return Ok(None),
    };
    let mut log = match &source["select"] {
        Value::Null => log,
        select => log.select(&options::<SelectOptions>(select)?)?,
    };
    for step in source["then"].as_array().into_iter().flatten() {
        let given = &step["options"];
        log = match step["method"].as_str().unwrap() {
            "select" => log.select(&options(given)?)?,
            "select_journeys" => log.select_journeys(&options(given)?)?,
            "mark" => {
                let name: String = argument("name", step, 0)?;
                log.mark(&name, &argument("journeys", step, 1)?, &options(given)?)?
            }
            "split_sessions" => log.split_sessions(argument("gap", step, 0)?, &options(given)?)?,
            "collapse_repeats" => log.collapse_repeats()?,
            "with_map" => log.with_map(&JourneyMap::from_json(&step["map"].to_string())?, &options(given)?)?,
            "with_feedback" => log.with_feedback(&feedback(&step["feedback"])?, &options(given)?)?,
            "rename" => log.rename(&argument("names", step, 0)?)?,
            method => panic!("the method `{method}` has no runner"),
        };
    }
    Ok(Some(log))
}

fn feedback(source: &Value) -> Result<Feedback, Error> {
    let columns: FeedbackOptions = options(&source["options"])?;
    match (&source["csv"], &source["file"]) {
        (Value::String(csv), _) => read_feedback(csv.as_bytes(), &columns),
        (_, file) => read_feedback_path(folder().join("data").join(file.as_str().unwrap()), &columns),
    }
}

/// The first argument, which is a list of names.
fn names(case: &Value) -> Vec<&str> {
    case["args"].get(0).unwrap().as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

fn report(report: &impl Serialize) -> Value {
    serde_json::to_value(report).unwrap()
}

/// The list of texts that is this argument.
fn texts(case: &Value, argument: usize) -> Vec<String> {
    serde_json::from_value(case["args"].get(argument).unwrap().clone()).unwrap()
}

fn call(function: &str, case: &Value) -> Result<Value, Error> {
    let (log, given) = (log(&case["log"])?, &case["options"]);
    let map = || JourneyMap::from_json(&case["map"].to_string());
    let other_map = || JourneyMap::from_json(&case["other_map"].to_string());
    let needed = || log.as_ref().unwrap();
    let other = || self::log(&case["other_log"]).map(|log| log.unwrap());
    let text = |place: usize| case["args"].get(place).and_then(Value::as_str).unwrap();
    let argument = |place: usize| case["args"].get(place).unwrap();
    let steps = || list_from_json::<FunnelStep>("steps", &argument(0).to_string());
    Ok(match function {
        "summary" => report(&summary(needed(), &options(given)?)?),
        "transitions" => report(&transitions(needed(), &options(given)?)?),
        "transition_matrix" => report(&transition_matrix(needed(), &options(given)?)?),
        "variants" => report(&variants(needed(), &options(given)?)?),
        "rework" => report(&rework(needed(), &options(given)?)?),
        "discover" => report(&discover(needed(), &options(given)?)?.to_data()),
        "bottlenecks" => report(&bottlenecks(needed(), &options(given)?)?),
        "drop_offs" => report(&drop_offs(needed(), &options(given)?)?),
        "step_matrix" => report(&step_matrix(needed(), &options(given)?)?),
        "step_flow" => report(&step_flow(needed(), &options(given)?)?),
        "channel_switching" => report(&channel_switching(needed(), &options(given)?)?),
        "outcome_drivers" => report(&outcome_drivers(needed(), &names(case), &options(given)?)?),
        "removal_effects" => report(&removal_effects(needed(), &texts(case, 0), &options(given)?)?),
        "temporal_profile" => report(&temporal_profile(needed(), &options(given)?)?),
        "attempts" => report(&attempts(needed(), &texts(case, 0), &options(given)?)?),
        "compare" => report(&compare(needed(), &other()?, &options(given)?)?),
        "compare_groups" => report(&compare_groups(needed(), text(0), text(1), text(2), &options(given)?)?),
        "segments" => report(&segments(needed(), text(0), &options(given)?)?),
        "funnel" => report(&funnel(needed(), steps()?, &options(given)?)?),
        "explain_funnels" => {
            let [a, b] = [options(argument(1))?, options(argument(2))?];
            report(&explain_funnels(needed(), steps()?, &a, &b, &options(given)?)?)
        }
        "emotion_curve" => report(&emotion_curve(&map()?, log.as_ref(), &options(given)?)?),
        "emotion_dips" => report(&emotion_dips(&map()?, log.as_ref(), &options(given)?)?),
        "peak_end_score" => report(&peak_end_score(needed(), &options(given)?)?),
        "satisfaction" => report(&satisfaction(needed(), &feedback(&case["feedback"])?, &options(given)?)?),
        "match_feedback" => report(&match_feedback(needed(), &feedback(&case["feedback"])?, &options(given)?)?),
        "diff" => report(&diff(&map()?, &other_map()?)),
        "lint" => report(&lint(&map()?, log.as_ref(), &options(given)?)?),
        "match_events" => report(&match_events(&map()?, needed(), &options(given)?)?),
        "path_coverage" => report(&path_coverage(&map()?, needed(), &options(given)?)?),
        "align" => report(&align(&map()?, needed(), &options(given)?)?),
        "fitness" => report(&fitness(&map()?, needed(), &options(given)?)?),
        "precision" => report(&precision(&map()?, needed(), &options(given)?)?),
        "deviations" => report(&deviations(&map()?, needed(), &options(given)?)?),
        "report" => {
            let map = if case["map"].is_null() { None } else { Some(map()?) };
            report(&whole_report(map.as_ref(), needed(), &options(given)?)?)
        }
        _ => panic!("the vectors of `{function}` have no runner"),
    })
}

#[test]
fn every_vector_holds() {
    let mut failures = Vec::new();
    let mut cases = 0;
    let mut files: Vec<_> =
        fs::read_dir(folder().join("conformance")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        let function = file.file_stem().unwrap().to_str().unwrap();
        let vectors: Vec<Value> = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        for case in &vectors {
            cases += 1;
            let tolerance = case["tolerance"].as_f64().unwrap_or(1e-12);
            let wrong = match (call(function, case), &case["error"]) {
                (Ok(actual), Value::Null) => match &case["part"] {
                    Value::Null => difference(&case["report"], &actual, tolerance, false),
                    part => difference(part, &actual, tolerance, true),
                },
                (Err(error), Value::String(code)) if error.kind().code() == code => None,
                (got, _) => Some(format!(": got {got:?}")),
            };
            failures.extend(wrong.map(|wrong| format!("{function}, {}: report{wrong}", case["name"])));
        }
    }
    assert!(cases > 0 && failures.is_empty(), "{} of {cases} cases fail:\n{}", failures.len(), failures.join("\n"));
}
