//! Optimal alignments of paths with a map: what the questions of conformance share.
//!
//! The model of a map is its graph: a journey begins at an entry, follows transitions and ends at an exit. An alignment
//! (Adriansyah 2014) pairs a journey with such a path by moves: both together (free), the journey alone or the map alone
//! (cost 1 each). On a graph the best one is a shortest path over (events done, touchpoint of the map), without any
//! search over a Petri net.
//!
//! Moves of the map alone are only ever needed right before a move of both, or at the end. So the cheapest way on from
//! an event depends on one number per touchpoint that the journey itself has visited:
//! `rest(i, u) = min(rest(i + 1, u) + 1, rest(i + 1, a) + moves(u, a) - 1)`, where `a` is the touchpoint of event `i`
//! and `moves(u, a)` the length of the shortest way from `u` to `a`.

use std::collections::VecDeque;

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use rustc_hash::FxHashMap;

use crate::error::{Problem, Result};
use crate::log::{Fold, Journey, LogNames, map_each};
use crate::map::JourneyMap;

use super::stats;
use super::variants::VariantCounts;

/// One step of an alignment, by the code of a touchpoint of the log or the node of a touchpoint of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// The journey and the map together.
    Both(u32),
    /// The journey alone: an event that the map does not expect there.
    Log(u32),
    /// The map alone: a touchpoint that the journey left out.
    Map(NodeIndex),
}

/// The cost that stands for "there is no way".
const NEVER: u32 = u32::MAX;

/// A map, made ready for aligning the journeys of a log.
pub(super) struct Aligner<'a> {
    map: &'a JourneyMap,
    /// The touchpoint of the map for each code of the log.
    nodes: Vec<Option<NodeIndex>>,
    /// For each touchpoint that both have: how many moves from every other one, the start last.
    ways: FxHashMap<NodeIndex, Vec<u32>>,
    /// How many moves of the map from every touchpoint to an exit; the start last.
    to_exit: Vec<u32>,
}

impl<'a> Aligner<'a> {
    /// Works out how far the touchpoints that map and log share lie from each other.
    ///
    /// # Complexity
    /// O(shared touchpoints · (touchpoints + transitions of the map)).
    pub(super) fn new(map: &'a JourneyMap, names: &LogNames) -> Result<Self> {
        /// The distances of so many touchpoints take a hundred megabytes.
        const MOST: usize = 5_000;
        let nodes: Vec<Option<NodeIndex>> = names.touchpoints.iter().map(|name| map.node(name)).collect();
        let shared: Vec<NodeIndex> = nodes.iter().copied().flatten().collect();
        if shared.len() > MOST {
            let what = "touchpoints that are on the map, for alignments";
            return Err(Problem::TooMany { what, limit: MOST as u64 }.into());
        }
        let ways = map_each(shared, |target| (target, moves_to(map, &[target], 1))).into_iter().collect();
        Ok(Self { map, nodes, ways, to_exit: moves_to(map, &map.exits(), 0) })
    }

    /// The moves of the shortest path of the map: the cost of a journey without events. `None` if no entry leads to an
    /// exit.
    pub(super) fn shortest(&self) -> Option<u64> {
        let moves = at(&self.to_exit, self.start());
        (moves != NEVER).then_some(moves.into())
    }

    /// The touchpoint of the map that a code of the log stands for.
    pub(super) fn node(&self, code: u32) -> Option<NodeIndex> {
        self.nodes.get(code as usize).copied().flatten()
    }

    /// The cost of the optimal alignments of a path; `None` if no entry of the map leads to an exit.
    ///
    /// # Complexity
    /// O(length · distinct touchpoints of the path).
    pub(super) fn cost(&self, path: &[u32]) -> Option<u64> {
        let places = self.places(path);
        let row = self.rests(&places, path, self.last_row(&places)).last()?;
        let cost = at(&row, places.len() - 1);
        (cost != NEVER).then_some(cost.into())
    }

    /// The fitness of a path whose alignment has this cost: `1 - cost / (length + shortest path)`.
    pub(super) fn fitness(&self, path: &[u32], cost: u64) -> Option<f64> {
        let worst = path.len() as u64 + self.shortest()?;
        stats::ratio(cost, worst).map(|share| 1.0 - share)
    }

