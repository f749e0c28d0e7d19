//! How customers feel along the journey: what the map expects, and what customers said.

use serde::{Deserialize, Serialize};

use super::scores::{MeasuredStep, measure};
use super::stats::{self, float, score_stats};
use crate::error::Result;
use crate::log::EventLog;
use crate::map::{JourneyMap, Stage, Touchpoint};
use crate::sorting::SortRows;

/// Options for [`emotion_curve`] and [`emotion_dips`](crate::emotion_dips).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct EmotionOptions {
    /// The curve in which dips are looked for; if not given, the measured one where the log has scores at touchpoints of the
    /// map, else the expected.
    pub source: Option<EmotionSource>,
    /// The least prominence of a dip, in points of the scale from -2 to 2.
    pub min_prominence: f64,
    /// The share of false alarms accepted among the dips called significant.
    pub false_discovery_rate: f64,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for EmotionOptions {
    fn default() -> Self {
        Self { source: None, min_prominence: 1.0, false_discovery_rate: 0.05, confidence: stats::CONFIDENCE }
    }
}

impl EmotionOptions {
    pub(super) fn check(&self) -> Result<()> {
        stats::check_confidence(self.confidence)?;
        stats::check_open_unit("false_discovery_rate", self.false_discovery_rate)?;
        let ok = self.min_prominence > 0.0 && self.min_prominence <= 4.0;
        stats::check_option("min_prominence", self.min_prominence, ok, "a number above 0 and at most 4")
    }
}

/// Where the scores of a curve come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EmotionSource {
    /// The scores that the team wrote on the map.
    Expected,
    /// The scores that customers gave, in the log.
    Measured,
}

/// How customers feel along the journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EmotionCurve {
    /// A step for each touchpoint of the map, in the order of the map.
    pub steps: Vec<EmotionStep>,
    /// The same for each stage of the map, over all scores in it.
    pub stages: Vec<EmotionStage>,
    /// Scored events at touchpoints of the map.
    pub scored_events: u64,
    /// Scored events at touchpoints that the map does not have; they are in no step.
    pub unmapped_scored_events: u64,
    /// Events with feedback at touchpoints of the map.
    pub feedback_events: u64,
    /// Events with feedback at touchpoints that the map does not have; they are in no step.
    pub unmapped_feedback_events: u64,
}

/// How customers feel at a touchpoint, from -2 to 2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EmotionStep {
    /// The id of the touchpoint.
    pub touchpoint: String,
    /// The id of its stage.
    pub stage: String,
    /// The score on the map.
    pub expected: Option<f64>,
    /// How many customers stand behind it, by the evidence on the map; `None` if that does not say.
    pub expected_n: Option<u64>,
    /// The mean of the scores that customers gave; `None` is a gap, which nothing fills.
    pub measured: Option<f64>,
    /// How many scores customers gave.
    pub n: u64,
    /// The scores of events among them.
    pub n_events: u64,
    /// The events with feedback among them.
    pub n_feedback: u64,
    /// Sample standard deviation of the scores; `None` of fewer than two.
    pub deviation: Option<f64>,
    /// Lower end of the mean's t interval; `None` of fewer than two scores.
    pub low: Option<f64>,
    /// Upper end of the mean's t interval; `None` of fewer than two scores.
    pub high: Option<f64>,
}

/// How customers feel in a stage, from -2 to 2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EmotionStage {
    /// The id of the stage.
    pub stage: String,
    /// The mean of the scores on the map, over the touchpoints that have one; weighted by how many customers stand behind
    /// each, if the map says that of all of them.
    pub expected: Option<f64>,
    /// How many customers stand behind it; `None` if the map does not say so of each score.
    pub expected_n: Option<u64>,
    /// The mean of all scores that customers gave in the stage.
    pub measured: Option<f64>,
    /// How many scores customers gave.
    pub n: u64,
    /// The scores of events among them.
    pub n_events: u64,
    /// The events with feedback among them.
    pub n_feedback: u64,
    /// Sample standard deviation of the scores; `None` of fewer than two.
    pub deviation: Option<f64>,
    /// Lower end of the mean's t interval; `None` of fewer than two scores.
    pub low: Option<f64>,
    /// Upper end of the mean's t interval; `None` of fewer than two scores.
    pub high: Option<f64>,
}

