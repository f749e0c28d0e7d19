//! Questions about maps, and about maps and logs.

use journey_core as core;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert::{later, options, run, to_py, told};
use crate::handles::{EventLog, JourneyMap};

/// Say what is wrong with a map: nobody it belongs to, scores without evidence, ways that lead nowhere.
///
/// Keywords are those of `LintOptions`; the result is `LintReport`.
#[doc = question_options!(LintOptions)]
#[pyfunction]
#[pyo3(signature = (map, log=None, *, progress=None, **options))]
pub(crate) fn lint<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: Option<&EventLog>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::lint(&map.0, log.map(|log| &log.0), &options))?)
}

/// Say what is different between two maps, or two versions of one.
///
/// The result is `MapDiff`.
#[pyfunction]
pub(crate) fn diff<'py>(py: Python<'py>, before: &JourneyMap, after: &JourneyMap) -> PyResult<Bound<'py, PyAny>> {
    to_py(py, &run(py, || Ok(core::diff(&before.0, &after.0)))?)
}

/// Say which events of a log are on a map, by the rules of its touchpoints, and which are not.
///
/// Keywords are those of `MatchOptions`; the result is `MatchReport`.
#[doc = question_options!(MatchOptions)]
#[pyfunction]
#[pyo3(signature = (map, log, *, progress=None, **options))]
pub(crate) fn match_events<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::match_events(&map.0, &log.0, &options))?)
}

/// Compare a map with what customers did: what of the map is used, what of the data is on the map.
///
/// Keywords are those of `PathCoverageOptions`; the result is `PathCoverage`.
#[doc = question_options!(PathCoverageOptions)]
#[pyfunction]
#[pyo3(signature = (map, log, *, progress=None, **options))]
pub(crate) fn path_coverage<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::path_coverage(&map.0, &log.0, &options))?)
}

/// Align each path of the customers with the map: which steps follow it, which do not, which are left out.
///
/// Keywords are those of `AlignOptions`; the result is `Alignments`.
#[doc = question_options!(AlignOptions)]
#[pyfunction]
#[pyo3(signature = (map, log, *, progress=None, **options))]
pub(crate) fn align<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::align(&map.0, &log.0, &options))?)
}

/// Say how well the map explains what customers did, from 0 to 1.
///
/// Keywords are those of `FitnessOptions`; the result is `Fitness`.
#[doc = question_options!(FitnessOptions)]
#[pyfunction]
#[pyo3(signature = (map, log, *, progress=None, **options))]
pub(crate) fn fitness<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::fitness(&map.0, &log.0, &options))?)
}

/// Say how much of what the map allows customers ever do, from 0 to 1.
///
/// Keywords are those of `PrecisionOptions`; the result is `Precision`.
#[doc = question_options!(PrecisionOptions)]
#[pyfunction]
#[pyo3(signature = (map, log, *, progress=None, **options))]
pub(crate) fn precision<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::precision(&map.0, &log.0, &options))?)
}

/// Find where customers leave the map, and what conversion goes with it.
///
/// Keywords are those of `DeviationOptions`; the result is `Deviations`.
#[doc = question_options!(DeviationOptions)]
#[pyfunction]
#[pyo3(signature = (map, log, *, progress=None, **options))]
pub(crate) fn deviations<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::deviations(&map.0, &log.0, &options))?)
}

/// Ask everything of a log, and of a map if there is one, and say which findings matter most.
///
/// Keywords are those of `ReportOptions`; the result is `JourneyReport`, which `render_report` writes as a page.
#[doc = question_options!(ReportOptions)]
#[pyfunction]
#[pyo3(signature = (log, map=None, *, progress=None, **options))]
pub(crate) fn report<'py>(
    py: Python<'py>,
    log: &EventLog,
    map: Option<&JourneyMap>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::report(map.map(|map| &map.0), &log.0, &options))?)
}
