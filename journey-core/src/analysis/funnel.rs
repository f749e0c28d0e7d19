//! How far customers get through the steps that lead to a goal: the funnel, by a definition that has a name.
//!
//! An attempt begins at an event that meets the first step and takes each next step at the first event that may fill it.
//! Which attempts of a customer count, how long they may take and what ends them is the policy; see
//! [`FunnelOptions`] and, for what the presets set, the function's reference page.

use serde::{Deserialize, Serialize};

use super::censoring::Censoring;
use super::funnels::{Counted, FunnelCounting, FunnelOptions, FunnelPolicy, FunnelStep, Plan, Policy, Scratch};
use super::proportions::ShareDifference;
use super::stats::{self, Share, TimeStats};
use super::times::Times;
use crate::error::Result;
use crate::log::{EventLog, Fold, Groups, Journey, LogNames, fold};
use crate::names::NONE;
use crate::sorting::SortRows;

/// How far customers get through the steps that lead to a goal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Funnel {
    /// The definition by which it was counted.
    pub policy: FunnelPolicy,
    /// Journeys in the log.
    pub journeys: u64,
    /// What is counted: journeys that entered and were not left out, or attempts.
    pub entered: u64,
    /// Journeys that an exclusion leaves out.
    pub excluded: u64,
    /// Journeys with an attempt that may still go on when observation ends.
    pub open_journeys: u64,
    /// Of those at the first step, the share that reached the last one.
    pub conversion: Share,
    /// The steps, in their order.
    pub steps: Vec<FunnelStepResult>,
    /// The same for each value of the breakdown's attribute, most journeys first, ties by name; those without a value last.
    pub groups: Vec<FunnelGroup>,
    /// Groups that the limit cut off.
    pub groups_left_out: u64,
    /// Of a report that a [`State`](crate::State) gives: how far its quantiles may be off, as a share of each; they are exact if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantile_error: Option<f64>,
}

/// How many came to a step, and how long that took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunnelStepResult {
    /// What the step is called; in any order how many steps are met.
    pub name: String,
    /// Whether it may be left out.
    pub optional: bool,
    /// Customers, or attempts, that took it.
    pub reached: u64,
    /// Of those who took the step before (optional ones not counted), the share that took this one; `None` for the first.
    pub conversion: Option<Share>,
    /// Of those who took the first step, the share that took this one.
    pub overall: Share,
    /// Of all journeys, the share that took it.
    pub journeys: Share,
    /// Those who entered the funnel here.
    pub entered: u64,
    /// Those who got as far as this and no further, and whose journey or attempt is over.
    pub lost: u64,
    /// Those who got as far as this and may still go on when observation ends.
    pub open: u64,
    /// Time from the step before, optional ones not counted; `None` for the first, and in a log without times.
    pub from_previous: Option<TimeStats>,
    /// Time from the first step; `None` for the first, and in a log without times.
    pub from_first: Option<TimeStats>,
}

/// The funnel of the journeys with one value of an attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunnelGroup {
    /// The value; `None` for the journeys without one.
    pub value: Option<String>,
    /// Journeys in the group.
    pub journeys: u64,
    /// What is counted: journeys that entered and were not left out, or attempts.
    pub entered: u64,
    /// Journeys that an exclusion leaves out.
    pub excluded: u64,
    /// Journeys with an attempt that may still go on when observation ends.
    pub open_journeys: u64,
    /// Of those at the first step, the share that reached the last one.
    pub conversion: Share,
    /// The steps, in their order.
    pub steps: Vec<FunnelStepResult>,
    /// The conversion of all other groups together; `None` where the group is not tested.
    pub rest: Option<Share>,
    /// The group's conversion less that of the rest; `None` for journeys without a value, and where attempts are counted,
    /// since those of one customer are not independent.
    pub difference: Option<ShareDifference>,
    /// The p-value of the difference, adjusted by Benjamini and Hochberg for the number of groups.
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate; `None` where there is no test.
    pub significant: Option<bool>,
}

