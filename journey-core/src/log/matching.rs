//! Which events are meant: conditions on an event, by name, made ready for a log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{EventLog, Journey};
use crate::error::{Error, Problem, Result, hint, nearest, shorten};
use crate::names::{NONE, Names};

/// Conditions on an event; one that meets them all is meant, and an empty list is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct EventMatch {
    /// Names of touchpoints, of which the event is at one.
    pub touchpoints: Vec<String>,
    /// Names of channels, of which the event is on one.
    pub channels: Vec<String>,
    /// For each attribute named, values of which the event has one.
    pub attributes: BTreeMap<String, Vec<String>>,
}

/// Conditions in the codes of a log: for each column with a condition, which of its codes meet it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matcher<'a> {
    conditions: Vec<(&'a [u32], Vec<bool>)>,
}

impl EventLog {
    /// Makes conditions ready; names that the log does not have are errors with the nearest name.
    ///
    /// A log without events names nothing; asking it is no mistake.
    pub(crate) fn matcher(&self, wanted: &EventMatch) -> Result<Matcher<'_>> {
        if self.is_empty() {
            return Ok(Matcher::default());
        }
        let mut conditions: Vec<(&[u32], Vec<bool>)> = Vec::new();
        if !wanted.touchpoints.is_empty() {
            let meant = chosen(&self.names.touchpoints, &wanted.touchpoints, |id, nearest| {
                Problem::UnknownTouchpoint { place: "the log", id, nearest }.at_field("touchpoints")
            })?;
            conditions.push((&self.touchpoints, meant));
        }
        if !wanted.channels.is_empty() {
            let meant = chosen(&self.names.channels, &wanted.channels, |name, nearest| {
                unknown("channels", "channel", &name, nearest.as_ref())
            })?;
            conditions.push((self.channel_column(), meant));
        }
        for (attribute, values) in wanted.attributes.iter().filter(|(_, values)| !values.is_empty()) {
            let (names, column) = self.attribute_column(attribute, "attributes")?;
            let meant = chosen(names, values, |name, nearest| {
                unknown(&format!("attributes.{attribute}"), "value", &name, nearest.as_ref())
            })?;
            conditions.push((column, meant));
        }
        Ok(Matcher { conditions })
    }

    /// The same conditions without the names that the log does not have; `None` if then no event can meet them.
    pub(crate) fn known(&self, mut wanted: EventMatch) -> Option<EventMatch> {
        let keep = |wanted: &mut Vec<String>, names: &Names| {
            let asked = !wanted.is_empty();
            wanted.retain(|name| names.code(name).is_some());
            !asked || !wanted.is_empty()
        };
        let mut can = keep(&mut wanted.touchpoints, &self.names.touchpoints);
        can &= keep(&mut wanted.channels, &self.names.channels);
        for (attribute, values) in wanted.attributes.iter_mut().filter(|(_, values)| !values.is_empty()) {
            can &= self.attribute_values(attribute).is_some_and(|names| keep(values, names));
        }
        can.then_some(wanted)
    }

    /// The code of a touchpoint that an option names; one that no event has where the log has no events.
    pub(crate) fn touchpoint_code(&self, name: &str, option: &str) -> Result<u32> {
        if self.is_empty() {
            return Ok(NONE);
        }
        self.names.touchpoints.code(name).ok_or_else(|| {
            let nearest = nearest(name, self.names.touchpoints.iter());
            Problem::UnknownTouchpoint { place: "the log", id: shorten(name), nearest }.at_field(option)
        })
    }

    /// For each code of a touchpoint, whether an option names it; none is named where the log has no events.
    pub(crate) fn touchpoints_named(&self, names: &[impl AsRef<str>], option: &str) -> Result<Vec<bool>> {
        let mut meant = vec![false; self.names.touchpoints.len()];
        for name in names {
            let code = self.touchpoint_code(name.as_ref(), option)?;
            meant.get_mut(code as usize).into_iter().for_each(|slot| *slot = true);
        }
        Ok(meant)
    }

    /// The values and the column of an attribute that an option names.
    pub(crate) fn attribute_column(&self, attribute: &str, option: &str) -> Result<(&Names, &[u32])> {
        let found = self.names.attributes.iter().zip(&self.attributes).find(|((name, _), _)| name == attribute);
        found
            .map(|((_, names), column)| (names, column.as_slice()))
            .ok_or_else(|| unknown(option, "attribute", attribute, nearest(attribute, self.attributes()).as_ref()))
    }
}

impl Matcher<'_> {
    /// Whether the event in this row of the log is meant.
    pub(super) fn matches_row(&self, row: usize) -> bool {
        self.conditions
            .iter()
            .all(|(column, meant)| column.get(row).and_then(|code| meant.get(*code as usize)).copied().unwrap_or(false))
    }

    /// Whether the event at this place of a journey is meant.
    pub(crate) fn matches(&self, journey: Journey<'_>, place: usize) -> bool {
        self.matches_row(journey.start + place)
    }
}

/// For each code, whether its name was asked for.
fn chosen(names: &Names, wanted: &[String], unknown: impl Fn(String, Option<String>) -> Error) -> Result<Vec<bool>> {
    let mut meant = vec![false; names.len()];
    for name in wanted {
        match names.code(name).filter(|code| *code != NONE).and_then(|code| meant.get_mut(code as usize)) {
            Some(slot) => *slot = true,
            None => return Err(unknown(shorten(name), nearest(name, names.iter()))),
        }
    }
    Ok(meant)
}

pub(super) fn unknown(field: &str, what: &str, name: &str, nearest: Option<&String>) -> Error {
    let (name, hint) = (shorten(name), hint(nearest));
    Problem::Options(format!("the log has no {what} `{name}`{hint}")).at_field(field)
}
