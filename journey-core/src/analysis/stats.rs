//! The statistics that the analyses share, each by its textbook definition.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::error::{Error, Problem, Result};
use crate::sorting::SortRows;

/// The confidence of intervals where an option names none.
pub(crate) const CONFIDENCE: f64 = 0.95;

/// A share with its Wilson score interval.
///
/// The interval is that of Wilson (1927), without continuity correction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Share {
    /// How many have it.
    pub n: u64,
    /// Of how many.
    pub of: u64,
    /// `n / of`; `None` where `of` is 0.
    pub share: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

impl Share {
    pub(crate) fn new(n: u64, of: u64, confidence: f64) -> Self {
        Self::wilson(n, of, normal_quantile(confidence))
    }

    /// The share with its interval, where the quantile `z` of the normal distribution is known.
    pub(crate) fn wilson(n: u64, of: u64, z: f64) -> Self {
        let share = ratio(n, of);
        let interval = share.map(|p| {
            let count = float(of);
            let centre = p + z * z / (2.0 * count);
            let half = z * (p * (1.0 - p) / count + z * z / (4.0 * count * count)).sqrt();
            let scale = 1.0 + z * z / count;
            // Where none or all have it, the interval ends there; rounding must not miss it.
            let low = if n == 0 { 0.0 } else { ((centre - half) / scale).max(0.0) };
            let high = if n == of { 1.0 } else { ((centre + half) / scale).min(1.0) };
            (low, high)
        });
        Self { n, of, share, low: interval.map(|i| i.0), high: interval.map(|i| i.1) }
    }
}

/// A part of a whole that has no interval: all of it was looked at, or its items, such as the events of a customer,
/// depend on each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Part {
    /// How many have it.
    pub n: u64,
    /// Of how many.
    pub of: u64,
    /// `n / of`; `None` where `of` is 0.
    pub share: Option<f64>,
}

impl Part {
    pub(crate) fn new(n: u64, of: u64) -> Self {
        Self { n, of, share: ratio(n, of) }
    }
}

/// A mean with its interval, Student's t.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Mean {
    /// Of how many.
    pub n: u64,
    /// Their mean; `None` of none.
    pub mean: Option<f64>,
    /// Lower end of the interval; `None` where `n` is less than 2.
    pub low: Option<f64>,
    /// Upper end of the interval; `None` where `n` is less than 2.
    pub high: Option<f64>,
}

impl From<&ScoreStats> for Mean {
    fn from(stats: &ScoreStats) -> Self {
        Self { n: stats.n, mean: stats.mean, low: stats.low, high: stats.high }
    }
}

/// How long something took, over `n` times; all in seconds.
///
/// Quantiles are exact, by linear interpolation (type 7 of Hyndman and Fan, NumPy's default); in a report with a
/// `quantile_error` they are within that share of the exact one. The interval of the mean
/// is Student's t.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TimeStats {
    /// How many times were measured; at least 1.
    pub n: u64,
    /// Their sum.
    pub total_seconds: f64,
    /// Their mean.
    pub mean_seconds: f64,
    /// Lower end of the interval of the mean; `None` where `n` is 1.
    pub mean_low_seconds: Option<f64>,
    /// Upper end of the interval of the mean; `None` where `n` is 1.
    pub mean_high_seconds: Option<f64>,
    /// The shortest.
    pub min_seconds: f64,
    /// Half were at most this long.
    pub median_seconds: f64,
    /// Nine in ten were at most this long.
    pub p90_seconds: f64,
    /// Nineteen in twenty were at most this long.
    pub p95_seconds: f64,
    /// The longest.
    pub max_seconds: f64,
}

const MICROS: f64 = 1e6;

/// The whole number as the nearest float.
#[expect(clippy::cast_precision_loss, reason = "above 2^53 the nearest float is what is asked for")]
pub(crate) fn float(n: u64) -> f64 {
    n as f64
}

/// Microseconds in seconds.
#[expect(clippy::cast_precision_loss, reason = "above 2^53 the nearest float is what is asked for")]
pub(crate) fn seconds(micros: i128) -> f64 {
    micros as f64 / MICROS
}

pub(crate) fn ratio(n: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| float(n) / float(of))
}

