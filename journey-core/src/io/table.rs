//! Tables from CSV: what logs, paths and feedback are read from. Strict about quotes, rows and limits, and errors have a
//! place.

use std::io::{Chain, Read};
use std::path::Path;

use ::csv::{ByteRecord, ReaderBuilder};

use super::blocks::{Block, Blocks};
use super::columns::{Cells, Column};
use super::input::{decompressed, peek, text};
use super::limits::Limits;
use super::quotes::Quotes;
use crate::error::{Error, Problem, Result, nearest, shorten};

/// What may separate the fields of a row, unless the options say.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A table whose header has been read.
pub(super) struct Table<'a> {
    pub(super) header: Header,
    blocks: Blocks<Box<dyn Read + 'a>, Quotes>,
    /// What came with the header.
    first: Option<Block>,
}

/// The names of the columns.
#[derive(Clone)]
pub(super) struct Header {
    names: Vec<String>,
    delimiter: u8,
    /// The line in which they stand.
    line: u64,
    limits: Limits,
}

impl<'a> Table<'a> {
    /// Opens a table. Unless the delimiter is given, it is the one with which the header has the most of the `wanted`
    /// columns, then the most columns at all.
    pub(super) fn open(input: impl Read + 'a, given: Option<&str>, limits: &Limits, wanted: &[&str]) -> Result<Self> {
        /// Headers are shorter.
        const START: u64 = 1 << 16;
        let given = given.map(delimiter).transpose()?;
        let (start, input) = peek(text(decompressed(input, limits)?)?, START)?;
        let delimiter = given.unwrap_or_else(|| sniffed(&start, wanted));
        let input: Box<dyn Read + 'a> = Box::new(input);
        let mut blocks = Blocks::new(input, Quotes::new(delimiter), limits);
        let mut record = ByteRecord::new();
        loop {
            let Some(block) = blocks.next()? else { return Err(Problem::NoHeader.into()) };
            let mut reader = reader(&block, delimiter);
            if !reader.read_byte_record(&mut record).map_err(unexpected)? {
                continue;
            }
            let line = first_line(&record, &reader, &block);
            let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            let (before, after) = block.bytes.split_at_checked(end).unwrap_or((&block.bytes, &[]));
            let ends = memchr::memchr_iter(b'\n', before).count() as u64;
            let first = Some(Block { bytes: after.to_vec(), line: block.line + ends });
            check("columns", record.len() as u64, limits.columns).map_err(|error| error.at_line(line, None))?;
            let names = record.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
            let header = Header { names, delimiter, line, limits: limits.clone() };
            return Ok(Self { header, blocks, first });
        }
    }

    /// The names of the columns.
    pub(super) fn into_names(self) -> Vec<String> {
        self.header.names
    }

    /// The next rows; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Block>> {
        match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => self.blocks.next(),
        }
    }

    /// Reads all rows one after the other; errors of `row` get the line and the number of the record.
    pub(super) fn each(mut self, mut row: impl FnMut(&ByteRecord) -> Result<()>) -> Result<()> {
        let mut records = 0;
        while let Some(block) = self.next()? {
            records += self.header.each(&block, &mut row).map_err(|error| error.after_records(records))?;
        }
        Ok(())
    }
}

impl Header {
    /// The place of the column that an option names.
    pub(super) fn place(&self, option: &'static str, name: &str) -> Result<usize> {
        self.find(option, name).map_err(|problem| problem.at_field(name).at_line(self.line, None))
    }

    /// The column that an option names.
    pub(super) fn column<'a>(&self, option: &'static str, name: &'a str) -> Result<Column<'a>> {
        self.place(option, name).map(|place| Column { name, place })
    }

    /// The column that an option may name.
    pub(super) fn optional<'a>(&self, option: &'static str, name: Option<&'a str>) -> Result<Option<Column<'a>>> {
        name.map(|name| self.column(option, name)).transpose()
    }

