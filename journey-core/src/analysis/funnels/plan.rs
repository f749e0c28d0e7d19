//! A policy made ready for a log, and the attempts of a journey by it.

use super::any_order::{self, Filling};
use super::best_entry::BestEntry;
use super::moments::{self, Moment, each};
use super::options::{
    FunnelCounting, FunnelEntry, FunnelExclusionScope, FunnelOpenEntry, FunnelOrder, FunnelReuse, FunnelTies,
};
use super::policy::{Policy, called};
use super::steps::{FunnelStep, Meeting};
use crate::duration::Duration;
use crate::error::Result;
use crate::log::{EventLog, Journey};

/// A policy made ready for a log.
pub(crate) struct Plan<'a> {
    pub(crate) policy: Policy,
    /// What each step is called.
    pub(crate) names: Vec<String>,
    meeting: Meeting<'a>,
    rules: Rules,
    /// Whether events have times, and not only an order.
    timed: bool,
}

/// A step that an attempt took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    /// The place of the step.
    pub(crate) step: usize,
    /// The place of the event in its journey.
    pub(crate) place: usize,
    /// The time of its [`Moment`].
    pub(super) time: i64,
}

/// An attempt that counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted<'a> {
    /// The steps it took, in order; in any order the first, the second and so on.
    pub(crate) visits: &'a [Visit],
    /// Whether an exclusion leaves the customer out.
    pub(crate) excluded: bool,
    /// Whether nothing has ended it by the end of the journey.
    pub(crate) going: bool,
}

/// Buffers that journeys share.
#[derive(Default)]
pub(crate) struct Scratch {
    moments: Vec<Moment>,
    visits: Vec<Visit>,
    filling: Filling,
    best: BestEntry,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Walked {
    /// The first moment that is no longer the attempt's.
    pub(super) end: usize,
    pub(super) struck: bool,
    /// Nothing ended it but the end of the journey.
    pub(super) going: bool,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(log: &'a EventLog, steps: &[FunnelStep], policy: Policy) -> Result<Self> {
        Self::with(log, steps, policy, false)
    }

    /// As [`new`](Self::new), but names that the log does not have are no error: no event meets them.
    pub(crate) fn lenient(log: &'a EventLog, steps: &[FunnelStep], policy: Policy) -> Result<Self> {
        Self::with(log, steps, policy, true)
    }

    fn with(log: &'a EventLog, steps: &[FunnelStep], policy: Policy, lenient: bool) -> Result<Self> {
        let names = match policy.order {
            FunnelOrder::AnyOrder => (1..=steps.len()).map(|k| format!("any {k} of {}", steps.len())).collect(),
            _ => called(steps),
        };
        if !log.has_times() {
            policy.check_without_times(steps)?;
        }
        let meeting = Meeting::new(log, steps, &policy, lenient)?;
        let rules = Rules::new(steps, &policy);
        Ok(Self { policy, names, meeting, rules, timed: log.has_times() })
    }

    /// Whether a step may be left out.
    pub(crate) fn is_optional(&self, step: usize) -> bool {
        self.rules.steps.get(step).is_some_and(|rule| rule.optional)
    }

    /// The step before, optional ones not counted; `None` for the first.
    pub(crate) fn step_before(&self, step: usize) -> Option<usize> {
        self.rules.steps.get(step).filter(|_| step > 0).map(|rule| rule.before)
    }

    /// How many microseconds lie between two steps; `None` where events have no times.
    pub(crate) fn micros(&self, from: &Visit, to: &Visit) -> Option<i64> {
        self.timed.then(|| to.time - from.time)
    }

    /// Whether the attempt may still go on at this time, if nothing else happens until then.
    pub(crate) fn in_time(&self, visits: &[Visit], time: i64) -> bool {
        let rules = &self.rules;
        let (Some(first), Some(last)) = (visits.first(), visits.last()) else { return false };
        let is_required = |visit: &&Visit| visit.step == first.step || !self.is_optional(visit.step);
        let required = visits.iter().rev().find(is_required).unwrap_or(first).time;
        last.step < rules.last && !rules.is_over(last.step, first.time, required, time)
    }

    /// Hands over each attempt of a journey that counts: in the order of time, one at most where customers are counted.
    pub(crate) fn attempts(&self, journey: Journey<'_>, scratch: &mut Scratch, mut count: impl FnMut(Counted<'_>)) {
        let Scratch { moments, visits, filling, best } = scratch;
        moments::write(moments, journey, &self.meeting, &self.policy);
        let moments = moments.as_slice();
        let mut walk = |begin: usize, entry: usize| {
            let walked = match self.policy.order {
                FunnelOrder::AnyOrder => any_order::walk(&self.rules, moments, begin, visits, filling),
                _ => self.rules.walk(moments, begin, entry, visits),
            };
            count(Counted { visits: visits.as_slice(), excluded: walked.struck, going: walked.going });
            // An event that fills a step cannot begin the next attempt as well.
            let used = |moment: &Moment| visits.iter().any(|visit| visit.place == moment.place);
            walked.end + moments.iter().skip(walked.end).take_while(|moment| used(moment)).count()
        };
        if self.policy.entry == FunnelEntry::BestEntry {
            let begin = match self.policy.order {
                FunnelOrder::AnyOrder => any_order::best_entry(&self.rules, moments).map(|begin| (begin, 0)),
                _ => best.find(&self.rules, moments),
            };
            if let Some((begin, entry)) = begin {
                walk(begin, entry);
            }
            return;
        }
        let mut number = 0;
        while let Some(moment) = moments.get(number) {
            match each(moment.steps & self.rules.entries).next() {
                None => number += 1,
                Some(entry) => {
                    number = walk(number, entry);
                    if self.policy.counting == FunnelCounting::Customers {
                        return;
                    }
                }
            }
        }
    }
}

