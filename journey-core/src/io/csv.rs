//! Logs from CSV.

use std::io::Read;
use std::path::Path;

use ::csv::ByteRecord;
use serde::{Deserialize, Serialize};

use super::limits::Limits;
use super::table::{Column, Header, check, from_path, read_table};
use crate::error::{Problem, Result};
use crate::log::{Event, EventLog, EventLogBuilder, Stage};
use crate::score::ScoreScale;
use crate::time::TimeReader;

/// How [`read_csv`] reads a table: which column holds what, and in which form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CsvOptions {
    /// The column with the id of the journey, often that of the customer.
    pub journey: String,
    /// The column with the touchpoint.
    pub touchpoint: String,
    /// The column with the time; of events that take time, when they are complete.
    pub time: String,
    /// The column with the time when the event began, at most that of `time`; an empty field is no start.
    pub start: Option<String>,
    /// The column that says which end of an event a row is, where it has one row for its start and one for its completion:
    /// `start` or `complete`, in letters of any case; an empty field is `complete`.
    pub lifecycle: Option<String>,
    /// Other words in the column `lifecycle`, such as `schedule` or `suspend`, whose rows are passed over.
    pub lifecycle_skipped: Vec<String>,
    /// The column that joins the start of an event to its completion. If not given, or where the field is empty, the start
    /// is the earliest one of the same journey and touchpoint that is not complete yet.
    pub instance: Option<String>,
    /// The column with the channel; an empty field is no channel.
    pub channel: Option<String>,
    /// The column with the experience score; an empty field is no score.
    pub score: Option<String>,
    /// The scale of the scores; they are mapped to -2 to 2.
    pub score_scale: ScoreScale,
    /// The column with a value, such as money spent; an empty field is no value.
    pub value: Option<String>,
    /// The columns kept as attributes of the events; an empty field is no value.
    pub attributes: Vec<String>,
    /// The form of the times: a strftime pattern such as `%d.%m.%Y %H:%M`, or `epoch_s`, `epoch_ms`, `epoch_us`. If not
    /// given, RFC 3339, SQL and the Common Log Format are known by their looks.
    pub time_format: Option<String>,
    /// The offset of times that name no zone, such as `+02:00`; UTC if not given.
    pub time_zone: Option<String>,
    /// The character that separates the fields of a row, one byte long.
    pub delimiter: String,
    /// How large the file and its parts may be.
    pub limits: Limits,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self {
            journey: "journey".into(),
            touchpoint: "touchpoint".into(),
            time: "time".into(),
            start: None,
            lifecycle: None,
            lifecycle_skipped: Vec::new(),
            instance: None,
            channel: None,
            score: None,
            score_scale: ScoreScale::default(),
            value: None,
            attributes: Vec::new(),
            time_format: None,
            time_zone: None,
            delimiter: ",".into(),
            limits: Limits::default(),
        }
    }
}

/// Reads a log from CSV (RFC 4180) with a header line, plain or compressed with gzip, its rows in any order.
///
/// Text is text: `NA`, `null` and numbers are names like any other. Blank lines are passed over. Times without a zone are
/// read as UTC unless `time_zone` says otherwise; a leap second is read as the second before it.
///
/// ```
/// use journey_core::{CsvOptions, read_csv};
///
/// let file = "journey,touchpoint,time\nann,pay,2024-03-13 10:05\nann,visit,2024-03-13 10:00\n";
/// let log = read_csv(file.as_bytes(), &CsvOptions::default())?;
/// assert_eq!(log.len(), 2);
///
/// let error = read_csv("journey,touchpiont,time\n".as_bytes(), &CsvOptions::default()).unwrap_err();
/// assert!(error.to_string().ends_with("did you mean `touchpiont`?"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If a column is missing or there twice, a row has too many or too few fields, a quote is not closed or text follows a
/// closing one, a journey, touchpoint or time is empty, a time, score or value cannot be read, the text is not UTF-8, or
/// reading fails. The error says in which line, record and column. No part of a log is returned with an error.
pub fn read_csv(input: impl Read, options: &CsvOptions) -> Result<EventLog> {
    check_lifecycle(options)?;
    let mut times = TimeReader::new(options.time_format.as_deref(), options.time_zone.as_deref())?;
    let mut builder = EventLog::builder();
    for name in &options.attributes {
        builder = builder.attribute(name);
    }
    let limits = &options.limits;
    let find = |header: &Header<'_>| Columns::find(header, options);
    read_table(input, &options.delimiter, limits, find, |columns, record| {
        let event = columns.event(record, &mut times, options.score_scale)?;
        columns.push(&mut builder, event, record)?;
        check("touchpoints", builder.touchpoint_count(), limits.touchpoints)
    })?;
    builder.build()
}

