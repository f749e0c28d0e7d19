//! How customers flow from step to step: the nodes and links of a step Sankey diagram.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cells::Cells;
use super::censoring::Censoring;
use super::stats::{self, Share};
use super::steps::{Asked, Counted, StepCounts, StepKind, Steps};
use crate::duration::Duration;
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::sorting::SortRows;

/// Options for [`step_flow`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct StepFlowOptions {
    /// How many steps are shown from the start, or after the anchor; from 1 to 1000.
    pub steps: u64,
    /// The touchpoint whose visit is step 0; only journeys that come to it are shown. Without it, step 1 is the first
    /// event.
    pub anchor: Option<String>,
    /// Which of the visits of the anchor is step 0, from 1.
    pub anchor_occurrence: u64,
    /// How many steps are shown before the anchor, at most 1000.
    pub steps_before: u64,
    /// A journey that has been silent for less than this when the log ends is open; without it, all have ended.
    pub inactive_after: Option<Duration>,
    /// The most touchpoints with a node of their own at each step; the others there are one node. All if `None`.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for StepFlowOptions {
    fn default() -> Self {
        Self {
            steps: 5,
            anchor: None,
            anchor_occurrence: 1,
            steps_before: 2,
            inactive_after: None,
            limit: Some(10),
            confidence: stats::CONFIDENCE,
        }
    }
}

/// How journeys flow from step to step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepFlow {
    /// Journeys in the log.
    pub journeys: u64,
    /// Journeys in the flow: all, or those that come to the anchor.
    pub of: u64,
    /// The steps: from 1, or with the anchor at 0 and what comes before it below 0.
    pub steps: Vec<i64>,
    /// Where journeys are: step by step; in a step the touchpoints, most journeys first, ties by name, then `other`,
    /// `not_started`, `open` and `ended`. In each step they add up to `of`; a node that nobody is at is not listed.
    pub nodes: Vec<StepNode>,
    /// The ways from the nodes of a step to those of the next, by the positions of their ends.
    pub links: Vec<StepLink>,
}

/// Journeys that are at the same place at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepNode {
    /// The step.
    pub step: i64,
    /// What the node stands for.
    pub kind: StepKind,
    /// The touchpoint, if the node is one.
    pub touchpoint: Option<String>,
    /// How many touchpoints the node stands for: 1, for `other` those that the limit left out at this step, else 0.
    pub touchpoints: u64,
    /// Journeys here.
    pub journeys: u64,
    /// These journeys, of all in the flow.
    pub share: Share,
}

/// Journeys that go the same way from one step to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepLink {
    /// The position of the node left, in the list of nodes, from 0.
    pub source_node: u64,
    /// The position of the node reached, in the list of nodes, from 0.
    pub target_node: u64,
    /// Journeys that go this way.
    pub journeys: u64,
    /// These journeys, of those at the node left.
    pub share: Share,
}

/// Counts how journeys flow from step to step, as a step Sankey diagram shows it.
///
/// The nodes are the cells of the step matrix: how many journeys are at a touchpoint at step `k`. The links say how
/// many of them are where at step `k + 1`. Journeys that have ended stay in the node `ended` of every further step, so
/// what flows into a node flows out of it. At each step the touchpoints beyond the limit are one node. With an
/// `anchor`, steps are counted from its visit. Source: the step Sankey of Retentioneering.
///
/// ```
/// use journey_core::{Event, EventLog, StepFlowOptions, step_flow};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .event(Event::new("bob", "visit", "2024-03-13T11:00:00Z".parse()?))
///     .build()?;
/// let flow = step_flow(&log, &StepFlowOptions { steps: 2, ..Default::default() })?;
/// let link = &flow.links[0];
/// let target = &flow.nodes[usize::try_from(link.target_node).unwrap()];
/// assert_eq!((target.touchpoint.as_deref(), link.share.share), (Some("pay"), Some(0.5)));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, or the anchor is not in the log.
///
/// # Complexity
/// O(events up to the last step + nodes and links shown + cells), where cells are steps · touchpoints², and beyond a
/// million only those that some journey takes; with an anchor, of all events.
pub fn step_flow(log: &EventLog, options: &StepFlowOptions) -> Result<StepFlow> {
    stats::check_confidence(options.confidence)?;
    let asked = Asked {
        steps: options.steps,
        anchor: options.anchor.as_deref(),
        anchor_occurrence: options.anchor_occurrence,
        steps_before: options.steps_before,
    };
    let steps = Steps::new(log, &asked, Censoring::new(log, options.inactive_after)?)?;
    Ok(fold(log, || StepFlowFold::new(log.names(), steps, options)))
}

