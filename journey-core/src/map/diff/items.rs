//! The parts of a map in one form: a key, and fields as JSON texts. And back again.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::MapPart;
use crate::error::{Problem, Result};
use crate::map::MapData;
use crate::reader::{from_text, read_any};
use crate::sorting::inserted;

/// The parts of a map by their sort, in the order of the map.
pub(super) type Parts = Vec<(MapPart, Vec<Item>)>;

/// The parts that are lists of the map, with the names of their fields.
const LISTS: [(MapPart, &str); 6] = [
    (MapPart::Persona, "personas"),
    (MapPart::Segment, "segments"),
    (MapPart::Stage, "stages"),
    (MapPart::Channel, "channels"),
    (MapPart::Touchpoint, "touchpoints"),
    (MapPart::Transition, "transitions"),
];

/// What tells a part from others of its sort.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) id: Option<String>,
    pub(super) target: Option<String>,
}

/// A part of a map.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) key: Key,
    /// Each field that is written, as JSON. Texts keep the order of nested fields, which values of JSON may not.
    pub(super) fields: BTreeMap<String, String>,
    /// The whole part as JSON, with its fields in the order of the schema.
    whole: String,
}

impl Item {
    pub(super) fn new(key: Key, whole: String) -> Result<Self> {
        let fields: BTreeMap<String, &RawValue> = read(&whole)?;
        let fields = inserted(fields.into_iter().map(|(name, value)| (name, value.get().to_owned())));
        Ok(Self { key, fields, whole })
    }

    /// A part that a map holds.
    fn of(part: MapPart, whole: &str) -> Option<Self> {
        let mut item = Self::new(Key::default(), whole.to_owned()).ok()?;
        let text = |field: &str| item.fields.get(field).and_then(|text| from_text(text));
        item.key = match part {
            MapPart::Map | MapPart::Outcome => Key::default(),
            MapPart::Transition => Key { id: text("from"), target: text("to") },
            _ => Key { id: text("id"), target: None },
        };
        Some(item)
    }

    pub(super) fn whole(&self) -> String {
        self.whole.clone()
    }

    /// The list within which the part has a place: its stage, or the only one there is.
    pub(super) fn group(&self) -> &str {
        self.fields.get("stage").map_or("", String::as_str)
    }

    /// Gives a field another value, which is JSON.
    pub(super) fn set(&mut self, field: &str, text: &str) -> Result<()> {
        let value: &RawValue = read(text)?;
        self.fields.insert(field.to_owned(), value.get().to_owned());
        Ok(())
    }
}

/// The parts of a map.
pub(super) fn items(data: &MapData) -> Parts {
    // Nothing in a map fails to serialise, and what was written is read.
    let mut map = Item::of(MapPart::Map, &json(data));
    let mut outcome = map.as_mut().and_then(|map| Item::of(MapPart::Outcome, &map.fields.remove("outcome")?));
    let mut parts = Parts::new();
    for (part, field) in LISTS {
        parts.push((part, taken(&mut map, part, field)));
    }
    let kpis = taken(&mut outcome, MapPart::Kpi, "kpis");
    parts.insert(0, (MapPart::Map, map.into_iter().collect()));
    parts.push((MapPart::Outcome, outcome.into_iter().collect()));
    parts.push((MapPart::Kpi, kpis));
    parts
}

/// The parts of a list that is a field of another part, which then has it no more.
fn taken(from: &mut Option<Item>, part: MapPart, field: &str) -> Vec<Item> {
    let text = from.as_mut().and_then(|from| from.fields.remove(field)).unwrap_or_default();
    let texts: Vec<&RawValue> = serde_json::from_str(&text).unwrap_or_default();
    texts.into_iter().filter_map(|text| Item::of(part, text.get())).collect()
}

/// The data of a map from its parts.
pub(super) fn data(parts: &Parts) -> Result<MapData> {
    let of = |wanted| parts.iter().filter(move |(part, _)| *part == wanted).flat_map(|(_, items)| items);
    let list = |part| format!("[{}]", of(part).map(|item| object(&item.fields)).collect::<Vec<_>>().join(", "));
    let one = |part| of(part).next().map(|item| item.fields.clone()).unwrap_or_default();
    let (mut map, mut outcome) = (one(MapPart::Map), one(MapPart::Outcome));
    outcome.insert("kpis".to_owned(), list(MapPart::Kpi));
    map.insert("outcome".to_owned(), object(&outcome));
    for (part, field) in LISTS {
        map.insert(field.to_owned(), list(part));
    }
    read_any(&read(&object(&map))?).map_err(|fault| fault.error(|message| no_diff(&message)))
}

fn object(fields: &BTreeMap<String, String>) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{}: {value}", json(name))).collect();
    format!("{{{}}}", fields.join(", "))
}

fn json(value: &(impl Serialize + ?Sized)) -> String {
    // Nothing in a map fails to serialise: keys are texts and numbers are finite.
    serde_json::to_string(value).unwrap_or_default()
}

fn read<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| no_diff(&error.to_string()).into())
}

fn no_diff(fault: &str) -> Problem {
    Problem::Map(format!("the diff is not that of a map: {fault}"))
}
