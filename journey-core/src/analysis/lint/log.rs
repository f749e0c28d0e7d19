//! The map against a log: what is on one and not in the other, and where customers have too much to choose from.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Context, Found};
use crate::analysis::stats::{self, Share};
use crate::error::shorten;
use crate::log::{Fold, Journey, LogNames};
use crate::sorting::SortRows;

/// What the rules need of a log.
#[derive(Debug, Serialize)]
pub(in crate::analysis) struct Facts {
    /// Events at each touchpoint, by its name.
    steps: BTreeMap<String, Step>,
    /// Events on each channel, by its name.
    channels: BTreeMap<String, u64>,
    /// Half of the times from an event to the next were at most this long.
    median_seconds: Option<f64>,
}

/// What happened at a touchpoint.
#[derive(Debug, Serialize)]
struct Step {
    events: u64,
    /// Journeys that ended here.
    ends: u64,
    /// Events on each channel.
    channels: Vec<u64>,
    /// Half of the times from an event here to the next were at most this long.
    median_seconds: Option<f64>,
}

#[derive(Clone, Default)]
struct Counts {
    events: u64,
    ends: u64,
    channels: BTreeMap<u32, u64>,
    /// Microseconds from an event here to the next, in no order.
    dwells: Vec<i64>,
}

pub(in crate::analysis) struct LintFold {
    counts: Vec<Counts>,
}

impl LintFold {
    pub(in crate::analysis) fn new(names: &LogNames) -> Self {
        Self { counts: vec![Counts::default(); names.touchpoints.len()] }
    }
}

impl Fold for LintFold {
    type Report = Facts;

