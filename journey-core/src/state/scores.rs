//! The scores that customers gave at a touchpoint, added up so that no order shows.
//!
//! A score is counted in steps of `2^-50`, which is as fine as floats near 2 are; whole numbers add up exactly.

use serde::{Deserialize, Serialize};

use crate::analysis::{Moments, float, t_quantile};
use crate::score::SCORES;

/// A score of 1, in steps.
const ONE: f64 = 1_125_899_906_842_624.0;
/// What is added to a score to make it positive, in steps.
const SHIFT: i64 = 1 << 51;

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Scores {
    /// Of the shifted scores, in steps.
    moments: Moments,
    /// How many of them were feedback.
    feedback: u64,
    min: f64,
    max: f64,
}

/// Mean and spread of scores.
pub(super) struct ScoreFigures {
    pub(super) mean: f64,
    pub(super) deviation: Option<f64>,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
}

impl Scores {
    pub(super) fn add(&mut self, score: f64, feedback: bool) {
        #[expect(clippy::cast_possible_truncation, reason = "scores lie between -2 and 2")]
        let steps = (score * ONE).round() as i64;
        // A zero has no sign here.
        let score = score + 0.0;
        let first = self.moments.n == 0;
        self.min = if first { score } else { self.min.min(score) };
        self.max = if first { score } else { self.max.max(score) };
        self.moments.add(u64::try_from(steps + SHIFT).unwrap_or(0));
        self.feedback += u64::from(feedback);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if other.moments.n == 0 {
            return;
        }
        if self.moments.n == 0 {
            *self = *other;
            return;
        }
        self.moments.merge(&other.moments);
        self.feedback += other.feedback;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// How many scores there are.
    pub(super) fn n(&self) -> u64 {
        self.moments.n
    }

    /// How many of them are feedback.
    pub(super) fn feedback(&self) -> u64 {
        self.feedback
    }

    pub(super) fn is_sound(&self) -> bool {
        if self.n() == 0 {
            return *self == Self::default();
        }
        let most = SHIFT.unsigned_abs() * 2;
        SCORES.contains(&self.min)
            && SCORES.contains(&self.max)
            && self.min <= self.max
            && self.feedback <= self.n()
            && self.moments.is_sound(0, most)
    }

    /// Mean, sample deviation and t interval; `None` of none.
    pub(super) fn figures(&self, confidence: f64) -> Option<ScoreFigures> {
        let n = self.n();
        if n == 0 {
            return None;
        }
        let shift = i128::from(n) * i128::from(SHIFT);
        let sum = i128::try_from(self.moments.sum()).unwrap_or(i128::MAX) - shift;
        #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
        // Rounding must not carry the mean out of the range of the scores.
        let mean = (sum as f64 / ONE / float(n)).clamp(self.min, self.max);
        let deviation = self.moments.variance().map(|variance| variance.sqrt() / ONE);
        let half = deviation.map(|deviation| t_quantile(confidence, float(n - 1)) * deviation / float(n).sqrt());
        Some(ScoreFigures { mean, deviation, low: half.map(|half| mean - half), high: half.map(|half| mean + half) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(scores: &[f64]) -> Scores {
        let mut sums = Scores::default();
        for score in scores {
            sums.add(*score, false);
        }
        sums
    }

    #[test]
    fn a_score_of_1_is_two_to_the_fiftieth_steps() {
        assert_eq!((ONE, 2 * (1i64 << 50)), (2f64.powi(50), SHIFT));
    }

    #[test]
    fn mean_and_interval_are_those_of_the_textbook() {
        let scores = of(&[-1.0, 0.0, 2.0, 1.0]).figures(0.95).unwrap();
        // Mean 0.5; squares about it 2.25 + 0.25 + 2.25 + 0.25 = 5; sd = sqrt(5 / 3); t(3) = 3.182446305.
        assert_eq!(scores.mean, 0.5);
        assert!((scores.deviation.unwrap() - (5.0f64 / 3.0).sqrt()).abs() < 1e-15);
        let half = 3.182_446_305_284_263 * (5.0f64 / 3.0).sqrt() / 2.0;
        assert!(
            (scores.high.unwrap() - (0.5 + half)).abs() < 1e-12 && (scores.low.unwrap() - (0.5 - half)).abs() < 1e-12
        );
        assert!(of(&[]).figures(0.95).is_none());
        assert!(of(&[1.0]).figures(0.95).unwrap().low.is_none());
    }

    #[test]
    fn scores_that_are_all_alike_have_that_mean_and_no_spread() {
        let alike = of(&[0.4; 7]).figures(0.9).unwrap();
        assert_eq!((alike.mean, alike.deviation, alike.low), (0.4, Some(0.0), Some(0.4)));
    }

    #[test]
    fn no_order_shows() {
        let (mut a, mut b) = (of(&[0.1, -0.3, 1.7]), of(&[0.7, -1.9, -0.0]));
        let first = a;
        a.merge(&b);
        b.merge(&first);
        assert_eq!(a, b);
        assert_eq!(a, of(&[-0.0, 1.7, 0.7, -1.9, -0.3, 0.1]));
        assert!(a.is_sound());
    }
}
