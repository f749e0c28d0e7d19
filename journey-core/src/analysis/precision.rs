//! How much the map allows that customers never do: precision.

use petgraph::graph::NodeIndex;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::alignment::PathsFold;
use super::stats::{self, Share};
use crate::error::Result;
use crate::log::{EventLog, fold};
use crate::map::JourneyMap;
use crate::sorting::SortRows;
use crate::task::walk;

/// Options for [`precision`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct PrecisionOptions {
    /// The most rows the report lists; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for PrecisionOptions {
    fn default() -> Self {
        Self { limit: None, confidence: stats::CONFIDENCE }
    }
}

/// How much the map allows that customers never do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Precision {
    /// Journeys in the log.
    pub journeys: u64,
    /// `1 - escaping / allowed`; `None` if the map allows nothing where customers went on.
    pub precision: Option<f64>,
    /// Ways that the map allowed, each time a customer who had followed it so far went on.
    pub allowed: u64,
    /// Of these, the ways that no customer with the same past ever took.
    pub escaping: u64,
    /// The times a customer went on, of which those count here where the journey had followed the map so far.
    pub steps: Share,
    /// The ways that account for what escapes, the most first, ties in the order of the map.
    pub rows: Vec<EscapingTransition>,
    /// Rows that the limit cut off.
    pub rows_left_out: u64,
}

/// A way that the map allows and that was not taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EscapingTransition {
    /// The touchpoint left; `None` is the start of a journey.
    pub source: Option<String>,
    /// The touchpoint that the map allows next.
    pub target: String,
    /// The times a customer went on from `source` by a path after which nobody ever took this way.
    pub escaping: Share,
}

/// Says how much of what the map allows customers ever do, from 0 to 1 (everything the map allows happens).
///
/// Precision by escaping edges (ETC, Muñoz-Gama and Carmona 2010): over all beginnings of journeys that follow the map
/// and go on, `1 - sum n · |escaping| / sum n · |allowed|`, where `n` journeys share that beginning, the map allows ways
/// from there, and those are escaping that none of them took. The empty beginning counts, ends do not: as PM4Py does.
///
/// An event is at the touchpoint whose id is its name; [`EventLog::with_map`] brings a log with other names to the map first.
///
/// ```
/// use journey_core::{Event, EventLog, JourneyMap, PrecisionOptions, Stage, Touchpoint, Transition, precision};
///
/// let map = JourneyMap::builder("Shop")
///     .stage(Stage::new("buy", "Buy"))
///     .touchpoint(Touchpoint::new("visit", "Visit", "buy"))
///     .touchpoint(Touchpoint::new("pay", "Pay", "buy"))
///     .touchpoint(Touchpoint::new("phone", "Phone", "buy"))
///     .transition(Transition::new("visit", "pay"))
///     .transition(Transition::new("visit", "phone"))
///     .build()?;
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let report = precision(&map, &log, &PrecisionOptions::default())?;
/// // Of the entry, and of two ways from there, one was never taken.
/// assert_eq!((report.allowed, report.escaping), (3, 1));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(events + beginnings · ways out of a touchpoint).
pub fn precision(map: &JourneyMap, log: &EventLog, options: &PrecisionOptions) -> Result<Precision> {
    stats::check_confidence(options.confidence)?;
    let nodes: Vec<Option<NodeIndex>> = log.touchpoints().iter().map(|name| map.node(name)).collect();
    let mut beginnings = Beginnings::new();
    for (path, count) in walk(fold(log, || PathsFold::new(log)).into_iter()) {
        let path = path.iter().map(|code| nodes.get(*code as usize).copied().flatten());
        beginnings.add(map, path, count);
    }
    let mut ways: FxHashMap<(Option<NodeIndex>, NodeIndex), u64> = FxHashMap::default();
    let mut went_on: FxHashMap<Option<NodeIndex>, u64> = FxHashMap::default();
    let (mut allowed, mut escaping, mut followed) = (0, 0, 0);
    for (place, beginning) in (0u32..).zip(walk(beginnings.all.iter())) {
        *went_on.entry(beginning.last).or_default() += beginning.went_on;
        followed += beginning.went_on;
        for next in allowed_after(map, beginning.last) {
            allowed += beginning.went_on;
            if !beginnings.next.contains_key(&(place, next)) {
                escaping += beginning.went_on;
                *ways.entry((beginning.last, next)).or_default() += beginning.went_on;
            }
        }
    }
    let mut ways: Vec<_> = ways.into_iter().filter(|(_, count)| *count > 0).collect();
    ways.sort_rows_by_key(|(way, count)| (std::cmp::Reverse(*count), *way));
    let id = |node: NodeIndex| map.graph().node_weight(node).map_or_else(String::new, |t| t.id.clone());
    let mut rows: Vec<_> = ways
        .into_iter()
        .map(|((source, target), count)| EscapingTransition {
            source: source.map(id),
            target: id(target),
            escaping: Share::new(count, went_on.get(&source).copied().unwrap_or(0), options.confidence),
        })
        .collect();
    Ok(Precision {
        journeys: log.customers(),
        precision: stats::ratio(escaping, allowed).map(|share| 1.0 - share),
        allowed,
        escaping,
        // Every event but the last is followed by one, and every journey goes on from its start.
        steps: Share::new(followed, log.customers_events(), options.confidence),
        rows_left_out: super::cut(&mut rows, options.limit),
        rows,
    })
}

/// The touchpoints that the map allows after this one; after the start its entries.
fn allowed_after(map: &JourneyMap, last: Option<NodeIndex>) -> Vec<NodeIndex> {
    match last {
        Some(node) => map.graph().neighbors(node).collect(),
        None => map.entries(),
    }
}

/// Every beginning of a journey that follows the map, as a tree.
struct Beginnings {
    all: Vec<Beginning>,
    /// From a beginning to the longer one by this touchpoint.
    next: FxHashMap<(u32, NodeIndex), u32>,
}

struct Beginning {
    last: Option<NodeIndex>,
    /// Journeys that begin so and have a further event.
    went_on: u64,
}

impl Beginnings {
    fn new() -> Self {
        Self { all: vec![Beginning { last: None, went_on: 0 }], next: FxHashMap::default() }
    }

    fn add(&mut self, map: &JourneyMap, path: impl Iterator<Item = Option<NodeIndex>>, count: u64) {
        let entries = map.entries();
        let mut here = 0u32;
        for event in path {
            let Some(beginning) = self.all.get_mut(here as usize) else { return };
            beginning.went_on += count;
            let last = beginning.last;
            let follows = |node: NodeIndex| match last {
                Some(last) => map.graph().contains_edge(last, node),
                None => entries.contains(&node),
            };
            let Some(node) = event.filter(|node| follows(*node)) else { return };
            // Beginnings are at most as many as the events, and those fit.
            let new = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            here = *self.next.entry((here, node)).or_insert(new);
            if here == new {
                self.all.push(Beginning { last: Some(node), went_on: 0 });
            }
        }
    }
}
