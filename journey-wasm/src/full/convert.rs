//! What else crosses the border: arguments that are no options, bytes, and the progress.

use journey_core::{ErrorKind, FunnelStep, Progress, argument_from_json, list_from_json};
use js_sys::{ArrayBuffer, Function, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::convert::{given, throw, thrown};

/// Reads the steps of a funnel.
pub(crate) fn steps(steps: &JsValue) -> Result<Vec<FunnelStep>, JsValue> {
    list_from_json("steps", &given(steps)?).map_err(throw)
}

/// Reads an argument that is no option.
pub(crate) fn argument<T: DeserializeOwned>(value: &JsValue, name: &str) -> Result<T, JsValue> {
    argument_from_json(name, &given(value)?).map_err(throw)
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
