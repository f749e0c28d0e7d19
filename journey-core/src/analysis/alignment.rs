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
use crate::log::{EventLog, Fold, Journey, LogNames};
use crate::map::JourneyMap;
use crate::names::NONE;
use crate::threads::map_each;

use super::stats;
use super::variant_counts::VariantCounts;

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
        let local = self.local(path);
        let (mut after, mut before) = (local.last.clone(), local.last.clone());
        for event in local.events.iter().rev() {
            local.step(*event, &after, &mut before);
            std::mem::swap(&mut after, &mut before);
        }
        let cost = at(&after, local.start());
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
        let local = self.local(path);
        let mut moves = Vec::with_capacity(path.len());
        let mut here = local.start();
        for (start, block) in local.blocks()? {
            let rows = block.chunks_exact(local.width());
            let events = local.events.iter().zip(path).skip(start);
            for ((event, code), (rest, next)) in events.zip(rows.clone().zip(rows.skip(1))) {
                let direct = local.way(here, *event) == 1 && at(rest, here) == at(next, *event as usize);
                if !direct && at(rest, here) == at(next, here).saturating_add(1) {
                    moves.push(Move::Log(*code));
                    continue;
                }
                let ways = self.node(*code).and_then(|node| self.ways.get(&node))?;
                self.walk(local.node(here), ways, 1, &mut moves);
                moves.push(Move::Both(*code));
                here = *event as usize;
            }
        }
        self.walk(local.node(here), &self.to_exit, 0, &mut moves);
        Some(moves)
    }

    /// What a path needs to know of the map.
    fn local(&self, path: &[u32]) -> Local {
        let mut nodes: Vec<NodeIndex> = path.iter().filter_map(|code| self.node(*code)).collect();
        nodes.sort_unstable();
        nodes.dedup();
        // They are at most as many as the touchpoints of the log, and those fit.
        let place = |node| nodes.binary_search(&node).ok().and_then(|place| u32::try_from(place).ok());
        let events = path.iter().map(|code| self.node(*code).and_then(place).unwrap_or(NONE)).collect();
        let places = || nodes.iter().map(|node| node.index()).chain([self.start()]);
        let ways: Vec<&[u32]> = nodes.iter().map(|to| self.ways.get(to).map_or(&[][..], Vec::as_slice)).collect();
        let between = ways.iter().flat_map(|ways| places().map(|from| at(ways, from))).collect();
        Local { events, between, last: places().map(|from| at(&self.to_exit, from)).collect(), nodes }
    }

    fn start(&self) -> usize {
        self.map.graph().node_count()
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

/// A path and the part of the map that it visits: its touchpoints by their places, and last of all the start.
struct Local {
    nodes: Vec<NodeIndex>,
    /// The place of each event's touchpoint; [`NONE`] if the map does not have it.
    events: Vec<u32>,
    /// For each touchpoint, how many moves lead to it from each place.
    between: Vec<u32>,
    /// What it costs to end, from each place.
    last: Vec<u32>,
}

impl Local {
    fn width(&self) -> usize {
        self.last.len()
    }

    fn start(&self) -> usize {
        self.nodes.len()
    }

    fn node(&self, place: usize) -> Option<NodeIndex> {
        self.nodes.get(place).copied()
    }

    /// How many moves lead from each place to a touchpoint; none do to one that the map does not have.
    fn ways_to(&self, event: u32) -> &[u32] {
        let start = (event as usize).saturating_mul(self.width());
        self.between.get(start..).and_then(|rest| rest.get(..self.width())).unwrap_or_default()
    }

    fn way(&self, from: usize, event: u32) -> u32 {
        at(self.ways_to(event), from)
    }

    /// From what the rest costs after an event, what it costs before it.
    fn step(&self, event: u32, after: &[u32], before: &mut [u32]) {
        let rest = at(after, event as usize);
        for (before, after) in before.iter_mut().zip(after) {
            *before = after.saturating_add(1);
        }
        if rest != NEVER {
            for (before, way) in before.iter_mut().zip(self.ways_to(event)).filter(|(_, way)| **way != NEVER) {
                *before = (*before).min(rest + way - 1);
            }
        }
    }

    /// What the rest costs before each event and after the last, in blocks from the first event on, each with the number
    /// of its first event. Only the last row of each block is kept, the others are worked out again when their block
    /// comes, so that a journey of a hundred thousand events does not need them all.
    fn blocks(&self) -> Option<impl Iterator<Item = (usize, Vec<u32>)>> {
        const EVENTS: usize = 512;
        if at(&self.last, self.start()) == NEVER {
            return None;
        }
        let starts: Vec<usize> = (0..self.events.len()).step_by(EVENTS).collect();
        let mut kept = Vec::with_capacity(starts.len());
        let mut last = self.last.clone();
        for start in starts.into_iter().rev() {
            let rows = self.rows(start, EVENTS, &last);
            let first = rows.get(..self.width()).unwrap_or_default().to_vec();
            kept.push((start, std::mem::replace(&mut last, first)));
        }
        Some(kept.into_iter().rev().map(|(start, last)| (start, self.rows(start, EVENTS, &last))))
    }

    /// The rows of a block of events, from the row after its last event.
    fn rows(&self, start: usize, most: usize, last: &[u32]) -> Vec<u32> {
        let events: Vec<u32> = self.events.iter().copied().skip(start).take(most).collect();
        let width = self.width();
        let mut rows = vec![0; events.len() * width];
        rows.extend_from_slice(last);
        for (row, event) in events.iter().enumerate().rev() {
            let (before, after) = rows.split_at_mut((row + 1) * width);
            if let (Some(before), Some(after)) = (before.get_mut(row * width..), after.get(..width)) {
                self.step(*event, after, before);
            }
        }
        rows
    }
}

fn at(row: &[u32], place: usize) -> u32 {
    row.get(place).copied().unwrap_or(NEVER)
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
pub(super) struct PathsFold<'a>(VariantCounts<'a>);

impl<'a> PathsFold<'a> {
    pub(super) fn new(log: &'a EventLog) -> Self {
        Self(VariantCounts::new(log))
    }
}

impl<'a> Fold for PathsFold<'a> {
    type Report = Vec<(&'a [u32], u64)>;

    fn journey(&mut self, journey: Journey<'_>) {
        self.0.add(journey, 1);
    }

    fn journeys(&mut self, journey: Journey<'_>, customers: u64) {
        self.0.add(journey, customers);
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn finish(self, _: &LogNames) -> Self::Report {
        self.0.most_frequent_first()
    }
}
