//! The columns of the picture, and how they are laid out below each other where they do not fit side by side.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::facts::{AllFacts, Facts, removed};
use super::options::MapEmotion;
use crate::map::{ChangeKind, JourneyMap, MapChange, MapPart, Stage, Touchpoint};
use crate::sorting::{SortRows, inserted};

/// A stage of the picture.
#[derive(Clone, Debug)]
pub(super) struct StageColumns<'a> {
    pub(super) stage: Cow<'a, Stage>,
    /// Whether the map does not have it any more.
    pub(super) removed: bool,
    pub(super) changes: Vec<&'a MapChange>,
}

/// A column of the picture: a touchpoint, or a stage without one.
#[derive(Clone, Debug)]
pub(super) struct Column<'a> {
    /// The place of its stage among the stages of the picture.
    pub(super) stage: usize,
    pub(super) touchpoint: Option<Cow<'a, Touchpoint>>,
    /// Whether the map does not have it any more.
    pub(super) removed: bool,
    pub(super) facts: Facts<'a>,
}

/// The stages of a map with those that a diff removed behind them, and the columns: each stage's touchpoints in their order, those
/// that were removed behind them.
pub(super) fn columns<'a>(map: &'a JourneyMap, facts: &AllFacts<'a>) -> (Vec<StageColumns<'a>>, Vec<Column<'a>>) {
    let changes = |id: &str| facts.stages.get(id).cloned().unwrap_or_default();
    let present =
        |stage: &'a Stage| StageColumns { stage: Cow::Borrowed(stage), removed: false, changes: changes(&stage.id) };
    let gone = |stage: Stage| StageColumns { changes: changes(&stage.id), stage: Cow::Owned(stage), removed: true };
    let mut stages: Vec<StageColumns<'a>> = map.stages().iter().map(present).collect();
    stages.extend(removed::<Stage>(&facts.removed, MapPart::Stage).into_iter().map(gone));
    let mut ghosts = removed::<Touchpoint>(&facts.removed, MapPart::Touchpoint);
    ghosts.retain(|ghost| map.node(&ghost.id).is_none());
    let mut columns = Vec::new();
    let mut touchpoints = map.touchpoints().peekable();
    for (place, stage) in stages.iter().enumerate() {
        let before = columns.len();
        while let Some(touchpoint) =
            touchpoints.next_if(|touchpoint| !stage.removed && touchpoint.stage == stage.stage.id)
        {
            let facts = facts.of(&touchpoint.id);
            columns.push(Column { stage: place, touchpoint: Some(Cow::Borrowed(touchpoint)), removed: false, facts });
        }
        let (here, elsewhere) = ghosts.into_iter().partition(|ghost| ghost.stage == stage.stage.id);
        ghosts = elsewhere;
        for ghost in here {
            let facts = Facts { changes: facts.of(&ghost.id).changes, ..Facts::default() };
            columns.push(Column { stage: place, touchpoint: Some(Cow::Owned(ghost)), removed: true, facts });
        }
        if columns.len() == before {
            columns.push(Column { stage: place, touchpoint: None, removed: stage.removed, facts: Facts::default() });
        }
    }
    (stages, columns)
}

/// Takes out of the columns what is said of the emotions that are not to be shown.
pub(super) fn show_emotion(columns: &mut [Column<'_>], emotion: MapEmotion) {
    for Column { touchpoint, facts, .. } in columns {
        match emotion {
            MapEmotion::Both => {}
            MapEmotion::Expected => {
                facts.measured = None;
                facts.dip = facts.dip.filter(|(_, measured)| !measured);
            }
            MapEmotion::Measured => {
                if let Some(touchpoint) = touchpoint.as_mut().filter(|one| one.expected_score.is_some()) {
                    touchpoint.to_mut().expected_score = None;
                }
                facts.changes.retain(|change| change.kind != ChangeKind::Rescored);
                facts.dip = facts.dip.filter(|(_, measured)| *measured);
            }
        }
    }
}

/// Leaves out all columns of touchpoints but so many, those that most journeys visit, or the first ones; returns how many that were.
pub(super) fn limit(columns: &mut Vec<Column<'_>>, most: u64, facts: &AllFacts<'_>) -> u64 {
    let visits = |touchpoint: &Touchpoint| facts.visits.get(touchpoint.id.as_str()).copied().unwrap_or_default();
    let mut ranked: Vec<(Reverse<u64>, usize)> = columns
        .iter()
        .enumerate()
        .filter_map(|(place, column)| Some((Reverse(visits(column.touchpoint.as_ref()?)), place)))
        .collect();
    ranked.sort_rows_by(Ord::cmp);
    let left_out: BTreeSet<usize> =
        inserted(ranked.into_iter().skip(usize::try_from(most).unwrap_or(usize::MAX)).map(|(_, place)| place));
    let mut place = 0;
    columns.retain(|_| {
        place += 1;
        !left_out.contains(&(place - 1))
    });
    left_out.len() as u64
}

/// Where bands end: places in the columns, the last of which is their number.
///
/// A band holds at most `capacity` columns. Of all ways to cut, the one with the least cost: a band costs most, a stage that is
/// torn apart less, an uneven length of bands least.
///
/// # Complexity
/// O(columns × capacity).
pub(super) fn bands(columns: &[Column<'_>], capacity: usize) -> Vec<usize> {
    const BAND: f64 = 10.0;
    const TORN: f64 = 6.0;
    const UNEVEN: f64 = 4.0;
    // The least cost of the first so many columns, and where their last band begins.
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
    for end in 1..=columns.len() {
        let torn = columns.get(end).zip(columns.get(end - 1)).is_some_and(|(next, last)| next.stage == last.stage);
        let cost = |start: usize| {
            let empty = 1.0 - super::count(end - start) / super::count(capacity);
            let before = best.get(start).map_or(f64::INFINITY, |(cost, _)| *cost);
            before + BAND + UNEVEN * empty * empty + if torn { TORN } else { 0.0 }
        };
        let starts = end.saturating_sub(capacity)..end;
        let found = starts.map(|start| (cost(start), start)).min_by(|a, b| a.0.total_cmp(&b.0));
        best.push(found.unwrap_or_default());
    }
    let mut ends = Vec::new();
    let mut end = columns.len();
    while end > 0 {
        ends.push(end);
        end = best.get(end).map_or(0, |(_, start)| (*start).min(end - 1));
    }
    ends.reverse();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of stages with so many touchpoints each.
    fn stages(sizes: &[usize]) -> Vec<Column<'static>> {
        let column = |stage| Column { stage, touchpoint: None, removed: false, facts: Facts::default() };
        sizes.iter().enumerate().flat_map(|(stage, size)| (0..*size).map(move |_| column(stage))).collect()
    }

    #[test]
    fn columns_that_fit_are_one_band() {
        assert_eq!(bands(&stages(&[2, 3, 1]), 6), [6]);
        assert!(bands(&[], 6).is_empty());
    }

    #[test]
    fn bands_end_where_stages_end_if_that_costs_no_band() {
        assert_eq!(bands(&stages(&[2, 7, 5, 2, 1]), 8), [2, 9, 17]);
        assert_eq!(bands(&stages(&[4, 4, 4]), 6), [6, 12], "two torn bands are shorter than three whole ones");
    }

    #[test]
    fn a_stage_that_is_wider_than_a_band_goes_on_in_the_next() {
        assert_eq!(bands(&stages(&[7]), 3).len(), 3);
        assert_eq!(bands(&stages(&[5]), 1), [1, 2, 3, 4, 5]);
    }
}
