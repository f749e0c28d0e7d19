//! Every rule that the data of a map keeps.

use std::collections::{BTreeMap, HashMap};

use super::{Evidence, MapData, MatchRule, Opportunity, Outcome, PainPoint, Touchpoint, Transition};
use crate::error::{Error, Problem, Result, nearest, shorten};
use crate::score::SCORES;
use crate::sorting::SortRows;
use crate::time::date;

/// Ids with their positions.
type Ids<'a> = HashMap<&'a str, usize>;

/// Checks all data of a map; the error names the field.
pub(super) fn check(data: &MapData) -> Result<()> {
    check_text("name", &data.name, "name of the map")?;
    check_date("updated", data.updated.as_deref())?;
    check_baseline(data)?;
    let personas = check_ids("personas", "persona", data.personas.iter().map(|p| (&p.id, &p.name)))?;
    for (i, persona) in data.personas.iter().enumerate() {
        check_evidence(&format!("personas[{i}]"), &persona.evidence)?;
    }
    check_ids("segments", "segment", data.segments.iter().map(|s| (&s.id, &s.name)))?;
    for (i, segment) in data.segments.iter().enumerate() {
        check_attributes(&format!("segments[{i}]"), &segment.attributes)?;
    }
    let stages = check_ids("stages", "stage", data.stages.iter().map(|s| (&s.id, &s.name)))?;
    for (i, stage) in data.stages.iter().enumerate() {
        check_evidence(&format!("stages[{i}]"), &stage.evidence)?;
    }
    let channels = check_ids("channels", "channel", data.channels.iter().map(|c| (&c.id, &c.name)))?;
    let touchpoints = check_ids("touchpoints", "touchpoint", data.touchpoints.iter().map(|t| (&t.id, &t.name)))?;
    for (i, touchpoint) in data.touchpoints.iter().enumerate() {
        check_touchpoint(&format!("touchpoints[{i}]"), touchpoint, &stages, &channels, &personas)?;
    }
    check_transitions(&data.transitions, &touchpoints)?;
    check_outcome(&data.outcome, &touchpoints)
}

/// A map that changes itself would be a circle; of longer ones a single map cannot know.
fn check_baseline(data: &MapData) -> Result<()> {
    let Some(baseline) = &data.baseline else { return Ok(()) };
    check_text("baseline.name", &baseline.name, "name of the baseline")?;
    if baseline.name == data.name && baseline.version == data.version {
        return Err(Problem::OwnBaseline.at_field("baseline"));
    }
    Ok(())
}

fn check_text(field: &str, text: &str, what: &'static str) -> Result<()> {
    if text.is_empty() { Err(Problem::EmptyText(what).at_field(field)) } else { Ok(()) }
}

fn check_ids<'a>(
    list: &str,
    what: &'static str,
    items: impl Iterator<Item = (&'a String, &'a String)>,
) -> Result<Ids<'a>> {
    let mut ids = Ids::new();
    for (i, (id, name)) in items.enumerate() {
        check_text(&format!("{list}[{i}].id"), id, "id")?;
        check_text(&format!("{list}[{i}].name"), name, "name")?;
        if ids.insert(id, i).is_some() {
            return Err(Problem::RepeatedId { what, id: shorten(id) }.at_field(format!("{list}[{i}].id")));
        }
    }
    Ok(ids)
}

fn nearest_id(id: &str, ids: &Ids) -> Option<String> {
    let mut known: Vec<_> = ids.keys().copied().collect();
    known.sort_rows_by(Ord::cmp);
    nearest(id, known)
}

