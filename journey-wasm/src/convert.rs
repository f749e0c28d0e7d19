//! The only place where Rust values become JavaScript values, and back: both ways as JSON, which refuses unknown fields.

use journey_core::{
    Error, ErrorKind, FunnelStep, JourneyMap, Progress, argument_from_json, list_from_json, options_from_json,
};
use js_sys::{ArrayBuffer, Function, JSON, Object, Reflect, Uint8Array};
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
    let Some(text) = json(value, ErrorKind::InvalidOption)? else { return Ok(T::default()) };
    options_from_json(&text).map_err(|error| throw(&error))
}

/// Reads the steps of a funnel.
pub(crate) fn steps(steps: &JsValue) -> Result<Vec<FunnelStep>, JsValue> {
    let text = json(steps, ErrorKind::InvalidOption)?.unwrap_or_else(|| "null".into());
    list_from_json("steps", &text).map_err(|error| throw(&error))
}

/// Reads an argument that is no option.
pub(crate) fn argument<T: DeserializeOwned>(value: &JsValue, name: &str) -> Result<T, JsValue> {
    let text = json(value, ErrorKind::InvalidOption)?.unwrap_or_else(|| "null".into());
    argument_from_json(name, &text).map_err(|error| throw(&error))
}

/// Reads a report that is handed in again.
pub(crate) fn report<T: DeserializeOwned>(report: &JsValue) -> Result<T, JsValue> {
    let text = json(report, ErrorKind::InvalidOption)?.unwrap_or_else(|| "null".into());
    options_from_json(&text).map_err(|error| throw(&error))
}

/// Reads the data of a map.
pub(crate) fn map(data: &JsValue) -> Result<JourneyMap, JsValue> {
    let text = json(data, ErrorKind::InvalidMap)?.unwrap_or_else(|| "null".into());
    let value =
        serde_json::from_str(&text).map_err(|error| thrown(ErrorKind::InvalidMap.code(), &error.to_string()))?;
    JourneyMap::from_json_value(&value).map_err(|error| throw(&error))
}

/// A text; nothing else passes for one.
pub(crate) fn text(value: &JsValue) -> Result<String, JsValue> {
    let expected = "expected the text of a map; for an object use `fromData`";
    value.as_string().ok_or_else(|| thrown(ErrorKind::InvalidMap.code(), expected))
}

/// The bytes of a text, of an `ArrayBuffer`, or of a view of one.
pub(crate) fn bytes(source: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = source.as_string() {
        return Ok(text.into_bytes());
    }
    if let Some(buffer) = source.dyn_ref::<ArrayBuffer>() {
        return Ok(Uint8Array::new(buffer).to_vec());
    }
    if ArrayBuffer::is_view(source) {
        let number = |name: &str| Reflect::get(source, &name.into()).map(|n| n.as_f64().unwrap_or_default());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "wasm memory has 32-bit sizes")]
        let (start, length) = (number("byteOffset")? as u32, number("byteLength")? as u32);
        let buffer = Reflect::get(source, &"buffer".into())?;
        return Ok(Uint8Array::new_with_byte_offset_and_length(&buffer, start, length).to_vec());
    }
    let expected = "expected the content of a file: a string, an ArrayBuffer or a Uint8Array";
    Err(thrown(ErrorKind::InvalidLog.code(), expected))
}

/// The bytes of a state: those of an `ArrayBuffer`, or of a view of one.
pub(crate) fn binary(content: &JsValue) -> Result<Vec<u8>, JsValue> {
    if content.is_instance_of::<ArrayBuffer>() || ArrayBuffer::is_view(content) {
        return bytes(content);
    }
    let expected = "expected the bytes of a state: an ArrayBuffer or a Uint8Array";
    Err(thrown(ErrorKind::InvalidState.code(), expected))
}

/// A function that is told of the progress, if there is one.
pub(crate) fn watch(value: &JsValue) -> Result<Option<Function>, JsValue> {
    if value.is_null() || value.is_undefined() {
        return Ok(None);
    }
    let expected = "expected a function as `onProgress`";
    value.dyn_ref::<Function>().cloned().map(Some).ok_or_else(|| thrown(ErrorKind::InvalidOption.code(), expected))
}

/// Tells the progress. `false` if the answer is to end it.
#[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers, and wasm no memory for as many bytes")]
pub(crate) fn tell(watch: &Function, progress: &Progress) -> Result<bool, JsValue> {
    let number = |count: u64| JsValue::from(count as f64);
    let total = progress.total_bytes.map_or(JsValue::NULL, number);
    let answer = watch.call3(&JsValue::NULL, &number(progress.bytes), &total, &number(progress.events))?;
    Ok(answer.as_bool() != Some(false))
}

/// The value as JSON; `None` if there is none. What JSON would leave out or turn into nothing is an error.
fn json(value: &JsValue, kind: ErrorKind) -> Result<Option<String>, JsValue> {
    if value.is_null() || value.is_undefined() {
        return Ok(None);
    }
    let refuse = move |field: &JsValue, what: &str| {
        let field = field.as_string().unwrap_or_default();
        let place = if field.is_empty() { String::new() } else { format!("`{field}`: ") };
        let error = thrown(kind.code(), &format!("{place}{what} cannot be given"));
        set(&error, "field", &field.into());
        error
    };
    // JSON makes nothing of a date that is none, before the check below sees it.
    for field in value.dyn_ref::<Object>().map(Object::keys).unwrap_or_default() {
        let item = Reflect::get(value, &field)?;
        if item.dyn_ref::<js_sys::Date>().is_some_and(|date| !date.get_time().is_finite()) {
            return Err(refuse(&field, "an invalid Date"));
        }
    }
    let check = Closure::wrap(Box::new(move |field: JsValue, item: JsValue| {
        if item.as_f64().is_some_and(|number| !number.is_finite()) {
            return Err(refuse(&field, "a number that is not finite"));
        }
        for (is_it, what) in [
            (item.is_function(), "a function"),
            (item.is_symbol(), "a symbol"),
            (item.is_bigint(), "a BigInt"),
            (item.is_instance_of::<js_sys::Map>(), "a Map"),
            (item.is_instance_of::<js_sys::Set>(), "a Set"),
        ] {
            if is_it {
                return Err(refuse(&field, what));
            }
        }
        Ok(item)
    }) as Box<dyn FnMut(JsValue, JsValue) -> Result<JsValue, JsValue>>);
    let text = JSON::stringify_with_replacer(value, check.as_ref()).map_err(|error| {
        let ours = Reflect::get(&error, &"code".into()).is_ok_and(|code| code.is_string());
        let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
        if ours { error } else { thrown(kind.code(), &message.unwrap_or_default()) }
    })?;
    Ok(JsValue::from(text).as_string())
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

pub(crate) fn thrown(code: &str, message: &str) -> JsValue {
    let error: JsValue = js_sys::Error::new(message).into();
    set(&error, "name", &"JourneyError".into());
    set(&error, "code", &code.into());
    error
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Setting a property of a new error does not fail.
    let _ = Reflect::set(object, &name.into(), value);
}
