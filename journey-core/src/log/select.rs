//! Part of a log as a log of its own.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::build::gather;
use super::{EventLog, EventMatch, Journey, Matcher};
use crate::error::{Problem, Result, shorten};
use crate::time::Timestamp;

/// Which events [`EventLog::select`] keeps: those that meet every condition; an empty list is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct SelectOptions {
    /// The earliest time kept, as RFC 3339 or SQL text; read as UTC if it names no zone.
    pub since: Option<String>,
    /// The first time no longer kept, as RFC 3339 or SQL text; read as UTC if it names no zone.
    pub until: Option<String>,
    /// Names of the touchpoints kept.
    pub touchpoints: Vec<String>,
    /// Names of the channels kept.
    pub channels: Vec<String>,
    /// For each attribute named, the values kept.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Touchpoints: each journey begins at its first event at one of them; a journey without one is left out.
    pub start_at: Vec<String>,
    /// Touchpoints: each journey ends with its first event at one of them, where `start_at` is given with the first one
    /// after that; a journey without one is left out.
    pub end_at: Vec<String>,
    /// How many events of each journey are kept, counted from its beginning, of those that meet the other conditions.
    pub first: Option<u64>,
    /// How many events of each journey are kept, counted from its end; with `first`, those at both ends.
    pub last: Option<u64>,
}

impl EventLog {
    /// The events that meet every condition, as a log of its own; journeys without one are left out.
    ///
    /// Three steps, one after the other: the part of each journey from `start_at` to `end_at`, both included; of that
    /// the events that meet the conditions on times, touchpoints, channels and attributes; of these the `first` and the
    /// `last`.
    ///
    /// Events are kept, not journeys: what is left out lies between no two events any more, so touchpoints that were
    /// apart may follow each other. To keep whole journeys, use [`select_journeys`](Self::select_journeys). Names are
    /// shared with the whole log, not copied.
    ///
    /// ```
    /// use journey_core::{Event, EventLog, SelectOptions};
    ///
    /// let log = EventLog::builder()
    ///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
    ///     .event(Event::new("ann", "cart", "2024-03-13T10:01:00Z".parse()?))
    ///     .event(Event::new("ann", "pay", "2024-03-13T10:02:00Z".parse()?))
    ///     .build()?;
    /// let checkout = log.select(&SelectOptions { start_at: vec!["cart".into()], ..Default::default() })?;
    /// assert_eq!(checkout.len(), 2);
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a time cannot be read or the log has none, or a touchpoint, channel, attribute or value is not in the log.
    ///
    /// Which journeys are still open (`inactive_after`) goes by when observation of the whole log ended, or by `until`.
    ///
    /// # Complexity
    /// O(events).
    pub fn select(&self, options: &SelectOptions) -> Result<Self> {
        for (option, time) in [("since", &options.since), ("until", &options.until)] {
            if time.is_some() {
                self.needs_times(option)?;
            }
        }
        let period = Period::new(self, options)?;
        let matcher = self.matcher(&EventMatch {
            touchpoints: options.touchpoints.clone(),
            channels: options.channels.clone(),
            attributes: options.attributes.clone(),
        })?;
        let mut selected = self.filter(|journey, rows| {
            let before = rows.len();
            let places = period.places(journey);
            let times = journey.times();
            let time = |place: usize| times.and_then(|times| times.get(place));
            let kept = places
                .filter(|place| time(*place).is_none_or(|time| period.times.contains(time)))
                .map(|place| journey.start + place);
            // A log has at most as many events as a `u32` counts.
            rows.extend(kept.filter(|row| matcher.matches_row(*row)).filter_map(|row| u32::try_from(row).ok()));
            keep_ends(rows, before, options.first, options.last);
        });
        // What happens after the period is not observed in it.
        selected.observed_until = selected.observed_until.min(period.times.end);
        Ok(selected)
    }

    /// The rows for which a function says so; journeys without one are left out.
    pub(crate) fn keep(&self, stays: impl Fn(usize) -> bool) -> Self {
        self.filter(|journey, rows| {
            // A log has at most as many events as a `u32` counts.
            rows.extend(journey.rows().filter(|row| stays(*row)).filter_map(|row| u32::try_from(row).ok()));
        })
    }

