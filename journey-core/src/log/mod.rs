//! The event log: what customers did, as columns.

mod batch;
mod batches;
mod build;
mod bundle;
mod collapse;
#[cfg(feature = "arrow")]
mod columns;
mod event_columns;
mod feedback;
mod fold;
mod groups;
mod join;
mod journeys;
mod lifecycle;
mod matching;
mod pattern;
mod rename;
mod select;
mod sessions;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use batch::Batch;
#[cfg(feature = "arrow")]
pub(crate) use batch::{Codes, ends_after_start};
pub use build::EventLogBuilder;
pub use event_columns::{EventColumns, TextColumn};
pub(crate) use feedback::FeedbackBuilder;
pub use feedback::{Answer, Feedback};
pub(crate) use fold::events_of_a_part;
#[cfg(test)]
pub(crate) use fold::fold_cut;
pub use fold::{Fold, fold};
pub(crate) use groups::Groups;
pub(crate) use join::Joined;
pub use join::{UnmatchedReason, WithFeedbackOptions};
pub use journeys::{JourneyMatch, MarkOptions};
pub(crate) use lifecycle::Stage;
pub use matching::EventMatch;
pub(crate) use matching::Matcher;
pub use select::SelectOptions;
pub use sessions::SplitSessionsOptions;

use crate::error::{Problem, Result, shorten};
use crate::names::{NONE, Names};
use crate::time::Timestamp;

/// A column, shared by the logs that are made from each other.
type Column<T> = Arc<Vec<T>>;

/// What stands for "no start" in the column of starts; no time is as early.
pub(crate) const NO_START: i64 = i64::MIN;

/// Events of customers, grouped into journeys.
///
/// The events of a journey stand in the order of their time, those of the same time in the order of the input. A log may
/// have no times at all: then they stand in the order of the input, and every question leaves out its figures about time.
/// The log is columns, not objects: [`Journey`] and [`Event`] borrow from it. It cannot be changed; a clone, and a log
/// made from it, share the names and the columns that stay as they are.
///
/// ```
/// use journey_core::{Event, EventLog};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .build()?;
/// let ann = log.journey(0).unwrap();
/// let path: Vec<&str> = ann.events().map(|event| event.touchpoint).collect();
/// assert_eq!(path, ["visit", "pay"]);
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct EventLog {
    names: Arc<LogNames>,
    /// Ids of the journeys, in the order of their first row.
    journeys: Column<u32>,
    /// How many customers each journey stands for; `None` where each is one.
    weights: Option<Column<u64>>,
    /// Journey `j` is the rows `offsets[j]..offsets[j + 1]` of every column.
    offsets: Column<usize>,
    touchpoints: Column<u32>,
    /// Microseconds, each within the range of [`Timestamp`]; `None` where events have an order but no times.
    times: Option<Column<i64>>,
    /// Microseconds, each at most the time of its row; [`NO_START`] where there is none.
    starts: Option<Column<i64>>,
    /// The latest time that was observed, in microseconds; logs made from a log keep it, since what they leave out was
    /// observed as well. The earliest time there is if the log was read without events or without times.
    observed_until: i64,
    channels: Option<Column<u32>>,
    /// Experience scores, -2 to 2; NaN where there is none.
    scores: Option<Column<f64>>,
    /// Finite values; NaN where there is none.
    values: Option<Column<f64>>,
    /// What customers answered about the event, -2 to 2; NaN where they did not.
    feedback: Option<Column<f64>>,
    attributes: Vec<Column<u32>>,
}

/// The names that the codes in a log stand for.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct LogNames {
    /// Names of the touchpoints.
    pub touchpoints: Names,
    /// Names of the channels.
    pub channels: Names,
    pub(crate) journeys: Names,
    pub(crate) attributes: Vec<(String, Names)>,
}

