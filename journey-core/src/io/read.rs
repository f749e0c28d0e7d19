//! Reading a log while somebody watches.

use std::fmt;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use super::input::Count;
use super::limits::Limits;
use super::options::{Progress, ReadOptions, StandardNames, Watch, tell};
use super::table::{check, from_path};
use crate::error::Result;
use crate::log::{Batch, EventLog, EventLogBuilder};

/// Reads logs, and tells how far it has come.
///
/// Where nobody watches, the functions [`read_csv`](crate::read_csv) and its like do the same.
///
/// ```
/// use std::ops::ControlFlow;
/// use journey_core::{LogReader, ReadOptions};
///
/// let options = ReadOptions::default();
/// let mut events = 0;
/// let log = LogReader::new(&options)
///     .on_progress(|progress| {
///         events = progress.events;
///         ControlFlow::Continue(())
///     })
///     .csv("journey,touchpoint,time\nann,visit,2024-03-13\n".as_bytes())?;
/// assert_eq!((log.len(), events), (1, 1));
///
/// let stopped = LogReader::new(&options)
///     .on_progress(|_| ControlFlow::Break(()))
///     .csv("journey,touchpoint,time\nann,visit,2024-03-13\n".as_bytes());
/// assert_eq!(stopped.unwrap_err().kind(), journey_core::ErrorKind::Cancelled);
/// # Ok::<(), journey_core::Error>(())
/// ```
#[must_use]
pub struct LogReader<'a> {
    options: &'a ReadOptions,
    watch: Option<Watch<'a>>,
    total_bytes: Option<u64>,
}

