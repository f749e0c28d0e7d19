//! How well the map explains what customers did: fitness.

use serde::{Deserialize, Serialize};

use super::alignment::{Aligner, PathsFold};
use super::stats::{self, Share};
use crate::error::Result;
use crate::log::{EventLog, fold};
use crate::map::JourneyMap;
use crate::threads::map_each;

/// Options for [`fitness`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct FitnessOptions {
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for FitnessOptions {
    fn default() -> Self {
        Self { confidence: stats::CONFIDENCE }
    }
}

/// How well the map explains what customers did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Fitness {
    /// Journeys in the log.
    pub journeys: u64,
    /// Touchpoints on the shortest path of the map; `None` if no entry of the map leads to an exit, and then there is no
    /// fitness.
    pub shortest_path: Option<u64>,
    /// The cost of the optimal alignments of all journeys: events that the map does not expect, and touchpoints that it
    /// expects and that were left out.
    pub cost: Option<u64>,
    /// What it would cost if no journey had anything to do with the map: its events and the shortest path of the map.
    pub worst_cost: Option<u64>,
    /// `1 - cost / worst_cost`: longer journeys weigh more.
    pub log_fitness: Option<f64>,
    /// The mean of `1 - cost / (events + shortest path)` over the journeys: every customer weighs the same.
    pub average_fitness: Option<f64>,
    /// Lower end of Student's t interval of the average.
    pub average_low: Option<f64>,
    /// Upper end of Student's t interval of the average.
    pub average_high: Option<f64>,
    /// The journeys that follow the map from an entry to an exit, all the way.
    pub fitting: Share,
}

/// Says how well the map explains what customers did, from 0 (not at all) to 1 (every journey follows it).
///
/// Both figures of the field are given, since they differ: `log_fitness` as PM4Py's `log_fitness`, `average_fitness` as
/// its `average_trace_fitness`. [`align`](crate::align) shows where journeys leave the map.
///
/// An event is at the touchpoint whose id is its name; [`EventLog::with_map`] brings a log with other names to the map first.
///
/// ```
/// use journey_core::{Event, EventLog, FitnessOptions, JourneyMap, Stage, Touchpoint, Transition, fitness};
///
/// let map = JourneyMap::builder("Shop")
///     .stage(Stage::new("buy", "Buy"))
///     .touchpoint(Touchpoint::new("visit", "Visit", "buy"))
///     .touchpoint(Touchpoint::new("pay", "Pay", "buy"))
///     .transition(Transition::new("visit", "pay"))
///     .build()?;
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .event(Event::new("bob", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .build()?;
/// let fit = fitness(&map, &log, &FitnessOptions::default())?;
/// assert_eq!((fit.cost, fit.worst_cost, fit.fitting.n), (Some(1), Some(7), 1));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, or log and map share more than 5,000 touchpoints.
///
/// # Complexity
/// O(events) to find the variants, then for each variant its length times its distinct touchpoints.
pub fn fitness(map: &JourneyMap, log: &EventLog, options: &FitnessOptions) -> Result<Fitness> {
    stats::check_confidence(options.confidence)?;
    let aligner = Aligner::new(map, log.names())?;
    let journeys = log.customers();
    let shortest_path = aligner.shortest();
    let paths = map_each(fold(log, || PathsFold::new(log)), |(path, count)| (aligner.cost(path), path, count));
    let fitting = paths.iter().filter(|(cost, ..)| *cost == Some(0)).map(|(.., count)| count).sum();
    let mut each = Vec::with_capacity(usize::try_from(journeys).unwrap_or_default());
    for (cost, path, count) in &paths {
        let fitness = cost.and_then(|cost| aligner.fitness(path, cost));
        each.extend(fitness.into_iter().cycle().take(usize::try_from(*count).unwrap_or(0)));
    }
    let average = stats::score_stats(&mut each, options.confidence);
    let cost: Option<u64> = paths.iter().map(|(cost, _, count)| cost.map(|cost| cost * count)).sum();
    let worst_cost = shortest_path.map(|shortest| log.customers_events() + shortest * journeys);
    let share = cost.zip(worst_cost).and_then(|(cost, worst)| stats::ratio(cost, worst));
    Ok(Fitness {
        journeys,
        shortest_path,
        cost: cost.filter(|_| shortest_path.is_some()),
        worst_cost,
        log_fitness: share.map(|share| 1.0 - share),
        average_fitness: average.mean,
        average_low: average.low,
        average_high: average.high,
        fitting: Share::new(fitting, journeys, options.confidence),
    })
}