pub(super) struct StepFlowFold {
    options: StepFlowOptions,
    counts: StepCounts,
    /// How many journeys go from one touchpoint to another, for each step but the last.
    links: Cells,
    /// For each step, how many journeys begin or end after it, and where.
    begin: Cells,
    end: Cells,
    open: Cells,
}

impl StepFlowFold {
    pub(super) fn new(names: &LogNames, steps: Steps, options: &StepFlowOptions) -> Self {
        let (columns, touchpoints) = (steps.count() as usize, names.touchpoints.len());
        let table = || Cells::new(columns, 1, touchpoints);
        Self {
            options: options.clone(),
            counts: StepCounts::new(names, steps),
            links: Cells::new(columns, touchpoints, touchpoints),
            begin: table(),
            end: table(),
            open: table(),
        }
    }
}

impl Fold for StepFlowFold {
    type Report = StepFlow;

    fn journey(&mut self, journey: Journey<'_>) {
        let Some(shown) = self.counts.journey(journey) else { return };
        for (column, pair) in (shown.first..).zip(shown.touchpoints.windows(2)) {
            if let [source, target] = pair {
                self.links.add(column, *source, *target);
            }
        }
        if let (Some(before), Some(first)) = (shown.first.checked_sub(1), shown.touchpoints.first()) {
            self.begin.add(before, 0, *first);
        }
        let behind = shown.behind();
        if let Some(last) = shown.touchpoints.last().filter(|_| behind < self.counts.steps.count()) {
            let ends = if shown.open { &mut self.open } else { &mut self.end };
            ends.add(behind - 1, 0, *last);
        }
    }

    fn merge(&mut self, other: Self) {
        self.counts.merge(other.counts);
        self.links.merge(other.links);
        self.begin.merge(other.begin);
        self.end.merge(other.end);
        self.open.merge(other.open);
    }

    fn finish(self, names: &LogNames) -> StepFlow {
        let confidence = self.options.confidence;
        let steps = self.counts.steps.numbers();
        let counted = self.counts.finish();
        let nodes = Nodes::new(&counted, self.options.limit);
        let mut ways = Ways { nodes: &nodes, journeys: BTreeMap::new() };
        for cell in self.links.filled() {
            ways.add(cell.step, Place::At(cell.source), Place::At(cell.target), cell.count);
        }
        for (cells, place) in [(self.end, Place::Ended), (self.open, Place::Open)] {
            for cell in cells.filled() {
                ways.add(cell.step, Place::At(cell.target), place, cell.count);
            }
        }
        for cell in self.begin.filled() {
            ways.add(cell.step, Place::NotStarted, Place::At(cell.target), cell.count);
        }
        // Who has ended stays so, and who has not begun at a step had not at the one before.
        for (column, _) in (0u32..).zip(steps.iter().skip(1)) {
            let at = |counts: &[u64], column: u32| counts.get(column as usize).copied().unwrap_or(0);
            ways.add(column, Place::NotStarted, Place::NotStarted, at(&counted.not_started, column + 1));
            ways.add(column, Place::Open, Place::Open, at(&counted.open, column));
            ways.add(column, Place::Ended, Place::Ended, at(&counted.ended, column));
        }
        let links = ways.journeys.into_iter().filter_map(|((source, target), journeys)| {
            let share = Share::new(journeys, nodes.list.get(source)?.journeys, confidence);
            Some(StepLink { source_node: source as u64, target_node: target as u64, journeys, share })
        });
        let links = links.collect();
        let node = |node: &Node| {
            Some(StepNode {
                step: *steps.get(node.column as usize)?,
                kind: node.kind,
                touchpoint: node.touchpoint.map(|code| names.touchpoints.name(code).to_owned()),
                touchpoints: node.touchpoints,
                journeys: node.journeys,
                share: Share::new(node.journeys, counted.shown, confidence),
            })
        };
        let list = nodes.list.iter().filter_map(node).collect();
        StepFlow { journeys: counted.journeys, of: counted.shown, nodes: list, links, steps }
    }
}

