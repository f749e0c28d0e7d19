//! What is wrong with a map although it keeps every rule of maps: the mistakes of journey mapping that can be computed.
//!
//! Each rule is a mistake that writers on journey mapping warn of; where they give no measure, the measure is ours
//! (`docs/decisions/0012-lint.md`). A finding is never proof: it says where to look, and each rule can be switched off.

mod evidence;
mod log;
mod people;
mod rules;
mod scope;
mod shape;
mod words;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::evidence::{AssumptionPart, Assumptions};
pub(super) use self::log::LintFold;
pub use self::rules::{LintNeed, LintRule};
pub use self::words::LintWords;

use self::log::Facts;
use super::matching::{Classes, Conflict};
use super::with_map::{WithMapOptions, mapped};
use super::{cut, stats};
use crate::duration::Duration;
use crate::error::{Problem, Result, hint, nearest, shorten};
use crate::log::{EventLog, fold};
use crate::map::{JourneyMap, Touchpoint};
use crate::sorting::SortRows;
use crate::time::date;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LintSeverity {
    /// The map says something that cannot be, or nothing at all of what maps are for.
    Error,
    /// A mistake, most likely.
    Warning,
    /// Something to think about.
    Hint,
}

/// Options for [`lint`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct LintOptions {
    /// Codes of rules that are not asked.
    pub off: Vec<String>,
    /// Severities other than the usual ones, by the code of the rule.
    pub severities: BTreeMap<String, LintSeverity>,
    /// The day on which the map is looked at, `YYYY-MM-DD`; without it nothing is too old or in the future.
    pub as_of: Option<String>,
    /// The age at which evidence is stale.
    pub max_evidence_age: Duration,
    /// The age of the last change at which a map is stale.
    pub max_map_age: Duration,
    /// The most stages that a reader can hold.
    pub max_stages: u64,
    /// The most touchpoints of one stage that a reader can hold.
    pub max_touchpoints: u64,
    /// A channel with a smaller share of the events than this is unused.
    pub min_channel_share: f64,
    /// As many channels at one touchpoint are many.
    pub many_channels: u64,
    /// A channel with a smaller share of the events at a touchpoint than this is hardly used there.
    pub rare_channel_share: f64,
    /// A median time until the next event is long if it is more than this many times that of all events.
    pub long_dwell: f64,
    /// Words by which texts are understood; for maps in other languages give other words.
    pub words: LintWords,
    /// The most findings that are shown; all if not given.
    pub limit: Option<u64>,
    /// The confidence of the interval by which a share of exits is high, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for LintOptions {
    fn default() -> Self {
        Self {
            off: Vec::new(),
            severities: BTreeMap::new(),
            as_of: None,
            max_evidence_age: days(365),
            max_map_age: days(180),
            max_stages: 9,
            max_touchpoints: 12,
            min_channel_share: 0.01,
            many_channels: 4,
            rare_channel_share: 0.1,
            long_dwell: 2.0,
            words: LintWords::default(),
            limit: None,
            confidence: stats::CONFIDENCE,
        }
    }
}

fn days(days: u32) -> Duration {
    // A whole number of days is a length of time.
    Duration::from_seconds(f64::from(days) * 86_400.0).unwrap_or_default()
}

impl LintOptions {
    fn check(&self) -> Result<()> {
        stats::check_confidence(self.confidence)?;
        for (name, share) in
            [("min_channel_share", self.min_channel_share), ("rare_channel_share", self.rare_channel_share)]
        {
            stats::check_option(name, share, (0.0..=1.0).contains(&share), "a share from 0 to 1")?;
        }
        let dwell = self.long_dwell;
        stats::check_option("long_dwell", dwell, dwell.is_finite() && dwell >= 1.0, "a finite number, 1 or more")?;
        let named =
            self.off.iter().map(|code| ("off", code)).chain(self.severities.keys().map(|code| ("severities", code)));
        for (option, code) in named {
            if !LintRule::all().iter().any(|rule| rule.code == code) {
                let near = nearest(code, LintRule::all().iter().map(|rule| rule.code));
                let expected = format!("the code of a rule{}", hint(near.as_ref()));
                return Err(Problem::OptionRange { value: format!("`{}`", shorten(code)), expected }.at_field(option));
            }
        }
        Ok(())
    }

    fn day(&self) -> Result<Option<NaiveDate>> {
        let Some(text) = &self.as_of else { return Ok(None) };
        let day = date(text).ok_or_else(|| {
            let expected = "a date such as `2026-03-31`".to_owned();
            Problem::OptionRange { value: format!("`{}`", shorten(text)), expected }.at_field("as_of")
        })?;
        Ok(Some(day))
    }
}

