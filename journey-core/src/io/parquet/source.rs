//! The bytes of a Parquet file: its end, which says what is where, and the columns that are needed, row group by row group.
//!
//! Whatever the file says of itself is checked before it is believed.

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use ::parquet::file::reader::{ChunkReader, Length};
use bytes::{Buf, Bytes};

use super::{FILE, Piece, damaged, depth, parquet_error};
use crate::error::{Problem, Result};
use crate::io::arrow::decode;
use crate::io::input::io_error;
use crate::io::limits::Limits;
use crate::io::table::check;

/// A Parquet file of which the end has been read.
pub(super) struct Source<R> {
    input: R,
    length: u64,
    metadata: Arc<ParquetMetaData>,
    groups: Vec<Group>,
}

/// A row group.
struct Group {
    rows: usize,
    /// Where the columns lie that are needed, and how long they are.
    columns: Vec<(u64, usize)>,
}

impl<R: Read + Seek> Source<R> {
    /// Reads the end of a file.
    pub(super) fn open(mut input: R) -> Result<Self> {
        /// Long enough for most, so that it is read at once.
        const END: usize = 1 << 16;
        let length = input.seek(SeekFrom::End(0)).map_err(io_error)?;
        let mut reader = ParquetMetaDataReader::new();
        let mut wanted = END;
        loop {
            let end = usize::try_from(length).map_or(wanted, |length| length.min(wanted));
            let bytes = read_at(&mut input, length - end as u64, end)?;
            footer(&bytes).map_or(Ok(()), depth::check)?;
            match decode(FILE, || Ok(reader.try_parse_sized(&bytes, length)))? {
                Ok(()) => break,
                Err(ParquetError::NeedMoreData(more)) if more > wanted && more as u64 <= length => wanted = more,
                Err(error) => return Err(parquet_error(error)),
            }
        }
        let metadata = Arc::new(reader.finish().map_err(parquet_error)?);
        Ok(Self { input, length, metadata, groups: Vec::new() })
    }

    pub(super) fn metadata(&self) -> &Arc<ParquetMetaData> {
        &self.metadata
    }

    /// Checks what the file says of the columns that are needed.
    pub(super) fn check(&mut self, leaves: &[usize], limits: &Limits) -> Result<()> {
        /// Small files may pack as well as they like.
        const FREE: u64 = 64_000_000;
        let schema = self.metadata.file_metadata().schema_descr();
        check("columns", schema.num_columns() as u64, limits.columns)?;
        let (mut packed, mut unpacked, mut all_rows) = (0u64, 0u64, 0u64);
        let mut groups = Vec::new();
        for group in self.metadata.row_groups() {
            let rows = usize::try_from(group.num_rows()).map_err(|_| damaged("a row group has less than no rows"))?;
            all_rows = all_rows.saturating_add(rows as u64);
            let mut columns = Vec::new();
            for leaf in leaves {
                let column = group.columns().get(*leaf).ok_or_else(|| damaged("a row group lacks a column"))?;
                if column.num_values() != group.num_rows() {
                    return Err(damaged("a column has not as many values as rows"));
                }
                let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
                let place = u64::try_from(start).ok().zip(u64::try_from(column.compressed_size()).ok());
                let (start, length) = place
                    .filter(|(start, length)| start.checked_add(*length).is_some_and(|end| end <= self.length))
                    .ok_or_else(|| damaged("a column lies outside the file"))?;
                packed = packed.saturating_add(length);
                let size = u64::try_from(column.uncompressed_size()).unwrap_or(u64::MAX);
                // Runs of the same value take next to no room in the file, but a row of the log is never less than this.
                unpacked = unpacked.saturating_add(size.max(rows as u64));
                columns.push((start, usize::try_from(length).map_err(|_| damaged("a column is too long"))?));
            }
            groups.push(Group { rows, columns });
        }
        if u64::try_from(self.metadata.file_metadata().num_rows()) != Ok(all_rows) {
            return Err(damaged("its row groups have not as many rows as it has"));
        }
        if all_rows >= u64::from(u32::MAX) {
            return Err(Problem::TooMany { what: "events", limit: u64::from(u32::MAX) }.into());
        }
        if let Some(limit) = limits.unpacked_bytes {
            check("unpacked_bytes", unpacked, limit)?;
        }
        if unpacked > FREE && unpacked > packed.saturating_mul(limits.unpack_ratio) {
            return Err(Problem::Limit { name: "unpack_ratio", limit: limits.unpack_ratio }.into());
        }
        self.groups = groups;
        Ok(())
    }

