//! Which touchpoint of a map each event of a log is: the only rules by which raw events become touchpoints.
//!
//! Touchpoints are tried in the order of the map (that of its stages, then of its data), the rules of each in their order; the
//! first rule that an event meets decides. A touchpoint without rules takes the events whose name is its id. What a rule
//! asks for and the log does not have, a name, a channel, an attribute, is met by no event.
//!
//! Names are compared once for each distinct event (name, channel and the attributes that rules ask for), never for each row.

mod glob;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::log::EventLog;
use crate::map::{JourneyMap, MatchPattern, MatchRule, Touchpoint};
use crate::names::{NONE, Names};
use crate::sorting::{SortRows, inserted};

/// The rules of a map in the codes of a log.
struct Rules<'a> {
    rules: Vec<Rule<'a>>,
    /// The columns that rules look at, the first one that of the names; an attribute that the log does not have is empty.
    columns: Vec<&'a [u32]>,
}

/// A rule of a touchpoint; or that its id is the name, where it has none.
pub(super) struct Rule<'a> {
    /// Where its touchpoint stands on the map.
    pub(super) touchpoint: usize,
    /// Where it stands among the rules of its touchpoint; `None` where that has none.
    pub(super) place: Option<usize>,
    name: Name<'a>,
    /// For columns with a condition, which of its codes meet it.
    conditions: Vec<(usize, Vec<bool>)>,
}

/// What the name of an event has to be.
enum Name<'a> {
    Any,
    /// The one with this code; [`NONE`] where the log has no such name.
    Is(u32),
    Begins(&'a str),
    Like(&'a str),
}

impl<'a> Rules<'a> {
    fn new(map: &'a JourneyMap, log: &'a EventLog) -> Self {
        let mut rules = Self { rules: Vec::new(), columns: vec![log.touchpoint_column()] };
        let mut places = BTreeMap::new();
        for (touchpoint, at) in map.touchpoints().enumerate() {
            if at.matches.is_empty() {
                let name = Name::Is(code(log.touchpoints(), &at.id));
                rules.rules.push(Rule { touchpoint, place: None, name, conditions: Vec::new() });
            }
            for (place, rule) in at.matches.iter().enumerate() {
                let conditions = rules.conditions(rule, log, &mut places);
                let name = Name::new(rule, log.touchpoints());
                rules.rules.push(Rule { touchpoint, place: Some(place), name, conditions });
            }
        }
        rules
    }

    /// The conditions of a rule on columns; `places` says which of them are in use already.
    fn conditions(
        &mut self,
        rule: &'a MatchRule,
        log: &'a EventLog,
        places: &mut BTreeMap<Option<&'a str>, usize>,
    ) -> Vec<(usize, Vec<bool>)> {
        let mut add = |key: Option<&'a str>, column: &'a [u32], meant: Vec<bool>| {
            let place = *places.entry(key).or_insert_with(|| {
                self.columns.push(column);
                self.columns.len() - 1
            });
            (place, meant)
        };
        let mut conditions = Vec::new();
        if let Some(channel) = &rule.channel {
            conditions.push(add(None, log.channel_column(), meant(log.channels(), std::slice::from_ref(channel))));
        }
        for (attribute, values) in &rule.attributes {
            let (column, meant) = match log.attribute_column(attribute, "map") {
                Ok((names, column)) => (column, meant(names, values)),
                Err(_) => Default::default(),
            };
            conditions.push(add(Some(attribute), column, meant));
        }
        conditions
    }

    /// The rules that an event meets, in their order; the event is given as its codes in the columns.
    fn met(&self, codes: &[u32], names: &Names) -> Vec<usize> {
        let code_in = |column: usize| codes.get(column).copied().unwrap_or(NONE);
        let name = code_in(0);
        let meets = |rule: &Rule<'_>| {
            rule.conditions
                .iter()
                .all(|(column, meant)| meant.get(code_in(*column) as usize).copied().unwrap_or_default())
                && match rule.name {
                    Name::Any => true,
                    Name::Is(code) => code == name,
                    Name::Begins(text) => names.name(name).starts_with(text),
                    Name::Like(pattern) => glob::matches(pattern, names.name(name)),
                }
        };
        self.rules.iter().enumerate().filter(|(_, rule)| meets(rule)).map(|(i, _)| i).collect()
    }
}

impl<'a> Name<'a> {
    fn new(rule: &'a MatchRule, names: &Names) -> Self {
        match (&rule.touchpoint, rule.pattern) {
            (None, _) => Self::Any,
            (Some(name), MatchPattern::Exact) => Self::Is(code(names, name)),
            (Some(text), MatchPattern::Prefix) => Self::Begins(text),
            (Some(pattern), MatchPattern::Glob) => Self::Like(pattern),
        }
    }
}

fn code(names: &Names, name: &str) -> u32 {
    names.code(name).unwrap_or(NONE)
}

