//! Where customers are at each step of their journey, all of them or around a touchpoint; and where two groups differ.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::cells::Cell;
use super::censoring::Censoring;
use super::proportions::ShareDifference;
use super::stats::{self, Share};
use super::steps::{self, Asked, Counted, StepCounts, StepKind, Steps};
use crate::duration::Duration;
use crate::error::{Problem, Result};
use crate::log::{EventLog, Fold, Groups, Journey, LogNames, fold};
use crate::names::Names;
use crate::sorting::SortRows;

/// Options for [`step_matrix`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct StepMatrixOptions {
    /// How many steps are shown from the start, or after the anchor; from 1 to 1000.
    pub steps: u64,
    /// The touchpoint whose visit is step 0; only journeys that come to it are shown. Without it, step 1 is the first
    /// event.
    pub anchor: Option<String>,
    /// Which of the visits of the anchor is step 0, from 1.
    pub anchor_occurrence: u64,
    /// How many steps are shown before the anchor, at most 1000.
    pub steps_before: u64,
    /// A journey that has been silent for less than this when the log ends is open; without it, all have ended.
    pub inactive_after: Option<Duration>,
    /// The most touchpoints with a row of their own; the others are added up in one row. All if `None`.
    pub limit: Option<u64>,
    /// An attribute by which two groups are compared; a journey belongs to the first value that its events have.
    pub attribute: Option<String>,
    /// The value of the group of which the difference is taken.
    pub value_a: Option<String>,
    /// The value of the group that is subtracted.
    pub value_b: Option<String>,
    /// The false discovery rate for the tests of all cells, between 0 and 1.
    pub false_discovery_rate: f64,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for StepMatrixOptions {
    fn default() -> Self {
        Self {
            steps: 20,
            anchor: None,
            anchor_occurrence: 1,
            steps_before: 5,
            inactive_after: None,
            limit: Some(100),
            attribute: None,
            value_a: None,
            value_b: None,
            false_discovery_rate: 0.05,
            confidence: stats::CONFIDENCE,
        }
    }
}

/// Where journeys are at each step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepMatrix {
    /// Journeys in the log.
    pub journeys: u64,
    /// Journeys in the matrix, of which every share is one: all, or those that come to the anchor.
    pub of: u64,
    /// The columns: from 1, or with the anchor at 0 and what comes before it below 0.
    pub steps: Vec<i64>,
    /// Distinct touchpoints in these columns.
    pub touchpoints: u64,
    /// Touchpoints without a row of their own, which are added up in the row `other`.
    pub touchpoints_left_out: u64,
    /// The touchpoints, most journeys over all columns first, ties by name; then, where they apply, `other`,
    /// `not_started`, `open` and `ended`. In each column they add up to `of`. No rows if `of` is 0.
    pub rows: Vec<StepRow>,
    /// The two groups, if they were asked for.
    pub groups: Option<StepGroups>,
}

/// How many journeys are somewhere, step by step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepRow {
    /// What the row stands for.
    pub kind: StepKind,
    /// The touchpoint, if the row is one.
    pub touchpoint: Option<String>,
    /// For each step, the journeys that are here.
    pub counts: Vec<u64>,
    /// For each step, these journeys as a share of all in the matrix.
    pub shares: Vec<f64>,
    /// The same of the two groups, if they were asked for.
    pub groups: Option<StepRowGroups>,
}

/// A row of the matrix in each of two groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepRowGroups {
    /// The group of `value_a`.
    pub a: StepCells,
    /// The group of `value_b`.
    pub b: StepCells,
    /// For each step, the share of `a` less that of `b`.
    pub differences: Vec<StepDifference>,
}

/// A row of the matrix of one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepCells {
    /// For each step, the journeys of the group that are here.
    pub counts: Vec<u64>,
    /// For each step, these journeys as a share of the group's in the matrix; `None` if there are none of it.
    pub shares: Vec<Option<f64>>,
}

/// How far two groups differ in a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepDifference {
    /// The share of `a` less that of `b`; `None` where one of them has no value.
    pub difference: Option<f64>,
    /// Lower end of the difference's interval (Newcombe's).
    pub low: Option<f64>,
    /// Upper end of the difference's interval.
    pub high: Option<f64>,
    /// Two-sided p-value of the z test, or of Fisher's where counts are small; `None` where all or none are in the
    /// cell.
    pub p_value: Option<f64>,
    /// The p-value, adjusted by Benjamini and Hochberg for the number of cells tested.
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate; `None` where there is no test.
    pub significant: Option<bool>,
}

