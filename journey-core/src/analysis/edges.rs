//! The observed transitions with their times: what several analyses fold.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::log::{Journey, LogNames};
use crate::names::NONE;

/// Which pairs of events of a journey make a transition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransitionRelation {
    /// Each event and the next one.
    #[default]
    DirectlyFollows,
    /// Each event and every later one.
    EventuallyFollows,
}

/// Every pair of touchpoints that follow each other in a journey, and times from one to the other.
///
/// Of events that follow directly, it keeps every time; of those that follow sooner or later, one time per journey:
/// from the first event of the one touchpoint to the first event of the other after it.
pub(crate) struct Edges {
    relation: TransitionRelation,
    index: Index,
    pairs: Vec<Pair>,
    /// One entry per time: the position of its pair, and the microseconds.
    taken: Vec<u32>,
    micros: Vec<i64>,
    journeys: u64,
    earlier: Earlier,
}

#[derive(Clone, Copy)]
struct Pair {
    from: u32,
    to: u32,
    /// How many pairs of events.
    count: u64,
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

/// The touchpoints that the journey at hand has visited so far; empty between journeys.
#[derive(Default)]
struct Earlier {
    seen: Vec<Seen>,
    /// For each touchpoint its place among the seen ones.
    places: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Seen {
    touchpoint: u32,
    events: u64,
    /// The time of the first.
    first: i64,
}

/// A pair of touchpoints with its times.
pub(crate) struct Edge<'a> {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) count: u64,
    pub(crate) journeys: u64,
    pub(crate) micros: &'a mut [i64],
    /// Where its times begin among all times; so do its cells in other columns.
    pub(super) start: usize,
}

impl Earlier {
    fn add(&mut self, touchpoint: u32, time: i64) {
        let Some(place) = self.places.get_mut(touchpoint as usize) else { return };
        if let Some(seen) = self.seen.get_mut(*place as usize) {
            seen.events += 1;
        } else {
            // They are at most as many as the touchpoints, and those fit.
            *place = u32::try_from(self.seen.len()).unwrap_or(NONE);
            self.seen.push(Seen { touchpoint, events: 1, first: time });
        }
    }

    fn clear(&mut self) {
        for seen in self.seen.drain(..) {
            if let Some(place) = self.places.get_mut(seen.touchpoint as usize) {
                *place = NONE;
            }
        }
    }
}

impl Edges {
    pub(crate) fn new(names: &LogNames, relation: TransitionRelation) -> Self {
        /// At most this many touchpoints make a table of a megabyte.
        const FEW: usize = 512;
        let touchpoints = names.touchpoints.len();
        let index = if touchpoints <= FEW {
            Index::Dense { touchpoints, cells: vec![NONE; touchpoints * touchpoints] }
        } else {
            Index::Sparse(FxHashMap::default())
        };
        let earlier = match relation {
            TransitionRelation::DirectlyFollows => Earlier::default(),
            TransitionRelation::EventuallyFollows => Earlier { seen: Vec::new(), places: vec![NONE; touchpoints] },
        };
        Self { relation, index, pairs: Vec::new(), taken: Vec::new(), micros: Vec::new(), journeys: 0, earlier }
    }

    pub(super) fn relation(&self) -> TransitionRelation {
        self.relation
    }

    /// Takes in a journey, the times between events that follow directly as a clock shows them.
    pub(crate) fn journey(&mut self, journey: Journey<'_>, clock: impl Fn(i64) -> i64) {
        self.journeys += 1;
        match self.relation {
            TransitionRelation::DirectlyFollows => self.directly(journey, clock),
            TransitionRelation::EventuallyFollows => self.eventually(journey),
        }
    }

    fn directly(&mut self, journey: Journey<'_>, clock: impl Fn(i64) -> i64) {
        let (touchpoints, times) = (journey.touchpoints(), journey.times());
        for (ends, times) in touchpoints.windows(2).zip(times.windows(2)) {
            let (&[from, to], &[before, after]) = (ends, times) else { continue };
            let (position, _) = self.count(from, to, 1);
            self.taken.push(position);
            self.micros.push(clock(after) - clock(before));
        }
    }

