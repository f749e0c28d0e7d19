//! How long it usually takes from any touchpoint to any later one, and which journeys deviate from that.
//!
//! Definition (Stertz, Mangler and Rinderle-Ma 2020, *Temporal Conformance Checking at Runtime based on Time-infused Process
//! Models*, arXiv:2008.07262): for every ordered pair of touchpoints the mean and the sample standard deviation of the time
//! from the completion of an event at the first to the start of any later event at the second, in the same journey. A time
//! deviates if it lies more than `zeta` standard deviations from the mean of its pair.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::stats::{self, Share, check_option, float, seconds, t_quantile};
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::sorting::SortRows;
use crate::threads::sort;

/// Options for [`temporal_profile`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct TemporalProfileOptions {
    /// By how many standard deviations a time must lie away from its mean to deviate; above 0.
    pub zeta: f64,
    /// The most events from one of a pair to the other: 1 measures neighbours alone. All pairs if `None`, which takes time
    /// that grows with the square of the longest journey.
    pub max_distance: Option<u64>,
    /// The most rows each list shows; all if `None`.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for TemporalProfileOptions {
    fn default() -> Self {
        Self { zeta: 3.0, max_distance: Some(100), limit: Some(100), confidence: stats::CONFIDENCE }
    }
}

/// How long it usually takes from any touchpoint to any later one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TemporalProfile {
    /// Journeys in the log.
    pub journeys: u64,
    /// By how many standard deviations a time must lie away from its mean to deviate.
    pub zeta: f64,
    /// The most events from one of a pair to the other.
    pub max_distance: Option<u64>,
    /// Pairs of events that were measured.
    pub measured: u64,
    /// Pairs that were not, because the later event began before the earlier one was complete.
    pub overlapping: u64,
    /// Pairs that were not, because they lie more than `max_distance` events apart.
    pub too_far_apart: u64,
    /// Times that deviate.
    pub deviations: u64,
    /// Of all journeys, those in which a time deviates.
    pub deviating: Share,
    /// A row for each pair of touchpoints, most times first, ties by name.
    pub pairs: Vec<TemporalPair>,
    /// Pairs that the limit cut off.
    pub pairs_left_out: u64,
    /// Journeys in which a time deviates, the largest deviation first, ties by the name of the journey.
    pub deviating_journeys: Vec<DeviatingJourney>,
    /// Journeys that the limit cut off.
    pub deviating_journeys_left_out: u64,
}

/// How long it takes from one touchpoint to another, whatever lies between.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TemporalPair {
    /// The earlier touchpoint.
    pub source: String,
    /// The later touchpoint.
    pub target: String,
    /// How many times were measured.
    pub n: u64,
    /// Their mean.
    pub mean_seconds: f64,
    /// Lower end of the interval of the mean; `None` where `n` is 1.
    pub mean_low_seconds: Option<f64>,
    /// Upper end of the interval of the mean; `None` where `n` is 1.
    pub mean_high_seconds: Option<f64>,
    /// Their sample standard deviation; `None` where `n` is 1.
    pub standard_deviation_seconds: Option<f64>,
    /// Of these times, those that deviate.
    pub deviations: Share,
}

/// A journey in which a time deviates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DeviatingJourney {
    /// The id of the journey.
    pub journey: String,
    /// How many of its times deviate.
    pub deviations: u64,
    /// The earlier touchpoint of the largest deviation; of equal ones that of the earliest events.
    pub source: String,
    /// Its later touchpoint.
    pub target: String,
    /// How long it took there.
    pub seconds: f64,
    /// How long it takes there on average.
    pub mean_seconds: f64,
    /// By how many standard deviations it took longer; below 0 where it was faster.
    pub z: f64,
}

