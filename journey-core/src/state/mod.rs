//! What is known of journeys, small enough to cross machines: states, and the monitor that makes them from a stream.

mod bytes;
mod check;
mod gather;
#[cfg(test)]
mod laws;
mod monitor;
mod open;
mod options;
mod reports;
mod scores;
mod sketch;
mod sorted;
mod stream;
mod tables;

pub(crate) use gather::{GatherFold, Meant};
pub use monitor::{LateEvent, Monitor, MonitorOptions, MonitorStatus};
pub use options::StateOptions;
pub use reports::{ScoresOptions, TouchpointScore, TouchpointScores};
pub use stream::StreamEvent;

use crate::analysis::{FunnelMeaning, FunnelPlan};
use crate::error::{Problem, Result};
use crate::log::{EventLog, fold};
use sketch::Precision;
use tables::Tables;

/// What is known of journeys without keeping them: states of parts merge into the state of the whole.
///
/// Each machine updates a state of its own with whole journeys and sends its bytes; whoever gathers them merges, in any order,
/// and asks the questions there. The size of a state depends on how many touchpoints and transitions there are, not on how
/// many customers. Counts, sums, means and deviations are those that the same question gives of one log; quantiles of times
/// come from a sketch, and the reports say how far they may be off. Equal journeys give equal bytes, however they were cut
/// and merged.
///
/// ```
/// use journey_core::{Event, EventLog, State, StateOptions, TransitionsOptions};
///
/// let part = |who, second: &str| {
///     EventLog::builder()
///         .event(Event::new(who, "visit", "2024-03-13T10:00:00Z".parse()?))
///         .event(Event::new(who, "pay", second.parse()?))
///         .build()
/// };
/// let mut ann = State::new(&StateOptions::default())?;
/// ann.update(&part("ann", "2024-03-13T10:05:00Z")?)?;
/// let mut whole = State::new(&StateOptions::default())?;
/// whole.update(&part("bob", "2024-03-13T10:15:00Z")?)?;
/// whole.merge_bytes(&ann.to_bytes())?;
/// let report = whole.transitions(&TransitionsOptions::default())?;
/// let time = report.rows.iter().find_map(|row| row.time.as_ref()).unwrap();
/// assert_eq!((time.n, time.mean_seconds), (2, 600.0));
/// assert_eq!(report.quantile_error, Some(1.0 / 128.0));
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    options: StateOptions,
    precision: Precision,
    tables: Tables,
}

impl State {
    /// A state of no journeys, which keeps what the options say.
    ///
    /// # Errors
    /// If an option lies outside its range or cannot be kept.
    pub fn new(options: &StateOptions) -> Result<Self> {
        let precision = options.check()?;
        let mut state = Self { options: options.clone(), precision, tables: Tables::default() };
        // So that all states have the tables that their options ask for.
        state.update(&EventLog::builder().build()?)?;
        Ok(state)
    }

    /// Takes in the journeys of a log. Those of one customer must be whole: what two logs hold of one journey counts as two.
    ///
    /// Names in the options that the log does not have are no error, since another log may have them.
    ///
    /// # Errors
    /// If the log has no times; with the kind `LimitExceeded`, if there are more than 2^53 events. The state is then as
    /// before.
    ///
    /// # Complexity
    /// O(events log events + size of the state).
    pub fn update(&mut self, log: &EventLog) -> Result<()> {
        if !log.has_times() {
            return Err(Problem::State("a state needs the times of events, and the log has none".into()).into());
        }
        let meant = Meant::new(&self.options, log)?;
        self.tables.merge(fold(log, || GatherFold::new(&meant, log)))
    }

    /// Takes in the journeys of another state.
    ///
    /// # Errors
    /// If the other state was made with other options, or there are more than 2^53 events. The state is then as before.
    ///
    /// # Complexity
    /// O(size of both states).
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        let apart = self.options.differences(&other.options);
        if !apart.is_empty() {
            let named: Vec<String> = apart.iter().map(|name| format!("`{name}`")).collect();
            let problem = format!("the states do not keep the same: they differ in {}", named.join(", "));
            return Err(Problem::State(problem).into());
        }
        self.tables.merge(other.tables.clone())
    }

    /// Takes in the journeys of another state, from its bytes.
    ///
    /// # Errors
    /// As [`merge`](Self::merge) and [`from_bytes`](Self::from_bytes).
    pub fn merge_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.merge(&Self::from_bytes(bytes)?)
    }

    /// The state as bytes; states of the same journeys and options give the same bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        bytes::write(&self.options, &self.tables)
    }

    /// Reads the bytes that [`to_bytes`](Self::to_bytes) gave, options included.
    ///
    /// # Errors
    /// If they are not those of a state, of another version of the format, damaged or cut off, or do not hold together.
    ///
    /// # Complexity
    /// O(bytes), in time and memory.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (options, tables) = bytes::read(bytes)?;
        let precision = options.check().map_err(|_| bytes::damaged("its options"))?;
        let nothing = EventLog::builder().build()?;
        let plan = plan(&options, &nothing)?;
        match check::broken(&tables, options.steps, plan.as_ref(), precision) {
            Some(what) => Err(bytes::damaged(&format!("its {what}"))),
            None => Ok(Self { options, precision, tables }),
        }
    }

    /// What the state keeps.
    #[must_use]
    pub fn options(&self) -> &StateOptions {
        &self.options
    }

    /// How many journeys were taken in.
    #[must_use]
    pub fn journeys(&self) -> u64 {
        self.tables.journeys
    }

    /// How many events they have.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.tables.events
    }

    /// How far a quantile of times may be off, as a share of it: at most what the options ask for.
    #[must_use]
    pub fn quantile_error(&self) -> f64 {
        self.precision.error()
    }
}

/// The funnel of the options, made ready for a log; `None` if there is none.
fn plan<'a>(options: &StateOptions, log: &'a EventLog) -> Result<Option<FunnelPlan<'a>>> {
    if options.funnel_steps.is_empty() {
        return Ok(None);
    }
    let policy = FunnelMeaning::new(&options.funnel_steps, &options.funnel)?;
    FunnelPlan::lenient(log, &options.funnel_steps, policy).map(Some)
}
