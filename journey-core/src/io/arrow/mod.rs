//! Logs from Arrow: batches of records in memory, and files and streams of them.
//!
//! Arrow's types are read as what they mean: every sort of text, dictionaries of them, timestamps of every unit and zone,
//! dates, numbers. What cannot be meant is refused with the name of the column: an id of a journey that is a fraction, a
//! list for a touchpoint. The records of all batches are counted from 1, and errors name them as those of CSV do.

mod ipc;
mod leaves;
mod numbers;
mod parts;
mod rows;
mod texts;
mod times;
mod write;

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, DataType, Schema};

pub(super) use self::leaves::Leaves;
pub use self::parts::LogParts;
pub(super) use self::rows::Rows;
pub use self::write::{to_arrow, write_arrow_ipc};
use super::columns::Columns;
use super::limits::Limits;
use super::options::{ReadOptions, StandardNames};
use super::read::{LogReader, Sink};
use super::table::check;
use crate::error::{Error, Problem, Result, shorten};
use crate::log::EventLog;
use crate::threads::in_order;

/// Reads a log from batches of Arrow records, in any order; those of a vector come as a `RecordBatchIterator`.
///
/// Missing cells are null; texts that are empty are missing, too. Journeys, touchpoints, channels and attributes are texts,
/// dictionaries of texts, whole numbers or booleans; scores and values are any numbers, decimal ones too; times are
/// timestamps or dates, or what [`read_csv`](crate::read_csv) reads as times. Timestamps without a zone are read as UTC
/// unless `time_zone` says otherwise; digits beyond the microsecond are cut off. A column within a column of records is
/// named by a path, such as `user.id`; where there is a column of just that name, that one counts.
///
/// ```
/// use std::sync::Arc;
/// use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator, StringArray, TimestampSecondArray};
/// use journey_core::{ReadOptions, read_arrow};
///
/// let batch = RecordBatch::try_from_iter([
///     ("journey", Arc::new(StringArray::from(vec!["ann", "ann"])) as ArrayRef),
///     ("touchpoint", Arc::new(StringArray::from(vec!["pay", "visit"]))),
///     ("time", Arc::new(TimestampSecondArray::from(vec![1_710_324_300, 1_710_324_000]))),
/// ])?;
/// let schema = batch.schema();
/// let log = read_arrow(RecordBatchIterator::new([Ok(batch)], schema), &ReadOptions::default())?;
/// assert_eq!(log.journey(0).unwrap().events().next().unwrap().touchpoint, "visit");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If a column is missing, there twice or of a type that cannot be meant; if a journey, touchpoint or time is missing, a
/// time, score or value cannot be read; or if a batch is an error. The error says in which record and column.
pub fn read_arrow(batches: impl RecordBatchReader, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).arrow(batches)
}

/// As [`read_arrow`], from a file or stream of Arrow's own format (IPC, also called Feather 2), plain or with its buffers
/// compressed by LZ4 or zstd.
///
/// # Errors
/// As [`read_arrow`], or if the input is damaged or ends before its end mark.
pub fn read_arrow_ipc(input: impl Read, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).arrow_ipc(input)
}

/// As [`read_arrow_ipc`], from a file; errors name it.
///
/// # Errors
/// As [`read_arrow_ipc`], or if the file cannot be opened.
pub fn read_arrow_ipc_path(path: impl AsRef<Path>, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).arrow_ipc_path(path)
}

/// Reads batches in memory.
pub(super) fn read(
    mut batches: impl RecordBatchReader,
    options: &ReadOptions,
    sink: &mut Sink<'_>,
) -> Result<EventLog> {
    let schema = batches.schema();
    read_batches(
        &schema,
        || batches.next().transpose().map_err(|error| arrow_error(error, "Arrow data")),
        options,
        sink,
    )
}

/// Reads a file or stream.
pub(super) fn read_ipc(input: impl Read, options: &ReadOptions, sink: &mut Sink<'_>) -> Result<EventLog> {
    let mut stream = ipc::Stream::open(input, &options.limits)?;
    let schema = stream.schema()?;
    read_batches(&schema, || stream.next(), options, sink)
}

/// The names of the columns of a file or stream.
pub(super) fn names(input: impl Read, limits: &Limits) -> Result<Vec<String>> {
    let schema = ipc::Stream::open(input, limits)?.schema()?;
    Ok(schema.fields().iter().map(|field| field.name().clone()).collect())
}

