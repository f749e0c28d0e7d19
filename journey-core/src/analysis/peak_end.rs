//! How customers remember a journey: by its peak and its end, and not by how long it was.
//!
//! The peak-end rule (Fredrickson and Kahneman 1993; Kahneman et al. 1993; Redelmeier and Kahneman 1996): the remembered
//! score of a journey is the mean of its peak, the score that lies farthest from neutral, and of its end, its last score.
//! It stands beside the mean and the lowest score, so that what memory leaves out is seen.

use serde::{Deserialize, Serialize};

use super::cut;
use super::scores::billionths;
use super::stats::{self, Part, Share, float, score_stats, sorted_quantile};
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::threads::sort;

/// Options for [`peak_end_score`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct PeakEndOptions {
    /// Which score of a journey is its peak.
    pub peak: PeakKind,
    /// The most journeys listed; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for PeakEndOptions {
    fn default() -> Self {
        Self { peak: PeakKind::default(), limit: Some(10), confidence: stats::CONFIDENCE }
    }
}

/// Which score of a journey is its peak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PeakKind {
    /// The one that lies farthest from neutral, for better or worse; of several the last.
    #[default]
    Extreme,
    /// The lowest; of several the last.
    Lowest,
}

/// How customers remember their journeys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PeakEnd {
    /// Which score was taken as the peak.
    pub peak: PeakKind,
    /// Journeys with at least one score, which all figures are about, of all journeys.
    pub scored_journeys: Part,
    /// Events with a score of their own.
    pub n_events: u64,
    /// Events with feedback about them.
    pub n_feedback: u64,
    /// Steps with a score below neutral, of all steps with a score.
    pub below_neutral: Part,
    /// Journeys with more than half of their scored steps below neutral.
    pub mostly_below_neutral: Share,
    /// The remembered scores of the journeys.
    pub peak_end: ScoreSpread,
    /// Their mean scores.
    pub mean: ScoreSpread,
    /// Their lowest scores.
    pub lowest: ScoreSpread,
    /// The journeys that are remembered worst, the worst first, ties by id.
    pub worst: Vec<PeakEndJourney>,
    /// Journeys that the limit cut off.
    pub worst_left_out: u64,
}

/// How scores of journeys spread: their mean with its interval, and their quantiles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScoreSpread {
    /// How many journeys.
    pub n: u64,
    /// The mean over the journeys.
    pub mean: Option<f64>,
    /// Lower end of the mean's t interval; `None` of fewer than two.
    pub low: Option<f64>,
    /// Upper end of the mean's t interval; `None` of fewer than two.
    pub high: Option<f64>,
    /// The lowest.
    pub min: Option<f64>,
    /// A quarter is at most this.
    pub lower_quartile: Option<f64>,
    /// Half are at most this.
    pub median: Option<f64>,
    /// Three quarters are at most this.
    pub upper_quartile: Option<f64>,
    /// The highest.
    pub max: Option<f64>,
}

/// How a journey is remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PeakEndJourney {
    /// The id of the journey.
    pub journey: String,
    /// The mean of its peak and its end.
    pub peak_end: f64,
    /// Its peak.
    pub peak: f64,
    /// The touchpoint of its peak.
    pub peak_touchpoint: String,
    /// Its last score.
    pub end: f64,
    /// The touchpoint of its last score.
    pub end_touchpoint: String,
    /// The mean of its scores.
    pub mean: f64,
    /// The lowest of its scores.
    pub lowest: f64,
    /// Its steps with a score.
    pub scored_steps: u64,
    /// Those of them below neutral.
    pub below_neutral: u64,
}