    /// How many bytes will have been read at the end.
    pub(super) fn bytes(&self) -> u64 {
        let columns = self.groups.iter().flat_map(|group| &group.columns).map(|(_, length)| *length as u64);
        columns.sum()
    }

    /// The pieces of the columns that are needed.
    pub(super) fn pieces(self) -> Pieces<R> {
        let Self { input, length, groups, .. } = self;
        Pieces { input, length, groups: groups.into_iter().enumerate(), rest: None }
    }
}

/// The pieces of a file, in its order.
pub(super) struct Pieces<R> {
    input: R,
    length: u64,
    groups: std::iter::Enumerate<std::vec::IntoIter<Group>>,
    /// What is left of the row group of the last piece.
    rest: Option<Piece>,
}

impl<R: Read + Seek> Pieces<R> {
    pub(super) fn next(&mut self) -> Result<Option<Piece>> {
        /// Each piece of a row group unpacks the dictionaries again, so pieces are large.
        const ROWS: usize = 1 << 18;
        let group = match self.rest.take() {
            Some(rest) => rest,
            None => loop {
                let Some((row_group, group)) = self.groups.next() else { return Ok(None) };
                if group.rows > 0 {
                    let chunks = self.chunks(&group.columns)?;
                    break Piece { row_group, skip: 0, rows: group.rows, chunks };
                }
            },
        };
        let rows = group.rows.min(ROWS);
        if rows < group.rows {
            let chunks = group.chunks.clone();
            self.rest = Some(Piece { skip: group.skip + rows, rows: group.rows - rows, chunks, ..group });
        }
        Ok(Some(Piece { rows, ..group }))
    }

    fn chunks(&mut self, columns: &[(u64, usize)]) -> Result<Chunks> {
        let mut read = |(start, length): &(u64, usize)| Ok((*start, read_at(&mut self.input, *start, *length)?));
        let chunks = columns.iter().map(&mut read).collect::<Result<_>>()?;
        Ok(Chunks { length: self.length, chunks })
    }
}

/// The footer, if the end of a file has all of it.
fn footer(end: &[u8]) -> Option<&[u8]> {
    let (rest, length) = end.strip_suffix(b"PAR1")?.split_last_chunk()?;
    let start = rest.len().checked_sub(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    rest.get(start..)
}

/// Bytes of the input, which has them unless it has become shorter.
fn read_at(input: &mut (impl Read + Seek), start: u64, length: usize) -> Result<Bytes> {
    input.seek(SeekFrom::Start(start)).map_err(io_error)?;
    let mut bytes = Vec::with_capacity(length);
    input.take(length as u64).read_to_end(&mut bytes).map_err(io_error)?;
    if bytes.len() == length { Ok(bytes.into()) } else { Err(damaged("it ends before its end")) }
}

/// Some parts of a file, in memory.
#[derive(Clone)]
pub(super) struct Chunks {
    /// That of the whole file.
    length: u64,
    /// Where each part begins, and what it is.
    chunks: Vec<(u64, Bytes)>,
}

impl Chunks {
    /// The bytes from here to the end of the part.
    fn from(&self, start: u64) -> ParquetResult<Bytes> {
        let part = self.chunks.iter().find_map(|(begin, bytes)| {
            let skip = usize::try_from(start.checked_sub(*begin)?).ok()?;
            (skip <= bytes.len() && (skip < bytes.len() || bytes.is_empty())).then(|| bytes.slice(skip..))
        });
        part.ok_or_else(|| ParquetError::EOF("it points outside its columns".into()))
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Chunks {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        self.from(start).map(Buf::reader)
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let bytes = self.from(start)?;
        if length > bytes.len() {
            return Err(ParquetError::EOF("it points outside its columns".into()));
        }
        Ok(bytes.slice(..length))
    }
}
