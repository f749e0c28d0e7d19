//! The attempt that gets furthest, whatever event it begins at.
//!
//! All attempts are followed at once: at each step those that wait there, in the order in which they came. At an event
//! that fills a step, all that wait for it and may take it leave their queue; since they have the same time from there
//! on, only one goes on, the one that began last, which has the longest time left. This is the algorithm of ClickHouse's
//! `windowFunnel`, which keeps one start for each step; queues are needed where a gap may be too short for a late one.
//! Each attempt enters and leaves a queue once a step, so that the time is linear in the events.

use std::collections::VecDeque;

use super::moments::{Moment, each};
use super::options::FunnelExclusionScope;
use super::plan::Rules;

#[derive(Debug, Default)]
pub(super) struct BestEntry {
    levels: Vec<Level>,
    /// The events that attempts took, each with the one before.
    taken: Vec<Taken>,
    leader: Option<Leader>,
}

/// The attempts whose last step is the same.
#[derive(Debug, Default)]
struct Level {
    /// In the order of their starts, and of the times at which they took the step.
    waiting: VecDeque<Waiting>,
    /// How many of the first ones have been struck by an exclusion.
    struck: usize,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    /// The moment at which it began, and its time.
    began: usize,
    start: i64,
    /// When it took its last step, and its last one that is not optional.
    last: i64,
    required: i64,
    /// Where its last event stands in the list of events taken.
    taken: usize,
}

#[derive(Clone, Copy, Debug)]
struct Taken {
    time: i64,
    place: usize,
    before: Option<usize>,
}

/// The attempt that got furthest so far.
#[derive(Clone, Copy, Debug)]
struct Leader {
    attempt: Waiting,
    step: usize,
    struck: bool,
    /// Whether no other event has ended it.
    going: bool,
}

impl BestEntry {
    /// The moment at which the attempt that counts begins, and the step at which it enters.
    pub(super) fn find(&mut self, rules: &Rules, moments: &[Moment]) -> Option<(usize, usize)> {
        let mut best: Option<(Leader, usize)> = None;
        for entry in each(rules.entries).take_while(|entry| *entry <= rules.last) {
            self.run(rules, moments, entry);
            // Of attempts that get as far, the one that entered at the earliest step counts.
            let further = |leader: &Leader| {
                best.is_none_or(|(best, _)| {
                    leader.step > best.step || leader.step == best.step && best.struck && !leader.struck
                })
            };
            best = self.leader.filter(further).map(|leader| (leader, entry)).or(best);
        }
        best.map(|(leader, entry)| (leader.attempt.began, entry))
    }

    /// Follows all attempts that enter at a step.
    fn run(&mut self, rules: &Rules, moments: &[Moment], entry: usize) {
        self.levels.resize_with(rules.last + 1, Level::default);
        self.levels.iter_mut().for_each(Level::clear);
        self.taken.clear();
        self.leader = None;
        for (began, moment) in moments.iter().enumerate() {
            self.strike(rules, moment);
            for step in each(moment.steps).skip_while(|step| *step < entry) {
                if step == entry {
                    let taken = self.take(moment, None);
                    let time = moment.time;
                    self.arrive(rules, step, Waiting { began, start: time, last: time, required: time, taken }, false);
                } else if let Some((attempt, struck)) = self.leave(rules, step, moment) {
                    let taken = self.take(moment, Some(attempt.taken));
                    let required = if rules.is_required(step) { moment.time } else { attempt.required };
                    self.arrive(rules, step, Waiting { last: moment.time, required, taken, ..attempt }, struck);
                }
            }
            if rules.strict && !moment.loose && moment.whole {
                self.end_others(moment.place);
            }
            if self.leader.is_some_and(|leader| leader.step == rules.last && !leader.struck) {
                return;
            }
        }
    }

    fn take(&mut self, moment: &Moment, before: Option<usize>) -> usize {
        self.taken.push(Taken { time: moment.time, place: moment.place, before });
        self.taken.len() - 1
    }