impl fmt::Debug for LogReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogReader").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<'a> LogReader<'a> {
    /// A reader with these options.
    pub fn new(options: &'a ReadOptions) -> Self {
        Self { options, watch: None, total_bytes: None }
    }

    /// Calls `watch` now and then while a log is read, and once when all of it has been; what it breaks off is an error of
    /// the kind [`Cancelled`](crate::ErrorKind::Cancelled).
    pub fn on_progress(self, watch: impl FnMut(&Progress) -> ControlFlow<()> + 'a) -> Self {
        Self { watch: Some(Box::new(watch)), ..self }
    }

    /// Says how many bytes the input has, where that is known, so that the progress can say it; of a file it is known.
    pub fn total_bytes(self, bytes: u64) -> Self {
        Self { total_bytes: Some(bytes), ..self }
    }

    /// As [`read_csv`](crate::read_csv).
    ///
    /// # Errors
    /// As [`read_csv`](crate::read_csv), or if it is broken off.
    pub fn csv(self, input: impl Read) -> Result<EventLog> {
        let (options, mut sink, count) = self.start(StandardNames::TABLE)?;
        let input: &mut dyn Read = &mut count.of(input); // the reader is compiled once
        super::csv::read(input, options, &mut sink)
    }

    /// As [`read_ndjson`](crate::read_ndjson).
    ///
    /// # Errors
    /// As [`read_ndjson`](crate::read_ndjson), or if it is broken off.
    pub fn ndjson(self, input: impl Read) -> Result<EventLog> {
        let (options, mut sink, count) = self.start(StandardNames::TABLE)?;
        let input: &mut dyn Read = &mut count.of(input); // the reader is compiled once
        super::ndjson::read(input, options, &mut sink)
    }

    /// As [`ndjson`](Self::ndjson), from a file; errors name it.
    ///
    /// # Errors
    /// As [`ndjson`](Self::ndjson), or if the file cannot be opened.
    pub fn ndjson_path(self, path: impl AsRef<Path>) -> Result<EventLog> {
        from_path(path.as_ref(), |file| self.of_length(&file).ndjson(file))
    }

    /// As [`xes`](Self::xes), from a file; errors name it.
    ///
    /// # Errors
    /// As [`xes`](Self::xes), or if the file cannot be opened.
    #[cfg(feature = "xes")]
    pub fn xes_path(self, path: impl AsRef<Path>) -> Result<EventLog> {
        from_path(path.as_ref(), |file| self.of_length(&file).xes(file))
    }

    /// As [`read_xes`](crate::read_xes).
    ///
    /// # Errors
    /// As [`read_xes`](crate::read_xes), or if it is broken off.
    #[cfg(feature = "xes")]
    pub fn xes(self, input: impl Read) -> Result<EventLog> {
        let (options, mut sink, count) = self.start(StandardNames::XES)?;
        let input: &mut dyn Read = &mut count.of(input); // the reader is compiled once
        super::xes::read(input, options, &mut sink)
    }

    /// As [`read_csv_path`](crate::read_csv_path).
    ///
    /// # Errors
    /// As [`read_csv_path`](crate::read_csv_path), or if it is broken off.
    pub fn csv_path(self, path: impl AsRef<Path>) -> Result<EventLog> {
        from_path(path.as_ref(), |file| self.of_length(&file).csv(file))
    }

    /// How large the input and its parts may be.
    pub(super) fn limits(&self) -> &'a Limits {
        &self.options.limits
    }

    /// As [`read_arrow`](crate::read_arrow); nothing is known of bytes.
    ///
    /// # Errors
    /// As [`read_arrow`](crate::read_arrow), or if it is broken off.
    #[cfg(feature = "arrow")]
    pub fn arrow(self, batches: impl arrow_array::RecordBatchReader) -> Result<EventLog> {
        let (options, mut sink, _) = self.start(StandardNames::TABLE)?;
        super::arrow::read(batches, options, &mut sink)
    }

    /// As [`read_arrow_ipc`](crate::read_arrow_ipc).
    ///
    /// # Errors
    /// As [`read_arrow_ipc`](crate::read_arrow_ipc), or if it is broken off.
    #[cfg(feature = "arrow")]
    pub fn arrow_ipc(self, input: impl Read) -> Result<EventLog> {
        let (options, mut sink, count) = self.start(StandardNames::TABLE)?;
        super::arrow::read_ipc(count.of(input), options, &mut sink)
    }

    /// As [`read_arrow_ipc_path`](crate::read_arrow_ipc_path).
    ///
    /// # Errors
    /// As [`read_arrow_ipc_path`](crate::read_arrow_ipc_path), or if it is broken off.
    #[cfg(feature = "arrow")]
    pub fn arrow_ipc_path(self, path: impl AsRef<Path>) -> Result<EventLog> {
        from_path(path.as_ref(), |file| self.of_length(&file).arrow_ipc(file))
    }

    /// As [`read_parquet`](crate::read_parquet). The bytes of the progress are those of the columns that are needed.
    ///
    /// # Errors
    /// As [`read_parquet`](crate::read_parquet), or if it is broken off.
    #[cfg(feature = "parquet")]
    pub fn parquet(self, input: impl Read + std::io::Seek) -> Result<EventLog> {
        let (options, mut sink, count) = self.start(StandardNames::TABLE)?;
        super::parquet::read(count.of(input), options, &mut sink)
    }

    /// As [`read_parquet_path`](crate::read_parquet_path). The bytes of the progress are those of the columns that are
    /// needed.
    ///
    /// # Errors
    /// As [`read_parquet_path`](crate::read_parquet_path), or if it is broken off.
    #[cfg(feature = "parquet")]
    pub fn parquet_path(self, path: impl AsRef<Path>) -> Result<EventLog> {
        from_path(path.as_ref(), |file| self.parquet(file))
    }

    /// Knows how long the file is.
    pub(super) fn of_length(self, file: &std::fs::File) -> Self {
        let total_bytes = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|file| file.len());
        Self { total_bytes, ..self }
    }

    /// What a reader of a format needs: the options, where batches go, and what counts the bytes of the input.
    pub(super) fn start(self, standard: StandardNames) -> Result<(&'a ReadOptions, Sink<'a>, Count)> {
        self.options.check(standard)?;
        let count = Count::default();
        let sink =
            Sink { watch: self.watch, read: count.clone(), total_bytes: self.total_bytes, options: self.options };
        Ok((self.options, sink, count))
    }
}

/// Where the batches of a reader go, one after the other.
pub(super) struct Sink<'a> {
    watch: Option<Watch<'a>>,
    read: Count,
    total_bytes: Option<u64>,
    options: &'a ReadOptions,
}

impl Sink<'_> {
    /// Knows how many more bytes will have been read at the end.
    #[cfg(feature = "parquet")]
    pub(super) fn expect_bytes(&mut self, total: u64) {
        self.total_bytes = Some(self.read.get() + total);
    }

    /// Adds a batch to the log that is being read, and tells how far it has come.
    pub(super) fn take(&mut self, builder: &mut EventLogBuilder, batch: Batch) -> Result<()> {
        builder.append(batch)?;
        check("touchpoints", builder.touchpoint_count(), self.options.limits.touchpoints)?;
        let (bytes, events) = (self.read.get(), builder.len() as u64);
        tell(&mut self.watch, &Progress { bytes, total_bytes: self.total_bytes, events })
    }
}
