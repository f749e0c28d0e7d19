//! The open engine for customer journeys: the map a team draws and the events customers leave, in one model.
//!
//! A [`JourneyMap`] is a graph of touchpoints in stages; an [`EventLog`] is what customers did. Questions are functions of
//! one or both, with options of the same name and a report that is plain data:
//!
//! | question | function |
//! |---|---|
//! | What does the log hold? | [`summary`] |
//! | What follows what, how often, how long does it take? | [`transitions`] |
//! | The same as a table? | [`transition_matrix`] |
//! | Which paths do customers take? | [`variants`] |
//! | What do they do again, and in which circles? | [`rework`] |
//! | Which map does the log draw? | [`discover`] |
//! | In what do two groups of customers differ, and can that be chance? | [`compare`], [`compare_groups`] |
//! | How do all groups of an attribute do? | [`segments`] |
//! | Where do customers lose time, where are they lost? | [`bottlenecks`] |
//! | Where do journeys end, where do they leave the expected path, what do they do instead? | [`drop_offs`] |
//! | Where are customers at each step, and where do two groups differ? | [`step_matrix`] |
//! | How do they flow from step to step? | [`step_flow`] |
//! | How do customers move between channels, and what does it cost them? | [`channel_switching`] |
//! | What goes before success more often than before failure? | [`outcome_drivers`] |
//! | What does each channel bring to conversion? | [`removal_effects`] |
//! | How long does it usually take from any touchpoint to any later one, who deviates? | [`temporal_profile`] |
//! | How often do customers try before they succeed? | [`attempts`] |
//! | How far do customers get through the steps to a goal? | [`funnel`] |
//! | What do two definitions of a funnel count differently, and why? | [`explain_funnels`] |
//! | How do customers feel along the way? | [`emotion_curve`] |
//! | Where do they suffer? | [`emotion_dips`] |
//! | How do they remember the journey? | [`peak_end_score`] |
//! | How satisfied do they say they are: NPS, CSAT, CES? | [`satisfaction`] |
//! | Which visit is each answer of a survey about? | [`match_feedback`] |
//! | What is wrong with the map? | [`lint`] |
//! | What is different between two maps? | [`diff`] |
//! | Which events are on the map, by its rules? | [`match_events`] |
//! | How much of the map is used, how much of the log is on the map? | [`path_coverage`] |
//! | How does each path compare with the map, step by step? | [`align`] |
//! | How well does the map explain the log? | [`fitness`] |
//! | How much does the map allow that never happens? | [`precision`] |
//! | Where do customers leave the map, and what goes with it? | [`deviations`] |
//! | All of it in one report: what matters most? | [`report()`] |
//!
//! What is known of journeys on many machines comes together in a [`State`]; a [`Monitor`] makes journeys from a stream.
//!
//! A part of a log is a log as well: [`EventLog::select`] keeps events, [`EventLog::select_journeys`] whole journeys, by
//! path patterns such as `cart -> [^pay]* -> end`. [`EventLog::with_map`] gives a log in the touchpoints and stages of a map.
//!
//! ```
//! use journey_core::{BottleneckOptions, ReadOptions, bottlenecks, read_csv};
//!
//! let file = "customer,page,at\n\
//!             ann,visit,2024-03-13 10:00:00\n\
//!             ann,pay,2024-03-13 10:05:00\n";
//! let columns = ReadOptions {
//!     journey: Some("customer".into()),
//!     touchpoint: Some("page".into()),
//!     time: Some("at".into()),
//!     ..Default::default()
//! };
//! let log = read_csv(file.as_bytes(), &columns)?;
//! let stuck = bottlenecks(&log, &BottleneckOptions::default())?;
//! assert_eq!(stuck.transitions[0].time.median_seconds, 300.0);
//! # Ok::<(), journey_core::Error>(())
//! ```
//!
//! # Features
//!
//! - `rayon` (default): questions are answered on all cores.
//! - `gzip` (default): readers decompress gzip.
//! - `yaml` (default): maps are read and written as YAML, too.
//! - `xes` (default): logs are read and written as XES.
//! - `schema`: JSON Schema of every option, report and map type.

#![cfg_attr(
    test,
    expect(clippy::float_cmp, clippy::default_trait_access, reason = "figures of tests are exact, defaults plain")
)]

mod analysis;
mod duration;
mod error;
mod io;
mod log;
mod map;
mod names;
mod reader;
mod render;
mod report;
mod score;
mod sorting;
mod state;
mod task;
mod threads;
mod time;

pub use petgraph;

