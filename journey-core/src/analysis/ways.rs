//! The ways from touchpoint to touchpoint, and what each is a share of: what the questions about transitions share.

use super::edges::{Edge, GroupedEdges, TransitionRelation};
use super::flow::Flow;
use super::visits::Visits;
use crate::error::{Problem, Result};
use crate::log::{EventLog, Journey};
use crate::sorting::SortRows;

/// A way from one touchpoint to another; `None` is the start or the end of a journey.
pub(super) struct Way<T> {
    pub(super) source: Option<u32>,
    pub(super) target: Option<u32>,
    pub(super) count: u64,
    pub(super) journeys: u64,
    /// Empty for starts and ends, and in a log without times.
    pub(super) times: T,
}

impl<'a> From<Edge<'a>> for Way<&'a mut [i64]> {
    fn from(edge: Edge<'a>) -> Self {
        Self {
            source: Some(edge.from),
            target: Some(edge.to),
            count: edge.count,
            journeys: edge.journeys,
            times: edge.micros,
        }
    }
}

/// What the ways add up to.
///
/// Where events follow directly, each journey also takes a way from its start and one to its end. Where they follow
/// sooner or later it does not: every event comes after the start and before the end, which says nothing.
pub(super) struct Totals {
    pub(super) journeys: u64,
    /// Ways from touchpoint to touchpoint, each time one was taken.
    pub(super) total: u64,
    /// All ways, starts and ends included.
    pub(super) all: u64,
    /// Whether journeys have a start and an end here.
    pub(super) ends: bool,
    visits: Visits,
    out_of: Vec<u64>,
    into: Vec<u64>,
}

/// The ways that were folded, ready to be listed.
pub(super) fn ways_of(flow: Flow) -> (Totals, GroupedEdges) {
    let Flow { journeys, visits, edges } = flow;
    let ends = edges.relation() == TransitionRelation::DirectlyFollows;
    let edges = edges.group();
    (Totals::new(journeys, visits, ends, edges.counts()), edges)
}

fn add(sums: &mut [u64], code: u32, count: u64) {
    if let Some(sum) = sums.get_mut(code as usize) {
        *sum += count;
    }
}

impl Totals {
    /// What ways between touchpoints, each with its ends and its count, add up to with those from starts and to ends.
    pub(super) fn new(
        journeys: u64,
        visits: Visits,
        ends: bool,
        between: impl Iterator<Item = (u32, u32, u64)>,
    ) -> Self {
        let (mut total, mut out_of, mut into) = (0, vec![0; visits.len()], vec![0; visits.len()]);
        for (code, counts) in visits.visited().filter(|_| ends) {
            add(&mut out_of, code, counts.ends);
            add(&mut into, code, counts.starts);
        }
        for (from, to, count) in between {
            total += count;
            add(&mut out_of, from, count);
            add(&mut into, to, count);
        }
        let all = if ends { total + 2 * journeys } else { total };
        Self { journeys, total, all, ends, visits, out_of, into }
    }

    /// All ways out of a touchpoint or of the start.
    pub(super) fn ways_out_of(&self, source: Option<u32>) -> u64 {
        source.map_or(self.journeys, |code| self.out_of.get(code as usize).copied().unwrap_or(0))
    }

    /// All ways into a touchpoint or into the end.
    pub(super) fn ways_into(&self, target: Option<u32>) -> u64 {
        target.map_or(self.journeys, |code| self.into.get(code as usize).copied().unwrap_or(0))
    }

    /// Journeys that visited a touchpoint, or that had a start.
    pub(super) fn journeys_at(&self, source: Option<u32>) -> u64 {
        source.map_or(self.journeys, |code| self.visits.of(Some(code)).journeys)
    }

    /// The touchpoints with the most events, ties by name, up to the limit; in the order of their names.
    pub(super) fn most_visited(&self, limit: Option<u64>) -> (Vec<u32>, u64) {
        let mut visited: Vec<_> = self.visits.visited().collect();
        visited.sort_rows_by_key(|(_, counts)| std::cmp::Reverse(counts.events));
        let left_out = super::cut(&mut visited, limit);
        let mut codes: Vec<u32> = visited.into_iter().map(|(code, _)| code).collect();
        codes.sort_unstable();
        (codes, left_out)
    }

    /// Every way: first those between touchpoints, by the names of their ends, then starts and ends.
    pub(super) fn ways<T: Default>(&self, between: impl Iterator<Item = impl Into<Way<T>>>) -> Vec<Way<T>> {
        let mut ways: Vec<Way<T>> = between.map(Into::into).collect();
        let end = |source, target, count| Way { source, target, count, journeys: count, times: T::default() };
        for (code, counts) in self.visits.visited().filter(|_| self.ends) {
            if counts.starts > 0 {
                ways.push(end(None, Some(code), counts.starts));
            }
            if counts.ends > 0 {
                ways.push(end(Some(code), None, counts.ends));
            }
        }
        ways
    }
}

/// Refuses a log where what follows what sooner or later would not fit into memory.
///
/// A journey through `d` touchpoints has up to `d * d` pairs of them, each with a time.
pub(super) fn check_size(log: &EventLog, relation: TransitionRelation) -> Result<()> {
    /// Their times fill about three gigabytes.
    const MOST_PAIRS: u64 = 1 << 27;
    const WHAT: &str = "pairs of touchpoints in its journeys; selecting fewer touchpoints leaves fewer";
    let touchpoints = log.touchpoints().len();
    let most = |journey: Journey<'_>| journey.len().min(touchpoints) as u64;
    let pairs = |size: u64| size.saturating_mul(size);
    let rough =
        |sum: u64, journey: Journey<'_>| sum.saturating_add(pairs(most(journey)).saturating_mul(journey.weight()));
    if relation == TransitionRelation::DirectlyFollows || log.journeys().fold(0, rough) <= MOST_PAIRS {
        return Ok(());
    }
    let mut codes = Vec::new();
    let exact = |sum: u64, journey: Journey<'_>| {
        codes.clear();
        codes.extend_from_slice(journey.touchpoints());
        codes.sort_unstable();
        codes.dedup();
        sum.saturating_add(pairs(codes.len() as u64).saturating_mul(journey.weight()))
    };
    if log.journeys().fold(0, exact) <= MOST_PAIRS {
        return Ok(());
    }
    Err(Problem::TooMany { what: WHAT, limit: MOST_PAIRS }.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    fn log(events: i64, touchpoints: i64) -> EventLog {
        let mut builder = EventLog::builder();
        for row in 0..events {
            let touchpoint = format!("t{}", row % touchpoints);
            builder.push(Event::new("j", &touchpoint, Timestamp::from_micros(row).unwrap()), []).unwrap();
        }
        builder.build().unwrap()
    }

    #[test]
    fn what_would_not_fit_into_memory_is_refused() {
        let (direct, eventual) = (TransitionRelation::DirectlyFollows, TransitionRelation::EventuallyFollows);
        // 12,000 squared is 144 million, 2^27 is 134 million.
        let wide = log(12_000, 12_000);
        assert!(check_size(&wide, direct).is_ok());
        let error = check_size(&wide, eventual).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::LimitExceeded);
        assert!(error.to_string().contains("selecting fewer touchpoints"), "{error}");
        assert!(check_size(&log(24_000, 11_000), eventual).is_ok(), "a long journey through fewer touchpoints fits");
    }
}