    /// The rows that a function picks for each journey; journeys without one are left out.
    fn filter(&self, pick: impl Fn(Journey<'_>, &mut Vec<u32>)) -> Self {
        let mut rows = Vec::new();
        let mut kept = Vec::new();
        let mut offsets = vec![0];
        for journey in self.journeys() {
            let before = rows.len();
            pick(journey, &mut rows);
            if rows.len() > before {
                kept.push(journey.position);
                offsets.push(rows.len());
            }
        }
        self.take(&rows, &kept, offsets)
    }

    /// These rows, of the journeys at these positions.
    pub(super) fn take(&self, rows: &[u32], kept: &[usize], offsets: Vec<usize>) -> Self {
        if rows.len() == self.len() {
            return self.clone();
        }
        Self {
            names: Arc::clone(&self.names),
            journeys: Arc::new(kept.iter().filter_map(|position| self.journeys.get(*position)).copied().collect()),
            weights: self.weights_at(kept.iter().copied()),
            offsets: Arc::new(offsets),
            touchpoints: gather(&self.touchpoints, rows),
            times: self.times.as_ref().map(|column| gather(column, rows)),
            observed_until: self.observed_until,
            starts: self.starts.as_ref().map(|column| gather(column, rows)),
            channels: self.channels.as_ref().map(|column| gather(column, rows)),
            scores: self.scores.as_ref().map(|column| gather(column, rows)),
            values: self.values.as_ref().map(|column| gather(column, rows)),
            feedback: self.feedback.as_ref().map(|column| gather(column, rows)),
            attributes: self.attributes.iter().map(|column| gather(column, rows)).collect(),
        }
    }
}

/// The part of a journey that is looked at, in time and between touchpoints.
struct Period<'a> {
    times: Range<i64>,
    start_at: Option<Matcher<'a>>,
    end_at: Option<Matcher<'a>>,
}

impl<'a> Period<'a> {
    fn new(log: &'a EventLog, options: &SelectOptions) -> Result<Self> {
        let anchor = |option: &str, touchpoints: &[String]| {
            if touchpoints.is_empty() {
                return Ok(None);
            }
            let wanted = EventMatch { touchpoints: touchpoints.to_vec(), ..EventMatch::default() };
            log.matcher(&wanted).map(Some).map_err(|error| error.at_field(option))
        };
        Ok(Self {
            times: times(("since", options.since.as_deref()), ("until", options.until.as_deref()))?,
            start_at: anchor("start_at", &options.start_at)?,
            end_at: anchor("end_at", &options.end_at)?,
        })
    }

    /// The places from the first event at a start to the first after it at an end, both included.
    fn places(&self, journey: Journey<'_>) -> Range<usize> {
        let find = |anchor: &Matcher<'_>, from: usize| (from..journey.len()).find(|at| anchor.matches(journey, *at));
        let (start, after) = match &self.start_at {
            None => (Some(0), 0),
            Some(anchor) => find(anchor, 0).map_or((None, 0), |at| (Some(at), at + 1)),
        };
        let end = match &self.end_at {
            None => Some(journey.len()),
            Some(anchor) => find(anchor, after).map(|at| at + 1),
        };
        start.zip(end).map_or(0..0, |(start, end)| start..end)
    }
}

/// Of the rows from a place on, leaves the first and the last; all if neither is asked for.
fn keep_ends(rows: &mut Vec<u32>, from: usize, first: Option<u64>, last: Option<u64>) {
    if first.is_none() && last.is_none() {
        return;
    }
    let count = |n: Option<u64>| usize::try_from(n.unwrap_or(0)).unwrap_or(usize::MAX);
    let begin = from.saturating_add(count(first));
    let end = rows.len().saturating_sub(count(last));
    if begin < end {
        rows.drain(begin..end.max(from));
    }
}

/// The times from one option up to, but without, another; all if they are not given.
pub(super) fn times(since: (&str, Option<&str>), until: (&str, Option<&str>)) -> Result<Range<i64>> {
    let (since, until) = (time_option(since.0, since.1)?, time_option(until.0, until.1)?);
    Ok(since.unwrap_or(Timestamp::MIN).micros()..until.map_or(i64::MAX, Timestamp::micros))
}

