//! Journeys laid side by side, step by step: from their start, or around an anchor.
//!
//! Without an anchor column 1 is the first event of each journey. With one, column 0 is the n-th visit of the anchor,
//! events before it stand in the columns -1, -2 and so on, and journeys without that visit are left out. A journey is
//! somewhere in every column: where it has not begun it is "not started", behind its last event "ended", or "open" if
//! it may go on.

use serde::{Deserialize, Serialize};

use super::cells::{Cell, Cells};
use super::censoring::Censoring;
use super::stats;
use crate::error::Result;
use crate::log::{EventLog, Journey, LogNames};

/// The most columns on either side of the first or the anchor: more than anybody reads.
pub(super) const MOST_STEPS: u64 = 1000;

/// What a row of a step matrix or a node of a step flow stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepKind {
    /// Journeys at one touchpoint.
    Touchpoint,
    /// Journeys at any of the touchpoints that the limit left out.
    Other,
    /// Journeys that have not begun yet; only before an anchor.
    NotStarted,
    /// Journeys whose events known so far lie behind them, and which may still go on.
    Open,
    /// Journeys that have ended.
    Ended,
}

/// Which columns there are, and where the events of a journey stand in them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    anchor: Option<Anchor>,
    after: u32,
    censoring: Censoring,
}

#[derive(Clone, Copy, Debug)]
struct Anchor {
    touchpoint: u32,
    /// Which of its visits, from 0.
    visit: usize,
    before: u32,
}

/// The options that say which columns are asked for.
pub(super) struct Asked<'a> {
    pub(super) steps: u64,
    pub(super) anchor: Option<&'a str>,
    pub(super) anchor_occurrence: u64,
    pub(super) steps_before: u64,
}

/// What of a journey the columns show.
pub(super) struct Shown<'a> {
    /// The column of the first event shown; before it the journey has not started.
    pub(super) first: u32,
    pub(super) touchpoints: &'a [u32],
    /// Whether the journey may go on after the last event.
    pub(super) open: bool,
}

impl Steps {
    pub(super) fn new(log: &EventLog, asked: &Asked<'_>, censoring: Censoring) -> Result<Self> {
        let after = check("steps", asked.steps, 1, MOST_STEPS)?;
        let before = check("steps_before", asked.steps_before, 0, MOST_STEPS)?;
        let visit = check("anchor_occurrence", asked.anchor_occurrence, 1, u64::from(u32::MAX))? as usize - 1;
        let anchor = match asked.anchor {
            Some(name) => Some(Anchor { touchpoint: log.touchpoint_code(name, "anchor")?, visit, before }),
            None => None,
        };
        Ok(Self { anchor, after, censoring })
    }

    pub(super) fn is_anchored(&self) -> bool {
        self.anchor.is_some()
    }

    /// How many columns there are.
    pub(super) fn count(&self) -> u32 {
        self.anchor.map_or(self.after, |anchor| anchor.before + 1 + self.after)
    }

    /// What the columns are called: from 1, or with the anchor at 0.
    pub(super) fn numbers(&self) -> Vec<i64> {
        let first = self.anchor.map_or(1, |anchor| -i64::from(anchor.before));
        (first..).take(self.count() as usize).collect()
    }

    /// The part of a journey in the columns; `None` if it does not come to the anchor.
    pub(super) fn of<'a>(&self, journey: Journey<'a>) -> Option<Shown<'a>> {
        let touchpoints = journey.touchpoints();
        let (zero, before) = match self.anchor {
            Some(Anchor { touchpoint, visit, before }) => {
                let mut visits = touchpoints.iter().enumerate().filter(|(_, code)| **code == touchpoint);
                (visits.nth(visit)?.0, before)
            }
            None => (0, 0),
        };
        let earlier = u32::try_from(zero).unwrap_or(u32::MAX);
        let first = before.saturating_sub(earlier);
        let shown = touchpoints.get(earlier.saturating_sub(before) as usize..).unwrap_or_default();
        let room = (self.count() - first) as usize;
        let open = self.censoring.is_open(journey);
        Some(Shown { first, touchpoints: shown.get(..room).unwrap_or(shown), open })
    }
}

impl Shown<'_> {
    /// The column behind the last event; beyond the last column if the journey goes on there.
    pub(super) fn behind(&self) -> u32 {
        // There are at most two thousand columns.
        self.first + u32::try_from(self.touchpoints.len()).unwrap_or(u32::MAX)
    }
}

pub(super) fn check(name: &str, value: u64, least: u64, most: u64) -> Result<u32> {
    let ok = (least..=most).contains(&value);
    stats::check_option(name, stats::float(value), ok, &format!("a whole number from {least} to {most}"))?;
    Ok(u32::try_from(value).unwrap_or(u32::MAX))
}

/// How many journeys are at each touchpoint in each column.
pub(super) struct StepCounts {
    pub(super) steps: Steps,
    /// All journeys, also those that do not come to the anchor.
    pub(super) journeys: u64,
    pub(super) shown: u64,
    cells: Cells,
    /// For each column, the journeys whose first event stands in it.
    begun: Vec<u64>,
    /// For each column, the journeys whose last event stands in the column before.
    ended: Vec<u64>,
    open: Vec<u64>,
}

impl StepCounts {
    pub(super) fn new(names: &LogNames, steps: Steps) -> Self {
        let columns = steps.count() as usize;
        let cells = Cells::new(columns, 1, names.touchpoints.len());
        let none = || vec![0; columns];
        Self { steps, journeys: 0, shown: 0, cells, begun: none(), ended: none(), open: none() }
    }

    /// Counts a journey; returns what the columns show of it.
    pub(super) fn journey<'a>(&mut self, journey: Journey<'a>) -> Option<Shown<'a>> {
        self.journeys += 1;
        let shown = self.steps.of(journey)?;
        self.shown += 1;
        self.cells.add_run(shown.first, shown.touchpoints);
        let behind = if shown.open { &mut self.open } else { &mut self.ended };
        for (counts, column) in [(&mut self.begun, shown.first), (behind, shown.behind())] {
            if let Some(count) = counts.get_mut(column as usize) {
                *count += 1;
            }
        }
        Some(shown)
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        self.shown += other.shown;
        self.cells.merge(other.cells);
        for (counts, more) in
            [(&mut self.begun, other.begun), (&mut self.ended, other.ended), (&mut self.open, other.open)]
        {
            for (count, more) in counts.iter_mut().zip(more) {
                *count += more;
            }
        }
    }

    pub(super) fn finish(self) -> Counted {
        let mut not_begun = self.shown;
        let not_started = self.begun.iter().map(|begun| {
            not_begun -= begun;
            not_begun
        });
        Counted {
            journeys: self.journeys,
            shown: self.shown,
            not_started: not_started.collect(),
            ended: running_sums(&self.ended),
            open: running_sums(&self.open),
            cells: self.cells.filled(),
        }
    }
}

fn running_sums(counts: &[u64]) -> Vec<u64> {
    let mut sum = 0;
    let sums = counts.iter().map(|count| {
        sum += count;
        sum
    });
    sums.collect()
}

/// How many journeys are where in each column; in each they add up to those shown.
pub(super) struct Counted {
    pub(super) journeys: u64,
    pub(super) shown: u64,
    pub(super) not_started: Vec<u64>,
    pub(super) ended: Vec<u64>,
    pub(super) open: Vec<u64>,
    /// The touchpoints are the targets.
    pub(super) cells: Vec<Cell>,
}
