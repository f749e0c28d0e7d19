//! Logs from and to Parquet.
//!
//! Only the columns that are asked for are read, and pieces of the file on all cores. Columns of texts come as they are
//! stored, as dictionaries, so that a name is looked up once for each dictionary it is in, and not for each event.

mod source;
mod write;

use std::io::{Read, Seek};
use std::path::Path;
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use ::parquet::basic::{Encoding, Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use arrow_schema::{DataType, Field, Schema, TimeUnit};

use self::source::{Chunks, Source};
pub use self::write::write_parquet;
use super::arrow::{Rows, arrow_error, decode, find, learn};
use super::columns::Columns;
use super::options::ReadOptions;
use super::read::{LogReader, Sink};
use crate::error::{Error, Problem, Result, shorten};
use crate::log::{Batch, EventLog};
use crate::threads::in_order;

/// Reads a log from a Parquet file, its rows in any order: a file, or a `Cursor` over bytes.
///
/// The columns are read as [`read_arrow`](crate::read_arrow) reads them; those that are not asked for are not touched.
///
/// ```
/// use std::io::Cursor;
/// use journey_core::{Event, EventLog, ReadOptions, read_parquet, write_parquet};
///
/// let log = EventLog::builder().event(Event::new("ann", "visit", "2024-03-13".parse()?)).build()?;
/// let mut file = Vec::new();
/// write_parquet(&log, &mut file)?;
/// assert_eq!(read_parquet(Cursor::new(file), &ReadOptions::default())?.len(), 1);
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// As [`read_arrow`](crate::read_arrow), or if the file is damaged, encrypted or compressed in a way that this build cannot
/// read: gzip, LZ4, Snappy and zstd it can.
pub fn read_parquet(input: impl Read + Seek, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).parquet(input)
}

/// As [`read_parquet`], from a file; errors name it.
///
/// # Errors
/// As [`read_parquet`], or if the file cannot be opened.
pub fn read_parquet_path(path: impl AsRef<Path>, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).parquet_path(path)
}

/// Rows of one row group.
struct Piece {
    row_group: usize,
    skip: usize,
    rows: usize,
    chunks: Chunks,
}

/// How many rows are read at a time, and go through the caches.
const BATCH: usize = 1 << 15;

/// The names of the columns of a file.
pub(super) fn names(input: impl Read + Seek) -> Result<Vec<String>> {
    let metadata = Arc::clone(Source::open(input)?.metadata());
    let schema =
        decode(FILE, || ArrowReaderMetadata::try_new(metadata, ArrowReaderOptions::new()).map_err(parquet_error))?;
    Ok(schema.schema().fields().iter().map(|field| field.name().clone()).collect())
}

/// Reads the file on all cores.
pub(super) fn read(input: impl Read + Seek, options: &ReadOptions, sink: &mut Sink<'_>) -> Result<EventLog> {
    let mut source = Source::open(input)?;
    let metadata = Arc::clone(source.metadata());
    let schema_as =
        |options| decode(FILE, || ArrowReaderMetadata::try_new(Arc::clone(&metadata), options).map_err(parquet_error));
    let stored = schema_as(ArrowReaderOptions::new())?;
    let needed = needed(&find(options, stored.schema())?);
    source.check(&needed, &options.limits)?;
    sink.expect_bytes(source.bytes());

    let schema = as_wanted(stored.schema(), &metadata, &needed);
    let as_wanted = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    let file = schema_as(as_wanted)?;
    let projected = file.schema().project(&needed).map_err(|error| arrow_error(error, FILE))?;
    let mut columns = find(options, &projected)?;
    let mask = ProjectionMask::roots(file.parquet_schema(), needed);
    let mut builder = columns.builder();
    let mut pieces = source.pieces();
    let mut first = pieces.next()?;
    if let Some(piece) = &first {
        let piece = Piece { rows: piece.rows.min(1), chunks: piece.chunks.clone(), ..*piece };
        // Where the row cannot be read, that is found again below, with its place.
        let row = batches(&piece, &file, &mask).and_then(|mut batches| decode(FILE, || Ok(batches.next())));
        if let Ok(Some(Ok(batch))) = row {
            learn(&mut columns, &batch);
        }
    }

    let mut records = 0;
    in_order(
        || first.take().map_or_else(|| pieces.next(), |piece| Ok(Some(piece))),
        |piece| read_piece(&piece, &file, &mask, &columns, options),
        |piece: Result<(Batch, u64)>| {
            let (batch, count) = piece.map_err(|error| error.after_records(records))?;
            records += count;
            sink.take(&mut builder, batch)
        },
    )?;
    builder.build()
}

