//! The only place where Rust values become JavaScript values, and back: both ways as JSON, which refuses unknown fields.

use journey_core::{Error, JourneyMap, options_from_json};
use js_sys::{JSON, JsString, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

/// Turns a report into a plain object.
pub(crate) fn to_js(report: &impl Serialize) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(report).map_err(|error| thrown("internal", &error.to_string()))?;
    JSON::parse(&text)
}

/// Reads an object into an options struct; a missing field keeps its default.
pub(crate) fn options<T: DeserializeOwned + Default>(value: &JsValue) -> Result<T, JsValue> {
    let Some(text) = json(value)? else { return Ok(T::default()) };
    options_from_json(&text).map_err(|error| throw(&error))
}

/// Reads the data of a map.
pub(crate) fn map(data: &JsValue) -> Result<JourneyMap, JsValue> {
    let text = json(data)?.unwrap_or_default();
    JourneyMap::from_deserializer(&mut serde_json::Deserializer::from_str(&text)).map_err(|error| throw(&error))
}

/// The bytes of a text, or of an array of bytes.
pub(crate) fn bytes(source: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = source.as_string() {
        return Ok(text.into_bytes());
    }
    match source.dyn_ref::<js_sys::Uint8Array>() {
        Some(array) => Ok(array.to_vec()),
        None => Err(thrown("invalid_log", "expected the content of the file: a string or a Uint8Array")),
    }
}

/// The value as JSON; `None` if there is none, as of `undefined`.
fn json(value: &JsValue) -> Result<Option<String>, JsValue> {
    if value.is_null() {
        return Ok(None);
    }
    // JSON.stringify gives `undefined` for what has no JSON.
    Ok(JsValue::from(JSON::stringify(value)?).dyn_into::<JsString>().ok().map(String::from))
}

/// The JavaScript error of an error of the core.
pub(crate) fn throw(error: &Error) -> JsValue {
    let thrown = thrown(error.kind().code(), &error.to_string());
    let place = error.location();
    let number = |n: Option<u64>| n.map_or(JsValue::NULL, |n| JsValue::from(u32::try_from(n).unwrap_or(u32::MAX)));
    let text = |text: &Option<String>| text.as_deref().map_or(JsValue::NULL, JsValue::from);
    for (name, value) in [
        ("file", text(&place.file)),
        ("line", number(place.line)),
        ("column", number(place.column)),
        ("record", number(place.record)),
        ("field", text(&place.field)),
    ] {
        set(&thrown, name, &value);
    }
    thrown
}

fn thrown(code: &str, message: &str) -> JsValue {
    let error: JsValue = js_sys::Error::new(message).into();
    set(&error, "name", &"JourneyError".into());
    set(&error, "code", &code.into());
    error
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Setting a property of a new error does not fail.
    let _ = Reflect::set(object, &name.into(), value);
}
