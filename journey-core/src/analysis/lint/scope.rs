//! What belongs on a map: feelings, all channels, the time before and after, an outcome.

use petgraph::Direction;
use petgraph::graph::NodeIndex;

use super::{Context, Found, LintSeverity, shape};
use crate::error::shorten;
use crate::map::{ChannelKind, MapKind};

pub(super) fn no_emotion(context: &Context<'_>) -> Vec<Found> {
    let touchpoints = &context.touchpoints;
    if !touchpoints.is_empty() && touchpoints.iter().all(|(_, touchpoint)| touchpoint.expected_score.is_none()) {
        let none = Found::at("touchpoints", "nothing says how customers feel: no touchpoint has a score");
        return vec![Found { severity: Some(LintSeverity::Error), ..none }];
    }
    let unscored = touchpoints.iter().filter(|(_, touchpoint)| touchpoint.expected_score.is_none());
    unscored
        .map(|(i, touchpoint)| {
            let message = format!("nothing says how customers feel at `{}`", shorten(&touchpoint.id));
            Found::at(format!("touchpoints[{i}].expected_score"), message)
        })
        .collect()
}

pub(super) fn no_offline(context: &Context<'_>) -> Vec<Found> {
    if context.map.channels().iter().any(|channel| channel.kind == ChannelKind::Offline) {
        return Vec::new();
    }
    vec![Found::at("channels", "no channel is offline")]
}

pub(super) fn digital_only(context: &Context<'_>) -> Vec<Found> {
    let words = &context.options.words;
    if context.touchpoints.iter().any(|(_, touchpoint)| words.is_service(context.map, touchpoint)) {
        return Vec::new();
    }
    vec![Found::at("touchpoints", "customers find nobody who helps them: no touchpoint is customer service")]
}

/// Where the stage of a touchpoint stands.
fn stage_of(context: &Context<'_>, stage: &str) -> Option<usize> {
    context.map.stages().iter().position(|other| other.id == stage)
}

pub(super) fn starts_late(context: &Context<'_>) -> Vec<Found> {
    let Some((_, first)) = context.touchpoints.first() else { return Vec::new() };
    let stage = &first.stage;
    let mut here = context.touchpoints.iter().filter(|(_, touchpoint)| touchpoint.stage == *stage);
    if context.map.kind() == MapKind::DayInTheLife || here.any(|(_, touchpoint)| touchpoint.channel.is_none()) {
        return Vec::new();
    }
    let place = stage_of(context, stage).map_or_else(|| "stages".to_owned(), |i| format!("stages[{i}]"));
    let message =
        format!("the journey begins in the stage `{}`, where all is contact with the company", shorten(stage));
    vec![Found::at(place, message)]
}

/// Where the last stage with a conversion stands.
fn conversion_stage(context: &Context<'_>) -> Option<usize> {
    let conversions = context.map.outcome().conversions.iter();
    conversions.filter_map(|id| stage_of(context, &context.map.touchpoint(id).ok()?.stage)).max()
}

pub(super) fn ends_at_purchase(context: &Context<'_>) -> Vec<Found> {
    let Some(last) = conversion_stage(context).filter(|_| context.map.kind() != MapKind::DayInTheLife) else {
        return Vec::new();
    };
    let after = |stage: &str| stage_of(context, stage).is_some_and(|stage| stage > last);
    if context.touchpoints.iter().any(|(_, touchpoint)| after(&touchpoint.stage)) {
        return Vec::new();
    }
    vec![Found::at(format!("stages[{last}]"), "the journey ends with the stage of the conversion")]
}

pub(super) fn no_follow_up(context: &Context<'_>) -> Vec<Found> {
    let Some(last) = conversion_stage(context).filter(|_| context.map.kind() != MapKind::DayInTheLife) else {
        return Vec::new();
    };
    let conversions: Vec<NodeIndex> =
        context.map.outcome().conversions.iter().filter_map(|id| context.map.node(id)).collect();
    let next = conversions.iter().flat_map(|node| context.map.graph().neighbors(*node)).collect();
    let later = shape::reached(context, next, Direction::Outgoing);
    let follows = context.touchpoints.iter().any(|(_, touchpoint)| {
        let on_the_way = context.map.node(&touchpoint.id).is_some_and(|node| later.contains(&node));
        let in_a_later_stage = stage_of(context, &touchpoint.stage).is_some_and(|stage| stage > last);
        (on_the_way || in_a_later_stage) && context.options.words.is_follow_up(touchpoint)
    });
    if follows {
        return Vec::new();
    }
    vec![Found::at("outcome.conversions", "after a conversion nobody asks customers how it went")]
}

pub(super) fn no_outcome(context: &Context<'_>) -> Vec<Found> {
    if !context.map.outcome().conversions.is_empty() {
        return Vec::new();
    }
    vec![Found::at("outcome.conversions", "nothing says what success is")]
}

pub(super) fn no_kpi(context: &Context<'_>) -> Vec<Found> {
    let kpis = &context.map.outcome().kpis;
    if kpis.is_empty() {
        return vec![Found::at("outcome.kpis", "nothing says how success is measured")];
    }
    let mut found = Vec::new();
    for (i, kpi) in kpis.iter().enumerate() {
        if kpi.target.is_none() {
            found.push(Found::at(format!("outcome.kpis[{i}].target"), format!("`{}` has no target", shorten(&kpi.id))));
        }
        if kpi.measured_by.is_none() {
            let message = format!("nothing says how `{}` is measured", shorten(&kpi.id));
            found.push(Found::at(format!("outcome.kpis[{i}].measured_by"), message));
        }
    }
    found
}

pub(super) fn no_baseline(context: &Context<'_>) -> Vec<Found> {
    if context.map.kind() != MapKind::FutureState || context.map.baseline().is_some() {
        return Vec::new();
    }
    vec![Found::at("baseline", "the future state does not say which map it changes")]
}
