//! The stages of a map, as columns of a flow.

use std::collections::HashMap;

use super::columns::Link;
use super::graph::{Graph, Place};
use crate::map::JourneyMap;
use crate::sorting::SortRows;

/// The stage of each place, from 1; the start is before them, the end behind.
pub(super) struct Stages {
    pub(super) of: Vec<usize>,
    /// Names of the stages that are drawn, in their order; none without a map.
    pub(super) names: Vec<String>,
}

impl Stages {
    /// Stages of a map; `None` if it knows no touchpoint of the report.
    pub(super) fn new(graph: &Graph<'_>, map: &JourneyMap, links: &[Link]) -> Option<Self> {
        let numbers: HashMap<&str, usize> =
            map.stages().iter().zip(0..).map(|(stage, number)| (stage.id.as_str(), number)).collect();
        let known: Vec<Option<usize>> = graph
            .nodes
            .iter()
            .map(|node| match node.place {
                Place::Touchpoint(name) => {
                    map.touchpoint(name).ok().and_then(|found| numbers.get(found.stage.as_str()).copied())
                }
                _ => None,
            })
            .collect();
        known.iter().flatten().next()?;
        let stage_of = |node: usize| known.get(node).copied().flatten();
        // What the map does not know stands where most of its transitions lead to or come from.
        let nearest = |node: usize| {
            let mut weights = vec![0_u64; map.stages().len()];
            for link in links {
                let other = if link.source == node {
                    link.target
                } else if link.target == node {
                    link.source
                } else {
                    continue;
                };
                if let Some(weight) = stage_of(other).and_then(|stage| weights.get_mut(stage)) {
                    *weight += link.weight;
                }
            }
            let most = weights.iter().enumerate().max_by_key(|(stage, weight)| (**weight, std::cmp::Reverse(*stage)));
            most.map_or(0, |(stage, _)| stage)
        };
        let stages: Vec<usize> = (0..known.len()).map(|node| stage_of(node).unwrap_or_else(|| nearest(node))).collect();
        let touchpoint =
            |node: usize| graph.nodes.get(node).is_some_and(|node| matches!(node.place, Place::Touchpoint(_)));
        let mut used: Vec<usize> =
            stages.iter().enumerate().filter(|(node, _)| touchpoint(*node)).map(|(_, stage)| *stage).collect();
        used.sort_rows_by(Ord::cmp);
        used.dedup();
        let of = graph
            .nodes
            .iter()
            .zip(&stages)
            .map(|(node, stage)| match node.place {
                Place::Start => 0,
                Place::Touchpoint(_) => 1 + used.binary_search(stage).unwrap_or_default(),
                Place::End => used.len() + 1,
            })
            .collect();
        let name = |stage: &usize| map.stages().get(*stage).map(|stage| stage.name.clone());
        Some(Self { of, names: used.iter().filter_map(name).collect() })
    }

    pub(super) fn without(graph: &Graph<'_>) -> Self {
        let of = graph.nodes.iter().map(|node| match node.place {
            Place::Start => 0,
            Place::Touchpoint(_) => 1,
            Place::End => 2,
        });
        Self { of: of.collect(), names: Vec::new() }
    }
}