/// What is wrong with a map, and how much of it stands on assumptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LintReport {
    /// How many findings are errors.
    pub errors: u64,
    /// How many are warnings.
    pub warnings: u64,
    /// How many are hints.
    pub hints: u64,
    /// The findings: errors, warnings, hints; each in the order of the rules, then of the map.
    pub findings: Vec<LintFinding>,
    /// Findings that the limit left out.
    pub findings_left_out: u64,
    /// Codes of rules that were not asked: they are switched off, or need a date or a log that was not given.
    pub not_asked: Vec<String>,
    /// How much of what the map says is assumed.
    pub assumptions: Assumptions,
}

/// One thing that is wrong with a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LintFinding {
    /// The code of the rule.
    pub code: String,
    /// How bad it is.
    pub severity: LintSeverity,
    /// The path in the data that the map was made from, such as `touchpoints[2].owner`.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// Says what is wrong with a map although it can be drawn: nobody it belongs to, scores without evidence, ways that lead nowhere.
///
/// With a log it also says what of the map is not in the data, and the other way round. Which event is which touchpoint the
/// rules of the map say, as for [`EventLog::with_map`]; the log's channels should be called as the map's ids.
///
/// ```
/// use journey_core::{JourneyMap, LintOptions, Stage, Touchpoint, lint};
///
/// let guess = Touchpoint { expected_score: Some(1.0), ..Touchpoint::new("pay", "Pay", "buy") };
/// let map = JourneyMap::builder("Shop").stage(Stage::new("buy", "Buy")).touchpoint(guess).build()?;
/// let report = lint(&map, None, &LintOptions::default())?;
/// let assumed = report.findings.iter().find(|finding| finding.code == "assumption").unwrap();
/// assert_eq!(assumed.place, "touchpoints[0].expected_score");
/// assert_eq!(report.assumptions.whole.share, Some(1.0));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, `off` or `severities` names a rule that there is not, or `as_of` is no date.
///
/// # Complexity
/// O(parts of the map × (stages + channels) + events + distinct events × rules of matching).
pub fn lint<'a>(map: &JourneyMap, log: impl Into<Option<&'a EventLog>>, options: &LintOptions) -> Result<LintReport> {
    options.check()?;
    let as_of = options.day()?;
    let log = log.into().filter(|log| !log.is_empty());
    let seen = log.map(|log| Seen::new(map, log)).transpose()?;
    let (facts, conflicts) = seen.map(|seen| (seen.facts, seen.conflicts)).unzip();
    let (conflicts, touchpoints) = (conflicts.unwrap_or_default(), map.placed().collect());
    let context = Context { map, options, as_of, facts, conflicts, touchpoints };
    let (mut findings, mut not_asked) = (Vec::new(), Vec::new());
    for rule in LintRule::all() {
        let answerable = match rule.needs {
            LintNeed::Map => true,
            LintNeed::Date => context.as_of.is_some(),
            LintNeed::Log => context.facts.is_some(),
        };
        if !answerable || options.off.iter().any(|code| code == rule.code) {
            not_asked.push(rule.code.to_owned());
            continue;
        }
        findings.extend((rule.check)(&context).into_iter().map(|found| found.under(rule, options)));
    }
    findings.sort_rows_by_key(|finding| finding.severity);
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count() as u64;
    Ok(LintReport {
        errors: count(LintSeverity::Error),
        warnings: count(LintSeverity::Warning),
        hints: count(LintSeverity::Hint),
        findings_left_out: cut(&mut findings, options.limit),
        findings,
        not_asked,
        assumptions: evidence::assumptions(&context),
    })
}

/// What the rules look at.
struct Context<'a> {
    map: &'a JourneyMap,
    options: &'a LintOptions,
    as_of: Option<NaiveDate>,
    facts: Option<Facts>,
    /// Touchpoints whose rules the same events of the log meet.
    conflicts: Vec<Conflict>,
    /// The touchpoints in the order of their stages, each with its place in the data.
    touchpoints: Vec<(usize, &'a Touchpoint)>,
}

/// What a log says, in the touchpoints of the map.
struct Seen {
    facts: Facts,
    conflicts: Vec<Conflict>,
}

impl Seen {
    fn new(map: &JourneyMap, log: &EventLog) -> Result<Self> {
        let classes = Classes::new(map, log);
        let log = mapped(log, map, &classes, &WithMapOptions { stage: None, ..WithMapOptions::default() })?;
        let facts = fold(&log, || LintFold::new(log.names()));
        Ok(Self { facts, conflicts: classes.conflicts(&classes.events(&log)) })
    }
}

/// Where a rule found something, and what; worse or less bad than usual if it says so.
struct Found {
    place: String,
    message: String,
    severity: Option<LintSeverity>,
}

impl Found {
    fn at(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into(), severity: None }
    }

    fn under(self, rule: &LintRule, options: &LintOptions) -> LintFinding {
        let given = options.severities.get(rule.code).copied();
        LintFinding {
            code: rule.code.to_owned(),
            severity: given.or(self.severity).unwrap_or(rule.severity),
            place: self.place,
            message: self.message,
            help: rule.help.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
