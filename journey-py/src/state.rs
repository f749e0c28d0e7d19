//! What is known of journeys without them: states, and the monitors that make them.

use journey_core as core;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyDict, PyType};

use crate::convert::{argument, invalid_state, options, run, to_py};
use crate::handles::EventLog;
use crate::tables;

/// What is known of journeys without keeping them: states of parts merge into the state of the whole.
///
/// It begins with no journeys, and keeps what the options say. Keywords are those of `StateOptions`.
#[doc = options_of!(StateOptions)]
#[pyclass(eq, module = "journey")]
#[derive(PartialEq)]
pub(crate) struct State(core::State);

#[pymethods]
impl State {
    #[new]
    #[pyo3(signature = (**options))]
    fn new(py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let options = self::options(options)?;
        run(py, || core::State::new(&options)).map(Self)
    }

    /// Takes in the journeys of a log. Those of one customer must be whole.
    fn update(&mut self, py: Python<'_>, log: &EventLog) -> PyResult<()> {
        run(py, || self.0.update(&log.0))
    }

    /// Takes in the journeys of another state, which has the same options.
    fn merge(&mut self, py: Python<'_>, other: &Self) -> PyResult<()> {
        run(py, || self.0.merge(&other.0))
    }

    /// Takes in the journeys of another state, from its bytes.
    fn merge_bytes(&mut self, py: Python<'_>, content: PyBackedBytes) -> PyResult<()> {
        run(py, move || self.0.merge_bytes(&content))
    }

    /// The state as bytes; states of the same journeys and options give the same bytes.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    /// Reads the bytes that `to_bytes` gave, options included.
    #[classmethod]
    fn from_bytes(_class: &Bound<'_, PyType>, py: Python<'_>, content: PyBackedBytes) -> PyResult<Self> {
        run(py, move || core::State::from_bytes(&content)).map(Self)
    }

    /// What the state keeps.
    #[getter]
    fn options<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_py(py, self.0.options())
    }

    /// How many journeys were taken in.
    #[getter]
    fn journeys(&self) -> u64 {
        self.0.journeys()
    }

    /// How many events they have.
    #[getter]
    fn events(&self) -> u64 {
        self.0.events()
    }

    /// How far a quantile of times may be off, as a share of it.
    #[getter]
    fn quantile_error(&self) -> f64 {
        self.0.quantile_error()
    }

    /// What the journeys hold. Keywords are those of `SummaryOptions`.
    #[doc = options_of!(SummaryOptions)]
    #[pyo3(signature = (**options))]
    fn summary<'py>(&self, py: Python<'py>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        let options = self::options(options)?;
        to_py(py, &run(py, || self.0.summary(&options))?)
    }

    /// Which touchpoint directly follows which. Keywords are those of `TransitionsOptions`.
    #[doc = options_of!(TransitionsOptions)]
    #[pyo3(signature = (**options))]
    fn transitions<'py>(&self, py: Python<'py>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        let options = self::options(options)?;
        to_py(py, &run(py, || self.0.transitions(&options))?)
    }

    /// Where customers lose time and where they are lost. Keywords are those of `BottleneckOptions`.
    #[doc = options_of!(BottleneckOptions)]
    #[pyo3(signature = (**options))]
    fn bottlenecks<'py>(&self, py: Python<'py>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        let options = self::options(options)?;
        to_py(py, &run(py, || self.0.bottlenecks(&options))?)
    }

    /// Where journeys end. Keywords are those of `DropOffOptions`.
    #[doc = options_of!(DropOffOptions)]
    #[pyo3(signature = (**options))]
    fn drop_offs<'py>(&self, py: Python<'py>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        let options = self::options(options)?;
        to_py(py, &run(py, || self.0.drop_offs(&options))?)
    }

    /// Where customers are at each step from the start. Keywords are those of `StepMatrixOptions`.
    #[doc = options_of!(StepMatrixOptions)]
    #[pyo3(signature = (**options))]
    fn step_matrix<'py>(&self, py: Python<'py>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        let options = self::options(options)?;
        to_py(py, &run(py, || self.0.step_matrix(&options))?)
    }

    /// How far customers get through the steps of the state's options.
    fn funnel<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_py(py, &run(py, || self.0.funnel())?)
    }

    /// The scores that customers gave at each touchpoint. Keywords are those of `ScoresOptions`.
    #[doc = options_of!(ScoresOptions)]
    #[pyo3(signature = (**options))]
    fn scores<'py>(&self, py: Python<'py>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        let options = self::options(options)?;
        to_py(py, &run(py, || self.0.scores(&options))?)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((py.get_type::<Self>().getattr("from_bytes")?, (self.to_bytes(py),)))
    }

    fn __repr__(&self) -> String {
        format!("State({} events of {} journeys)", self.0.events(), self.0.journeys())
    }
}

/// Makes journeys from a stream of events and keeps a `State` of those that are closed.
///
/// Keywords are those of `MonitorOptions`.
#[doc = options_of!(MonitorOptions)]
#[pyclass(module = "journey")]
pub(crate) struct Monitor(core::Monitor);