/// The two groups whose matrices are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepGroups {
    /// The attribute whose first value in a journey is its group.
    pub attribute: String,
    /// The group of which the difference is taken.
    pub a: StepGroup,
    /// The group that is subtracted.
    pub b: StepGroup,
    /// How many cells were tested.
    pub tests: u64,
    /// The false discovery rate, as asked for.
    pub false_discovery_rate: f64,
}

/// A group of journeys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepGroup {
    /// The value of the attribute.
    pub value: String,
    /// Journeys of the group in the log.
    pub journeys: u64,
    /// Journeys of the group in the matrix: all, or those that come to the anchor.
    pub of: u64,
}

/// Says at which touchpoint journeys are at each step.
///
/// The cell of a touchpoint and a step `k` is `#{journeys whose k-th event is there} / #{journeys}`. Journeys that have
/// ended stay in the row `ended`, so every column adds up to 1. With an `anchor`, steps are counted from its visit and
/// the journeys are those that come to it; before their first event they are in the row `not_started`. Source: the step
/// matrix of Retentioneering.
///
/// With `attribute`, `value_a` and `value_b` the report holds the matrices of two groups and their difference, cell by
/// cell with Newcombe's interval and a test, corrected by Benjamini and Hochberg over the cells.
///
/// ```
/// use journey_core::{Event, EventLog, StepMatrixOptions, step_matrix};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .event(Event::new("bob", "visit", "2024-03-13T11:00:00Z".parse()?))
///     .build()?;
/// let matrix = step_matrix(&log, &StepMatrixOptions { steps: 2, ..Default::default() })?;
/// assert_eq!(matrix.rows[0].touchpoint.as_deref(), Some("visit"));
/// assert_eq!(matrix.rows[0].counts, [2, 0]);
/// assert_eq!(matrix.rows[2].shares, [0.0, 0.5], "half of them have ended before step 2");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, the anchor, attribute or a value is not in the log, or some but not all three
/// options of a comparison are given.
///
/// # Complexity
/// O(events up to the last step + steps · touchpoints): one addition for each event; with an anchor, of all events.
pub fn step_matrix(log: &EventLog, options: &StepMatrixOptions) -> Result<StepMatrix> {
    stats::check_confidence(options.confidence)?;
    stats::check_open_unit("false_discovery_rate", options.false_discovery_rate)?;
    let asked = Asked {
        steps: options.steps,
        anchor: options.anchor.as_deref(),
        anchor_occurrence: options.anchor_occurrence,
        steps_before: options.steps_before,
    };
    let steps = Steps::new(log, &asked, Censoring::new(log, options.inactive_after)?)?;
    let pair = pair(log, options)?;
    Ok(fold(log, || StepMatrixFold::new(log.names(), steps, pair, options)))
}

/// The two groups that are compared, by the codes of their values.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    groups: Groups<'a>,
    a: u32,
    b: u32,
}

pub(super) fn pair<'a>(log: &'a EventLog, options: &StepMatrixOptions) -> Result<Option<Pair<'a>>> {
    match (&options.attribute, &options.value_a, &options.value_b) {
        (None, None, None) => Ok(None),
        (Some(attribute), Some(a), Some(b)) if a != b => {
            let groups = log.groups(attribute, "attribute")?;
            Ok(Some(Pair { groups, a: groups.code(a, "value_a")?, b: groups.code(b, "value_b")? }))
        }
        _ => {
            let problem = "a comparison needs `attribute` and two different values, `value_a` and `value_b`";
            Err(Problem::Options(problem.to_owned()).at_field("attribute"))
        }
    }
}

/// Everybody; or the two groups, and the rest.
pub(super) struct StepMatrixFold<'a> {
    options: StepMatrixOptions,
    pair: Option<Pair<'a>>,
    parts: Vec<StepCounts>,
}

