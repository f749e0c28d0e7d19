//! Tests and estimates by ranks, which no outlier moves: of two samples, and of pairs.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::stats::float;
use crate::threads::sort_many;

/// Samples up to this size, without ties, are tested by the exact distribution of U.
const EXACT: usize = 20;

/// About so many pairs of points stand for all, where there are more.
const MOST_PAIRS: usize = 100_000;

/// The Mann-Whitney test that neither of two samples tends to larger values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MannWhitney {
    /// U of the first sample: in how many of all pairs its value is the larger one, ties counted as half a pair.
    pub(crate) u: f64,
    /// Two-sided.
    pub(crate) p_value: f64,
}

impl MannWhitney {
    /// The rank-biserial correlation (Kerby 2014): the share of pairs in which the second sample's value is larger, less
    /// that in which the first's is; Cliff's delta is the same.
    pub(crate) fn rank_biserial(&self, first: usize, second: usize) -> f64 {
        let pairs = float(first as u64) * float(second as u64);
        (pairs - 2.0 * self.u) / pairs
    }
}

/// Compares two samples by the Mann-Whitney U test, two-sided; `None` where one is empty or all values are the same.
///
/// Samples of at most 20 each without ties are tested by the exact distribution; others by the normal approximation with
/// the correction for ties and that for continuity: as `scipy.stats.mannwhitneyu` with `exact` and `asymptotic`.
///
/// # Complexity
/// O((n + m) log (n + m)).
pub(crate) fn mann_whitney(a: &[f64], b: &[f64]) -> Option<MannWhitney> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let mut all: Vec<(f64, bool)> = marked(a, true).chain(marked(b, false)).collect();
    sort_many(&mut all, |x, y| x.0.total_cmp(&y.0));
    // Twice the sum of the ranks of `a`: whole numbers, since tied ranks are halves.
    let (mut before, mut ranks, mut ties) = (0u128, 0u128, 0u128);
    for tied in all.chunk_by(|x, y| x.0.total_cmp(&y.0).is_eq()) {
        let size = tied.len() as u128;
        ranks += tied.iter().filter(|x| x.1).map(|_| 2 * before + size + 1).sum::<u128>();
        ties += size * size * size - size;
        before += size;
    }
    let (n, m) = (a.len() as u128, b.len() as u128);
    if ties == before * before * before - before {
        return None;
    }
    let twice_u = ranks - n * (n + 1);
    let larger = twice_u.max(2 * n * m - twice_u);
    let p_value = if ties == 0 && a.len() <= EXACT && b.len() <= EXACT {
        // No ties: U is a whole number, and the two tails are alike.
        2.0 * tail(&arrangements(a.len(), b.len()), usize::try_from(n * m - larger / 2).unwrap_or(usize::MAX))
    } else {
        let (n, m, all) = (wide(n), wide(m), wide(before));
        let deviation = (n * m / 12.0 * (all + 1.0 - wide(ties) / (all * (all - 1.0)))).sqrt();
        libm::erfc((wide(larger) / 2.0 - n * m / 2.0 - 0.5) / deviation / std::f64::consts::SQRT_2)
    };
    Some(MannWhitney { u: wide(twice_u) / 2.0, p_value: p_value.min(1.0) })
}

/// Minus zero becomes zero, so that the two are tied.
fn marked(values: &[f64], first: bool) -> impl Iterator<Item = (f64, bool)> {
    values.iter().map(move |value| (value + 0.0, first))
}

#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
fn wide(n: u128) -> f64 {
    n as f64
}

