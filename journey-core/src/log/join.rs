//! Feedback joined to a log: which visit an answer is about.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{EventLog, Feedback};
use crate::duration::Duration;
use crate::error::{Problem, Result, shorten};
use crate::names::NONE;
use crate::threads::sort;

/// Options for [`EventLog::with_feedback`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct WithFeedbackOptions {
    /// The attribute of the log that holds the id of the customer; if not given, it is the id of the journey.
    pub customer: Option<String>,
    /// The longest time from a visit to an answer about it; any if not given.
    pub window: Option<Duration>,
}

/// Why an answer belongs to no visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnmatchedReason {
    /// No journey of the log is this customer's.
    UnknownCustomer,
    /// The answer names a touchpoint that the log does not have.
    UnknownTouchpoint,
    /// The customer was not there before the answer: not at the touchpoint that it names, or nowhere.
    NoVisitBefore,
    /// The last such visit was longer ago than the window.
    OutsideWindow,
}

/// Where an answer belongs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Joined {
    /// The row of the log.
    pub(crate) row: usize,
    /// The position of its journey.
    pub(crate) journey: usize,
}

/// An event of a customer who answered.
struct Visit {
    customer: u32,
    /// As a code of the feedback; [`NONE`] in the index by time alone.
    touchpoint: u32,
    time: i64,
    /// The place of the journey in the order of ids, so that ties do not depend on the order of rows.
    rank: usize,
    joined: Joined,
}

