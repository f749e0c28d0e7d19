//! What each journey does again at a touchpoint: what `rework` folds, touchpoint by touchpoint.

use super::counts::Histogram;
use crate::log::{Journey, LogNames};

/// Visits after the first, for every touchpoint.
pub(super) struct Revisits {
    /// By the code of the touchpoint.
    touchpoints: Vec<Again>,
    /// Visits of the journey at hand, by the code of the touchpoint; without any between journeys.
    open: Vec<Open>,
    visited: Vec<u32>,
    /// Events of rework in each journey.
    pub(super) per_journey: Histogram,
    pub(super) journeys_with_rework: u64,
}

/// What all journeys did at a touchpoint.
#[derive(Clone, Default)]
pub(super) struct Again {
    pub(super) events: u64,
    pub(super) journeys: u64,
    /// Journeys that came again.
    pub(super) returned: u64,
    pub(super) self_loops: u64,
    pub(super) self_loop_events: u64,
    pub(super) repetitions: u64,
    pub(super) repeats: u64,
    pub(super) redos: u64,
    pub(super) redo_journeys: u64,
    /// The least distance between two visits, of each journey that came again.
    pub(super) distances: Histogram,
    /// From the first visit to the last, of each journey that came again, if events have times.
    pub(super) micros: Vec<i64>,
}

/// What the journey at hand has done at a touchpoint so far.
#[derive(Clone, Copy, Default)]
struct Open {
    visits: u64,
    first: Option<i64>,
    last: Option<i64>,
    last_place: usize,
    /// Between two visits so far, if there are two.
    least_distance: u64,
    /// The channel of the first visit.
    channel: Option<u32>,
    in_loop: bool,
    redone: bool,
}

impl Revisits {
    pub(super) fn new(names: &LogNames) -> Self {
        let touchpoints = names.touchpoints.len();
        Self {
            touchpoints: vec![Again::default(); touchpoints],
            open: vec![Open::default(); touchpoints],
            visited: Vec::new(),
            per_journey: Histogram::default(),
            journeys_with_rework: 0,
        }
    }

    pub(super) fn journey(&mut self, journey: Journey<'_>) {
        let events = journey.touchpoints().iter().zip(journey.each_time()).zip(journey.channels());
        for (place, ((touchpoint, time), channel)) in events.enumerate() {
            let code = *touchpoint as usize;
            let (Some(open), Some(again)) = (self.open.get_mut(code), self.touchpoints.get_mut(code)) else { continue };
            if open.visits == 0 {
                self.visited.push(*touchpoint);
                *open = Open { first: time, least_distance: u64::MAX, channel, ..Open::default() };
            } else {
                let distance = place - open.last_place - 1;
                open.again(again, distance as u64, channel);
            }
            open.visits += 1;
            open.last = time;
            open.last_place = place;
        }
        let rework = (journey.len() - self.visited.len()) as u64;
        self.per_journey.add(rework);
        self.journeys_with_rework += u64::from(rework > 0);
        for code in self.visited.drain(..) {
            if let (Some(open), Some(again)) =
                (self.open.get_mut(code as usize), self.touchpoints.get_mut(code as usize))
            {
                again.close(&std::mem::take(open));
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (mine, more) in self.touchpoints.iter_mut().zip(other.touchpoints) {
            mine.merge(more);
        }
        self.per_journey.merge(other.per_journey);
        self.journeys_with_rework += other.journeys_with_rework;
    }

    /// Visited touchpoints with their codes, by name.
    pub(super) fn into_visited(self) -> impl Iterator<Item = (u32, Again)> {
        (0..).zip(self.touchpoints).filter(|(_, again)| again.events > 0)
    }
}

impl Open {
    fn again(&mut self, again: &mut Again, distance: u64, channel: Option<u32>) {
        self.least_distance = self.least_distance.min(distance);
        if distance == 0 {
            again.self_loop_events += 1;
            again.self_loops += u64::from(!self.in_loop);
        } else {
            again.repetitions += 1;
        }
        self.in_loop = distance == 0;
        if let (Some(first), Some(now)) = (self.channel, channel) {
            again.repeats += u64::from(first == now);
            again.redos += u64::from(first != now);
            self.redone |= first != now;
        }
    }
}

impl Again {
    /// Takes in what a whole journey did here.
    fn close(&mut self, open: &Open) {
        self.events += open.visits;
        self.journeys += 1;
        self.redo_journeys += u64::from(open.redone);
        if open.visits > 1 {
            self.returned += 1;
            self.distances.add(open.least_distance);
            self.micros.extend(open.last.zip(open.first).map(|(last, first)| last - first));
        }
    }

    fn merge(&mut self, other: Self) {
        self.events += other.events;
        self.journeys += other.journeys;
        self.returned += other.returned;
        self.self_loops += other.self_loops;
        self.self_loop_events += other.self_loop_events;
        self.repetitions += other.repetitions;
        self.repeats += other.repeats;
        self.redos += other.redos;
        self.redo_journeys += other.redo_journeys;
        self.distances.merge(other.distances);
        self.micros.extend(other.micros);
    }
}
