//! Reads JSON values into the types of the wire, strictly and in our words.
//!
//! serde's own readers take an array for a struct, field by field, and speak of `u64` and sequences. This one takes objects
//! only, and says what was expected as the docs do.

use std::fmt::{self, Display};

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use crate::error::{hint, nearest, shorten};

/// What was wrong, and where: a path such as `touchpoints[2].stage`, empty for the whole value.
pub(super) struct Fault {
    pub(super) path: String,
    pub(super) message: String,
}

/// The longest text that is read, in bytes; that of a field of a table.
const LONGEST_TEXT: usize = 1_048_576;

/// One step of a path: the place in a list, or the name of a field.
pub(super) enum Step<'a> {
    Place(usize),
    Field(&'a str),
}

/// The steps of a path such as `touchpoints[2].stage`.
pub(super) fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    path.split(['.', '[']).filter(|step| !step.is_empty()).map(|step| {
        let place = step.strip_suffix(']').and_then(|place| place.parse().ok());
        place.map_or(Step::Field(step), Step::Place)
    })
}

/// Reads a value; `whole` says what it should be if it is no object at all.
pub(super) fn read<T: DeserializeOwned>(value: &Value, whole: &str) -> Result<T, Fault> {
    if !value.is_object() {
        let message = format!("expected {whole}, got {}", kind(value));
        return Err(Fault { path: String::new(), message });
    }
    read_any(value)
}

/// Reads a value of any sort.
pub(super) fn read_any<T: DeserializeOwned>(value: &Value) -> Result<T, Fault> {
    serde_path_to_error::deserialize(Reader(value)).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { shorten(&path) };
        Fault { path, message: error.into_inner().0 }
    })
}

/// What a value is, in the words of the docs.
pub(super) fn kind(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(yes) => format!("`{yes}`"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the text `{}`", shorten(text)),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
    }
}

#[derive(Clone, Copy)]
struct Reader<'a>(&'a Value);

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Words;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(*yes),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(n), _, _) => visitor.visit_u64(n),
                (_, Some(n), _) => visitor.visit_i64(n),
                (_, _, n) => visitor.visit_f64(n.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(bounded(text)?),
            Value::Array(list) => visitor.visit_seq(List(list.iter())),
            Value::Object(object) => visitor.visit_map(Object { fields: object.iter(), value: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Words> {
        match self.0 {
            Value::Object(object) => visitor.visit_map(Object { fields: object.iter(), value: None }),
            other => Err(Words(format!("expected an object, got {}", kind(other)))),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Words> {
        match self.0 {
            Value::String(text) => text.as_str().into_deserializer().deserialize_enum(name, variants, visitor),
            other => Err(Words(format!("expected one of {}, got {}", listed(variants), kind(other)))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

/// A text that is not too long to be a label, a sentence or a story.
fn bounded(text: &str) -> Result<&str, Words> {
    if text.len() <= LONGEST_TEXT {
        return Ok(text);
    }
    Err(Words(format!("the text has {} bytes; at most {LONGEST_TEXT} were expected", text.len())))
}

struct List<'a>(std::slice::Iter<'a, Value>);

impl<'de> SeqAccess<'de> for List<'de> {
    type Error = Words;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Words> {
        self.0.next().map(|value| seed.deserialize(Reader(value))).transpose()
    }
}

struct Object<'a> {
    fields: serde_json::map::Iter<'a>,
    value: Option<&'a Value>,
}

impl<'de> MapAccess<'de> for Object<'de> {
    type Error = Words;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Words> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(bounded(name)?.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Words> {
        seed.deserialize(Reader(self.value.take().unwrap_or(&Value::Null)))
    }
}

/// A message; what was expected in the words of the docs.
#[derive(Debug)]
struct Words(String);

impl Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Words {}

impl de::Error for Words {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn invalid_type(got: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = match expected.to_string().as_str() {
            "a string" => "a text".to_owned(),
            "a boolean" => "`true` or `false`".to_owned(),
            "f64" => "a number".to_owned(),
            "u64" => "a whole number, 0 or more".to_owned(),
            "a sequence" => "a list".to_owned(),
            "a map" => "an object".to_owned(),
            other => other.to_owned(),
        };
        let got = match got {
            Unexpected::Bool(yes) => kind(&Value::Bool(yes)),
            Unexpected::Unsigned(n) => format!("the number {n}"),
            Unexpected::Signed(n) => format!("the number {n}"),
            Unexpected::Float(n) => format!("the number {n}"),
            Unexpected::Str(text) => format!("the text `{}`", shorten(text)),
            Unexpected::Unit | Unexpected::Option => kind(&Value::Null),
            Unexpected::Seq => kind(&Value::Array(Vec::new())),
            Unexpected::Map => kind(&Value::Object(Map::new())),
            other => other.to_string(),
        };
        Self(format!("expected {expected}, got {got}"))
    }

    fn invalid_value(got: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(got, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let near = hint(nearest(variant, expected.iter().copied()).as_ref());
        Self(format!("expected one of {}, got the text `{}`{near}", listed(expected), shorten(variant)))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let near = hint(nearest(field, expected.iter().copied()).as_ref());
        Self(format!("there is no field `{}`; the fields are {}{near}", shorten(field), listed(expected)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self(format!("the field `{field}` is missing"))
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
