//! What customers say how satisfied they are: NPS, CSAT and CES, each with its interval.
//!
//! Net promoter score (Reichheld 2003): the share of answers of 9 or 10 less that of answers of 0 to 6, with the standard
//! error of a difference of two shares of one multinomial sample, `sqrt((P + D - (P - D)²) / n)`. Customer satisfaction:
//! the share of answers in the top two boxes, 4 and 5. Customer effort score: the mean.

use serde::{Deserialize, Serialize};

use super::cut;
use super::stats::{self, Mean, Share, score_stats};
use crate::duration::Duration;
use crate::error::{Problem, Result};
use crate::log::{Answer, EventLog, Feedback, Joined};
use crate::names::{NONE, Names};
use crate::score::ScoreScale;
use crate::sorting::SortRows;

/// The least score of a promoter and the highest of a detractor, on the scale of the NPS.
const PROMOTER: f64 = 9.0;
const DETRACTOR: f64 = 6.0;

/// The least score in the top two boxes of a scale from 1 to 5.
const SATISFIED: f64 = 4.0;

/// Options for [`satisfaction`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct SatisfactionOptions {
    /// What the answers are grouped by.
    pub by: SatisfactionGrouping,
    /// The attribute of the log whose values are the groups, where `by` is `attribute` or `segment`.
    pub attribute: Option<String>,
    /// The attribute of the log that holds the id of the customer; if not given, it is the id of the journey.
    pub customer: Option<String>,
    /// The longest time from a visit to an answer about it; any if not given.
    pub window: Option<Duration>,
    /// The most rows the report lists; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for SatisfactionOptions {
    fn default() -> Self {
        Self {
            by: SatisfactionGrouping::default(),
            attribute: None,
            customer: None,
            window: None,
            limit: None,
            confidence: stats::CONFIDENCE,
        }
    }
}

/// What answers are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SatisfactionGrouping {
    /// The touchpoint of the visit that an answer belongs to.
    #[default]
    Touchpoint,
    /// The channel of that visit.
    Channel,
    /// The value of an attribute at that visit, such as its stage.
    Attribute,
    /// The value of an attribute of the whole journey: that of its first event that has one.
    Segment,
}

/// How satisfied customers say they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Satisfaction {
    /// What the answers are grouped by.
    pub by: SatisfactionGrouping,
    /// All answers with a score, whether they belong to a visit or not.
    pub overall: SatisfactionScores,
    /// Answers without a score, which count nowhere.
    pub unscored_answers: u64,
    /// Answers with a score that belong to no visit, and so to no group.
    pub unmatched_answers: u64,
    /// Answers with a score whose visit has no channel or no value of the attribute, and so is in no group.
    pub without_value: u64,
    /// The groups, the most answers first, ties by name.
    pub rows: Vec<SatisfactionRow>,
    /// Groups that the limit cut off.
    pub rows_left_out: u64,
}

/// The answers of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SatisfactionRow {
    /// The touchpoint, channel or value.
    pub value: String,
    /// What its answers come to.
    pub scores: SatisfactionScores,
}

/// What answers come to; each figure comes from the answers on its scale alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SatisfactionScores {
    /// Answers with a score, on any scale.
    pub answers: u64,
    /// Their mean on the experience scale, -2 to 2.
    pub experience: Mean,
    /// The net promoter score, of answers on the scale `nps`; `None` if there are none.
    pub nps: Option<NetPromoterScore>,
    /// The satisfied, who answered 4 or 5, of answers on the scale `csat`; `None` if there are none.
    pub csat: Option<Share>,
    /// The mean customer effort score, 1 to 7, of answers on the scale `ces`; `None` if there are none.
    pub ces: Option<Mean>,
}

/// A net promoter score with its interval, as a number from -1 to 1; many print a hundred times that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NetPromoterScore {
    /// How many answers; at least 1.
    pub n: u64,
    /// Answers of 9 or 10.
    pub promoters: u64,
    /// Answers between those of detractors and promoters.
    pub passives: u64,
    /// Answers of 6 or less.
    pub detractors: u64,
    /// The share of promoters less that of detractors.
    pub nps: f64,
    /// Its standard error; `None` where all are of one kind, which says nothing about how far the next would be.
    pub standard_error: Option<f64>,
    /// Lower end of the interval, of the normal distribution.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

