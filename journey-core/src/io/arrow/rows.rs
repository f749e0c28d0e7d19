//! From batches of Arrow records to columns of events, column by column.

use arrow_array::{Array, ArrayRef, RecordBatch};

use super::leaves::Leaves;
use super::numbers::append_numbers;
use super::texts::{NameColumn, TextCells, What};
use super::times::Times;
use super::{At, Placed};
use crate::error::{Error, Problem, Result};
use crate::io::columns::{Column, Columns};
use crate::io::limits::Limits;
use crate::io::table::check;
use crate::log::{Batch, NO_START, Stage, ends_after_start};

/// The rows of some batches of records.
pub(in crate::io) struct Rows<'a> {
    columns: &'a Columns<'a>,
    leaves: &'a Leaves,
    limits: &'a Limits,
    journeys: NameColumn,
    touchpoints: NameColumn,
    channels: NameColumn,
    attributes: Vec<NameColumn>,
    instances: NameColumn,
    times: Vec<i64>,
    starts: Vec<i64>,
    scores: Vec<f64>,
    values: Vec<f64>,
    /// `None` for a row that is to be passed over.
    stages: Vec<Option<Stage>>,
    records: usize,
}

/// The error of the first row that has one; of several in a row, the one that reading it cell by cell would find first.
#[derive(Default)]
struct First(Option<(usize, Error)>);

impl First {
    fn note(&mut self, outcome: Placed<()>, field: &str) {
        if let Err(At { row, error }) = outcome
            && self.0.as_ref().is_none_or(|(earlier, _)| row < *earlier)
        {
            self.0 = Some((row, error.at_field(field)));
        }
    }
}

impl<'a> Rows<'a> {
    pub(in crate::io) fn new(columns: &'a Columns<'a>, leaves: &'a Leaves, limits: &'a Limits) -> Self {
        Self {
            columns,
            leaves,
            limits,
            journeys: NameColumn::default(),
            touchpoints: NameColumn::default(),
            channels: NameColumn::default(),
            attributes: columns.attributes.iter().map(|_| NameColumn::default()).collect(),
            instances: NameColumn::default(),
            times: Vec::new(),
            starts: Vec::new(),
            scores: Vec::new(),
            values: Vec::new(),
            stages: Vec::new(),
            records: 0,
        }
    }

    /// Takes the memory for so many rows at once, in the columns that every row has a cell in.
    pub(in crate::io) fn reserve(&mut self, rows: usize) {
        self.times.reserve(rows);
        let names = [&mut self.journeys, &mut self.touchpoints, &mut self.channels].into_iter();
        for column in names.chain(&mut self.attributes) {
            column.codes.codes.reserve(rows);
        }
    }

    /// Adds the rows of a batch.
    pub(in crate::io) fn append(&mut self, batch: &RecordBatch) -> Result<()> {
        let (columns, before) = (self.columns, self.records);
        let arrays = self.leaves.arrays(batch)?;
        let array = |column: &Column<'_>| -> Result<&ArrayRef> {
            let missing =
                || Problem::Options("the batch is not of the schema of its reader".into()).at_field(column.name);
            arrays.get(column.place).ok_or_else(missing)
        };
        let names = |names, needed| What { names, needed, limits: self.limits };
        let mut first = First::default();

        if let Some(column) = &columns.time {
            let times = Times { reader: &columns.times, missing: None };
            first.note(times.append(&mut self.times, before, array(column)?), column.name);
        }
        let column = &columns.journey;
        first.note(self.journeys.append(array(column)?, names("journeys", Some("journey id"))), column.name);
        let column = &columns.touchpoint;
        first.note(self.touchpoints.append(array(column)?, names("touchpoints", Some("touchpoint"))), column.name);
        if let Some(column) = &columns.start {
            let starts = Times { reader: &columns.times, missing: Some(NO_START) };
            first.note(starts.append(&mut self.starts, before, array(column)?), column.name);
        }
        if let Some(column) = &columns.channel {
            first.note(self.channels.append(array(column)?, names("channels", None)), column.name);
        }
        if let Some(column) = &columns.score {
            let change = |score| columns.scale.to_experience(score);
            first.note(append_numbers(&mut self.scores, before, array(column)?, change), column.name);
        }
        if let Some(column) = &columns.value {
            first.note(append_numbers(&mut self.values, before, array(column)?, Ok), column.name);
        }
        if let Some(column) = &columns.lifecycle {
            first.note(append_stages(&mut self.stages, array(column)?, columns.skipped), column.name);
        }
        for (codes, column) in self.attributes.iter_mut().zip(&columns.attributes) {
            first.note(codes.append(array(column)?, names("attribute values", None)), column.name);
        }
        if let Some(column) = &columns.instance {
            first.note(self.instances.append(array(column)?, names("instances of events", None)), column.name);
        }
        // The columns end where they have an error, so pairs that are there are right.
        let pairs = self.starts.iter().zip(&self.times).skip(before).enumerate();
        let late =
            pairs.filter(|(_, (start, time))| start > time).map(|(row, (start, time))| (row, *start, *time)).next();
        let earlier = first.0.as_ref().map_or(usize::MAX, |(row, _)| *row);
        if let Some((row, start, time)) = late.filter(|(row, ..)| *row < earlier) {
            first.0 = ends_after_start(start, time).err().map(|error| (row, error));
        }
        if let Some((row, error)) = first.0 {
            return Err(error.at_record((before + row) as u64 + 1));
        }
        self.records += batch.num_rows();
        Ok(())
    }

    /// How many records have been read.
    #[cfg(feature = "parquet")]
    pub(in crate::io) fn records(&self) -> usize {
        self.records
    }

    /// The rows as a batch of events, and how many records they were read from.
    pub(in crate::io) fn finish(self) -> Result<(Batch, u64)> {
        let stages = self.stages.iter().copied().flatten().collect();
        let mut batch = Batch {
            journeys: self.journeys.codes,
            touchpoints: self.touchpoints.codes,
            times: self.times,
            starts: self.starts,
            channels: self.channels.codes,
            scores: self.scores,
            values: self.values,
            attributes: self.attributes.into_iter().map(|column| column.codes).collect(),
            stages,
            instances: self.instances.codes,
        };
        if self.stages.contains(&None) {
            let kept: Vec<bool> = self.stages.iter().map(Option::is_some).collect();
            batch = batch.keep(&kept)?;
        }
        check("touchpoints", batch.touchpoint_count(), self.limits.touchpoints)?;
        Ok((batch, self.records as u64))
    }
}

/// Adds which end of an event each row is.
fn append_stages(to: &mut Vec<Option<Stage>>, array: &dyn Array, skipped: &[String]) -> Placed<()> {
    let cells =
        TextCells::of(array).ok_or_else(|| At::row(0)(super::wrong_type(array.data_type(), super::Expected::Text)))?;
    (0..array.len()).try_for_each(|row| {
        let stage = cells.get(row).and_then(|text| Stage::read(text, skipped)).map_err(At::row(row))?;
        to.push(stage);
        Ok(())
    })
}
