//! Logs from columns, one by one. The package's own JavaScript uses it; its function `logFromColumns` is what users see.

use journey_core as core;
use wasm_bindgen::prelude::*;

use crate::handles::EventLog;

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
        EventLog::made(core::EventLog::from_columns(self.0))
    }
}