    /// Lets the exclusions that a moment meets strike the attempts they concern.
    fn strike(&mut self, rules: &Rules, moment: &Moment) {
        for strike in rules.strikes(moment) {
            let concerned = self.levels.iter_mut().take(strike.before).skip(strike.after);
            match strike.scope {
                FunnelExclusionScope::Attempt => concerned.for_each(Level::clear),
                FunnelExclusionScope::Customer => {
                    concerned.for_each(|level| level.struck = level.waiting.len());
                    if let Some(leader) = &mut self.leader {
                        let Waiting { start, required, .. } = leader.attempt;
                        leader.struck |= leader.going
                            && (strike.after..strike.before).contains(&leader.step)
                            && !rules.is_over(leader.step, start, required, moment.time);
                    }
                }
            }
        }
    }

    /// Takes out the attempts that may take a step now, and hands over the one that goes on, and whether it is struck.
    fn leave(&mut self, rules: &Rules, step: usize, moment: &Moment) -> Option<(Waiting, bool)> {
        let Self { levels, taken, .. } = self;
        let mut chosen: Option<(Waiting, bool)> = None;
        let before = rules.steps.get(step).map_or(0, |rule| rule.before);
        for (from, level) in levels.iter_mut().enumerate().take(step).skip(before) {
            let mut at = 0;
            while let Some(attempt) = level.waiting.get(at).copied() {
                if rules.is_over(from, attempt.start, attempt.required, moment.time) {
                    level.remove(at);
                } else if rules.is_early(step, attempt.last, attempt.required, moment.time) {
                    // Those behind it came later.
                    break;
                } else if rules.fills_once() && has_used(taken, attempt.taken, moment) {
                    at += 1;
                } else {
                    let struck = level.remove(at);
                    let better = chosen.is_none_or(|(other, other_struck)| {
                        (struck, std::cmp::Reverse(attempt.began)) < (other_struck, std::cmp::Reverse(other.began))
                    });
                    chosen = if better { Some((attempt, struck)) } else { chosen };
                }
            }
        }
        chosen
    }

    /// Lets an attempt wait after a step it took; one that is struck goes no further.
    fn arrive(&mut self, rules: &Rules, step: usize, attempt: Waiting, struck: bool) {
        if !struck
            && step < rules.last
            && let Some(level) = self.levels.get_mut(step)
        {
            level.waiting.push_back(attempt);
        }
        let leads =
            self.leader.is_none_or(|leader| step > leader.step || step == leader.step && leader.struck && !struck);
        if leads {
            self.leader = Some(Leader { attempt, step, struck, going: !struck });
        }
    }

    /// Ends, in a strict order, all attempts that did not take this event.
    fn end_others(&mut self, place: usize) {
        let Self { levels, taken, leader } = self;
        let took = |attempt: &Waiting| taken.get(attempt.taken).is_some_and(|taken| taken.place == place);
        for level in levels {
            level.waiting.retain(|attempt| took(attempt));
            level.struck = 0;
        }
        if let Some(leader) = leader {
            leader.going &= took(&leader.attempt);
        }
    }
}

impl Level {
    fn clear(&mut self) {
        self.waiting.clear();
        self.struck = 0;
    }

    /// Takes out an attempt; whether it was struck.
    fn remove(&mut self, at: usize) -> bool {
        let struck = at < self.struck;
        self.struck -= usize::from(struck);
        self.waiting.remove(at);
        struck
    }
}

/// Whether an attempt took this event for a step before.
fn has_used(taken: &[Taken], last: usize, moment: &Moment) -> bool {
    let mut at = Some(last);
    while let Some(event) = at.and_then(|at| taken.get(at)).filter(|event| event.time == moment.time) {
        if event.place == moment.place {
            return true;
        }
        at = event.before;
    }
    false
}