/// As [`read_csv`], from a file; errors name it.
///
/// # Errors
/// As [`read_csv`], or if the file cannot be opened.
pub fn read_csv_path(path: impl AsRef<Path>, options: &CsvOptions) -> Result<EventLog> {
    from_path(path.as_ref(), |file| read_csv(file, options))
}

/// What the options say about starts has to be one thing.
fn check_lifecycle(options: &CsvOptions) -> Result<()> {
    let refused = |message: &str, field| Err(Problem::Options(message.into()).at_field(field));
    match (&options.lifecycle, &options.start, &options.instance, options.lifecycle_skipped.as_slice()) {
        (Some(_), Some(_), ..) => {
            refused("an event has a column `start`, or a row of its own for its start, not both", "lifecycle")
        }
        (None, _, Some(_), _) => refused("instances join the rows that the option `lifecycle` tells apart", "instance"),
        (None, _, _, [_, ..]) => refused("there is no column `lifecycle` with such rows", "lifecycle_skipped"),
        _ => Ok(()),
    }
}

/// Where in a row everything stands.
struct Columns<'a> {
    journey: Column<'a>,
    touchpoint: Column<'a>,
    time: Column<'a>,
    start: Option<Column<'a>>,
    lifecycle: Option<Column<'a>>,
    skipped: &'a [String],
    instance: Option<Column<'a>>,
    channel: Option<Column<'a>>,
    score: Option<Column<'a>>,
    value: Option<Column<'a>>,
    attributes: Vec<Column<'a>>,
}

impl<'a> Columns<'a> {
    fn find(header: &Header<'_>, options: &'a CsvOptions) -> Result<Self> {
        let find = |option, name: &'a str| header.column(option, name);
        let optional = |option, name: &'a Option<String>| header.optional(option, name.as_deref());
        Ok(Self {
            journey: find("journey", &options.journey)?,
            touchpoint: find("touchpoint", &options.touchpoint)?,
            time: find("time", &options.time)?,
            start: optional("start", &options.start)?,
            lifecycle: optional("lifecycle", &options.lifecycle)?,
            skipped: &options.lifecycle_skipped,
            instance: optional("instance", &options.instance)?,
            channel: optional("channel", &options.channel)?,
            score: optional("score", &options.score)?,
            value: optional("value", &options.value)?,
            attributes: options.attributes.iter().map(|name| find("attributes", name)).collect::<Result<_>>()?,
        })
    }

