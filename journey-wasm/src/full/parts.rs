//! Logs from the bytes of a file, chunk by chunk. The package's own JavaScript uses it; its function `readLog` is what users see.

use std::collections::VecDeque;
use std::io::{self, Read};

use wasm_bindgen::prelude::*;

use super::convert::bytes;
use super::handles::read_log;
use crate::handles::EventLog;

/// The content of a file, in chunks. Reading gives each chunk back as soon as it has been read.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug, Default)]
pub struct Chunks {
    unread: VecDeque<Vec<u8>>,
    /// How much of the first of them has been read.
    read: usize,
    length: u64,
}

impl Read for Chunks {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while let Some(chunk) = self.unread.front() {
            let mut rest = chunk.get(self.read..).unwrap_or_default();
            let count = rest.read(out)?;
            if count > 0 || out.is_empty() {
                self.read += count;
                return Ok(count);
            }
            self.unread.pop_front();
            self.read = 0;
        }
        Ok(0)
    }
}

impl Chunks {
    /// All of a content at once: a text, an `ArrayBuffer`, or a view of one.
    pub(crate) fn of(source: &JsValue) -> Result<Self, JsValue> {
        let mut chunks = Self::default();
        chunks.push(bytes(source)?);
        Ok(chunks)
    }

    /// How many bytes there are.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }
}

#[wasm_bindgen]
impl Chunks {
    /// No content.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new() -> Chunks {
        Self::default()
    }

    /// Adds the next bytes.
    #[wasm_bindgen(skip_typescript)]
    pub fn push(&mut self, chunk: Vec<u8>) {
        self.length += chunk.len() as u64;
        self.unread.push_back(chunk);
    }

    /// Reads a log of any format from the chunks.
    #[wasm_bindgen(skip_typescript)]
    pub fn read(self, options: &JsValue, on_progress: &JsValue) -> Result<EventLog, JsValue> {
        read_log(self, options, on_progress, |reader, mut chunks| reader.any(&mut chunks))
    }

    /// Reads a log from the chunks of a CSV file.
    #[wasm_bindgen(js_name = readCsv, skip_typescript)]
    pub fn read_csv(self, options: &JsValue, on_progress: &JsValue) -> Result<EventLog, JsValue> {
        read_log(self, options, on_progress, |reader, mut chunks| reader.csv(&mut chunks))
    }

    /// Reads a log from the chunks of an NDJSON file.
    #[wasm_bindgen(js_name = readNdjson, skip_typescript)]
    pub fn read_ndjson(self, options: &JsValue, on_progress: &JsValue) -> Result<EventLog, JsValue> {
        read_log(self, options, on_progress, |reader, mut chunks| reader.ndjson(&mut chunks))
    }

    /// Reads a log from the chunks of an XES file.
    #[wasm_bindgen(js_name = readXes, skip_typescript)]
    pub fn read_xes(self, options: &JsValue, on_progress: &JsValue) -> Result<EventLog, JsValue> {
        read_log(self, options, on_progress, |reader, mut chunks| reader.xes(&mut chunks))
    }
}
