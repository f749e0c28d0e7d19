//! Which events of a log are on a map and which are not, by the rules of [`matching`](super::matching).
//!
//! An event is on the map if it meets a rule of some touchpoint; the first one in the order of the map takes it. Where it
//! meets rules of other touchpoints as well, those are in conflict: the order of the map, which says nothing about events,
//! decides. Process mining calls it event abstraction (van Zelst, Mannhardt, de Leoni and Koschmider, *Event abstraction
//! in process mining: literature review and taxonomy*, 2021); here it is by rules that people write, event by event.

use serde::{Deserialize, Serialize};

use super::cut;
use super::matching::{Classes, Conflict};
use super::stats::{self, Part, Share};
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::map::JourneyMap;
use crate::sorting::SortRows;

/// Options for [`match_events`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct MatchOptions {
    /// The most rows that the lists of unmapped names and of conflicts show; all if not given.
    pub limit: Option<u64>,
    /// The most journeys without an event on the map that are named, and the most names of a conflict.
    pub examples: u64,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for MatchOptions {
    fn default() -> Self {
        Self { limit: None, examples: 3, confidence: stats::CONFIDENCE }
    }
}

/// Which events of a log are on a map and which are not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MatchReport {
    /// Events that a touchpoint of the map takes, of all.
    pub events: Part,
    /// Journeys with such an event, of all.
    pub journeys: Share,
    /// Journeys all of whose events are such, of all.
    pub whole_journeys: Share,
    /// Journeys without such an event.
    pub journeys_without: u64,
    /// The first of these journeys.
    pub without_examples: Vec<String>,
    /// The touchpoints of the map, in its order, with the events they take.
    pub touchpoints: Vec<MatchedTouchpoint>,
    /// Touchpoints that take no event, in the order of the map.
    pub not_matched: Vec<String>,
    /// What the events are called that no touchpoint takes, most events first, ties by name.
    pub unmapped: Vec<UnmappedName>,
    /// Such names that the limit left out.
    pub unmapped_left_out: u64,
    /// Where the same events meet rules of two touchpoints, most events first, ties by the order of the map.
    pub conflicts: Vec<MatchConflict>,
    /// Conflicts that the limit left out.
    pub conflicts_left_out: u64,
    /// Attributes that rules ask for and the log does not have, by name; such rules are met by no event.
    pub missing_attributes: Vec<String>,
}

/// A touchpoint of the map and the events it takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MatchedTouchpoint {
    /// Its id.
    pub touchpoint: String,
    /// Events it takes.
    pub events: u64,
    /// Journeys with such an event.
    pub journeys: u64,
    /// Its rules, in their order.
    pub rules: Vec<MatchedRule>,
}

/// A rule of a touchpoint and the events it decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MatchedRule {
    /// Its place under `matches`, from 0; `None` where the touchpoint has no rules, and takes the events called as its id.
    pub rule: Option<u64>,
    /// Events that it is the first to take.
    pub events: u64,
    /// Events that meet it, also those that an earlier rule takes.
    pub met: u64,
}

/// Events of one name that no touchpoint of the map takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UnmappedName {
    /// What they are called in the log.
    pub name: String,
    /// How many there are; others of the name may be on the map.
    pub events: u64,
    /// Journeys with one of them.
    pub journeys: u64,
}

/// Two touchpoints of the map whose rules the same events meet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MatchConflict {
    /// The id of the touchpoint that takes the events: of all whose rules they meet, the first on the map.
    pub winner: String,
    /// The id of the touchpoint that would take them if that one did not.
    pub other: String,
    /// How many events there are.
    pub events: u64,
    /// What they are called in the log, most events first, ties by name.
    pub names: Vec<String>,
}

