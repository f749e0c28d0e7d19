//! Questions about logs.

use journey_core as core;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert::{argument, later, options, steps, told};
use crate::handles::{EventLog, JourneyMap};

/// Draw the map of what customers did: their touchpoints and transitions, with counts and times.
///
/// Keywords are those of `DiscoverOptions`; the result is a map.
#[doc = question_options!(DiscoverOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> log = journey.EventLog({
///     ...     "journey": ["ann", "ann", "bob"],
///     ...     "touchpoint": ["visit", "pay", "visit"],
///     ...     "time": ["2024-05-01 10:00", "2024-05-01 10:05", "2024-05-02 09:00"],
///     ... })
///     >>> journey.discover(log, name="Shop")
///     JourneyMap("Shop", 2 touchpoints, 1 transitions)
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn discover(
    py: Python<'_>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<JourneyMap> {
    let options = self::options(options)?;
    told(py, progress, || core::discover(&log.0, &options)).map(JourneyMap)
}

/// Say what a log holds: how much, of what, from when to when, how long journeys take.
///
/// Keywords are those of `SummaryOptions`; the result is `Summary`.
#[doc = question_options!(SummaryOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> log = journey.EventLog({
///     ...     "journey": ["ann", "ann", "bob"],
///     ...     "touchpoint": ["visit", "pay", "visit"],
///     ...     "time": ["2024-05-01 10:00", "2024-05-01 10:05", "2024-05-02 09:00"],
///     ... })
///     >>> report = journey.summary(log)
///     >>> report.events, report.journeys
///     (3, 2)
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn summary<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::summary(&log.0, &options))?)
}

/// Count which touchpoint follows which in the journeys of a log, and how long that takes.
///
/// Keywords are those of `TransitionsOptions`; the result is `Transitions`.
#[doc = question_options!(TransitionsOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> log = journey.EventLog({
///     ...     "journey": ["ann", "ann", "bob"],
///     ...     "touchpoint": ["visit", "pay", "visit"],
///     ...     "time": ["2024-05-01 10:00", "2024-05-01 10:05", "2024-05-02 09:00"],
///     ... })
///     >>> [(row.source, row.target, row.count) for row in journey.transitions(log).rows if row.source == "visit"]
///     [('visit', None, 1), ('visit', 'pay', 1)]
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn transitions<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::transitions(&log.0, &options))?)
}

/// Count which touchpoint follows which in the journeys of a log, as a table of one figure.
///
/// Keywords are those of `TransitionMatrixOptions`; the result is `TransitionMatrix`.
#[doc = question_options!(TransitionMatrixOptions)]
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn transition_matrix<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::transition_matrix(&log.0, &options))?)
}

/// Count the distinct paths of the journeys in a log.
///
/// Keywords are those of `VariantsOptions`; the result is `Variants`.
#[doc = question_options!(VariantsOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> log = journey.EventLog({
///     ...     "journey": ["ann", "ann", "bob"],
///     ...     "touchpoint": ["visit", "pay", "visit"],
///     ...     "time": ["2024-05-01 10:00", "2024-05-01 10:05", "2024-05-02 09:00"],
///     ... })
///     >>> [row.touchpoints for row in journey.variants(log).rows]
///     [['visit'], ['visit', 'pay']]
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn variants<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::variants(&log.0, &options))?)
}

/// Find what customers do again: rework, self-loops, repetitions, ping-pongs and cycles.
///
/// Keywords are those of `ReworkOptions`; the result is `Rework`.
#[doc = question_options!(ReworkOptions)]
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn rework<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::rework(&log.0, &options))?)
}

/// Find where customers lose time and where they are lost.
///
/// Keywords are those of `BottleneckOptions`; the result is `Bottlenecks`.
#[doc = question_options!(BottleneckOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> log = journey.EventLog({
///     ...     "journey": ["ann", "ann", "bob"],
///     ...     "touchpoint": ["visit", "pay", "visit"],
///     ...     "time": ["2024-05-01 10:00", "2024-05-01 10:05", "2024-05-02 09:00"],
///     ... })
///     >>> [row] = journey.bottlenecks(log).transitions
///     >>> row.source, row.target, row.time.median_seconds
///     ('visit', 'pay', 300.0)
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn bottlenecks<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::bottlenecks(&log.0, &options))?)
}

