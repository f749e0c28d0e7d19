//! Reads JSON values into the types of the wire, strictly and in our words.
//!
//! serde's own readers take an array for a struct, field by field, and speak of `u64` and sequences. This one takes objects
//! only, and says what was expected as the docs do. It is the only one for large types, since serde compiles each type anew for each
//! reader it is read by.

use std::fmt::{self, Display};

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use crate::error::{Error, Problem, hint, nearest, shorten};

/// What was wrong, and where: a path such as `touchpoints[2].stage`, empty for the whole value.
pub(crate) struct Fault {
    pub(crate) path: String,
    pub(crate) message: String,
}

impl Fault {
    /// As an error; `problem` words what is wrong.
    pub(crate) fn error(self, problem: impl FnOnce(String) -> Problem) -> Error {
        let problem = problem(self.message);
        if self.path.is_empty() { problem.into() } else { problem.at_field(self.path) }
    }
}

/// The longest text that is read, in bytes; that of a field of a table.
const LONGEST_TEXT: usize = 1_048_576;

/// What types say that they expect that take no other fields than their own: those that know what holds for a field that is missing, and
/// those that do not. serde tells it to a reader in no other way.
const STRICT: [&str; 2] = ["an object of known fields", "a report of known fields"];

/// One step of a path: the place in a list, or the name of a field.
pub(crate) enum Step<'a> {
    Place(usize),
    Field(&'a str),
}

/// The steps of a path such as `touchpoints[2].stage`.
pub(crate) fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    path.split(['.', '[']).filter(|step| !step.is_empty()).map(|step| {
        let place = step.strip_suffix(']').and_then(|place| place.parse().ok());
        place.map_or(Step::Field(step), Step::Place)
    })
}

/// Reads a value; `whole` says what it should be if it is no object at all.
pub(crate) fn read<T: DeserializeOwned>(value: &Value, whole: &str) -> Result<T, Fault> {
    check_whole(value, whole)?;
    read_any(value)
}

fn check_whole(value: &Value, whole: &str) -> Result<(), Fault> {
    if value.is_object() {
        return Ok(());
    }
    Err(Fault { path: String::new(), message: format!("expected {whole}, got {}", kind(value)) })
}

/// Reads a value of any sort.
pub(crate) fn read_any<T: DeserializeOwned>(value: &Value) -> Result<T, Fault> {
    T::deserialize(Reader(value)).map_err(Words::fault)
}

/// Reads a value from JSON text; `None` if that is not one of its type.
pub(crate) fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    read_any(&serde_json::from_str(text).ok()?).ok()
}

/// What a value is, in the words of the docs.
pub(crate) fn kind(value: &Value) -> String {
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

/// Forms that are read in one way, whatever number or text is asked for.
macro_rules! forward {
    ($read:ident: $($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
            self.$read(visitor)
        })*
    };
}

// Each method offers a visitor only what it may take: what is not offered is not compiled for every type there is.
impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Words;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(*yes),
            Value::Number(_) => self.number(visitor),
            Value::String(text) => visitor.visit_borrowed_str(bounded(text)?),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(object) => visitor.visit_map(Object::new(object)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match self.0 {
            Value::Bool(yes) => visitor.visit_bool(*yes),
            other => Err(unfit(other, &visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        let mut items = Items::new(self.0, &[]);
        items.check_list(&visitor)?;
        visitor.visit_seq(&mut items).map_err(|words| items.fault(words))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match self.0 {
            Value::Object(object) => visitor.visit_map(Object::new(object)),
            other => Err(unfit(other, &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Words> {
        let mut items = Items::new(self.0, fields);
        items.check_object(&visitor)?;
        visitor.visit_seq(&mut items).map_err(|words| items.fault(words))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Words> {
        match self.0 {
            Value::String(text) => text.as_str().into_deserializer().deserialize_enum(name, variants, visitor),
            other => Err(Words::new(format!("expected one of {}, got {}", listed(variants), kind(other)))),
        }
    }

    forward!(number: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128);
    forward!(number: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128);
    forward!(number: deserialize_f32 deserialize_f64);
    forward!(text: deserialize_str deserialize_string);

    forward_to_deserialize_any! {
        char bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct identifier ignored_any
    }
}

impl<'de> Reader<'de> {
    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        let Value::Number(number) = self.0 else { return Err(unfit(self.0, &visitor)) };
        match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(n), _, _) => visitor.visit_u64(n),
            (_, Some(n), _) => visitor.visit_i64(n),
            (_, _, n) => visitor.visit_f64(n.unwrap_or(f64::NAN)),
        }
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Words> {
        match self.0 {
            Value::String(text) => visitor.visit_borrowed_str(bounded(text)?),
            other => Err(unfit(other, &visitor)),
        }
    }
}

/// What is said of a value of a sort that is not expected.
fn unfit(value: &Value, expected: &dyn Expected) -> Words {
    let got = match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(yes) => Unexpected::Bool(*yes),
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(n), _, _) => Unexpected::Unsigned(n),
            (_, Some(n), _) => Unexpected::Signed(n),
            (_, _, n) => Unexpected::Float(n.unwrap_or(f64::NAN)),
        },
        Value::String(text) => match bounded(text) {
            Ok(text) => Unexpected::Str(text),
            Err(words) => return words,
        },
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    };
    de::Error::invalid_type(got, expected)
}

/// A text that is not too long to be a label, a sentence or a story.
fn bounded(text: &str) -> Result<&str, Words> {
    if text.len() <= LONGEST_TEXT {
        return Ok(text);
    }
    Err(Words::new(format!("the text has {} bytes; at most {LONGEST_TEXT} were expected", text.len())))
}

/// The items of a list, or the fields of an object as the type has them, one after the other: what serde compiles to read a list of
/// values is less than half of what it compiles to read fields in any order.
struct Items<'a> {
    value: &'a Value,
    /// The fields of the type, if it is an object.
    names: &'static [&'static str],
    /// Whether the type says what holds for a field that is missing; for others that is nothing, or an error.
    defaults: bool,
    /// How many were asked for.
    asked: usize,
}

