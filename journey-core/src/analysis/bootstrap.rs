//! The bootstrap of journeys (Efron 1979, *Annals of Statistics* 7) for figures of a Markov chain.
//!
//! A resample is as many journeys as there are, drawn with replacement; what is drawn are whole journeys, for the events of
//! a customer depend on each other. Distinct paths are counted once and drawn by their counts, so that a resample costs a
//! draw for each journey and a look at each distinct path. Staying in a state changes no removal effect, so paths are told
//! apart without it.
//!
//! The draws are one sequence of PCG64 (O'Neill 2014), of which each resample has its own piece. So they are the same
//! whatever the threads, and NumPy's `PCG64` draws them as well: draw `k` is of the path of the journey
//! `floor(number_k * journeys / 2^64)`, journeys in the order of their paths.

use std::iter::repeat_n;

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;
use rustc_hash::FxHashMap;

use super::chain::{ChainCounts, Target};
use crate::threads::{map_each, sort};

/// The sequence that `rand_pcg` and the authors of PCG use where none is named.
const SEQUENCE: u128 = 0x0a02_bdbf_7bb3_c0a7_ac28_fa16_a64a_bf96;

/// How many journeys took each path.
#[derive(Default)]
pub(super) struct Paths {
    counts: FxHashMap<Box<[Target]>, u64>,
    /// The path of the journey that is looked at.
    path: Vec<Target>,
}

impl Paths {
    /// The journey that is looked at reaches a state.
    pub(super) fn reach(&mut self, state: u32) {
        if self.path.last() != Some(&Target::State(state)) {
            self.path.push(Target::State(state));
        }
    }

    /// The journey that is looked at ends, which counts if it reached a state.
    pub(super) fn end(&mut self, end: Target) {
        if !self.path.is_empty() {
            self.path.push(end);
            match self.counts.get_mut(self.path.as_slice()) {
                Some(count) => *count += 1,
                None => drop(self.counts.insert(self.path.as_slice().into(), 1)),
            }
        }
        self.path.clear();
    }

    pub(super) fn merge(&mut self, other: Self) {
        #[expect(clippy::iter_over_hash_type, reason = "counts add up the same in any order")]
        for (path, count) in other.counts {
            *self.counts.entry(path).or_default() += count;
        }
    }

    /// A figure of each resample.
    pub(super) fn resampled<R: Send>(
        self,
        states: usize,
        resamples: u64,
        seed: u64,
        figure: impl Fn(&ChainCounts) -> R + Send + Sync,
    ) -> Vec<R> {
        let sample = Sample::new(self, states);
        map_each((0..resamples).collect(), |resample| figure(&sample.resample(resample, seed)))
    }
}

/// Distinct paths, ready to be drawn.
struct Sample {
    states: usize,
    /// The path of each journey, as a number.
    journeys: Vec<u32>,
    /// The length of each path, and the ways that it takes, path after path, as places in [`ChainCounts`].
    lengths: Vec<usize>,
    ways: Vec<usize>,
}

impl Sample {
    fn new(paths: Paths, states: usize) -> Self {
        let mut paths: Vec<_> = paths.counts.into_iter().collect();
        sort(&mut paths, Ord::cmp);
        let (mut journeys, mut ways) = (Vec::new(), Vec::new());
        let chain = ChainCounts::new(states);
        for (number, (path, count)) in (0..).zip(&paths) {
            journeys.extend(repeat_n(number, usize::try_from(*count).unwrap_or(usize::MAX)));
            let mut from = None;
            for to in path {
                ways.push(chain.cell(from, *to));
                from = to.state();
            }
        }
        Self { states, journeys, lengths: paths.iter().map(|(path, _)| path.len()).collect(), ways }
    }

    fn resample(&self, number: u64, seed: u64) -> ChainCounts {
        let mut random = Pcg64::new(seed.into(), SEQUENCE);
        random.advance(u128::from(number) * self.journeys.len() as u128);
        let mut drawn = vec![0u64; self.lengths.len()];
        for _ in &self.journeys {
            let place = (u128::from(random.next_u64()) * self.journeys.len() as u128) >> u64::BITS;
            let path = usize::try_from(place).ok().and_then(|place| self.journeys.get(place));
            if let Some(times) = path.and_then(|path| drawn.get_mut(*path as usize)) {
                *times += 1;
            }
        }
        let mut chain = ChainCounts::new(self.states);
        let mut ways = self.ways.as_slice();
        for (length, times) in self.lengths.iter().zip(drawn) {
            let (path, further) = ways.split_at_checked(*length).unwrap_or_default();
            ways = further;
            if times > 0 {
                for way in path {
                    chain.add(*way, times);
                }
            }
        }
        chain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(of: &[(&[u32], Target, u64)]) -> Paths {
        let mut paths = Paths::default();
        for (states, end, times) in of {
            for _ in 0..*times {
                states.iter().for_each(|state| paths.reach(*state));
                paths.end(*end);
            }
        }
        paths
    }

    #[test]
    fn the_draws_are_those_of_numpy() {
        // PCG64 of NumPy 2.4, seeded as PCG's authors do it: tests/oracle/questions/removal_effects.py, draws_of(7).
        let mut random = Pcg64::new(7, SEQUENCE);
        let draws: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        assert_eq!(draws, [0x3bdd_6a49_6d2b_cf11, 0x94d2_fcd1_e381_8c22, 0x8847_33e5_c208_fe64]);
    }

    #[test]
    fn a_resample_is_as_many_whole_journeys() {
        let of = [(&[0u32, 0, 1] as &[u32], Target::Converted, 3), (&[1], Target::Lost, 5), (&[], Target::Lost, 9)];
        let sizes = paths(&of).resampled(2, 50, 1, |chain| {
            // Who goes from 0 to 1 has begun at 0 and converts; all others begin at 1 and are lost.
            let ways =
                [chain.count(Some(0), Target::State(1)), chain.conversions(), chain.count(None, Target::State(0))];
            assert!(ways.iter().all(|way| *way == ways[0]), "{ways:?}");
            ways[0] + chain.count(Some(1), Target::Lost)
        });
        assert_eq!(sizes, [8; 50]);
    }

    #[test]
    fn the_shares_drawn_are_those_of_the_sample_on_average() {
        let of = [(&[0u32] as &[u32], Target::Converted, 30), (&[0], Target::Lost, 70)];
        let drawn = |seed| paths(&of).resampled(1, 1000, seed, ChainCounts::conversions);
        // Binomial: mean 30, variance 21; their estimates of 1000 draws vary by 0.145 and 0.94.
        let counts: Vec<f64> = drawn(3).into_iter().map(|n| f64::from(u32::try_from(n).unwrap())).collect();
        let mean = counts.iter().sum::<f64>() / 1000.0;
        let variance = counts.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / 999.0;
        assert!((mean - 30.0).abs() < 0.6 && (variance - 21.0).abs() < 4.0, "{mean} {variance}");
        assert_eq!(drawn(3), drawn(3));
        assert_ne!(drawn(3), drawn(4));
    }
}
