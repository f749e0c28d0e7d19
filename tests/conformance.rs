//! Runs the conformance vectors in Rust. Python and JavaScript run the same files.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::fs;

use journey_core::{
    CsvOptions, Error, EventLog, FunnelStep, JourneyMap, SelectOptions, bottlenecks, discover, emotion_curve,
    emotion_dips, explain_funnels, funnel, list_from_json, options_from_json, path_coverage, read_csv, read_csv_path,
    summary, transitions, variants,
};
use journey_tests::{difference, folder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn options<T: DeserializeOwned + Default>(options: &Value) -> Result<T, Error> {
    if options.is_null() { Ok(T::default()) } else { options_from_json(&options.to_string()) }
}

fn log(source: &Value) -> Result<Option<EventLog>, Error> {
    let columns: CsvOptions = options(&source["options"])?;
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
            method => panic!("the method `{method}` has no runner"),
        };
    }
    Ok(Some(log))
}

fn report(report: &impl Serialize) -> Value {
    serde_json::to_value(report).unwrap()
}

fn call(function: &str, case: &Value) -> Result<Value, Error> {
    let (log, given) = (log(&case["log"])?, &case["options"]);
    let map = || JourneyMap::from_json(&case["map"].to_string());
    let needed = || log.as_ref().unwrap();
    let argument = |place: usize| case["args"].get(place).unwrap();
    let steps = || list_from_json::<FunnelStep>(&argument(0).to_string(), "steps");
    Ok(match function {
        "summary" => report(&summary(needed(), &options(given)?)?),
        "transitions" => report(&transitions(needed(), &options(given)?)?),
        "variants" => report(&variants(needed(), &options(given)?)?),
        "discover" => report(&discover(needed(), &options(given)?)?.to_data()),
        "bottlenecks" => report(&bottlenecks(needed(), &options(given)?)?),
        "funnel" => report(&funnel(needed(), steps()?, &options(given)?)?),
        "explain_funnels" => {
            let [a, b] = [options(argument(1))?, options(argument(2))?];
            report(&explain_funnels(needed(), steps()?, &a, &b, &options(given)?)?)
        }
        "emotion_curve" => report(&emotion_curve(&map()?, log.as_ref(), &options(given)?)?),
        "emotion_dips" => report(&emotion_dips(&map()?, log.as_ref(), &options(given)?)?),
        "path_coverage" => report(&path_coverage(&map()?, needed(), &options(given)?)?),
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
