//! Texts interned once: a name is a small number, a number is a name.

use std::sync::Arc;

use indexmap::IndexSet;

use crate::error::{Problem, Result};

/// The code that stands for "no value" in a column of codes.
pub(crate) const NONE: u32 = u32::MAX;

type Table = IndexSet<Box<str>, foldhash::fast::RandomState>;

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
#[derive(Clone, Debug, Default)]
pub struct Names(Arc<Table>);

impl Names {
    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name with this code; the empty text if there is none.
    #[must_use]
    pub fn name(&self, code: u32) -> &str {
        self.0.get_index(code as usize).map_or("", |name| name)
    }

    /// The code of this name.
    #[must_use]
    pub fn code(&self, name: &str) -> Option<u32> {
        self.0.get_index_of(name).and_then(|code| u32::try_from(code).ok())
    }

    /// All names, by code.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|name| &**name)
    }
}

/// Names as they come, until they are a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interner(Table);

impl Interner {
    /// How many names there are so far.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The name with this code; the empty text if there is none.
    pub(crate) fn name(&self, code: u32) -> &str {
        self.0.get_index(code as usize).map_or("", |name| name)
    }

    /// All names so far, by code.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|name| &**name)
    }

    /// The code of this name, which is new if the name is.
    pub(crate) fn intern(&mut self, name: &str, what: &'static str) -> Result<u32> {
        let code = match self.0.get_index_of(name) {
            Some(code) => code,
            None => self.0.insert_full(name.into()).0,
        };
        match u32::try_from(code) {
            Ok(code) if code != NONE => Ok(code),
            _ => Err(Problem::TooMany { what, limit: u64::from(NONE) }.into()),
        }
    }

    /// The table of the names in the order in which they came, by the codes given out.
    pub(crate) fn into_names(self) -> Names {
        Names(Arc::new(self.0))
    }

    /// The table of the names in byte order; and the new code of each old one.
    pub(crate) fn into_sorted(mut self) -> (Names, Vec<u32>) {
        let mut order: Vec<usize> = (0..self.0.len()).collect();
        order.sort_unstable_by_key(|old| self.0.get_index(*old));
        let mut new_codes = vec![NONE; order.len()];
        for (new, old) in (0u32..).zip(&order) {
            if let Some(slot) = new_codes.get_mut(*old) {
                *slot = new;
            }
        }
        self.0.sort_unstable();
        (self.into_names(), new_codes)
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
