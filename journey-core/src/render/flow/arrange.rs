//! In which order places stand in their columns, and at which height.
//!
//! The order comes from barycentres: each place, and each lane of a way that passes a column, goes to the mean of what it is
//! joined to; of all sweeps the one with the shortest ways is kept, and neighbours change places while that shortens them.
//! Heights are those nearest to the same means that keep everything apart, by the pool of adjacent violators.

use super::columns::Link;
use crate::sorting::SortRows;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A place, by its position.
    Node(usize),
    /// Where the way with this position passes.
    Lane(usize),
}

/// A join of two items: how strong it is, and how far below the first the second wants to stand, in places.
#[derive(Clone, Copy, Debug)]
struct Join {
    other: usize,
    weight: f64,
    below: f64,
}

/// Items in their columns, and what joins them.
pub(super) struct Arrangement {
    pub(super) items: Vec<Item>,
    /// For each column the positions of its items, from top to bottom.
    pub(super) columns: Vec<Vec<usize>>,
    joins: Vec<Vec<Join>>,
}

const SWEEPS: usize = 16;

fn at(values: &[f64], place: usize) -> f64 {
    values.get(place).copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "a picture has fewer than 2^52 places")]
fn float(n: usize) -> f64 {
    n as f64
}

impl Arrangement {
    /// Puts places in their columns, in the order given, and a lane in each column that a way passes.
    pub(super) fn new(column_of: &[usize], order: &[usize], links: &[Link]) -> Self {
        let count = column_of.iter().max().map_or(0, |most| most + 1);
        let mut items: Vec<Item> = (0..column_of.len()).map(Item::Node).collect();
        let mut columns: Vec<Vec<usize>> = vec![Vec::new(); count];
        let column = |node: usize| column_of.get(node).copied().unwrap_or_default();
        for node in order {
            if let Some(members) = columns.get_mut(column(*node)) {
                members.push(*node);
            }
        }
        let most = links.iter().map(|link| link.weight).max().unwrap_or(1).max(1);
        let mut joins: Vec<Vec<Join>> = vec![Vec::new(); items.len()];
        for (number, link) in links.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a share of the most taken way")]
            let weight = 0.05 + link.weight as f64 / most as f64;
            let (from, to) = (column(link.source), column(link.target));
            let (left, right) = if from <= to { (link.source, link.target) } else { (link.target, link.source) };
            let mut last = left;
            for passed in from.min(to) + 1..from.max(to) {
                let lane = items.len();
                items.push(Item::Lane(number));
                joins.push(Vec::new());
                if let Some(members) = columns.get_mut(passed) {
                    members.push(lane);
                }
                // What passes columns is to be straight.
                let straight = if last == left { weight } else { 4.0 * weight };
                join(&mut joins, last, lane, straight, 0.0);
                last = lane;
            }
            if from == to {
                // What follows in a column is to be read downwards.
                join(&mut joins, link.source, link.target, 3.0 * weight, 1.0);
            } else {
                join(&mut joins, last, right, weight, 0.0);
            }
        }
        Self { items, columns, joins }
    }

    /// Finds an order with short ways.
    pub(super) fn sort(&mut self) {
        let mut places = self.places();
        let mut best = (self.length(&places), self.columns.clone());
        for sweep in 0..SWEEPS {
            let mut turns: Vec<usize> = (0..self.columns.len()).collect();
            if sweep % 2 == 1 {
                turns.reverse();
            }
            for column in turns {
                let Some(members) = self.columns.get_mut(column) else { continue };
                let joins = &self.joins;
                let mut wanted: Vec<(f64, usize)> =
                    members.iter().map(|item| (mean(joins, &places, *item), *item)).collect();
                wanted.sort_rows_by(|a, b| a.0.total_cmp(&b.0));
                *members = wanted.into_iter().map(|(_, item)| item).collect();
                spread(members, &mut places);
            }
            let length = self.length(&places);
            if length < best.0 {
                best = (length, self.columns.clone());
            }
        }
        self.columns = best.1;
        self.swap_neighbours();
    }

    /// Exchanges neighbours in a column while that makes ways shorter.
    fn swap_neighbours(&mut self) {
        let mut places = self.places();
        for _ in 0..SWEEPS {
            let mut changed = false;
            for members in &mut self.columns {
                for upper in 0..members.len().saturating_sub(1) {
                    let (Some(&a), Some(&b)) = (members.get(upper), members.get(upper + 1)) else { continue };
                    let before = reach(&self.joins, &places, a, b);
                    places.swap(a, b);
                    if reach(&self.joins, &places, a, b) < before - 1e-9 {
                        members.swap(upper, upper + 1);
                        changed = true;
                    } else {
                        places.swap(a, b);
                    }
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// Puts some items at the top of their columns, and some at the bottom.
    pub(super) fn keep_at_ends(&mut self, top: impl Fn(usize) -> bool, bottom: impl Fn(usize) -> bool) {
        for members in &mut self.columns {
            members.sort_rows_by_key(|item| if top(*item) { 0 } else { 1 + u8::from(bottom(*item)) });
        }
    }

    /// For each item its place in its column, columns centred beside each other.
    fn places(&self) -> Vec<f64> {
        let mut places = vec![0.0; self.items.len()];
        for members in &self.columns {
            spread(members, &mut places);
        }
        places
    }

    fn length(&self, places: &[f64]) -> f64 {
        (0..self.items.len()).map(|item| reach_of(&self.joins, places, item)).sum()
    }

    /// The centre of each item, where the highest edge of all is at 0; `apart` is the free height between two items.
    pub(super) fn heights(&self, size: impl Fn(usize) -> f64, apart: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        let mut centres = vec![0.0; self.items.len()];
        // For each column, how far the centre of each item lies below that of the first, if all are close together.
        let close: Vec<Vec<f64>> = self
            .columns
            .iter()
            .map(|members| {
                let mut below = 0.0;
                let gaps = members.windows(2).map(|pair| match pair {
                    [a, b] => f64::midpoint(size(*a), size(*b)) + apart(*a, *b),
                    _ => 0.0,
                });
                std::iter::once(0.0)
                    .chain(gaps)
                    .map(|gap| {
                        below += gap;
                        below
                    })
                    .collect()
            })
            .collect();
        let tallest = close.iter().map(|below| below.last().copied().unwrap_or_default()).fold(0.0, f64::max);
        for (members, below) in self.columns.iter().zip(&close) {
            let top = (tallest - below.last().copied().unwrap_or_default()) / 2.0;
            set(&mut centres, members, below, |_| top);
        }
        for sweep in 0..SWEEPS {
            let turn = |column: usize| if sweep % 2 == 0 { column } else { self.columns.len() - 1 - column };
            for column in (0..self.columns.len()).map(turn) {
                let (Some(members), Some(below)) = (self.columns.get(column), close.get(column)) else { continue };
                let wanted: Vec<(f64, f64)> = members
                    .iter()
                    .zip(below)
                    .map(|(item, below)| {
                        let sideways = |join: &&Join| join.below == 0.0;
                        let joins = || self.joins.get(*item).into_iter().flatten().filter(sideways);
                        let weight: f64 = joins().map(|join| join.weight).sum();
                        let sum: f64 = joins().map(|join| join.weight * at(&centres, join.other)).sum();
                        // What is joined to nothing stays where it is, but gives way.
                        let mean = if weight > 0.0 { sum / weight } else { at(&centres, *item) };
                        (mean - below, weight.max(1e-3))
                    })
                    .collect();
                let tops = rising(&wanted);
                set(&mut centres, members, below, |place| at(&tops, place));
            }
        }
        let tops = (0..self.items.len()).map(|item| at(&centres, item) - size(item) / 2.0);
        let highest = tops.fold(f64::INFINITY, f64::min);
        centres.iter().map(|centre| centre - highest).collect()
    }
}

fn join(joins: &mut [Vec<Join>], a: usize, b: usize, weight: f64, below: f64) {
    for (item, join) in [(a, Join { other: b, weight, below: -below }), (b, Join { other: a, weight, below })] {
        if let Some(joins) = joins.get_mut(item) {
            joins.push(join);
        }
    }
}

/// Centres the items of a column around 0.
fn spread(members: &[usize], places: &mut [f64]) {
    for (place, item) in members.iter().enumerate() {
        if let Some(at) = places.get_mut(*item) {
            *at = float(place) - float(members.len() - 1) / 2.0;
        }
    }
}

fn set(centres: &mut [f64], members: &[usize], below: &[f64], top: impl Fn(usize) -> f64) {
    for (place, (item, below)) in members.iter().zip(below).enumerate() {
        if let Some(centre) = centres.get_mut(*item) {
            *centre = top(place) + below;
        }
    }
}

/// The mean of where an item wants to stand; where it is if it is joined to nothing.
fn mean(joins: &[Vec<Join>], places: &[f64], item: usize) -> f64 {
    let joins = || joins.get(item).into_iter().flatten();
    let weight: f64 = joins().map(|join| join.weight).sum();
    let sum: f64 = joins().map(|join| join.weight * (at(places, join.other) + join.below)).sum();
    if weight > 0.0 { sum / weight } else { at(places, item) }
}

/// How far an item stands from where its joins want it.
fn reach_of(joins: &[Vec<Join>], places: &[f64], item: usize) -> f64 {
    let far = |join: &Join| join.weight * (at(places, join.other) + join.below - at(places, item)).abs();
    joins.get(item).into_iter().flatten().map(far).sum()
}

fn reach(joins: &[Vec<Join>], places: &[f64], a: usize, b: usize) -> f64 {
    reach_of(joins, places, a) + reach_of(joins, places, b)
}

/// The rising values that lie nearest to those wanted, by weighted least squares (pool of adjacent violators).
fn rising(wanted: &[(f64, f64)]) -> Vec<f64> {
    // The mean, weight and length of each run of equal values.
    let mut runs: Vec<(f64, f64, usize)> = Vec::new();
    for (value, weight) in wanted {
        let mut run = (*value, *weight, 1);
        while let Some(last) = runs.pop_if(|last| last.0 > run.0) {
            let weight = last.1 + run.1;
            run = ((last.0 * last.1 + run.0 * run.1) / weight, weight, last.2 + run.2);
        }
        runs.push(run);
    }
    runs.into_iter().flat_map(|(value, _, length)| std::iter::repeat_n(value, length)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(source: usize, target: usize, weight: u64) -> Link {
        Link { source, target, weight }
    }

    #[test]
    fn values_that_fall_become_their_mean() {
        assert_eq!(rising(&[(1.0, 1.0), (5.0, 1.0), (3.0, 3.0), (9.0, 1.0)]), [1.0, 3.5, 3.5, 9.0]);
        assert_eq!(rising(&[(3.0, 1.0), (2.0, 1.0), (1.0, 1.0)]), [2.0; 3]);
    }

    #[test]
    fn crossed_ways_are_uncrossed() {
        // 0 leads to 3 and 1 to 2.
        let mut drawing = Arrangement::new(&[0, 0, 1, 1], &[0, 1, 2, 3], &[link(0, 3, 5), link(1, 2, 5)]);
        drawing.sort();
        let side = |column: usize| drawing.columns[column].clone();
        assert!([(vec![0, 1], vec![3, 2]), (vec![1, 0], vec![2, 3])].contains(&(side(0), side(1))));
    }

    #[test]
    fn what_follows_in_a_column_stands_below() {
        let mut drawing = Arrangement::new(&[0; 4], &[2, 0, 3, 1], &[link(0, 1, 9), link(1, 2, 8), link(2, 3, 7)]);
        drawing.sort();
        assert_eq!(drawing.columns, [vec![0, 1, 2, 3]]);
    }

    #[test]
    fn a_way_over_columns_has_a_lane_in_each() {
        let drawing = Arrangement::new(&[0, 1, 2, 3], &[0, 1, 2, 3], &[link(3, 0, 5)]);
        assert_eq!(drawing.items[4..], [Item::Lane(0), Item::Lane(0)]);
        assert_eq!(drawing.columns, [vec![0], vec![1, 4], vec![2, 5], vec![3]]);
    }

    #[test]
    fn items_keep_their_distance() {
        let mut drawing =
            Arrangement::new(&[0, 1, 1, 1], &[0, 1, 2, 3], &[link(0, 1, 5), link(0, 2, 5), link(0, 3, 5)]);
        drawing.sort();
        let centres = drawing.heights(|_| 20.0, |_, _| 10.0);
        let mut column: Vec<f64> = centres[1..].to_vec();
        column.sort_by(f64::total_cmp);
        assert_eq!(column, [10.0, 40.0, 70.0]);
        assert_eq!(centres[0], 40.0);
    }
}
