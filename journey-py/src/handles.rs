//! What crosses the border as a handle: logs and maps.
#![expect(clippy::redundant_closure_for_method_calls, reason = "a method by its name is of a reader of one lifetime")]

use std::io::Cursor;
use std::path::PathBuf;

use journey_core as core;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyType};

use crate::convert::{Source, argument, map, options, picture, read, report, run, to_py};
use crate::tables::{Table, batches};

/// A map as it is drawn when nothing else is asked for.
fn drawn(py: Python<'_>, map: &core::JourneyMap) -> PyResult<String> {
    run(py, || core::render_map(map, &core::MapReports::default(), &core::RenderMapOptions::default()))
}

/// Reads a log from bytes or a path.
fn read_log(
    py: Python<'_>,
    source: Source,
    progress: Option<&Bound<'_, PyAny>>,
    options: Option<&Bound<'_, PyDict>>,
    content: impl FnOnce(core::LogReader<'_>, &[u8]) -> core::Result<core::EventLog> + Send,
    path: impl FnOnce(core::LogReader<'_>, PathBuf) -> core::Result<core::EventLog> + Send,
) -> PyResult<EventLog> {
    let options = self::options(options)?;
    read(py, progress, |watch| {
        let reader = core::LogReader::new(&options).on_progress(watch);
        match source {
            Source::Content(bytes) => content(reader.total_bytes(bytes.len() as u64), &bytes),
            Source::Path(file) => path(reader, file),
        }
    })
    .map(EventLog)
}

/// Events of customers, grouped into journeys, in the order of time.
///
/// It is made of a table: a data frame or anything else that speaks Arrow, a list of dicts, a dict of lists, or a file as
/// `read` takes it. Keywords are those of `ReadOptions`. A log never changes: what selects or renames gives another one, and
/// several threads may ask questions of it at once. `len(log)` is how many events there are.
#[doc = options_of!(ReadOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> rows = [
///     ...     {"customer": "ann", "page": "visit", "at": "2024-05-01 10:00"},
///     ...     {"customer": "ann", "page": "pay", "at": "2024-05-01 10:05"},
///     ... ]
///     >>> log = journey.EventLog(rows, journey="customer", touchpoint="page", time="at")
///     >>> log
///     EventLog(2 events of 1 journeys)
///     >>> log.to_arrow()
///     Table(2 rows: journey, touchpoint, time)
#[pyclass(frozen, module = "journey")]
pub(crate) struct EventLog(pub(crate) core::EventLog);

#[pymethods]
impl EventLog {
    // What is said of the class is what `help` shows.
    #[new]
    #[pyo3(signature = (table, *, progress = None, **options))]
    fn new(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        progress: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        if let Ok(source) = table.extract() {
            return read_log(
                py,
                source,
                progress,
                options,
                |reader, bytes| reader.any(bytes),
                |reader, path| reader.path(path),
            );
        }
        let options: core::ReadOptions = self::options(options)?;
        let mut batches = batches(table, options.columns())?;
        let log = read(py, progress, |watch| core::LogReader::new(&options).on_progress(watch).arrow(&mut batches));
        log.map(Self).map_err(|error| batches.explain(py, error))
    }

    /// Reads a log of any format that is known by its content: a path, or the bytes of the file.
    #[doc = options_of!(ReadOptions)]
    #[classmethod]
    #[pyo3(signature = (source, *, progress = None, **options))]
    fn read(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        source: Source,
        progress: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        read_log(py, source, progress, options, |reader, bytes| reader.any(bytes), |reader, path| reader.path(path))
    }

    /// Reads a log from CSV, plain or compressed: a path, or the bytes of the file. Keywords are those of `ReadOptions`.
    #[doc = options_of!(ReadOptions)]
    #[classmethod]
    #[pyo3(signature = (source, *, progress = None, **options))]
    fn from_csv(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        source: Source,
        progress: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        read_log(py, source, progress, options, |reader, bytes| reader.csv(bytes), |reader, path| reader.csv_path(path))
    }

    /// Reads a log from NDJSON, one object on each line, plain or compressed: a path, or the bytes of the file.
    #[doc = options_of!(ReadOptions)]
    #[classmethod]
    #[pyo3(signature = (source, *, progress = None, **options))]
    fn from_ndjson(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        source: Source,
        progress: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        read_log(
            py,
            source,
            progress,
            options,
            |reader, bytes| reader.ndjson(bytes),
            |reader, path| reader.ndjson_path(path),
        )
    }

    /// Reads a log from XES, plain or compressed: a path, or the bytes of the file.
    #[doc = options_of!(ReadOptions)]
    #[classmethod]
    #[pyo3(signature = (source, *, progress = None, **options))]
    fn from_xes(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        source: Source,
        progress: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        read_log(py, source, progress, options, |reader, bytes| reader.xes(bytes), |reader, path| reader.xes_path(path))
    }

    /// Reads a log from Parquet: a path, or the bytes of the file. Only the columns that are asked for are read.
    #[doc = options_of!(ReadOptions)]
    #[classmethod]
    #[pyo3(signature = (source, *, progress = None, **options))]
    fn from_parquet(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        source: Source,
        progress: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        read_log(
            py,
            source,
            progress,
            options,
            |reader, bytes| reader.parquet(Cursor::new(bytes)),
            |reader, path| reader.parquet_path(path),
        )
    }

    /// Reads a log from a file or stream of Arrow's own format (IPC, Feather 2): a path, or the bytes of the file.
    #[doc = options_of!(ReadOptions)]
    #[classmethod]
    #[pyo3(signature = (source, *, progress = None, **options))]
    fn from_arrow(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        source: Source,
        progress: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        read_log(
            py,
            source,
            progress,
            options,
            |reader, bytes| reader.arrow_ipc(bytes),
            |reader, path| reader.arrow_ipc_path(path),
        )
    }

    /// The log as a table: a row for each event, with its journey, touchpoint and what else is known of it.
    fn to_arrow(&self, py: Python<'_>) -> PyResult<Table> {
        run(py, || core::to_arrow(&self.0)).map(Table)
    }

    /// The log as a Parquet file.
    fn to_parquet<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let mut out = Vec::new();
        run(py, || core::write_parquet(&self.0, &mut out))?;
        Ok(PyBytes::new(py, &out))
    }

    /// The log as CSV. Keywords are those of `WriteOptions`.
    #[doc = options_of!(WriteOptions)]
    #[pyo3(signature = (**options))]
    fn to_csv<'py>(&self, py: Python<'py>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyBytes>> {
        let options = self::options(options)?;
        let mut out = Vec::new();
        run(py, || core::write_csv(&self.0, &mut out, &options))?;
        Ok(PyBytes::new(py, &out))
    }

    /// The log as NDJSON. Keywords are those of `WriteOptions`.
    #[doc = options_of!(WriteOptions)]
    #[pyo3(signature = (**options))]
    fn to_ndjson<'py>(&self, py: Python<'py>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyBytes>> {
        let options = self::options(options)?;
        let mut out = Vec::new();
        run(py, || core::write_ndjson(&self.0, &mut out, &options))?;
        Ok(PyBytes::new(py, &out))
    }

    /// The log as XES. Keywords are those of `WriteOptions`.
    #[doc = options_of!(WriteOptions)]
    #[pyo3(signature = (**options))]
    fn to_xes<'py>(&self, py: Python<'py>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyBytes>> {
        let options = self::options(options)?;
        let mut out = Vec::new();
        run(py, || core::write_xes(&self.0, &mut out, &options))?;
        Ok(PyBytes::new(py, &out))
    }

    /// Writes the log as a file in the format that the end of its name says, such as `.csv`, `.ndjson.gz` or `.xes`.
    ///
    /// Keywords are those of `WriteOptions`.
    #[doc = options_of!(WriteOptions)]
    #[pyo3(signature = (path, **options))]
    fn to_path(&self, py: Python<'_>, path: PathBuf, options: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        let options = self::options(options)?;
        run(py, || core::write_path(&self.0, path, &options))
    }

    /// Reads a log from aggregated paths in CSV, plain or gzip: a path of a file, or its bytes.
    ///
    /// Keywords are those of `PathsOptions`.
    #[doc = options_of!(PathsOptions)]
    #[classmethod]
    #[pyo3(signature = (source, **options))]
    fn from_paths(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        source: Source,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let options = self::options(options)?;
        run(py, || match source {
            Source::Content(bytes) => core::read_paths(&*bytes, &options),
            Source::Path(path) => core::read_paths_path(path, &options),
        })
        .map(Self)
    }

    /// The events that meet every condition, as a log of its own. Keywords are those of `SelectOptions`.
    #[doc = options_of!(SelectOptions)]
    #[pyo3(signature = (**options))]
    fn select(&self, py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let options = self::options(options)?;
        run(py, || self.0.select(&options)).map(Self)
    }

    /// The journeys that meet every condition, with all their events, as a log of its own.
    ///
    /// Keywords are those of `JourneyMatch`.
    #[doc = options_of!(JourneyMatch)]
    #[pyo3(signature = (**journeys))]
    fn select_journeys(&self, py: Python<'_>, journeys: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let journeys = self::options(journeys)?;
        run(py, || self.0.select_journeys(&journeys)).map(Self)
    }

    /// The same log with a new attribute that says of every event whether its journey meets every condition.
    ///
    /// The conditions are a `JourneyMatch`, keywords those of `MarkOptions`.
    #[pyo3(signature = (name, journeys, **options))]
    fn mark(
        &self,
        py: Python<'_>,
        name: &str,
        journeys: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let (journeys, options) = (argument(journeys, "journeys")?, self::options(options)?);
        run(py, || self.0.mark(name, &journeys, &options)).map(Self)
    }

    /// The same events, each journey cut into sessions: a new one begins where nothing happens for longer than `gap`.
    ///
    /// Keywords are those of `SplitSessionsOptions`.
    #[doc = options_of!(SplitSessionsOptions)]
    #[pyo3(signature = (gap, **options))]
    fn split_sessions(
        &self,
        py: Python<'_>,
        gap: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let (gap, options) = (argument(gap, "gap")?, self::options(options)?);
        run(py, || self.0.split_sessions(gap, &options)).map(Self)
    }

    /// The log with each run of events at the same touchpoint, one after the other in a journey, as one event.
    fn collapse_repeats(&self, py: Python<'_>) -> PyResult<Self> {
        run(py, || self.0.collapse_repeats()).map(Self)
    }

    /// The same log with other names for touchpoints; several that get one name become one touchpoint.
    fn rename(&self, py: Python<'_>, names: &Bound<'_, PyAny>) -> PyResult<Self> {
        let names = argument(names, "names")?;
        run(py, || self.0.rename(&names)).map(Self)
    }

    /// The same log in the touchpoints of a map: each event has the id of the first one with a rule that it meets.
    ///
    /// Keywords are those of `WithMapOptions`.
    #[doc = options_of!(WithMapOptions)]
    #[pyo3(signature = (map, **options))]
    fn with_map(&self, py: Python<'_>, map: &JourneyMap, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let options = self::options(options)?;
        run(py, || self.0.with_map(&map.0, &options)).map(Self)
    }

    /// The same log whose events carry what customers answered about them, apart from the events' own scores.
    ///
    /// Keywords are those of `WithFeedbackOptions`.
    #[doc = options_of!(WithFeedbackOptions)]
    #[pyo3(signature = (feedback, **options))]
    fn with_feedback(
        &self,
        py: Python<'_>,
        feedback: &Feedback,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let options = self::options(options)?;
        run(py, || self.0.with_feedback(&feedback.0, &options)).map(Self)
    }

    /// How many journeys there are, each once, however many customers it stands for.
    #[getter]
    fn journey_count(&self) -> usize {
        self.0.journey_count()
    }

    /// How many customers the journeys stand for together: as many as there are journeys, where none stands for more.
    #[getter]
    fn customers(&self) -> u64 {
        self.0.customers()
    }

    /// Whether events have times; if not, they stand in the order of the input.
    #[getter]
    fn has_times(&self) -> bool {
        self.0.has_times()
    }

    /// Names of the touchpoints, in byte order; after `select` some may have no event.
    #[getter]
    fn touchpoints(&self) -> Vec<&str> {
        self.0.touchpoints().iter().collect()
    }

    /// Names of the channels, in byte order; after `select` some may have no event.
    #[getter]
    fn channels(&self) -> Vec<&str> {
        self.0.channels().iter().collect()
    }

    /// Names of the attributes that events carry.
    #[getter]
    fn attributes(&self) -> Vec<&str> {
        self.0.attributes().collect()
    }

    // A log cannot be changed, so a copy of it is the log itself.
    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    /// How many events there are.
    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __repr__(&self) -> String {
        format!("EventLog({} events of {} journeys)", self.0.len(), self.0.journey_count())
    }
}

/// Answers of customers: surveys, ratings, what they wrote.
#[pyclass(frozen, module = "journey")]
pub(crate) struct Feedback(pub(crate) core::Feedback);

#[pymethods]
impl Feedback {
    /// Reads answers from CSV, plain or gzip: a path, or the bytes of the file. Keywords are those of `FeedbackOptions`.
    #[doc = options_of!(FeedbackOptions)]
    #[classmethod]
    #[pyo3(signature = (source, **options))]
    fn from_csv(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        source: Source,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let options = self::options(options)?;
        run(py, || match source {
            Source::Content(bytes) => core::read_feedback(&*bytes, &options),
            Source::Path(path) => core::read_feedback_path(path, &options),
        })
        .map(Self)
    }

    // Feedback cannot be changed, so a copy of it is the feedback itself.
    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    /// How many answers there are.
    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __repr__(&self) -> String {
        format!("Feedback({} answers)", self.0.len())
    }
}

/// A customer journey map: a graph of touchpoints and the transitions between them, in stages.
#[pyclass(frozen, eq, module = "journey")]
#[derive(PartialEq)]
pub(crate) struct JourneyMap(pub(crate) core::JourneyMap);

#[pymethods]
impl JourneyMap {
    /// Reads a map from JSON text.
    #[classmethod]
    fn from_json(_class: &Bound<'_, PyType>, py: Python<'_>, text: &str) -> PyResult<Self> {
        run(py, || core::JourneyMap::from_json(text)).map(Self)
    }

    /// Reads a map from YAML text.
    #[classmethod]
    fn from_yaml(_class: &Bound<'_, PyType>, py: Python<'_>, text: &str) -> PyResult<Self> {
        run(py, || core::JourneyMap::from_yaml(text)).map(Self)
    }

    /// Makes a map from its data.
    #[classmethod]
    fn from_data(_class: &Bound<'_, PyType>, data: &Bound<'_, PyAny>) -> PyResult<Self> {
        map(data).map(Self)
    }

    /// The map as JSON text, indented; the same map gives the same text.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// The map as YAML text; the same map gives the same text.
    fn to_yaml(&self) -> String {
        self.0.to_yaml()
    }

    /// Reads a map from a Mermaid `journey` diagram.
    #[classmethod]
    fn from_mermaid(_class: &Bound<'_, PyType>, py: Python<'_>, text: &str) -> PyResult<Self> {
        run(py, || core::JourneyMap::from_mermaid(text)).map(Self)
    }

    /// The map as a Mermaid `journey` diagram, and what that cannot hold.
    fn to_mermaid<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_py(py, &self.0.to_mermaid())
    }

    /// The map as a graph in DOT, for Graphviz.
    fn to_dot(&self) -> String {
        self.0.to_dot()
    }

    /// A starter map of this kind as YAML text, with comments.
    #[staticmethod]
    fn template(py: Python<'_>, kind: &str) -> PyResult<String> {
        run(py, || kind.parse().map(core::MapData::template))
    }

    /// The map with the changes of a `diff` made.
    fn apply(&self, py: Python<'_>, diff: &Bound<'_, PyAny>) -> PyResult<Self> {
        let diff: core::MapDiff = report(diff)?;
        run(py, || diff.apply(&self.0)).map(Self)
    }

    /// The line of a map file on which a path stands, such as the place of a finding of `lint`.
    #[staticmethod]
    fn line_of(text: &str, place: &str) -> Option<u64> {
        core::JourneyMap::line_of(text, place)
    }

    /// The data of the map, as dicts and lists.
    fn to_data<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_py(py, &self.0.to_data())
    }

    /// What the map is called.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// The map as a picture, which a notebook draws.
    fn _repr_svg_(&self, py: Python<'_>) -> PyResult<String> {
        drawn(py, &self.0)
    }

    /// The same, as a page shows it: what is wider than the page can be scrolled.
    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        picture(py, &drawn(py, &self.0)?)?.call_method0("_repr_html_")
    }

    /// Writes the map as a picture to a file, whose name ends in `.svg` or `.html`.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        picture(py, &drawn(py, &self.0)?)?.call_method1("save", (path,)).map(drop)
    }

    /// Shows the map as a picture: below the cell of a notebook, elsewhere in the browser.
    fn show(&self, py: Python<'_>) -> PyResult<()> {
        picture(py, &drawn(py, &self.0)?)?.call_method0("show").map(drop)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.get_type::<Self>().getattr("from_json")?, (self.to_json(),)))
    }

    fn __repr__(&self) -> String {
        let graph = self.0.graph();
        let (touchpoints, transitions) = (graph.node_count(), graph.edge_count());
        format!("JourneyMap({:?}, {touchpoints} touchpoints, {transitions} transitions)", self.0.name())
    }
}
