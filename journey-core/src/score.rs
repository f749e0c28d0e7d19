//! Experience scores, and the scales they are asked on.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::error::{Problem, Result};

/// The experience scale: -2 is very bad, 0 neutral, 2 very good.
pub(crate) const SCORES: RangeInclusive<f64> = -2.0..=2.0;

/// The scale on which scores were given; each is mapped to the experience scale, -2 to 2, by a straight line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScoreScale {
    /// -2 to 2: the experience scale itself.
    #[default]
    Experience,
    /// 1 to 5, 3 is neutral: faces, Likert items, Mermaid's tasks.
    OneToFive,
    /// 1 to 5 stars.
    Stars,
    /// Customer satisfaction, 1 to 5.
    Csat,
    /// Customer effort score, 1 to 7, where 7 is the least effort.
    Ces,
    /// Likelihood to recommend, 0 to 10.
    Nps,
    /// Sentiment of a text, -1 to 1.
    Sentiment,
}

impl ScoreScale {
    /// The lowest and the highest score of the scale.
    #[must_use]
    pub fn range(self) -> RangeInclusive<f64> {
        match self {
            Self::Experience => SCORES,
            Self::OneToFive | Self::Stars | Self::Csat => 1.0..=5.0,
            Self::Ces => 1.0..=7.0,
            Self::Nps => 0.0..=10.0,
            Self::Sentiment => -1.0..=1.0,
        }
    }

    /// The score on the experience scale: `4 (score - middle) / (high - low)`.
    ///
    /// ```
    /// assert_eq!(journey_core::ScoreScale::Nps.to_experience(10.0)?, 2.0);
    /// assert_eq!(journey_core::ScoreScale::Stars.to_experience(3.0)?, 0.0);
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the score lies outside the scale.
    pub fn to_experience(self, score: f64) -> Result<f64> {
        let range = self.range();
        let (low, high) = (*range.start(), *range.end());
        if !range.contains(&score) {
            return Err(Problem::ScoreOutsideScale { value: score, low, high }.into());
        }
        // From the middle, so that neutral is exactly 0 and both sides are alike.
        Ok((score - f64::midpoint(low, high)) * ((SCORES.end() - SCORES.start()) / (high - low)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scale_maps_its_ends_and_middle_to_those_of_the_experience_scale() {
        use ScoreScale::{Ces, Csat, Experience, Nps, OneToFive, Sentiment, Stars};
        for scale in [Experience, OneToFive, Stars, Csat, Ces, Nps, Sentiment] {
            let range = scale.range();
            let (low, high) = (*range.start(), *range.end());
            let mapped = [low, f64::midpoint(low, high), high].map(|x| scale.to_experience(x).unwrap());
            assert_eq!(mapped, [-2.0, 0.0, 2.0]);
            assert!(scale.to_experience(high + 0.1).is_err());
            assert!(scale.to_experience(f64::NAN).is_err());
        }
    }
}
