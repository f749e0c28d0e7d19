//! Touchpoints: what happens there, how it feels, what could be better, and which events of a log are meant.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evidence::Evidence;

/// A moment of contact between a customer and the company: a node of the map's graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
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
    /// The ids of the personas who come here; none named: all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub personas: Vec<String>,
    /// The department that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What the customer does here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What goes through the customer's mind, in the customer's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thoughts: Vec<String>,
    /// What the customer takes for granted here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<String>,
    /// What annoys the customer or stands in the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pain_points: Vec<PainPoint>,
    /// What could be done here, for the customer or the company.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opportunities: Vec<Opportunity>,
    /// How the team expects customers to feel here: -2 (very bad) to 2 (very good), 0 is neutral.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = -2.0, max = 2.0)))]
    pub expected_score: Option<f64>,
    /// Whether the team holds it for a moment of truth, which decides how customers think of the company.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moment_of_truth: bool,
    /// What supports the touchpoint, its score and its expectations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Which events of a log are this touchpoint; none: those whose name is its id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<MatchRule>,
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

/// How much a pain point hurts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PainSeverity {
    /// It annoys.
    Minor,
    /// It costs time, money or patience.
    Major,
    /// It makes customers give up.
    Critical,
}

/// Something that annoys the customer or stands in the way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
pub struct PainPoint {
    /// What it is, as the customer would say it.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub text: String,
    /// How much it hurts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<PainSeverity>,
    /// What supports it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// What sort of opportunity it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OpportunityKind {
    /// To mend what hurts customers.
    #[default]
    Fix,
    /// To sell more of the same or a better one.
    Upsell,
    /// To sell something else that goes with it.
    CrossSell,
}

/// Something that could be done at a touchpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
pub struct Opportunity {
    /// What could be done.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub text: String,
    /// Whether it mends, or sells more.
    #[serde(default)]
    pub kind: OpportunityKind,
    /// How much work the team thinks it is, 0 (none) to 5 (very much).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 5.0)))]
    pub effort: Option<f64>,
    /// What the team thinks it is worth to customers and company, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 100.0)))]
    pub value: Option<f64>,
}

/// How the `touchpoint` of a rule is compared with the name of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MatchPattern {
    /// The name is the text.
    #[default]
    Exact,
    /// The name begins with the text.
    Prefix,
    /// The name is as the text says, in which `*` stands for any letters or none, and `?` for one letter.
    Glob,
}

/// Which events of a log are a touchpoint of the map: those that meet every condition of the rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
pub struct MatchRule {
    /// What the event is called in the log, compared as `pattern` says; any name if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub touchpoint: Option<String>,
    /// How `touchpoint` is compared.
    #[serde(default)]
    pub pattern: MatchPattern,
    /// The channel of the event in the log; any if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub channel: Option<String>,
    /// For each attribute named, values of which the event has one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Vec<String>>,
}

/// What a log showed at a touchpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
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
