//! What the full module has besides: logs from files and back, logs made from logs, other forms of maps, and feedback.

use std::ops::ControlFlow;

use journey_core as core;
use wasm_bindgen::prelude::*;

use super::convert::{argument, bytes, tell, watch};
use super::parts::Chunks;
use crate::convert::{options, report, text, throw, thrown, to_js};
use crate::handles::{EventLog, JourneyMap};

#[wasm_bindgen(typescript_custom_section)]
const ON_PROGRESS: &str =
    "/** Is told how far reading has come; reading ends with an error of the code `cancelled` if it returns `false`. */
export type OnProgress = (bytes: number, totalBytes: number, events: number) => boolean | void;";

/// Reads a log from what a file holds.
pub(crate) fn read_log(
    chunks: Chunks,
    options: &JsValue,
    on_progress: &JsValue,
    read: fn(core::LogReader<'_>, Chunks) -> core::Result<core::EventLog>,
) -> Result<EventLog, JsValue> {
    let options = self::options(options)?;
    let watch = watch(on_progress)?;
    let mut thrown = None;
    let reader = core::LogReader::new(&options).total_bytes(chunks.length()).on_progress(|progress| {
        let Some(watch) = &watch else { return ControlFlow::Continue(()) };
        match tell(watch, progress) {
            Ok(true) => ControlFlow::Continue(()),
            Ok(false) => ControlFlow::Break(()),
            Err(error) => {
                thrown = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    let log = read(reader, chunks);
    match thrown {
        Some(error) => Err(error),
        None => EventLog::made(log),
    }
}

/// A log as a text, as the options say.
fn written(
    log: &EventLog,
    options: &JsValue,
    write: fn(&core::EventLog, &mut Vec<u8>, &core::WriteOptions) -> core::Result<()>,
) -> Result<String, JsValue> {
    let mut out = Vec::new();
    write(&log.0, &mut out, &self::options(options)?).map_err(throw)?;
    String::from_utf8(out).map_err(|error| thrown("internal", &error.to_string()))
}

#[wasm_bindgen]
impl EventLog {
    /// Reads a log of any format that is known by its content: the text or the bytes of the file.
    #[wasm_bindgen(js_name = read)]
    pub fn read(
        #[wasm_bindgen(unchecked_param_type = "string | ArrayBuffer | ArrayBufferView")] source: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ReadOptions")] options: &JsValue,
        #[wasm_bindgen(js_name = onProgress, unchecked_optional_param_type = "OnProgress")] on_progress: &JsValue,
    ) -> Result<EventLog, JsValue> {
        read_log(Chunks::of(source)?, options, on_progress, |reader, mut chunks| reader.any(&mut chunks))
    }

    /// Reads a log from CSV, plain or gzip: the text or the bytes of the file.
    #[wasm_bindgen(js_name = fromCsv)]
    pub fn from_csv(
        #[wasm_bindgen(unchecked_param_type = "string | ArrayBuffer | ArrayBufferView")] source: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ReadOptions")] options: &JsValue,
        #[wasm_bindgen(js_name = onProgress, unchecked_optional_param_type = "OnProgress")] on_progress: &JsValue,
    ) -> Result<EventLog, JsValue> {
        read_log(Chunks::of(source)?, options, on_progress, |reader, mut chunks| reader.csv(&mut chunks))
    }

    /// Reads a log from NDJSON, one object on each line, plain or gzip: the text or the bytes of the file.
    #[wasm_bindgen(js_name = fromNdjson)]
    pub fn from_ndjson(
        #[wasm_bindgen(unchecked_param_type = "string | ArrayBuffer | ArrayBufferView")] source: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ReadOptions")] options: &JsValue,
        #[wasm_bindgen(js_name = onProgress, unchecked_optional_param_type = "OnProgress")] on_progress: &JsValue,
    ) -> Result<EventLog, JsValue> {
        read_log(Chunks::of(source)?, options, on_progress, |reader, mut chunks| reader.ndjson(&mut chunks))
    }

    /// Reads a log from XES, plain or gzip: the text or the bytes of the file.
    #[wasm_bindgen(js_name = fromXes)]
    pub fn from_xes(
        #[wasm_bindgen(unchecked_param_type = "string | ArrayBuffer | ArrayBufferView")] source: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ReadOptions")] options: &JsValue,
        #[wasm_bindgen(js_name = onProgress, unchecked_optional_param_type = "OnProgress")] on_progress: &JsValue,
    ) -> Result<EventLog, JsValue> {
        read_log(Chunks::of(source)?, options, on_progress, |reader, mut chunks| reader.xes(&mut chunks))
    }

    /// The log as CSV.
    #[wasm_bindgen(js_name = toCsv)]
    pub fn to_csv(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "WriteOptions")] options: &JsValue,
    ) -> Result<String, JsValue> {
        written(self, options, |log, out, options| core::write_csv(log, out, options))
    }

    /// The log as NDJSON.
    #[wasm_bindgen(js_name = toNdjson)]
    pub fn to_ndjson(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "WriteOptions")] options: &JsValue,
    ) -> Result<String, JsValue> {
        written(self, options, |log, out, options| core::write_ndjson(log, out, options))
    }

    /// The log as XES.
    #[wasm_bindgen(js_name = toXes)]
    pub fn to_xes(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "WriteOptions")] options: &JsValue,
    ) -> Result<String, JsValue> {
        written(self, options, |log, out, options| core::write_xes(log, out, options))
    }

    /// Reads a log from aggregated paths in CSV, plain or gzip: the text or the bytes of the file.
    #[wasm_bindgen(js_name = fromPaths)]
    pub fn from_paths(
        #[wasm_bindgen(unchecked_param_type = "string | ArrayBuffer | ArrayBufferView")] source: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "PathsOptions")] options: &JsValue,
    ) -> Result<EventLog, JsValue> {
        let options = self::options(options)?;
        Self::made(core::read_paths(&*bytes(source)?, &options))
    }

    /// The journeys that meet every condition, with all their events, as a log of its own.
    #[wasm_bindgen(js_name = selectJourneys)]
    pub fn select_journeys(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "JourneyMatch")] journeys: &JsValue,
    ) -> Result<EventLog, JsValue> {
        let log = self.0.select_journeys(&options(journeys)?);
        Self::made(log)
    }

    /// The same log with a new attribute that says of every event whether its journey meets every condition.
    pub fn mark(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "JourneyMatch")] journeys: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "MarkOptions")] options: &JsValue,
    ) -> Result<EventLog, JsValue> {
        let (name, journeys): (String, _) = (argument(name, "name")?, argument(journeys, "journeys")?);
        let log = self.0.mark(&name, &journeys, &self::options(options)?);
        Self::made(log)
    }

    /// The same events, each journey cut into sessions: a new one begins where nothing happens for longer than `gap`.
    #[wasm_bindgen(js_name = splitSessions)]
    pub fn split_sessions(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number | string")] gap: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "SplitSessionsOptions")] options: &JsValue,
    ) -> Result<EventLog, JsValue> {
        let log = self.0.split_sessions(argument(gap, "gap")?, &self::options(options)?);
        Self::made(log)
    }

    /// The log with each run of events at the same touchpoint, one after the other in a journey, as one event.
    #[wasm_bindgen(js_name = collapseRepeats)]
    pub fn collapse_repeats(&self) -> Result<EventLog, JsValue> {
        Self::made(self.0.collapse_repeats())
    }

    /// The same log with other names for touchpoints; several that get one name become one touchpoint.
    pub fn rename(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Readonly<Record<string, string>>")] names: &JsValue,
    ) -> Result<EventLog, JsValue> {
        let log = self.0.rename(&argument(names, "names")?);
        Self::made(log)
    }

    /// The same log in the touchpoints of a map: each event has the id of the first one with a rule that it meets.
    #[wasm_bindgen(js_name = withMap)]
    pub fn with_map(
        &self,
        map: &JourneyMap,
        #[wasm_bindgen(unchecked_optional_param_type = "WithMapOptions")] options: &JsValue,
    ) -> Result<EventLog, JsValue> {
        let log = self.0.with_map(&map.0, &self::options(options)?);
        Self::made(log)
    }

    /// The same log whose events carry what customers answered about them, apart from the events' own scores.
    #[wasm_bindgen(js_name = withFeedback)]
    pub fn with_feedback(
        &self,
        feedback: &Feedback,
        #[wasm_bindgen(unchecked_optional_param_type = "WithFeedbackOptions")] options: &JsValue,
    ) -> Result<EventLog, JsValue> {
        let log = self.0.with_feedback(&feedback.0, &self::options(options)?);
        Self::made(log)
    }
}

