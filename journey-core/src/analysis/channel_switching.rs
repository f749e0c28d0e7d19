//! How customers move between channels, and what that costs them.
//!
//! Where `c_1 … c_n` are the channels of a journey's events, its switch rate is the share of the `n - 1` transitions whose
//! two channels differ. Lock-in, the staying on a channel, and research shopping, the looking on one and buying on another,
//! are those of Verhoef, Neslin and Vroomen (2007, *International Journal of Research in Marketing* 24); media entropy is
//! that of Klein, Zhang, Falk, Aspara and Luo (2020, *Journal of Service Management*, doi 10.1108/JOSM-11-2018-0360).
//!
//! Events without a channel are passed over, as if the log did not hold them: the channel last used is the one known last.

use serde::{Deserialize, Serialize};

use super::censoring::Censoring;
use super::channel_use::{ChannelUse, Channels};
use super::pair_counts::PairCounts;
use super::research_shopping::{self, ResearchShopping};
use super::stats::{self, Mean, Share};
use super::switch_costs::{SwitchCost, SwitchCosts};
use crate::duration::Duration;
use crate::error::{Problem, Result};
use crate::log::{EventLog, Fold, Groups, Journey, LogNames, fold};
use crate::names::NONE;

/// Options for [`channel_switching`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct ChannelSwitchingOptions {
    /// The attribute that says in which phase, or stage, an event is; lock-in is then also given between phases.
    pub phase: Option<String>,
    /// Touchpoints at which customers search; research shopping is then given, from these to `conversion`.
    pub search: Vec<String>,
    /// Touchpoints, of which a journey must reach one to convert.
    pub conversion: Vec<String>,
    /// Channels to list even if no event is on them, such as those of a map.
    pub channels: Vec<String>,
    /// A channel with a smaller share of the events than this is unused, from 0 to 1.
    pub min_share: f64,
    /// What a switch costs is computed where at least this many journeys switch and at least this many do not.
    pub min_journeys: u64,
    /// How long a journey must be silent to be finished; if not given, all are.
    pub inactive_after: Option<Duration>,
    /// The share of false findings to accept among the significant costs, and among the overloaded channels.
    pub false_discovery_rate: f64,
    /// The most rows each list shows; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for ChannelSwitchingOptions {
    fn default() -> Self {
        Self {
            phase: None,
            search: Vec::new(),
            conversion: Vec::new(),
            channels: Vec::new(),
            min_share: 0.01,
            min_journeys: 5,
            inactive_after: None,
            false_discovery_rate: 0.05,
            limit: None,
            confidence: stats::CONFIDENCE,
        }
    }
}

/// How customers move between channels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChannelSwitching {
    /// Journeys in the log.
    pub journeys: u64,
    /// Events in the log.
    pub events: u64,
    /// Events without a channel, which are passed over.
    pub events_without_channel: u64,
    /// Journeys that are not finished when observation ends; 0 if `inactive_after` is not given.
    pub open_journeys: u64,
    /// Of the journeys with a channel, those with more than one.
    pub multichannel: Share,
    /// Of all transitions from an event to the next, those that change the channel.
    pub switches: Share,
    /// The switch rate of a journey, over those with at least two events on a channel.
    pub switch_rate: Mean,
    /// How evenly customers use several channels.
    pub media_entropy: MediaEntropy,
    /// Of all changes from one phase to another, those that stay on the channel; `None` if `phase` is not given.
    pub phase_lock_in: Option<Share>,
    /// Who searches on one channel and converts on another; `None` if `search` is not given.
    pub research_shopping: Option<ResearchShopping>,
    /// A row for each channel of the log or of the option `channels`, most events first, ties by name.
    pub channels: Vec<ChannelUse>,
    /// Channels that the limit cut off.
    pub channels_left_out: u64,
    /// Which channel follows which, most frequent first, ties by name.
    pub transitions: Vec<ChannelTransition>,
    /// Rows that the limit cut off.
    pub transitions_left_out: u64,
    /// What a switch costs, for each transition between touchpoints that is taken with one and without; most journeys
    /// first, ties by name.
    pub costs: Vec<SwitchCost>,
    /// Transitions that the limit cut off.
    pub costs_left_out: u64,
    /// Transitions taken with a switch and without, but by fewer than `min_journeys` on a side.
    pub costs_too_rare: u64,
}

