//! What no question of the library gives in one pass, as folds on its public trait.

mod funnel;
mod scores;

pub(crate) use funnel::{SegmentCounts, SegmentedFunnel};
pub(crate) use scores::{ScoreSums, Scores};
