//! Logs as XES (IEEE 1849-2016).

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use super::super::xes::is_allowed;
use super::{WriteOptions, attributes, each_event, time};
use crate::error::{Error, Problem, Result, shorten};
use crate::log::{Event, EventLog};

/// The keys that are written for every event, or may be.
const KEYS: [&str; 8] = [
    "concept:name",
    "time:timestamp",
    "lifecycle:transition",
    "concept:instance",
    "channel",
    "score",
    "value",
    "case:concept:name",
];

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
	<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
	<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
	<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
	<global scope="trace">
		<string key="concept:name" value="__INVALID__"/>
	</global>
	<global scope="event">
		<string key="concept:name" value="__INVALID__"/>
		<date key="time:timestamp" value="1970-01-01T00:00:00Z"/>
		<string key="lifecycle:transition" value="complete"/>
	</global>
	<classifier scope="event" name="Activity" keys="concept:name"/>
"#;

/// Writes a log as XES: a journey is a trace, and an event that began before its time is two, `start` and `complete`, which
/// have an instance in common.
///
/// An attribute whose name begins with `case:` is one of the traces.
///
/// ```
/// use journey_core::{Event, EventLog, ReadOptions, WriteOptions, read_xes, write_xes};
///
/// let log = EventLog::builder().event(Event::new("ann", "visit", "2024-03-13".parse()?)).build()?;
/// let mut written = Vec::new();
/// write_xes(&log, &mut written, &WriteOptions::default())?;
/// let again = read_xes(&written[..], &ReadOptions::default())?;
/// assert_eq!(again.journey(0).unwrap().id(), "ann");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an attribute is called as another key is, one of a trace is not the same in all events of a journey, a text has a
/// character that XML does not allow and there is no `replacement` for it, or writing fails.
pub fn write_xes(log: &EventLog, out: impl Write, options: &WriteOptions) -> Result<()> {
    let names = attributes(log, &KEYS)?;
    let replacement = options.replacement.as_deref();
    if let Some(letter) = replacement.and_then(|text| text.chars().find(|letter| !is_allowed(*letter))) {
        let value = format!("`{}`", letter.escape_default());
        return Err(Problem::OptionRange { value, expected: "a text that XML allows".into() }.at_field("replacement"));
    }
    let mut xes = Xes { out: BufWriter::new(out), replacement, traces: 0, records: 0, journey: None };
    xes.out.write_all(HEAD.as_bytes()).map_err(Problem::Io)?;
    let keys: Vec<Key<'_>> = names.iter().map(|name| Key::of(name)).collect();
    let mut place = 0;
    let mut left = 0;
    each_event(log, &names, |event, values| {
        if left == 0 {
            left = log.journey(place).map_or(0, |journey| journey.len());
            place += 1;
            xes.open_trace(event, &keys, values)?;
        }
        left -= 1;
        xes.check_trace(&keys, values)?;
        xes.event(event, &keys, values)
    })?;
    xes.close_trace()?;
    xes.out.write_all(b"</log>\n").and_then(|()| xes.out.flush()).map_err(|error| Problem::Io(error).into())
}

/// The name of an attribute of the log, and the key as which it is written.
struct Key<'a> {
    name: &'a str,
    written: &'a str,
    of_trace: bool,
}

impl<'a> Key<'a> {
    fn of(name: &'a str) -> Self {
        let of_trace = name.strip_prefix("case:");
        Self { name, written: of_trace.unwrap_or(name), of_trace: of_trace.is_some() }
    }
}

/// A file that is being written.
struct Xes<'o, 'l, W: Write> {
    out: BufWriter<W>,
    replacement: Option<&'o str>,
    traces: u64,
    /// Events that have been written, of the log.
    records: u64,
    /// What the trace that is open has in its attributes.
    journey: Option<Vec<Option<&'l str>>>,
}

