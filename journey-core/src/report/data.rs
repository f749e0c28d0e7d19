//! What a report holds: the reports of the questions it asks, and the findings that matter most in them.

use serde::{Deserialize, Serialize};

use crate::analysis::{
    Bottlenecks, Changes, ChannelSwitching, Comparison, DeviationKind, Deviations, DropOffs, EmotionCurve, EmotionDips,
    Funnel, PathCoverage, Rework, Segments, Share, StepFlow, StepMatrix, Summary, TouchpointReturn, Transitions,
    Variants,
};

/// What a log says about the customers' journeys, and about a map of them.
///
/// Its lists are cut as the options ask; findings are looked for in all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct JourneyReport {
    /// The name of the map; `None` without one.
    pub map: Option<String>,
    /// Touchpoints of which a journey must reach one to have converted; empty if nothing says so.
    pub conversion: Vec<String>,
    /// The confidence of every interval, as asked for.
    pub confidence: f64,
    /// The share of false findings accepted among the significant ones of a family of tests, as asked for.
    pub false_discovery_rate: f64,
    /// The findings that matter most, that with the largest share of journeys hurt first: by the lower end of its interval.
    pub findings: Vec<ReportFinding>,
    /// How many findings there would be without the limit.
    pub findings_supported: u64,
    /// How many things were looked at: bottlenecks, drop-offs, and so on, supported or not.
    pub findings_looked_at: u64,
    /// What the log holds.
    pub summary: Summary,
    /// What follows what.
    pub transitions: Transitions,
    /// Where customers lose time.
    pub bottlenecks: Bottlenecks,
    /// How far customers get; `None` without steps, or a map whose stages lead to a conversion.
    pub funnel: Option<Funnel>,
    /// Where journeys end.
    pub drop_offs: DropOffs,
    /// How journeys flow from step to step.
    pub step_flow: StepFlow,
    /// In which stretches of time customers converted less often.
    pub changes: Changes,
    /// What customers do again.
    pub rework: Rework,
    /// Where customers come back to before they convert; empty without a conversion.
    pub returns: Vec<TouchpointReturn>,
    /// Touchpoints of that list that the limit cut off.
    pub returns_left_out: u64,
    /// How customers feel along the map; `None` without a map.
    pub emotion_curve: Option<EmotionCurve>,
    /// Where they suffer; `None` without a map.
    pub emotion_dips: Option<EmotionDips>,
    /// How much of the map is used, and how much of the log is on it; `None` without a map.
    pub path_coverage: Option<PathCoverage>,
    /// Where customers leave the map; `None` without a map, or if it is too large to compare paths with.
    pub deviations: Option<Deviations>,
    /// How the groups of each attribute do, in the order of the attributes.
    pub segments: Vec<Segments>,
    /// Attributes that were left out because they have more than 50 values.
    pub attributes_left_out: Vec<String>,
    /// In what the two largest groups of the attribute differ whose groups convert most differently; `None` without such
    /// groups.
    pub comparison: Option<Comparison>,
    /// How customers move between channels; `None` if no event has one.
    pub channel_switching: Option<ChannelSwitching>,
    /// Which paths customers take.
    pub variants: Variants,
    /// Where journeys are at each step.
    pub step_matrix: StepMatrix,
}

/// Something that hurts customers more than what it is compared with, by more than chance explains.
///
/// `impact` is the share of all journeys that is hurt: a journey that is lost counts as one, a time that is longer than
/// elsewhere as its share of all time, a score that is lower than its neighbours as its share of the scale, for each journey
/// that comes there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReportFinding {
    /// What sort of finding it is.
    pub kind: ReportFindingKind,
    /// The part of the report that says more.
    pub section: ReportSection,
    /// The touchpoint; of a transition that which it leaves. `None` for a group of customers, and for a change over all.
    pub touchpoint: Option<String>,
    /// The touchpoint that a transition or step reaches; `None` for other findings.
    pub target: Option<String>,
    /// The attribute whose value tells a group of customers; `None` for other findings.
    pub attribute: Option<String>,
    /// The value of that attribute; of a switch of channels the channel left.
    pub value: Option<String>,
    /// The channel that a switch reaches; `None` for other findings.
    pub other_value: Option<String>,
    /// The sort of deviation; `None` for other findings.
    pub deviation: Option<DeviationKind>,
    /// When a change began, RFC 3339 in UTC; `None` for other findings.
    pub since: Option<String>,
    /// When a change was over; `None` for other findings.
    pub until: Option<String>,
    /// The touchpoint whose visitors set the time of a change apart most, and how many of the parts of journeys in it visit it.
    pub distinctive: Option<String>,
    /// The share of visitors of that touchpoint in the time of the change.
    pub distinctive_share: Option<f64>,
    /// The share of its visitors at all other times.
    pub distinctive_rest: Option<f64>,
    /// What `figure` and `compared_with` are.
    pub unit: ReportUnit,
    /// The figure.
    pub figure: f64,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// How many have it: those who convert or drop off; `None` for a mean.
    pub n: Option<u64>,
    /// How many journeys, events, times or scores the figure is of.
    pub of: u64,
    /// The same figure where it is compared with.
    pub compared_with: f64,
    /// How many journeys, events, times or scores that is of; `None` where it is of none.
    pub compared_of: Option<u64>,
    /// The journeys that it concerns, of all; of a change, the parts of journeys.
    pub affected: Share,
    /// The share of all journeys that is hurt.
    pub impact: f64,
    /// Lower end of its interval: what findings are ranked by.
    pub impact_low: f64,
    /// Upper end of its interval.
    pub impact_high: f64,
    /// The p-value of the comparison, adjusted within its family of tests; `None` where all journeys were counted and none
    /// compared.
    pub p_adjusted: Option<f64>,
    /// How strong the evidence is; `None` without a test.
    pub strength: Option<EvidenceStrength>,
}

/// The sorts of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReportFindingKind {
    /// For a stretch of time customers converted less often.
    Change,
    /// Fewer go on to the next step than at the other steps.
    StepLoss,
    /// More journeys end here than elsewhere, before they convert.
    DropOff,
    /// Who comes back to a touchpoint converts less often than who does not.
    Rework,
    /// Who deviates from the map in this way converts less often, or breaks off.
    Deviation,
    /// A group of customers converts less often than the others.
    Segment,
    /// Who switches between two channels converts less often than who does not.
    ChannelSwitch,
    /// The way from one touchpoint to the next takes longer than others.
    Bottleneck,
    /// Customers feel worse here than before and after.
    EmotionDip,
}

/// The parts of a report; their names in JSON are their ids in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReportSection {
    /// What the log holds.
    Log,
    /// The map with what was measured, or the flow.
    Map,
    /// Where time goes.
    Bottlenecks,
    /// How customers feel.
    Dips,
    /// Where customers are lost, and how far they get.
    DropOffs,
    /// When customers converted less often.
    Changes,
    /// What customers do again.
    Rework,
    /// Where customers leave the map.
    Deviations,
    /// How groups of customers do.
    Segments,
    /// How customers move between channels.
    Channels,
    /// Which paths they take.
    Variants,
}

/// What a figure is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReportUnit {
    /// The share that converts or goes on: higher is better.
    Conversion,
    /// The share that is lost: lower is better.
    Loss,
    /// A mean time in seconds.
    Seconds,
    /// A mean score from -2 to 2.
    Score,
}

/// How strong the evidence of a finding is, by its adjusted p-value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EvidenceStrength {
    /// The p-value is at most the false discovery rate.
    Moderate,
    /// It is at most a hundredth.
    Strong,
    /// It is at most a thousandth.
    VeryStrong,
}
