//! How the groups of an attribute do beside each other.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::censoring::Censoring;
use super::proportions::{ShareDifference, chi_squared};
use super::stats::{self, Share, TimeStats};
use crate::duration::Duration;
use crate::error::Result;
use crate::log::{EventLog, Fold, Groups, Journey, LogNames, fold};
use crate::sorting::SortRows;
use crate::threads::sort;

/// Options for [`segments`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct SegmentOptions {
    /// Touchpoints of which a journey must reach one to count as converted; conversion is not compared if not given.
    pub conversion: Vec<String>,
    /// Journeys whose last event lies less than this before the end of the log are open, and left out; if not given, all
    /// journeys are taken as finished.
    pub inactive_after: Option<Duration>,
    /// The most rows the report lists; all if not given.
    pub limit: Option<u64>,
    /// The share of false findings accepted among those called significant.
    pub false_discovery_rate: f64,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for SegmentOptions {
    fn default() -> Self {
        Self {
            conversion: Vec::new(),
            inactive_after: None,
            limit: None,
            false_discovery_rate: 0.05,
            confidence: stats::CONFIDENCE,
        }
    }
}

/// The groups of an attribute beside each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Segments {
    /// The attribute.
    pub attribute: String,
    /// Finished journeys in the log, which everything is about.
    pub journeys: u64,
    /// Journeys that are still open, and left out.
    pub open_journeys: u64,
    /// Finished journeys without a value of the attribute, which are in no row.
    pub without_value: u64,
    /// The p-value of the chi-squared test that all groups convert alike; `None` where there is nothing to compare.
    pub conversion_p_value: Option<f64>,
    /// The false discovery rate, as asked for, by the method of Benjamini and Hochberg.
    pub false_discovery_rate: f64,
    /// A row for each value that a journey has; most journeys first, ties by name.
    pub rows: Vec<SegmentRow>,
    /// Rows that the limit cut off; their tests count in the adjusted p-values.
    pub rows_left_out: u64,
}

/// The journeys with one value of the attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SegmentRow {
    /// The value.
    pub value: String,
    /// Journeys with it.
    pub journeys: u64,
    /// Their events.
    pub events: u64,
    /// Mean number of events per journey.
    pub events_per_journey: Option<f64>,
    /// The journeys that convert; `None` if no conversion was named.
    pub conversion: Option<Share>,
    /// How far that lies above the conversion of all other journeys that have a value.
    pub conversion_difference: Option<ShareDifference>,
    /// The p-value of that difference, adjusted by Benjamini and Hochberg for the number of rows.
    pub conversion_p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate; `None` where there is no test.
    pub conversion_significant: Option<bool>,
    /// Throughput time: from the first event of a journey to its last; `None` if the log has no times.
    pub throughput: Option<TimeStats>,
    /// Journeys with a score.
    pub scored_journeys: u64,
    /// The mean over the journeys of their mean score.
    pub score: Option<f64>,
    /// Lower end of the score's t interval.
    pub score_low: Option<f64>,
    /// Upper end of the score's t interval.
    pub score_high: Option<f64>,
    /// The touchpoint whose share of visitors differs most from that among all others; `None` if none does significantly.
    pub distinctive: Option<DistinctiveTouchpoint>,
}

/// A touchpoint that one group visits more or less often than all others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DistinctiveTouchpoint {
    /// The touchpoint.
    pub touchpoint: String,
    /// The journeys of the group that visit it.
    pub share: Share,
    /// The journeys of all other groups that visit it.
    pub rest: Share,
    /// How far the first lies above the second.
    pub difference: ShareDifference,
    /// The p-value of the difference, adjusted by Benjamini and Hochberg for all groups and touchpoints.
    pub p_adjusted: Option<f64>,
}

