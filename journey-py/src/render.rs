//! The pictures: each converts its arguments, calls the function of the same name in the core, and hands the picture over.

use journey_core as core;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert::{optional_report, options, page, picture, report, run};
use crate::handles::JourneyMap;

/// Draw a map with what reports say of it, as SVG.
///
/// `reports` is `MapReports`, keywords are those of `RenderMapOptions`; the result is a text that notebooks draw.
#[doc = options_of!(RenderMapOptions)]
#[pyfunction]
#[pyo3(signature = (map, reports=None, **options))]
pub(crate) fn render_map<'py>(
    py: Python<'py>,
    map: &JourneyMap,
    reports: Option<&Bound<'py, PyAny>>,
    options: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (reports, options) = (optional_report(reports)?, self::options(options)?);
    picture(py, &run(py, || core::render_map(&map.0, &reports, &options))?)
}

/// Write a report as one HTML page that holds everything it needs: no script, nothing from the network.
///
/// The report is that of `report`; with its map, that is drawn with what was measured. Keywords are those of
/// `RenderReportOptions`; the result is a text that notebooks show as a page.
#[doc = options_of!(RenderReportOptions)]
#[pyfunction]
#[pyo3(signature = (report, map=None, **options))]
pub(crate) fn render_report<'py>(
    py: Python<'py>,
    report: &Bound<'_, PyAny>,
    map: Option<&JourneyMap>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (report, options): (core::JourneyReport, _) = (self::report(report)?, self::options(options)?);
    page(py, &run(py, || core::render_report(&report, map.map(|map| &map.0), &options))?)
}
