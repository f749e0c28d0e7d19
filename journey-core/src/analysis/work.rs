//! Events that take time: how long each is worked on, how long customers wait before it, how long nothing goes on at all.
//!
//! An event whose start is not known takes no time: it begins when it is complete, and has no service time.

use serde::{Deserialize, Serialize};

use super::calendar::Clock;
use super::stats::{TimeStats, time_stats};
use crate::log::Journey;

/// How long whole journeys take, and how much of that somebody is at work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JourneyTimes {
    /// From the first start in a journey to its last completion.
    pub throughput: TimeStats,
    /// The time of a journey while at least one of its events is going on; what overlaps counts once.
    pub processing: TimeStats,
    /// The time of a journey while none is: `throughput` less `processing`.
    pub idle: TimeStats,
}

/// What stands for "no service time", where the start of an event is not known.
const UNKNOWN: i64 = i64::MIN;

/// The times of every event, in the order of the events.
#[derive(Default)]
pub(super) struct Work {
    /// Of each event but the first of its journey, from the completion before until it began.
    pub(super) waiting: Vec<i64>,
    /// Of the same events, from start to completion.
    pub(super) service: Vec<i64>,
    /// Of the first event of each journey, if its start is known: touchpoint and service time.
    first_service: Vec<(u32, i64)>,
    throughput: Vec<i64>,
    idle: Vec<i64>,
    /// What is going on in a journey, from when to when; kept for its memory.
    spans: Vec<(i64, i64)>,
}

/// The times of some events; all of them in microseconds.
#[derive(Clone, Default)]
pub(super) struct WorkTimes {
    waiting: Vec<i64>,
    service: Vec<i64>,
    sojourn: Vec<i64>,
}

/// The figures of [`WorkTimes`].
#[derive(Default)]
pub(super) struct WorkStats {
    pub(super) waiting: Option<TimeStats>,
    pub(super) service: Option<TimeStats>,
    pub(super) sojourn: Option<TimeStats>,
}

impl Work {
    pub(super) fn journey(&mut self, journey: Journey<'_>, clock: &Clock) {
        self.spans.clear();
        let mut before: Option<i64> = None;
        let times = journey.times().unwrap_or_default();
        for ((touchpoint, time), start) in journey.touchpoints().iter().zip(times).zip(journey.starts()) {
            let (begin, end) = (clock.at(start.unwrap_or(*time)), clock.at(*time));
            let service = start.map_or(UNKNOWN, |_| end - begin);
            match before {
                Some(before) => {
                    self.waiting.push((begin - before).max(0));
                    self.service.push(service);
                }
                None if start.is_some() => self.first_service.push((*touchpoint, service)),
                None => {}
            }
            before = Some(end);
            self.spans.push((begin, end));
        }
        self.spans.sort_unstable();
        if let Some((first, _)) = self.spans.first() {
            let (mut idle, mut busy_until) = (0, *first);
            for (begin, end) in &self.spans {
                idle += (begin - busy_until).max(0);
                busy_until = busy_until.max(*end);
            }
            self.throughput.push(busy_until - first);
            self.idle.push(idle);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.waiting.extend(other.waiting);
        self.service.extend(other.service);
        self.first_service.extend(other.first_service);
        self.throughput.extend(other.throughput);
        self.idle.extend(other.idle);
    }

    pub(super) fn journey_times(&mut self, confidence: f64) -> Option<JourneyTimes> {
        let mut processing: Vec<i64> = self.throughput.iter().zip(&self.idle).map(|(all, idle)| all - idle).collect();
        Some(JourneyTimes {
            throughput: time_stats(&mut self.throughput, confidence)?,
            processing: time_stats(&mut processing, confidence)?,
            idle: time_stats(&mut self.idle, confidence)?,
        })
    }

    /// The service times of first events, by their touchpoint's code.
    pub(super) fn add_first_services(&self, at: &mut [WorkTimes]) {
        for (touchpoint, service) in &self.first_service {
            at.get_mut(*touchpoint as usize).into_iter().for_each(|times| times.service.push(*service));
        }
    }
}

impl WorkTimes {
    /// Events that were waited for: how long, and their service times.
    pub(super) fn add(&mut self, waiting: &[i64], service: &[i64]) {
        for (waiting, service) in waiting.iter().zip(service) {
            self.waiting.push(*waiting);
            self.sojourn.push(if *service == UNKNOWN { *waiting } else { waiting + service });
            self.service.extend(Some(*service).filter(|service| *service != UNKNOWN));
        }
    }

    pub(super) fn waited(&self) -> i128 {
        self.waiting.iter().map(|micros| i128::from(*micros)).sum()
    }

    pub(super) fn stats(mut self, confidence: f64) -> WorkStats {
        WorkStats {
            waiting: time_stats(&mut self.waiting, confidence),
            service: time_stats(&mut self.service, confidence),
            sojourn: time_stats(&mut self.sojourn, confidence),
        }
    }
}
