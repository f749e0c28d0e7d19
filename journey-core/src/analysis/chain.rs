//! An absorbing Markov chain of order 1 that starts, moves between states, and ends converted or lost.
//!
//! It is given by how often each way was taken. What is asked of it is the removal effect of each state: the share of the
//! conversions that are lost if every way into the state ends lost instead.
//!
//! Where all other states are eliminated, a chain has one state left, which is reached from the start with the weight `r`;
//! the start converts without it with the weight `d`, and it converts with the chance `b`. Then the removal effect is
//! `r b / (d + r b)`. States are eliminated as by Grassmann, Taksar and Heyman (1985, *Operations Research* 33): the ways
//! through a state become ways past it. Nothing is subtracted, so small effects keep their digits. Halving the states that
//! are left answers for all of them in the time of a few eliminations.

use super::stats;

/// How often each way was taken; `None` is the start.
#[derive(Clone)]
pub(super) struct ChainCounts {
    states: usize,
    /// A row for the start, then one for each state; in each the ways to the two ends, then those to each state.
    cells: Vec<u64>,
}

/// Where a way leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Target {
    Converted,
    Lost,
    State(u32),
}

impl Target {
    /// Its place in a row of the chain.
    pub(super) fn column(self) -> usize {
        match self {
            Self::Converted => 0,
            Self::Lost => 1,
            Self::State(state) => state as usize + 2,
        }
    }

    /// The state, unless it is an end.
    pub(super) fn state(self) -> Option<u32> {
        match self {
            Self::State(state) => Some(state),
            Self::Converted | Self::Lost => None,
        }
    }
}

impl ChainCounts {
    pub(super) fn new(states: usize) -> Self {
        Self { states, cells: vec![0; (states + 1) * (states + 2)] }
    }

    /// Where the ways from a state, or from the start, begin among all ways.
    pub(super) fn row(&self, from: Option<u32>) -> usize {
        from.map_or(0, |state| state as usize + 1) * (self.states + 2)
    }

    /// The place of a way among all ways.
    pub(super) fn cell(&self, from: Option<u32>, to: Target) -> usize {
        self.row(from) + to.column()
    }

    /// Takes the way at this place so many times more.
    pub(super) fn add(&mut self, cell: usize, times: u64) {
        if let Some(count) = self.cells.get_mut(cell) {
            *count += times;
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.cells.iter_mut().zip(&other.cells).for_each(|(count, more)| *count += more);
    }

    /// How often a state was left, which is how often it was reached.
    pub(super) fn visits(&self) -> impl Iterator<Item = u64> {
        self.rows().skip(1).map(|row| row.iter().sum())
    }

    /// How often the chain ended converted.
    pub(super) fn conversions(&self) -> u64 {
        self.rows().filter_map(<[u64]>::first).sum()
    }

    #[cfg(test)]
    pub(super) fn count(&self, from: Option<u32>, to: Target) -> u64 {
        self.cells[self.cell(from, to)]
    }

    fn rows(&self) -> impl Iterator<Item = &[u64]> {
        self.cells.chunks_exact(self.states + 2)
    }

    /// The removal effect of each state, 0 of those that are never reached; `None` if nothing converts.
    pub(super) fn removal_effects(&self) -> Option<Vec<f64>> {
        let visited: Vec<bool> = self.visits().map(|visits| visits > 0).collect();
        let kept = |row: &[u64]| {
            let (ends, states) = row.split_at_checked(2).unwrap_or_default();
            let states = states.iter().zip(&visited).filter(|(_, visited)| **visited).map(|(count, _)| count);
            ends.iter().chain(states).map(|count| stats::float(*count)).collect()
        };
        let left = std::iter::once(&true).chain(&visited);
        let chain =
            Chain { rows: self.rows().zip(left).filter(|(_, left)| **left).map(|(row, _)| kept(row)).collect() };
        let mut effects = Vec::new();
        chain.removal_effects(&mut effects);
        let mut effects = effects.into_iter();
        let each = visited.into_iter().map(|visited| if visited { effects.next().unwrap_or(0.0) } else { 0.0 });
        (self.conversions() > 0).then(|| each.collect())
    }
}

/// The ways that are left: rows as in [`ChainCounts`], each in any unit of its own.
#[derive(Clone)]
struct Chain {
    rows: Vec<Vec<f64>>,
}

impl Chain {
    fn states(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }

