//! Flags from the schema of options: what they are called, what they take, what they mean.
//!
//! An option of a list takes its items with commas between them; a name with a comma in it goes into a JSON list, such as
//! `'["a, b", "c"]'`. An option of a whole object takes JSON.

use std::marker::PhantomData;

use clap::{Arg, ArgMatches};
use journey_core::options_from_json;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::Failure;

/// The flags of an options struct.
pub(crate) struct Flags<T> {
    flags: Vec<Flag>,
    options: PhantomData<T>,
}

/// A flag, and the field that it sets.
struct Flag {
    name: String,
    field: String,
    kind: Kind,
    help: String,
}

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Boolean,
    Number,
    Text,
    /// A number or a text, such as a length of time.
    Either,
    List,
    Json,
}

impl<T: JsonSchema + DeserializeOwned + Default> Flags<T> {
    /// A flag for each field; with this word before its name where the name is `taken`.
    pub(crate) fn of(word: &str, taken: impl Fn(&str) -> bool) -> Self {
        let schema = SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>();
        let schema = Value::from(schema);
        let definitions = schema.get("$defs").cloned().unwrap_or_default();
        let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let flags = fields.map(|(field, schema)| {
            let name = field.replace('_', "-");
            let name = if taken(&name) { format!("{word}-{name}") } else { name };
            let kind = Kind::of(schema, &definitions);
            Flag { name, field: field.clone(), kind, help: help(schema, kind, &definitions) }
        });
        Self { flags: flags.collect(), options: PhantomData }
    }

    /// The flags as arguments of a command.
    pub(crate) fn arguments(&self, heading: &'static str) -> impl Iterator<Item = Arg> {
        self.flags.iter().map(move |flag| {
            let argument = Arg::new(flag.name.clone()).long(flag.name.clone()).help(flag.help.clone());
            let argument = argument.help_heading(heading).allow_hyphen_values(true).value_name(flag.kind.value());
            if flag.kind == Kind::Boolean {
                return argument.num_args(0..=1).require_equals(true).default_missing_value("true");
            }
            argument
        })
    }

    /// The options that were given.
    pub(crate) fn read(&self, matches: &ArgMatches) -> Result<T, Failure> {
        let given = self.flags.iter().filter_map(|flag| {
            let text = matches.get_one::<String>(&flag.name)?;
            Some((flag.field.clone(), flag.kind.read(text)))
        });
        let given: Map<String, Value> = given.collect();
        Ok(options_from_json(&Value::from(given).to_string())?)
    }
}

impl Kind {
    fn of(schema: &Value, definitions: &Value) -> Self {
        let kinds = kinds(schema, definitions);
        let is = |kind: &str| kinds.iter().any(|known| known == kind);
        match () {
            () if is("object") => Self::Json,
            () if is("array") => Self::List,
            () if is("boolean") => Self::Boolean,
            () if is("string") && (is("number") || is("integer")) => Self::Either,
            () if is("number") || is("integer") => Self::Number,
            () => Self::Text,
        }
    }

    fn value(self) -> &'static str {
        match self {
            Self::Boolean => "true|false",
            Self::Number => "NUMBER",
            Self::Text => "TEXT",
            Self::Either => "VALUE",
            Self::List => "A,B,C",
            Self::Json => "JSON",
        }
    }

    /// The value as JSON. What cannot be read stays a text, and the core says what was expected.
    fn read(self, text: &str) -> Value {
        let json = || serde_json::from_str(text).ok();
        let value = match self {
            Self::Text => None,
            Self::Number | Self::Either => json().filter(Value::is_number),
            Self::Boolean => json().filter(Value::is_boolean),
            Self::Json => json(),
            Self::List if text.trim_start().starts_with('[') => json(),
            Self::List if text.is_empty() => Some(Value::Array(Vec::new())),
            Self::List => Some(text.split(',').map(|item| item.trim().to_owned()).collect()),
        };
        value.unwrap_or_else(|| text.into())
    }
}

