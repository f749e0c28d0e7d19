//! In which stretches of time customers converted less often than at other times.
//!
//! The time of a log is cut into stretches of equal length: the shortest round length, from a day on, of which it takes at most
//! 60; hours of a day differ by themselves. A journey
//! is cut into its parts in each of them, so that long journeys say something as well: of the parts that visit a touchpoint, how
//! many convert, anywhere in the part? Each stretch is compared with all others together, at each touchpoint that is watched and
//! over all; all tests are one family. Stretches beside each other in which a touchpoint does worse are one change.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::censoring::Censoring;
use super::proportions::ShareDifference;
use super::segments::DistinctiveTouchpoint;
use super::stats::{self, Rules, Share, float};
use crate::duration::Duration;
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::names::NONE;
use crate::sorting::SortRows;
use crate::time::Timestamp;

/// The most stretches of a log.
const MOST: i64 = 60;
/// With fewer, most of the time would be compared with the rest of it.
const LEAST: usize = 4;
const DAY: i64 = 86_400_000_000;
/// The lengths that stretches may have: from a day to ten years.
const LENGTHS: [i64; 6] = [DAY, 7 * DAY, 28 * DAY, 91 * DAY, 364 * DAY, 3_640 * DAY];
/// A Monday, on which weeks begin.
const MONDAY: i64 = 4 * DAY;

/// In which stretches of time customers converted less often than at other times.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Changes {
    /// How many stretches of equal length the log was cut into; 0 if it was not: without times, without a conversion, or where
    /// fewer than 4 hold something.
    pub stretches: u64,
    /// How long each is, in seconds.
    pub stretch_seconds: Option<f64>,
    /// Parts of journeys: what of a journey lies in one stretch.
    pub parts: u64,
    /// How many tests were made: what the p-values are adjusted for.
    pub tests: u64,
    /// The changes, those that cost the most conversions first.
    pub rows: Vec<Change>,
}

/// A time at which customers converted less often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Change {
    /// The touchpoint where it shows best; `None` if that is over all journeys.
    pub touchpoint: Option<String>,
    /// When it began, RFC 3339 in UTC: the start of the first stretch.
    pub since: String,
    /// When it was over: the end of the last stretch.
    pub until: String,
    /// Of the parts of journeys in that time that visited the touchpoint, those that converted.
    pub conversion: Share,
    /// The same at all other times.
    pub rest: Share,
    /// How far the first lies above the second.
    pub difference: ShareDifference,
    /// The largest of its stretches' p-values, adjusted by Benjamini and Hochberg for all tests.
    pub p_adjusted: Option<f64>,
    /// The touchpoint whose share of visitors differed most between that time and all others, if any does significantly; of
    /// all parts of journeys.
    pub distinctive: Option<DistinctiveTouchpoint>,
}

/// Finds stretches of time in which customers converted less often, over all and at the touchpoints that are watched.
pub(crate) fn changes(
    log: &EventLog,
    conversion: &[String],
    watched: &[&str],
    inactive_after: Option<Duration>,
    rules: Rules,
) -> Result<Changes> {
    let Some(cut) = Cut::new(log).filter(|_| !conversion.is_empty()) else { return Ok(Changes::default()) };
    let conversion = log.touchpoints_named(conversion, "conversion")?;
    let watched = Watched::new(log, watched);
    let censoring = Censoring::new(log, inactive_after)?;
    Ok(fold(log, || ChangesFold::new(cut, &watched, &conversion, censoring, rules)))
}

/// How the time of a log is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    length: i64,
    /// The number of the first stretch, counted from a Monday long ago.
    first: i64,
    count: usize,
}

impl Cut {
    /// Cuts the time of a log; `None` if there are too few stretches, or no times.
    pub(super) fn new(log: &EventLog) -> Option<Self> {
        let times = || log.journeys().filter_map(|journey| journey.times());
        let first = times().filter_map(<[i64]>::first).min()?;
        let last = times().filter_map(<[i64]>::last).max()?;
        let number = |at: i64, length: i64| at.saturating_sub(MONDAY).div_euclid(length);
        let length = LENGTHS.into_iter().find(|length| number(*last, *length) - number(*first, *length) < MOST)?;
        let count = usize::try_from(number(*last, length) - number(*first, length) + 1).ok()?;
        (count >= LEAST).then_some(Self { length, first: number(*first, length), count })
    }

