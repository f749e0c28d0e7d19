//! What each channel, or touchpoint, brings to conversion: removal effects in a Markov chain, and the credit they share out.
//!
//! The path of a journey is the channels of its events before the first conversion, which is not on it itself. A chain of
//! order 1 goes from the start along the paths to one of two ends, converted or lost, with the shares with which each way
//! was taken. The removal effect of a channel is `1 - P' / P`, where `P` is the chance to convert, and `P'` that chance if
//! every way into the channel ends lost instead; its credit is `conversions * effect / sum of effects`. (Anderl, Becker,
//! von Wangenheim and Schumann 2016, *International Journal of Research in Marketing* 33.)
//!
//! `P` is the share of the journeys that convert. The removal effect is also the chance that who converts in the chain
//! has come through the channel. Staying on a channel changes no effect.
//!
//! Events without a channel are passed over, as if the log did not hold them. A journey that then has no path, such as one
//! that begins with a conversion, is not in the chain: nothing can get credit for it. It is counted.

use serde::{Deserialize, Serialize};

use super::bootstrap::Paths;
use super::chain::{ChainCounts, Target};
use super::stats::{self, Share};
use crate::error::{Problem, Result};
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::names::{NONE, Names};
use crate::sorting::SortRows;

/// Eliminating as many states takes up to a second; the time grows with the cube.
const MOST_STATES: usize = 1000;

/// The most resamples.
const MOST_RESAMPLES: u64 = 100_000;

/// Options for [`removal_effects`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct RemovalEffectOptions {
    /// What is removed and gets credit.
    pub by: CreditedPart,
    /// How often the journeys are drawn anew for the intervals, at most 100000; 0 for no intervals.
    pub resamples: u64,
    /// Where the random draws begin: the same seed gives the same intervals.
    pub seed: u64,
    /// The most rows the report lists; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for RemovalEffectOptions {
    fn default() -> Self {
        Self { by: CreditedPart::default(), resamples: 200, seed: 0, limit: None, confidence: stats::CONFIDENCE }
    }
}

/// What is removed from the paths of customers, and gets credit for conversions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CreditedPart {
    /// Channels.
    #[default]
    Channel,
    /// Touchpoints.
    Touchpoint,
}

/// What each channel, or touchpoint, brings to conversion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RemovalEffects {
    /// Journeys in the log.
    pub journeys: u64,
    /// Journeys without a path: no event on a channel goes before their conversion or end. No row knows of them.
    pub journeys_without_path: u64,
    /// Journeys without a path that convert; nothing gets credit for them.
    pub conversions_without_path: u64,
    /// Events without a channel before the conversion, which are passed over; 0 by touchpoint.
    pub events_without_channel: u64,
    /// Of the journeys with a path, those that convert. They are what credit is shared out of.
    pub conversion: Share,
    /// Resamples behind the intervals: those that were asked for, without those in which no journey converts.
    pub resamples: u64,
    /// The largest effect first, to nine decimals, ties by name.
    pub rows: Vec<RemovalEffect>,
    /// Rows that the limit cut off.
    pub rows_left_out: u64,
}

/// What a channel, or a touchpoint, brings to conversion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RemovalEffect {
    /// The channel or the touchpoint.
    pub name: String,
    /// Events there, before the conversion.
    pub visits: u64,
    /// Of the journeys with a path, those whose path visits it.
    pub journeys: Share,
    /// The share of the conversions that would be lost without it, if who comes there went nowhere else; `None` where
    /// nothing converts, as the figures below.
    pub effect: Option<f64>,
    /// Lower end of its interval; `None` without resamples.
    pub effect_low: Option<f64>,
    /// Upper end of its interval; `None` without resamples.
    pub effect_high: Option<f64>,
    /// Its share of the sum of all effects.
    pub effect_share: Option<f64>,
    /// The conversions attributed to it: that share of all conversions with a path.
    pub credit: Option<f64>,
    /// Lower end of the interval of the credit; `None` without resamples.
    pub credit_low: Option<f64>,
    /// Upper end of the interval of the credit; `None` without resamples.
    pub credit_high: Option<f64>,
}

