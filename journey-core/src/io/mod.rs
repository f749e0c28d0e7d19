//! Files in and out: logs and maps, from anything that can be read.

mod csv;
#[cfg(feature = "gzip")]
mod gzip;
mod json;
mod limits;
mod quotes;
mod reader;

pub use self::csv::{CsvOptions, read_csv, read_csv_path};
pub use self::json::{list_from_json, options_from_json};
pub use self::limits::Limits;