/// Counts how far customers get through the steps that lead to a goal.
///
/// A step is a touchpoint, or a [`FunnelStep`] with conditions on touchpoint, channel and attributes. The report names the
/// definition it counted by: the library's own (one step after the other, any entry, no window), or that of a
/// [preset](super::FunnelPreset), or what the options say. Shares carry Wilson intervals; groups are compared with the
/// rest by the z test or Fisher's, corrected by Benjamini and Hochberg.
///
/// ```
/// use journey_core::{Event, EventLog, FunnelOptions, funnel};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "cart", "2024-03-13T10:05:00Z".parse()?))
///     .event(Event::new("bob", "visit", "2024-03-13T11:00:00Z".parse()?))
///     .build()?;
/// let options = FunnelOptions { window: Some("7d".parse()?), ..Default::default() };
/// let report = funnel(&log, ["visit", "cart"], &options)?;
/// assert_eq!((report.steps[0].reached, report.steps[1].reached), (2, 1));
/// assert_eq!(report.conversion.share, Some(0.5));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If there are fewer than 2 or more than 32 steps, a step has no condition or names what the log does not have (unless the
/// log is empty), the policy does not hold together or asks for times that the log does not have, or an option lies
/// outside its range.
///
/// # Complexity
/// O(events) for a given number of steps; in an open funnel by the best entry O(events × steps). Memory of 16 bytes for
/// each step taken.
pub fn funnel<S: Into<FunnelStep>>(
    log: &EventLog,
    steps: impl IntoIterator<Item = S>,
    options: &FunnelOptions,
) -> Result<Funnel> {
    stats::check_confidence(options.confidence)?;
    stats::check_open_unit("false_discovery_rate", options.false_discovery_rate)?;
    let steps: Vec<FunnelStep> = steps.into_iter().map(Into::into).collect();
    let policy = Policy::new(&steps, options)?;
    let report = policy.report(&steps);
    let plan = Plan::new(log, &steps, policy)?;
    let groups = options.breakdown.as_ref().map(|attribute| log.groups(attribute, "breakdown")).transpose()?;
    let observed = Observed::new(log, options)?;
    Ok(fold(log, || FunnelFold::new(&plan, &report, groups, observed, options)))
}

/// Until when journeys were watched.
#[derive(Clone, Copy, Default)]
pub(super) struct Observed {
    censoring: Censoring,
    end: i64,
}

impl Observed {
    pub(super) fn new(log: &EventLog, options: &FunnelOptions) -> Result<Self> {
        Ok(Self { censoring: Censoring::new(log, options.inactive_after)?, end: log.observed_until() })
    }
}

pub(super) struct FunnelFold<'a> {
    plan: &'a Plan<'a>,
    policy: &'a FunnelPolicy,
    groups: Option<Groups<'a>>,
    observed: Observed,
    options: &'a FunnelOptions,
    scratch: Scratch,
    /// By the code of the group.
    tallies: Vec<Tally>,
    /// Journeys without a group.
    ungrouped: Tally,
}

impl<'a> FunnelFold<'a> {
    pub(super) fn new(
        plan: &'a Plan<'a>,
        policy: &'a FunnelPolicy,
        groups: Option<Groups<'a>>,
        observed: Observed,
        options: &'a FunnelOptions,
    ) -> Self {
        let scratch = Scratch::default();
        Self { plan, policy, groups, observed, options, scratch, tallies: Vec::new(), ungrouped: Tally::new(plan) }
    }
}

impl Fold for FunnelFold<'_> {
    type Report = Funnel;

    fn journey(&mut self, journey: Journey<'_>) {
        let group = self.groups.and_then(|groups| groups.of(journey)).unwrap_or(NONE);
        let Observed { censoring, end } = self.observed;
        let watched = censoring.is_open(journey).then_some(end);
        let Self { plan, scratch, tallies, ungrouped, .. } = self;
        let tally = tally_of(group, plan, tallies, ungrouped);
        tally.journeys += 1;
        let mut so_far = SoFar::default();
        plan.attempts(journey, scratch, |attempt| tally.count(plan, attempt, watched, &mut so_far));
        tally.close(&so_far);
    }

    fn merge(&mut self, other: Self) {
        for (group, tally) in (0..).zip(other.tallies) {
            tally_of(group, self.plan, &mut self.tallies, &mut self.ungrouped).add(&tally);
        }
        self.ungrouped.add(&other.ungrouped);
    }

    fn finish(self, _: &LogNames) -> Funnel {
        let Self { plan, policy, groups, options, tallies, ungrouped, .. } = self;
        let confidence = options.confidence;
        let mut whole = Tally::new(plan);
        let mut parts: Vec<(Option<String>, Tally)> = Vec::new();
        for (code, tally) in (0..).zip(tallies).filter(|(_, tally)| tally.journeys > 0) {
            whole.add(&tally);
            parts.push((groups.map(|groups| groups.names().name(code).to_owned()), tally));
        }
        let valued = whole.conversion();
        whole.add(&ungrouped);
        if groups.is_some() && ungrouped.journeys > 0 {
            parts.push((None, ungrouped));
        }
        let mut found: Vec<FunnelGroup> =
            parts.into_iter().map(|(value, tally)| tally.group(plan, value, valued, confidence)).collect();
        judge(&mut found, options.false_discovery_rate);
        found.sort_rows_by(|a, b| {
            let rank = |group: &FunnelGroup| (group.value.is_none(), std::cmp::Reverse(group.journeys));
            rank(a).cmp(&rank(b)).then_with(|| a.value.cmp(&b.value))
        });
        let groups_left_out = super::cut(&mut found, options.limit);
        let FunnelGroup { journeys, entered, excluded, open_journeys, conversion, steps, .. } =
            whole.group(plan, None, valued, confidence);
        Funnel {
            policy: policy.clone(),
            journeys,
            entered,
            excluded,
            open_journeys,
            conversion,
            steps,
            groups: found,
            groups_left_out,
            quantile_error: None,
        }
    }
}

