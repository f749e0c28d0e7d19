//! What a state knows of journeys: counts and sums by touchpoint, channel and transition, under names of its own.
//!
//! Lists are in the order of their keys and names in byte order, so that states of the same journeys are the same bytes.

use serde::{Deserialize, Serialize};

use super::scores::Scores;
use super::sketch::Spread;
use super::sorted::{merge_sorted, replaced, union};
use crate::analysis::FunnelTally;
use crate::error::{Problem, Result};

/// The most events a state counts; up to here a float holds every whole number.
pub(super) const MOST_EVENTS: u64 = 1 << 53;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tables {
    /// In byte order, as the other names; each has at least one event.
    pub(super) touchpoints: Vec<String>,
    pub(super) channels: Vec<String>,
    pub(super) attributes: Vec<String>,
    pub(super) journeys: u64,
    pub(super) events: u64,
    pub(super) single: u64,
    pub(super) tied: u64,
    pub(super) scored: u64,
    /// Journeys that reached a conversion.
    pub(super) converted: u64,
    /// When the first event began, and the time of the last, in microseconds.
    pub(super) span: Option<(i64, i64)>,
    pub(super) throughput: Spread,
    /// For each touchpoint by its code.
    pub(super) at: Vec<At>,
    /// Events on each channel, by its code.
    pub(super) on: Vec<u64>,
    /// By the codes of their ends.
    pub(super) transitions: Vec<Between>,
    /// By step, from 0, and touchpoint.
    pub(super) steps: Vec<Cell>,
    pub(super) funnel: Option<FunnelTally<Spread>>,
}

/// What happens at a touchpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct At {
    pub(super) events: u64,
    pub(super) journeys: u64,
    pub(super) starts: u64,
    pub(super) ends: u64,
    /// Journeys that ended here and never converted.
    pub(super) dropped: u64,
    /// Events that are their journey's first conversion, or come after it.
    pub(super) after: u64,
    pub(super) scores: Scores,
}

/// What happens between two touchpoints that directly follow each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Between {
    pub(super) source: u32,
    pub(super) target: u32,
    pub(super) journeys: u64,
    pub(super) times: Spread,
}

/// How many journeys are at a touchpoint at a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Cell {
    pub(super) step: u32,
    pub(super) touchpoint: u32,
    pub(super) count: u64,
}

impl At {
    fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.journeys += other.journeys;
        self.starts += other.starts;
        self.ends += other.ends;
        self.dropped += other.dropped;
        self.after += other.after;
        self.scores.merge(&other.scores);
    }
}

impl Tables {
    /// Takes in what is known of other journeys; nothing if that is too much.
    pub(super) fn merge(&mut self, mut other: Self) -> Result<()> {
        // Every other count is at most the events, and so fits as well.
        if self.events + other.events > MOST_EVENTS {
            return Err(Problem::TooMany { what: "events", limit: MOST_EVENTS }.into());
        }
        self.share_names(&mut other);
        self.journeys += other.journeys;
        self.events += other.events;
        self.single += other.single;
        self.tied += other.tied;
        self.scored += other.scored;
        self.converted += other.converted;
        self.span = match (self.span, other.span) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (span, None) | (None, span) => span,
        };
        self.throughput.merge(&other.throughput);
        self.at.iter_mut().zip(&other.at).for_each(|(at, more)| at.add(more));
        self.on.iter_mut().zip(&other.on).for_each(|(events, more)| *events += more);
        let ends = |between: &Between| (between.source, between.target);
        merge_sorted(&mut self.transitions, other.transitions, ends, |between, more| {
            between.journeys += more.journeys;
            between.times.merge(&more.times);
        });
        let place = |cell: &Cell| (cell.step, cell.touchpoint);
        merge_sorted(&mut self.steps, other.steps, place, |cell, more| cell.count += more.count);
        match (&mut self.funnel, other.funnel) {
            (Some(funnel), Some(more)) => funnel.add_with(&more, Spread::merge),
            (funnel, more) => *funnel = funnel.take().or(more),
        }
        Ok(())
    }

    /// Gives both the names of both.
    fn share_names(&mut self, other: &mut Self) {
        if self.touchpoints != other.touchpoints {
            let (names, mine, theirs) = union(&self.touchpoints, &other.touchpoints);
            self.move_touchpoints(&names, &mine);
            other.move_touchpoints(&names, &theirs);
        }
        if self.channels != other.channels {
            let (names, mine, theirs) = union(&self.channels, &other.channels);
            self.on = replaced(std::mem::take(&mut self.on), &mine, names.len());
            other.on = replaced(std::mem::take(&mut other.on), &theirs, names.len());
            self.channels = names;
        }
        merge_sorted(&mut self.attributes, std::mem::take(&mut other.attributes), Clone::clone, |_, _| {});
    }

    /// Gives touchpoints their new codes, which are in the order of the old ones, so that every list stays in order.
    fn move_touchpoints(&mut self, names: &[String], codes: &[u32]) {
        self.touchpoints = names.to_vec();
        self.at = replaced(std::mem::take(&mut self.at), codes, names.len());
        let new = |code: &mut u32| *code = codes.get(*code as usize).copied().unwrap_or(crate::names::NONE);
        for between in &mut self.transitions {
            new(&mut between.source);
            new(&mut between.target);
        }
        self.steps.iter_mut().for_each(|cell| new(&mut cell.touchpoint));
    }
}
