//! In which column each place of a flow stands, and in which order it is come to.
//!
//! Places are taken one after the other: always that to which the most taken way leads from the places already taken, the
//! start first. So the main ways go forward, however many circles there are. How many ways it is from the start is a
//! place's depth. With stages, those of one stage are taken before those of the next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::sorting::SortRows;

/// A way, by the positions of its ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) source: usize,
    pub(super) target: usize,
    /// Journeys that take it.
    pub(super) weight: u64,
}

/// A place with its position, in the order in which places are come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) node: usize,
    /// How many of the most taken ways lie between it and the first place of its stage.
    pub(super) depth: usize,
}

/// The places in the order in which they are come to; `stages` says for each its stage, from 0.
pub(super) fn order(stages: &[usize], links: &[Link]) -> Vec<Step> {
    let mut out: Vec<Vec<Link>> = vec![Vec::new(); stages.len()];
    for link in links {
        if let Some(out) = out.get_mut(link.source) {
            out.push(*link);
        }
    }
    let mut depths: Vec<Option<usize>> = vec![None; stages.len()];
    let mut order: Vec<Step> = Vec::with_capacity(stages.len());
    for stage in 0..=stages.iter().max().copied().unwrap_or_default() {
        let mut members = (0..stages.len()).filter(|node| stages.get(*node) == Some(&stage));
        let mut ways: BinaryHeap<(u64, Reverse<usize>, Reverse<usize>)> = BinaryHeap::new();
        let inside = |link: &&Link| stages.get(link.target) == Some(&stage);
        for step in &order {
            let found = out.get(step.node).into_iter().flatten().filter(inside);
            ways.extend(found.map(|link| (link.weight, Reverse(0), Reverse(link.target))));
        }
        loop {
            // Where no way leads on, the next place in the order given is taken.
            let next = ways.pop().map(|(_, Reverse(depth), Reverse(node))| (depth, node));
            let Some((depth, node)) = next.or_else(|| members.next().map(|node| (0, node))) else { break };
            let Some(place @ None) = depths.get_mut(node) else { continue };
            *place = Some(depth);
            order.push(Step { node, depth });
            let found = out.get(node).into_iter().flatten().filter(inside);
            ways.extend(found.map(|link| (link.weight, Reverse(depth + 1), Reverse(link.target))));
        }
    }
    order
}

/// More places in a column make a tall drawing.
const FULL: usize = 12;

/// The column of each place where there are no stages: its depth, or where that makes too many columns, neighbouring
/// depths in one. Where one depth has most of many places, columns are equally full, in the order of depths.
pub(super) fn by_depth(order: &[Step], most: usize) -> Vec<usize> {
    let deepest = order.iter().map(|step| step.depth).max().unwrap_or_default();
    let mut sizes = vec![0_usize; deepest + 1];
    for step in order {
        if let Some(size) = sizes.get_mut(step.depth) {
            *size += 1;
        }
    }
    let fullest = sizes.iter().max().copied().unwrap_or_default();
    let mut sequence = order.to_vec();
    sequence.sort_rows_by_key(|step| step.depth);
    let part = |place: usize| place * most.max(1) / order.len().max(1);
    let mut before = 0;
    let middles: Vec<usize> = sizes
        .iter()
        .map(|size| {
            before += size;
            before - size.div_ceil(2)
        })
        .collect();
    let mut placed: Vec<(usize, usize)> = sequence
        .iter()
        .enumerate()
        .map(|(place, step)| {
            let column = if fullest > FULL && fullest > 2 * order.len().div_ceil(most.max(1)) {
                part(place)
            } else if deepest < most {
                step.depth
            } else {
                part(middles.get(step.depth).copied().unwrap_or_default())
            };
            (step.node, column)
        })
        .collect();
    placed.sort_rows_by(Ord::cmp);
    without_gaps(placed.into_iter().map(|(_, column)| column).collect())
}

/// Numbers the columns that are used from 0.
pub(super) fn without_gaps(columns: Vec<usize>) -> Vec<usize> {
    let mut used = columns.clone();
    used.sort_rows_by(Ord::cmp);
    used.dedup();
    columns.into_iter().map(|column| used.binary_search(&column).unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(ways: &[(usize, usize, u64)]) -> Vec<Link> {
        ways.iter().map(|(source, target, weight)| Link { source: *source, target: *target, weight: *weight }).collect()
    }

    fn steps(order: &[Step]) -> Vec<(usize, usize)> {
        order.iter().map(|step| (step.node, step.depth)).collect()
    }

    #[test]
    fn the_most_taken_ways_go_forward() {
        // 0 is the start; 2 follows 1 more often than it follows the start, and leads back to it more often still.
        let order = order(&[0, 0, 0, 0], &links(&[(0, 1, 9), (0, 2, 4), (1, 2, 5), (2, 1, 8), (2, 3, 3), (1, 3, 1)]));
        assert_eq!(steps(&order), [(0, 0), (1, 1), (2, 2), (3, 3)]);
    }

    #[test]
    fn a_stage_comes_after_the_stage_before_it() {
        let order = order(&[0, 1, 2, 1], &links(&[(0, 2, 9), (2, 1, 9), (0, 3, 2), (3, 1, 1)]));
        assert_eq!(steps(&order), [(0, 0), (3, 0), (1, 1), (2, 0)]);
    }

    #[test]
    fn places_that_nothing_leads_to_are_taken_in_their_order() {
        assert_eq!(steps(&order(&[0, 0], &[])), [(0, 0), (1, 0)]);
    }

    #[test]
    fn too_many_depths_share_columns() {
        let chain: Vec<Step> = (0..6).map(|node| Step { node, depth: node }).collect();
        assert_eq!(by_depth(&chain, 9), [0, 1, 2, 3, 4, 5]);
        assert_eq!(by_depth(&chain, 3), [0, 0, 1, 1, 2, 2]);
        assert_eq!(by_depth(&chain, 1), [0; 6]);
    }

    #[test]
    fn many_places_of_one_depth_are_spread() {
        let star: Vec<Step> = (0..30).map(|node| Step { node, depth: 0 }).collect();
        let columns = by_depth(&star, 3);
        assert!((0..3).all(|column| columns.iter().filter(|of| **of == column).count() == 10), "{columns:?}");
    }
}