pub use analysis::{
    AlignOptions, AlignedVariant, AlignmentMove, Alignments, AssumptionPart, Assumptions, AttemptRow, Attempts,
    AttemptsNeeded, AttemptsOptions, BottleneckOptions, Bottlenecks, BusinessHours, Change, Changes, ChannelCount,
    ChannelSwitching, ChannelSwitchingOptions, ChannelTransition, ChannelUse, ChannelWait, CompareOptions,
    ComparedGroup, Comparison, ComparisonTest, ConversionLoss, CountStats, CreditedPart, Cycle, DelayMeasure,
    DeviatingJourney, Deviation, DeviationKind, DeviationOptions, Deviations, DiscoverOptions, DistinctiveTouchpoint,
    DropOffOptions, DropOffs, EffectKind, EmotionCurve, EmotionDip, EmotionDips, EmotionOptions, EmotionSource,
    EmotionStage, EmotionStep, EscapingTransition, ExplainFunnelsOptions, FactorKind, FeedbackMatches, Finding,
    FindingKind, Fitness, FitnessOptions, Funnel, FunnelCounting, FunnelDifferences, FunnelDimension, FunnelEntry,
    FunnelExample, FunnelExclusion, FunnelExclusionScope, FunnelGroup, FunnelOpenEntry, FunnelOptions, FunnelOrder,
    FunnelPolicy, FunnelPreset, FunnelReason, FunnelReasonKind, FunnelReuse, FunnelStep, FunnelStepDifference,
    FunnelStepResult, FunnelTies, FunnelVisit, JourneyTimes, LintFinding, LintNeed, LintOptions, LintReport, LintRule,
    LintSeverity, LintWords, LogCoverage, MapCoverage, MapTransition, MatchConflict, MatchFeedbackOptions,
    MatchOptions, MatchReport, MatchedRule, MatchedTouchpoint, Mean, MediaEntropy, MoveKind, NetPromoterScore,
    NextTouchpoint, OpeningHours, OutcomeDriver, OutcomeDriverOptions, OutcomeDrivers, Part, PathCoverage,
    PathCoverageOptions, PathStep, PeakEnd, PeakEndJourney, PeakEndOptions, PeakKind, PingPong, Precision,
    PrecisionOptions, RemovalEffect, RemovalEffectOptions, RemovalEffects, ResearchPair, ResearchShopping, Rework,
    ReworkOptions, Satisfaction, SatisfactionGrouping, SatisfactionOptions, SatisfactionRow, SatisfactionScores,
    ScoreSpread, SegmentOptions, SegmentRow, Segments, Share, ShareDifference, ShareTest, StepCells, StepDifference,
    StepFlow, StepFlowOptions, StepGroup, StepGroups, StepKind, StepLink, StepMatrix, StepMatrixOptions, StepNode,
    StepRow, StepRowGroups, Summary, SummaryOptions, SwitchConversion, SwitchCost, SwitchScore, SwitchTime,
    TemporalPair, TemporalProfile, TemporalProfileOptions, TimeStats, TouchpointCount, TouchpointDelay,
    TouchpointDropOff, TouchpointReturn, TouchpointRework, TransitionDelay, TransitionMatrix, TransitionMatrixOptions,
    TransitionMatrixRow, TransitionRelation, TransitionRow, TransitionWeight, Transitions, TransitionsOptions, Trend,
    UnmappedEvents, UnmappedName, UnmappedTouchpoint, UnmatchedAnswer, UnmatchedAnswers, VariantCoverage, VariantMix,
    VariantRow, VariantTable, Variants, VariantsOptions, Weekday, WithMapOptions, align, attempts, bottlenecks,
    channel_switching, compare, compare_groups, deviations, discover, drop_offs, emotion_curve, emotion_dips,
    explain_funnels, fitness, funnel, lint, match_events, match_feedback, outcome_drivers, path_coverage,
    peak_end_score, precision, removal_effects, rework, satisfaction, segments, step_flow, step_matrix, summary,
    temporal_profile, transition_matrix, transitions, variants,
};
pub use duration::Duration;
pub use error::{Error, ErrorKind, Location, Result};
#[cfg(not(target_family = "wasm"))]
pub use io::write_path;
pub use io::{
    EventOrder, FeedbackOptions, Limits, LogReader, PathsOptions, Progress, ReadOptions, WriteOptions,
    argument_from_json, column_names, list_from_json, options_from_json, read_any, read_csv, read_csv_path,
    read_feedback, read_feedback_path, read_ndjson, read_path, read_paths, read_paths_path, write_csv, write_ndjson,
};
#[cfg(feature = "arrow")]
pub use io::{LogParts, read_arrow, read_arrow_ipc, read_arrow_ipc_path, to_arrow, write_arrow_ipc};
#[cfg(feature = "parquet")]
pub use io::{read_parquet, read_parquet_path, write_parquet};
#[cfg(feature = "xes")]
pub use io::{read_xes, write_xes};
pub use log::{
    Answer, Event, EventColumns, EventLog, EventLogBuilder, EventMatch, Feedback, Fold, Journey, JourneyMatch,
    LogNames, MarkOptions, SelectOptions, SplitSessionsOptions, TextColumn, UnmatchedReason, WithFeedbackOptions, fold,
};
pub use map::{
    Baseline, ChangeKind, Channel, ChannelKind, Evidence, EvidenceKind, JourneyMap, JourneyMapBuilder, Kpi, MapChange,
    MapData, MapDiff, MapKind, MapPart, MatchPattern, MatchRule, ObservedTouchpoint, ObservedTransition, Opportunity,
    OpportunityKind, Outcome, PainPoint, PainSeverity, Persona, Segment, Stage, Touchpoint, Transition, diff,
};
pub use names::Names;
pub use render::{
    FlowColor, Language, MapEmotion, MapLane, MapReports, MermaidExport, MermaidLoss, RenderComparisonOptions,
    RenderFlowOptions, RenderFunnelOptions, RenderMapOptions, RenderReportOptions, RenderStepFlowOptions,
    RenderStepMatrixOptions, RenderTimesOptions, Theme, TimeRows, render_comparison, render_flow, render_funnel,
    render_map, render_report, render_step_flow, render_step_matrix, render_times,
};
pub use report::{
    EvidenceStrength, JourneyReport, ReportFinding, ReportFindingKind, ReportOptions, ReportSection, ReportUnit, report,
};
pub use score::ScoreScale;
pub use state::{
    LateEvent, Monitor, MonitorOptions, MonitorStatus, ScoresOptions, State, StateOptions, StreamEvent,
    TouchpointScore, TouchpointScores,
};
pub use task::{Task, TaskProgress};
pub use time::Timestamp;