/// Count how far customers get through the steps that lead to a goal.
///
/// A step is a touchpoint or a `FunnelStep`. Keywords are those of `FunnelOptions`; the result is `Funnel`.
#[doc = question_options!(FunnelOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> log = journey.EventLog({
///     ...     "journey": ["ann", "ann", "bob"],
///     ...     "touchpoint": ["visit", "pay", "visit"],
///     ...     "time": ["2024-05-01 10:00", "2024-05-01 10:05", "2024-05-02 09:00"],
///     ... })
///     >>> report = journey.funnel(log, ["visit", "pay"])
///     >>> [step.reached for step in report.steps]
///     [2, 1]
///     >>> report.conversion.share
///     0.5
#[pyfunction]
#[pyo3(signature = (log, steps, *, progress=None, **options))]
pub(crate) fn funnel<'py>(
    py: Python<'py>,
    log: &EventLog,
    steps: &Bound<'_, PyAny>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (steps, options) = (self::steps(steps)?, self::options(options)?);
    later(py, told(py, progress, || core::funnel(&log.0, steps, &options))?)
}

/// Say how many customers two definitions of a funnel count differently, and why, with examples.
///
/// The definitions are `FunnelOptions`. Keywords are those of `ExplainFunnelsOptions`; the result is `FunnelDifferences`.
#[doc = question_options!(ExplainFunnelsOptions)]
#[pyfunction]
#[pyo3(signature = (log, steps, a, b, *, progress=None, **options))]
pub(crate) fn explain_funnels<'py>(
    py: Python<'py>,
    log: &EventLog,
    steps: &Bound<'_, PyAny>,
    a: &Bound<'_, PyDict>,
    b: &Bound<'_, PyDict>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (steps, options) = (self::steps(steps)?, self::options(options)?);
    let (a, b) = (argument(a.as_any(), "a")?, argument(b.as_any(), "b")?);
    later(py, told(py, progress, || core::explain_funnels(&log.0, steps, &a, &b, &options))?)
}

/// Compare the journeys of two logs: which of their figures differ, how much, and whether that can be chance.
///
/// Keywords are those of `CompareOptions`; the result is `Comparison`.
#[doc = question_options!(CompareOptions)]
#[pyfunction]
#[pyo3(signature = (log_a, log_b, *, progress=None, **options))]
pub(crate) fn compare<'py>(
    py: Python<'py>,
    log_a: &EventLog,
    log_b: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::compare(&log_a.0, &log_b.0, &options))?)
}

/// Compare the journeys of a log that have one value of an attribute with those that have another.
///
/// Keywords are those of `CompareOptions`; the result is `Comparison`.
#[doc = question_options!(CompareOptions)]
#[pyfunction]
#[pyo3(signature = (log, attribute, value_a, value_b, *, progress=None, **options))]
pub(crate) fn compare_groups<'py>(
    py: Python<'py>,
    log: &EventLog,
    attribute: &Bound<'_, PyAny>,
    value_a: &Bound<'_, PyAny>,
    value_b: &Bound<'_, PyAny>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (attribute, options): (String, _) = (argument(attribute, "attribute")?, self::options(options)?);
    let (a, b): (String, String) = (argument(value_a, "value_a")?, argument(value_b, "value_b")?);
    later(py, told(py, progress, || core::compare_groups(&log.0, &attribute, &a, &b, &options))?)
}

/// Show the groups of an attribute beside each other: size, conversion, time, score, and what sets each apart.
///
/// Keywords are those of `SegmentOptions`; the result is `Segments`.
#[doc = question_options!(SegmentOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> log = journey.EventLog({
///     ...     "journey": ["ann", "ann", "bob"],
///     ...     "touchpoint": ["visit", "pay", "visit"],
///     ...     "time": ["2024-05-01 10:00", "2024-05-01 10:05", "2024-05-02 09:00"],
///     ... })
///     >>> [row.value for row in journey.segments(log.mark("paid", {"with_path": "pay"}), "paid").rows]
///     ['no', 'yes']
#[pyfunction]
#[pyo3(signature = (log, attribute, *, progress=None, **options))]
pub(crate) fn segments<'py>(
    py: Python<'py>,
    log: &EventLog,
    attribute: &Bound<'_, PyAny>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (attribute, options): (String, _) = (argument(attribute, "attribute")?, self::options(options)?);
    later(py, told(py, progress, || core::segments(&log.0, &attribute, &options))?)
}

