//! Which visit each answer of a survey is about, and why some are about none.
//!
//! The join is that of [`EventLog::with_feedback`]; decision 25 says why it is so.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::cut;
use super::stats::Part;
use crate::duration::Duration;
use crate::error::Result;
use crate::log::{Answer, EventLog, Feedback, UnmatchedReason};
use crate::sorting::SortRows;

/// Options for [`match_feedback`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct MatchFeedbackOptions {
    /// The attribute of the log that holds the id of the customer; if not given, it is the id of the journey.
    pub customer: Option<String>,
    /// The longest time from a visit to an answer about it; any if not given.
    pub window: Option<Duration>,
    /// The most examples for each reason; all if not given.
    pub limit: Option<u64>,
}

impl Default for MatchFeedbackOptions {
    fn default() -> Self {
        Self { customer: None, window: None, limit: Some(5) }
    }
}

/// How feedback fits a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FeedbackMatches {
    /// Answers in the feedback.
    pub answers: u64,
    /// Answers with a score.
    pub scored_answers: u64,
    /// Answers that belong to a visit.
    pub matched: Part,
    /// Those of them that named its touchpoint.
    pub by_touchpoint: u64,
    /// Those of them that named none: they belong to the last event before them.
    pub by_time: u64,
    /// Events that an answer belongs to; fewer than answers where a visit has several.
    pub events: u64,
    /// Journeys that an answer belongs to, of all journeys: few say little about the rest.
    pub journeys: Part,
    /// Answers that belong to no visit, by reason; the most answers first, ties in the order in which reasons are looked for.
    pub unmatched: Vec<UnmatchedAnswers>,
}

/// Answers that belong to no visit for the same reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UnmatchedAnswers {
    /// Why.
    pub reason: UnmatchedReason,
    /// How many.
    pub answers: u64,
    /// The first of them.
    pub examples: Vec<UnmatchedAnswer>,
    /// Answers that the limit cut off.
    pub examples_left_out: u64,
}

/// An answer that belongs to no visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UnmatchedAnswer {
    /// The number of the answer in the feedback, from 1.
    pub record: u64,
    /// The id of the customer.
    pub customer: String,
    /// The touchpoint that the answer names.
    pub touchpoint: Option<String>,
    /// Time of the answer, RFC 3339 in UTC.
    pub time: String,
}

/// Says which answers belong to a visit in the log, and why the others do not.
///
/// An answer that names a touchpoint belongs to the customer's last visit there at or before the time of the answer, any
/// other to the customer's last event at or before it; in both cases not longer ago than the window.
///
/// ```
/// use journey_core::{Answer, Event, EventLog, Feedback, MatchFeedbackOptions, UnmatchedReason, match_feedback};
///
/// let log = EventLog::builder().event(Event::new("ann", "pay", "2024-03-13".parse()?)).build()?;
/// let feedback = Feedback::new([
///     Answer::new("ann", "2024-03-14".parse()?),
///     Answer::new("bob", "2024-03-14".parse()?),
/// ])?;
/// let report = match_feedback(&log, &feedback, &MatchFeedbackOptions::default())?;
/// assert_eq!((report.matched.n, report.by_time), (1, 1));
/// assert_eq!(report.unmatched[0].reason, UnmatchedReason::UnknownCustomer);
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If the log has no such attribute.
///
/// # Complexity
/// O((events + answers) log events).
pub fn match_feedback(log: &EventLog, feedback: &Feedback, options: &MatchFeedbackOptions) -> Result<FeedbackMatches> {
    let joined = log.join(feedback, options.customer.as_deref(), options.window)?;
    let (mut by_touchpoint, mut by_time, mut scored) = (0, 0, 0);
    let (mut events, mut journeys) = (BTreeSet::new(), BTreeSet::new());
    let mut missed: BTreeMap<UnmatchedReason, Vec<UnmatchedAnswer>> = BTreeMap::new();
    for ((joined, answer), record) in joined.into_iter().zip(feedback.answers()).zip(1..) {
        scored += u64::from(answer.score.is_some());
        match joined {
            Ok(joined) => {
                by_touchpoint += u64::from(answer.touchpoint.is_some());
                by_time += u64::from(answer.touchpoint.is_none());
                events.insert(joined.row);
                journeys.insert(joined.journey);
            }
            Err(reason) => missed.entry(reason).or_default().push(example(record, &answer)),
        }
    }
    let mut unmatched: Vec<UnmatchedAnswers> = missed
        .into_iter()
        .map(|(reason, mut examples)| {
            let answers = examples.len() as u64;
            let examples_left_out = cut(&mut examples, options.limit);
            UnmatchedAnswers { reason, answers, examples, examples_left_out }
        })
        .collect();
    unmatched.sort_rows_by_key(|row| std::cmp::Reverse(row.answers));
    let answers = feedback.len() as u64;
    Ok(FeedbackMatches {
        answers,
        scored_answers: scored,
        matched: Part::new(by_touchpoint + by_time, answers),
        by_touchpoint,
        by_time,
        events: events.len() as u64,
        journeys: Part::new(journeys.len() as u64, log.customers()),
        unmatched,
    })
}

fn example(record: u64, answer: &Answer<'_>) -> UnmatchedAnswer {
    UnmatchedAnswer {
        record,
        customer: answer.customer.to_owned(),
        touchpoint: answer.touchpoint.map(str::to_owned),
        time: answer.time.to_string(),
    }
}