    fn event<'r>(&self, record: &'r ByteRecord, times: &mut TimeReader, scale: ScoreScale) -> Result<Event<'r>> {
        let time = self.time.required(record, "time")?;
        let time = times.read(time).map_err(|error| error.at_field(self.time.name))?;
        let journey = self.journey.required(record, "journey id")?;
        let touchpoint = self.touchpoint.required(record, "touchpoint")?;
        let mut event = Event::new(journey, touchpoint, time);
        if let Some(column) = &self.start {
            let start = column.text(record)?.map(|text| times.read(text)).transpose();
            event.start = start.map_err(|error| error.at_field(column.name))?;
        }
        if let Some(column) = &self.channel {
            event.channel = column.text(record)?;
        }
        if let Some(column) = &self.score {
            let score = column.number(record)?.map(|score| scale.to_experience(score)).transpose();
            event.score = score.map_err(|error| error.at_field(column.name))?;
        }
        if let Some(column) = &self.value {
            event.value = column.number(record)?;
        }
        Ok(event)
    }

    /// Adds the event, or that end of it of which the row tells.
    fn push(&self, builder: &mut EventLogBuilder, event: Event<'_>, record: &ByteRecord) -> Result<()> {
        let attributes = self.attributes(record)?;
        let Some(lifecycle) = &self.lifecycle else {
            return builder.push(event, attributes);
        };
        let stage = Stage::read(lifecycle.text(record)?, self.skipped);
        let Some(stage) = stage.map_err(|error| error.at_field(lifecycle.name))? else {
            return Ok(());
        };
        let instance = self.instance.as_ref().map_or(Ok(None), |column| column.text(record))?;
        builder.push_stage(event, attributes, stage, instance)
    }

    fn attributes<'r>(&self, record: &'r ByteRecord) -> Result<Vec<Option<&'r str>>> {
        self.attributes.iter().map(|column| column.text(record)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn read(file: &str) -> Result<EventLog> {
        read_csv(file.as_bytes(), &CsvOptions::default())
    }

    fn message(file: &str) -> String {
        let error = read(file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidLog);
        error.to_string()
    }

    fn paths(log: &EventLog) -> Vec<(String, Vec<String>)> {
        log.journeys().map(|j| (j.id().to_owned(), j.events().map(|e| e.touchpoint.to_owned()).collect())).collect()
    }

    #[test]
    fn quotes_line_ends_and_byte_order_marks_are_read() {
        let file = "\u{feff}journey,touchpoint,time,note\r\nNA,\"a, \"\"b\"\"\",2024-01-01,\"two\nlines\"\r\n\r\nNA,null,2024-01-02,";
        assert_eq!(paths(&read(file).unwrap()), [("NA".into(), vec!["a, \"b\"".into(), "null".into()])]);
    }

    #[test]
    fn an_error_names_line_record_and_column() {
        let head = "journey,touchpoint,time\na,b,2024-01-01\n";
        for (rows, expected) in [
            ("a,\"c\nd\",x\n", "line 3, record 2, `time`: `x` is not a time; expected RFC 3339 or SQL"),
            ("\n\na,,2024-01-01\n", "line 5, record 2, `touchpoint`: the touchpoint is empty"),
            (",b,2024-01-01\n", "line 3, record 2, `journey`: the journey id is empty"),
            ("a,b,\n", "line 3, record 2, `time`: the time is empty"),
            ("a,b\n", "line 3, record 2: the row has 2 fields, the header has 3"),
            ("a,b,2024-01-01,\n", "line 3, record 2: the row has 4 fields, the header has 3"),
            ("a,\"b,2024-01-01\na,b,2024-01-02\n", "line 3: a quote is opened here and never closed"),
            ("a,b,\"2024-01-01\"\"\n", "line 3: a quote is opened here and never closed"),
            ("a,b,1704067200\n", "line 3, record 2, `time`: `1704067200` is not a time; expected RFC 3339 or SQL"),
        ] {
            let message = message(&format!("{head}{rows}"));
            assert!(message.starts_with(expected), "{message}");
        }
        let bad = read_csv(&b"journey,touchpoint,time\na,b\xff,2024-01-01\n"[..], &CsvOptions::default()).unwrap_err();
        assert_eq!(bad.to_string(), "line 2, record 1, `touchpoint`: the text is not UTF-8 (at byte 2 of the field)");
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for [first, second] in [["\n", "\n"], ["\r\n", "\r\n"], ["\n", "\r\n"], ["\r\n", "\n"]] {
            let head = ["", "journey,touchpoint,time", "", "a,\"b", "c\",2024-01-01", ""].join(first);
            for last in ["", second] {
                let error = message(&format!("{head}a,b,x{last}"));
                assert!(error.starts_with("line 6, record 2, `time`: `x` is not a time"), "{error} {first:?} {last:?}");
            }
            let ragged = message(&format!("{head}{second}a,b{second}"));
            assert!(ragged.starts_with("line 7, record 2: the row has 2 fields"), "{ragged}");
        }
        assert!(message("\n\nid,touchpoint,time\n").starts_with("line 3, `journey`: there is no column"));
    }

    #[test]
    fn a_header_without_the_columns_is_refused() {
        assert_eq!(message(""), "the input is empty; expected a header line with the column names");
        assert!(message("journey;touchpoint;time\n").contains("`;` separates the columns"));
        assert!(
            message("user,touchpoint,time\n")
                .contains("no column `journey`, which the option `journey` names; the columns are `user`, `touchpoint`, `time`; did you mean `user`?")
        );
        assert_eq!(
            message("journey,time,touchpoint,time\n"),
            "line 1, `time`: the header has the column `time` more than once"
        );
        assert_eq!(message("journey,touchpoint,\"time\n"), "line 1: a quote is opened here and never closed");
        assert_eq!(message("\u{feff}\n\n"), "the input is empty; expected a header line with the column names");
        let utf16 = read_csv(&b"\xff\xfej\0o\0"[..], &CsvOptions::default()).unwrap_err();
        assert_eq!(utf16.to_string(), "the input is UTF-16; expected UTF-8");
        assert_eq!(read("journey,touchpoint,time\n").unwrap().len(), 0);
    }

    #[test]
    fn scores_values_channels_and_attributes_are_read_where_asked_for() {
        let file = "id;page;at;where;stars;paid;plan\nx;home;0;web;5;9.50;pro\nx;pay;1;;;;\n";
        let options = CsvOptions {
            journey: "id".into(),
            touchpoint: "page".into(),
            time: "at".into(),
            channel: Some("where".into()),
            score: Some("stars".into()),
            score_scale: ScoreScale::Stars,
            value: Some("paid".into()),
            attributes: vec!["plan".into()],
            time_format: Some("epoch_s".into()),
            delimiter: ";".into(),
            ..Default::default()
        };
        let log = read_csv(file.as_bytes(), &options).unwrap();
        let rows: Vec<_> = log.journey(0).unwrap().events().map(|e| (e.channel, e.score, e.value)).collect();
        assert_eq!(rows, [(Some("web"), Some(2.0), Some(9.5)), (None, None, None)]);
        assert_eq!(log.attribute_values("plan").unwrap().iter().collect::<Vec<_>>(), ["pro"]);
        for (bad, expected) in [("6", "the score 6 is outside its scale, 1 to 5"), ("good", "`good` is not a number")] {
            let error = read_csv(file.replace(";5;", &format!(";{bad};")).as_bytes(), &options).unwrap_err();
            assert_eq!(error.to_string(), format!("line 2, record 1, `stars`: {expected}"));
        }
    }

    #[test]
    fn the_rows_of_a_start_and_of_a_completion_are_one_event() {
        let file = "journey,touchpoint,time,stage,id,channel\n\
                    a,test,2024-01-01T10:00,start,1,lab\n\
                    a,test,2024-01-01T10:01,suspend,1,\n\
                    a,test,2024-01-01T10:09,Complete,1,\n\
                    a,talk,2024-01-01T10:07,start,2,\n\
                    a,pay,2024-01-01T10:11,,,web\n";
        let options = CsvOptions {
            lifecycle: Some("stage".into()),
            lifecycle_skipped: vec!["suspend".into()],
            instance: Some("id".into()),
            channel: Some("channel".into()),
            ..Default::default()
        };
        let log = read_csv(file.as_bytes(), &options).unwrap();
        let minute = |at: crate::Timestamp| at.to_string()[14..16].to_owned();
        let rows: Vec<_> = log
            .journeys()
            .flat_map(|j| j.events().collect::<Vec<_>>())
            .map(|e| (e.touchpoint, e.start.map(minute), minute(e.time.unwrap()), e.channel))
            .collect();
        let expected = [
            ("talk", None, "07".to_owned(), None),
            ("test", Some("00".to_owned()), "09".to_owned(), Some("lab")),
            ("pay", None, "11".to_owned(), Some("web")),
        ];
        assert_eq!(rows, expected, "what has no partner is an event at its own time");
        let strict = CsvOptions { lifecycle_skipped: Vec::new(), ..options.clone() };
        let error = read_csv(file.as_bytes(), &strict).unwrap_err();
        assert!(error.to_string().starts_with("line 3, record 2, `stage`: `suspend` is neither"), "{error}");
        for twofold in [
            CsvOptions { start: Some("time".into()), ..options.clone() },
            CsvOptions { lifecycle: None, ..options.clone() },
            CsvOptions { lifecycle: None, instance: None, ..options },
        ] {
            assert_eq!(read_csv(file.as_bytes(), &twofold).unwrap_err().kind(), ErrorKind::InvalidOption);
        }
    }

    #[test]
    #[cfg(feature = "gzip")]
    fn all_members_of_a_gzip_file_are_read_and_a_cut_one_is_refused() {
        use std::io::Write;
        let mut file = Vec::new();
        for part in ["journey,touchpoint,time\na,b,2024-01-01\n", "a,c,2024-01-02\n"] {
            let mut member = flate2::write::GzEncoder::new(&mut file, flate2::Compression::fast());
            member.write_all(part.as_bytes()).unwrap();
            member.finish().unwrap();
        }
        assert_eq!(read_csv(&file[..], &CsvOptions::default()).unwrap().len(), 2);
        let cut = read_csv(&file[..file.len() - 4], &CsvOptions::default()).unwrap_err();
        assert_eq!(cut.kind(), ErrorKind::Io);
    }

    #[test]
    fn what_is_too_large_is_refused_with_the_name_of_the_limit() {
        let passed = |file: &[u8], limits: Limits| {
            let options = CsvOptions { limits, ..Default::default() };
            let error = read_csv(file, &options).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::LimitExceeded);
            error.to_string()
        };
        let file = b"journey,touchpoint,time\na,b,2024-01-01\na,c,2024-01-02\n";
        let limits = Limits { columns: 2, ..Limits::default() };
        assert_eq!(passed(file, limits), "the table has too many columns; the limit `columns` is 2, and may be raised");
        let limits = Limits { touchpoints: 1, ..Limits::default() };
        assert!(passed(file, limits).starts_with("line 3, record 2: the log has too many distinct touchpoints"));
        let long = format!("journey,touchpoint,time\na,{},2024-01-01\n", "x".repeat(1 << 21));
        assert!(passed(long.as_bytes(), Limits::default()).contains("`field_bytes` is 1048576"));
    }

    #[test]
    #[cfg(feature = "gzip")]
    fn a_file_that_unpacks_without_end_is_refused() {
        use std::io::Write;
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        bomb.write_all(b"journey,touchpoint,time\n").unwrap();
        for _ in 0..100 {
            bomb.write_all(&vec![b'\n'; 1_000_000]).unwrap();
        }
        let bomb = bomb.finish().unwrap();
        let error = read_csv(&bomb[..], &CsvOptions::default()).unwrap_err();
        assert!(error.to_string().contains("`unpack_ratio` is 200"), "{error}");
        let limits = Limits { unpacked_bytes: Some(1000), ..Limits::default() };
        let error = read_csv(&bomb[..], &CsvOptions { limits, ..Default::default() }).unwrap_err();
        assert!(error.to_string().contains("`unpacked_bytes` is 1000"), "{error}");
    }

    #[test]
    fn a_delimiter_is_one_byte() {
        for delimiter in ["", ",,", "\"", "é", "\n"] {
            let options = CsvOptions { delimiter: delimiter.into(), ..Default::default() };
            assert_eq!(read_csv(&b""[..], &options).unwrap_err().kind(), ErrorKind::InvalidOption);
        }
    }
}