/// The report of a funnel without groups that was counted before, by the plan of a log without events.
pub(crate) fn funnel_of<T: Times>(tally: Tally<T>, plan: &Plan<'_>, policy: FunnelPolicy, confidence: f64) -> Funnel {
    let FunnelGroup { journeys, entered, excluded, open_journeys, conversion, steps, .. } =
        tally.group(plan, None, (0, 0), confidence);
    Funnel {
        policy,
        journeys,
        entered,
        excluded,
        open_journeys,
        conversion,
        steps,
        groups: Vec::new(),
        groups_left_out: 0,
        quantile_error: None,
    }
}

/// The tally of a group, which is new if the group is.
fn tally_of<'t>(group: u32, plan: &Plan<'_>, tallies: &'t mut Vec<Tally>, ungrouped: &'t mut Tally) -> &'t mut Tally {
    let place = group as usize;
    if group != NONE && tallies.len() <= place {
        tallies.resize_with(place + 1, || Tally::new(plan));
    }
    tallies.get_mut(place).unwrap_or(ungrouped)
}

/// What is counted of a group of journeys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tally<T = Vec<i64>> {
    pub(crate) journeys: u64,
    pub(crate) entered: u64,
    pub(crate) excluded: u64,
    pub(crate) open_journeys: u64,
    pub(crate) steps: Vec<StepTally<T>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct StepTally<T = Vec<i64>> {
    pub(crate) reached: u64,
    /// Attempts that took the step before as well, and those that took the first.
    pub(crate) with_previous: u64,
    pub(crate) with_first: u64,
    pub(crate) journeys: u64,
    pub(crate) entered: u64,
    pub(crate) lost: u64,
    pub(crate) open: u64,
    /// Microseconds from the step before, and from the first.
    pub(crate) from_previous: T,
    pub(crate) from_first: T,
}

/// What has been seen of a journey: the steps it took in any attempt, and whether one may still go on.
#[derive(Default)]
struct SoFar {
    steps: u32,
    open: bool,
}

impl Tally {
    pub(crate) fn new(plan: &Plan<'_>) -> Self {
        let steps = vec![StepTally::default(); plan.names.len()];
        Self { journeys: 0, entered: 0, excluded: 0, open_journeys: 0, steps }
    }

    /// Counts a journey that has ended.
    pub(crate) fn ended(&mut self, plan: &Plan<'_>, journey: Journey<'_>, scratch: &mut Scratch) {
        let mut so_far = SoFar::default();
        self.journeys += 1;
        plan.attempts(journey, scratch, |attempt| self.count(plan, attempt, None, &mut so_far));
        self.close(&so_far);
    }

    /// Counts an attempt; `watched` is the end of observation if the journey may go on after it.
    fn count(&mut self, plan: &Plan<'_>, attempt: Counted<'_>, watched: Option<i64>, so_far: &mut SoFar) {
        let Counted { visits, excluded, going } = attempt;
        if excluded {
            self.excluded += 1;
            return;
        }
        self.entered += 1;
        let open = going && watched.is_some_and(|end| plan.in_time(visits, end));
        so_far.open |= open;
        let first = visits.first().filter(|visit| visit.step == 0);
        for (number, visit) in visits.iter().enumerate() {
            let Some(step) = self.steps.get_mut(visit.step) else { continue };
            so_far.steps |= 1 << visit.step;
            step.reached += 1;
            step.entered += u64::from(number == 0);
            step.with_first += u64::from(first.is_some());
            let is_last = number + 1 == visits.len();
            step.open += u64::from(is_last && open);
            step.lost += u64::from(is_last && !open && visit.step + 1 < plan.names.len());
            let Some(before) = plan.step_before(visit.step) else { continue };
            if let Some(previous) = visits.iter().take(number).rev().find(|other| other.step == before) {
                step.with_previous += 1;
                step.from_previous.extend(plan.micros(previous, visit));
            }
            if let Some(first) = first {
                step.from_first.extend(plan.micros(first, visit));
            }
        }
    }

