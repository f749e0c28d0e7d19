//! Lists in the order of a key, and tables of names in byte order: what states are made of, so that equal ones have equal
//! bytes.

use std::cmp::Ordering;

use crate::names::NONE;

/// Merges a list into another, both in strict order of their keys; items of the same key are added up.
pub(super) fn merge_sorted<T, K: Ord>(
    list: &mut Vec<T>,
    more: Vec<T>,
    key: impl Fn(&T) -> K,
    mut add: impl FnMut(&mut T, &T),
) {
    let mut merged = Vec::with_capacity(list.len().max(more.len()));
    let (mut mine, mut theirs) = (std::mem::take(list).into_iter().peekable(), more.into_iter().peekable());
    loop {
        let order = match (mine.peek(), theirs.peek()) {
            (Some(a), Some(b)) => key(a).cmp(&key(b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        match order {
            Ordering::Less => merged.extend(mine.next()),
            Ordering::Greater => merged.extend(theirs.next()),
            Ordering::Equal => {
                if let (Some(mut item), Some(same)) = (mine.next(), theirs.next()) {
                    add(&mut item, &same);
                    merged.push(item);
                }
            }
        }
    }
    *list = merged;
}

/// The names of both tables in byte order, and the new codes of either's.
pub(super) fn union(a: &[String], b: &[String]) -> (Vec<String>, Vec<u32>, Vec<u32>) {
    let mut names = a.to_vec();
    merge_sorted(&mut names, b.to_vec(), Clone::clone, |_, _| {});
    let codes = |old: &[String]| {
        let code = |name| names.binary_search(name).ok().and_then(|code| u32::try_from(code).ok()).unwrap_or(NONE);
        old.iter().map(code).collect()
    };
    let (mine, theirs) = (codes(a), codes(b));
    (names, mine, theirs)
}

/// The cells of a column by code, in the places of their new codes.
pub(super) fn replaced<T: Clone + Default>(cells: Vec<T>, codes: &[u32], length: usize) -> Vec<T> {
    let mut moved = vec![T::default(); length];
    for (cell, code) in cells.into_iter().zip(codes) {
        if let Some(slot) = moved.get_mut(*code as usize) {
            *slot = cell;
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_two_tables_keep_their_cells() {
        let names = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (all, mine, theirs) = union(&names("cart pay"), &names("ad pay ship"));
        assert_eq!(all, ["ad", "cart", "pay", "ship"]);
        assert_eq!((mine.as_slice(), theirs.as_slice()), ([1, 2].as_slice(), [0, 2, 3].as_slice()));
        assert_eq!(replaced(vec![5, 6], &mine, 4), [0, 5, 6, 0]);
    }
}
