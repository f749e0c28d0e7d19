//! What goes before an outcome more often than before none: odds ratios of everything that customers do on the way.
//!
//! A journey succeeds if it reaches one of the touchpoints of the outcome. A factor is something that happens or not: a
//! touchpoint visited, a transition taken, a channel used, a value of an attribute. With `a` successes and `b` failures
//! that show it, `c` successes and `d` failures that do not, and the prior `k` added to each, its odds ratio is
//! `(a + k)(d + k) / ((b + k)(c + k))`, with Woolf's interval `exp(ln OR ± z √(Σ 1 / cell))`. A prior of 0.5 is that of
//! Haldane (1956) and Anscombe (1956), 1 is what PostHog's correlation analysis adds.
//!
//! Only events before the outcome count: those at an earlier time, or, in a log without times, at an earlier place. That leaves a trap: a failure is watched to its end, a
//! success only up to the outcome, so that what simply takes time looks like a driver of failure. Landmark analysis
//! (Anderson, Cain and Gelber 1983, *Journal of Clinical Oncology* 1) is the way out, here by `within`: all journeys are
//! watched for the same time from their first event, and those that succeed earlier are left out.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::censoring::Censoring;
use super::proportions::{ShareDifference, ShareTest};
use super::stats::{self, Share};
use crate::duration::Duration;
use crate::error::{Problem, Result};
use crate::log::{EventLog, Fold, Groups, Journey, LogNames, fold};
use crate::names::NONE;
use crate::sorting::SortRows;

/// A factor shown by fewer journeys than this, and by fewer than one in [`FEW_IN`], is skipped, as in PostHog.
const FEW: u64 = 25;
const FEW_IN: u64 = 50;

/// Successes and failures are skewed if one is more than this many times the other, as in PostHog.
const SKEWED: u64 = 10;

/// Options for [`outcome_drivers`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct OutcomeDriverOptions {
    /// What may be a factor.
    pub factors: Vec<FactorKind>,
    /// Attributes whose values are factors; if none is named, all are where `factors` holds `attribute`.
    pub attributes: Vec<String>,
    /// What is added to each cell before odds are formed, from 0 to 10.
    pub prior: f64,
    /// How long each journey is watched, from its first event on; those that succeed by then are left out. If not given,
    /// failures are watched to their end and successes up to the outcome.
    pub within: Option<Duration>,
    /// How long a journey must be silent to be finished, others are left out; if not given, all are finished.
    pub inactive_after: Option<Duration>,
    /// The share of false findings to accept among the significant drivers.
    pub false_discovery_rate: f64,
    /// The most drivers the report lists; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for OutcomeDriverOptions {
    fn default() -> Self {
        Self {
            factors: vec![FactorKind::Touchpoint],
            attributes: Vec::new(),
            prior: 0.5,
            within: None,
            inactive_after: None,
            false_discovery_rate: 0.05,
            limit: None,
            confidence: stats::CONFIDENCE,
        }
    }
}

/// What sort of thing may go before an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FactorKind {
    /// A touchpoint is visited.
    Touchpoint,
    /// One touchpoint directly follows another.
    Transition,
    /// A channel is used.
    Channel,
    /// An event has a value of an attribute.
    Attribute,
}

/// What goes before an outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OutcomeDrivers {
    /// Journeys in the log.
    pub journeys: u64,
    /// Journeys left out because they are not finished; 0 if `inactive_after` is not given.
    pub open_journeys: u64,
    /// Finished journeys left out because they succeed before they are watched for long enough; 0 if `within` is not given.
    pub early_successes: u64,
    /// Journeys that reach the outcome.
    pub successes: u64,
    /// Journeys that do not.
    pub failures: u64,
    /// Whether one of them is more than ten times the other, so that few journeys decide.
    pub skewed: bool,
    /// What was added to each cell.
    pub prior: f64,
    /// Distinct factors that were seen before the outcome.
    pub factors: u64,
    /// Factors skipped because fewer than 25 journeys, and fewer than one in fifty, show them.
    pub factors_too_rare: u64,
    /// Factors skipped because every journey shows them.
    pub factors_in_all: u64,
    /// The significant ones first, then by the distance of the odds ratio from 1, ties by kind and name; none where no
    /// journey succeeds or none fails.
    pub drivers: Vec<OutcomeDriver>,
    /// Drivers that the limit cut off.
    pub drivers_left_out: u64,
}