impl<'a> Items<'a> {
    fn new(value: &'a Value, names: &'static [&'static str]) -> Self {
        Self { value, names, defaults: false, asked: 0 }
    }

    fn check_list(&self, wanted: &dyn Expected) -> Result<(), Words> {
        if self.value.is_array() { Ok(()) } else { Err(unfit(self.value, wanted)) }
    }

    fn check_object(&mut self, wanted: &dyn Expected) -> Result<(), Words> {
        let Value::Object(object) = self.value else {
            return Err(Words::new(format!("expected an object, got {}", kind(self.value))));
        };
        let (wanted, [object_of, report_of]) = (wanted.to_string(), STRICT);
        let other = object.keys().find(|field| !self.names.contains(&field.as_str()));
        if let Some(field) = other.filter(|_| wanted == object_of || wanted == report_of) {
            return Err(<Words as de::Error>::unknown_field(bounded(field)?, self.names).at_field(field));
        }
        self.defaults = wanted == object_of;
        Ok(())
    }

    /// The next value; that of a field that is missing is nothing.
    fn next(&mut self) -> Option<&'a Value> {
        let place = self.asked;
        self.asked += 1;
        let Value::Object(object) = self.value else { return self.value.get(place) };
        let value = object.get(*self.names.get(place)?);
        if self.defaults { value } else { value.or(Some(&Value::Null)) }
    }

    /// A fault of the value that was asked for last; of the whole, if none was.
    fn fault(&self, words: Words) -> Words {
        let Some(place) = self.asked.checked_sub(1) else { return words };
        match (self.value, self.names.get(place)) {
            (Value::Object(object), Some(name)) if object.contains_key(*name) => words.at_field(name),
            (Value::Object(_), Some(name)) => de::Error::missing_field(name),
            _ => words.at_place(place),
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Words;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Words> {
        self.next().map(|value| seed.deserialize(Reader(value))).transpose()
    }
}

struct Object<'a> {
    fields: serde_json::map::Iter<'a>,
    field: Option<(&'a str, &'a Value)>,
}

impl<'a> Object<'a> {
    fn new(object: &'a Map<String, Value>) -> Self {
        Self { fields: object.iter(), field: None }
    }
}

impl<'de> MapAccess<'de> for Object<'de> {
    type Error = Words;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Words> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        self.field = Some((name.as_str(), value));
        seed.deserialize(bounded(name)?.into_deserializer()).map(Some).map_err(|words: Words| words.at_field(name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Words> {
        let (name, value) = self.field.take().unwrap_or(("", &Value::Null));
        seed.deserialize(Reader(value)).map_err(|words| words.at_field(name))
    }
}

/// A message: what was expected in the words of the docs, and where. In a box, since it goes through all that is read.
#[derive(Debug)]
struct Words(Box<Said>);

#[derive(Debug)]
struct Said {
    message: String,
    /// The steps to the place, the last one first: `.name` or `[2]`.
    path: Vec<String>,
}

impl Words {
    fn new(message: String) -> Self {
        Self(Box::new(Said { message, path: Vec::new() }))
    }

    fn at_field(mut self, name: &str) -> Self {
        self.0.path.push(format!(".{name}"));
        self
    }

    fn at_place(mut self, place: usize) -> Self {
        self.0.path.push(format!("[{place}]"));
        self
    }

    fn fault(self) -> Fault {
        let path: String = self.0.path.into_iter().rev().collect();
        Fault { path: shorten(path.strip_prefix('.').unwrap_or(&path)), message: self.0.message }
    }
}

impl Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Words {}

impl de::Error for Words {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(message.to_string())
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
        Self::new(format!("expected {expected}, got {got}"))
    }

    fn invalid_value(got: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(got, expected)
    }

    /// Of an object a field is missing: what is said of it is known where the fields are.
    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::new("expected more values".into())
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let near = hint(nearest(variant, expected.iter().copied()).as_ref());
        Self::new(format!("expected one of {}, got the text `{}`{near}", listed(expected), shorten(variant)))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let near = hint(nearest(field, expected.iter().copied()).as_ref());
        Self::new(format!("there is no field `{}`; the fields are {}{near}", shorten(field), listed(expected)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("the field `{field}` is missing"))
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
