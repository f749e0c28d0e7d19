//! Where journeys end, and where they leave the path that they were expected to take: two rates, kept apart.

use serde::{Deserialize, Serialize};

use super::censoring::Censoring;
use super::divergence::{Fate, PathCounts, PathStep};
use super::stats::{self, Share};
use super::visits::Visits;
use crate::duration::Duration;
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::sorting::SortRows;

/// Options for [`drop_offs`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct DropOffOptions {
    /// Touchpoints, of which a journey must reach one to convert; what ends after that has not dropped off.
    pub conversion: Vec<String>,
    /// The touchpoints of a displayed path, in order; the report then says where journeys leave it.
    pub path: Vec<String>,
    /// A journey that has been silent for less than this when the log ends is open; without it, all have ended.
    pub inactive_after: Option<Duration>,
    /// The most rows each list shows; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for DropOffOptions {
    fn default() -> Self {
        Self {
            conversion: Vec::new(),
            path: Vec::new(),
            inactive_after: None,
            limit: None,
            confidence: stats::CONFIDENCE,
        }
    }
}

/// Where journeys end, and where they leave a displayed path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DropOffs {
    /// Journeys in the log.
    pub journeys: u64,
    /// Journeys that may still go on: they have neither ended nor dropped off.
    pub open_journeys: u64,
    /// Journeys that reached a conversion, open ones included; 0 if none is named.
    pub converted_journeys: u64,
    /// Of the journeys that have ended, those that never converted; `None` if no conversion is named.
    pub drop_off_rate: Option<Share>,
    /// The touchpoints, most drop-offs first, then most ends, ties by name.
    pub touchpoints: Vec<TouchpointDropOff>,
    /// Touchpoints that the limit cut off.
    pub touchpoints_left_out: u64,
    /// The steps of the displayed path, in its order.
    pub path: Vec<PathStep>,
}

/// How often journeys end at a touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TouchpointDropOff {
    /// The touchpoint.
    pub touchpoint: String,
    /// Of all events here, those with which a journey ended.
    pub exit_rate: Share,
    /// Of all journeys that visited it, those that ended here.
    pub journey_exit_rate: Share,
    /// Of the events here before their journey converted, those with which it ended.
    pub drop_off_rate: Share,
    /// Open journeys whose last event is here: that event, or that journey, is left out of the rates.
    pub open_journeys: u64,
}

/// Finds where journeys end, and where they leave a displayed path.
///
/// **Exit**: `exit_rate` is `p(end | a)`, the share of the events at a touchpoint that are the last of their journey;
/// `journey_exit_rate` is the share of the journeys that visited it. Where a `conversion` is named, `drop_off_rate`
/// looks only at events before the first conversion of their journey: an end after it is an exit, and no drop-off.
///
/// **Divergence**: with `path`, at each step the share of the journeys that took the displayed path up to there and
/// whose next event is not the displayed next step, with what they did instead. A journey that diverges at one step
/// often ends at another touchpoint, so the two rates are not the same.
///
/// **Open journeys**, silent for less than `inactive_after` when the log ends, have not ended: their last event is left
/// out.
///
/// ```
/// use journey_core::{DropOffOptions, Event, EventLog, drop_offs};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "cart", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .event(Event::new("bob", "cart", "2024-03-13T11:00:00Z".parse()?))
///     .event(Event::new("bob", "help", "2024-03-13T11:01:00Z".parse()?))
///     .build()?;
/// let path = vec!["cart".into(), "pay".into()];
/// let report = drop_offs(&log, &DropOffOptions { conversion: vec!["pay".into()], path, ..Default::default() })?;
/// assert_eq!(report.touchpoints[0].touchpoint, "help", "that is where bob was last seen");
/// let left = report.path[0].divergence_rate.as_ref().unwrap();
/// assert_eq!(left.share, Some(0.5), "but it is the cart where he left the path");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, or names a touchpoint that is not in the log (unless the log is empty).
///
/// # Complexity
/// O(events + touchpoints log touchpoints).
pub fn drop_offs(log: &EventLog, options: &DropOffOptions) -> Result<DropOffs> {
    stats::check_confidence(options.confidence)?;
    let codes = |names: &[String], option: &str| {
        names.iter().map(|name| log.touchpoint_code(name, option)).collect::<Result<Vec<u32>>>()
    };
    let (conversion, path) = (codes(&options.conversion, "conversion")?, codes(&options.path, "path")?);
    let censoring = Censoring::new(log, options.inactive_after)?;
    Ok(fold(log, || DropOffsFold::new(log.names(), &conversion, &path, censoring, options)))
}

