//! How far two mixes of variants lie apart: the earth mover's distance between stochastic languages.

use std::collections::BTreeMap;

use super::proportions::chi_squared;
use super::stats::float;
use super::transport::cheapest_moves;
use crate::sorting::SortRows;

/// A path, in codes that mean the same on both sides, and how many journeys took it.
pub(super) type Variant = (Vec<u32>, u64);

/// Variants whose steps are together more than this are not compared: the edit distances of these alone take some tenths of
/// a second.
const MOST_STEPS: usize = 10_000;

/// Costs are whole numbers, in these parts of the largest possible edit distance.
const PARTS: u32 = 50;

/// Fewer expected journeys than this make a chi-squared test unreliable.
const LEAST_EXPECTED: f64 = 5.0;

/// The first variants that are compared: as many as asked for, as long as they are not too long.
pub(super) fn compared(variants: &[Variant], most: u64) -> &[Variant] {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut steps = 0;
    let fit = variants.iter().take(most).take_while(|(path, _)| {
        steps += path.len();
        steps <= MOST_STEPS
    });
    variants.get(..fit.count()).unwrap_or_default()
}

/// The earth mover's distance between two stochastic languages (Leemans, Syring and van der Aalst 2019; `compute_emd` of
/// PM4Py): how much of the one must be moved, times how far, to make the other. How far two paths lie apart is their edit
/// distance, divided by the length of the longer one. 0 for the same languages, at most 1; `None` where one is empty.
pub(super) fn earth_movers_distance(a: &[Variant], b: &[Variant]) -> Option<f64> {
    let size = |side: &[Variant]| side.iter().map(|(_, count)| count).sum::<u64>();
    let (size_a, size_b) = (size(a), size(b));
    if size_a == 0 || size_b == 0 {
        return None;
    }
    let edits: Vec<Vec<Edits>> = a.iter().map(|(x, _)| b.iter().map(|(y, _)| Edits::between(x, y)).collect()).collect();
    let of = |from: usize, to: usize| edits.get(from).and_then(|row| row.get(to)).copied().unwrap_or_default();
    // Journeys of both sides as whole numbers of the same sum. A log has fewer than 2^32 journeys, so they fit.
    let supplies: Vec<u64> = a.iter().map(|(_, count)| count * size_b).collect();
    let demands: Vec<u64> = b.iter().map(|(_, count)| count * size_a).collect();
    // Added up by lengths, in whole numbers, so that the order of the moves does not show.
    let mut moved: BTreeMap<u64, u128> = BTreeMap::new();
    for part in cheapest_moves(&supplies, &demands, |from, to| of(from, to).parts()) {
        let Edits { edits, length } = of(part.from, part.to);
        *moved.entry(length).or_default() += u128::from(part.amount) * u128::from(edits);
    }
    #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
    let distance: f64 = moved.into_iter().map(|(length, sum)| sum as f64 / float(length)).fold(0.0, |sum, x| sum + x);
    Some((distance / (float(size_a) * float(size_b))).min(1.0))
}

/// The edit distance of two paths and the length of the longer one.
#[derive(Clone, Copy, Default)]
struct Edits {
    edits: u64,
    length: u64,
}

impl Edits {
    fn between(a: &[u32], b: &[u32]) -> Self {
        Self { edits: strsim::generic_levenshtein(&Codes(a), &Codes(b)) as u64, length: a.len().max(b.len()) as u64 }
    }

    fn parts(self) -> i64 {
        let parts = (u128::from(self.edits) << PARTS).checked_div(u128::from(self.length)).unwrap_or(0);
        i64::try_from(parts).unwrap_or(i64::MAX)
    }
}

/// A path as `strsim` wants it.
struct Codes<'a>(&'a [u32]);

