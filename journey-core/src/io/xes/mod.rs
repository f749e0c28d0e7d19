//! Logs from XES (IEEE 1849-2016): traces of events, each with attributes that are known by their keys.

mod elements;
mod head;
mod traces;
mod xml;

use std::io::Read;

use self::elements::{Place, Shape, read_block};
use self::head::Head;
use self::traces::Traces;
pub(super) use self::xml::is_allowed;
use super::blocks::Blocks;
use super::columns::Columns;
use super::input::{decompressed, text};
use super::options::{ReadOptions, StandardNames};
use super::read::{LogReader, Sink};
use super::table::check;
use super::wanted::{Part, Seen, Wanted, is_required};
use crate::error::{Problem, Result};
use crate::log::EventLog;
use crate::threads::in_order;

/// Reads a log from XES, plain or compressed with gzip or zstd.
///
/// An option names an attribute of the events by its key, or with `case:` before it one of their traces; an event without
/// one of the attributes that are kept has the default that the log declares in `global`. Traces are journeys; those without events are passed over.
/// Extensions, lists, and attributes of attributes are passed over, and nothing that the log refers to is ever fetched.
///
/// ```
/// use journey_core::{ReadOptions, read_xes};
///
/// let file = r#"<log xes.version="1.0">
///   <trace>
///     <string key="concept:name" value="ann"/>
///     <event>
///       <string key="concept:name" value="visit"/>
///       <date key="time:timestamp" value="2024-03-13T10:00:00.000+01:00"/>
///     </event>
///   </trace>
/// </log>"#;
/// let log = read_xes(file.as_bytes(), &ReadOptions::default())?;
/// assert_eq!(log.journey(0).unwrap().id(), "ann");
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If the text is not well-formed XML, is cut off, goes on after its end, has a document type definition or is not UTF-8;
/// if it is no log of traces of events; if a trace or event has a wanted attribute twice or as a list; if none has one that
/// is asked for; if a journey, touchpoint or time is missing; if a time, score or value cannot be read, or reading fails.
/// The error says in which line, event and attribute. No part of a log is returned with an error.
pub fn read_xes(input: impl Read, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).xes(input)
}

/// Reads the traces on all cores.
pub(super) fn read(input: impl Read, options: &ReadOptions, sink: &mut Sink<'_>) -> Result<EventLog> {
    let limits = &options.limits;
    let mut blocks = Blocks::new(text(decompressed(input, limits)?)?, Traces::default(), limits);
    let Some(first) = blocks.next()? else { return Err(Problem::NoXml.into()) };
    let head = Head::read(&first, options)?;
    let mut wanted = Wanted::default();
    let mut columns = Columns::find(options, StandardNames::XES, |option, name| {
        let classified = option == "touchpoint" && !head.classifier.is_empty();
        Ok(if classified { Shape::CLASSIFIED } else { wanted.place(option, name) })
    })?;
    let shape = Shape::new(&wanted, &head, limits);
    let mut builder = columns.builder();

    let (mut learnt, mut beginning) = (false, Seen::default());
    let whole = read_block(&first, Place::Before, &shape, &mut beginning, |row| {
        if !learnt {
            columns.learn(row);
            learnt = true;
        }
        Ok(())
    });
    // What is wrong with an event is found again, in its turn.
    if learnt && whole.is_ok() {
        wanted.check("attribute", &beginning, is_required, || head.keys.clone())?;
    }

    let mut place = Place::Before;
    let mut first = Some((first, place));
    let (mut records, mut seen) = (0, shape.declared());
    in_order(
        || match first.take() {
            Some(first) => Ok(Some(first)),
            None => Ok(blocks.next()?.map(|block| (block, Place::Log))),
        },
        |(block, place)| {
            let (mut batch, mut seen) = (columns.batch(), Seen::default());
            let end = read_block(&block, place, &shape, &mut seen, |row| {
                columns.push(&mut batch, row)?;
                check("touchpoints", batch.touchpoint_count(), limits.touchpoints)
            });
            end.map(|(records, end)| (Part { batch, records, seen }, end))
        },
        |part: Result<(Part, Place)>| {
            // A block begins in the log; so that has to be where the one before it ends.
            match place {
                Place::Before | Place::Log => {}
                Place::After | Place::Trace | Place::Event => return Err(Problem::UnclosedXml(place.name()).into()),
            }
            let (part, end) = part.map_err(|error| error.after_records(records))?;
            place = end;
            records += part.records;
            seen |= &part.seen;
            sink.take(&mut builder, part.batch)
        },
    )?;
    match place {
        Place::Before => return Err(Problem::NoXml.into()),
        Place::Log | Place::Trace | Place::Event => return Err(Problem::UnclosedXml(place.name()).into()),
        Place::After => {}
    }
    if records > 0 {
        let optional = |option: &str| matches!(option, "lifecycle" | "instance");
        let asked = |option: &str| !optional(option) || options.lifecycle.is_some() || options.instance.is_some();
        wanted.check("attribute", &seen, |field| asked(field.option), || head.keys.clone())?;
    }
    builder.build()
}

#[cfg(test)]
mod tests;
