//! What it costs to change the channel on the way from one touchpoint to the next.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::channel_switching::{ChannelSwitchingOptions, Ending, Step};
use super::proportions::ShareDifference;
use super::ranks::{hodges_lehmann, mann_whitney};
use super::stats::{self, Mean, Share};
use crate::log::LogNames;
use crate::sorting::SortRows;
use crate::threads::map_each;

/// What a switch of channel costs on the way from one touchpoint to the next.
///
/// Of each journey the first time it takes this way counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SwitchCost {
    /// The touchpoint left.
    pub source: String,
    /// The touchpoint reached.
    pub target: String,
    /// Journeys that change the channel on the way.
    pub switched: u64,
    /// Journeys that do not.
    pub unswitched: u64,
    /// The time it takes; `None` if the log has no times.
    pub time: Option<SwitchTime>,
    /// Who converts later; `None` if `conversion` is not given, where a side has no finished journey, or where `target`
    /// is a conversion itself.
    pub conversion: Option<SwitchConversion>,
    /// The experience score at `target`; `None` where a side has none.
    pub score: Option<SwitchScore>,
}

/// How much longer a transition takes with a switch of channel than without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SwitchTime {
    /// The median with a switch.
    pub switched_median_seconds: f64,
    /// The median without.
    pub unswitched_median_seconds: f64,
    /// How much longer it takes with a switch: the median of all differences, after Hodges and Lehmann.
    pub shift_seconds: f64,
    /// Lower end of the interval of the shift; `None` where there are too few journeys.
    pub low_seconds: Option<f64>,
    /// Upper end of the interval of the shift; `None` where there are too few journeys.
    pub high_seconds: Option<f64>,
    /// Two-sided p-value of the Mann-Whitney test; `None` where all times are the same.
    pub p_value: Option<f64>,
    /// The p-value, adjusted by Benjamini and Hochberg for all tests of costs.
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate; `None` where there is no test.
    pub significant: Option<bool>,
}

/// How many of those who switch the channel convert later, and of those who do not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SwitchConversion {
    /// Of the finished journeys with a switch, those that convert later.
    pub switched: Share,
    /// Of the finished journeys without, those that convert later.
    pub unswitched: Share,
    /// How far the share with a switch lies above that without.
    pub difference: ShareDifference,
    /// The p-value, adjusted by Benjamini and Hochberg for all tests of costs.
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate; `None` where there is no test.
    pub significant: Option<bool>,
}

/// How those who switch the channel feel, and those who do not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SwitchScore {
    /// The scores with a switch.
    pub switched: Mean,
    /// The scores without.
    pub unswitched: Mean,
    /// How far the mean with a switch lies above that without.
    pub difference: f64,
    /// Lower end of Welch's interval of the difference; `None` where there is no test.
    pub low: Option<f64>,
    /// Upper end of Welch's interval of the difference; `None` where there is no test.
    pub high: Option<f64>,
    /// Two-sided p-value of Welch's t test; `None` where a side has fewer than two scores or neither varies.
    pub p_value: Option<f64>,
    /// The p-value, adjusted by Benjamini and Hochberg for all tests of costs.
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate; `None` where there is no test.
    pub significant: Option<bool>,
}

/// The first time that each journey takes each transition, by whether it switches the channel.
#[derive(Default)]
pub(super) struct SwitchCosts {
    ways: FxHashMap<(u32, u32), Way>,
    journeys: u64,
}

#[derive(Default)]
struct Way {
    switched: Side,
    unswitched: Side,
    /// The number of the last journey that was counted here.
    last: u64,
}

#[derive(Default)]
struct Side {
    journeys: u64,
    micros: Vec<i64>,
    scores: Vec<f64>,
    /// Finished journeys, and those that convert later.
    finished: u64,
    converted: u64,
}

