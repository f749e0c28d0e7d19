//! Logs as CSV, NDJSON and XES: what is written is read again as the same log.

mod csv;
#[cfg(not(target_family = "wasm"))]
mod file;
mod ndjson;
#[cfg(feature = "xes")]
mod xes;

use serde::{Deserialize, Serialize};

pub use self::csv::write_csv;
#[cfg(not(target_family = "wasm"))]
pub use self::file::write_path;
pub use self::ndjson::write_ndjson;
#[cfg(feature = "xes")]
pub use self::xes::write_xes;
use crate::error::{Problem, Result, shorten};
use crate::log::{Event, EventLog};
use crate::task;
use crate::time::Timestamp;

/// How a log is written.
///
/// Journeys stand in the order of the log, the events of each in the order of time, and times in UTC with as many digits as
/// they need. Columns are called as [`ReadOptions`](crate::ReadOptions) calls them where nothing is given: `journey`,
/// `touchpoint` and, if the log has times, `time`, and `start`, `channel`, `score` and `value` where events have them; attributes by their names.
/// Scores are written on the experience scale, -2 to 2. What was joined by feedback is not written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct WriteOptions {
    /// Whether the texts of CSV are written as they are. Else one that a spreadsheet could take for a formula, since it
    /// begins with `=`, `+`, `-`, `@`, their full-width forms, a tab or a line break, gets an apostrophe before it.
    pub raw: bool,
    /// In XES what is written for a character that XML does not allow; it is an error if not given.
    pub replacement: Option<String>,
    /// Whether a file that is there already is replaced.
    pub overwrite: bool,
}

/// What tables of events call their columns.
const COLUMNS: [&str; 7] = ["journey", "touchpoint", "time", "start", "channel", "score", "value"];

/// Whether a log needs each of the columns that not every log has.
fn needed(log: &EventLog) -> [bool; 4] {
    let any = |has: fn(&Event<'_>) -> bool| log.journeys().any(|journey| journey.events().any(|event| has(&event)));
    [
        any(|event| event.start.is_some()),
        any(|event| event.channel.is_some()),
        any(|event| event.score.is_some()),
        any(|event| event.value.is_some()),
    ]
}

/// The names of the attributes; an error if one is called as a column is, or if the log has weights.
fn attributes<'a>(log: &'a EventLog, columns: &[&str]) -> Result<Vec<&'a str>> {
    if log.journeys().any(|journey| journey.weight() != 1) {
        let message = "the log has journeys that stand for several customers, which no file of events can say";
        return Err(Problem::Options(message.into()).into());
    }
    let names: Vec<&str> = log.attributes().collect();
    match names.iter().find(|name| columns.contains(name)) {
        None => Ok(names),
        Some(name) => {
            let name = shorten(name);
            let message =
                format!("the attribute `{name}` is called as what is written for every event; expected another name");
            Err(Problem::Options(message).at_field("attributes"))
        }
    }
}

/// A time as it is written, if there is one.
fn time(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}

/// Calls for each event of the log, with the values of its attributes in the order of their names.
fn each_event<'a>(
    log: &'a EventLog,
    names: &[&'a str],
    mut each: impl FnMut(&Event<'a>, &[Option<&'a str>]) -> Result<()>,
) -> Result<()> {
    let mut values = Vec::new();
    let stage = task::Stage::new(log.len());
    for journey in log.journeys() {
        let mut columns: Vec<_> = names.iter().filter_map(|name| journey.attribute(name)).collect();
        for event in journey.events() {
            values.clear();
            values.extend(columns.iter_mut().map(|column| column.next().flatten()));
            each(&event, &values)?;
            stage.advance(1);
        }
    }
    Ok(())
}
