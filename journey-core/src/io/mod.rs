//! Files in and out: logs, feedback and maps, from anything that can be read.

mod csv;
mod feedback;
#[cfg(feature = "gzip")]
mod gzip;
mod json;
mod limits;
mod mermaid;
mod quotes;
mod reader;
mod table;
mod unique;
#[cfg(feature = "yaml")]
mod yaml;

pub use self::csv::{CsvOptions, read_csv, read_csv_path};
pub use self::feedback::{FeedbackOptions, read_feedback, read_feedback_path};
pub use self::json::{argument_from_json, list_from_json, options_from_json};
pub use self::limits::Limits;
