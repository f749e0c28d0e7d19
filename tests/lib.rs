//! What the tests of the workspace share: where the data lies, how figures are compared, and what is drawn.

pub mod drawings;

use std::path::PathBuf;

use serde_json::Value;

/// The folder of the tests.
#[must_use]
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Where two values of JSON differ, with the path to the place; `None` if they do not.
///
/// Floats may differ by `tolerance`, relative to the larger one. With `partly`, an object may have more fields than
/// expected.
#[must_use]
pub fn difference(expected: &Value, actual: &Value, tolerance: f64, partly: bool) -> Option<String> {
    let inside = |place: String, expected, actual| {
        difference(expected, actual, tolerance, partly).map(|difference| format!("{place}{difference}"))
    };
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) if partly || expected.len() == actual.len() => expected
            .iter()
            .find_map(|(name, value)| inside(format!(".{name}"), value, actual.get(name).unwrap_or(&Value::Null))),
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            expected.iter().zip(actual).enumerate().find_map(|(i, (e, a))| inside(format!("[{i}]"), e, a))
        }
        (Value::Number(e), Value::Number(a)) if e.is_f64() || a.is_f64() => {
            let (e, a) = (e.as_f64()?, a.as_f64()?);
            let close = (e - a).abs() <= tolerance * e.abs().max(a.abs()) || (e - a).abs() <= 1e-15;
            (!close).then(|| format!(": expected {e}, got {a}"))
        }
        _ => (expected != actual).then(|| format!(": expected {expected}, got {actual}")),
    }
}
