//! How journeys flow through the touchpoints: what several questions fold.

use super::edges::{Edges, TransitionRelation};
use super::visits::Visits;
use crate::log::{Journey, LogNames};

/// Journeys, the touchpoints they visit and the transitions they take.
pub(super) struct Flow {
    pub(super) journeys: u64,
    pub(super) visits: Visits,
    pub(super) edges: Edges,
}

impl Flow {
    pub(super) fn new(names: &LogNames) -> Self {
        Self::with(names, TransitionRelation::DirectlyFollows)
    }

    pub(super) fn with(names: &LogNames, relation: TransitionRelation) -> Self {
        Self { journeys: 0, visits: Visits::new(names), edges: Edges::new(names, relation) }
    }

    pub(super) fn journey(&mut self, journey: Journey<'_>) {
        self.journeys += 1;
        self.visits.journey(journey);
        self.edges.journey(journey, |at| at);
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.journeys += other.journeys;
        self.visits.merge(&other.visits);
        self.edges.merge(other.edges);
    }
}