impl SwitchCosts {
    pub(super) fn journey(&mut self, steps: &[Step], ending: Ending, conversion: &[bool]) {
        self.journeys += 1;
        for (from, to) in steps.iter().zip(steps.iter().skip(1)) {
            let way = self.ways.entry((from.touchpoint, to.touchpoint)).or_default();
            if way.last == self.journeys {
                continue;
            }
            way.last = self.journeys;
            let side = if from.channel == to.channel { &mut way.unswitched } else { &mut way.switched };
            side.journeys += 1;
            side.micros.extend(to.micros.zip(from.micros).map(|(to, from)| to - from));
            side.scores.extend(to.score);
            // Who reaches a conversion converts: there the later one would be another.
            let is_conversion = conversion.get(to.touchpoint as usize).copied().unwrap_or(false);
            if !ending.open && !is_conversion {
                side.finished += 1;
                side.converted += u64::from(ending.last_conversion.is_some_and(|place| place > to.place));
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        // The numbers of journeys to come are above both.
        self.ways.values_mut().for_each(|way| way.last = 0);
        other.ways.into_iter().for_each(|(pair, more)| {
            let way = self.ways.entry(pair).or_default();
            way.switched.merge(more.switched);
            way.unswitched.merge(more.unswitched);
        });
    }

    /// A row for each transition that enough journeys take with a switch and without, most journeys first, ties by name;
    /// and how many transitions too few take.
    pub(super) fn rows(self, names: &LogNames, options: &ChannelSwitchingOptions) -> (Vec<SwitchCost>, u64) {
        let mut both: Vec<((u32, u32), Way)> =
            self.ways.into_iter().filter(|(_, way)| way.switched.journeys > 0 && way.unswitched.journeys > 0).collect();
        let all = both.len();
        both.retain(|(_, way)| way.switched.journeys.min(way.unswitched.journeys) >= options.min_journeys);
        let too_rare = (all - both.len()) as u64;
        both.sort_rows_by_key(|(pair, way)| {
            (std::cmp::Reverse(way.switched.journeys + way.unswitched.journeys), *pair)
        });
        let mut rows: Vec<SwitchCost> = map_each(both, |((from, to), way)| {
            let Way { mut switched, mut unswitched, .. } = way;
            SwitchCost {
                source: names.touchpoints.name(from).to_owned(),
                target: names.touchpoints.name(to).to_owned(),
                switched: switched.journeys,
                unswitched: unswitched.journeys,
                time: time(&mut switched.micros, &mut unswitched.micros, options.confidence),
                conversion: conversion(&switched, &unswitched, options),
                score: score(&mut switched.scores, &mut unswitched.scores, options.confidence),
            }
        });
        judge(&mut rows, options.false_discovery_rate);
        (rows, too_rare)
    }
}

impl Side {
    fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        self.micros.extend(other.micros);
        self.scores.extend(other.scores);
        self.finished += other.finished;
        self.converted += other.converted;
    }
}

fn time(switched: &mut [i64], unswitched: &mut [i64], confidence: f64) -> Option<SwitchTime> {
    let seconds = |micros: &[i64]| micros.iter().map(|m| stats::seconds((*m).into())).collect::<Vec<f64>>();
    let (with, without) = (seconds(switched), seconds(unswitched));
    let shift = hodges_lehmann(&without, &with, confidence)?;
    Some(SwitchTime {
        switched_median_seconds: stats::median_seconds(switched)?,
        unswitched_median_seconds: stats::median_seconds(unswitched)?,
        shift_seconds: shift.median,
        low_seconds: shift.interval.map(|interval| interval.0),
        high_seconds: shift.interval.map(|interval| interval.1),
        p_value: mann_whitney(&without, &with).map(|test| test.p_value),
        p_adjusted: None,
        significant: None,
    })
}

fn conversion(switched: &Side, unswitched: &Side, options: &ChannelSwitchingOptions) -> Option<SwitchConversion> {
    if options.conversion.is_empty() || switched.finished == 0 || unswitched.finished == 0 {
        return None;
    }
    let share = |side: &Side| Share::new(side.converted, side.finished, options.confidence);
    let (switched, unswitched) = (share(switched), share(unswitched));
    let difference = ShareDifference::new(&unswitched, &switched);
    Some(SwitchConversion { switched, unswitched, difference, p_adjusted: None, significant: None })
}

fn score(switched: &mut [f64], unswitched: &mut [f64], confidence: f64) -> Option<SwitchScore> {
    let (with, without) = (stats::score_stats(switched, confidence), stats::score_stats(unswitched, confidence));
    let interval = stats::welch_interval(&without, &with, confidence);
    Some(SwitchScore {
        difference: with.mean? - without.mean?,
        low: interval.map(|interval| interval.0),
        high: interval.map(|interval| interval.1),
        p_value: stats::welch(&without, &with),
        switched: Mean::from(&with),
        unswitched: Mean::from(&without),
        p_adjusted: None,
        significant: None,
    })
}

/// Judges the times, the conversions and the scores as one family.
fn judge(rows: &mut [SwitchCost], false_discovery_rate: f64) {
    let times = rows.iter().map(|row| row.time.as_ref()?.p_value);
    let conversions = rows.iter().map(|row| row.conversion.as_ref()?.difference.p_value);
    let scores = rows.iter().map(|row| row.score.as_ref()?.p_value);
    let p_values: Vec<Option<f64>> = times.chain(conversions).chain(scores).collect();
    let mut verdicts = stats::judge(&p_values, false_discovery_rate).into_iter();
    for (row, verdict) in rows.iter_mut().zip(verdicts.by_ref()) {
        if let Some(time) = &mut row.time {
            time.p_adjusted = verdict.p_adjusted;
            time.significant = verdict.significant;
        }
    }
    for (row, verdict) in rows.iter_mut().zip(verdicts.by_ref()) {
        if let Some(conversion) = &mut row.conversion {
            conversion.p_adjusted = verdict.p_adjusted;
            conversion.significant = verdict.significant;
        }
    }
    for (row, verdict) in rows.iter_mut().zip(verdicts) {
        if let Some(score) = &mut row.score {
            score.p_adjusted = verdict.p_adjusted;
            score.significant = verdict.significant;
        }
    }
}
