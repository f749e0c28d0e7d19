//! Journeys from a stream of events: closed ones go into a state, open ones are remembered until they are closed.

use serde::{Deserialize, Serialize};

use super::State;
use super::open::{Changes, OpenJourneys};
use super::options::StateOptions;
use super::stream::StreamEvent;
use crate::duration::Duration;
use crate::error::{Problem, Result, shorten};
use crate::log::{Event, EventLog};
use crate::sorting::SortRows;
use crate::task;
use crate::time::Timestamp;

/// Options for [`Monitor`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct MonitorOptions {
    /// How long a journey has to be silent to be closed: it is once the stream has gone on for longer than this.
    pub inactive_after: Duration,
    /// The most journeys that may be open at once.
    pub max_open_journeys: u64,
    /// The most events that open journeys may have together.
    pub max_open_events: u64,
    /// How many of the late events the status shows.
    pub late_samples: u64,
    /// What is kept of closed journeys.
    pub state: StateOptions,
}

impl Default for MonitorOptions {
    fn default() -> Self {
        Self {
            inactive_after: Duration::from_micros(30 * 60 * 1_000_000),
            max_open_journeys: 1_000_000,
            max_open_events: 10_000_000,
            late_samples: 10,
            state: StateOptions::default(),
        }
    }
}

/// How a monitor stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MonitorStatus {
    /// How long a journey has to be silent to be closed.
    pub inactive_after_seconds: f64,
    /// Events taken in.
    pub events: u64,
    /// Journeys that are closed: the state is about these.
    pub closed_journeys: u64,
    /// Journeys that are open.
    pub open_journeys: u64,
    /// Events of open journeys.
    pub open_events: u64,
    /// The time up to which the stream is known, RFC 3339 in UTC; `None` before the first event.
    pub watermark: Option<String>,
    /// Events that came too late, and were not taken in.
    pub late_events: u64,
    /// The first of them.
    pub late_samples: Vec<LateEvent>,
}

/// An event that came too late.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LateEvent {
    /// The id of the customer.
    pub journey: String,
    /// The touchpoint.
    pub touchpoint: String,
    /// When it happened, RFC 3339 in UTC.
    pub time: String,
    /// The earliest time that would not have been too late: that of the customer's last event, or, where no journey of theirs
    /// is open, up to when journeys are closed.
    pub expected: String,
}

/// Makes journeys from a stream of events and keeps a [`State`] of those that are closed.
///
/// Events are fed in the order of time, at least those of each customer. An event that is earlier than the customer's last
/// one, or so early that journeys of its time are closed already, is late: counted, shown in the status, and not taken in. A
/// journey is closed once the watermark, the latest time seen, has passed its last event by more than `inactive_after`; what
/// the customer does then begins a new one. What a monitor remembers grows with the open journeys, not with the customers.
///
/// Fed with the events of a log in the order of time, in batches of any size, and closed, it has the state of the sessions
/// that [`split_sessions`](EventLog::split_sessions) makes of it. Of events that take time it learns when they are complete, so
/// that a journey may be closed before a long one of them is known.
///
/// ```
/// use journey_core::{Event, Monitor, MonitorOptions, SummaryOptions};
///
/// let mut monitor = Monitor::new(&MonitorOptions { inactive_after: "30m".parse()?, ..Default::default() })?;
/// monitor.feed(&[
///     Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?),
///     Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?),
///     Event::new("bob", "visit", "2024-03-13T10:40:00Z".parse()?),
/// ])?;
/// let closed = monitor.state().summary(&SummaryOptions::default())?;
/// assert_eq!((closed.journeys, closed.events), (1, 2), "ann's; bob's is open");
/// assert_eq!(monitor.state_with_open()?.journeys(), 2);
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Monitor {
    options: MonitorOptions,
    state: State,
    open: OpenJourneys,
    seen: Seen,
}

/// What is known of the stream.
#[derive(Clone, Debug)]
struct Seen {
    events: u64,
    watermark: Option<i64>,
    /// No journey that was closed has a later event.
    closed_until: i64,
    late: u64,
    samples: Vec<LateEvent>,
}

