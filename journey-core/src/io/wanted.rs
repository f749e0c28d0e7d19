//! The fields that options ask for, where rows have names beside their values and no header: NDJSON and XES.

use std::ops::BitOrAssign;

use super::blocks::Block;
use crate::error::{Error, Problem, Result, nearest, shorten};
use crate::log::Batch;

/// The fields that are asked for, each name once; a field is known by its place among them.
#[derive(Default)]
pub(super) struct Wanted<'a> {
    pub(super) fields: Vec<WantedField<'a>>,
}

/// A field that is asked for.
#[derive(Clone, Copy)]
pub(super) struct WantedField<'a> {
    pub(super) name: &'a str,
    /// The option that names it, the first one where there are several.
    pub(super) option: &'static str,
}

impl<'a> Wanted<'a> {
    /// The place of a field, which is a new one if nothing asked for it before.
    pub(super) fn place(&mut self, option: &'static str, name: &'a str) -> usize {
        let known = self.fields.iter().position(|field| field.name == name);
        known.unwrap_or_else(|| {
            self.fields.push(WantedField { name, option });
            self.fields.len() - 1
        })
    }

    /// Fails if there is a field that no row has, of those that `asked` chooses; `have` finds the names that rows have.
    pub(super) fn check(
        &self,
        what: &'static str,
        seen: &Seen,
        asked: impl Fn(&WantedField<'_>) -> bool,
        have: impl FnOnce() -> Vec<String>,
    ) -> Result<()> {
        let missing = self.fields.iter().enumerate().find(|(place, field)| !seen.has(*place) && asked(field));
        let Some((_, field)) = missing else { return Ok(()) };
        let have = have();
        Err(Problem::NoField {
            what,
            nearest: nearest(field.name, have.iter().map(String::as_str)),
            field: shorten(field.name),
            option: field.option,
            have,
        }
        .at_field(field.name))
    }
}

/// Whether an event is none without the field of this option.
pub(super) fn is_required(field: &WantedField<'_>) -> bool {
    matches!(field.option, "journey" | "touchpoint" | "time")
}

/// Which fields have been seen, by their places.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen(Vec<bool>);

impl Seen {
    pub(super) fn add(&mut self, place: usize) {
        if self.0.len() <= place {
            self.0.resize(place + 1, false);
        }
        self.0.get_mut(place).into_iter().for_each(|seen| *seen = true);
    }

    fn has(&self, place: usize) -> bool {
        self.0.get(place).copied().unwrap_or(false)
    }
}

impl BitOrAssign<&Self> for Seen {
    fn bitor_assign(&mut self, other: &Self) {
        for (place, _) in other.0.iter().enumerate().filter(|(_, seen)| **seen) {
            self.add(place);
        }
    }
}

/// What a block was read to.
pub(super) struct Part {
    pub(super) batch: Batch,
    pub(super) records: u64,
    pub(super) seen: Seen,
}

/// The error at a byte of a block: it gets the line.
pub(super) fn at_byte(error: Error, block: &Block, byte: usize) -> Error {
    let before = block.bytes.get(..byte).unwrap_or(&block.bytes);
    error.at_line(block.line + memchr::memchr_iter(b'\n', before).count() as u64, None)
}

/// The text of a block up to the first line that is not UTF-8, and the error of that line.
pub(super) fn utf8(block: &Block) -> (&str, Option<Error>) {
    let error = match std::str::from_utf8(&block.bytes) {
        Ok(text) => return (text, None),
        Err(error) => error,
    };
    let (good, _) = block.bytes.split_at_checked(error.valid_up_to()).unwrap_or_default();
    let end = memchr::memrchr(b'\n', good).map_or(0, |place| place + 1);
    let text = good.get(..end).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
    (text, Some(at_byte(Problem::LineNotUtf8 { byte: good.len() - end + 1 }.into(), block, end)))
}
