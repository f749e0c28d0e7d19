//! From the elements of a piece of XES to events.

use std::borrow::Cow;

use super::super::blocks::Block;
use super::super::columns::Cells;
use super::super::limits::Limits;
use super::super::table::check;
use super::super::wanted::{Seen, Wanted, at_byte, utf8};
use super::head::Head;
use super::xml::{Tag, Token, Xml, broken, first_forbidden};
use crate::error::{Error, Problem, Result, shorten};

/// Where a piece begins or ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    Before,
    Log,
    Trace,
    Event,
    After,
}

impl Place {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Event => "event",
            Self::Log | Self::Before | Self::After => "log",
        }
    }
}

/// The attributes that are wanted of each event.
pub(super) struct Shape<'a> {
    slots: Vec<Slot<'a>>,
    /// The first of the slots that make the touchpoint.
    classifier: usize,
    limits: &'a Limits,
}

struct Slot<'a> {
    /// The name that was asked for.
    name: &'a str,
    /// The key, without `case:`.
    key: &'a str,
    /// Whether it is an attribute of the trace.
    of_trace: bool,
    /// What the log declares for those without.
    default: Option<&'a str>,
}

impl<'a> Slot<'a> {
    fn new(name: &'a str) -> Self {
        let of_trace = name.strip_prefix("case:");
        Self { name, key: of_trace.unwrap_or(name), of_trace: of_trace.is_some(), default: None }
    }
}

impl<'a> Shape<'a> {
    /// The place of the touchpoint that a classifier makes.
    pub(super) const CLASSIFIED: usize = usize::MAX;

    pub(super) fn new(wanted: &Wanted<'a>, head: &'a Head, limits: &'a Limits) -> Self {
        let with_default = |option: &str| matches!(option, "attributes" | "channel");
        let slots = wanted.fields.iter().map(|field| {
            let slot = Slot::new(field.name);
            let default = head.declared(slot.of_trace, slot.key).filter(|_| with_default(field.option));
            Slot { default, ..slot }
        });
        let slots = slots.chain(head.classifier.iter().map(|key| Slot::new(key))).collect();
        Self { slots, classifier: wanted.fields.len(), limits }
    }

    /// The attributes that every event has, since the log declares them.
    pub(super) fn declared(&self) -> Seen {
        let mut declared = Seen::default();
        for (place, _) in self.slots.iter().enumerate().filter(|(_, slot)| slot.default.is_some()) {
            declared.add(place);
        }
        declared
    }
}

/// What an event and its trace have in the wanted attributes.
pub(super) struct Row<'b, 's> {
    shape: &'s Shape<'s>,
    cells: Vec<Option<Cow<'b, str>>>,
    classified: String,
}

impl Cells for Row<'_, '_> {
    fn cell(&self, place: usize) -> Result<Option<&str>> {
        let text = if place == Shape::CLASSIFIED {
            Some(self.classified.as_str())
        } else {
            let default = || self.shape.slots.get(place).and_then(|slot| slot.default);
            self.cells.get(place).and_then(Option::as_deref).or_else(default)
        };
        Ok(text.filter(|text| !text.is_empty()))
    }
}

impl<'b> Row<'b, '_> {
    /// Forgets the event, or the trace.
    fn clear(&mut self, of_trace: bool) {
        for (cell, _) in self.cells.iter_mut().zip(&self.shape.slots).filter(|(_, slot)| slot.of_trace == of_trace) {
            *cell = None;
        }
    }

    /// Takes an attribute of the event, or of the trace, after which so many events of the trace have come.
    fn take(&mut self, tag: Tag<'b>, of_trace: bool, events: u64, seen: &mut Seen) -> Result<()> {
        let [key, value] = tag.key_and_value(self.shape.limits.xml_attributes)?;
        let (Some(key), limits) = (key, self.shape.limits) else { return Ok(()) };
        let alike = |slot: &Slot<'_>| slot.of_trace == of_trace && slot.key == key;
        for (place, (cell, slot)) in
            self.cells.iter_mut().zip(&self.shape.slots).enumerate().filter(|(_, (_, slot))| alike(slot))
        {
            let refused = |problem: Problem| Err(problem.at_field(slot.name));
            if matches!(tag.name, "list" | "container") {
                return refused(Problem::NoScalar("a list"));
            }
            let Some(value) = &value else { return refused(broken_value()) };
            check("field_bytes", value.len() as u64, limits.field_bytes).map_err(|error| error.at_field(slot.name))?;
            if events > 0 {
                return refused(Problem::LateTraceAttribute);
            }
            if cell.is_some() {
                return refused(Problem::RepeatedField);
            }
            *cell = Some(value.clone());
            if place < self.shape.classifier {
                seen.add(place);
            }
        }
        Ok(())
    }

    /// Makes the touchpoint of the attributes that the classifier names; one that the event does not have is empty.
    fn classify(&mut self) {
        self.classified.clear();
        for (number, cell) in self.cells.iter().skip(self.shape.classifier).enumerate() {
            if number > 0 {
                self.classified.push('+');
            }
            self.classified.push_str(cell.as_deref().unwrap_or_default());
        }
    }
}

fn broken_value() -> Problem {
    Problem::Xml("the attribute has no `value`".into())
}