/// Measures how long it takes from any touchpoint to any later one, and finds the journeys that deviate.
///
/// A time deviates if it lies more than `zeta` sample standard deviations from the mean of its pair. The profile is that of
/// the same log, deviations included: of `n` times none can lie more than `(n - 1) / sqrt n` deviations away, so with the
/// default of 3 only pairs with at least 11 times can deviate.
///
/// ```
/// use journey_core::{Event, EventLog, TemporalProfileOptions, temporal_profile};
///
/// let mut log = EventLog::builder();
/// for (journey, minute) in [("ann", 10), ("bob", 10), ("eve", 10), ("max", 59)] {
///     log = log.event(Event::new(journey, "order", "2024-03-13T10:00:00Z".parse()?));
///     log = log.event(Event::new(journey, "ship", format!("2024-03-13T10:{minute}:00Z").parse()?));
/// }
/// let options = TemporalProfileOptions { zeta: 1.0, ..Default::default() };
/// let profile = temporal_profile(&log.build()?, &options)?;
/// assert_eq!(profile.pairs[0].mean_seconds, 1335.0);
/// assert_eq!(profile.deviating_journeys[0].journey, "max");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, or the log has no times.
///
/// # Complexity
/// O(events * distance), where the distance is `max_distance` or the length of the longest journey; memory for each pair of
/// touchpoints and each journey that deviates.
pub fn temporal_profile(log: &EventLog, options: &TemporalProfileOptions) -> Result<TemporalProfile> {
    stats::check_confidence(options.confidence)?;
    log.needs_times("log")?;
    let zeta = options.zeta;
    check_option("zeta", zeta, zeta > 0.0 && zeta.is_finite(), "a number above 0")?;
    let distance = options.max_distance.unwrap_or(u64::MAX);
    check_option("max_distance", float(distance), distance > 0, "a whole number of at least 1, or none")?;
    let usual = fold(log, || UsualTimesFold::new(distance));
    Ok(fold(log, || DeviationsFold::new(&usual, options)))
}

/// Pairs of events in a journey that are measured: the codes of their touchpoints, and microseconds from one to the other.
///
/// Returns how many overlap, and how many are too far apart.
fn each_pair(
    journey: Journey<'_>,
    distance: u64,
    begins: &mut Vec<i64>,
    mut pair: impl FnMut((u32, u32), u64),
) -> (u64, u64) {
    begins.clear();
    let (touchpoints, times) = (journey.touchpoints(), journey.times().unwrap_or_default());
    begins.extend(journey.starts().zip(times).map(|(start, time)| start.unwrap_or(*time)));
    let distance = usize::try_from(distance).unwrap_or(usize::MAX);
    let (mut overlapping, mut near) = (0, 0);
    for (place, (from, end)) in touchpoints.iter().zip(times).enumerate() {
        // Slices, since skipping over a zip may go through all that it skips.
        let (after, begins) = (touchpoints.get(place + 1..), begins.get(place + 1..));
        let after = after.unwrap_or_default().iter().zip(begins.unwrap_or_default());
        for (to, begin) in after.take(distance) {
            near += 1;
            match u64::try_from(begin - end) {
                Ok(micros) => pair((*from, *to), micros),
                Err(_) => overlapping += 1,
            }
        }
    }
    let events = journey.len() as u64;
    (overlapping, events * (events - 1) / 2 - near)
}

/// How long it usually takes, by pairs of touchpoints.
#[cfg_attr(test, derive(serde::Serialize))]
pub(super) struct UsualTimes {
    pairs: Vec<((u32, u32), Moments)>,
    overlapping: u64,
    too_far_apart: u64,
}

pub(super) struct UsualTimesFold {
    distance: u64,
    pairs: FxHashMap<(u32, u32), Moments>,
    overlapping: u64,
    too_far_apart: u64,
    begins: Vec<i64>,
}

impl UsualTimesFold {
    pub(super) fn new(distance: u64) -> Self {
        Self { distance, pairs: FxHashMap::default(), overlapping: 0, too_far_apart: 0, begins: Vec::new() }
    }
}

impl Fold for UsualTimesFold {
    type Report = UsualTimes;

