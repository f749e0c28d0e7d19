//! Questions about what customers felt and said.

use journey_core as core;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert::{later, options, told};
use crate::handles::{EventLog, Feedback, JourneyMap};

/// Draw the emotion curve of a map: expected scores from the map, measured ones from a log.
///
/// Keywords are those of `EmotionOptions`; the result is `EmotionCurve`.
#[doc = question_options!(EmotionOptions)]
#[pyfunction]
#[pyo3(signature = (map, log=None, *, progress=None, **options))]
pub(crate) fn emotion_curve<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: Option<&EventLog>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::emotion_curve(&map.0, log.map(|log| &log.0), &options))?)
}

/// Find where the emotion curve of a map dips.
///
/// Keywords are those of `EmotionOptions`; the result is `EmotionDips`.
#[doc = question_options!(EmotionOptions)]
#[pyfunction]
#[pyo3(signature = (map, log=None, *, progress=None, **options))]
pub(crate) fn emotion_dips<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    log: Option<&EventLog>,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::emotion_dips(&map.0, log.map(|log| &log.0), &options))?)
}

/// Say how customers remember their journeys: by peak and end.
///
/// Keywords are those of `PeakEndOptions`; the result is `PeakEnd`.
#[doc = question_options!(PeakEndOptions)]
#[pyfunction]
#[pyo3(signature = (log, *, progress=None, **options))]
pub(crate) fn peak_end_score<'py>(
    py: Python<'py>,
    log: &EventLog,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::peak_end_score(&log.0, &options))?)
}

/// Say how satisfied customers are by their own account: NPS, CSAT and CES, overall and for each group.
///
/// Keywords are those of `SatisfactionOptions`; the result is `Satisfaction`.
#[doc = question_options!(SatisfactionOptions)]
#[pyfunction]
#[pyo3(signature = (log, feedback, *, progress=None, **options))]
pub(crate) fn satisfaction<'py>(
    py: Python<'py>,
    log: &EventLog,
    feedback: &Feedback,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::satisfaction(&log.0, &feedback.0, &options))?)
}

/// Say which answers belong to a visit in the log, and why the others do not.
///
/// Keywords are those of `MatchFeedbackOptions`; the result is `FeedbackMatches`.
#[doc = question_options!(MatchFeedbackOptions)]
#[pyfunction]
#[pyo3(signature = (log, feedback, *, progress=None, **options))]
pub(crate) fn match_feedback<'py>(
    py: Python<'py>,
    log: &EventLog,
    feedback: &Feedback,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = self::options(options)?;
    later(py, told(py, progress, || core::match_feedback(&log.0, &feedback.0, &options))?)
}