    /// Counts what was seen of a journey as a whole.
    fn close(&mut self, so_far: &SoFar) {
        self.open_journeys += u64::from(so_far.open);
        for (place, step) in self.steps.iter_mut().enumerate() {
            step.journeys += u64::from(so_far.steps >> place & 1);
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.add_with(other, |times, more| times.extend_from_slice(more));
    }
}

impl<T> Tally<T> {
    /// Adds what another tally counted of the same steps, the times by a function.
    pub(crate) fn add_with(&mut self, other: &Self, mut add: impl FnMut(&mut T, &T)) {
        self.journeys += other.journeys;
        self.entered += other.entered;
        self.excluded += other.excluded;
        self.open_journeys += other.open_journeys;
        for (step, more) in self.steps.iter_mut().zip(&other.steps) {
            step.reached += more.reached;
            step.with_previous += more.with_previous;
            step.with_first += more.with_first;
            step.journeys += more.journeys;
            step.entered += more.entered;
            step.lost += more.lost;
            step.open += more.open;
            add(&mut step.from_previous, &more.from_previous);
            add(&mut step.from_first, &more.from_first);
        }
    }

    /// The same counts, the times kept in another way.
    pub(crate) fn map<U>(self, mut keep: impl FnMut(T) -> U) -> Tally<U> {
        let steps = self.steps.into_iter().map(|step| {
            let StepTally { reached, with_previous, with_first, journeys, entered, lost, open, .. } = step;
            let (from_previous, from_first) = (keep(step.from_previous), keep(step.from_first));
            StepTally { reached, with_previous, with_first, journeys, entered, lost, open, from_previous, from_first }
        });
        let Self { journeys, entered, excluded, open_journeys, .. } = self;
        Tally { journeys, entered, excluded, open_journeys, steps: steps.collect() }
    }

    /// How many reached the last step, of how many at the first.
    fn conversion(&self) -> (u64, u64) {
        (self.steps.last().map_or(0, |step| step.with_first), self.steps.first().map_or(0, |step| step.reached))
    }