/// Where a journey is at a step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    At(u32),
    NotStarted,
    Open,
    Ended,
}

struct Node {
    column: u32,
    kind: StepKind,
    touchpoint: Option<u32>,
    touchpoints: u64,
    journeys: u64,
}

/// The nodes in their order, and which of them holds a place.
#[derive(Default)]
struct Nodes {
    list: Vec<Node>,
    of: BTreeMap<(u32, Place), usize>,
}

impl Nodes {
    fn new(counted: &Counted, limit: Option<u64>) -> Self {
        let mut nodes = Self::default();
        let limit = limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let mut cells = counted.cells.as_slice();
        let absorbed = counted.not_started.iter().zip(counted.open.iter().zip(&counted.ended));
        for (column, (not_started, (open, ended))) in (0..).zip(absorbed) {
            let (here, later) = cells.split_at(cells.partition_point(|cell| cell.step <= column));
            cells = later;
            let mut here: Vec<(u32, u64)> = here.iter().map(|cell| (cell.target, cell.count)).collect();
            here.sort_rows_by_key(|(_, journeys)| std::cmp::Reverse(*journeys));
            let (shown, others) = here.split_at(limit.min(here.len()));
            for (code, journeys) in shown {
                nodes.add(column, StepKind::Touchpoint, &[(*code, *journeys)]);
            }
            nodes.add(column, StepKind::Other, others);
            nodes.absorb(column, StepKind::NotStarted, Place::NotStarted, *not_started);
            nodes.absorb(column, StepKind::Open, Place::Open, *open);
            nodes.absorb(column, StepKind::Ended, Place::Ended, *ended);
        }
        nodes
    }

    /// A node of touchpoints with their journeys; of none there is no node.
    fn add(&mut self, column: u32, kind: StepKind, here: &[(u32, u64)]) {
        for (code, _) in here {
            self.of.insert((column, Place::At(*code)), self.list.len());
        }
        let touchpoint = here.first().map(|(code, _)| *code).filter(|_| kind == StepKind::Touchpoint);
        let journeys = here.iter().map(|(_, journeys)| journeys).sum();
        if journeys > 0 {
            self.list.push(Node { column, kind, touchpoint, touchpoints: here.len() as u64, journeys });
        }
    }

    fn absorb(&mut self, column: u32, kind: StepKind, place: Place, journeys: u64) {
        if journeys > 0 {
            self.of.insert((column, place), self.list.len());
            self.list.push(Node { column, kind, touchpoint: None, touchpoints: 0, journeys });
        }
    }
}

/// How many journeys go from node to node.
struct Ways<'a> {
    nodes: &'a Nodes,
    journeys: BTreeMap<(usize, usize), u64>,
}

