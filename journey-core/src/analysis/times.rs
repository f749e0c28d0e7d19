//! Times of which a report gives statistics, however they are kept: each of them, or what a sketch knows of all.

use super::stats::{self, TimeStats};

/// Times in microseconds.
pub(crate) trait Times: Send {
    /// How many there are.
    fn count(&self) -> u64;

    /// Their sum.
    fn total(&self) -> i128;

    /// Their statistics, where Student's t of the interval comes from a function of its degrees of freedom; `None` of none.
    fn stats(&mut self, t: impl FnOnce(u64) -> f64) -> Option<TimeStats>;
}

impl Times for &mut [i64] {
    fn count(&self) -> u64 {
        self.len() as u64
    }

    fn total(&self) -> i128 {
        self.iter().map(|micros| i128::from(*micros)).sum()
    }

    fn stats(&mut self, t: impl FnOnce(u64) -> f64) -> Option<TimeStats> {
        stats::time_stats_by(self, t)
    }
}

impl Times for Vec<i64> {
    fn count(&self) -> u64 {
        self.len() as u64
    }

    fn total(&self) -> i128 {
        self.iter().map(|micros| i128::from(*micros)).sum()
    }

    fn stats(&mut self, t: impl FnOnce(u64) -> f64) -> Option<TimeStats> {
        stats::time_stats_by(self, t)
    }
}