    fn stretch(self, at: i64) -> usize {
        let number = at.saturating_sub(MONDAY).div_euclid(self.length) - self.first;
        usize::try_from(number).unwrap_or_default().min(self.count - 1)
    }

    fn begin(self, stretch: usize) -> String {
        let number = self.first.saturating_add(i64::try_from(stretch).unwrap_or(i64::MAX));
        let at = number.saturating_mul(self.length).saturating_add(MONDAY);
        let at = at.clamp(Timestamp::MIN.micros(), Timestamp::MAX.micros());
        Timestamp::from_micros(at).map(|time| time.to_string()).unwrap_or_default()
    }
}

/// Parts of journeys, and those of them that convert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counted {
    parts: u64,
    converted: u64,
}

impl Counted {
    fn plus(self, other: Self) -> Self {
        Self { parts: self.parts + other.parts, converted: self.converted + other.converted }
    }

    fn less(self, other: Self) -> Self {
        Self { parts: self.parts - other.parts, converted: self.converted - other.converted }
    }

    fn share(self, confidence: f64) -> Share {
        Share::new(self.converted, self.parts, confidence)
    }
}

pub(super) struct ChangesFold<'a> {
    cut: Cut,
    watched: &'a Watched,
    conversion: &'a [bool],
    censoring: Censoring,
    rules: Rules,
    /// For each thing that is watched, over all first, and each stretch.
    counts: Vec<Vec<Counted>>,
}

/// The touchpoints that are watched.
pub(super) struct Watched {
    codes: Vec<u32>,
    /// For each code its place among them, else [`NONE`].
    places: Vec<u32>,
}

impl Watched {
    pub(super) fn new(log: &EventLog, touchpoints: &[&str]) -> Self {
        let codes: Vec<u32> = touchpoints.iter().filter_map(|name| log.touchpoints().code(name)).collect();
        let mut places = vec![NONE; log.touchpoints().len()];
        for (place, code) in (0..).zip(&codes) {
            if let Some(slot) = places.get_mut(*code as usize) {
                *slot = place;
            }
        }
        Self { codes, places }
    }
}

impl<'a> ChangesFold<'a> {
    pub(super) fn new(
        cut: Cut,
        watched: &'a Watched,
        conversion: &'a [bool],
        censoring: Censoring,
        rules: Rules,
    ) -> Self {
        let counts = vec![vec![Counted::default(); cut.count]; watched.codes.len() + 1];
        Self { cut, watched, conversion, censoring, rules, counts }
    }

    fn part(&mut self, stretch: usize, touchpoints: &[u32]) {
        let converts = |code: &u32| self.conversion.get(*code as usize).copied().unwrap_or_default();
        let part = Counted { parts: 1, converted: u64::from(touchpoints.iter().any(converts)) };
        let place = |code: &u32| self.watched.places.get(*code as usize).copied().filter(|place| *place != NONE);
        let mut visited: Vec<usize> = touchpoints.iter().filter_map(place).map(|place| place as usize + 1).collect();
        visited.sort_unstable();
        visited.dedup();
        for thing in std::iter::once(0).chain(visited) {
            if let Some(counted) = self.counts.get_mut(thing).and_then(|row| row.get_mut(stretch)) {
                *counted = counted.plus(part);
            }
        }
    }

    /// The changes at one thing that is watched, where each stretch has its adjusted p-value if it is significantly worse.
    fn changes_at(&self, thing: usize, worse: &[Option<f64>], names: &LogNames) -> Vec<(u64, usize, usize, Change)> {
        let row = self.counts.get(thing).map(Vec::as_slice).unwrap_or_default();
        let all = row.iter().copied().fold(Counted::default(), Counted::plus);
        let code = thing.checked_sub(1).and_then(|place| self.watched.codes.get(place));
        let mut start = 0;
        let mut found = Vec::new();
        for run in worse.chunk_by(|a, b| a.is_some() == b.is_some()) {
            let end = start + run.len();
            if run.first().is_some_and(Option::is_some) {
                let own =
                    row.get(start..end).unwrap_or_default().iter().copied().fold(Counted::default(), Counted::plus);
                let (share, rest) = (own.share(self.rules.confidence), all.less(own).share(self.rules.confidence));
                let difference = ShareDifference::new(&rest, &share);
                let change = Change {
                    touchpoint: code.map(|code| names.touchpoints.name(*code).to_owned()),
                    since: self.cut.begin(start),
                    until: self.cut.begin(end),
                    p_adjusted: run.iter().copied().flatten().reduce(f64::max),
                    distinctive: None,
                    conversion: share,
                    rest,
                    difference,
                };
                found.push((lost(&change), start, end, change));
            }
            start = end;
        }
        found
    }

