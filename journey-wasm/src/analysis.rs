//! The questions: each converts its arguments, calls the function of the same name in the core, and converts its report.

use journey_core as core;
use wasm_bindgen::prelude::*;

use crate::convert::{options, steps, throw, to_js};
use crate::handles::{EventLog, JourneyMap, OptionalLog, optional};

/// Draws the map of what customers did: their touchpoints and transitions, with counts and times.
#[wasm_bindgen]
pub fn discover(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "DiscoverOptions")] options: &JsValue,
) -> Result<JourneyMap, JsValue> {
    core::discover(&log.0, &self::options(options)?).map(JourneyMap).map_err(|error| throw(&error))
}

/// Says what a log holds: how much, of what, from when to when, how long journeys take.
#[wasm_bindgen(unchecked_return_type = "Summary")]
pub fn summary(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "SummaryOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::summary(&log.0, &self::options(options)?).map_err(|error| throw(&error))?)
}

/// Counts which touchpoint follows which in the journeys of a log, and how long that takes.
#[wasm_bindgen(unchecked_return_type = "Transitions")]
pub fn transitions(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "TransitionsOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::transitions(&log.0, &self::options(options)?).map_err(|error| throw(&error))?)
}

/// Counts the distinct paths of the journeys in a log.
#[wasm_bindgen(unchecked_return_type = "Variants")]
pub fn variants(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "VariantsOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::variants(&log.0, &self::options(options)?).map_err(|error| throw(&error))?)
}

/// Finds where customers lose time and where they are lost.
#[wasm_bindgen(unchecked_return_type = "Bottlenecks")]
pub fn bottlenecks(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "BottleneckOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::bottlenecks(&log.0, &self::options(options)?).map_err(|error| throw(&error))?)
}

/// Counts how far customers get through the steps that lead to a goal; a step is a touchpoint or a `FunnelStep`.
#[wasm_bindgen(unchecked_return_type = "Funnel")]
pub fn funnel(
    log: &EventLog,
    #[wasm_bindgen(unchecked_param_type = "readonly (string | FunnelStep)[]")] steps: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "FunnelOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::funnel(&log.0, self::steps(steps)?, &self::options(options)?).map_err(|error| throw(&error))?)
}

/// Says how many customers two definitions of a funnel count differently, and why, with examples.
#[wasm_bindgen(js_name = explainFunnels, unchecked_return_type = "FunnelDifferences")]
pub fn explain_funnels(
    log: &EventLog,
    #[wasm_bindgen(unchecked_param_type = "readonly (string | FunnelStep)[]")] steps: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "FunnelOptions")] a: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "FunnelOptions")] b: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ExplainFunnelsOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    let (a, b) = (self::options(a)?, self::options(b)?);
    to_js(
        &core::explain_funnels(&log.0, self::steps(steps)?, &a, &b, &self::options(options)?)
            .map_err(|error| throw(&error))?,
    )
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
            .map_err(|error| throw(&error))?,
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
            .map_err(|error| throw(&error))?,
    )
}

/// Compares a map with what customers did: what of the map is used, what of the data is on the map.
#[wasm_bindgen(js_name = pathCoverage, unchecked_return_type = "PathCoverage")]
pub fn path_coverage(
    map: &JourneyMap,
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "PathCoverageOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::path_coverage(&map.0, &log.0, &self::options(options)?).map_err(|error| throw(&error))?)
}
