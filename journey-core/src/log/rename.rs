//! Touchpoints under other names.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::EventLog;
use crate::error::{Problem, Result, shorten};
use crate::names::{Interner, recode};

impl EventLog {
    /// The same log with other names for touchpoints; several that get one name become one touchpoint.
    ///
    /// All names change at once, so that two touchpoints may swap theirs.
    ///
    /// ```
    /// use journey_core::{Event, EventLog};
    ///
    /// let log = EventLog::builder()
    ///     .event(Event::new("ann", "/pay/card", "2024-03-13".parse()?))
    ///     .event(Event::new("bob", "/pay/bill", "2024-03-13".parse()?))
    ///     .build()?;
    /// let names = [("/pay/card", "pay"), ("/pay/bill", "pay")].map(|(old, new)| (old.into(), new.into()));
    /// assert_eq!(log.rename(&names.into())?.touchpoints().iter().collect::<Vec<_>>(), ["pay"]);
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a touchpoint is not in the log, or a new name is empty.
    ///
    /// # Complexity
    /// O(events + touchpoints log touchpoints).
    pub fn rename(&self, names: &BTreeMap<String, String>) -> Result<Self> {
        for (old, new) in names {
            self.touchpoint_code(old, "names")?;
            if new.is_empty() {
                let problem = format!("the new name of `{}` is empty", shorten(old));
                return Err(Problem::Options(problem).at_field("names"));
            }
        }
        let mut interner = Interner::default();
        let mut codes = Vec::with_capacity(self.names.touchpoints.len());
        for old in self.names.touchpoints.iter() {
            codes.push(interner.intern(names.get(old).map_or(old, String::as_str), "touchpoints")?);
        }
        let mut column = self.touchpoints.to_vec();
        recode(&mut column, &codes);
        Ok(self.with_touchpoints(interner, column))
    }

    /// The same log at other touchpoints: for each row the code of its new name.
    pub(crate) fn with_touchpoints(&self, names: Interner, mut column: Vec<u32>) -> Self {
        let (touchpoints, sorted) = names.into_sorted();
        recode(&mut column, &sorted);
        let mut log = self.clone();
        Arc::make_mut(&mut log.names).touchpoints = touchpoints;
        log.touchpoints = Arc::new(column);
        log
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::{ErrorKind, Event, EventLog};

    fn renamed(names: &[(&str, &str)]) -> crate::Result<Vec<String>> {
        let at = "2024-03-13".parse().unwrap();
        let log = ["a", "b", "c"].into_iter().fold(EventLog::builder(), |log, t| log.event(Event::new("j", t, at)));
        let names: BTreeMap<String, String> = names.iter().map(|(old, new)| ((*old).into(), (*new).into())).collect();
        let log = log.build().unwrap().rename(&names)?;
        assert!(log.touchpoints().iter().is_sorted());
        let path = log.journeys().flat_map(|j| j.events().map(|e| e.touchpoint.to_owned()).collect::<Vec<_>>());
        Ok(path.collect())
    }

    #[test]
    fn names_change_all_at_once_and_one_name_is_one_touchpoint() {
        assert_eq!(renamed(&[("a", "z")]).unwrap(), ["z", "b", "c"]);
        assert_eq!(renamed(&[("a", "b"), ("b", "a")]).unwrap(), ["b", "a", "c"]);
        assert_eq!(renamed(&[("a", "c"), ("b", "c")]).unwrap(), ["c", "c", "c"]);
        assert_eq!(renamed(&[]).unwrap(), ["a", "b", "c"]);
    }

    #[test]
    fn a_touchpoint_that_is_not_there_and_a_name_that_is_none_are_refused() {
        assert_eq!(renamed(&[("x", "y")]).unwrap_err().kind(), ErrorKind::UnknownTouchpoint);
        assert_eq!(renamed(&[("a", "")]).unwrap_err().to_string(), "`names`: the new name of `a` is empty");
        let empty = EventLog::builder().build().unwrap();
        assert!(empty.rename(&[("x".into(), "y".into())].into()).is_ok(), "a log without events names nothing");
    }
}
