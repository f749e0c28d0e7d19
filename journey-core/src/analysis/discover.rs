//! The map that a log draws by itself.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::flow::Flow;
use super::stats;
use crate::error::{Problem, Result};
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::map::{JourneyMap, MapData, ObservedTouchpoint, ObservedTransition, Outcome, Stage, Touchpoint, Transition};
use crate::sorting::SortRows;

/// Options for [`discover`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct DiscoverOptions {
    /// The name of the map.
    pub name: String,
    /// Transitions that fewer journeys took are left out; the description of the map says how many.
    pub min_journeys: u64,
}

impl Default for DiscoverOptions {
    fn default() -> Self {
        Self { name: "Discovered journey".into(), min_journeys: 1 }
    }
}

/// Draws the map of what customers did: their touchpoints and transitions, with counts and, if the log has times, times.
///
/// The map has one stage, `observed`: stages are the team's view, which no log knows. Every touchpoint at which a journey
/// began is an entry, every one at which a journey ended an exit, so each journey of the log fits the map (if
/// `min_journeys` leaves no transition out). Touchpoints stand in the order in which customers reach them: by the number of
/// other touchpoints that a journey visits before it, on the mean of the journeys that visit it, ties by name. Transitions
/// stand in the order of the names of their ends.
///
/// ```
/// use journey_core::{DiscoverOptions, Event, EventLog, discover};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let map = discover(&log, &DiscoverOptions::default())?;
/// let way = map.graph().edge_weights().next().unwrap();
/// assert_eq!((way.from.as_str(), way.to.as_str()), ("visit", "pay"));
/// assert_eq!(way.observed.as_ref().unwrap().median_seconds, Some(300.0));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If the name is empty.
///
/// # Complexity
/// O(events + pairs log pairs), where pairs are touchpoints that follow each other; memory of 12 bytes per event.
pub fn discover(log: &EventLog, options: &DiscoverOptions) -> Result<JourneyMap> {
    if options.name.is_empty() {
        let problem = Problem::OptionRange { value: "the empty text".into(), expected: "a name".into() };
        return Err(problem.at_field("name"));
    }
    JourneyMap::from_data(fold(log, || DiscoverFold::new(log.names(), options)))
}

/// In which order customers reach the touchpoints.
struct Order(Vec<Place>);

/// What journeys did before they first came to a touchpoint.
#[derive(Clone, Default)]
struct Place {
    /// Other touchpoints that they visited before, over all journeys.
    before: u64,
    journeys: u64,
    /// The number of the last journey that was counted here.
    last: u64,
}

impl Order {
    fn new(names: &LogNames) -> Self {
        Self(vec![Place::default(); names.touchpoints.len()])
    }

    /// Takes in a journey with its number, from 1.
    fn journey(&mut self, journey: Journey<'_>, number: u64) {
        let mut visited = 0;
        for touchpoint in journey.touchpoints() {
            if let Some(place) = self.0.get_mut(*touchpoint as usize).filter(|place| place.last != number) {
                place.before += visited;
                place.journeys += 1;
                place.last = number;
                visited += 1;
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        for (place, more) in self.0.iter_mut().zip(&other.0) {
            place.before += more.before;
            place.journeys += more.journeys;
            // The numbers of journeys to come are above both.
            place.last = 0;
        }
    }

    /// Which of two touchpoints is reached earlier, on the mean of the journeys that visit it.
    fn compare(&self, one: u32, other: u32) -> Ordering {
        let place = |code: u32| self.0.get(code as usize).map_or((0, 0), |place| (place.before, place.journeys));
        let ((before, of), (other_before, other_of)) = (place(one), place(other));
        // As fractions, so that no rounding decides.
        (u128::from(before) * u128::from(other_of)).cmp(&(u128::from(other_before) * u128::from(of)))
    }
}

pub(super) struct DiscoverFold {
    options: DiscoverOptions,
    flow: Flow,
    order: Order,
}

impl DiscoverFold {
    pub(super) fn new(names: &LogNames, options: &DiscoverOptions) -> Self {
        Self { options: options.clone(), flow: Flow::new(names), order: Order::new(names) }
    }
}

impl Fold for DiscoverFold {
    type Report = MapData;

    fn journey(&mut self, journey: Journey<'_>) {
        self.flow.journey(journey);
        self.order.journey(journey, self.flow.journeys);
    }

    fn merge(&mut self, other: Self) {
        self.flow.merge(other.flow);
        self.order.merge(&other.order);
    }

    fn finish(self, names: &LogNames) -> MapData {
        const STAGE: &str = "observed";
        let id = |code: u32| names.touchpoints.name(code).to_owned();
        let Flow { journeys, visits, edges } = self.flow;
        let order = self.order;
        let mut edges = edges.group();
        let mut events = 0;
        let mut touchpoints = Vec::new();
        let mut outcome = Outcome::default();
        for (code, counts) in visits.visited() {
            events += counts.events;
            if counts.starts > 0 {
                outcome.entries.push(id(code));
            }
            if counts.ends > 0 {
                outcome.exits.push(id(code));
            }
            let observed = ObservedTouchpoint {
                events: counts.events,
                journeys: counts.journeys,
                starts: counts.starts,
                ends: counts.ends,
            };
            touchpoints
                .push((code, Touchpoint { observed: Some(observed), ..Touchpoint::new(id(code), id(code), STAGE) }));
        }
        touchpoints.sort_rows_by(|(one, _), (other, _)| order.compare(*one, *other));
        let mut left_out = 0;
        let transitions = edges
            .edges()
            .filter_map(|edge| {
                if edge.journeys < self.options.min_journeys {
                    left_out += 1;
                    return None;
                }
                let observed = ObservedTransition {
                    count: edge.count,
                    journeys: edge.journeys,
                    mean_seconds: stats::mean_seconds(edge.micros),
                    median_seconds: stats::median_seconds(edge.micros),
                };
                Some(Transition { observed: Some(observed), ..Transition::new(id(edge.from), id(edge.to)) })
            })
            .collect();
        let left_out = match left_out {
            0 => String::new(),
            n => {
                let least = self.options.min_journeys;
                format!(" {n} transitions that fewer than {least} journeys took are left out.")
            }
        };
        let description = format!("Discovered from {events} events of {journeys} journeys.{left_out}");
        MapData {
            name: self.options.name,
            description: Some(description),
            stages: vec![Stage::new(STAGE, "Observed")],
            touchpoints: touchpoints.into_iter().map(|(_, touchpoint)| touchpoint).collect(),
            transitions,
            outcome,
            ..MapData::default()
        }
    }
}
