//! The pictures: each converts its arguments, calls the function of the same name in the core, and hands the picture over.

use journey_core as core;
use wasm_bindgen::prelude::*;

use crate::convert::{options, report, throw};
use crate::handles::{JourneyMap, OptionalMap, optional_map};

/// Draws a map with what reports say of it, as SVG.
#[wasm_bindgen(js_name = renderMap)]
pub fn render_map(
    map: &JourneyMap,
    #[wasm_bindgen(unchecked_optional_param_type = "MapReports | null")] reports: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "RenderMapOptions")] options: &JsValue,
) -> Result<String, JsValue> {
    let (reports, options) = (self::options(reports)?, self::options(options)?);
    core::render_map(&map.0, &reports, &options).map_err(throw)
}
/// Draws what customers did as a graph, as SVG text: touchpoints, and the transitions between them. With a map, its stages are
/// columns.
#[wasm_bindgen(js_name = renderFlow)]
pub fn render_flow(
    #[wasm_bindgen(unchecked_param_type = "Transitions")] report: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "JourneyMap | null")] map: &OptionalMap,
    #[wasm_bindgen(unchecked_optional_param_type = "RenderFlowOptions")] options: &JsValue,
) -> Result<String, JsValue> {
    let map = optional_map(map)?;
    let (report, options): (core::Transitions, _) = (self::report(report)?, self::options(options)?);
    core::render_flow(&report, map.as_ref().map(|map| &*map.0), &options).map_err(throw)
}
