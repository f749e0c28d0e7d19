//! Which touchpoint follows which, how often, and how long that takes: the directly-follows or eventually-follows
//! graph.

use serde::{Deserialize, Serialize};

use super::edges::TransitionRelation;
use super::flow::Flow;
use super::quantiles::Quantiles;
use super::stats::{self, Share, TimeStats};
use super::times::Times;
use super::visits::Visits;
use super::ways::{self, Totals, Way};
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, events_of_a_part, fold};
use crate::names::Names;
use crate::sorting::SortRows;
use crate::threads::map_each;

/// Options for [`transitions`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct TransitionsOptions {
    /// Whether a touchpoint is followed by the next one only, or by every later one.
    pub relation: TransitionRelation,
    /// The most rows the report lists; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for TransitionsOptions {
    fn default() -> Self {
        Self { relation: TransitionRelation::default(), limit: None, confidence: stats::CONFIDENCE }
    }
}

/// Which touchpoint follows which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Transitions {
    /// What counts as following, as asked for.
    pub relation: TransitionRelation,
    /// Journeys in the log.
    pub journeys: u64,
    /// Transitions between two touchpoints, each time one was taken: of those that follow directly, events less
    /// journeys; else all pairs of events of a journey.
    pub total: u64,
    /// Distinct pairs of touchpoints that follow each other.
    pub pairs: u64,
    /// A row for each pair, and of the directly following for each start and each end; most frequent first, ties by
    /// name.
    pub rows: Vec<TransitionRow>,
    /// Rows that the limit cut off.
    pub rows_left_out: u64,
    /// Of a report that a [`State`](crate::State) gives: how far its quantiles may be off, as a share of each; they are exact if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantile_error: Option<f64>,
}

/// The way from one touchpoint to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TransitionRow {
    /// The touchpoint left; `None` is the start of a journey.
    pub source: Option<String>,
    /// The touchpoint reached; `None` is the end of a journey.
    pub target: Option<String>,
    /// How often this way was taken: pairs of events.
    pub count: u64,
    /// Journeys that took it at least once.
    pub journeys: u64,
    /// Those journeys, of the journeys that visited `source`.
    pub reach: Share,
    /// Of all ways out of `source`, the end of the journey included if it has a row, the share of this one.
    pub p_out: Share,
    /// Of all ways into `target`, the start of the journey included if it has a row, the share of this one.
    pub p_in: Share,
    /// Of all ways taken, starts and ends included if they have rows, the share of this one.
    pub share_of_total: Share,
    /// How often this way is taken in a journey on average.
    pub per_journey: Option<f64>,
    /// Time from one event to the next, or, of what follows sooner or later, once for each journey: from its first
    /// event at `source` to its first at `target` after that. `None` for starts and ends.
    pub time: Option<TimeStats>,
}

/// Counts which touchpoint follows which in the journeys of a log, and how long that takes.
///
/// Where `c(a, b)` is how often `b` directly follows `a`, with a start before the first event of each journey and an
/// end after its last: `p_out = c(a, b) / sum over b of c(a, b)` and `p_in = c(a, b) / sum over a of c(a, b)`.
///
/// With the relation [`EventuallyFollows`](TransitionRelation::EventuallyFollows), `c(a, b)` counts every pair of an
/// event at `a` and a later one at `b` in the same journey, without starts and ends. Such pairs are far from
/// independent: take `reach`, which counts journeys, for what is likely, and the intervals of `p_out` and `p_in` for
/// too narrow.
///
/// ```
/// use journey_core::{Event, EventLog, TransitionsOptions, transitions};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let report = transitions(&log, &TransitionsOptions::default())?;
/// assert_eq!((report.total, report.rows.len()), (1, 3));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range. Of what follows sooner or later also, with the kind `LimitExceeded`, if the
/// journeys have too many pairs of touchpoints for memory.
///
/// # Complexity
/// O(events + rows log rows); memory of 12 bytes per event. Sooner or later: O(events times the touchpoints of a
/// journey); memory of 12 bytes per journey and pair of its touchpoints.
pub fn transitions(log: &EventLog, options: &TransitionsOptions) -> Result<Transitions> {
    stats::check_confidence(options.confidence)?;
    ways::check_size(log, options.relation)?;
    Ok(fold(log, || TransitionsFold::new(log, options)))
}