    fn journey(&mut self, journey: Journey<'_>) {
        let pairs = &mut self.pairs;
        let (overlapping, too_far_apart) = each_pair(journey, self.distance, &mut self.begins, |pair, micros| {
            pairs.entry(pair).or_default().add(micros);
        });
        self.overlapping += overlapping;
        self.too_far_apart += too_far_apart;
    }

    fn merge(&mut self, other: Self) {
        #[expect(clippy::iter_over_hash_type, reason = "whole numbers are added up, in any order")]
        for (pair, moments) in &other.pairs {
            self.pairs.entry(*pair).or_default().merge(moments);
        }
        self.overlapping += other.overlapping;
        self.too_far_apart += other.too_far_apart;
    }

    fn finish(self, _: &LogNames) -> UsualTimes {
        let mut pairs: Vec<_> = self.pairs.into_iter().collect();
        pairs.sort_rows_by_key(|(pair, _)| *pair);
        UsualTimes { pairs, overlapping: self.overlapping, too_far_apart: self.too_far_apart }
    }
}

/// What is usual between two touchpoints, in seconds.
struct Usual {
    moments: Moments,
    mean: f64,
    deviation: Option<f64>,
    /// Times that deviate.
    deviations: u64,
}

/// The largest deviation of a journey.
struct Worst {
    journey: u32,
    deviations: u64,
    pair: (u32, u32),
    seconds: f64,
    mean: f64,
    z: f64,
}

pub(super) struct DeviationsFold<'a> {
    options: &'a TemporalProfileOptions,
    usual: &'a UsualTimes,
    journeys: u64,
    pairs: FxHashMap<(u32, u32), Usual>,
    worst: Vec<Worst>,
    begins: Vec<i64>,
}

impl<'a> DeviationsFold<'a> {
    pub(super) fn new(usual: &'a UsualTimes, options: &'a TemporalProfileOptions) -> Self {
        let pairs = usual.pairs.iter().map(|(pair, moments)| {
            let mean = moments.mean().unwrap_or_default();
            (*pair, Usual { moments: *moments, mean, deviation: moments.deviation(), deviations: 0 })
        });
        Self { options, usual, journeys: 0, pairs: pairs.collect(), worst: Vec::new(), begins: Vec::new() }
    }
}