/// The schema that a reference leads to.
fn resolved<'a>(schema: &'a Value, definitions: &'a Value) -> &'a Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    name.and_then(|name| definitions.get(name)).unwrap_or(schema)
}

/// The types that a value may have, besides null.
fn kinds(schema: &Value, definitions: &Value) -> Vec<String> {
    let schema = resolved(schema, definitions);
    if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
        return any.iter().flat_map(|schema| kinds(schema, definitions)).collect();
    }
    let kinds = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind.clone()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    kinds.into_iter().filter(|kind| kind != "null").collect()
}

/// The words that a value may be, if it is one of some.
fn words(schema: &Value, definitions: &Value) -> Vec<String> {
    let schema = resolved(schema, definitions);
    let list = |name| schema.get(name).and_then(Value::as_array).into_iter().flatten();
    let words = list("oneOf").filter_map(|value| value.get("const").and_then(Value::as_str)).map(str::to_owned);
    words.chain(list("anyOf").flat_map(|schema| self::words(schema, definitions))).collect()
}

/// What a flag means, what it may be and what it is if not given.
fn help(schema: &Value, kind: Kind, definitions: &Value) -> String {
    let mut help = plain(schema.get("description").and_then(Value::as_str).unwrap_or_default());
    let words = words(schema, definitions);
    if !words.is_empty() {
        help += &format!(" One of {}.", words.join(", "));
    }
    match schema.get("default") {
        None | Some(Value::Null) => {}
        Some(Value::Array(list)) if list.is_empty() => {}
        Some(Value::String(word)) => help += &format!(" [default: {word}]"),
        Some(_) if kind == Kind::Json => {}
        Some(default) => help += &format!(" [default: {default}]"),
    }
    help
}

/// A description on one line, with the names of items and code as they are: ``[`Error`](crate::Error)`` is `Error`.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((name, after)) = after.split_once("`]") else { break };
        plain.push_str(before);
        plain.push_str(name.rsplit("::").next().unwrap_or(name));
        rest = match after.strip_prefix('(').and_then(|target| target.split_once(')')) {
            Some((_, after)) => after,
            None => after,
        };
    }
    plain.push_str(rest);
    plain.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use journey_core::{BottleneckOptions, FunnelOptions, ReadOptions};

    use super::*;

    fn kind<T: JsonSchema + DeserializeOwned + Default>(field: &str) -> Kind {
        Flags::<T>::of("log", |_| false).flags.into_iter().find(|flag| flag.field == field).unwrap().kind
    }

    #[test]
    fn a_flag_takes_what_its_field_is() {
        assert_eq!(kind::<BottleneckOptions>("pareto"), Kind::Number);
        assert_eq!(kind::<BottleneckOptions>("steps"), Kind::List);
        assert_eq!(kind::<BottleneckOptions>("calendar"), Kind::Json);
        assert_eq!(kind::<FunnelOptions>("window"), Kind::Either);
        assert_eq!(kind::<FunnelOptions>("order"), Kind::Text);
        assert_eq!(kind::<ReadOptions>("journey"), Kind::Text);
    }

    #[test]
    fn lists_are_split_at_commas_unless_they_are_json() {
        assert_eq!(Kind::List.read("a, b"), serde_json::json!(["a", "b"]));
        assert_eq!(Kind::List.read(r#"["a, b"]"#), serde_json::json!(["a, b"]));
        assert_eq!(Kind::Either.read("7d"), Value::from("7d"));
        assert_eq!(Kind::Either.read("30"), Value::from(30));
        assert_eq!(Kind::Number.read("many"), Value::from("many"));
        assert_eq!(Kind::Text.read("007"), Value::from("007"));
    }

    #[test]
    fn a_name_that_is_taken_has_a_word_before_it() {
        let flags = Flags::<ReadOptions>::of("log", |name| name == "order");
        let has = |name: &str| flags.flags.iter().any(|flag| flag.name == name);
        assert!(has("log-order") && !has("order") && has("time"));
        let text = plain("As [`Error`](crate::Error),\n see `x` and [`State::scores`].");
        assert_eq!(text, "As Error, see x and scores.");
    }
}