/// Shows the groups of an attribute beside each other: size, conversion, time, score, and what sets each apart.
///
/// The value of a journey is that of its first event that has one. Each group is tested against all other journeys with a
/// value, in its conversion and in its visits of each touchpoint; each family of tests is corrected by the method of
/// Benjamini and Hochberg. The most distinctive touchpoint is that with the largest Cohen's h among the significant ones.
///
/// ```
/// use journey_core::{Event, EventLog, SegmentOptions, segments};
///
/// let log = EventLog::builder()
///     .attribute("plan")
///     .event_with(Event::new("ann", "pay", "2024-03-13".parse()?), [Some("pro")])
///     .event_with(Event::new("bob", "leave", "2024-03-13".parse()?), [Some("free")])
///     .event_with(Event::new("eve", "leave", "2024-03-13".parse()?), [None])
///     .build()?;
/// let options = SegmentOptions { conversion: vec!["pay".into()], ..Default::default() };
/// let report = segments(&log, "plan", &options)?;
/// assert_eq!((report.rows[0].value.as_str(), report.without_value), ("free", 1));
/// assert_eq!(report.rows[1].conversion.as_ref().and_then(|c| c.share), Some(1.0));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, or the log has no such attribute or touchpoint (unless it is empty).
///
/// # Complexity
/// O(events + values × touchpoints).
pub fn segments(log: &EventLog, attribute: &str, options: &SegmentOptions) -> Result<Segments> {
    stats::check_confidence(options.confidence)?;
    stats::check_open_unit("false_discovery_rate", options.false_discovery_rate)?;
    let groups = log.groups(attribute, "attribute")?;
    let conversion = options.conversion.iter().map(|name| log.touchpoint_code(name, "conversion"));
    let conversion = conversion.collect::<Result<Vec<u32>>>()?;
    let censoring = Censoring::new(log, options.inactive_after)?;
    Ok(fold(log, || SegmentsFold::new(attribute, groups, &conversion, censoring, options)))
}

pub(super) struct SegmentsFold<'a> {
    options: SegmentOptions,
    attribute: String,
    groups: Groups<'a>,
    conversion: Vec<u32>,
    censoring: Censoring,
    open: u64,
    without_value: u64,
    /// By the code of the value.
    segments: Vec<Segment>,
}

#[derive(Clone, Default)]
struct Segment {
    journeys: u64,
    events: u64,
    converted: u64,
    durations: Vec<i64>,
    /// The mean score of each journey that has one.
    scores: Vec<f64>,
    /// Journeys that visit each touchpoint.
    visits: FxHashMap<u32, u64>,
}

impl<'a> SegmentsFold<'a> {
    pub(super) fn new(
        attribute: &str,
        groups: Groups<'a>,
        conversion: &[u32],
        censoring: Censoring,
        options: &SegmentOptions,
    ) -> Self {
        Self {
            options: options.clone(),
            attribute: attribute.to_owned(),
            groups,
            conversion: conversion.to_vec(),
            censoring,
            open: 0,
            without_value: 0,
            segments: vec![Segment::default(); groups.names().len()],
        }
    }

    fn row(&self, value: &str, segment: &mut Segment, rest: Others) -> SegmentRow {
        let confidence = self.options.confidence;
        let (journeys, events) = (segment.journeys, segment.events);
        let conversion = (!self.conversion.is_empty()).then(|| Share::new(segment.converted, journeys, confidence));
        let others = Share::new(rest.converted, rest.journeys, confidence);
        let score = stats::score_stats(&mut segment.scores, confidence);
        SegmentRow {
            value: value.to_owned(),
            journeys,
            events,
            events_per_journey: stats::ratio(events, journeys),
            conversion_difference: conversion.as_ref().map(|own| ShareDifference::new(&others, own)),
            conversion,
            conversion_p_adjusted: None,
            conversion_significant: None,
            throughput: stats::time_stats(&mut segment.durations, confidence),
            scored_journeys: score.n,
            score: score.mean,
            score_low: score.low,
            score_high: score.high,
            distinctive: None,
        }
    }