/// What error messages call the input.
const FILE: &str = "Parquet file";

type Batches = ::parquet::arrow::arrow_reader::ParquetRecordBatchReader;

fn batches(piece: &Piece, file: &ArrowReaderMetadata, mask: &ProjectionMask) -> Result<Batches> {
    let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(piece.chunks.clone(), file.clone())
        .with_projection(mask.clone())
        .with_row_groups(vec![piece.row_group])
        .with_limit(piece.rows)
        .with_batch_size(BATCH);
    if piece.skip > 0 {
        builder = builder.with_offset(piece.skip);
    }
    decode(FILE, || builder.build().map_err(parquet_error))
}

/// The events of a piece, and how many records it has.
fn read_piece(
    piece: &Piece,
    file: &ArrowReaderMetadata,
    mask: &ProjectionMask,
    columns: &Columns<'_>,
    options: &ReadOptions,
) -> Result<(Batch, u64)> {
    let mut rows = Rows::new(columns, &options.limits);
    rows.reserve(piece.rows.min(1 << 18));
    let mut batches = batches(piece, file, mask).map_err(|error| error.at_record(1))?;
    loop {
        let next = rows.records() as u64 + 1;
        match decode(FILE, || Ok(batches.next())).map_err(|error| error.at_record(next))? {
            Some(Ok(batch)) => rows.append(&batch)?,
            Some(Err(error)) => return Err(arrow_error(error, FILE).at_record(next)),
            None if rows.records() == piece.rows => return rows.finish(),
            None => return Err(damaged("it has fewer rows than it says").at_record(next)),
        }
    }
}

/// The places of the columns that are needed, in order.
fn needed(columns: &Columns<'_>) -> Vec<usize> {
    let mut places: Vec<usize> = columns.places().collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The schema as which the columns are to be read.
fn as_wanted(stored: &Schema, metadata: &ParquetMetaData, needed: &[usize]) -> Schema {
    let fields = stored.fields().iter().enumerate().map(|(place, field)| {
        match needed.contains(&place).then(|| wanted(field, metadata, place)).flatten() {
            Some(kind) => Arc::new(Field::clone(field).with_data_type(kind)),
            None => Arc::clone(field),
        }
    });
    Schema::new_with_metadata(fields.collect::<Vec<_>>(), stored.metadata().clone())
}

/// The type as which a column is to be read, if not that in which it comes.
fn wanted(field: &Field, metadata: &ParquetMetaData, place: usize) -> Option<DataType> {
    let schema = metadata.file_metadata().schema_descr();
    let leaf = (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == place)?;
    if schema.column(leaf).physical_type() == Type::INT96 {
        // Nanoseconds would end in the year 2262.
        return Some(DataType::Timestamp(TimeUnit::Microsecond, None));
    }
    let values = match field.data_type() {
        DataType::Dictionary(_, values) => values,
        other => other,
    };
    let (in_dictionary, plain) = match values {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => (DataType::Utf8, DataType::Utf8View),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => (DataType::Binary, DataType::BinaryView),
        _ => return None,
    };
    if metadata.row_groups().iter().filter_map(|group| group.columns().get(leaf)).all(is_dictionary) {
        Some(DataType::Dictionary(Box::new(DataType::Int32), Box::new(in_dictionary)))
    } else {
        Some(plain)
    }
}

/// Whether all pages of a column in a row group are dictionary encoded, as far as the file says.
fn is_dictionary(column: &ColumnChunkMetaData) -> bool {
    /// What older files call it.
    const OLD: Encoding = Encoding::PLAIN_DICTIONARY;
    let known = column.page_encoding_stats_mask();
    column.dictionary_page_offset().is_some()
        && known.is_none_or(|pages| pages.is_only(Encoding::RLE_DICTIONARY) || pages.is_only(OLD))
}

fn damaged(message: &str) -> Error {
    Problem::Damaged { what: FILE, message: message.to_owned() }.into()
}

/// What the reader of Parquet says.
fn parquet_error(error: ParquetError) -> Error {
    match error {
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => super::input::io_error(*error),
            Err(error) => damaged(&shorten(&error.to_string())),
        },
        error => damaged(&shorten(&error.to_string())),
    }
}

#[cfg(test)]
mod tests;
