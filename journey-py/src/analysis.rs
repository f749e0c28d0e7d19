//! The questions: each converts its arguments, calls the function of the same name in the core, and converts its report.

use journey_core as core;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert::{options, run, steps, to_py};
use crate::handles::{EventLog, JourneyMap};

/// Draw the map of what customers did: their touchpoints and transitions, with counts and times.
///
/// Keywords are those of `DiscoverOptions`; the result is a map.
#[pyfunction]
#[pyo3(signature = (log, **options))]
pub(crate) fn discover(py: Python<'_>, log: &EventLog, options: Option<&Bound<'_, PyDict>>) -> PyResult<JourneyMap> {
    let options = self::options(options)?;
    run(py, || core::discover(&log.0, &options)).map(JourneyMap)
}

/// Say what a log holds: how much, of what, from when to when, how long journeys take.
///
/// Keywords are those of `SummaryOptions`; the result is `Summary`.
#[pyfunction]
#[pyo3(signature = (log, **options))]
pub(crate) fn summary<'py>(
    py: Python<'py>,
    log: &EventLog,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    to_py(py, &run(py, || core::summary(&log.0, &options))?)
}

/// Count which touchpoint follows which in the journeys of a log, and how long that takes.
///
/// Keywords are those of `TransitionsOptions`; the result is `Transitions`.
#[pyfunction]
#[pyo3(signature = (log, **options))]
pub(crate) fn transitions<'py>(
    py: Python<'py>,
    log: &EventLog,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    to_py(py, &run(py, || core::transitions(&log.0, &options))?)
}

/// Count the distinct paths of the journeys in a log.
///
/// Keywords are those of `VariantsOptions`; the result is `Variants`.
#[pyfunction]
#[pyo3(signature = (log, **options))]
pub(crate) fn variants<'py>(
    py: Python<'py>,
    log: &EventLog,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    to_py(py, &run(py, || core::variants(&log.0, &options))?)
}

/// Find where customers lose time and where they are lost.
///
/// Keywords are those of `BottleneckOptions`; the result is `Bottlenecks`.
#[pyfunction]
#[pyo3(signature = (log, **options))]
pub(crate) fn bottlenecks<'py>(
    py: Python<'py>,
    log: &EventLog,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    to_py(py, &run(py, || core::bottlenecks(&log.0, &options))?)
}

/// Count how far customers get through the steps that lead to a goal.
///
/// A step is a touchpoint or a `FunnelStep`. Keywords are those of `FunnelOptions`; the result is `Funnel`.
#[pyfunction]
#[pyo3(signature = (log, steps, **options))]
pub(crate) fn funnel<'py>(
    py: Python<'py>,
    log: &EventLog,
    steps: &Bound<'_, PyAny>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (steps, options) = (self::steps(steps)?, self::options(options)?);
    to_py(py, &run(py, || core::funnel(&log.0, steps, &options))?)
}

/// Say how many customers two definitions of a funnel count differently, and why, with examples.
///
/// The definitions are `FunnelOptions`. Keywords are those of `ExplainFunnelsOptions`; the result is `FunnelDifferences`.
#[pyfunction]
#[pyo3(signature = (log, steps, a, b, **options))]
pub(crate) fn explain_funnels<'py>(
    py: Python<'py>,
    log: &EventLog,
    steps: &Bound<'_, PyAny>,
    a: &Bound<'_, PyDict>,
    b: &Bound<'_, PyDict>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (steps, options) = (self::steps(steps)?, self::options(options)?);
    let (a, b) = (self::options(Some(a))?, self::options(Some(b))?);
    to_py(py, &run(py, || core::explain_funnels(&log.0, steps, &a, &b, &options))?)
}

/// Draw the emotion curve of a map: expected scores from the map, measured ones from a log.
///
/// Keywords are those of `EmotionOptions`; the result is `EmotionCurve`.
#[pyfunction]
#[pyo3(signature = (map, log=None, **options))]
pub(crate) fn emotion_curve<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: Option<&EventLog>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    to_py(py, &run(py, || core::emotion_curve(&map.0, log.map(|log| &log.0), &options))?)
}

/// Find where the emotion curve of a map dips.
///
/// Keywords are those of `EmotionOptions`; the result is `EmotionDips`.
#[pyfunction]
#[pyo3(signature = (map, log=None, **options))]
pub(crate) fn emotion_dips<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: Option<&EventLog>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    to_py(py, &run(py, || core::emotion_dips(&map.0, log.map(|log| &log.0), &options))?)
}

/// Compare a map with what customers did: what of the map is used, what of the data is on the map.
///
/// Keywords are those of `PathCoverageOptions`; the result is `PathCoverage`.
#[pyfunction]
#[pyo3(signature = (map, log, **options))]
pub(crate) fn path_coverage<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: &EventLog,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    to_py(py, &run(py, || core::path_coverage(&map.0, &log.0, &options))?)
}
