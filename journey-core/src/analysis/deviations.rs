//! Where customers leave the map, in the words of customer-journey research, and what it costs.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::alignment::{Aligner, Move};
use super::censoring::Censoring;
use super::proportions::ShareDifference;
use super::stats::{self, Share};
use super::variant_counts::VariantCounts;
use crate::duration::Duration;
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::map::JourneyMap;
use crate::sorting::SortRows;
use crate::task::walk;
use crate::threads::map_each;

/// Options for [`deviations`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct DeviationOptions {
    /// Touchpoints of which a journey must reach one to have converted; those of the map's outcome if none are given.
    pub conversion: Vec<String>,
    /// How long a journey must be silent before observation ends to be finished; if not given, all are finished. A
    /// journey that is still open does not break off.
    pub inactive_after: Option<Duration>,
    /// The most rows the report lists; all if not given.
    pub limit: Option<u64>,
    /// The most journeys named as examples of a deviation.
    pub examples: u64,
    /// The false discovery rate at which a difference in conversion counts as significant.
    pub false_discovery_rate: f64,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for DeviationOptions {
    fn default() -> Self {
        Self {
            conversion: Vec::new(),
            inactive_after: None,
            limit: None,
            examples: 3,
            false_discovery_rate: 0.05,
            confidence: stats::CONFIDENCE,
        }
    }
}

/// Where customers leave the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Deviations {
    /// Journeys in the log.
    pub journeys: u64,
    /// Journeys that may still go on.
    pub open_journeys: u64,
    /// The journeys that deviate from the map somewhere; of none if no entry of the map leads to an exit, since nothing
    /// can be compared with such a map.
    pub deviating: Share,
    /// The touchpoints of which a journey must reach one to have converted.
    pub conversion: Vec<String>,
    /// The deviations, those of the most journeys first, ties by kind and name.
    pub rows: Vec<Deviation>,
    /// Rows that the limit cut off.
    pub rows_left_out: u64,
}

/// One way in which customers deviate from the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Deviation {
    /// What sort of deviation it is.
    pub kind: DeviationKind,
    /// The touchpoint.
    pub touchpoint: String,
    /// The journeys with this deviation.
    pub journeys: Share,
    /// How often it happened, more than once in some journeys.
    pub count: u64,
    /// The finished journeys with it that converted; `None` if nothing says what a conversion is.
    pub conversion: Option<Share>,
    /// The finished journeys without it that converted.
    pub conversion_without: Option<Share>,
    /// How far conversion with it lies above that without it.
    pub difference: Option<ShareDifference>,
    /// The p-value of the difference, adjusted for the number of deviations by Benjamini and Hochberg (1995).
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate. It goes with the deviation; it need not come
    /// from it.
    pub significant: Option<bool>,
    /// What happened, in a sentence.
    pub sentence: String,
    /// The first journeys with it, in the order of the log.
    pub examples: Vec<String>,
}

/// The sorts of deviation, after Halvorsrud, Kvale and Følstad (2016).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeviationKind {
    /// The customer was at a touchpoint that the map does not have.
    AdHoc,
    /// The customer left out a touchpoint that the map expects between two others, or first.
    Missing,
    /// The customer was at a touchpoint of the map where the map does not expect it: out of order, or once more.
    Irregular,
    /// The journey broke off after this touchpoint, before an exit of the map.
    Failing,
}

