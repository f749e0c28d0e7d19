//! Batches one after the other, until their rows are put in the order of a log.
//!
//! Each keeps the cells and codes that it came with; what its codes are in the table of all is known. So each column is
//! written once, when its cells are gathered in their order, and no column is there twice for long.

use super::NO_START;
use super::batch::{Batch, Codes};
use super::lifecycle::Stage;
use crate::error::{Problem, Result};
use crate::names::{Interner, NONE, Names};
use crate::threads::gather;

/// Batches in the order of the input, with one table of names for each column of all.
#[derive(Debug, Default)]
pub(super) struct Batches {
    /// How many rows each batch has.
    rows: Vec<usize>,
    pub(super) journeys: CodePieces,
    pub(super) touchpoints: CodePieces,
    pub(super) times: Pieces<i64>,
    pub(super) starts: Pieces<i64>,
    pub(super) channels: CodePieces,
    pub(super) scores: Pieces<f64>,
    pub(super) values: Pieces<f64>,
    pub(super) attributes: Vec<CodePieces>,
    pub(super) stages: Pieces<Stage>,
    instances: CodePieces,
}

/// The pieces of a column, one of each batch. A piece may be empty or end early: what follows is missing.
#[derive(Debug)]
pub(super) struct Pieces<T>(Vec<Vec<T>>);

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// The pieces of a column of texts.
#[derive(Debug, Default)]
pub(super) struct CodePieces {
    pub(super) names: Interner,
    /// The codes of each batch.
    codes: Vec<CodePiece>,
    /// What each of the codes of a batch is in the table of all.
    new_codes: Vec<Vec<u32>>,
}

/// The codes of a batch, in as little room as they need: of few names, caches then hold what is looked up here and there.
#[derive(Debug)]
enum CodePiece {
    /// The largest byte is no code.
    Narrow(Vec<u8>),
    Wide(Vec<u32>),
}

fn widened(code: u8) -> u32 {
    if code == u8::MAX { NONE } else { u32::from(code) }
}

impl CodePiece {
    fn new(column: &mut Codes) -> Self {
        if column.names.len() >= usize::from(u8::MAX) {
            return Self::Wide(std::mem::take(&mut column.codes));
        }
        Self::Narrow(column.codes.iter().map(|code| u8::try_from(*code).unwrap_or(u8::MAX)).collect())
    }

    /// The code at a place; [`NONE`] if there is none.
    fn code(&self, place: usize) -> u32 {
        match self {
            Self::Narrow(codes) => {
                codes.get(place).filter(|code| **code != u8::MAX).map_or(NONE, |code| u32::from(*code))
            }
            Self::Wide(codes) => codes.get(place).copied().unwrap_or(NONE),
        }
    }
}

/// How rows are numbered: the number of the batch is in the upper bits, the place in it in the lower ones, so that rows are
/// numbered in the order of the input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbering {
    shift: u32,
}

impl Numbering {
    /// `None` if the numbers would be too large.
    fn of(rows: &[usize]) -> Option<Self> {
        let longest = rows.iter().max().copied().unwrap_or_default().max(1);
        let shift = longest.checked_next_power_of_two()?.trailing_zeros();
        ((rows.len() as u64) << shift <= 1 << u32::BITS).then_some(Self { shift })
    }

    fn batch(self, row: u32) -> usize {
        usize::try_from(u64::from(row) >> self.shift).unwrap_or(usize::MAX)
    }

    fn place(self, row: u32) -> usize {
        usize::try_from(u64::from(row) & ((1 << self.shift) - 1)).unwrap_or(usize::MAX)
    }

    /// The number of a row; all numbers of a log's rows fit.
    pub(super) fn row(self, batch: usize, place: usize) -> u32 {
        u32::try_from(((batch as u64) << self.shift) + place as u64).unwrap_or(NONE)
    }
}

impl<T: Copy + Send + Sync> Pieces<T> {
    /// Whether no row has a cell.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// The cells that are there, batch by batch.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[T]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// The cell of a row, if it is there.
    pub(super) fn cell(&self, numbering: Numbering, row: u32) -> Option<T> {
        self.0.get(numbering.batch(row))?.get(numbering.place(row)).copied()
    }

    /// The cells of these rows, in their order; the pieces are given up, so that their memory is free for the next column.
    pub(super) fn gathered(self, numbering: Numbering, rows: &[u32], missing: T) -> Vec<T> {
        gather(rows, |row| self.cell(numbering, row).unwrap_or(missing))
    }

    fn joined(self, rows: &[usize], missing: T) -> Vec<T> {
        if self.is_empty() {
            return Vec::new();
        }
        let missing = std::iter::repeat(missing);
        let pieces = self.0.into_iter().zip(rows);
        pieces.flat_map(|(piece, rows)| piece.into_iter().chain(missing.clone()).take(*rows)).collect()
    }
}

impl CodePieces {
    fn push(&mut self, mut column: Codes, what: &'static str) -> Result<()> {
        let codes = CodePiece::new(&mut column);
        let new_codes = if self.names.len() == 0 {
            let same = (0u32..).take(column.names.len()).collect();
            self.names = column.names;
            same
        } else {
            self.names.intern_all(&column.names, what)?
        };
        self.codes.push(codes);
        self.new_codes.push(new_codes);
        Ok(())
    }

