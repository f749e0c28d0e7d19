//! From the journeys of a log to what a state keeps of them.

use rustc_hash::FxHashMap;

use super::options::StateOptions;
use super::scores::Scores;
use super::sketch::{Precision, Spread};
use super::tables::{At, Between, Cell, Tables};
use crate::analysis::{Edges, FunnelPlan, FunnelScratch, FunnelTally, Held, TransitionRelation};
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames};
use crate::names::{NONE, Names};
use crate::sorting::SortRows;
use crate::threads::sort;

pub(crate) struct GatherFold<'a> {
    meant: &'a Meant<'a>,
    held: Held,
    edges: Edges,
    steps: FxHashMap<(u32, u32), u64>,
    converted: u64,
    /// For each touchpoint, by its code.
    here: Vec<Here>,
    funnel: Option<FunnelTally>,
    scratch: FunnelScratch,
}

/// What the options mean in a log.
pub(crate) struct Meant<'a> {
    steps: usize,
    /// For each touchpoint, whether it is a conversion.
    conversion: Vec<bool>,
    plan: Option<FunnelPlan<'a>>,
    precision: Precision,
}

/// What is counted at a touchpoint besides its visits.
#[derive(Clone, Copy, Default)]
struct Here {
    dropped: u64,
    after: u64,
    scores: Scores,
}

impl<'a> Meant<'a> {
    /// What the options mean in a log; names that it does not have mean nothing there.
    pub(crate) fn new(options: &StateOptions, log: &'a EventLog) -> Result<Self> {
        let is_meant = |name: &str| options.conversion.iter().any(|conversion| conversion == name);
        Ok(Self {
            steps: usize::try_from(options.steps).unwrap_or(usize::MAX),
            conversion: log.touchpoints().iter().map(is_meant).collect(),
            plan: super::plan(options, log)?,
            precision: Precision::of(options.quantile_error)?,
        })
    }
}

impl<'a> GatherFold<'a> {
    pub(crate) fn new(meant: &'a Meant<'a>, log: &EventLog) -> Self {
        let names = log.names();
        Self {
            meant,
            held: Held::new(log),
            edges: Edges::new(names, TransitionRelation::DirectlyFollows),
            steps: FxHashMap::default(),
            converted: 0,
            here: vec![Here::default(); names.touchpoints.len()],
            funnel: meant.plan.as_ref().map(FunnelTally::new),
            scratch: FunnelScratch::default(),
        }
    }

    fn conversion(&mut self, touchpoints: &[u32]) {
        let is_conversion = |code: &u32| self.meant.conversion.get(*code as usize) == Some(&true);
        if let Some(place) = touchpoints.iter().position(is_conversion) {
            self.converted += 1;
            for code in touchpoints.iter().skip(place) {
                self.here.get_mut(*code as usize).into_iter().for_each(|here| here.after += 1);
            }
        } else if let Some(here) = touchpoints.last().and_then(|last| self.here.get_mut(*last as usize)) {
            here.dropped += 1;
        }
    }
}

impl Fold for GatherFold<'_> {
    type Report = Tables;

    fn journey(&mut self, journey: Journey<'_>) {
        let touchpoints = journey.touchpoints();
        self.held.journey(journey);
        self.edges.journey(journey, |at| at);
        for (step, touchpoint) in (0..).zip(touchpoints.iter().take(self.meant.steps)) {
            *self.steps.entry((step, *touchpoint)).or_default() += 1;
        }
        self.conversion(touchpoints);
        for (code, (own, told)) in touchpoints.iter().zip(journey.scores().zip(journey.feedback())) {
            let Some(here) = self.here.get_mut(*code as usize) else { continue };
            if let Some(score) = own {
                here.scores.add(score, false);
            }
            if let Some(score) = told {
                here.scores.add(score, true);
            }
        }
        if let (Some(plan), Some(funnel)) = (&self.meant.plan, &mut self.funnel) {
            funnel.ended(plan, journey, &mut self.scratch);
        }
    }

    fn merge(&mut self, other: Self) {
        self.held.merge(other.held);
        self.edges.merge(other.edges);
        other.steps.into_iter().for_each(|(place, count)| *self.steps.entry(place).or_default() += count);
        self.converted += other.converted;
        for (here, more) in self.here.iter_mut().zip(other.here) {
            here.dropped += more.dropped;
            here.after += more.after;
            here.scores.merge(&more.scores);
        }
        if let (Some(funnel), Some(more)) = (&mut self.funnel, &other.funnel) {
            funnel.add(more);
        }
    }

    fn finish(self, names: &LogNames) -> Tables {
        let precision = self.meant.precision;
        let mut at = Vec::new();
        let mut visited = vec![false; names.touchpoints.len()];
        for (code, counts) in self.held.visits.visited() {
            let Here { dropped, after, scores } = self.here.get(code as usize).copied().unwrap_or_default();
            let (events, journeys, starts, ends) = (counts.events, counts.journeys, counts.starts, counts.ends);
            at.push(At { events, journeys, starts, ends, dropped, after, scores });
            visited.get_mut(code as usize).into_iter().for_each(|visited| *visited = true);
        }
        let (touchpoints, codes) = used(&names.touchpoints, visited.into_iter());
        let code = |old: u32| codes.get(old as usize).copied().unwrap_or(NONE);
        let (channels, _) = used(&names.channels, self.held.channels.iter().map(|events| *events > 0));
        let mut edges = self.edges.group();
        let transitions = edges.edges().map(|edge| Between {
            source: code(edge.from),
            target: code(edge.to),
            journeys: edge.journeys,
            times: Spread::of(edge.micros, precision),
        });
        let transitions = transitions.collect();
        let cells = self.steps.into_iter().map(|((step, touchpoint), count)| (step, code(touchpoint), count));
        let mut cells: Vec<(u32, u32, u64)> = cells.collect();
        sort(&mut cells, Ord::cmp);
        let mut attributes: Vec<String> = names.attributes.iter().map(|(name, _)| name.clone()).collect();
        attributes.sort_rows_by(Ord::cmp);
        Tables {
            touchpoints,
            channels,
            attributes,
            journeys: self.held.journeys,
            events: self.held.events,
            single: self.held.single,
            tied: self.held.tied.unwrap_or_default(),
            scored: self.held.scored,
            converted: self.converted,
            span: self.held.span,
            throughput: Spread::of(&self.held.durations, precision),
            at,
            on: self.held.channels.into_iter().filter(|events| *events > 0).collect(),
            transitions,
            steps: cells.into_iter().map(|(step, touchpoint, count)| Cell { step, touchpoint, count }).collect(),
            funnel: self.funnel.map(|tally| tally.map(|times| Spread::of(&times, precision))),
        }
    }
}

/// The names in use, and the new code of each name.
fn used(names: &Names, in_use: impl Iterator<Item = bool>) -> (Vec<String>, Vec<u32>) {
    let mut kept = Vec::new();
    let codes = names.iter().zip(in_use).map(|(name, in_use)| {
        if !in_use {
            return NONE;
        }
        kept.push(name.to_owned());
        // There are fewer names than a code counts.
        u32::try_from(kept.len() - 1).unwrap_or(NONE)
    });
    let codes = codes.collect();
    (kept, codes)
}
