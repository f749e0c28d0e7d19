//! The map that a log draws by itself.

use serde::{Deserialize, Serialize};

use super::flow::Flow;
use super::stats;
use crate::error::{Problem, Result};
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::map::{JourneyMap, MapData, ObservedTouchpoint, ObservedTransition, Outcome, Stage, Touchpoint, Transition};

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
/// `min_journeys` leaves no transition out). Touchpoints stand in the order of their names, transitions in the order of
/// the names of their ends.
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

pub(super) struct DiscoverFold {
    options: DiscoverOptions,
    flow: Flow,
}

impl DiscoverFold {
    pub(super) fn new(names: &LogNames, options: &DiscoverOptions) -> Self {
        Self { options: options.clone(), flow: Flow::new(names) }
    }
}

impl Fold for DiscoverFold {
    type Report = MapData;

    fn journey(&mut self, journey: Journey<'_>) {
        self.flow.journey(journey);
    }

    fn merge(&mut self, other: Self) {
        self.flow.merge(other.flow);
    }

    fn finish(self, names: &LogNames) -> MapData {
        const STAGE: &str = "observed";
        let id = |code: u32| names.touchpoints.name(code).to_owned();
        let Flow { journeys, visits, edges } = self.flow;
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
            touchpoints.push(Touchpoint { observed: Some(observed), ..Touchpoint::new(id(code), id(code), STAGE) });
        }
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
            touchpoints,
            transitions,
            outcome,
            ..MapData::default()
        }
    }
}
