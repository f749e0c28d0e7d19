//! Maps and options as JSON.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::unique::Unique;
use crate::error::{Error, Problem, Result};
use crate::map::{JourneyMap, MapData};
use crate::reader::{self, Fault, Step, read, read_any, steps};

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
    ///         "touchpoints": [{"id": "pay", "name": "Pay", "stage": "buyy"}]
    ///     }"#,
    /// );
    /// let error = map.unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "line 4 column 63, `touchpoints[0].stage`: the map has no stage `buyy`; did you mean `buy`?"
    /// );
    /// ```
    ///
    /// # Errors
    /// If the text is not JSON, has a field twice or one that a map does not have, a text of more than 1 MiB, or breaks a
    /// rule of [`from_data`](Self::from_data); the error names the line and the field.
    pub fn from_json(text: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if !text.trim_start().starts_with('{') {
            let expected = "expected the text of a map, which begins with `{`";
            return Err(Error::from(Problem::Map(expected.into())).at_line(1, Some(1)));
        }
        let value = parsed(text).map_err(|error| syntax_error(text, &error))?;
        Self::from_json_value(&value).map_err(|error| {
            let path = error.location().field.clone().unwrap_or_default();
            match locate(text, &path) {
                Some((line, column)) => error.at_line(line, Some(column)),
                None => error,
            }
        })
    }

    /// Reads a map from JSON that has been parsed; the fields are those of [`MapData`].
    ///
    /// # Errors
    /// If there is a field that a map does not have, or the data breaks a rule of [`from_data`](Self::from_data); the error
    /// names the field.
    pub fn from_json_value(value: &Value) -> Result<Self> {
        Self::from_value(value, Problem::Map)
    }

    /// Reads a map from a value; `problem` words what is wrong with its form.
    pub(super) fn from_value(value: &Value, problem: impl FnOnce(String) -> Problem) -> Result<Self> {
        let data: MapData = read(value, "a map, as an object").map_err(|fault| fault.error(problem))?;
        Self::from_data(data)
    }

    /// The line of a map file on which the value at a path stands, such as the place of a finding of
    /// [`lint`](crate::lint); where that is not written down, what should hold it.
    ///
    /// ```
    /// use journey_core::JourneyMap;
    ///
    /// let text = "name: Shop\nstages:\n  - id: buy\n    name: Buy\n";
    /// assert_eq!(JourneyMap::line_of(text, "stages[0].name"), Some(4));
    /// ```
    #[must_use]
    pub fn line_of(text: &str, place: &str) -> Option<u64> {
        let json = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace()).starts_with('{');
        let found = if json { locate(text.trim_start_matches('\u{feff}'), place) } else { in_yaml(text, place) };
        found.map(|(line, _)| line)
    }

    /// The map as JSON, indented; the same map gives the same bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Nothing in a map fails to serialise: keys are texts and numbers are finite.
        indented(&serde_json::to_string(&self.to_data()).unwrap_or_default())
    }
}

/// JSON that was written without spaces, a field on each line: the writer that does so at once would be compiled for every type a second
/// time.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    let mut rest = json.chars().peekable();
    while let Some(sign) = rest.next() {
        if in_text {
            out.push(sign);
            in_text = escaped || sign != '"';
            escaped = !escaped && sign == '\\';
            continue;
        }
        match sign {
            '{' | '[' => {
                out.push(sign);
                if let Some(end) = rest.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(sign);
            }
            ',' => {
                out.push(sign);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                in_text = sign == '"';
                out.push(sign);
            }
        }
    }
    out.push('\n');
    out
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
/// let error = options_from_json::<BottleneckOptions>(r#"{"steps": "cart"}"#).unwrap_err();
/// assert_eq!(error.to_string(), "`steps`: expected a list, got the text `cart`");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If a field has the wrong type or is not one of the options; the error names the field.
pub fn options_from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    let value = option_value(text)?;
    read(&value, "options, as an object").map_err(|fault| fault.error(Problem::Options))
}

