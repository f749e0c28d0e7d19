//! The open engine for customer journeys: the map a team draws and the events customers leave, in one model.
//!
//! A [`JourneyMap`] is a graph of touchpoints in stages; an [`EventLog`] is what customers did. Questions are functions of
//! one or both, with options of the same name and a report that is plain data:
//!
//! | question | function |
//! |---|---|
//! | What does the log hold? | [`summary`] |
//! | What follows what, how often, how long does it take? | [`transitions`] |
//! | Which paths do customers take? | [`variants`] |
//! | Which map does the log draw? | [`discover`] |
//! | Where do customers lose time, where are they lost? | [`bottlenecks`] |
//! | How far do customers get through the steps to a goal? | [`funnel`] |
//! | What do two definitions of a funnel count differently, and why? | [`explain_funnels`] |
//! | How do customers feel along the way? | [`emotion_curve`] |
//! | Where do they suffer? | [`emotion_dips`] |
//! | How much of the map is used, how much of the log is on the map? | [`path_coverage`] |
//!
//! ```
//! use journey_core::{BottleneckOptions, CsvOptions, bottlenecks, read_csv};
//!
//! let file = "customer,page,at\n\
//!             ann,visit,2024-03-13 10:00:00\n\
//!             ann,pay,2024-03-13 10:05:00\n";
//! let columns = CsvOptions {
//!     journey: "customer".into(),
//!     touchpoint: "page".into(),
//!     time: "at".into(),
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
mod render;
mod score;
mod time;

pub use petgraph;

pub use analysis::{
    BottleneckOptions, Bottlenecks, ChannelCount, ConversionLoss, DiscoverOptions, EmotionCurve, EmotionDip,
    EmotionDips, EmotionOptions, EmotionSource, EmotionStage, EmotionStep, ExplainFunnelsOptions, Funnel,
    FunnelCounting, FunnelDifferences, FunnelDimension, FunnelEntry, FunnelExample, FunnelExclusion,
    FunnelExclusionScope, FunnelGroup, FunnelOpenEntry, FunnelOptions, FunnelOrder, FunnelPolicy, FunnelPreset,
    FunnelReason, FunnelReasonKind, FunnelReuse, FunnelStep, FunnelStepDifference, FunnelStepResult, FunnelTies,
    FunnelVisit, LogCoverage, MapCoverage, MapTransition, Part, PathCoverage, PathCoverageOptions, Share,
    ShareDifference, ShareTest, Summary, SummaryOptions, TimeStats, TouchpointCount, TouchpointDelay, TransitionDelay,
    TransitionRow, Transitions, TransitionsOptions, UnmappedTouchpoint, VariantCoverage, VariantRow, Variants,
    VariantsOptions, bottlenecks, discover, emotion_curve, emotion_dips, explain_funnels, funnel, path_coverage,
    summary, transitions, variants,
};
pub use duration::Duration;
pub use error::{Error, ErrorKind, Location, Result};
pub use io::{CsvOptions, Limits, list_from_json, options_from_json, read_csv, read_csv_path};
pub use log::{Event, EventLog, EventLogBuilder, EventMatch, Fold, Journey, LogNames, SelectOptions, fold};
pub use map::{
    Channel, ChannelKind, Evidence, EvidenceKind, JourneyMap, JourneyMapBuilder, MapData, MapKind, ObservedTouchpoint,
    ObservedTransition, Outcome, Stage, Touchpoint, Transition,
};
pub use names::Names;
pub use render::{MapReports, render_map, render_page};
pub use score::ScoreScale;
pub use time::Timestamp;
