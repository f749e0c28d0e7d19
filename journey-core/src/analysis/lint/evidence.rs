//! What stands behind the statements of a map: whether anything does, and how old it is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Context, Found, date};
use crate::analysis::stats::Part;
use crate::duration::Duration;
use crate::error::shorten;
use crate::map::{Evidence, EvidenceKind};

/// How much of what a map says is assumed: of its scores, pain points and expectations, those with no evidence or only an
/// `assumption`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Assumptions {
    /// Of the whole map.
    pub whole: Part,
    /// Of each stage: what it expects and what its touchpoints say.
    pub stages: Vec<AssumptionPart>,
    /// Of each channel: what the touchpoints on it say.
    pub channels: Vec<AssumptionPart>,
}

/// How much of what is said of a stage or channel is assumed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AssumptionPart {
    /// The id of the stage or channel.
    pub id: String,
    /// The statements that are assumed, of those made.
    pub assumed: Part,
}

/// Something that a map says, which can be shown or assumed.
struct Statement<'a> {
    place: String,
    what: String,
    stage: &'a str,
    channel: Option<&'a str>,
    assumed: bool,
}

/// Everything that a map says: by stage, expectations first, then the touchpoints.
fn statements<'a>(context: &'a Context<'_>) -> Vec<Statement<'a>> {
    let assumed = |evidence: &[Evidence]| evidence.iter().all(|one| one.kind == EvidenceKind::Assumption);
    let mut all = Vec::new();
    for (i, stage) in context.map.stages().iter().enumerate() {
        let expects = |e| Statement {
            place: format!("stages[{i}].expectations[{e}]"),
            what: format!("what customers expect in the stage `{}`", shorten(&stage.id)),
            stage: &stage.id,
            channel: None,
            assumed: assumed(&stage.evidence),
        };
        all.extend((0..stage.expectations.len()).map(expects));
    }
    for (i, touchpoint) in &context.touchpoints {
        let id = shorten(&touchpoint.id);
        let says = |field: String, what: String, evidence: &[Evidence]| Statement {
            place: format!("touchpoints[{i}].{field}"),
            what,
            stage: &touchpoint.stage,
            channel: touchpoint.channel.as_deref(),
            assumed: assumed(evidence),
        };
        if touchpoint.expected_score.is_some() {
            all.push(says("expected_score".into(), format!("the score of `{id}`"), &touchpoint.evidence));
        }
        for e in 0..touchpoint.expectations.len() {
            all.push(says(
                format!("expectations[{e}]"),
                format!("what customers expect at `{id}`"),
                &touchpoint.evidence,
            ));
        }
        for (p, pain) in touchpoint.pain_points.iter().enumerate() {
            let what = format!("the pain point `{}` of `{id}`", shorten(&pain.text));
            all.push(says(format!("pain_points[{p}]"), what, &pain.evidence));
        }
    }
    all
}

pub(super) fn assumed(context: &Context<'_>) -> Vec<Found> {
    let all = statements(context).into_iter().filter(|statement| statement.assumed);
    all.map(|statement| Found::at(statement.place, format!("{} is assumed", statement.what))).collect()
}

pub(super) fn assumptions(context: &Context<'_>) -> Assumptions {
    let all = statements(context);
    let part = |about: &dyn Fn(&Statement<'_>) -> bool| {
        let of = all.iter().filter(|statement| about(statement));
        let assumed = of.clone().filter(|statement| statement.assumed).count() as u64;
        Part::new(assumed, of.count() as u64)
    };
    let stage = |id: &String| AssumptionPart { id: id.clone(), assumed: part(&|statement| statement.stage == id) };
    let channel = |id: &String| AssumptionPart {
        id: id.clone(),
        assumed: part(&|statement| statement.channel == Some(id.as_str())),
    };
    Assumptions {
        whole: part(&|_| true),
        stages: context.map.stages().iter().map(|s| stage(&s.id)).collect(),
        channels: context.map.channels().iter().map(|c| channel(&c.id)).collect(),
    }
}

/// The dates of all evidence, with their places.
fn dates(context: &Context<'_>) -> Vec<(String, NaiveDate)> {
    let mut found = Vec::new();
    let mut take = |place: String, evidence: &[Evidence]| {
        for (i, one) in evidence.iter().enumerate() {
            if let Some(day) = one.date.as_deref().and_then(date) {
                found.push((format!("{place}.evidence[{i}].date"), day));
            }
        }
    };
    for (i, persona) in context.map.personas().iter().enumerate() {
        take(format!("personas[{i}]"), &persona.evidence);
    }
    for (i, stage) in context.map.stages().iter().enumerate() {
        take(format!("stages[{i}]"), &stage.evidence);
    }
    for (i, touchpoint) in &context.touchpoints {
        take(format!("touchpoints[{i}]"), &touchpoint.evidence);
        for (p, pain) in touchpoint.pain_points.iter().enumerate() {
            take(format!("touchpoints[{i}].pain_points[{p}]"), &pain.evidence);
        }
    }
    found
}

/// Whether a day lies longer back than this.
fn older(day: NaiveDate, as_of: NaiveDate, age: Duration) -> bool {
    as_of.signed_duration_since(day).num_microseconds().is_some_and(|micros| micros > age.micros())
}

pub(super) fn future(context: &Context<'_>) -> Vec<Found> {
    let Some(as_of) = context.as_of else { return Vec::new() };
    let updated = context.map.updated().and_then(date).map(|day| ("updated".to_owned(), day));
    let late = updated.into_iter().chain(dates(context)).filter(|(_, day)| *day > as_of);
    late.map(|(place, day)| Found::at(place, format!("{day} lies after {as_of}, the day of this look"))).collect()
}

pub(super) fn stale_evidence(context: &Context<'_>) -> Vec<Found> {
    let Some(as_of) = context.as_of else { return Vec::new() };
    let age = context.options.max_evidence_age;
    let old = dates(context).into_iter().filter(|(_, day)| older(*day, as_of, age));
    old.map(|(place, day)| Found::at(place, format!("the evidence of {day} is older than {age}"))).collect()
}

pub(super) fn stale_map(context: &Context<'_>) -> Vec<Found> {
    let Some(as_of) = context.as_of else { return Vec::new() };
    let age = context.options.max_map_age;
    match context.map.updated().and_then(date) {
        None => vec![Found::at("updated", "nothing says when the map was last changed")],
        Some(day) if older(day, as_of, age) => {
            vec![Found::at("updated", format!("the last change, on {day}, is older than {age}"))]
        }
        Some(_) => Vec::new(),
    }
}
