//! Which touchpoint follows which as a table: a row for each touchpoint left, a column for each touchpoint reached.

use serde::{Deserialize, Serialize};

use super::edges::TransitionRelation;
use super::flow::Flow;
use super::stats;
use super::ways::{self, Totals};
use crate::error::{Problem, Result};
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::names::NONE;

/// The most touchpoints of a matrix: four million cells.
const MOST: u64 = 2_048;

/// Options for [`transition_matrix`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct TransitionMatrixOptions {
    /// What the cells hold.
    pub weight: TransitionWeight,
    /// Whether a touchpoint is followed by the next one only, or by every later one.
    pub relation: TransitionRelation,
    /// The most touchpoints shown, those with the most events; all if not given.
    pub limit: Option<u64>,
}

/// What the cells of a transition matrix hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransitionWeight {
    /// How often the way was taken: pairs of events.
    #[default]
    Count,
    /// Journeys that took it at least once.
    Journeys,
    /// Its share of all ways out of the touchpoint of the row; a row sums to 1.
    POut,
    /// Its share of all ways into the touchpoint of the column; a column sums to 1.
    PIn,
    /// Its share of all ways taken; the matrix sums to 1.
    ShareOfTotal,
    /// How often it is taken in a journey on average.
    PerJourney,
    /// The mean of its times, in seconds.
    MeanSeconds,
    /// The median of its times, in seconds.
    MedianSeconds,
}

/// Which touchpoint follows which, as a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TransitionMatrix {
    /// What counts as following, as asked for.
    pub relation: TransitionRelation,
    /// What the cells hold, as asked for.
    pub weight: TransitionWeight,
    /// Journeys in the log.
    pub journeys: u64,
    /// The touchpoint reached in each column, by name; then, of what follows directly, `None` for the end of a journey.
    pub targets: Vec<Option<String>>,
    /// A row for each touchpoint left, by name; before them, of what follows directly, one for the start of a journey.
    pub rows: Vec<TransitionMatrixRow>,
    /// Touchpoints that the limit cut off.
    pub touchpoints_left_out: u64,
}

/// The ways out of a touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TransitionMatrixRow {
    /// The touchpoint left; `None` is the start of a journey.
    pub source: Option<String>,
    /// A value for each column. A way that nobody took counts 0; it has no time, and a share of nothing has no value.
    pub values: Vec<Option<f64>>,
}

/// Counts which touchpoint follows which in the journeys of a log, as a table of one figure.
///
/// The figures are those of [`transitions`](crate::transitions), which lists the ways that were taken, with their
/// intervals. A limit hides touchpoints but changes no figure.
///
/// ```
/// use journey_core::{Event, EventLog, TransitionMatrixOptions, transition_matrix};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let matrix = transition_matrix(&log, &TransitionMatrixOptions::default())?;
/// assert_eq!(matrix.targets, [Some("pay".to_owned()), Some("visit".to_owned()), None]);
/// assert_eq!(matrix.rows[2].source.as_deref(), Some("visit"));
/// assert_eq!(matrix.rows[2].values, [Some(1.0), Some(0.0), Some(0.0)]);
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// With the kind `LimitExceeded`, if the log has more than 2,048 touchpoints and the limit does not say fewer, or if
/// its journeys have too many pairs of touchpoints for memory.
///
/// # Complexity
/// As [`transitions`](crate::transitions), and O(touchpoints squared).
pub fn transition_matrix(log: &EventLog, options: &TransitionMatrixOptions) -> Result<TransitionMatrix> {
    if options.limit.is_none_or(|limit| limit > MOST) && visited(log) > MOST {
        let what = "touchpoints, too many for a matrix; with the option `limit` it shows the most frequent";
        return Err(Problem::TooMany { what, limit: MOST }.at_field("limit"));
    }
    ways::check_size(log, options.relation)?;
    Ok(fold(log, || TransitionMatrixFold::new(log.names(), options)))
}

/// How many touchpoints have an event; a selection may have left only some of those that the log names.
fn visited(log: &EventLog) -> u64 {
    let named = log.touchpoints().len();
    if named as u64 <= MOST {
        return named as u64;
    }
    let mut seen = vec![false; named];
    for code in log.journeys().flat_map(|journey| journey.touchpoints()) {
        if let Some(seen) = seen.get_mut(*code as usize) {
            *seen = true;
        }
    }
    seen.into_iter().filter(|seen| *seen).count() as u64
}

pub(super) struct TransitionMatrixFold {
    options: TransitionMatrixOptions,
    flow: Flow,
}

impl TransitionMatrixFold {
    pub(super) fn new(names: &LogNames, options: &TransitionMatrixOptions) -> Self {
        Self { options: options.clone(), flow: Flow::with(names, options.relation) }
    }
}

impl Fold for TransitionMatrixFold {
    type Report = TransitionMatrix;

