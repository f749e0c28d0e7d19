//! Where journeys leave a displayed path, and where they go instead.
//!
//! A journey takes the path from its first visit of the first step on. It reaches step `k` if its events from there on
//! are the steps up to `k`, one directly after the other; it diverges at `k` if its next event is not the displayed
//! next step, or if there is none.

use serde::{Deserialize, Serialize};

use super::cells::Cells;
use super::drop_offs::DropOffOptions;
use super::stats::Share;
use crate::log::LogNames;
use crate::sorting::SortRows;

/// A step of the displayed path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PathStep {
    /// The touchpoint of the step.
    pub touchpoint: String,
    /// The touchpoint that is displayed next; `None` at the last step.
    pub expected_next: Option<String>,
    /// Journeys that took the path up to here.
    pub journeys: u64,
    /// Those of them that stand here and are open: nobody knows what they do next.
    pub open_journeys: u64,
    /// Of the journeys that are not open here, those whose next event is not the displayed one, or who have none;
    /// `None` at the last step.
    pub divergence_rate: Option<Share>,
    /// Of the same journeys, those that ended here.
    pub exit_rate: Share,
    /// Of the journeys that reached the step and have ended, those that diverged and came to the displayed next
    /// touchpoint later; `None` at the last step.
    pub returned: Option<Share>,
    /// Of the same journeys, those that diverged, never came to it later, and did not convert; `None` at the last step.
    pub lost: Option<Share>,
    /// What came next instead, most journeys first, ties by name.
    pub next: Vec<NextTouchpoint>,
    /// Touchpoints that the limit cut off.
    pub next_left_out: u64,
}

/// Where journeys went from a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NextTouchpoint {
    /// The touchpoint; `None` is the end of the journey.
    pub touchpoint: Option<String>,
    /// The journeys that went there, of those that reached the step and are not open there.
    pub share: Share,
}

/// What is counted at each step of the path.
pub(super) struct PathCounts {
    path: Vec<u32>,
    steps: Vec<Counts>,
    /// Where journeys that diverged went, by step.
    next: Cells,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    reached: u64,
    open: u64,
    exits: u64,
    finished: u64,
    diverged: u64,
    returned: u64,
    lost: u64,
}

/// What is known of a journey besides its touchpoints.
#[derive(Clone, Copy)]
pub(super) struct Fate {
    pub(super) open: bool,
    pub(super) converted: bool,
}

impl PathCounts {
    pub(super) fn new(names: &LogNames, path: &[u32]) -> Self {
        Self {
            path: path.to_vec(),
            steps: vec![Counts::default(); path.len()],
            next: Cells::new(path.len(), 1, names.touchpoints.len()),
        }
    }

    pub(super) fn journey(&mut self, touchpoints: &[u32], fate: Fate) {
        let Some(start) = self.path.first().and_then(|first| touchpoints.iter().position(|code| code == first)) else {
            return;
        };
        let mut rest = touchpoints.get(start..).unwrap_or_default();
        for (step, counts) in (0..).zip(&mut self.steps) {
            counts.reached += 1;
            counts.finished += u64::from(!fate.open);
            rest = rest.get(1..).unwrap_or_default();
            let expected = self.path.get(step as usize + 1);
            let next = rest.first();
            if next.is_some() && next == expected {
                continue;
            }
            match next {
                Some(next) => self.next.add(step, 0, *next),
                None if fate.open => counts.open += 1,
                None => counts.exits += 1,
            }
            if let Some(expected) = expected.filter(|_| next.is_some() || !fate.open) {
                let returns = rest.contains(expected);
                counts.diverged += 1;
                counts.returned += u64::from(returns && !fate.open);
                counts.lost += u64::from(!returns && !fate.open && !fate.converted);
            }
            break;
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.next.merge(other.next);
        for (counts, more) in self.steps.iter_mut().zip(other.steps) {
            counts.reached += more.reached;
            counts.open += more.open;
            counts.exits += more.exits;
            counts.finished += more.finished;
            counts.diverged += more.diverged;
            counts.returned += more.returned;
            counts.lost += more.lost;
        }
    }

    /// The steps, under the names by which they were asked for: a log without events knows none.
    pub(super) fn finish(self, names: &LogNames, options: &DropOffOptions) -> Vec<PathStep> {
        let cells = self.next.filled();
        let path = options.path.iter().enumerate().zip(&self.steps);
        let step = |((step, touchpoint), counts): ((usize, &String), &Counts)| {
            let expected = options.path.get(step + 1);
            let known = counts.reached - counts.open;
            let of_known = |n| Share::new(n, known, options.confidence);
            let of_finished = |n| Share::new(n, counts.finished, options.confidence);
            let mut ends: Vec<(Option<u32>, u64)> = vec![(None, counts.exits)];
            let here = cells.get(cells.partition_point(|cell| (cell.step as usize) < step)..).unwrap_or_default();
            let here = here.iter().take_while(|cell| cell.step as usize == step);
            ends.extend(here.map(|cell| (Some(cell.target), cell.count)));
            ends.retain(|(_, journeys)| *journeys > 0);
            ends.sort_rows_by_key(|(_, journeys)| std::cmp::Reverse(*journeys));
            let next_left_out = super::cut(&mut ends, options.limit);
            let next = ends.into_iter().map(|(code, journeys)| NextTouchpoint {
                touchpoint: code.map(|code| names.touchpoints.name(code).to_owned()),
                share: of_known(journeys),
            });
            PathStep {
                touchpoint: touchpoint.clone(),
                expected_next: expected.cloned(),
                journeys: counts.reached,
                open_journeys: counts.open,
                divergence_rate: expected.map(|_| of_known(counts.diverged)),
                exit_rate: of_known(counts.exits),
                returned: expected.map(|_| of_finished(counts.returned)),
                lost: expected.map(|_| of_finished(counts.lost)),
                next: next.collect(),
                next_left_out,
            }
        };
        path.map(step).collect()
    }
}