fn check_touchpoint(place: &str, touchpoint: &Touchpoint, stages: &Ids, channels: &Ids, personas: &Ids) -> Result<()> {
    let id = &touchpoint.stage;
    if !stages.contains_key(id.as_str()) {
        let problem = Problem::UnknownStage { id: shorten(id), nearest: nearest_id(id, stages) };
        return Err(problem.at_field(format!("{place}.stage")));
    }
    if let Some(id) = &touchpoint.channel {
        check_part(&format!("{place}.channel"), "channel", id, channels)?;
    }
    for (i, id) in touchpoint.personas.iter().enumerate() {
        check_part(&format!("{place}.personas[{i}]"), "persona", id, personas)?;
    }
    for (i, pain) in touchpoint.pain_points.iter().enumerate() {
        check_pain_point(&format!("{place}.pain_points[{i}]"), pain)?;
    }
    for (i, opportunity) in touchpoint.opportunities.iter().enumerate() {
        check_opportunity(&format!("{place}.opportunities[{i}]"), opportunity)?;
    }
    let score = touchpoint.expected_score;
    check_number(&format!("{place}.expected_score"), score, |x| SCORES.contains(&x), "a score from -2 to 2")?;
    check_evidence(place, &touchpoint.evidence)?;
    for (i, rule) in touchpoint.matches.iter().enumerate() {
        check_rule(&format!("{place}.matches[{i}]"), rule)?;
    }
    Ok(())
}

fn check_pain_point(place: &str, pain: &PainPoint) -> Result<()> {
    check_text(&format!("{place}.text"), &pain.text, "text of the pain point")?;
    check_evidence(place, &pain.evidence)
}

fn check_opportunity(place: &str, opportunity: &Opportunity) -> Result<()> {
    check_text(&format!("{place}.text"), &opportunity.text, "text of the opportunity")?;
    let effort = |x: f64| (0.0..=5.0).contains(&x);
    check_number(&format!("{place}.effort"), opportunity.effort, effort, "an effort from 0 to 5")?;
    let value = |x: f64| (0.0..=100.0).contains(&x);
    check_number(&format!("{place}.value"), opportunity.value, value, "a value from 0 to 100")
}

fn check_rule(place: &str, rule: &MatchRule) -> Result<()> {
    let MatchRule { touchpoint, pattern: _, channel, attributes } = rule;
    if touchpoint.is_none() && channel.is_none() && attributes.is_empty() {
        return Err(Problem::RuleOfAll.at_field(place));
    }
    if let Some(touchpoint) = touchpoint {
        check_text(&format!("{place}.touchpoint"), touchpoint, "touchpoint of the rule")?;
    }
    if let Some(channel) = channel {
        check_text(&format!("{place}.channel"), channel, "channel of the rule")?;
    }
    check_attributes(place, attributes)
}

/// An attribute without values would be met by nobody or by everybody; readers would guess differently.
fn check_attributes(place: &str, attributes: &BTreeMap<String, Vec<String>>) -> Result<()> {
    match attributes.iter().find(|(_, values)| values.is_empty()) {
        Some((name, _)) => {
            let problem = Problem::NoValues { attribute: shorten(name) };
            Err(problem.at_field(format!("{place}.attributes.{}", shorten(name))))
        }
        None => Ok(()),
    }
}

fn check_evidence(place: &str, evidence: &[Evidence]) -> Result<()> {
    for (i, Evidence { date, .. }) in evidence.iter().enumerate() {
        check_date(&format!("{place}.evidence[{i}].date"), date.as_deref())?;
    }
    Ok(())
}

fn check_outcome(outcome: &Outcome, touchpoints: &Ids) -> Result<()> {
    let Outcome { entries, exits, conversions, kpis } = outcome;
    for (part, ids) in [("entries", entries), ("exits", exits), ("conversions", conversions)] {
        for (i, id) in ids.iter().enumerate() {
            check_known(&format!("outcome.{part}[{i}]"), id, touchpoints)?;
        }
    }
    check_ids("outcome.kpis", "KPI", kpis.iter().map(|kpi| (&kpi.id, &kpi.name)))?;
    for (i, kpi) in kpis.iter().enumerate() {
        check_number(&format!("outcome.kpis[{i}].target"), kpi.target, f64::is_finite, "a finite number")?;
    }
    Ok(())
}

fn check_part(field: &str, what: &'static str, id: &str, known: &Ids) -> Result<()> {
    if known.contains_key(id) {
        return Ok(());
    }
    Err(Problem::UnknownPart { what, id: shorten(id), nearest: nearest_id(id, known) }.at_field(field))
}