/// How evenly customers use several channels: `-Σ p ln p` over the shares `p` of events on each channel, in nats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MediaEntropy {
    /// Channels with an event: entropy is at most the logarithm of their number.
    pub channels: u64,
    /// The entropy of a journey, over those with a channel.
    pub journeys: Mean,
    /// The mean of `journeys` as a share of the most that is possible; `None` with fewer than two channels.
    pub journeys_normalised: Option<f64>,
    /// The entropy of all events together; `None` of none.
    pub log: Option<f64>,
    /// `log` as a share of the most that is possible; `None` with fewer than two channels.
    pub log_normalised: Option<f64>,
}

/// The way from one channel to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChannelTransition {
    /// The channel left.
    pub source: String,
    /// The channel reached, which may be the same.
    pub target: String,
    /// How often this way was taken.
    pub count: u64,
    /// Of all ways out of `source`, ends of journeys not among them, the share of this one.
    pub p_out: Share,
}

/// Finds how customers move between channels: how often, from where to where, and what it costs them.
///
/// A log without channels gives zeros and no values. The costs of a switch are told from the first time each journey
/// takes a transition, so that what is compared are journeys.
///
/// ```
/// use journey_core::{ChannelSwitchingOptions, Event, EventLog, channel_switching};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "search", "2024-03-13T10:00:00Z".parse()?).on_channel("web"))
///     .event(Event::new("ann", "look", "2024-03-13T10:05:00Z".parse()?).on_channel("web"))
///     .event(Event::new("ann", "pay", "2024-03-13T17:00:00Z".parse()?).on_channel("shop"))
///     .build()?;
/// let options = ChannelSwitchingOptions {
///     search: vec!["search".into()],
///     conversion: vec!["pay".into()],
///     ..Default::default()
/// };
/// let report = channel_switching(&log, &options)?;
/// assert_eq!(report.switches.share, Some(0.5));
/// assert_eq!(report.research_shopping.unwrap().pairs[0].conversion_channel, "shop");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, `search` is given without `conversion`, or a touchpoint or attribute is not in the
/// log (unless the log is empty).
///
/// # Complexity
/// O(events log events), and O(events) more for each channel that is not unused; memory of about 32 bytes per event.
pub fn channel_switching(log: &EventLog, options: &ChannelSwitchingOptions) -> Result<ChannelSwitching> {
    stats::check_confidence(options.confidence)?;
    stats::check_open_unit("false_discovery_rate", options.false_discovery_rate)?;
    let min_share = options.min_share;
    stats::check_option("min_share", min_share, (0.0..=1.0).contains(&min_share), "a number from 0 to 1")?;
    if !options.search.is_empty() && options.conversion.is_empty() {
        let problem = "research shopping is from a search to a conversion; name touchpoints in `conversion` too";
        return Err(Problem::Options(problem.into()).at_field("conversion"));
    }
    let phase = options.phase.as_deref().filter(|_| !log.is_empty());
    let meant = Meant {
        phase: phase.map(|phase| log.groups(phase, "phase")).transpose()?,
        search: log.touchpoints_named(&options.search, "search")?,
        conversion: log.touchpoints_named(&options.conversion, "conversion")?,
        censoring: Censoring::new(log, options.inactive_after)?,
    };
    Ok(fold(log, || ChannelSwitchingFold::new(log.names(), &meant, options)))
}

/// What the options mean in a log.
pub(super) struct Meant<'a> {
    pub(super) phase: Option<Groups<'a>>,
    pub(super) search: Vec<bool>,
    pub(super) conversion: Vec<bool>,
    pub(super) censoring: Censoring,
}

/// An event on a channel.
pub(super) struct Step {
    /// Its place among all events of the journey.
    pub(super) place: usize,
    pub(super) touchpoint: u32,
    pub(super) channel: u32,
    /// Its time, if events have times.
    pub(super) micros: Option<i64>,
    pub(super) score: Option<f64>,
}

