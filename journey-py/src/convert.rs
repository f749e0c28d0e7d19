//! The only place where Rust values become Python values, and back.

use std::any::{Any, type_name};
use std::error::Error as _;
use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Instant;

use journey_core::{
    Error, ErrorKind, FunnelStep, JourneyMap, Progress, argument_from_json, list_from_json, options_from_json,
};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyMapping, PySequence, PyString};
use pyo3::{IntoPyObject, IntoPyObjectExt};
use pythonize::{PythonizeListType, PythonizeMappingType, PythonizeNamedMappingType, PythonizeTypes, Pythonizer};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::watch::{Outcome, PAUSE, watched};

/// Runs work of the core without holding Python's lock, and raises what goes wrong. Ctrl-C breaks it off, and where somebody
/// looks, a bar says how far it has come.
pub(crate) fn run<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error> + Send) -> PyResult<T> {
    told(py, None, work)
}

/// As [`run`]; a function is called with the steps that are done and all steps of the pass that is under way. What else
/// `progress` can be, `journey._progress` says. What is raised there ends the work and is raised here.
pub(crate) fn told<T: Send>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<T> {
    let told = py.import(intern!(py, "journey._progress"))?.call_method1(intern!(py, "answering"), (progress,))?;
    let told = (!told.is_none()).then(|| told.unbind());
    let (outcome, raised) = py.detach(|| watched(work, told.as_ref()));
    raised.map_or_else(|| raised_of(py, outcome), Err)
}

/// Runs work that looks after Ctrl-C and progress itself.
fn run_here<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error> + Send) -> PyResult<T> {
    let outcome = py.detach(|| catch_unwind(AssertUnwindSafe(work)));
    raised_of(py, outcome)
}

/// The result, or the exception for what went wrong.
fn raised_of<T>(py: Python<'_>, outcome: Outcome<T>) -> PyResult<T> {
    match outcome {
        Ok(result) => result.map_err(|error| raise(py, &error)),
        Err(panic) => Err(internal(py, panic.as_ref())),
    }
}

/// Reads without holding Python's lock; takes it now and then to see whether Ctrl-C was pressed and to tell the progress:
/// a function is called with the bytes that have been read, all bytes and the events; what else `progress` can be,
/// `journey._progress` says. What is raised there ends the reading and is raised here.
pub(crate) fn read<T: Send>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    read: impl FnOnce(&mut (dyn FnMut(&Progress) -> ControlFlow<()> + Send)) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let watcher = py.import(intern!(py, "journey._progress"))?.call_method1(intern!(py, "reading"), (progress,))?;
    let progress = (!watcher.is_none()).then(|| watcher.clone().unbind());
    let tell = |py: Python<'_>, now: &Progress| match &progress {
        Some(progress) => progress.call1(py, (now.bytes, now.total_bytes, now.events)).map(drop),
        None => Ok(()),
    };
    let (mut raised, mut last) = (None, None);
    let mut told = Instant::now();
    let result = run_here(py, || {
        read(&mut |now| {
            last = Some(*now);
            if told.elapsed() < PAUSE {
                return ControlFlow::Continue(());
            }
            let answer = Python::attach(|py| py.check_signals().and_then(|()| tell(py, now)));
            told = Instant::now();
            last = None;
            match answer {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    raised = Some(error);
                    ControlFlow::Break(())
                }
            }
        })
    });
    if let (Ok(_), Some(last)) = (&result, &last) {
        tell(py, last)?;
    }
    if progress.is_some() {
        watcher.call_method0(intern!(py, "close"))?;
    }
    raised.map_or(result, Err)
}

/// Turns a report into the frozen dataclass of the same name, and data of a map into a dict.
pub(crate) fn to_py<'py>(py: Python<'py>, report: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    Ok(inner(report.serialize(Pythonizer::custom::<Reports>(py))?))
}

