//! Logs as CSV.

use std::borrow::Cow;
use std::io::Write;

use ::csv::WriterBuilder;

use super::{COLUMNS, WriteOptions, attributes, each_event, needed, time};
use crate::error::{Error, Problem, Result};
use crate::log::EventLog;

/// Writes a log as CSV (RFC 4180) with a header line.
///
/// ```
/// use journey_core::{ReadOptions, WriteOptions, read_csv, write_csv};
///
/// let file = "journey,touchpoint,time\nann,visit,2024-03-13T10:00:00Z\n";
/// let log = read_csv(file.as_bytes(), &ReadOptions::default())?;
/// let mut written = Vec::new();
/// write_csv(&log, &mut written, &WriteOptions::default())?;
/// assert_eq!(written, file.as_bytes());
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an attribute is called as another column is, or writing fails.
pub fn write_csv(log: &EventLog, out: impl Write, options: &WriteOptions) -> Result<()> {
    let names = attributes(log, &COLUMNS)?;
    let text = |text| if options.raw { Cow::Borrowed(text) } else { guarded(text) };
    let [start, channel, score, value] = needed(log);
    let written = [true, true, log.has_times(), start, channel, score, value];
    let mut table = WriterBuilder::new().from_writer(out);
    let columns = COLUMNS.iter().zip(written).filter(|(_, written)| *written).map(|(name, _)| Cow::Borrowed(*name));
    table.write_record(columns.chain(names.iter().map(|name| text(name))).map(Cell)).map_err(failed)?;
    let mut row: Vec<Cell<'_>> = Vec::new();
    each_event(log, &names, |event, values| {
        row.clear();
        row.extend([text(event.journey), text(event.touchpoint)].map(Cell));
        let number = |number: Option<f64>| Cow::Owned(number.map(|number| number.to_string()).unwrap_or_default());
        let further = [
            (log.has_times(), time(event.time).unwrap_or_default().into()),
            (start, time(event.start).unwrap_or_default().into()),
            (channel, text(event.channel.unwrap_or_default())),
            (score, number(event.score)),
            (value, number(event.value)),
        ];
        row.extend(further.into_iter().filter(|(written, _)| *written).map(|(_, cell)| Cell(cell)));
        row.extend(values.iter().map(|value| Cell(text(value.unwrap_or_default()))));
        table.write_record(&row).map_err(failed)
    })?;
    table.flush().map_err(|error| Problem::Io(error).into())
}

/// A cell, as bytes.
struct Cell<'a>(Cow<'a, str>);

impl AsRef<[u8]> for Cell<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A text that no spreadsheet takes for a formula.
fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

fn failed(error: ::csv::Error) -> Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => Problem::Io(error).into(),
        other => Problem::Io(std::io::Error::other(format!("{other:?}"))).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Timestamp};

    #[test]
    fn a_text_that_looks_like_a_formula_is_guarded_and_numbers_are_not() {
        let time = Timestamp::from_micros(0).unwrap();
        let event = Event::new("=1+1", "＠home", time).on_channel("\tx").with_score(-1.5).with_value(-2.0);
        let log = EventLog::builder().attribute("-a").event_with(event, [Some("plain")]).build().unwrap();
        let write = |raw| {
            let mut out = Vec::new();
            write_csv(&log, &mut out, &WriteOptions { raw, ..Default::default() }).unwrap();
            String::from_utf8(out).unwrap()
        };
        let head = "journey,touchpoint,time,channel,score,value,";
        assert_eq!(write(false), format!("{head}'-a\n'=1+1,'＠home,1970-01-01T00:00:00Z,'\tx,-1.5,-2,plain\n"));
        assert_eq!(write(true), format!("{head}-a\n=1+1,＠home,1970-01-01T00:00:00Z,\tx,-1.5,-2,plain\n"));
    }

    #[test]
    fn an_attribute_called_as_a_column_is_refused() {
        let log = EventLog::builder().attribute("score").build().unwrap();
        let error = write_csv(&log, Vec::new(), &WriteOptions::default()).unwrap_err();
        assert!(error.to_string().starts_with("`attributes`: the attribute `score` is called as"), "{error}");
    }
}