/// Statistics of times in microseconds, which it puts in another order; `None` of none.
///
/// Quantiles are selected, not sorted for, and sums are exact, so that the order of the times does not show.
pub(crate) fn time_stats(micros: &mut [i64], confidence: f64) -> Option<TimeStats> {
    time_stats_by(micros, |freedom| t_quantile(confidence, float(freedom)))
}

/// The same, where Student's t of the interval comes from a function of its degrees of freedom.
pub(crate) fn time_stats_by(micros: &mut [i64], t: impl FnOnce(u64) -> f64) -> Option<TimeStats> {
    let n = micros.len() as u64;
    let (min, max) = (*micros.iter().min()?, *micros.iter().max()?);
    let total = sum(micros, min, max);
    let mean = seconds(total) / float(n);
    let half = (n > 1).then(|| t(n - 1) * (variance(micros, total, min, max) / float(n)).sqrt());
    let [median_seconds, p90_seconds, p95_seconds] = quantiles(micros, [0.5, 0.9, 0.95]);
    Some(TimeStats {
        n,
        total_seconds: seconds(total),
        mean_seconds: mean,
        mean_low_seconds: half.map(|half| mean - half),
        mean_high_seconds: half.map(|half| mean + half),
        min_seconds: seconds(min.into()),
        median_seconds,
        p90_seconds,
        p95_seconds,
        max_seconds: seconds(max.into()),
    })
}

/// The exact sum of times between these two.
fn sum(micros: &[i64], min: i64, max: i64) -> i128 {
    let largest = min.unsigned_abs().max(max.unsigned_abs());
    // Almost always all of them together fit a small number, which is added up many times as fast.
    if largest.checked_mul(micros.len() as u64).is_some_and(|all| i64::try_from(all).is_ok()) {
        i128::from(micros.iter().sum::<i64>())
    } else {
        micros.iter().map(|m| i128::from(*m)).sum()
    }
}

/// The mean of times in microseconds, in seconds; `None` of none.
pub(crate) fn mean_seconds(micros: &[i64]) -> Option<f64> {
    let total: i128 = micros.iter().map(|m| i128::from(*m)).sum();
    (!micros.is_empty()).then(|| seconds(total) / float(micros.len() as u64))
}

/// The sample variance (n - 1) of times between these two, in square seconds.
#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
fn variance(micros: &[i64], total: i128, min: i64, max: i64) -> f64 {
    let n = micros.len() as i128;
    // Distances to a whole number near the mean are whole numbers: their squares add up exactly, in any order.
    let centre = total / n;
    let narrow = i64::try_from(centre).unwrap_or_default();
    let square = |distance: u64| u128::from(distance) * u128::from(distance);
    let largest = square(min.abs_diff(narrow).max(max.abs_diff(narrow)));
    let squares = if largest.checked_mul(n.unsigned_abs()).is_some() {
        micros.iter().map(|m| square(m.abs_diff(narrow))).sum::<u128>() as f64
    } else {
        // Only thousands of times of thousands of years each are too large; then the last digits may depend on the order.
        micros.iter().map(|m| ((i128::from(*m) - centre) as f64).powi(2)).sum()
    };
    let rest = (total - centre * n) as f64;
    (squares - rest * rest / n as f64) / (n - 1) as f64 / (MICROS * MICROS)
}

/// Rising quantiles of microseconds, in seconds, by linear interpolation (type 7).
fn quantiles<const N: usize>(micros: &mut [i64], rising: [f64; N]) -> [f64; N] {
    let last = float((micros.len() as u64).saturating_sub(1));
    // What lies below one quantile need not be looked at for the next.
    let (mut rest, mut before) = (micros, 0);
    rising.map(|q| {
        let place = q * last;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= place < the length")]
        let below = (place as usize).saturating_sub(before).min(rest.len().saturating_sub(1));
        if below >= rest.len() {
            return 0.0;
        }
        let (_, low, above) = rest.select_nth_unstable(below);
        let low = seconds((*low).into());
        let high = above.iter().min().map_or(low, |m| seconds((*m).into()));
        rest = std::mem::take(&mut rest).get_mut(below..).unwrap_or_default();
        before += below;
        low + (high - low) * (place - place.floor())
    })
}

