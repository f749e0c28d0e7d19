//! Whose journey it is, what they want, and who answers for it.

use super::{Context, Found};
use crate::error::shorten;

pub(super) fn no_persona(context: &Context<'_>) -> Vec<Found> {
    if !context.map.personas().is_empty() {
        return Vec::new();
    }
    vec![Found::at("personas", "the journey belongs to nobody: there is no persona")]
}

pub(super) fn no_segment(context: &Context<'_>) -> Vec<Found> {
    if !context.map.segments().is_empty() || context.map.personas().len() > 1 {
        return Vec::new();
    }
    vec![Found::at("segments", "one average customer stands for all: there are neither segments nor a second persona")]
}

pub(super) fn inside_out(context: &Context<'_>) -> Vec<Found> {
    let words = &context.options.words;
    let mut found = Vec::new();
    for (i, persona) in context.map.personas().iter().enumerate() {
        for (g, goal) in persona.goals.iter().enumerate().filter(|(_, goal)| words.is_company(goal)) {
            let message = format!("the goal `{}` of `{}` is the company's", shorten(goal), shorten(&persona.id));
            found.push(Found::at(format!("personas[{i}].goals[{g}]"), message));
        }
    }
    for (i, stage) in context.map.stages().iter().enumerate() {
        if let Some(goal) = stage.goal.as_ref().filter(|goal| words.is_company(goal)) {
            let message =
                format!("the goal `{}` of the stage `{}` is the company's", shorten(goal), shorten(&stage.id));
            found.push(Found::at(format!("stages[{i}].goal"), message));
        }
        for (e, text) in stage.expectations.iter().enumerate().filter(|(_, text)| words.is_company(text)) {
            let message = format!("the expectation `{}` is the company's", shorten(text));
            found.push(Found::at(format!("stages[{i}].expectations[{e}]"), message));
        }
    }
    for (i, touchpoint) in &context.touchpoints {
        let id = shorten(&touchpoint.id);
        let place = format!("touchpoints[{i}].action");
        match &touchpoint.action {
            None => found.push(Found::at(place, format!("nothing says what the customer does at `{id}`"))),
            Some(action) if words.is_staff(action) => {
                found.push(Found::at(
                    place,
                    format!("at `{id}` it is not the customer who acts: `{}`", shorten(action)),
                ));
            }
            Some(_) => {}
        }
        for (e, text) in touchpoint.expectations.iter().enumerate().filter(|(_, text)| words.is_company(text)) {
            let message = format!("the expectation `{}` is the company's", shorten(text));
            found.push(Found::at(format!("touchpoints[{i}].expectations[{e}]"), message));
        }
    }
    found
}

pub(super) fn no_goal(context: &Context<'_>) -> Vec<Found> {
    let stages = context.map.stages().iter().enumerate();
    stages
        .filter(|(_, stage)| stage.goal.is_none() && stage.expectations.is_empty())
        .map(|(i, stage)| {
            let message = format!("nothing says what the customer wants in the stage `{}`", shorten(&stage.id));
            Found::at(format!("stages[{i}].goal"), message)
        })
        .collect()
}

pub(super) fn no_owner(context: &Context<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (i, touchpoint) in &context.touchpoints {
        if touchpoint.owner.is_some() {
            continue;
        }
        let id = shorten(&touchpoint.id);
        if !touchpoint.pain_points.is_empty() {
            found.push(Found::at(
                format!("touchpoints[{i}].owner"),
                format!("nobody answers for the pain points of `{id}`"),
            ));
        } else if touchpoint.channel.is_some() {
            found.push(Found::at(format!("touchpoints[{i}].owner"), format!("nobody answers for `{id}`")));
        }
    }
    found
}
