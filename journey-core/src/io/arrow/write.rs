//! Logs to Arrow.

use std::io::Write;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_buffer::NullBuffer;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Field, Schema};

use super::arrow_error;
use crate::error::{Error, Problem, Result};
use crate::log::{EventLog, NO_START};
use crate::names::{NONE, Names};

/// The log as a table of Arrow: journey by journey, the events of each in the order of time.
///
/// The columns are `journey`, `touchpoint` and `time`, then `start`, `channel`, `score`, `value` and `feedback` where the log
/// has any, then the attributes by their names. Texts are dictionaries, times are microseconds in UTC, scores are on the
/// experience scale, and what is missing is null. [`read_arrow`](crate::read_arrow) with these names as options makes the
/// same log of it, without the feedback.
///
/// ```
/// use journey_core::{Event, EventLog, to_arrow};
///
/// let log = EventLog::builder().event(Event::new("ann", "visit", "2024-03-13".parse()?)).build()?;
/// let table = to_arrow(&log)?;
/// assert_eq!((table.num_rows(), table.num_columns()), (1, 3));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an attribute is called as one of the other columns is, the log has weights, or there are more names than Arrow can count.
pub fn to_arrow(log: &EventLog) -> Result<RecordBatch> {
    const TAKEN: [&str; 8] = ["journey", "touchpoint", "time", "start", "channel", "score", "value", "feedback"];
    if let Some(name) = log.attributes().find(|name| TAKEN.contains(name)) {
        let message = format!("an attribute is called `{name}`, as the column of the {name} is; give it another name");
        return Err(Problem::Options(message).at_field(name));
    }
    if log.journeys().any(|journey| journey.weight() != 1) {
        let message = "the log has journeys that stand for several customers, which no table of events can say";
        return Err(Problem::Options(message.into()).into());
    }
    let (columns, names) = (log.columns(), log.names());
    let codes = |column: &[u32], names, what| coded(column.iter().copied(), names, what);
    let mut table = vec![
        ("journey", coded(log.journey_codes(), &names.journeys, "journeys")?, false),
        ("touchpoint", codes(columns.touchpoints, &names.touchpoints, "touchpoints")?, false),
    ];
    table.extend(columns.times.map(|column| ("time", times(column, None), false)));
    if let Some(starts) = columns.starts {
        let known = starts.iter().map(|start| *start != NO_START).collect();
        table.push(("start", times(starts, Some(known)), true));
    }
    if let Some(channels) = columns.channels {
        table.push(("channel", codes(channels, &names.channels, "channels")?, true));
    }
    for (name, column) in [("score", columns.scores), ("value", columns.values), ("feedback", columns.feedback)] {
        table.extend(column.map(|column| (name, numbers(column), true)));
    }
    for (name, values, column) in columns.attributes {
        table.push((name, codes(column, values, "attribute values")?, true));
    }
    let field =
        |(name, array, nullable): &(&str, ArrayRef, bool)| Field::new(*name, array.data_type().clone(), *nullable);
    let schema = Schema::new(table.iter().map(field).collect::<Vec<_>>());
    let arrays = table.into_iter().map(|(_, array, _)| array).collect();
    RecordBatch::try_new(Arc::new(schema), arrays).map_err(written)
}

/// Writes the table of [`to_arrow`] as a file of Arrow's own format (IPC, also called Feather 2).
///
/// # Errors
/// As [`to_arrow`], or if writing fails.
pub fn write_arrow_ipc(log: &EventLog, out: impl Write + Send) -> Result<()> {
    let table = to_arrow(log)?;
    let mut writer = FileWriter::try_new_buffered(out, &table.schema()).map_err(written)?;
    writer.write(&table).map_err(written)?;
    writer.into_inner().map_err(written)?.flush().map_err(|error| Problem::Io(error).into())
}

fn written(error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, error) => Problem::Io(error).into(),
        error => arrow_error(error, "Arrow data"),
    }
}

/// A column of codes, as a dictionary of the names.
fn coded(codes: impl Iterator<Item = u32>, names: &Names, what: &'static str) -> Result<ArrayRef> {
    const MOST: u64 = i32::MAX.unsigned_abs() as u64;
    let bytes: u64 = names.iter().map(|name| name.len() as u64).sum();
    if names.len() as u64 > MOST {
        return Err(Problem::TooMany { what, limit: MOST }.into());
    }
    if bytes > MOST {
        return Err(Problem::TooMany { what: "bytes of names", limit: MOST }.into());
    }
    let keys: Int32Array = codes.map(|code| if code == NONE { None } else { i32::try_from(code).ok() }).collect();
    let values: StringArray = names.iter().map(Some).collect();
    let column = DictionaryArray::<Int32Type>::try_new(keys, Arc::new(values)).map_err(written)?;
    Ok(Arc::new(column))
}

fn times(micros: &[i64], known: Option<NullBuffer>) -> ArrayRef {
    let known = known.filter(|known| known.null_count() > 0);
    Arc::new(TimestampMicrosecondArray::new(micros.to_vec().into(), known).with_timezone("UTC"))
}

fn numbers(column: &[f64]) -> ArrayRef {
    Arc::new(column.iter().map(|number| (!number.is_nan()).then_some(*number)).collect::<Float64Array>())
}
