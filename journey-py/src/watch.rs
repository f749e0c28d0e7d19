//! Work of the core on a thread of its own, while the one that asked for it looks whether Ctrl-C was pressed.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use journey_core::{Error, Task};
use pyo3::intern;
use pyo3::prelude::*;

/// The time between two looks: often enough for people, rarely enough to cost nothing.
pub(crate) const PAUSE: Duration = Duration::from_millis(50);

/// What work comes to: its result, or what it panicked with.
pub(crate) type Outcome<T> = Result<Result<T, Error>, Box<dyn Any + Send>>;

/// Works on a thread of its own; this one, which holds no lock of Python, looks after Ctrl-C meanwhile and calls `told` with
/// how far the work has come. What is raised there ends the work.
pub(crate) fn watched<T: Send>(
    work: impl FnOnce() -> Result<T, Error> + Send,
    told: Option<&Py<PyAny>>,
) -> (Outcome<T>, Option<PyErr>) {
    /// As much as the main thread usually has.
    const STACK: usize = 8 << 20;
    let task = Task::default();
    let waiting = Mutex::new(Some(work));
    let begin = || {
        let work = waiting.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(catch_unwind(AssertUnwindSafe(|| task.run(work))))
    };
    let (send, receive) = channel();
    let (outcome, raised) = thread::scope(|scope| {
        let worker = thread::Builder::new().name("journey".into()).stack_size(STACK);
        let begin = &begin;
        // The receiver waits until it has the outcome.
        let spawned = worker.spawn_scoped(scope, move || drop(send.send(begin())));
        if spawned.is_err() {
            // There are no threads to be had.
            return (begin(), None);
        }
        let watcher = Watcher { task: &task, told };
        let mut raised = None;
        loop {
            match receive.recv_timeout(PAUSE) {
                Ok(outcome) => {
                    let closed = watcher.close();
                    return (outcome, raised.or(closed.err()));
                }
                Err(RecvTimeoutError::Timeout) if raised.is_none() => {
                    raised = watcher.look().err();
                    if raised.is_some() {
                        task.cancel();
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return (None, raised),
            }
        }
    });
    (outcome.unwrap_or_else(|| Err(Box::new("the work was not begun"))), raised)
}

/// Looks after one piece of work.
struct Watcher<'a> {
    task: &'a Task,
    told: Option<&'a Py<PyAny>>,
}

impl Watcher<'_> {
    fn look(&self) -> PyResult<()> {
        Python::attach(|py| py.check_signals().and_then(|()| self.tell(py)))
    }

    /// Tells where the work has ended; nothing is told of it then any more.
    fn close(&self) -> PyResult<()> {
        let Some(told) = self.told else { return Ok(()) };
        Python::attach(|py| {
            let last = self.tell(py);
            told.call_method0(py, intern!(py, "close"))?;
            last
        })
    }

    fn tell(&self, py: Python<'_>) -> PyResult<()> {
        let Some(told) = self.told else { return Ok(()) };
        let progress = self.task.progress();
        told.call1(py, (progress.done, (progress.total > 0).then_some(progress.total))).map(drop)
    }
}