    /// An optimal alignment of a path: of several the one that at each step prefers both together, then the journey
    /// alone, then the map alone, on its way by the touchpoint that comes first on the map.
    pub(super) fn moves(&self, path: &[u32]) -> Option<Vec<Move>> {
        let places = self.places(path);
        let mut moves = Vec::with_capacity(path.len());
        let mut here = places.len() - 1;
        for block in self.blocks(&places, path)? {
            let [rests @ .., _] = block.rows.as_slice() else { continue };
            for ((code, rest), next) in path.get(block.start..)?.iter().zip(rests).zip(block.rows.iter().skip(1)) {
                let event = self.place(&places, *code);
                let direct =
                    event.is_some_and(|place| self.way(&places, here, place) == 1 && at(rest, here) == at(next, place));
                if !direct && at(rest, here) == at(next, here).saturating_add(1) {
                    moves.push(Move::Log(*code));
                    continue;
                }
                let place = event?;
                self.walk(node_at(&places, here), self.ways.get(&node_at(&places, place)?)?, 1, &mut moves);
                moves.push(Move::Both(*code));
                here = place;
            }
        }
        self.walk(node_at(&places, here), &self.to_exit, 0, &mut moves);
        Some(moves)
    }

    /// The touchpoints of the map that a path visits, in their order; the start last, which is no touchpoint.
    fn places(&self, path: &[u32]) -> Vec<Option<NodeIndex>> {
        let mut places: Vec<_> = path.iter().filter_map(|code| self.node(*code)).map(Some).collect();
        places.sort_unstable();
        places.dedup();
        places.push(None);
        places
    }

    /// Where the touchpoint of an event stands among the places; `None` if the map does not have it.
    fn place(&self, places: &[Option<NodeIndex>], code: u32) -> Option<usize> {
        let node = self.node(code)?;
        let touchpoints = places.split_last().map_or(places, |(_, touchpoints)| touchpoints);
        touchpoints.binary_search(&Some(node)).ok()
    }

    fn start(&self) -> usize {
        self.map.graph().node_count()
    }

    /// How many moves lead from one place to another.
    fn way(&self, places: &[Option<NodeIndex>], from: usize, to: usize) -> u32 {
        let from = node_at(places, from).map_or_else(|| self.start(), NodeIndex::index);
        node_at(places, to).and_then(|to| self.ways.get(&to)).map_or(NEVER, |ways| at(ways, from))
    }

    /// What it costs to end, from each place.
    fn last_row(&self, places: &[Option<NodeIndex>]) -> Vec<u32> {
        places.iter().map(|node| at(&self.to_exit, node.map_or_else(|| self.start(), NodeIndex::index))).collect()
    }

    /// What the rest of a path costs from each place: first before its last event, and so on to the first; the row after
    /// the last event leads.
    fn rests(&self, places: &[Option<NodeIndex>], path: &[u32], last: Vec<u32>) -> impl Iterator<Item = Vec<u32>> {
        let mut events = path.iter().rev();
        std::iter::successors(Some(last), move |after| {
            let event = self.place(places, *events.next()?);
            Some(
                (0..places.len())
                    .map(|from| {
                        let alone = at(after, from).saturating_add(1);
                        event.map_or(alone, |event| {
                            let together = self.way(places, from, event);
                            let rest = at(after, event);
                            if together == NEVER || rest == NEVER { alone } else { alone.min(rest + together - 1) }
                        })
                    })
                    .collect(),
            )
        })
    }

