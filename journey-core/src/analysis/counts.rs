//! Statistics of whole numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::stats;

/// How large a count was, over `n` of them.
///
/// Quantiles are exact, by linear interpolation (type 7 of Hyndman and Fan, NumPy's default).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CountStats {
    /// How many counts there were; at least 1.
    pub n: u64,
    /// Their sum.
    pub total: u64,
    /// Their mean.
    pub mean: f64,
    /// The smallest.
    pub min: u64,
    /// Half were at most this large.
    pub median: f64,
    /// Nine in ten were at most this large.
    pub p90: f64,
    /// The largest.
    pub max: u64,
}

/// How often each count came up; it can be merged, and its statistics are exact.
#[derive(Clone, Debug, Default)]
pub(super) struct Histogram(BTreeMap<u64, u64>);

impl Histogram {
    pub(super) fn add(&mut self, count: u64) {
        *self.0.entry(count).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (count, times) in other.0 {
            *self.0.entry(count).or_default() += times;
        }
    }

    /// `None` of no counts.
    pub(super) fn stats(&self) -> Option<CountStats> {
        let n = self.0.values().sum();
        let total = self.0.iter().map(|(count, times)| count * times).sum();
        Some(CountStats {
            n,
            total,
            mean: stats::ratio(total, n)?,
            min: *self.0.first_key_value()?.0,
            median: self.quantile(n, 0.5)?,
            p90: self.quantile(n, 0.9)?,
            max: *self.0.last_key_value()?.0,
        })
    }

    fn quantile(&self, n: u64, q: f64) -> Option<f64> {
        let place = q * stats::float(n.checked_sub(1)?);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= place < n")]
        let below = place as u64;
        let low = self.at(below)?;
        let high = self.at(below + 1).unwrap_or(low);
        Some(low + (high - low) * (place - place.floor()))
    }

    /// The count at this place of all counts in order, from 0.
    fn at(&self, place: u64) -> Option<f64> {
        let mut before = 0;
        let found = self.0.iter().find(|(_, times)| {
            before += **times;
            place < before
        });
        found.map(|(count, _)| stats::float(*count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_counts_interpolate_between_neighbours() {
        let mut counts = Histogram::default();
        assert_eq!(counts.stats(), None);
        counts.add(5);
        let one = counts.stats().unwrap();
        assert_eq!((one.n, one.min, one.median, one.p90, one.max), (1, 5, 5.0, 5.0, 5));
        let mut more = Histogram::default();
        for count in [0, 0, 1] {
            more.add(count);
        }
        counts.merge(more);
        // 0, 0, 1, 5: the median between 0 and 1; p90 at place 2.7, so 1 + 0.7 * 4.
        let four = counts.stats().unwrap();
        assert_eq!((four.total, four.mean, four.median), (6, 1.5, 0.5));
        assert!((four.p90 - 3.8).abs() < 1e-12);
    }
}