/// Reads batches as `next` brings them, on all cores.
fn read_batches(
    schema: &Schema,
    mut next: impl FnMut() -> Result<Option<RecordBatch>>,
    options: &ReadOptions,
    sink: &mut Sink<'_>,
) -> Result<EventLog> {
    /// Records that are worth a thread.
    const WORTH: usize = 1 << 16;
    let (mut columns, leaves) = find(options, schema)?;
    let mut builder = columns.builder();
    let mut rest = next()?;
    while rest.as_ref().is_some_and(|batch| batch.num_rows() == 0) {
        rest = next()?;
    }
    if let Some(batch) = &rest {
        learn(&mut columns, &leaves, batch)?;
    }
    let some = || {
        let mut batches = Vec::new();
        let mut records = 0;
        while records < WORTH
            && let Some(batch) = rest.take().map_or_else(&mut next, |batch| Ok(Some(batch)))?
        {
            // A table in memory is often one batch; whoever watches is told, and may end it, after each piece.
            let (batch, more) = split(batch, WORTH);
            rest = more;
            records += batch.num_rows();
            batches.push(batch);
        }
        Ok((!batches.is_empty()).then_some(batches))
    };
    let mut records = 0;
    in_order(
        some,
        |batches: Vec<RecordBatch>| {
            let mut rows = Rows::new(&columns, &leaves, &options.limits);
            rows.reserve(batches.iter().map(RecordBatch::num_rows).sum());
            batches.iter().try_for_each(|batch| rows.append(batch))?;
            rows.finish()
        },
        |piece: Result<_>| {
            let (batch, count) = piece.map_err(|error| error.after_records(records))?;
            records += count;
            sink.take(&mut builder, batch)
        },
    )?;
    builder.build()
}

/// At most so many records of a batch, and the others, if there are any. Nothing is copied.
fn split(batch: RecordBatch, most: usize) -> (RecordBatch, Option<RecordBatch>) {
    match batch.num_rows().checked_sub(most) {
        None | Some(0) => (batch, None),
        Some(others) => (batch.slice(0, most), Some(batch.slice(most, others))),
    }
}

/// Finds the columns that the options ask for, and checks that they are of types that can be meant. The places of the
/// columns are those among the leaves.
pub(super) fn find<'a>(options: &'a ReadOptions, schema: &Schema) -> Result<(Columns<'a>, Leaves)> {
    check("columns", schema.fields().len() as u64, options.limits.columns)?;
    let mut leaves = Leaves::default();
    let columns = Columns::find(options, StandardNames::TABLE, |option, name| {
        let (place, kind) = leaves.find(schema, option, name).map_err(|problem| problem.at_field(name))?;
        let expected = Expected::of(option);
        if expected.holds(kind) { Ok(place) } else { Err(wrong_type(kind, expected).at_field(name)) }
    })?;
    Ok((columns, leaves))
}

/// Learns from the first record in which form times are, if they are texts.
pub(super) fn learn(columns: &mut Columns<'_>, leaves: &Leaves, batch: &RecordBatch) -> Result<()> {
    let arrays = leaves.arrays(batch)?;
    let array = columns.time.and_then(|column| arrays.get(column.place));
    let cells = array.and_then(|array| texts::TextCells::of(array)).filter(|_| batch.num_rows() > 0);
    if let Some(Ok(Some(text))) = cells.as_ref().map(|cells| cells.get(0)) {
        columns.times.learn(text);
    }
    Ok(())
}

/// What a column is read as.
#[derive(Clone, Copy)]
enum Expected {
    Text,
    Number,
    Time,
}

impl Expected {
    fn of(option: &str) -> Self {
        match option {
            "time" | "start" => Self::Time,
            "score" | "value" => Self::Number,
            _ => Self::Text,
        }
    }

    fn holds(self, kind: &DataType) -> bool {
        match self {
            Self::Text => texts::is_text(kind),
            Self::Number => numbers::is_number(kind),
            Self::Time => times::is_time(kind),
        }
    }
}

fn wrong_type(kind: &DataType, expected: Expected) -> Error {
    let expected = match expected {
        Expected::Text if kind.is_floating() => {
            "texts or whole numbers; the text of a fraction depends on who writes it, so make it one of these first"
        }
        Expected::Text => "texts, dictionaries of texts, whole numbers or booleans",
        Expected::Number => "numbers, or texts of numbers",
        Expected::Time => "timestamps, dates, texts or numbers",
    };
    Problem::ColumnType { found: shorten(&kind.to_string()), expected }.into()
}

/// The readers of Arrow and Parquet take some damaged inputs for their own mistakes, and panic: that is an error about
/// `what`.
pub(super) fn decode<T>(what: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let contradicts = |_| Err(Problem::Damaged { what, message: "it contradicts itself".into() }.into());
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(contradicts)
}

/// What Arrow says, as an error about `what`.
pub(super) fn arrow_error(error: ArrowError, what: &'static str) -> Error {
    match error {
        ArrowError::IoError(_, error) => super::input::io_error(error),
        error => Problem::Damaged { what, message: shorten(&error.to_string()) }.into(),
    }
}

/// What is read of an array, or the error with its row.
type Placed<T> = std::result::Result<T, At>;

/// An error in a row of an array.
struct At {
    row: usize,
    error: Error,
}

impl At {
    /// Places an error.
    fn row(row: usize) -> impl FnOnce(Error) -> Self {
        move |error| Self { row, error }
    }
}

#[cfg(test)]
mod tests;
