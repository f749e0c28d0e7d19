//! How much of the map customers really use, and how much of what they do the map shows.

use std::collections::BTreeSet;

use petgraph::graph::NodeIndex;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::paths::{self, Paths};
use super::stats::{self, Part, Share};
use super::variant_counts::VariantCounts;
use super::visits::Visits;
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::map::JourneyMap;
use crate::sorting::inserted;

/// Options for [`path_coverage`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct PathCoverageOptions {
    /// The most paths of the map that are looked at; the report says if there are more.
    pub max_paths: u64,
    /// The share of journeys for which the report says how few variants cover it.
    pub coverage: f64,
    /// The most rows each list shows; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for PathCoverageOptions {
    fn default() -> Self {
        Self { max_paths: 10_000, coverage: 0.8, limit: None, confidence: stats::CONFIDENCE }
    }
}

/// Three coverages that are often mixed up: of journeys by variants, of the map by data, of the data by the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PathCoverage {
    /// How few distinct paths cover how many journeys.
    pub variants: VariantCoverage,
    /// How much of the map the journeys use.
    pub map: MapCoverage,
    /// How much of the log the map shows.
    pub log: LogCoverage,
}

/// How few distinct paths cover how many journeys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VariantCoverage {
    /// Journeys in the log.
    pub journeys: u64,
    /// Distinct paths.
    pub variants: u64,
    /// Journeys that took the most frequent path.
    pub most_frequent: Share,
    /// The share of journeys that `variants_for_coverage` refers to.
    pub coverage: f64,
    /// The fewest variants that together are at least that share of the journeys.
    pub variants_for_coverage: u64,
}

/// How much of the map the journeys use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MapCoverage {
    /// Node coverage: touchpoints with an event, of those on the map.
    pub touchpoints: Part,
    /// Edge coverage: transitions that a journey took, of those on the map.
    pub transitions: Part,
    /// Simple-path coverage: paths from an entry to an exit without repetition that a journey is exactly, of those on
    /// the map.
    pub paths: Part,
    /// Whether the map has more such paths than were looked at; `paths` then speaks of those looked at.
    pub paths_capped: bool,
    /// Prime-path coverage: paths and cycles without repetition, as long as can be, that a journey contains. `None` for a
    /// map without cycles.
    pub prime_paths: Option<Part>,
    /// Whether the map has more prime paths than were looked at; `prime_paths` then speaks of those looked at.
    pub prime_paths_capped: bool,
    /// Touchpoints of the map without an event, in the order of the map.
    pub touchpoints_not_visited: Vec<String>,
    /// Touchpoints without an event that the limit cut off.
    pub touchpoints_left_out: u64,
    /// Transitions of the map that no journey took, in the order of the map.
    pub transitions_not_taken: Vec<MapTransition>,
    /// Transitions not taken that the limit cut off.
    pub transitions_left_out: u64,
}

/// How much of the log the map shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LogCoverage {
    /// Event coverage: events at touchpoints of the map, of all events.
    pub events: Part,
    /// Transitions taken that are on the map, of all taken between two touchpoints.
    pub transitions: Part,
    /// Journey coverage: journeys that begin at an entry, follow transitions of the map and end at an exit, of all.
    pub journeys: Share,
    /// Touchpoints in the log that are not on the map, most events first, ties by name.
    pub unmapped: Vec<UnmappedTouchpoint>,
    /// Unmapped touchpoints that the limit cut off.
    pub unmapped_left_out: u64,
}

/// A transition of the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MapTransition {
    /// The id of the touchpoint left.
    pub source: String,
    /// The id of the touchpoint reached.
    pub target: String,
}

/// A touchpoint in the log that the map does not have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UnmappedTouchpoint {
    /// Its name in the log.
    pub touchpoint: String,
    /// Events at it.
    pub events: u64,
    /// Journeys that visited it.
    pub journeys: u64,
}

