//! Where customers lose time, and where the company loses customers: two questions, kept apart.

use serde::{Deserialize, Serialize};

use super::calendar::{BusinessHours, Clock};
use super::delays::{self, DelayMeasure, Delays, TouchpointDelay, TransitionDelay};
use super::edges::{Edges, TransitionRelation};
use super::stats::{self, Share};
use super::times::Times;
use super::visits::Visits;
use super::work::{JourneyTimes, Work};
use crate::error::{Problem, Result};
use crate::log::{EventLog, Fold, Journey, LogNames, events_of_a_part, fold};
use crate::names::Names;
use crate::sorting::SortRows;

/// Options for [`bottlenecks`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct BottleneckOptions {
    /// Touchpoints that lead to the goal, in order; conversion is then measured from step to step.
    pub steps: Vec<String>,
    /// The hours in which time counts; if not given, all of it does.
    pub calendar: Option<BusinessHours>,
    /// The share of all delay, or of all losses, that the rows flagged as bottlenecks reach together.
    pub pareto: f64,
    /// Whether changes over time are tested, which takes about as long as all the rest.
    pub trends: bool,
    /// The most rows each list shows; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for BottleneckOptions {
    fn default() -> Self {
        Self {
            steps: Vec::new(),
            calendar: None,
            pareto: 0.8,
            trends: true,
            limit: None,
            confidence: stats::CONFIDENCE,
        }
    }
}

/// Where customers lose time, and where they are lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Bottlenecks {
    /// Journeys in the log.
    pub journeys: u64,
    /// What the delay shares are shares of: all time between events, or, where events have starts, all waiting.
    pub measure: DelayMeasure,
    /// All time between the events of all journeys, in seconds; of events that take time, from completion to completion.
    /// `None` if the log has no times: then the report says nothing about time, and only conversions are listed.
    pub total_seconds: Option<f64>,
    /// All time from the completion of one event to the start of the next, in seconds; `None` if the log has no starts.
    pub total_waiting_seconds: Option<f64>,
    /// How long whole journeys take, and how much of that nothing goes on; `None` if the log has no starts.
    pub journey_times: Option<JourneyTimes>,
    /// Time bottlenecks between touchpoints, the largest delay first, ties by name.
    pub transitions: Vec<TransitionDelay>,
    /// Transitions that the limit cut off.
    pub transitions_left_out: u64,
    /// Time bottlenecks at touchpoints, the largest delay first, ties by name: the time until the next event, whatever it is,
    /// or, where events have starts, the time waited for this one.
    pub touchpoints: Vec<TouchpointDelay>,
    /// Touchpoints that the limit cut off.
    pub touchpoints_left_out: u64,
    /// Conversion bottlenecks, the largest loss first, ties in the order of the steps or by name.
    pub conversions: Vec<ConversionLoss>,
    /// Conversion bottlenecks that the limit cut off.
    pub conversions_left_out: u64,
    /// Of a report that a [`State`](crate::State) gives: how far its quantiles may be off, as a share of each; they are exact if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantile_error: Option<f64>,
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
/// Where events have starts, the delay is what customers wait: from the completion of one event to the start of the next.
/// Service, sojourn, throughput and idle times come beside it. With a `calendar`, all times are business time.
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
/// If an option lies outside its range, there is a single step, a step is not in the log (unless the log is empty), or there
/// is a calendar and the log has no times.
///
/// # Complexity
/// O(events log events); memory of 20 bytes per event, of 60 where events have starts.
pub fn bottlenecks(log: &EventLog, options: &BottleneckOptions) -> Result<Bottlenecks> {
    stats::check_confidence(options.confidence)?;
    stats::check_share("pareto", options.pareto)?;
    if options.steps.len() == 1 {
        return Err(Problem::TooFewSteps(1).at_field("steps"));
    }
    let steps = options.steps.iter().map(|step| log.touchpoint_code(step, "steps")).collect::<Result<Vec<u32>>>()?;
    if options.calendar.is_some() {
        log.needs_times("calendar")?;
    }
    let clock = Clock::new(options.calendar.as_ref())?;
    Ok(fold(log, || BottlenecksFold::new(log, &steps, &clock, options)))
}

pub(super) struct BottlenecksFold<'a> {
    options: &'a BottleneckOptions,
    clock: &'a Clock,
    steps: &'a [u32],
    /// Journeys that reached each step.
    reached: Vec<u64>,
    journeys: u64,
    visits: Visits,
    edges: Edges,
    /// When each transition was begun, in the order in which they were taken; empty if trends are not asked for.
    begun: Vec<i64>,
    /// Where events have starts.
    work: Option<Work>,
    /// Whether events have times, and not only an order.
    timed: bool,
}

impl<'a> BottlenecksFold<'a> {
    pub(super) fn new(log: &EventLog, steps: &'a [u32], clock: &'a Clock, options: &'a BottleneckOptions) -> Self {
        let mut edges = Edges::new(log.names(), TransitionRelation::DirectlyFollows);
        let mut begun = Vec::new();
        if log.has_times() {
            edges.reserve(events_of_a_part(log));
            begun.reserve(if options.trends { events_of_a_part(log) } else { 0 });
        }
        Self {
            options,
            clock,
            steps,
            reached: vec![0; steps.len()],
            journeys: 0,
            visits: Visits::new(log.names()),
            edges,
            begun,
            work: log.has_starts().then(Work::default),
            timed: log.has_times(),
        }
    }
}

