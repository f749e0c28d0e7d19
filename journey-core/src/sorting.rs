//! Puts the rows of a report in order.
//!
//! The standard library's sorts are compiled for every type of row and every order, about 4 kB each in a WebAssembly module: for lists
//! of millions that is well spent, for the few rows of a report it is not. Here one sort of places does for all of them.

use std::cmp::Ordering;

/// Sorts for lists that are short; equal rows stay in their order.
pub(crate) trait SortRows<T> {
    /// Puts rows in an order.
    fn sort_rows_by(&mut self, order: impl FnMut(&T, &T) -> Ordering);

    /// Puts rows in the order of what is known of each.
    fn sort_rows_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K);
}

impl<T> SortRows<T> for [T] {
    fn sort_rows_by(&mut self, order: impl FnMut(&T, &T) -> Ordering) {
        sort(self.len(), &mut Ordered { rows: self, order });
    }

    fn sort_rows_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        self.sort_rows_by(|one, other| key(one).cmp(&key(other)));
    }
}

/// As `collect`, one after the other: for an ordered map or set, `collect` sorts the items first, with a sort of their own.
pub(crate) fn inserted<T, C: Default + Extend<T>>(items: impl IntoIterator<Item = T>) -> C {
    let mut all = C::default();
    all.extend(items);
    all
}

/// Rows that are known by their places.
trait Places {
    fn order(&mut self, one: usize, other: usize) -> Ordering;
    fn swap(&mut self, one: usize, other: usize);
}

struct Ordered<'a, T, F> {
    rows: &'a mut [T],
    order: F,
}

impl<T, F: FnMut(&T, &T) -> Ordering> Places for Ordered<'_, T, F> {
    fn order(&mut self, one: usize, other: usize) -> Ordering {
        match (self.rows.get(one), self.rows.get(other)) {
            (Some(one), Some(other)) => (self.order)(one, other),
            _ => Ordering::Equal,
        }
    }

    fn swap(&mut self, one: usize, other: usize) {
        self.rows.swap(one, other);
    }
}

fn sort(count: usize, rows: &mut dyn Places) {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, other| rows.order(*one, *other));
    for place in 0..count {
        let from = |at: usize| places.get(at).copied().unwrap_or(place);
        let mut other = from(place);
        // What stood before this place has been swapped away, to where that place says.
        while other < place {
            other = from(other);
        }
        rows.swap(place, other);
        if let Some(swap) = places.get_mut(place) {
            *swap = other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_as_the_standard_library_sorts_them() {
        let mut state = 1_u32;
        for count in 0..200 {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 16) % 30
            };
            // The second number tells equal rows apart.
            let mut rows: Vec<(u32, u32)> = (0..count).map(|place| (next(), place)).collect();
            let mut expected = rows.clone();
            expected.sort_by_key(|row| row.0);
            rows.sort_rows_by_key(|row| row.0);
            assert_eq!(rows, expected);
        }
    }

    #[test]
    fn rows_that_all_move_by_one_are_found_again() {
        let mut rows: Vec<usize> = (1..100).chain([0]).collect();
        rows.sort_rows_by(usize::cmp);
        assert_eq!(rows, (0..100).collect::<Vec<_>>());
    }
}