/// A factor, and how much more likely success is with it than without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OutcomeDriver {
    /// What sort of thing it is.
    pub kind: FactorKind,
    /// The attribute that `factor` is a value of.
    pub attribute: Option<String>,
    /// The touchpoint, the channel, the value of the attribute, or the touchpoint that a transition leaves.
    pub factor: String,
    /// The touchpoint that a transition reaches.
    pub target: Option<String>,
    /// Of the journeys that succeed, those that show it.
    pub successes: Share,
    /// Of the journeys that fail, those that show it.
    pub failures: Share,
    /// The odds of success with it, over those without; above 1 it goes with success, below with failure. `None` where a
    /// cell is empty and the prior is 0.
    pub odds_ratio: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// The test behind the p-value, which knows no prior.
    pub test: Option<ShareTest>,
    /// The two-sided p-value of that test: whether success is as frequent with the factor as without.
    pub p_value: Option<f64>,
    /// The p-value, adjusted by Benjamini and Hochberg for the number of drivers.
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate.
    pub significant: Option<bool>,
}

/// Finds what customers who reach an outcome do before it more often, or less often, than those who do not reach it.
///
/// A driver is no cause: it goes before the outcome, and that is all.
///
/// ```
/// use journey_core::{Event, EventLog, OutcomeDriverOptions, outcome_drivers};
///
/// let mut log = EventLog::builder();
/// let time = "2024-03-13T10:00:00Z".parse()?;
/// let later = "2024-03-13T10:05:00Z".parse()?;
/// for customer in 0..18 {
///     // Of the 7 who pay 5 were helped before, of the 11 who do not 1.
///     let id = customer.to_string();
///     log = log.event(Event::new(&id, if customer < 6 { "help" } else { "look" }, time));
///     if (1..8).contains(&customer) {
///         log = log.event(Event::new(&id, "pay", later));
///     }
/// }
/// let options = OutcomeDriverOptions { prior: 0.0, ..Default::default() };
/// let report = outcome_drivers(&log.build()?, &["pay"], &options)?;
/// assert_eq!(report.drivers[0].factor, "help");
/// assert_eq!(report.drivers[0].odds_ratio, Some(25.0));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If `conversion` is empty, an option lies outside its range or asks for times that the log does not have, or a touchpoint or attribute is not in the log (unless the
/// log is empty).
///
/// # Complexity
/// O(events log events), for each sort of factor; memory of the distinct factors.
pub fn outcome_drivers(
    log: &EventLog,
    conversion: &[impl AsRef<str>],
    options: &OutcomeDriverOptions,
) -> Result<OutcomeDrivers> {
    stats::check_confidence(options.confidence)?;
    stats::check_open_unit("false_discovery_rate", options.false_discovery_rate)?;
    stats::check_option("prior", options.prior, (0.0..=10.0).contains(&options.prior), "a number from 0 to 10")?;
    if conversion.is_empty() {
        return Err(Problem::Options("expected at least one touchpoint, got none".into()).at_field("conversion"));
    }
    if options.within.is_some() {
        log.needs_times("within")?;
    }
    let meant = Meant {
        outcome: log.touchpoints_named(conversion, "conversion")?,
        attributes: attributes(log, options)?,
        censoring: Censoring::new(log, options.inactive_after)?,
    };
    Ok(fold(log, || OutcomeDriversFold::new(&meant, options)))
}

/// What the outcome and the options mean in a log.
pub(super) struct Meant<'a> {
    pub(super) outcome: Vec<bool>,
    /// In the order of their names.
    pub(super) attributes: Vec<(&'a str, Groups<'a>)>,
    pub(super) censoring: Censoring,
}

fn attributes<'a>(log: &'a EventLog, options: &'a OutcomeDriverOptions) -> Result<Vec<(&'a str, Groups<'a>)>> {
    if log.is_empty() {
        return Ok(Vec::new());
    }
    let mut names: Vec<&str> = options.attributes.iter().map(String::as_str).collect();
    if names.is_empty() && options.factors.contains(&FactorKind::Attribute) {
        names.extend(log.attributes());
    }
    names.sort_rows_by(Ord::cmp);
    names.dedup();
    names.into_iter().map(|name| Ok((name, log.groups(name, "attributes")?))).collect()
}

