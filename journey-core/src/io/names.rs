//! What the columns of a file are called, before it is read: for those who choose which of them hold what.

use std::io::{Read, Seek};
use std::path::Path;

use super::input::{decompressed, peek};
use super::options::ReadOptions;
use super::path::Format;
use super::table::{Table, from_path};
use crate::error::{Problem, Result};

/// The names of the columns of a file of any format, in their order; errors name the file.
///
/// Of NDJSON they are the fields of its first objects, and paths of those within them, in byte order; XES has names of its own
/// that its reader knows, so of it there are none.
///
/// # Errors
/// If the file cannot be opened, is damaged where the names stand, or is of a format that this build cannot read.
pub fn column_names(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Vec<String>> {
    from_path(path.as_ref(), |mut file| {
        let mut start = Vec::new();
        let begun = file.by_ref().take(4).read_to_end(&mut start).and_then(|_| file.rewind());
        begun.map_err(Problem::Io)?;
        #[cfg(feature = "parquet")]
        if Format::of(&start) == Format::Parquet {
            return super::parquet::names(file);
        }
        of_input(file, options)
    })
}

/// The names of all but Parquet, which are read from the beginning.
fn of_input(input: impl Read, options: &ReadOptions) -> Result<Vec<String>> {
    /// Long enough for what may stand before the first character.
    const START: u64 = 4096;
    let (start, input) = peek(input, 1 << 16)?;
    let mut unpacked = Vec::new();
    // A compressed file that is broken at its beginning is said to be so when it is read.
    let plain = decompressed(start.as_slice(), &options.limits)?.take(START).read_to_end(&mut unpacked);
    drop(plain);
    match Format::of(&unpacked) {
        Format::Csv => Table::open(input, options.delimiter.as_deref(), &options.limits, &[]).map(Table::into_names),
        Format::Ndjson => super::ndjson::field_names(input, &options.limits),
        Format::Xes => Ok(Vec::new()),
        #[cfg(feature = "arrow")]
        Format::Arrow => super::arrow::names(input, &options.limits),
        #[cfg(not(feature = "arrow"))]
        Format::Arrow => Err(Problem::NotBuilt("Arrow").into()),
        // Parquet in a compressed file is refused by its reader.
        Format::Parquet => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(content: &[u8]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, content).unwrap();
        column_names(&path, &ReadOptions::default()).unwrap()
    }

    #[test]
    fn every_format_says_what_its_columns_are_called() {
        assert_eq!(names(b"who;what;when\na;b;c\n"), ["who", "what", "when"]);
        assert_eq!(names(b"{\"user\": {\"id\": 7}, \"at\": 1}\n{\"page\": \"x\"}\n"), ["at", "page", "user.id"]);
        assert!(names(b"<log/>").is_empty());
        let error = column_names("no such file.csv", &ReadOptions::default()).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Io);
    }

    #[test]
    #[cfg(feature = "parquet")]
    fn parquet_and_arrow_say_it_in_their_schemas() {
        let log = crate::EventLog::builder().attribute("plan").build().unwrap();
        let (mut parquet, mut arrow) = (Vec::new(), Vec::new());
        crate::write_parquet(&log, &mut parquet).unwrap();
        crate::write_arrow_ipc(&log, &mut arrow).unwrap();
        assert_eq!(names(&parquet), names(&arrow));
        assert_eq!(names(&parquet).last().map(String::as_str), Some("plan"));
    }
}
