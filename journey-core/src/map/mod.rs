//! The journey map: what a team draws, as a graph that can be computed with.

mod build;
mod check;
mod data;
mod diff;
mod evidence;
mod ids;
mod people;
mod stages;
mod template;
mod touchpoint;
mod transition;

use std::collections::HashMap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};

pub use build::JourneyMapBuilder;
pub use data::{Baseline, Kpi, MapData, MapKind, Outcome};
pub use diff::{ChangeKind, MapChange, MapDiff, MapPart, diff};
pub use evidence::{Evidence, EvidenceKind};
pub(crate) use ids::Ids;
pub use people::{Persona, Segment};
pub use stages::{Channel, ChannelKind, Stage};
pub use touchpoint::{
    MatchPattern, MatchRule, ObservedTouchpoint, Opportunity, OpportunityKind, PainPoint, PainSeverity, Touchpoint,
};
pub use transition::{ObservedTransition, Transition};

use crate::error::{Error, Problem, nearest, shorten};

/// A customer journey map: a graph of touchpoints and the transitions between them, in stages.
///
/// A map is made by its [builder](Self::builder), from [data](Self::from_data), from [JSON](Self::from_json) or from a
/// log ([`discover`](crate::discover)). All its rules are checked then, and it cannot be changed afterwards.
///
/// ```
/// use journey_core::{JourneyMap, Stage, Touchpoint, Transition};
///
/// let map = JourneyMap::builder("Shop")
///     .stage(Stage::new("choose", "Choose"))
///     .stage(Stage::new("buy", "Buy"))
///     .touchpoint(Touchpoint::new("visit", "Visit the shop", "choose"))
///     .touchpoint(Touchpoint::new("pay", "Pay", "buy"))
///     .transition(Transition::new("visit", "pay"))
///     .build()?;
/// assert_eq!(map.graph().edge_count(), 1);
/// assert_eq!(map.touchpoint("pay")?.stage, "buy");
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct JourneyMap {
    /// The data without touchpoints and transitions, which the graph holds.
    frame: MapData,
    /// Touchpoints in the order of their stages, then of the data.
    graph: DiGraph<Touchpoint, Transition>,
    nodes: HashMap<String, NodeIndex>,
    /// For each node the place of its touchpoint in the data that the map was made from.
    places: Vec<usize>,
}

/// Maps are equal if they hold the same data.
impl PartialEq for JourneyMap {
    fn eq(&self, other: &Self) -> bool {
        self.to_data() == other.to_data()
    }
}

impl JourneyMap {
    /// Starts a map with this name.
    pub fn builder(name: impl Into<String>) -> JourneyMapBuilder {
        JourneyMapBuilder::new(name)
    }

    /// The data of the map: touchpoints in the order of their stages, transitions in the order they were given.
    #[must_use]
    pub fn to_data(&self) -> MapData {
        MapData {
            touchpoints: self.graph.node_weights().cloned().collect(),
            transitions: self.graph.edge_weights().cloned().collect(),
            ..self.frame.clone()
        }
    }

