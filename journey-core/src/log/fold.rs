//! The one idea: a question is a fold over journeys.

use std::borrow::Cow;
use std::ops::Range;

use super::{EventLog, Journey, LogNames};
use crate::task::Stage;

/// One pass over the journeys of a log; the folds of two parts of a log merge into the fold of the whole.
///
/// Law: however a log is cut between journeys, merging the folds of the parts in their order and finishing gives the
/// same report, byte for byte. So a question runs on one core, on all cores, or over batches, with the same result.
///
/// ```
/// use journey_core::{Event, EventLog, Fold, Journey, LogNames, fold};
///
/// /// How many events the longest journey has.
/// #[derive(Default)]
/// struct Longest(usize);
///
/// impl Fold for Longest {
///     type Report = usize;
///     fn journey(&mut self, journey: Journey<'_>) {
///         self.0 = self.0.max(journey.len());
///     }
///     fn merge(&mut self, other: Self) {
///         self.0 = self.0.max(other.0);
///     }
///     fn finish(self, _: &LogNames) -> usize {
///         self.0
///     }
/// }
///
/// let log = EventLog::builder().event(Event::new("ann", "visit", "2024-03-13".parse()?)).build()?;
/// assert_eq!(fold(&log, Longest::default), 1);
///
/// // Up to eight folds beside each other are one, and so is a fold that may be left out: all are asked in one pass.
/// let bundle = || (Longest::default(), Longest::default(), None::<Longest>);
/// assert_eq!(fold(&log, bundle), (1, 1, None));
/// # Ok::<(), journey_core::Error>(())
/// ```
pub trait Fold: Sized + Send {
    /// What the question is answered with.
    type Report;

    /// Takes in the next journey.
    fn journey(&mut self, journey: Journey<'_>);

    /// Takes in a journey that stands for this many customers, each of whom counts.
    fn journeys(&mut self, journey: Journey<'_>, customers: u64) {
        for _ in 0..customers {
            self.journey(journey);
        }
    }

    /// Takes in what another fold gathered from the journeys after this one's.
    fn merge(&mut self, other: Self);

    /// Makes the report; `names` are those of the log.
    fn finish(self, names: &LogNames) -> Self::Report;
}

/// Answers a question about a log; on all cores if the feature `rayon` is on.
pub fn fold<F: Fold>(log: &EventLog, new: impl Fn() -> F + Sync) -> F::Report {
    gather(log, new).finish(log.names())
}

/// Cuts a log between journeys into parts of about the same number of events.
pub(super) fn parts(log: &EventLog) -> Vec<Range<usize>> {
    let offsets = weighed(log);
    let events = offsets.last().copied().unwrap_or_default();
    let count = part_count(events);
    let mut cuts: Vec<usize> = (1..count)
        .map(|part| offsets.partition_point(|offset| *offset < events / count * part).min(log.journey_count()))
        .collect();
    cuts.push(log.journey_count());
    cuts.dedup();
    let starts: Vec<usize> = std::iter::once(0).chain(cuts.iter().copied()).collect();
    starts.into_iter().zip(cuts).map(|(start, end)| start..end).collect()
}

fn part_count(events: usize) -> usize {
    /// Below this a part is not worth a thread.
    const LEAST_EVENTS: usize = 1 << 14;
    (events / LEAST_EVENTS).clamp(1, most_parts())
}

/// About how many events a fold takes in before it is merged: so much memory it may take at once.
pub(crate) fn events_of_a_part(log: &EventLog) -> usize {
    log.len() / part_count(log.len())
}

/// How many events lie before each journey, and in all, those of each customer counted.
fn weighed(log: &EventLog) -> Cow<'_, [usize]> {
    if log.weights.is_none() {
        return Cow::Borrowed(&log.offsets);
    }
    let mut sum = 0usize;
    let ends = log.journeys().map(|journey| {
        let customers = usize::try_from(journey.weight()).unwrap_or(usize::MAX);
        sum = sum.saturating_add(journey.len().saturating_mul(customers));
        sum
    });
    let ends: Vec<usize> = ends.collect();
    std::iter::once(0).chain(ends).collect()
}

