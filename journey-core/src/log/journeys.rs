//! Whole journeys: kept, or marked, by what happens in them.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::fold::parts;
use super::pattern::{PathPattern, Walker};
use super::select::times;
use super::{EventLog, EventMatch, Journey, Matcher};
use crate::duration::Duration;
use crate::error::{Problem, Result};
use crate::names::Interner;
use crate::threads::map_each;

/// Conditions on a whole journey; one that meets them all is meant, and what is not given is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct JourneyMatch {
    /// A path pattern that the journey follows somewhere, such as `cart -> [^pay]* -> end`.
    pub with_path: Option<String>,
    /// A path pattern that the journey follows nowhere.
    pub without_path: Option<String>,
    /// Conditions that at least one event of the journey meets.
    pub with_event: Option<EventMatch>,
    /// Conditions that no event of the journey meets.
    pub without_event: Option<EventMatch>,
    /// The earliest time at which it began (its first start, or its first time), as RFC 3339 or SQL text; read as UTC if it names no zone.
    pub started_since: Option<String>,
    /// The first time at which it began too late, as RFC 3339 or SQL text; read as UTC if it names no zone.
    pub started_until: Option<String>,
    /// The fewest events of the journey.
    pub min_events: Option<u64>,
    /// The most events of the journey.
    pub max_events: Option<u64>,
    /// The least time from the start of the journey to its last event.
    pub min_duration: Option<Duration>,
    /// The most time from the start of the journey to its last event.
    pub max_duration: Option<Duration>,
}

/// Options for [`EventLog::mark`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct MarkOptions {
    /// The value of the events of journeys that meet the conditions.
    pub yes: String,
    /// The value of the events of all other journeys.
    pub no: String,
}

impl Default for MarkOptions {
    fn default() -> Self {
        Self { yes: "yes".into(), no: "no".into() }
    }
}

impl EventLog {
    /// The journeys that meet every condition, with all their events, as a log of its own.
    ///
    /// A path pattern is a text such as `cart -> [^pay]* -> end`; `docs/reference/path_patterns.md` explains all of it.
    ///
    /// ```
    /// use journey_core::{Event, EventLog, JourneyMatch};
    ///
    /// let log = EventLog::builder()
    ///     .event(Event::new("ann", "cart", "2024-03-13T10:00:00Z".parse()?))
    ///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
    ///     .event(Event::new("bob", "cart", "2024-03-13T11:00:00Z".parse()?))
    ///     .build()?;
    /// let left = JourneyMatch { with_path: Some("cart -> [^pay]* -> end".into()), ..Default::default() };
    /// assert_eq!(log.select_journeys(&left)?.journey(0).unwrap().id(), "bob");
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a pattern or a time cannot be read, a pattern is too large, a touchpoint, channel, attribute or value is not in
    /// the log, or a condition asks for times that the log does not have.
    ///
    /// # Complexity
    /// O(events times the size of the pattern), and hardly more than O(events) in practice.
    pub fn select_journeys(&self, journeys: &JourneyMatch) -> Result<Self> {
        let meant = self.journeys_meant(journeys)?;
        let mut rows = Vec::new();
        let mut kept = Vec::new();
        let mut offsets = vec![0];
        for (journey, _) in self.journeys().zip(meant).filter(|(_, meant)| *meant) {
            // A log has at most as many events as a `u32` counts.
            rows.extend(journey.rows().filter_map(|row| u32::try_from(row).ok()));
            kept.push(journey.position);
            offsets.push(rows.len());
        }
        Ok(self.take(&rows, &kept, offsets))
    }