    /// The rows of a path in blocks, from its first event on. Only the last row of each block is kept, the others are
    /// worked out again when their block comes, so that a journey of a hundred thousand events does not need them all.
    fn blocks<'b>(
        &'b self,
        places: &'b [Option<NodeIndex>],
        path: &'b [u32],
    ) -> Option<impl Iterator<Item = Block> + use<'a, 'b>> {
        const EVENTS: usize = 512;
        let ends: Vec<usize> = (0..path.len()).step_by(EVENTS).map(|start| (start + EVENTS).min(path.len())).collect();
        let mut kept = Vec::with_capacity(ends.len());
        let mut row = self.last_row(places);
        if at(&row, places.len() - 1) == NEVER {
            return None;
        }
        for (start, end) in ends.iter().enumerate().rev().map(|(block, end)| (block * EVENTS, *end)) {
            let first = self.rests(places, path.get(start..end)?, row.clone()).last()?;
            kept.push((start, end, row));
            row = first;
        }
        Some(kept.into_iter().rev().map(move |(start, end, last)| {
            let mut rows: Vec<_> = self.rests(places, path.get(start..end).unwrap_or_default(), last).collect();
            rows.reverse();
            Block { start, rows }
        }))
    }

    /// Adds the moves of the map alone along the shortest way, until so many moves are left.
    fn walk(&self, from: Option<NodeIndex>, ways: &[u32], left: u32, moves: &mut Vec<Move>) {
        let mut here = from;
        while at(ways, here.map_or_else(|| self.start(), NodeIndex::index)) > left {
            let after = |node: NodeIndex| {
                let now = at(ways, here.map_or_else(|| self.start(), NodeIndex::index));
                at(ways, node.index()).saturating_add(1) == now
            };
            let next = match here {
                Some(node) => self.map.graph().neighbors(node).filter(|node| after(*node)).min(),
                None => self.map.entries().into_iter().filter(|node| after(*node)).min(),
            };
            let Some(next) = next else { return };
            moves.push(Move::Map(next));
            here = Some(next);
        }
    }
}

/// Some events in a row, with what the rest costs before each of them and after the last.
struct Block {
    start: usize,
    rows: Vec<Vec<u32>>,
}

fn at(row: &[u32], place: usize) -> u32 {
    row.get(place).copied().unwrap_or(NEVER)
}

fn node_at(places: &[Option<NodeIndex>], place: usize) -> Option<NodeIndex> {
    places.get(place).copied().flatten()
}

/// How many moves lead from every touchpoint, and last from the start, to the nearest target: to be there, at least
/// `least`, so that 1 asks for the way around from a target to itself.
fn moves_to(map: &JourneyMap, targets: &[NodeIndex], least: u32) -> Vec<u32> {
    let graph = map.graph();
    let mut moves = vec![NEVER; graph.node_count() + 1];
    let mut queue = VecDeque::new();
    let mut reach = |node: NodeIndex, count: u32, queue: &mut VecDeque<(NodeIndex, u32)>| {
        if let Some(slot) = moves.get_mut(node.index()).filter(|slot| **slot == NEVER) {
            *slot = count;
            queue.push_back((node, count));
        }
    };
    for target in targets {
        if least == 0 {
            reach(*target, 0, &mut queue);
        } else {
            for node in graph.neighbors_directed(*target, Direction::Incoming) {
                reach(node, 1, &mut queue);
            }
        }
    }
    while let Some((node, count)) = queue.pop_front() {
        for before in graph.neighbors_directed(node, Direction::Incoming) {
            reach(before, count + 1, &mut queue);
        }
    }
    // The first move leads from the start to an entry; to an entry that is the target itself it is the only one.
    let entry = |node: &NodeIndex| {
        if least == 1 && targets.contains(node) { 0 } else { at(&moves, node.index()) }
    };
    let from_start = map.entries().iter().map(entry).min().map_or(NEVER, |moves| moves.saturating_add(1));
    if let Some(slot) = moves.last_mut() {
        *slot = from_start;
    }
    moves
}

/// How often each path was taken, most frequent first, ties by name: what the questions of conformance begin with.
#[derive(Default)]
pub(super) struct PathsFold(VariantCounts);

impl PathsFold {
    pub(super) fn new() -> Self {
        Self::default()
    }
}

impl Fold for PathsFold {
    type Report = Vec<(Box<[u32]>, u64)>;

    fn journey(&mut self, journey: Journey<'_>) {
        self.0.journey(journey);
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn finish(self, _: &LogNames) -> Self::Report {
        self.0.most_frequent_first()
    }
}