/// One row of a log: a customer at a touchpoint at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The id of the journey, often that of the customer.
    pub journey: &'a str,
    /// The touchpoint.
    pub touchpoint: &'a str,
    /// When it happened; where it took time, when it was complete. `None` if only the order of events is known.
    pub time: Option<Timestamp>,
    /// When it began, at most `time`; `None` where it took no time or that is not known.
    pub start: Option<Timestamp>,
    /// The channel on which it happened.
    pub channel: Option<&'a str>,
    /// The experience score, -2 (very bad) to 2 (very good), 0 is neutral.
    pub score: Option<f64>,
    /// A finite amount, such as the money spent.
    pub value: Option<f64>,
}

impl<'a> Event<'a> {
    /// An event with no channel, score or value.
    #[must_use]
    pub fn new(journey: &'a str, touchpoint: &'a str, time: Timestamp) -> Self {
        Self { time: Some(time), ..Self::untimed(journey, touchpoint) }
    }

    /// An event of which only its place among the others of its journey is known, and that has no channel, score or
    /// value.
    ///
    /// ```
    /// use journey_core::{Event, EventLog};
    ///
    /// let log = EventLog::builder()
    ///     .event(Event::untimed("ann", "visit"))
    ///     .event(Event::untimed("ann", "pay"))
    ///     .build()?;
    /// assert!(!log.has_times());
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    #[must_use]
    pub fn untimed(journey: &'a str, touchpoint: &'a str) -> Self {
        Self { journey, touchpoint, time: None, start: None, channel: None, score: None, value: None }
    }

    /// The same event, begun at this time.
    #[must_use]
    pub fn started_at(self, start: Timestamp) -> Self {
        Self { start: Some(start), ..self }
    }

    /// The same event on this channel.
    #[must_use]
    pub fn on_channel(self, channel: &'a str) -> Self {
        Self { channel: Some(channel), ..self }
    }

    /// The same event with this experience score.
    #[must_use]
    pub fn with_score(self, score: f64) -> Self {
        Self { score: Some(score), ..self }
    }

    /// The same event with this value.
    #[must_use]
    pub fn with_value(self, value: f64) -> Self {
        Self { value: Some(value), ..self }
    }
}

impl EventLog {
    /// Starts a log that is filled event by event.
    pub fn builder() -> EventLogBuilder {
        EventLogBuilder::default()
    }