impl<'a> IntoIterator for &Codes<'a> {
    type Item = &'a u32;
    type IntoIter = std::slice::Iter<'a, u32>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// The p-value of the chi-squared test that all variants are equally frequent on both sides.
///
/// Variants of which fewer than 5 journeys would be expected on a side are pooled, and the pool, if it is that small itself,
/// is added to the rarest of the others. `None` where that leaves nothing to compare.
pub(super) fn same_mix(a: &[Variant], b: &[Variant]) -> Option<f64> {
    let mut counts: BTreeMap<&[u32], [u64; 2]> = BTreeMap::new();
    let mut sizes = [0u64; 2];
    for (side, variants) in [a, b].into_iter().enumerate() {
        for (path, count) in variants {
            for (cell, size) in counts.entry(path).or_default().iter_mut().zip(&mut sizes).skip(side).take(1) {
                *cell += count;
                *size += count;
            }
        }
    }
    let least = float(sizes.into_iter().min()?) / float(sizes.iter().sum());
    let expected = |row: &[u64; 2]| float(row.iter().sum()) * least;
    let mut rows: Vec<[u64; 2]> = counts.into_values().collect();
    // A stable sort: ties stay in the order of the names.
    rows.sort_rows_by_key(|row| std::cmp::Reverse(row.iter().sum::<u64>()));
    let kept = rows.partition_point(|row| expected(row) >= LEAST_EXPECTED);
    let pool = rows.split_off(kept).into_iter().fold([0; 2], added);
    match rows.last_mut() {
        Some(rarest) if expected(&pool) < LEAST_EXPECTED => *rarest = added(*rarest, pool),
        _ => rows.push(pool),
    }
    chi_squared(&rows)
}

fn added(a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
    let ([a, c], [b, d]) = (a, b);
    [a + b, c + d]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(variants: &[(&str, u64)]) -> Vec<Variant> {
        variants.iter().map(|(path, count)| (path.chars().map(u32::from).collect(), *count)).collect()
    }

    fn distance(a: &[(&str, u64)], b: &[(&str, u64)]) -> f64 {
        let (a, b) = (language(a), language(b));
        let (there, back) = (earth_movers_distance(&a, &b).unwrap(), earth_movers_distance(&b, &a).unwrap());
        assert!((there - back).abs() < 1e-15, "the distance is the same both ways");
        there
    }

    #[test]
    fn what_is_the_same_is_not_apart_and_what_has_nothing_in_common_is_1_apart() {
        assert_eq!(distance(&[("ab", 2), ("c", 1)], &[("c", 10), ("ab", 20)]), 0.0);
        assert_eq!(distance(&[("ab", 2)], &[("cde", 7)]), 1.0);
        assert_eq!(earth_movers_distance(&[], &language(&[("a", 1)])), None);
    }

    #[test]
    fn half_of_the_journeys_are_moved_by_a_third_of_a_path() {
        // abc and abd differ in one of three; half of all moves from the one to the other: 1/6.
        assert!((distance(&[("abc", 1)], &[("abc", 1), ("abd", 1)]) - 1.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn the_normalised_edit_distance_has_short_cuts_and_they_are_taken() {
        // Half of it from ab to ba would be 2 of 2 steps; from ab to aba and from aba to ba it is 1 of 3 each, for all: 1/3.
        let moved = distance(&[("ab", 1), ("aba", 1)], &[("aba", 1), ("ba", 1)]);
        assert!((moved - 1.0 / 3.0).abs() < 1e-15, "{moved}");
    }

    #[test]
    fn the_cheapest_moves_are_found_among_many() {
        // scipy.optimize.linprog: 1/4 of abc to bc, ab to b, the rest stays: (1/3 + 1/2) / 4 = 5/24.
        let found = distance(&[("ab", 1), ("ac", 1), ("abc", 2)], &[("b", 1), ("bc", 1), ("ac", 1), ("abc", 1)]);
        assert!((found - 5.0 / 24.0).abs() < 1e-15, "{found}");
    }

    #[test]
    fn rare_variants_are_pooled() {
        // 20 and 30 of a, 30 and 20 of b; the five of c and d are too few for a row and for a pool, and join b.
        let a = language(&[("a", 20), ("b", 30), ("c", 2), ("d", 1)]);
        let b = language(&[("a", 30), ("b", 20), ("c", 1), ("d", 1)]);
        assert_eq!(same_mix(&a, &b), chi_squared(&[[20, 30], [33, 22]]));
        assert_eq!(same_mix(&language(&[("a", 1)]), &language(&[("b", 1)])), None, "all in one pool");
        assert_eq!(same_mix(&[], &[]), None);
    }

    #[test]
    fn long_paths_are_not_compared() {
        let long = vec![(vec![1; 6_000], 3), (vec![2; 6_000], 2), (vec![1], 1)];
        assert_eq!(compared(&long, 10).len(), 1);
        assert_eq!(compared(&long, 0).len(), 0);
    }
}
