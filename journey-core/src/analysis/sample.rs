//! What a group of journeys is like, in the figures that groups are compared by; each journey counts once in each.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::censoring::Censoring;
use super::languages::Variant;
use super::stats::{float, mean_of_sorted};
use super::variant_counts::VariantCounts;
use super::visits::Visits;
use crate::log::{EventLog, Fold, Groups, Journey, LogNames};
use crate::threads::sort;

/// Which journeys are sampled, and what is asked about them; touchpoints that the log does not have have no event's code.
#[derive(Clone, Default)]
pub(super) struct Scope<'a> {
    pub(super) conversion: Vec<u32>,
    pub(super) steps: Vec<u32>,
    /// Only journeys of this group; all if not given.
    pub(super) group: Option<(Groups<'a>, u32)>,
    pub(super) censoring: Censoring,
}

/// What the journeys of a group are like. Lists are in the order of the journeys.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Sample {
    /// Finished journeys, which all other figures are about.
    pub(super) journeys: u64,
    /// Journeys that are still open, and left out.
    pub(super) open: u64,
    pub(super) events: u64,
    /// Journeys that reach a touchpoint that counts as conversion.
    pub(super) converted: u64,
    /// Journeys that reach each step, in the order of the steps.
    pub(super) reached: Vec<u64>,
    /// By the code of the touchpoint.
    pub(super) visits: Vec<Visit>,
    /// By the codes of their ends.
    pub(super) transitions: Vec<Taken>,
    /// Events of each journey.
    pub(super) lengths: Vec<f64>,
    /// Microseconds from the first to the last event of each journey; `None` in a log without times, as all times below.
    pub(super) throughput: Option<Vec<f64>>,
    /// The mean score of each journey that has one.
    pub(super) scores: Vec<f64>,
    /// By the code of the touchpoint, the mean score there of each journey that has one.
    pub(super) scores_at: Vec<Vec<f64>>,
    /// Most frequent first, ties by the names of the touchpoints.
    pub(super) variants: Vec<Variant>,
}

/// How many journeys visit a touchpoint, start and end there.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Visit {
    pub(super) journeys: u64,
    pub(super) starts: u64,
    pub(super) ends: u64,
}

/// A transition, with the mean of its times, in microseconds, in each journey that takes it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Taken {
    pub(super) source: u32,
    pub(super) target: u32,
    pub(super) journeys: u64,
    pub(super) micros: Vec<f64>,
}

impl Sample {
    pub(super) fn visit(&self, touchpoint: Option<u32>) -> Visit {
        touchpoint.and_then(|code| self.visits.get(code as usize)).copied().unwrap_or_default()
    }

    /// How many journeys take a transition, and the times of it, one for each.
    pub(super) fn taken(&self, source: Option<u32>, target: Option<u32>) -> (u64, &[f64]) {
        let wanted = source.zip(target);
        let place = wanted.and_then(|way| self.transitions.binary_search_by_key(&way, Taken::way).ok());
        place.and_then(|place| self.transitions.get(place)).map_or((0, &[]), |taken| (taken.journeys, &taken.micros))
    }

    pub(super) fn scores_at(&self, touchpoint: Option<u32>) -> &[f64] {
        touchpoint.and_then(|code| self.scores_at.get(code as usize)).map_or(&[], Vec::as_slice)
    }
}

impl Taken {
    fn way(&self) -> (u32, u32) {
        (self.source, self.target)
    }
}

pub(super) struct SampleFold<'a> {
    scope: Scope<'a>,
    sample: Sample,
    visits: Visits,
    /// How many journeys take each, and how long.
    transitions: FxHashMap<(u32, u32), (u64, Vec<f64>)>,
    variants: VariantCounts<'a>,
}

impl<'a> SampleFold<'a> {
    pub(super) fn new(log: &'a EventLog, scope: &Scope<'a>) -> Self {
        let names = log.names();
        let sample = Sample {
            journeys: 0,
            open: 0,
            events: 0,
            converted: 0,
            reached: vec![0; scope.steps.len()],
            visits: Vec::new(),
            transitions: Vec::new(),
            lengths: Vec::new(),
            throughput: log.has_times().then(Vec::new),
            scores: Vec::new(),
            scores_at: vec![Vec::new(); names.touchpoints.len()],
            variants: Vec::new(),
        };
        Self {
            scope: scope.clone(),
            sample,
            visits: Visits::new(names),
            transitions: FxHashMap::default(),
            variants: VariantCounts::new(log),
        }
    }

    fn steps(&mut self, journey: Journey<'_>) {
        let mut touchpoints = journey.touchpoints().iter();
        for (step, reached) in self.scope.steps.iter().zip(&mut self.sample.reached) {
            if !touchpoints.any(|touchpoint| touchpoint == step) {
                break;
            }
            *reached += 1;
        }
    }

