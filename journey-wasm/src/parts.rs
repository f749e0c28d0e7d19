//! Logs from what comes in parts: the bytes of a file chunk by chunk, and columns one by one. The package's own JavaScript uses
//! these; its functions `readLog`, `logFromColumns` and the like are what users see.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use journey_core as core;
use wasm_bindgen::prelude::*;

use crate::convert::{bytes, throw};
use crate::handles::{EventLog, read_log};

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

/// The columns of a log, one after the other.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug, Default)]
pub struct Columns(core::EventColumns);

#[wasm_bindgen]
impl Columns {
    /// No columns.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new() -> Columns {
        Self::default()
    }

    /// Which journey each event is part of.
    #[wasm_bindgen(skip_typescript)]
    pub fn journeys(&mut self, names: Vec<String>, codes: Vec<u32>) {
        self.0.journeys = core::TextColumn { names, codes };
    }

    /// Where it happened.
    #[wasm_bindgen(skip_typescript)]
    pub fn touchpoints(&mut self, names: Vec<String>, codes: Vec<u32>) {
        self.0.touchpoints = core::TextColumn { names, codes };
    }

    /// Through which channel.
    #[wasm_bindgen(skip_typescript)]
    pub fn channels(&mut self, names: Vec<String>, codes: Vec<u32>) {
        self.0.channels = core::TextColumn { names, codes };
    }

    /// An attribute.
    #[wasm_bindgen(skip_typescript)]
    pub fn attribute(&mut self, name: String, names: Vec<String>, codes: Vec<u32>) {
        self.0.attributes.push((name, core::TextColumn { names, codes }));
    }

    /// When, in microseconds.
    #[wasm_bindgen(skip_typescript)]
    pub fn times(&mut self, micros: Vec<i64>) {
        self.0.times = micros;
    }

    /// Since when, in microseconds; `i64::MIN` is not known.
    #[wasm_bindgen(skip_typescript)]
    pub fn starts(&mut self, micros: Vec<i64>) {
        self.0.starts = micros;
    }

    /// Experience scores; NaN is none.
    #[wasm_bindgen(skip_typescript)]
    pub fn scores(&mut self, scores: Vec<f64>) {
        self.0.scores = scores;
    }

    /// Values; NaN is none.
    #[wasm_bindgen(skip_typescript)]
    pub fn values(&mut self, values: Vec<f64>) {
        self.0.values = values;
    }

    /// The log of the columns.
    #[wasm_bindgen(skip_typescript)]
    pub fn build(self) -> Result<EventLog, JsValue> {
        core::EventLog::from_columns(self.0).map(|log| EventLog(Rc::new(log))).map_err(|error| throw(&error))
    }
}