    /// The same log with a new attribute that says of every event whether its journey meets every condition.
    ///
    /// The attribute makes two groups of the journeys, for questions that compare groups.
    ///
    /// ```
    /// use journey_core::{Event, EventLog, JourneyMatch, MarkOptions};
    ///
    /// let log = EventLog::builder()
    ///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
    ///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
    ///     .event(Event::new("bob", "visit", "2024-03-13T11:00:00Z".parse()?))
    ///     .build()?;
    /// let paid = JourneyMatch { with_path: Some("visit ->> pay".into()), ..Default::default() };
    /// let log = log.mark("paid", &paid, &MarkOptions::default())?;
    /// let bob = log.journey(1).unwrap();
    /// assert_eq!(bob.attribute("paid").unwrap().collect::<Vec<_>>(), [Some("no")]);
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`select_journeys`](Self::select_journeys); or if the log has an attribute of this name, or the name or a
    /// value is empty, or both values are the same.
    ///
    /// # Complexity
    /// As [`select_journeys`](Self::select_journeys).
    pub fn mark(&self, name: &str, journeys: &JourneyMatch, options: &MarkOptions) -> Result<Self> {
        let MarkOptions { yes, no } = options;
        for (option, value) in [("yes", yes), ("no", no)] {
            if value.is_empty() {
                return Err(Problem::Options("a value of an attribute is empty".into()).at_field(option));
            }
        }
        if yes == no {
            let problem = "the values of `yes` and `no` are the same; expected two";
            return Err(Problem::Options(problem.into()).at_field("no"));
        }
        let meant = self.journeys_meant(journeys).map_err(|error| error.inside("journeys"))?;
        let mut values = Interner::default();
        values.intern(yes, "attribute values")?;
        values.intern(no, "attribute values")?;
        let (values, codes) = values.into_sorted();
        let [yes, no] = [0, 1].map(|code| codes.get(code).copied().unwrap_or_default());
        let mut column = Vec::with_capacity(self.len());
        for (journey, meant) in self.journeys().zip(meant) {
            column.resize(column.len() + journey.len(), if meant { yes } else { no });
        }
        self.with_attribute(name, "name", values, column)
    }

    /// For each journey, whether it meets every condition.
    fn journeys_meant(&self, wanted: &JourneyMatch) -> Result<Vec<bool>> {
        let conditions = Conditions::new(self, wanted)?;
        let parts = map_each(parts(self), |part| {
            let mut walkers = Walkers::new(&conditions);
            self.journeys_in(part).map(|journey| conditions.hold(journey, &mut walkers)).collect::<Vec<bool>>()
        });
        Ok(parts.concat())
    }
}

/// The conditions, ready for a log.
struct Conditions<'a> {
    with_path: Option<PathPattern<'a>>,
    without_path: Option<PathPattern<'a>>,
    with_event: Option<Matcher<'a>>,
    without_event: Option<Matcher<'a>>,
    started: Range<i64>,
    events: [u64; 2],
    micros: [i64; 2],
}

/// Who follows the patterns through the journeys of a part of the log.
struct Walkers<'a> {
    with: Option<Walker<'a>>,
    without: Option<Walker<'a>>,
}

impl<'a> Conditions<'a> {
    fn new(log: &'a EventLog, wanted: &JourneyMatch) -> Result<Self> {
        let path = |option: &str, text: Option<&String>| text.map(|text| log.path_pattern(text, option)).transpose();
        let event = |option: &str, event: Option<&EventMatch>| {
            event.map(|event| log.matcher(event).map_err(|error| error.inside(option))).transpose()
        };
        let JourneyMatch { started_since: since, started_until: until, min_duration, max_duration, .. } = wanted;
        let asked = [
            ("started_since", since.is_some()),
            ("started_until", until.is_some()),
            ("min_duration", min_duration.is_some()),
            ("max_duration", max_duration.is_some()),
        ];
        for (option, _) in asked.into_iter().filter(|(_, asked)| *asked) {
            log.needs_times(option)?;
        }
        Ok(Self {
            with_path: path("with_path", wanted.with_path.as_ref())?,
            without_path: path("without_path", wanted.without_path.as_ref())?,
            with_event: event("with_event", wanted.with_event.as_ref())?,
            without_event: event("without_event", wanted.without_event.as_ref())?,
            started: times(("started_since", since.as_deref()), ("started_until", until.as_deref()))?,
            events: [wanted.min_events.unwrap_or(0), wanted.max_events.unwrap_or(u64::MAX)],
            micros: [min_duration.map_or(i64::MIN, Duration::micros), max_duration.map_or(i64::MAX, Duration::micros)],
        })
    }

    /// Whether a journey meets them all; what is quickly seen is looked at first.
    fn hold(&self, journey: Journey<'_>, walkers: &mut Walkers<'_>) -> bool {
        let any = |matcher: &Matcher<'_>| (0..journey.len()).any(|place| matcher.matches(journey, place));
        let within = |[least, most]: [i64; 2], length: i64| least <= length && length <= most;
        let events = journey.len() as u64;
        self.events[0] <= events
            && events <= self.events[1]
            && journey.began().is_none_or(|began| self.started.contains(&began))
            && journey.throughput().is_none_or(|length| within(self.micros, length))
            && self.with_event.as_ref().is_none_or(any)
            && !self.without_event.as_ref().is_some_and(any)
            && walkers.with.as_mut().is_none_or(|walker| walker.finds(journey))
            && !walkers.without.as_mut().is_some_and(|walker| walker.finds(journey))
    }
}