type Make = dyn Fn(Python<'_>) -> PyResult<Py<PyAny>> + Send + Sync;

/// What a report is made of when it is first looked at.
#[pyclass(frozen)]
struct Pending {
    make: Box<Make>,
    made: PyOnceLock<Py<PyAny>>,
}

#[pymethods]
impl Pending {
    /// The report with all of its fields.
    fn report(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.made.get_or_try_init(py, || (self.make)(py)).map(|made| made.clone_ref(py))
    }
}

/// A report of the class of its name, whose fields become objects of Python when one of them is first looked at: most
/// callers look at a few figures, or hand on the rows as a table.
pub(crate) fn later<T: Serialize + Send + Sync + 'static>(py: Python<'_>, report: T) -> PyResult<Bound<'_, PyAny>> {
    let name = type_name::<T>().rsplit("::").next().unwrap_or_default();
    let class = py.import(intern!(py, "journey._types"))?.getattr(name)?;
    let make = move |py: Python<'_>| to_py(py, &report).map(Bound::unbind);
    class.call_method1(intern!(py, "_later"), (Pending { make: Box::new(make), made: PyOnceLock::new() },))
}

/// Reads keyword arguments into an options struct; a missing one keeps its default.
pub(crate) fn options<T: DeserializeOwned + Default>(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<T> {
    let Some(keywords) = keywords else { return Ok(T::default()) };
    let text = json(keywords, ErrorKind::InvalidOption)?;
    options_from_json(&text).map_err(|error| raise(keywords.py(), &error))
}

/// Reads the steps of a funnel.
pub(crate) fn steps(steps: &Bound<'_, PyAny>) -> PyResult<Vec<FunnelStep>> {
    let text = json(steps, ErrorKind::InvalidOption)?;
    list_from_json("steps", &text).map_err(|error| raise(steps.py(), &error))
}

/// Reads an argument that is no option.
pub(crate) fn argument<T: DeserializeOwned>(value: &Bound<'_, PyAny>, name: &str) -> PyResult<T> {
    let text = json(value, ErrorKind::InvalidOption)?;
    argument_from_json(name, &text).map_err(|error| raise(value.py(), &error))
}

/// Reads a report that is handed in again.
pub(crate) fn report<T: DeserializeOwned>(report: &Bound<'_, PyAny>) -> PyResult<T> {
    options_from_json(&json(report, ErrorKind::InvalidOption)?).map_err(|error| raise(report.py(), &error))
}

/// Reads reports that are handed in again, if there are any.
pub(crate) fn optional_report<T: DeserializeOwned + Default>(reports: Option<&Bound<'_, PyAny>>) -> PyResult<T> {
    reports.map_or_else(|| Ok(T::default()), report)
}

/// Turns SVG into the text that notebooks draw.
pub(crate) fn picture<'py>(py: Python<'py>, svg: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "journey._picture"))?.getattr(intern!(py, "Picture"))?.call1((svg,))
}

/// Turns HTML into the text that notebooks show as a page.
pub(crate) fn page<'py>(py: Python<'py>, html: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "journey._picture"))?.getattr(intern!(py, "Page"))?.call1((html,))
}

/// Reads the data of a map.
pub(crate) fn map(data: &Bound<'_, PyAny>) -> PyResult<JourneyMap> {
    let py = data.py();
    let text = json(data, ErrorKind::InvalidMap)?;
    let value = serde_json::from_str(&text)
        .map_err(|error| exception(py, ErrorKind::InvalidMap.code(), &error.to_string(), |_| Ok(())))?;
    JourneyMap::from_json_value(&value).map_err(|error| raise(py, &error))
}

/// The value as JSON. Read directly, a text would pass for a list of its letters.
fn json(value: &Bound<'_, PyAny>, kind: ErrorKind) -> PyResult<String> {
    value.py().import(intern!(value.py(), "journey._json"))?.call_method1("dumps", (value, kind.code()))?.extract()
}

/// The content of a file or its path.
pub(crate) enum Source {
    Content(PyBackedBytes),
    Path(PathBuf),
}

impl<'py> FromPyObject<'_, 'py> for Source {
    type Error = PyErr;

    fn extract(source: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(content) = source.extract() {
            return Ok(Self::Content(content));
        }
        source.extract().map(Self::Path).map_err(|_| {
            let given = source.get_type().name().map_or_else(|_| "something else".into(), |name| name.to_string());
            PyTypeError::new_err(format!(
                "expected the path of a file or its bytes, got {given}; the bytes of a data frame are \
                 `df.to_csv(index=False).encode()`"
            ))
        })
    }
}