impl<'a> StepMatrixFold<'a> {
    pub(super) fn new(names: &LogNames, steps: Steps, pair: Option<Pair<'a>>, options: &StepMatrixOptions) -> Self {
        let parts = if pair.is_some() { 3 } else { 1 };
        let parts = (0..parts).map(|_| StepCounts::new(names, steps)).collect();
        Self { options: options.clone(), pair, parts }
    }
}

impl Fold for StepMatrixFold<'_> {
    type Report = StepMatrix;

    fn journey(&mut self, journey: Journey<'_>) {
        let part = self.pair.map_or(0, |pair| match pair.groups.of(journey) {
            Some(group) if group == pair.a => 0,
            Some(group) if group == pair.b => 1,
            _ => 2,
        });
        if let Some(part) = self.parts.get_mut(part) {
            part.journey(journey);
        }
    }

    fn merge(&mut self, other: Self) {
        for (part, more) in self.parts.iter_mut().zip(other.parts) {
            part.merge(more);
        }
    }

    fn finish(self, names: &LogNames) -> StepMatrix {
        let steps = self.parts.first().map(|part| part.steps);
        let numbers = steps.map(|steps| steps.numbers()).unwrap_or_default();
        let anchored = steps.is_some_and(|steps| steps.is_anchored());
        let parts: Vec<Counted> = self.parts.into_iter().map(StepCounts::finish).collect();
        report(&parts, numbers, anchored, &self.options, &names.touchpoints)
    }
}

/// Checks how many columns are asked for.
pub(crate) fn check_steps(steps: u64) -> Result<()> {
    steps::check("steps", steps, 1, steps::MOST_STEPS).map(drop)
}

/// The report of steps from the start that were counted before, when all journeys had ended: how many journeys were at each
/// touchpoint, by step from 0 and the code of the touchpoint.
pub(crate) fn step_matrix_of(
    journeys: u64,
    cells: impl Iterator<Item = (u32, u32, u64)>,
    options: &StepMatrixOptions,
    names: &Names,
) -> Result<StepMatrix> {
    stats::check_confidence(options.confidence)?;
    stats::check_open_unit("false_discovery_rate", options.false_discovery_rate)?;
    check_steps(options.steps)?;
    let columns = usize::try_from(options.steps).unwrap_or(usize::MAX);
    let cells = cells.filter(|(step, ..)| u64::from(*step) < options.steps);
    let cells: Vec<Cell> = cells.map(|(step, target, count)| Cell { step, source: 0, target, count }).collect();
    let mut ended = vec![journeys; columns];
    for cell in &cells {
        if let Some(ended) = ended.get_mut(cell.step as usize) {
            *ended -= cell.count;
        }
    }
    let none = || vec![0; columns];
    let part = Counted { journeys, shown: journeys, not_started: none(), ended, open: none(), cells };
    let numbers = (1..).take(columns).collect();
    Ok(report(&[part], numbers, false, options, names))
}

fn report(
    parts: &[Counted],
    numbers: Vec<i64>,
    anchored: bool,
    options: &StepMatrixOptions,
    names: &Names,
) -> StepMatrix {
    let mut listed = most_visited(parts);
    let touchpoints = listed.len() as u64;
    let touchpoints_left_out = super::cut(&mut listed, options.limit);
    let heads = Heads {
        touchpoints: listed,
        other: touchpoints_left_out > 0,
        not_started: anchored,
        open: options.inactive_after.is_some(),
    };
    let tables: Vec<Vec<Vec<u64>>> = parts.iter().map(|part| heads.rows_of(part, numbers.len())).collect();
    let of = parts.iter().map(|part| part.shown).sum();
    let mut rows: Vec<StepRow> = heads
        .iter()
        .enumerate()
        .map(|(row, (kind, touchpoint))| {
            let counts = sums(tables.iter().filter_map(|table| table.get(row)), numbers.len());
            StepRow {
                kind,
                touchpoint: touchpoint.map(|code| names.name(code).to_owned()),
                shares: counts.iter().filter_map(|count| stats::ratio(*count, of)).collect(),
                counts,
                groups: None,
            }
        })
        .collect();
    if of == 0 {
        rows.clear();
    }
    let groups = options.attribute.as_ref().and_then(|attribute| {
        compare(&mut rows, parts, &tables, options.confidence);
        let tests = judge(&mut rows, options.false_discovery_rate);
        let group = |value: &Option<String>, part: usize| {
            let (value, part) = (value.clone()?, parts.get(part)?);
            Some(StepGroup { value, journeys: part.journeys, of: part.shown })
        };
        let (a, b) = (group(&options.value_a, 0)?, group(&options.value_b, 1)?);
        let false_discovery_rate = options.false_discovery_rate;
        Some(StepGroups { attribute: attribute.clone(), a, b, tests, false_discovery_rate })
    });
    let journeys = parts.iter().map(|part| part.journeys).sum();
    StepMatrix { journeys, of, steps: numbers, touchpoints, touchpoints_left_out, rows, groups }
}

