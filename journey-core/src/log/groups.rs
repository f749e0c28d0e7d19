//! Journeys in groups: by the value of an attribute.

use super::matching::unknown;
use super::{EventLog, Journey};
use crate::error::{Result, nearest};
use crate::names::{NONE, Names};

/// Which group a journey belongs to: that of the first of its events that has a value of the attribute.
///
/// A customer may change devices or segments on the way; the first value is known before anything that follows, so that
/// comparing groups does not look into the future.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Groups<'a> {
    names: &'a Names,
    column: &'a [u32],
}

impl EventLog {
    /// The groups of an attribute that an option names.
    pub(crate) fn groups(&self, attribute: &str, option: &str) -> Result<Groups<'_>> {
        let (names, column) = self.attribute_column(attribute, option)?;
        Ok(Groups { names, column })
    }
}

impl<'a> Groups<'a> {
    /// The values of the attribute, in byte order; some may have no journey.
    pub(crate) fn names(&self) -> &'a Names {
        self.names
    }

    /// The code of a group that an option names.
    pub(crate) fn code(&self, value: &str, option: &str) -> Result<u32> {
        self.names.code(value).ok_or_else(|| unknown(option, "value", value, nearest(value, self.names.iter())))
    }

    /// The group of a journey, as a code of the names; `None` if no event has a value.
    pub(crate) fn of(&self, journey: Journey<'_>) -> Option<u32> {
        self.column.get(journey.rows()).unwrap_or_default().iter().copied().find(|code| *code != NONE)
    }
}