/// The quantile of microseconds, in seconds, by linear interpolation (type 7).
pub(crate) fn quantile(micros: &mut [i64], q: f64) -> f64 {
    let [quantile] = quantiles(micros, [q]);
    quantile
}

/// The median of times in microseconds, which it puts in another order, in seconds; `None` of none.
pub(crate) fn median_seconds(micros: &mut [i64]) -> Option<f64> {
    let n = micros.len() as u64;
    (n > 0).then(|| quantile(micros, 0.5))
}

/// The quantile of values in order, by linear interpolation (type 7); `None` of none.
pub(crate) fn sorted_quantile(values: &[f64], q: f64) -> Option<f64> {
    let place = q * float((values.len() as u64).checked_sub(1)?);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= place < the length")]
    let below = place as usize;
    let low = *values.get(below)?;
    let high = values.get(below + 1).copied().unwrap_or(low);
    Some(low + (high - low) * (place - place.floor()))
}

/// Mean, spread and interval of scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ScoreStats {
    pub(crate) n: u64,
    pub(crate) mean: Option<f64>,
    /// Sample standard deviation (n - 1).
    pub(crate) deviation: Option<f64>,
    /// Student's t interval of the mean.
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
}

/// The mean of scores in order; `None` of none.
pub(crate) fn mean_of_sorted(scores: &[f64]) -> Option<f64> {
    let (first, last) = (scores.first()?, scores.last()?);
    // Rounding must not carry the mean out of the range of the scores.
    Some((scores.iter().sum::<f64>() / float(scores.len() as u64)).clamp(*first, *last))
}

/// Statistics of scores, which it sorts, so that no sum depends on the order in which they came.
pub(crate) fn score_stats(scores: &mut [f64], confidence: f64) -> ScoreStats {
    scores.sort_unstable_by(f64::total_cmp);
    let n = scores.len() as u64;
    if n == 0 {
        return ScoreStats::default();
    }
    let mean = mean_of_sorted(scores).unwrap_or_default();
    let deviation = (n > 1).then(|| (scores.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / float(n - 1)).sqrt());
    let half = deviation.map(|deviation| t_quantile(confidence, float(n - 1)) * deviation / float(n).sqrt());
    ScoreStats { n, mean: Some(mean), deviation, low: half.map(|half| mean - half), high: half.map(|half| mean + half) }
}

/// The two-sided p-value of Welch's t test that two means are equal; `None` where a side has fewer than two scores or
/// neither side varies.
pub(crate) fn welch(a: &ScoreStats, b: &ScoreStats) -> Option<f64> {
    let Welch { difference, error, freedom } = Welch::new(a, b)?;
    t_p_value(difference, error, freedom)
}

/// The two-sided p-value of a difference with this standard error, by Student's t; `None` where nothing varies.
pub(crate) fn t_p_value(difference: f64, error: f64, freedom: f64) -> Option<f64> {
    let distribution = StudentsT::new(0.0, 1.0, freedom).ok().filter(|_| error > 0.0)?;
    Some((2.0 * distribution.cdf(-(difference / error).abs())).min(1.0))
}

/// Welch's interval of how far the second mean lies above the first; `None` where there is no test.
pub(crate) fn welch_interval(a: &ScoreStats, b: &ScoreStats, confidence: f64) -> Option<(f64, f64)> {
    let Welch { difference, error, freedom } = Welch::new(a, b)?;
    let half = t_quantile(confidence, freedom) * error;
    Some((difference - half, difference + half))
}

/// Two means whose variances may differ.
struct Welch {
    /// The second less the first.
    difference: f64,
    error: f64,
    freedom: f64,
}

impl Welch {
    fn new(a: &ScoreStats, b: &ScoreStats) -> Option<Self> {
        let part = |s: &ScoreStats| Some((s.mean?, s.deviation?.powi(2) / float(s.n), float(s.n)));
        let ((mean_a, var_a, n_a), (mean_b, var_b, n_b)) = (part(a)?, part(b)?);
        let variance = var_a + var_b;
        // Welch and Satterthwaite's degrees of freedom.
        let freedom = variance.powi(2) / (var_a.powi(2) / (n_a - 1.0) + var_b.powi(2) / (n_b - 1.0));
        (variance > 0.0).then(|| Self { difference: mean_b - mean_a, error: variance.sqrt(), freedom })
    }
}

