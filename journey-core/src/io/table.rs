//! Tables from CSV: what logs and feedback are read from. Strict about quotes, rows and limits, and errors have a place.

use std::io::{self, Cursor, Read};
use std::path::Path;

use ::csv::{ByteRecord, Reader, ReaderBuilder};

use super::limits::{Limits, Passed};
use super::quotes::{QuoteFault, Quotes};
use crate::error::{Error, Problem, Result, nearest, shorten};

/// Reads a table: `find` makes of the header where everything stands, `row` takes in a record.
///
/// Errors of `row` get the line and the number of the record.
pub(super) fn read_table<C>(
    input: impl Read,
    separator: &str,
    limits: &Limits,
    find: impl FnOnce(&Header<'_>) -> Result<C>,
    mut row: impl FnMut(&C, &ByteRecord) -> Result<()>,
) -> Result<()> {
    let delimiter = delimiter(separator)?;
    let input = Quotes::new(text(decompressed(input, limits)?)?, delimiter, limits);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(input);

    let header = reader.byte_headers().map_err(csv_error)?.clone();
    if header.is_empty() {
        return Err(Problem::NoHeader.into());
    }
    check("columns", header.len() as u64, limits.columns)?;
    let names: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let columns = find(&Header { names: &names, delimiter })
        .map_err(|error| error.at_line(first_line(&header, &reader), None))?;
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(csv_error)? {
        let taken = if record.len() == header.len() {
            row(&columns, &record)
        } else {
            Err(Problem::RaggedRow { got: record.len(), expected: header.len() }.into())
        };
        taken.map_err(|error| {
            let error = error.at_line(first_line(&record, &reader), None);
            error.at_record(reader.position().record().saturating_sub(1))
        })?;
    }
    Ok(())
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

/// The names of the columns.
pub(super) struct Header<'h> {
    names: &'h [String],
    delimiter: u8,
}

impl Header<'_> {
    /// The column that an option names.
    pub(super) fn column<'a>(&self, option: &'static str, name: &'a str) -> Result<Column<'a>> {
        Column::find(option, name, self.names, self.delimiter)
    }

    /// The column that an option may name.
    pub(super) fn optional<'a>(&self, option: &'static str, name: Option<&'a str>) -> Result<Option<Column<'a>>> {
        name.map(|name| self.column(option, name)).transpose()
    }
}

pub(super) fn check(name: &'static str, count: u64, limit: u64) -> Result<()> {
    if count > limit { Err(Problem::Limit { name, limit }.into()) } else { Ok(()) }
}

/// The line in which a record begins, when the reader stands after it.
///
/// The reader counts line feeds, and stops between the carriage return and the line feed that end a record.
fn first_line<R: Read>(record: &ByteRecord, reader: &Reader<Quotes<R>>) -> u64 {
    let after = reader.position();
    let within = String::from_utf8_lossy(record.as_slice()).matches('\n').count() as u64;
    let ended = after.byte().checked_sub(1).and_then(|place| reader.get_ref().byte_at(place)) == Some(b'\n');
    after.line().saturating_sub(within + u64::from(ended)).max(1)
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

/// The input as it is, or unpacked if it begins as gzip does.
fn decompressed<'a>(input: impl Read + 'a, limits: &Limits) -> Result<Box<dyn Read + 'a>> {
    let (start, input) = peek(input, 2)?;
    if start == [0x1f, 0x8b] { unpacked(input, limits) } else { Ok(Box::new(input)) }
}

#[cfg(feature = "gzip")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature it is an error")]
fn unpacked<'a>(input: impl Read + 'a, limits: &Limits) -> Result<Box<dyn Read + 'a>> {
    Ok(Box::new(super::gzip::unpacked(input, limits)))
}

#[cfg(not(feature = "gzip"))]
fn unpacked<'a>(_: impl Read + 'a, _: &Limits) -> Result<Box<dyn Read + 'a>> {
    Err(io_error(io::Error::other("the input is compressed with gzip, which this build cannot read")))
}

/// The input without its byte order mark; refused if it begins as UTF-16 does.
fn text(input: impl Read) -> Result<impl Read> {
    let (start, mut input) = peek(input, 3)?;
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(Problem::Utf16.into());
    }
    if start.starts_with("\u{feff}".as_bytes()) {
        input.read_exact(&mut [0; 3]).map_err(io_error)?;
    }
    Ok(input)
}

/// The first bytes of an input, and the whole input.
fn peek<R: Read>(mut input: R, count: u64) -> Result<(Vec<u8>, impl Read + use<R>)> {
    let mut start = Vec::new();
    input.by_ref().take(count).read_to_end(&mut start).map_err(io_error)?;
    Ok((start.clone(), Cursor::new(start).chain(input)))
}

fn io_error(error: io::Error) -> Error {
    Problem::Io(error).into()
}

fn csv_error(error: ::csv::Error) -> Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => match error.downcast::<QuoteFault>() {
            Ok(QuoteFault::NeverClosed(line)) => Error::from(Problem::UnclosedQuote).at_line(line, None),
            Ok(QuoteFault::TextAfter(line)) => Error::from(Problem::TextAfterQuote).at_line(line, None),
            Err(error) => match error.downcast::<Passed>() {
                Ok(Passed { name, limit }) => Problem::Limit { name, limit }.into(),
                Err(error) => io_error(error),
            },
        },
        // Reading bytes with flexible lengths fails in no other way.
        kind => io_error(io::Error::other(format!("{kind:?}"))),
    }
}

/// A column of a table, by its name.
pub(super) struct Column<'a> {
    pub(super) name: &'a str,
    place: usize,
}

impl<'a> Column<'a> {
    fn find(option: &'static str, name: &'a str, header: &[String], delimiter: u8) -> Result<Self> {
        let mut places = header.iter().enumerate().filter(|(_, column)| *column == name).map(|(place, _)| place);
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(Self { name, place }),
            (Some(_), Some(_)) => Err(Problem::RepeatedColumn(shorten(name)).at_field(name)),
            (None, _) => {
                let separators = [',', ';', '\t', '|'].into_iter().filter(|c| u8::try_from(*c) != Ok(delimiter));
                let column = shorten(name);
                let problem = match header {
                    [only] if separators.clone().any(|c| only.contains(c)) => {
                        let separator = separators.max_by_key(|c| only.matches(*c).count()).unwrap_or(',');
                        Problem::WrongDelimiter { column, header: shorten(only), separator }
                    }
                    _ => Problem::NoColumn {
                        nearest: nearest(name, header.iter().map(String::as_str)),
                        column,
                        option,
                        have: header.to_vec(),
                    },
                };
                Err(problem.at_field(name))
            }
        }
    }

    /// The text of the field; `None` if it is empty.
    pub(super) fn text<'r>(&self, record: &'r ByteRecord) -> Result<Option<&'r str>> {
        let field = record.get(self.place).unwrap_or_default();
        match std::str::from_utf8(field) {
            Ok("") => Ok(None),
            Ok(text) => Ok(Some(text)),
            Err(error) => Err(Problem::NotUtf8 { byte: error.valid_up_to() + 1 }.at_field(self.name)),
        }
    }

    pub(super) fn required<'r>(&self, record: &'r ByteRecord, what: &'static str) -> Result<&'r str> {
        self.text(record)?.ok_or_else(|| Problem::EmptyField(what).at_field(self.name))
    }

    pub(super) fn number(&self, record: &ByteRecord) -> Result<Option<f64>> {
        self.text(record)?
            .map(|text| {
                let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
                number.ok_or_else(|| Problem::BadNumber(shorten(text)).at_field(self.name))
            })
            .transpose()
    }
}