/// Measure how long it usually takes from any touchpoint to any later one, and find the journeys that deviate.
///
/// Keywords are those of `TemporalProfileOptions`; the result is `TemporalProfile`.
#[doc = question_options!(TemporalProfileOptions)]
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn temporal_profile<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::temporal_profile(&log.0, &options))?)
}

/// Count how often customers try before they reach one of the success touchpoints, and how many give up.
///
/// Keywords are those of `AttemptsOptions`; the result is `Attempts`.
#[doc = question_options!(AttemptsOptions)]
#[pyfunction]
#[pyo3(signature = (log, success, *, progress=None, **options))]
pub(crate) fn attempts<'py>(
    py: Python<'py>,
    log: &EventLog,
    success: &Bound<'_, PyAny>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (success, options): (Vec<String>, _) = (argument(success, "success")?, self::options(options)?);
    later(py, told(py, progress, || core::attempts(&log.0, &success, &options))?)
}

/// Find how customers move between channels: how often, from where to where, and what it costs them.
///
/// Keywords are those of `ChannelSwitchingOptions`; the result is `ChannelSwitching`.
#[doc = question_options!(ChannelSwitchingOptions)]
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn channel_switching<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::channel_switching(&log.0, &options))?)
}

/// Find what customers who reach an outcome do before it more often, or less often, than those who do not reach it.
///
/// Keywords are those of `OutcomeDriverOptions`; the result is `OutcomeDrivers`.
#[doc = question_options!(OutcomeDriverOptions)]
#[pyfunction]
#[pyo3(signature = (log, conversion, *, progress=None, **options))]
pub(crate) fn outcome_drivers<'py>(
    py: Python<'py>,
    log: &EventLog,
    conversion: &Bound<'_, PyAny>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (conversion, options): (Vec<String>, _) = (argument(conversion, "conversion")?, self::options(options)?);
    later(py, told(py, progress, || core::outcome_drivers(&log.0, &conversion, &options))?)
}

/// Attribute conversions to channels, or touchpoints, by their removal effects in a Markov chain of order 1.
///
/// Keywords are those of `RemovalEffectOptions`; the result is `RemovalEffects`.
#[doc = question_options!(RemovalEffectOptions)]
#[pyfunction]
#[pyo3(signature = (log, conversion, *, progress=None, **options))]
pub(crate) fn removal_effects<'py>(
    py: Python<'py>,
    log: &EventLog,
    conversion: &Bound<'_, PyAny>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (conversion, options): (Vec<String>, _) = (argument(conversion, "conversion")?, self::options(options)?);
    later(py, told(py, progress, || core::removal_effects(&log.0, &conversion, &options))?)
}

/// Find where journeys end, and where they leave a displayed path.
///
/// Keywords are those of `DropOffOptions`; the result is `DropOffs`.
#[doc = question_options!(DropOffOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> log = journey.EventLog({
///     ...     "journey": ["ann", "ann", "bob"],
///     ...     "touchpoint": ["visit", "pay", "visit"],
///     ...     "time": ["2024-05-01 10:00", "2024-05-01 10:05", "2024-05-02 09:00"],
///     ... })
///     >>> sorted((row.touchpoint, row.exit_rate.n, row.exit_rate.of) for row in journey.drop_offs(log).touchpoints)
///     [('pay', 1, 1), ('visit', 1, 2)]
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn drop_offs<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::drop_offs(&log.0, &options))?)
}

/// Say at which touchpoint journeys are at each step, and where two groups differ.
///
/// Keywords are those of `StepMatrixOptions`; the result is `StepMatrix`.
#[doc = question_options!(StepMatrixOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> log = journey.EventLog({
///     ...     "journey": ["ann", "ann", "bob"],
///     ...     "touchpoint": ["visit", "pay", "visit"],
///     ...     "time": ["2024-05-01 10:00", "2024-05-01 10:05", "2024-05-02 09:00"],
///     ... })
///     >>> [(row.touchpoint, row.counts) for row in journey.step_matrix(log, steps=2).rows if row.touchpoint]
///     [('visit', [2, 0]), ('pay', [0, 1])]
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn step_matrix<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::step_matrix(&log.0, &options))?)
}

/// Count how journeys flow from step to step, as a step Sankey diagram shows it.
///
/// Keywords are those of `StepFlowOptions`; the result is `StepFlow`.
#[doc = question_options!(StepFlowOptions)]
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn step_flow<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::step_flow(&log.0, &options))?)
}