    /// The touchpoint whose share of visitors differs most between these stretches and all others.
    fn distinctive(&self, start: usize, end: usize, names: &LogNames) -> Option<DistinctiveTouchpoint> {
        let parts = |thing: usize| -> (u64, u64) {
            let row = self.counts.get(thing).map(Vec::as_slice).unwrap_or_default();
            let sum = |part: &[Counted]| part.iter().map(|counted| counted.parts).sum::<u64>();
            let own = sum(row.get(start..end).unwrap_or_default());
            (own, sum(row) - own)
        };
        let (own, others) = parts(0);
        let share = |n: u64, of: u64| Share::new(n, of, self.rules.confidence);
        let mut found: Vec<DistinctiveTouchpoint> = Vec::new();
        for (thing, code) in (1..).zip(&self.watched.codes) {
            let (here, elsewhere) = parts(thing);
            let (share, rest) = (share(here, own), share(elsewhere, others));
            let difference = ShareDifference::new(&rest, &share);
            let touchpoint = names.touchpoints.name(*code).to_owned();
            found.push(DistinctiveTouchpoint { touchpoint, share, rest, difference, p_adjusted: None });
        }
        let p_values: Vec<Option<f64>> = found.iter().map(|one| one.difference.p_value).collect();
        let verdicts = stats::judge(&p_values, self.rules.false_discovery_rate);
        let size = |one: &DistinctiveTouchpoint| billionths(one.difference.cohen_h.unwrap_or_default().abs());
        let significant = found.into_iter().zip(verdicts).filter(|(_, verdict)| verdict.significant == Some(true));
        let largest = significant.reduce(|best, next| if size(&next.0) > size(&best.0) { next } else { best });
        largest.map(|(one, verdict)| DistinctiveTouchpoint { p_adjusted: verdict.p_adjusted, ..one })
    }
}

