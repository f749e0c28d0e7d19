//! What a log holds: the first question to ask of any data.

use serde::{Deserialize, Serialize};

use super::stats::{self, TimeStats};
use super::visits::{TouchpointCount, Visits};
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::sorting::SortRows;
use crate::time::Timestamp;

/// Options for [`summary`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct SummaryOptions {
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for SummaryOptions {
    fn default() -> Self {
        Self { confidence: stats::CONFIDENCE }
    }
}

/// What a log holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Summary {
    /// Events in the log.
    pub events: u64,
    /// Journeys in the log.
    pub journeys: u64,
    /// Journeys of a single event.
    pub single_event_journeys: u64,
    /// Mean number of events per journey.
    pub events_per_journey: Option<f64>,
    /// When the first event began, RFC 3339 in UTC; its time if no start is known. `None` if the log has no events or no
    /// times.
    pub first: Option<String>,
    /// Time of the last event, RFC 3339 in UTC; `None` as `first`.
    pub last: Option<String>,
    /// Throughput time: from the first event of a journey to its last; `None` as `first`.
    pub throughput: Option<TimeStats>,
    /// Events that have the same time as the one before them in their journey; their order is that of the input. `None`
    /// if the log has no times: then all of it is.
    pub tied_events: Option<u64>,
    /// Events with an experience score.
    pub scored_events: u64,
    /// Events per touchpoint, most first, ties by name.
    pub touchpoints: Vec<TouchpointCount>,
    /// Events per channel, most first, ties by name; without those that name no channel.
    pub channels: Vec<ChannelCount>,
    /// Names of the attributes that events carry.
    pub attributes: Vec<String>,
    /// Of a report that a [`State`](crate::State) gives: how far its quantiles may be off, as a share of each; they are exact if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantile_error: Option<f64>,
}

/// How much happened on a channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChannelCount {
    /// The channel.
    pub channel: String,
    /// Events on it.
    pub events: u64,
}

/// Says what a log holds: how much, of what, from when to when, how long journeys take.
///
/// ```
/// use journey_core::{Event, EventLog, SummaryOptions, summary};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let holds = summary(&log, &SummaryOptions::default())?;
/// assert_eq!((holds.journeys, holds.events), (1, 2));
/// assert_eq!(holds.throughput.unwrap().median_seconds, 300.0);
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(events + touchpoints log touchpoints).
pub fn summary(log: &EventLog, options: &SummaryOptions) -> Result<Summary> {
    stats::check_confidence(options.confidence)?;
    Ok(fold(log, || SummaryFold::new(log, options)))
}

pub(super) struct SummaryFold {
    confidence: f64,
    held: Held,
}

/// What journeys hold; their throughput times are kept one by one.
pub(crate) struct Held {
    pub(crate) visits: Visits,
    /// Events on each channel, by its code.
    pub(crate) channels: Vec<u64>,
    /// The throughput time of each journey; of none if the log has no times.
    pub(crate) durations: Vec<i64>,
    /// When the first event began, and the time of the last.
    pub(crate) span: Option<(i64, i64)>,
    pub(crate) journeys: u64,
    pub(crate) events: u64,
    pub(crate) single: u64,
    /// Events at the same time as the one before; `None` if the log has no times.
    pub(crate) tied: Option<u64>,
    pub(crate) scored: u64,
}

impl SummaryFold {
    pub(super) fn new(log: &EventLog, options: &SummaryOptions) -> Self {
        Self { confidence: options.confidence, held: Held::new(log) }
    }
}

impl Held {
    pub(crate) fn new(log: &EventLog) -> Self {
        let names = log.names();
        Self {
            visits: Visits::new(names),
            channels: vec![0; names.channels.len()],
            durations: Vec::new(),
            span: None,
            journeys: 0,
            events: 0,
            single: 0,
            tied: log.has_times().then_some(0),
            scored: 0,
        }
    }

    pub(crate) fn journey(&mut self, journey: Journey<'_>) {
        self.visits.journey(journey);
        self.journeys += 1;
        self.events += journey.len() as u64;
        self.single += u64::from(journey.len() == 1);
        self.durations.extend(journey.throughput());
        let times = journey.times().unwrap_or_default();
        if let Some(span) = journey.began().zip(times.last().copied()) {
            self.span = Some(joined(self.span, span));
        }
        if let Some(tied) = &mut self.tied {
            *tied += times.windows(2).filter(|pair| matches!(pair, [a, b] if a == b)).count() as u64;
        }
        self.scored += journey.scores().flatten().count() as u64;
        for channel in journey.channels().flatten() {
            if let Some(count) = self.channels.get_mut(channel as usize) {
                *count += 1;
            }
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.visits.merge(&other.visits);
        self.durations.extend(other.durations);
        if let Some(span) = other.span {
            self.span = Some(joined(self.span, span));
        }
        self.journeys += other.journeys;
        self.events += other.events;
        self.single += other.single;
        self.tied = self.tied.zip(other.tied).map(|(tied, more)| tied + more);
        self.scored += other.scored;
        for (count, more) in self.channels.iter_mut().zip(other.channels) {
            *count += more;
        }
    }

    /// The report, with these throughput times.
    pub(crate) fn report(self, throughput: Option<TimeStats>, names: &LogNames) -> Summary {
        let journeys = self.journeys;
        let time = |micros| Timestamp::from_micros(micros).ok().map(|time| time.to_string());
        let mut channels: Vec<_> = names
            .channels
            .iter()
            .zip(self.channels)
            .filter(|(_, events)| *events > 0)
            .map(|(channel, events)| ChannelCount { channel: channel.to_owned(), events })
            .collect();
        channels.sort_rows_by_key(|row| std::cmp::Reverse(row.events));
        Summary {
            events: self.events,
            journeys,
            single_event_journeys: self.single,
            events_per_journey: stats::ratio(self.events, journeys),
            first: self.span.and_then(|span| time(span.0)),
            last: self.span.and_then(|span| time(span.1)),
            throughput,
            tied_events: self.tied,
            scored_events: self.scored,
            touchpoints: self.visits.rows(names),
            channels,
            attributes: names.attributes.iter().map(|(name, _)| name.clone()).collect(),
            quantile_error: None,
        }
    }
}

impl Fold for SummaryFold {
    type Report = Summary;

    fn journey(&mut self, journey: Journey<'_>) {
        self.held.journey(journey);
    }

    fn merge(&mut self, other: Self) {
        self.held.merge(other.held);
    }

    fn finish(mut self, names: &LogNames) -> Summary {
        let throughput = stats::time_stats(&mut self.held.durations, self.confidence);
        self.held.report(throughput, names)
    }
}

fn joined(span: Option<(i64, i64)>, other: (i64, i64)) -> (i64, i64) {
    span.map_or(other, |span| (span.0.min(other.0), span.1.max(other.1)))
}