/// Says how satisfied customers are by their own account: NPS, CSAT and CES, overall and for each group.
///
/// An answer is in the group of the visit that it belongs to, joined as [`match_feedback`](crate::match_feedback) does.
///
/// ```
/// use journey_core::{Answer, Event, EventLog, Feedback, SatisfactionOptions, ScoreScale, satisfaction};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "pay", "2024-03-13".parse()?))
///     .event(Event::new("bob", "pay", "2024-03-13".parse()?))
///     .build()?;
/// let nps = |who, score| Ok::<_, journey_core::Error>(Answer::new(who, "2024-03-14".parse()?).with_score(score, ScoreScale::Nps));
/// let feedback = Feedback::new([nps("ann", 10.0)?, nps("bob", 3.0)?, nps("eve", 9.0)?])?;
/// let report = satisfaction(&log, &feedback, &SatisfactionOptions::default())?;
/// assert_eq!(report.rows[0].value, "pay");
/// assert_eq!(report.rows[0].scores.nps.as_ref().map(|score| score.nps), Some(0.0));
/// assert_eq!((report.overall.answers, report.unmatched_answers), (3, 1));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, the log has no such attribute, or `attribute` and `by` do not go together.
///
/// # Complexity
/// O((events + answers) log events).
pub fn satisfaction(log: &EventLog, feedback: &Feedback, options: &SatisfactionOptions) -> Result<Satisfaction> {
    stats::check_confidence(options.confidence)?;
    let groups = Grouped::new(log, options)?;
    let joined = log.join(feedback, options.customer.as_deref(), options.window)?;
    let mut overall = Tally::default();
    let mut tallies = vec![Tally::default(); groups.names.len()];
    let (mut unscored, mut unmatched, mut without_value) = (0, 0, 0);
    for (joined, answer) in joined.into_iter().zip(feedback.answers()) {
        let (Some(score), Some(experience)) = (answer.score, answer.experience()) else {
            unscored += 1;
            continue;
        };
        overall.add(&answer, score, experience);
        match joined.map(|joined| tallies.get_mut(groups.of(&joined) as usize)) {
            Ok(Some(tally)) => tally.add(&answer, score, experience),
            Ok(None) => without_value += 1,
            Err(_) => unmatched += 1,
        }
    }
    let mut rows: Vec<SatisfactionRow> = groups
        .names
        .iter()
        .zip(tallies)
        .filter(|(_, tally)| !tally.experience.is_empty())
        .map(|(value, tally)| SatisfactionRow { value: value.to_owned(), scores: tally.scores(options.confidence) })
        .collect();
    rows.sort_rows_by_key(|row| std::cmp::Reverse(row.scores.answers));
    let rows_left_out = cut(&mut rows, options.limit);
    Ok(Satisfaction {
        by: options.by,
        overall: overall.scores(options.confidence),
        unscored_answers: unscored,
        unmatched_answers: unmatched,
        without_value,
        rows,
        rows_left_out,
    })
}

/// The group of each row of the log.
struct Grouped<'a> {
    /// In byte order.
    names: &'a Names,
    /// By row, or by journey where the groups are segments.
    codes: Vec<u32>,
    by: SatisfactionGrouping,
}

impl<'a> Grouped<'a> {
    fn new(log: &'a EventLog, options: &SatisfactionOptions) -> Result<Self> {
        use SatisfactionGrouping::{Attribute, Channel, Segment, Touchpoint};
        let refused = |message: &str| Err(Problem::Options(message.into()).at_field("attribute"));
        let (names, codes) = match (options.by, &options.attribute) {
            (Touchpoint | Channel, Some(_)) => {
                return refused("an attribute is only used where `by` is `attribute` or `segment`");
            }
            (Attribute | Segment, None) => {
                return refused("expected the name of an attribute, since `by` is `attribute` or `segment`");
            }
            (Touchpoint, None) => {
                (log.touchpoints(), log.journeys().flat_map(|journey| journey.touchpoints()).copied().collect())
            }
            (Channel, None) => {
                let codes = log.journeys().flat_map(|journey| journey.channels());
                (log.channels(), codes.map(|code| code.unwrap_or(NONE)).collect())
            }
            (Attribute, Some(attribute)) => {
                let groups = log.groups(attribute, "attribute")?;
                (groups.names(), log.journeys().flat_map(|journey| groups.values(journey)).copied().collect())
            }
            (Segment, Some(attribute)) => {
                let groups = log.groups(attribute, "attribute")?;
                (groups.names(), log.journeys().map(|journey| groups.of(journey).unwrap_or(NONE)).collect())
            }
        };
        Ok(Self { names, codes, by: options.by })
    }

