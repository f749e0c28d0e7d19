//! What two definitions of a funnel count differently, and why.
//!
//! Two definitions differ about a customer if they give them other steps, or if one leaves them out. Why is found by
//! changing the first definition a part at a time: the parts in which the two differ are `order`, `entry`, `window`,
//! `ties`, `reuse`, `open_entry` and `exclusions`. A part explains a difference alone if changing it gives the second
//! definition's result, and partly if it moves the result towards it. How far two results lie apart is the number of steps
//! that only one of them has, and one more if only one leaves the customer out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::funnels::{
    FunnelCounting, FunnelDimension, FunnelOptions, FunnelOrder, FunnelPolicy, FunnelStep, Plan, Policy, Scratch,
};
use super::stats::{self, Share};
use crate::error::{Problem, Result};
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::sorting::SortRows;
use crate::time::Timestamp;

/// Options for [`explain_funnels`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct ExplainFunnelsOptions {
    /// The most journeys shown for each reason.
    pub examples: u64,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for ExplainFunnelsOptions {
    fn default() -> Self {
        Self { examples: 3, confidence: stats::CONFIDENCE }
    }
}

/// What two definitions of a funnel count differently.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunnelDifferences {
    /// The first definition.
    pub a: FunnelPolicy,
    /// The second definition.
    pub b: FunnelPolicy,
    /// The parts in which they differ.
    pub dimensions: Vec<FunnelDimension>,
    /// Journeys in the log.
    pub journeys: u64,
    /// The journeys about which they differ.
    pub different: Share,
    /// Journeys that the first leaves out.
    pub excluded_in_a: u64,
    /// Journeys that the second leaves out.
    pub excluded_in_b: u64,
    /// What each counts at each step.
    pub steps: Vec<FunnelStepDifference>,
    /// Why they differ: every such journey has one reason; most journeys first, then in the order of the parts.
    pub reasons: Vec<FunnelReason>,
}

/// What two definitions count at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunnelStepDifference {
    /// What the step is called; a definition in any order counts here who met as many steps, whichever they are.
    pub name: String,
    /// Journeys that took it by the first definition.
    pub reached_in_a: u64,
    /// Journeys that took it by the second definition.
    pub reached_in_b: u64,
    /// Journeys that got as far as this by the first definition, and no further.
    pub furthest_in_a: u64,
    /// Journeys that got as far as this by the second definition, and no further.
    pub furthest_in_b: u64,
}

/// Why two definitions differ about some journeys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunnelReason {
    /// How much of the difference these parts explain.
    pub kind: FunnelReasonKind,
    /// The parts of the definition.
    pub dimensions: Vec<FunnelDimension>,
    /// Journeys that have this reason.
    pub journeys: u64,
    /// Those of them that get further by the first definition.
    pub further_in_a: u64,
    /// Those of them that get further by the second definition.
    pub further_in_b: u64,
    /// Some of them, the first in the order of the log.
    pub examples: Vec<FunnelExample>,
}

/// How much of a difference parts of a definition explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FunnelReasonKind {
    /// Changing any one of them in the first definition gives the result of the second.
    Alone,
    /// Changing any one of them moves the result towards that of the second, but none all the way.
    Partly,
    /// No single change moves the result towards that of the second; all parts that differ are named.
    Together,
}

/// A journey about which two definitions differ, and what each takes for its attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunnelExample {
    /// The id of the journey.
    pub journey: String,
    /// Whether the first definition leaves it out.
    pub excluded_in_a: bool,
    /// Whether the second definition leaves it out.
    pub excluded_in_b: bool,
    /// The steps that count by the first definition.
    pub visits_in_a: Vec<FunnelVisit>,
    /// The steps that count by the second definition.
    pub visits_in_b: Vec<FunnelVisit>,
}

/// A step of a funnel and the event that fills it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunnelVisit {
    /// What the step is called.
    pub step: String,
    /// The touchpoint of the event.
    pub touchpoint: String,
    /// When it happened, as RFC 3339 text; `None` if the log has no times.
    pub time: Option<String>,
}