impl Ways<'_> {
    fn add(&mut self, column: u32, source: Place, target: Place, journeys: u64) {
        // Where nobody goes, there may be no node.
        let ends = (self.nodes.of.get(&(column, source)), self.nodes.of.get(&(column + 1, target)));
        if let (Some(source), Some(target), true) = (ends.0, ends.1, journeys > 0) {
            *self.journeys.entry((*source, *target)).or_default() += journeys;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Event, StepMatrixOptions, Timestamp, step_matrix};

    fn log(paths: &[Vec<u8>]) -> EventLog {
        let mut log = EventLog::builder();
        for (journey, path) in paths.iter().enumerate() {
            for (second, touchpoint) in (0..).zip(path) {
                let time = Timestamp::from_micros(second * 1_000_000).unwrap();
                log = log.event(Event::new(&format!("j{journey}"), &format!("t{touchpoint}"), time));
            }
        }
        log.build().unwrap()
    }

    #[test]
    fn rare_touchpoints_of_a_step_are_one_node() {
        let flow = step_flow(
            &log(&[vec![0, 1], vec![0, 1], vec![0, 2], vec![0, 3]]),
            &StepFlowOptions { steps: 2, limit: Some(1), ..Default::default() },
        );
        let flow = flow.unwrap();
        let nodes: Vec<_> =
            flow.nodes.iter().map(|node| (node.step, node.kind, node.touchpoints, node.journeys)).collect();
        let touchpoint = StepKind::Touchpoint;
        assert_eq!(nodes, [(1, touchpoint, 1, 4), (2, touchpoint, 1, 2), (2, StepKind::Other, 2, 2)]);
        let links: Vec<_> = flow.links.iter().map(|link| (link.source_node, link.target_node, link.journeys)).collect();
        assert_eq!(links, [(0, 1, 2), (0, 2, 2)]);
    }

    proptest! {
        #[test]
        fn what_flows_into_a_node_flows_out_of_it(
            paths in prop::collection::vec(prop::collection::vec(0..5u8, 1..9), 0..12),
            (steps, steps_before, anchor) in (1..7u64, 0..4u64, prop::option::of(0..5u8)),
            (limit, inactive_after) in (prop::option::of(0..4u64), prop::option::of(0..6u32)),
        ) {
            let log = log(&paths);
            let anchor = anchor.map(|code| format!("t{code}")).filter(|name| log.touchpoints().code(name).is_some());
            let inactive_after = inactive_after.map(|s| Duration::from_seconds(f64::from(s)).unwrap());
            let options = StepFlowOptions { steps, anchor, steps_before, inactive_after, limit, ..Default::default() };
            let flow = step_flow(&log, &options).unwrap();
            let (first, last) = (flow.steps[0], flow.steps[flow.steps.len() - 1]);
            for (place, node) in (0..).zip(&flow.nodes) {
                let sum = |links: &dyn Fn(&&StepLink) -> bool| -> u64 {
                    flow.links.iter().filter(links).map(|link| link.journeys).sum()
                };
                prop_assert!(node.step == first || sum(&|link| link.target_node == place) == node.journeys);
                prop_assert!(node.step == last || sum(&|link| link.source_node == place) == node.journeys);
            }
            for step in &flow.steps {
                let journeys: u64 = flow.nodes.iter().filter(|node| node.step == *step).map(|node| node.journeys).sum();
                prop_assert_eq!(journeys, flow.of, "at every step a journey is at one node");
            }

            // The nodes are the cells of the step matrix.
            let matrix = StepMatrixOptions {
                steps, anchor: options.anchor, steps_before, inactive_after, limit: None, ..Default::default()
            };
            let matrix = step_matrix(&log, &matrix).unwrap();
            prop_assert_eq!((&matrix.steps, matrix.of), (&flow.steps, flow.of));
            for (column, step) in matrix.steps.iter().enumerate() {
                let sum: f64 = matrix.rows.iter().map(|row| row.shares[column]).sum();
                prop_assert!(flow.of == 0 || (sum - 1.0).abs() < 1e-12, "a column adds up to {sum}");
                let named = |name: &Option<String>, kind| {
                    let mut nodes = flow.nodes.iter().filter(|node| node.step == *step);
                    nodes.find(|node| node.kind == kind && node.touchpoint == *name).map_or(0, |node| node.journeys)
                };
                for row in matrix.rows.iter().filter(|row| limit.is_none() || row.kind != StepKind::Touchpoint) {
                    prop_assert_eq!(row.counts[column], named(&row.touchpoint, row.kind));
                }
            }
        }
    }
}