    /// The figures of the group; `valued` is the conversion of all groups that have a value.
    fn group(
        mut self,
        plan: &Plan<'_>,
        value: Option<String>,
        (all, all_of): (u64, u64),
        confidence: f64,
    ) -> FunnelGroup
    where
        T: Times,
    {
        let t = |freedom| stats::t_quantile(confidence, stats::float(freedom));
        let (n, of) = self.conversion();
        let reached: Vec<u64> = self.steps.iter().map(|step| step.reached).collect();
        let conversion = Share::new(n, of, confidence);
        let is_tested = value.is_some() && plan.policy.counting == FunnelCounting::Customers;
        let rest = is_tested.then(|| Share::new(all - n, all_of - of, confidence));
        let steps = self.steps.iter_mut().zip(&plan.names).enumerate().map(|(place, (step, name))| {
            let before = plan.step_before(place).and_then(|before| reached.get(before));
            FunnelStepResult {
                name: name.clone(),
                optional: plan.is_optional(place),
                reached: step.reached,
                conversion: before.map(|before| Share::new(step.with_previous, *before, confidence)),
                overall: Share::new(step.with_first, of, confidence),
                journeys: Share::new(step.journeys, self.journeys, confidence),
                entered: step.entered,
                lost: step.lost,
                open: step.open,
                from_previous: step.from_previous.stats(t),
                from_first: step.from_first.stats(t),
            }
        });
        FunnelGroup {
            value,
            journeys: self.journeys,
            entered: self.entered,
            excluded: self.excluded,
            open_journeys: self.open_journeys,
            steps: steps.collect(),
            difference: rest.as_ref().map(|rest| ShareDifference::new(rest, &conversion)),
            conversion,
            rest,
            p_adjusted: None,
            significant: None,
        }
    }
}

/// Adjusts the p-values of the groups for their number.
fn judge(groups: &mut [FunnelGroup], false_discovery_rate: f64) {
    let p_values: Vec<Option<f64>> = groups.iter().map(|group| group.difference.as_ref()?.p_value).collect();
    for (group, verdict) in groups.iter_mut().zip(stats::judge(&p_values, false_discovery_rate)) {
        group.p_adjusted = verdict.p_adjusted;
        group.significant = verdict.significant;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{FunnelEntry, FunnelExclusion, FunnelExclusionScope, FunnelOrder, FunnelPreset, FunnelTies};
    use crate::{Duration, Event, Timestamp};

    /// A log of journeys such as `A B C`, an event a minute.
    fn paths(journeys: &[&str]) -> EventLog {
        let mut log = EventLog::builder();
        for (number, path) in journeys.iter().enumerate() {
            for (minute, touchpoint) in (0..).zip(path.split(' ')) {
                let time = Timestamp::from_micros(minute * 60_000_000).unwrap();
                log = log.event(Event::new(&format!("j{number}"), touchpoint, time));
            }
        }
        log.build().unwrap()
    }

    fn reached(log: &EventLog, steps: &[&str], options: &FunnelOptions) -> Vec<u64> {
        funnel(log, steps, options).unwrap().steps.iter().map(|step| step.reached).collect()
    }

    #[test]
    fn mixpanel_s_own_example_separates_the_first_entry_from_the_best() {
        // A 13:00, A 13:30, B 13:45, C 14:15, within an hour; here a minute is a quarter of an hour.
        let log = paths(&["A x A B x C"]);
        let window = Some(Duration::from_micros(4 * 60_000_000));
        let first = FunnelOptions { preset: Some(FunnelPreset::Mixpanel), window, ..FunnelOptions::default() };
        assert_eq!(reached(&log, &["A", "B", "C"], &first), [1, 1, 0]);
        let best = FunnelOptions { window, ..FunnelOptions::default() };
        assert_eq!(reached(&log, &["A", "B", "C"], &best), [1, 1, 1]);
    }

    #[test]
    fn a_strict_order_allows_no_detour() {
        let strict = FunnelOptions { order: Some(FunnelOrder::Strict), ..FunnelOptions::default() };
        assert_eq!(reached(&paths(&["A B D C"]), &["A", "B", "C"], &strict), [1, 1, 0]);
        assert_eq!(reached(&paths(&["A B D A B C"]), &["A", "B", "C"], &strict), [1, 1, 1], "but a second attempt");
        let first = FunnelOptions { entry: Some(FunnelEntry::FirstEntry), ..strict };
        assert_eq!(reached(&paths(&["A B D A B C"]), &["A", "B", "C"], &first), [1, 1, 0]);
    }

    #[test]
    fn the_funnel_of_the_methods() {
        let log = paths(&[
            "home catalog cart purchase",
            "home search cart purchase",
            "home catalog cart",
            "home catalog cart",
            "home search catalog",
        ]);
        let report = funnel(&log, ["home", "cart", "purchase"], &FunnelOptions::default()).unwrap();
        let of = |step: &FunnelStepResult| (step.reached, step.lost, step.conversion.as_ref().map(|share| share.of));
        assert_eq!(report.steps.iter().map(of).collect::<Vec<_>>(), [(5, 1, None), (4, 2, Some(5)), (2, 0, Some(4))]);
        assert_eq!((report.conversion.n, report.conversion.of), (2, 5));
        assert_eq!(report.steps[1].from_first.as_ref().unwrap().median_seconds, 120.0);
    }

    #[test]
    fn an_exclusion_ends_the_attempt_or_leaves_the_customer_out() {
        let log = paths(&["A X B", "A X A B", "A B", "B"]);
        let excluding = |scope| {
            let exclusion = FunnelExclusion { touchpoints: vec!["X".into()], scope: Some(scope), ..Default::default() };
            funnel(&log, ["A", "B"], &FunnelOptions { exclusions: vec![exclusion], ..Default::default() }).unwrap()
        };
        let attempt = excluding(FunnelExclusionScope::Attempt);
        assert_eq!((attempt.steps[0].reached, attempt.steps[1].reached, attempt.excluded), (3, 2, 0));
        let customer = excluding(FunnelExclusionScope::Customer);
        assert_eq!((customer.steps[0].reached, customer.steps[1].reached, customer.excluded), (2, 2, 1));
    }

    #[test]
    fn the_definition_of_the_benchmark_can_be_said() {
        // The first entry, each step the first one strictly after the step before, within 7 days of the entry.
        let options = FunnelOptions {
            entry: Some(FunnelEntry::FirstEntry),
            ties: Some(FunnelTies::StrictlyLater),
            window: Some("7d".parse().unwrap()),
            ..FunnelOptions::default()
        };
        assert_eq!(reached(&paths(&["A A B C", "B A C B"]), &["A", "B", "C"], &options), [2, 2, 1]);
    }
}
