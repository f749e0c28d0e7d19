//! Whether two groups of journeys differ, in what, how much, and whether that can be chance.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::censoring::Censoring;
use super::findings::{self, Side};
use super::sample::{SampleFold, Scope};
use super::stats::{self, Share};
use crate::duration::Duration;
use crate::error::{Problem, Result};
use crate::log::{EventLog, Groups, Journey, fold};
use crate::names::NONE;

/// More variants make a transport problem that takes seconds.
const MOST_VARIANTS: u64 = 500;

/// Options for [`compare`] and [`compare_groups`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct CompareOptions {
    /// Touchpoints of which a journey must reach one to count as converted; conversion is not compared if not given.
    pub conversion: Vec<String>,
    /// Touchpoints that lead to the goal, in order; then the reach of each step and the conversion to it are compared.
    pub steps: Vec<String>,
    /// How many transitions are compared: those that most journeys of both groups together take.
    pub transitions: u64,
    /// How many variants of each group, the most frequent first, the distance between the mixes of paths takes in; at most
    /// 500.
    pub variants: u64,
    /// Journeys whose last event lies less than this before the end of the log are open, and left out; if not given, all
    /// journeys are taken as finished.
    pub inactive_after: Option<Duration>,
    /// The least size, on both sides, of what is compared.
    pub min_n: u64,
    /// The most findings the report lists; all if not given.
    pub limit: Option<u64>,
    /// The share of false findings accepted among those called significant.
    pub false_discovery_rate: f64,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self {
            conversion: Vec::new(),
            steps: Vec::new(),
            transitions: 50,
            variants: 100,
            inactive_after: None,
            min_n: 10,
            limit: None,
            false_discovery_rate: 0.05,
            confidence: stats::CONFIDENCE,
        }
    }
}

impl CompareOptions {
    fn check(&self) -> Result<()> {
        stats::check_confidence(self.confidence)?;
        stats::check_open_unit("false_discovery_rate", self.false_discovery_rate)?;
        let few = self.variants <= MOST_VARIANTS;
        stats::check_option("variants", stats::float(self.variants), few, "a whole number from 0 to 500")?;
        if self.steps.len() == 1 {
            return Err(Problem::TooFewSteps(1).at_field("steps"));
        }
        Ok(())
    }
}

/// In what two groups of journeys differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Comparison {
    /// The group that the other is compared with.
    pub a: ComparedGroup,
    /// The group that is compared; differences are positive where its figure is the higher one.
    pub b: ComparedGroup,
    /// Journeys that are in both groups, by their ids; of one that stands for several customers, as many as are in both.
    /// Then the two are not independent, as the tests take them to be.
    pub shared_journeys: u64,
    /// How far the mixes of paths lie apart.
    pub variant_mix: VariantMix,
    /// The false discovery rate, as asked for, by the method of Benjamini and Hochberg over all tests.
    pub false_discovery_rate: f64,
    /// How many tests were made: what the p-values are adjusted for.
    pub tests: u64,
    /// How many of them found a significant difference.
    pub significant: u64,
    /// Comparisons that were not made because a side is smaller than `min_n`.
    pub too_small: u64,
    /// Transitions that were not compared, because others are more frequent.
    pub transitions_left_out: u64,
    /// What was compared: significant differences first, the largest effect first, ties by kind and name.
    pub findings: Vec<Finding>,
    /// Findings that the limit cut off.
    pub findings_left_out: u64,
    /// What to bear in mind when reading this, in words.
    pub warnings: Vec<String>,
}

/// A group of journeys that is compared with another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ComparedGroup {
    /// The value of the attribute; `a` or `b` where two logs are compared.
    pub name: String,
    /// Finished journeys, which everything is about.
    pub journeys: u64,
    /// Their events.
    pub events: u64,
    /// Journeys that are still open, and left out.
    pub open_journeys: u64,
}

/// How far the mixes of paths of two groups lie apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VariantMix {
    /// The earth mover's distance between the two languages, with the edit distance of paths divided by the length of the
    /// longer one: 0 for the same mix of paths, 1 for nothing in common; `None` where there is no path to compare.
    pub distance: Option<f64>,
    /// Variants of the first group in the distance.
    pub a_variants: u64,
    /// Journeys of the first group whose variant is not in the distance.
    pub a_left_out: Share,
    /// Variants of the second group in the distance.
    pub b_variants: u64,
    /// Journeys of the second group whose variant is not in the distance.
    pub b_left_out: Share,
}