    fn find(&self, option: &'static str, name: &str) -> std::result::Result<usize, Problem> {
        let mut places = self.names.iter().enumerate().filter(|(_, column)| *column == name).map(|(place, _)| place);
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => Err(Problem::RepeatedColumn(shorten(name))),
            (None, _) => {
                let separators = DELIMITERS.into_iter().filter(|byte| *byte != self.delimiter).map(char::from);
                let column = shorten(name);
                Err(match self.names.as_slice() {
                    [only] if separators.clone().any(|c| only.contains(c)) => {
                        let separator = separators.max_by_key(|c| only.matches(*c).count()).unwrap_or(',');
                        Problem::WrongDelimiter { column, header: shorten(only), separator }
                    }
                    names => Problem::NoColumn {
                        nearest: nearest(name, names.iter().map(String::as_str)),
                        column,
                        option,
                        have: names.to_vec(),
                    },
                })
            }
        }
    }

    /// Reads the rows of a block. Returns how many there are; errors have the number of the record in the block.
    pub(super) fn each(&self, block: &Block, mut row: impl FnMut(&ByteRecord) -> Result<()>) -> Result<u64> {
        let mut reader = reader(block, self.delimiter);
        let mut record = ByteRecord::new();
        let mut records = 0;
        while reader.read_byte_record(&mut record).map_err(unexpected)? {
            records += 1;
            self.check(&record)
                .and_then(|()| row(&record))
                .map_err(|error| error.at_line(first_line(&record, &reader, block), None).at_record(records))?;
        }
        Ok(records)
    }

    fn check(&self, record: &ByteRecord) -> Result<()> {
        if record.len() != self.names.len() {
            return Err(Problem::RaggedRow { got: record.len(), expected: self.names.len() }.into());
        }
        let Limits { field_bytes, row_bytes, .. } = self.limits;
        let bytes = record.as_slice().len() as u64;
        if bytes > field_bytes {
            let longest = record.iter().map(<[u8]>::len).max().unwrap_or(0);
            check("field_bytes", longest as u64, field_bytes)?;
            check("row_bytes", bytes, row_bytes)?;
        }
        Ok(())
    }
}

impl Cells for ByteRecord {
    fn cell(&self, place: usize) -> Result<Option<&str>> {
        match std::str::from_utf8(self.get(place).unwrap_or_default()) {
            Ok("") => Ok(None),
            Ok(text) => Ok(Some(text)),
            Err(error) => Err(Problem::NotUtf8 { byte: error.valid_up_to() + 1 }.into()),
        }
    }
}

/// Reads a file by its path; errors name it.
pub(super) fn from_path<T>(path: &Path, read: impl FnOnce(std::fs::File) -> Result<T>) -> Result<T> {
    if path.to_string_lossy().contains('\n') {
        let message = "the path has line breaks; to read the text of a file and not a file, pass its bytes";
        return Err(Problem::Options(message.into()).into());
    }
    std::fs::File::open(path)
        .map_err(|error| Problem::Io(error).into())
        .and_then(read)
        .map_err(|error| error.in_file(path.display().to_string()))
}

pub(super) fn check(name: &'static str, count: u64, limit: u64) -> Result<()> {
    if count > limit { Err(Problem::Limit { name, limit }.into()) } else { Ok(()) }
}

/// The bytes of a block. The first one comes alone, so that U+FEFF at the beginning is no byte order mark: only the file
/// has one, and it has been taken off.
type BlockReader<'b> = ::csv::Reader<Chain<&'b [u8], &'b [u8]>>;

fn reader(block: &Block, delimiter: u8) -> BlockReader<'_> {
    let (first, rest) = block.bytes.split_at_checked(1).unwrap_or_default();
    ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(first.chain(rest))
}

/// The line in which a record begins, when the reader stands after it.
///
/// The reader counts line feeds, and stops between the carriage return and the line feed that end a record.
fn first_line(record: &ByteRecord, reader: &BlockReader<'_>, block: &Block) -> u64 {
    let after = reader.position();
    let within = memchr::memchr_iter(b'\n', record.as_slice()).count() as u64;
    let last = after.byte().checked_sub(1).and_then(|place| usize::try_from(place).ok());
    let ended = last.and_then(|place| block.bytes.get(place)) == Some(&b'\n');
    (block.line + after.line() - 1).saturating_sub(within + u64::from(ended)).max(1)
}

fn delimiter(text: &str) -> Result<u8> {
    match text.as_bytes() {
        [byte] if !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
        _ => {
            let value = format!("`{}`", shorten(text));
            let expected = "one character of one byte, such as `,`, `;` or a tab".into();
            Err(Problem::OptionRange { value, expected }.at_field("delimiter"))
        }
    }
}

/// What separates the fields of a header.
fn sniffed(start: &[u8], wanted: &[&str]) -> u8 {
    let known = |delimiter: u8| {
        let block = Block { bytes: start.to_vec(), line: 1 };
        let mut record = ByteRecord::new();
        let read = reader(&block, delimiter).read_byte_record(&mut record).unwrap_or(false);
        let count = record.iter().filter(|name| wanted.iter().any(|wanted| wanted.as_bytes() == *name)).count();
        if read { (count, record.len()) } else { (0, 0) }
    };
    // Of equals the first, so the list is gone through from its end.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| known(*delimiter)).unwrap_or(b',')
}

/// Reading bytes of any length from memory does not fail.
fn unexpected(error: ::csv::Error) -> Error {
    Problem::Io(std::io::Error::other(error)).into()
}
