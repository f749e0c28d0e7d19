//! Work that is watched, and may be broken off, from another thread.
//!
//! Who works on a task takes it along to other threads, and looks now and then whether it was cancelled: [`Stage`] does both,
//! for folds and for what is worked on in parallel. A cancelled task is left by unwinding, from wherever it is, so nobody
//! ever sees half of a result, and what is asked stays as it was; the question itself need not know of it.
//! Where programs are built to abort on panic there is no unwinding: the work is then done to its end.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::{Problem, Result};

/// Questions that another thread watches, and breaks off if it must.
///
/// ```
/// use std::thread;
/// use journey_core::{Event, EventLog, ErrorKind, SummaryOptions, Task, summary};
///
/// let log = EventLog::builder().event(Event::new("ann", "visit", "2024-03-13".parse()?)).build()?;
/// let task = Task::default();
/// let report = thread::scope(|scope| {
///     let asked = scope.spawn(|| task.run(|| summary(&log, &SummaryOptions::default())));
///     // Here is time to look at `task.progress()`, and to call `task.cancel()`.
///     asked.join().unwrap()
/// })?;
/// assert_eq!(report.events, 1);
///
/// task.cancel();
/// let stopped = task.run(|| summary(&log, &SummaryOptions::default()));
/// assert_eq!(stopped.unwrap_err().kind(), ErrorKind::Cancelled);
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Task(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    cancelled: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
}

/// How far a [`Task`] has come in what it is doing just now; a question may do several things, one after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskProgress {
    /// Steps that are done: events of a log, or parts of other work.
    pub done: u64,
    /// All steps; 0 as long as that is not known.
    pub total: u64,
}

impl Task {
    /// Works until it is done or cancelled.
    ///
    /// # Errors
    /// What the work fails with; or an error of the kind [`Cancelled`](crate::ErrorKind::Cancelled), if
    /// [`cancel`](Self::cancel) was called before the work was done.
    pub fn run<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let _here = Entered::new(Some(self), true);
        caught(work)
    }

    /// Asks the work to end; it does so within a few thousand events. Once cancelled, a task stays so.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> TaskProgress {
        let total = self.0.total.load(Ordering::Relaxed);
        TaskProgress { done: self.0.done.load(Ordering::Relaxed).min(total), total }
    }

    fn check(&self) {
        if cfg!(panic = "unwind") && self.0.cancelled.load(Ordering::Relaxed) {
            // Unlike a panic, this prints nothing.
            resume_unwind(Box::new(Broken));
        }
    }
}

/// What a cancelled task is left with.
struct Broken;

/// Does work that a cancelled task may leave, and says so as an error: for what has to put something back then.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // Who changes something looks after it; questions change nothing before they are answered.
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result,
        Err(cause) if cause.is::<Broken>() => Err(Problem::Cancelled.into()),
        Err(cause) => resume_unwind(cause),
    }
}

/// The task that is worked on.
#[derive(Clone, Default)]
struct Current {
    task: Option<Task>,
    /// Whether this is the work itself, not a step of it on some thread: only its stages are told as progress.
    outermost: bool,
}

thread_local! {
    static CURRENT: RefCell<Current> = const { RefCell::new(Current { task: None, outermost: false }) };
}

/// While it lives, this thread works on a task.
pub(crate) struct Entered(Current);

impl Entered {
    fn new(task: Option<&Task>, outermost: bool) -> Self {
        let current = Current { task: task.cloned(), outermost };
        Self(CURRENT.with(|now| now.replace(current)))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.with(|now| now.replace(std::mem::take(&mut self.0)));
    }
}

/// One pass over many things, by one thread or several, which ends early if its task is cancelled.
pub(crate) struct Stage(Current);

impl Stage {
    /// Begins a pass of so many steps.
    pub(crate) fn new(steps: usize) -> Self {
        let current = CURRENT.with(|now| now.borrow().clone());
        if let Some(Task(shared)) = current.task.as_ref().filter(|_| current.outermost) {
            shared.total.store(steps as u64, Ordering::Relaxed);
            shared.done.store(0, Ordering::Relaxed);
        }
        Self(current)
    }

    /// This thread takes part in the pass as long as what is returned lives.
    pub(crate) fn enter(&self) -> Entered {
        Entered::new(self.0.task.as_ref(), false)
    }

    /// So many steps more are done; here the pass ends if its task is cancelled.
    pub(crate) fn advance(&self, steps: usize) {
        self.count(steps);
        if let Some(task) = &self.0.task {
            task.check();
        }
    }

    /// What a step has come to, which is then done.
    pub(crate) fn after<R>(&self, result: R) -> R {
        self.count(1);
        result
    }