/// One thing in which two groups were compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Finding {
    /// What was compared.
    pub kind: FindingKind,
    /// The touchpoint it is about.
    pub touchpoint: Option<String>,
    /// The touchpoint left; `None` for the start of a journey, and where it is not about a transition.
    pub source: Option<String>,
    /// The touchpoint reached; `None` for the end of a journey, and where it is not about a transition.
    pub target: Option<String>,
    /// The figure of the first group: a share, a median (times in seconds) or a mean score.
    pub a: Option<f64>,
    /// The figure of the second group.
    pub b: Option<f64>,
    /// Journeys of the first group that the figure is about.
    pub a_n: u64,
    /// Journeys of the second group that the figure is about.
    pub b_n: u64,
    /// The first figure with its interval, where it is a share.
    pub a_share: Option<Share>,
    /// The second figure with its interval, where it is a share.
    pub b_share: Option<Share>,
    /// How much higher the second group is: the difference of shares or means, the shift of Hodges and Lehmann, or the
    /// distance between the mixes of paths.
    pub difference: Option<f64>,
    /// Lower end of the interval of the difference.
    pub low: Option<f64>,
    /// Upper end of the interval of the difference.
    pub high: Option<f64>,
    /// The test behind the p-value; `None` where none can be made.
    pub test: Option<ComparisonTest>,
    /// The two-sided p-value of that test.
    pub p_value: Option<f64>,
    /// The p-value, adjusted by Benjamini and Hochberg for all tests of the comparison.
    pub p_adjusted: Option<f64>,
    /// Whether the adjusted p-value is at most the false discovery rate; `None` where there is no test.
    pub significant: Option<bool>,
    /// The size of the effect, in the measure that `effect_kind` names; positive where the second group is higher.
    pub effect: Option<f64>,
    /// The measure of the effect.
    pub effect_kind: EffectKind,
    /// The effect on one scale, that of Cohen's d: 0.2 is called small, 0.5 medium, 0.8 large. The earth mover's distance
    /// has none: it is large between any two samples of paths that are nearly all different.
    pub effect_as_d: Option<f64>,
    /// The finding in words.
    pub sentence: String,
}

/// What two groups are compared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// The share of journeys that reach a touchpoint that counts as conversion.
    Conversion,
    /// The share of journeys that get as far as a step, in the order of the steps.
    StepReach,
    /// Of the journeys that reach a step, the share that reaches the next one.
    StepConversion,
    /// The share of journeys that visit a touchpoint.
    Visit,
    /// Of the journeys that visit `source`, the share that goes straight on to `target` at least once.
    Transition,
    /// Time from the first event of a journey to its last.
    ThroughputTime,
    /// Time from `source` to `target`; of a journey that takes the transition again and again the mean.
    TransitionTime,
    /// Events of a journey.
    EventsPerJourney,
    /// The mean of the scores of a journey.
    Score,
    /// The mean of the scores of a journey at a touchpoint.
    TouchpointScore,
    /// How often each path is taken.
    VariantMix,
}

/// The test that two groups are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ComparisonTest {
    /// The z test of two proportions, with the pooled share.
    Z,
    /// Fisher's exact test, where a cell is smaller than 5.
    FisherExact,
    /// The Mann-Whitney U test.
    MannWhitney,
    /// Welch's t test.
    Welch,
    /// Pearson's chi-squared test.
    ChiSquared,
}

/// The measure of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EffectKind {
    /// Cohen's h, of two shares.
    CohenH,
    /// Hedges' g, of two means: the difference in pooled standard deviations, corrected for small samples.
    HedgesG,
    /// The rank-biserial correlation, which is Cliff's delta: of all pairs the share in which the second group's value is
    /// larger, less that in which the first group's is.
    RankBiserial,
    /// The earth mover's distance between the mixes of paths.
    EarthMoversDistance,
}