    /// The group of an answer, as a code of the names; [`NONE`] if it has none.
    fn of(&self, joined: &Joined) -> u32 {
        let place = if self.by == SatisfactionGrouping::Segment { joined.journey } else { joined.row };
        self.codes.get(place).copied().unwrap_or(NONE)
    }
}

/// The answers of a group.
#[derive(Clone, Default)]
struct Tally {
    experience: Vec<f64>,
    promoters: u64,
    passives: u64,
    detractors: u64,
    satisfied: u64,
    csat: u64,
    efforts: Vec<f64>,
}

impl Tally {
    fn add(&mut self, answer: &Answer<'_>, score: f64, experience: f64) {
        self.experience.push(experience);
        match answer.scale {
            ScoreScale::Nps if score >= PROMOTER => self.promoters += 1,
            ScoreScale::Nps if score <= DETRACTOR => self.detractors += 1,
            ScoreScale::Nps => self.passives += 1,
            ScoreScale::Csat => {
                self.csat += 1;
                self.satisfied += u64::from(score >= SATISFIED);
            }
            ScoreScale::Ces => self.efforts.push(score),
            _ => {}
        }
    }

    fn scores(mut self, confidence: f64) -> SatisfactionScores {
        SatisfactionScores {
            answers: self.experience.len() as u64,
            experience: Mean::from(&score_stats(&mut self.experience, confidence)),
            nps: self.net_promoters(confidence),
            csat: (self.csat > 0).then(|| Share::new(self.satisfied, self.csat, confidence)),
            ces: (!self.efforts.is_empty()).then(|| Mean::from(&score_stats(&mut self.efforts, confidence))),
        }
    }

    fn net_promoters(&self, confidence: f64) -> Option<NetPromoterScore> {
        let Self { promoters, passives, detractors, .. } = *self;
        let n = promoters + passives + detractors;
        let (p, d) = (stats::ratio(promoters, n)?, stats::ratio(detractors, n)?);
        let nps = p - d;
        let varies = ![promoters, passives, detractors].contains(&n);
        let standard_error = varies.then(|| ((p + d - nps * nps) / stats::float(n)).sqrt());
        let half = standard_error.map(|error| stats::normal_quantile(confidence) * error);
        Some(NetPromoterScore {
            n,
            promoters,
            passives,
            detractors,
            nps,
            standard_error,
            low: half.map(|half| (nps - half).max(-1.0)),
            high: half.map(|half| (nps + half).min(1.0)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_net_promoter_score_is_promoters_less_detractors() {
        let tally = Tally { promoters: 50, passives: 30, detractors: 20, ..Tally::default() };
        let score = tally.net_promoters(0.95).unwrap();
        assert_eq!((score.n, (score.nps - 0.3).abs() < 1e-15), (100, true));
        // sqrt((0.5 + 0.2 - 0.09) / 100) = sqrt(0.0061)
        assert!((score.standard_error.unwrap() - 0.0061f64.sqrt()).abs() < 1e-15);
        let (low, high) = (score.low.unwrap(), score.high.unwrap());
        assert!((low - 0.146_921).abs() < 1e-6 && (high - 0.453_079).abs() < 1e-6, "{low} {high}");
    }

    #[test]
    fn answers_that_are_all_alike_have_no_interval() {
        let tally = Tally { promoters: 3, ..Tally::default() };
        let score = tally.net_promoters(0.95).unwrap();
        assert_eq!((score.nps, score.standard_error, score.low, score.high), (1.0, None, None, None));
        assert_eq!(Tally::default().net_promoters(0.95), None);
    }
}
