//! Which parts of a reordered list were moved.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, Key};
use crate::sorting::inserted;

/// The fewest parts that have to be moved for those that stay in their group to stand in the new order.
pub(super) fn moved<'a>(old: &[Item], new: &'a [Item]) -> BTreeSet<&'a Key> {
    let before: BTreeMap<&Key, (usize, &str)> =
        inserted(old.iter().enumerate().map(|(place, item)| (&item.key, (place, item.group()))));
    let mut groups: BTreeMap<&str, Vec<(&Key, usize)>> = BTreeMap::new();
    for item in new {
        if let Some((place, _)) = before.get(&item.key).filter(|(_, group)| *group == item.group()) {
            groups.entry(item.group()).or_default().push((&item.key, *place));
        }
    }
    let mut moved = BTreeSet::new();
    for group in groups.values() {
        let places: Vec<usize> = group.iter().map(|(_, place)| *place).collect();
        let stays = longest_increasing(&places);
        moved.extend(group.iter().zip(stays).filter(|(_, stays)| !stays).map(|((key, _), _)| *key));
    }
    moved
}

/// Which numbers make up a longest increasing subsequence; of several the one whose members come first.
fn longest_increasing(numbers: &[usize]) -> Vec<bool> {
    // For each number, how long a subsequence can be that begins with it; `starts[k]` is the greatest number that one of
    // length k + 1 to the right begins with.
    let mut starts: Vec<usize> = Vec::new();
    let mut lengths: Vec<usize> = Vec::with_capacity(numbers.len());
    for number in numbers.iter().rev() {
        let length = starts.partition_point(|start| start > number);
        match starts.get_mut(length) {
            Some(start) => *start = (*start).max(*number),
            None => starts.push(*number),
        }
        lengths.push(length + 1);
    }
    lengths.reverse();
    let mut left = starts.len();
    let mut last = None;
    let mut stays = |number: usize, length: usize| {
        let next = length == left && last.is_none_or(|last| last < number);
        if next {
            left -= 1;
            last = Some(number);
        }
        next
    };
    numbers.iter().zip(lengths).map(|(number, length)| stays(*number, length)).collect()
}

#[cfg(test)]
mod tests {
    use super::longest_increasing;

    fn kept(numbers: &[usize]) -> Vec<usize> {
        let stays = longest_increasing(numbers);
        numbers.iter().zip(stays).filter(|(_, stays)| *stays).map(|(number, _)| *number).collect()
    }

    #[test]
    fn the_longest_and_of_these_the_first_is_kept() {
        assert_eq!(kept(&[1, 2, 3, 0]), [1, 2, 3]);
        assert_eq!(kept(&[3, 0, 1, 2]), [0, 1, 2]);
        assert_eq!(kept(&[1, 0]), [1]);
        assert_eq!(kept(&[2, 3, 0, 1]), [2, 3]);
        assert_eq!(kept(&[0, 2, 1, 3]), [0, 2, 3]);
        assert_eq!(kept(&[5, 0, 4, 1, 3, 2]), [0, 1, 3]);
        assert!(kept(&[]).is_empty());
    }
}
