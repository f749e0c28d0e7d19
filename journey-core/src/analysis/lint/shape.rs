//! The graph: what a reader can hold, what leads nowhere, what nothing uses.

use std::collections::{BTreeSet, HashMap};

use petgraph::Direction;
use petgraph::graph::NodeIndex;

use super::{Context, Found};
use crate::error::shorten;
use crate::sorting::inserted;

pub(super) fn too_complex(context: &Context<'_>) -> Vec<Found> {
    let (stages, options) = (context.map.stages(), context.options);
    let mut found = Vec::new();
    if stages.len() as u64 > options.max_stages {
        let message = format!("{} stages are more than {}", stages.len(), options.max_stages);
        found.push(Found::at("stages", message));
    }
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for (_, touchpoint) in &context.touchpoints {
        *counts.entry(touchpoint.stage.as_str()).or_default() += 1;
    }
    for (i, stage) in stages.iter().enumerate() {
        let count = counts.get(stage.id.as_str()).copied().unwrap_or_default();
        if count > options.max_touchpoints {
            let (id, most) = (shorten(&stage.id), options.max_touchpoints);
            found.push(Found::at(
                format!("stages[{i}]"),
                format!("{count} touchpoints in the stage `{id}` are more than {most}"),
            ));
        }
    }
    found
}

/// The nodes that can be reached along the transitions, in their direction or against it.
pub(super) fn reached(context: &Context<'_>, from: Vec<NodeIndex>, direction: Direction) -> BTreeSet<NodeIndex> {
    let mut reached: BTreeSet<NodeIndex> = inserted(from.iter().copied());
    let mut open = from;
    while let Some(node) = open.pop() {
        let next = context.map.graph().neighbors_directed(node, direction);
        open.extend(next.filter(|node| reached.insert(*node)));
    }
    reached
}

/// Touchpoints that are not among these nodes; a map without transitions says nothing about ways.
fn missed(context: &Context<'_>, nodes: &BTreeSet<NodeIndex>, message: &str) -> Vec<Found> {
    if context.map.graph().edge_count() == 0 {
        return Vec::new();
    }
    let missed = context
        .touchpoints
        .iter()
        .filter(|(_, touchpoint)| context.map.node(&touchpoint.id).is_some_and(|node| !nodes.contains(&node)));
    missed
        .map(|(i, touchpoint)| {
            Found::at(format!("touchpoints[{i}]"), format!("{message} `{}`", shorten(&touchpoint.id)))
        })
        .collect()
}

pub(super) fn unreachable(context: &Context<'_>) -> Vec<Found> {
    let nodes = reached(context, context.map.entries(), Direction::Outgoing);
    missed(context, &nodes, "no way from an entry leads to")
}

pub(super) fn dead_end(context: &Context<'_>) -> Vec<Found> {
    let nodes = reached(context, context.map.exits(), Direction::Incoming);
    missed(context, &nodes, "no way leads to an exit from")
}

pub(super) fn orphan_stage(context: &Context<'_>) -> Vec<Found> {
    let used: BTreeSet<&str> = inserted(context.touchpoints.iter().map(|(_, touchpoint)| touchpoint.stage.as_str()));
    let stages = context.map.stages().iter().enumerate().filter(|(_, stage)| !used.contains(stage.id.as_str()));
    stages
        .map(|(i, stage)| {
            Found::at(format!("stages[{i}]"), format!("nothing happens in the stage `{}`", shorten(&stage.id)))
        })
        .collect()
}

pub(super) fn orphan_channel(context: &Context<'_>) -> Vec<Found> {
    let used: BTreeSet<&str> =
        inserted(context.touchpoints.iter().filter_map(|(_, touchpoint)| touchpoint.channel.as_deref()));
    let channels = context.map.channels().iter().enumerate().filter(|(_, channel)| !used.contains(channel.id.as_str()));
    channels
        .map(|(i, channel)| {
            Found::at(format!("channels[{i}]"), format!("nothing happens on the channel `{}`", shorten(&channel.id)))
        })
        .collect()
}