/// Finds where customers leave the map: touchpoints it does not have, left out, out of order, and where journeys break
/// off.
///
/// Each journey is aligned with the map as [`align`](crate::align) does. A move of the log is ad hoc if the map does not
/// have the touchpoint, else irregular. A move of the model is a missing touchpoint, unless the journey visits it
/// elsewhere: then it is part of that irregularity. If touchpoints are missing after the last event, the journey broke
/// off: that is one failing touchpoint, the last event's, and not a list of missing ones.
///
/// An event is at the touchpoint whose id is its name; [`EventLog::with_map`] brings a log with other names to the map first.
///
/// ```
/// use journey_core::{DeviationOptions, Event, EventLog, JourneyMap, Stage, Touchpoint, Transition, deviations};
///
/// let map = JourneyMap::builder("Shop")
///     .stage(Stage::new("buy", "Buy"))
///     .touchpoint(Touchpoint::new("visit", "Visit", "buy"))
///     .touchpoint(Touchpoint::new("pay", "Pay", "buy"))
///     .transition(Transition::new("visit", "pay"))
///     .build()?;
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "phone", "2024-03-13T10:03:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let found = deviations(&map, &log, &DeviationOptions::default())?;
/// assert_eq!(found.rows[0].sentence, "in 1 of 1 journeys, customers were at `phone`, which the map does not have");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, a conversion is not in the log, or log and map share more than 5,000 touchpoints.
///
/// # Complexity
/// O(events) to find the variants, then for each variant its length times its distinct touchpoints.
pub fn deviations(map: &JourneyMap, log: &EventLog, options: &DeviationOptions) -> Result<Deviations> {
    stats::check_confidence(options.confidence)?;
    stats::check_open_unit("false_discovery_rate", options.false_discovery_rate)?;
    let conversion = conversions(map, log, options)?;
    let aligner = Aligner::new(map, log.names())?;
    let censoring = Censoring::new(log, options.inactive_after)?;
    let paths = fold(log, || OpenPathsFold::new(log, censoring));
    let found = map_each(paths, |(path, open, count)| {
        let deviations = in_path(&aligner, map, log.names(), path, open);
        Found { converted: path.iter().any(|code| conversion.contains(code)), path, open, count, deviations }
    });
    let journeys = log.customers();
    let count = |those: fn(&Found) -> bool| found.iter().filter(|one| those(one)).map(|one| one.count).sum::<u64>();
    let (finished, converted) = (count(|one| !one.open), count(|one| !one.open && one.converted));
    let all = Tally { journeys, count: 0, finished, converted };
    let comparable = if aligner.shortest().is_some() { journeys } else { 0 };
    let mut examples = examples(log, censoring, &found, options.examples);
    let mut rows: Vec<Deviation> = tallies(&found)
        .into_iter()
        .map(|(what, tally)| {
            let examples = examples.remove(&what).unwrap_or_default();
            let row = row(what, tally, journeys, examples, options);
            if conversion.is_empty() { row } else { with_conversion(row, tally, all, options) }
        })
        .collect();
    judge(&mut rows, options.false_discovery_rate);
    rows.sort_rows_by_key(|row| std::cmp::Reverse(row.journeys.n));
    Ok(Deviations {
        journeys,
        open_journeys: count(|one| one.open),
        deviating: Share::new(count(|one| !one.deviations.is_empty()), comparable, options.confidence),
        conversion: conversion.iter().map(|code| log.touchpoints().name(*code).to_owned()).collect(),
        rows_left_out: super::cut(&mut rows, options.limit),
        rows,
    })
}

/// The conversions that the options name, else those of the map that the log has.
fn conversions(map: &JourneyMap, log: &EventLog, options: &DeviationOptions) -> Result<Vec<u32>> {
    let mut codes: Vec<u32> = if options.conversion.is_empty() {
        map.outcome().conversions.iter().filter_map(|id| log.touchpoints().code(id)).collect()
    } else {
        options.conversion.iter().map(|id| log.touchpoint_code(id, "conversion")).collect::<Result<_>>()?
    };
    // A log without events names no touchpoint.
    codes.retain(|code| !log.touchpoints().name(*code).is_empty());
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}

/// A sort of deviation at a touchpoint.
type What = (DeviationKind, String);

/// Journeys of one path, with how they deviate.
struct Found<'a> {
    path: &'a [u32],
    open: bool,
    count: u64,
    converted: bool,
    deviations: BTreeMap<What, u64>,
}

/// The deviations of a path, each with how often it happens.
fn in_path(aligner: &Aligner<'_>, map: &JourneyMap, names: &LogNames, path: &[u32], open: bool) -> BTreeMap<What, u64> {
    let moves = aligner.moves(path).unwrap_or_default();
    let last_event = moves.iter().rposition(|one| !matches!(one, Move::Map(_))).map_or(0, |place| place + 1);
    let (journey, rest) = moves.split_at_checked(last_event).unwrap_or_default();
    // What the map expects and the journey has, but elsewhere, is out of order and not left out.
    let elsewhere =
        |node| journey.iter().any(|one| matches!(one, Move::Log(code) if aligner.node(*code) == Some(node)));
    let mut found = BTreeMap::new();
    let mut add = |kind, touchpoint: &str| *found.entry((kind, touchpoint.to_owned())).or_default() += 1;
    for one in journey {
        match one {
            Move::Both(_) => {}
            Move::Log(code) if aligner.node(*code).is_none() => {
                add(DeviationKind::AdHoc, names.touchpoints.name(*code));
            }
            Move::Log(code) => add(DeviationKind::Irregular, names.touchpoints.name(*code)),
            Move::Map(node) => {
                if let Some(touchpoint) = map.graph().node_weight(*node).filter(|_| !elsewhere(*node)) {
                    add(DeviationKind::Missing, &touchpoint.id);
                }
            }
        }
    }
    let left_out = |one: &Move| matches!(one, Move::Map(node) if !elsewhere(*node));
    if let Some(last) = path.last().filter(|_| !open && rest.iter().any(left_out)) {
        add(DeviationKind::Failing, names.touchpoints.name(*last));
    }
    found
}

/// How much there is of something.
#[derive(Clone, Copy, Default)]
struct Tally {
    journeys: u64,
    count: u64,
    /// Those of the journeys that are not open, and of these those that converted.
    finished: u64,
    converted: u64,
}

