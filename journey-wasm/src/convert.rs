//! The only place where Rust values become JavaScript values, and back: both ways as JSON, which refuses unknown fields.

use journey_core::{Error, ErrorKind, JourneyMap, options_from_json};
use js_sys::{JSON, Object, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

/// Turns a report into a plain object.
pub(crate) fn to_js(report: &impl Serialize) -> Result<JsValue, JsValue> {
    parsed(serde_json::to_string(report))
}

fn parsed(text: serde_json::Result<String>) -> Result<JsValue, JsValue> {
    JSON::parse(&text.map_err(|error| thrown("internal", &error.to_string()))?)
}

/// Reads an object into an options struct; a missing field keeps its default.
pub(crate) fn options<T: DeserializeOwned>(value: &JsValue) -> Result<T, JsValue> {
    options_from_json(&json(value, ErrorKind::InvalidOption)?.unwrap_or_else(|| "{}".into())).map_err(throw)
}

/// Reads a report that is handed in again.
pub(crate) fn report<T: DeserializeOwned>(report: &JsValue) -> Result<T, JsValue> {
    options_from_json(&given(report)?).map_err(throw)
}

/// An argument as JSON, which says so if there is none.
pub(crate) fn given(value: &JsValue) -> Result<String, JsValue> {
    json(value, ErrorKind::InvalidOption).map(|text| text.unwrap_or_else(|| "null".into()))
}

/// Reads the data of a map.
pub(crate) fn map(data: &JsValue) -> Result<JourneyMap, JsValue> {
    let text = json(data, ErrorKind::InvalidMap)?.unwrap_or_else(|| "null".into());
    let value =
        serde_json::from_str(&text).map_err(|error| thrown(ErrorKind::InvalidMap.code(), &error.to_string()))?;
    JourneyMap::from_json_value(&value).map_err(throw)
}

/// A text; nothing else passes for one.
pub(crate) fn text(value: &JsValue) -> Result<String, JsValue> {
    let expected = "expected the text of a map; for an object use `fromData`";
    value.as_string().ok_or_else(|| thrown(ErrorKind::InvalidMap.code(), expected))
}

/// The value as JSON; `None` if there is none. What JSON would leave out or turn into nothing is an error.
pub(crate) fn json(value: &JsValue, kind: ErrorKind) -> Result<Option<String>, JsValue> {
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
        let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
        if is_ours(&error) { error } else { thrown(kind.code(), &message.unwrap_or_default()) }
    })?;
    Ok(JsValue::from(text).as_string())
}

/// The JavaScript error of an error of the core.
#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
pub(crate) fn throw(error: Error) -> JsValue {
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

/// Whether an error is one of the package, which says what is wrong.
pub(crate) fn is_ours(error: &JsValue) -> bool {
    Reflect::get(error, &"code".into()).is_ok_and(|code| code.is_string())
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