/// In how many orders of two samples U is 0, 1, 2, …: the coefficients of the Gaussian binomial of n + m over n.
fn arrangements(n: usize, m: usize) -> Vec<f64> {
    let size = n * m + 1;
    let mut counts = vec![0.0; size];
    if let Some(first) = counts.first_mut() {
        *first = 1.0;
    }
    // All counts are below 2^53: the floats are whole numbers.
    for i in 1..=m {
        for (up, down) in (0..size).rev().filter_map(|up| Some((up, up.checked_sub(n + i)?))) {
            let part = counts.get(down).copied().unwrap_or_default();
            counts.get_mut(up).into_iter().for_each(|count| *count -= part);
        }
        for up in i..size {
            let part = counts.get(up - i).copied().unwrap_or_default();
            counts.get_mut(up).into_iter().for_each(|count| *count += part);
        }
    }
    counts
}

/// The probability that U is at most this.
fn tail(counts: &[f64], at_most: usize) -> f64 {
    counts.iter().take(at_most.saturating_add(1)).sum::<f64>() / counts.iter().sum::<f64>()
}

/// By how much the values of a second sample lie above those of a first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shift {
    /// The median of all differences, second less first.
    pub(crate) median: f64,
    /// The interval that does not depend on the distribution; `None` where the samples are too small for one.
    pub(crate) interval: Option<(f64, f64)>,
}

/// The estimate of Hodges and Lehmann (1963) of the shift between two samples; `None` where one is empty.
///
/// The interval is Moses' (Hollander and Wolfe, *Nonparametric Statistical Methods*, 4.3): the differences at the places
/// that the distribution of U gives, exact for samples of at most 20 each, else by its normal approximation, rounded to
/// the safe side.
///
/// The differences are not written down: they are counted, for each half of what they can be.
///
/// # Complexity
/// O((n + m) log (n + m)): 64 passes at most over each sample, once sorted.
pub(crate) fn hodges_lehmann(a: &[f64], b: &[f64], confidence: f64) -> Option<Shift> {
    let differences = Differences::new(a, b)?;
    let count = differences.count;
    let alpha = (1.0 - confidence) / 2.0;
    let place = if a.len() <= EXACT && b.len() <= EXACT {
        let counts = arrangements(a.len(), b.len());
        (0..counts.len()).take_while(|at_most| tail(&counts, *at_most) <= alpha).count() as u64
    } else {
        let (n, m) = (float(a.len() as u64), float(b.len() as u64));
        let spread = Normal::standard().inverse_cdf(1.0 - alpha) * (n * m * (n + m + 1.0) / 12.0).sqrt();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 0, at most n m / 2")]
        let place = (n * m / 2.0 - spread).max(0.0).floor() as u64;
        place
    };
    let interval = (place > 0).then(|| (differences.smallest(place), differences.smallest(count + 1 - place)));
    let median = differences.median();
    Some(Shift { median, interval })
}

/// All `b - a`, as a matrix that is sorted both ways and never written down.
struct Differences {
    a: Vec<f64>,
    b: Vec<f64>,
    count: u64,
}

impl Differences {
    fn new(a: &[f64], b: &[f64]) -> Option<Self> {
        let count = (a.len() as u64).checked_mul(b.len() as u64).filter(|count| *count > 0)?;
        Some(Self { a: sorted(a), b: sorted(b), count })
    }

    /// The smallest but `k - 1`.
    fn smallest(&self, k: u64) -> f64 {
        let (least, most) = (self.a.last().zip(self.b.first()), self.a.first().zip(self.b.last()));
        let (mut low, mut high) = (least.map_or(0.0, difference), most.map_or(0.0, difference));
        // Both ends are differences themselves, so that it takes no longer than there are differences to tell apart.
        while low < high {
            let split = self.split(at(u64::midpoint(place(low), place(high))));
            if split.count >= k {
                high = split.below;
            } else {
                low = split.above;
            }
        }
        high
    }

    fn median(&self) -> f64 {
        let low = self.smallest(self.count.div_ceil(2));
        if self.count % 2 == 1 { low } else { f64::midpoint(low, self.smallest(self.count / 2 + 1)) + 0.0 }
    }

