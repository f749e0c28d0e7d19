//! Logs from columns that are in memory already, texts as codes with a table of their own: the shortest way in.

use super::batch::{Codes, ends_after_start};
use super::{Batch, EventLog, NO_START};
use crate::error::{Problem, Result};
use crate::names::NONE;
use crate::score::SCORES;
use crate::time::Timestamp;

/// A column of texts, each named by a number.
#[derive(Clone, Debug, Default)]
pub struct TextColumn {
    /// The texts, by code. One may be there twice, or never be used; an empty one is no text.
    pub names: Vec<String>,
    /// The code of each row; [`TextColumn::MISSING`] where there is no text.
    pub codes: Vec<u32>,
}

impl TextColumn {
    /// Stands for a text that is missing.
    pub const MISSING: u32 = NONE;
}

/// Events as columns in any order, each with a cell for every row; a column that is not there is empty.
///
/// Errors name a column as the fields are called here, and its rows as records from 1.
///
/// ```
/// use journey_core::{EventColumns, EventLog, TextColumn};
///
/// let texts = |names: &[&str], codes: &[u32]| TextColumn {
///     names: names.iter().map(|name| name.to_string()).collect(),
///     codes: codes.to_vec(),
/// };
/// let log = EventLog::from_columns(EventColumns {
///     journeys: texts(&["ann", "bob"], &[0, 1, 0]),
///     touchpoints: texts(&["visit", "pay"], &[0, 0, 1]),
///     times: vec![0, 60_000_000, 120_000_000],
///     ..Default::default()
/// })?;
/// assert_eq!((log.journey_count(), log.len()), (2, 3));
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct EventColumns {
    /// Which journey each event is part of; no cell may be missing.
    pub journeys: TextColumn,
    /// Where it happened; no cell may be missing.
    pub touchpoints: TextColumn,
    /// Microseconds since 1970 began in UTC. Without this column, events stand in the order of the rows.
    pub times: Vec<i64>,
    /// When the event began, as the times; `i64::MIN` where that is not known.
    pub starts: Vec<i64>,
    /// The channels.
    pub channels: TextColumn,
    /// Experience scores, -2 to 2; NaN where there is none.
    pub scores: Vec<f64>,
    /// Finite values; NaN where there is none.
    pub values: Vec<f64>,
    /// The attributes, by name.
    pub attributes: Vec<(String, TextColumn)>,
}

impl EventLog {
    /// Makes a log from columns.
    ///
    /// # Errors
    /// If a column has another number of cells than there are rows, a code has no name, a journey or touchpoint is missing, a
    /// time is outside the years 1 to 9999 or before its start, a score is outside -2 to 2, or a value is not finite; and as
    /// [`EventLogBuilder::build`](super::EventLogBuilder::build).
    ///
    /// # Complexity
    /// As [`EventLogBuilder::build`](super::EventLogBuilder::build); each name is looked up once.
    pub fn from_columns(columns: EventColumns) -> Result<Self> {
        let rows = columns.journeys.codes.len();
        let mut builder = Self::builder();
        let mut batch = Batch::new(0);
        batch.journeys = required(&columns.journeys, rows, "journeys", "journey id")?;
        batch.touchpoints = required(&columns.touchpoints, rows, "touchpoints", "touchpoint")?;
        batch.channels = texts(&columns.channels, rows, "channels")?;
        for (name, column) in columns.attributes {
            batch.attributes.push(texts(&column, rows, &name)?);
            builder = builder.attribute(name);
        }
        length(columns.times.len(), rows, "times")?;
        for (micros, record) in columns.times.iter().zip(1..) {
            Timestamp::from_micros(*micros).map_err(|error| error.at_record(record).at_field("times"))?;
        }
        length(columns.starts.len(), rows, "starts")?;
        if columns.times.is_empty() && columns.starts.iter().any(|start| *start != NO_START) {
            return Err(Problem::StartWithoutTime.at_field("starts"));
        }
        for ((start, end), record) in columns.starts.iter().zip(&columns.times).zip(1..) {
            let known = *start != NO_START;
            let checked = if known { Timestamp::from_micros(*start).map(drop) } else { Ok(()) };
            let checked = checked.and_then(|()| if known { ends_after_start(*start, *end) } else { Ok(()) });
            checked.map_err(|error| error.at_record(record).at_field("starts"))?;
        }
        let [low, high] = [*SCORES.start(), *SCORES.end()];
        numbers(&columns.scores, rows, "scores", |value| {
            (!SCORES.contains(&value)).then_some(Problem::ScoreOutsideScale { value, low, high })
        })?;
        numbers(&columns.values, rows, "values", |value| {
            (!value.is_finite()).then(|| Problem::BadNumber(value.to_string()))
        })?;
        (batch.times, batch.starts) = (columns.times, columns.starts);
        (batch.scores, batch.values) = (columns.scores, columns.values);
        builder.append(batch)?;
        builder.build()
    }
}

/// A column is there with a cell for each row, or not at all.
fn length(got: usize, expected: usize, field: &str) -> Result<()> {
    if got == expected || got == 0 { Ok(()) } else { Err(Problem::ColumnLength { got, expected }.at_field(field)) }
}

fn numbers(column: &[f64], rows: usize, field: &str, problem: impl Fn(f64) -> Option<Problem>) -> Result<()> {
    length(column.len(), rows, field)?;
    let mut given = column.iter().zip(1..).filter(|(value, _)| !value.is_nan());
    let wrong = given.find_map(|(value, record)| problem(*value).map(|problem| (problem, record)));
    wrong.map_or(Ok(()), |(problem, record)| Err(problem.at_field(field).at_record(record)))
}

