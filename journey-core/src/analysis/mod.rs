//! The questions: one file, one question. Each that reads a log is a [`Fold`](crate::Fold).

mod attempts;
mod bottlenecks;
mod calendar;
mod censoring;
mod delays;
mod discover;
mod edges;
mod emotion_curve;
mod emotion_dips;
mod flow;
#[cfg(test)]
mod laws;
mod moments;
mod path_coverage;
mod paths;
mod proportions;
mod ranks;
mod scores;
mod stats;
mod summary;
mod temporal_profile;
mod transitions;
mod trend;
mod variants;
mod visits;
mod work;

pub use attempts::{AttemptRow, Attempts, AttemptsNeeded, AttemptsOptions, attempts};
pub use bottlenecks::{BottleneckOptions, Bottlenecks, ConversionLoss, bottlenecks};
pub use calendar::{BusinessHours, OpeningHours, Weekday};
pub use delays::{DelayMeasure, TouchpointDelay, TransitionDelay};
pub use discover::{DiscoverOptions, discover};
pub use emotion_curve::{EmotionCurve, EmotionOptions, EmotionSource, EmotionStage, EmotionStep, emotion_curve};
pub use emotion_dips::{EmotionDip, EmotionDips, emotion_dips};
pub use path_coverage::{
    LogCoverage, MapCoverage, MapTransition, Part, PathCoverage, PathCoverageOptions, UnmappedTouchpoint,
    VariantCoverage, path_coverage,
};
pub use proportions::{ShareDifference, ShareTest};
pub use stats::{Share, TimeStats};
pub use summary::{ChannelCount, Summary, SummaryOptions, summary};
pub use temporal_profile::{DeviatingJourney, TemporalPair, TemporalProfile, TemporalProfileOptions, temporal_profile};
pub use transitions::{TransitionRow, Transitions, TransitionsOptions, transitions};
pub use trend::Trend;
pub use variants::{VariantRow, Variants, VariantsOptions, variants};
pub use visits::TouchpointCount;
pub use work::JourneyTimes;

/// Shortens a list to the limit and says how many rows that left out.
fn cut<T>(rows: &mut Vec<T>, limit: Option<u64>) -> u64 {
    let before = rows.len();
    if let Some(limit) = limit {
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    (before - rows.len()) as u64
}
