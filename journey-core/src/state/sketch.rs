//! A sketch of times: how many fell into each bucket, so that any quantile is known up to a stated relative error.
//!
//! The buckets are those of HDR histograms and of `DDSketch` with a linear mapping (Masson, Rim and Lee 2019, *PVLDB* 12(12)):
//! each power of two is cut into `2^bits` buckets of equal width, and whole numbers below `2^(bits + 1)` have one each. The
//! bucket of a number is its leading bits, so it is found without a logarithm and is the same on every machine. A number of
//! 64 bits has fewer than `(65 - bits) 2^bits` buckets, which bounds the sketch: nothing is ever collapsed.
//!
//! The middle of a bucket lies within `error = 2^-(bits + 1)` of every number in it, relative to that number. The quantile is
//! that of the exact one, linear interpolation between two neighbours in order (type 7): since both neighbours are found in
//! their buckets, and times are not negative, what is interpolated between the middles lies within the same relative error
//! of what is interpolated between the neighbours. Count, sum, least and greatest are exact.
//!
//! Buckets add up, so sketches merge without loss, in any order.

use serde::{Deserialize, Serialize};

use super::sorted::merge_sorted;
use crate::analysis::{Moments, TimeStats, Times, check_option, float, seconds};
use crate::error::Result;

/// How finely buckets are cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Precision {
    bits: u32,
}

impl Precision {
    const COARSEST: u32 = 3;
    const FINEST: u32 = 12;

    /// The coarsest buckets whose error is at most this one.
    pub(super) fn of(error: f64) -> Result<Self> {
        const EXPECTED: &str = "a number from 0.0002 to 0.1";
        check_option("quantile_error", error, (0.0002..=0.1).contains(&error), EXPECTED)?;
        let found =
            (Self::COARSEST..Self::FINEST).map(|bits| Self { bits }).find(|precision| precision.error() <= error);
        Ok(found.unwrap_or(Self { bits: Self::FINEST }))
    }

    /// How far the middle of a bucket may lie from a number in it, as a share of that number.
    pub(super) fn error(self) -> f64 {
        0.5 / float(1 << self.bits)
    }

    fn bucket(self, number: u64) -> u32 {
        let shift = (number | 1).ilog2().saturating_sub(self.bits);
        // At most 2^13 buckets in each of at most 61 powers of two.
        u32::try_from((u64::from(shift) << self.bits) + (number >> shift)).unwrap_or(u32::MAX)
    }

    fn middle(self, bucket: u32) -> f64 {
        let shift = (bucket >> self.bits).saturating_sub(1);
        let leading = u64::from(bucket) - (u64::from(shift) << self.bits);
        let width = 1u64.checked_shl(shift).unwrap_or(0);
        float(leading.saturating_mul(width)) + float(width.saturating_sub(1)) / 2.0
    }
}

/// How times are spread: exact sums, and a sketch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Spread {
    moments: Moments,
    min: u64,
    max: u64,
    /// The buckets that are not empty, in their order, each with how many times are in it.
    buckets: Vec<(u32, u64)>,
}

impl Spread {
    /// The spread of times in microseconds; one below 0 counts as 0.
    pub(super) fn of(times: &[i64], precision: Precision) -> Self {
        let mut moments = Moments::default();
        let (mut min, mut max) = (u64::MAX, 0);
        let mut buckets: Vec<u32> = Vec::with_capacity(times.len());
        for time in times.iter().map(|time| u64::try_from(*time).unwrap_or(0)) {
            moments.add(time);
            (min, max) = (min.min(time), max.max(time));
            buckets.push(precision.bucket(time));
        }
        if times.is_empty() {
            return Self::default();
        }
        buckets.sort_unstable();
        let counted = buckets.chunk_by(|a, b| a == b).filter_map(|run| Some((*run.first()?, run.len() as u64)));
        Self { moments, min, max, buckets: counted.collect() }
    }

    pub(super) fn n(&self) -> u64 {
        self.moments.n
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if other.n() == 0 {
            return;
        }
        if self.n() == 0 {
            self.clone_from(other);
            return;
        }
        self.moments.merge(&other.moments);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        merge_sorted(&mut self.buckets, other.buckets.clone(), |bucket| bucket.0, |a, b| a.1 += b.1);
    }