/// The touchpoints in the columns, most journeys first, ties by name.
fn most_visited(parts: &[Counted]) -> Vec<u32> {
    let mut cells: Vec<(u32, u64)> =
        parts.iter().flat_map(|part| part.cells.iter().map(|cell| (cell.target, cell.count))).collect();
    cells.sort_unstable();
    let mut totals: Vec<(u32, u64)> = cells
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|cells| Some((cells.first()?.0, cells.iter().map(|cell| cell.1).sum())))
        .collect();
    totals.sort_rows_by_key(|(_, total)| std::cmp::Reverse(*total));
    totals.into_iter().map(|(code, _)| code).collect()
}

/// What the rows of the matrix are, from top to bottom.
struct Heads {
    touchpoints: Vec<u32>,
    other: bool,
    not_started: bool,
    open: bool,
}

impl Heads {
    fn iter(&self) -> impl Iterator<Item = (StepKind, Option<u32>)> {
        let special = [
            (StepKind::Other, self.other),
            (StepKind::NotStarted, self.not_started),
            (StepKind::Open, self.open),
            (StepKind::Ended, true),
        ];
        let touchpoints = self.touchpoints.iter().map(|code| (StepKind::Touchpoint, Some(*code)));
        touchpoints.chain(special.into_iter().filter(|(_, there)| *there).map(|(kind, _)| (kind, None)))
    }

    fn rows_of(&self, part: &Counted, columns: usize) -> Vec<Vec<u64>> {
        let places: FxHashMap<u32, usize> =
            self.touchpoints.iter().enumerate().map(|(row, code)| (*code, row)).collect();
        // The row behind the touchpoints is that of the others, which nothing falls into if there is none.
        let other = self.touchpoints.len();
        let mut rows: Vec<Vec<u64>> = self
            .iter()
            .map(|(kind, _)| match kind {
                StepKind::NotStarted => part.not_started.clone(),
                StepKind::Open => part.open.clone(),
                StepKind::Ended => part.ended.clone(),
                StepKind::Touchpoint | StepKind::Other => vec![0; columns],
            })
            .collect();
        for cell in &part.cells {
            let row = rows.get_mut(places.get(&cell.target).copied().unwrap_or(other));
            if let Some(count) = row.and_then(|row| row.get_mut(cell.step as usize)) {
                *count += cell.count;
            }
        }
        rows
    }
}

fn sums<'a>(rows: impl Iterator<Item = &'a Vec<u64>>, columns: usize) -> Vec<u64> {
    rows.fold(vec![0; columns], |sums, row| sums.iter().zip(row).map(|(sum, count)| sum + count).collect())
}

/// Writes the two groups and their difference beside the whole.
fn compare(rows: &mut [StepRow], parts: &[Counted], tables: &[Vec<Vec<u64>>], confidence: f64) {
    let ([part_a, part_b, ..], [table_a, table_b, ..]) = (parts, tables) else { return };
    let cells = |counts: &[u64], of: u64| StepCells {
        counts: counts.to_vec(),
        shares: counts.iter().map(|count| stats::ratio(*count, of)).collect(),
    };
    for (row, (a, b)) in rows.iter_mut().zip(table_a.iter().zip(table_b)) {
        let differences = a.iter().zip(b).map(|(a, b)| difference((*a, part_a.shown), (*b, part_b.shown), confidence));
        let (a, b, differences) = (cells(a, part_a.shown), cells(b, part_b.shown), differences.collect());
        row.groups = Some(StepRowGroups { a, b, differences });
    }
}

