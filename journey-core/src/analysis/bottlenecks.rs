//! Where customers lose time, and where the company loses customers: two questions, kept apart.

use serde::{Deserialize, Serialize};

use super::flow::Flow;
use super::stats::{self, Share, TimeStats};
use crate::error::{Problem, Result};
use crate::log::{EventLog, Fold, Journey, LogNames, fold, map_each};

/// Options for [`bottlenecks`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BottleneckOptions {
    /// Touchpoints that lead to the goal, in order; conversion is then measured from step to step.
    pub steps: Vec<String>,
    /// The share of all delay, or of all losses, that the rows flagged as bottlenecks reach together.
    pub pareto: f64,
    /// The most rows each list shows; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for BottleneckOptions {
    fn default() -> Self {
        Self { steps: Vec::new(), pareto: 0.8, limit: None, confidence: stats::CONFIDENCE }
    }
}

/// Where customers lose time, and where they are lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Bottlenecks {
    /// Journeys in the log.
    pub journeys: u64,
    /// All time between the events of all journeys, in seconds: what the delay shares are shares of.
    pub total_seconds: f64,
    /// Time bottlenecks between touchpoints, the largest delay first, ties by name.
    pub transitions: Vec<TransitionDelay>,
    /// Transitions that the limit cut off.
    pub transitions_left_out: u64,
    /// Time bottlenecks at touchpoints: the time until the next event, whatever it is.
    pub touchpoints: Vec<TouchpointDelay>,
    /// Touchpoints that the limit cut off.
    pub touchpoints_left_out: u64,
    /// Conversion bottlenecks, the largest loss first, ties in the order of the steps or by name.
    pub conversions: Vec<ConversionLoss>,
    /// Conversion bottlenecks that the limit cut off.
    pub conversions_left_out: u64,
}

/// How much time customers spend between two touchpoints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TransitionDelay {
    /// The touchpoint left.
    pub source: String,
    /// The touchpoint reached.
    pub target: String,
    /// Time from one event to the next.
    pub time: TimeStats,
    /// The delay contribution: `time.total_seconds` as a share of all time between events.
    pub delay_share: Option<f64>,
    /// Whether it is one of the fewest transitions that together reach the Pareto share of the delay.
    pub bottleneck: bool,
}

/// How much time customers spend from a touchpoint to the next event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TouchpointDelay {
    /// The touchpoint.
    pub touchpoint: String,
    /// Time from an event here to the next event.
    pub time: TimeStats,
    /// The delay contribution: `time.total_seconds` as a share of all time between events.
    pub delay_share: Option<f64>,
    /// Whether it is one of the fewest touchpoints that together reach the Pareto share of the delay.
    pub bottleneck: bool,
}

/// How many journeys are lost on the way from a touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConversionLoss {
    /// The step, or the touchpoint if no steps were given.
    pub source: String,
    /// The next step; `None` if no steps were given: any event after the last visit of `source`.
    pub target: Option<String>,
    /// The journeys that reached `source` and went on.
    pub conversion: Share,
    /// The journeys that reached `source` and did not go on.
    pub lost: u64,
    /// Whether it is one of the fewest rows that together reach the Pareto share of all losses.
    pub bottleneck: bool,
    /// Whether no other row has a lower conversion.
    pub lowest_conversion: bool,
}

/// Finds where customers lose time and where they are lost.
///
/// **Time**: the delay contribution of a transition is the sum of its times, as a share of all time between events; it
/// says where customers' time goes. The median says where one customer is slow. Flagged are the fewest transitions that
/// reach 80 % of the delay. The time at a touchpoint is that from its event to the next one.
///
/// **Conversion**: with `steps`, how many journeys that reached one step later reached the next one (other touchpoints
/// may lie between, there is no window). Without, how many journeys that visited a touchpoint did not end at it.
///
/// ```
/// use journey_core::{BottleneckOptions, Event, EventLog, bottlenecks};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .event(Event::new("bob", "visit", "2024-03-13T11:00:00Z".parse()?))
///     .build()?;
/// let options = BottleneckOptions { steps: vec!["visit".into(), "pay".into()], ..Default::default() };
/// let stuck = bottlenecks(&log, &options)?;
/// assert_eq!(stuck.transitions[0].time.median_seconds, 300.0);
/// assert_eq!(stuck.conversions[0].conversion.share, Some(0.5));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, there is a single step, or a step is not in the log (unless the log is empty).
///
/// # Complexity
/// O(events + pairs log pairs), where pairs are touchpoints that follow each other; memory of 12 bytes per event.
pub fn bottlenecks(log: &EventLog, options: &BottleneckOptions) -> Result<Bottlenecks> {
    stats::check_confidence(options.confidence)?;
    stats::check_share("pareto", options.pareto)?;
    if options.steps.len() == 1 {
        return Err(Problem::TooFewSteps(1).at_field("steps"));
    }
    let steps = options.steps.iter().map(|step| log.touchpoint_code(step, "steps")).collect::<Result<Vec<u32>>>()?;
    Ok(fold(log, || BottlenecksFold::new(log.names(), &steps, options)))
}