/// Adjusted p-values of Benjamini and Hochberg (1995), in the order given.
pub(crate) fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let count = float(p_values.len() as u64);
    let mut order: Vec<(usize, f64)> = p_values.iter().copied().enumerate().collect();
    order.sort_rows_by(|a, b| a.1.total_cmp(&b.1));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least: f64 = 1.0;
    for (rank, (place, p)) in order.into_iter().enumerate().rev() {
        least = least.min(p * count / float(rank as u64 + 1));
        if let Some(slot) = adjusted.get_mut(place) {
            *slot = least;
        }
    }
    adjusted
}

/// What tests of a family are made and judged by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// A side with fewer is not compared.
    pub(crate) min_n: u64,
    pub(crate) false_discovery_rate: f64,
    pub(crate) confidence: f64,
}

/// What a test comes to in its family.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) p_adjusted: Option<f64>,
    pub(crate) significant: Option<bool>,
}

/// Judges a family of tests, in the order given: p-values adjusted by Benjamini and Hochberg, and whether each is at most
/// the false discovery rate. What has no p-value was not tested, and does not count.
pub(crate) fn judge(p_values: &[Option<f64>], false_discovery_rate: f64) -> Vec<Verdict> {
    let tested: Vec<f64> = p_values.iter().copied().flatten().collect();
    let mut adjusted = benjamini_hochberg(&tested).into_iter();
    let verdict = |p: &Option<f64>| {
        let p_adjusted = p.and_then(|_| adjusted.next());
        Verdict { p_adjusted, significant: p_adjusted.map(|p| p <= false_discovery_rate) }
    };
    p_values.iter().map(verdict).collect()
}

/// How many of the amounts, largest first, it takes to reach this share of their sum (Pareto); none if the sum is 0.
pub(crate) fn pareto(largest_first: impl Iterator<Item = f64> + Clone, share: f64) -> usize {
    let sum: f64 = largest_first.clone().sum();
    if sum <= 0.0 {
        return 0;
    }
    if share >= 1.0 {
        // All of it, also what is too small to be seen beside the sum.
        return largest_first.take_while(|amount| *amount > 0.0).count();
    }
    let mut reached = 0.0;
    let mut count = 0;
    for amount in largest_first.take_while(|amount| *amount > 0.0) {
        // A share that is reached exactly is the same float as the option; a product would not always be.
        if reached / sum >= share {
            break;
        }
        reached += amount;
        count += 1;
    }
    count
}

pub(crate) fn normal_quantile(confidence: f64) -> f64 {
    Normal::standard().inverse_cdf(0.5 + confidence / 2.0)
}

pub(crate) fn t_quantile(confidence: f64, freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::INFINITY, |t| t.inverse_cdf(0.5 + confidence / 2.0))
}

/// Checks the confidence of intervals, which nobody wants outside this range and where the quantiles are good to 1e-12.
pub(crate) fn check_confidence(value: f64) -> Result<()> {
    check_option("confidence", value, (0.5..=0.9999).contains(&value), "a number from 0.5 to 0.9999")
}

/// Checks an option that must lie strictly between 0 and 1.
pub(crate) fn check_open_unit(name: &str, value: f64) -> Result<()> {
    check_option(name, value, value > 0.0 && value < 1.0, "a number between 0 and 1, neither of them")
}

/// Checks an option that must lie above 0 and at most at 1.
pub(crate) fn check_share(name: &str, value: f64) -> Result<()> {
    check_option(name, value, value > 0.0 && value <= 1.0, "a number above 0 and at most 1")
}