    /// Cuts the differences in two. Rounded differences are still sorted both ways, so the count is exact.
    fn split(&self, value: f64) -> Split {
        let mut split = Split { count: 0, below: f64::NEG_INFINITY, above: f64::INFINITY };
        let mut below = 0;
        for a in &self.a {
            while self.b.get(below).is_some_and(|b| difference((a, b)).total_cmp(&value).is_le()) {
                below += 1;
            }
            split.count += below as u64;
            let last_below = below.checked_sub(1).and_then(|last| self.b.get(last));
            split.below = last_below.map_or(split.below, |b| split.below.max(difference((a, b))));
            split.above = self.b.get(below).map_or(split.above, |b| split.above.min(difference((a, b))));
        }
        split
    }
}

/// The differences up to a value: how many there are, the largest of them, and the smallest above.
struct Split {
    count: u64,
    below: f64,
    above: f64,
}

/// Minus zero is zero.
fn difference((a, b): (&f64, &f64)) -> f64 {
    b - a + 0.0
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The median; `None` of no value.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    selected_median(&mut values.to_vec())
}

/// The median by selection, for which the values change their places; `None` of no value.
fn selected_median(values: &mut [f64]) -> Option<f64> {
    let place = values.len().checked_sub(1)? / 2;
    let odd = values.len() % 2 == 1;
    let (_, low, above) = values.select_nth_unstable_by(place, f64::total_cmp);
    let high = if odd { *low } else { above.iter().copied().min_by(f64::total_cmp)? };
    // Minus zero is zero.
    Some(f64::midpoint(*low, high) + 0.0)
}

const SIGN: u64 = 1 << 63;

/// The place of a float in the order of all floats.
fn place(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// The float at a place.
fn at(place: u64) -> f64 {
    f64::from_bits(if place & SIGN == 0 { !place } else { place & !SIGN })
}

/// Spearman's rank correlation, with the test that there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spearman {
    pub(crate) rho: f64,
    /// Two-sided, by Student's t with n - 2 degrees of freedom.
    pub(crate) p_value: f64,
}

/// Spearman's rank correlation of pairs, ties at their mean rank; `None` of fewer than three pairs, or where one side is
/// always the same. What is longer than the other has no pair.
///
/// # Complexity
/// O(n log n).
pub(crate) fn spearman(x: &[f64], y: &[f64]) -> Option<Spearman> {
    let n = x.len().min(y.len());
    if n < 3 {
        return None;
    }
    let (x, y) = (ranks(x.get(..n)?), ranks(y.get(..n)?));
    let product = |a: &[i64], b: &[i64]| a.iter().zip(b).map(|(a, b)| i128::from(*a) * i128::from(*b)).sum::<i128>();
    let (xx, yy, xy) = (product(&x, &x), product(&y, &y), product(&x, &y));
    if xx == 0 || yy == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
    let rho = (xy as f64 / (xx as f64).sqrt() / (yy as f64).sqrt()).clamp(-1.0, 1.0);
    if xx == yy && xy.abs() == xx {
        return Some(Spearman { rho: rho.round(), p_value: 0.0 });
    }
    let freedom = float(n as u64 - 2);
    let t = rho * (freedom / ((1.0 - rho) * (1.0 + rho))).sqrt();
    let p_value = 2.0 * StudentsT::new(0.0, 1.0, freedom).ok()?.cdf(-t.abs());
    Some(Spearman { rho, p_value: p_value.min(1.0) })
}

/// Twice the distance of each value's rank from the middle rank: whole numbers, so that their sums are exact.
#[expect(clippy::cast_possible_wrap, reason = "no log holds 2^62 values")]
fn ranks(values: &[f64]) -> Vec<i64> {
    let mut order: Vec<(f64, usize)> = values.iter().enumerate().map(|(place, value)| (value + 0.0, place)).collect();
    sort_many(&mut order, |a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let after = before + tied.len();
        for (_, place) in tied {
            if let Some(rank) = ranks.get_mut(*place) {
                *rank = (before + after) as i64 - values.len() as i64;
            }
        }
        before = after;
    }
    ranks
}

