//! The questions: each converts its arguments, calls the function of the same name in the core, and converts its report.

use journey_core as core;
use wasm_bindgen::prelude::*;

use crate::convert::{options, throw, to_js};
use crate::handles::{EventLog, JourneyMap, OptionalLog, optional};

/// Draws the map of what customers did: their touchpoints and transitions, with counts and times.
#[wasm_bindgen]
pub fn discover(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "DiscoverOptions")] options: &JsValue,
) -> Result<JourneyMap, JsValue> {
    core::discover(&log.0, &self::options(options)?).map(JourneyMap::from).map_err(throw)
}

/// Says what a log holds: how much, of what, from when to when, how long journeys take.
#[wasm_bindgen(unchecked_return_type = "Summary")]
pub fn summary(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "SummaryOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::summary(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Counts which touchpoint follows which in the journeys of a log, and how long that takes.
#[wasm_bindgen(unchecked_return_type = "Transitions")]
pub fn transitions(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "TransitionsOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::transitions(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Draws the emotion curve of a map: expected scores from the map, measured ones from a log.
#[wasm_bindgen(js_name = emotionCurve, unchecked_return_type = "EmotionCurve")]
pub fn emotion_curve(
    map: &JourneyMap,
    #[wasm_bindgen(unchecked_optional_param_type = "EventLog | null")] log: &OptionalLog,
    #[wasm_bindgen(unchecked_optional_param_type = "EmotionOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(
        &core::emotion_curve(&map.0, optional(log)?.as_ref().map(|log| &*log.0), &self::options(options)?)
            .map_err(throw)?,
    )
}

/// Finds where the emotion curve of a map dips.
#[wasm_bindgen(js_name = emotionDips, unchecked_return_type = "EmotionDips")]
pub fn emotion_dips(
    map: &JourneyMap,
    #[wasm_bindgen(unchecked_optional_param_type = "EventLog | null")] log: &OptionalLog,
    #[wasm_bindgen(unchecked_optional_param_type = "EmotionOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(
        &core::emotion_dips(&map.0, optional(log)?.as_ref().map(|log| &*log.0), &self::options(options)?)
            .map_err(throw)?,
    )
}
