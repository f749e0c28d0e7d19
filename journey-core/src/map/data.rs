//! What a map file holds: plain data, exactly the fields that may be written.

use serde::{Deserialize, Serialize};

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

/// A customer journey map as plain data: what a map file holds.
///
/// [`JourneyMap::from_data`](crate::JourneyMap::from_data) checks it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
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
    pub updated: Option<String>,
    /// The stages, in the order customers go through them.
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

/// A phase of the journey, such as consideration or purchase.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The name by which touchpoints refer to the stage.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub id: String,
    /// What the stage is called.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,
    /// What the customer wants here, in the customer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
}

impl Stage {
    /// A stage with this id and name.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), ..Self::default() }
    }
}

/// Whether a channel is online or offline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChannelKind {
    /// A web page, an app, an e-mail, a chat.
    #[default]
    Online,
    /// A shop, a call, a letter, a visit.
    Offline,
}

/// A medium on which customers and company meet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// The name by which touchpoints refer to the channel.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub id: String,
    /// What the channel is called.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,
    /// Whether it is online or offline.
    pub kind: ChannelKind,
}

/// Where a statement on the map comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EvidenceKind {
    /// Counted in web, app or process data.
    Analytics,
    /// Read off customer records.
    Crm,
    /// Asked in a survey.
    Survey,
    /// Told in an interview.
    Interview,
    /// Told in a focus group.
    FocusGroup,
    /// Agreed on in a workshop, by staff or customers.
    Workshop,
    /// Written in a public review.
    Review,
    /// Believed by the team, not shown by anything.
    Assumption,
}

/// A source that supports a touchpoint and its score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What sort of source it is.
    pub kind: EvidenceKind,
    /// How many customers or answers stand behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    /// The day it was collected, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Where it can be looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Evidence {
    /// Evidence of this kind, with no more said about it.
    #[must_use]
    pub fn new(kind: EvidenceKind) -> Self {
        Self { kind, n: None, date: None, source: None }
    }
}

/// A moment of contact between a customer and the company: a node of the map's graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Touchpoint {
    /// The name by which transitions and events refer to the touchpoint.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub id: String,
    /// What the touchpoint is called.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,
    /// The id of the stage it belongs to.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub stage: String,
    /// The id of the channel it happens on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What the customer does here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// How the team expects customers to feel here: -2 (very bad) to 2 (very good), 0 is neutral.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = -2.0, max = 2.0)))]
    pub expected_score: Option<f64>,
    /// What supports the touchpoint and its score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What a log showed here; set by [`discover`](crate::discover).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<ObservedTouchpoint>,
}

impl Touchpoint {
    /// A touchpoint with this id and name, in the stage with that id.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, stage: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), stage: stage.into(), ..Self::default() }
    }
}

/// What a log showed at a touchpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ObservedTouchpoint {
    /// Events at the touchpoint.
    pub events: u64,
    /// Journeys that visited it.
    pub journeys: u64,
    /// Journeys whose first event it was.
    pub starts: u64,
    /// Journeys whose last event it was.
    pub ends: u64,
}

/// A way from one touchpoint to another: an edge of the map's graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// The id of the touchpoint it leaves.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub from: String,
    /// The id of the touchpoint it reaches.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub to: String,
    /// The share of customers the team expects to go this way, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))]
    pub expected_share: Option<f64>,
    /// How long the team expects it to take, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0)))]
    pub expected_seconds: Option<f64>,
    /// What a log showed on this way; set by [`discover`](crate::discover).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<ObservedTransition>,
}

impl Transition {
    /// The way from one touchpoint to another, by their ids.
    #[must_use]
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { from: from.into(), to: to.into(), ..Self::default() }
    }
}

/// What a log showed on the way from one touchpoint to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ObservedTransition {
    /// How often the way was taken.
    pub count: u64,
    /// Journeys that took it at least once.
    pub journeys: u64,
    /// Mean time from one event to the next, in seconds.
    pub mean_seconds: f64,
    /// Median time from one event to the next, in seconds.
    pub median_seconds: f64,
}

/// Where journeys begin and end, and what counts as success.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Outcome {
    /// Touchpoints where journeys may begin; none named: those that no transition reaches, else all.
    pub entries: Vec<String>,
    /// Touchpoints where journeys may end; none named: those that no transition leaves, else all.
    pub exits: Vec<String>,
    /// Touchpoints that are the goal of the journey.
    pub conversions: Vec<String>,
}