    /// Adds the removal effect of each state, in their order.
    fn removal_effects(self, effects: &mut Vec<f64>) {
        match self.states() {
            0 => {}
            1 => effects.push(self.removal_effect()),
            states => {
                let half = states / 2;
                let mut others = self.clone();
                others.rotate(half);
                self.without_last(states - half).removal_effects(effects);
                others.without_last(half).removal_effects(effects);
            }
        }
    }

    /// Of the only state that is left.
    fn removal_effect(&self) -> f64 {
        let [start, state] = self.rows.as_slice() else { return 0.0 };
        let ([directly, _, reached], [converted, lost, _]) = (start.as_slice(), state.as_slice()) else { return 0.0 };
        let through = if *converted > 0.0 { reached * (converted / (converted + lost)) } else { 0.0 };
        if through > 0.0 { through / (directly + through) } else { 0.0 }
    }

    /// The same chain, with the first states behind the others.
    fn rotate(&mut self, first: usize) {
        if let Some(states) = self.rows.get_mut(1..) {
            states.rotate_left(first);
        }
        for row in &mut self.rows {
            if let Some(states) = row.get_mut(2..) {
                states.rotate_left(first);
            }
        }
    }

    /// The chain of the states but for the last ones: who would go there goes at once where they lead in the end.
    fn without_last(mut self, count: usize) -> Self {
        for _ in 0..count {
            let mut out = self.rows.pop().unwrap_or_default();
            // How often it comes back to itself says nothing about where it leads.
            out.pop();
            let all: f64 = out.iter().sum();
            for row in &mut self.rows {
                let into = row.pop().unwrap_or_default();
                if into > 0.0 && all > 0.0 {
                    let part = into / all;
                    row.iter_mut().zip(&out).for_each(|(way, further)| *way += part * further);
                }
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chain(states: usize, paths: &[(Vec<u32>, bool)]) -> ChainCounts {
        let mut chain = ChainCounts::new(states);
        for (path, converts) in paths {
            let mut from = None;
            for state in path {
                chain.add(chain.cell(from, Target::State(*state)), 1);
                from = Some(*state);
            }
            chain.add(chain.cell(from, if *converts { Target::Converted } else { Target::Lost }), 1);
        }
        chain
    }

    /// The solutions of linear equations, by Gauss's elimination with the largest pivot of a column.
    fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
        let size = right.len();
        for step in 0..size {
            let pivot = (step..size).max_by(|a, b| matrix[*a][step].abs().total_cmp(&matrix[*b][step].abs())).unwrap();
            matrix.swap(step, pivot);
            right.swap(step, pivot);
            let (above, below) = matrix.split_at_mut(step + 1);
            for (row, line) in below.iter_mut().enumerate() {
                let factor = line[step] / above[step][step];
                line.iter_mut().zip(&above[step]).for_each(|(cell, pivot)| *cell -= factor * pivot);
                right[step + 1 + row] -= factor * right[step];
            }
        }
        for step in (0..size).rev() {
            let known: f64 = (step + 1..size).map(|column| matrix[step][column] * right[column]).sum();
            right[step] = (right[step] - known) / matrix[step][step];
        }
        right
    }

    /// The identity less the shares of the ways between the start and the states; and the shares of those that convert.
    fn equations(chain: &ChainCounts, removed: Option<usize>) -> (Vec<Vec<f64>>, Vec<f64>) {
        let rows: Vec<Vec<f64>> = chain.rows().map(|row| row.iter().map(|n| stats::float(*n)).collect()).collect();
        let shares = |row: &Vec<f64>| {
            let all: f64 = row.iter().sum();
            row.iter().map(|n| if all > 0.0 { n / all } else { 0.0 }).collect::<Vec<f64>>()
        };
        let rows: Vec<Vec<f64>> = rows.iter().map(shares).collect();
        let matrix = rows.iter().enumerate().map(|(at, row)| {
            let mut ways: Vec<f64> = std::iter::once(0.0).chain(row[2..].iter().copied()).map(|share| -share).collect();
            if let Some(state) = removed {
                ways[state + 1] = 0.0;
            }
            ways[at] += 1.0;
            ways
        });
        (matrix.collect(), rows.iter().map(|row| row[0]).collect())
    }

    fn paths() -> impl Strategy<Value = Vec<(Vec<u32>, bool)>> {
        prop::collection::vec((prop::collection::vec(0..6u32, 1..8), any::<bool>()), 1..30)
    }

    proptest! {
        #[test]
        fn an_effect_is_what_conversion_loses_if_every_way_into_the_state_ends_lost(paths in paths()) {
            let chain = chain(6, &paths);
            let converts = |removed| {
                let (matrix, right) = equations(&chain, removed);
                solve(matrix, right)[0]
            };
            let all = converts(None);
            let share = stats::float(chain.conversions()) / stats::float(paths.len() as u64);
            prop_assert!((all - share).abs() < 1e-12, "the chance to convert is the share that converts");
            match chain.removal_effects() {
                None => prop_assert_eq!(chain.conversions(), 0),
                Some(effects) => for (state, effect) in effects.into_iter().enumerate() {
                    prop_assert!((effect - (1.0 - converts(Some(state)) / all)).abs() < 1e-11);
                },
            }
        }

        #[test]
        fn an_effect_is_the_chance_that_who_converts_has_come_by(paths in paths()) {
            // With the fundamental matrix N: the start comes by with the chance N_si / N_ii, and converts from there with b_i.
            let chain = chain(6, &paths);
            let (matrix, right) = equations(&chain, None);
            let chances = solve(matrix.clone(), right);
            let column = |state: usize| solve(matrix.clone(), (0..7).map(|at| f64::from(at == state)).collect());
            for (state, effect) in chain.removal_effects().into_iter().flatten().enumerate() {
                let visits = column(state + 1);
                let by = visits[0] / visits[state + 1] * chances[state + 1] / chances[0];
                prop_assert!((effect - by).abs() < 1e-11, "{state}: {effect}, {by}");
            }
        }

        #[test]
        fn staying_changes_no_effect(paths in paths()) {
            let moving: Vec<_> = paths.iter().cloned().map(|(mut path, converts)| { path.dedup(); (path, converts) }).collect();
            let [stayed, moved] = [&paths, &moving].map(|paths| chain(6, paths).removal_effects().unwrap_or_default());
            prop_assert_eq!(stayed.len(), moved.len());
            prop_assert!(stayed.iter().zip(&moved).all(|(a, b)| (a - b).abs() < 1e-12), "{:?} {:?}", stayed, moved);
        }
    }

    #[test]
    fn the_example_of_three_paths() {
        let paths = [(vec![0, 1, 2], true), (vec![0], false), (vec![1, 2], false)];
        assert_eq!(chain(3, &paths).removal_effects(), Some(vec![0.5, 1.0, 1.0]));
    }

    #[test]
    fn a_small_effect_keeps_its_digits() {
        // One conversion of a thousand million comes through 1, the others through 0 alone.
        let mut chain = ChainCounts::new(2);
        for (from, to, times) in [
            (None, Target::State(0), 999_999_999),
            (None, Target::State(1), 1),
            (Some(0), Target::Converted, 999_999_999),
            (Some(1), Target::Converted, 1),
        ] {
            chain.add(chain.cell(from, to), times);
        }
        assert_eq!(chain.removal_effects(), Some(vec![0.999_999_999, 1e-9]));
    }

    #[test]
    fn what_nobody_visits_has_no_effect_and_without_conversions_there_are_none() {
        assert_eq!(chain(3, &[(vec![1], true)]).removal_effects(), Some(vec![0.0, 1.0, 0.0]));
        assert_eq!(chain(3, &[(vec![1, 2], false)]).removal_effects(), None);
        assert_eq!(chain(3, &[]).removal_effects(), None);
        assert_eq!(chain(0, &[(vec![], true)]).removal_effects(), Some(vec![]));
    }
}