/// Attributes conversions to channels, or touchpoints, by their removal effects in a Markov chain of order 1.
///
/// Effects and credit are exact; their intervals are percentiles of a bootstrap of journeys, drawn from a seed. A removal
/// effect is no cause: the chain takes it that who comes to a channel would have gone nowhere without it.
///
/// ```
/// use journey_core::{Event, EventLog, RemovalEffectOptions, removal_effects};
///
/// let mut log = EventLog::builder();
/// let times = ["2024-03-13T10:00:00Z", "2024-03-13T10:05:00Z", "2024-03-13T10:10:00Z"];
/// for (customer, channels) in [("ann", vec!["web", "phone"]), ("bob", vec!["web"]), ("eve", vec!["phone"])] {
///     for (time, channel) in times.iter().zip(&channels) {
///         log = log.event(Event::new(customer, "visit", time.parse()?).on_channel(channel));
///     }
/// }
/// log = log.event(Event::new("ann", "pay", times[2].parse()?).on_channel("shop"));
/// let report = removal_effects(&log.build()?, &["pay"], &RemovalEffectOptions::default())?;
/// // Half of those who go to the phone come from the web, half come at once; both may pay.
/// assert_eq!((report.rows[0].name.as_str(), report.rows[0].effect), ("phone", Some(1.0)));
/// assert_eq!((report.rows[1].name.as_str(), report.rows[1].effect), ("web", Some(0.5)));
/// assert_eq!(report.rows[1].credit, Some(1.0 / 3.0));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If `conversion` is empty, an option lies outside its range, a touchpoint is not in the log, the log has no channels but
/// they are asked for (unless the log is empty), or there are more than 1000 channels or touchpoints.
///
/// # Complexity
/// O(events + k³) for k channels; and O(journeys + events in distinct paths + k³) for each resample.
pub fn removal_effects(
    log: &EventLog,
    conversion: &[impl AsRef<str>],
    options: &RemovalEffectOptions,
) -> Result<RemovalEffects> {
    stats::check_confidence(options.confidence)?;
    if options.resamples > MOST_RESAMPLES {
        let expected = format!("a whole number from 0 to {MOST_RESAMPLES}");
        return Err(Problem::OptionRange { value: options.resamples.to_string(), expected }.at_field("resamples"));
    }
    if conversion.is_empty() {
        return Err(Problem::Options("expected at least one touchpoint, got none".into()).at_field("conversion"));
    }
    let meant = Meant::new(log, log.touchpoints_named(conversion, "conversion")?, options.by)?;
    Ok(fold(log, || RemovalEffectsFold::new(&meant, options)))
}

/// What the conversion and the options mean in a log.
pub(super) struct Meant<'a> {
    conversion: Vec<bool>,
    /// The names of what is removed, and the column with their codes.
    names: &'a Names,
    column: &'a [u32],
    /// The codes that are states of the chain, rising; and the state of each code.
    codes: Vec<u32>,
    states: Vec<u32>,
}

impl<'a> Meant<'a> {
    pub(super) fn new(log: &'a EventLog, conversion: Vec<bool>, by: CreditedPart) -> Result<Self> {
        let (names, column) = match by {
            CreditedPart::Channel => (log.channels(), log.channel_column()),
            CreditedPart::Touchpoint => (log.touchpoints(), log.touchpoint_column()),
        };
        if names.is_empty() && !log.is_empty() {
            let problem = "the log has no channels; to remove touchpoints, set `by` to `touchpoint`";
            return Err(Problem::Options(problem.into()).at_field("by"));
        }
        // A part of a log knows all names of the whole; most logs have so few that it does not matter.
        let mut used = vec![names.len() <= MOST_STATES; names.len()];
        if names.len() > MOST_STATES {
            for code in column {
                used.get_mut(*code as usize).into_iter().for_each(|used| *used = true);
            }
        }
        let codes: Vec<u32> = (0..).zip(&used).filter(|(_, used)| **used).map(|(code, _)| code).collect();
        if codes.len() > MOST_STATES {
            let what = match by {
                CreditedPart::Channel => "channels; selecting fewer channels leaves fewer",
                CreditedPart::Touchpoint => "touchpoints; selecting fewer touchpoints leaves fewer",
            };
            return Err(Problem::TooMany { what, limit: MOST_STATES as u64 }.into());
        }
        let mut states = vec![NONE; names.len()];
        for (state, code) in (0..).zip(&codes) {
            states.get_mut(*code as usize).into_iter().for_each(|slot| *slot = state);
        }
        Ok(Self { conversion, names, column, codes, states })
    }
}

