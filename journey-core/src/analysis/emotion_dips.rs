//! Where the emotion curve dips below neutral, how far, and whether that can be chance.

use serde::{Deserialize, Serialize};

use super::emotion_curve::{EmotionOptions, EmotionSource};
use super::scores::{MeasuredStep, billionths, measure};
use super::stats;
use crate::error::Result;
use crate::log::EventLog;
use crate::map::JourneyMap;
use crate::sorting::SortRows;

/// The score that is neither good nor bad.
const NEUTRAL: i64 = 0;

/// Where the emotion curve dips.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EmotionDips {
    /// The curve that was looked at.
    pub source: EmotionSource,
    /// The least prominence of a dip, as asked for.
    pub min_prominence: f64,
    /// Steps of that curve that have a score.
    pub scored_steps: u64,
    /// Touchpoints without a score in that curve: a dip there cannot be seen.
    pub gaps: Vec<String>,
    /// The dips, the most prominent first, ties in the order of the map.
    pub dips: Vec<EmotionDip>,
}

/// A step of the curve that is lower than what lies around it, and below neutral.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EmotionDip {
    /// The id of the touchpoint; of a run of equal steps the first.
    pub touchpoint: String,
    /// The id of its stage.
    pub stage: String,
    /// Its score.
    pub score: f64,
    /// How many scores customers gave here; 0 on the expected curve.
    pub n: u64,
    /// Lower end of the score's t interval.
    pub low: Option<f64>,
    /// Upper end of the score's t interval.
    pub high: Option<f64>,
    /// How far the step lies below the lower of its two shoulders.
    pub prominence: f64,
    /// How far the score falls from the step before; `None` at the first step.
    pub drop: Option<f64>,
    /// The highest step before the dip, as far as the curve stays above it; `None` if there is none.
    pub left_shoulder: Option<String>,
    /// The highest step after the dip, as far as the curve stays above it; `None` if there is none.
    pub right_shoulder: Option<String>,
    /// The higher of the two shoulders, which the test compares the dip with.
    pub compared_with: String,
    /// Two-sided p-value of Welch's t test against that shoulder; `None` where it cannot be computed.
    pub p_value: Option<f64>,
    /// The p-value, adjusted by Benjamini and Hochberg for the number of dips tested.
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate; `None` where there is no test.
    pub significant: Option<bool>,
}

/// Finds where the emotion curve of a map dips.
///
/// A dip is a local minimum below neutral whose topographic prominence is at least `min_prominence`. Prominence is that
/// of `scipy.signal.peak_prominences` on the curve turned upside down: on each side take the highest step before the
/// curve falls below the minimum; the lower of the two, less the minimum. At the ends of the journey the one side there
/// is counts. Gaps are passed over: they are neither filled nor an end.
///
/// Each dip of the measured curve is tested against its higher shoulder (Welch's t test, two-sided), corrected by
/// Benjamini and Hochberg over the dips.
///
/// ```
/// use journey_core::{EmotionOptions, JourneyMap, Stage, Touchpoint, emotion_dips};
///
/// let mut map = JourneyMap::builder("Shop").stage(Stage::new("buy", "Buy"));
/// for (id, score) in [("visit", 1.0), ("ship", -1.0), ("pay", 0.5)] {
///     map = map.touchpoint(Touchpoint { expected_score: Some(score), ..Touchpoint::new(id, id, "buy") });
/// }
/// let dips = emotion_dips(&map.build()?, None, &EmotionOptions::default())?;
/// assert_eq!((dips.dips[0].touchpoint.as_str(), dips.dips[0].prominence), ("ship", 1.5));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(events + scores log scores + touchpoints²).
pub fn emotion_dips<'a>(
    map: &JourneyMap,
    log: impl Into<Option<&'a EventLog>>,
    options: &EmotionOptions,
) -> Result<EmotionDips> {
    options.check()?;
    let steps = measure(map, log.into(), options.confidence).steps;
    let any_measured = steps.iter().any(|step| step.stats.n > 0);
    let found = if any_measured { EmotionSource::Measured } else { EmotionSource::Expected };
    let source = options.source.unwrap_or(found);
    let score = |step: &MeasuredStep<'_>| match source {
        EmotionSource::Measured => step.stats.mean,
        EmotionSource::Expected => step.touchpoint.expected_score,
    };
    let scored: Vec<(&MeasuredStep<'_>, f64)> = steps.iter().filter_map(|step| Some((step, score(step)?))).collect();
    let heights: Vec<i64> = scored.iter().map(|(_, score)| billionths(*score)).collect();
    let mut dips: Vec<EmotionDip> = minima(&heights)
        .into_iter()
        .filter(|minimum| minimum.prominence >= billionths(options.min_prominence) && minimum.height < NEUTRAL)
        .filter_map(|minimum| describe(&minimum, &scored, source))
        .collect();
    judge(&mut dips, options.false_discovery_rate);
    dips.sort_rows_by(|a, b| b.prominence.total_cmp(&a.prominence));
    Ok(EmotionDips {
        source,
        min_prominence: options.min_prominence,
        scored_steps: scored.len() as u64,
        gaps: steps.iter().filter(|step| score(step).is_none()).map(|step| step.touchpoint.id.clone()).collect(),
        dips,
    })
}