    /// Marks which groups convert otherwise than all others.
    fn judge(&self, rows: &mut [SegmentRow]) {
        let p_value = |row: &SegmentRow| row.conversion_difference.as_ref().and_then(|found| found.p_value);
        let p_values: Vec<Option<f64>> = rows.iter().map(p_value).collect();
        for (row, verdict) in rows.iter_mut().zip(stats::judge(&p_values, self.options.false_discovery_rate)) {
            row.conversion_p_adjusted = verdict.p_adjusted;
            row.conversion_significant = verdict.significant;
        }
    }

    /// Names the touchpoint that sets each group apart; `visits` are those of each row, by touchpoint.
    fn distinguish(&self, rows: &mut [SegmentRow], visits: &[FxHashMap<u32, u64>], names: &LogNames) {
        let mut all: FxHashMap<u32, u64> = FxHashMap::default();
        // Counts add up the same in any order.
        for (touchpoint, journeys) in visits.iter().flatten() {
            *all.entry(*touchpoint).or_default() += journeys;
        }
        let mut touchpoints: Vec<(u32, u64)> = all.into_iter().collect();
        sort(&mut touchpoints, Ord::cmp);
        let valued: u64 = rows.iter().map(|row| row.journeys).sum();
        let share = |n, of| Share::new(n, of, self.options.confidence);
        let mut tests = Vec::new();
        for (place, (row, own)) in rows.iter().zip(visits).enumerate() {
            for (touchpoint, journeys) in &touchpoints {
                let here = own.get(touchpoint).copied().unwrap_or(0);
                let found =
                    ShareDifference::new(&share(journeys - here, valued - row.journeys), &share(here, row.journeys));
                tests.extend(found.p_value.map(|p_value| (place, *touchpoint, here, p_value, size(&found))));
            }
        }
        let p_values: Vec<f64> = tests.iter().map(|(.., p_value, _)| *p_value).collect();
        let mut largest: FxHashMap<usize, i64> = FxHashMap::default();
        for ((place, touchpoint, here, _, size), adjusted) in tests.iter().zip(stats::benjamini_hochberg(&p_values)) {
            let Some(row) = rows.get_mut(*place) else { continue };
            if adjusted > self.options.false_discovery_rate || largest.get(place).is_some_and(|before| before >= size) {
                continue;
            }
            largest.insert(*place, *size);
            let everywhere = touchpoints.binary_search_by_key(touchpoint, |(code, _)| *code).ok();
            let everywhere = everywhere.and_then(|place| touchpoints.get(place)).map_or(0, |(_, journeys)| *journeys);
            let (own, rest) = (share(*here, row.journeys), share(everywhere - here, valued - row.journeys));
            row.distinctive = Some(DistinctiveTouchpoint {
                touchpoint: names.touchpoints.name(*touchpoint).to_owned(),
                difference: ShareDifference::new(&rest, &own),
                share: own,
                rest,
                p_adjusted: Some(adjusted),
            });
        }
    }
}

/// The size of Cohen's h to nine decimals: beyond that rounding would decide.
#[expect(clippy::cast_possible_truncation, reason = "h is at most pi")]
fn size(found: &ShareDifference) -> i64 {
    found.cohen_h.map_or(0, |h| (h.abs() * 1e9).round() as i64)
}

/// All journeys with a value but those of a row.
#[derive(Clone, Copy)]
struct Others {
    journeys: u64,
    converted: u64,
}