/// Reads the events of a block, which begins at a place. Returns how many there are, and where it ends; errors have the line
/// and the number of the event in the block.
pub(super) fn read_block(
    block: &Block,
    place: Place,
    shape: &Shape<'_>,
    seen: &mut Seen,
    each: impl FnMut(&Row<'_, '_>) -> Result<()>,
) -> Result<(u64, Place)> {
    let (text, mut bad) = utf8(block);
    let forbidden = first_forbidden(text);
    let text = match &forbidden {
        Some((end, _)) => text.get(..*end).unwrap_or_default(),
        None => text,
    };
    if let Some((end, error)) = forbidden {
        bad = Some(at_byte(error, block, end));
    }
    let row = Row { shape, cells: vec![None; shape.slots.len()], classified: String::new() };
    let mut events = Events { xml: Xml::new(text), place, row, records: 0, in_trace: 0, begun: 0, skipped: 0 };
    let end = events.read(seen, each, bad.is_some());
    let records = events.records;
    match (end, bad) {
        (Err(error), _) => Err(at_byte(error, block, events.begun)),
        (Ok(_), Some(bad)) => Err(bad),
        (Ok(end), None) => Ok((records, end)),
    }
}

/// The events of a piece, while they are read.
struct Events<'b, 's> {
    xml: Xml<'b>,
    place: Place,
    row: Row<'b, 's>,
    records: u64,
    /// Events of the trace so far.
    in_trace: u64,
    /// Where the event or the element began that is being read.
    begun: usize,
    /// How deep the element is in one that is passed over; 0 if it is in none.
    skipped: u64,
}

impl<'b> Events<'b, '_> {
    /// Reads to the end. Where the text is `cut` short by something that is refused, what is not closed is no error.
    fn read(&mut self, seen: &mut Seen, mut each: impl FnMut(&Row<'_, '_>) -> Result<()>, cut: bool) -> Result<Place> {
        loop {
            let before = self.xml.place();
            let token = match self.xml.next() {
                Ok(token) => token,
                Err(_) if cut && self.xml.is_at_end() => return Ok(self.place),
                Err(error) => {
                    self.begun = self.xml.place().max(before);
                    return Err(error);
                }
            };
            if self.place != Place::Event {
                self.begun = self.xml.place().saturating_sub(1);
            }
            match token {
                Token::Open(_) if self.skipped > 0 => self.skip()?,
                Token::Empty(_) | Token::Text(_) if self.skipped > 0 => {}
                Token::Close(_) if self.skipped > 0 => self.skipped -= 1,
                Token::Open(tag) => self.open(tag, seen)?,
                Token::Empty(tag) => {
                    let opened = self.place;
                    self.open(tag, seen)?;
                    if self.skipped > 0 {
                        self.skipped = 0;
                    } else if self.place != opened {
                        self.close(self.place.name(), &mut each)?;
                    }
                }
                Token::Close(name) => self.close(name, &mut each)?,
                Token::Text(text) => return Err(unexpected("elements", &format!("the text `{}`", shorten(&text)))),
                Token::End if self.skipped > 0 && !cut => return Err(Problem::UnclosedXml("an attribute").into()),
                Token::End => return Ok(self.place),
            }
        }
    }

    fn skip(&mut self) -> Result<()> {
        self.skipped += 1;
        let outside = match self.place {
            Place::Before | Place::After => 0,
            Place::Log => 1,
            Place::Trace => 2,
            Place::Event => 3,
        };
        check("xml_depth", self.skipped + outside, self.row.shape.limits.xml_depth)
    }

    fn open(&mut self, tag: Tag<'b>, seen: &mut Seen) -> Result<()> {
        let got = || format!("`{}`", shorten(tag.name));
        let limit = self.row.shape.limits.xml_attributes;
        match (self.place, tag.name) {
            (Place::Before, "log") => {
                tag.values([], limit)?;
                self.place = Place::Log;
            }
            (Place::Before, _) => return Err(unexpected("the root element `log` of XES", &got())),
            (Place::After, _) => return Err(unexpected("the end of the file after `</log>`", &got())),
            (Place::Log, "trace") => {
                tag.values([], limit)?;
                self.place = Place::Trace;
                self.in_trace = 0;
                self.row.clear(true);
            }
            (Place::Log, "event") => return Err(unexpected("events within traces", "`event` outside of one")),
            (Place::Log, _) => {
                tag.values([], limit)?;
                self.skip()?;
            }
            (Place::Trace, "event") => {
                tag.values([], limit)?;
                self.place = Place::Event;
                self.row.clear(false);
            }
            (Place::Trace | Place::Event, "trace" | "event" | "log") => {
                return Err(unexpected("attributes of the event, or events of the trace", &got()));
            }
            (Place::Trace | Place::Event, _) => {
                let of_trace = self.place == Place::Trace;
                let events = if of_trace { self.in_trace } else { 0 };
                let number = self.records + 1;
                self.row.take(tag, of_trace, events, seen).map_err(|error| error.at_record(number))?;
                self.skip()?;
            }
        }
        Ok(())
    }

    fn close(&mut self, name: &str, each: &mut impl FnMut(&Row<'_, '_>) -> Result<()>) -> Result<()> {
        match (self.place, name) {
            (Place::Event, "event") => {
                self.records += 1;
                self.in_trace += 1;
                self.place = Place::Trace;
                self.row.classify();
                each(&self.row).map_err(|error| error.at_record(self.records))
            }
            (Place::Trace, "trace") => {
                self.place = Place::Log;
                Ok(())
            }
            (Place::Log, "log") => {
                self.place = Place::After;
                Ok(())
            }
            _ => Err(broken(&format!("`</{}>` closes nothing that is open", shorten(name)))),
        }
    }
}

fn unexpected(expected: &'static str, got: &str) -> Error {
    Problem::XmlPart { expected, got: got.to_owned() }.into()
}