impl<'l, W: Write> Xes<'_, 'l, W> {
    fn open_trace(&mut self, event: &Event<'_>, keys: &[Key<'_>], values: &[Option<&'l str>]) -> Result<()> {
        self.close_trace()?;
        self.traces += 1;
        self.raw("\t<trace>\n")?;
        self.attribute("\t\t", "string", "concept:name", event.journey)?;
        for (key, value) in keys.iter().zip(values).filter(|(key, _)| key.of_trace) {
            if let Some(value) = value {
                self.attribute("\t\t", "string", key.written, value).map_err(|error| error.at_field(key.name))?;
            }
        }
        self.journey = Some(values.to_vec());
        Ok(())
    }

    fn close_trace(&mut self) -> Result<()> {
        if self.journey.take().is_some() { self.raw("\t</trace>\n") } else { Ok(()) }
    }

    /// Attributes of a trace are the same in all of its events.
    fn check_trace(&self, keys: &[Key<'_>], values: &[Option<&str>]) -> Result<()> {
        let first = self.journey.iter().flatten();
        let differs = keys.iter().zip(first.zip(values)).find(|(key, (first, value))| key.of_trace && first != value);
        match differs {
            None => Ok(()),
            Some((key, _)) => {
                let message = "the attribute belongs to traces, and its values differ within a journey; expected one to a journey";
                Err(Problem::Options(message.into()).at_field(key.name).at_record(self.records + 1))
            }
        }
    }

    fn event(&mut self, event: &Event<'_>, keys: &[Key<'_>], values: &[Option<&str>]) -> Result<()> {
        self.records += 1;
        let record = self.records;
        self.rows(event, keys, values).map_err(|error| error.at_record(record))
    }

    fn rows(&mut self, event: &Event<'_>, keys: &[Key<'_>], values: &[Option<&str>]) -> Result<()> {
        const INDENT: &str = "\t\t\t";
        let instance = self.records.to_string();
        if let Some(start) = event.start {
            self.raw("\t\t<event>\n")?;
            self.attribute(INDENT, "string", "concept:name", event.touchpoint)?;
            self.attribute(INDENT, "date", "time:timestamp", &start.to_string())?;
            self.attribute(INDENT, "string", "lifecycle:transition", "start")?;
            self.attribute(INDENT, "string", "concept:instance", &instance)?;
            self.raw("\t\t</event>\n")?;
        }
        self.raw("\t\t<event>\n")?;
        self.attribute(INDENT, "string", "concept:name", event.touchpoint)?;
        if let Some(time) = time(event.time) {
            self.attribute(INDENT, "date", "time:timestamp", &time)?;
        }
        if event.start.is_some() {
            self.attribute(INDENT, "string", "lifecycle:transition", "complete")?;
            self.attribute(INDENT, "string", "concept:instance", &instance)?;
        }
        if let Some(channel) = event.channel {
            self.attribute(INDENT, "string", "channel", channel)?;
        }
        for (key, number) in [("score", event.score), ("value", event.value)] {
            if let Some(number) = number {
                self.attribute(INDENT, "float", key, &number.to_string())?;
            }
        }
        for (key, value) in keys.iter().zip(values).filter(|(key, _)| !key.of_trace) {
            if let Some(value) = value {
                self.attribute(INDENT, "string", key.written, value).map_err(|error| error.at_field(key.name))?;
            }
        }
        self.raw("\t\t</event>\n")
    }

    fn attribute(&mut self, indent: &str, sort: &str, key: &str, value: &str) -> Result<()> {
        let key = self.allowed(key)?;
        let value = self.allowed(value)?;
        let out = &mut self.out;
        let written = write!(out, "{indent}<{sort} key=\"")
            .and_then(|()| escaped(out, &key))
            .and_then(|()| out.write_all(b"\" value=\""))
            .and_then(|()| escaped(out, &value))
            .and_then(|()| out.write_all(b"\"/>\n"));
        written.map_err(|error| Problem::Io(error).into())
    }

    /// The text with what takes the place of characters that XML does not allow.
    fn allowed<'t>(&self, text: &'t str) -> Result<Cow<'t, str>> {
        let Some(letter) = text.chars().find(|letter| !is_allowed(*letter)) else { return Ok(Cow::Borrowed(text)) };
        let Some(replacement) = self.replacement else {
            return Err(Error::from(Problem::NotForXml { text: shorten(text), code: u32::from(letter) }));
        };
        Ok(Cow::Owned(text.replace(|letter| !is_allowed(letter), replacement)))
    }

    fn raw(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes()).map_err(|error| Problem::Io(error).into())
    }
}

/// Writes a text into quotes. A reader takes a tab or a line break that is not a reference for a blank.
fn escaped(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut rest = text;
    while let Some(place) = rest.find(['&', '<', '>', '"', '\t', '\n', '\r']) {
        let (before, after) = rest.split_at(place);
        let reference = match after.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&quot;",
            Some(b'\t') => "&#9;",
            Some(b'\n') => "&#10;",
            _ => "&#13;",
        };
        out.write_all(before.as_bytes())?;
        out.write_all(reference.as_bytes())?;
        rest = after.get(1..).unwrap_or_default();
    }
    out.write_all(rest.as_bytes())
}
