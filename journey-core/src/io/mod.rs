//! Files in and out: logs, feedback and maps, from anything that can be read.

mod blocks;
mod columns;
mod csv;
mod feedback;
mod input;
mod json;
mod limits;
mod mermaid;
mod ndjson;
mod options;
mod path;
mod quotes;
mod read;
mod reader;
mod table;
mod unique;
mod wanted;
mod write;
#[cfg(feature = "xes")]
mod xes;
#[cfg(feature = "yaml")]
mod yaml;

pub use self::csv::{read_csv, read_csv_path};
pub use self::feedback::{FeedbackOptions, read_feedback, read_feedback_path};
pub use self::json::{argument_from_json, list_from_json, options_from_json};
pub use self::limits::Limits;
pub use self::ndjson::read_ndjson;
pub use self::options::{EventOrder, Progress, ReadOptions};
pub use self::path::{read_any, read_path};
pub use self::read::LogReader;
#[cfg(not(target_family = "wasm"))]
pub use self::write::write_path;
#[cfg(feature = "xes")]
pub use self::write::write_xes;
pub use self::write::{WriteOptions, write_csv, write_ndjson};
#[cfg(feature = "xes")]
pub use self::xes::read_xes;
