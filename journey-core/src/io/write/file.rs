//! Logs as files: written whole or not at all.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::{WriteOptions, write_csv, write_ndjson};
use crate::error::{Error, Problem, Result, shorten};
use crate::log::EventLog;

/// Writes a log as a file, in the format that the end of its name says: `.csv`, `.ndjson` or `.jsonl`, or `.xes`, each also
/// with `.gz` or `.zst` after it, `.parquet` or `.arrow`.
///
/// The file appears when all of it is written; until then there is a temporary one beside it. A file that is there already
/// is an error, unless the options say to replace it.
///
/// # Errors
/// If the end of the name says no format, or one that this build cannot write; if the file is there already; as
/// [`write_csv`], [`write_ndjson`] and [`write_xes`](crate::write_xes); errors name the file.
pub fn write_path(log: &EventLog, path: impl AsRef<Path>, options: &WriteOptions) -> Result<()> {
    let path = path.as_ref();
    write(log, path, options).map_err(|error| error.in_file(path.display().to_string()))
}

fn write(log: &EventLog, path: &Path, options: &WriteOptions) -> Result<()> {
    let (format, packing) = kind(path)?;
    if !options.overwrite && path.symlink_metadata().is_ok() {
        return Err(Problem::FileExists.into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = temporary(folder)?;
    let out = file.as_file_mut();
    match packing {
        Packing::Plain => content(log, format, &mut *out, options)?,
        Packing::Gzip => gzip(log, format, out, options)?,
        Packing::Zstd => zstd(log, format, out, options)?,
    }
    file.as_file().sync_all().map_err(Problem::Io)?;
    let kept = if options.overwrite { file.persist(path) } else { file.persist_noclobber(path) };
    match kept {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Err(Problem::FileExists.into()),
        Err(error) => Err(Problem::Io(error.error).into()),
    }
}

/// A new file in a folder, with the rights that files have there.
fn temporary(folder: &Path) -> Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".journey-").tempfile_in(folder).map_err(|error| Problem::Io(error).into())
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Ndjson,
    Xes,
    Parquet,
    Arrow,
}

#[derive(Clone, Copy)]
enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// What the end of a name says.
fn kind(path: &Path) -> Result<(Format, Packing)> {
    let ending =
        |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase).unwrap_or_default();
    let stem = path.file_stem().map_or(Path::new(""), Path::new);
    let (ending, packing) = match ending(path).as_str() {
        "gz" => (ending(stem), Packing::Gzip),
        "zst" => (ending(stem), Packing::Zstd),
        plain => (plain.to_owned(), Packing::Plain),
    };
    let format = match ending.as_str() {
        "csv" => Format::Csv,
        "ndjson" | "jsonl" => Format::Ndjson,
        "xes" => Format::Xes,
        "parquet" => Format::Parquet,
        "arrow" => Format::Arrow,
        _ => {
            let value = format!("`.{}`", shorten(&ending));
            let expected = "a name that ends with `.csv`, `.ndjson`, `.jsonl` or `.xes`, perhaps with `.gz` or `.zst` after it, or with `.parquet` or `.arrow`";
            return Err(Problem::OptionRange { value, expected: expected.into() }.at_field("path"));
        }
    };
    Ok((format, packing))
}

fn content(log: &EventLog, format: Format, out: impl Write + Send, options: &WriteOptions) -> Result<()> {
    match format {
        Format::Csv => write_csv(log, out, options),
        Format::Ndjson => write_ndjson(log, out, options),
        #[cfg(feature = "xes")]
        Format::Xes => super::write_xes(log, out, options),
        #[cfg(not(feature = "xes"))]
        Format::Xes => Err(Problem::NotBuilt("XES").into()),
        #[cfg(feature = "parquet")]
        Format::Parquet => super::super::write_parquet(log, out),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(Problem::NotBuilt("Parquet").into()),
        #[cfg(feature = "arrow")]
        Format::Arrow => super::super::write_arrow_ipc(log, out),
        #[cfg(not(feature = "arrow"))]
        Format::Arrow => Err(Problem::NotBuilt("Arrow").into()),
    }
}

#[cfg(feature = "gzip")]
fn gzip(log: &EventLog, format: Format, out: &mut File, options: &WriteOptions) -> Result<()> {
    let mut packed = flate2::write::GzEncoder::new(out, flate2::Compression::default());
    content(log, format, &mut packed, options)?;
    packed.finish().map(drop).map_err(failed)
}

#[cfg(not(feature = "gzip"))]
fn gzip(_: &EventLog, _: Format, _: &mut File, _: &WriteOptions) -> Result<()> {
    Err(failed(std::io::Error::other("this build cannot write gzip")))
}

#[cfg(feature = "zstd")]
fn zstd(log: &EventLog, format: Format, out: &mut File, options: &WriteOptions) -> Result<()> {
    let mut packed = ::zstd::Encoder::new(out, ::zstd::DEFAULT_COMPRESSION_LEVEL).map_err(failed)?;
    content(log, format, &mut packed, options)?;
    packed.finish().map(drop).map_err(failed)
}

#[cfg(not(feature = "zstd"))]
fn zstd(_: &EventLog, _: Format, _: &mut File, _: &WriteOptions) -> Result<()> {
    Err(failed(std::io::Error::other("this build cannot write zstd")))
}

fn failed(error: std::io::Error) -> Error {
    Problem::Io(error).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Event, ReadOptions, read_path};

    #[test]
    fn a_file_is_written_whole_and_replaced_only_if_asked_to_be() {
        let folder = tempfile::tempdir().unwrap();
        let time = "2024-03-13".parse().unwrap();
        let log = EventLog::builder().event(Event::new("a", "b", time)).build().unwrap();
        let mut names = vec!["log.csv", "log.ndjson", "log.JSONL"];
        names.extend(cfg!(feature = "xes").then_some("log.xes"));
        names.extend(cfg!(feature = "gzip").then_some("log.csv.gz"));
        names.extend(cfg!(feature = "zstd").then_some("log.ndjson.zst"));
        for name in &names {
            let path = folder.path().join(name);
            write_path(&log, &path, &WriteOptions::default()).unwrap();
            assert_eq!(read_path(&path, &ReadOptions::default()).unwrap().len(), 1, "{name}");
            let error = write_path(&log, &path, &WriteOptions::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Io);
            assert!(error.to_string().ends_with("say so with the option `overwrite`"), "{error}");
            write_path(&log, &path, &WriteOptions { overwrite: true, ..Default::default() }).unwrap();
        }
        for bad in ["log", "log.txt", "log.gz", "log.csv.zip"] {
            let error = write_path(&log, folder.path().join(bad), &WriteOptions::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidOption, "{bad}");
        }
        let clash = EventLog::builder().attribute("time").build().unwrap();
        write_path(&clash, folder.path().join("clash.csv"), &WriteOptions::default()).unwrap_err();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), names.len(), "nothing half is left");
    }
}