impl Monitor {
    /// A monitor that has seen nothing.
    ///
    /// # Errors
    /// If an option lies outside its range or cannot be kept, or the funnel asks for attributes, which events of a stream do
    /// not have.
    pub fn new(options: &MonitorOptions) -> Result<Self> {
        let state = State::new(&options.state).map_err(|error| error.inside("state"))?;
        for (name, limit) in
            [("max_open_journeys", options.max_open_journeys), ("max_open_events", options.max_open_events)]
        {
            if limit == 0 {
                let expected = "a whole number of at least 1".into();
                return Err(Problem::OptionRange { value: "0".into(), expected }.at_field(name));
            }
        }
        let StateOptions { funnel_steps, funnel, .. } = &options.state;
        let mut attributes = funnel_steps.iter().map(|step| ("funnel_steps", &step.attributes));
        let mut excluded = funnel.exclusions.iter().map(|exclusion| ("funnel.exclusions", &exclusion.attributes));
        let asks = |(_, attributes): &(&str, &std::collections::BTreeMap<String, Vec<String>>)| {
            attributes.values().any(|values| !values.is_empty())
        };
        if let Some((field, _)) = attributes.find(asks).or_else(|| excluded.find(asks)) {
            let problem = "the events of a stream have no attributes";
            return Err(Problem::Options(problem.into()).at_field(format!("state.{field}")));
        }
        let seen = Seen { events: 0, watermark: None, closed_until: i64::MIN, late: 0, samples: Vec::new() };
        Ok(Self { options: options.clone(), state, open: OpenJourneys::default(), seen })
    }

