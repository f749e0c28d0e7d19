//! How often one name follows another: counts of ordered pairs that several parts of a question fold.

use crate::sorting::SortRows;
use rustc_hash::FxHashMap;

/// For each pair of codes, how often it was counted.
#[derive(Default)]
pub(super) struct PairCounts(FxHashMap<(u32, u32), u64>);

impl PairCounts {
    pub(super) fn add(&mut self, from: u32, to: u32) {
        *self.0.entry((from, to)).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: Self) {
        other.0.into_iter().for_each(|(pair, count)| *self.0.entry(pair).or_default() += count);
    }

    /// The pairs that were counted, most frequent first, ties by code, which is by name.
    pub(super) fn sorted(&self) -> Vec<(u32, u32, u64)> {
        let mut pairs: Vec<(u32, u32, u64)> = self.0.iter().map(|((from, to), count)| (*from, *to, *count)).collect();
        pairs.sort_rows_by_key(|(from, to, count)| (std::cmp::Reverse(*count), *from, *to));
        pairs
    }

    /// For each code that was the first of a pair: in how many of its pairs it was both, and how many they were.
    pub(super) fn stays(&self) -> FxHashMap<u32, (u64, u64)> {
        let mut stays: FxHashMap<u32, (u64, u64)> = FxHashMap::default();
        self.0.iter().for_each(|((from, to), count)| {
            let (same, all) = stays.entry(*from).or_default();
            *same += if from == to { *count } else { 0 };
            *all += count;
        });
        stays
    }

    /// In how many of all pairs both codes are the same, and how many there are.
    pub(super) fn stayed(&self) -> (u64, u64) {
        let same = self.0.iter().filter(|((from, to), _)| from == to).map(|(_, count)| count).sum();
        (same, self.0.values().sum())
    }
}
