//! Pictures of reports: each reads the report that is handed in again, and calls the function of the same name in the core.

use journey_core as core;
use wasm_bindgen::prelude::*;

use crate::convert::{options, report, throw};
use crate::handles::{OptionalMap, optional_map};

/// Draws how journeys flow from step to step as a Sankey diagram, as SVG text.
#[wasm_bindgen(js_name = renderStepFlow)]
pub fn render_step_flow(
    #[wasm_bindgen(unchecked_param_type = "StepFlow")] report: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "RenderStepFlowOptions")] options: &JsValue,
) -> Result<String, JsValue> {
    let (report, options): (core::StepFlow, _) = (self::report(report)?, self::options(options)?);
    core::render_step_flow(&report, &options).map_err(throw)
}

/// Draws a step matrix as a heat map, as SVG text; of two groups, how far they differ.
#[wasm_bindgen(js_name = renderStepMatrix)]
pub fn render_step_matrix(
    #[wasm_bindgen(unchecked_param_type = "StepMatrix")] report: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "RenderStepMatrixOptions")] options: &JsValue,
) -> Result<String, JsValue> {
    let (report, options): (core::StepMatrix, _) = (self::report(report)?, self::options(options)?);
    core::render_step_matrix(&report, &options).map_err(throw)
}

/// Draws a funnel as SVG text: its steps from zero, how many go on, and how groups do.
#[wasm_bindgen(js_name = renderFunnel)]
pub fn render_funnel(
    #[wasm_bindgen(unchecked_param_type = "Funnel")] report: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "RenderFunnelOptions")] options: &JsValue,
) -> Result<String, JsValue> {
    let (report, options): (core::Funnel, _) = (self::report(report)?, self::options(options)?);
    core::render_funnel(&report, &options).map_err(throw)
}

/// Draws how long transitions or touchpoints take, as SVG text: the range of times, their quantiles and their mean. With a
/// summary, the throughput time of journeys stands above.
#[wasm_bindgen(js_name = renderTimes)]
pub fn render_times(
    #[wasm_bindgen(unchecked_param_type = "Bottlenecks")] report: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Summary | null")] summary: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "RenderTimesOptions")] options: &JsValue,
) -> Result<String, JsValue> {
    let (report, options): (core::Bottlenecks, _) = (self::report(report)?, self::options(options)?);
    let given = !summary.is_null() && !summary.is_undefined();
    let summary: Option<core::Summary> = given.then(|| self::report(summary)).transpose()?;
    core::render_times(&report, summary.as_ref(), &options).map_err(throw)
}

/// Draws how two groups differ, as SVG text: each difference with its interval and the verdict of its test.
#[wasm_bindgen(js_name = renderComparison)]
pub fn render_comparison(
    #[wasm_bindgen(unchecked_param_type = "Comparison")] report: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "RenderComparisonOptions")] options: &JsValue,
) -> Result<String, JsValue> {
    let (report, options): (core::Comparison, _) = (self::report(report)?, self::options(options)?);
    core::render_comparison(&report, &options).map_err(throw)
}

/// Writes a report as one HTML page that holds everything it needs; with its map, that is drawn with what was measured.
#[wasm_bindgen(js_name = renderReport)]
pub fn render_report(
    #[wasm_bindgen(unchecked_param_type = "JourneyReport")] report: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "JourneyMap | null")] map: &OptionalMap,
    #[wasm_bindgen(unchecked_optional_param_type = "RenderReportOptions")] options: &JsValue,
) -> Result<String, JsValue> {
    let map = optional_map(map)?;
    let (report, options): (core::JourneyReport, _) = (self::report(report)?, self::options(options)?);
    core::render_report(&report, map.as_ref().map(|map| &*map.0), &options).map_err(throw)
}