/// Compares the journeys of two logs: which of their figures differ, how much, and whether that can be chance.
///
/// In every figure a journey counts once, so that a customer who does something a hundred times is one customer. Compared
/// are shares (z test or Fisher's exact test, Newcombe's interval, Cohen's h), times and numbers of events (Mann-Whitney
/// test, shift and interval of Hodges and Lehmann, rank-biserial correlation), scores (Welch's t test and interval, Hedges'
/// g) and the mix of paths (chi-squared test, earth mover's distance). All p-values are adjusted together by the method of
/// Benjamini and Hochberg. Where a log has no times, times are not compared, and are no tests.
///
/// Findings are put in order by `effect_as_d`: Cohen's h and Hedges' g as they are, a rank-biserial correlation `r` as
/// the distance of two normal distributions that have it, `sqrt(2) * normal quantile of (1 + r) / 2`. The earth mover's
/// distance has no such scale; it comes last.
///
/// ```
/// use journey_core::{CompareOptions, Event, EventLog, FindingKind, compare};
///
/// let log = |paid: usize| {
///     let mut log = EventLog::builder();
///     for customer in 0..100 {
///         let time = "2024-03-13T10:00:00Z".parse()?;
///         log = log.event(Event::new(&format!("{paid}-{customer}"), if customer < paid { "pay" } else { "leave" }, time));
///     }
///     log.build()
/// };
/// let options = CompareOptions { conversion: vec!["pay".into()], ..Default::default() };
/// let comparison = compare(&log(20)?, &log(50)?, &options)?;
/// let first = &comparison.findings[0];
/// assert_eq!((first.kind, first.significant), (FindingKind::Conversion, Some(true)));
/// assert!(first.sentence.starts_with("Conversion to `pay` is 30.0 points higher in b (50.0 % of 100) than in a"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, there is a single step, or a touchpoint is in neither log (unless both are empty).
///
/// # Complexity
/// O(events log events), and for the mixes of paths O(steps² + variants³) at most, where the steps of all variants compared
/// are no more than 10,000.
pub fn compare(log_a: &EventLog, log_b: &EventLog, options: &CompareOptions) -> Result<Comparison> {
    options.check()?;
    let (a, b) = (whole_log("a", log_a, log_b, options)?, whole_log("b", log_b, log_a, options)?);
    let customers: FxHashMap<&str, u64> = log_a.journeys().map(|journey| (journey.id(), journey.weight())).collect();
    let in_both = |journey: Journey<'_>| customers.get(journey.id()).map(|weight| journey.weight().min(*weight));
    let shared = log_b.journeys().filter_map(in_both).sum();
    Ok(findings::comparison(&a, &b, shared, options))
}

/// Compares the journeys of a log that have one value of an attribute with those that have another.
///
/// The value of a journey is that of its first event that has one. Everything else is as for [`compare`].
///
/// ```
/// use journey_core::{CompareOptions, Event, EventLog, compare_groups};
///
/// let at = |minute| format!("2024-03-13T10:{minute:02}:00Z").parse();
/// let mut log = EventLog::builder().attribute("plan");
/// for customer in 0..40 {
///     let (id, plan) = (format!("c{customer}"), if customer < 20 { "free" } else { "pro" });
///     log = log.event_with(Event::new(&id, "ask", at(0)?), [Some(plan)]);
///     log = log.event_with(Event::new(&id, "answer", at(customer)?), [Some(plan)]);
/// }
/// let comparison = compare_groups(&log.build()?, "plan", "free", "pro", &CompareOptions::default())?;
/// assert!(comparison.findings[0].sentence.contains("20.0 min longer in `pro`"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// As for [`compare`], and if the log has no such attribute, or the attribute no such value (unless the log is empty).
///
/// # Complexity
/// As for [`compare`].
pub fn compare_groups(
    log: &EventLog,
    attribute: &str,
    value_a: &str,
    value_b: &str,
    options: &CompareOptions,
) -> Result<Comparison> {
    options.check()?;
    if value_a == value_b {
        let problem = "a comparison needs two different values of the attribute";
        return Err(Problem::Options(problem.into()).at_field("value_b"));
    }
    let groups = log.groups(attribute, "attribute")?;
    let censoring = Censoring::new(log, options.inactive_after)?;
    let side = |value: &str, option: &str| -> Result<Side<'_>> {
        let scope = Scope {
            conversion: codes(log, log, &options.conversion, "conversion")?,
            steps: codes(log, log, &options.steps, "steps")?,
            group: Some((groups, code(log, groups, value, option)?)),
            censoring,
        };
        Ok(sampled(value.to_owned(), format!("`{value}`"), log, &scope))
    };
    let (a, b) = (side(value_a, "value_a")?, side(value_b, "value_b")?);
    // A journey is in one group, so none is in both.
    Ok(findings::comparison(&a, &b, 0, options))
}

/// A log as one side of a comparison with another.
fn whole_log<'a>(name: &str, log: &'a EventLog, other: &EventLog, options: &CompareOptions) -> Result<Side<'a>> {
    let scope = Scope {
        conversion: codes(log, other, &options.conversion, "conversion")?,
        steps: codes(log, other, &options.steps, "steps")?,
        group: None,
        censoring: Censoring::new(log, options.inactive_after)?,
    };
    Ok(sampled(name.to_owned(), name.to_owned(), log, &scope))
}

