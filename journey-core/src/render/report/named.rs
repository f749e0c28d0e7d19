//! Reports with the names of the map in place of ids, for pictures that know nothing of a map.

use super::{Names, shortened};
use crate::analysis::{Bottlenecks, Comparison, Funnel, StepFlow, StepMatrix};

impl Names<'_> {
    fn put<'t>(&self, labels: impl IntoIterator<Item = &'t mut String>) {
        let Some(map) = self.map else { return };
        for label in labels {
            if let Ok(touchpoint) = map.touchpoint(label) {
                *label = shortened(&touchpoint.name);
            }
        }
    }
}

pub(super) fn times(report: &Bottlenecks, names: &Names<'_>) -> Bottlenecks {
    let mut shown = report.clone();
    names.put(shown.transitions.iter_mut().flat_map(|row| [&mut row.source, &mut row.target]));
    names.put(shown.touchpoints.iter_mut().map(|row| &mut row.touchpoint));
    shown
}

pub(super) fn funnel(report: &Funnel, names: &Names<'_>) -> Funnel {
    let mut shown = report.clone();
    names.put(shown.steps.iter_mut().map(|step| &mut step.name));
    shown
}

pub(super) fn step_flow(report: &StepFlow, names: &Names<'_>) -> StepFlow {
    let mut shown = report.clone();
    names.put(shown.nodes.iter_mut().flat_map(|node| &mut node.touchpoint));
    shown
}

pub(super) fn step_matrix(report: &StepMatrix, names: &Names<'_>) -> StepMatrix {
    let mut shown = report.clone();
    names.put(shown.rows.iter_mut().flat_map(|row| &mut row.touchpoint));
    shown
}

/// The pictures and the table of a comparison have the same words, so both are made of this.
pub(super) fn comparison(report: &Comparison, names: &Names<'_>) -> Comparison {
    let mut shown = report.clone();
    let labels =
        shown.findings.iter_mut().flat_map(|found| [&mut found.touchpoint, &mut found.source, &mut found.target]);
    names.put(labels.flatten());
    shown
}
