//! Count, mean and deviation of times that are not kept: whole numbers are added up, so that no order shows.

use serde::{Deserialize, Serialize};

use super::stats::{float, seconds};

/// The sums of times in microseconds, none of them negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Moments {
    pub(crate) n: u64,
    sum: u128,
    squares: u128,
    /// How often the sum of the squares has passed the largest number that it can be.
    carries: u64,
}

impl Moments {
    pub(crate) fn add(&mut self, micros: u64) {
        self.n += 1;
        self.sum += u128::from(micros);
        self.add_squares(u128::from(micros) * u128::from(micros));
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum += other.sum;
        self.add_squares(other.squares);
        self.carries += other.carries;
    }

    fn add_squares(&mut self, squares: u128) {
        let (sum, passed) = self.squares.overflowing_add(squares);
        self.squares = sum;
        self.carries += u64::from(passed);
    }

    /// Whether these can be the sums of times of which the least and the greatest are known.
    pub(crate) fn is_sound(&self, min: u64, max: u64) -> bool {
        let n = u128::from(self.n);
        // Each square is smaller than the largest number, so no more sums than times can have passed it.
        let within = n.checked_mul(min.into()).zip(n.checked_mul(max.into()));
        self.carries <= self.n && within.is_some_and(|(least, most)| (least..=most).contains(&self.sum))
    }

    /// The sum of the times, in microseconds.
    pub(crate) fn sum(&self) -> u128 {
        self.sum
    }

    /// The mean, in seconds; `None` of none.
    pub(crate) fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| seconds(i128::try_from(self.sum).unwrap_or(i128::MAX)) / float(self.n))
    }

    /// The sample standard deviation (n - 1), in seconds; `None` of fewer than two.
    pub(crate) fn deviation(&self) -> Option<f64> {
        self.variance().map(|variance| variance.sqrt() / 1e6)
    }

    /// The sample variance (n - 1), in square microseconds; `None` of fewer than two.
    pub(crate) fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| {
            let squares = self.exact_squares().unwrap_or_else(|| self.rounded_squares());
            (squares / float(self.n - 1)).max(0.0)
        })
    }

    /// The sum of the squared distances from the mean; `None` if a number on the way is too large.
    fn exact_squares(&self) -> Option<f64> {
        // With c the mean rounded down and r = sum - c n, the squared distances from c add up to squares - c (sum + r).
        let n = u128::from(self.n);
        let (centre, rest) = (self.sum / n, self.sum % n);
        let shift = centre.checked_mul(self.sum.checked_add(rest)?)?;
        let from_centre = (self.carries == 0).then(|| self.squares.checked_sub(shift))??;
        Some(wide(from_centre) - wide(rest) * wide(rest) / float(self.n))
    }

    /// Thousands of times of thousands of years each leave only the leading digits.
    fn rounded_squares(&self) -> f64 {
        let squares = float(self.carries) * 2f64.powi(128) + wide(self.squares);
        squares - wide(self.sum) * (wide(self.sum) / float(self.n))
    }
}

#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
fn wide(n: u128) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: &[u64]) -> Moments {
        let mut moments = Moments::default();
        for micros in times {
            moments.add(*micros);
        }
        moments
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_textbook() {
        let moments = of(&[0, 0, 0, 80_000_000]);
        assert_eq!((moments.mean(), moments.deviation()), (Some(20.0), Some(40.0)));
        assert_eq!((of(&[7]).deviation(), of(&[]).mean()), (None, None));
        let near = of(&[300_000_000_000_000_000, 300_000_000_000_000_002]);
        assert!((near.deviation().unwrap() - 2e-6 / 2f64.sqrt()).abs() < 1e-18, "a microsecond in ten thousand years");
    }

    #[test]
    fn parts_merge_into_the_whole_and_large_sums_lose_no_more_than_digits() {
        let mut long = Moments::default();
        for _ in 0..10_000 {
            long.merge(&of(&[300_000_000_000_000_000, 100_000_000_000_000_000]));
        }
        assert!(long.carries > 0);
        assert_eq!(long.mean(), Some(2e11));
        assert!((long.deviation().unwrap() / 1e11 - (20_000.0_f64 / 19_999.0).sqrt()).abs() < 1e-9);
    }
}
