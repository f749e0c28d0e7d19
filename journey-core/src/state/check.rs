//! What holds in every state: bytes of strangers are held to it, so that no sum, share or report of theirs can go wrong.

use super::sketch::{Precision, Spread};
use super::tables::{MOST_EVENTS, Tables};
use crate::analysis::{FunnelPlan, FunnelTally};
use crate::time::Timestamp;

/// What does not fit together in tables of so many steps and of the funnel of this plan; `None` if all does.
pub(super) fn broken(
    tables: &Tables,
    steps: u64,
    plan: Option<&FunnelPlan<'_>>,
    precision: Precision,
) -> Option<&'static str> {
    let rules: [(bool, &str); 7] = [
        (names(tables), "names"),
        (totals(tables), "totals"),
        (touchpoints(tables), "touchpoints"),
        (transitions(tables, precision), "transitions"),
        (tables.throughput.n() == tables.journeys && tables.throughput.is_sound(precision), "throughput times"),
        (columns(tables, steps), "steps"),
        (funnel(tables, plan, precision), "funnel"),
    ];
    rules.into_iter().find(|(holds, _)| !holds).map(|(_, what)| what)
}

/// Sums of counts, none of which fits more than 64 bits, fit.
fn sum(counts: impl Iterator<Item = u64>) -> u128 {
    counts.map(u128::from).sum()
}

fn names(tables: &Tables) -> bool {
    let in_order = |names: &[String]| names.is_sorted_by(|a, b| a < b);
    in_order(&tables.touchpoints)
        && in_order(&tables.channels)
        && in_order(&tables.attributes)
        && tables.touchpoints.first().is_none_or(|name| !name.is_empty())
        && tables.at.len() == tables.touchpoints.len()
        && tables.on.len() == tables.channels.len()
}

fn totals(tables: &Tables) -> bool {
    let &Tables { journeys, events, single, tied, scored, converted, span, .. } = tables;
    let times = Timestamp::MIN.micros()..=Timestamp::MAX.micros();
    events <= MOST_EVENTS
        && journeys <= events
        && (journeys > 0) == (events > 0)
        && single <= journeys
        && converted <= journeys
        && tied <= events
        && scored <= events
        && span.is_some() == (events > 0)
        && span.is_none_or(|(first, last)| first <= last && times.contains(&first) && times.contains(&last))
        && tables.on.iter().all(|count| *count > 0)
        && sum(tables.on.iter().copied()) <= u128::from(events)
}

fn touchpoints(tables: &Tables) -> bool {
    let all = &tables.at;
    let each = all.iter().all(|at| {
        at.events > 0
            && at.events <= tables.events
            && at.journeys <= at.events.min(tables.journeys)
            && at.starts.max(at.ends) <= at.journeys
            && at.dropped <= at.ends
            && at.after <= at.events - at.dropped
            && at.scores.n() <= 2 * at.events
            && at.scores.is_sound()
    });
    let journeys = u128::from(tables.journeys);
    each && sum(all.iter().map(|at| at.events)) == u128::from(tables.events)
        && sum(all.iter().map(|at| at.starts)) == journeys
        && sum(all.iter().map(|at| at.ends)) == journeys
        && sum(all.iter().map(|at| at.dropped)) + u128::from(tables.converted) == journeys
}

/// What goes into a touchpoint is what happens there, and so is what goes out.
fn transitions(tables: &Tables, precision: Precision) -> bool {
    let mut out: Vec<u128> = tables.at.iter().map(|at| at.ends.into()).collect();
    let mut into: Vec<u128> = tables.at.iter().map(|at| at.starts.into()).collect();
    for between in &tables.transitions {
        let (from, to) = (between.source as usize, between.target as usize);
        let (Some(source), Some(target)) = (tables.at.get(from), tables.at.get(to)) else { return false };
        let journeys = 1..=between.times.n().min(source.journeys).min(target.journeys);
        if !journeys.contains(&between.journeys) || !between.times.is_sound(precision) {
            return false;
        }
        out.get_mut(from).into_iter().for_each(|sum| *sum += u128::from(between.times.n()));
        into.get_mut(to).into_iter().for_each(|sum| *sum += u128::from(between.times.n()));
    }
    let flows = |sums: &[u128]| sums.iter().zip(&tables.at).all(|(sum, at)| *sum == u128::from(at.events));
    tables.transitions.is_sorted_by(|a, b| (a.source, a.target) < (b.source, b.target)) && flows(&out) && flows(&into)
}

/// A journey that is somewhere at a step was somewhere at the step before.
fn columns(tables: &Tables, steps: u64) -> bool {
    let in_order = tables.steps.is_sorted_by(|a, b| (a.step, a.touchpoint) < (b.step, b.touchpoint));
    let each = tables.steps.iter().all(|cell| {
        let at = tables.at.get(cell.touchpoint as usize);
        u64::from(cell.step) < steps && cell.count > 0 && at.is_some_and(|at| cell.count <= at.events)
    });
    let mut before = u128::from(tables.journeys);
    let mut columns = tables.steps.chunk_by(|a, b| a.step == b.step).zip(0..);
    let falling = columns.all(|(column, step)| {
        let journeys = sum(column.iter().map(|cell| cell.count));
        let holds = column.first().is_some_and(|cell| cell.step == step)
            && journeys <= before
            && (step > 0 || journeys == before);
        before = journeys;
        holds
    });
    in_order && each && falling && (steps == 0 || tables.journeys == 0 || !tables.steps.is_empty())
}

fn funnel(tables: &Tables, plan: Option<&FunnelPlan<'_>>, precision: Precision) -> bool {
    let (Some(plan), Some(tally)) = (plan, &tables.funnel) else { return plan.is_none() && tables.funnel.is_none() };
    let FunnelTally { journeys, entered, excluded, open_journeys, steps } = tally;
    let first = steps.first().map_or(0, |step| step.reached);
    let each = steps.iter().enumerate().all(|(place, step)| {
        let before = plan.step_before(place).and_then(|before| steps.get(before)).map_or(0, |before| before.reached);
        let timed = |times: &Spread, n: u64| times.is_sound(precision) && times.n() == if place == 0 { 0 } else { n };
        step.reached <= *entered
            && step.journeys <= tables.journeys
            && step.with_first <= step.reached.min(first)
            && step.with_previous <= step.reached.min(before)
            && step.entered.max(step.lost).max(step.open) <= step.reached
            && timed(&step.from_previous, step.with_previous)
            && timed(&step.from_first, step.with_first)
    });
    each && steps.len() == plan.names.len()
        && *journeys == tables.journeys
        && *entered <= tables.events
        && (*excluded).max(*open_journeys) <= *journeys
}
