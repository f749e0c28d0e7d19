//! How hard a touchpoint is to reach: how often customers try before they succeed, and how many give up.
//!
//! Definition: an attempt is an event that meets the conditions of the option, before the first event of its journey at a
//! success touchpoint; a success is no attempt. Of the journeys that made attempt `k`, some succeed before they make another
//! one, some make another one, some give up, and some are still open when observation ends: those are in no share. (First
//! contact resolution, the share of problems solved by the first call, is the success of attempt 1.)

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::censoring::Censoring;
use super::stats::{self, Share, TimeStats, float};
use crate::duration::Duration;
use crate::error::{Problem, Result};
use crate::log::{EventLog, EventMatch, Fold, Journey, LogNames, Matcher, fold};

/// Options for [`attempts`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct AttemptsOptions {
    /// Which events are attempts, such as calls; without a condition every event before the success is one.
    pub attempt: EventMatch,
    /// A journey that has been silent for less than this when observation ends is open, and counts neither as a success nor as
    /// having given up; if not given, all are finished.
    pub inactive_after: Option<Duration>,
    /// The most rows the report lists; all if `None`.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for AttemptsOptions {
    fn default() -> Self {
        Self { attempt: EventMatch::default(), inactive_after: None, limit: Some(100), confidence: stats::CONFIDENCE }
    }
}

/// How often customers try before they succeed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Attempts {
    /// Journeys in the log.
    pub journeys: u64,
    /// Journeys with at least one attempt before any success.
    pub attempted: u64,
    /// Journeys that succeeded without an attempt before; they are in no other figure.
    pub without_attempt: u64,
    /// Of `attempted`, journeys without success that may still go on.
    pub open_journeys: u64,
    /// Of `attempted`, journeys that ended without success.
    pub gave_up: u64,
    /// Of `attempted`, without the open journeys, those that succeeded.
    pub succeeded: Share,
    /// How many attempts a success needed; `None` if there is none.
    pub needed: Option<AttemptsNeeded>,
    /// From when the first attempt began to the success; `None` if there is none, or the log has no times.
    pub time_to_success: Option<TimeStats>,
    /// What became of the first attempt, the second, and so on.
    pub rows: Vec<AttemptRow>,
    /// Rows that the limit cut off.
    pub rows_left_out: u64,
}

/// How many attempts a success needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AttemptsNeeded {
    /// Journeys that succeeded after at least one attempt.
    pub n: u64,
    /// Their attempts on average.
    pub mean: f64,
    /// Lower end of the interval of the mean (Student's t); `None` where `n` is 1.
    pub mean_low: Option<f64>,
    /// Upper end of the interval of the mean; `None` where `n` is 1.
    pub mean_high: Option<f64>,
    /// Half needed at most so many.
    pub median: f64,
    /// Nine in ten needed at most so many.
    pub p90: f64,
    /// The most.
    pub max: u64,
}

/// What became of the journeys that made an attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AttemptRow {
    /// The number of the attempt, from 1.
    pub attempt: u64,
    /// Journeys that made it.
    pub journeys: u64,
    /// Of these, without those that are open after it, the ones that succeeded before they made another attempt.
    pub success: Share,
    /// Of these, the ones that made another attempt.
    pub went_on: u64,
    /// Of these, the ones that ended after it.
    pub gave_up: u64,
    /// Of these, the ones that may still go on.
    pub open: u64,
    /// Of all journeys that attempted, without the open ones, those that succeeded by this attempt or an earlier one.
    pub cumulative: Share,
}

