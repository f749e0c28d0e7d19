//! Transitions: the ways from one touchpoint to another.

use serde::{Deserialize, Serialize};

/// A way from one touchpoint to another: an edge of the map's graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
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
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
pub struct ObservedTransition {
    /// How often the way was taken.
    pub count: u64,
    /// Journeys that took it at least once.
    pub journeys: u64,
    /// Mean time from one event to the next, in seconds; not given if the log had no times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_seconds: Option<f64>,
    /// Median time from one event to the next, in seconds; not given if the log had no times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_seconds: Option<f64>,
}