    /// How many events there are, those of each journey once, however many customers it stands for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.touchpoints.len()
    }

    /// Whether there is no event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.touchpoints.is_empty()
    }

    /// Whether events have times; if not, they stand in the order of the input. A log without events has.
    #[must_use]
    pub fn has_times(&self) -> bool {
        self.times.is_some()
    }

    /// How many journeys there are, each once, however many customers it stands for.
    #[must_use]
    pub fn journey_count(&self) -> usize {
        self.journeys.len()
    }

    /// How many customers the journeys stand for together: as many as there are journeys, where none stands for more.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.journeys().map(|journey| journey.weight()).sum()
    }

    /// How many events all these customers have together.
    pub(crate) fn customers_events(&self) -> u64 {
        self.journeys().map(|journey| journey.weight() * journey.len() as u64).sum()
    }

    /// The weights of the journeys at these positions.
    fn weights_at(&self, positions: impl Iterator<Item = usize>) -> Option<Column<u64>> {
        let weights = self.weights.as_ref()?;
        Some(Arc::new(positions.map(|position| weights.get(position).copied().unwrap_or(1)).collect()))
    }

    /// The journey at this position; journeys stand in the order of their first row in the input.
    #[must_use]
    pub fn journey(&self, position: usize) -> Option<Journey<'_>> {
        let (start, end) = (self.offsets.get(position)?, self.offsets.get(position + 1)?);
        Some(Journey { log: self, position, start: *start, end: *end })
    }

    /// All journeys, in the order of their first row in the input.
    #[must_use]
    pub fn journeys(&self) -> impl ExactSizeIterator<Item = Journey<'_>> {
        self.journeys_in(0..self.journey_count())
    }

    /// The names that the codes in the log stand for.
    #[must_use]
    pub fn names(&self) -> &LogNames {
        &self.names
    }

    /// Names of touchpoints, in byte order; after [`select`](Self::select) some may have no event.
    #[must_use]
    pub fn touchpoints(&self) -> &Names {
        &self.names.touchpoints
    }

    /// Names of channels, in byte order; after [`select`](Self::select) some may have no event.
    #[must_use]
    pub fn channels(&self) -> &Names {
        &self.names.channels
    }

    /// Names of the attribute columns.
    #[must_use]
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.attributes.iter().map(|(name, _)| name.as_str())
    }

    /// Distinct values of an attribute, in byte order.
    #[must_use]
    pub fn attribute_values(&self, attribute: &str) -> Option<&Names> {
        self.names.attributes.iter().find(|(name, _)| name == attribute).map(|(_, values)| values)
    }

    /// The name of each row, as a code.
    pub(crate) fn touchpoint_column(&self) -> &[u32] {
        &self.touchpoints
    }

    /// The channel column; empty if there is none.
    pub(crate) fn channel_column(&self) -> &[u32] {
        self.channels.as_ref().map_or(&[], |column| column.as_slice())
    }

    /// The same log with one more attribute, which an option names.
    pub(crate) fn with_attribute(&self, name: &str, option: &str, values: Names, column: Vec<u32>) -> Result<Self> {
        if name.is_empty() {
            return Err(Problem::Options("the name of an attribute is empty".into()).at_field(option));
        }
        if self.attributes().any(|known| known == name) {
            let problem = format!("the log has an attribute `{}` already; expected another name", shorten(name));
            return Err(Problem::Options(problem).at_field(option));
        }
        let mut log = self.clone();
        Arc::make_mut(&mut log.names).attributes.push((name.to_owned(), values));
        log.attributes.push(Arc::new(column));
        Ok(log)
    }

    /// Refuses what an option asks of the times of a log that has none.
    pub(crate) fn needs_times(&self, option: &str) -> Result<()> {
        if self.has_times() { Ok(()) } else { Err(Problem::NoTimes.at_field(option)) }
    }

    /// When observation ended, in microseconds: the latest time of the log that this one was read as or made from, or
    /// the end of the period that was selected.
    pub(crate) fn observed_until(&self) -> i64 {
        self.observed_until
    }

    /// Whether there is an event whose start is known.
    pub(crate) fn has_starts(&self) -> bool {
        self.starts.as_ref().is_some_and(|starts| starts.iter().any(|at| *at != NO_START))
    }

    fn journeys_in(&self, positions: Range<usize>) -> impl ExactSizeIterator<Item = Journey<'_>> {
        let ends = self.offsets.get(positions.start..=positions.end).unwrap_or_default();
        ends.iter().zip(ends.iter().skip(1)).zip(positions).map(|((start, end), position)| Journey {
            log: self,
            position,
            start: *start,
            end: *end,
        })
    }
}

/// One customer's events in their order; borrowed from an [`EventLog`].
#[derive(Clone, Copy, Debug)]
pub struct Journey<'a> {
    log: &'a EventLog,
    position: usize,
    start: usize,
    end: usize,
}

