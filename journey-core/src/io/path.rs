//! Logs from files of any format, told apart by what they begin with.

use std::io::{Read, Seek};
use std::path::Path;

use super::input::{decompressed, peek};
use super::options::ReadOptions;
use super::read::LogReader;
use super::table::from_path;
use crate::error::{Problem, Result};
use crate::log::EventLog;

/// Reads a log from a file of any format, plain or compressed; errors name the file.
///
/// The format is known by the content, whatever the file is called: `PAR1` begins Parquet, `ARROW1` a file of Arrow,
/// `<` begins XES, `{` begins NDJSON, and anything else is CSV. The rest is as in [`read_csv`](crate::read_csv), [`read_ndjson`](crate::read_ndjson) and
/// [`read_xes`](crate::read_xes).
///
/// # Errors
/// As those, or if the file cannot be opened or is of a format that this build cannot read.
pub fn read_path(path: impl AsRef<Path>, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).path(path)
}

/// As [`read_path`], from an input of any format.
///
/// ```
/// use journey_core::{ReadOptions, read_any};
///
/// let options = ReadOptions::default();
/// let log = read_any("journey,touchpoint,time\nann,visit,2024-03-13\n".as_bytes(), &options)?;
/// let same = read_any(r#"{"journey": "ann", "touchpoint": "visit", "time": "2024-03-13"}"#.as_bytes(), &options)?;
/// assert_eq!((log.len(), same.len()), (1, 1));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// As [`read_path`].
pub fn read_any(input: impl Read, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).any(input)
}

impl LogReader<'_> {
    /// As [`read_path`].
    ///
    /// # Errors
    /// As [`read_path`], or if it is broken off.
    pub fn path(self, path: impl AsRef<Path>) -> Result<EventLog> {
        from_path(path.as_ref(), |mut file| {
            let mut start = Vec::new();
            let begun = file.by_ref().take(4).read_to_end(&mut start).and_then(|_| file.rewind());
            begun.map_err(Problem::Io)?;
            // All but Parquet are read from the beginning to the end.
            #[cfg(feature = "parquet")]
            if Format::of(&start) == Format::Parquet {
                return self.parquet(file);
            }
            self.of_length(&file).any(file)
        })
    }

    /// As [`read_any`].
    ///
    /// # Errors
    /// As [`read_any`], or if it is broken off.
    pub fn any(self, input: impl Read) -> Result<EventLog> {
        /// Long enough for what may stand before the first character.
        const START: u64 = 4096;
        let (start, input) = peek(input, 1 << 16)?;
        let mut unpacked = Vec::new();
        // A compressed file that is broken at its beginning is said to be so when it is read.
        let plain = decompressed(start.as_slice(), self.limits())?.take(START).read_to_end(&mut unpacked);
        drop(plain);
        match Format::of(&unpacked) {
            Format::Csv => self.csv(input),
            Format::Ndjson => self.ndjson(input),
            #[cfg(feature = "xes")]
            Format::Xes => self.xes(input),
            #[cfg(not(feature = "xes"))]
            Format::Xes => Err(Problem::NotBuilt("XES").into()),
            #[cfg(feature = "parquet")]
            Format::Parquet => self.parquet_bytes(input),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => Err(Problem::NotBuilt("Parquet").into()),
            #[cfg(feature = "arrow")]
            Format::Arrow => self.arrow_ipc(input),
            #[cfg(not(feature = "arrow"))]
            Format::Arrow => Err(Problem::NotBuilt("Arrow").into()),
        }
    }

    /// A file of Parquet is read from its end, so all of it has to be there.
    #[cfg(feature = "parquet")]
    fn parquet_bytes(self, mut input: impl Read) -> Result<EventLog> {
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).map_err(Problem::Io)?;
        self.parquet(std::io::Cursor::new(bytes))
    }
}

/// What a file can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Format {
    Csv,
    Ndjson,
    Xes,
    Parquet,
    Arrow,
}

impl Format {
    /// The format of a file that begins like this.
    pub(super) fn of(start: &[u8]) -> Self {
        match start {
            [b'P', b'A', b'R', b'1', ..] => return Self::Parquet,
            // A file of Arrow, or a stream of it.
            [b'A', b'R', b'R', b'O', b'W', b'1', ..] | [0xff, 0xff, 0xff, 0xff, ..] => return Self::Arrow,
            _ => {}
        }
        match start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(start).trim_ascii_start() {
            [b'<', ..] => Self::Xes,
            [b'{', ..] => Self::Ndjson,
            // An array of objects, which the reader of NDJSON refuses with what is to be done.
            [b'[', rest @ ..] if rest.trim_ascii_start().starts_with(b"{") => Self::Ndjson,
            _ => Self::Csv,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn the_content_says_what_a_file_is() {
        for (start, format) in [
            (&b"PAR1\x15\x04"[..], Format::Parquet),
            (b"ARROW1\0\0", Format::Arrow),
            (b"\xff\xff\xff\xff\x10\0\0\0", Format::Arrow),
            (b"\xef\xbb\xbf \r\n<?xml", Format::Xes),
            (b"\n{\"a\":1}", Format::Ndjson),
            (b"[ {\"a\":1}]", Format::Ndjson),
            (b"[id],touchpoint", Format::Csv),
            (b"journey,touchpoint", Format::Csv),
            (b"", Format::Csv),
        ] {
            assert_eq!(Format::of(start), format, "{start:?}");
        }
    }

    #[test]
    #[cfg(feature = "gzip")]
    fn a_compressed_file_is_what_it_unpacks_to() {
        use std::io::Write;
        let mut file = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        file.write_all(br#"{"journey":"a","touchpoint":"b","time":"2024-01-01"}"#).unwrap();
        let file = file.finish().unwrap();
        assert_eq!(read_any(&file[..], &ReadOptions::default()).unwrap().len(), 1);
        let error = read_any(&b"PAR1"[..], &ReadOptions::default()).unwrap_err();
        let unread =
            cfg!(not(feature = "parquet")).then_some((ErrorKind::Io, "this build cannot read or write Parquet"));
        let damaged = (ErrorKind::InvalidLog, "the Parquet file cannot be read: ");
        let (kind, words) = unread.unwrap_or(damaged);
        assert!(error.kind() == kind && error.to_string().starts_with(words), "{error}");
    }
}