    /// Calls with the batch, the place in it and the code of each row; of rows that have none, only of those before others.
    pub(super) fn each(&self, mut take: impl FnMut(usize, usize, u32)) {
        for (batch, (codes, new)) in self.codes.iter().zip(&self.new_codes).enumerate() {
            let mut take = |place, code: u32| take(batch, place, new.get(code as usize).copied().unwrap_or(NONE));
            match codes {
                CodePiece::Narrow(codes) => (0..).zip(codes).for_each(|(place, code)| take(place, widened(*code))),
                CodePiece::Wide(codes) => (0..).zip(codes).for_each(|(place, code)| take(place, *code)),
            }
        }
    }

    /// The names, in the order in which they came.
    pub(super) fn into_names(self) -> Names {
        self.names.into_names()
    }

    /// The codes of these rows in a table in byte order.
    pub(super) fn gathered(self, numbering: Numbering, rows: &[u32]) -> (Vec<u32>, Names) {
        let (names, sorted) = self.names.into_sorted();
        let mut new_codes = self.new_codes;
        for code in new_codes.iter_mut().flatten() {
            *code = sorted.get(*code as usize).copied().unwrap_or(NONE);
        }
        let codes = gather(rows, |row| {
            let batch = numbering.batch(row);
            let code = self.codes.get(batch).map_or(NONE, |codes| codes.code(numbering.place(row)));
            new_codes.get(batch).and_then(|new| new.get(code as usize)).copied().unwrap_or(NONE)
        });
        (codes, names)
    }

    fn joined(self, rows: &[usize]) -> Codes {
        let mut pieces = vec![Vec::new(); self.codes.len()];
        self.each(|batch, _, code| pieces.get_mut(batch).into_iter().for_each(|piece| piece.push(code)));
        Codes { codes: Pieces(pieces).joined(rows, NONE), names: self.names }
    }
}

impl From<Batch> for Batches {
    fn from(batch: Batch) -> Self {
        let mut batches = Self::default();
        // The names of a single batch are never too many.
        let _ = batches.push(batch);
        batches
    }
}

impl Batches {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.iter().sum()
    }

    /// How many distinct touchpoints there are.
    pub(super) fn touchpoint_count(&self) -> u64 {
        self.touchpoints.names.len() as u64
    }

    /// Adds a batch, which has as many attributes as the others.
    pub(super) fn push(&mut self, batch: Batch) -> Result<()> {
        let rows = batch.len();
        if rows == 0 {
            return Ok(());
        }
        let is_timed = !batch.times.is_empty();
        if !self.rows.is_empty() && self.times.is_empty() == is_timed {
            return Err(Problem::SomeTimes { has: is_timed }.into());
        }
        self.journeys.push(batch.journeys, "journeys")?;
        self.touchpoints.push(batch.touchpoints, "touchpoints")?;
        self.times.0.push(batch.times);
        self.starts.0.push(batch.starts);
        self.channels.push(batch.channels, "channels")?;
        self.scores.0.push(batch.scores);
        self.values.0.push(batch.values);
        self.attributes.resize_with(batch.attributes.len(), CodePieces::default);
        for (column, more) in self.attributes.iter_mut().zip(batch.attributes) {
            column.push(more, "attribute values")?;
        }
        self.stages.0.push(batch.stages);
        self.instances.push(batch.instances, "instances of events")?;
        self.rows.push(rows);
        Ok(())
    }

    /// The batches, as one if need be, and how their rows are numbered.
    pub(super) fn numbered(self) -> (Self, Numbering) {
        match Numbering::of(&self.rows) {
            Some(numbering) => (self, numbering),
            // With one batch, a row is its own number.
            None => (self.joined().into(), Numbering { shift: u32::BITS }),
        }
    }

    /// All batches as one.
    pub(super) fn joined(self) -> Batch {
        let rows = &self.rows;
        Batch {
            journeys: self.journeys.joined(rows),
            touchpoints: self.touchpoints.joined(rows),
            times: self.times.joined(rows, 0),
            starts: self.starts.joined(rows, NO_START),
            channels: self.channels.joined(rows),
            scores: self.scores.joined(rows, f64::NAN),
            values: self.values.joined(rows, f64::NAN),
            attributes: self.attributes.into_iter().map(|column| column.joined(rows)).collect(),
            stages: self.stages.joined(rows, Stage::Complete),
            instances: self.instances.joined(rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Event;
    use crate::time::Timestamp;

    fn batch(rows: &[(&str, Option<&str>, Option<f64>)]) -> Batch {
        let mut batch = Batch::new(1);
        for (journey, attribute, score) in rows {
            let event = Event { score: *score, ..Event::new(journey, "t", Timestamp::from_micros(0).unwrap()) };
            batch.push(event, [*attribute]).unwrap();
        }
        batch
    }

    #[test]
    fn batches_put_together_are_the_batch_of_all_rows() {
        let rows = [("a", None, None), ("b", Some("x"), None), ("a", None, Some(1.0)), ("c", Some("y"), None)];
        let whole = batch(&rows);
        for cut in 0..=rows.len() {
            let mut parts = Batches::default();
            parts.push(batch(&rows[..cut])).unwrap();
            parts.push(batch(&rows[cut..])).unwrap();
            assert_eq!(parts.len(), 4);
            let parts = parts.joined();
            assert_eq!(parts.journeys.codes, whole.journeys.codes);
            assert_eq!(parts.attributes[0].codes, whole.attributes[0].codes);
            assert_eq!(parts.scores.len(), whole.scores.len());
        }
        assert_eq!(whole.attributes[0].codes, [NONE, 0, NONE, 1]);
        assert!(whole.scores[0].is_nan() && whole.scores[2] == 1.0);
    }
}