fn check_transitions(transitions: &[Transition], touchpoints: &Ids) -> Result<()> {
    let mut seen = HashMap::new();
    let mut shares: HashMap<&str, f64> = HashMap::new();
    for (i, transition) in transitions.iter().enumerate() {
        let place = format!("transitions[{i}]");
        let Transition { from, to, expected_share, expected_seconds, observed } = transition;
        check_known(&format!("{place}.from"), from, touchpoints)?;
        check_known(&format!("{place}.to"), to, touchpoints)?;
        if seen.insert((from, to), i).is_some() {
            let problem = Problem::RepeatedTransition { from: shorten(from), to: shorten(to) };
            return Err(problem.at_field(place));
        }
        let share_place = format!("{place}.expected_share");
        check_number(&share_place, *expected_share, |x| (0.0..=1.0).contains(&x), "a share from 0 to 1")?;
        let seconds = |x: f64| x.is_finite() && x >= 0.0;
        let expected = "a finite number of seconds, 0 or more";
        check_number(&format!("{place}.expected_seconds"), *expected_seconds, seconds, expected)?;
        if let Some(times) = observed {
            check_number(&format!("{place}.observed.mean_seconds"), times.mean_seconds, seconds, expected)?;
            check_number(&format!("{place}.observed.median_seconds"), times.median_seconds, seconds, expected)?;
        }
        let sum = shares.entry(from).or_default();
        *sum += expected_share.unwrap_or(0.0);
        if *sum > 1.0 + 1e-9 {
            return Err(Problem::Shares { from: shorten(from), sum: *sum }.at_field(share_place));
        }
    }
    Ok(())
}

fn check_known(field: &str, id: &str, touchpoints: &Ids) -> Result<()> {
    if touchpoints.contains_key(id) {
        return Ok(());
    }
    let nearest = nearest_id(id, touchpoints);
    let problem = Problem::UnknownTouchpoint { place: "the map", id: shorten(id), nearest };
    Err(problem.at_field(field))
}

fn check_number(field: &str, value: Option<f64>, ok: impl Fn(f64) -> bool, expected: &'static str) -> Result<()> {
    match value {
        Some(value) if !ok(value) => Err(Problem::MapValue { value: value.to_string(), expected }.at_field(field)),
        _ => Ok(()),
    }
}