/// A factor in codes; the order is that of kinds and names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Factor {
    kind: FactorKind,
    /// The place of the attribute among those asked for.
    attribute: usize,
    code: u32,
    /// What a transition reaches, else [`NONE`].
    target: u32,
}

/// Journeys that show a factor.
#[derive(Clone, Copy, Default)]
struct Shown {
    successes: u64,
    failures: u64,
}

pub(super) struct OutcomeDriversFold<'a> {
    options: &'a OutcomeDriverOptions,
    meant: &'a Meant<'a>,
    journeys: u64,
    open_journeys: u64,
    early_successes: u64,
    all: Shown,
    factors: FxHashMap<Factor, Shown>,
}

impl<'a> OutcomeDriversFold<'a> {
    pub(super) fn new(meant: &'a Meant<'a>, options: &'a OutcomeDriverOptions) -> Self {
        Self {
            options,
            meant,
            journeys: 0,
            open_journeys: 0,
            early_successes: 0,
            all: Shown::default(),
            factors: FxHashMap::default(),
        }
    }

    /// How many events of a journey count, of which the outcome is at this place; `None` if it succeeds too early.
    fn before(&self, journey: Journey<'_>, outcome: Option<usize>) -> Option<usize> {
        let Some(times) = journey.times() else { return Some(outcome.unwrap_or(journey.len())) };
        let outcome = outcome.and_then(|place| times.get(place).copied());
        let first = times.first().copied().unwrap_or_default();
        let landmark = self.options.within.map(|within| first.saturating_add(within.micros()));
        if outcome.zip(landmark).is_some_and(|(outcome, landmark)| outcome <= landmark) {
            return None;
        }
        // Times do not fall, so the events that count stand first.
        let counts = |time: &i64| {
            outcome.is_none_or(|outcome| *time < outcome) && landmark.is_none_or(|landmark| *time <= landmark)
        };
        Some(times.partition_point(counts))
    }