/// What an attempt may do, step by step.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) steps: Vec<Rule>,
    /// The place of the last step.
    pub(super) last: usize,
    /// The steps at which an attempt may begin.
    pub(super) entries: u32,
    pub(super) strict: bool,
    pub(super) window: i64,
    strictly_later: bool,
    once: bool,
    exclusions: Vec<Strike>,
}

#[derive(Debug)]
pub(super) struct Rule {
    optional: bool,
    /// The step before, optional ones not counted.
    pub(super) before: usize,
    /// The next step that is not optional.
    goal: usize,
    /// The steps that may be taken next.
    next: u32,
    min_gap: i64,
    max_gap: i64,
}

/// An exclusion: at which steps it strikes an attempt, and what then happens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strike {
    pub(super) after: usize,
    pub(super) before: usize,
    pub(super) scope: FunnelExclusionScope,
}

impl Rules {
    fn new(steps: &[FunnelStep], policy: &Policy) -> Self {
        let last = steps.len().saturating_sub(1);
        let micros = |length: Option<Duration>, none: i64| length.map_or(none, Duration::micros);
        let required = |step: &usize| steps.get(*step).is_some_and(|step| !step.optional);
        let rule = |(place, step): (usize, &FunnelStep)| {
            let goal = (place + 1..=last).find(required).unwrap_or(last);
            Rule {
                optional: step.optional,
                before: (0..place).rev().find(required).unwrap_or(0),
                goal,
                next: (place + 1..=goal).fold(0, |steps, step| steps | 1 << step),
                min_gap: micros(step.min_gap, 0),
                max_gap: micros(step.max_gap, i64::MAX),
            }
        };
        let everywhere = policy.open_entry == FunnelOpenEntry::Open || policy.order == FunnelOrder::AnyOrder;
        let strike = |exclusion: &super::policy::Exclusion| {
            let (after, before) = exclusion.between.unwrap_or((0, last));
            Strike { after, before, scope: exclusion.scope }
        };
        Self {
            steps: steps.iter().enumerate().map(rule).collect(),
            last,
            entries: if everywhere { u32::MAX } else { 1 },
            strict: policy.order == FunnelOrder::Strict,
            window: micros(policy.window, i64::MAX),
            strictly_later: policy.ties == FunnelTies::StrictlyLater,
            once: policy.reuse == FunnelReuse::Never,
            exclusions: policy.exclusions.iter().map(strike).collect(),
        }
    }