    fn journey(&mut self, journey: Journey<'_>) {
        let (touchpoints, times) = (journey.touchpoints(), journey.times().unwrap_or_default());
        for (place, (touchpoint, channel)) in touchpoints.iter().zip(journey.channels()).enumerate() {
            let Some(counts) = self.counts.get_mut(*touchpoint as usize) else { continue };
            counts.events += 1;
            if let Some(channel) = channel {
                *counts.channels.entry(channel).or_default() += 1;
            }
            counts.ends += u64::from(place + 1 == touchpoints.len());
            if let (Some(this), Some(next)) = (times.get(place), times.get(place + 1)) {
                counts.dwells.push(next - this);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (counts, more) in self.counts.iter_mut().zip(other.counts) {
            counts.events += more.events;
            counts.ends += more.ends;
            counts.dwells.extend(more.dwells);
            for (channel, events) in more.channels {
                *counts.channels.entry(channel).or_default() += events;
            }
        }
    }

    fn finish(mut self, names: &LogNames) -> Facts {
        let mut all: Vec<i64> = self.counts.iter().flat_map(|counts| counts.dwells.iter().copied()).collect();
        let mut channels: BTreeMap<String, u64> = BTreeMap::new();
        let mut steps = BTreeMap::new();
        for (code, counts) in (0..).zip(&mut self.counts).filter(|(_, counts)| counts.events > 0) {
            for (channel, events) in &counts.channels {
                *channels.entry(names.channels.name(*channel).to_owned()).or_default() += events;
            }
            let step = Step {
                events: counts.events,
                ends: counts.ends,
                channels: counts.channels.values().copied().collect(),
                median_seconds: stats::median_seconds(&mut counts.dwells),
            };
            steps.insert(names.touchpoints.name(code).to_owned(), step);
        }
        Facts { steps, channels, median_seconds: stats::median_seconds(&mut all) }
    }
}

pub(super) fn unused_channel(context: &Context<'_>) -> Vec<Found> {
    let Some(facts) = &context.facts else { return Vec::new() };
    let all: u64 = facts.channels.values().sum();
    let mut found = Vec::new();
    for (i, channel) in context.map.channels().iter().enumerate() {
        let events = facts.channels.get(&channel.id).copied().unwrap_or_default();
        if stats::ratio(events, all).is_some_and(|share| share < context.options.min_channel_share) {
            let message = format!("{events} of {all} events are on the channel `{}`", shorten(&channel.id));
            found.push(Found::at(format!("channels[{i}]"), message));
        }
    }
    found
}

pub(super) fn unmapped_events(context: &Context<'_>) -> Vec<Found> {
    const SHOWN: usize = 5;
    let Some(facts) = &context.facts else { return Vec::new() };
    let all: u64 = facts.steps.values().map(|step| step.events).sum();
    let mut unmapped: Vec<(&String, u64)> = facts
        .steps
        .iter()
        .map(|(name, step)| (name, step.events))
        .filter(|(name, _)| context.map.node(name).is_none())
        .collect();
    if unmapped.is_empty() {
        return Vec::new();
    }
    unmapped.sort_rows_by_key(|(_, events)| std::cmp::Reverse(*events));
    let events: u64 = unmapped.iter().map(|(_, events)| events).sum();
    let shown: Vec<String> =
        unmapped.iter().take(SHOWN).map(|(name, events)| format!("`{}` ({events})", shorten(name))).collect();
    let more = match unmapped.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message =
        format!("{events} of {all} events are at touchpoints that the map does not have: {}{more}", shown.join(", "));
    vec![Found::at("touchpoints", message)]
}

pub(super) fn never_visited(context: &Context<'_>) -> Vec<Found> {
    let Some(facts) = &context.facts else { return Vec::new() };
    // Where the company is not, no log can be.
    let expected = context.touchpoints.iter().filter(|(_, touchpoint)| touchpoint.channel.is_some());
    expected
        .filter(|(_, touchpoint)| !facts.steps.contains_key(&touchpoint.id))
        .map(|(i, touchpoint)| {
            Found::at(format!("touchpoints[{i}]"), format!("no event is at `{}`", shorten(&touchpoint.id)))
        })
        .collect()
}

pub(super) fn match_conflict(context: &Context<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for conflict in &context.conflicts {
        let (Some((_, winner)), Some((place, other))) =
            (context.touchpoints.get(conflict.winner), context.touchpoints.get(conflict.other))
        else {
            continue;
        };
        let (events, winner, other) = (conflict.events(), shorten(&winner.id), shorten(&other.id));
        let message =
            format!("{events} events that `{other}` would match are `{winner}`, which comes first on the map");
        found.push(Found::at(format!("touchpoints[{place}].matches"), message));
    }
    found
}

pub(super) fn choice_overload(context: &Context<'_>) -> Vec<Found> {
    let (Some(facts), options) = (&context.facts, context.options) else { return Vec::new() };
    let sum = |of: fn(&Step) -> u64| facts.steps.values().map(of).sum::<u64>();
    let exits = stats::ratio(sum(|step| step.ends), sum(|step| step.events));
    let mut found = Vec::new();
    for (i, touchpoint) in &context.touchpoints {
        let Some(step) = facts.steps.get(&touchpoint.id) else { continue };
        let on_channels: u64 = step.channels.iter().sum();
        let rare = |events: &&u64| stats::ratio(**events, on_channels).is_some_and(|s| s < options.rare_channel_share);
        let rare = step.channels.iter().filter(rare).count();
        let many = step.channels.len() as u64 >= options.many_channels.max(1) && 2 * rare > step.channels.len();
        let low = Share::new(step.ends, step.events, options.confidence).low;
        let often_left = low.zip(exits).is_some_and(|(low, exits)| low > exits);
        let slow =
            step.median_seconds.zip(facts.median_seconds).is_some_and(|(here, all)| here > options.long_dwell * all);
        if many && (often_left || slow) {
            let why = match (often_left, slow) {
                (true, true) => "customers leave more often and take longer than elsewhere",
                (true, false) => "customers leave more often than elsewhere",
                _ => "customers take longer than elsewhere",
            };
            let (id, channels) = (shorten(&touchpoint.id), step.channels.len());
            let message = format!("at `{id}` there are {channels} channels, {rare} of them hardly used, and {why}");
            found.push(Found::at(format!("touchpoints[{i}]"), message));
        }
    }
    found
}