/// Counts how often customers try before they reach one of the success touchpoints, and how many give up.
///
/// ```
/// use journey_core::{AttemptsOptions, Event, EventLog, EventMatch, attempts};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "call", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "call", "2024-03-13T11:00:00Z".parse()?))
///     .event(Event::new("ann", "solved", "2024-03-13T11:10:00Z".parse()?))
///     .event(Event::new("bob", "call", "2024-03-13T10:00:00Z".parse()?))
///     .build()?;
/// let attempt = EventMatch { touchpoints: vec!["call".into()], ..Default::default() };
/// let report = attempts(&log, &["solved"], &AttemptsOptions { attempt, ..Default::default() })?;
/// assert_eq!((report.rows[0].success.n, report.rows[0].success.of), (0, 2));
/// assert_eq!((report.rows[1].success.n, report.rows[1].success.of), (1, 1));
/// assert_eq!(report.gave_up, 1);
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If there is no success touchpoint, one of the names is not in the log (unless the log is empty), or an option lies outside
/// its range.
///
/// # Complexity
/// O(events + successes log successes); memory for each journey that succeeds, and a row for each number of attempts.
pub fn attempts<S: AsRef<str>>(log: &EventLog, success: &[S], options: &AttemptsOptions) -> Result<Attempts> {
    stats::check_confidence(options.confidence)?;
    if success.is_empty() {
        return Err(Problem::Options("expected at least one touchpoint that is a success".into()).at_field("success"));
    }
    let success: Vec<u32> =
        success.iter().map(|name| log.touchpoint_code(name.as_ref(), "success")).collect::<Result<_>>()?;
    let attempt = log.matcher(&options.attempt).map_err(|error| error.inside("attempt"))?;
    let censoring = Censoring::new(log, options.inactive_after)?;
    Ok(fold(log, || AttemptsFold::new(&success, &attempt, censoring, options)))
}

/// How the journeys with so many attempts ended.
#[derive(Clone, Copy, Default)]
struct Ends {
    succeeded: u64,
    gave_up: u64,
    open: u64,
}

pub(super) struct AttemptsFold<'a> {
    success: &'a [u32],
    attempt: &'a Matcher<'a>,
    censoring: Censoring,
    options: &'a AttemptsOptions,
    journeys: u64,
    without_attempt: u64,
    /// By the number of attempts.
    ends: BTreeMap<u64, Ends>,
    /// Microseconds to each success.
    times: Vec<i64>,
}

impl<'a> AttemptsFold<'a> {
    pub(super) fn new(
        success: &'a [u32],
        attempt: &'a Matcher<'a>,
        censoring: Censoring,
        options: &'a AttemptsOptions,
    ) -> Self {
        let (ends, times) = (BTreeMap::new(), Vec::new());
        Self { success, attempt, censoring, options, journeys: 0, without_attempt: 0, ends, times }
    }

    fn needed(&self) -> Option<AttemptsNeeded> {
        let needed = self.ends.iter().flat_map(|(attempts, ends)| (0..ends.succeeded).map(|_| float(*attempts)));
        let mut needed: Vec<f64> = needed.collect();
        let stats = stats::score_stats(&mut needed, self.options.confidence);
        let (last, _) = self.ends.iter().rev().find(|(_, ends)| ends.succeeded > 0)?;
        Some(AttemptsNeeded {
            n: stats.n,
            mean: stats.mean?,
            mean_low: stats.low,
            mean_high: stats.high,
            median: stats::sorted_quantile(&needed, 0.5)?,
            p90: stats::sorted_quantile(&needed, 0.9)?,
            max: *last,
        })
    }

    /// A row for each number of attempts that a journey made, whether or not one ended there.
    fn rows(&self, attempted: u64, finished: u64) -> Vec<AttemptRow> {
        let confidence = self.options.confidence;
        let (mut journeys, mut so_far) = (attempted, 0);
        let last = self.ends.keys().last().copied().unwrap_or_default();
        let shown = self.options.limit.map_or(last, |limit| limit.min(last));
        let rows = (1..=shown).map(|attempt| {
            let Ends { succeeded, gave_up, open } = self.ends.get(&attempt).copied().unwrap_or_default();
            let made = journeys;
            journeys -= succeeded + gave_up + open;
            so_far += succeeded;
            AttemptRow {
                attempt,
                journeys: made,
                success: Share::new(succeeded, made - open, confidence),
                went_on: journeys,
                gave_up,
                open,
                cumulative: Share::new(so_far, finished, confidence),
            }
        });
        rows.collect()
    }
}

