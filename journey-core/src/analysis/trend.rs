//! Whether times grow longer or shorter as time goes by.

use serde::{Deserialize, Serialize};

use super::ranks::{spearman, theil_sen};
use super::stats::{benjamini_hochberg, seconds};
use crate::threads::map_each;

/// Of fewer times nothing can be said.
const LEAST_TIMES: usize = 20;
/// An adjusted p-value below this is no chance.
const P_VALUE: f64 = 0.01;
/// A change smaller than this share of the median does not matter.
const LEAST_CHANGE: f64 = 0.1;

const DAY: f64 = 86_400.0;

/// How the times of a transition change from its first to its last.
///
/// The correlation is Spearman's, of how long each took with when it began; the slope is that of Theil and Sen, the median
/// of the slopes between all pairs of times, of which no outlier makes much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Trend {
    /// How many times there are; at least 20.
    pub n: u64,
    /// Days from when the first began to when the last began.
    pub period_days: f64,
    /// Spearman's rank correlation: above 0 where later ones take longer.
    pub rho: f64,
    /// Two-sided p-value of no correlation.
    pub p_value: f64,
    /// The p-value, corrected for the number of bottlenecks tested (Benjamini and Hochberg).
    pub p_adjusted: f64,
    /// Whether `p_adjusted` is below 0.01.
    pub significant: bool,
    /// By how many seconds a time grows in a day; `None` where the trend is not significant.
    pub slope_seconds_per_day: Option<f64>,
    /// How many pairs of times the slope is the median of: all that began apart, or about 100,000 of them, in which every time
    /// occurs.
    pub slope_pairs: u64,
    /// The slope over the whole period, as a share of the median time: 0.2 is a fifth slower. `None` without a slope, or
    /// where the median is 0.
    pub change: Option<f64>,
    /// Whether the trend is significant and the change at least a tenth, up or down.
    pub flagged: bool,
}

/// A trend that is tested, but not yet corrected for the number of tests.
pub(super) struct Tested {
    trend: Trend,
    median_seconds: f64,
    days: Vec<f64>,
    seconds: Vec<f64>,
}

impl Tested {
    /// Tests times in microseconds against when each began; `None` of fewer than 20, or without any variation.
    pub(super) fn new(begun: &[i64], micros: &[i64], median_seconds: f64) -> Option<Self> {
        if micros.len() < LEAST_TIMES {
            return None;
        }
        let mut points: Vec<(i64, i64)> = begun.iter().copied().zip(micros.iter().copied()).collect();
        points.sort_unstable();
        let first = points.first()?.0;
        let days = |at: i64| seconds((at - first).into()) / DAY;
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|(at, time)| (days(*at), seconds((*time).into()))).unzip();
        let found = spearman(&x, &y)?;
        let trend = Trend {
            n: points.len() as u64,
            period_days: x.last().copied()?,
            rho: found.rho,
            p_value: found.p_value,
            p_adjusted: found.p_value,
            significant: false,
            slope_seconds_per_day: None,
            slope_pairs: 0,
            change: None,
            flagged: false,
        };
        Some(Self { trend, median_seconds, days: x, seconds: y })
    }

    fn corrected(self, p_adjusted: f64) -> Trend {
        let significant = p_adjusted < P_VALUE;
        let found = if significant { theil_sen(&self.days, &self.seconds) } else { None };
        let change = found
            .filter(|_| self.median_seconds > 0.0)
            .map(|found| found.slope * self.trend.period_days / self.median_seconds);
        Trend {
            p_adjusted,
            significant,
            slope_seconds_per_day: found.map(|found| found.slope),
            slope_pairs: found.map_or(0, |found| found.pairs),
            change,
            flagged: change.is_some_and(|change| change.abs() >= LEAST_CHANGE),
            ..self.trend
        }
    }
}

/// Corrects the tests for their number, and estimates the slope of those that are still significant.
pub(super) fn corrected(tested: Vec<Option<Tested>>) -> Vec<Option<Trend>> {
    let p_values: Vec<f64> = tested.iter().flatten().map(|test| test.trend.p_value).collect();
    let mut adjusted = benjamini_hochberg(&p_values).into_iter();
    let tests = tested.into_iter().map(|test| test.and_then(|test| Some((test, adjusted.next()?)))).collect();
    map_each(tests, |test: Option<(Tested, f64)>| test.map(|(test, p_adjusted)| test.corrected(p_adjusted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    /// A time a day, in seconds.
    fn one(seconds: impl Iterator<Item = i64>) -> Option<Trend> {
        let micros: Vec<i64> = seconds.map(|s| s * SECOND).collect();
        let begun: Vec<i64> = (0..).map(|day: i64| day * 86_400 * SECOND).take(micros.len()).collect();
        let mut sorted = micros.clone();
        sorted.sort_unstable();
        let median = seconds_of(sorted.get(sorted.len() / 2).copied().unwrap_or_default());
        corrected(vec![Tested::new(&begun, &micros, median)]).pop()?
    }

    fn seconds_of(micros: i64) -> f64 {
        seconds(micros.into())
    }

    #[test]
    fn times_that_grow_are_flagged_if_the_growth_matters() {
        let trend = one((0..21).map(|day| 1000 + 10 * day)).unwrap();
        assert_eq!((trend.rho, trend.slope_seconds_per_day, trend.period_days), (1.0, Some(10.0), 20.0));
        assert!(trend.flagged && (trend.change.unwrap() - 200.0 / 1100.0).abs() < 1e-12);
        let slight = one((0..21).map(|day| 10_000 - 10 * day)).unwrap();
        assert!(slight.significant && !slight.flagged, "200 of 9900 s are 2 %");
    }

    #[test]
    fn of_few_times_or_of_one_length_nothing_is_said() {
        assert_eq!(one(0..19), None);
        assert_eq!(one(std::iter::repeat_n(5, 40)), None);
    }

    #[test]
    fn of_many_times_pairs_stand_for_all() {
        let trend = one((0..10_001).map(|day| 5 + 2 * day)).unwrap();
        // 50,005,000 pairs are 501 times the most: distances 501, 1002, … 9519.
        assert_eq!((trend.n, trend.slope_pairs), (10_001, 19 * 10_001 - 501 * 190));
        assert!((trend.slope_seconds_per_day.unwrap() - 2.0).abs() < 1e-9);
    }
}
