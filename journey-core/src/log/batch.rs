//! Events as columns in the order of the input, with tables of names of their own: what readers make of a piece of their
//! input, and what the builder puts together.

use super::lifecycle::{Stage, StartAndEnd};
use super::{Event, NO_START};
use crate::error::{Problem, Result};
use crate::names::{Interner, NONE};
use crate::score::SCORES;
use crate::time::Timestamp;

/// Events in the order of the input. A column that not every input has is empty as long as no event has a cell in it.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) journeys: Codes,
    pub(crate) touchpoints: Codes,
    /// Microseconds, each within the range of [`Timestamp`]; of all rows or of none.
    pub(crate) times: Vec<i64>,
    /// Microseconds, or [`NO_START`].
    pub(crate) starts: Vec<i64>,
    pub(crate) channels: Codes,
    /// Experience scores, -2 to 2, or NaN.
    pub(crate) scores: Vec<f64>,
    /// Finite values, or NaN.
    pub(crate) values: Vec<f64>,
    /// The attributes that were asked for, in their order.
    pub(crate) attributes: Vec<Codes>,
    /// Which end of an event each row is; empty as long as no row is a start.
    pub(crate) stages: Vec<Stage>,
    pub(crate) instances: Codes,
}

/// A column of texts as codes, with its table of names; [`NONE`] is no text.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    pub(crate) codes: Vec<u32>,
    pub(crate) names: Interner,
}

impl Codes {
    /// Adds the cell of a row that comes after `before` others.
    fn put(&mut self, before: usize, name: Option<&str>, what: &'static str) -> Result<()> {
        let code = name.map(|name| self.names.intern(name, what)).transpose()?;
        put(&mut self.codes, before, code, NONE);
        Ok(())
    }

    /// The cells of the rows that are kept; the table has the names of these alone, in their order.
    #[cfg(feature = "arrow")]
    fn keep(self, kept: &[bool], what: &'static str) -> Result<Self> {
        let mut column = Self::default();
        let mut new_codes = vec![NONE; self.names.len()];
        for code in self.codes.into_iter().zip(kept).filter_map(|(code, kept)| kept.then_some(code)) {
            let new_code = match new_codes.get_mut(code as usize) {
                Some(new_code) if *new_code == NONE => {
                    *new_code = column.names.intern(self.names.name(code), what)?;
                    *new_code
                }
                Some(new_code) => *new_code,
                None => NONE,
            };
            column.codes.push(new_code);
        }
        Ok(column)
    }
}

/// Adds a cell to a column that is empty as long as it has none.
fn put<T: Copy>(column: &mut Vec<T>, before: usize, cell: Option<T>, missing: T) {
    if cell.is_some() || !column.is_empty() {
        column.resize(before, missing);
        column.push(cell.unwrap_or(missing));
    }
}

/// Copies the cell of the start to that of the end where there is none.
fn fill<T: Copy>(column: &mut [T], pair: StartAndEnd, missing: impl Fn(&T) -> bool) {
    let known = column.get(pair.start).copied();
    if let (Some(known), Some(cell)) = (known, column.get_mut(pair.end).filter(|cell| missing(cell))) {
        *cell = known;
    }
}

impl Batch {
    /// No events, with so many attributes.
    pub(crate) fn new(attributes: usize) -> Self {
        Self { attributes: (0..attributes).map(|_| Codes::default()).collect(), ..Self::default() }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.touchpoints.codes.len()
    }

    /// Adds an event, or a row that is one end of it; attributes that are left out are missing.
    pub(crate) fn push<'a>(
        &mut self,
        event: Event<'_>,
        attributes: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Result<()> {
        check(&event)?;
        let before = self.len();
        if before > 0 && event.time.is_some() == self.times.is_empty() {
            return Err(Problem::SomeTimes { has: event.time.is_some() }.into());
        }
        let mut attributes = attributes.into_iter();
        for column in &mut self.attributes {
            column.put(before, attributes.next().flatten(), "attribute values")?;
        }
        if attributes.next().is_some() {
            let declared = self.attributes.len();
            return Err(Problem::Options(format!("the event has more attributes than the {declared} declared")).into());
        }
        self.journeys.put(before, Some(event.journey), "journeys")?;
        self.channels.put(before, event.channel, "channels")?;
        self.times.extend(event.time.map(Timestamp::micros));
        put(&mut self.starts, before, event.start.map(Timestamp::micros), NO_START);
        put(&mut self.scores, before, event.score, f64::NAN);
        put(&mut self.values, before, event.value, f64::NAN);
        self.touchpoints.put(before, Some(event.touchpoint), "touchpoints")
    }