impl Fold for SegmentsFold<'_> {
    type Report = Segments;

    fn journey(&mut self, journey: Journey<'_>) {
        if self.censoring.is_open(journey) {
            self.open += 1;
            return;
        }
        let Some(code) = self.groups.of(journey) else {
            self.without_value += 1;
            return;
        };
        let Some(segment) = self.segments.get_mut(code as usize) else { return };
        segment.journeys += 1;
        segment.events += journey.len() as u64;
        segment.durations.extend(journey.throughput());
        let mut touchpoints = journey.touchpoints().to_vec();
        touchpoints.sort_unstable();
        touchpoints.dedup();
        segment.converted += u64::from(touchpoints.iter().any(|touchpoint| self.conversion.contains(touchpoint)));
        for touchpoint in touchpoints {
            *segment.visits.entry(touchpoint).or_default() += 1;
        }
        let mut scores: Vec<f64> = journey.scores().flatten().collect();
        scores.sort_unstable_by(f64::total_cmp);
        segment.scores.extend(stats::mean_of_sorted(&scores));
    }

    fn merge(&mut self, other: Self) {
        self.open += other.open;
        self.without_value += other.without_value;
        for (segment, more) in self.segments.iter_mut().zip(other.segments) {
            segment.journeys += more.journeys;
            segment.events += more.events;
            segment.converted += more.converted;
            segment.durations.extend(more.durations);
            segment.scores.extend(more.scores);
            #[expect(clippy::iter_over_hash_type, reason = "counts add up the same in any order")]
            for (touchpoint, journeys) in more.visits {
                *segment.visits.entry(touchpoint).or_default() += journeys;
            }
        }
    }

    fn finish(mut self, names: &LogNames) -> Segments {
        let mut segments: Vec<(&str, Segment)> =
            self.groups.names().iter().zip(std::mem::take(&mut self.segments)).collect();
        segments.retain(|(_, segment)| segment.journeys > 0);
        segments.sort_rows_by_key(|(_, segment)| std::cmp::Reverse(segment.journeys));
        let sum = |count: fn(&Segment) -> u64| segments.iter().map(|(_, segment)| count(segment)).sum::<u64>();
        let (valued, converted) = (sum(|segment| segment.journeys), sum(|segment| segment.converted));
        let table: Vec<[u64; 2]> =
            segments.iter().map(|(_, one)| [one.converted, one.journeys - one.converted]).collect();
        let mut rows = Vec::with_capacity(segments.len());
        for (value, segment) in &mut segments {
            let rest = Others { journeys: valued - segment.journeys, converted: converted - segment.converted };
            rows.push(self.row(value, segment, rest));
        }
        self.judge(&mut rows);
        let visits: Vec<FxHashMap<u32, u64>> = segments.into_iter().map(|(_, segment)| segment.visits).collect();
        self.distinguish(&mut rows, &visits, names);
        let rows_left_out = super::cut(&mut rows, self.options.limit);
        Segments {
            attribute: self.attribute,
            journeys: valued + self.without_value,
            open_journeys: self.open,
            without_value: self.without_value,
            conversion_p_value: if self.conversion.is_empty() { None } else { chi_squared(&table) },
            false_discovery_rate: self.options.false_discovery_rate,
            rows,
            rows_left_out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;

    #[test]
    fn what_sets_a_group_apart_is_named_only_where_it_can_not_be_chance() {
        let mut log = EventLog::builder().attribute("plan");
        for (customer, plan) in
            [(0..30, "free"), (30..40, "pro")].into_iter().flat_map(|(n, plan)| n.map(move |n| (n, plan)))
        {
            // All of pro call, and one of free; every second of all rates.
            let id = format!("c{customer:02}");
            let calls = plan == "pro" || customer == 0;
            log = log.event_with(Event::new(&id, "visit", "2024-03-13".parse().unwrap()), [Some(plan)]);
            for (touchpoint, does) in [("call", calls), ("rate", customer % 2 == 0)] {
                if does {
                    log = log.event_with(Event::new(&id, touchpoint, "2024-03-14".parse().unwrap()), [Some(plan)]);
                }
            }
        }
        let report = segments(&log.build().unwrap(), "plan", &SegmentOptions::default()).unwrap();
        let named = |row: &SegmentRow| row.distinctive.as_ref().map(|d| (d.touchpoint.clone(), d.share.n, d.rest.n));
        assert_eq!(
            report.rows.iter().map(named).collect::<Vec<_>>(),
            [Some(("call".to_owned(), 1, 10)), Some(("call".to_owned(), 10, 1))]
        );
    }
}