pub(super) struct BottlenecksFold {
    options: BottleneckOptions,
    steps: Vec<u32>,
    /// Journeys that reached each step.
    reached: Vec<u64>,
    flow: Flow,
}

impl BottlenecksFold {
    pub(super) fn new(names: &LogNames, steps: &[u32], options: &BottleneckOptions) -> Self {
        Self { options: options.clone(), steps: steps.to_vec(), reached: vec![0; steps.len()], flow: Flow::new(names) }
    }

    fn losses(&self, names: &LogNames) -> Vec<ConversionLoss> {
        let loss = |from: &str, to: Option<&str>, reached: u64, went_on: u64| ConversionLoss {
            source: from.to_owned(),
            target: to.map(str::to_owned),
            conversion: Share::new(went_on, reached, self.options.confidence),
            lost: reached - went_on,
            bottleneck: false,
            lowest_conversion: false,
        };
        if self.options.steps.is_empty() {
            return self
                .flow
                .visits
                .visited()
                .map(|(code, visits)| {
                    loss(names.touchpoints.name(code), None, visits.journeys, visits.journeys - visits.ends)
                })
                .collect();
        }
        let reached = |step: usize| self.reached.get(step).copied().unwrap_or(0);
        let steps = &self.options.steps;
        let pairs = steps.iter().zip(steps.iter().skip(1)).enumerate();
        pairs.map(|(step, (from, to))| loss(from, Some(to), reached(step), reached(step + 1))).collect()
    }
}

impl Fold for BottlenecksFold {
    type Report = Bottlenecks;

    fn journey(&mut self, journey: Journey<'_>) {
        self.flow.journey(journey);
        let mut touchpoints = journey.touchpoints().iter();
        for (step, reached) in self.steps.iter().zip(&mut self.reached) {
            if !touchpoints.any(|touchpoint| touchpoint == step) {
                break;
            }
            *reached += 1;
        }
    }

    fn merge(&mut self, other: Self) {
        self.flow.merge(other.flow);
        for (reached, more) in self.reached.iter_mut().zip(other.reached) {
            *reached += more;
        }
    }

    fn finish(self, names: &LogNames) -> Bottlenecks {
        let mut conversions = self.losses(names);
        let BottleneckOptions { pareto, limit, confidence, .. } = self.options;
        let name = |code: u32| names.touchpoints.name(code).to_owned();
        let mut edges = self.flow.edges.group();
        let mut transitions: Vec<TransitionDelay> = map_each(edges.edges().collect(), |edge| {
            let time = stats::time_stats(edge.micros, confidence)?;
            Some(TransitionDelay {
                source: name(edge.from),
                target: name(edge.to),
                time,
                delay_share: None,
                bottleneck: false,
            })
        })
        .into_iter()
        .flatten()
        .collect();
        let mut touchpoints: Vec<TouchpointDelay> = map_each(edges.touchpoints().collect(), |(touchpoint, micros)| {
            let time = stats::time_stats(micros, confidence)?;
            Some(TouchpointDelay { touchpoint: name(touchpoint), time, delay_share: None, bottleneck: false })
        })
        .into_iter()
        .flatten()
        .collect();

        // A sum of nothing is -0.0, which a report should not hold.
        let total_seconds = touchpoints.iter().map(|row| row.time.total_seconds).fold(0.0, |sum, time| sum + time);
        let share = |time: &TimeStats| (total_seconds > 0.0).then(|| time.total_seconds / total_seconds);
        transitions.sort_by(|a, b| b.time.total_seconds.total_cmp(&a.time.total_seconds));
        let flagged = stats::pareto(transitions.iter().map(|row| row.time.total_seconds), pareto);
        for (rank, row) in transitions.iter_mut().enumerate() {
            row.delay_share = share(&row.time);
            row.bottleneck = rank < flagged;
        }
        touchpoints.sort_by(|a, b| b.time.total_seconds.total_cmp(&a.time.total_seconds));
        let flagged = stats::pareto(touchpoints.iter().map(|row| row.time.total_seconds), pareto);
        for (rank, row) in touchpoints.iter_mut().enumerate() {
            row.delay_share = share(&row.time);
            row.bottleneck = rank < flagged;
        }
        conversions.sort_by_key(|row| std::cmp::Reverse(row.lost));
        let flagged = stats::pareto(conversions.iter().map(|row| stats::float(row.lost)), pareto);
        let lowest = conversions.iter().filter_map(|row| row.conversion.share).min_by(f64::total_cmp);
        for (rank, row) in conversions.iter_mut().enumerate() {
            row.bottleneck = rank < flagged;
            row.lowest_conversion = row.lost > 0 && row.conversion.share == lowest;
        }
        Bottlenecks {
            journeys: self.flow.journeys,
            total_seconds,
            transitions_left_out: super::cut(&mut transitions, limit),
            transitions,
            touchpoints_left_out: super::cut(&mut touchpoints, limit),
            touchpoints,
            conversions_left_out: super::cut(&mut conversions, limit),
            conversions,
        }
    }
}
