//! What customers do again: how much, where, and in which circles.
//!
//! Rework of a journey is its events less its distinct touchpoints (`statistics/rework/cases` of pm4py): every visit of
//! a touchpoint after the first. Each such visit either follows the last one directly, then it lengthens a
//! **self-loop** (a maximal run of at least two events at one touchpoint, whose size is its length less one), or it
//! comes after others, then it is a **repetition** (Swennen 2018; edeaR, `number_of_selfloops` and
//! `number_of_repetitions`). On the channel of the first visit it is a **repeat**, on another a **redo**: the customer
//! had to do it again elsewhere (edeaR compares resources).
//!
//! The **self-distance** of a touchpoint in a journey is the fewest events between two visits: none for one visit, 0
//! for `a, a`, 1 for `a, b, a` (pm4py). A **ping-pong** is a maximal piece `a, b, a, b, ...` of at least four events in
//! which two touchpoints take turns; a **cycle** is a piece of at least three events whose first and last touchpoint
//! are the same and whose touchpoints are not all the same (Retentioneering 3).

use serde::{Deserialize, Serialize};

use super::counts::CountStats;
use super::cycles::{Circles, Counted};
use super::quantiles::Quantiles;
use super::revisits::{Again, Revisits};
use super::stats::{self, Part, Share, TimeStats};
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::sorting::SortRows;
use crate::threads::map_each;

/// Options for [`rework`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct ReworkOptions {
    /// The most events of a cycle, from 3 to 20; its first and its last are both counted.
    pub max_cycle_length: u64,
    /// The most rows each list shows; all if `None`.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for ReworkOptions {
    fn default() -> Self {
        Self { max_cycle_length: 5, limit: Some(100), confidence: stats::CONFIDENCE }
    }
}

/// What customers do again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Rework {
    /// Journeys in the log.
    pub journeys: u64,
    /// Events at a touchpoint that their journey had visited before, of all events.
    pub rework: Part,
    /// Journeys that visited any touchpoint more than once.
    pub journeys_with_rework: Share,
    /// How many events of rework a journey has, over all journeys.
    pub per_journey: Option<CountStats>,
    /// The touchpoints, those that most journeys came back to first, ties by name.
    pub touchpoints: Vec<TouchpointRework>,
    /// Touchpoints that the limit cut off.
    pub touchpoints_left_out: u64,
    /// Pairs of touchpoints that take turns; those of the most journeys first, then the most frequent, ties by name.
    pub ping_pongs: Vec<PingPong>,
    /// Pairs that the limit cut off.
    pub ping_pongs_left_out: u64,
    /// Ways that end where they began; those of the most journeys first, then the most frequent, ties by name.
    pub cycles: Vec<Cycle>,
    /// Cycles that the limit cut off.
    pub cycles_left_out: u64,
}

/// What customers do again at a touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TouchpointRework {
    /// The touchpoint.
    pub touchpoint: String,
    /// Events at it.
    pub events: u64,
    /// Events at it after the first of their journey: `self_loop_events` and `repetitions` together.
    pub rework: u64,
    /// Journeys that visited it more than once, of those that visited it.
    pub journeys: Share,
    /// Runs of at least two events here.
    pub self_loops: u64,
    /// Events of these runs after their first: the sizes of the self-loops.
    pub self_loop_events: u64,
    /// Visits after the first with another touchpoint in between.
    pub repetitions: u64,
    /// Events of rework on the channel of the journey's first visit here, where both channels are known.
    pub repeats: u64,
    /// Events of rework on another channel than that of the journey's first visit here, where both are known.
    pub redos: u64,
    /// Journeys with a redo here.
    pub redo_journeys: u64,
    /// The fewest events between two visits, over the journeys with at least two; its `min` is that of the log.
    pub self_distance: Option<CountStats>,
    /// Time from the first visit to the last, over the journeys with at least two; `None` also if the log has no times.
    pub first_to_last: Option<TimeStats>,
}

/// Two touchpoints that take turns, at least twice each: a, b, a, b.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PingPong {
    /// The first of the two, by name; either may begin.
    pub touchpoint: String,
    /// The second.
    pub other: String,
    /// How often that happened; as long as they take turns it is once.
    pub count: u64,
    /// Events of the longest.
    pub longest: u64,
    /// Journeys in which it happened.
    pub journeys: Share,
}

/// A way that ends where it began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Cycle {
    /// The touchpoints; the first and the last are the same.
    pub touchpoints: Vec<String>,
    /// How often it was taken.
    pub count: u64,
    /// Journeys that took it at least once.
    pub journeys: Share,
}

