//! The quantiles that many intervals of one confidence share, each worked out once.

use super::stats::{self, Share, TimeStats};
use super::times::Times;
use crate::sorting::SortRows;
use crate::threads::map_each;

/// What a report with many intervals needs of the normal distribution and of Student's t.
pub(super) struct Quantiles {
    confidence: f64,
    normal: f64,
    /// Degrees of freedom, rising, with the quantile of each.
    t: Vec<(u64, f64)>,
}

impl Quantiles {
    /// Prepares intervals of shares, and of means of samples of these sizes.
    pub(super) fn new(confidence: f64, sizes: impl Iterator<Item = u64>) -> Self {
        let mut freedoms: Vec<u64> = sizes.filter(|n| *n > 1).map(|n| n - 1).collect();
        freedoms.sort_rows_by(Ord::cmp);
        freedoms.dedup();
        let t = map_each(freedoms, |freedom| (freedom, stats::t_quantile(confidence, stats::float(freedom))));
        Self { confidence, normal: stats::normal_quantile(confidence), t }
    }

    /// As [`Share::new`], to the digit.
    pub(super) fn share(&self, n: u64, of: u64) -> Share {
        Share::wilson(n, of, self.normal)
    }

    /// As [`stats::time_stats`], to the digit.
    pub(super) fn time_stats(&self, mut times: impl Times) -> Option<TimeStats> {
        times.stats(|freedom| self.t(freedom))
    }

    fn t(&self, freedom: u64) -> f64 {
        let known = self.t.binary_search_by_key(&freedom, |(known, _)| *known);
        let prepared = known.ok().and_then(|place| self.t.get(place));
        prepared.map_or_else(|| stats::t_quantile(self.confidence, stats::float(freedom)), |(_, t)| *t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_that_are_shared_give_the_same_digits() {
        let samples: [&[i64]; 4] = [&[7], &[1, 5], &[3, 1, 4, 1, 5], &[9, 2, 6]];
        // The size 3 was not announced.
        let quantiles = Quantiles::new(0.9, [1, 2, 5, 2].into_iter());
        for sample in samples {
            let mut times = sample.to_vec();
            assert_eq!(quantiles.time_stats(times.as_mut_slice()), stats::time_stats(&mut times, 0.9));
        }
        assert_eq!(quantiles.share(3, 7), Share::new(3, 7, 0.9));
        assert_eq!(quantiles.share(0, 0), Share::new(0, 0, 0.9));
    }
}
