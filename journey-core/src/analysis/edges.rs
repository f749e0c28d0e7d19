//! The observed transitions with their times: what several analyses fold.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::log::{Journey, LogNames};
use crate::names::NONE;
use crate::sorting::SortRows;
use crate::threads::map_each;

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
/// from the first event of the one touchpoint to the first event of the other after it. Of a log without times it keeps
/// none, and counts all the same.
pub(crate) struct Edges {
    relation: TransitionRelation,
    index: Index,
    pairs: Vec<Pair>,
    times: Times,
    /// The times of parts of the log that were merged into this one, in their order.
    merged: Vec<Times>,
    journeys: u64,
    earlier: Earlier,
}

/// One entry per time: the position of its pair, and the microseconds.
#[derive(Default)]
struct Times {
    taken: Vec<u32>,
    micros: Vec<i64>,
    /// Where the positions are those of another list of pairs, what they are here.
    positions: Option<Vec<u32>>,
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
    /// The time of the first, if it has one.
    first: Option<i64>,
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
    fn add(&mut self, touchpoint: u32, time: Option<i64>) {
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
        let (times, merged) = (Times::default(), Vec::new());
        Self { relation, index, pairs: Vec::new(), times, merged, journeys: 0, earlier }
    }

    /// Takes the memory for so many times at once.
    pub(super) fn reserve(&mut self, times: usize) {
        self.times.taken.reserve(times);
        self.times.micros.reserve(times);
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
        let mut times = journey.times().unwrap_or_default().windows(2);
        for ends in journey.touchpoints().windows(2) {
            let &[from, to] = ends else { continue };
            let (position, _) = self.count(from, to, 1);
            if let Some(&[before, after]) = times.next() {
                self.times.taken.push(position);
                self.times.micros.push(clock(after) - clock(before));
            }
        }
    }

    fn eventually(&mut self, journey: Journey<'_>) {
        let mut earlier = std::mem::take(&mut self.earlier);
        for (to, time) in journey.touchpoints().iter().zip(journey.each_time()) {
            // Not event by event but touchpoint by touchpoint: a long journey visits few of them over and over.
            for seen in &earlier.seen {
                let (position, first) = self.count(seen.touchpoint, *to, seen.events);
                if let Some((time, before)) = time.zip(seen.first).filter(|_| first) {
                    self.times.taken.push(position);
                    self.times.micros.push(time - before);
                }
            }
            earlier.add(*to, time);
        }
        earlier.clear();
        self.earlier = earlier;
    }

    /// Counts pairs of events; returns the position of their touchpoints, and whether they are this journey's first.
    #[inline]
    fn count(&mut self, from: u32, to: u32, events: u64) -> (u32, bool) {
        let position = self.position(from, to);
        let Some(pair) = self.pairs.get_mut(position as usize) else { return (position, false) };
        let first = pair.last != self.journeys;
        pair.count += events;
        pair.journeys += u64::from(first);
        pair.last = self.journeys;
        (position, first)
    }

    #[inline]
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
        // The times themselves are not copied: they are put in their places once, when all are there.
        self.merged.extend(std::iter::once(other.times).chain(other.merged).map(|mut times| {
            times.positions = Some(match times.positions {
                None => positions.clone(),
                Some(own) => own.iter().map(|p| positions.get(*p as usize).copied().unwrap_or(NONE)).collect(),
            });
            times
        }));
    }

    /// All pairs with their times, grouped.
    pub(crate) fn group(self) -> GroupedEdges {
        self.group_with([])
    }

    /// As [`group`](Self::group), and puts further columns about the transitions taken into the order of the times.
    pub(super) fn group_with<'a>(self, columns: impl IntoIterator<Item = &'a mut Vec<i64>>) -> GroupedEdges {
        let parts: Vec<Times> = std::iter::once(self.times).chain(self.merged).collect();
        let count = self.pairs.len();
        let counts = map_each(parts.iter().collect(), |part: &Times| part.counts(count));
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_rows_by_key(|p| self.pairs.get(*p).map(|pair| (pair.from, pair.to)));
        let of = |pair: usize, counts: &Vec<usize>| counts.get(pair).copied().unwrap_or(0);
        let pairs = order.iter().filter_map(|position| {
            Some((*self.pairs.get(*position)?, counts.iter().map(|counts| of(*position, counts)).sum()))
        });
        let pairs: Vec<(Pair, usize)> = pairs.collect();
        let in_groups = |column: &[i64]| scatter(column, &parts, &counts, &order);
        for column in columns {
            *column = in_groups(column);
        }
        let micros: Vec<&[i64]> = parts.iter().map(|part| part.micros.as_slice()).collect();
        GroupedEdges { pairs, micros: scatter_parts(micros, &parts, &counts, &order) }
    }
}

impl Times {
    /// The position of a pair in the list of all pairs.
    fn position(&self, taken: u32) -> usize {
        self.positions.as_ref().map_or(taken, |own| own.get(taken as usize).copied().unwrap_or(NONE)) as usize
    }

    /// How many times each of so many pairs has.
    fn counts(&self, pairs: usize) -> Vec<usize> {
        let mut counts = vec![0; pairs];
        for taken in &self.taken {
            if let Some(count) = counts.get_mut(self.position(*taken)) {
                *count += 1;
            }
        }
        counts
    }
}

/// Puts the cells of a column about all times into the order of the pairs.
fn scatter(column: &[i64], parts: &[Times], counts: &[Vec<usize>], order: &[usize]) -> Vec<i64> {
    let mut rest = column;
    let pieces = parts.iter().map(|part| {
        let (piece, after) = rest.split_at_checked(part.taken.len()).unwrap_or((rest, &[]));
        rest = after;
        piece
    });
    scatter_parts(pieces.collect(), parts, counts, order)
}

/// Puts each cell where the next one of its pair goes: pair by pair in their order, within a pair part by part.
fn scatter_parts(columns: Vec<&[i64]>, parts: &[Times], counts: &[Vec<usize>], order: &[usize]) -> Vec<i64> {
    let mut cells = vec![0; columns.iter().map(|column| column.len()).sum()];
    let mut rest = cells.as_mut_slice();
    // A part writes to places of its own, so all of them can write at the same time.
    let mut places: Vec<Vec<_>> = counts.iter().map(|counts| counts.iter().map(|_| [].iter_mut()).collect()).collect();
    for position in order {
        for (places, counts) in places.iter_mut().zip(counts) {
            let count = counts.get(*position).copied().unwrap_or(0);
            let (mine, after) = std::mem::take(&mut rest).split_at_mut_checked(count).unwrap_or_default();
            rest = after;
            if let Some(place) = places.get_mut(*position) {
                *place = mine.iter_mut();
            }
        }
    }
    let work = columns.into_iter().zip(parts).zip(places).collect();
    map_each(work, |((column, part), mut places): ((&[i64], &Times), Vec<std::slice::IterMut<'_, i64>>)| {
        for (taken, value) in part.taken.iter().zip(column) {
            if let Some(cell) = places.get_mut(part.position(*taken)).and_then(Iterator::next) {
                *cell = *value;
            }
        }
    });
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
