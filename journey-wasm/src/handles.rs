//! What crosses the border as a handle: logs and maps.

use std::rc::Rc;

use journey_core as core;
use wasm_bindgen::prelude::*;

use crate::convert::{is_ours, map, options, text, throw, thrown, to_js};

/// Events of customers, grouped into journeys, in the order of time.
#[wasm_bindgen]
#[derive(Debug)]
pub struct EventLog(pub(crate) Rc<core::EventLog>);

#[wasm_bindgen]
extern "C" {
    /// A log that may be left out. An optional handle taken by value would be freed by the call, and one by reference does
    /// not cross the border; so the call asks the object for a handle of its own.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "EventLog | null | undefined")]
    pub type OptionalLog;

    #[wasm_bindgen(method, catch)]
    fn share(this: &OptionalLog) -> Result<EventLog, JsValue>;

    /// A map that may be left out, as a log.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "JourneyMap | null | undefined")]
    pub type OptionalMap;

    #[wasm_bindgen(method, catch, js_name = share)]
    fn share_map(this: &OptionalMap) -> Result<JourneyMap, JsValue>;
}

/// The log, if there is one.
pub(crate) fn optional(log: &OptionalLog) -> Result<Option<EventLog>, JsValue> {
    if log.is_null() || log.is_undefined() {
        return Ok(None);
    }
    let expected = "expected an EventLog, `null` or `undefined` as the log; options come after it";
    log.share().map(Some).map_err(|error| no_handle(error, expected))
}

/// What is said of a value that is no handle; of a handle that was freed, or is of another class or module, the glue has said it.
fn no_handle(error: JsValue, expected: &str) -> JsValue {
    if is_ours(&error) { error } else { thrown(core::ErrorKind::InvalidOption.code(), expected) }
}

/// The map, if there is one.
pub(crate) fn optional_map(map: &OptionalMap) -> Result<Option<JourneyMap>, JsValue> {
    if map.is_null() || map.is_undefined() {
        return Ok(None);
    }
    let expected = "expected a JourneyMap, `null` or `undefined` as the map; options come after it";
    map.share_map().map(Some).map_err(|error| no_handle(error, expected))
}

impl EventLog {
    /// The handle of a log that was made.
    pub(crate) fn made(log: core::Result<core::EventLog>) -> Result<Self, JsValue> {
        log.map(|log| Self(Rc::new(log))).map_err(throw)
    }
}

#[wasm_bindgen]
impl EventLog {
    /// Handles are not made by `new`: it throws and says how.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new() -> Result<EventLog, JsValue> {
        let how = if cfg!(feature = "full") { "use `EventLog.read`" } else { "use `logFromColumns`" };
        Err(thrown(core::ErrorKind::InvalidOption.code(), how))
    }

    /// Another handle to the same log; each has to be freed by itself.
    pub fn share(&self) -> EventLog {
        Self(Rc::clone(&self.0))
    }

    /// The events that meet every condition, as a log of its own.
    pub fn select(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "SelectOptions")] options: &JsValue,
    ) -> Result<EventLog, JsValue> {
        Self::made(self.0.select(&self::options(options)?))
    }

    /// How many events there are.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.len()
    }

    /// How many journeys there are, each once, however many customers it stands for.
    #[wasm_bindgen(getter, js_name = journeyCount)]
    pub fn journey_count(&self) -> usize {
        self.0.journey_count()
    }

    /// How many customers the journeys stand for together: as many as there are journeys, where none stands for more.
    #[wasm_bindgen(getter)]
    pub fn customers(&self) -> u32 {
        // A log has fewer events than that, those of every customer counted.
        u32::try_from(self.0.customers()).unwrap_or(u32::MAX)
    }

    /// Whether events have times; if not, they stand in the order of the input.
    #[wasm_bindgen(getter, js_name = hasTimes)]
    pub fn has_times(&self) -> bool {
        self.0.has_times()
    }

    /// Names of the touchpoints, in byte order; after `select` some may have no event.
    #[wasm_bindgen(getter)]
    pub fn touchpoints(&self) -> Vec<String> {
        self.0.touchpoints().iter().map(str::to_owned).collect()
    }

    /// Names of the channels, in byte order; after `select` some may have no event.
    #[wasm_bindgen(getter)]
    pub fn channels(&self) -> Vec<String> {
        self.0.channels().iter().map(str::to_owned).collect()
    }

    /// Names of the attributes that events carry.
    #[wasm_bindgen(getter)]
    pub fn attributes(&self) -> Vec<String> {
        self.0.attributes().map(str::to_owned).collect()
    }
}

/// A customer journey map: a graph of touchpoints and the transitions between them, in stages.
#[wasm_bindgen]
#[derive(Debug)]
pub struct JourneyMap(pub(crate) Rc<core::JourneyMap>);

impl From<core::JourneyMap> for JourneyMap {
    fn from(map: core::JourneyMap) -> Self {
        Self(Rc::new(map))
    }
}

#[wasm_bindgen]
impl JourneyMap {
    /// Handles are not made by `new`: it throws and says how.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new() -> Result<JourneyMap, JsValue> {
        Err(thrown(core::ErrorKind::InvalidOption.code(), "use `JourneyMap.fromJson` or `JourneyMap.fromData`"))
    }

    /// Another handle to the same map; each has to be freed by itself.
    pub fn share(&self) -> JourneyMap {
        Self(Rc::clone(&self.0))
    }

    /// Reads a map from JSON text.
    #[wasm_bindgen(js_name = fromJson)]
    pub fn from_json(#[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue) -> Result<JourneyMap, JsValue> {
        core::JourneyMap::from_json(&self::text(text)?).map(Self::from).map_err(throw)
    }

    /// Makes a map from its data.
    #[wasm_bindgen(js_name = fromData)]
    pub fn from_data(#[wasm_bindgen(unchecked_param_type = "MapData")] data: &JsValue) -> Result<JourneyMap, JsValue> {
        map(data).map(Self::from)
    }

    /// The map as JSON text, indented; the same map gives the same text.
    #[wasm_bindgen(js_name = toJson)]
    pub fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// What `JSON.stringify` writes: the data of the map.
    #[wasm_bindgen(js_name = toJSON, unchecked_return_type = "MapData")]
    pub fn to_json_value(&self) -> Result<JsValue, JsValue> {
        self.to_data()
    }

    /// The data of the map, as plain objects.
    #[wasm_bindgen(js_name = toData, unchecked_return_type = "MapData")]
    pub fn to_data(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.to_data())
    }

    /// What the map is called.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.0.name().to_owned()
    }
}