/// How many journeys visit a state.
#[derive(Clone, Copy, Default)]
struct Visitors {
    journeys: u64,
    /// The number of the last journey that was counted.
    last: u64,
}

pub(super) struct RemovalEffectsFold<'a> {
    options: &'a RemovalEffectOptions,
    meant: &'a Meant<'a>,
    journeys: u64,
    journeys_without_path: u64,
    conversions_without_path: u64,
    events_without_channel: u64,
    chain: ChainCounts,
    visitors: Vec<Visitors>,
    /// Only where intervals are asked for.
    paths: Option<Paths>,
}

impl<'a> RemovalEffectsFold<'a> {
    pub(super) fn new(meant: &'a Meant<'a>, options: &'a RemovalEffectOptions) -> Self {
        let states = meant.codes.len();
        Self {
            options,
            meant,
            journeys: 0,
            journeys_without_path: 0,
            conversions_without_path: 0,
            events_without_channel: 0,
            chain: ChainCounts::new(states),
            visitors: vec![Visitors::default(); states],
            paths: (options.resamples > 0).then(Paths::default),
        }
    }

    /// The figures of each resample in which a journey converts.
    fn resampled(&mut self) -> Vec<Attribution> {
        let RemovalEffectOptions { resamples, seed, .. } = *self.options;
        let figures =
            self.paths.take().map(|paths| paths.resampled(self.meant.codes.len(), resamples, seed, Attribution::new));
        figures.into_iter().flatten().flatten().collect()
    }
}

/// The figures of all states.
struct Attribution {
    effects: Vec<f64>,
    shares: Vec<f64>,
    credits: Vec<f64>,
}

impl Attribution {
    /// `None` if nothing converts.
    fn new(chain: &ChainCounts) -> Option<Self> {
        let (effects, conversions) = (chain.removal_effects()?, stats::float(chain.conversions()));
        let sum: f64 = effects.iter().sum();
        let shares: Vec<f64> = effects.iter().map(|effect| effect / sum).collect();
        let credits = shares.iter().map(|share| conversions * share).collect();
        Some(Self { effects, shares, credits })
    }
}

/// The interval that holds the share `confidence` of the values, as much above it as below; `None` of no values.
fn percentiles(values: impl Iterator<Item = f64>, confidence: f64) -> Option<(f64, f64)> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - confidence) / 2.0;
    Some((stats::sorted_quantile(&values, tail)?, stats::sorted_quantile(&values, 1.0 - tail)?))
}

