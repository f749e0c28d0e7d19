//! The events of a journey as an attempt sees them: only those that matter, and ties as the policy has them.

use super::options::{FunnelOrder, FunnelReuse, FunnelTies};
use super::policy::Policy;
use super::steps::{Meeting, Met};
use crate::log::Journey;

/// What an event may do at its place; an event that may fill several steps one after the other has a moment for each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    /// Microseconds, rounded where the policy says so; of an event without a time its place, which is as good an order
    /// as any where no policy asks for times.
    pub(super) time: i64,
    /// The place of the event in its journey.
    pub(super) place: usize,
    pub(super) steps: u32,
    pub(super) exclusions: u32,
    /// It is one of several different events of one instant, so that strictness does not ask for it.
    pub(super) loose: bool,
    /// It is the last moment of its event.
    pub(super) whole: bool,
}

/// The steps of a set, from the first on.
pub(super) fn each(mut steps: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let step = (steps != 0).then(|| steps.trailing_zeros())?;
        steps &= steps - 1;
        Some(step as usize)
    })
}

/// Writes the moments of a journey into a buffer.
pub(super) fn write(moments: &mut Vec<Moment>, journey: Journey<'_>, meeting: &Meeting<'_>, policy: &Policy) {
    moments.clear();
    let any_order = policy.order == FunnelOrder::AnyOrder;
    let rounded = policy.ties == FunnelTies::SameSecond && !any_order;
    let by_step = (rounded || policy.ties == FunnelTies::ByStep) && !any_order;
    let reuse = policy.reuse == FunnelReuse::Always && !any_order;
    let all = policy.order == FunnelOrder::Strict;
    let times = journey.times();
    for (place, touchpoint) in journey.touchpoints().iter().enumerate() {
        let Met { steps, exclusions } = meeting.of(journey, place, *touchpoint);
        if steps == 0 && exclusions == 0 && !all {
            continue;
        }
        // A journey has at most as many events as a `u32` counts.
        let time = times.and_then(|times| times.get(place)).copied().or_else(|| i64::try_from(place).ok());
        let time = time.unwrap_or_default();
        let time = if rounded { nearest_second(time) } else { time };
        if by_step && moments.last().is_some_and(|last| last.time == time) {
            // What stands there already may have to be taken apart, so ties are put in order when they are complete.
            moments.push(Moment { time, place, steps, exclusions, loose: true, whole: true });
            continue;
        }
        if by_step {
            order_last_instant(moments, reuse);
        }
        moments.push(Moment { time, place, steps, exclusions, loose: false, whole: true });
        if reuse && !by_step {
            take_apart_last(moments);
        }
    }
    if by_step {
        order_last_instant(moments, reuse);
    }
}

/// To the nearest second, halves upwards.
fn nearest_second(micros: i64) -> i64 {
    const SECOND: i64 = 1_000_000;
    (micros + SECOND / 2).div_euclid(SECOND) * SECOND
}

/// Puts the events of the last instant, which stand there as they came, in the order of the steps.
fn order_last_instant(moments: &mut Vec<Moment>, reuse: bool) {
    let tied = moments.iter().rev().take_while(|moment| moment.loose).count();
    let begin = moments.len().saturating_sub(tied + 1);
    let Some(first) = moments.get(begin).copied() else { return };
    let instant: Vec<Moment> = if tied == 0 && !reuse { return } else { moments.drain(begin..).collect() };
    let alike = instant.iter().all(|moment| (moment.steps, moment.exclusions) == (first.steps, first.exclusions));
    if alike {
        for moment in instant {
            moments.push(Moment { loose: false, ..moment });
            if reuse {
                take_apart_last(moments);
            }
        }
        return;
    }
    for moment in instant {
        moments.extend(each(moment.steps).map(|step| Moment {
            steps: 1 << step,
            exclusions: 0,
            loose: true,
            ..moment
        }));
    }
    if let Some(instant) = moments.get_mut(begin..) {
        instant.sort_by_key(|moment| (moment.steps, moment.place));
    }
}

/// Makes a moment for each step of the last event.
fn take_apart_last(moments: &mut Vec<Moment>) {
    let Some(event) = moments.pop_if(|event| event.steps.count_ones() > 1) else { return };
    let (first, last) = (event.steps.trailing_zeros() as usize, event.steps.ilog2() as usize);
    moments.extend(each(event.steps).map(|step| Moment {
        steps: 1 << step,
        exclusions: if step == first { event.exclusions } else { 0 },
        whole: step == last,
        ..event
    }));
}