/// Compares a map with what customers did: what of the map is used, and what of the data is on the map.
///
/// An event is at the touchpoint of the map whose id is its name; [`EventLog::with_map`] brings a log with other names to
/// the map first. Node, edge, simple-path and prime-path coverage are
/// those of Ammann and Offutt, *Introduction to Software Testing*; journey coverage is the share of journeys with
/// alignment cost 0. Where the map names no entries, [`JourneyMap::entries`] says where journeys may begin; likewise
/// the exits.
///
/// ```
/// use journey_core::{Event, EventLog, JourneyMap, PathCoverageOptions, Stage, Touchpoint, Transition, path_coverage};
///
/// let map = JourneyMap::builder("Shop")
///     .stage(Stage::new("buy", "Buy"))
///     .touchpoint(Touchpoint::new("visit", "Visit", "buy"))
///     .touchpoint(Touchpoint::new("pay", "Pay", "buy"))
///     .transition(Transition::new("visit", "pay"))
///     .build()?;
/// let log = EventLog::builder().event(Event::new("ann", "visit", "2024-03-13".parse()?)).build()?;
/// let cover = path_coverage(&map, &log, &PathCoverageOptions::default())?;
/// assert_eq!(cover.map.touchpoints.share, Some(0.5));
/// assert_eq!(cover.log.events.share, Some(1.0));
/// assert_eq!(cover.log.journeys.share, Some(0.0));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(events + variants log variants); the search for paths of the map takes at most a fixed amount of work.
pub fn path_coverage(map: &JourneyMap, log: &EventLog, options: &PathCoverageOptions) -> Result<PathCoverage> {
    stats::check_confidence(options.confidence)?;
    stats::check_share("coverage", options.coverage)?;
    Ok(fold(log, || PathCoverageFold::new(map, log, options)))
}

pub(super) struct PathCoverageFold<'a> {
    map: &'a JourneyMap,
    options: &'a PathCoverageOptions,
    counts: VariantCounts<'a>,
    visits: Visits,
}

impl<'a> PathCoverageFold<'a> {
    pub(super) fn new(map: &'a JourneyMap, log: &'a EventLog, options: &'a PathCoverageOptions) -> Self {
        Self { map, options, counts: VariantCounts::new(log), visits: Visits::new(log.names()) }
    }
}

impl Fold for PathCoverageFold<'_> {
    type Report = PathCoverage;

    fn journey(&mut self, journey: Journey<'_>) {
        self.counts.add(journey, 1);
        self.visits.journey(journey);
    }

    fn merge(&mut self, other: Self) {
        self.counts.merge(other.counts);
        self.visits.merge(&other.visits);
    }

    fn finish(self, names: &LogNames) -> PathCoverage {
        let Self { map, options, counts, visits } = self;
        let nodes: Vec<Option<NodeIndex>> = names.touchpoints.iter().map(|name| map.node(name)).collect();
        let node = |code: &u32| nodes.get(*code as usize).copied().flatten();
        let counts: Vec<(Vec<Option<NodeIndex>>, u64)> = counts
            .most_frequent_first()
            .into_iter()
            .map(|(path, count)| (path.iter().map(node).collect(), count))
            .collect();
        PathCoverage {
            variants: variant_coverage(&counts, options),
            map: map_coverage(map, names, &counts, &visits, options),
            log: log_coverage(map, names, &counts, &visits, options),
        }
    }
}

/// Variants as touchpoints of the map, `None` for those it does not have; with their counts, most frequent first.
type Variants = [(Vec<Option<NodeIndex>>, u64)];

fn variant_coverage(variants: &Variants, options: &PathCoverageOptions) -> VariantCoverage {
    let journeys = variants.iter().map(|(_, count)| count).sum();
    let counts = variants.iter().map(|(_, count)| stats::float(*count));
    VariantCoverage {
        journeys,
        variants: variants.len() as u64,
        most_frequent: Share::new(variants.first().map_or(0, |(_, count)| *count), journeys, options.confidence),
        coverage: options.coverage,
        variants_for_coverage: stats::pareto(counts, options.coverage) as u64,
    }
}