/// The exception that matches the error's kind, with its place.
fn raise(py: Python<'_>, error: &Error) -> PyErr {
    let place = error.location();
    exception(py, error.kind().code(), &error.to_string(), |attributes| {
        attributes.set_item("file", &place.file)?;
        attributes.set_item("line", place.line)?;
        attributes.set_item("column", place.column)?;
        attributes.set_item("record", place.record)?;
        attributes.set_item("field", &place.field)?;
        let system = error.source().and_then(|source| source.downcast_ref::<io::Error>());
        attributes.set_item("errno", system.and_then(io::Error::raw_os_error))
    })
}

/// The exception about a state, for what the core is not asked.
pub(crate) fn invalid_state(py: Python<'_>, message: &str) -> PyErr {
    exception(py, ErrorKind::InvalidState.code(), message, |_| Ok(()))
}

/// A panic is a bug of ours; it is raised as an exception that `except Exception` catches.
fn internal(py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    exception(py, "internal", &format!("a bug in journey, please report it: {text}"), |_| Ok(()))
}

fn exception(
    py: Python<'_>,
    code: &str,
    message: &str,
    place: impl FnOnce(&Bound<'_, PyDict>) -> PyResult<()>,
) -> PyErr {
    let attributes = PyDict::new(py);
    place(&attributes)
        .and_then(|()| py.import(intern!(py, "journey._errors")))
        .and_then(|errors| errors.call_method(intern!(py, "make"), (code, message), Some(&attributes)))
        .map_or_else(|error| error, PyErr::from_value)
}

struct Reports;

impl PythonizeTypes for Reports {
    type Map = Items;
    type NamedMap = Record;
    type List = Items;
}

/// The key under which a report, or a part of one, stands on its way into what it is a part of. The builders hand on
/// mappings, which reports are not: what takes mappings for dicts of columns, as polars does, would not take them for tables.
#[pyclass(frozen)]
struct Built;

/// The value, or what was built.
fn inner(value: Bound<'_, PyAny>) -> Bound<'_, PyAny> {
    let built =
        value.cast::<PyDict>().ok().and_then(|dict| dict.get_item(value.py().get_type::<Built>()).ok().flatten());
    built.unwrap_or(value)
}

struct Items;

impl PythonizeListType for Items {
    fn create_sequence<'py, T, U>(
        py: Python<'py>,
        elements: impl IntoIterator<Item = T, IntoIter = U>,
    ) -> PyResult<Bound<'py, PySequence>>
    where
        T: IntoPyObject<'py>,
        U: ExactSizeIterator<Item = T>,
    {
        let items = elements.into_iter().map(|item| item.into_bound_py_any(py).map(inner));
        Ok(PyList::new(py, items.collect::<PyResult<Vec<_>>>()?)?.into_sequence())
    }
}

impl PythonizeMappingType for Items {
    type Builder<'py> = Bound<'py, PyDict>;

    fn builder(py: Python<'_>, _: Option<usize>) -> PyResult<Self::Builder<'_>> {
        Ok(PyDict::new(py))
    }

    fn push_item<'py>(
        items: &mut Self::Builder<'py>,
        key: Bound<'py, PyAny>,
        value: Bound<'py, PyAny>,
    ) -> PyResult<()> {
        items.set_item(key, inner(value))
    }

    fn finish(items: Self::Builder<'_>) -> PyResult<Bound<'_, PyMapping>> {
        Ok(items.into_mapping())
    }
}

struct Record;

impl PythonizeNamedMappingType for Record {
    type Builder<'py> = (&'static str, Bound<'py, PyDict>);

    fn builder<'py>(py: Python<'py>, _: usize, name: &'static str) -> PyResult<Self::Builder<'py>> {
        Ok((name, PyDict::new(py)))
    }

    fn push_field<'py>(
        (_, fields): &mut Self::Builder<'py>,
        name: Bound<'py, PyString>,
        value: Bound<'py, PyAny>,
    ) -> PyResult<()> {
        fields.set_item(name, inner(value))
    }

    fn finish((name, fields): Self::Builder<'_>) -> PyResult<Bound<'_, PyMapping>> {
        let py = fields.py();
        let class = py.import(intern!(py, "journey._types"))?.getattr(name)?;
        let built = PyDict::new(py);
        built.set_item(py.get_type::<Built>(), class.call((), Some(&fields))?)?;
        Ok(built.into_mapping())
    }
}
