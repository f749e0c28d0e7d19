//! Files in and out: logs, feedback and maps, from anything that can be read.

mod blocks;
mod columns;
mod csv;
mod feedback;
mod input;
mod json;
mod limits;
mod mermaid;
mod options;
mod paths;
mod quotes;
mod read;
mod reader;
mod table;
mod unique;
#[cfg(feature = "yaml")]
mod yaml;

pub use self::csv::{read_csv, read_csv_path};
pub use self::feedback::{FeedbackOptions, read_feedback, read_feedback_path};
pub use self::json::{argument_from_json, list_from_json, options_from_json};
pub use self::limits::Limits;
pub use self::options::{EventOrder, Progress, ReadOptions};
pub use self::paths::{PathsOptions, read_paths, read_paths_path};
pub use self::read::LogReader;
