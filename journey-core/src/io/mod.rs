//! Files in and out: logs, feedback and maps, from anything that can be read.

#[cfg(feature = "arrow")]
mod arrow;
mod blocks;
mod columns;
mod csv;
mod feedback;
mod input;
mod json;
mod limits;
mod mermaid;
mod names;
mod ndjson;
mod options;
#[cfg(feature = "parquet")]
mod parquet;
mod path;
mod paths;
mod quotes;
mod read;
mod table;
mod unique;
mod wanted;
mod write;
#[cfg(feature = "xes")]
mod xes;
#[cfg(feature = "yaml")]
mod yaml;

#[cfg(feature = "arrow")]
pub use self::arrow::{LogParts, read_arrow, read_arrow_ipc, read_arrow_ipc_path, to_arrow, write_arrow_ipc};
pub use self::csv::{read_csv, read_csv_path};
pub use self::feedback::{FeedbackOptions, read_feedback, read_feedback_path};
pub use self::json::{argument_from_json, list_from_json, options_from_json};
pub use self::limits::Limits;
pub use self::names::column_names;
pub use self::ndjson::read_ndjson;
pub use self::options::{EventOrder, Progress, ReadOptions};
#[cfg(feature = "parquet")]
pub use self::parquet::{read_parquet, read_parquet_path, write_parquet};
pub use self::path::{read_any, read_path};
pub use self::paths::{PathsOptions, read_paths, read_paths_path};
pub use self::read::LogReader;
#[cfg(not(target_family = "wasm"))]
pub use self::write::write_path;
#[cfg(feature = "xes")]
pub use self::write::write_xes;
pub use self::write::{WriteOptions, write_csv, write_ndjson};
#[cfg(feature = "xes")]
pub use self::xes::read_xes;