    fn journey(&mut self, journey: Journey<'_>) {
        self.flow.journey(journey);
    }

    fn merge(&mut self, other: Self) {
        self.flow.merge(other.flow);
    }

    fn finish(self, names: &LogNames) -> TransitionMatrix {
        let TransitionMatrixOptions { weight, relation, limit } = self.options;
        let (totals, mut edges) = ways::ways_of(self.flow);
        let (shown, touchpoints_left_out) = totals.most_visited(limit);
        let touchpoints = shown.iter().copied().map(Some);
        let end = totals.ends.then_some(None);
        let sources: Vec<Option<u32>> = end.into_iter().chain(touchpoints.clone()).collect();
        let targets: Vec<Option<u32>> = touchpoints.chain(end).collect();
        let cell = |source, target, count, journeys| figure(&totals, weight, source, target, count, journeys);
        let mut values: Vec<Vec<Option<f64>>> =
            sources.iter().map(|source| targets.iter().map(|target| cell(*source, *target, 0, 0)).collect()).collect();
        // The end is no code, and stands last.
        let code = |end: &Option<u32>| end.unwrap_or(NONE);
        for way in totals.ways::<&mut [i64]>(edges.edges()) {
            let row = match way.source {
                None => Some(0),
                Some(source) => shown.binary_search(&source).ok().map(|place| place + usize::from(totals.ends)),
            };
            let column = targets.binary_search_by_key(&code(&way.target), code).ok();
            let slot =
                row.and_then(|row| values.get_mut(row)).zip(column).and_then(|(row, column)| row.get_mut(column));
            if let Some(slot) = slot {
                *slot = match weight {
                    TransitionWeight::MeanSeconds => stats::mean_seconds(way.times),
                    TransitionWeight::MedianSeconds => stats::median_seconds(way.times),
                    _ => cell(way.source, way.target, way.count, way.journeys),
                };
            }
        }
        let name = |code: u32| names.touchpoints.name(code).to_owned();
        let row = |(source, values): (Option<u32>, _)| TransitionMatrixRow { source: source.map(name), values };
        TransitionMatrix {
            relation,
            weight,
            journeys: totals.journeys,
            targets: targets.into_iter().map(|target| target.map(name)).collect(),
            rows: sources.into_iter().zip(values).map(row).collect(),
            touchpoints_left_out,
        }
    }
}

/// The figure of a way, as far as it comes from counts.
fn figure(
    totals: &Totals,
    weight: TransitionWeight,
    source: Option<u32>,
    target: Option<u32>,
    count: u64,
    journeys: u64,
) -> Option<f64> {
    match weight {
        TransitionWeight::Count => Some(stats::float(count)),
        TransitionWeight::Journeys => Some(stats::float(journeys)),
        TransitionWeight::POut => stats::ratio(count, totals.ways_out_of(source)),
        TransitionWeight::PIn => stats::ratio(count, totals.ways_into(target)),
        TransitionWeight::ShareOfTotal => stats::ratio(count, totals.all),
        TransitionWeight::PerJourney => stats::ratio(count, totals.journeys),
        TransitionWeight::MeanSeconds | TransitionWeight::MedianSeconds => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, SelectOptions, Timestamp};

    fn log(touchpoints: i64) -> EventLog {
        let mut builder = EventLog::builder();
        for row in 0..touchpoints {
            let touchpoint = format!("t{row:05}");
            builder.push(Event::new("j", &touchpoint, Timestamp::from_micros(row).unwrap()), []).unwrap();
        }
        builder.build().unwrap()
    }

    #[test]
    fn a_matrix_of_too_many_touchpoints_is_refused_unless_it_is_cut() {
        let log = log(2_049);
        let error = transition_matrix(&log, &TransitionMatrixOptions::default()).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::LimitExceeded);
        assert!(error.to_string().contains("the option `limit`"), "{error}");
        let options = TransitionMatrixOptions { limit: Some(3), ..Default::default() };
        let matrix = transition_matrix(&log, &options).unwrap();
        assert_eq!((matrix.rows.len(), matrix.targets.len(), matrix.touchpoints_left_out), (4, 4, 2_046));
        // All have one event, so the first three by name are shown: start > t00000 > t00001 > t00002 > one not shown.
        let taken = |row: usize| matrix.rows[row].values.iter().position(|value| *value == Some(1.0));
        assert_eq!([0, 1, 2, 3].map(taken), [Some(0), Some(1), Some(2), None]);
        let few = SelectOptions { touchpoints: vec!["t00001".into(), "t02048".into()], ..Default::default() };
        let matrix = transition_matrix(&log.select(&few).unwrap(), &TransitionMatrixOptions::default()).unwrap();
        assert_eq!(matrix.rows.len(), 3, "a selection has only its touchpoints");
    }
}