fn map_coverage(
    map: &JourneyMap,
    names: &LogNames,
    variants: &Variants,
    visits: &Visits,
    options: &PathCoverageOptions,
) -> MapCoverage {
    let taken: FxHashSet<(NodeIndex, NodeIndex)> =
        variants.iter().flat_map(|(path, _)| pairs(path)).filter_map(both).collect();
    let mut touchpoints_not_visited: Vec<String> = map
        .touchpoints()
        .filter(|touchpoint| visits.of(names.touchpoints.code(&touchpoint.id)).events == 0)
        .map(|touchpoint| touchpoint.id.clone())
        .collect();
    let graph = map.graph();
    let mut transitions_not_taken: Vec<MapTransition> = graph
        .edge_indices()
        .filter(|edge| graph.edge_endpoints(*edge).is_none_or(|ends| !taken.contains(&ends)))
        .filter_map(|edge| graph.edge_weight(edge))
        .map(|transition| MapTransition { source: transition.from.clone(), target: transition.to.clone() })
        .collect();
    let touchpoints = graph.node_count() - touchpoints_not_visited.len();
    let transitions = graph.edge_count() - transitions_not_taken.len();

    let most = usize::try_from(options.max_paths).unwrap_or(usize::MAX);
    let simple = paths::simple_paths(map, most);
    let whole: FxHashSet<Vec<NodeIndex>> =
        variants.iter().filter_map(|(path, _)| path.iter().copied().collect()).collect();
    let prime = paths::has_cycle(map).then(|| paths::prime_paths(map, most));
    MapCoverage {
        touchpoints: Part::new(touchpoints as u64, graph.node_count() as u64),
        transitions: Part::new(transitions as u64, graph.edge_count() as u64),
        paths: covered(&simple, |path| whole.contains(path)),
        paths_capped: simple.capped,
        prime_paths_capped: prime.as_ref().is_some_and(|prime| prime.capped),
        prime_paths: prime.map(|prime| Part::new(toured(&prime, variants), prime.found.len() as u64)),
        touchpoints_left_out: super::cut(&mut touchpoints_not_visited, options.limit),
        touchpoints_not_visited,
        transitions_left_out: super::cut(&mut transitions_not_taken, options.limit),
        transitions_not_taken,
    }
}

fn covered(paths: &Paths, is_covered: impl Fn(&Vec<NodeIndex>) -> bool) -> Part {
    Part::new(paths.found.iter().filter(|path| is_covered(path)).count() as u64, paths.found.len() as u64)
}

/// How many of the paths some variant contains, without a gap.
fn toured(paths: &Paths, variants: &Variants) -> u64 {
    let lengths: BTreeSet<usize> = inserted(paths.found.iter().map(Vec::len));
    let mut open: FxHashSet<&[NodeIndex]> = paths.found.iter().map(Vec::as_slice).collect();
    for (variant, _) in variants {
        for piece in variant.split(Option::is_none) {
            let piece: Vec<NodeIndex> = piece.iter().copied().flatten().collect();
            for length in lengths.iter().take_while(|length| **length <= piece.len()) {
                for window in piece.windows(*length) {
                    open.remove(window);
                }
            }
        }
    }
    (paths.found.len() - open.len()) as u64
}

fn log_coverage(
    map: &JourneyMap,
    names: &LogNames,
    variants: &Variants,
    visits: &Visits,
    options: &PathCoverageOptions,
) -> LogCoverage {
    let graph = map.graph();
    let ways: FxHashSet<(NodeIndex, NodeIndex)> =
        graph.edge_indices().filter_map(|edge| graph.edge_endpoints(edge)).collect();
    let (entries, exits) = (map.entries(), map.exits());
    let begins_or_ends = |at: Option<&Option<NodeIndex>>, ends: &[NodeIndex]| {
        at.copied().flatten().is_some_and(|node| ends.binary_search(&node).is_ok())
    };
    let (mut transitions, mut transitions_on_map, mut journeys, mut journeys_on_map) = (0, 0, 0, 0);
    for (path, count) in variants {
        let mapped = pairs(path).filter_map(both).filter(|ends| ways.contains(ends)).count() as u64;
        let of = pairs(path).count() as u64;
        transitions += of * count;
        transitions_on_map += mapped * count;
        journeys += count;
        if mapped == of && begins_or_ends(path.first(), &entries) && begins_or_ends(path.last(), &exits) {
            journeys_on_map += count;
        }
    }
    let all = || visits.rows(names).into_iter();
    let mut unmapped: Vec<UnmappedTouchpoint> = all()
        .filter(|row| map.node(&row.touchpoint).is_none())
        .map(|row| UnmappedTouchpoint { touchpoint: row.touchpoint, events: row.events, journeys: row.journeys })
        .collect();
    let events: u64 = all().map(|row| row.events).sum();
    let events_unmapped: u64 = unmapped.iter().map(|row| row.events).sum();
    LogCoverage {
        events: Part::new(events - events_unmapped, events),
        transitions: Part::new(transitions_on_map, transitions),
        journeys: Share::new(journeys_on_map, journeys, options.confidence),
        unmapped_left_out: super::cut(&mut unmapped, options.limit),
        unmapped,
    }
}

/// Each two touchpoints of a path that follow each other.
fn pairs<T: Copy>(path: &[T]) -> impl Iterator<Item = (T, T)> {
    path.iter().copied().zip(path.iter().copied().skip(1))
}

fn both<T>((a, b): (Option<T>, Option<T>)) -> Option<(T, T)> {
    a.zip(b)
}
