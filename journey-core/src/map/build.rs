//! The builder of maps, and how data that keeps every rule becomes a graph.

use std::collections::HashMap;

use petgraph::graph::DiGraph;

use super::check::check;
use super::{Baseline, Channel, JourneyMap, Kpi, MapData, MapKind, Persona, Segment, Stage, Touchpoint, Transition};
use crate::error::Result;
use crate::sorting::SortRows;

/// Gathers the parts of a map; [`build`](Self::build) checks them.
#[derive(Clone, Debug)]
#[must_use]
pub struct JourneyMapBuilder {
    data: MapData,
}

impl JourneyMapBuilder {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self { data: MapData { name: name.into(), ..MapData::default() } }
    }

    /// Says what the map shows, and for whom.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.data.description = Some(text.into());
        self
    }

    /// Sets what the map shows: today, tomorrow or a day.
    pub fn kind(mut self, kind: MapKind) -> Self {
        self.data.kind = kind;
        self
    }

    /// Sets the version of the map, in the team's own scheme.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.data.version = Some(version.into());
        self
    }

    /// Sets the day of the last change, `YYYY-MM-DD`.
    pub fn updated(mut self, date: impl Into<String>) -> Self {
        self.data.updated = Some(date.into());
        self
    }

    /// Names the map that this one changes.
    pub fn baseline(mut self, baseline: Baseline) -> Self {
        self.data.baseline = Some(baseline);
        self
    }

    /// Adds a persona.
    pub fn persona(mut self, persona: Persona) -> Self {
        self.data.personas.push(persona);
        self
    }

    /// Adds a segment.
    pub fn segment(mut self, segment: Segment) -> Self {
        self.data.segments.push(segment);
        self
    }

    /// Adds a stage after those there are.
    pub fn stage(mut self, stage: Stage) -> Self {
        self.data.stages.push(stage);
        self
    }

    /// Adds a channel.
    pub fn channel(mut self, channel: Channel) -> Self {
        self.data.channels.push(channel);
        self
    }

    /// Adds a touchpoint.
    pub fn touchpoint(mut self, touchpoint: Touchpoint) -> Self {
        self.data.touchpoints.push(touchpoint);
        self
    }

    /// Adds a transition.
    pub fn transition(mut self, transition: Transition) -> Self {
        self.data.transitions.push(transition);
        self
    }

    /// Names a touchpoint where journeys may begin.
    pub fn entry(mut self, touchpoint: impl Into<String>) -> Self {
        self.data.outcome.entries.push(touchpoint.into());
        self
    }

    /// Names a touchpoint where journeys may end.
    pub fn exit(mut self, touchpoint: impl Into<String>) -> Self {
        self.data.outcome.exits.push(touchpoint.into());
        self
    }

    /// Names a touchpoint that is the goal of the journey.
    pub fn conversion(mut self, touchpoint: impl Into<String>) -> Self {
        self.data.outcome.conversions.push(touchpoint.into());
        self
    }

    /// Adds a figure by which success is measured.
    pub fn kpi(mut self, kpi: Kpi) -> Self {
        self.data.outcome.kpis.push(kpi);
        self
    }

    /// Checks all parts and makes the map.
    ///
    /// # Errors
    /// As [`JourneyMap::from_data`].
    pub fn build(self) -> Result<JourneyMap> {
        JourneyMap::from_data(self.data)
    }
}

impl JourneyMap {
    /// Makes a map from its data.
    ///
    /// # Errors
    /// If an id, a name or another text that has to be there is empty, or an id is used twice; if a persona, stage, channel
    /// or touchpoint is named that does not exist; if a transition is there twice; if a score is not a number from -2 to 2,
    /// a share not one from 0 to 1, a time negative or not finite, an effort not one from 0 to 5, a value not one from 0 to
    /// 100; if the expected shares that leave a touchpoint add up to more than 1; if a rule of `matches` has no condition; if
    /// a date is not `YYYY-MM-DD`; if the map is its own baseline. The error's location names the field, such as
    /// `touchpoints[2].stage`.
    pub fn from_data(mut data: MapData) -> Result<Self> {
        check(&data)?;
        let order: HashMap<&str, usize> = data.stages.iter().enumerate().map(|(i, s)| (s.id.as_str(), i)).collect();
        let mut touchpoints: Vec<(usize, Touchpoint)> =
            std::mem::take(&mut data.touchpoints).into_iter().enumerate().collect();
        touchpoints.sort_rows_by_key(|(_, touchpoint)| order.get(touchpoint.stage.as_str()).copied());
        let mut graph = DiGraph::with_capacity(touchpoints.len(), data.transitions.len());
        let (mut nodes, mut places) = (HashMap::new(), Vec::new());
        for (place, touchpoint) in touchpoints {
            places.push(place);
            nodes.insert(touchpoint.id.clone(), graph.add_node(touchpoint));
        }
        for transition in std::mem::take(&mut data.transitions) {
            if let (Some(from), Some(to)) = (nodes.get(&transition.from), nodes.get(&transition.to)) {
                graph.add_edge(*from, *to, transition);
            }
        }
        Ok(Self { frame: data, graph, nodes, places })
    }
}