    /// Whether times in these numbers can have been taken in.
    pub(super) fn is_sound(&self, precision: Precision) -> bool {
        let Some((first, last)) = self.buckets.first().zip(self.buckets.last()) else {
            return *self == Self::default();
        };
        let n = self.buckets.iter().try_fold(0u64, |n, (_, count)| n.checked_add(*count));
        n == Some(self.n())
            && self.buckets.iter().all(|(_, count)| *count > 0)
            && self.buckets.is_sorted_by(|a, b| a.0 < b.0)
            && self.min <= self.max
            // No two times lie further apart.
            && self.max <= crate::duration::Duration::MAX.micros().unsigned_abs()
            && (first.0, last.0) == (precision.bucket(self.min), precision.bucket(self.max))
            && self.moments.is_sound(self.min, self.max)
    }

    /// The quantile in microseconds; `None` of none.
    fn quantile(&self, q: f64, precision: Precision) -> Option<f64> {
        let place = q * float(self.n().checked_sub(1)?);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= place < n")]
        let below = place as u64;
        let low = self.at(below, precision);
        let high = self.at((below + 1).min(self.n() - 1), precision);
        Some(low + (high - low) * (place - place.floor()))
    }

    /// The time at this place of all in order, from 0, up to the error.
    fn at(&self, place: u64, precision: Precision) -> f64 {
        let (min, max) = (float(self.min), float(self.max));
        if place == 0 {
            return min;
        }
        if place + 1 >= self.n() {
            return max;
        }
        let mut before = 0;
        let found = self.buckets.iter().find(|(_, count)| {
            before += count;
            place < before
        });
        found.map_or(max, |(bucket, _)| precision.middle(*bucket).clamp(min, max))
    }
}

/// A spread with how finely it was taken, which reports ask for statistics.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketched {
    pub(super) spread: Spread,
    pub(super) precision: Precision,
}

impl Times for Sketched {
    fn count(&self) -> u64 {
        self.spread.n()
    }

    fn total(&self) -> i128 {
        i128::try_from(self.spread.moments.sum()).unwrap_or(i128::MAX)
    }

