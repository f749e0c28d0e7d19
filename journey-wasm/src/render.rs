//! The pictures: each converts its arguments, calls the function of the same name in the core, and hands the picture over.

use journey_core as core;
use wasm_bindgen::prelude::*;

use crate::convert::{options, throw};
use crate::handles::JourneyMap;

/// Draws a map with what reports say of it, as SVG.
#[wasm_bindgen(js_name = renderMap)]
pub fn render_map(
    map: &JourneyMap,
    #[wasm_bindgen(unchecked_optional_param_type = "MapReports | null")] reports: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "RenderMapOptions")] options: &JsValue,
) -> Result<String, JsValue> {
    let (reports, options) = (self::options(reports)?, self::options(options)?);
    core::render_map(&map.0, &reports, &options).map_err(|error| throw(&error))
}