/// Says how many customers two definitions of a funnel count differently, and why, with examples.
///
/// ```
/// use journey_core::{
///     Event, EventLog, ExplainFunnelsOptions, FunnelDimension, FunnelOptions, FunnelPreset, explain_funnels,
/// };
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "visit", "2024-03-23T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-23T10:05:00Z".parse()?))
///     .build()?;
/// let mixpanel = FunnelOptions { preset: Some(FunnelPreset::Mixpanel), ..Default::default() };
/// let any_entry = FunnelOptions { window: Some("7d".parse()?), ..Default::default() };
/// let report = explain_funnels(&log, ["visit", "pay"], &mixpanel, &any_entry, &ExplainFunnelsOptions::default())?;
/// assert_eq!((report.different.n, report.reasons[0].dimensions.as_slice()), (1, [FunnelDimension::Entry].as_slice()));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// As [`funnel`](super::funnel), and if either definition counts attempts.
///
/// # Complexity
/// O(events) for a given number of steps, and as much again for each part that differs, for journeys about which they differ.
pub fn explain_funnels<S: Into<FunnelStep>>(
    log: &EventLog,
    steps: impl IntoIterator<Item = S>,
    a: &FunnelOptions,
    b: &FunnelOptions,
    options: &ExplainFunnelsOptions,
) -> Result<FunnelDifferences> {
    stats::check_confidence(options.confidence)?;
    let steps: Vec<FunnelStep> = steps.into_iter().map(Into::into).collect();
    let policy = |options: &FunnelOptions| {
        if options.counting == FunnelCounting::Attempts {
            let problem = "two definitions are compared customer by customer, so both have to count `customers`";
            return Err(Problem::Options(problem.into()).at_field("counting"));
        }
        Policy::new(&steps, options)
    };
    let (a, b) = (policy(a)?, policy(b)?);
    let plans = Plans::new(log, &steps, a, b)?;
    Ok(fold(log, || ExplainFunnelsFold::new(&plans, options)))
}

/// Two definitions made ready for a log, and the first one with each part of the second that can be changed by itself.
pub(super) struct Plans<'a> {
    a: Plan<'a>,
    b: Plan<'a>,
    reports: [FunnelPolicy; 2],
    dimensions: Vec<FunnelDimension>,
    changed: Vec<(FunnelDimension, Plan<'a>)>,
}

impl<'a> Plans<'a> {
    pub(super) fn new(log: &'a EventLog, steps: &[FunnelStep], a: Policy, b: Policy) -> Result<Self> {
        let dimensions = a.differences(&b);
        let mut changed = Vec::new();
        for dimension in &dimensions {
            let policy = a.with(*dimension, &b);
            // What does not hold together, such as any order with the exclusions of an ordered funnel, explains nothing.
            if policy.check(steps).is_ok() {
                changed.push((*dimension, Plan::new(log, steps, policy)?));
            }
        }
        let reports = [a.report(steps), b.report(steps)];
        let (a, b) = (Plan::new(log, steps, a)?, Plan::new(log, steps, b)?);
        Ok(Self { a, b, reports, dimensions, changed })
    }

    /// What the steps are called: by their names, unless neither definition has an order.
    fn names(&self) -> &[String] {
        let named = if self.a.policy.order == FunnelOrder::AnyOrder { &self.b } else { &self.a };
        &named.names
    }
}

/// What a definition makes of a journey.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    excluded: bool,
    /// The steps, and the place of the event that fills each.
    visits: Vec<(usize, usize)>,
}

impl Outcome {
    fn of(&mut self, plan: &Plan<'_>, journey: Journey<'_>, scratch: &mut Scratch) {
        self.excluded = false;
        self.visits.clear();
        plan.attempts(journey, scratch, |attempt| {
            self.excluded = attempt.excluded;
            if !attempt.excluded {
                self.visits.extend(attempt.visits.iter().map(|visit| (visit.step, visit.place)));
            }
        });
    }

    /// The steps as a set.
    fn steps(&self) -> u32 {
        self.visits.iter().fold(0, |steps, (step, _)| steps | 1 << step)
    }

    fn furthest(&self) -> Option<usize> {
        self.visits.last().map(|(step, _)| *step)
    }

    /// How many steps only one of the two has; one more if only one leaves the journey out.
    fn distance(&self, other: &Self) -> u32 {
        (self.steps() ^ other.steps()).count_ones() + u32::from(self.excluded != other.excluded)
    }
}

#[derive(Clone, Default)]
struct StepTally {
    reached: [u64; 2],
    furthest: [u64; 2],
}

#[derive(Default)]
struct ReasonTally {
    journeys: u64,
    further: [u64; 2],
    examples: Vec<Example>,
}

/// A journey with the touchpoint and time of each step.
struct Example {
    journey: String,
    excluded: [bool; 2],
    visits: [Vec<(usize, u32, Option<i64>)>; 2],
}

