//! Counts per touchpoint that several analyses need.

use serde::{Deserialize, Serialize};

use crate::log::{Journey, LogNames};
use crate::sorting::SortRows;

/// How much happened at a touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TouchpointCount {
    /// The touchpoint.
    pub touchpoint: String,
    /// Events at it.
    pub events: u64,
    /// Journeys that visited it.
    pub journeys: u64,
    /// Journeys whose first event it was.
    pub starts: u64,
    /// Journeys whose last event it was.
    pub ends: u64,
}

/// Events, journeys, starts and ends of every touchpoint.
pub(crate) struct Visits {
    counts: Vec<Counts>,
    /// How many journeys were taken in, so that a touchpoint is counted once for each.
    journeys: u64,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) events: u64,
    pub(crate) journeys: u64,
    pub(crate) starts: u64,
    pub(crate) ends: u64,
    /// The number of the last journey that was counted here.
    last: u64,
}

impl Visits {
    pub(super) fn new(names: &LogNames) -> Self {
        Self { counts: vec![Counts::default(); names.touchpoints.len()], journeys: 0 }
    }

    /// The visits of journeys that were counted before: for each touchpoint by its code, events, journeys, starts and ends.
    pub(crate) fn counted(journeys: u64, counts: impl Iterator<Item = [u64; 4]>) -> Self {
        let counts = counts.map(|[events, journeys, starts, ends]| Counts { events, journeys, starts, ends, last: 0 });
        Self { counts: counts.collect(), journeys }
    }

    pub(super) fn journey(&mut self, journey: Journey<'_>) {
        self.journeys += 1;
        let touchpoints = journey.touchpoints();
        for touchpoint in touchpoints {
            if let Some(counts) = self.counts.get_mut(*touchpoint as usize) {
                counts.events += 1;
                counts.journeys += u64::from(counts.last != self.journeys);
                counts.last = self.journeys;
            }
        }
        if let Some(counts) = touchpoints.first().and_then(|first| self.counts.get_mut(*first as usize)) {
            counts.starts += 1;
        }
        if let Some(counts) = touchpoints.last().and_then(|last| self.counts.get_mut(*last as usize)) {
            counts.ends += 1;
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.journeys += other.journeys;
        for (counts, more) in self.counts.iter_mut().zip(&other.counts) {
            counts.events += more.events;
            counts.journeys += more.journeys;
            counts.starts += more.starts;
            counts.ends += more.ends;
            // The numbers of journeys to come are above both.
            counts.last = 0;
        }
    }

    /// The counts of a touchpoint; zeros of one that the log does not name.
    pub(super) fn of(&self, touchpoint: Option<u32>) -> Counts {
        touchpoint.and_then(|code| self.counts.get(code as usize)).copied().unwrap_or_default()
    }

    /// How many touchpoints the log names, visited or not.
    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }

    /// Visited touchpoints with their codes, by name.
    pub(crate) fn visited(&self) -> impl Iterator<Item = (u32, Counts)> {
        (0..).zip(self.counts.iter().copied()).filter(|(_, counts)| counts.events > 0)
    }

    /// A row for each visited touchpoint, most events first, ties by name.
    pub(super) fn rows(&self, names: &LogNames) -> Vec<TouchpointCount> {
        let mut rows: Vec<_> = self
            .visited()
            .map(|(code, Counts { events, journeys, starts, ends, .. })| TouchpointCount {
                touchpoint: names.touchpoints.name(code).to_owned(),
                events,
                journeys,
                starts,
                ends,
            })
            .collect();
        rows.sort_rows_by_key(|row| std::cmp::Reverse(row.events));
        rows
    }
}