/// Reads a list from JSON, whose items are objects or texts that stand for one; `name` is what errors call it.
///
/// It serves language bindings, as [`options_from_json`] does.
///
/// ```
/// use journey_core::{FunnelStep, list_from_json};
///
/// let steps: Vec<FunnelStep> = list_from_json("steps", r#"["visit", {"touchpoints": ["pay"], "max_gap": "1h"}]"#)?;
/// assert_eq!(steps[0], FunnelStep::from("visit"));
/// let error = list_from_json::<FunnelStep>("steps", r#"["visit", {"touchpoint": "pay"}]"#).unwrap_err();
/// assert!(error.to_string().starts_with("`steps[1].touchpoint`: there is no field `touchpoint`"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If it is no list, or an item is neither a text nor an object with the right fields; the error names the item.
pub fn list_from_json<T: DeserializeOwned + From<String>>(name: &str, text: &str) -> Result<Vec<T>> {
    let value = option_value(text).map_err(|error| error.inside(name))?;
    let Value::Array(items) = value else {
        let problem = format!("expected a list, got {}", reader::kind(&value));
        return Err(Problem::Options(problem).at_field(name));
    };
    let item = |(place, item): (usize, Value)| match item {
        Value::String(text) => Ok(T::from(text)),
        item => read(&item, "a text or an object").map_err(|fault| {
            let dot = if fault.path.is_empty() { "" } else { "." };
            let path = format!("{name}[{place}]{dot}{}", fault.path);
            Fault { path, ..fault }.error(Problem::Options)
        }),
    };
    items.into_iter().enumerate().map(item).collect()
}

/// Reads an argument that is no option from JSON; an error names the argument.
///
/// It serves language bindings, as [`options_from_json`] does.
///
/// ```
/// use journey_core::{Duration, argument_from_json};
///
/// assert_eq!(argument_from_json::<Duration>("gap", "\"30m\"")?.seconds(), 1800.0);
/// let error = argument_from_json::<Duration>("gap", "[30]").unwrap_err();
/// assert!(error.to_string().starts_with("`gap`: expected seconds"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If the value, or a part of it, has the wrong type.
pub fn argument_from_json<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    let value = option_value(text).map_err(|error| error.inside(name))?;
    read_any(&value).map_err(|fault| fault.error(Problem::Options).inside(name))
}

/// The value that is written as JSON, where options are expected.
fn option_value(text: &str) -> Result<Value> {
    parsed(text).map_err(|error| Problem::Options(error.to_string()).into())
}

/// The value that is written as JSON.
fn parsed(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text).map(|Unique(value)| value)
}

#[cfg(feature = "yaml")]
use super::yaml::locate as in_yaml;

#[cfg(not(feature = "yaml"))]
fn in_yaml(_: &str, _: &str) -> Option<(u64, u64)> {
    None
}

fn syntax_error(text: &str, error: &serde_json::Error) -> Error {
    let message = error.to_string();
    // The place is part of the error's location, so it need not stand in the message as well.
    let message = match message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message) {
        "key must be a string" => "the name of a field stands in double quotes; JSON has no comments",
        message => message,
    };
    // The reader counts bytes; people count characters.
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.as_bytes().get(..error.column().saturating_sub(1)).unwrap_or(line.as_bytes());
    let column = String::from_utf8_lossy(before).chars().count() as u64 + 1;
    Error::from(Problem::Map(message.to_owned())).at_line(error.line().max(1) as u64, Some(column))
}