/// Says how customers remember their journeys: `(peak + end) / 2` of the scores of each.
///
/// A step is an event with a score; where customers also gave [feedback](EventLog::with_feedback) about it, the step's
/// score is the mean of the two. Steps without a score are passed over. Scores are compared to nine decimals.
///
/// ```
/// use journey_core::{Event, EventLog, PeakEndOptions, peak_end_score};
///
/// let mut log = EventLog::builder();
/// for (minute, score) in [(1, 1.0), (2, -2.0), (3, 0.0), (4, 1.0)] {
///     let time = journey_core::Timestamp::from_micros(minute * 60_000_000)?;
///     log = log.event(Event::new("ann", "chat", time).with_score(score));
/// }
/// let report = peak_end_score(&log.build()?, &PeakEndOptions::default())?;
/// assert_eq!((report.peak_end.mean, report.mean.mean), (Some(-0.5), Some(0.0)));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(events + journeys log journeys).
pub fn peak_end_score(log: &EventLog, options: &PeakEndOptions) -> Result<PeakEnd> {
    stats::check_confidence(options.confidence)?;
    Ok(fold(log, || PeakEndFold::new(options)))
}

pub(super) struct PeakEndFold {
    options: PeakEndOptions,
    journeys: u64,
    events: u64,
    feedback: u64,
    remembered: Vec<Remembered>,
}

/// A journey with a score; names are codes.
struct Remembered {
    journey: u32,
    peak: Step,
    end: Step,
    mean: f64,
    lowest: f64,
    steps: u64,
    below: u64,
}

#[derive(Clone, Copy)]
struct Step {
    touchpoint: u32,
    score: f64,
}

impl Remembered {
    /// `None` if the journey has no score.
    fn new(journey: u32, steps: &[Step], kind: PeakKind) -> Option<Self> {
        let height = |step: &Step| match kind {
            PeakKind::Extreme => billionths(step.score).abs(),
            PeakKind::Lowest => -billionths(step.score),
        };
        let peak = *steps.iter().reduce(|best, next| if height(next) >= height(best) { next } else { best })?;
        let end = *steps.last()?;
        let lowest = steps.iter().map(|step| step.score).reduce(f64::min)?;
        let highest = steps.iter().map(|step| step.score).reduce(f64::max)?;
        let mean = steps.iter().map(|step| step.score).sum::<f64>() / float(steps.len() as u64);
        let below = steps.iter().filter(|step| billionths(step.score) < 0).count() as u64;
        // Rounding must not carry the mean out of the range of the scores.
        let mean = mean.clamp(lowest, highest);
        Some(Self { journey, peak, end, mean, lowest, steps: steps.len() as u64, below })
    }

    fn score(&self) -> f64 {
        f64::midpoint(self.peak.score, self.end.score)
    }

    fn row(&self, names: &LogNames) -> PeakEndJourney {
        let touchpoint = |step: Step| names.touchpoints.name(step.touchpoint).to_owned();
        PeakEndJourney {
            journey: names.journeys.name(self.journey).to_owned(),
            peak_end: self.score(),
            peak: self.peak.score,
            peak_touchpoint: touchpoint(self.peak),
            end: self.end.score,
            end_touchpoint: touchpoint(self.end),
            mean: self.mean,
            lowest: self.lowest,
            scored_steps: self.steps,
            below_neutral: self.below,
        }
    }
}

impl PeakEndFold {
    pub(super) fn new(options: &PeakEndOptions) -> Self {
        Self { options: options.clone(), journeys: 0, events: 0, feedback: 0, remembered: Vec::new() }
    }

    fn spread(&self, score: impl Fn(&Remembered) -> f64) -> ScoreSpread {
        let mut scores: Vec<f64> = self.remembered.iter().map(score).collect();
        let stats = score_stats(&mut scores, self.options.confidence);
        ScoreSpread {
            n: stats.n,
            mean: stats.mean,
            low: stats.low,
            high: stats.high,
            min: scores.first().copied(),
            lower_quartile: sorted_quantile(&scores, 0.25),
            median: sorted_quantile(&scores, 0.5),
            upper_quartile: sorted_quantile(&scores, 0.75),
            max: scores.last().copied(),
        }
    }
}