    /// What the map is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.frame.name
    }

    /// What the map shows, and for whom.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.frame.description.as_deref()
    }

    /// What the map shows: today, tomorrow or a day.
    #[must_use]
    pub fn kind(&self) -> MapKind {
        self.frame.kind
    }

    /// The version of the map, in the team's own scheme.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.frame.version.as_deref()
    }

    /// The day of the last change, `YYYY-MM-DD`.
    #[must_use]
    pub fn updated(&self) -> Option<&str> {
        self.frame.updated.as_deref()
    }

    /// The map that this one changes.
    #[must_use]
    pub fn baseline(&self) -> Option<&Baseline> {
        self.frame.baseline.as_ref()
    }

    /// The customers whose journey it is, as the team imagines them.
    #[must_use]
    pub fn personas(&self) -> &[Persona] {
        &self.frame.personas
    }

    /// The groups of customers whose journeys are told apart.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.frame.segments
    }

    /// The stages, in the order customers go through them.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.frame.stages
    }

    /// The channels on which touchpoints happen.
    #[must_use]
    pub fn channels(&self) -> &[Channel] {
        &self.frame.channels
    }

    /// Where journeys begin and end, as the map says it; see [`entries`](Self::entries) for what follows from it.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.frame.outcome
    }

    /// The graph of touchpoints and transitions, for any algorithm of [`petgraph`].
    ///
    /// Node indices run through the touchpoints in the order of their stages.
    #[must_use]
    pub fn graph(&self) -> &DiGraph<Touchpoint, Transition> {
        &self.graph
    }

    /// The touchpoints in the order of their stages, then of the map's data.
    #[must_use]
    pub fn touchpoints(&self) -> impl ExactSizeIterator<Item = &Touchpoint> {
        self.graph.raw_nodes().iter().map(|node| &node.weight)
    }

    /// The touchpoints in the order of their stages, each with its place in the data that the map was made from.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (usize, &Touchpoint)> {
        self.places.iter().copied().zip(self.touchpoints())
    }

    /// The node of the touchpoint with this id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<NodeIndex> {
        self.nodes.get(id).copied()
    }

    /// The touchpoint with this id.
    ///
    /// # Errors
    /// If the map has no such touchpoint; the error names the nearest one.
    pub fn touchpoint(&self, id: &str) -> Result<&Touchpoint, Error> {
        self.node(id).and_then(|node| self.graph.node_weight(node)).ok_or_else(|| {
            let nearest = nearest(id, self.touchpoints().map(|t| t.id.as_str()));
            Problem::UnknownTouchpoint { place: "the map", id: shorten(id), nearest }.into()
        })
    }

    /// Where journeys may begin: the named entries, else touchpoints that no transition from another one reaches,
    /// else all.
    #[must_use]
    pub fn entries(&self) -> Vec<NodeIndex> {
        self.ends(&self.frame.outcome.entries, Direction::Incoming)
    }

    /// Where journeys may end: the named exits, else touchpoints that no transition to another one leaves, else all.
    #[must_use]
    pub fn exits(&self) -> Vec<NodeIndex> {
        self.ends(&self.frame.outcome.exits, Direction::Outgoing)
    }

    fn ends(&self, named: &[String], direction: Direction) -> Vec<NodeIndex> {
        if !named.is_empty() {
            let mut nodes: Vec<_> = named.iter().filter_map(|id| self.node(id)).collect();
            nodes.sort_unstable();
            nodes.dedup();
            return nodes;
        }
        let open: Vec<_> = self
            .graph
            .node_indices()
            .filter(|node| self.graph.neighbors_directed(*node, direction).all(|other| other == *node))
            .collect();
        if open.is_empty() { self.graph.node_indices().collect() } else { open }
    }

    /// The same journey one level up: stages, and how many transitions of the map lead from one to another.
    ///
    /// Node indices are the positions of the stages. Transitions within a stage are edges from it to itself.
    #[must_use]
    pub fn stage_graph(&self) -> DiGraph<Stage, u64> {
        let mut stages = DiGraph::new();
        let nodes: HashMap<&str, NodeIndex> =
            self.stages().iter().map(|stage| (stage.id.as_str(), stages.add_node(stage.clone()))).collect();
        let stage_of = |id: &str| self.touchpoint(id).ok().and_then(|t| nodes.get(t.stage.as_str()).copied());
        for transition in self.graph.edge_weights() {
            if let (Some(from), Some(to)) = (stage_of(&transition.from), stage_of(&transition.to)) {
                let edge = stages.find_edge(from, to).unwrap_or_else(|| stages.add_edge(from, to, 0));
                if let Some(count) = stages.edge_weight_mut(edge) {
                    *count += 1;
                }
            }
        }
        stages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop() -> JourneyMapBuilder {
        JourneyMap::builder("Shop")
            .stage(Stage::new("choose", "Choose"))
            .stage(Stage::new("buy", "Buy"))
            .touchpoint(Touchpoint::new("pay", "Pay", "buy"))
            .touchpoint(Touchpoint::new("visit", "Visit", "choose"))
            .touchpoint(Touchpoint::new("search", "Search", "choose"))
            .transition(Transition::new("visit", "search"))
            .transition(Transition::new("search", "search"))
            .transition(Transition::new("search", "pay"))
    }

    fn ids(map: &JourneyMap, nodes: &[NodeIndex]) -> Vec<String> {
        nodes.iter().map(|node| map.graph()[*node].id.clone()).collect()
    }

    #[test]
    fn touchpoints_stand_in_the_order_of_their_stages() {
        let map = shop().build().unwrap();
        let order: Vec<_> = map.touchpoints().map(|t| t.id.as_str()).collect();
        assert_eq!(order, ["visit", "search", "pay"]);
    }

    #[test]
    fn sources_and_sinks_are_entries_and_exits_unless_the_map_names_some() {
        let map = shop().build().unwrap();
        assert_eq!(ids(&map, &map.entries()), ["visit"]);
        assert_eq!(ids(&map, &map.exits()), ["pay"]);
        let map = shop().entry("search").exit("search").build().unwrap();
        assert_eq!(ids(&map, &map.entries()), ["search"]);
        let circle = shop().transition(Transition::new("pay", "visit")).build().unwrap();
        assert_eq!(circle.entries().len(), 3, "a circle has no source: a journey may begin anywhere");
    }

    #[test]
    fn the_stage_graph_counts_transitions_between_stages() {
        let map = shop().build().unwrap();
        let stages = map.stage_graph();
        let edges: Vec<_> = stages.edge_indices().map(|e| (stages.edge_endpoints(e).unwrap(), stages[e])).collect();
        let [choose, buy] = [0, 1].map(NodeIndex::new);
        assert_eq!(edges, [((choose, choose), 2), ((choose, buy), 1)]);
    }
}
