//! The questions: one file, one question. Each that reads a log is a [`Fold`](crate::Fold).

mod align;
mod alignment;
mod attempts;
mod bootstrap;
mod bottlenecks;
mod calendar;
mod cells;
mod censoring;
mod chain;
mod channel_switching;
mod channel_use;
mod compare;
mod counts;
mod cycles;
mod delays;
mod deviations;
mod discover;
mod divergence;
mod drop_offs;
mod edges;
mod emotion_curve;
mod emotion_dips;
mod explain_funnels;
mod finding_words;
mod findings;
mod fitness;
mod flow;
mod funnel;
mod funnels;
mod languages;
#[cfg(test)]
mod laws;
mod lint;
mod match_events;
mod match_feedback;
mod matching;
mod moments;
mod outcome_drivers;
mod pair_counts;
mod path_coverage;
mod paths;
mod peak_end;
mod precision;
mod proportions;
mod quantiles;
mod ranks;
mod removal_effects;
mod research_shopping;
mod returns;
mod revisits;
mod rework;
mod sample;
mod satisfaction;
mod scores;
mod segments;
mod stats;
mod step_flow;
mod step_matrix;
mod steps;
mod stretches;
mod summary;
mod switch_costs;
mod temporal_profile;
mod times;
mod transition_matrix;
mod transitions;
mod transport;
mod trend;
mod variant_counts;
mod variants;
mod visits;
mod ways;
mod with_map;

pub use align::{AlignOptions, AlignedVariant, AlignmentMove, Alignments, MoveKind, align};
pub use bottlenecks::{BottleneckOptions, Bottlenecks, ConversionLoss, bottlenecks};
pub use channel_switching::{
    ChannelSwitching, ChannelSwitchingOptions, ChannelTransition, MediaEntropy, channel_switching,
};
pub use channel_use::{ChannelUse, ChannelWait};
pub use counts::CountStats;
pub use deviations::{Deviation, DeviationKind, DeviationOptions, Deviations, deviations};
mod work;