    fn transitions(&mut self, journey: Journey<'_>) {
        let mut times = journey.times().unwrap_or_default().windows(2);
        let mut taken: Vec<(u32, u32, Option<i64>)> = Vec::with_capacity(journey.len());
        for ends in journey.touchpoints().windows(2) {
            let time = times.next().and_then(|times| Some(times.last()? - times.first()?));
            if let [source, target] = ends {
                taken.push((*source, *target, time));
            }
        }
        taken.sort_unstable();
        for times in taken.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let Some((source, target, _)) = times.first() else { continue };
            let sum = times.iter().map(|(.., micros)| micros.map(i128::from)).sum::<Option<i128>>();
            let (journeys, means) = self.transitions.entry((*source, *target)).or_default();
            *journeys += 1;
            means.extend(sum.map(|sum| micros(sum) / float(times.len() as u64)));
        }
    }

    fn scores(&mut self, journey: Journey<'_>) {
        let at = journey.touchpoints().iter().zip(journey.scores());
        let mut scores: Vec<(u32, f64)> = at.filter_map(|(touchpoint, score)| Some((*touchpoint, score?))).collect();
        scores.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for group in scores.chunk_by(|a, b| a.0 == b.0) {
            let (Some((touchpoint, _)), mean) = (group.first(), mean_of(group)) else { continue };
            if let Some(means) = self.sample.scores_at.get_mut(*touchpoint as usize) {
                means.extend(mean);
            }
        }
        scores.sort_unstable_by(|a, b| a.1.total_cmp(&b.1));
        self.sample.scores.extend(mean_of(&scores));
    }
}

fn mean_of(scores: &[(u32, f64)]) -> Option<f64> {
    mean_of_sorted(&scores.iter().map(|(_, score)| *score).collect::<Vec<_>>())
}

#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
fn micros(time: i128) -> f64 {
    time as f64
}

impl Fold for SampleFold<'_> {
    type Report = Sample;

    fn journey(&mut self, journey: Journey<'_>) {
        if self.scope.group.is_some_and(|(groups, wanted)| groups.of(journey) != Some(wanted)) {
            return;
        }
        if self.scope.censoring.is_open(journey) {
            self.sample.open += 1;
            return;
        }
        self.sample.journeys += 1;
        self.sample.events += journey.len() as u64;
        self.sample.lengths.push(float(journey.len() as u64));
        if let Some(throughput) = &mut self.sample.throughput {
            throughput.extend(journey.throughput().map(|time| micros(time.into())));
        }
        let converts = journey.touchpoints().iter().any(|touchpoint| self.scope.conversion.contains(touchpoint));
        self.sample.converted += u64::from(converts);
        self.visits.journey(journey);
        self.variants.add(journey, 1);
        self.steps(journey);
        self.transitions(journey);
        self.scores(journey);
    }

    fn merge(&mut self, other: Self) {
        let (mine, more) = (&mut self.sample, other.sample);
        mine.journeys += more.journeys;
        mine.open += more.open;
        mine.events += more.events;
        mine.converted += more.converted;
        for (reached, more) in mine.reached.iter_mut().zip(more.reached) {
            *reached += more;
        }
        mine.lengths.extend(more.lengths);
        if let (Some(mine), Some(more)) = (&mut mine.throughput, more.throughput) {
            mine.extend(more);
        }
        mine.scores.extend(more.scores);
        for (scores, more) in mine.scores_at.iter_mut().zip(more.scores_at) {
            scores.extend(more);
        }
        self.visits.merge(&other.visits);
        self.variants.merge(other.variants);
        #[expect(clippy::iter_over_hash_type, reason = "each transition has a list of its own")]
        for (way, (more, times)) in other.transitions {
            let (journeys, means) = self.transitions.entry(way).or_default();
            *journeys += more;
            means.extend(times);
        }
    }

    fn finish(mut self, names: &LogNames) -> Sample {
        let codes = (0u32..).zip(names.touchpoints.iter());
        self.sample.visits = codes
            .map(|(code, _)| self.visits.of(Some(code)))
            .map(|counts| Visit { journeys: counts.journeys, starts: counts.starts, ends: counts.ends })
            .collect();
        let transitions = self.transitions.into_iter();
        let transitions =
            transitions.map(|((source, target), (journeys, micros))| Taken { source, target, journeys, micros });
        self.sample.transitions = transitions.collect();
        sort(&mut self.sample.transitions, |one, other| one.way().cmp(&other.way()));
        let variants = self.variants.most_frequent_first();
        self.sample.variants = variants.into_iter().map(|(path, count)| (path.to_vec(), count)).collect();
        self.sample
    }
}
