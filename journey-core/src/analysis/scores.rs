//! The scores that customers gave, at the touchpoints of a map.

use super::stats::{ScoreStats, score_stats};
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::map::{JourneyMap, Touchpoint};

/// The scores of a log at the touchpoints of a map, in the map's order.
pub(super) struct MeasuredScores<'a> {
    pub(super) steps: Vec<MeasuredStep<'a>>,
    /// Scored events at touchpoints that the map does not have.
    pub(super) unmapped: u64,
}

pub(super) struct MeasuredStep<'a> {
    pub(super) touchpoint: &'a Touchpoint,
    pub(super) scores: Vec<f64>,
    pub(super) stats: ScoreStats,
}

pub(super) fn measure<'a>(map: &'a JourneyMap, log: Option<&EventLog>, confidence: f64) -> MeasuredScores<'a> {
    let mut scores = log.map_or_else(Vec::new, |log| fold(log, || ScoresFold::new(log.names())));
    let mut steps = Vec::with_capacity(map.graph().node_count());
    for touchpoint in map.touchpoints() {
        let code = log.and_then(|log| log.touchpoints().code(&touchpoint.id));
        let mut scores = code.and_then(|code| scores.get_mut(code as usize)).map(std::mem::take).unwrap_or_default();
        let stats = score_stats(&mut scores, confidence);
        steps.push(MeasuredStep { touchpoint, scores, stats });
    }
    let unmapped = scores.iter().map(|scores| scores.len() as u64).sum();
    MeasuredScores { steps, unmapped }
}

/// All scores of each touchpoint, by its code.
pub(super) struct ScoresFold(Vec<Vec<f64>>);

impl ScoresFold {
    pub(super) fn new(names: &LogNames) -> Self {
        Self(vec![Vec::new(); names.touchpoints.len()])
    }
}

impl Fold for ScoresFold {
    type Report = Vec<Vec<f64>>;

    fn journey(&mut self, journey: Journey<'_>) {
        for (touchpoint, score) in journey.touchpoints().iter().zip(journey.scores()) {
            if let (Some(score), Some(scores)) = (score, self.0.get_mut(*touchpoint as usize)) {
                scores.push(score);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (scores, more) in self.0.iter_mut().zip(other.0) {
            scores.extend(more);
        }
    }

    fn finish(self, _: &LogNames) -> Vec<Vec<f64>> {
        self.0
    }
}