/// How a journey ends, as far as it is known.
#[derive(Clone, Copy)]
pub(super) struct Ending {
    /// Whether the journey may still go on.
    pub(super) open: bool,
    /// The place of its last conversion among all events.
    pub(super) last_conversion: Option<usize>,
}

pub(super) struct ChannelSwitchingFold<'a> {
    options: &'a ChannelSwitchingOptions,
    meant: &'a Meant<'a>,
    journeys: u64,
    events: u64,
    open_journeys: u64,
    multichannel: u64,
    rates: Vec<f64>,
    entropies: Vec<f64>,
    ways: PairCounts,
    phases: PairCounts,
    shopping: PairCounts,
    channels: Channels,
    costs: SwitchCosts,
}

impl<'a> ChannelSwitchingFold<'a> {
    pub(super) fn new(names: &LogNames, meant: &'a Meant<'a>, options: &'a ChannelSwitchingOptions) -> Self {
        Self {
            options,
            meant,
            journeys: 0,
            events: 0,
            open_journeys: 0,
            multichannel: 0,
            rates: Vec::new(),
            entropies: Vec::new(),
            ways: PairCounts::default(),
            phases: PairCounts::default(),
            shopping: PairCounts::default(),
            channels: Channels::new(names),
            costs: SwitchCosts::default(),
        }
    }

    fn switches(&mut self, steps: &[Step]) {
        let mut switches = 0;
        for (before, after) in steps.iter().zip(steps.iter().skip(1)) {
            self.ways.add(before.channel, after.channel);
            switches += u64::from(before.channel != after.channel);
        }
        self.rates.extend(stats::ratio(switches, (steps.len() as u64).saturating_sub(1)));
        let mut channels: Vec<u32> = steps.iter().map(|step| step.channel).collect();
        channels.sort_unstable();
        let counts: Vec<u64> = channels.chunk_by(|a, b| a == b).map(|events| events.len() as u64).collect();
        self.multichannel += u64::from(counts.len() > 1);
        self.entropies.extend(entropy(counts));
    }

    /// From the last channel used in one phase to the first in the next.
    fn phase_changes(&mut self, steps: &[Step], journey: Journey<'_>) {
        let Some(phase) = self.meant.phase else { return };
        let phases = phase.values(journey);
        let phase_of = |step: &Step| phases.get(step.place).copied().unwrap_or(NONE);
        let mut last: Option<&Step> = None;
        for step in steps.iter().filter(|step| phase_of(step) != NONE) {
            if let Some(last) = last.filter(|last| phase_of(last) != phase_of(step)) {
                self.phases.add(last.channel, step.channel);
            }
            last = Some(step);
        }
    }

    fn transitions(&self, names: &LogNames) -> Vec<ChannelTransition> {
        let stays = self.ways.stays();
        let row = |(source, target, count)| ChannelTransition {
            source: names.channels.name(source).to_owned(),
            target: names.channels.name(target).to_owned(),
            count,
            p_out: Share::new(count, stays.get(&source).map_or(0, |(_, all)| *all), self.options.confidence),
        };
        self.ways.sorted().into_iter().map(row).collect()
    }

    fn media_entropy(&mut self) -> MediaEntropy {
        let counts = self.channels.events();
        let channels = counts.len() as u64;
        let most = (channels > 1).then(|| libm::log(stats::float(channels)));
        let journeys = Mean::from(&stats::score_stats(&mut self.entropies, self.options.confidence));
        let log = entropy(counts);
        let normalised = |value: Option<f64>| Some((value? / most?).min(1.0));
        MediaEntropy {
            channels,
            journeys_normalised: normalised(journeys.mean),
            journeys,
            log,
            log_normalised: normalised(log),
        }
    }
}

/// Shannon's entropy of counts above 0, in nats; `None` of none. The order of the counts does not show.
fn entropy(mut counts: Vec<u64>) -> Option<f64> {
    counts.sort_unstable();
    let all = stats::float(counts.iter().sum());
    let parts = counts.iter().map(|count| stats::float(*count)).map(|count| count / all * libm::log(all / count));
    // A sum of nothing would be -0.0.
    (!counts.is_empty()).then(|| parts.fold(0.0, |sum, part| sum + part))
}