/// Says which events of a log are on a map, by the rules of its touchpoints, and which are not.
///
/// It is the account of [`EventLog::with_map`], which makes the log in the map's touchpoints by the same rules.
///
/// ```
/// use journey_core::{Event, EventLog, JourneyMap, MatchOptions, MatchRule, Stage, Touchpoint, match_events};
///
/// let paid = MatchRule { touchpoint: Some("payment_done".into()), ..Default::default() };
/// let pay = Touchpoint { matches: vec![paid], ..Touchpoint::new("pay", "Pay", "buy") };
/// let map = JourneyMap::builder("Shop").stage(Stage::new("buy", "Buy")).touchpoint(pay).build()?;
/// let log = EventLog::builder()
///     .event(Event::new("ann", "payment_done", "2024-03-13".parse()?))
///     .event(Event::new("bob", "heartbeat", "2024-03-13".parse()?))
///     .build()?;
/// let report = match_events(&map, &log, &MatchOptions::default())?;
/// assert_eq!((report.events.n, report.events.of), (1, 2));
/// assert_eq!(report.unmapped[0].name, "heartbeat");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(events + distinct events × rules), where events are distinct by name, channel and the attributes that rules name.
pub fn match_events(map: &JourneyMap, log: &EventLog, options: &MatchOptions) -> Result<MatchReport> {
    stats::check_confidence(options.confidence)?;
    let classes = Classes::new(map, log);
    let report = fold(log, || MatchFold::new(&classes, log.names(), options));
    Ok(MatchReport { missing_attributes: missing_attributes(map, log), ..report })
}

/// Attributes that rules ask for and the log does not have; a log without events may have any.
fn missing_attributes(map: &JourneyMap, log: &EventLog) -> Vec<String> {
    let rules = map.touchpoints().flat_map(|touchpoint| &touchpoint.matches);
    let mut missing: Vec<String> = rules
        .flat_map(|rule| rule.attributes.keys())
        .filter(|attribute| !log.is_empty() && log.attribute_values(attribute).is_none())
        .cloned()
        .collect();
    missing.sort_rows_by(Ord::cmp);
    missing.dedup();
    missing
}

pub(super) struct MatchFold<'a> {
    classes: &'a Classes<'a>,
    options: &'a MatchOptions,
    /// Events of each class.
    events: Vec<u64>,
    /// Journeys with an event that this touchpoint takes.
    touchpoints: Distinct,
    /// Journeys with an event of this name that no touchpoint takes.
    names: Distinct,
    journeys: u64,
    /// Journeys with an event on the map.
    mapped: u64,
    /// Journeys with nothing else.
    whole: u64,
    /// The first journeys without an event on the map, as codes.
    without: Vec<u32>,
}

/// How many journeys have something, each counted once.
struct Distinct {
    /// For each thing: journeys, and the number of the last one that was counted.
    counts: Vec<(u64, u64)>,
}

impl Distinct {
    fn new(things: usize) -> Self {
        Self { counts: vec![(0, 0); things] }
    }

    /// The journey with this number, from 1, has this thing.
    fn count(&mut self, thing: usize, journey: u64) {
        if let Some((journeys, last)) = self.counts.get_mut(thing) {
            *journeys += u64::from(*last != journey);
            *last = journey;
        }
    }

    fn merge(&mut self, other: &Self) {
        for ((journeys, last), (more, _)) in self.counts.iter_mut().zip(&other.counts) {
            *journeys += more;
            // The numbers of journeys to come are above both.
            *last = 0;
        }
    }

    fn of(&self, thing: usize) -> u64 {
        self.counts.get(thing).map_or(0, |(journeys, _)| *journeys)
    }
}

impl<'a> MatchFold<'a> {
    pub(super) fn new(classes: &'a Classes<'a>, names: &LogNames, options: &'a MatchOptions) -> Self {
        Self {
            classes,
            options,
            events: vec![0; classes.all().len()],
            touchpoints: Distinct::new(classes.touchpoints().len()),
            names: Distinct::new(names.touchpoints.len()),
            journeys: 0,
            mapped: 0,
            whole: 0,
            without: Vec::new(),
        }
    }

    fn examples(&self) -> usize {
        usize::try_from(self.options.examples).unwrap_or(usize::MAX)
    }
}

