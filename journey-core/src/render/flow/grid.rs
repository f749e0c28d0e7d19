//! How wide columns are, how far apart, and which column each place stands in.

use super::columns::{self, Step};
use super::graph::{Graph, Place};
use super::route::Column;
use crate::render::chart::count;

/// How wide columns are, and how far apart.
pub(super) struct Grid {
    pub(super) node: f64,
    /// Columns of the start and the end, where they have columns of their own.
    pub(super) end: f64,
    pub(super) own_ends: bool,
    pub(super) single: bool,
}

impl Grid {
    const LEAST_NODE: f64 = 104.0;
    const LEAST_GAP: f64 = 62.0;
    const END: f64 = 82.0;
    /// Free space for curves beside the outer columns, where these hold more than the start or the end.
    const SIDE: f64 = 36.0;

    /// How many columns of places fit between the start and the end.
    fn most(width: f64) -> usize {
        let free = width - 2.0 * Self::END - Self::LEAST_GAP;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width of a picture")]
        let most = (free / (Self::LEAST_NODE + Self::LEAST_GAP)).max(0.0) as usize;
        most
    }

    fn new(columns: usize, width: f64) -> Self {
        let columns = columns.max(1);
        let many = count(columns);
        let with_ends = (width - 2.0 * Self::END - (many + 1.0) * Self::LEAST_GAP) / many;
        let without = (width - 2.0 * Self::SIDE - (many - 1.0) * Self::LEAST_GAP) / many;
        let widest = 164.0;
        if with_ends >= Self::LEAST_NODE {
            Self { node: with_ends.min(widest), end: Self::END, own_ends: true, single: false }
        } else if without >= Self::LEAST_NODE && columns > 1 {
            Self { node: without.min(widest), end: without.min(widest), own_ends: false, single: false }
        } else {
            let node = (width * 0.46).min(220.0);
            Self { node, end: node, own_ends: false, single: true }
        }
    }

    /// Columns from left to right, spread over the width.
    pub(super) fn columns(&self, many: usize, width: f64, margin: f64) -> Vec<Column> {
        if many <= 1 || self.single {
            let left = margin + (width - self.node) / 2.0;
            let room = (width - self.node) / 2.0;
            return vec![Column { left, right: left + self.node, room_left: room, room_right: room }; many.max(1)];
        }
        let last = many - 1;
        let wide = |column: usize| if column == 0 || column == last { self.end } else { self.node };
        let side = if self.own_ends { 0.0 } else { Self::SIDE };
        let used: f64 = (0..many).map(wide).sum();
        let gap = ((width - 2.0 * side - used) / count(last)).min(210.0);
        let spare = width - 2.0 * side - used - gap * count(last);
        let mut left = margin + side + spare.max(0.0) / 2.0;
        (0..many)
            .map(|column| {
                let right = left + wide(column);
                let found = Column {
                    left,
                    right,
                    room_left: if column == 0 { side } else { gap * 0.48 },
                    room_right: if column == last { side } else { gap * 0.48 },
                };
                left = right + gap;
                found
            })
            .collect()
    }
}

/// The column of each place, and how wide columns are.
pub(super) fn placed(
    graph: &Graph<'_>,
    stages: &[usize],
    order: &[Step],
    names: usize,
    width: f64,
) -> (Grid, Vec<usize>) {
    let touchpoint = |node: usize| graph.nodes.get(node).is_some_and(|node| matches!(node.place, Place::Touchpoint(_)));
    // Numbers from 1 for touchpoints, as stages have.
    let mut numbers = stages.to_vec();
    let mut count = names;
    if names == 0 {
        let inner: Vec<usize> = (0..stages.len()).filter(|node| touchpoint(*node)).collect();
        let place = |node: usize| inner.binary_search(&node).unwrap_or_default();
        let depths: Vec<Step> = order
            .iter()
            .filter(|step| touchpoint(step.node))
            .map(|step| Step { node: place(step.node), depth: step.depth })
            .collect();
        let found = columns::by_depth(&depths, Grid::most(width).max(1));
        count = found.iter().max().map_or(0, |most| most + 1);
        for (node, column) in inner.iter().zip(&found) {
            if let Some(number) = numbers.get_mut(*node) {
                *number = column + 1;
            }
        }
        for (node, place) in graph.nodes.iter().enumerate().filter(|(_, node)| node.place == Place::End) {
            debug_assert_eq!(place.place, Place::End);
            if let Some(number) = numbers.get_mut(node) {
                *number = count + 1;
            }
        }
    }
    let grid = Grid::new(count, width);
    let last = count.max(1);
    let column = |number: usize| {
        if grid.single {
            0
        } else if grid.own_ends {
            number
        } else {
            number.clamp(1, last) - 1
        }
    };
    let columns = numbers.into_iter().map(column).collect();
    (grid, columns::without_gaps(columns))
}
