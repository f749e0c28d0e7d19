//! From rows in any order to columns by journey and time.

use std::sync::Arc;

use super::batch::{Batch, Codes};
use super::batches::{Batches, CodePieces, Numbering};
use super::{Column, Event, EventLog, Journey, LogNames, NO_START, lifecycle};
use crate::error::{Error, Problem, Result, shorten};
use crate::names::{NONE, Names};
use crate::threads;

/// Gathers events in any order; [`build`](Self::build) groups and sorts them.
#[derive(Debug, Default)]
#[must_use]
pub struct EventLogBuilder {
    /// What was added before `rows`.
    before: Batches,
    rows: Batch,
    /// The names of the attributes.
    attributes: Vec<String>,
    /// Journeys that stand for other than one customer, in the order in which that was said.
    weights: Vec<(String, u64)>,
    error: Option<Error>,
}

impl EventLogBuilder {
    /// Declares an attribute column; events added before have no value in it.
    pub fn attribute(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        if self.attributes.contains(&name) {
            let problem = Problem::Options(format!("the attribute `{}` is declared twice", shorten(&name)));
            self.error.get_or_insert(problem.at_field("attributes"));
        }
        self.attributes.push(name);
        self.rows.attributes.push(Codes::default());
        self
    }

    /// Says how many customers a journey stands for, all of whom did exactly the same; one if this is not said.
    ///
    /// Every report is then as if the journey were there that many times.
    ///
    /// ```
    /// use journey_core::{Event, EventLog, SummaryOptions, summary};
    ///
    /// let log = EventLog::builder().event(Event::untimed("path 1", "visit")).weight("path 1", 250).build()?;
    /// assert_eq!((log.journey_count(), log.customers()), (1, 250));
    /// assert_eq!(summary(&log, &SummaryOptions::default())?.journeys, 250);
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    pub fn weight(mut self, journey: &str, customers: u64) -> Self {
        self.weights.push((journey.to_owned(), customers));
        self
    }

    /// Adds an event that has no attributes.
    pub fn event(self, event: Event<'_>) -> Self {
        self.event_with(event, [])
    }