    /// Whether an attempt that last took this step can take no other any more at this time.
    pub(super) fn is_over(&self, step: usize, start: i64, required: i64, time: i64) -> bool {
        let goal = self.steps.get(step).and_then(|rule| self.steps.get(rule.goal));
        time - start > self.window || goal.is_some_and(|goal| time - required > goal.max_gap)
    }

    /// Whether it is too early for this step, as far as times tell.
    pub(super) fn is_early(&self, step: usize, last: i64, required: i64, time: i64) -> bool {
        let min_gap = self.steps.get(step).map_or(0, |rule| rule.min_gap);
        time - required < min_gap || self.strictly_later && time <= last
    }

    /// Whether an event may fill one step only, so that an attempt has to be asked whether it has used this one.
    pub(super) fn fills_once(&self) -> bool {
        self.once
    }

    /// Whether a step is not optional.
    pub(super) fn is_required(&self, step: usize) -> bool {
        self.steps.get(step).is_some_and(|rule| !rule.optional)
    }

    /// The exclusions that a moment meets.
    pub(super) fn strikes(&self, moment: &Moment) -> impl Iterator<Item = Strike> {
        each(moment.exclusions).filter_map(|exclusion| self.exclusions.get(exclusion).copied())
    }

    /// Walks an attempt from the moment at which it begins to its end, and writes down the steps it takes.
    fn walk(&self, moments: &[Moment], begin: usize, entry: usize, visits: &mut Vec<Visit>) -> Walked {
        visits.clear();
        let Some(first) = moments.get(begin) else { return Walked { end: begin, struck: false, going: false } };
        visits.push(Visit { step: entry, place: first.place, time: first.time });
        let (mut step, mut last, mut required) = (entry, first, first.time);
        let mut struck = false;
        let ended = |end, struck| Walked { end, struck, going: false };
        if step == self.last {
            return ended(begin + 1, false);
        }
        for (number, moment) in moments.iter().enumerate().skip(begin + 1) {
            if self.is_over(step, first.time, required, moment.time) {
                return ended(number, struck);
            }
            for strike in self.strikes(moment).filter(|strike| (strike.after..strike.before).contains(&step)) {
                match strike.scope {
                    FunnelExclusionScope::Attempt => return ended(number, struck),
                    FunnelExclusionScope::Customer => struck = true,
                }
            }
            let used = self.once && visits.iter().rev().any(|visit| visit.place == moment.place);
            let next = self.steps.get(step).map_or(0, |rule| rule.next & moment.steps);
            match each(next).find(|next| !used && !self.is_early(*next, last.time, required, moment.time)) {
                Some(next) => {
                    visits.push(Visit { step: next, place: moment.place, time: moment.time });
                    (step, last) = (next, moment);
                    if self.is_required(step) {
                        required = moment.time;
                    }
                    if step == self.last || struck {
                        return ended(number + 1, struck);
                    }
                }
                None if self.strict && !moment.loose && moment.whole && last.place != moment.place => {
                    return ended(number, struck);
                }
                None => {}
            }
        }
        Walked { end: moments.len(), struck, going: !struck }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::{FunnelExclusion, FunnelOptions};

    /// What the moments of a random journey may look like: time, steps, exclusions.
    fn moments() -> impl Strategy<Value = Vec<Moment>> {
        prop::collection::vec((0..4i64, 0..16u32, prop::bool::weighted(0.15), any::<bool>()), 0..14).prop_map(|rows| {
            let mut time = 0;
            let moment = |(place, (step, steps, excluded, one)): (usize, (i64, u32, bool, bool))| {
                time += step;
                let steps = if one { 1 << (steps % 4) } else { steps };
                Moment { time, place, steps, exclusions: u32::from(excluded), loose: false, whole: true }
            };
            rows.into_iter().enumerate().map(moment).collect()
        })
    }

    /// The steps of the attempt that counts, found by walking from every entry; no steps if the customer is left out.
    fn by_walking(rules: &Rules, moments: &[Moment], entry: usize) -> Option<Vec<Visit>> {
        let mut tried = Vec::new();
        for (begin, moment) in moments.iter().enumerate().filter(|(_, moment)| moment.steps >> entry & 1 == 1) {
            let mut visits = Vec::new();
            let walked = rules.walk(moments, begin, entry, &mut visits);
            tried.push((walked, visits, moment.place));
        }
        let rank = |(walked, visits, began): &(Walked, Vec<Visit>, usize), visit: &Visit| {
            // A strike that comes after the last step does not end the attempt at once.
            let took_it_struck = walked.struck && visits.last() == Some(visit) && walked.end == visit.place + 1;
            (took_it_struck, std::cmp::Reverse(*began))
        };
        let goes_on = |one: &(Walked, Vec<Visit>, usize)| {
            !tried
                .iter()
                .any(|other| other.1.iter().any(|visit| one.1.contains(visit) && rank(other, visit) < rank(one, visit)))
        };
        let best = tried.iter().filter(|one| goes_on(one)).min_by_key(|(walked, visits, began)| {
            let last = visits.last().unwrap();
            (std::cmp::Reverse(last.step), walked.struck, last.place, std::cmp::Reverse(*began))
        });
        best.map(|(walked, visits, _)| if walked.struck { Vec::new() } else { visits.clone() })
    }

    proptest! {
        #[test]
        fn queues_find_the_entry_that_walking_from_each_entry_finds(
            moments in moments(),
            strict in any::<bool>(),
            strictly_later in any::<bool>(),
            always in any::<bool>(),
            customer in any::<bool>(),
            window in prop::option::of(0..25i64),
            gaps in (0..4i64, 2..9i64, any::<bool>()),
            optional in any::<bool>(),
            entry in 0..4usize,
        ) {
            let length = |micros| Some(Duration::from_micros(micros));
            let mut steps: Vec<FunnelStep> = ["a", "b", "c", "d"].map(FunnelStep::from).into();
            steps[1].optional = optional;
            if gaps.2 {
                (steps[2].min_gap, steps[3].max_gap) = (length(gaps.0), length(gaps.1));
            }
            // Where an event may fill several steps, it has a moment for each.
            let one = |moment: &Moment| Moment { steps: moment.steps & moment.steps.wrapping_neg(), ..*moment };
            let moments: Vec<Moment> = if always { moments.iter().map(one).collect() } else { moments };
            let scope = if customer { FunnelExclusionScope::Customer } else { FunnelExclusionScope::Attempt };
            let exclusion = FunnelExclusion {
                touchpoints: vec!["x".into()],
                before: Some("c".into()),
                scope: Some(scope),
                ..FunnelExclusion::default()
            };
            let options = FunnelOptions {
                order: strict.then_some(FunnelOrder::Strict),
                ties: strictly_later.then_some(FunnelTies::StrictlyLater),
                window: window.map(Duration::from_micros),
                exclusions: vec![exclusion],
                ..FunnelOptions::default()
            };
            let mut rules = Rules::new(&steps, &Policy::new(&steps, &options).unwrap());
            rules.once = !always;
            rules.entries = 1 << entry;
            let expected = by_walking(&rules, &moments, entry);
            let found = BestEntry::default().find(&rules, &moments).map(|(begin, entry)| {
                let mut visits = Vec::new();
                let walked = rules.walk(&moments, begin, entry, &mut visits);
                if walked.struck { Vec::new() } else { visits }
            });
            prop_assert_eq!(found, expected);
        }
    }
}
