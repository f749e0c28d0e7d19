//! Files in and out: logs and maps, from anything that can be read.

mod csv;
mod map_json;

pub use self::csv::{CsvOptions, read_csv, read_csv_path};
