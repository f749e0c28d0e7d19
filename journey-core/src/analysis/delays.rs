//! Where time goes: the delay of every transition and touchpoint, largest first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::edges::{Edge, Edges, GroupedEdges};
use super::stats::{self, TimeStats};
use super::times::Times;
use super::trend::{self, Tested, Trend};
use super::visits::Visits;
use super::work::{Work, WorkStats, WorkTimes};
use crate::log::LogNames;
use crate::names::Names;
use crate::sorting::{SortRows, inserted};
use crate::threads::map_each;

/// What counts as delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DelayMeasure {
    /// All time from one event to the next: no event of the log has a start, or it is a state that was asked.
    Elapsed,
    /// The time from the completion of one event to the start of the next.
    Waiting,
}

/// How much time customers spend between two touchpoints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TransitionDelay {
    /// The touchpoint left.
    pub source: String,
    /// The touchpoint reached.
    pub target: String,
    /// Time from one event to the next; of events that take time, from completion to completion.
    pub time: TimeStats,
    /// Time from the completion of the event at `source` to the start of that at `target`, 0 where they overlap; `None` if
    /// the log has no starts.
    pub waiting: Option<TimeStats>,
    /// Time from start to completion of the event at `target`; `None` where no start is known.
    pub service: Option<TimeStats>,
    /// Waiting and service time of each event at `target` together; `None` if the log has no starts.
    pub sojourn: Option<TimeStats>,
    /// The delay contribution: the sum of its delays, by the measure of the report, as a share of all delay.
    pub delay_share: Option<f64>,
    /// Whether it is one of the fewest transitions that together reach the Pareto share of the delay.
    pub bottleneck: bool,
    /// Whether its delay grows or shrinks as time goes by; of bottlenecks with at least 20 times that vary, if asked for.
    pub trend: Option<Trend>,
}

/// How much time customers spend at a touchpoint, before it and after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TouchpointDelay {
    /// The touchpoint.
    pub touchpoint: String,
    /// Time from an event here to the next event; `None` where nothing ever followed.
    pub time: Option<TimeStats>,
    /// Time from the completion of the event before to the start of an event here, 0 where they overlap; `None` if the log
    /// has no starts, or nothing ever came before.
    pub waiting: Option<TimeStats>,
    /// Time from start to completion of an event here; `None` where no start is known.
    pub service: Option<TimeStats>,
    /// Waiting and service time of each event here that another came before; `None` as `waiting`.
    pub sojourn: Option<TimeStats>,
    /// The delay contribution, as a share of all delay: the sum of `waiting` where that is what the report measures, else
    /// of `time`.
    pub delay_share: Option<f64>,
    /// Whether it is one of the fewest touchpoints that together reach the Pareto share of the delay.
    pub bottleneck: bool,
}

/// All times of a log, grouped by transition.
pub(super) struct Delays {
    edges: GroupedEdges,
    /// When each transition was begun; empty if trends are not asked for.
    begun: Vec<i64>,
    work: Option<Work>,
    pareto: f64,
    confidence: f64,
}

impl Delays {
    /// `begun` and the columns of `work` are about the transitions taken, in the order in which `edges` took them in.
    pub(super) fn new(edges: Edges, mut begun: Vec<i64>, mut work: Option<Work>, pareto: f64, confidence: f64) -> Self {
        let more = work.iter_mut().flat_map(|work| [&mut work.waiting, &mut work.service]);
        let begun_column = (!begun.is_empty()).then_some(&mut begun);
        let edges = edges.group_with(begun_column.into_iter().chain(more));
        Self { edges, begun, work, pareto, confidence }
    }

    /// Microseconds between the events of all journeys.
    pub(super) fn elapsed(&mut self) -> i128 {
        self.edges.edges().map(|edge| sum(edge.micros)).sum()
    }

    /// Microseconds of waiting in all journeys, where that is known.
    pub(super) fn waited(&self) -> Option<i128> {
        self.work.as_ref().map(|work| sum(&work.waiting))
    }

    /// A row for each transition, the largest delay first, ties by name.
    pub(super) fn transitions(&mut self, names: &LogNames) -> Vec<TransitionDelay> {
        let (begun, work, confidence) = (&self.begun, self.work.as_ref(), self.confidence);
        let edges =
            self.edges.edges().map(|edge| (sum(work.map_or(&*edge.micros, |work| edge.of(&work.waiting))), edge));
        let ranked = ranked(edges.collect(), self.pareto);
        let (mut rows, tested): (Vec<TransitionDelay>, Vec<Option<Tested>>) = map_each(ranked, |ranked| {
            let Ranked { what: edge, share, bottleneck } = ranked;
            let times = work.map_or(&*edge.micros, |work| edge.of(&work.waiting));
            let sample = (bottleneck && !begun.is_empty()).then(|| (edge.of(begun).to_vec(), times.to_vec()));
            let parts = work.map(|work| {
                let mut times = WorkTimes::default();
                times.add(edge.of(&work.waiting), edge.of(&work.service));
                times.stats(confidence)
            });
            let WorkStats { waiting, service, sojourn } = parts.unwrap_or_default();
            let time = stats::time_stats(edge.micros, confidence)?;
            let median = waiting.as_ref().unwrap_or(&time).median_seconds;
            let tested = sample.and_then(|(begun, times)| Tested::new(&begun, &times, median));
            let (source, target) = (names.touchpoints.name(edge.from), names.touchpoints.name(edge.to));
            let row = TransitionDelay {
                source: source.to_owned(),
                target: target.to_owned(),
                time,
                waiting,
                service,
                sojourn,
                delay_share: share,
                bottleneck,
                trend: None,
            };
            Some((row, tested))
        })
        .into_iter()
        .flatten()
        .unzip();
        for (row, trend) in rows.iter_mut().zip(trend::corrected(tested)) {
            row.trend = trend;
        }
        rows
    }