impl Fold for RemovalEffectsFold<'_> {
    type Report = RemovalEffects;

    fn journey(&mut self, journey: Journey<'_>) {
        self.journeys += 1;
        let converts = |touchpoint: &u32| self.meant.conversion.get(*touchpoint as usize).copied().unwrap_or(false);
        let (end, length) = match journey.touchpoints().iter().position(converts) {
            Some(length) => (Target::Converted, length),
            None => (Target::Lost, journey.len()),
        };
        let states = journey.cells(self.meant.column).iter().take(length);
        let states = states.map(|code| self.meant.states.get(*code as usize).copied().unwrap_or(NONE));
        let start = self.chain.row(None);
        let mut at = start;
        for state in states {
            if state == NONE {
                self.events_without_channel += 1;
                continue;
            }
            self.chain.add(at + Target::State(state).column(), 1);
            at = self.chain.row(Some(state));
            if let Some(visitors) = self.visitors.get_mut(state as usize) {
                // Whether it is the first visit of a journey no processor can foresee, so there is no branch.
                visitors.journeys += u64::from(visitors.last != self.journeys);
                visitors.last = self.journeys;
            }
            self.paths.iter_mut().for_each(|paths| paths.reach(state));
        }
        self.paths.iter_mut().for_each(|paths| paths.end(end));
        if at == start {
            self.journeys_without_path += 1;
            self.conversions_without_path += u64::from(end == Target::Converted);
        } else {
            self.chain.add(at + end.column(), 1);
        }
    }

    fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        self.journeys_without_path += other.journeys_without_path;
        self.conversions_without_path += other.conversions_without_path;
        self.events_without_channel += other.events_without_channel;
        self.chain.merge(&other.chain);
        for (visitors, more) in self.visitors.iter_mut().zip(other.visitors) {
            visitors.journeys += more.journeys;
            // The numbers of journeys to come are above both.
            visitors.last = 0;
        }
        if let Some((paths, more)) = self.paths.as_mut().zip(other.paths) {
            paths.merge(more);
        }
    }

    fn finish(mut self, _: &LogNames) -> RemovalEffects {
        let RemovalEffectOptions { limit, confidence, .. } = *self.options;
        let resampled = self.resampled();
        let with_path = self.journeys - self.journeys_without_path;
        let found = Attribution::new(&self.chain);
        let row = |(state, (visits, visitors)): (usize, (u64, &Visitors))| {
            let of = |figures: fn(&Attribution) -> &Vec<f64>| {
                let value = |one: &Attribution| figures(one).get(state).copied();
                let interval = percentiles(resampled.iter().filter_map(value), confidence);
                (found.as_ref().and_then(value), interval.map(|i| i.0), interval.map(|i| i.1))
            };
            let (effect, effect_low, effect_high) = of(|figures| &figures.effects);
            let (credit, credit_low, credit_high) = of(|figures| &figures.credits);
            RemovalEffect {
                name: self.meant.codes.get(state).map_or("", |code| self.meant.names.name(*code)).to_owned(),
                visits,
                journeys: Share::new(visitors.journeys, with_path, confidence),
                effect,
                effect_low,
                effect_high,
                effect_share: found.as_ref().and_then(|found| found.shares.get(state).copied()),
                credit,
                credit_low,
                credit_high,
            }
        };
        let counted = self.chain.visits().zip(&self.visitors).enumerate();
        let mut rows: Vec<RemovalEffect> = counted.filter(|(_, (visits, _))| *visits > 0).map(row).collect();
        // They stand in the order of names, which a stable sort keeps; rounding must not decide which comes first.
        let rounded = |row: &RemovalEffect| (row.effect.unwrap_or_default() * 1e9).round();
        rows.sort_rows_by(|a, b| rounded(b).total_cmp(&rounded(a)));
        RemovalEffects {
            journeys: self.journeys,
            journeys_without_path: self.journeys_without_path,
            conversions_without_path: self.conversions_without_path,
            events_without_channel: self.events_without_channel,
            conversion: Share::new(self.chain.conversions(), with_path, confidence),
            resamples: resampled.len() as u64,
            rows_left_out: super::cut(&mut rows, limit),
            rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    /// Journeys such as `"web web phone !"`, each visit on its channel, `-` without one; `!` is a conversion in the shop.
    fn log(paths: &[&str]) -> EventLog {
        let mut log = EventLog::builder();
        for (journey, path) in paths.iter().enumerate() {
            for (second, channel) in (0..).zip(path.split_whitespace()) {
                let id = format!("j{journey}");
                let time = Timestamp::from_micros(second * 1_000_000).unwrap();
                log = log.event(match channel {
                    "!" => Event::new(&id, "pay", time).on_channel("shop"),
                    "-" => Event::new(&id, "visit", time),
                    channel => Event::new(&id, "visit", time).on_channel(channel),
                });
            }
        }
        log.build().unwrap()
    }

    fn report(paths: &[&str]) -> RemovalEffects {
        removal_effects(&log(paths), &["pay"], &Default::default()).unwrap()
    }

    fn effects(report: &RemovalEffects) -> Vec<(&str, Option<f64>)> {
        report.rows.iter().map(|row| (row.name.as_str(), row.effect)).collect()
    }

    #[test]
    fn the_example_of_three_paths_gives_a_fifth_and_twice_two_fifths_of_the_credit() {
        let found = report(&["c1 c2 c3 !", "c1", "c2 c3"]);
        assert_eq!((found.conversion.n, found.conversion.of), (1, 3));
        assert_eq!(effects(&found), [("c2", Some(1.0)), ("c3", Some(1.0)), ("c1", Some(0.5))]);
        let credits: Vec<_> = found.rows.iter().map(|row| row.credit.unwrap()).collect();
        assert_eq!(credits, [0.4, 0.4, 0.2]);
        let visits: Vec<_> = found.rows.iter().map(|row| (row.visits, row.journeys.n, row.journeys.of)).collect();
        assert_eq!(visits, [(2, 2, 3); 3]);
    }

    #[test]
    fn what_follows_the_first_conversion_is_not_on_the_path() {
        let found = report(&["web ! phone !", "phone"]);
        assert_eq!(effects(&found), [("web", Some(1.0)), ("phone", Some(0.0))]);
        assert_eq!(found.rows[1].visits, 1, "and the channel of the conversion has no row");
    }

    #[test]
    fn a_journey_without_a_path_is_counted_and_changes_nothing() {
        let (some, more) = (["web - phone !", "web"], ["web - phone !", "web", "! web", "- !", "-"]);
        let [some, more] = [&some[..], &more].map(report);
        assert_eq!((more.journeys, more.journeys_without_path, more.conversions_without_path), (5, 3, 2));
        assert_eq!((more.events_without_channel, some.events_without_channel), (3, 1));
        assert_eq!((more.rows, more.conversion), (some.rows, some.conversion));
    }

    #[test]
    fn without_a_conversion_there_are_no_effects() {
        let log = log(&["web", "phone web", "! web"]);
        let found = removal_effects(&log, &["pay"], &Default::default()).unwrap();
        assert_eq!(effects(&found), [("phone", None), ("web", None)]);
        assert_eq!((found.resamples, found.conversion.n, found.rows[0].credit_low), (0, 0, None));
    }

    #[test]
    fn intervals_hold_the_effect_and_come_again_with_the_seed() {
        let paths: Vec<&str> = ["web phone !", "web", "phone !", "mail web !", "mail"].repeat(30);
        let options = |seed| RemovalEffectOptions { resamples: 400, seed, ..Default::default() };
        let found = |seed| removal_effects(&log(&paths), &["pay"], &options(seed)).unwrap();
        for row in &found(1).rows {
            assert!(row.effect_low < row.effect && row.effect < row.effect_high, "{row:?}");
            assert!(row.credit_low < row.credit && row.credit < row.credit_high, "{row:?}");
        }
        assert_eq!(found(1), found(1));
        assert_ne!(found(1), found(2));
    }

    #[test]
    fn touchpoints_are_removed_where_they_are_asked_for() {
        let options = RemovalEffectOptions { by: CreditedPart::Touchpoint, ..Default::default() };
        let found = removal_effects(&log(&["web - phone !", "! web"]), &["pay"], &options).unwrap();
        assert_eq!((effects(&found), found.events_without_channel), (vec![("visit", Some(1.0))], 0));
        assert_eq!((found.rows[0].visits, found.conversion.n, found.conversions_without_path), (3, 1, 1));
    }

    #[test]
    fn a_log_without_channels_says_what_can_be_asked_instead() {
        let error = removal_effects(&log(&["- -"]), &["visit"], &Default::default()).unwrap_err();
        assert_eq!(error.to_string(), "`by`: the log has no channels; to remove touchpoints, set `by` to `touchpoint`");
        let error = removal_effects(&log(&["web !"]), &["pya"], &Default::default()).unwrap_err();
        assert!(error.to_string().contains("did you mean `pay`?"), "{error}");
        let empty = EventLog::builder().build().unwrap();
        assert_eq!(removal_effects(&empty, &["pay"], &Default::default()).unwrap().conversion.of, 0);
    }

    #[test]
    fn more_names_than_can_be_solved_are_refused_unless_few_of_them_are_left() {
        let mut builder = EventLog::builder();
        for page in 0..1_200i64 {
            let time = Timestamp::from_micros(page).unwrap();
            builder.push(Event::new("j", &format!("page_{page:04}"), time), []).unwrap();
        }
        let log = builder.build().unwrap();
        let options = RemovalEffectOptions { by: CreditedPart::Touchpoint, resamples: 0, ..Default::default() };
        let error = removal_effects(&log, &["page_1199"], &options).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::LimitExceeded);
        let few = crate::SelectOptions {
            touchpoints: ["page_0003", "page_1100", "page_1199"].map(String::from).to_vec(),
            ..Default::default()
        };
        let found = removal_effects(&log.select(&few).unwrap(), &["page_1199"], &options).unwrap();
        assert_eq!(effects(&found), [("page_0003", Some(1.0)), ("page_1100", Some(1.0))]);
    }
}