impl EventLog {
    /// The same log whose events carry what customers answered about them, apart from the events' own scores.
    ///
    /// An answer that names a touchpoint belongs to the customer's last visit there at or before the time of the answer,
    /// any other to the customer's last event at or before it. Several answers about one event count as one, their mean
    /// on the experience scale. [`match_feedback`](crate::match_feedback) says which answers belong to no event.
    ///
    /// ```
    /// use journey_core::{Answer, Event, EventLog, Feedback, ScoreScale, WithFeedbackOptions};
    ///
    /// let log = EventLog::builder().event(Event::new("ann", "pay", "2024-03-13T10:00:00Z".parse()?)).build()?;
    /// let asked = Answer::new("ann", "2024-03-13T12:00:00Z".parse()?).with_score(10.0, ScoreScale::Nps);
    /// let log = log.with_feedback(&Feedback::new([asked])?, &WithFeedbackOptions::default())?;
    /// let ann = log.journey(0).unwrap();
    /// assert_eq!(ann.feedback().collect::<Vec<_>>(), [Some(2.0)]);
    /// assert_eq!(ann.scores().collect::<Vec<_>>(), [None]);
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the log has no such attribute or no times, carries feedback already, or an answer would belong to a journey that
    /// stands for several customers.
    ///
    /// # Complexity
    /// O((events + answers) log events).
    pub fn with_feedback(&self, feedback: &Feedback, options: &WithFeedbackOptions) -> Result<Self> {
        if self.feedback.is_some() {
            let message = "the log carries feedback already; join all answers as one table";
            return Err(Problem::Options(message.into()).into());
        }
        let joined = self.join(feedback, options.customer.as_deref(), options.window)?;
        let mut matched = joined.iter().filter_map(|joined| self.journey(joined.ok()?.journey));
        if let Some(journey) = matched.find(|journey| journey.weight() > 1) {
            let (id, customers) = (shorten(journey.id()), journey.weight());
            let message = format!("the journey `{id}` stands for {customers} customers, and an answer is that of one");
            return Err(Problem::Options(message).at_field("feedback"));
        }
        let mut scores: Vec<(usize, f64)> = joined
            .iter()
            .zip(feedback.answers())
            .filter_map(|(joined, answer)| Some((joined.ok()?.row, answer.experience()?)))
            .collect();
        // In this order, so that no sum depends on the order of the answers.
        sort(&mut scores, |a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut column = vec![f64::NAN; self.len()];
        for answers in scores.chunk_by(|a, b| a.0 == b.0) {
            let scores: Vec<f64> = answers.iter().map(|(_, score)| *score).collect();
            if let (Some((row, _)), Some(mean)) = (answers.first(), mean(&scores)) {
                column.get_mut(*row).into_iter().for_each(|cell| *cell = mean);
            }
        }
        Ok(Self { feedback: Some(Arc::new(column)), ..self.clone() })
    }

    /// For each answer where it belongs, or why nowhere.
    pub(crate) fn join(
        &self,
        feedback: &Feedback,
        customer: Option<&str>,
        window: Option<Duration>,
    ) -> Result<Vec<std::result::Result<Joined, UnmatchedReason>>> {
        let visits = self.visits_of(feedback, customer)?;
        let mut known = vec![false; feedback.customers().len()];
        for visit in &visits {
            known.get_mut(visit.customer as usize).into_iter().for_each(|slot| *slot = true);
        }
        let here = |name| self.touchpoints().code(name).is_some();
        let in_log: Vec<bool> = feedback.touchpoints().iter().map(here).collect();
        let is = |flags: &[bool], code: u32| flags.get(code as usize).copied().unwrap_or(false);
        let by_time: Vec<Visit> = visits.iter().map(|visit| Visit { touchpoint: NONE, ..*visit }).collect();
        let (visits, by_time) = (in_order(visits), in_order(by_time));
        let place = |(customer, touchpoint, time): (u32, u32, i64)| {
            if !is(&known, customer) {
                return Err(UnmatchedReason::UnknownCustomer);
            }
            if touchpoint != NONE && !is(&in_log, touchpoint) {
                return Err(UnmatchedReason::UnknownTouchpoint);
            }
            let index = if touchpoint == NONE { &by_time } else { &visits };
            let visit = last_before(index, customer, touchpoint, time).ok_or(UnmatchedReason::NoVisitBefore)?;
            let inside = window.is_none_or(|window| time - visit.time <= window.micros());
            if inside { Ok(visit.joined) } else { Err(UnmatchedReason::OutsideWindow) }
        };
        Ok(feedback.keys().map(place).collect())
    }

    /// The events of the customers who answered.
    fn visits_of(&self, feedback: &Feedback, customer: Option<&str>) -> Result<Vec<Visit>> {
        let groups = customer.map(|attribute| self.groups(attribute, "customer")).transpose()?;
        self.needs_times("feedback")?;
        let ranks = self.ranks();
        let codes: Vec<u32> =
            self.touchpoints().iter().map(|name| feedback.touchpoints().code(name).unwrap_or(NONE)).collect();
        let mut visits = Vec::new();
        for (journey, rank) in self.journeys().zip(ranks) {
            let id = match &groups {
                Some(groups) => groups.of(journey).map(|code| groups.names().name(code)),
                None => Some(journey.id()),
            };
            let Some(customer) = id.and_then(|id| feedback.customer_code(id)) else { continue };
            let times = journey.times().unwrap_or_default();
            let cells = journey.touchpoints().iter().zip(times).zip(journey.rows());
            visits.extend(cells.map(|((touchpoint, time), row)| Visit {
                customer,
                touchpoint: codes.get(*touchpoint as usize).copied().unwrap_or(NONE),
                time: *time,
                rank,
                joined: Joined { row, journey: journey.position },
            }));
        }
        Ok(visits)
    }

    /// For each journey its place in the order of ids.
    fn ranks(&self) -> Vec<usize> {
        let mut order: Vec<(&str, usize)> = self.journeys().map(|journey| (journey.id(), journey.position)).collect();
        order.sort_unstable();
        let mut ranks = vec![0; order.len()];
        for (rank, (_, position)) in order.into_iter().enumerate() {
            ranks.get_mut(position).into_iter().for_each(|slot| *slot = rank);
        }
        ranks
    }
}

fn in_order(mut visits: Vec<Visit>) -> Vec<Visit> {
    let key = |visit: &Visit| (visit.customer, visit.touchpoint, visit.time, visit.rank, visit.joined.row);
    sort(&mut visits, |one, other| key(one).cmp(&key(other)));
    visits
}

/// The last visit at or before a time.
fn last_before(visits: &[Visit], customer: u32, touchpoint: u32, time: i64) -> Option<&Visit> {
    let after =
        visits.partition_point(|visit| (visit.customer, visit.touchpoint, visit.time) <= (customer, touchpoint, time));
    let visit = visits.get(after.checked_sub(1)?)?;
    (visit.customer == customer && visit.touchpoint == touchpoint).then_some(visit)
}

/// The mean of scores in order.
fn mean(scores: &[f64]) -> Option<f64> {
    let (first, last) = (scores.first()?, scores.last()?);
    #[expect(clippy::cast_precision_loss, reason = "nobody answers 2^53 times")]
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    // Rounding must not carry the mean out of the range of the scores.
    Some(mean.clamp(*first, *last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answer, Event, ScoreScale, Timestamp};

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_micros(minute * 60_000_000).unwrap()
    }

    /// Ann: visit 0, pay 10, visit 20; bob: visit 5.
    fn log() -> EventLog {
        let mut builder = EventLog::builder();
        for (journey, touchpoint, minute) in
            [("ann", "visit", 0), ("ann", "pay", 10), ("ann", "visit", 20), ("bob", "visit", 5)]
        {
            builder.push(Event::new(journey, touchpoint, at(minute)), []).unwrap();
        }
        builder.build().unwrap()
    }

    fn joined(log: &EventLog, answer: Answer<'_>, window: Option<&str>) -> std::result::Result<usize, UnmatchedReason> {
        let window = window.map(|window| window.parse().unwrap());
        log.join(&Feedback::new([answer]).unwrap(), None, window).unwrap()[0].map(|joined| joined.row)
    }

    #[test]
    fn an_answer_belongs_to_the_last_visit_before_it() {
        let ann = |minute| Answer::new("ann", at(minute));
        assert_eq!(joined(&log(), ann(15), None), Ok(1));
        assert_eq!(joined(&log(), ann(20), None), Ok(2), "at the same time is not after");
        assert_eq!(joined(&log(), ann(15).about("visit"), None), Ok(0));
        assert_eq!(joined(&log(), ann(15).about("visit"), Some("15m")), Ok(0), "the window has its end");
    }

    #[test]
    fn what_belongs_nowhere_has_a_reason() {
        let ann = |minute| Answer::new("ann", at(minute));
        assert_eq!(joined(&log(), Answer::new("eve", at(9)), None), Err(UnmatchedReason::UnknownCustomer));
        assert_eq!(joined(&log(), ann(9).about("chat"), None), Err(UnmatchedReason::UnknownTouchpoint));
        assert_eq!(joined(&log(), ann(9).about("pay"), None), Err(UnmatchedReason::NoVisitBefore));
        assert_eq!(joined(&log(), ann(-1), None), Err(UnmatchedReason::NoVisitBefore));
        assert_eq!(joined(&log(), ann(31), Some("10m")), Err(UnmatchedReason::OutsideWindow));
        let bob = Answer::new("bob", at(9)).about("pay");
        assert_eq!(joined(&log(), bob, None), Err(UnmatchedReason::NoVisitBefore), "only ann was there");
    }

    #[test]
    fn a_customer_may_have_many_sessions() {
        let sessions = log().split_sessions("9m".parse().unwrap(), &Default::default()).unwrap();
        let feedback = Feedback::new([Answer::new("ann", at(15)).with_score(-2.0, ScoreScale::Experience)]).unwrap();
        let options = WithFeedbackOptions { customer: Some("journey".into()), window: None };
        let log = sessions.with_feedback(&feedback, &options).unwrap();
        let scores: Vec<_> = log.journeys().flat_map(|journey| journey.feedback().collect::<Vec<_>>()).collect();
        assert_eq!(scores, [None, Some(-2.0), None, None]);
        assert!(log.with_feedback(&feedback, &options).is_err(), "feedback is not lost by more of it");
    }

    #[test]
    fn several_answers_about_one_visit_are_their_mean() {
        let bob = |score, scale| Answer::new("bob", at(6)).with_score(score, scale);
        let feedback = Feedback::new([bob(5.0, ScoreScale::Csat), bob(5.0, ScoreScale::Nps)]).unwrap();
        let log = log().with_feedback(&feedback, &WithFeedbackOptions::default()).unwrap();
        assert_eq!(log.journey(1).unwrap().feedback().collect::<Vec<_>>(), [Some(1.0)]);
    }
}
