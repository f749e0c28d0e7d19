//! Which touchpoint follows which, how often, and how long that takes: the directly-follows graph.

use serde::{Deserialize, Serialize};

use super::flow::Flow;
use super::stats::{self, Share, TimeStats};
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold, map_each};

/// Options for [`transitions`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TransitionsOptions {
    /// The most rows the report lists; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for TransitionsOptions {
    fn default() -> Self {
        Self { limit: None, confidence: stats::CONFIDENCE }
    }
}

/// Which touchpoint follows which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Transitions {
    /// Journeys in the log.
    pub journeys: u64,
    /// Transitions between two touchpoints, each time one was taken: events less journeys.
    pub total: u64,
    /// Distinct pairs of touchpoints that follow each other.
    pub pairs: u64,
    /// A row for each pair, each start and each end; most frequent first, ties by name.
    pub rows: Vec<TransitionRow>,
    /// Rows that the limit cut off.
    pub rows_left_out: u64,
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
    /// How often this way was taken.
    pub count: u64,
    /// Journeys that took it at least once.
    pub journeys: u64,
    /// Of all ways out of `source`, the end of the journey included, the share of this one.
    pub p_out: Share,
    /// Of all ways into `target`, the start of the journey included, the share of this one.
    pub p_in: Share,
    /// Of all ways taken, starts and ends included, the share of this one.
    pub share_of_total: Share,
    /// How often this way is taken in a journey on average.
    pub per_journey: Option<f64>,
    /// Time from one event to the next; `None` for starts and ends.
    pub time: Option<TimeStats>,
}

/// Counts which touchpoint follows which in the journeys of a log, and how long that takes.
///
/// Where `c(a, b)` is how often `b` directly follows `a`, with a start before the first event of each journey and an end
/// after its last: `p_out = c(a, b) / sum over b of c(a, b)` and `p_in = c(a, b) / sum over a of c(a, b)`.
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
/// If an option lies outside its range.
///
/// # Complexity
/// O(events + rows log rows); memory of 12 bytes per event.
pub fn transitions(log: &EventLog, options: &TransitionsOptions) -> Result<Transitions> {
    stats::check_confidence(options.confidence)?;
    Ok(fold(log, || TransitionsFold::new(log.names(), options)))
}

pub(super) struct TransitionsFold {
    options: TransitionsOptions,
    flow: Flow,
}

impl TransitionsFold {
    pub(super) fn new(names: &LogNames, options: &TransitionsOptions) -> Self {
        Self { options: options.clone(), flow: Flow::new(names) }
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
        let confidence = self.options.confidence;
        let Flow { journeys, visits, edges } = self.flow;
        let mut edges = edges.group();
        let total = edges.total();
        let all = total + 2 * journeys;
        let name = |code: u32| Some(names.touchpoints.name(code).to_owned());
        // Every event is left once and reached once, so a touchpoint's ways in or out are its events.
        let events = |code: Option<u32>| code.map_or(journeys, |code| visits.of(Some(code)).events);
        let row = |from: Option<u32>, to: Option<u32>, count, in_journeys, time| TransitionRow {
            source: from.and_then(name),
            target: to.and_then(name),
            count,
            journeys: in_journeys,
            p_out: Share::new(count, events(from), confidence),
            p_in: Share::new(count, events(to), confidence),
            share_of_total: Share::new(count, all, confidence),
            per_journey: stats::ratio(count, journeys),
            time,
        };
        let mut rows = map_each(edges.edges().collect(), |edge| {
            let time = stats::time_stats(edge.micros, confidence);
            row(Some(edge.from), Some(edge.to), edge.micros.len() as u64, edge.journeys, time)
        });
        let pairs = rows.len() as u64;
        for (code, counts) in visits.visited() {
            if counts.starts > 0 {
                rows.push(row(None, Some(code), counts.starts, counts.starts, None));
            }
            if counts.ends > 0 {
                rows.push(row(Some(code), None, counts.ends, counts.ends, None));
            }
        }
        rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.source, &a.target).cmp(&(&b.source, &b.target))));
        let rows_left_out = super::cut(&mut rows, self.options.limit);
        Transitions { journeys, total, pairs, rows, rows_left_out }
    }
}
