//! Journeys cut into sessions where nothing happens for long.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::EventLog;
use crate::duration::Duration;
use crate::error::Result;
use crate::names::{Interner, recode};

/// Options for [`EventLog::split_sessions`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct SplitSessionsOptions {
    /// The name of the new attribute that holds the id of the whole journey.
    pub attribute: String,
}

impl Default for SplitSessionsOptions {
    fn default() -> Self {
        Self { attribute: "journey".into() }
    }
}

impl EventLog {
    /// The same events, each journey cut into sessions: a new one begins where nothing happens for longer than `gap`.
    ///
    /// The time that counts is from one event to the start of the next, or to its time where no start is known. The
    /// sessions of the journey `ann` are the journeys `ann#1`, `ann#2` and so on, in place of `ann`, and a new
    /// attribute holds the id `ann`. No two sessions get one id, since ids that differ do so before the last `#` or
    /// after it.
    ///
    /// ```
    /// use journey_core::{Event, EventLog, SplitSessionsOptions};
    ///
    /// let log = EventLog::builder()
    ///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
    ///     .event(Event::new("ann", "visit", "2024-03-13T18:00:00Z".parse()?))
    ///     .build()?;
    /// let sessions = log.split_sessions("30m".parse()?, &SplitSessionsOptions::default())?;
    /// assert_eq!(sessions.journeys().map(|session| session.id()).collect::<Vec<_>>(), ["ann#1", "ann#2"]);
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the log has an attribute of the name that the options give, that name is empty, or the log has no times.
    ///
    /// # Complexity
    /// O(events + journeys log journeys).
    pub fn split_sessions(&self, gap: Duration, options: &SplitSessionsOptions) -> Result<Self> {
        self.needs_times("gap")?;
        let mut sessions = Interner::default();
        let mut ids = Interner::default();
        let mut offsets = vec![0];
        let mut journeys = Vec::new();
        let mut cut = Vec::new();
        let mut column = Vec::with_capacity(self.len());
        for journey in self.journeys() {
            let id = ids.intern(journey.id(), "attribute values")?;
            column.resize(column.len() + journey.len(), id);
            let times = journey.times().unwrap_or_default();
            let starts = journey.starts().zip(times).map(|(start, time)| start.unwrap_or(*time));
            let ends = times.iter().zip(starts.skip(1)).zip(1..);
            let ends = ends.filter(|((time, start), _)| start - **time > gap.micros()).map(|(_, place)| place);
            for (number, end) in (1..).zip(ends.chain([journey.len()])) {
                journeys.push(sessions.intern(&format!("{}#{number}", journey.id()), "journeys")?);
                offsets.push(journey.start + end);
                cut.push(journey.position);
            }
        }
        let (ids, codes) = ids.into_sorted();
        recode(&mut column, &codes);
        let mut log = self.with_attribute(&options.attribute, "attribute", ids, column)?;
        Arc::make_mut(&mut log.names).journeys = sessions.into_names();
        log.journeys = Arc::new(journeys);
        log.weights = self.weights_at(cut.into_iter());
        log.offsets = Arc::new(offsets);
        Ok(log)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).unwrap()
    }

    fn sessions(log: &EventLog, seconds: f64) -> Vec<(String, Vec<String>)> {
        let gap = Duration::from_seconds(seconds).unwrap();
        let log = log.split_sessions(gap, &SplitSessionsOptions::default()).unwrap();
        let session = |j: super::super::Journey<'_>| {
            let whole = j.attribute("journey").unwrap().flatten().map(str::to_owned).collect();
            (j.id().to_owned(), whole)
        };
        log.journeys().map(session).collect()
    }

    #[test]
    fn a_session_ends_where_nothing_happens_for_longer_than_the_gap() {
        let rows = [("b", 0), ("b", 10), ("a", 5), ("b", 21), ("b", 21)];
        let log = rows.iter().fold(EventLog::builder(), |log, (id, s)| log.event(Event::new(id, "t", at(*s))));
        let log = log.build().unwrap();
        let all = |id: &str, n: usize| vec![id.to_owned(); n];
        let expected = [("b#1".into(), all("b", 2)), ("b#2".into(), all("b", 2)), ("a#1".into(), all("a", 1))];
        assert_eq!(sessions(&log, 10.0), expected, "a gap of 10 s is not longer than 10 s");
        assert_eq!(sessions(&log, 1e6).len(), 2);
        assert_eq!(sessions(&log, 0.0).len(), 4, "events at one instant stay together");
    }

    #[test]
    fn what_takes_time_ends_no_session() {
        let call = Event::new("a", "call", at(100)).started_at(at(20));
        let log = EventLog::builder().event(Event::new("a", "visit", at(10))).event(call).build().unwrap();
        assert_eq!(sessions(&log, 10.0).len(), 1);
        assert_eq!(sessions(&log, 9.0).len(), 2);
    }

    #[test]
    fn ids_that_look_like_sessions_stay_apart_and_nothing_is_lost() {
        let log = EventLog::builder()
            .event(Event::new("a", "t", at(0)))
            .event(Event::new("a", "t", at(99)))
            .event(Event::new("a#1", "t", at(0)))
            .build()
            .unwrap();
        let ids: Vec<_> = sessions(&log, 10.0).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, ["a#1", "a#2", "a#1#1"]);
        let split = log.split_sessions(Duration::default(), &SplitSessionsOptions::default()).unwrap();
        let again = split.split_sessions(Duration::default(), &SplitSessionsOptions::default()).unwrap_err();
        assert_eq!(again.location().field.as_deref(), Some("attribute"));
        let empty = EventLog::builder().build().unwrap();
        assert!(sessions(&empty, 1.0).is_empty());
    }
}