#[wasm_bindgen]
impl JourneyMap {
    /// A starter map of this kind as YAML text, with comments.
    pub fn template(#[wasm_bindgen(unchecked_param_type = "MapKind")] kind: &JsValue) -> Result<String, JsValue> {
        self::text(kind)?.parse().map(core::MapData::template).map_err(throw)
    }

    /// Reads a map from a Mermaid `journey` diagram.
    #[wasm_bindgen(js_name = fromMermaid)]
    pub fn from_mermaid(
        #[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue,
    ) -> Result<JourneyMap, JsValue> {
        core::JourneyMap::from_mermaid(&self::text(text)?).map(Self::from).map_err(throw)
    }

    /// The map as a Mermaid `journey` diagram, and what that cannot hold.
    #[wasm_bindgen(js_name = toMermaid, unchecked_return_type = "MermaidExport")]
    pub fn to_mermaid(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.to_mermaid())
    }

    /// The map as a graph in DOT, for Graphviz.
    #[wasm_bindgen(js_name = toDot)]
    pub fn to_dot(&self) -> String {
        self.0.to_dot()
    }

    /// The line of a JSON map file on which a path stands, such as the place of a finding of `lint`.
    #[wasm_bindgen(js_name = lineOf)]
    pub fn line_of(text: &str, place: &str) -> Option<u32> {
        core::JourneyMap::line_of(text, place).and_then(|line| u32::try_from(line).ok())
    }

    /// The map with the changes of a `diff` made.
    pub fn apply(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MapDiff")] diff: &JsValue,
    ) -> Result<JourneyMap, JsValue> {
        let diff: core::MapDiff = report(diff)?;
        diff.apply(&self.0).map(Self::from).map_err(throw)
    }
}

/// Answers of customers: surveys, ratings, what they wrote.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Feedback(pub(crate) core::Feedback);

#[wasm_bindgen]
impl Feedback {
    /// Handles are not made by `new`: it throws and says how.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new() -> Result<Feedback, JsValue> {
        Err(thrown(core::ErrorKind::InvalidOption.code(), "use `Feedback.fromCsv`"))
    }

    /// Reads answers from CSV, plain or gzip: the text or the bytes of the file.
    #[wasm_bindgen(js_name = fromCsv)]
    pub fn from_csv(
        #[wasm_bindgen(unchecked_param_type = "string | ArrayBuffer | ArrayBufferView")] source: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "FeedbackOptions")] options: &JsValue,
    ) -> Result<Feedback, JsValue> {
        let options = self::options(options)?;
        core::read_feedback(&*bytes(source)?, &options).map(Self).map_err(throw)
    }

    /// How many answers there are.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.len()
    }
}