/// A slope, and of how many pairs of points it is the median.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slope {
    pub slope: f64,
    pub pairs: u64,
}

/// The slope of Theil (1950) and Sen (1968): the median of the slopes of all pairs of points that differ in `x`; `None`
/// where there is no such pair. What is longer than the other has no point.
///
/// Of many points, about a hundred thousand pairs stand for all: those whose distance in the order of `x` is a multiple of
/// one number. So no point is left out, and where any two points differ in `x`, a pair of these does.
///
/// # Complexity
/// O(n log n), and the pairs.
pub(crate) fn theil_sen(x: &[f64], y: &[f64]) -> Option<Slope> {
    let mut points: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
    sort_many(&mut points, |a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let all = points.len() * points.len().saturating_sub(1) / 2;
    let step = all.div_ceil(MOST_PAIRS).min(points.len() / 2).max(1);
    let pairs = (step..points.len()).step_by(step).flat_map(|distance| points.iter().zip(points.iter().skip(distance)));
    let mut slopes: Vec<f64> = pairs.filter(|(a, b)| a.0 < b.0).map(|(a, b)| (b.1 - a.1) / (b.0 - a.0)).collect();
    Some(Slope { slope: selected_median(&mut slopes)?, pairs: slopes.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64) -> bool {
        (got - expected).abs() <= 1e-12 * expected.abs()
    }

    /// Numbers that look random and are the same each time.
    fn numbers(seed: u64, n: usize, of: u64) -> Vec<f64> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            float((state >> 33) % of)
        };
        std::iter::repeat_with(&mut next).take(n).collect()
    }

    #[test]
    fn mann_whitney_agrees_with_scipy() {
        // scipy 1.17: mannwhitneyu(method="asymptotic") with ties, method="exact" without
        let tied = mann_whitney(&[1.0, 2.0, 2.0, 5.0, 7.0], &[2.0, 3.0, 6.0, 8.0, 8.0, 9.0]).unwrap();
        assert!(tied.u == 6.0 && close(tied.p_value, 0.116_456_529_841_395_2), "{tied:?}");
        let exact = mann_whitney(&[1.0, 4.0, 6.0], &[2.0, 5.0, 7.0, 8.0]).unwrap();
        assert!(exact.u == 3.0 && close(exact.p_value, 0.4), "{exact:?}");
        let many: Vec<f64> = (0..30).map(f64::from).collect();
        let others: Vec<f64> = (0..25).map(|x| f64::from(x) * 1.1 + 3.05).collect();
        let large = mann_whitney(&many, &others).unwrap();
        assert!(large.u == 330.0 && close(large.p_value, 0.451_938_437_938_251_5), "{large:?}");
        assert!(close(large.rank_biserial(30, 25), 1.0 - 660.0 / 750.0));
    }

    #[test]
    fn without_a_difference_there_is_no_test_or_no_effect() {
        assert_eq!(mann_whitney(&[], &[1.0]), None);
        assert_eq!(mann_whitney(&[1.0, 1.0], &[1.0]), None, "all the same");
        let same = mann_whitney(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]).unwrap();
        assert_eq!((same.p_value, same.rank_biserial(3, 3)), (1.0, 0.0));
    }

    #[test]
    fn the_orders_of_two_samples_are_counted_right() {
        assert_eq!(arrangements(2, 2), [1.0, 1.0, 2.0, 1.0, 1.0]);
        assert_eq!(arrangements(20, 20).iter().sum::<f64>(), 137_846_528_820.0, "40 over 20");
    }

    #[test]
    fn the_shift_is_the_median_of_all_differences() {
        for (n, m, of) in [(5, 6, 7), (1, 1, 9), (40, 31, 1000), (25, 30, 3)] {
            let (a, b) = (numbers(1, n, of), numbers(2, m, of));
            let all = sorted(&a.iter().flat_map(|a| b.iter().map(move |b| b - a)).collect::<Vec<_>>());
            let half = f64::midpoint(all[(all.len() - 1) / 2], all[all.len() / 2]);
            let shift = hodges_lehmann(&a, &b, 0.95).unwrap();
            assert_eq!(shift.median, half);
            assert!(shift.interval.is_none_or(|(low, high)| low <= half && half <= high));
        }
        assert_eq!(hodges_lehmann(&[], &[1.0], 0.95), None);
    }

    #[test]
    fn the_interval_of_the_shift_agrees_with_the_textbook() {
        // Hollander and Wolfe, example 4.1 and comment: 5 and 10 values, wilcox.test(x, y, conf.int = TRUE) in R.
        let at_term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
        let early = [1.15, 0.88, 0.90, 0.74, 1.21];
        let shift = hodges_lehmann(&early, &at_term, 0.95).unwrap();
        let (low, high) = shift.interval.unwrap();
        assert!(close(shift.median, 0.305) && close(low, -0.15) && close(high, 0.76), "{shift:?}");
        assert_eq!(hodges_lehmann(&[1.0], &[2.0], 0.95).unwrap().interval, None, "too few for an interval");
    }

    #[test]
    fn spearman_agrees_with_scipy() {
        let x = [1.0, 2.0, 2.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        let y = [2.0, 1.0, 4.0, 3.0, 7.0, 5.0, 8.0, 8.0];
        let found = spearman(&x, &y).unwrap();
        assert!(close(found.rho, 0.891_566_265_060_240_8) && close(found.p_value, 0.002_933_782_942_944_881_7));
        let opposite: Vec<f64> = x.iter().map(|x| -x).collect();
        assert_eq!(spearman(&x, &opposite), Some(Spearman { rho: -1.0, p_value: 0.0 }));
        assert_eq!(spearman(&x, &[1.0; 8]), None);
        assert_eq!(spearman(&x[..2], &y[..2]), None);
    }

    #[test]
    fn theil_and_sen_s_slope_agrees_with_scipy() {
        let slope = |x: &[f64], y: &[f64]| theil_sen(x, y).map(|found| (found.slope, found.pairs));
        let x = [1.0, 2.0, 2.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        assert_eq!(slope(&x, &[2.0, 1.0, 4.0, 3.0, 7.0, 5.0, 8.0, 8.0]), Some((1.0, 27)));
        assert_eq!(slope(&[1.0, 1.0], &[2.0, 3.0]), None);
        assert_eq!(slope(&[1.0], &[2.0]), None);
        assert_eq!(slope(&[], &[]), None);
    }

    #[test]
    fn of_many_points_pairs_at_even_distances_give_the_slope() {
        let x: Vec<f64> = (0..10_000u32).map(f64::from).collect();
        let noise = numbers(4, x.len(), 1000);
        let y: Vec<f64> = noise.iter().zip(&x).map(|(noise, x)| noise + x / 7.0).collect();
        let found = theil_sen(&x, &y).unwrap();
        // 49,995,000 pairs of all are 499.95 times the most: distances 500, 1000, … 9500 leave 10,000 less each.
        assert_eq!(found.pairs, 19 * 10_000 - 500 * 190);
        // Uniform noise of deviation 289 puts the slope off by 0.001 (sqrt(12) * 289 / 10000^1.5), and a little more.
        assert!((found.slope - 1.0 / 7.0).abs() < 0.005, "{found:?}");
        let huge: Vec<f64> = (0..300_000u32).map(f64::from).collect();
        assert_eq!(theil_sen(&huge, &huge), Some(Slope { slope: 1.0, pairs: 150_000 }));
        // One point apart from all others is in a pair at each distance.
        let mut apart = vec![1.0; 2000];
        apart[1999] = 2.0;
        assert_eq!(theil_sen(&apart, &numbers(5, 2000, 9)).map(|found| found.pairs), Some(1999 / 20));
        assert_eq!(theil_sen(&[1.0; 2000], &numbers(5, 2000, 9)), None);
    }
}