fn fold_part<F: Fold>(log: &EventLog, part: Range<usize>, mut fold: F, stage: &Stage) -> F {
    let _here = stage.enter();
    let (mut start, end) = (part.start, part.end);
    while start < end {
        let (next, events) = stretch(log, start..end);
        for journey in log.journeys_in(start..next) {
            fold.journeys(journey, journey.weight());
        }
        stage.advance(events);
        start = next;
    }
    fold
}

/// The journeys at the beginning of a part that have some thousand events, at least one journey: where they end, and how
/// many events they have. After these a fold looks whether it is still wanted.
fn stretch(log: &EventLog, part: Range<usize>) -> (usize, usize) {
    const EVENTS: usize = 1 << 13;
    let before = log.offsets.get(part.start).copied().unwrap_or_default();
    let ends = log.offsets.get(part.start + 1..=part.end).unwrap_or_default();
    let journeys = ends.partition_point(|end| *end <= before + EVENTS).max(1);
    (part.start + journeys, ends.get(journeys - 1).map_or(0, |end| end - before))
}

#[cfg(any(feature = "rayon", test))]
fn merged<F: Fold>(folds: impl IntoIterator<Item = F>, new: impl Fn() -> F) -> F {
    folds
        .into_iter()
        .reduce(|mut whole, part| {
            whole.merge(part);
            whole
        })
        .unwrap_or_else(new)
}

#[cfg(feature = "rayon")]
fn most_parts() -> usize {
    rayon::current_num_threads() * 2
}

#[cfg(feature = "rayon")]
fn gather<F: Fold>(log: &EventLog, new: impl Fn() -> F + Sync) -> F {
    use rayon::prelude::*;
    let stage = Stage::new(log.len());
    let folds: Vec<F> = parts(log).into_par_iter().map(|part| fold_part(log, part, new(), &stage)).collect();
    merged(folds, new)
}

#[cfg(not(feature = "rayon"))]
fn most_parts() -> usize {
    1
}

#[cfg(not(feature = "rayon"))]
fn gather<F: Fold>(log: &EventLog, new: impl Fn() -> F) -> F {
    // On one core there is one part, and no merging that would be compiled for every fold.
    fold_part(log, 0..log.journey_count(), new(), &Stage::new(log.len()))
}

/// For tests of the law: folds the parts between the cuts on their own, then merges them in order.
#[cfg(test)]
pub(crate) fn fold_cut<F: Fold>(log: &EventLog, cuts: &[usize], new: impl Fn() -> F) -> F::Report {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| (*cut).min(log.journey_count())).collect();
    ends.push(log.journey_count());
    ends.sort_unstable();
    let mut start = 0;
    let stage = Stage::new(log.len());
    let parts: Vec<F> =
        ends.into_iter().map(|end| fold_part(log, std::mem::replace(&mut start, end)..end, new(), &stage)).collect();
    merged(parts, new).finish(log.names())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    #[test]
    fn the_parts_of_a_log_are_all_of_it() {
        let mut builder = EventLog::builder();
        for row in 0..200_000 {
            let journey = if row < 100_000 { "giant".to_owned() } else { format!("j{}", row % 1000) };
            builder.push(Event::new(&journey, "t", Timestamp::from_micros(row).unwrap()), []).unwrap();
        }
        let log = builder.build().unwrap();
        let parts = parts(&log);
        assert_eq!(parts.iter().map(ExactSizeIterator::len).sum::<usize>(), 1001);
        assert_eq!(parts.first().map(|p| p.start), Some(0));
        assert!(parts.windows(2).all(|w| w[0].end == w[1].start));
        let empty = EventLog::builder().build().unwrap();
        assert_eq!(super::parts(&empty).first(), Some(&(0..0)), "an empty log is one empty part");
    }
}
