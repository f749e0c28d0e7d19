//! How each channel is used: how much, how long customers wait on it, how often they leave from it.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::channel_switching::{ChannelSwitchingOptions, Ending, Step};
use super::pair_counts::PairCounts;
use super::ranks::mann_whitney;
use super::stats::{self, Share};
use crate::log::LogNames;
use crate::names::NONE;
use crate::sorting::{SortRows, inserted};
use crate::threads::map_each;

/// How a channel is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChannelUse {
    /// The channel.
    pub channel: String,
    /// Of the events with a channel, those on it.
    pub events: Share,
    /// Of the journeys with a channel, those that use it.
    pub journeys: Share,
    /// Of the transitions from an event on it to the next, those that stay on it.
    pub lock_in: Share,
    /// Of the changes from a phase that ends on it to the next, those that stay on it; `None` if `phase` is not given.
    pub phase_lock_in: Option<Share>,
    /// Of the finished journeys that use it, those whose last channel it is.
    pub exits: Share,
    /// How long it takes on this channel until something follows; `None` where the channel is unused, there is nothing to
    /// compare it with, or the log has no times.
    pub wait: Option<ChannelWait>,
    /// Whether its share of the events is below `min_share`, or it has none.
    pub unused: bool,
    /// Whether customers wait significantly longer on it than on the others; `None` where there is no test.
    pub overloaded: Option<bool>,
}

/// How long it takes on a channel until something follows, against the other channels.
///
/// Of each journey the first time on each channel counts, from an event to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChannelWait {
    /// How many times were measured on this channel.
    pub n: u64,
    /// Their median.
    pub median_seconds: f64,
    /// How many times were measured on the other channels.
    pub rest_n: u64,
    /// Their median.
    pub rest_median_seconds: f64,
    /// Of all pairs of a time on this channel and one on another, the share in which this one is longer; `None` where all
    /// times are the same.
    pub slower: Option<f64>,
    /// Two-sided p-value of the Mann-Whitney test; `None` where all times are the same.
    pub p_value: Option<f64>,
    /// The p-value, adjusted by Benjamini and Hochberg for the number of channels tested.
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate; `None` where there is no test.
    pub significant: Option<bool>,
}

/// What is counted on each channel, by its code.
pub(super) struct Channels {
    counts: Vec<Counts>,
    journeys: u64,
}

#[derive(Default)]
struct Counts {
    events: u64,
    journeys: u64,
    finished: u64,
    exits: u64,
    /// The first time of each journey from an event on it to the next.
    waits: Vec<i64>,
    /// The number of the last journey that was counted here, and of the last whose time was.
    last: u64,
    last_wait: u64,
}

impl Channels {
    pub(super) fn new(names: &LogNames) -> Self {
        Self { counts: names.channels.iter().map(|_| Counts::default()).collect(), journeys: 0 }
    }