impl Fold for MatchFold<'_> {
    type Report = MatchReport;

    fn journey(&mut self, journey: Journey<'_>) {
        self.journeys += 1;
        let mut mapped = 0;
        for code in journey.cells(self.classes.rows()) {
            let place = *code as usize;
            let Some(class) = self.classes.all().get(place) else { continue };
            self.events.get_mut(place).into_iter().for_each(|events| *events += 1);
            match self.classes.taken_by(class) {
                Some(touchpoint) => {
                    self.touchpoints.count(touchpoint, self.journeys);
                    mapped += 1;
                }
                None => self.names.count(class.name as usize, self.journeys),
            }
        }
        self.mapped += u64::from(mapped > 0);
        self.whole += u64::from(mapped == journey.len());
        if mapped == 0 && self.without.len() < self.examples() {
            self.without.push(journey.id_code());
        }
    }

    fn merge(&mut self, other: Self) {
        for (events, more) in self.events.iter_mut().zip(&other.events) {
            *events += more;
        }
        self.touchpoints.merge(&other.touchpoints);
        self.names.merge(&other.names);
        self.journeys += other.journeys;
        self.mapped += other.mapped;
        self.whole += other.whole;
        self.without.extend(other.without);
        self.without.truncate(self.examples());
    }

    fn finish(self, names: &LogNames) -> MatchReport {
        let touchpoints = self.touchpoint_rows();
        let mut unmapped = self.unmapped_rows(names);
        let mut conflicts = self.classes.conflicts(&self.events);
        // They come in the order of the map, which is that of ties.
        conflicts.sort_rows_by_key(|conflict| std::cmp::Reverse(conflict.events()));
        let conflicts_left_out = cut(&mut conflicts, self.options.limit);
        let share = |n| Share::new(n, self.journeys, self.options.confidence);
        let without = self.without.iter().map(|code| names.journeys.name(*code).to_owned());
        MatchReport {
            events: Part::new(touchpoints.iter().map(|row| row.events).sum(), self.events.iter().sum()),
            journeys: share(self.mapped),
            whole_journeys: share(self.whole),
            journeys_without: self.journeys - self.mapped,
            without_examples: without.collect(),
            not_matched: (touchpoints.iter().filter(|row| row.events == 0)).map(|row| row.touchpoint.clone()).collect(),
            touchpoints,
            unmapped_left_out: cut(&mut unmapped, self.options.limit),
            unmapped,
            conflicts: conflicts.iter().map(|conflict| self.conflict_row(conflict, names)).collect(),
            conflicts_left_out,
            missing_attributes: Vec::new(),
        }
    }
}

impl MatchFold<'_> {
    fn touchpoint_rows(&self) -> Vec<MatchedTouchpoint> {
        let (mut first, mut met) = (vec![0; self.classes.rules().len()], vec![0; self.classes.rules().len()]);
        let add = |counts: &mut Vec<u64>, rule: usize, events: u64| {
            counts.get_mut(rule).into_iter().for_each(|count| *count += events);
        };
        for (class, events) in self.classes.all().iter().zip(&self.events) {
            class.met.iter().for_each(|rule| add(&mut met, *rule, *events));
            class.met.first().into_iter().for_each(|rule| add(&mut first, *rule, *events));
        }
        let mut rows: Vec<MatchedTouchpoint> = (self.classes.touchpoints().iter().enumerate())
            .map(|(place, (_, touchpoint))| MatchedTouchpoint {
                touchpoint: touchpoint.id.clone(),
                events: 0,
                journeys: self.touchpoints.of(place),
                rules: Vec::new(),
            })
            .collect();
        for (rule, (events, met)) in self.classes.rules().iter().zip(first.into_iter().zip(met)) {
            if let Some(row) = rows.get_mut(rule.touchpoint) {
                row.events += events;
                row.rules.push(MatchedRule { rule: rule.place.map(|place| place as u64), events, met });
            }
        }
        rows
    }

    fn unmapped_rows(&self, names: &LogNames) -> Vec<UnmappedName> {
        let mut events = vec![0; names.touchpoints.len()];
        let classes = self.classes.all().iter().zip(&self.events);
        for (class, more) in classes.filter(|(class, _)| class.met.is_empty()) {
            events.get_mut(class.name as usize).into_iter().for_each(|events| *events += more);
        }
        let mut rows: Vec<UnmappedName> = (names.touchpoints.iter().zip(events).enumerate())
            .filter(|(_, (_, events))| *events > 0)
            .map(|(code, (name, events))| UnmappedName { name: name.to_owned(), events, journeys: self.names.of(code) })
            .collect();
        // Names are in byte order, so ties are.
        rows.sort_rows_by_key(|row| std::cmp::Reverse(row.events));
        rows
    }

    fn conflict_row(&self, conflict: &Conflict, names: &LogNames) -> MatchConflict {
        let id = |place: usize| self.classes.touchpoints().get(place).map_or("", |(_, touchpoint)| &touchpoint.id);
        let shown = conflict.names.iter().take(self.examples());
        MatchConflict {
            winner: id(conflict.winner).to_owned(),
            other: id(conflict.other).to_owned(),
            events: conflict.events(),
            names: shown.map(|(name, _)| names.touchpoints.name(*name).to_owned()).collect(),
        }
    }
}
