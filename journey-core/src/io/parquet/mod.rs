//! Logs from and to Parquet.
//!
//! Only the columns that are asked for are read, and pieces of the file on all cores. Columns of texts come as they are
//! stored, as dictionaries, so that a name is looked up once for each dictionary it is in, and not for each event.

mod depth;
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
use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit};

use self::source::{Chunks, Source};
pub use self::write::write_parquet;
use super::arrow::{Leaves, Rows, arrow_error, decode, find, learn};
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
    let (_, leaves) = find(options, stored.schema())?;
    let needed = needed(&leaves, stored.schema(), &metadata)?;
    source.check(&needed, &options.limits)?;
    sink.expect_bytes(source.bytes());

    let as_wanted = ArrowReaderOptions::new().with_schema(Arc::new(as_wanted(stored.schema(), &metadata, &needed)));
    let file = schema_as(as_wanted)?;
    let projected = Schema::new(file.schema().fields().filter_leaves(|leaf, _| needed.contains(&leaf)));
    let (mut columns, leaves) = find(options, &projected)?;
    let mask = ProjectionMask::leaves(file.parquet_schema(), needed);
    let mut builder = columns.builder();
    let mut pieces = source.pieces();
    let mut first = pieces.next()?;
    if let Some(piece) = &first {
        let piece = Piece { rows: piece.rows.min(1), chunks: piece.chunks.clone(), ..*piece };
        // Where the row cannot be read, that is found again below, with its place.
        let row = batches(&piece, &file, &mask).and_then(|mut batches| decode(FILE, || Ok(batches.next())));
        if let Ok(Some(Ok(batch))) = row {
            learn(&mut columns, &leaves, &batch)?;
        }
    }

    let mut records = 0;
    in_order(
        || first.take().map_or_else(|| pieces.next(), |piece| Ok(Some(piece))),
        |piece| read_piece(&piece, &file, &mask, || Rows::new(&columns, &leaves, &options.limits)),
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
fn read_piece<'a>(
    piece: &Piece,
    file: &ArrowReaderMetadata,
    mask: &ProjectionMask,
    no_rows: impl Fn() -> Rows<'a>,
) -> Result<(Batch, u64)> {
    let mut rows = no_rows();
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

/// The places of the columns that are needed among all that the file stores, in order.
fn needed(leaves: &Leaves, schema: &Schema, metadata: &ParquetMetaData) -> Result<Vec<usize>> {
    let stored = metadata.file_metadata().schema_descr().columns();
    let place = |names: Vec<&str>| {
        let found = stored.iter().position(|column| column.path().parts() == names);
        found.ok_or_else(|| damaged("its schema does not hold together"))
    };
    let mut places = leaves.names(schema).into_iter().map(place).collect::<Result<Vec<usize>>>()?;
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

/// The schema as which the columns are to be read.
fn as_wanted(stored: &Schema, metadata: &ParquetMetaData, needed: &[usize]) -> Schema {
    fn of(fields: &Fields, leaf: &mut usize, wanted: &impl Fn(&Field, usize) -> Option<DataType>) -> Fields {
        let field = |field: &Arc<Field>| {
            let kind = match field.data_type() {
                DataType::Struct(within) => Some(DataType::Struct(of(within, leaf, wanted))),
                kind => {
                    let first = *leaf;
                    *leaf += leaves_in(kind);
                    wanted(field, first)
                }
            };
            kind.map_or_else(|| Arc::clone(field), |kind| Arc::new(Field::clone(field).with_data_type(kind)))
        };
        fields.iter().map(field).collect()
    }
    let wanted = |field: &Field, leaf: usize| needed.contains(&leaf).then(|| wanted(field, metadata, leaf)).flatten();
    Schema::new_with_metadata(of(stored.fields(), &mut 0, &wanted), stored.metadata().clone())
}

/// How many columns a file has for a column of this type.
fn leaves_in(kind: &DataType) -> usize {
    let mut leaves = 0;
    let field = Field::new("", kind.clone(), true);
    Fields::from(vec![field]).filter_leaves(|_, _| {
        leaves += 1;
        true
    });
    leaves
}

/// The type as which a column is to be read, if not that in which it comes.
fn wanted(field: &Field, metadata: &ParquetMetaData, leaf: usize) -> Option<DataType> {
    let schema = metadata.file_metadata().schema_descr();
    if schema.columns().get(leaf)?.physical_type() == Type::INT96 {
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