/// Line and character of the value at a path such as `touchpoints[2].stage`, in JSON that can be read.
fn locate(text: &str, path: &str) -> Option<(u64, u64)> {
    let mut value = text.trim_start();
    serde_json::from_str::<&RawValue>(value).ok()?;
    for step in steps(path) {
        let next = match step {
            Step::Place(place) => {
                let list = serde_json::from_str::<Vec<&RawValue>>(value).ok();
                list.and_then(|list| Some(list.get(place)?.get()))
            }
            Step::Field(name) => {
                let object = serde_json::from_str::<BTreeMap<String, &RawValue>>(value).ok();
                object.and_then(|object| Some(object.get(name)?.get()))
            }
        };
        // What is not written down, such as a field that is missing, is found at what should hold it.
        let Some(next) = next else { break };
        value = next;
    }
    let offset = (value.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let before = text.get(..offset)?;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() as u64 + 1;
    Some((line, before.get(line_start..)?.chars().count() as u64 + 1))
}

#[cfg(test)]
mod tests {
    use super::{Value, indented};
    use crate::{BottleneckOptions, ErrorKind, JourneyMap, ReadOptions, options_from_json};

    fn refused(text: &str) -> crate::Error {
        JourneyMap::from_json(text).unwrap_err()
    }

    #[test]
    fn a_map_is_written_as_the_indenting_writer_writes_it() {
        let text = "a \\\\ \\\" {[,:]} \\n\u{1f44d}";
        for json in [
            format!(r#"{{"name":"{text}","list":[1,-2.5e3,null,[],{{}},[[]],{{"{text}":true}}],"none":{{}}}}"#),
            "{}".into(),
            r#"{"":""}"#.into(),
        ] {
            let value: Value = serde_json::from_str(&json).unwrap();
            let compact = serde_json::to_string(&value).unwrap();
            assert_eq!(indented(&compact), serde_json::to_string_pretty(&value).unwrap() + "\n");
        }
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
        let score =
            "{\"name\": \"x\",\n\"touchpoints\": [{\"id\":\"t\",\"name\":\"T\",\"stage\":\"s\",\"expected_score\": ";
        let cases = [
            (
                "{\"name\": \"x\",\n \"stages\": [{\"id\": \"a\", \"nmae\": \"A\"}]}".to_owned(),
                "line 2 column 33, `stages[0].nmae`: there is no field `nmae`; the fields are `id`, `name`, `goal`, \
                 `expectations`, `evidence`; did you mean `name`?",
            ),
            (
                "{\"name\": \"x\", \"stages\": [{\"id\": \"a\"}]}".to_owned(),
                "line 1 column 26, `stages[0]`: the field `name` is missing",
            ),
            (
                "{\"name\": \"x\", \"kind\": \"future\"}".to_owned(),
                "line 1 column 23, `kind`: expected one of `current_state`, `future_state`, `day_in_the_life`, got the \
                 text `future`; did you mean `future_state`?",
            ),
            ("{\"name\": 7}".to_owned(), "line 1 column 10, `name`: expected a text, got the number 7"),
            (
                "{\"name\": \"x\", \"outcome\": [[], [], []]}".to_owned(),
                "line 1 column 26, `outcome`: expected an object, got a list",
            ),
            (
                "{\"name\": \"x\", \"stages\": {}}".to_owned(),
                "line 1 column 25, `stages`: expected a list, got an object",
            ),
            (
                format!("{score}\"good\"}}]}}"),
                "line 2 column 68, `touchpoints[0].expected_score`: expected a number, got the text `good`",
            ),
            ("{\"name\": \"é\" \"x\"}".to_owned(), "line 1 column 14: expected `,` or `}`"),
            ("{\"name\": \"x\"} {}".to_owned(), "line 1 column 15: trailing characters"),
            ("shop.json".to_owned(), "line 1 column 1: expected the text of a map, which begins with `{`"),
            ("{\"name\": \"x\",\n \"name\": \"y\"}".to_owned(), "line 2 column 7: the field `name` is there twice"),
            (
                format!("{{\"name\": \"{}\"}}", "x".repeat(10_000_000)),
                "line 1 column 10, `name`: the text has 10000000 bytes; at most 1048576 were expected",
            ),
            (String::new(), "line 1 column 1: expected the text of a map, which begins with `{`"),
        ];
        for (text, expected) in cases {
            let error = refused(&text);
            assert_eq!(error.kind(), ErrorKind::InvalidMap);
            assert_eq!(error.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn options_are_objects_and_their_fields_have_their_types() {
        for (text, expected) in [
            ("[1]", "expected options, as an object, got a list"),
            ("{\"limit\": -1}", "`limit`: expected a whole number, 0 or more, got the number -1"),
            ("{\"limit\": 1.5}", "`limit`: expected a whole number, 0 or more, got the number 1.5"),
            ("{\"pareto\": null}", "`pareto`: expected a number, got nothing"),
            ("{\"steps\": [\"a\", 7]}", "`steps[1]`: expected a text, got the number 7"),
        ] {
            let error = options_from_json::<BottleneckOptions>(text).unwrap_err();
            assert_eq!((error.kind(), error.to_string()), (ErrorKind::InvalidOption, expected.to_owned()));
        }
        let error = options_from_json::<ReadOptions>("{\"case_id\": \"x\"}").unwrap_err();
        assert!(error.to_string().ends_with("did you mean `journey`?"), "{error}");
        let long = format!("{{\"{}\": 1}}", "x".repeat(500));
        assert!(options_from_json::<ReadOptions>(&long).unwrap_err().to_string().len() < 500);
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("{{\"name\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(refused(&deep).kind(), ErrorKind::InvalidMap);
    }
}
