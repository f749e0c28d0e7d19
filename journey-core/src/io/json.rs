//! Maps and options as JSON.

use std::collections::HashMap;

use serde::Deserializer;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::{Error, Problem, Result, did_you_mean};
use crate::map::{JourneyMap, MapData};

impl JourneyMap {
    /// Reads a map from JSON; the fields are those of [`MapData`].
    ///
    /// ```
    /// use journey_core::JourneyMap;
    ///
    /// let map = JourneyMap::from_json(
    ///     r#"{
    ///         "name": "Shop",
    ///         "stages": [{"id": "buy", "name": "Buy"}],
    ///         "touchpoints": [{"id": "pay", "name": "Pay", "stage": "bui"}]
    ///     }"#,
    /// );
    /// let error = map.unwrap_err();
    /// assert_eq!(error.to_string(), "line 4 column 63, `touchpoints[0].stage`: the map has no stage `bui`; did you mean `buy`?");
    /// ```
    ///
    /// # Errors
    /// If the text is not JSON, has a field that a map does not have, or breaks a rule of
    /// [`from_data`](Self::from_data); the error names the line and the field.
    pub fn from_json(text: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = serde_json::Deserializer::from_str(text);
        let data: MapData = serde_path_to_error::deserialize(&mut reader).map_err(|e| syntax_error(&e))?;
        reader.end().map_err(|e| json_error(&e))?;
        Self::from_data(data).map_err(|error| {
            let place = error.location().field.as_deref().and_then(|path| locate(text, path));
            match place {
                Some((line, column)) => error.at_line(line, Some(column)),
                None => error,
            }
        })
    }

    /// Reads a map from anything that serde can read; the fields are those of [`MapData`].
    ///
    /// # Errors
    /// If there is a field that a map does not have, or the data breaks a rule of [`from_data`](Self::from_data); the error
    /// names the field.
    pub fn from_deserializer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self> {
        let data: MapData = serde_path_to_error::deserialize(deserializer)
            .map_err(|error| at_path(Problem::Json(words(&error.inner().to_string())).into(), error.path()))?;
        Self::from_data(data)
    }

    /// The map as JSON, indented; the same map gives the same bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Nothing in a map fails to serialise: keys are texts and numbers are finite.
        serde_json::to_string_pretty(&self.to_data()).unwrap_or_default() + "\n"
    }
}

/// Reads options from a JSON object; a field that is missing keeps its default.
///
/// It serves language bindings: their users' keywords or objects cross the border as JSON.
///
/// ```
/// use journey_core::{BottleneckOptions, options_from_json};
///
/// let options: BottleneckOptions = options_from_json(r#"{"steps": ["cart", "pay"]}"#)?;
/// assert_eq!(options.pareto, 0.8);
/// let error = options_from_json::<BottleneckOptions>(r#"{"step": []}"#).unwrap_err();
/// assert!(error.to_string().ends_with("did you mean `steps`?"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If a field has the wrong type or is not one of the options; the error names the field.
pub fn options_from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text))
        .map_err(|error| at_path(Problem::Options(words(&error.inner().to_string())).into(), error.path()))
}

fn syntax_error(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    at_path(json_error(error.inner()), error.path())
}

fn at_path(error: Error, path: &serde_path_to_error::Path) -> Error {
    match path.to_string().as_str() {
        "." => error,
        path => error.at_field(path),
    }
}

fn json_error(error: &serde_json::Error) -> Error {
    let problem = Error::from(Problem::Json(words(&error.to_string())));
    match (error.line() as u64, error.column() as u64) {
        (0, _) => problem,
        (line, column) => problem.at_line(line, Some(column)),
    }
}

/// The message of a reader, without the place: it is part of the error's location, or of a text the caller never saw.
fn words(message: &str) -> String {
    did_you_mean(message.rsplit_once(" at line ").map_or(message, |(message, _)| message))
}

/// Line and character of the value at a path such as `touchpoints[2].stage`, in JSON that can be read.
fn locate(text: &str, path: &str) -> Option<(u64, u64)> {
    let mut value = text;
    for step in path.split(['.', '[']) {
        value = match step.strip_suffix(']') {
            Some(index) => serde_json::from_str::<Vec<&RawValue>>(value).ok()?.get(index.parse::<usize>().ok()?)?.get(),
            // A field with its default need not be written; then the place is that of what holds it.
            None => match serde_json::from_str::<HashMap<String, &RawValue>>(value).ok()?.get(step) {
                Some(field) => field.get(),
                None => break,
            },
        };
    }
    let offset = (value.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let before = text.get(..offset)?;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() as u64 + 1;
    Some((line, before.get(line_start..)?.chars().count() as u64 + 1))
}

#[cfg(test)]
mod tests {
    use crate::{ErrorKind, JourneyMap};

    fn refused(text: &str) -> crate::Error {
        JourneyMap::from_json(text).unwrap_err()
    }

    #[test]
    fn a_rule_that_is_broken_is_found_in_the_text() {
        let error = refused(
            "{\n  \"name\": \"é\",\n  \"stages\": [{\"id\": \"é\", \"name\": \"x\"}, {\"name\": \"\", \"id\": \"b\"}]}",
        );
        assert_eq!(error.to_string(), "line 3 column 49, `stages[1].name`: the name is empty");
    }

    #[test]
    fn an_error_says_where_and_what_was_expected() {
        let cases = [
            ("{\"name\": \"x\", \"stages\": [{\"id\": \"a\", \"nmae\": \"A\"}]}", "`stages[0]", "did you mean `name`?"),
            ("{\"name\": \"x\", \"kind\": \"future\"}", "`kind`", "did you mean `future_state`?"),
            ("{\"name\": 7}", "`name`", "expected a string"),
            ("{\"name\": \"x\"", "line 1", "EOF"),
            ("{\"name\": \"x\"} {}", "line 1 column 15", "trailing characters"),
            ("", "line 1", "EOF"),
            ("[]", "line 1", "expected"),
            (
                "{\"name\": \"x\", \"touchpoints\": [{\"id\":\"t\",\"name\":\"T\",\"stage\":\"s\",\"expected_score\": NaN}]}",
                "line 1",
                "expected value",
            ),
        ];
        for (text, place, expected) in cases {
            let error = refused(text);
            assert_eq!(error.kind(), ErrorKind::InvalidMap);
            let message = error.to_string();
            assert!(message.contains(place) && message.contains(expected), "{text}: {message}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("{{\"name\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(refused(&deep).kind(), ErrorKind::InvalidMap);
    }
}