impl Fold for PeakEndFold {
    type Report = PeakEnd;

    fn journey(&mut self, journey: Journey<'_>) {
        let mut steps = Vec::new();
        for (touchpoint, (own, told)) in journey.touchpoints().iter().zip(journey.scores().zip(journey.feedback())) {
            self.events += u64::from(own.is_some());
            self.feedback += u64::from(told.is_some());
            let both = own.zip(told).map(|(own, told)| f64::midpoint(own, told));
            steps.extend(both.or(own).or(told).map(|score| Step { touchpoint: *touchpoint, score }));
        }
        self.journeys += 1;
        self.remembered.extend(Remembered::new(journey.id_code(), &steps, self.options.peak));
    }

    fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        self.events += other.events;
        self.feedback += other.feedback;
        self.remembered.extend(other.remembered);
    }

    fn finish(mut self, names: &LogNames) -> PeakEnd {
        let (peak_end, mean) = (self.spread(Remembered::score), self.spread(|journey| journey.mean));
        let lowest = self.spread(|journey| journey.lowest);
        sort(&mut self.remembered, |a, b| {
            let ids = || names.journeys.name(a.journey).cmp(names.journeys.name(b.journey));
            billionths(a.score()).cmp(&billionths(b.score())).then_with(ids)
        });
        let scored = self.remembered.len() as u64;
        let sum = |count: fn(&Remembered) -> u64| self.remembered.iter().map(count).sum();
        let below_neutral = Part::new(sum(|journey| journey.below), sum(|journey| journey.steps));
        let mostly = sum(|journey| u64::from(journey.below > journey.steps - journey.below));
        let worst_left_out = cut(&mut self.remembered, self.options.limit);
        PeakEnd {
            peak: self.options.peak,
            scored_journeys: Part::new(scored, self.journeys),
            n_events: self.events,
            n_feedback: self.feedback,
            below_neutral,
            mostly_below_neutral: Share::new(mostly, scored, self.options.confidence),
            peak_end,
            mean,
            lowest,
            worst: self.remembered.iter().map(|journey| journey.row(names)).collect(),
            worst_left_out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Peak and end of these scores.
    fn remembered(scores: &[f64], kind: PeakKind) -> Option<(f64, u32, f64)> {
        let steps: Vec<Step> =
            scores.iter().zip(0..).map(|(score, touchpoint)| Step { touchpoint, score: *score }).collect();
        Remembered::new(0, &steps, kind).map(|journey| (journey.peak.score, journey.peak.touchpoint, journey.score()))
    }

    #[test]
    fn the_peak_is_the_farthest_from_neutral_and_of_equals_the_later() {
        assert_eq!(remembered(&[1.0, -2.0, 0.0, 1.0], PeakKind::Extreme), Some((-2.0, 1, -0.5)));
        assert_eq!(remembered(&[-2.0, 2.0, 1.0], PeakKind::Extreme), Some((2.0, 1, 1.5)));
        assert_eq!(remembered(&[2.0, -2.0, 1.0], PeakKind::Extreme), Some((-2.0, 1, -0.5)));
        assert_eq!(remembered(&[0.5], PeakKind::Extreme), Some((0.5, 0, 0.5)), "a single score is peak and end");
        assert_eq!(remembered(&[], PeakKind::Extreme), None);
    }

    #[test]
    fn the_lowest_peak_is_the_worst_moment() {
        assert_eq!(remembered(&[-1.0, 2.0, -1.0, 1.0], PeakKind::Lowest), Some((-1.0, 2, 0.0)));
    }

    #[test]
    fn rounding_does_not_decide_which_peak_is_later() {
        let (a, b) = (-(0.1 + 0.2), 0.3);
        assert_eq!(remembered(&[a, b], PeakKind::Extreme), Some((b, 1, b)));
    }
}