    /// Adds an event with its attributes, in the order in which they were declared; those left out are missing.
    pub fn event_with<'a>(mut self, event: Event<'_>, attributes: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        if self.error.is_none() {
            let record = self.len() as u64 + 1;
            self.error = self.rows.push(event, attributes).err().map(|error| error.at_record(record));
        }
        self
    }

    /// As [`event_with`](Self::event_with), for a loop.
    pub(crate) fn push<'a>(
        &mut self,
        event: Event<'_>,
        attributes: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Result<()> {
        self.rows.push(event, attributes)
    }

    /// Adds many events, whose attributes are those that were declared, in their order.
    pub(crate) fn append(&mut self, batch: Batch) -> Result<()> {
        let none = Batch::new(self.attributes.len());
        self.before.push(std::mem::replace(&mut self.rows, none))?;
        self.before.push(batch)
    }

    /// How many rows there are so far.
    pub(crate) fn len(&self) -> usize {
        self.before.len() + self.rows.len()
    }

    /// How many distinct touchpoints the batches have so far.
    pub(crate) fn touchpoint_count(&self) -> u64 {
        self.before.touchpoint_count()
    }

    /// Groups the events by journey and sorts each journey by time; ties, and events without times, keep the order in which
    /// they were added.
    ///
    /// # Errors
    /// If an event has an empty journey or touchpoint, a start after its time, no time where others have one, a score outside
    /// -2 to 2, a value that is not finite or more attributes
    /// than were declared; if an attribute is declared twice; if there are more than 2^32 - 1 events or names, those of every
    /// customer counted; if a weight is 0, or of a journey without events.
    /// The error's record says which event it is, counted from 1.
    ///
    /// # Complexity
    /// O(events) where the events of each journey were added in the order of their time, O(events log events) else.
    pub fn build(self) -> Result<EventLog> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let mut batches = self.before;
        batches.push(self.rows)?;
        if u32::try_from(batches.len()).is_err() {
            return Err(Problem::TooMany { what: "events", limit: u64::from(u32::MAX) }.into());
        }
        if !batches.stages.is_empty() {
            let mut rows = batches.joined();
            rows.fill_up();
            for pair in lifecycle::pairs(&rows)? {
                rows.join(pair);
            }
            batches = rows.into();
        }
        let (batches, numbering) = batches.numbered();
        let (order, offsets) = order_rows(&batches, numbering);
        let Batches { journeys, touchpoints, times, starts, channels, scores, values, mut attributes, .. } = batches;
        let journey_names = journeys.into_names();
        let journey_count = journey_names.len();
        // An empty log is one of times.
        let rows_are_timed = order.is_empty() || !times.is_empty();
        let observed_until = times.iter().flatten().copied().max().unwrap_or(i64::MIN);
        // Column by column, so that no two of them are there twice.
        let times = rows_are_timed.then(|| Arc::new(times.gathered(numbering, &order, 0)));
        let starts = (!starts.is_empty()).then(|| Arc::new(starts.gathered(numbering, &order, NO_START)));
        let scores = (!scores.is_empty()).then(|| Arc::new(scores.gathered(numbering, &order, f64::NAN)));
        let values = (!values.is_empty()).then(|| Arc::new(values.gathered(numbering, &order, f64::NAN)));
        let coded = |column: CodePieces| {
            let (codes, names) = column.gathered(numbering, &order);
            (Arc::new(codes), names)
        };
        let (touchpoints, touchpoint_names) = coded(touchpoints);
        let (channels, channel_names) = if channels.names.len() == 0 { Default::default() } else { coded(channels) };
        attributes.resize_with(self.attributes.len(), CodePieces::default);
        let (columns, names): (Vec<_>, Vec<_>) = attributes.into_iter().map(coded).unzip();
        let log = EventLog {
            weights: weights(&self.weights, &journey_names)?.map(Arc::new),
            journeys: Arc::new((0..).take(journey_count).collect()),
            offsets: Arc::new(offsets),
            touchpoints,
            times,
            observed_until,
            starts,
            channels: (!channel_names.is_empty()).then_some(channels),
            scores,
            values,
            feedback: None,
            attributes: columns,
            names: Arc::new(LogNames {
                touchpoints: touchpoint_names,
                channels: channel_names,
                journeys: journey_names,
                attributes: self.attributes.into_iter().zip(names).collect(),
            }),
        };
        let events = |journey: Journey<'_>| journey.weight().checked_mul(journey.len() as u64);
        let events = log.journeys().try_fold(0u64, |sum, journey| sum.checked_add(events(journey)?));
        match events.and_then(|events| u32::try_from(events).ok()) {
            Some(_) => Ok(log),
            None => Err(Problem::TooMany { what: "events", limit: u64::from(u32::MAX) }.into()),
        }
    }
}

/// The weight of each journey; `None` if none was given.
fn weights(given: &[(String, u64)], journeys: &Names) -> Result<Option<Vec<u64>>> {
    if given.is_empty() {
        return Ok(None);
    }
    let mut weights = vec![1; journeys.len()];
    for (journey, customers) in given {
        let weight = journeys.code(journey).and_then(|code| weights.get_mut(code as usize));
        match (weight, *customers) {
            (_, 0) => return Err(Problem::NoCustomers(shorten(journey)).into()),
            (None, _) => return Err(Problem::WeightOfNone(shorten(journey)).into()),
            (Some(weight), customers) => *weight = customers,
        }
    }
    Ok(Some(weights))
}

/// The rows by journey, then time if there are times, then input; and where each journey begins. Rows of no journey are left out.
#[expect(clippy::indexing_slicing, reason = "journey codes are below the count, and each has as many places as rows")]
fn order_rows(batches: &Batches, numbering: Numbering) -> (Vec<u32>, Vec<usize>) {
    let Batches { journeys, times, .. } = batches;
    let journey_count = journeys.names.len();
    let mut offsets = vec![0; journey_count + 1];
    journeys.each(|_, _, journey| {
        if journey != NONE {
            offsets[journey as usize + 1] += 1;
        }
    });
    for journey in 0..journey_count {
        offsets[journey + 1] += offsets[journey];
    }
    let mut next = offsets.clone();
    let mut order = vec![0; offsets[journey_count]];
    journeys.each(|batch, place, journey| {
        if journey != NONE {
            let next = &mut next[journey as usize];
            order[*next] = numbering.row(batch, place);
            *next += 1;
        }
    });
    // Looking up the times of each journey is slower than looking once at all of them, which exports often have in order.
    if times.iter().flatten().is_sorted() {
        return (order, offsets);
    }
    let time = |row: &u32| times.cell(numbering, *row);
    for journey in 0..journey_count {
        let rows = &mut order[offsets[journey]..offsets[journey + 1]];
        if !rows.is_sorted_by_key(time) {
            rows.sort_by_key(time);
        }
    }
    (order, offsets)
}