    /// Everything that the first `count` events of a journey show, each once.
    fn factors_of(&self, journey: Journey<'_>, count: usize) -> Vec<Factor> {
        let asked = |kind| self.options.factors.contains(&kind);
        let factor = |kind, code, target| Factor { kind, attribute: 0, code, target };
        let touchpoints = journey.touchpoints().get(..count).unwrap_or_default();
        let mut found = Vec::new();
        if asked(FactorKind::Touchpoint) {
            found.extend(touchpoints.iter().map(|code| factor(FactorKind::Touchpoint, *code, NONE)));
        }
        if asked(FactorKind::Transition) {
            let ways = touchpoints.iter().zip(touchpoints.iter().skip(1));
            found.extend(ways.map(|(from, to)| factor(FactorKind::Transition, *from, *to)));
        }
        if asked(FactorKind::Channel) {
            let channels = journey.channels().take(count).flatten();
            found.extend(channels.map(|code| factor(FactorKind::Channel, code, NONE)));
        }
        for (attribute, (_, groups)) in self.meant.attributes.iter().enumerate() {
            let values = groups.values(journey).iter().take(count).copied().filter(|code| *code != NONE);
            found.extend(values.map(|code| Factor { kind: FactorKind::Attribute, attribute, code, target: NONE }));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn driver(&self, factor: Factor, shown: Shown, names: &LogNames) -> OutcomeDriver {
        let OutcomeDriverOptions { prior, confidence, .. } = *self.options;
        let (successes, failures) = (self.all.successes, self.all.failures);
        let (with, without) =
            (shown.successes + shown.failures, successes + failures - shown.successes - shown.failures);
        let share = |n, of| Share::new(n, of, confidence);
        let compared =
            ShareDifference::new(&share(successes - shown.successes, without), &share(shown.successes, with));
        let odds = OddsRatio::new(
            [shown.successes, shown.failures, successes - shown.successes, failures - shown.failures],
            prior,
            confidence,
        );
        let attribute = self.meant.attributes.get(factor.attribute).filter(|_| factor.kind == FactorKind::Attribute);
        let name = match (factor.kind, attribute) {
            (FactorKind::Channel, _) => names.channels.name(factor.code),
            (_, Some((_, groups))) => groups.names().name(factor.code),
            _ => names.touchpoints.name(factor.code),
        };
        OutcomeDriver {
            kind: factor.kind,
            attribute: attribute.map(|(name, _)| (*name).to_owned()),
            factor: name.to_owned(),
            target: (factor.kind == FactorKind::Transition).then(|| names.touchpoints.name(factor.target).to_owned()),
            successes: share(shown.successes, successes),
            failures: share(shown.failures, failures),
            odds_ratio: odds.map(|odds| odds.ratio),
            low: odds.map(|odds| odds.low),
            high: odds.map(|odds| odds.high),
            test: compared.test,
            p_value: compared.p_value,
            p_adjusted: None,
            significant: None,
        }
    }
}

/// An odds ratio with its interval.
#[derive(Clone, Copy)]
struct OddsRatio {
    ratio: f64,
    low: f64,
    high: f64,
}

impl OddsRatio {
    /// Of the cells: successes and failures with, successes and failures without. `None` where one is empty.
    fn new(cells: [u64; 4], prior: f64, confidence: f64) -> Option<Self> {
        let [a, b, c, d] = cells.map(|cell| stats::float(cell) + prior);
        if [a, b, c, d].into_iter().any(|cell| cell <= 0.0) {
            return None;
        }
        let ratio = a * d / (b * c);
        let half = stats::normal_quantile(confidence) * (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
        Some(Self { ratio, low: ratio * libm::exp(-half), high: ratio * libm::exp(half) })
    }
}

/// How far the odds ratio lies from 1, up or down, to nine decimals of its logarithm: a factor and its opposite are as far,
/// and rounding must not decide which comes first. Where a cell is empty it is as far as can be.
fn distance(driver: &OutcomeDriver) -> f64 {
    driver.odds_ratio.map_or(f64::INFINITY, |ratio| (libm::log(ratio).abs() * 1e9).round())
}

impl Fold for OutcomeDriversFold<'_> {
    type Report = OutcomeDrivers;

    fn journey(&mut self, journey: Journey<'_>) {
        self.journeys += 1;
        if self.meant.censoring.is_open(journey) {
            self.open_journeys += 1;
            return;
        }
        let is_outcome = |code: &u32| self.meant.outcome.get(*code as usize).copied().unwrap_or(false);
        let outcome = journey.touchpoints().iter().position(is_outcome);
        let Some(counted) = self.before(journey, outcome) else {
            self.early_successes += 1;
            return;
        };
        let found = self.factors_of(journey, counted);
        let add = |shown: &mut Shown| match outcome {
            Some(_) => shown.successes += 1,
            None => shown.failures += 1,
        };
        add(&mut self.all);
        for factor in found {
            add(self.factors.entry(factor).or_default());
        }
    }

    fn merge(&mut self, other: Self) {
        let add = |shown: &mut Shown, more: Shown| {
            shown.successes += more.successes;
            shown.failures += more.failures;
        };
        self.journeys += other.journeys;
        self.open_journeys += other.open_journeys;
        self.early_successes += other.early_successes;
        add(&mut self.all, other.all);
        other.factors.into_iter().for_each(|(factor, more)| add(self.factors.entry(factor).or_default(), more));
    }

    fn finish(self, names: &LogNames) -> OutcomeDrivers {
        let Shown { successes, failures } = self.all;
        let all = successes + failures;
        let mut factors: Vec<(Factor, Shown)> = self.factors.iter().map(|(factor, shown)| (*factor, *shown)).collect();
        factors.sort_rows_by_key(|(factor, _)| *factor);
        let seen = factors.len() as u64;
        let visitors = |shown: &Shown| shown.successes + shown.failures;
        factors.retain(|(_, shown)| visitors(shown) >= FEW || visitors(shown) * FEW_IN >= all);
        let frequent = factors.len() as u64;
        factors.retain(|(_, shown)| visitors(shown) < all);
        let factors_in_all = frequent - factors.len() as u64;
        if successes == 0 || failures == 0 {
            factors.clear();
        }
        let mut drivers: Vec<OutcomeDriver> =
            factors.into_iter().map(|(factor, shown)| self.driver(factor, shown, names)).collect();
        let p_values: Vec<Option<f64>> = drivers.iter().map(|driver| driver.p_value).collect();
        for (driver, verdict) in drivers.iter_mut().zip(stats::judge(&p_values, self.options.false_discovery_rate)) {
            driver.p_adjusted = verdict.p_adjusted;
            driver.significant = verdict.significant;
        }
        // They stand in the order of kinds and names, which a stable sort keeps.
        drivers.sort_rows_by(|a, b| match b.significant.cmp(&a.significant) {
            Ordering::Equal => distance(b).total_cmp(&distance(a)),
            order => order,
        });
        OutcomeDrivers {
            journeys: self.journeys,
            open_journeys: self.open_journeys,
            early_successes: self.early_successes,
            successes,
            failures,
            skewed: successes > SKEWED * failures || failures > SKEWED * successes,
            prior: self.options.prior,
            factors: seen,
            factors_too_rare: seen - frequent,
            factors_in_all,
            drivers_left_out: super::cut(&mut drivers, self.options.limit),
            drivers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    /// Journeys such as `"visit help pay"`, an event a minute.
    fn log(paths: &[(&str, usize)]) -> EventLog {
        let mut log = EventLog::builder();
        let paths = paths.iter().flat_map(|(path, times)| std::iter::repeat_n(*path, *times));
        for (journey, path) in paths.enumerate() {
            for (place, touchpoint) in (0..).zip(path.split(' ')) {
                let time = Timestamp::from_micros(place * 60_000_000).unwrap();
                log = log.event(Event::new(&format!("j{journey}"), touchpoint, time));
            }
        }
        log.build().unwrap()
    }

    fn ratios(paths: &[(&str, usize)], options: &OutcomeDriverOptions) -> Vec<(String, Option<f64>)> {
        let report = outcome_drivers(&log(paths), &["pay"], options).unwrap();
        report.drivers.into_iter().map(|driver| (driver.factor, driver.odds_ratio)).collect()
    }

    const HELPED: [(&str, usize); 4] = [("visit help pay", 5), ("visit pay", 2), ("visit help", 1), ("visit", 10)];

    #[test]
    fn five_to_one_against_two_to_ten_is_twenty_five_or_eleven_with_posthog_s_prior() {
        for (prior, ratio) in [(0.0, 25.0), (1.0, 11.0), (0.5, 15.4)] {
            let options = OutcomeDriverOptions { prior, ..Default::default() };
            assert_eq!(ratios(&HELPED, &options), [("help".to_owned(), Some(ratio))], "all visit: that tells nothing");
        }
    }

    #[test]
    fn what_follows_the_outcome_does_not_drive_it() {
        let paths = [("visit pay thanks", 3), ("visit", 2), ("thanks", 1)];
        let report = outcome_drivers(&log(&paths), &["pay"], &OutcomeDriverOptions::default()).unwrap();
        let thanks = report.drivers.iter().find(|driver| driver.factor == "thanks").unwrap();
        assert_eq!((thanks.successes.n, thanks.failures.n), (0, 1));
    }

    #[test]
    fn watched_for_the_same_time_long_failures_show_no_more_than_short_successes() {
        // Both look again and again; success comes in the third minute, failure goes on.
        let paths = [("look look look pay", 4), ("look look look look search", 4), ("search look look pay", 4)];
        assert_eq!(ratios(&paths, &OutcomeDriverOptions::default()).len(), 1, "search, which most failures reach late");
        let within = Some(Duration::from_seconds(60.0).unwrap());
        let report =
            outcome_drivers(&log(&paths), &["pay"], &OutcomeDriverOptions { within, ..Default::default() }).unwrap();
        let search = report.drivers.first().unwrap();
        assert_eq!((search.successes.n, search.failures.n), (4, 0), "none of the failures begins with a search");
    }

    #[test]
    fn scaling_the_journeys_keeps_the_ratio_and_narrows_its_interval() {
        let options = OutcomeDriverOptions { prior: 0.0, ..Default::default() };
        let tenfold = HELPED.map(|(path, times)| (path, times * 10));
        let [one, ten] = [&HELPED, &tenfold].map(|paths| outcome_drivers(&log(paths), &["pay"], &options).unwrap());
        let [one, ten] = [one, ten].map(|report| report.drivers.first().cloned().unwrap());
        assert_eq!(one.odds_ratio, ten.odds_ratio);
        assert!(one.low < ten.low && ten.high < one.high);
    }

    #[test]
    fn an_outcome_must_be_named_and_known() {
        let none: [&str; 0] = [];
        let error = outcome_drivers(&log(&HELPED), &none, &Default::default()).unwrap_err();
        assert_eq!(error.to_string(), "`conversion`: expected at least one touchpoint, got none");
        let error = outcome_drivers(&log(&HELPED), &["pya"], &Default::default()).unwrap_err();
        assert!(error.to_string().contains("did you mean `pay`?"), "{error}");
    }
}