impl Fold for BottlenecksFold<'_> {
    type Report = Bottlenecks;

    fn journey(&mut self, journey: Journey<'_>) {
        self.journeys += 1;
        self.visits.journey(journey);
        self.edges.journey(journey, |at| self.clock.at(at));
        if self.options.trends {
            self.begun.extend(journey.times().into_iter().flatten().take(journey.len().saturating_sub(1)));
        }
        if let Some(work) = &mut self.work {
            work.journey(journey, self.clock);
        }
        let mut touchpoints = journey.touchpoints().iter();
        for (step, reached) in self.steps.iter().zip(&mut self.reached) {
            if !touchpoints.any(|touchpoint| touchpoint == step) {
                break;
            }
            *reached += 1;
        }
    }

    fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        self.visits.merge(&other.visits);
        self.edges.merge(other.edges);
        self.begun.extend(other.begun);
        if let (Some(work), Some(more)) = (&mut self.work, other.work) {
            work.merge(more);
        }
        for (reached, more) in self.reached.iter_mut().zip(other.reached) {
            *reached += more;
        }
    }

    fn finish(self, names: &LogNames) -> Bottlenecks {
        let &BottleneckOptions { pareto, confidence, .. } = self.options;
        let conversions = losses(&self.visits, &self.reached, self.options, &names.touchpoints);
        let mut work = self.work;
        let journey_times = work.as_mut().and_then(|work| work.journey_times(confidence));
        let edges = self.timed.then_some(self.edges);
        let mut delays = edges.map(|edges| Delays::new(edges, self.begun, work, pareto, confidence));
        let found = Found {
            journeys: self.journeys,
            elapsed: delays.as_mut().map(Delays::elapsed),
            waited: delays.as_ref().and_then(Delays::waited),
            journey_times,
            transitions: delays.as_mut().map(|delays| delays.transitions(names)).unwrap_or_default(),
            touchpoints: delays.as_mut().map(|delays| delays.touchpoints(&self.visits, names)).unwrap_or_default(),
            conversions,
        };
        found.report(self.options)
    }
}

/// The report of what was counted before, by codes: the times of each transition, and those from each touchpoint to the next
/// event. There are no steps, starts or trends.
pub(crate) fn bottlenecks_of<T: Times>(
    visits: &Visits,
    journeys: u64,
    between: Vec<(u32, u32, T)>,
    after: Vec<(u32, T)>,
    options: &BottleneckOptions,
    names: &Names,
) -> Result<Bottlenecks> {
    let &BottleneckOptions { pareto, confidence, .. } = options;
    stats::check_confidence(confidence)?;
    stats::check_share("pareto", pareto)?;
    let found = Found {
        journeys,
        elapsed: Some(between.iter().map(|(_, _, times)| times.total()).sum()),
        waited: None,
        journey_times: None,
        transitions: delays::transitions_of(between, names, pareto, confidence),
        touchpoints: delays::touchpoints_of(after, names, pareto, confidence),
        conversions: losses(visits, &[], options, names),
    };
    Ok(found.report(options))
}

/// How many journeys are lost from step to step, or, without steps, at each touchpoint.
fn losses(visits: &Visits, reached: &[u64], options: &BottleneckOptions, names: &Names) -> Vec<ConversionLoss> {
    let loss = |from: &str, to: Option<&str>, reached: u64, went_on: u64| ConversionLoss {
        source: from.to_owned(),
        target: to.map(str::to_owned),
        conversion: Share::new(went_on, reached, options.confidence),
        lost: reached - went_on,
        bottleneck: false,
        lowest_conversion: false,
    };
    let steps = &options.steps;
    if steps.is_empty() {
        let losses = visits
            .visited()
            .map(|(code, visits)| loss(names.name(code), None, visits.journeys, visits.journeys - visits.ends));
        return losses.collect();
    }
    let reached = |step: usize| reached.get(step).copied().unwrap_or(0);
    let pairs = steps.iter().zip(steps.iter().skip(1)).enumerate();
    pairs.map(|(step, (from, to))| loss(from, Some(to), reached(step), reached(step + 1))).collect()
}

/// All rows, before limits cut them.
struct Found {
    journeys: u64,
    /// `None` if the log has no times.
    elapsed: Option<i128>,
    waited: Option<i128>,
    journey_times: Option<JourneyTimes>,
    transitions: Vec<TransitionDelay>,
    touchpoints: Vec<TouchpointDelay>,
    conversions: Vec<ConversionLoss>,
}

impl Found {
    fn report(self, options: &BottleneckOptions) -> Bottlenecks {
        let Self { journeys, elapsed, waited, journey_times, mut transitions, mut touchpoints, mut conversions } = self;
        let &BottleneckOptions { pareto, limit, .. } = options;
        conversions.sort_rows_by_key(|row| std::cmp::Reverse(row.lost));
        let flagged = stats::pareto(conversions.iter().map(|row| stats::float(row.lost)), pareto);
        let lowest = conversions.iter().filter_map(|row| row.conversion.share).min_by(f64::total_cmp);
        for (rank, row) in conversions.iter_mut().enumerate() {
            row.bottleneck = rank < flagged;
            row.lowest_conversion = row.lost > 0 && row.conversion.share == lowest;
        }
        Bottlenecks {
            journeys,
            measure: if waited.is_some() { DelayMeasure::Waiting } else { DelayMeasure::Elapsed },
            total_seconds: elapsed.map(stats::seconds),
            total_waiting_seconds: waited.map(stats::seconds),
            journey_times,
            transitions_left_out: super::cut(&mut transitions, limit),
            transitions,
            touchpoints_left_out: super::cut(&mut touchpoints, limit),
            touchpoints,
            conversions_left_out: super::cut(&mut conversions, limit),
            conversions,
            quantile_error: None,
        }
    }
}