pub(super) struct DropOffsFold {
    options: DropOffOptions,
    conversion: Vec<u32>,
    censoring: Censoring,
    journeys: u64,
    open: u64,
    converted: u64,
    dropped: u64,
    visits: Visits,
    touchpoints: Vec<Here>,
    path: PathCounts,
}

/// What is counted at a touchpoint besides its visits.
#[derive(Clone, Copy, Default)]
struct Here {
    /// Open journeys whose last event is here.
    open: u64,
    /// Those of them that have not converted.
    open_before: u64,
    /// Journeys that ended here and never converted.
    dropped: u64,
    /// Events that are their journey's first conversion, or come after it.
    after: u64,
}

impl DropOffsFold {
    pub(super) fn new(
        names: &LogNames,
        conversion: &[u32],
        path: &[u32],
        censoring: Censoring,
        options: &DropOffOptions,
    ) -> Self {
        Self {
            options: options.clone(),
            conversion: conversion.to_vec(),
            censoring,
            journeys: 0,
            open: 0,
            converted: 0,
            dropped: 0,
            visits: Visits::new(names),
            touchpoints: vec![Here::default(); names.touchpoints.len()],
            path: PathCounts::new(names, path),
        }
    }

    fn row(&self, code: u32, here: &Here, names: &LogNames) -> TouchpointDropOff {
        let (visits, confidence) = (self.visits.of(Some(code)), self.options.confidence);
        let exits = visits.ends - here.open;
        TouchpointDropOff {
            touchpoint: names.touchpoints.name(code).to_owned(),
            exit_rate: Share::new(exits, visits.events - here.open, confidence),
            journey_exit_rate: Share::new(exits, visits.journeys - here.open, confidence),
            drop_off_rate: Share::new(here.dropped, visits.events - here.after - here.open_before, confidence),
            open_journeys: here.open,
        }
    }
}

impl Fold for DropOffsFold {
    type Report = DropOffs;

    fn journey(&mut self, journey: Journey<'_>) {
        let touchpoints = journey.touchpoints();
        let open = self.censoring.is_open(journey);
        let conversion = touchpoints.iter().position(|code| self.conversion.contains(code));
        let converted = conversion.is_some();
        self.journeys += 1;
        self.open += u64::from(open);
        self.converted += u64::from(converted);
        self.dropped += u64::from(!open && !converted);
        self.visits.journey(journey);
        for code in conversion.and_then(|place| touchpoints.get(place..)).unwrap_or_default() {
            if let Some(here) = self.touchpoints.get_mut(*code as usize) {
                here.after += 1;
            }
        }
        if let Some(here) = touchpoints.last().and_then(|last| self.touchpoints.get_mut(*last as usize)) {
            here.open += u64::from(open);
            here.open_before += u64::from(open && !converted);
            here.dropped += u64::from(!open && !converted);
        }
        self.path.journey(touchpoints, Fate { open, converted });
    }

    fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        self.open += other.open;
        self.converted += other.converted;
        self.dropped += other.dropped;
        self.visits.merge(&other.visits);
        for (here, more) in self.touchpoints.iter_mut().zip(other.touchpoints) {
            here.open += more.open;
            here.open_before += more.open_before;
            here.dropped += more.dropped;
            here.after += more.after;
        }
        self.path.merge(other.path);
    }

    fn finish(self, names: &LogNames) -> DropOffs {
        let DropOffOptions { limit, confidence, .. } = self.options;
        let visited = self.visits.visited().filter_map(|(code, _)| Some((code, self.touchpoints.get(code as usize)?)));
        let mut touchpoints: Vec<_> = visited.map(|(code, here)| self.row(code, here, names)).collect();
        touchpoints.sort_rows_by_key(|row| std::cmp::Reverse((row.drop_off_rate.n, row.exit_rate.n)));
        DropOffs {
            journeys: self.journeys,
            open_journeys: self.open,
            converted_journeys: self.converted,
            drop_off_rate: (!self.options.conversion.is_empty())
                .then(|| Share::new(self.dropped, self.journeys - self.open, confidence)),
            touchpoints_left_out: super::cut(&mut touchpoints, limit),
            touchpoints,
            path: self.path.finish(names, &self.options),
        }
    }
}

