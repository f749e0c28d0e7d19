//! The observed transitions with their times: what several analyses fold.

use rustc_hash::FxHashMap;

use crate::log::{Journey, LogNames};
use crate::names::NONE;

/// Every pair of touchpoints that follow each other directly in a journey, and each time from one to the other.
pub(super) struct Edges {
    index: Index,
    pairs: Vec<Pair>,
    /// One entry per transition taken: the position of its pair, and the microseconds from event to event.
    taken: Vec<u32>,
    micros: Vec<i64>,
    journeys: u64,
}

#[derive(Clone, Copy)]
struct Pair {
    from: u32,
    to: u32,
    journeys: u64,
    /// The number of the last journey that was counted here.
    last: u64,
}

/// Where a pair of touchpoints stands in the list of pairs.
enum Index {
    /// A cell for every possible pair, where touchpoints are few.
    Dense {
        touchpoints: usize,
        cells: Vec<u32>,
    },
    Sparse(FxHashMap<(u32, u32), u32>),
}

/// A pair of touchpoints with all its times.
pub(super) struct Edge<'a> {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) journeys: u64,
    pub(super) micros: &'a mut [i64],
    /// Where its times begin among all times; so do its cells in other columns.
    pub(super) start: usize,
}

impl Edges {
    pub(super) fn new(names: &LogNames) -> Self {
        /// At most this many touchpoints make a table of a megabyte.
        const FEW: usize = 512;
        let touchpoints = names.touchpoints.len();
        let index = if touchpoints <= FEW {
            Index::Dense { touchpoints, cells: vec![NONE; touchpoints * touchpoints] }
        } else {
            Index::Sparse(FxHashMap::default())
        };
        Self { index, pairs: Vec::new(), taken: Vec::new(), micros: Vec::new(), journeys: 0 }
    }

    /// Takes in a journey, its times as a clock shows them.
    pub(super) fn journey(&mut self, journey: Journey<'_>, clock: impl Fn(i64) -> i64) {
        self.journeys += 1;
        let (touchpoints, times) = (journey.touchpoints(), journey.times());
        for (ends, times) in touchpoints.windows(2).zip(times.windows(2)) {
            let (&[from, to], &[before, after]) = (ends, times) else { continue };
            let position = self.position(from, to);
            if let Some(pair) = self.pairs.get_mut(position as usize) {
                pair.journeys += u64::from(pair.last != self.journeys);
                pair.last = self.journeys;
            }
            self.taken.push(position);
            self.micros.push(clock(after) - clock(before));
        }
    }

    fn position(&mut self, from: u32, to: u32) -> u32 {
        // The pairs are at most as many as the events, and those fit.
        let new = u32::try_from(self.pairs.len()).unwrap_or(NONE);
        let position = match &mut self.index {
            Index::Dense { touchpoints, cells } => match cells.get_mut(from as usize * *touchpoints + to as usize) {
                Some(cell) => {
                    if *cell == NONE {
                        *cell = new;
                    }
                    *cell
                }
                None => return NONE,
            },
            Index::Sparse(cells) => *cells.entry((from, to)).or_insert(new),
        };
        if position == new {
            self.pairs.push(Pair { from, to, journeys: 0, last: 0 });
        }
        position
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        for pair in &mut self.pairs {
            pair.last = 0;
        }
        let positions: Vec<u32> = other
            .pairs
            .iter()
            .map(|pair| {
                let position = self.position(pair.from, pair.to);
                if let Some(mine) = self.pairs.get_mut(position as usize) {
                    mine.journeys += pair.journeys;
                }
                position
            })
            .collect();
        self.taken.extend(other.taken.iter().map(|p| positions.get(*p as usize).copied().unwrap_or(NONE)));
        self.micros.extend(other.micros);
    }

    /// All pairs with their times, grouped.
    pub(super) fn group(self) -> GroupedEdges {
        self.group_with([])
    }

    /// As [`group`](Self::group), and puts further columns about the transitions taken into the order of the times.
    pub(super) fn group_with<'a>(self, columns: impl IntoIterator<Item = &'a mut Vec<i64>>) -> GroupedEdges {
        let mut order: Vec<usize> = (0..self.pairs.len()).collect();
        order.sort_unstable_by_key(|p| self.pairs.get(*p).map(|pair| (pair.from, pair.to)));
        let mut counts = vec![0usize; self.pairs.len()];
        for position in &self.taken {
            if let Some(count) = counts.get_mut(*position as usize) {
                *count += 1;
            }
        }
        let mut next = vec![0usize; self.pairs.len()];
        let mut pairs = Vec::with_capacity(self.pairs.len());
        let mut start = 0;
        for position in order {
            if let (Some(pair), Some(count), Some(place)) =
                (self.pairs.get(position), counts.get(position), next.get_mut(position))
            {
                *place = start;
                start += count;
                pairs.push((*pair, *count));
            }
        }
        for column in columns {
            *column = scatter(column, &self.taken, next.clone());
        }
        GroupedEdges { pairs, micros: scatter(&self.micros, &self.taken, next) }
    }
}

/// Puts each cell of a column where the next one of its pair goes.
fn scatter(column: &[i64], taken: &[u32], mut next: Vec<usize>) -> Vec<i64> {
    let mut cells = vec![0; column.len()];
    for (position, value) in taken.iter().zip(column) {
        if let Some(place) = next.get_mut(*position as usize) {
            if let Some(cell) = cells.get_mut(*place) {
                *cell = *value;
            }
            *place += 1;
        }
    }
    cells
}

/// Pairs by the names of their ends, with their times in one buffer.
pub(super) struct GroupedEdges {
    pairs: Vec<(Pair, usize)>,
    micros: Vec<i64>,
}

impl GroupedEdges {
    /// How many transitions were taken.
    pub(super) fn total(&self) -> u64 {
        self.micros.len() as u64
    }

    /// Each pair, by the names of its ends.
    pub(super) fn edges(&mut self) -> impl Iterator<Item = Edge<'_>> {
        let mut rest = self.micros.as_mut_slice();
        let mut next = 0;
        self.pairs.iter().map(move |(pair, count)| {
            let (micros, after) = std::mem::take(&mut rest).split_at_mut(*count);
            rest = after;
            let start = next;
            next += count;
            Edge { from: pair.from, to: pair.to, journeys: pair.journeys, micros, start }
        })
    }

    /// Each touchpoint that something followed, by name, with the times until that.
    pub(super) fn touchpoints(&mut self) -> impl Iterator<Item = (u32, &mut [i64])> {
        let mut rest = self.micros.as_mut_slice();
        self.pairs.chunk_by(|a, b| a.0.from == b.0.from).map(move |pairs| {
            let count = pairs.iter().map(|(_, count)| count).sum();
            let (micros, after) = std::mem::take(&mut rest).split_at_mut(count);
            rest = after;
            (pairs.first().map_or(NONE, |(pair, _)| pair.from), micros)
        })
    }
}