fn check_date(field: &str, given: Option<&str>) -> Result<()> {
    let bad = |text: &str| -> Error {
        let value = format!("`{}`", shorten(text));
        Problem::MapValue { value, expected: "a date such as `2026-03-31`" }.at_field(field)
    };
    match given {
        Some(text) if date(text).is_none() => Err(bad(text)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Baseline, EvidenceKind, JourneyMapBuilder, Kpi, Persona, Segment, Stage};
    use crate::{ErrorKind, JourneyMap};

    fn builder() -> JourneyMapBuilder {
        JourneyMap::builder("Shop")
            .stage(Stage::new("buy", "Buy"))
            .touchpoint(Touchpoint::new("cart", "Cart", "buy"))
            .touchpoint(Touchpoint::new("pay", "Pay", "buy"))
    }

    /// Kind and field of the error that building gives.
    fn refused(builder: JourneyMapBuilder) -> (ErrorKind, String) {
        let error = builder.build().unwrap_err();
        (error.kind(), error.location().field.clone().unwrap())
    }

    fn touchpoint(change: impl Fn(&mut Touchpoint)) -> JourneyMapBuilder {
        let mut touchpoint = Touchpoint::new("ship", "Ship", "buy");
        change(&mut touchpoint);
        builder().touchpoint(touchpoint)
    }

    #[test]
    fn every_broken_rule_is_refused_with_its_place() {
        use ErrorKind::{InvalidMap, UnknownStage, UnknownTouchpoint};
        let transition = |from: &str, to: &str, share| {
            builder().transition(Transition { expected_share: share, ..Transition::new(from, to) })
        };
        let slow = Transition { expected_seconds: Some(f64::INFINITY), ..Transition::new("cart", "pay") };
        let undated = Evidence { date: Some("31.3.2026".into()), ..Evidence::new(EvidenceKind::Survey) };
        let shares = Transition { expected_share: Some(0.6), ..Transition::new("cart", "cart") };
        let everybody = Segment { attributes: [("platform".to_owned(), vec![])].into(), ..Segment::new("m", "M") };
        let hard = Opportunity { text: "x".into(), effort: Some(6.0), ..Opportunity::default() };
        let worth = Opportunity { text: "x".into(), value: Some(-1.0), ..Opportunity::default() };
        let cases = [
            (JourneyMap::builder(""), InvalidMap, "name"),
            (builder().stage(Stage::new("buy", "Buy again")), InvalidMap, "stages[1].id"),
            (builder().stage(Stage::new("use", "")), InvalidMap, "stages[1].name"),
            (touchpoint(|t| t.id = "cart".into()), InvalidMap, "touchpoints[2].id"),
            (touchpoint(|t| t.name = String::new()), InvalidMap, "touchpoints[2].name"),
            (touchpoint(|t| t.stage = "by".into()), UnknownStage, "touchpoints[2].stage"),
            (touchpoint(|t| t.channel = Some("web".into())), InvalidMap, "touchpoints[2].channel"),
            (touchpoint(|t| t.expected_score = Some(7.0)), InvalidMap, "touchpoints[2].expected_score"),
            (touchpoint(|t| t.expected_score = Some(f64::NAN)), InvalidMap, "touchpoints[2].expected_score"),
            (touchpoint(|t| t.evidence = vec![undated.clone()]), InvalidMap, "touchpoints[2].evidence[0].date"),
            (transition("cart", "pey", None), UnknownTouchpoint, "transitions[0].to"),
            (transition("crat", "pay", None), UnknownTouchpoint, "transitions[0].from"),
            (transition("cart", "pay", Some(1.5)), InvalidMap, "transitions[0].expected_share"),
            (transition("cart", "pay", Some(0.5)).transition(shares), InvalidMap, "transitions[1].expected_share"),
            (builder().transition(slow), InvalidMap, "transitions[0].expected_seconds"),
            (transition("cart", "pay", None).transition(Transition::new("cart", "pay")), InvalidMap, "transitions[1]"),
            (builder().persona(Persona::new("", "Ann")), InvalidMap, "personas[0].id"),
            (builder().segment(Segment::new("m", "M")).segment(Segment::new("m", "N")), InvalidMap, "segments[1].id"),
            (builder().segment(everybody), InvalidMap, "segments[0].attributes.platform"),
            (builder().kpi(Kpi { target: Some(f64::NAN), ..Kpi::new("k", "K") }), InvalidMap, "outcome.kpis[0].target"),
            (builder().updated("2026-02-30"), InvalidMap, "updated"),
            (builder().baseline(Baseline { name: "Shop".into(), version: None }), InvalidMap, "baseline"),
            (builder().baseline(Baseline::default()), InvalidMap, "baseline.name"),
            (touchpoint(|t| t.personas = vec!["ann".into()]), InvalidMap, "touchpoints[2].personas[0]"),
            (
                touchpoint(|t| t.pain_points = vec![PainPoint::default()]),
                InvalidMap,
                "touchpoints[2].pain_points[0].text",
            ),
            (
                touchpoint(|t| t.opportunities = vec![hard.clone()]),
                InvalidMap,
                "touchpoints[2].opportunities[0].effort",
            ),
            (
                touchpoint(|t| t.opportunities = vec![worth.clone()]),
                InvalidMap,
                "touchpoints[2].opportunities[0].value",
            ),
            (touchpoint(|t| t.matches = vec![MatchRule::default()]), InvalidMap, "touchpoints[2].matches[0]"),
            (builder().entry("start"), UnknownTouchpoint, "outcome.entries[0]"),
            (builder().exit("end"), UnknownTouchpoint, "outcome.exits[0]"),
            (builder().conversion("by"), UnknownTouchpoint, "outcome.conversions[0]"),
        ];
        for (builder, kind, field) in cases {
            assert_eq!(refused(builder), (kind, field.to_owned()));
        }
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest() {
        let error = builder().transition(Transition::new("cart", "pey")).build().unwrap_err();
        assert!(error.to_string().ends_with("did you mean `pay`?"), "{error}");
    }

    #[test]
    fn a_new_version_may_have_the_old_one_as_its_baseline() {
        let old = Baseline { name: "Shop".into(), version: Some("1".into()) };
        assert!(builder().version("2").baseline(old.clone()).build().is_ok());
        assert!(builder().version("1").baseline(old).build().is_err());
    }
}