fn tallies(found: &[Found]) -> BTreeMap<What, Tally> {
    let mut tallies: BTreeMap<What, Tally> = BTreeMap::new();
    for one in walk(found.iter()) {
        for (what, times) in &one.deviations {
            let tally = tallies.entry(what.clone()).or_default();
            tally.journeys += one.count;
            tally.count += one.count * times;
            tally.finished += if one.open { 0 } else { one.count };
            tally.converted += if one.converted && !one.open { one.count } else { 0 };
        }
    }
    tallies
}

/// The first journeys with each deviation.
fn examples(log: &EventLog, censoring: Censoring, found: &[Found], most: u64) -> FxHashMap<What, Vec<String>> {
    let by_path: FxHashMap<(&[u32], bool), &Found> = found.iter().map(|one| ((one.path, one.open), one)).collect();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut examples: FxHashMap<What, Vec<String>> = FxHashMap::default();
    for journey in walk(log.journeys()) {
        let path = (journey.touchpoints(), censoring.is_open(journey));
        // A journey that stands for several customers is an example as often.
        let customers = usize::try_from(journey.weight()).unwrap_or(usize::MAX);
        for what in by_path.get(&path).into_iter().flat_map(|one| one.deviations.keys()).filter(|_| most > 0) {
            let ids = examples.entry(what.clone()).or_default();
            let more = customers.min(most.saturating_sub(ids.len()));
            ids.extend(std::iter::repeat_n(journey.id().to_owned(), more));
        }
    }
    examples
}

fn row(what: What, tally: Tally, of: u64, examples: Vec<String>, options: &DeviationOptions) -> Deviation {
    let (kind, touchpoint) = what;
    let n = tally.journeys;
    let sentence = match kind {
        DeviationKind::AdHoc => {
            format!("in {n} of {of} journeys, customers were at `{touchpoint}`, which the map does not have")
        }
        DeviationKind::Missing => format!("in {n} of {of} journeys, customers left out `{touchpoint}`"),
        DeviationKind::Irregular => {
            format!("in {n} of {of} journeys, customers were at `{touchpoint}` where the map does not expect it")
        }
        DeviationKind::Failing => format!("{n} of {of} journeys broke off after `{touchpoint}`"),
    };
    Deviation {
        kind,
        touchpoint,
        journeys: Share::new(n, of, options.confidence),
        count: tally.count,
        conversion: None,
        conversion_without: None,
        difference: None,
        p_adjusted: None,
        significant: None,
        sentence,
        examples,
    }
}

fn with_conversion(row: Deviation, tally: Tally, all: Tally, options: &DeviationOptions) -> Deviation {
    let with = Share::new(tally.converted, tally.finished, options.confidence);
    let others = (all.converted - tally.converted, all.finished - tally.finished);
    let without = Share::new(others.0, others.1, options.confidence);
    let difference = Some(ShareDifference::new(&without, &with));
    Deviation { conversion: Some(with), conversion_without: Some(without), difference, ..row }
}

fn judge(rows: &mut [Deviation], false_discovery_rate: f64) {
    let p_values: Vec<Option<f64>> = rows.iter().map(|row| row.difference.as_ref()?.p_value).collect();
    for (row, verdict) in rows.iter_mut().zip(stats::judge(&p_values, false_discovery_rate)) {
        row.p_adjusted = verdict.p_adjusted;
        row.significant = verdict.significant;
    }
}

/// How often each path was taken, by journeys that are open and by those that are not.
pub(super) struct OpenPathsFold<'a> {
    censoring: Censoring,
    open: VariantCounts<'a>,
    finished: VariantCounts<'a>,
}

impl<'a> OpenPathsFold<'a> {
    pub(super) fn new(log: &'a EventLog, censoring: Censoring) -> Self {
        Self { censoring, open: VariantCounts::new(log), finished: VariantCounts::new(log) }
    }
}

impl<'a> Fold for OpenPathsFold<'a> {
    type Report = Vec<(&'a [u32], bool, u64)>;

    fn journey(&mut self, journey: Journey<'_>) {
        self.journeys(journey, 1);
    }

    fn journeys(&mut self, journey: Journey<'_>, customers: u64) {
        let counts = if self.censoring.is_open(journey) { &mut self.open } else { &mut self.finished };
        counts.add(journey, customers);
    }

    fn merge(&mut self, other: Self) {
        self.open.merge(other.open);
        self.finished.merge(other.finished);
    }

    fn finish(self, _: &LogNames) -> Self::Report {
        let open = self.open.most_frequent_first().into_iter().map(|(path, count)| (path, true, count));
        open.chain(self.finished.most_frequent_first().into_iter().map(|(path, count)| (path, false, count))).collect()
    }
}
