//! Whether customers who come back to a touchpoint convert less often than those who do not.
//!
//! Of the finished journeys that visit a touchpoint before they convert, some come back to it, before they convert, after
//! something else: a repetition. All of them were there once, so both sides are compared from the same place on. A visit after
//! the conversion is no return.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::censoring::Censoring;
use super::proportions::ShareDifference;
use super::stats::{self, Rules, Share};
use crate::duration::Duration;
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::sorting::SortRows;

/// How often customers come back to a touchpoint, and whether they convert less often then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TouchpointReturn {
    /// The touchpoint.
    pub touchpoint: String,
    /// Of the finished journeys that visited it before they converted, those that came back to it, after something else and
    /// before they converted.
    pub journeys: Share,
    /// The journeys that came back and converted after all.
    pub conversion: Share,
    /// The journeys that did not come back and converted.
    pub conversion_without: Share,
    /// How far the first lies above the second.
    pub difference: ShareDifference,
    /// The p-value of the difference, adjusted by Benjamini and Hochberg for the number of touchpoints.
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate; `None` where there is no test.
    pub significant: Option<bool>,
}

/// Finds who comes back to a touchpoint before converting, and whether they convert less often than those who do not.
pub(crate) fn returns(
    log: &EventLog,
    conversion: &[String],
    inactive_after: Option<Duration>,
    rules: Rules,
) -> Result<Vec<TouchpointReturn>> {
    let conversion = log.touchpoints_named(conversion, "conversion")?;
    let censoring = Censoring::new(log, inactive_after)?;
    Ok(fold(log, || ReturnsFold::new(log.names(), &conversion, censoring, rules)))
}

/// Journeys at a touchpoint before they convert: those that came once and those that came back, each with those that convert.
#[derive(Clone, Copy, Default)]
struct Counts {
    once: [u64; 2],
    again: [u64; 2],
}

pub(super) struct ReturnsFold<'a> {
    conversion: &'a [bool],
    censoring: Censoring,
    rules: Rules,
    counts: Vec<Counts>,
}

impl<'a> ReturnsFold<'a> {
    pub(super) fn new(names: &LogNames, conversion: &'a [bool], censoring: Censoring, rules: Rules) -> Self {
        Self { conversion, censoring, rules, counts: vec![Counts::default(); names.touchpoints.len()] }
    }
}

impl Fold for ReturnsFold<'_> {
    type Report = Vec<TouchpointReturn>;

    fn journey(&mut self, journey: Journey<'_>) {
        if self.censoring.is_open(journey) {
            return;
        }
        let touchpoints = journey.touchpoints();
        let converts = |code: &u32| self.conversion.get(*code as usize).copied().unwrap_or_default();
        let conversion = touchpoints.iter().position(converts);
        let before = touchpoints.get(..conversion.unwrap_or(touchpoints.len())).unwrap_or_default();
        let mut runs: FxHashMap<u32, u64> = FxHashMap::default();
        for run in before.chunk_by(|a, b| a == b) {
            if let Some(code) = run.first() {
                *runs.entry(*code).or_default() += 1;
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "counts add up the same in any order")]
        for (code, runs) in runs {
            if let Some(counts) = self.counts.get_mut(code as usize) {
                let [all, converted] = if runs > 1 { &mut counts.again } else { &mut counts.once };
                *all += 1;
                *converted += u64::from(conversion.is_some());
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (counts, more) in self.counts.iter_mut().zip(other.counts) {
            for (count, more) in counts.once.iter_mut().zip(more.once).chain(counts.again.iter_mut().zip(more.again)) {
                *count += more;
            }
        }
    }

    /// Touchpoints where enough journeys come back and enough do not, most returns first, ties by name.
    fn finish(self, names: &LogNames) -> Vec<TouchpointReturn> {
        let Rules { min_n, false_discovery_rate, confidence } = self.rules;
        let share = |[of, n]: [u64; 2]| Share::new(n, of, confidence);
        let enough = |counts: &Counts| counts.once[0] >= min_n && counts.again[0] >= min_n;
        let counted = names.touchpoints.iter().zip(&self.counts).filter(|(_, counts)| enough(counts));
        let mut rows: Vec<TouchpointReturn> = counted
            .map(|(touchpoint, counts)| {
                let (with, without) = (share(counts.again), share(counts.once));
                TouchpointReturn {
                    touchpoint: touchpoint.to_owned(),
                    journeys: share([counts.again[0] + counts.once[0], counts.again[0]]),
                    difference: ShareDifference::new(&without, &with),
                    conversion: with,
                    conversion_without: without,
                    p_adjusted: None,
                    significant: None,
                }
            })
            .collect();
        let p_values: Vec<Option<f64>> = rows.iter().map(|row| row.difference.p_value).collect();
        for (row, verdict) in rows.iter_mut().zip(stats::judge(&p_values, false_discovery_rate)) {
            row.p_adjusted = verdict.p_adjusted;
            row.significant = verdict.significant;
        }
        rows.sort_rows_by_key(|row| std::cmp::Reverse(row.journeys.n));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;

    fn returns(journeys: &[&[&str]], min_n: u64) -> Vec<(String, u64, u64, u64, u64)> {
        let mut log = EventLog::builder();
        for (number, journey) in journeys.iter().enumerate() {
            for touchpoint in *journey {
                log = log.event(Event::untimed(&number.to_string(), touchpoint));
            }
        }
        let log = log.build().unwrap();
        let conversion = log.touchpoints_named(&["pay"], "conversion").unwrap();
        let rules = Rules { min_n, false_discovery_rate: 0.05, confidence: 0.95 };
        let rows = fold(&log, || ReturnsFold::new(log.names(), &conversion, Censoring::default(), rules));
        let row = |row: TouchpointReturn| {
            (row.touchpoint, row.conversion.n, row.conversion.of, row.conversion_without.n, row.conversion_without.of)
        };
        rows.into_iter().map(row).collect()
    }

    #[test]
    fn a_visit_right_after_another_is_no_return() {
        let found = returns(&[&["cart", "cart", "pay"], &["cart", "ship", "cart"], &["cart"]], 1);
        assert_eq!(found, [("cart".into(), 0, 1, 1, 2)]);
    }

    #[test]
    fn what_happens_after_the_conversion_is_no_return() {
        let found = returns(&[&["cart", "pay", "cart"], &["cart", "ship", "cart", "pay"], &["pay", "cart"]], 1);
        assert_eq!(found, [("cart".into(), 1, 1, 1, 1)], "the third never was there before it paid");
    }

    #[test]
    fn few_journeys_are_not_judged() {
        assert_eq!(returns(&[&["cart", "ship", "cart"], &["cart", "pay"]], 2), []);
    }
}
