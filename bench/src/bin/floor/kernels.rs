//! A loop for each question, on two cores. Each returns something that it counted, so that it is not left out.
#![expect(clippy::indexing_slicing, reason = "all places are below the size of their table, or an event's")]

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher;

use crate::columns::{Columns, NAMES};

const PAIRS: usize = NAMES * NAMES;
const WEEK: i64 = 7 * 86_400 * 1_000_000;
const STEPS: usize = 20;

type Kernel = fn(&Columns) -> usize;

/// The tasks with their loops.
pub(crate) const ALL: [(&str, Kernel); 7] = [
    ("T2", |columns| medians(columns).len()),
    ("T3", variants),
    ("T4", funnel),
    ("T5", dwell),
    ("T6", chain),
    ("T7", scores),
    ("T8", steps),
];

/// Works on each half of the journeys on a core of its own.
fn halves<R: Send>(columns: &Columns, work: impl Fn(Range<usize>) -> R + Sync) -> [R; 2] {
    let [first, second] = columns.halves();
    let (first, second) = rayon::join(|| work(first), || work(second));
    [first, second]
}

fn pair(from: u8, to: u8) -> usize {
    (usize::from(from) * NAMES + usize::from(to)) % PAIRS
}

/// The milliseconds from event to event, those of each pair of touchpoints together; and where those of each begin.
struct Times {
    starts: Vec<usize>,
    millis: Vec<u32>,
}

impl Times {
    fn of(columns: &Columns, journeys: Range<usize>) -> Self {
        let mut starts = vec![0; PAIRS + 1];
        for journey in journeys.clone() {
            for ends in columns.touchpoints[columns.events(journey)].windows(2) {
                starts[pair(ends[0], ends[1]) + 1] += 1;
            }
        }
        for pair in 0..PAIRS {
            starts[pair + 1] += starts[pair];
        }
        let mut next = starts.clone();
        let mut millis = vec![0; starts[PAIRS]];
        for journey in journeys {
            let events = columns.events(journey);
            let times = columns.times[events.clone()].windows(2);
            for (ends, times) in columns.touchpoints[events].windows(2).zip(times) {
                let place = &mut next[pair(ends[0], ends[1])];
                millis[*place] = u32::try_from((times[1] - times[0]) / 1000).unwrap_or(u32::MAX);
                *place += 1;
            }
        }
        Self { starts, millis }
    }

    fn pairs(&self, pairs: Range<usize>) -> &[u32] {
        &self.millis[self.starts[pairs.start]..self.starts[pairs.end]]
    }
}

/// What is asked of the times of some pairs, in seconds, the largest quantile first; with their count.
fn quantiles(halves: &[Times; 2], pairs: Range<usize>, millis: &mut Vec<u32>, asked: &[f64]) -> (u64, Vec<f64>, f64) {
    millis.clear();
    for half in halves {
        millis.extend_from_slice(half.pairs(pairs.clone()));
    }
    let sum: u64 = millis.iter().map(|time| u64::from(*time)).sum();
    let count = millis.len();
    let mut rest = &mut millis[..];
    // The place that was asked for last, its value and the next larger one: what is left lies below it.
    let mut last: Option<(usize, u32, u32)> = None;
    let mut found = Vec::with_capacity(asked.len());
    for quantile in asked {
        let place = float(count.saturating_sub(1)) * quantile;
        let at = whole(place.floor());
        if at < rest.len() {
            let (below, value, beyond) = rest.select_nth_unstable(at);
            let next = beyond.iter().min().copied().or(last.map(|(_, above, _)| above)).unwrap_or(*value);
            last = Some((at, *value, next));
            rest = below;
        }
        if let Some((_, value, next)) = last.filter(|(last, ..)| *last == at) {
            found.push((f64::from(value) + (f64::from(next) - f64::from(value)) * (place - place.floor())) / 1000.0);
        }
    }
    (count as u64, found, float(usize::try_from(sum).unwrap_or(0)) / 1000.0)
}