    /// A row for each touchpoint that something followed, or, where starts are known, that was visited at all.
    pub(super) fn touchpoints(&mut self, visits: &Visits, names: &LogNames) -> Vec<TouchpointDelay> {
        let confidence = self.confidence;
        let mut work = self.work.as_ref().map(|work| {
            let mut at = vec![WorkTimes::default(); names.touchpoints.len()];
            for edge in self.edges.edges() {
                let (waiting, service) = (edge.of(&work.waiting), edge.of(&work.service));
                at.get_mut(edge.to as usize).into_iter().for_each(|times| times.add(waiting, service));
            }
            work.add_first_services(&mut at);
            at
        });
        let mut after: BTreeMap<u32, &mut [i64]> = inserted(self.edges.touchpoints());
        let visited = visits.visited().map(|(code, _)| code);
        let rows = visited.filter(|code| work.is_some() || after.contains_key(code)).collect::<Vec<u32>>();
        let rows = rows.into_iter().map(|code| {
            let work = work.as_mut().and_then(|work| work.get_mut(code as usize)).map(std::mem::take);
            let after = after.remove(&code);
            let elapsed = || after.as_deref().map_or(0, sum);
            (work.as_ref().map_or_else(elapsed, WorkTimes::waited), (code, after, work))
        });
        map_each(ranked(rows.collect(), self.pareto), |ranked| {
            let (code, after, work) = ranked.what;
            let WorkStats { waiting, service, sojourn } = work.map(|work| work.stats(confidence)).unwrap_or_default();
            TouchpointDelay {
                touchpoint: names.touchpoints.name(code).to_owned(),
                time: after.and_then(|micros| stats::time_stats(micros, confidence)),
                waiting,
                service,
                sojourn,
                delay_share: ranked.share,
                bottleneck: ranked.bottleneck,
            }
        })
    }
}

/// A row for each transition whose elapsed times were counted before, the largest delay first, ties by name.
pub(super) fn transitions_of<T: Times>(
    between: Vec<(u32, u32, T)>,
    names: &Names,
    pareto: f64,
    confidence: f64,
) -> Vec<TransitionDelay> {
    let delays = between.into_iter().map(|way| (way.2.total(), way));
    let rows = ranked(delays.collect(), pareto).into_iter().filter_map(|ranked| {
        let (from, to, mut times) = ranked.what;
        Some(TransitionDelay {
            source: names.name(from).to_owned(),
            target: names.name(to).to_owned(),
            time: times.stats(|freedom| stats::t_quantile(confidence, stats::float(freedom)))?,
            waiting: None,
            service: None,
            sojourn: None,
            delay_share: ranked.share,
            bottleneck: ranked.bottleneck,
            trend: None,
        })
    });
    rows.collect()
}

/// A row for each touchpoint whose times to the next event were counted before, the largest delay first, ties by name.
pub(super) fn touchpoints_of<T: Times>(
    after: Vec<(u32, T)>,
    names: &Names,
    pareto: f64,
    confidence: f64,
) -> Vec<TouchpointDelay> {
    let delays = after.into_iter().map(|here| (here.1.total(), here));
    let rows = ranked(delays.collect(), pareto).into_iter().map(|ranked| {
        let (code, mut times) = ranked.what;
        TouchpointDelay {
            touchpoint: names.name(code).to_owned(),
            time: times.stats(|freedom| stats::t_quantile(confidence, stats::float(freedom))),
            waiting: None,
            service: None,
            sojourn: None,
            delay_share: ranked.share,
            bottleneck: ranked.bottleneck,
        }
    });
    rows.collect()
}

impl Edge<'_> {
    /// Its cells in a column.
    fn of<'a>(&self, column: &'a [i64]) -> &'a [i64] {
        column.get(self.start..self.start + self.micros.len()).unwrap_or_default()
    }
}

struct Ranked<T> {
    what: T,
    share: Option<f64>,
    bottleneck: bool,
}

/// The largest delay first, each with its share of all; of equal ones the first stays first.
fn ranked<T>(mut delays: Vec<(i128, T)>, pareto: f64) -> Vec<Ranked<T>> {
    delays.sort_rows_by_key(|(delay, _)| Reverse(*delay));
    let all = stats::seconds(delays.iter().map(|(delay, _)| delay).sum());
    let flagged = stats::pareto(delays.iter().map(|(delay, _)| stats::seconds(*delay)), pareto);
    let ranked = delays.into_iter().enumerate().map(|(rank, (delay, what))| Ranked {
        what,
        share: (all > 0.0).then(|| stats::seconds(delay) / all),
        bottleneck: rank < flagged,
    });
    ranked.collect()
}

fn sum(micros: &[i64]) -> i128 {
    micros.iter().map(|micros| i128::from(*micros)).sum()
}