impl Fold for DeviationsFold<'_> {
    type Report = TemporalProfile;

    fn journey(&mut self, journey: Journey<'_>) {
        self.journeys += 1;
        let mut worst: Option<Worst> = None;
        let (zeta, pairs) = (self.options.zeta, &mut self.pairs);
        each_pair(journey, self.options.max_distance.unwrap_or(u64::MAX), &mut self.begins, |pair, micros| {
            let Some(usual) = pairs.get_mut(&pair) else { return };
            let Some(deviation) = usual.deviation.filter(|deviation| *deviation > 0.0) else { return };
            let seconds = seconds(micros.into());
            let z = (seconds - usual.mean) / deviation;
            if z.abs() <= zeta {
                return;
            }
            usual.deviations += 1;
            let deviations = worst.as_ref().map_or(1, |worst| worst.deviations + 1);
            match &mut worst {
                Some(worst) if z.abs() <= worst.z.abs() => worst.deviations = deviations,
                worst => {
                    *worst = Some(Worst { journey: journey.id_code(), deviations, pair, seconds, mean: usual.mean, z });
                }
            }
        });
        self.worst.extend(worst);
    }

    fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        #[expect(clippy::iter_over_hash_type, reason = "whole numbers are added up, in any order")]
        for (pair, usual) in other.pairs {
            self.pairs.get_mut(&pair).into_iter().for_each(|mine| mine.deviations += usual.deviations);
        }
        self.worst.extend(other.worst);
    }

    fn finish(self, names: &LogNames) -> TemporalProfile {
        let TemporalProfileOptions { zeta, max_distance, limit, confidence } = *self.options;
        let name = |code: u32| names.touchpoints.name(code).to_owned();
        let mut pairs: Vec<((u32, u32), Usual)> = self.pairs.into_iter().collect();
        pairs.sort_rows_by_key(|(pair, usual)| (std::cmp::Reverse(usual.moments.n), *pair));
        let measured = pairs.iter().map(|(_, usual)| usual.moments.n).sum();
        let pairs_left_out = super::cut(&mut pairs, limit);
        let pairs = pairs.into_iter().map(|((from, to), usual)| {
            let (n, mean) = (usual.moments.n, usual.mean);
            let half = |deviation: f64| t_quantile(confidence, float(n - 1)) * deviation / float(n).sqrt();
            let half = usual.deviation.map(half);
            TemporalPair {
                source: name(from),
                target: name(to),
                n,
                mean_seconds: mean,
                mean_low_seconds: half.map(|half| mean - half),
                mean_high_seconds: half.map(|half| mean + half),
                standard_deviation_seconds: usual.deviation,
                deviations: Share::new(usual.deviations, n, confidence),
            }
        });
        let pairs = pairs.collect();

        let mut worst = self.worst;
        let (deviating, deviations) = (worst.len() as u64, worst.iter().map(|worst| worst.deviations).sum());
        let journey = |worst: &Worst| names.journeys.name(worst.journey);
        sort(&mut worst, |a, b| b.z.abs().total_cmp(&a.z.abs()).then_with(|| journey(a).cmp(journey(b))));
        let deviating_journeys_left_out = super::cut(&mut worst, limit);
        let deviating_journeys = worst.into_iter().map(|worst| DeviatingJourney {
            journey: journey(&worst).to_owned(),
            deviations: worst.deviations,
            source: name(worst.pair.0),
            target: name(worst.pair.1),
            seconds: worst.seconds,
            mean_seconds: worst.mean,
            z: worst.z,
        });
        TemporalProfile {
            journeys: self.journeys,
            zeta,
            max_distance,
            measured,
            overlapping: self.usual.overlapping,
            too_far_apart: self.usual.too_far_apart,
            deviations,
            deviating: Share::new(deviating, self.journeys, confidence),
            pairs,
            pairs_left_out,
            deviating_journeys: deviating_journeys.collect(),
            deviating_journeys_left_out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    fn log(times: &[(&str, &str, i64)]) -> EventLog {
        let mut builder = EventLog::builder();
        for (journey, touchpoint, seconds) in times {
            let time = Timestamp::from_micros(seconds * 1_000_000).unwrap();
            builder = builder.event(Event::new(journey, touchpoint, time));
        }
        builder.build().unwrap()
    }

    #[test]
    fn every_later_event_is_measured_and_the_journey_that_deviates_is_named() {
        let log = log(&[("j", "a", 0), ("j", "b", 0), ("k", "a", 0), ("k", "b", 0), ("l", "a", 0), ("l", "b", 0)]
            .into_iter()
            .chain([("late", "a", 0), ("late", "b", 80)])
            .collect::<Vec<_>>());
        let profile = temporal_profile(&log, &TemporalProfileOptions { zeta: 1.4, ..Default::default() }).unwrap();
        let pair = &profile.pairs[0];
        assert_eq!((pair.mean_seconds, pair.standard_deviation_seconds), (20.0, Some(40.0)));
        let worst = &profile.deviating_journeys[0];
        assert_eq!((worst.journey.as_str(), worst.z, profile.deviating.n), ("late", 1.5, 1));
        let profile = temporal_profile(&log, &TemporalProfileOptions { zeta: 1.5, ..Default::default() }).unwrap();
        assert_eq!(profile.deviations, 0, "zeta itself is no deviation");
    }

    #[test]
    fn a_journey_without_end_is_measured_as_far_as_the_distance_goes() {
        let events: Vec<_> = (0..100_000).map(|second| ("j", "a", second)).collect();
        let options = TemporalProfileOptions { max_distance: Some(10), ..Default::default() };
        let profile = temporal_profile(&log(&events), &options).unwrap();
        assert_eq!(profile.measured, 100_000 * 10 - 55);
        assert_eq!(profile.measured + profile.too_far_apart, 100_000 * 99_999 / 2);
    }
}