/// Drop-offs that were counted before, when all journeys had ended.
pub(crate) struct KeptDropOffs {
    pub(crate) journeys: u64,
    pub(crate) converted: u64,
    pub(crate) visits: Visits,
    /// For each touchpoint by its code: journeys that ended here and never converted; events that are their journey's first
    /// conversion, or come after it.
    pub(crate) touchpoints: Vec<(u64, u64)>,
}

/// The report of drop-offs that were counted before; no path is displayed.
pub(crate) fn drop_offs_of(kept: KeptDropOffs, options: &DropOffOptions, names: &LogNames) -> Result<DropOffs> {
    stats::check_confidence(options.confidence)?;
    let here = |(dropped, after): (u64, u64)| Here { dropped, after, ..Here::default() };
    let counted = DropOffsFold {
        options: options.clone(),
        conversion: Vec::new(),
        censoring: Censoring::default(),
        journeys: kept.journeys,
        open: 0,
        converted: kept.converted,
        dropped: kept.journeys - kept.converted,
        visits: kept.visits,
        touchpoints: kept.touchpoints.into_iter().map(here).collect(),
        path: PathCounts::new(names, &[]),
    };
    Ok(counted.finish(names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    /// Journeys such as `"visit pay"`, an event a second; each starts when the one before has ended.
    fn log(paths: &[&str]) -> EventLog {
        let (mut log, mut second) = (EventLog::builder(), 0);
        for (journey, path) in paths.iter().enumerate() {
            for touchpoint in path.split(' ') {
                let time = Timestamp::from_micros(second * 1_000_000).unwrap();
                log = log.event(Event::new(&format!("j{journey}"), touchpoint, time));
                second += 1;
            }
        }
        log.build().unwrap()
    }

    fn counts(share: &Share) -> (u64, u64) {
        (share.n, share.of)
    }

    #[test]
    fn an_end_after_the_conversion_is_no_drop_off() {
        let options = DropOffOptions { conversion: vec!["pay".into()], ..Default::default() };
        let report = drop_offs(&log(&["cart pay help", "cart help"]), &options).unwrap();
        let help = &report.touchpoints[0];
        assert_eq!(help.touchpoint, "help");
        assert_eq!((counts(&help.exit_rate), counts(&help.drop_off_rate)), ((2, 2), (1, 1)));
        assert_eq!(report.drop_off_rate.as_ref().map(counts), Some((1, 2)));
    }

    #[test]
    fn the_last_event_of_an_open_journey_is_left_out() {
        let inactive_after = Some(Duration::from_seconds(2.0).unwrap());
        let report = drop_offs(&log(&["a b", "a", "b a"]), &DropOffOptions { inactive_after, ..Default::default() });
        let report = report.unwrap();
        // j2 ends at second 4, the end of the log; j1 stood at second 2, long enough ago.
        assert_eq!((report.open_journeys, report.drop_off_rate.as_ref()), (1, None), "no conversion is named");
        let a = &report.touchpoints[0];
        assert_eq!((a.touchpoint.as_str(), a.open_journeys), ("a", 1));
        assert_eq!((counts(&a.exit_rate), counts(&a.journey_exit_rate)), ((1, 2), (1, 2)));
    }

    #[test]
    fn leaving_the_path_is_not_leaving() {
        let path = ["a", "b", "c"].map(str::to_owned).to_vec();
        let report =
            drop_offs(&log(&["x a b c", "a x b", "a"]), &DropOffOptions { path, ..Default::default() }).unwrap();
        let first = &report.path[0];
        assert_eq!(counts(first.divergence_rate.as_ref().unwrap()), (2, 3));
        assert_eq!(counts(&first.exit_rate), (1, 3));
        assert_eq!(counts(first.returned.as_ref().unwrap()), (1, 3), "to b, by way of x");
        assert_eq!(counts(first.lost.as_ref().unwrap()), (1, 3));
        let next: Vec<_> = first.next.iter().map(|next| (next.touchpoint.as_deref(), next.share.n)).collect();
        assert_eq!(next, [(None, 1), (Some("x"), 1)]);
        assert_eq!((report.path[1].journeys, report.path[2].divergence_rate.is_none()), (1, true));
    }
}
