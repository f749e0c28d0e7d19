//! The parts of a map in one form: a key, and fields as JSON texts. And back again.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::MapPart;
use crate::error::{Problem, Result};
use crate::map::{MapData, Outcome};
use crate::reader;
use crate::sorting::inserted;

/// What tells a part from others of its sort.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

    pub(super) fn whole(&self) -> String {
        self.whole.clone()
    }

    /// The list within which the part has a place: its stage, or the only one there is.
    pub(super) fn group(&self) -> &str {
        self.fields.get("stage").map_or("", String::as_str)
    }

    /// The part itself, from its fields as they are now.
    fn part<T: DeserializeOwned>(&self) -> Result<T> {
        let fields: Vec<String> = self.fields.iter().map(|(name, value)| format!("{}: {value}", json(name))).collect();
        let value = read(&format!("{{{}}}", fields.join(", ")))?;
        reader::read_any(&value).map_err(|fault| fault.error(|message| no_diff(&message)))
    }
}

/// The parts of a map by their sort, in the order of the map.
pub(super) fn items(data: &MapData) -> BTreeMap<MapPart, Vec<Item>> {
    let MapData { personas, segments, stages, channels, touchpoints, transitions, outcome, .. } = data.clone();
    let empty: MapData = MapData {
        personas: Vec::new(),
        segments: Vec::new(),
        stages: Vec::new(),
        channels: Vec::new(),
        touchpoints: Vec::new(),
        transitions: Vec::new(),
        outcome: Outcome::default(),
        ..data.clone()
    };
    let mut frame = list(&[empty], |_| alone());
    for item in &mut frame {
        item.fields
            .retain(|name, _| !["stages", "channels", "touchpoints", "transitions", "outcome"].contains(&&**name));
    }
    let kpis = outcome.kpis.clone();
    BTreeMap::from([
        (MapPart::Map, frame),
        (MapPart::Persona, list(&personas, |persona| by_id(&persona.id))),
        (MapPart::Segment, list(&segments, |segment| by_id(&segment.id))),
        (MapPart::Stage, list(&stages, |stage| by_id(&stage.id))),
        (MapPart::Channel, list(&channels, |channel| by_id(&channel.id))),
        (MapPart::Touchpoint, list(&touchpoints, |touchpoint| by_id(&touchpoint.id))),
        (
            MapPart::Transition,
            list(&transitions, |way| Key { id: Some(way.from.clone()), target: Some(way.to.clone()) }),
        ),
        (MapPart::Outcome, list(&[Outcome { kpis: Vec::new(), ..outcome }], |_| alone())),
        (MapPart::Kpi, list(&kpis, |kpi| by_id(&kpi.id))),
    ])
}

/// The data of a map from its parts.
pub(super) fn data(items: &BTreeMap<MapPart, Vec<Item>>) -> Result<MapData> {
    let outcome: Outcome = parts(items, MapPart::Outcome)?.pop().unwrap_or_default();
    let frame: MapData = parts(items, MapPart::Map)?.pop().unwrap_or_default();
    Ok(MapData {
        personas: parts(items, MapPart::Persona)?,
        segments: parts(items, MapPart::Segment)?,
        stages: parts(items, MapPart::Stage)?,
        channels: parts(items, MapPart::Channel)?,
        touchpoints: parts(items, MapPart::Touchpoint)?,
        transitions: parts(items, MapPart::Transition)?,
        outcome: Outcome { kpis: parts(items, MapPart::Kpi)?, ..outcome },
        ..frame
    })
}

fn parts<T: DeserializeOwned>(items: &BTreeMap<MapPart, Vec<Item>>, part: MapPart) -> Result<Vec<T>> {
    items.get(&part).into_iter().flatten().map(Item::part).collect()
}

fn list<T: Serialize>(parts: &[T], key: impl Fn(&T) -> Key) -> Vec<Item> {
    parts.iter().filter_map(|part| Item::new(key(part), json(part)).ok()).collect()
}

fn by_id(id: &str) -> Key {
    Key { id: Some(id.to_owned()), target: None }
}

fn alone() -> Key {
    Key { id: None, target: None }
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