impl Fold for ChannelSwitchingFold<'_> {
    type Report = ChannelSwitching;

    fn journey(&mut self, journey: Journey<'_>) {
        let touchpoints = journey.touchpoints();
        let is_conversion = |code: &u32| self.meant.conversion.get(*code as usize).copied().unwrap_or(false);
        let last_conversion = touchpoints.iter().rposition(is_conversion);
        let ending = Ending { open: self.meant.censoring.is_open(journey), last_conversion };
        self.journeys += 1;
        self.events += journey.len() as u64;
        self.open_journeys += u64::from(ending.open);
        let events = touchpoints.iter().zip(journey.each_time()).zip(journey.scores()).zip(journey.channels());
        let steps: Vec<Step> = events
            .enumerate()
            .filter_map(|(place, (((touchpoint, micros), score), channel))| {
                Some(Step { place, touchpoint: *touchpoint, channel: channel?, micros, score })
            })
            .collect();
        if steps.is_empty() {
            return;
        }
        self.switches(&steps);
        self.phase_changes(&steps, journey);
        if let Some((searched, bought)) =
            research_shopping::channels(&steps, &self.meant.search, &self.meant.conversion)
        {
            self.shopping.add(searched, bought);
        }
        self.channels.journey(&steps, ending);
        self.costs.journey(&steps, ending, &self.meant.conversion);
    }

    fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        self.events += other.events;
        self.open_journeys += other.open_journeys;
        self.multichannel += other.multichannel;
        self.rates.extend(other.rates);
        self.entropies.extend(other.entropies);
        self.ways.merge(other.ways);
        self.phases.merge(other.phases);
        self.shopping.merge(other.shopping);
        self.channels.merge(other.channels);
        self.costs.merge(other.costs);
    }

    fn finish(mut self, names: &LogNames) -> ChannelSwitching {
        let ChannelSwitchingOptions { limit, confidence, .. } = *self.options;
        let share = |n, of| Share::new(n, of, confidence);
        let (stayed, taken) = self.ways.stayed();
        let (locked_in, changes) = self.phases.stayed();
        let media_entropy = self.media_entropy();
        let phases = self.options.phase.as_ref().map(|_| &self.phases);
        let research_shopping =
            (!self.options.search.is_empty()).then(|| ResearchShopping::new(&self.shopping, names, limit, confidence));
        let mut transitions = self.transitions(names);
        let with_channel = self.channels.events().into_iter().sum::<u64>();
        let journeys_with_channel = self.entropies.len() as u64;
        let mut channels = self.channels.rows(names, &self.ways, phases, self.options);
        let (mut costs, costs_too_rare) = self.costs.rows(names, self.options);
        ChannelSwitching {
            journeys: self.journeys,
            events: self.events,
            events_without_channel: self.events - with_channel,
            open_journeys: self.open_journeys,
            multichannel: share(self.multichannel, journeys_with_channel),
            switches: share(taken - stayed, taken),
            switch_rate: Mean::from(&stats::score_stats(&mut self.rates, confidence)),
            media_entropy,
            phase_lock_in: phases.map(|_| share(locked_in, changes)),
            research_shopping,
            channels_left_out: super::cut(&mut channels, limit),
            channels,
            transitions_left_out: super::cut(&mut transitions, limit),
            transitions,
            costs_left_out: super::cut(&mut costs, limit),
            costs,
            costs_too_rare,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    /// Journeys such as `"visit:web pay:shop"`, an event a minute; `-` is no channel.
    fn log(paths: &[&str]) -> EventLog {
        let mut log = EventLog::builder();
        for (journey, path) in paths.iter().enumerate() {
            for (place, step) in (0..).zip(path.split(' ')) {
                let (touchpoint, channel) = step.split_once(':').unwrap();
                let id = format!("j{journey}");
                let event = Event::new(&id, touchpoint, Timestamp::from_micros(place * 60_000_000).unwrap());
                log = log.event(if channel == "-" { event } else { event.on_channel(channel) });
            }
        }
        log.build().unwrap()
    }

    fn report(paths: &[&str], options: &ChannelSwitchingOptions) -> ChannelSwitching {
        channel_switching(&log(paths), options).unwrap()
    }

    fn near(got: Option<f64>, expected: f64) -> bool {
        got.is_some_and(|got| (got - expected).abs() < 5e-4)
    }

    #[test]
    fn two_one_and_one_events_on_three_channels_have_an_entropy_of_1_04_nats() {
        // Klein et al. (2020): 1.5 bits; of ln 3 at most.
        let entropy = report(&["a:web b:app c:web d:shop"], &Default::default()).media_entropy;
        assert!(near(entropy.journeys.mean, 1.0397) && near(entropy.journeys_normalised, 0.946), "{entropy:?}");
        assert!(near(entropy.log, 1.0397) && near(entropy.log_normalised, 0.946), "{entropy:?}");
    }

    #[test]
    fn customers_of_one_channel_never_switch() {
        let found = report(&["a:web b:web c:web", "a:web"], &Default::default());
        assert_eq!((found.switches.n, found.switches.of, found.switch_rate.mean), (0, 2, Some(0.0)));
        assert_eq!((found.media_entropy.log, found.media_entropy.log_normalised), (Some(0.0), None));
        assert_eq!(found.multichannel.n, 0);
    }

    #[test]
    fn an_event_without_a_channel_is_passed_over() {
        let found = report(&["a:web b:- c:shop", "a:-"], &Default::default());
        assert_eq!((found.events, found.events_without_channel), (4, 2));
        assert_eq!((found.switches.n, found.switches.of, found.multichannel.of), (1, 1, 1));
        let none = report(&["a:- b:-"], &Default::default());
        assert_eq!((none.switches.share, none.switch_rate.n, none.channels.len()), (None, 0, 0));
    }

    #[test]
    fn who_looks_on_the_web_and_pays_in_the_shop_is_a_research_shopper() {
        let options = ChannelSwitchingOptions {
            search: vec!["look".into()],
            conversion: vec!["pay".into()],
            ..Default::default()
        };
        let paths = ["look:app look:web pay:shop", "look:web pay:web", "pay:web look:app pay:app", "look:web"];
        let shopping = report(&paths, &options).research_shopping.unwrap();
        assert_eq!((shopping.journeys.n, shopping.journeys.of), (1, 2), "the last search before the first payment");
        let pairs: Vec<_> =
            shopping.pairs.iter().map(|p| (p.search_channel.as_str(), p.conversion_channel.as_str())).collect();
        assert_eq!(pairs, [("web", "shop"), ("web", "web")]);
    }

    #[test]
    fn a_switch_costs_what_it_takes_longer() {
        let found = report(
            &["a:web x:web b:shop", "a:web x:web b:shop", "a:web x:web", "a:web x:web b:web"],
            &ChannelSwitchingOptions { min_journeys: 1, ..Default::default() },
        );
        assert_eq!((found.costs.len(), found.costs_too_rare), (1, 0), "a to x is never switched");
        let cost = found.costs.first().unwrap();
        assert_eq!((cost.source.as_str(), cost.switched, cost.unswitched), ("x", 2, 1));
        let time = cost.time.as_ref().unwrap();
        assert_eq!((time.shift_seconds, time.p_value), (0.0, None), "all take a minute");
        assert_eq!(report(&["a:web b:shop", "a:web b:web"], &Default::default()).costs_too_rare, 1);
    }

    #[test]
    fn a_channel_of_the_map_that_nobody_uses_is_listed() {
        let channels = vec!["web".into(), "fax".into()];
        let found = report(&["a:web b:web"], &ChannelSwitchingOptions { channels, ..Default::default() });
        let used: Vec<_> = found.channels.iter().map(|row| (row.channel.as_str(), row.unused)).collect();
        assert_eq!(used, [("web", false), ("fax", true)]);
    }

    #[test]
    fn searching_without_a_conversion_is_refused() {
        let options = ChannelSwitchingOptions { search: vec!["a".into()], ..Default::default() };
        let error = channel_switching(&log(&["a:web"]), &options).unwrap_err();
        assert!(error.to_string().starts_with("`conversion`: research shopping"), "{error}");
    }
}
