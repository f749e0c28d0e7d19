//! The questions: one file, one question. Each that reads a log is a [`Fold`](crate::Fold).

mod bottlenecks;
mod censoring;
mod discover;
mod edges;
mod emotion_curve;
mod emotion_dips;
mod explain_funnels;
mod flow;
mod funnel;
mod funnels;
#[cfg(test)]
mod laws;
mod path_coverage;
mod paths;
mod proportions;
mod scores;
mod stats;
mod summary;
mod transitions;
mod variants;
mod visits;

pub use bottlenecks::{BottleneckOptions, Bottlenecks, ConversionLoss, TouchpointDelay, TransitionDelay, bottlenecks};
pub use discover::{DiscoverOptions, discover};
pub use emotion_curve::{EmotionCurve, EmotionOptions, EmotionSource, EmotionStage, EmotionStep, emotion_curve};
pub use emotion_dips::{EmotionDip, EmotionDips, emotion_dips};
pub use explain_funnels::{
    ExplainFunnelsOptions, FunnelDifferences, FunnelExample, FunnelReason, FunnelReasonKind, FunnelStepDifference,
    FunnelVisit, explain_funnels,
};
pub use funnel::{Funnel, FunnelGroup, FunnelStepResult, funnel};
pub use funnels::{
    FunnelCounting, FunnelDimension, FunnelEntry, FunnelExclusion, FunnelExclusionScope, FunnelOpenEntry,
    FunnelOptions, FunnelOrder, FunnelPolicy, FunnelPreset, FunnelReuse, FunnelStep, FunnelTies,
};
pub use path_coverage::{
    LogCoverage, MapCoverage, MapTransition, Part, PathCoverage, PathCoverageOptions, UnmappedTouchpoint,
    VariantCoverage, path_coverage,
};
pub use proportions::{ShareDifference, ShareTest};
pub use stats::{Share, TimeStats};
pub use summary::{ChannelCount, Summary, SummaryOptions, summary};
pub use transitions::{TransitionRow, Transitions, TransitionsOptions, transitions};
pub use variants::{VariantRow, Variants, VariantsOptions, variants};
pub use visits::TouchpointCount;

/// Shortens a list to the limit and says how many rows that left out.
fn cut<T>(rows: &mut Vec<T>, limit: Option<u64>) -> u64 {
    let before = rows.len();
    if let Some(limit) = limit {
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    (before - rows.len()) as u64
}
