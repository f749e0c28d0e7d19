//! How each path of the customers compares with the map, step by step: optimal alignments.

use serde::{Deserialize, Serialize};

use super::alignment::{Aligner, Move, PathsFold};
use super::stats::{self, Share};
use crate::error::Result;
use crate::log::{EventLog, LogNames, fold};
use crate::map::JourneyMap;
use crate::threads::map_each;

/// Options for [`align`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct AlignOptions {
    /// The most variants the report lists; all if `None`.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for AlignOptions {
    fn default() -> Self {
        Self { limit: Some(100), confidence: stats::CONFIDENCE }
    }
}

/// The paths of the customers, each aligned with the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Alignments {
    /// Journeys in the log.
    pub journeys: u64,
    /// Distinct paths.
    pub variants: u64,
    /// Touchpoints on the shortest path of the map; `None` if no entry of the map leads to an exit, and then nothing can
    /// be aligned.
    pub shortest_path: Option<u64>,
    /// The variants, most frequent first, ties by the names of their touchpoints.
    pub rows: Vec<AlignedVariant>,
    /// Variants that the limit cut off.
    pub rows_left_out: u64,
}

/// A path of customers, aligned with the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AlignedVariant {
    /// The touchpoints, in the order of the journey.
    pub touchpoints: Vec<String>,
    /// The journeys that took exactly this path.
    pub journeys: Share,
    /// Moves of the log or of the model alone, of which an optimal alignment has the fewest.
    pub cost: Option<u64>,
    /// `1 - cost / (touchpoints of the journey + shortest path of the map)`: 1 if the journey follows the map.
    pub fitness: Option<f64>,
    /// The alignment, step by step; empty if there is none.
    pub moves: Vec<AlignmentMove>,
}

/// One step of an alignment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AlignmentMove {
    /// Who moves.
    pub kind: MoveKind,
    /// The touchpoint.
    pub touchpoint: String,
}

/// Who moves in a step of an alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MoveKind {
    /// The customer was where the map expects it.
    Synchronous,
    /// The customer was where the map does not expect it.
    Log,
    /// The map expects a touchpoint that the customer left out.
    Model,
}

/// Aligns each path of the customers with the map: which of their steps follow it, which do not, which are left out.
///
/// The model is the map's graph: from an entry along transitions to an exit. An optimal alignment (Adriansyah 2014) has
/// the fewest moves of only one side. Of several, the report shows the one that at each step prefers a synchronous move,
/// then one of the log, then one of the model, on its way by the touchpoint that comes first on the map. Journeys are
/// aligned by variant, so a million of them take no longer than their distinct paths.
///
/// An event is at the touchpoint whose id is its name; [`EventLog::with_map`] brings a log with other names to the map first.
///
/// ```
/// use journey_core::{AlignOptions, Event, EventLog, JourneyMap, MoveKind, Stage, Touchpoint, Transition, align};
///
/// let map = JourneyMap::builder("Shop")
///     .stage(Stage::new("buy", "Buy"))
///     .touchpoint(Touchpoint::new("visit", "Visit", "buy"))
///     .touchpoint(Touchpoint::new("cart", "Cart", "buy"))
///     .touchpoint(Touchpoint::new("pay", "Pay", "buy"))
///     .transition(Transition::new("visit", "cart"))
///     .transition(Transition::new("cart", "pay"))
///     .build()?;
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let row = &align(&map, &log, &AlignOptions::default())?.rows[0];
/// assert_eq!((row.cost, row.fitness), (Some(1), Some(0.8)));
/// assert_eq!(row.moves[1].kind, MoveKind::Model);
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, or log and map share more than 5,000 touchpoints.
///
/// # Complexity
/// O(events) to find the variants, then for each variant listed its length times its distinct touchpoints.
pub fn align(map: &JourneyMap, log: &EventLog, options: &AlignOptions) -> Result<Alignments> {
    stats::check_confidence(options.confidence)?;
    let aligner = Aligner::new(map, log.names())?;
    let mut paths = fold(log, || PathsFold::new(log));
    let (variants, journeys) = (paths.len() as u64, log.customers());
    let rows_left_out = super::cut(&mut paths, options.limit);
    let rows = map_each(paths, |(path, count)| {
        let moves = aligner.moves(path);
        let cost = moves.as_ref().map(|moves| moves.iter().filter(|one| !matches!(one, Move::Both(_))).count() as u64);
        AlignedVariant {
            touchpoints: path.iter().map(|code| log.touchpoints().name(*code).to_owned()).collect(),
            journeys: Share::new(count, journeys, options.confidence),
            cost,
            fitness: cost.and_then(|cost| aligner.fitness(path, cost)),
            moves: moves.into_iter().flatten().map(|one| named(one, map, log.names())).collect(),
        }
    });
    Ok(Alignments { journeys, variants, shortest_path: aligner.shortest(), rows, rows_left_out })
}