pub(super) struct TransitionsFold {
    options: TransitionsOptions,
    flow: Flow,
}

impl TransitionsFold {
    pub(super) fn new(log: &EventLog, options: &TransitionsOptions) -> Self {
        let mut flow = Flow::with(log.names(), options.relation);
        if log.has_times() && options.relation == TransitionRelation::DirectlyFollows {
            flow.edges.reserve(events_of_a_part(log));
        }
        Self { options: options.clone(), flow }
    }
}

impl Fold for TransitionsFold {
    type Report = Transitions;

    fn journey(&mut self, journey: Journey<'_>) {
        self.flow.journey(journey);
    }

    fn merge(&mut self, other: Self) {
        self.flow.merge(other.flow);
    }

    fn finish(self, names: &LogNames) -> Transitions {
        let (totals, mut edges) = ways::ways_of(self.flow);
        let ways: Vec<Way<&mut [i64]>> = totals.ways(edges.edges());
        report(&totals, ways, &self.options, &names.touchpoints)
    }
}

/// A transition between two touchpoints that was counted before.
pub(crate) struct KeptTransition<T> {
    pub(crate) source: u32,
    pub(crate) target: u32,
    pub(crate) count: u64,
    pub(crate) journeys: u64,
    pub(crate) times: T,
}

impl<T> From<KeptTransition<T>> for Way<T> {
    fn from(kept: KeptTransition<T>) -> Self {
        let KeptTransition { source, target, count, journeys, times } = kept;
        Self { source: Some(source), target: Some(target), count, journeys, times }
    }
}

/// The report of transitions that were counted before, by the codes of their ends.
pub(crate) fn transitions_of<T: Times + Default>(
    journeys: u64,
    visits: Visits,
    between: Vec<KeptTransition<T>>,
    options: &TransitionsOptions,
    names: &Names,
) -> Result<Transitions> {
    stats::check_confidence(options.confidence)?;
    let counts = between.iter().map(|way| (way.source, way.target, way.count));
    let totals = Totals::new(journeys, visits, true, counts);
    let ways = totals.ways(between.into_iter());
    Ok(report(&totals, ways, options, names))
}

fn report<T: Times>(totals: &Totals, ways: Vec<Way<T>>, options: &TransitionsOptions, names: &Names) -> Transitions {
    let &TransitionsOptions { relation, limit, confidence } = options;
    let pairs = ways.iter().filter(|way| way.source.is_some() && way.target.is_some()).count() as u64;
    let quantiles = Quantiles::new(confidence, ways.iter().map(|way| way.times.count()));
    let name = |code: u32| names.name(code).to_owned();
    let mut rows = map_each(ways, |way| {
        let Way { source, target, count, journeys, times } = way;
        TransitionRow {
            source: source.map(name),
            target: target.map(name),
            count,
            journeys,
            reach: quantiles.share(journeys, totals.journeys_at(source)),
            p_out: quantiles.share(count, totals.ways_out_of(source)),
            p_in: quantiles.share(count, totals.ways_into(target)),
            share_of_total: quantiles.share(count, totals.all),
            per_journey: stats::ratio(count, totals.journeys),
            time: quantiles.time_stats(times),
        }
    });
    rows.sort_rows_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.source, &a.target).cmp(&(&b.source, &b.target))));
    let rows_left_out = super::cut(&mut rows, limit);
    Transitions {
        relation,
        journeys: totals.journeys,
        total: totals.total,
        pairs,
        rows,
        rows_left_out,
        quantile_error: None,
    }
}