/// A local minimum of a curve.
#[derive(Debug, PartialEq)]
struct Minimum {
    at: usize,
    height: i64,
    prominence: i64,
    left: Option<usize>,
    right: Option<usize>,
}

/// The local minima of a curve; of a run of equal steps the first. A curve that is flat from end to end has none.
fn minima(heights: &[i64]) -> Vec<Minimum> {
    let mut start = 0;
    let mut minima = Vec::new();
    for run in heights.chunk_by(|a, b| a == b) {
        let (before, rest) = heights.split_at(start);
        let after = rest.get(run.len()..).unwrap_or_default();
        let Some(&height) = run.first() else { continue };
        // The nearest of the highest steps, as far as the curve does not fall below the minimum.
        let highest = |side: &mut dyn Iterator<Item = (usize, i64)>| {
            side.take_while(|(_, y)| *y >= height).reduce(|best, next| if next.1 > best.1 { next } else { best })
        };
        let left = highest(&mut before.iter().copied().enumerate().rev());
        let right = highest(&mut (start + run.len()..).zip(after.iter().copied()));
        let is_minimum = before.last().is_none_or(|y| *y > height) && after.first().is_none_or(|y| *y > height);
        let lower_shoulder = match (left, right) {
            (Some(left), Some(right)) => Some(left.1.min(right.1)),
            (side, None) | (None, side) => side.map(|side| side.1),
        };
        if let Some(shoulder) = lower_shoulder.filter(|_| is_minimum) {
            let prominence = shoulder - height;
            minima.push(Minimum { at: start, height, prominence, left: left.map(|l| l.0), right: right.map(|r| r.0) });
        }
        start += run.len();
    }
    minima
}

fn describe(minimum: &Minimum, scored: &[(&MeasuredStep<'_>, f64)], source: EmotionSource) -> Option<EmotionDip> {
    let (step, score) = scored.get(minimum.at)?;
    let shoulder = |at: Option<usize>| at.and_then(|at| scored.get(at));
    let (left, right) = (shoulder(minimum.left), shoulder(minimum.right));
    let higher_right = left.zip(right).is_some_and(|(left, right)| billionths(right.1) > billionths(left.1));
    let (higher, lower) = if higher_right { (right, left) } else { (left.or(right), right.or(left)) };
    let (higher, lower) = (higher?, lower.or(higher)?);
    let before = minimum.at.checked_sub(1).and_then(|at| scored.get(at));
    let stats = (source == EmotionSource::Measured).then_some(&step.stats);
    Some(EmotionDip {
        touchpoint: step.touchpoint.id.clone(),
        stage: step.touchpoint.stage.clone(),
        score: *score,
        n: stats.map_or(0, |stats| stats.n),
        low: stats.and_then(|stats| stats.low),
        high: stats.and_then(|stats| stats.high),
        prominence: lower.1 - score,
        drop: before.map(|(_, before)| before - score),
        left_shoulder: left.map(|(step, _)| step.touchpoint.id.clone()),
        right_shoulder: right.map(|(step, _)| step.touchpoint.id.clone()),
        compared_with: higher.0.touchpoint.id.clone(),
        p_value: stats.and_then(|stats| stats::welch(stats, &higher.0.stats)),
        p_adjusted: None,
        significant: None,
    })
}

fn judge(dips: &mut [EmotionDip], false_discovery_rate: f64) {
    let p_values: Vec<Option<f64>> = dips.iter().map(|dip| dip.p_value).collect();
    for (dip, verdict) in dips.iter_mut().zip(stats::judge(&p_values, false_discovery_rate)) {
        dip.p_adjusted = verdict.p_adjusted;
        dip.significant = verdict.significant;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(heights: &[i64]) -> Vec<(usize, i64)> {
        minima(heights).into_iter().map(|m| (m.at, m.prominence)).collect()
    }

    #[test]
    fn prominence_is_measured_to_the_lower_shoulder() {
        assert_eq!(found(&[2, -2, 1]), [(1, 3)]);
        assert_eq!(found(&[4, 0, 2, -2, 4]), [(1, 2), (3, 6)], "a shallow dip stops at the deeper one");
        assert_eq!(found(&[2, -2, 2, -2, 2]), [(1, 4), (3, 4)], "an equal step does not end a side");
    }

    #[test]
    fn an_end_of_the_journey_has_one_shoulder() {
        assert_eq!(found(&[-2, 2, 0]), [(0, 4), (2, 2)]);
        assert_eq!(found(&[-2]), [], "a single step is no dip");
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn a_plateau_is_one_dip_at_its_first_step() {
        assert_eq!(found(&[2, -2, -2, 2]), [(1, 4)]);
        assert_eq!(found(&[-2, -2, 2]), [(0, 4)]);
        assert_eq!(found(&[2, 0, 0, -2, 2]), [(3, 4)], "a step on the way down is no dip");
        assert_eq!(found(&[-2, -2]), [], "a flat curve has no dip");
    }

    #[test]
    fn rounding_decides_nothing() {
        // Both means are -1.6 but for rounding; and -0.4 + 0.4 is neutral.
        let means = [1.0, -4.8 / 3.0, (-2.0 - 2.0 - 0.8) / 3.0, 1.0].map(billionths);
        assert_eq!(found(&means), [(1, 2_600_000_000)]);
        assert_eq!(billionths((0.1 + 0.2 - 0.3) / 2.0), NEUTRAL);
    }
}