impl<'a> Journey<'a> {
    fn rows(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The cells of a column of the log, or of one made for it, at the events of the journey.
    pub(crate) fn cells<'c, T>(&self, column: &'c [T]) -> &'c [T] {
        column.get(self.rows()).unwrap_or_default()
    }

    /// The id of the journey, often that of the customer.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.log.journeys.get(self.position).map_or("", |code| self.log.names.journeys.name(*code))
    }

    /// Which journey of the log it is.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// The id, as a code of the names of journeys.
    pub(crate) fn id_code(&self) -> u32 {
        self.log.journeys.get(self.position).copied().unwrap_or(NONE)
    }

    /// How many customers the journey stands for, all of whom did exactly this; at least one.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.log.weights.as_ref().and_then(|weights| weights.get(self.position)).copied().unwrap_or(1)
    }

    /// How many events the journey has; at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a journey has at least one event")]
    pub fn len(&self) -> usize {
        self.rows().len()
    }

    /// The touchpoint of each event, as a code of [`LogNames::touchpoints`].
    #[must_use]
    pub fn touchpoints(&self) -> &'a [u32] {
        self.log.touchpoints.get(self.rows()).unwrap_or_default()
    }

    /// The time of each event, in microseconds since 1970 in UTC; `None` if the log has no times.
    #[must_use]
    pub fn times(&self) -> Option<&'a [i64]> {
        self.log.times.as_ref()?.get(self.rows())
    }

    /// The time of each event, one by one: each is `None` if the log has no times.
    pub(crate) fn each_time(&self) -> impl Iterator<Item = Option<i64>> + use<'a> {
        optional(self.log.times.as_ref(), self.rows()).map(Option::<&i64>::copied)
    }

    /// When the journey began, in microseconds since 1970 in UTC: its first start, or its first time if that is earlier.
    pub(crate) fn began(&self) -> Option<i64> {
        let first = self.times()?.first().copied()?;
        Some(if self.log.starts.is_none() { first } else { self.starts().flatten().fold(first, i64::min) })
    }

    /// How long the journey took, in microseconds, from when it began to its last time (throughput time).
    pub(crate) fn throughput(&self) -> Option<i64> {
        Some(self.times()?.last()? - self.began()?)
    }

    /// When each event began, in microseconds since 1970 in UTC; `None` where it is not known.
    pub fn starts(&self) -> impl Iterator<Item = Option<i64>> + use<'a> {
        optional(self.log.starts.as_ref(), self.rows()).map(|start| start.copied().filter(|at| *at != NO_START))
    }

    /// The channel of each event, as a code of [`LogNames::channels`].
    pub fn channels(&self) -> impl Iterator<Item = Option<u32>> + use<'a> {
        optional(self.log.channels.as_ref(), self.rows()).map(|code| code.copied().filter(|code| *code != NONE))
    }

    /// The experience score of each event, -2 to 2.
    pub fn scores(&self) -> impl Iterator<Item = Option<f64>> + use<'a> {
        optional(self.log.scores.as_ref(), self.rows()).map(|score| score.copied().filter(|x| !x.is_nan()))
    }

    /// The value of each event.
    pub fn values(&self) -> impl Iterator<Item = Option<f64>> + use<'a> {
        optional(self.log.values.as_ref(), self.rows()).map(|value| value.copied().filter(|x| !x.is_nan()))
    }

    /// What customers answered about each event, -2 to 2, apart from its own score; see [`EventLog::with_feedback`].
    pub fn feedback(&self) -> impl Iterator<Item = Option<f64>> + use<'a> {
        optional(self.log.feedback.as_ref(), self.rows()).map(|score| score.copied().filter(|x| !x.is_nan()))
    }

    /// The value of an attribute at each event; `None` if the log has no such attribute.
    #[must_use]
    pub fn attribute(&self, attribute: &str) -> Option<impl Iterator<Item = Option<&'a str>> + use<'a>> {
        let mut columns = self.log.names.attributes.iter().zip(&self.log.attributes);
        let ((_, names), column) = columns.find(|((name, _), _)| name == attribute)?;
        let codes = column.get(self.rows()).unwrap_or_default();
        Some(codes.iter().map(|code| (*code != NONE).then(|| names.name(*code))))
    }

    /// The events, in their order.
    pub fn events(&self) -> impl Iterator<Item = Event<'a>> + use<'a> {
        let (id, names) = (self.id(), self.log.names());
        self.touchpoints()
            .iter()
            .zip(self.each_time().zip(self.starts()))
            .zip(self.channels())
            .zip(self.scores().zip(self.values()))
            .map(move |(((touchpoint, (time, start)), channel), (score, value))| Event {
                journey: id,
                touchpoint: names.touchpoints.name(*touchpoint),
                time: time.and_then(|time| Timestamp::from_micros(time).ok()),
                start: start.and_then(|start| Timestamp::from_micros(start).ok()),
                channel: channel.map(|code| names.channels.name(code)),
                score,
                value,
            })
    }
}

/// The cells of a column that may be missing, one for each row.
fn optional<T>(column: Option<&Column<T>>, rows: Range<usize>) -> impl Iterator<Item = Option<&T>> {
    let cells = column.and_then(|column| column.get(rows.clone()));
    (0..rows.len()).map(move |row| cells.and_then(|cells| cells.get(row)))
}
