//! Logs as NDJSON.

use std::io::{self, BufWriter, Write};

use serde::ser::{SerializeMap, Serializer};

use super::{COLUMNS, WriteOptions, attributes, each_event, time};
use crate::error::{Problem, Result};
use crate::log::{Event, EventLog};

/// Writes a log as NDJSON, one object on each line; what an event does not have is left out of its object.
///
/// ```
/// use journey_core::{Event, EventLog, WriteOptions, write_ndjson};
///
/// let log = EventLog::builder().event(Event::new("ann", "visit", "2024-03-13".parse()?)).build()?;
/// let mut written = Vec::new();
/// write_ndjson(&log, &mut written, &WriteOptions::default())?;
/// assert_eq!(written, b"{\"journey\":\"ann\",\"touchpoint\":\"visit\",\"time\":\"2024-03-13T00:00:00Z\"}\n");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an attribute is called as another field is, or writing fails.
pub fn write_ndjson(log: &EventLog, out: impl Write, _: &WriteOptions) -> Result<()> {
    let names = attributes(log, &COLUMNS)?;
    let mut out = BufWriter::new(out);
    each_event(log, &names, |event, values| {
        object(&mut out, event, names.iter().copied().zip(values.iter().copied()))
            .map_err(|error| Problem::Io(error).into())
    })?;
    out.flush().map_err(|error| Problem::Io(error).into())
}

fn object<'a>(
    out: &mut impl Write,
    event: &Event<'_>,
    attributes: impl Iterator<Item = (&'a str, Option<&'a str>)>,
) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::new(&mut *out);
    let mut object = serializer.serialize_map(None)?;
    object.serialize_entry("journey", event.journey)?;
    object.serialize_entry("touchpoint", event.touchpoint)?;
    for (name, time) in [("time", time(event.time)), ("start", time(event.start))] {
        if let Some(time) = time {
            object.serialize_entry(name, &time)?;
        }
    }
    if let Some(channel) = event.channel {
        object.serialize_entry("channel", channel)?;
    }
    for (name, number) in [("score", event.score), ("value", event.value)] {
        if let Some(number) = number {
            object.serialize_entry(name, &number)?;
        }
    }
    for (name, value) in attributes {
        if let Some(value) = value {
            object.serialize_entry(name, value)?;
        }
    }
    object.end()?;
    out.write_all(b"\n")
}