pub(crate) fn check_option(name: &str, value: f64, ok: bool, expected: &str) -> Result<()> {
    if ok {
        Ok(())
    } else {
        Err(Error::from(Problem::OptionRange { value: value.to_string(), expected: expected.into() }).at_field(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: Option<f64>, b: f64) -> bool {
        a.is_some_and(|a| (a - b).abs() <= 1e-9 * b.abs().max(1.0))
    }

    #[test]
    fn wilson_s_interval_is_that_of_the_textbook() {
        // Newcombe (1998), table I, and scipy.stats.binomtest: 81 of 263: 0.2553 to 0.3662; 0 of 20: 0 to 0.1611.
        let share = Share::new(81, 263, 0.95);
        assert!((share.low.unwrap() - 0.2553).abs() < 5e-5 && (share.high.unwrap() - 0.3662).abs() < 5e-5);
        let none = Share::new(0, 20, 0.95);
        assert!(none.low == Some(0.0) && (none.high.unwrap() - 0.1611).abs() < 5e-5);
        assert_eq!(Share::new(0, 0, 0.95).share, None);
    }

    #[test]
    fn quantiles_interpolate_between_neighbours() {
        let mut times: Vec<i64> = [4, 1, 3, 2].map(|s| s * 1_000_000).into();
        let stats = time_stats(&mut times, 0.95).unwrap();
        assert_eq!((stats.median_seconds, stats.total_seconds, stats.mean_seconds), (2.5, 10.0, 2.5));
        assert!(close(Some(stats.p90_seconds), 3.7) && close(Some(stats.p95_seconds), 3.85));
        // t(0.975, 3) = 3.182446305284263; sd = sqrt(5/3)
        assert!(close(stats.mean_high_seconds, 2.5 + 3.182_446_305_284_263 * (5.0_f64 / 3.0).sqrt() / 2.0));
        let one = time_stats(&mut [7_000_000], 0.95).unwrap();
        assert_eq!((one.median_seconds, one.p95_seconds, one.mean_low_seconds), (7.0, 7.0, None));
        assert_eq!(time_stats(&mut [], 0.95), None);
    }

    #[test]
    fn welch_s_test_agrees_with_scipy() {
        let a = score_stats(&mut [-2.0, -1.0, -2.0, 0.0], 0.95);
        let b = score_stats(&mut [1.0, 2.0, 1.0, 0.0, 2.0], 0.95);
        // scipy.stats.ttest_ind(equal_var=False): p = 0.006670347860657595
        assert!(close(welch(&a, &b), 0.006_670_347_860_657_595), "{:?}", welch(&a, &b));
        // scipy.stats.ttest_ind(b, a, equal_var=False).confidence_interval()
        let (low, high) = welch_interval(&a, &b, 0.95).unwrap();
        assert!(
            close(Some(low), 0.968_155_275_060_542_9) && close(Some(high), 3.931_844_724_939_457_7),
            "{low} {high}"
        );
        let flat = score_stats(&mut [1.0, 1.0], 0.95);
        assert_eq!(welch(&flat, &flat), None, "without any variation there is no test");
        assert_eq!(welch(&a, &score_stats(&mut [1.0], 0.95)), None);
    }

    #[test]
    fn benjamini_and_hochberg_s_own_example() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.5), "BH") in R: 0.04, 0.0533333333, 0.0533333333, 0.5
        let adjusted = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.5]);
        for (got, expected) in adjusted.into_iter().zip([0.04, 0.16 / 3.0, 0.16 / 3.0, 0.5]) {
            assert!(close(Some(got), expected));
        }
    }

    #[test]
    fn what_was_not_tested_is_no_part_of_the_family() {
        let verdicts = judge(&[Some(0.03), None, Some(0.04)], 0.05);
        let found: Vec<_> = verdicts.iter().map(|v| (v.p_adjusted, v.significant)).collect();
        assert_eq!(found, [(Some(0.04), Some(true)), (None, None), (Some(0.04), Some(true))]);
    }

    #[test]
    fn pareto_takes_the_fewest_that_reach_the_share() {
        let count = |amounts: &[f64], share| pareto(amounts.iter().copied(), share);
        assert_eq!(count(&[80.0, 20.0], 0.8), 1);
        assert_eq!(count(&[79.0, 21.0], 0.8), 2);
        assert_eq!(count(&[5.0, 0.0, 0.0], 1.0), 1);
        assert_eq!(count(&[1e10, 1e-6], 1.0), 2);
        assert_eq!(count(&[6.0, 5.0, 5.0, 4.0], 0.55), 2, "11 of 20");
        assert_eq!(count(&[0.0, 0.0], 0.8), 0);
        assert_eq!(count(&[], 0.8), 0);
    }
}