/// How many conversions a change costs at least, in billionths, so that rounding does not decide.
fn lost(change: &Change) -> u64 {
    billionths(change.difference.high.map_or(0.0, |high| (-high * float(change.conversion.of)).max(0.0)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates; not below 0")]
fn billionths(value: f64) -> u64 {
    (value * 1e9).round() as u64
}

impl Fold for ChangesFold<'_> {
    type Report = Changes;

    fn journey(&mut self, journey: Journey<'_>) {
        let Some(times) = journey.times().filter(|_| !self.censoring.is_open(journey)) else { return };
        let cut = self.cut;
        let mut rest = journey.touchpoints();
        for part in times.chunk_by(|a, b| cut.stretch(*a) == cut.stretch(*b)) {
            let (here, later) = rest.split_at_checked(part.len()).unwrap_or_default();
            rest = later;
            if let Some(at) = part.first() {
                self.part(cut.stretch(*at), here);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (row, more) in self.counts.iter_mut().zip(other.counts) {
            for (counted, more) in row.iter_mut().zip(more) {
                *counted = counted.plus(more);
            }
        }
    }

    fn finish(self, names: &LogNames) -> Changes {
        let Rules { min_n, false_discovery_rate, confidence } = self.rules;
        let mut differences: Vec<Option<ShareDifference>> = Vec::new();
        for row in &self.counts {
            let all = row.iter().copied().fold(Counted::default(), Counted::plus);
            differences.extend(row.iter().map(|own| {
                let rest = all.less(*own);
                let enough = own.parts >= min_n && rest.parts >= min_n;
                enough.then(|| ShareDifference::new(&rest.share(confidence), &own.share(confidence)))
            }));
        }
        let p_values: Vec<Option<f64>> = differences.iter().map(|found| found.as_ref()?.p_value).collect();
        let verdicts = stats::judge(&p_values, false_discovery_rate);
        let worse: Vec<Option<f64>> = differences
            .iter()
            .zip(verdicts)
            .map(|(found, verdict)| {
                let less = found.as_ref().and_then(|found| found.difference).is_some_and(|difference| difference < 0.0);
                verdict.p_adjusted.filter(|_| less && verdict.significant == Some(true))
            })
            .collect();
        let things = worse.chunks(self.cut.count).enumerate();
        let mut found: Vec<_> = things.flat_map(|(thing, worse)| self.changes_at(thing, worse, names)).collect();
        // What costs most first; of the same weeks that which shows it best.
        found.sort_rows_by_key(|(lost, start, ..)| (Reverse(*lost), *start));
        let mut kept: Vec<(usize, usize, Change)> = Vec::new();
        for (lost, start, end, change) in found {
            if lost > 0 && kept.iter().all(|(from, to, _)| end <= *from || *to <= start) {
                kept.push((start, end, change));
            }
        }
        let rows = kept.into_iter().map(|(start, end, change)| {
            let distinctive = self.distinctive(start, end, names);
            Change { distinctive, ..change }
        });
        let parts = self.counts.first().map_or(0, |row| row.iter().map(|counted| counted.parts).sum());
        Changes {
            stretches: self.cut.count as u64,
            stretch_seconds: Some(stats::seconds(self.cut.length.into())),
            parts,
            tests: p_values.iter().flatten().count() as u64,
            rows: rows.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;

    /// Journeys on one day each: the day, whether they go by the help desk, and whether they pay.
    fn log(journeys: &[(i64, bool, bool)]) -> EventLog {
        let mut log = EventLog::builder();
        for (number, (day, help, pays)) in journeys.iter().enumerate() {
            let id = number.to_string();
            let at = |minute: i64| Timestamp::from_micros(MONDAY + day * DAY + minute * 60_000_000).unwrap();
            log = log.event(Event::new(&id, "cart", at(0)));
            log = if *help { log.event(Event::new(&id, "help", at(1))) } else { log };
            log = if *pays { log.event(Event::new(&id, "pay", at(2))) } else { log };
        }
        log.build().unwrap()
    }

    fn changes(log: &EventLog) -> Changes {
        let rules = Rules { min_n: 5, false_discovery_rate: 0.05, confidence: 0.95 };
        super::changes(log, &["pay".into()], &["cart", "help"], None, rules).unwrap()
    }

    #[test]
    fn days_beside_each_other_that_are_worse_are_one_change() {
        // Twenty days of 10 journeys; all pay, but on the ninth and tenth day none does, and all ask for help.
        let journeys: Vec<_> = (0..20).flat_map(|day| [(day, day / 2 == 4, day / 2 != 4); 10]).collect();
        let found = changes(&log(&journeys));
        assert_eq!((found.stretches, found.stretch_seconds, found.parts), (20, Some(86_400.0), 200));
        let [change] = found.rows.as_slice() else { panic!("{:?}", found.rows) };
        assert_eq!((change.since.as_str(), change.until.as_str()), ("1970-01-13T00:00:00Z", "1970-01-15T00:00:00Z"));
        assert_eq!((change.conversion.n, change.conversion.of), (0, 20));
        assert_eq!((change.rest.n, change.rest.of), (180, 180));
        let distinctive = change.distinctive.as_ref().unwrap();
        assert_eq!((distinctive.touchpoint.as_str(), distinctive.share.n, distinctive.rest.n), ("help", 20, 0));
    }

    #[test]
    fn where_no_day_is_worse_there_is_no_change() {
        let journeys: Vec<_> = (0..10).flat_map(|day| [(day, false, true), (day, false, false)]).collect();
        assert_eq!(changes(&log(&journeys)).rows, []);
    }

    #[test]
    fn stretches_are_the_shortest_that_are_few_enough() {
        let span = |days: i64| {
            Cut::new(&log(&[(0, false, true), (days, false, true)])).map(|cut| (cut.length / DAY, cut.count))
        };
        assert_eq!(span(59), Some((1, 60)));
        assert_eq!(span(60), Some((7, 9)), "days would be 61");
        assert_eq!(span(420), Some((28, 16)), "weeks would be 61");
        assert_eq!(Cut::new(&EventLog::builder().build().unwrap()), None);
    }

    #[test]
    fn a_long_journey_is_cut_into_its_parts() {
        let at = |day: i64| Timestamp::from_micros(MONDAY + day * DAY).unwrap();
        let mut log = EventLog::builder();
        for day in 0..8 {
            log = log.event(Event::new("ann", if day < 7 { "cart" } else { "pay" }, at(day)));
        }
        let found = changes(&log.build().unwrap());
        assert_eq!((found.stretches, found.parts, found.rows.len()), (8, 8, 0));
    }
}