    /// Takes in the next events of the stream.
    ///
    /// # Errors
    /// If an event cannot be one, by its record in the batch; with the kind `LimitExceeded`, if more journeys or events would
    /// be open than the options allow. The monitor is then as before: none of the batch is taken in.
    ///
    /// # Complexity
    /// O(events log open journeys + what closes).
    pub fn feed(&mut self, events: &[Event<'_>]) -> Result<()> {
        let mut valid = EventLog::builder();
        for (record, event) in (1..).zip(task::walk(events.iter())) {
            valid.push(*event, []).map_err(|error| error.at_record(record))?;
        }
        drop(valid);
        self.change(|monitor, changes| task::walk(events.iter()).try_for_each(|event| monitor.take_in(event, changes)))
    }

    /// Takes in the next events of the stream, as plain data.
    ///
    /// # Errors
    /// As [`feed`](Self::feed), and if a time cannot be read.
    pub fn feed_data(&mut self, events: &[StreamEvent]) -> Result<()> {
        let events = (1..).zip(events).map(|(record, data)| data.event().map_err(|error| error.at_record(record)));
        self.feed(&events.collect::<Result<Vec<_>>>()?)
    }

    /// Takes in the events of a log, in the order of time; attributes and values stay behind.
    ///
    /// # Errors
    /// As [`feed`](Self::feed).
    pub fn feed_log(&mut self, log: &EventLog) -> Result<()> {
        let mut events: Vec<Event<'_>> = log.journeys().flat_map(|journey| journey.events()).collect();
        events.sort_rows_by_key(|event| event.time);
        self.feed(&events)
    }

    /// Says that the stream is known up to a time, though nothing may have happened: what has been silent for long enough is
    /// closed.
    ///
    /// # Errors
    /// With the kind `LimitExceeded`, if there are more than 2^53 events.
    pub fn advance_to(&mut self, time: Timestamp) -> Result<()> {
        self.change(|monitor, changes| {
            monitor.advance(time.micros(), changes);
            Ok(())
        })
    }

    /// Closes every journey, as at the end of the stream. What customers do after that begins new ones.
    ///
    /// # Errors
    /// With the kind `LimitExceeded`, if there are more than 2^53 events.
    pub fn close_all(&mut self) -> Result<()> {
        self.change(|monitor, changes| {
            monitor.open.close_before(i64::MAX, changes);
            let Seen { closed_until, watermark, .. } = &mut monitor.seen;
            *closed_until = watermark.map_or(*closed_until, |watermark| watermark.max(*closed_until));
            Ok(())
        })
    }

    /// What is known of the closed journeys.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is known of all journeys, the open ones as if they were closed here.
    ///
    /// # Errors
    /// With the kind `LimitExceeded`, if there are more than 2^53 events.
    ///
    /// # Complexity
    /// O(size of the state + events of open journeys).
    pub fn state_with_open(&self) -> Result<State> {
        let mut state = self.state.clone();
        state.update(&self.open.log()?)?;
        Ok(state)
    }

    /// How the monitor stands.
    #[must_use]
    pub fn status(&self) -> MonitorStatus {
        MonitorStatus {
            inactive_after_seconds: self.options.inactive_after.seconds(),
            events: self.seen.events,
            closed_journeys: self.state.journeys(),
            open_journeys: self.open.len(),
            open_events: self.open.events(),
            watermark: self.seen.watermark.map(text),
            late_events: self.seen.late,
            late_samples: self.seen.samples.clone(),
        }
    }

    /// Does something to the open journeys and keeps those it closes; if anything fails, all is as before.
    fn change<'a>(&mut self, work: impl FnOnce(&mut Self, &mut Changes<'a>) -> Result<()>) -> Result<()> {
        let (before, mut changes) = (self.seen.clone(), Changes::default());
        let result = task::caught(|| {
            work(self, &mut changes)?;
            if changes.closed.is_empty() {
                return Ok(());
            }
            let log = self.open.log_of(changes.closed.iter().map(|(_, open)| open))?;
            self.state.update(&log)
        });
        if result.is_err() {
            self.open.undo(changes);
            self.seen = before;
        }
        result
    }

    fn take_in<'a>(&mut self, event: &Event<'a>, changes: &mut Changes<'a>) -> Result<()> {
        let Some(time) = event.time.map(Timestamp::micros) else {
            return Err(Problem::State("a monitor needs the time of every event".into()).into());
        };
        let last = self.open.last(event.journey);
        let earliest = last.unwrap_or(self.seen.closed_until);
        if time < earliest {
            self.late(event, earliest);
            return Ok(());
        }
        let began = event.start.map_or(time, Timestamp::micros);
        if last.is_some_and(|last| began.saturating_sub(last) > self.options.inactive_after.micros()) {
            self.open.close(event.journey, changes);
        }
        self.open.add(event, time, changes)?;
        self.seen.events += 1;
        self.advance(time, changes);
        for (name, open, limit) in [
            ("max_open_journeys", self.open.len(), self.options.max_open_journeys),
            ("max_open_events", self.open.events(), self.options.max_open_events),
        ] {
            if open > limit {
                return Err(Problem::Limit { name, limit }.at_field(name));
            }
        }
        Ok(())
    }

    fn advance(&mut self, time: i64, changes: &mut Changes<'_>) {
        let watermark = self.seen.watermark.map_or(time, |watermark| watermark.max(time));
        self.seen.watermark = Some(watermark);
        let silent_since = watermark.saturating_sub(self.options.inactive_after.micros());
        self.seen.closed_until = self.seen.closed_until.max(silent_since);
        self.open.close_before(silent_since, changes);
    }

    fn late(&mut self, event: &Event<'_>, earliest: i64) {
        self.seen.late += 1;
        if self.seen.samples.len() as u64 >= self.options.late_samples {
            return;
        }
        self.seen.samples.push(LateEvent {
            journey: shorten(event.journey),
            touchpoint: shorten(event.touchpoint),
            time: event.time.map(|time| time.to_string()).unwrap_or_default(),
            expected: text(earliest),
        });
    }
}

/// A time of the stream, or one that lies before all times.
fn text(micros: i64) -> String {
    Timestamp::from_micros(micros).unwrap_or(Timestamp::MIN).to_string()
}