/// Draws the emotion curve of a map: expected scores from the map, measured ones from a log.
///
/// A measured step is the mean of the scores of all events at the touchpoint, and of the feedback about them where the log
/// [carries it](EventLog::with_feedback), with Student's t interval. Steps without a score are gaps and never interpolated.
///
/// ```
/// use journey_core::{EmotionOptions, Event, EventLog, JourneyMap, Stage, Touchpoint, emotion_curve};
///
/// let map = JourneyMap::builder("Shop")
///     .stage(Stage::new("buy", "Buy"))
///     .touchpoint(Touchpoint { expected_score: Some(1.0), ..Touchpoint::new("pay", "Pay", "buy") })
///     .build()?;
/// let log = EventLog::builder()
///     .event(Event::new("ann", "pay", "2024-03-13".parse()?).with_score(-1.0))
///     .event(Event::new("bob", "pay", "2024-03-14".parse()?).with_score(-2.0))
///     .build()?;
/// let curve = emotion_curve(&map, &log, &EmotionOptions::default())?;
/// assert_eq!((curve.steps[0].expected, curve.steps[0].measured), (Some(1.0), Some(-1.5)));
/// let drawn = emotion_curve(&map, None, &EmotionOptions::default())?;
/// assert_eq!(drawn.steps[0].measured, None);
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(events + scores log scores).
pub fn emotion_curve<'a>(
    map: &JourneyMap,
    log: impl Into<Option<&'a EventLog>>,
    options: &EmotionOptions,
) -> Result<EmotionCurve> {
    options.check()?;
    let measured = measure(map, log.into(), options.confidence);
    let stages = map.stages().iter().map(|stage| stage_of_curve(stage, &measured.steps, options.confidence)).collect();
    let steps: Vec<EmotionStep> = measured
        .steps
        .into_iter()
        .map(|MeasuredStep { touchpoint, stats, n_events, n_feedback, .. }| EmotionStep {
            touchpoint: touchpoint.id.clone(),
            stage: touchpoint.stage.clone(),
            expected: touchpoint.expected_score,
            expected_n: touchpoint.expected_score.and(customers_behind(touchpoint)),
            measured: stats.mean,
            n: stats.n,
            n_events,
            n_feedback,
            deviation: stats.deviation,
            low: stats.low,
            high: stats.high,
        })
        .collect();
    Ok(EmotionCurve {
        scored_events: steps.iter().map(|step| step.n_events).sum(),
        unmapped_scored_events: measured.unmapped,
        feedback_events: steps.iter().map(|step| step.n_feedback).sum(),
        unmapped_feedback_events: measured.unmapped_feedback,
        steps,
        stages,
    })
}

fn stage_of_curve(stage: &Stage, steps: &[MeasuredStep<'_>], confidence: f64) -> EmotionStage {
    let inside = || steps.iter().filter(|step| step.touchpoint.stage == stage.id);
    let mut scores: Vec<f64> = inside().flat_map(|step| step.scores.iter().copied()).collect();
    let stats = score_stats(&mut scores, confidence);
    let (expected, expected_n) = expected_of(inside().map(|step| step.touchpoint));
    EmotionStage {
        stage: stage.id.clone(),
        expected,
        expected_n,
        measured: stats.mean,
        n: stats.n,
        n_events: inside().map(|step| step.n_events).sum(),
        n_feedback: inside().map(|step| step.n_feedback).sum(),
        deviation: stats.deviation,
        low: stats.low,
        high: stats.high,
    }
}

/// How many customers stand behind the expected score of a touchpoint; `None` if no evidence says.
fn customers_behind(touchpoint: &Touchpoint) -> Option<u64> {
    touchpoint.evidence.iter().filter_map(|evidence| evidence.n).reduce(u64::saturating_add)
}

/// The expected score of some touchpoints, and how many customers stand behind it.
///
/// `sum w x / sum w`, where `w` is how many customers stand behind a score if all of them say so; else all weigh the same.
fn expected_of<'a>(touchpoints: impl Iterator<Item = &'a Touchpoint>) -> (Option<f64>, Option<u64>) {
    let scored: Vec<(f64, Option<u64>)> =
        touchpoints.filter_map(|t| Some((t.expected_score?, customers_behind(t)))).collect();
    let behind: Option<Vec<u64>> = scored.iter().map(|(_, n)| *n).collect();
    let behind = behind.filter(|behind| !behind.is_empty());
    let total = behind.as_ref().map(|behind| behind.iter().copied().fold(0, u64::saturating_add));
    // In the order of scores, so that the order of touchpoints does not show.
    let mut weighted: Vec<(f64, f64)> = match &behind {
        Some(behind) => scored.iter().zip(behind).map(|((x, _), n)| (*x, float(*n))).collect(),
        None => scored.iter().map(|(x, _)| (*x, 1.0)).collect(),
    };
    weighted.retain(|(_, w)| *w > 0.0);
    weighted.sort_rows_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let weight: f64 = weighted.iter().map(|(_, w)| w).sum();
    let sum: f64 = weighted.iter().map(|(x, w)| x * w).sum();
    // Rounding must not carry the mean out of the range of the scores.
    let ends = weighted.first().zip(weighted.last());
    (ends.map(|(first, last)| (sum / weight).clamp(first.0, last.0)), total)
}