impl Fold for AttemptsFold<'_> {
    type Report = Attempts;

    fn journey(&mut self, journey: Journey<'_>) {
        self.journeys += 1;
        let touchpoints = journey.touchpoints();
        let success = touchpoints.iter().position(|touchpoint| self.success.contains(touchpoint));
        let before = success.unwrap_or(touchpoints.len());
        let mut attempts = (0..before).filter(|place| self.attempt.matches(journey, *place));
        let Some(first) = attempts.next() else {
            self.without_attempt += u64::from(success.is_some());
            return;
        };
        let ends = self.ends.entry(1 + attempts.count() as u64).or_default();
        match success {
            // Successes that are known so early would weigh too much beside failures that are not yet known.
            _ if self.censoring.is_open(journey) => ends.open += 1,
            Some(place) => {
                ends.succeeded += 1;
                let time = |place: usize| journey.times().and_then(|times| times.get(place)).copied();
                let begun = journey.starts().nth(first).flatten().or_else(|| time(first));
                self.times.extend(time(place).zip(begun).map(|(time, begun)| time - begun));
            }
            None => ends.gave_up += 1,
        }
    }

    fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        self.without_attempt += other.without_attempt;
        for (attempts, more) in other.ends {
            let ends = self.ends.entry(attempts).or_default();
            ends.succeeded += more.succeeded;
            ends.gave_up += more.gave_up;
            ends.open += more.open;
        }
        self.times.extend(other.times);
    }

    fn finish(mut self, _: &LogNames) -> Attempts {
        let confidence = self.options.confidence;
        let sum = |count: fn(&Ends) -> u64| self.ends.values().map(count).sum::<u64>();
        let (succeeded, gave_up, open) = (sum(|ends| ends.succeeded), sum(|ends| ends.gave_up), sum(|ends| ends.open));
        let (finished, attempted) = (succeeded + gave_up, succeeded + gave_up + open);
        let (needed, rows) = (self.needed(), self.rows(attempted, finished));
        let last = self.ends.keys().last().copied().unwrap_or_default();
        Attempts {
            journeys: self.journeys,
            attempted,
            without_attempt: self.without_attempt,
            open_journeys: open,
            gave_up,
            succeeded: Share::new(succeeded, finished, confidence),
            needed,
            time_to_success: stats::time_stats(&mut self.times, confidence),
            rows_left_out: last - rows.len() as u64,
            rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    fn report(paths: &[&str], inactive_after: Option<f64>) -> Attempts {
        let mut log = EventLog::builder();
        for (journey, path) in paths.iter().enumerate() {
            for (second, touchpoint) in (0..).zip(path.split_whitespace()) {
                let time = Timestamp::from_micros(second * 1_000_000).unwrap();
                log = log.event(Event::new(&format!("j{journey}"), touchpoint, time));
            }
        }
        let options = AttemptsOptions {
            attempt: EventMatch { touchpoints: vec!["call".into()], ..Default::default() },
            inactive_after: inactive_after.map(|seconds| Duration::from_seconds(seconds).unwrap()),
            ..Default::default()
        };
        attempts(&log.build().unwrap(), &["solved"], &options).unwrap()
    }

    #[test]
    fn each_attempt_succeeds_goes_on_or_is_the_last() {
        let report = report(&["call call solved", "call solved call", "call call call", "solved"], None);
        let rows: Vec<_> =
            report.rows.iter().map(|row| (row.journeys, row.success.n, row.went_on, row.gave_up)).collect();
        assert_eq!(rows, [(3, 1, 2, 0), (2, 1, 1, 0), (1, 0, 0, 1)]);
        assert_eq!((report.needed.unwrap().mean, report.without_attempt), (1.5, 1));
        assert_eq!(report.time_to_success.unwrap().max_seconds, 2.0);
    }

    #[test]
    fn who_may_still_try_again_has_not_given_up() {
        let report = report(&["call", "visit visit call", "call solved"], Some(1.0));
        assert_eq!((report.open_journeys, report.gave_up, report.succeeded.of), (1, 1, 2));
    }
}
