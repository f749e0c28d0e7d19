//! Pictures of reports: each reads the report that is handed in again, and calls the function of the same name in the core.

use journey_core as core;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert::{options, picture, report, run};
use crate::handles::JourneyMap;

/// Draw what customers did as a graph, as SVG: touchpoints, and the transitions between them.
///
/// The report is that of `transitions`; with a map, its stages are columns. Keywords are those of `RenderFlowOptions`.
#[doc = options_of!(RenderFlowOptions)]
#[pyfunction]
#[pyo3(signature = (report, map=None, **options))]
pub(crate) fn render_flow<'py>(
    py: Python<'py>,
    report: &Bound<'_, PyAny>,
    map: Option<&JourneyMap>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (report, options): (core::Transitions, _) = (self::report(report)?, self::options(options)?);
    picture(py, &run(py, || core::render_flow(&report, map.map(|map| &map.0), &options))?)
}

/// Draw how journeys flow from step to step as a Sankey diagram, as SVG.
///
/// The report is that of `step_flow`. Keywords are those of `RenderStepFlowOptions`.
#[doc = options_of!(RenderStepFlowOptions)]
#[pyfunction]
#[pyo3(signature = (report, **options))]
pub(crate) fn render_step_flow<'py>(
    py: Python<'py>,
    report: &Bound<'_, PyAny>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (report, options): (core::StepFlow, _) = (self::report(report)?, self::options(options)?);
    picture(py, &run(py, || core::render_step_flow(&report, &options))?)
}

/// Draw a step matrix as a heat map, as SVG; of two groups, how far they differ.
///
/// The report is that of `step_matrix`. Keywords are those of `RenderStepMatrixOptions`.
#[doc = options_of!(RenderStepMatrixOptions)]
#[pyfunction]
#[pyo3(signature = (report, **options))]
pub(crate) fn render_step_matrix<'py>(
    py: Python<'py>,
    report: &Bound<'_, PyAny>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (report, options): (core::StepMatrix, _) = (self::report(report)?, self::options(options)?);
    picture(py, &run(py, || core::render_step_matrix(&report, &options))?)
}

/// Draw a funnel as SVG: its steps from zero, how many go on, and how groups do.
///
/// The report is that of `funnel`. Keywords are those of `RenderFunnelOptions`.
#[doc = options_of!(RenderFunnelOptions)]
#[pyfunction]
#[pyo3(signature = (report, **options))]
pub(crate) fn render_funnel<'py>(
    py: Python<'py>,
    report: &Bound<'_, PyAny>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (report, options): (core::Funnel, _) = (self::report(report)?, self::options(options)?);
    picture(py, &run(py, || core::render_funnel(&report, &options))?)
}

/// Draw how long transitions or touchpoints take, as SVG: the range of times, their quantiles and their mean.
///
/// The report is that of `bottlenecks`; with that of `summary`, the throughput time of journeys stands above. Keywords are
/// those of `RenderTimesOptions`.
#[pyfunction]
#[pyo3(signature = (report, summary=None, **options))]
pub(crate) fn render_times<'py>(
    py: Python<'py>,
    report: &Bound<'_, PyAny>,
    summary: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (report, options): (core::Bottlenecks, _) = (self::report(report)?, self::options(options)?);
    let summary: Option<core::Summary> = summary.map(self::report).transpose()?;
    picture(py, &run(py, || core::render_times(&report, summary.as_ref(), &options))?)
}

/// Draw how two groups differ, as SVG: each difference with its interval and the verdict of its test.
///
/// The report is that of `compare` or `compare_groups`. Keywords are those of `RenderComparisonOptions`.
#[doc = options_of!(RenderComparisonOptions)]
#[pyfunction]
#[pyo3(signature = (report, **options))]
pub(crate) fn render_comparison<'py>(
    py: Python<'py>,
    report: &Bound<'_, PyAny>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (report, options): (core::Comparison, _) = (self::report(report)?, self::options(options)?);
    picture(py, &run(py, || core::render_comparison(&report, &options))?)
}