/// Finds what customers do again: rework, self-loops, repetitions, redos on another channel, ping-pongs and cycles.
///
/// A figure of rework says that something was done again, not that this was bad: looking at products is all about
/// coming back. Cycles are found as they stand, without gaps; to see those of the checkout, select its touchpoints
/// first.
///
/// ```
/// use journey_core::{Event, EventLog, ReworkOptions, rework};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "cart", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "shipping", "2024-03-13T10:01:00Z".parse()?))
///     .event(Event::new("ann", "cart", "2024-03-13T10:04:00Z".parse()?))
///     .build()?;
/// let report = rework(&log, &ReworkOptions::default())?;
/// assert_eq!((report.rework.n, report.touchpoints[0].repetitions), (1, 1));
/// assert_eq!(report.cycles[0].touchpoints, ["cart", "shipping", "cart"]);
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(events times the length of cycles + cycles log cycles).
pub fn rework(log: &EventLog, options: &ReworkOptions) -> Result<Rework> {
    stats::check_confidence(options.confidence)?;
    let longest = options.max_cycle_length;
    let ok = (3..=20).contains(&longest);
    stats::check_option("max_cycle_length", stats::float(longest), ok, "a whole number from 3 to 20")?;
    Ok(fold(log, || ReworkFold::new(log.names(), options)))
}

pub(super) struct ReworkFold {
    options: ReworkOptions,
    journeys: u64,
    events: u64,
    revisits: Revisits,
    circles: Circles,
}

impl ReworkFold {
    pub(super) fn new(names: &LogNames, options: &ReworkOptions) -> Self {
        let (revisits, circles) = (Revisits::new(names), Circles::new(options.max_cycle_length));
        Self { options: options.clone(), journeys: 0, events: 0, revisits, circles }
    }
}

impl Fold for ReworkFold {
    type Report = Rework;

    fn journey(&mut self, journey: Journey<'_>) {
        self.journeys += 1;
        self.events += journey.len() as u64;
        self.revisits.journey(journey);
        self.circles.journey(journey);
    }

    fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        self.events += other.events;
        self.revisits.merge(other.revisits);
        self.circles.merge(other.circles);
    }

    fn finish(self, names: &LogNames) -> Rework {
        let ReworkOptions { limit, confidence, .. } = self.options;
        let per_journey = self.revisits.per_journey.stats();
        let again = per_journey.as_ref().map_or(0, |stats| stats.total);
        let with_rework = self.revisits.journeys_with_rework;
        let mut visited: Vec<(u32, Again)> = self.revisits.into_visited().collect();
        visited.sort_rows_by_key(|(_, again)| std::cmp::Reverse(again.returned));
        let touchpoints_left_out = super::cut(&mut visited, limit);
        let name = |code: &u32| names.touchpoints.name(*code).to_owned();
        let quantiles = Quantiles::new(confidence, visited.iter().map(|(_, again)| again.micros.len() as u64));
        let in_journeys = |n: u64| quantiles.share(n, self.journeys);
        let (ping_pongs, ping_pongs_left_out) = self.circles.ping_pongs.ranked(limit);
        let (cycles, cycles_left_out) = self.circles.cycles.ranked(limit);
        let ping_pong = |(pair, tally): Counted| PingPong {
            touchpoint: pair.first().map(name).unwrap_or_default(),
            other: pair.last().map(name).unwrap_or_default(),
            count: tally.count,
            longest: tally.longest,
            journeys: in_journeys(tally.journeys),
        };
        let cycle = |(piece, tally): Counted| Cycle {
            touchpoints: piece.iter().map(name).collect(),
            count: tally.count,
            journeys: in_journeys(tally.journeys),
        };
        Rework {
            journeys: self.journeys,
            rework: Part::new(again, self.events),
            journeys_with_rework: in_journeys(with_rework),
            per_journey,
            touchpoints: map_each(visited, |(code, again)| touchpoint(name(&code), again, &quantiles)),
            touchpoints_left_out,
            ping_pongs: ping_pongs.into_iter().map(ping_pong).collect(),
            ping_pongs_left_out,
            cycles: cycles.into_iter().map(cycle).collect(),
            cycles_left_out,
        }
    }
}

fn touchpoint(touchpoint: String, mut again: Again, quantiles: &Quantiles) -> TouchpointRework {
    TouchpointRework {
        touchpoint,
        events: again.events,
        rework: again.self_loop_events + again.repetitions,
        journeys: quantiles.share(again.returned, again.journeys),
        self_loops: again.self_loops,
        self_loop_events: again.self_loop_events,
        repetitions: again.repetitions,
        repeats: again.repeats,
        redos: again.redos,
        redo_journeys: again.redo_journeys,
        self_distance: again.distances.stats(),
        first_to_last: quantiles.time_stats(again.micros.as_mut_slice()),
    }
}
