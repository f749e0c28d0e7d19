//! Which journeys are still open when observation ends: they are censored, and have not ended where they stand.
//!
//! Observation ends with the latest event of the log that was read; logs made from it keep that end, since a part of the
//! customers was watched for as long as all of them. A journey whose last event lies less than `inactive_after` before
//! that may go on, and nobody knows how; one that has been silent for at least that long is finished. Where no length of
//! time is given, every journey is taken as finished. So is every journey of a log without times: nothing says that one
//! may still go on, and asking for a length of time is an error.

use crate::duration::Duration;
use crate::error::Result;
use crate::log::{EventLog, Journey};

/// Says which journeys are open.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Censoring {
    /// A journey with an event after this time, in microseconds, is open; `None` where all are finished.
    finished_until: Option<i64>,
}

impl Censoring {
    /// Makes the option `inactive_after` ready.
    pub(super) fn new(log: &EventLog, inactive_after: Option<Duration>) -> Result<Self> {
        let Some(length) = inactive_after else { return Ok(Self::default()) };
        log.needs_times("inactive_after")?;
        Ok(Self { finished_until: Some(log.observed_until().saturating_sub(length.micros())) })
    }

    /// Whether the journey may still go on.
    pub(super) fn is_open(self, journey: Journey<'_>) -> bool {
        let last = || journey.times().and_then(<[i64]>::last);
        self.finished_until.is_some_and(|until| last().is_some_and(|last| *last > until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    fn open(last_events: &[i64], inactive_after: Option<f64>) -> Vec<bool> {
        let mut log = EventLog::builder();
        for (journey, seconds) in last_events.iter().enumerate() {
            let time = Timestamp::from_micros(seconds * 1_000_000).unwrap();
            log = log.event(Event::new(&format!("j{journey}"), "visit", time));
        }
        let log = log.build().unwrap();
        let censoring = Censoring::new(&log, inactive_after.map(|seconds| Duration::from_seconds(seconds).unwrap()));
        let censoring = censoring.unwrap();
        log.journeys().map(|journey| censoring.is_open(journey)).collect()
    }

    #[test]
    fn a_journey_is_finished_once_it_has_been_silent_long_enough() {
        assert_eq!(open(&[0, 70, 71, 100], Some(30.0)), [false, false, true, true], "30 s of silence are enough");
        assert_eq!(open(&[0, 100], Some(1e6)), [true, true], "nobody was watched for long enough");
    }

    #[test]
    fn a_part_of_a_log_was_watched_for_as_long_as_the_whole() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000).unwrap();
        let log = EventLog::builder()
            .event(Event::new("early", "visit", at(0)))
            .event(Event::new("late", "pay", at(100)))
            .build()
            .unwrap();
        let open = |options: &crate::SelectOptions| {
            let part = log.select(options).unwrap();
            let censoring = Censoring::new(&part, Duration::from_seconds(30.0).ok()).unwrap();
            part.journeys().map(|journey| censoring.is_open(journey)).collect::<Vec<_>>()
        };
        let visits = crate::SelectOptions { touchpoints: vec!["visit".into()], ..Default::default() };
        assert_eq!(open(&visits), [false], "silent for 100 s");
        let until = crate::SelectOptions { until: Some("1970-01-01T00:00:20Z".into()), ..Default::default() };
        assert_eq!(open(&until), [true], "nobody knows what came after 20 s");
    }

    #[test]
    fn without_a_length_of_time_every_journey_is_finished() {
        assert_eq!(open(&[0, 100], None), [false, false]);
        assert_eq!(open(&[0, 100], Some(0.0)), [false, false], "no silence at all is needed");
        assert_eq!(open(&[], Some(30.0)), [] as [bool; 0]);
    }
}