fn named(one: Move, map: &JourneyMap, names: &LogNames) -> AlignmentMove {
    let (kind, touchpoint) = match one {
        Move::Both(code) => (MoveKind::Synchronous, names.touchpoints.name(code)),
        Move::Log(code) => (MoveKind::Log, names.touchpoints.name(code)),
        Move::Map(node) => (MoveKind::Model, map.graph().node_weight(node).map_or("", |touchpoint| &touchpoint.id)),
    };
    AlignmentMove { kind, touchpoint: touchpoint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Stage, Timestamp, Touchpoint, Transition};

    fn map(ids: &str, ways: &str) -> JourneyMap {
        let mut map = JourneyMap::builder("m").stage(Stage::new("s", "S"));
        for id in ids.split(' ') {
            map = map.touchpoint(Touchpoint::new(id, id, "s"));
        }
        for (from, to) in ways.split_whitespace().filter_map(|way| way.split_once('-')) {
            map = map.transition(Transition::new(from, to));
        }
        map.build().unwrap()
    }

    fn aligned(map: &JourneyMap, path: &str) -> (Option<u64>, Option<f64>, String) {
        let mut log = EventLog::builder();
        for (second, touchpoint) in (0..).zip(path.split(' ')) {
            log = log.event(Event::new("j", touchpoint, Timestamp::from_micros(second).unwrap()));
        }
        let row = align(map, &log.build().unwrap(), &AlignOptions::default()).unwrap().rows.remove(0);
        let letter = |kind| match kind {
            MoveKind::Synchronous => "",
            MoveKind::Log => "+",
            MoveKind::Model => "-",
        };
        let moves: Vec<_> = row.moves.iter().map(|one| format!("{}{}", letter(one.kind), one.touchpoint)).collect();
        (row.cost, row.fitness, moves.join(" "))
    }

    #[test]
    fn the_golden_alignments_with_a_line_of_three() {
        let line = map("a b c", "a-b b-c");
        assert_eq!(aligned(&line, "a b c"), (Some(0), Some(1.0), "a b c".into()));
        assert_eq!(aligned(&line, "a c b"), (Some(2), Some(1.0 - 2.0 / 6.0), "a +c b -c".into()));
        assert_eq!(aligned(&line, "a c"), (Some(1), Some(0.8), "a -b c".into()));
        assert_eq!(aligned(&line, "a b x c"), (Some(1), Some(1.0 - 1.0 / 7.0), "a b +x c".into()));
        assert_eq!(aligned(&line, "x"), (Some(4), Some(0.0), "+x -a -b -c".into()));
    }

    #[test]
    fn of_equal_ways_the_one_that_comes_first_on_the_map_is_taken() {
        let fork = map("a c b d", "a-b a-c b-d c-d");
        assert_eq!(aligned(&fork, "a d").2, "a -c d");
        let around = map("a b", "a-a a-b");
        assert_eq!(aligned(&around, "a a a b").0, Some(0), "a loop of the map costs nothing");
        assert_eq!(aligned(&map("a b", "a-b"), "a a b").2, "a +a b", "the first of two is the synchronous one");
    }

    #[test]
    fn a_journey_longer_than_a_block_is_aligned_as_a_whole() {
        let circle = map("a b c", "a-b b-c c-a");
        let path = vec!["a b c"; 700].join(" ");
        assert_eq!(aligned(&circle, &path).0, Some(0));
        let path = vec!["a c"; 700].join(" ");
        assert_eq!(aligned(&circle, &path).0, Some(700), "b is left out each time");
    }

    #[test]
    fn a_map_without_a_way_through_aligns_nothing() {
        let mut data = map("a b c", "a-b b-a b-c").to_data();
        data.outcome.entries = vec!["c".into()];
        data.outcome.exits = vec!["a".into()];
        let map = JourneyMap::from_data(data).unwrap();
        assert_eq!(aligned(&map, "a b"), (None, None, String::new()));
    }
}