impl<'a> Walkers<'a> {
    fn new(conditions: &'a Conditions<'a>) -> Self {
        let walker = |pattern: &'a Option<PathPattern<'a>>| pattern.as_ref().map(PathPattern::walker);
        Self { with: walker(&conditions.with_path), without: walker(&conditions.without_path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Event};

    fn log() -> EventLog {
        let at = |time: &str| format!("2024-03-13T{time}Z").parse().unwrap();
        EventLog::builder()
            .event(Event::new("ann", "visit", at("10:00:00")).on_channel("web"))
            .event(Event::new("ann", "pay", at("10:05:00")).on_channel("shop"))
            .event(Event::new("bob", "visit", at("11:00:00")).on_channel("web"))
            .event(Event::new("cid", "call", at("12:30:00")).started_at(at("12:00:00")))
            .build()
            .unwrap()
    }

    fn ids(journeys: &JourneyMatch) -> Vec<String> {
        log().select_journeys(journeys).unwrap().journeys().map(|j| format!("{} {}", j.id(), j.len())).collect()
    }

    fn event(touchpoint: &str) -> EventMatch {
        EventMatch { touchpoints: vec![touchpoint.into()], ..Default::default() }
    }

    #[test]
    fn journeys_that_meet_every_condition_are_kept_whole() {
        let length = |text: &str| Some(text.parse().unwrap());
        assert_eq!(ids(&JourneyMatch::default()), ["ann 2", "bob 1", "cid 1"]);
        assert_eq!(ids(&JourneyMatch { with_event: Some(event("visit")), ..Default::default() }), ["ann 2", "bob 1"]);
        assert_eq!(ids(&JourneyMatch { without_event: Some(event("pay")), ..Default::default() }), ["bob 1", "cid 1"]);
        assert_eq!(ids(&JourneyMatch { min_events: Some(2), ..Default::default() }), ["ann 2"]);
        assert_eq!(ids(&JourneyMatch { max_events: Some(1), ..Default::default() }), ["bob 1", "cid 1"]);
        assert_eq!(ids(&JourneyMatch { min_duration: length("5m"), ..Default::default() }), ["ann 2", "cid 1"]);
        assert_eq!(ids(&JourneyMatch { max_duration: length("5m"), ..Default::default() }), ["ann 2", "bob 1"]);
        let (started_since, started_until) = (Some("2024-03-13 11:00".into()), Some("2024-03-13 12:00".into()));
        assert_eq!(ids(&JourneyMatch { started_since, started_until, ..Default::default() }), ["bob 1"]);
        let with_path = Some("visit -> end".into());
        assert_eq!(ids(&JourneyMatch { with_path: with_path.clone(), ..Default::default() }), ["bob 1"]);
        assert_eq!(ids(&JourneyMatch { without_path: with_path, ..Default::default() }), ["ann 2", "cid 1"]);
    }

    #[test]
    fn a_marked_log_has_its_journeys_in_two_groups() {
        let paid = JourneyMatch { with_event: Some(event("pay")), ..Default::default() };
        let marked = log().mark("paid", &paid, &MarkOptions::default()).unwrap();
        let values: Vec<_> = marked.journeys().flat_map(|j| j.attribute("paid").unwrap().collect::<Vec<_>>()).collect();
        assert_eq!(values, [Some("yes"), Some("yes"), Some("no"), Some("no")]);
        assert_eq!(marked.attribute_values("paid").unwrap().iter().collect::<Vec<_>>(), ["no", "yes"]);
        let again = marked.mark("paid", &paid, &MarkOptions::default()).unwrap_err();
        assert_eq!(again.to_string(), "`name`: the log has an attribute `paid` already; expected another name");
        let same = MarkOptions { yes: "no".into(), ..Default::default() };
        assert_eq!(log().mark("paid", &paid, &same).unwrap_err().location().field.as_deref(), Some("no"));
    }

    #[test]
    fn an_error_names_the_condition() {
        let typo = JourneyMatch { with_event: Some(event("vist")), ..Default::default() };
        let error = log().select_journeys(&typo).unwrap_err();
        let expected = "`with_event.touchpoints`: the log has no touchpoint `vist`; did you mean `visit`?";
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::UnknownTouchpoint, expected));
        let error = log().mark("x", &typo, &MarkOptions::default()).unwrap_err();
        assert_eq!(error.location().field.as_deref(), Some("journeys.with_event.touchpoints"));
        let late = JourneyMatch { started_since: Some("noon".into()), ..Default::default() };
        assert_eq!(log().select_journeys(&late).unwrap_err().location().field.as_deref(), Some("started_since"));
    }
}