    /// Says of the row that was added last which end of an event it is; without it, the row is a completion.
    pub(crate) fn push_stage(&mut self, stage: Stage, instance: Option<&str>) -> Result<()> {
        let before = self.len().saturating_sub(1);
        put(&mut self.stages, before, (stage == Stage::Start).then_some(stage), Stage::Complete);
        self.instances.put(before, instance, "instances of events")
    }

    /// How many distinct touchpoints there are.
    pub(crate) fn touchpoint_count(&self) -> u64 {
        self.touchpoints.names.len() as u64
    }

    /// The rows that are kept; the column of stages has no others already.
    #[cfg(feature = "arrow")]
    pub(crate) fn keep(self, kept: &[bool]) -> Result<Self> {
        fn keep<T>(column: Vec<T>, kept: &[bool]) -> Vec<T> {
            column.into_iter().zip(kept).filter_map(|(cell, kept)| kept.then_some(cell)).collect()
        }
        Ok(Self {
            journeys: self.journeys.keep(kept, "journeys")?,
            touchpoints: self.touchpoints.keep(kept, "touchpoints")?,
            times: keep(self.times, kept),
            starts: keep(self.starts, kept),
            channels: self.channels.keep(kept, "channels")?,
            scores: keep(self.scores, kept),
            values: keep(self.values, kept),
            attributes: {
                let columns = self.attributes.into_iter();
                columns.map(|column| column.keep(kept, "attribute values")).collect::<Result<_>>()?
            },
            stages: self.stages,
            instances: self.instances.keep(kept, "instances of events")?,
        })
    }

    /// Gives every column that is not empty a cell for each row, and the attributes in any case.
    pub(super) fn fill_up(&mut self) {
        let rows = self.len();
        let full = |length: usize| if length == 0 { 0 } else { rows };
        self.starts.resize(full(self.starts.len()), NO_START);
        self.scores.resize(full(self.scores.len()), f64::NAN);
        self.values.resize(full(self.values.len()), f64::NAN);
        self.channels.codes.resize(full(self.channels.codes.len()), NONE);
        for column in &mut self.attributes {
            column.codes.resize(rows, NONE);
        }
    }

    /// Makes two rows one event: the row of the end, with what only the row of the start says. That one is no row any more.
    pub(super) fn join(&mut self, pair: StartAndEnd) {
        self.starts.resize(self.len(), NO_START);
        if let (Some(time), Some(start)) = (self.times.get(pair.start), self.starts.get_mut(pair.end)) {
            *start = *time;
        }
        fill(&mut self.channels.codes, pair, |code| *code == NONE);
        fill(&mut self.scores, pair, |score| score.is_nan());
        fill(&mut self.values, pair, |value| value.is_nan());
        for column in &mut self.attributes {
            fill(&mut column.codes, pair, |code| *code == NONE);
        }
        self.journeys.codes.get_mut(pair.start).into_iter().for_each(|journey| *journey = NONE);
    }
}

/// What no event may be.
fn check(event: &Event<'_>) -> Result<()> {
    if event.journey.is_empty() {
        return Err(Problem::EmptyField("journey id").into());
    }
    if event.touchpoint.is_empty() {
        return Err(Problem::EmptyField("touchpoint").into());
    }
    if let Some(score) = event.score.filter(|score| !SCORES.contains(score)) {
        let (low, high) = (*SCORES.start(), *SCORES.end());
        return Err(Problem::ScoreOutsideScale { value: score, low, high }.into());
    }
    match (event.start, event.time) {
        (Some(_), None) => return Err(Problem::StartWithoutTime.into()),
        (Some(start), Some(time)) => ends_after_start(start.micros(), time.micros())?,
        (None, _) => {}
    }
    if let Some(value) = event.value.filter(|value| !value.is_finite()) {
        return Err(Problem::BadNumber(value.to_string()).into());
    }
    Ok(())
}

/// An event is not complete before it began; both times are microseconds in the range of [`Timestamp`].
pub(crate) fn ends_after_start(start: i64, end: i64) -> Result<()> {
    if start <= end {
        return Ok(());
    }
    let text = |micros| Timestamp::from_micros(micros).map(|at| at.to_string()).unwrap_or_default();
    Err(Problem::EndBeforeStart { start: text(start), end: text(end) }.into())
}
