//! What a map file holds: plain data, exactly the fields that may be written.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::people::{Persona, Segment};
use super::stages::{Channel, Stage};
use super::touchpoint::Touchpoint;
use super::transition::Transition;
use crate::error::{Error, Problem, Result, hint, nearest, shorten};

/// What a map shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MapKind {
    /// The journey as customers live it today.
    #[default]
    CurrentState,
    /// The journey as it is meant to become.
    FutureState,
    /// The whole day of a customer, of which the company is a part.
    DayInTheLife,
}

impl MapKind {
    /// Every kind there is, in the order of their declaration.
    pub const ALL: [Self; 3] = [Self::CurrentState, Self::FutureState, Self::DayInTheLife];

    /// The name of this kind in map files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CurrentState => "current_state",
            Self::FutureState => "future_state",
            Self::DayInTheLife => "day_in_the_life",
        }
    }
}

impl FromStr for MapKind {
    type Err = Error;

    /// Reads the name of a kind, such as `future_state`.
    fn from_str(name: &str) -> Result<Self> {
        let kind = Self::ALL.into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| {
            let near = nearest(name, Self::ALL.map(Self::name));
            let expected = format!("`current_state`, `future_state` or `day_in_the_life`{}", hint(near.as_ref()));
            Problem::OptionRange { value: format!("`{}`", shorten(name)), expected }.at_field("kind")
        })
    }
}

/// The map that another map changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
pub struct Baseline {
    /// What that map is called.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,
    /// Its version, in the team's own scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// A customer journey map as plain data: what a map file holds.
///
/// [`JourneyMap::from_data`](crate::JourneyMap::from_data) checks it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
pub struct MapData {
    /// The schema that an editor checks the file with.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// What the map is called.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,
    /// What the map shows, and for whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the map shows: today, tomorrow or a day.
    #[serde(default)]
    pub kind: MapKind,
    /// The version of the map, in the team's own scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The day of the last change, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub updated: Option<String>,
    /// The map that this one changes, such as the current state that a future state starts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// The customers whose journey it is, as the team imagines them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub personas: Vec<Persona>,
    /// The groups of customers whose journeys are told apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// The stages, in the order customers go through them; of a day in the life the parts of the day.
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// The channels on which touchpoints happen.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// The touchpoints; within a stage in the order they are drawn.
    #[serde(default)]
    pub touchpoints: Vec<Touchpoint>,
    /// The ways from one touchpoint to another.
    #[serde(default)]
    pub transitions: Vec<Transition>,
    /// Where journeys begin and end, and what counts as success.
    #[serde(default)]
    pub outcome: Outcome,
}

/// Where journeys begin and end, and what counts as success.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct Outcome {
    /// Touchpoints where journeys may begin; none named: those that no transition reaches, else all.
    pub entries: Vec<String>,
    /// Touchpoints where journeys may end; none named: those that no transition leaves, else all.
    pub exits: Vec<String>,
    /// Touchpoints that are the goal of the journey.
    pub conversions: Vec<String>,
    /// How success is measured.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kpis: Vec<Kpi>,
}

/// A figure by which success is measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
pub struct Kpi {
    /// The name of the figure in reports.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub id: String,
    /// What the figure is called.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,
    /// The value that is aimed at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// The unit of the target, such as `%` or `days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How or by whom it is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_by: Option<String>,
}

impl Kpi {
    /// A figure with this id and name, and no target yet.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), ..Self::default() }
    }
}