#[pymethods]
impl Monitor {
    #[new]
    #[pyo3(signature = (**options))]
    fn new(py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let options = self::options(options)?;
        run(py, || core::Monitor::new(&options)).map(Self)
    }

    /// Takes in the next events of the stream, all of them or, if one is refused, none.
    fn feed(&mut self, py: Python<'_>, events: &Bound<'_, PyAny>) -> PyResult<()> {
        let events: Vec<core::StreamEvent> = argument(events, "events")?;
        run(py, || self.0.feed_data(&events))
    }

    /// Takes in the events of a log, in the order of time; attributes and values stay behind.
    fn feed_log(&mut self, py: Python<'_>, log: &EventLog) -> PyResult<()> {
        run(py, || self.0.feed_log(&log.0))
    }

    /// Says that the stream is known up to a time: what has been silent for long enough is closed.
    fn advance_to(&mut self, py: Python<'_>, time: &Bound<'_, PyAny>) -> PyResult<()> {
        let time: String = argument(time, "time")?;
        run(py, || self.0.advance_to(time.parse()?))
    }

    /// Closes every journey, as at the end of the stream.
    fn close_all(&mut self, py: Python<'_>) -> PyResult<()> {
        run(py, || self.0.close_all())
    }

    /// What is known of the closed journeys: a state of its own, which later events do not change.
    fn state(&self) -> State {
        State(self.0.state().clone())
    }

    /// What is known of all journeys, the open ones as if they were closed here.
    fn state_with_open(&self, py: Python<'_>) -> PyResult<State> {
        run(py, || self.0.state_with_open()).map(State)
    }

    /// How the monitor stands.
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_py(py, &self.0.status())
    }

    fn __repr__(&self) -> String {
        let status = self.0.status();
        format!("Monitor({} open journeys, {} closed)", status.open_journeys, status.closed_journeys)
    }
}

/// What is to be known of a part of a log, as bytes that `merge` takes: a table, or batches of one.
///
/// `batches` is a data frame or anything else that speaks Arrow, or an iterable of such, all with the same columns. The events
/// of each customer stand together, in any order, as they do when sorted by the column of the journey; a customer who comes
/// again is an error, and so no memory is needed but for about 250,000 events and those of the longest journey. All events
/// of a customer belong into one part: what two parts hold of one counts as two journeys, which nobody can notice later.
///
/// `state` are the `StateOptions`, which all parts must have alike; keywords are those of `ReadOptions`.
#[doc = options_of!(ReadOptions)]
///
/// Examples
/// --------
///     >>> import journey
///     >>> columns = dict(journey="customer", touchpoint="page", time="at")
///     >>> north = [{"customer": "ann", "page": "visit", "at": "2024-05-01 10:00"}]
///     >>> south = [{"customer": "bob", "page": "visit", "at": "2024-05-01 10:05"}]
///     >>> parts = [journey.partial(part, **columns) for part in (north, south)]
///     >>> journey.merge(parts)
///     State(2 events of 2 journeys)
#[pyfunction]
#[pyo3(signature = (batches, *, state = None, **options))]
pub(crate) fn partial<'py>(
    py: Python<'py>,
    batches: &Bound<'py, PyAny>,
    state: Option<&Bound<'py, PyDict>>,
    options: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let keep = self::options(state)?;
    let options: core::ReadOptions = self::options(options)?;
    let mut state = run(py, || core::State::new(&keep))?;
    let mut parts = core::LogParts::new(&options);
    for table in py.import(intern!(py, "journey._tables"))?.call_method1("pieces", (batches,))?.try_iter()? {
        let mut read = tables::batches(&table?, options.columns())?;
        while let Some(batch) = read.next_batch(py)? {
            run(py, || match parts.push(batch)? {
                Some(log) => state.update(&log),
                None => Ok(()),
            })?;
            py.check_signals()?;
        }
    }
    run(py, || match parts.finish()? {
        Some(log) => state.update(&log),
        None => Ok(()),
    })?;
    Ok(PyBytes::new(py, &state.to_bytes()))
}

/// The state of the whole, from the states of its parts, in any order: what `partial` or `State.to_bytes` gave, or states.
#[pyfunction]
pub(crate) fn merge(py: Python<'_>, states: &Bound<'_, PyAny>) -> PyResult<State> {
    let mut whole: Option<core::State> = None;
    for state in states.try_iter()? {
        let state = state?;
        let state = if let Ok(state) = state.cast::<State>() {
            state.borrow().0.clone()
        } else {
            let content: PyBackedBytes = state.extract()?;
            run(py, || core::State::from_bytes(&content))?
        };
        match &mut whole {
            None => whole = Some(state),
            Some(whole) => run(py, || whole.merge(&state))?,
        }
    }
    whole.map(State).ok_or_else(|| invalid_state(py, "there is no state to be merged; expected at least one"))
}

/// The names of the columns that are read with these keywords, which are those of `ReadOptions`.
#[pyfunction]
#[pyo3(signature = (**options))]
pub(crate) fn _wanted(options: Option<&Bound<'_, PyDict>>) -> PyResult<Vec<String>> {
    let options: core::ReadOptions = self::options(options)?;
    Ok(options.columns().into_iter().map(str::to_owned).collect())
}
