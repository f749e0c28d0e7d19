//! Logs to Parquet.

use std::io::Write;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::properties::WriterProperties;

use super::parquet_error;
use crate::error::Result;
use crate::io::arrow::to_arrow;
use crate::log::EventLog;
use crate::task::walk;

/// Writes the table of [`to_arrow`] as a Parquet file, compressed with zstd.
///
/// # Errors
/// As [`to_arrow`], or if writing fails.
pub fn write_parquet(log: &EventLog, out: impl Write + Send) -> Result<()> {
    /// As many rows as a core reads at once.
    const ROWS: usize = 1 << 18;
    let table = to_arrow(log)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROWS))
        .build();
    let mut writer = ArrowWriter::try_new(out, table.schema(), Some(properties)).map_err(parquet_error)?;
    for start in walk((0..table.num_rows()).step_by(ROWS)) {
        writer.write(&table.slice(start, ROWS.min(table.num_rows() - start))).map_err(parquet_error)?;
    }
    writer.close().map(drop).map_err(parquet_error)
}
