//! T4: a funnel by the channel of its first step and the segment of the customer.
//!
//! `funnel` counts groups of journeys by one attribute; here the group is a pair, and one half of it belongs to the event at
//! which the funnel is entered.

use std::collections::BTreeMap;

use journey_core::{Fold, Journey, LogNames};

/// The channel, the segment, and how many reached each step.
pub(crate) type SegmentCounts = Vec<(String, String, [u64; 5])>;

/// Counts journeys by how far they get from their first event at the first step, within a window from there.
pub(crate) struct SegmentedFunnel {
    steps: [Option<u32>; 5],
    window: i64,
    /// For each channel, by segment: how many reached each step.
    reached: Vec<BTreeMap<String, [u64; 5]>>,
}

impl SegmentedFunnel {
    pub(crate) fn new(steps: [Option<u32>; 5], window: i64) -> Self {
        Self { steps, window, reached: Vec::new() }
    }

    fn count(&mut self, channel: u32, segment: &str, reached: usize) {
        let place = channel as usize;
        if self.reached.len() <= place {
            self.reached.resize_with(place + 1, BTreeMap::new);
        }
        let Some(segments) = self.reached.get_mut(place) else { return };
        let counts = match segments.get_mut(segment) {
            Some(counts) => counts,
            None => segments.entry(segment.to_owned()).or_default(),
        };
        counts.iter_mut().take(reached).for_each(|count| *count += 1);
    }
}

impl Fold for SegmentedFunnel {
    type Report = SegmentCounts;

    fn journey(&mut self, journey: Journey<'_>) {
        let [first, later @ ..] = self.steps;
        let Some(entry) = journey.touchpoints().iter().position(|code| Some(*code) == first) else { return };
        let mut events = journey.touchpoints().iter().zip(journey.times().unwrap_or_default()).skip(entry);
        let Some((_, began)) = events.next() else { return };
        let mut events = events.take_while(|(_, time)| *time - began <= self.window);
        let reached = later.iter().take_while(|step| events.any(|(code, _)| Some(*code) == **step)).count() + 1;
        let channel = journey.channels().nth(entry).flatten();
        let segment = journey.attribute("segment").and_then(|mut values| values.nth(entry).flatten());
        if let Some((channel, segment)) = channel.zip(segment) {
            self.count(channel, segment, reached);
        }
    }

    fn merge(&mut self, other: Self) {
        for (channel, segments) in (0..).zip(other.reached) {
            for (segment, counts) in segments {
                self.count(channel, &segment, 0);
                let mine = self.reached.get_mut(channel as usize).and_then(|segments| segments.get_mut(&segment));
                for (count, more) in mine.into_iter().flatten().zip(counts) {
                    *count += more;
                }
            }
        }
    }

    fn finish(self, names: &LogNames) -> SegmentCounts {
        let channels = (0..).zip(self.reached);
        let rows = channels.flat_map(|(channel, segments)| {
            let channel = names.channels.name(channel);
            segments.into_iter().map(|(segment, counts)| (channel.to_owned(), segment, counts))
        });
        rows.collect()
    }
}