    fn stats(&mut self, t: impl FnOnce(u64) -> f64) -> Option<TimeStats> {
        const SQUARE: f64 = 1e12;
        let Self { spread, precision } = &*self;
        let n = spread.n();
        let quantile = |q| spread.quantile(q, *precision).map(|micros| micros / 1e6);
        let (median_seconds, p90_seconds, p95_seconds) = (quantile(0.5)?, quantile(0.9)?, quantile(0.95)?);
        let total_seconds = seconds(self.total());
        let mean = total_seconds / float(n);
        let half = spread.moments.variance().map(|variance| t(n - 1) * (variance / SQUARE / float(n)).sqrt());
        Some(TimeStats {
            n,
            total_seconds,
            mean_seconds: mean,
            mean_low_seconds: half.map(|half| mean - half),
            mean_high_seconds: half.map(|half| mean + half),
            min_seconds: seconds(spread.min.into()),
            median_seconds,
            p90_seconds,
            p95_seconds,
            max_seconds: seconds(spread.max.into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::{exact_quantile, t_quantile};

    const ONE_PERCENT: Precision = Precision { bits: 6 };

    #[test]
    fn an_error_is_met_by_the_coarsest_buckets_that_keep_it() {
        // 2^-(bits + 1): 1/16, 1/128, 1/8192.
        for (asked, bits, error) in
            [(0.1, 3, 0.0625), (0.0625, 3, 0.0625), (0.01, 6, 0.007_812_5), (0.0002, 12, 1.0 / 8192.0)]
        {
            let precision = Precision::of(asked).unwrap();
            assert_eq!((precision.bits, precision.error()), (bits, error), "{asked}");
        }
        assert_eq!(Precision::of(0.0).unwrap_err().location().field.as_deref(), Some("quantile_error"));
        assert!(Precision::of(f64::NAN).is_err());
    }

    #[test]
    fn buckets_follow_each_other_without_a_gap() {
        for bits in [3, 6, 12] {
            let precision = Precision { bits };
            let mut ends: Vec<u64> =
                (0..=63).flat_map(|power| [(1 << power) - 1, 1 << power, (1 << power) + 1]).collect();
            ends.push(u64::MAX);
            ends.sort_unstable();
            assert!(ends.windows(2).all(|pair| precision.bucket(pair[0]) <= precision.bucket(pair[1])));
            assert!((0..1u64 << (bits + 1)).all(|small| u64::from(precision.bucket(small)) == small), "one each");
            assert_eq!(precision.bucket(1 << (bits + 1)), 1 << (bits + 1));
            assert_eq!(precision.bucket((1 << (bits + 1)) + 1), 1 << (bits + 1), "from here on two share one");
            assert!(precision.bucket(u64::MAX) < (65 - bits) << bits, "the bound of the module's text");
        }
        // 1,000 = 0b11_1110_1000 has 10 bits; its 7 leading ones are 0b111_1101 = 125, the other 3 are cut off.
        assert_eq!(ONE_PERCENT.bucket(1_000), 3 * 64 + 125);
        assert_eq!(ONE_PERCENT.middle(3 * 64 + 125), 1_003.5, "the middle of 1,000 to 1,007");
    }

    #[test]
    fn statistics_of_four_times_are_those_of_the_textbook() {
        let mut times = Sketched { spread: Spread::of(&[10, 20, 20, 70], ONE_PERCENT), precision: ONE_PERCENT };
        let stats = times.stats(|_| 2.0).unwrap();
        // Sums of squares about the mean 30: 400 + 100 + 100 + 1600 = 2200; 2 sqrt(2200 / 3 / 4) = 27.0801.
        assert_eq!((stats.n, stats.total_seconds, stats.mean_seconds), (4, 120e-6, 30e-6));
        assert!((stats.mean_high_seconds.unwrap() - 57.080_128e-6).abs() < 1e-12);
        assert_eq!((stats.min_seconds, stats.max_seconds, stats.median_seconds), (10e-6, 70e-6, 20e-6));
        // Places 2.7 and 2.85 of 20 and 70.
        assert!((stats.p90_seconds - 55e-6).abs() < 1e-15 && (stats.p95_seconds - 62.5e-6).abs() < 1e-15);
        assert!(Sketched::default().stats(|_| 2.0).is_none());
    }

    /// Times of all sizes, from a microsecond to ten thousand years.
    fn times() -> impl Strategy<Value = Vec<i64>> {
        prop::collection::vec(
            (0..58u32, any::<u32>()).prop_map(|(power, rest)| {
                let bits = u64::from(rest) << 26 >> (63 - power);
                i64::try_from(bits).unwrap()
            }),
            1..200,
        )
    }

    proptest! {
        #[test]
        fn every_quantile_lies_within_the_error_of_the_exact_one(times in times(), percent in 0..=100u32, bits in 3..=12u32) {
            let precision = Precision { bits };
            let spread = Spread::of(&times, precision);
            let q = f64::from(percent) / 100.0;
            let exact = exact_quantile(&mut times.clone(), q) * 1e6;
            let got = spread.quantile(q, precision).unwrap();
            prop_assert!((got - exact).abs() <= exact * (precision.error() + 1e-12), "{got} for {exact}");
        }

        #[test]
        fn parts_merge_into_the_whole_in_any_order(times in times(), cut in 0..200usize) {
            let (a, b) = times.split_at(cut.min(times.len()));
            let [mut first, second] = [a, b].map(|part| Spread::of(part, ONE_PERCENT));
            let (whole, mut other_way) = (Spread::of(&times, ONE_PERCENT), second.clone());
            other_way.merge(&first);
            first.merge(&second);
            prop_assert_eq!(&first, &whole);
            prop_assert_eq!(&other_way, &whole);
            prop_assert!(whole.is_sound(ONE_PERCENT));
            let exact = crate::analysis::Times::stats(&mut times.clone(), |freedom| t_quantile(0.9, float(freedom))).unwrap();
            let got = Sketched { spread: whole, precision: ONE_PERCENT }.stats(|freedom| t_quantile(0.9, float(freedom))).unwrap();
            prop_assert_eq!((got.total_seconds, got.mean_seconds, got.mean_low_seconds), (exact.total_seconds, exact.mean_seconds, exact.mean_low_seconds));
            prop_assert_eq!((got.n, got.min_seconds, got.max_seconds), (exact.n, exact.min_seconds, exact.max_seconds));
        }
    }
}