    /// Whether the task goes on.
    #[cfg(feature = "rayon")]
    pub(crate) fn wanted(&self) -> bool {
        self.0.task.as_ref().is_none_or(|task| !(cfg!(panic = "unwind") && task.0.cancelled.load(Ordering::Relaxed)))
    }

    fn count(&self, steps: usize) {
        if let Some(task) = self.0.task.as_ref().filter(|_| self.0.outermost) {
            task.0.done.fetch_add(steps as u64, Ordering::Relaxed);
        }
    }
}

/// Walks over things one by one, as a pass that ends early if its task is cancelled.
pub(crate) fn walk<I: ExactSizeIterator>(things: I) -> impl Iterator<Item = I::Item> {
    let stage = Stage::new(things.len());
    things.inspect(move |_| stage.advance(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::map_each;
    use crate::{ErrorKind, Event, EventLog, Fold, Journey, LogNames, Timestamp, fold};

    fn log(journeys: i64) -> EventLog {
        let mut builder = EventLog::builder();
        for row in 0..journeys * 4 {
            let journey = format!("j{}", row / 4);
            builder.push(Event::new(&journey, "t", Timestamp::from_micros(row).unwrap()), []).unwrap();
        }
        builder.build().unwrap()
    }

    /// Counts events, and cancels the task when it has seen some.
    struct Counting<'a>(u64, &'a Task, u64);

    impl Fold for Counting<'_> {
        type Report = u64;

        fn journey(&mut self, journey: Journey<'_>) {
            self.0 += journey.len() as u64;
            if self.0 == self.2 {
                self.1.cancel();
            }
        }

        fn merge(&mut self, other: Self) {
            self.0 += other.0;
        }

        fn finish(self, _: &LogNames) -> u64 {
            self.0
        }
    }

    #[test]
    fn a_cancelled_fold_ends_soon_and_the_log_answers_again() {
        let log = log(100_000);
        let task = Task::default();
        let error = task.run(|| Ok(fold(&log, || Counting(0, &task, 40)))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        let progress = task.progress();
        assert_eq!(progress.total, 400_000);
        assert!(progress.done < 200_000, "{progress:?}");
        assert_eq!(task.run(|| Ok(fold(&log, || Counting(0, &task, 0)))).unwrap_err().kind(), ErrorKind::Cancelled);
        assert_eq!(fold(&log, || Counting(0, &task, 0)), 400_000, "outside of the task nothing is cancelled");
        let other = Task::default();
        assert_eq!(other.run(|| Ok(fold(&log, || Counting(0, &other, 0)))).unwrap(), 400_000);
        assert_eq!(other.progress(), TaskProgress { done: 400_000, total: 400_000 });
    }

    #[test]
    fn what_is_worked_on_in_parallel_ends_within_its_own_work_too() {
        let log = log(10_000);
        let task = Task::default();
        let began = AtomicU64::new(0);
        let result = task.run(|| {
            Ok(map_each((0..1000).collect(), |item: u64| {
                began.fetch_add(1, Ordering::Relaxed);
                if item == 0 {
                    task.cancel();
                }
                fold(&log, || Counting(item, &task, 0))
            }))
        });
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
        assert!(began.into_inner() < 1000);
        assert_eq!(task.progress().total, 1000, "only what is outermost is progress");
    }

    #[test]
    fn of_many_small_things_hardly_one_more_is_begun() {
        let task = Task::default();
        let began = AtomicU64::new(0);
        let result = task.run(|| {
            Ok(map_each((0..100_000).collect(), |_: u64| {
                if began.fetch_add(1, Ordering::Relaxed) == 100 {
                    task.cancel();
                }
            }))
        });
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
        assert!(began.into_inner() < 10_000);
    }

    #[test]
    fn a_walk_ends_where_its_task_is_cancelled() {
        let task = Task::default();
        let mut seen = Vec::new();
        let result = task.run(|| {
            for number in walk(0..100) {
                seen.push(number);
                if number == 2 {
                    task.cancel();
                }
            }
            Ok(())
        });
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
        assert_eq!(seen, [0, 1, 2]);
        assert_eq!(task.progress(), TaskProgress { done: 4, total: 100 });
        assert_eq!(walk(0..3).count(), 3, "outside of a task");
    }

    #[test]
    fn another_panic_and_another_error_are_passed_on() {
        let task = Task::default();
        let panic = catch_unwind(AssertUnwindSafe(|| task.run(|| -> Result<()> { resume_unwind(Box::new("a bug")) })));
        assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"a bug"));
        assert_eq!(task.run(|| EventLog::builder().build()).unwrap().len(), 0);
        assert!(CURRENT.with(|now| now.borrow().task.is_none()));
    }
}