/// A column in which no cell is missing.
fn required(column: &TextColumn, rows: usize, field: &str, what: &'static str) -> Result<Codes> {
    if column.codes.len() != rows {
        return Err(Problem::ColumnLength { got: column.codes.len(), expected: rows }.at_field(field));
    }
    let column = texts(column, rows, field)?;
    match column.codes.iter().zip(1..).find(|(code, _)| **code == NONE) {
        Some((_, record)) => Err(Problem::EmptyField(what).at_field(field).at_record(record)),
        None => Ok(column),
    }
}

/// The column with a table of the names that are used, each once.
fn texts(column: &TextColumn, rows: usize, field: &str) -> Result<Codes> {
    length(column.codes.len(), rows, field)?;
    let mut out = Codes::default();
    let mut new_codes: Vec<Option<u32>> = vec![None; column.names.len()];
    out.codes.reserve_exact(column.codes.len());
    for (code, record) in column.codes.iter().zip(1..) {
        let place = *code as usize;
        let new_code = match (new_codes.get(place).copied().flatten(), column.names.get(place)) {
            (Some(known), _) => known,
            (None, Some(name)) if !name.is_empty() => out.names.intern(name, "names")?,
            (None, None) if *code != TextColumn::MISSING => {
                let problem = Problem::NoSuchCode { code: *code, names: column.names.len() };
                return Err(problem.at_field(field).at_record(record));
            }
            (None, _) => NONE,
        };
        if let Some(cell) = new_codes.get_mut(place) {
            *cell = Some(new_code);
        }
        out.codes.push(new_code);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Event};

    fn texts(names: &[&str], codes: &[u32]) -> TextColumn {
        TextColumn { names: names.iter().map(|name| (*name).to_owned()).collect(), codes: codes.to_vec() }
    }

    fn columns() -> EventColumns {
        EventColumns {
            journeys: texts(&["unused", "bob", "ann", "bob"], &[1, 2, 3]),
            touchpoints: texts(&["pay", "visit"], &[0, 1, 1]),
            times: vec![7_000_000, 5_000_000, 6_000_000],
            starts: vec![6_500_000, NO_START, NO_START],
            channels: texts(&["web", ""], &[0, TextColumn::MISSING, 1]),
            scores: vec![2.0, f64::NAN, -1.5],
            attributes: vec![("device".into(), texts(&["phone"], &[0, 0, TextColumn::MISSING]))],
            ..Default::default()
        }
    }

    #[test]
    fn columns_are_the_log_of_their_rows() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let [five, six, seven] = [5, 6, 7].map(|second| time(&format!("1970-01-01T00:00:0{second}Z")));
        let bought = Event {
            start: Some(time("1970-01-01T00:00:06.5Z")),
            channel: Some("web"),
            score: Some(2.0),
            ..Event::new("bob", "pay", seven)
        };
        let looked = Event { score: Some(-1.5), ..Event::new("bob", "visit", six) };
        let rows = EventLog::builder()
            .attribute("device")
            .event_with(bought, [Some("phone")])
            .event_with(Event::new("ann", "visit", five), [Some("phone")])
            .event(looked)
            .build()
            .unwrap();
        let log = EventLog::from_columns(columns()).unwrap();
        let events = |log: &EventLog| {
            log.journeys().flat_map(|j| j.events().map(|e| format!("{e:?}")).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        assert_eq!(events(&log), events(&rows));
        assert_eq!(log.journey_count(), 2);
        assert_eq!(log.attributes().collect::<Vec<_>>(), ["device"]);
        let untimed = EventColumns { times: Vec::new(), starts: Vec::new(), ..columns() };
        assert!(!EventLog::from_columns(untimed).unwrap().has_times());
        assert!(EventLog::from_columns(EventColumns::default()).unwrap().is_empty());
    }

    #[test]
    fn a_wrong_cell_is_refused_with_its_place() {
        let refused = |change: fn(&mut EventColumns)| {
            let mut columns = columns();
            change(&mut columns);
            let error = EventLog::from_columns(columns).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidLog);
            error.to_string()
        };
        for (message, expected) in [
            (
                refused(|c| c.journeys.codes[2] = 9),
                "record 3, `journeys`: the code 9 has no name; the column has 4 names, with the codes from 0",
            ),
            (
                refused(|c| c.touchpoints.codes[1] = TextColumn::MISSING),
                "record 2, `touchpoints`: the touchpoint is empty",
            ),
            (
                refused(|c| c.touchpoints.codes.clear()),
                "`touchpoints`: the column has 0 cells; expected 3, as many as the other columns",
            ),
            (
                refused(|c| c.times.truncate(2)),
                "`times`: the column has 2 cells; expected 3, as many as the other columns",
            ),
            (
                refused(|c| c.starts[0] = 8_000_000),
                "record 1, `starts`: the event is complete at 1970-01-01T00:00:07Z, before its start at 1970-01-01T00:00:08Z",
            ),
            (refused(|c| c.scores[2] = 3.0), "record 3, `scores`: the score 3 is outside its scale, -2 to 2"),
            (refused(|c| c.values = vec![0.0, f64::INFINITY, 0.0]), "record 2, `values`: `inf` is not a number"),
        ] {
            assert_eq!(message, expected);
        }
        assert!(refused(|c| c.times[0] = i64::MAX).starts_with("record 1, `times`: "));
        assert!(refused(|c| c.times.clear()).starts_with("`starts`: the event has a start but no time"));
    }
}