pub use attempts::{AttemptRow, Attempts, AttemptsNeeded, AttemptsOptions, attempts};
pub use calendar::{BusinessHours, OpeningHours, Weekday};
pub use compare::{
    CompareOptions, ComparedGroup, Comparison, ComparisonTest, EffectKind, Finding, FindingKind, VariantMix, compare,
    compare_groups,
};
pub use delays::{DelayMeasure, TouchpointDelay, TransitionDelay};
pub use discover::{DiscoverOptions, discover};
pub use divergence::{NextTouchpoint, PathStep};
pub use drop_offs::{DropOffOptions, DropOffs, TouchpointDropOff, drop_offs};
pub use edges::TransitionRelation;
pub use emotion_curve::{EmotionCurve, EmotionOptions, EmotionSource, EmotionStage, EmotionStep, emotion_curve};
pub use emotion_dips::{EmotionDip, EmotionDips, emotion_dips};
pub use explain_funnels::{
    ExplainFunnelsOptions, FunnelDifferences, FunnelExample, FunnelReason, FunnelReasonKind, FunnelStepDifference,
    FunnelVisit, explain_funnels,
};
pub use fitness::{Fitness, FitnessOptions, fitness};
pub use funnel::{Funnel, FunnelGroup, FunnelStepResult, funnel};
pub use funnels::{
    FunnelCounting, FunnelDimension, FunnelEntry, FunnelExclusion, FunnelExclusionScope, FunnelOpenEntry,
    FunnelOptions, FunnelOrder, FunnelPolicy, FunnelPreset, FunnelReuse, FunnelStep, FunnelTies,
};
pub use lint::{
    AssumptionPart, Assumptions, LintFinding, LintNeed, LintOptions, LintReport, LintRule, LintSeverity, LintWords,
    lint,
};
pub use match_events::{
    MatchConflict, MatchOptions, MatchReport, MatchedRule, MatchedTouchpoint, UnmappedName, match_events,
};
pub use match_feedback::{FeedbackMatches, MatchFeedbackOptions, UnmatchedAnswer, UnmatchedAnswers, match_feedback};
pub use outcome_drivers::{FactorKind, OutcomeDriver, OutcomeDriverOptions, OutcomeDrivers, outcome_drivers};
pub use path_coverage::{
    LogCoverage, MapCoverage, MapTransition, PathCoverage, PathCoverageOptions, UnmappedTouchpoint, VariantCoverage,
    path_coverage,
};
pub use peak_end::{PeakEnd, PeakEndJourney, PeakEndOptions, PeakKind, ScoreSpread, peak_end_score};
pub use precision::{EscapingTransition, Precision, PrecisionOptions, precision};
pub use proportions::{ShareDifference, ShareTest};
pub use removal_effects::{CreditedPart, RemovalEffect, RemovalEffectOptions, RemovalEffects, removal_effects};
pub use research_shopping::{ResearchPair, ResearchShopping};
pub use returns::TouchpointReturn;
pub use rework::{Cycle, PingPong, Rework, ReworkOptions, TouchpointRework, rework};
pub use satisfaction::{
    NetPromoterScore, Satisfaction, SatisfactionGrouping, SatisfactionOptions, SatisfactionRow, SatisfactionScores,
    satisfaction,
};
pub use segments::{DistinctiveTouchpoint, SegmentOptions, SegmentRow, Segments, segments};
pub use stats::{Mean, Part, Share, TimeStats};
pub use step_flow::{StepFlow, StepFlowOptions, StepLink, StepNode, step_flow};
pub use step_matrix::{
    StepCells, StepDifference, StepGroup, StepGroups, StepMatrix, StepMatrixOptions, StepRow, StepRowGroups,
    step_matrix,
};
pub use steps::StepKind;
pub use stretches::{Change, Changes};
pub use summary::{ChannelCount, Summary, SummaryOptions, summary};
pub use switch_costs::{SwitchConversion, SwitchCost, SwitchScore, SwitchTime};
pub use temporal_profile::{DeviatingJourney, TemporalPair, TemporalProfile, TemporalProfileOptions, temporal_profile};
pub use transition_matrix::{
    TransitionMatrix, TransitionMatrixOptions, TransitionMatrixRow, TransitionWeight, transition_matrix,
};
pub use transitions::{TransitionRow, Transitions, TransitionsOptions, transitions};
pub use trend::Trend;
pub use variants::{VariantRow, VariantTable, Variants, VariantsOptions, variants};
pub use visits::TouchpointCount;
pub use with_map::{UnmappedEvents, WithMapOptions};
pub use work::JourneyTimes;

// What a state keeps of the questions, and makes their reports from.
pub(crate) use bottlenecks::bottlenecks_of;
pub(crate) use drop_offs::{KeptDropOffs, drop_offs_of};
pub(crate) use edges::Edges;
pub(crate) use finding_words::FEW_JOURNEYS;
pub(crate) use funnel::{Tally as FunnelTally, funnel_of};
pub(crate) use funnels::{Plan as FunnelPlan, Policy as FunnelMeaning, Scratch as FunnelScratch};
pub(crate) use moments::Moments;
pub(crate) use returns::returns;
#[cfg(test)]
pub(crate) use stats::quantile as exact_quantile;
pub(crate) use stats::{
    Rules, check_confidence, check_open_unit, check_option, float, judge, seconds, t_p_value, t_quantile,
};
pub(crate) use step_matrix::{check_steps, step_matrix_of};
pub(crate) use stretches::changes;
pub(crate) use summary::Held;
pub(crate) use times::Times;
pub(crate) use transitions::{KeptTransition, transitions_of};
pub(crate) use visits::Visits;

/// Shortens a list to the limit and says how many rows that left out.
pub(crate) fn cut<T>(rows: &mut Vec<T>, limit: Option<u64>) -> u64 {
    let before = rows.len();
    if let Some(limit) = limit {
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    (before - rows.len()) as u64
}
