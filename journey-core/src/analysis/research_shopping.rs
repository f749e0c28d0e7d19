//! Who searches on one channel and converts on another.

use serde::{Deserialize, Serialize};

use super::channel_switching::Step;
use super::pair_counts::PairCounts;
use super::stats::Share;
use crate::log::LogNames;

/// Who searches on one channel and converts on another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ResearchShopping {
    /// Of the journeys that search before they first convert, those that convert on another channel.
    pub journeys: Share,
    /// From which channel to which, most frequent first, ties by name.
    pub pairs: Vec<ResearchPair>,
    /// Rows that the limit cut off.
    pub pairs_left_out: u64,
}

/// How many search on one channel and convert on another, or the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ResearchPair {
    /// The channel of the last search before the first conversion.
    pub search_channel: String,
    /// The channel of the first conversion.
    pub conversion_channel: String,
    /// Of the journeys with both, those with these channels.
    pub journeys: Share,
}

/// The channel of the last search before the first conversion, and that of the conversion; `None` if one is missing.
pub(super) fn channels(steps: &[Step], search: &[bool], conversion: &[bool]) -> Option<(u32, u32)> {
    let is = |named: &[bool], step: &Step| named.get(step.touchpoint as usize).copied().unwrap_or(false);
    let place = steps.iter().position(|step| is(conversion, step))?;
    let searched = steps.iter().take(place).rfind(|step| is(search, step))?;
    Some((searched.channel, steps.get(place)?.channel))
}

impl ResearchShopping {
    /// The report of pairs of channels, each from a search to a conversion.
    pub(super) fn new(counts: &PairCounts, names: &LogNames, limit: Option<u64>, confidence: f64) -> Self {
        let (same, journeys) = counts.stayed();
        let share = |n| Share::new(n, journeys, confidence);
        let pair = |(search, conversion, count)| ResearchPair {
            search_channel: names.channels.name(search).to_owned(),
            conversion_channel: names.channels.name(conversion).to_owned(),
            journeys: share(count),
        };
        let mut pairs: Vec<_> = counts.sorted().into_iter().map(pair).collect();
        let pairs_left_out = super::cut(&mut pairs, limit);
        Self { journeys: share(journeys - same), pairs, pairs_left_out }
    }
}
