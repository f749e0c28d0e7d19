//! How a funnel is counted: what the caller may choose, and what was chosen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analysis::stats;
use crate::duration::Duration;

/// How a funnel is counted; a field that is not given is that of the preset, or else the library's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct FunnelOptions {
    /// The tool whose definition is meant; the library's own if not given.
    pub preset: Option<FunnelPreset>,
    /// Whether other events may lie between the steps, and whether the steps have an order; `ordered` if not given.
    pub order: Option<FunnelOrder>,
    /// Which attempt of a customer counts; `best_entry` if not given, `first_entry` where attempts are counted.
    pub entry: Option<FunnelEntry>,
    /// How long after its first step an attempt may take its last one, that instant included; no limit if not given.
    pub window: Option<Duration>,
    /// Events that end an attempt, or leave the customer out.
    pub exclusions: Vec<FunnelExclusion>,
    /// Where the funnel may be entered; `closed` if not given.
    pub open_entry: Option<FunnelOpenEntry>,
    /// What the order of events at the same instant means; `input_order` if not given.
    pub ties: Option<FunnelTies>,
    /// Whether one event may fill several steps; `never` if not given.
    pub reuse: Option<FunnelReuse>,
    /// What is counted.
    pub counting: FunnelCounting,
    /// An attribute by whose values the journeys are also counted in groups.
    pub breakdown: Option<String>,
    /// A journey whose last event lies less than this before the end of observation may still go on; all are finished if
    /// not given.
    pub inactive_after: Option<Duration>,
    /// The most groups the report lists; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
    /// The share of false alarms accepted among the groups that are called different.
    pub false_discovery_rate: f64,
}

impl Default for FunnelOptions {
    fn default() -> Self {
        Self {
            preset: None,
            order: None,
            entry: None,
            window: None,
            exclusions: Vec::new(),
            open_entry: None,
            ties: None,
            reuse: None,
            counting: FunnelCounting::Customers,
            breakdown: None,
            inactive_after: None,
            limit: None,
            confidence: stats::CONFIDENCE,
            false_discovery_rate: 0.05,
        }
    }
}

/// The definition of another tool, as its documentation or source gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FunnelPreset {
    /// `windowFunnel` of ClickHouse in its default mode: any entry, ties by step, an event may fill several steps.
    Clickhouse,
    /// PostHog: any entry, 14 days, ties by step, an exclusion leaves the customer out.
    Posthog,
    /// Mixpanel, unique users: the first entry, 7 days.
    Mixpanel,
    /// Amplitude, this order: any entry, 1 day, events of one second in either order.
    Amplitude,
    /// Google Analytics 4: the first entry, no window.
    Ga4,
}

/// Whether other events may lie between the steps, and whether the steps have an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FunnelOrder {
    /// One step after the other; other events may lie between.
    Ordered,
    /// One step directly after the other; any other event ends the attempt.
    Strict,
    /// The steps in any order, each by an event of its own: what is counted is how many of them are met.
    AnyOrder,
}

/// Which attempt of a customer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FunnelEntry {
    /// The one that begins at the first event that may begin one; a later such event does not reset the window.
    FirstEntry,
    /// The one that gets furthest, wherever it begins; of equals the one that got there first, then the one that began last.
    BestEntry,
}

/// Where a funnel may be entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FunnelOpenEntry {
    /// At the first step only.
    Closed,
    /// At any step; from there on no step may be left out. Of attempts that get as far, that of the earliest step counts.
    Open,
}

/// What the order of events at the same instant means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FunnelTies {
    /// They happened in the order of the input.
    InputOrder,
    /// Each step has to be later than the one before; at one instant only one is taken.
    StrictlyLater,
    /// They are taken in the order of the steps; where they differ, strictness and exclusions are not looked at.
    ByStep,
    /// Times are rounded to the second first, then as `by_step`.
    SameSecond,
}

/// Whether one event may fill several steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FunnelReuse {
    /// An event fills one step of an attempt: of those it meets the first that may be next.
    Never,
    /// An event fills all steps it meets, as far as they follow each other.
    Always,
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FunnelCounting {
    /// Each journey once, by one attempt.
    #[default]
    Customers,
    /// Every attempt; a journey enters again once its attempt has ended.
    Attempts,
}

/// Events that must not happen between two steps: those that meet every condition; an empty list is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct FunnelExclusion {
    /// Names of touchpoints, of which the event is at one.
    pub touchpoints: Vec<String>,
    /// Names of channels, of which the event is on one.
    pub channels: Vec<String>,
    /// For each attribute named, values of which the event has one.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// The name of the step after which it counts; the first if not given.
    pub after: Option<String>,
    /// The name of the step before which it counts; the last if not given.
    pub before: Option<String>,
    /// What it ends; that of the preset if not given, `attempt` without one.
    pub scope: Option<FunnelExclusionScope>,
}

/// What an exclusion ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FunnelExclusionScope {
    /// The attempt: the customer counts as far as it got, and may try again where any entry counts.
    Attempt,
    /// The customer's part in the funnel, if the attempt that gets furthest is struck and none that gets as far is not. A
    /// struck attempt may take one step more.
    Customer,
}

/// The definition by which a funnel was counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FunnelPolicy {
    /// The tool whose definition it began with.
    pub preset: Option<FunnelPreset>,
    /// Whether other events may lie between the steps, and whether the steps have an order.
    pub order: FunnelOrder,
    /// Which attempt of a customer counts.
    pub entry: FunnelEntry,
    /// How long after its first step an attempt may take its last one; `None` is no limit.
    pub window_seconds: Option<f64>,
    /// What the order of events at the same instant means.
    pub ties: FunnelTies,
    /// Whether one event may fill several steps.
    pub reuse: FunnelReuse,
    /// Where the funnel may be entered.
    pub open_entry: FunnelOpenEntry,
    /// Events that end an attempt or leave the customer out, with every field filled in.
    pub exclusions: Vec<FunnelExclusion>,
    /// What is counted.
    pub counting: FunnelCounting,
    /// The attribute by whose values journeys are grouped.
    pub breakdown: Option<String>,
    /// How long a journey has to be silent to be finished; `None` takes all as finished.
    pub inactive_after_seconds: Option<f64>,
}
