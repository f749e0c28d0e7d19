//! Texts interned once: a name is a small number, a number is a name.

use std::cmp::Ordering;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::SharedSeed;
use foldhash::fast::SeedableRandomState;
use hashbrown::HashTable;

use crate::error::{Problem, Result};

/// The code that stands for "no value" in a column of codes.
pub(crate) const NONE: u32 = u32::MAX;

/// Distinct texts, one behind the other in one text, and where each is found by its hash.
///
/// All tables of a process hash alike, so that tables are joined, and grow, without hashing a text again.
#[derive(Clone, Default)]
struct Table {
    text: String,
    /// Where each name ends; it begins where the one before ends.
    ends: Vec<usize>,
    hashes: Vec<u64>,
    codes: HashTable<u32>,
}

impl Table {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn name(&self, code: u32) -> Option<&str> {
        let code = code as usize;
        let start = code.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(code)?)
    }

    fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| self.text.get(std::mem::replace(&mut start, *end)..*end).unwrap_or_default())
    }

    fn find(&self, hash: u64, name: &str) -> Option<u32> {
        self.codes.find(hash, |code| self.name(*code) == Some(name)).copied()
    }

    /// Adds a name that is not there.
    fn add(&mut self, hash: u64, name: &str, what: &'static str) -> Result<u32> {
        let limit = u64::from(NONE);
        let new = u32::try_from(self.len()).ok().filter(|code| *code != NONE);
        let code = new.ok_or(Problem::TooMany { what, limit })?;
        self.text.push_str(name);
        self.ends.push(self.text.len());
        self.hashes.push(hash);
        let hashes = &self.hashes;
        self.codes.insert_unique(hash, code, |code| hashes.get(*code as usize).copied().unwrap_or_default());
        Ok(code)
    }
}

fn hash(name: &str) -> u64 {
    SeedableRandomState::with_seed(0, SharedSeed::global_random()).hash_one(name)
}

/// A table of distinct names. Those of a log's columns are in byte order, so that comparing codes compares names.
///
/// A clone shares the table.
///
/// ```
/// # use journey_core::{EventLog, Event};
/// let time = "2024-03-13".parse()?;
/// let log = EventLog::builder().event(Event::new("c1", "visit", time)).event(Event::new("c1", "buy", time)).build()?;
/// let names = log.touchpoints();
/// assert_eq!(names.iter().collect::<Vec<_>>(), ["buy", "visit"]);
/// assert_eq!(names.code("visit"), Some(1));
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Names(Arc<Table>);

impl std::fmt::Debug for Names {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}

impl Names {
    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.ends.is_empty()
    }

    /// The name with this code; the empty text if there is none.
    #[must_use]
    pub fn name(&self, code: u32) -> &str {
        self.0.name(code).unwrap_or_default()
    }

    /// The code of this name.
    #[must_use]
    pub fn code(&self, name: &str) -> Option<u32> {
        self.0.find(hash(name), name)
    }

    /// All names, by code.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter()
    }
}

/// Names as they come, until they are a table.
#[derive(Clone, Default)]
pub(crate) struct Interner(Table);

impl std::fmt::Debug for Interner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}

impl Interner {
    /// How many names there are so far.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The name with this code; the empty text if there is none.
    pub(crate) fn name(&self, code: u32) -> &str {
        self.0.name(code).unwrap_or_default()
    }

    /// All names so far, by code.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter()
    }

    /// The code of this name, which is new if the name is.
    pub(crate) fn intern(&mut self, name: &str, what: &'static str) -> Result<u32> {
        let hash = hash(name);
        self.0.find(hash, name).map_or_else(|| self.0.add(hash, name, what), Ok)
    }

    /// The codes here of all names of another table, by their code there; new where the name is.
    pub(crate) fn intern_all(&mut self, other: &Self, what: &'static str) -> Result<Vec<u32>> {
        let names = other.0.hashes.iter().zip(other.iter());
        names.map(|(hash, name)| self.0.find(*hash, name).map_or_else(|| self.0.add(*hash, name, what), Ok)).collect()
    }

    /// The table of the names in the order in which they came, by the codes given out.
    pub(crate) fn into_names(mut self) -> Names {
        self.0.text.shrink_to_fit();
        self.0.ends.shrink_to_fit();
        // Only tables that grow need them.
        self.0.hashes = Vec::new();
        Names(Arc::new(self.0))
    }

    /// The table of the names in byte order; and the new code of each old one.
    pub(crate) fn into_sorted(self) -> (Names, Vec<u32>) {
        let Self(table) = self;
        let mut order: Vec<(&str, u32)> = table.iter().zip(0..).collect();
        if order.is_sorted_by(|(a, _), (b, _)| a.cmp(b) == Ordering::Less) {
            let same = (0u32..).take(table.len()).collect();
            return (Self(table).into_names(), same);
        }
        order.sort_unstable();
        let mut sorted = Table::default();
        let mut new_codes = vec![NONE; order.len()];
        for (new, (name, old)) in (0u32..).zip(order) {
            if let (Some(slot), Some(hash)) = (new_codes.get_mut(old as usize), table.hashes.get(old as usize)) {
                *slot = new;
                // There are as many names as before, so no more than there may be.
                let _ = sorted.add(*hash, name, "names");
            }
        }
        (Self(sorted).into_names(), new_codes)
    }
}

/// Replaces each code of a column by its new one; [`NONE`] stays.
pub(crate) fn recode(column: &mut [u32], new_codes: &[u32]) {
    for code in column {
        *code = new_codes.get(*code as usize).copied().unwrap_or(NONE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_keeps_each_name_with_its_events() {
        let mut names = Interner::default();
        let mut column: Vec<u32> = ["pear", "apple", "pear", "fig"].map(|n| names.intern(n, "names").unwrap()).into();
        column.push(NONE);
        let (names, new_codes) = names.into_sorted();
        recode(&mut column, &new_codes);
        assert_eq!(names.iter().collect::<Vec<_>>(), ["apple", "fig", "pear"]);
        assert_eq!(column, [2, 0, 2, 1, NONE]);
        assert_eq!(names.code("fig"), Some(1));
    }
}