fn difference(a: (u64, u64), b: (u64, u64), confidence: f64) -> StepDifference {
    let compared = ShareDifference::new(&Share::new(b.0, b.1, confidence), &Share::new(a.0, a.1, confidence));
    let varies = a.0 + b.0 > 0 && a.0 + b.0 < a.1 + b.1;
    StepDifference {
        difference: compared.difference,
        low: compared.low,
        high: compared.high,
        p_value: compared.p_value.filter(|_| varies),
        p_adjusted: None,
        significant: None,
    }
}

/// Corrects the tests of all cells for each other; says how many there are.
fn judge(rows: &mut [StepRow], false_discovery_rate: f64) -> u64 {
    let cells = || rows.iter().flat_map(|row| row.groups.iter().flat_map(|groups| &groups.differences));
    let p_values: Vec<Option<f64>> = cells().map(|cell| cell.p_value).collect();
    let groups = rows.iter_mut().flat_map(|row| row.groups.iter_mut());
    let verdicts = stats::judge(&p_values, false_discovery_rate);
    for (cell, verdict) in groups.flat_map(|groups| &mut groups.differences).zip(verdicts) {
        cell.p_adjusted = verdict.p_adjusted;
        cell.significant = verdict.significant;
    }
    p_values.iter().flatten().count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    fn log(paths: &[&str]) -> EventLog {
        let mut log = EventLog::builder();
        for (journey, path) in paths.iter().enumerate() {
            for (second, touchpoint) in (0..).zip(path.split(' ')) {
                let time = Timestamp::from_micros(second * 1_000_000).unwrap();
                log = log.event(Event::new(&format!("j{journey}"), touchpoint, time));
            }
        }
        log.build().unwrap()
    }

    fn rows(matrix: &StepMatrix) -> Vec<(&str, Vec<u64>)> {
        let name = |row: &StepRow| match row.kind {
            StepKind::Touchpoint => "",
            StepKind::Other => "other",
            StepKind::NotStarted => "not started",
            StepKind::Open => "open",
            StepKind::Ended => "ended",
        };
        matrix.rows.iter().map(|row| (row.touchpoint.as_deref().unwrap_or(name(row)), row.counts.clone())).collect()
    }

    #[test]
    fn who_has_ended_stays_ended() {
        let matrix = step_matrix(&log(&["a b", "a"]), &StepMatrixOptions { steps: 3, ..Default::default() }).unwrap();
        assert_eq!(rows(&matrix), [("a", vec![2, 0, 0]), ("b", vec![0, 1, 0]), ("ended", vec![0, 1, 2])]);
        assert_eq!(matrix.steps, [1, 2, 3]);
    }

    #[test]
    fn an_anchor_is_step_0_of_the_journeys_that_come_to_it() {
        let options = StepMatrixOptions { steps: 1, anchor: Some("b".into()), steps_before: 2, ..Default::default() };
        let matrix = step_matrix(&log(&["a b c", "b", "c a a b", "a"]), &options).unwrap();
        assert_eq!((matrix.journeys, matrix.of, matrix.steps.as_slice()), (4, 3, [-2, -1, 0, 1].as_slice()));
        let expected = [
            ("a", vec![1, 2, 0, 0]),
            ("b", vec![0, 0, 3, 0]),
            ("c", vec![0, 0, 0, 1]),
            ("not started", vec![2, 1, 0, 0]),
            ("ended", vec![0, 0, 0, 2]),
        ];
        assert_eq!(rows(&matrix), expected);
    }

    #[test]
    fn what_the_limit_leaves_out_is_one_row() {
        let options = StepMatrixOptions { steps: 2, limit: Some(1), ..Default::default() };
        let matrix = step_matrix(&log(&["a b", "a c", "d a"]), &options).unwrap();
        assert_eq!((matrix.touchpoints, matrix.touchpoints_left_out), (4, 3));
        assert_eq!(rows(&matrix), [("a", vec![2, 1]), ("other", vec![1, 2]), ("ended", vec![0, 0])]);
    }

    #[test]
    fn a_comparison_needs_both_its_groups() {
        let options = StepMatrixOptions { value_a: Some("new".into()), ..Default::default() };
        let error = step_matrix(&log(&["a"]), &options).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::InvalidOption);
    }
}