/// The cells of a column in these rows, in their order.
pub(super) fn gather<T: Copy + Default + Send + Sync>(column: &[T], rows: &[u32]) -> Column<T> {
    Arc::new(threads::gather(rows, |row| column.get(row as usize).copied().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Timestamp};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).unwrap()
    }

    #[test]
    fn rows_in_any_order_become_journeys_in_the_order_of_time() {
        let log = EventLog::builder()
            .event(Event::new("b", "pay", at(9)).with_score(-1.0))
            .event(Event::new("a", "visit", at(5)).on_channel("web"))
            .event(Event::new("b", "visit", at(2)))
            .event(Event::new("a", "pay", at(5)))
            .build()
            .unwrap();
        let rows: Vec<_> = log
            .journeys()
            .flat_map(|j| j.events().map(|e| (e.journey, e.touchpoint, e.channel, e.score)).collect::<Vec<_>>())
            .collect();
        let expected = [
            ("b", "visit", None, None),
            ("b", "pay", None, Some(-1.0)),
            ("a", "visit", Some("web"), None),
            ("a", "pay", None, None),
        ];
        assert_eq!(rows, expected, "journeys by first row; the tie at 5 s keeps the order of the rows");
    }

    #[test]
    fn rows_that_cannot_be_events_are_refused() {
        for event in [
            Event::new("", "visit", at(0)),
            Event::new("a", "", at(0)),
            Event::new("a", "visit", at(0)).started_at(at(1)),
            Event::new("a", "visit", at(0)).with_score(2.5),
            Event::new("a", "visit", at(0)).with_score(f64::NAN),
            Event::new("a", "visit", at(0)).with_value(f64::INFINITY),
        ] {
            assert_eq!(EventLog::builder().event(event).build().unwrap_err().kind(), ErrorKind::InvalidLog);
        }
    }

    #[test]
    fn events_without_times_keep_the_order_of_the_input() {
        let rows = [("b", "pay"), ("a", "visit"), ("b", "visit"), ("a", "pay")];
        let log =
            rows.iter().fold(EventLog::builder(), |log, (id, touchpoint)| log.event(Event::untimed(id, touchpoint)));
        let log = log.build().unwrap();
        let paths: Vec<_> = log.journeys().map(|j| (j.id(), j.events().map(|e| e.touchpoint).collect())).collect();
        assert_eq!(paths, [("b", vec!["pay", "visit"]), ("a", vec!["visit", "pay"])]);
        assert!(!log.has_times() && log.journeys().all(|journey| journey.times().is_none()));
        assert!(EventLog::builder().build().unwrap().has_times(), "where there is no event, none lacks a time");
    }

    #[test]
    fn a_log_has_times_for_all_events_or_for_none() {
        let (timed, untimed) = (Event::new("a", "visit", at(0)), Event::untimed("a", "pay"));
        for (first, second, expected) in [
            (timed, untimed, "record 2: this event has no time and others have one"),
            (untimed, timed, "record 2: this event has a time and others have none"),
        ] {
            let error = EventLog::builder().event(first).event(second).build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidLog);
            assert!(error.to_string().starts_with(expected), "{error}");
        }
        let error = EventLog::builder().event(untimed.started_at(at(0))).build().unwrap_err();
        assert_eq!(error.to_string(), "record 1: the event has a start but no time");
    }

    #[test]
    fn each_event_keeps_its_own_attributes() {
        let log = EventLog::builder()
            .event(Event::new("a", "visit", at(0)))
            .attribute("platform")
            .event_with(Event::new("a", "pay", at(1)), [Some("mobile")])
            .build()
            .unwrap();
        let journey = log.journey(0).unwrap();
        assert_eq!(journey.attribute("platform").unwrap().collect::<Vec<_>>(), [None, Some("mobile")]);
        assert!(journey.attribute("plan").is_none());
        let twice = EventLog::builder().attribute("x").attribute("x").build().unwrap_err();
        assert_eq!(twice.kind(), ErrorKind::InvalidOption);
        let many = EventLog::builder().event_with(Event::new("a", "visit", at(0)), [Some("x")]).build().unwrap_err();
        assert_eq!((many.kind(), many.location().record), (ErrorKind::InvalidOption, Some(1)));
    }

    #[test]
    fn an_empty_log_is_a_log() {
        let log = EventLog::builder().build().unwrap();
        assert_eq!((log.len(), log.journey_count(), log.journeys().count()), (0, 0, 0));
    }
}