/// For each code, whether its name is one of those wanted.
fn meant(names: &Names, wanted: &[String]) -> Vec<bool> {
    let mut meant = vec![false; names.len()];
    for code in wanted.iter().filter_map(|name| names.code(name)) {
        meant.get_mut(code as usize).into_iter().for_each(|slot| *slot = true);
    }
    meant
}

/// Events that no rule tells apart.
pub(super) struct Class {
    /// Their name in the log, as a code.
    pub(super) name: u32,
    /// The rules that they meet, in their order.
    pub(super) met: Vec<usize>,
}

/// The events of a log in classes, each with the rules of a map that it meets.
pub(super) struct Classes<'a> {
    touchpoints: Vec<(usize, &'a Touchpoint)>,
    rules: Vec<Rule<'a>>,
    all: Vec<Class>,
    /// The class of each row.
    rows: Vec<u32>,
}

impl<'a> Classes<'a> {
    /// Decides every event of a log: O(events + distinct events × rules).
    pub(super) fn new(map: &'a JourneyMap, log: &'a EventLog) -> Self {
        let rules = Rules::new(map, log);
        let (mut classes, mut known) = (Vec::new(), FxHashMap::<Vec<u32>, u32>::default());
        let (mut rows, mut codes) = (Vec::with_capacity(log.len()), Vec::with_capacity(rules.columns.len()));
        for row in 0..log.len() {
            codes.clear();
            codes.extend(rules.columns.iter().map(|column| column.get(row).copied().unwrap_or(NONE)));
            let class = known.get(&codes).copied().unwrap_or_else(|| {
                // A log has at most as many events as a `u32` counts.
                let class = u32::try_from(classes.len()).unwrap_or(NONE);
                let name = codes.first().copied().unwrap_or(NONE);
                classes.push(Class { name, met: rules.met(&codes, log.touchpoints()) });
                known.insert(codes.clone(), class);
                class
            });
            rows.push(class);
        }
        Self { touchpoints: map.placed().collect(), rules: rules.rules, all: classes, rows }
    }

    /// The touchpoints of the map, each with its place in the data that the map was made from.
    pub(super) fn touchpoints(&self) -> &[(usize, &'a Touchpoint)] {
        &self.touchpoints
    }

    /// The rules in the order in which they are tried.
    pub(super) fn rules(&self) -> &[Rule<'a>] {
        &self.rules
    }

    /// All classes; [`rows`](Self::rows) names them by their place.
    pub(super) fn all(&self) -> &[Class] {
        &self.all
    }

    /// The class of each row of the log.
    pub(super) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Where the touchpoint that takes the events of a class stands on the map.
    pub(super) fn taken_by(&self, class: &Class) -> Option<usize> {
        class.met.first().and_then(|rule| self.rules.get(*rule)).map(|rule| rule.touchpoint)
    }

    /// How many events each class has in the log, those of every customer counted.
    pub(super) fn events(&self, log: &EventLog) -> Vec<u64> {
        let mut events = vec![0; self.all.len()];
        for journey in log.journeys() {
            for class in journey.cells(&self.rows) {
                events.get_mut(*class as usize).into_iter().for_each(|count| *count += journey.weight());
            }
        }
        events
    }

    /// Where the same events meet rules of two touchpoints, by the order of the map: of the winner, then of the other.
    pub(super) fn conflicts(&self, events: &[u64]) -> Vec<Conflict> {
        let mut found: BTreeMap<(usize, usize), BTreeMap<u32, u64>> = BTreeMap::new();
        for (class, events) in self.all.iter().zip(events) {
            let Some(winner) = self.taken_by(class) else { continue };
            let met = class.met.iter().filter_map(|rule| self.rules.get(*rule)).map(|rule| rule.touchpoint);
            let others: BTreeSet<usize> = inserted(met.filter(|touchpoint| *touchpoint != winner));
            for other in others {
                *found.entry((winner, other)).or_default().entry(class.name).or_default() += events;
            }
        }
        let conflict = |((winner, other), names): (_, BTreeMap<u32, u64>)| {
            let mut names: Vec<(u32, u64)> = names.into_iter().collect();
            // Codes are in byte order of the names, so ties are.
            names.sort_rows_by_key(|(_, events)| std::cmp::Reverse(*events));
            Conflict { winner, other, names }
        };
        found.into_iter().map(conflict).collect()
    }
}

/// Two touchpoints of the map, by their places there, whose rules the same events meet.
pub(super) struct Conflict {
    /// The one that comes first on the map, and so takes the events.
    pub(super) winner: usize,
    /// The one that does not.
    pub(super) other: usize,
    /// The names of the events, as codes, with how many there are: most events first, ties by name.
    pub(super) names: Vec<(u32, u64)>,
}

impl Conflict {
    pub(super) fn events(&self) -> u64 {
        self.names.iter().map(|(_, events)| events).sum()
    }
}