    pub(super) fn journey(&mut self, steps: &[Step], ending: Ending) {
        self.journeys += 1;
        for step in steps {
            let Some(counts) = self.counts.get_mut(step.channel as usize) else { continue };
            counts.events += 1;
            if counts.last != self.journeys {
                counts.last = self.journeys;
                counts.journeys += 1;
                counts.finished += u64::from(!ending.open);
            }
        }
        for (step, next) in steps.iter().zip(steps.iter().skip(1)) {
            let Some(counts) = self.counts.get_mut(step.channel as usize) else { continue };
            if counts.last_wait != self.journeys {
                counts.last_wait = self.journeys;
                counts.waits.extend(next.micros.zip(step.micros).map(|(next, this)| next - this));
            }
        }
        if let Some(counts) = steps.last().and_then(|last| self.counts.get_mut(last.channel as usize)) {
            counts.exits += u64::from(!ending.open);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        for (counts, more) in self.counts.iter_mut().zip(other.counts) {
            counts.events += more.events;
            counts.journeys += more.journeys;
            counts.finished += more.finished;
            counts.exits += more.exits;
            counts.waits.extend(more.waits);
            // The numbers of journeys to come are above both.
            (counts.last, counts.last_wait) = (0, 0);
        }
    }

    /// How many events each channel has that has any.
    pub(super) fn events(&self) -> Vec<u64> {
        self.counts.iter().map(|counts| counts.events).filter(|events| *events > 0).collect()
    }

    /// A row for each channel with events and for each named in the options, most events first, ties by name.
    pub(super) fn rows(
        &self,
        names: &LogNames,
        ways: &PairCounts,
        phases: Option<&PairCounts>,
        options: &ChannelSwitchingOptions,
    ) -> Vec<ChannelUse> {
        let all = self.counts.iter().map(|counts| counts.events).sum();
        let share = |n, of| Share::new(n, of, options.confidence);
        let (ways, phases) = (ways.stays(), phases.map(PairCounts::stays));
        let locked_in = |stays: &FxHashMap<u32, (u64, u64)>, code| {
            let (n, of) = stays.get(&code).copied().unwrap_or_default();
            share(n, of)
        };
        let used = (0..).zip(&self.counts).filter(|(_, counts)| counts.events > 0);
        let mut listed: BTreeSet<&str> = inserted(used.map(|(code, _)| names.channels.name(code)));
        listed.extend(options.channels.iter().map(String::as_str));
        let nothing = Counts::default();
        let mut rows = map_each(listed.into_iter().collect(), |name| {
            let code = names.channels.code(name).unwrap_or(NONE);
            let counts = self.counts.get(code as usize).unwrap_or(&nothing);
            let unused = stats::ratio(counts.events, all).is_none_or(|part| part <= 0.0 || part < options.min_share);
            ChannelUse {
                channel: name.to_owned(),
                events: share(counts.events, all),
                journeys: share(counts.journeys, self.journeys),
                lock_in: locked_in(&ways, code),
                phase_lock_in: phases.as_ref().map(|phases| locked_in(phases, code)),
                exits: share(counts.exits, counts.finished),
                wait: if unused { None } else { self.wait(code) },
                unused,
                overloaded: None,
            }
        });
        judge(&mut rows, options.false_discovery_rate);
        rows.sort_rows_by(|a, b| b.events.n.cmp(&a.events.n).then_with(|| a.channel.cmp(&b.channel)));
        rows
    }

    fn wait(&self, channel: u32) -> Option<ChannelWait> {
        let mut mine = self.counts.get(channel as usize)?.waits.clone();
        let others = (0..).zip(&self.counts).filter(|(code, _)| *code != channel);
        let mut rest: Vec<i64> = others.flat_map(|(_, counts)| counts.waits.iter().copied()).collect();
        let seconds = |micros: &[i64]| micros.iter().map(|m| stats::seconds((*m).into())).collect::<Vec<f64>>();
        let test = mann_whitney(&seconds(&mine), &seconds(&rest));
        let (n, rest_n) = (mine.len() as u64, rest.len() as u64);
        Some(ChannelWait {
            n,
            median_seconds: stats::median_seconds(&mut mine)?,
            rest_n,
            rest_median_seconds: stats::median_seconds(&mut rest)?,
            slower: test.map(|test| test.u / stats::float(n) / stats::float(rest_n)),
            p_value: test.map(|test| test.p_value),
            p_adjusted: None,
            significant: None,
        })
    }
}

fn judge(rows: &mut [ChannelUse], false_discovery_rate: f64) {
    let p_values: Vec<Option<f64>> = rows.iter().map(|row| row.wait.as_ref()?.p_value).collect();
    for (row, verdict) in rows.iter_mut().zip(stats::judge(&p_values, false_discovery_rate)) {
        if let Some(wait) = &mut row.wait {
            wait.p_adjusted = verdict.p_adjusted;
            wait.significant = verdict.significant;
            row.overloaded = wait.significant.zip(wait.slower).map(|(significant, slower)| significant && slower > 0.5);
        }
    }
}
