//! The table of rules.

use super::{Context, Found, LintSeverity, evidence, log, people, scope, shape};

/// What a rule needs besides the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LintNeed {
    /// Nothing.
    Map,
    /// The option `as_of`.
    Date,
    /// A log.
    Log,
}

/// A rule of [`lint`](crate::lint).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LintRule {
    /// The code by which it is switched off.
    pub code: &'static str,
    /// How bad a finding is, unless an option says otherwise.
    pub severity: LintSeverity,
    /// What it needs besides the map.
    pub needs: LintNeed,
    /// What it finds.
    pub finds: &'static str,
    /// What to do about a finding.
    pub help: &'static str,
    pub(super) check: fn(&Context<'_>) -> Vec<Found>,
}

impl LintRule {
    /// Every rule there is, in the order of their findings.
    ///
    /// ```
    /// use journey_core::LintRule;
    ///
    /// assert!(LintRule::all().iter().any(|rule| rule.code == "no-persona"));
    /// ```
    #[must_use]
    pub fn all() -> &'static [Self] {
        &RULES
    }
}

macro_rules! rule {
    ($code:literal, $severity:ident, $needs:ident, $check:path, $finds:literal, $help:literal) => {
        LintRule {
            code: $code,
            severity: LintSeverity::$severity,
            needs: LintNeed::$needs,
            finds: $finds,
            help: $help,
            check: $check,
        }
    };
}

#[rustfmt::skip]
const RULES: [LintRule; 28] = [
    rule!("no-persona", Warning, Map, people::no_persona,
        "a map without personas: nobody whom the journey belongs to",
        "add at least one persona, drawn from research"),
    rule!("no-segment", Hint, Map, people::no_segment,
        "neither segments nor a second persona: one average customer stands for all",
        "add segments that the data can tell apart, or personas who differ"),
    rule!("assumption", Warning, Map, evidence::assumed,
        "a score, a pain point or an expectation with no evidence, or only an `assumption`",
        "ask or count, and name the source under `evidence`"),
    rule!("future-date", Error, Date, evidence::future,
        "evidence or a last change dated after `as_of`",
        "correct the date"),
    rule!("stale-evidence", Warning, Date, evidence::stale_evidence,
        "evidence older than `max_evidence_age`",
        "ask or count again"),
    rule!("stale-map", Warning, Date, evidence::stale_map,
        "a map whose last change is older than `max_map_age`, or not dated",
        "go through the map with the team and set `updated`"),
    rule!("no-emotion", Warning, Map, scope::no_emotion,
        "a touchpoint without a score; that none has one is an error",
        "say how customers feel here, with `expected_score`, and what shows it"),
    rule!("no-offline", Warning, Map, scope::no_offline,
        "a map without an offline channel",
        "add what happens in shops, on the phone, by post; or switch the rule off if nothing does"),
    rule!("digital-only", Warning, Map, scope::digital_only,
        "a map without customer service",
        "add where customers ask for help"),
    rule!("starts-late", Warning, Map, scope::starts_late,
        "a first stage all of whose touchpoints are on channels: nothing before the first contact with the company",
        "add what brings customers there: a need, a friend, a search; such a touchpoint has no channel"),
    rule!("ends-at-purchase", Warning, Map, scope::ends_at_purchase,
        "no stage with touchpoints after that of the last conversion",
        "add what customers live through afterwards: delivery, use, help, renewal"),
    rule!("no-follow-up", Warning, Map, scope::no_follow_up,
        "nothing after a conversion that asks for feedback or follows up",
        "add where customers are asked how it went"),
    rule!("inside-out", Warning, Map, people::inside_out,
        "a touchpoint without an action of the customer or with one of staff, and goals that are the company's",
        "write what the customer does and wants, in the customer's words"),
    rule!("no-goal", Warning, Map, people::no_goal,
        "a stage without a customer goal or expectation",
        "say what the customer wants here"),
    rule!("no-owner", Warning, Map, people::no_owner,
        "a touchpoint on a channel, or a pain point, that no department owns",
        "name the department under `owner`"),
    rule!("too-complex", Warning, Map, shape::too_complex,
        "more than `max_stages` stages, or more than `max_touchpoints` touchpoints in one",
        "join what is alike, or draw a second map"),
    rule!("unreachable", Warning, Map, shape::unreachable,
        "a touchpoint that no way from an entry leads to",
        "add the transition that leads there, or name it as an entry"),
    rule!("dead-end", Warning, Map, shape::dead_end,
        "a touchpoint from which no way leads to an exit",
        "add the transition that leads on, or name it as an exit"),
    rule!("orphan-stage", Warning, Map, shape::orphan_stage,
        "a stage without touchpoints",
        "add what happens there, or take it out"),
    rule!("orphan-channel", Warning, Map, shape::orphan_channel,
        "a channel that no touchpoint is on",
        "say what happens there, or take it out"),
    rule!("no-outcome", Warning, Map, scope::no_outcome,
        "a map that does not say what success is",
        "name the touchpoints that are the goal under `outcome.conversions`"),
    rule!("no-kpi", Warning, Map, scope::no_kpi,
        "a map without KPIs, or a KPI without a target or without a word on how it is measured",
        "name a figure, its target and how it is measured under `outcome.kpis`"),
    rule!("no-baseline", Hint, Map, scope::no_baseline,
        "a future state that does not say which map it changes",
        "name the current state under `baseline`"),
    rule!("unused-channel", Warning, Log, log::unused_channel,
        "a channel of the map with less than `min_channel_share` of the events that have a channel",
        "see whether it is called otherwise in the log, or is not worth its place on the map"),
    rule!("unmapped-events", Warning, Log, log::unmapped_events,
        "events at touchpoints that the map does not have",
        "add the touchpoints, or say under `matches` which they are"),
    rule!("never-visited", Warning, Log, log::never_visited,
        "a touchpoint on a channel without any event",
        "see whether it is called otherwise in the log, or is not measured, or not used"),
    rule!("choice-overload", Warning, Log, log::choice_overload,
        "`many_channels` at one touchpoint, most of them hardly used, and many exits or a long time there",
        "offer fewer channels there, or say which to take"),
    rule!("match-conflict", Warning, Log, log::match_conflict,
        "events that meet rules of two touchpoints, of which the first on the map takes them",
        "make the rules under `matches` narrower, so that each event meets those of one touchpoint"),
];
