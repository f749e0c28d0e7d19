//! The scores that customers gave, at the touchpoints of a map.

use serde::Serialize;

use super::stats::{ScoreStats, score_stats};
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::map::{JourneyMap, Touchpoint};

/// Scores are compared to nine decimals: beyond that the rounding of means would decide what is equal.
#[expect(clippy::cast_possible_truncation, reason = "scores lie between -2 and 2")]
pub(super) fn billionths(score: f64) -> i64 {
    (score * 1e9).round() as i64
}

/// The scores of a log at the touchpoints of a map, in the map's order.
pub(super) struct MeasuredScores<'a> {
    pub(super) steps: Vec<MeasuredStep<'a>>,
    /// Scored events at touchpoints that the map does not have.
    pub(super) unmapped: u64,
    /// Events with feedback at such touchpoints.
    pub(super) unmapped_feedback: u64,
}

pub(super) struct MeasuredStep<'a> {
    pub(super) touchpoint: &'a Touchpoint,
    /// Those of events and of feedback.
    pub(super) scores: Vec<f64>,
    pub(super) n_events: u64,
    pub(super) n_feedback: u64,
    pub(super) stats: ScoreStats,
}

pub(super) fn measure<'a>(map: &'a JourneyMap, log: Option<&EventLog>, confidence: f64) -> MeasuredScores<'a> {
    let mut said = log.map_or_else(Vec::new, |log| fold(log, || ScoresFold::new(log.names())));
    let mut steps = Vec::with_capacity(map.graph().node_count());
    for touchpoint in map.touchpoints() {
        let code = log.and_then(|log| log.touchpoints().code(&touchpoint.id));
        let said = code.and_then(|code| said.get_mut(code as usize)).map(std::mem::take).unwrap_or_default();
        let (n_events, n_feedback) = (said.events.len() as u64, said.feedback.len() as u64);
        let mut scores = said.events;
        scores.extend(said.feedback);
        let stats = score_stats(&mut scores, confidence);
        steps.push(MeasuredStep { touchpoint, scores, n_events, n_feedback, stats });
    }
    let unmapped = said.iter().map(|said| said.events.len() as u64).sum();
    let unmapped_feedback = said.iter().map(|said| said.feedback.len() as u64).sum();
    MeasuredScores { steps, unmapped, unmapped_feedback }
}

/// All scores of each touchpoint, by its code.
pub(super) struct ScoresFold(Vec<Said>);

/// What customers said at a touchpoint.
#[derive(Clone, Default, Serialize)]
pub(super) struct Said {
    events: Vec<f64>,
    feedback: Vec<f64>,
}

impl ScoresFold {
    pub(super) fn new(names: &LogNames) -> Self {
        Self(vec![Said::default(); names.touchpoints.len()])
    }
}

impl Fold for ScoresFold {
    type Report = Vec<Said>;

    fn journey(&mut self, journey: Journey<'_>) {
        for (touchpoint, (own, told)) in journey.touchpoints().iter().zip(journey.scores().zip(journey.feedback())) {
            if let Some(said) = self.0.get_mut(*touchpoint as usize) {
                said.events.extend(own);
                said.feedback.extend(told);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (said, more) in self.0.iter_mut().zip(other.0) {
            said.events.extend(more.events);
            said.feedback.extend(more.feedback);
        }
    }

    fn finish(self, _: &LogNames) -> Vec<Said> {
        self.0
    }
}
