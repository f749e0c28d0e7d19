//! The other questions: each converts its arguments, calls the function of the same name in the core, and converts its report.

use journey_core as core;
use wasm_bindgen::prelude::*;

use super::convert::{argument, steps};
use super::handles::Feedback;
use crate::convert::{options, throw, to_js};
use crate::handles::{EventLog, JourneyMap, OptionalLog, OptionalMap, optional, optional_map};

/// Counts which touchpoint follows which in the journeys of a log, as a table of one figure.
#[wasm_bindgen(js_name = transitionMatrix, unchecked_return_type = "TransitionMatrix")]
pub fn transition_matrix(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "TransitionMatrixOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::transition_matrix(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Counts the distinct paths of the journeys in a log.
#[wasm_bindgen(unchecked_return_type = "Variants")]
pub fn variants(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "VariantsOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::variants(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Finds what customers do again: rework, self-loops, repetitions, ping-pongs and cycles.
#[wasm_bindgen(unchecked_return_type = "Rework")]
pub fn rework(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "ReworkOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::rework(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Finds where customers lose time and where they are lost.
#[wasm_bindgen(unchecked_return_type = "Bottlenecks")]
pub fn bottlenecks(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "BottleneckOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::bottlenecks(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Counts how far customers get through the steps that lead to a goal; a step is a touchpoint or a `FunnelStep`.
#[wasm_bindgen(unchecked_return_type = "Funnel")]
pub fn funnel(
    log: &EventLog,
    #[wasm_bindgen(unchecked_param_type = "readonly (string | FunnelStep)[]")] steps: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "FunnelOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::funnel(&log.0, self::steps(steps)?, &self::options(options)?).map_err(throw)?)
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
    let (a, b) = (argument(a, "a")?, argument(b, "b")?);
    to_js(&core::explain_funnels(&log.0, self::steps(steps)?, &a, &b, &self::options(options)?).map_err(throw)?)
}

/// Compares the journeys of two logs: which of their figures differ, how much, and whether that can be chance.
#[wasm_bindgen(unchecked_return_type = "Comparison")]
pub fn compare(
    log_a: &EventLog,
    log_b: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "CompareOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::compare(&log_a.0, &log_b.0, &self::options(options)?).map_err(throw)?)
}

/// Compares the journeys of a log that have one value of an attribute with those that have another.
#[wasm_bindgen(js_name = compareGroups, unchecked_return_type = "Comparison")]
pub fn compare_groups(
    log: &EventLog,
    #[wasm_bindgen(unchecked_param_type = "string")] attribute: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] value_a: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] value_b: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "CompareOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    let attribute: String = argument(attribute, "attribute")?;
    let (value_a, value_b): (String, String) = (argument(value_a, "value_a")?, argument(value_b, "value_b")?);
    to_js(&core::compare_groups(&log.0, &attribute, &value_a, &value_b, &self::options(options)?).map_err(throw)?)
}

/// Shows the groups of an attribute beside each other: size, conversion, time, score, and what sets each apart.
#[wasm_bindgen(unchecked_return_type = "Segments")]
pub fn segments(
    log: &EventLog,
    #[wasm_bindgen(unchecked_param_type = "string")] attribute: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "SegmentOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    let attribute: String = argument(attribute, "attribute")?;
    to_js(&core::segments(&log.0, &attribute, &self::options(options)?).map_err(throw)?)
}

/// Measures how long it usually takes from any touchpoint to any later one, and finds the journeys that deviate.
#[wasm_bindgen(js_name = temporalProfile, unchecked_return_type = "TemporalProfile")]
pub fn temporal_profile(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "TemporalProfileOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::temporal_profile(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Counts how often customers try before they reach one of the success touchpoints, and how many give up.
#[wasm_bindgen(unchecked_return_type = "Attempts")]
pub fn attempts(
    log: &EventLog,
    #[wasm_bindgen(unchecked_param_type = "readonly string[]")] success: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AttemptsOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    let (success, options): (Vec<String>, _) = (argument(success, "success")?, self::options(options)?);
    to_js(&core::attempts(&log.0, &success, &options).map_err(throw)?)
}

/// Finds how customers move between channels: how often, from where to where, and what it costs them.
#[wasm_bindgen(js_name = channelSwitching, unchecked_return_type = "ChannelSwitching")]
pub fn channel_switching(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "ChannelSwitchingOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::channel_switching(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Finds what customers who reach an outcome do before it more often, or less often, than those who do not reach it.
#[wasm_bindgen(js_name = outcomeDrivers, unchecked_return_type = "OutcomeDrivers")]
pub fn outcome_drivers(
    log: &EventLog,
    #[wasm_bindgen(unchecked_param_type = "readonly string[]")] conversion: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "OutcomeDriverOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    let (conversion, options): (Vec<String>, _) = (argument(conversion, "conversion")?, self::options(options)?);
    to_js(&core::outcome_drivers(&log.0, &conversion, &options).map_err(throw)?)
}

/// Attributes conversions to channels, or touchpoints, by their removal effects in a Markov chain of order 1.
#[wasm_bindgen(js_name = removalEffects, unchecked_return_type = "RemovalEffects")]
pub fn removal_effects(
    log: &EventLog,
    #[wasm_bindgen(unchecked_param_type = "readonly string[]")] conversion: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "RemovalEffectOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    let (conversion, options): (Vec<String>, _) = (argument(conversion, "conversion")?, self::options(options)?);
    to_js(&core::removal_effects(&log.0, &conversion, &options).map_err(throw)?)
}

/// Finds where journeys end, and where they leave a displayed path.
#[wasm_bindgen(js_name = dropOffs, unchecked_return_type = "DropOffs")]
pub fn drop_offs(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "DropOffOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::drop_offs(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Says at which touchpoint journeys are at each step, and where two groups differ.
#[wasm_bindgen(js_name = stepMatrix, unchecked_return_type = "StepMatrix")]
pub fn step_matrix(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "StepMatrixOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::step_matrix(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Counts how journeys flow from step to step, as a step Sankey diagram shows it.
#[wasm_bindgen(js_name = stepFlow, unchecked_return_type = "StepFlow")]
pub fn step_flow(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "StepFlowOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::step_flow(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Says how customers remember their journeys: by peak and end.
#[wasm_bindgen(js_name = peakEndScore, unchecked_return_type = "PeakEnd")]
pub fn peak_end_score(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "PeakEndOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::peak_end_score(&log.0, &self::options(options)?).map_err(throw)?)
}

/// Says how satisfied customers are by their own account: NPS, CSAT and CES, overall and for each group.
#[wasm_bindgen(unchecked_return_type = "Satisfaction")]
pub fn satisfaction(
    log: &EventLog,
    feedback: &Feedback,
    #[wasm_bindgen(unchecked_optional_param_type = "SatisfactionOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::satisfaction(&log.0, &feedback.0, &self::options(options)?).map_err(throw)?)
}

/// Says which answers belong to a visit in the log, and why the others do not.
#[wasm_bindgen(js_name = matchFeedback, unchecked_return_type = "FeedbackMatches")]
pub fn match_feedback(
    log: &EventLog,
    feedback: &Feedback,
    #[wasm_bindgen(unchecked_optional_param_type = "MatchFeedbackOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::match_feedback(&log.0, &feedback.0, &self::options(options)?).map_err(throw)?)
}

/// Says what is wrong with a map: nobody it belongs to, scores without evidence, ways that lead nowhere.
#[wasm_bindgen(unchecked_return_type = "LintReport")]
pub fn lint(
    map: &JourneyMap,
    #[wasm_bindgen(unchecked_optional_param_type = "EventLog | null")] log: &OptionalLog,
    #[wasm_bindgen(unchecked_optional_param_type = "LintOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::lint(&map.0, optional(log)?.as_ref().map(|log| &*log.0), &self::options(options)?).map_err(throw)?)
}

/// Says what is different between two maps, or two versions of one.
#[wasm_bindgen(unchecked_return_type = "MapDiff")]
pub fn diff(before: &JourneyMap, after: &JourneyMap) -> Result<JsValue, JsValue> {
    to_js(&core::diff(&before.0, &after.0))
}

/// Says which events of a log are on a map, by the rules of its touchpoints, and which are not.
#[wasm_bindgen(js_name = matchEvents, unchecked_return_type = "MatchReport")]
pub fn match_events(
    map: &JourneyMap,
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "MatchOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::match_events(&map.0, &log.0, &self::options(options)?).map_err(throw)?)
}

/// Compares a map with what customers did: what of the map is used, what of the data is on the map.
#[wasm_bindgen(js_name = pathCoverage, unchecked_return_type = "PathCoverage")]
pub fn path_coverage(
    map: &JourneyMap,
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "PathCoverageOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::path_coverage(&map.0, &log.0, &self::options(options)?).map_err(throw)?)
}

/// Aligns each path of the customers with the map: which steps follow it, which do not, which are left out.
#[wasm_bindgen(unchecked_return_type = "Alignments")]
pub fn align(
    map: &JourneyMap,
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "AlignOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::align(&map.0, &log.0, &self::options(options)?).map_err(throw)?)
}

/// Says how well the map explains what customers did, from 0 to 1.
#[wasm_bindgen(unchecked_return_type = "Fitness")]
pub fn fitness(
    map: &JourneyMap,
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "FitnessOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::fitness(&map.0, &log.0, &self::options(options)?).map_err(throw)?)
}

/// Says how much of what the map allows customers ever do, from 0 to 1.
#[wasm_bindgen(unchecked_return_type = "Precision")]
pub fn precision(
    map: &JourneyMap,
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "PrecisionOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::precision(&map.0, &log.0, &self::options(options)?).map_err(throw)?)
}

/// Finds where customers leave the map, and what conversion goes with it.
#[wasm_bindgen(unchecked_return_type = "Deviations")]
pub fn deviations(
    map: &JourneyMap,
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "DeviationOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(&core::deviations(&map.0, &log.0, &self::options(options)?).map_err(throw)?)
}

/// Asks everything of a log, and of a map if there is one, and says which findings matter most.
#[wasm_bindgen(unchecked_return_type = "JourneyReport")]
pub fn report(
    log: &EventLog,
    #[wasm_bindgen(unchecked_optional_param_type = "JourneyMap | null")] map: &OptionalMap,
    #[wasm_bindgen(unchecked_optional_param_type = "ReportOptions")] options: &JsValue,
) -> Result<JsValue, JsValue> {
    to_js(
        &core::report(optional_map(map)?.as_ref().map(|map| &*map.0), &log.0, &self::options(options)?)
            .map_err(throw)?,
    )
}