pub(super) struct ExplainFunnelsFold<'a> {
    plans: &'a Plans<'a>,
    options: &'a ExplainFunnelsOptions,
    scratch: Scratch,
    outcomes: [Outcome; 3],
    journeys: u64,
    different: u64,
    excluded: [u64; 2],
    steps: Vec<StepTally>,
    reasons: BTreeMap<(FunnelReasonKind, Vec<FunnelDimension>), ReasonTally>,
}

impl<'a> ExplainFunnelsFold<'a> {
    pub(super) fn new(plans: &'a Plans<'a>, options: &'a ExplainFunnelsOptions) -> Self {
        Self {
            plans,
            options,
            scratch: Scratch::default(),
            outcomes: Default::default(),
            journeys: 0,
            different: 0,
            excluded: [0; 2],
            steps: vec![StepTally::default(); plans.a.names.len()],
            reasons: BTreeMap::new(),
        }
    }

    /// The parts that explain a difference, and how much of it.
    fn reason(&mut self, journey: Journey<'_>) -> (FunnelReasonKind, Vec<FunnelDimension>) {
        let [a, b, changed] = &mut self.outcomes;
        let apart = a.distance(b);
        let (mut alone, mut partly) = (Vec::new(), Vec::new());
        for (dimension, plan) in &self.plans.changed {
            changed.of(plan, journey, &mut self.scratch);
            let left = changed.distance(b);
            if left == 0 {
                alone.push(*dimension);
            }
            if left < apart {
                partly.push(*dimension);
            }
        }
        if !alone.is_empty() {
            (FunnelReasonKind::Alone, alone)
        } else if !partly.is_empty() {
            (FunnelReasonKind::Partly, partly)
        } else {
            (FunnelReasonKind::Together, self.plans.dimensions.clone())
        }
    }

    fn most_examples(&self) -> usize {
        usize::try_from(self.options.examples).unwrap_or(usize::MAX)
    }
}

impl Fold for ExplainFunnelsFold<'_> {
    type Report = FunnelDifferences;

    fn journey(&mut self, journey: Journey<'_>) {
        self.journeys += 1;
        let [a, b, _] = &mut self.outcomes;
        a.of(&self.plans.a, journey, &mut self.scratch);
        b.of(&self.plans.b, journey, &mut self.scratch);
        for (side, outcome) in [&*a, &*b].into_iter().enumerate() {
            let add = |counts: &mut [u64; 2], more: bool| {
                if let Some(count) = counts.get_mut(side) {
                    *count += u64::from(more);
                }
            };
            add(&mut self.excluded, outcome.excluded);
            for (place, step) in self.steps.iter_mut().enumerate() {
                add(&mut step.reached, outcome.steps() >> place & 1 == 1);
                add(&mut step.furthest, outcome.furthest() == Some(place));
            }
        }
        if a.distance(b) == 0 {
            return;
        }
        self.different += 1;
        let most = self.most_examples();
        let reason = self.reason(journey);
        let [a, b, _] = &self.outcomes;
        let tally = self.reasons.entry(reason).or_default();
        tally.journeys += 1;
        let [in_a, in_b] = &mut tally.further;
        *in_a += u64::from(a.furthest() > b.furthest());
        *in_b += u64::from(a.furthest() < b.furthest());
        if tally.examples.len() < most {
            tally.examples.push(Example::new(journey, a, b));
        }
    }

    fn merge(&mut self, other: Self) {
        let add = |counts: &mut [u64; 2], more: [u64; 2]| {
            counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        };
        self.journeys += other.journeys;
        self.different += other.different;
        add(&mut self.excluded, other.excluded);
        for (step, more) in self.steps.iter_mut().zip(other.steps) {
            add(&mut step.reached, more.reached);
            add(&mut step.furthest, more.furthest);
        }
        let most = self.most_examples();
        for (reason, more) in other.reasons {
            let tally = self.reasons.entry(reason).or_default();
            tally.journeys += more.journeys;
            add(&mut tally.further, more.further);
            tally.examples.extend(more.examples);
            tally.examples.truncate(most);
        }
    }

    fn finish(self, names: &LogNames) -> FunnelDifferences {
        let Plans { reports: [a, b], dimensions, .. } = self.plans;
        let called = self.plans.names();
        let steps = called.iter().zip(&self.steps).map(|(name, step)| {
            let ([reached_in_a, reached_in_b], [furthest_in_a, furthest_in_b]) = (step.reached, step.furthest);
            FunnelStepDifference { name: name.clone(), reached_in_a, reached_in_b, furthest_in_a, furthest_in_b }
        });
        let mut reasons: Vec<FunnelReason> = self
            .reasons
            .into_iter()
            .map(|((kind, dimensions), tally)| {
                let (journeys, [further_in_a, further_in_b]) = (tally.journeys, tally.further);
                let examples = tally.examples.into_iter().map(|example| example.report(called, names)).collect();
                FunnelReason { kind, dimensions, journeys, further_in_a, further_in_b, examples }
            })
            .collect();
        // Ties stay in the order of the kinds and parts.
        reasons.sort_rows_by_key(|reason| std::cmp::Reverse(reason.journeys));
        let [excluded_in_a, excluded_in_b] = self.excluded;
        FunnelDifferences {
            a: a.clone(),
            b: b.clone(),
            dimensions: dimensions.clone(),
            journeys: self.journeys,
            different: Share::new(self.different, self.journeys, self.options.confidence),
            excluded_in_a,
            excluded_in_b,
            steps: steps.collect(),
            reasons,
        }
    }
}