fn time_option(name: &str, text: Option<&str>) -> Result<Option<Timestamp>> {
    text.map(|text| {
        text.parse().map_err(|_| {
            let value = format!("`{}`", shorten(text));
            let expected = "a time such as `2024-03-13` or `2024-03-13T10:21:14Z`".into();
            Problem::OptionRange { value, expected }.at_field(name)
        })
    })
    .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Event};

    fn log() -> EventLog {
        let at = |day: &str| format!("2024-03-{day}").parse().unwrap();
        EventLog::builder()
            .attribute("platform")
            .event_with(Event::new("a", "visit", at("01")).on_channel("web"), [Some("mobile")])
            .event_with(Event::new("a", "pay", at("02")).on_channel("web"), [Some("desktop")])
            .event_with(Event::new("b", "visit", at("03")).on_channel("shop"), [Some("mobile")])
            .event_with(Event::new("c", "visit", at("04")), [None])
            .build()
            .unwrap()
    }

    fn ids(options: &SelectOptions) -> Vec<String> {
        let selected = log().select(options).unwrap();
        selected
            .journeys()
            .flat_map(|j| j.events().map(|e| format!("{} {}", e.journey, e.touchpoint)).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn events_that_meet_every_condition_are_kept() {
        let mobile = BTreeMap::from([("platform".to_owned(), vec!["mobile".to_owned()])]);
        assert_eq!(ids(&SelectOptions::default()).len(), 4);
        assert_eq!(ids(&SelectOptions { attributes: mobile.clone(), ..Default::default() }), ["a visit", "b visit"]);
        let since = Some("2024-03-02".to_owned());
        assert_eq!(ids(&SelectOptions { attributes: mobile, since, ..Default::default() }), ["b visit"]);
        let until = Some("2024-03-02".to_owned());
        assert_eq!(ids(&SelectOptions { until, ..Default::default() }), ["a visit"], "the end itself is left out");
        assert_eq!(ids(&SelectOptions { touchpoints: vec!["pay".into()], ..Default::default() }), ["a pay"]);
        assert_eq!(ids(&SelectOptions { channels: vec!["shop".into()], ..Default::default() }), ["b visit"]);
    }

    fn paths(options: &SelectOptions) -> Vec<String> {
        let at = |second: i64| crate::Timestamp::from_micros(second * 1_000_000).unwrap();
        let mut builder = EventLog::builder();
        for (id, path) in [("a", "visit cart look cart pay"), ("b", "pay cart"), ("c", "visit")] {
            for (second, touchpoint) in (0..).zip(path.split(' ')) {
                builder = builder.event(Event::new(id, touchpoint, at(second)));
            }
        }
        let selected = builder.build().unwrap().select(options).unwrap();
        let path = |j: Journey<'_>| j.events().map(|e| e.touchpoint).collect::<Vec<_>>().join(" ");
        selected.journeys().map(|j| format!("{}: {}", j.id(), path(j))).collect()
    }

    #[test]
    fn a_part_of_a_journey_runs_from_one_touchpoint_to_the_next_other_one() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let between = |from: &[&str], to: &[&str]| {
            paths(&SelectOptions { start_at: names(from), end_at: names(to), ..Default::default() })
        };
        assert_eq!(between(&["cart"], &["pay"]), ["a: cart look cart pay"], "nobody else pays after the cart");
        assert_eq!(between(&["cart"], &[]), ["a: cart look cart pay", "b: cart"]);
        assert_eq!(between(&[], &["cart"]), ["a: visit cart", "b: pay cart"]);
        assert_eq!(between(&["cart"], &["cart"]), ["a: cart look cart"], "the end is another event than the start");
        assert_eq!(between(&["look", "pay"], &["pay", "cart"]), ["a: look cart", "b: pay cart"]);
    }

    #[test]
    fn the_first_and_the_last_are_counted_among_those_that_meet_the_conditions() {
        let ends = |first, last| paths(&SelectOptions { first, last, ..Default::default() });
        assert_eq!(ends(Some(2), None), ["a: visit cart", "b: pay cart", "c: visit"]);
        assert_eq!(ends(None, Some(1)), ["a: pay", "b: cart", "c: visit"]);
        assert_eq!(ends(Some(1), Some(1)), ["a: visit pay", "b: pay cart", "c: visit"]);
        assert_eq!(ends(Some(u64::MAX), Some(3)), paths(&SelectOptions::default()));
        assert!(ends(Some(0), None).is_empty());
        let carts = vec!["cart".to_owned()];
        let second = SelectOptions { touchpoints: carts, last: Some(1), ..Default::default() };
        assert_eq!(paths(&second), ["a: cart", "b: cart"]);
    }

    #[test]
    fn what_the_log_does_not_have_is_an_error_with_the_nearest_name() {
        let attribute = |name: &str, value: &str| SelectOptions {
            attributes: BTreeMap::from([(name.to_owned(), vec![value.to_owned()])]),
            ..Default::default()
        };
        for (options, kind, near) in [
            (attribute("platfrom", "mobile"), ErrorKind::InvalidOption, "`platform`?"),
            (attribute("platform", "moblie"), ErrorKind::InvalidOption, "`mobile`?"),
            (
                SelectOptions { touchpoints: vec!["vist".into()], ..Default::default() },
                ErrorKind::UnknownTouchpoint,
                "`visit`?",
            ),
            (
                SelectOptions { channels: vec!["shpo".into()], ..Default::default() },
                ErrorKind::InvalidOption,
                "`shop`?",
            ),
            (
                SelectOptions { end_at: vec!["pya".into()], ..Default::default() },
                ErrorKind::UnknownTouchpoint,
                "`pay`?",
            ),
            (
                SelectOptions { since: Some("March".into()), ..Default::default() },
                ErrorKind::InvalidOption,
                "`2024-03-13T10:21:14Z`",
            ),
        ] {
            let error = log().select(&options).unwrap_err();
            assert_eq!(error.kind(), kind);
            assert!(error.to_string().ends_with(near), "{error}");
        }
    }
}