fn sampled<'a>(name: String, label: String, log: &'a EventLog, scope: &Scope<'a>) -> Side<'a> {
    let sample = fold(log, || SampleFold::new(log, scope));
    Side { name, label, touchpoints: log.touchpoints(), sample }
}

/// The code of a group; a log without events has no values, and asking it is no mistake.
fn code(log: &EventLog, groups: Groups<'_>, value: &str, option: &str) -> Result<u32> {
    if log.is_empty() { Ok(NONE) } else { groups.code(value, option) }
}

/// The codes of touchpoints in a log; what only the other log has, no event of this one has.
fn codes(log: &EventLog, other: &EventLog, names: &[String], option: &str) -> Result<Vec<u32>> {
    names
        .iter()
        .map(|name| match (log.touchpoints().code(name), other.touchpoints().code(name)) {
            (Some(code), _) => Ok(code),
            (None, Some(_)) => Ok(NONE),
            (None, None) if log.is_empty() => other.touchpoint_code(name, option),
            (None, None) => log.touchpoint_code(name, option),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Event, Timestamp};

    /// Journeys such as `("free", "visit pay")`, an event a minute.
    fn log(journeys: &[(&str, &str)]) -> EventLog {
        let mut log = EventLog::builder().attribute("plan");
        for (number, (plan, path)) in journeys.iter().enumerate() {
            for (minute, touchpoint) in (0..).zip(path.split(' ')) {
                let time = Timestamp::from_micros(minute * 60_000_000).unwrap();
                log = log.event_with(Event::new(&format!("j{number}"), touchpoint, time), [Some(*plan)]);
            }
        }
        log.build().unwrap()
    }

    fn finding(comparison: &Comparison, kind: FindingKind) -> &Finding {
        comparison.findings.iter().find(|finding| finding.kind == kind).unwrap()
    }

    #[test]
    fn groups_that_do_different_things_differ() {
        let journeys = [vec![("free", "visit leave"); 20], vec![("pro", "visit ask pay"); 20]].concat();
        let options = CompareOptions { conversion: vec!["pay".into()], ..Default::default() };
        let comparison = compare_groups(&log(&journeys), "plan", "free", "pro", &options).unwrap();
        let conversion = finding(&comparison, FindingKind::Conversion);
        assert_eq!((conversion.a, conversion.b, conversion.significant), (Some(0.0), Some(1.0), Some(true)));
        let time = finding(&comparison, FindingKind::ThroughputTime);
        assert_eq!((time.a, time.b, time.difference, time.effect), (Some(60.0), Some(120.0), Some(60.0), Some(1.0)));
        let mix = finding(&comparison, FindingKind::VariantMix);
        assert_eq!((mix.test, mix.significant), (Some(ComparisonTest::ChiSquared), Some(true)));
        // visit leave to visit ask pay: two of three steps.
        assert!((comparison.variant_mix.distance.unwrap() - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!((comparison.shared_journeys, comparison.warnings.len()), (0, 2), "20 journeys are few");
    }

    #[test]
    fn conversion_at_one_touchpoint_is_not_compared_twice() {
        let log = log(&[("free", "visit pay"); 12]);
        let options = CompareOptions { conversion: vec!["pay".into()], ..Default::default() };
        let comparison = compare(&log, &log, &options).unwrap();
        let visits = comparison.findings.iter().filter(|f| f.kind == FindingKind::Visit);
        assert_eq!(visits.map(|f| f.touchpoint.as_deref()).collect::<Vec<_>>(), [Some("visit")]);
    }

    #[test]
    fn what_neither_side_has_is_an_error_with_the_nearest_name() {
        let (log, empty) = (log(&[("free", "visit pay")]), EventLog::builder().build().unwrap());
        let options = CompareOptions { conversion: vec!["pya".into()], ..Default::default() };
        for (a, b) in [(&log, &log), (&empty, &log), (&log, &empty)] {
            let error = compare(a, b, &options).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnknownTouchpoint);
            assert!(error.to_string().ends_with("`pay`?"), "{error}");
        }
        assert!(compare(&empty, &empty, &options).is_ok());
        let error = compare_groups(&log, "plan", "free", "fere", &CompareOptions::default()).unwrap_err();
        assert!(error.to_string().starts_with("`value_b`") && error.to_string().ends_with("`free`?"), "{error}");
    }
}
