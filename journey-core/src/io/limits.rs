//! How large what is read may be: a file may come from anybody.

use serde::{Deserialize, Serialize};

/// How large what is read may be. What goes beyond is an error of the kind `limit_exceeded`, before it takes the memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct Limits {
    /// Bytes of one field.
    pub field_bytes: u64,
    /// Bytes of one row; in NDJSON of a line, in XES of a trace.
    pub row_bytes: u64,
    /// Columns of a table.
    pub columns: u64,
    /// Distinct touchpoints of a log.
    pub touchpoints: u64,
    /// How deep objects and arrays may stand within each other in NDJSON.
    pub json_depth: u64,
    /// How deep elements may stand within each other in XES.
    pub xml_depth: u64,
    /// Attributes of one element of XML.
    pub xml_attributes: u64,
    /// Bytes that one byte of a compressed file may unpack to, once 64 MB have been unpacked.
    pub unpack_ratio: u64,
    /// Bytes that a compressed file may unpack to; no limit if not given.
    pub unpacked_bytes: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            field_bytes: 1 << 20,
            row_bytes: 1 << 26,
            columns: 10_000,
            touchpoints: 1_000_000,
            json_depth: 128,
            xml_depth: 256,
            xml_attributes: 4096,
            unpack_ratio: 200,
            unpacked_bytes: None,
        }
    }
}

/// A limit that was passed, by its name.
#[derive(Debug, PartialEq)]
pub(super) struct Passed {
    pub(super) name: &'static str,
    pub(super) limit: u64,
}

impl std::fmt::Display for Passed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Passed {}
