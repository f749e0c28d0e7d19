//! The journeys that are still open: the only customers a monitor remembers.

use std::collections::{BTreeMap, HashMap};

use crate::error::Result;
use crate::log::{Event, EventLog};
use crate::names::{Interner, NONE};
use crate::time::Timestamp;

/// Open journeys by customer, and in the order in which they may be over.
#[derive(Debug, Default)]
pub(super) struct OpenJourneys {
    journeys: HashMap<Box<str>, Open, foldhash::fast::RandomState>,
    /// For each open journey one place: its last time when it was put there, or a later look, and its number. Events do
    /// not move it; whoever finds it due looks at the journey, and puts it back if that went on.
    queue: BTreeMap<(i64, u64), Box<str>>,
    /// Events of open journeys.
    events: u64,
    /// The number of the next journey to begin.
    next: u64,
    touchpoints: Interner,
    channels: Interner,
}

/// An open journey.
#[derive(Clone, Debug)]
pub(super) struct Open {
    number: u64,
    queued: i64,
    last: i64,
    events: Vec<OpenEvent>,
}

/// What a state will want to know of an event.
#[derive(Clone, Copy, Debug)]
struct OpenEvent {
    touchpoint: u32,
    channel: u32,
    time: i64,
    start: Option<i64>,
    score: Option<f64>,
}

/// What a batch did to the open journeys, so that it can be undone.
#[derive(Default)]
pub(super) struct Changes<'a> {
    done: Vec<Change<'a>>,
    /// The journeys that were closed.
    pub(super) closed: Vec<(Box<str>, Open)>,
}

enum Change<'a> {
    Began(&'a str),
    /// An event was added; the time of the one before.
    Grew(&'a str, i64),
    /// The next of the closed journeys was closed.
    Closed,
}

impl OpenJourneys {
    pub(super) fn len(&self) -> u64 {
        self.journeys.len() as u64
    }

    pub(super) fn events(&self) -> u64 {
        self.events
    }

    /// The time of the last event of a customer whose journey is open.
    pub(super) fn last(&self, customer: &str) -> Option<i64> {
        self.journeys.get(customer).map(|open| open.last)
    }

    /// Adds an event at this time to the open journey of its customer, or begins one.
    pub(super) fn add<'a>(&mut self, event: &Event<'a>, time: i64, changes: &mut Changes<'a>) -> Result<()> {
        let cell = OpenEvent {
            touchpoint: self.touchpoints.intern(event.touchpoint, "touchpoints")?,
            channel: event.channel.map_or(Ok(NONE), |name| self.channels.intern(name, "channels"))?,
            time,
            start: event.start.map(Timestamp::micros),
            score: event.score,
        };
        self.events += 1;
        if let Some(open) = self.journeys.get_mut(event.journey) {
            changes.done.push(Change::Grew(event.journey, open.last));
            open.events.push(cell);
            open.last = time;
            return Ok(());
        }
        changes.done.push(Change::Began(event.journey));
        let open = Open { number: self.next, queued: time, last: time, events: vec![cell] };
        self.next += 1;
        self.insert(event.journey.into(), open);
        Ok(())
    }

    /// Closes the journey of a customer.
    pub(super) fn close(&mut self, customer: &str, changes: &mut Changes<'_>) {
        if let Some((id, open)) = self.remove(customer) {
            changes.done.push(Change::Closed);
            changes.closed.push((id, open));
        }
    }

    /// Closes the journeys whose last event lies before a time.
    pub(super) fn close_before(&mut self, time: i64, changes: &mut Changes<'_>) {
        while let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 < time) {
            let id = entry.remove();
            let Some(open) = self.journeys.get_mut(&id) else { continue };
            if open.last < time {
                self.close(&id, changes);
            } else {
                open.queued = open.last;
                self.queue.insert((open.queued, open.number), id);
            }
        }
    }

    /// Makes as if the changes had never been.
    pub(super) fn undo(&mut self, mut changes: Changes<'_>) {
        while let Some(change) = changes.done.pop() {
            match change {
                Change::Began(id) => {
                    self.remove(id);
                }
                Change::Grew(id, last) => {
                    if let Some((id, mut open)) = self.remove(id) {
                        open.events.pop();
                        self.events += open.events.len() as u64;
                        (open.last, open.queued) = (last, open.queued.min(last));
                        self.insert(id, open);
                    }
                }
                Change::Closed => {
                    if let Some((id, open)) = changes.closed.pop() {
                        self.insert_again(id, open);
                    }
                }
            }
        }
    }

    fn insert_again(&mut self, id: Box<str>, open: Open) {
        self.events += open.events.len() as u64;
        self.insert(id, open);
    }

    fn insert(&mut self, id: Box<str>, open: Open) {
        self.queue.insert((open.queued, open.number), id.clone());
        self.journeys.insert(id, open);
    }

    fn remove(&mut self, customer: &str) -> Option<(Box<str>, Open)> {
        let (id, open) = self.journeys.remove_entry(customer)?;
        self.queue.remove(&(open.queued, open.number));
        self.events -= open.events.len() as u64;
        Some((id, open))
    }

    /// Open journeys as a log.
    pub(super) fn log(&self) -> Result<EventLog> {
        // In the order of the queue, which is that of no hash.
        self.log_of(self.queue.values().filter_map(|id| self.journeys.get(id)))
    }

    /// Journeys that were closed, as a log; one customer may have several.
    pub(super) fn log_of<'o>(&self, journeys: impl Iterator<Item = &'o Open>) -> Result<EventLog> {
        let mut log = EventLog::builder();
        for open in journeys {
            let id = open.number.to_string();
            for event in &open.events {
                let time = Timestamp::from_micros(event.time)?;
                let start = event.start.map(Timestamp::from_micros).transpose()?;
                let channel = (event.channel != NONE).then(|| self.channels.name(event.channel));
                let plain = Event::new(&id, self.touchpoints.name(event.touchpoint), time);
                log.push(Event { start, channel, score: event.score, ..plain }, [])?;
            }
        }
        log.build()
    }
}