    fn eventually(&mut self, journey: Journey<'_>) {
        let mut earlier = std::mem::take(&mut self.earlier);
        for (to, time) in journey.touchpoints().iter().zip(journey.times()) {
            // Not event by event but touchpoint by touchpoint: a long journey visits few of them over and over.
            for seen in &earlier.seen {
                let (position, first) = self.count(seen.touchpoint, *to, seen.events);
                if first {
                    self.taken.push(position);
                    self.micros.push(time - seen.first);
                }
            }
            earlier.add(*to, *time);
        }
        earlier.clear();
        self.earlier = earlier;
    }

    /// Counts pairs of events; returns the position of their touchpoints, and whether they are this journey's first.
    fn count(&mut self, from: u32, to: u32, events: u64) -> (u32, bool) {
        let position = self.position(from, to);
        let Some(pair) = self.pairs.get_mut(position as usize) else { return (position, false) };
        let first = pair.last != self.journeys;
        pair.count += events;
        pair.journeys += u64::from(first);
        pair.last = self.journeys;
        (position, first)
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
            self.pairs.push(Pair { from, to, count: 0, journeys: 0, last: 0 });
        }
        position
    }

    pub(crate) fn merge(&mut self, other: Self) {
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
                    mine.count += pair.count;
                    mine.journeys += pair.journeys;
                }
                position
            })
            .collect();
        self.taken.extend(other.taken.iter().map(|p| positions.get(*p as usize).copied().unwrap_or(NONE)));
        self.micros.extend(other.micros);
    }

    /// All pairs with their times, grouped.
    pub(crate) fn group(self) -> GroupedEdges {
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
pub(crate) struct GroupedEdges {
    pairs: Vec<(Pair, usize)>,
    micros: Vec<i64>,
}

impl GroupedEdges {
    /// How often each pair was taken: from, to, count.
    pub(super) fn counts(&self) -> impl Iterator<Item = (u32, u32, u64)> {
        self.pairs.iter().map(|(pair, _)| (pair.from, pair.to, pair.count))
    }

    /// Each pair, by the names of its ends.
    pub(crate) fn edges(&mut self) -> impl Iterator<Item = Edge<'_>> {
        let mut rest = self.micros.as_mut_slice();
        let mut next = 0;
        self.pairs.iter().map(move |(pair, count)| {
            let (micros, after) = std::mem::take(&mut rest).split_at_mut(*count);
            rest = after;
            let start = next;
            next += count;
            Edge { from: pair.from, to: pair.to, count: pair.count, journeys: pair.journeys, micros, start }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, EventLog, Timestamp};

    #[test]
    fn a_long_journey_is_not_gone_through_pair_by_pair() {
        let events: i64 = 100_000;
        let mut builder = EventLog::builder();
        for row in 0..events {
            let touchpoint = if row % 2 == 0 { "a" } else { "b" };
            builder.push(Event::new("j", touchpoint, Timestamp::from_micros(row).unwrap()), []).unwrap();
        }
        let log = builder.build().unwrap();
        let mut edges = Edges::new(log.names(), TransitionRelation::EventuallyFollows);
        edges.journey(log.journey(0).unwrap(), |at| at);
        let half = events.unsigned_abs() / 2;
        let mut edges = edges.group();
        let counts: Vec<_> = edges.edges().map(|edge| (edge.from, edge.to, edge.count, edge.micros.to_vec())).collect();
        let alike = half * (half - 1) / 2;
        let (a, b) = (0, 1);
        assert_eq!(
            counts,
            [(a, a, alike, vec![2]), (a, b, alike + half, vec![1]), (b, a, alike, vec![1]), (b, b, alike, vec![2])],
            "one time for each pair: from the first to the first after it"
        );
    }
}