#[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
fn float(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a place in a list")]
fn whole(number: f64) -> usize {
    number as usize
}

/// T2: the count and the median of each pair that there is; the mean is worked out, too.
pub(crate) fn medians(columns: &Columns) -> Vec<(u64, f64)> {
    let times = halves(columns, |journeys| Times::of(columns, journeys));
    let median = |millis: &mut Vec<u32>, pair: usize| {
        let (count, found, sum) = quantiles(&times, pair..pair + 1, millis, &[0.5]);
        found.first().map(|median| (count, *median, sum))
    };
    let rows: Vec<Option<(u64, f64, f64)>> = (0..PAIRS).into_par_iter().map_init(Vec::new, median).collect();
    rows.into_iter().flatten().map(|(count, median, _)| (count, median)).collect()
}

/// T3: how many paths there are; each is counted.
pub(crate) fn variants(columns: &Columns) -> usize {
    let hash = |journey: usize| FxBuildHasher.hash_one(&columns.touchpoints[columns.events(journey)]);
    let hashes: Vec<u64> = (0..columns.segments.len()).into_par_iter().with_min_len(1 << 12).map(hash).collect();
    let counted = |own: u64| {
        let mut counts: FxHashMap<&[u8], u32> = FxHashMap::default();
        for (journey, _) in hashes.iter().enumerate().filter(|(_, hash)| **hash >> 63 == own) {
            *counts.entry(&columns.touchpoints[columns.events(journey)]).or_default() += 1;
        }
        counts.len()
    };
    let (first, second) = rayon::join(|| counted(0), || counted(1));
    first + second
}

/// T4: how many reach each step, by channel and segment.
fn funnel(columns: &Columns) -> usize {
    let [first, later @ ..] = columns.funnel;
    let counted = halves(columns, |journeys| {
        let mut reached = [[0u32; 5]; 64];
        for journey in journeys {
            let events = columns.events(journey);
            let touchpoints = &columns.touchpoints[events.clone()];
            let Some(entry) = touchpoints.iter().position(|touchpoint| *touchpoint == first) else { continue };
            let (times, began) = (&columns.times[events.clone()], columns.times[events.start + entry]);
            let mut step = 0;
            for (touchpoint, time) in touchpoints.iter().zip(times).skip(entry + 1) {
                if step == later.len() || time - began > WEEK {
                    break;
                }
                step += usize::from(*touchpoint == later[step]);
            }
            let group =
                usize::from(columns.channels[events.start + entry]) * 8 + usize::from(columns.segments[journey]);
            reached[group % 64].iter_mut().take(step + 1).for_each(|count| *count += 1);
        }
        reached
    });
    counted.iter().flatten().flatten().map(|count| *count as usize).sum()
}

/// T5: quantiles of each pair and of each touchpoint.
fn dwell(columns: &Columns) -> usize {
    const ASKED: [f64; 3] = [0.95, 0.9, 0.5];
    let times = halves(columns, |journeys| Times::of(columns, journeys));
    let one = |millis: &mut Vec<u32>, pairs: Range<usize>| quantiles(&times, pairs, millis, &ASKED).1.len();
    let pairs: usize = (0..PAIRS).into_par_iter().map_init(Vec::new, |millis, pair| one(millis, pair..pair + 1)).sum();
    let touchpoint = |millis: &mut Vec<u32>, from: usize| one(millis, from * NAMES..(from + 1) * NAMES);
    let touchpoints: usize = (0..NAMES).into_par_iter().map_init(Vec::new, touchpoint).sum();
    pairs + touchpoints
}

/// T6: the ways between channels, from the start and to the ends; the chain of a few channels is solved in no time.
fn chain(columns: &Columns) -> usize {
    let buy = columns.funnel[4];
    let counted = halves(columns, |journeys| {
        let mut ways = [0u32; 256];
        for journey in journeys {
            let events = columns.events(journey);
            let bought = columns.touchpoints[events.clone()].iter().position(|touchpoint| *touchpoint == buy);
            let end = bought.map_or(events.end, |place| events.start + place);
            let mut at = 13;
            for channel in &columns.channels[events.start..end] {
                let next = usize::from(*channel);
                ways[(at * 16 + next) % 256] += 1;
                at = next;
            }
            ways[(at * 16 + 14 + usize::from(bought.is_none())) % 256] += u32::from(at != 13);
        }
        ways
    });
    counted.iter().flatten().map(|count| *count as usize).sum()
}

/// T7: counts and sums of scores by touchpoint, of their changes by pair.
fn scores(columns: &Columns) -> usize {
    let counted = halves(columns, |journeys| {
        let (mut at, mut between) = (vec![(0u32, 0.0); NAMES], vec![(0u32, 0.0); PAIRS]);
        for journey in journeys {
            let events = columns.events(journey);
            let mut before = (0, f64::NAN);
            for (touchpoint, score) in columns.touchpoints[events.clone()].iter().zip(&columns.scores[events]) {
                if !score.is_nan() {
                    let sum: &mut (u32, f64) = &mut at[usize::from(*touchpoint) % NAMES];
                    *sum = (sum.0 + 1, sum.1 + score);
                    if !before.1.is_nan() {
                        let sum: &mut (u32, f64) = &mut between[pair(before.0, *touchpoint)];
                        *sum = (sum.0 + 1, sum.1 + score - before.1);
                    }
                }
                before = (*touchpoint, *score);
            }
        }
        std::hint::black_box(at)
            .iter()
            .chain(&std::hint::black_box(between))
            .map(|(count, _)| *count as usize)
            .sum::<usize>()
    });
    counted.iter().sum()
}

/// T8: how many journeys are at each touchpoint at each step.
pub(crate) fn steps(columns: &Columns) -> usize {
    let counted = halves(columns, |journeys| {
        let mut counts = [0u32; STEPS * NAMES];
        for journey in journeys {
            let events = columns.events(journey);
            for (step, touchpoint) in columns.touchpoints[events].iter().take(STEPS).enumerate() {
                counts[(step * NAMES + usize::from(*touchpoint)) % (STEPS * NAMES)] += 1;
            }
        }
        counts
    });
    counted.iter().flatten().map(|count| *count as usize).sum()
}