impl Example {
    fn new(journey: Journey<'_>, a: &Outcome, b: &Outcome) -> Self {
        let visits = |outcome: &Outcome| {
            let event = |(step, place): &(usize, usize)| {
                let time = journey.times().and_then(|times| times.get(*place)).copied();
                Some((*step, *journey.touchpoints().get(*place)?, time))
            };
            outcome.visits.iter().filter_map(event).collect()
        };
        Self { journey: journey.id().to_owned(), excluded: [a.excluded, b.excluded], visits: [visits(a), visits(b)] }
    }

    fn report(self, called: &[String], names: &LogNames) -> FunnelExample {
        let visit = |(step, touchpoint, time): (usize, u32, Option<i64>)| FunnelVisit {
            step: called.get(step).cloned().unwrap_or_default(),
            touchpoint: names.touchpoints.name(touchpoint).to_owned(),
            time: time.and_then(|time| Timestamp::from_micros(time).ok()).map(|time| time.to_string()),
        };
        let [excluded_in_a, excluded_in_b] = self.excluded;
        let [visits_in_a, visits_in_b] = self.visits.map(|visits| visits.into_iter().map(visit).collect());
        FunnelExample { journey: self.journey, excluded_in_a, excluded_in_b, visits_in_a, visits_in_b }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;
    use crate::analysis::{FunnelEntry, FunnelTies};

    /// A log of rows such as `ann A 10:00`.
    fn log(rows: &[&str]) -> EventLog {
        let mut log = EventLog::builder();
        for row in rows {
            let [journey, touchpoint, time] = row.split(' ').collect::<Vec<_>>()[..] else { panic!("{row}") };
            let time = format!("2024-03-13T{time}:00Z").parse().unwrap();
            log = log.event(Event::new(journey, touchpoint, time));
        }
        log.build().unwrap()
    }

    fn reasons(rows: &[&str], a: &FunnelOptions, b: &FunnelOptions) -> Vec<(FunnelReasonKind, Vec<FunnelDimension>)> {
        let report = explain_funnels(&log(rows), ["A", "B"], a, b, &ExplainFunnelsOptions::default()).unwrap();
        report.reasons.into_iter().map(|reason| (reason.kind, reason.dimensions)).collect()
    }

    #[test]
    fn the_part_that_makes_the_difference_is_named() {
        let hour = FunnelOptions { window: Some("1h".parse().unwrap()), ..FunnelOptions::default() };
        let first = FunnelOptions { entry: Some(FunnelEntry::FirstEntry), ..hour.clone() };
        let twice = ["ann A 10:00", "ann A 11:30", "ann B 12:00", "bob A 10:00"];
        assert_eq!(reasons(&twice, &first, &hour), [(FunnelReasonKind::Alone, vec![FunnelDimension::Entry])]);
        let ever = FunnelOptions::default();
        let late = ["ann A 10:00", "ann B 12:00"];
        assert_eq!(reasons(&late, &hour, &ever), [(FunnelReasonKind::Alone, vec![FunnelDimension::Window])]);
        assert_eq!(reasons(&late, &ever, &ever), []);
    }

    #[test]
    fn what_takes_two_changes_has_two_reasons_together() {
        let hour = FunnelOptions { window: Some("1h".parse().unwrap()), ..FunnelOptions::default() };
        let first = FunnelOptions { entry: Some(FunnelEntry::FirstEntry), ..hour.clone() };
        let by_step = FunnelOptions { ties: Some(FunnelTies::ByStep), ..hour };
        let rows = ["ann A 10:00", "ann B 12:00", "ann A 12:00"];
        let both = vec![FunnelDimension::Entry, FunnelDimension::Ties];
        assert_eq!(reasons(&rows, &first, &by_step), [(FunnelReasonKind::Together, both)]);
    }
}
