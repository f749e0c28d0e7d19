//! Logs from CSV.

use std::io::Read;
use std::path::Path;

use super::columns::Columns;
use super::options::{ReadOptions, StandardNames};
use super::read::{LogReader, Sink};
use super::table::{Table, check};
use crate::error::Result;
use crate::log::{Batch, EventLog};
use crate::threads::in_order;

/// Reads a log from CSV (RFC 4180) with a header line, plain or compressed with gzip, its rows in any order.
///
/// Text is text: `NA`, `null` and numbers are names like any other. Blank lines are passed over. Times without a zone are
/// read as UTC unless `time_zone` says otherwise; a leap second is read as the second before it.
///
/// ```
/// use journey_core::{ReadOptions, read_csv};
///
/// let file = "journey,touchpoint,time\nann,pay,2024-03-13 10:05\nann,visit,2024-03-13 10:00\n";
/// let log = read_csv(file.as_bytes(), &ReadOptions::default())?;
/// assert_eq!(log.len(), 2);
///
/// let error = read_csv("journey,touchpiont,time\n".as_bytes(), &ReadOptions::default()).unwrap_err();
/// assert!(error.to_string().ends_with("did you mean `touchpiont`?"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If a column is missing or there twice, a row has too many or too few fields, a quote is not closed or text follows a
/// closing one, a journey, touchpoint or time is empty, a time, score or value cannot be read, the text is not UTF-8, or
/// reading fails. The error says in which line, record and column. No part of a log is returned with an error.
pub fn read_csv(input: impl Read, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).csv(input)
}

/// As [`read_csv`], from a file; errors name it.
///
/// # Errors
/// As [`read_csv`], or if the file cannot be opened.
pub fn read_csv_path(path: impl AsRef<Path>, options: &ReadOptions) -> Result<EventLog> {
    LogReader::new(options).csv_path(path)
}

/// Reads the table on all cores.
pub(super) fn read(input: impl Read, options: &ReadOptions, sink: &mut Sink<'_>) -> Result<EventLog> {
    let limits = &options.limits;
    let mut table = Table::open(input, options.delimiter.as_deref(), limits, &options.wanted(StandardNames::TABLE))?;
    let header = table.header.clone();
    let mut columns = Columns::find(options, StandardNames::TABLE, |option, name| header.place(option, name))?;
    let mut builder = columns.builder();
    let Some(first) = table.next()? else { return builder.build() };
    let mut learnt = false;
    header
        .each(&first, |record| {
            if !learnt {
                columns.learn(record);
                learnt = true;
            }
            Ok(())
        })
        .unwrap_or_default();

    let mut first = Some(first);
    let mut records = 0;
    let read = |block| {
        let mut batch = columns.batch();
        let records = header.each(&block, |record| {
            columns.push(&mut batch, record)?;
            check("touchpoints", batch.touchpoint_count(), limits.touchpoints)
        });
        records.map(|records| (batch, records))
    };
    in_order(
        || first.take().map_or_else(|| table.next(), |first| Ok(Some(first))),
        read,
        |block: Result<(Batch, u64)>| {
            let (batch, count) = block.map_err(|error| error.after_records(records))?;
            records += count;
            sink.take(&mut builder, batch)
        },
    )?;
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Limits, ScoreScale};

    fn read(file: &str) -> Result<EventLog> {
        read_csv(file.as_bytes(), &ReadOptions::default())
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
        let bad = read_csv(&b"journey,touchpoint,time\na,b\xff,2024-01-01\n"[..], &ReadOptions::default()).unwrap_err();
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
        let comma = ReadOptions { delimiter: Some(",".into()), ..ReadOptions::default() };
        let error = read_csv("journey;touchpoint;time\n".as_bytes(), &comma).unwrap_err().to_string();
        assert!(error.contains("`;` separates the columns"), "{error}");
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
        let utf16 = read_csv(&b"\xff\xfej\0o\0"[..], &ReadOptions::default()).unwrap_err();
        assert_eq!(utf16.to_string(), "the input is UTF-16; expected UTF-8");
        assert_eq!(read("journey,touchpoint,time\n").unwrap().len(), 0);
    }

    #[test]
    fn scores_values_channels_and_attributes_are_read_where_asked_for() {
        let file = "id;page;at;where;stars;paid;plan\nx;home;0;web;5;9.50;pro\nx;pay;1;;;;\n";
        let options = ReadOptions {
            journey: Some("id".into()),
            touchpoint: Some("page".into()),
            time: Some("at".into()),
            channel: Some("where".into()),
            score: Some("stars".into()),
            score_scale: ScoreScale::Stars,
            value: Some("paid".into()),
            attributes: vec!["plan".into()],
            time_format: Some("epoch_s".into()),
            delimiter: Some(";".into()),
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
        let options = ReadOptions {
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
        let strict = ReadOptions { lifecycle_skipped: Vec::new(), ..options.clone() };
        let error = read_csv(file.as_bytes(), &strict).unwrap_err();
        assert!(error.to_string().starts_with("line 3, record 2, `stage`: `suspend` is neither"), "{error}");
        for twofold in [
            ReadOptions { start: Some("time".into()), ..options.clone() },
            ReadOptions { lifecycle: None, ..options.clone() },
            ReadOptions { lifecycle: None, instance: None, ..options },
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
        assert_eq!(read_csv(&file[..], &ReadOptions::default()).unwrap().len(), 2);
        let cut = read_csv(&file[..file.len() - 4], &ReadOptions::default()).unwrap_err();
        assert_eq!(cut.kind(), ErrorKind::Io);
    }

    #[test]
    fn what_is_too_large_is_refused_with_the_name_of_the_limit() {
        let passed = |file: &[u8], limits: Limits| {
            let options = ReadOptions { limits, ..Default::default() };
            let error = read_csv(file, &options).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::LimitExceeded);
            error.to_string()
        };
        let file = b"journey,touchpoint,time\na,b,2024-01-01\na,c,2024-01-02\n";
        let limits = Limits { columns: 2, ..Limits::default() };
        assert_eq!(
            passed(file, limits),
            "line 1: the table has too many columns; the limit `columns` is 2, and may be raised"
        );
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
        let error = read_csv(&bomb[..], &ReadOptions::default()).unwrap_err();
        assert!(error.to_string().contains("`unpack_ratio` is 200"), "{error}");
        let limits = Limits { unpacked_bytes: Some(1000), ..Limits::default() };
        let error = read_csv(&bomb[..], &ReadOptions { limits, ..Default::default() }).unwrap_err();
        assert!(error.to_string().contains("`unpacked_bytes` is 1000"), "{error}");
    }

    #[test]
    fn the_delimiter_is_the_one_that_the_header_is_written_with() {
        for delimiter in [",", ";", "\t", "|"] {
            let file = ["\"a, b; c|d\"", "touchpoint", "journey", "time\nx", "t", "j", "2024-01-01\n"].join(delimiter);
            assert_eq!(paths(&read(&file).unwrap()), [("j".into(), vec!["t".into()])], "{file}");
        }
    }

    #[test]
    fn a_table_of_many_blocks_is_read_as_one() {
        let rows = |count: u64| {
            let row = |n: u64| format!("\"j\n{}\",t{},2024-01-01,{}\n", n % 1000, n % 7, "x".repeat(100));
            (0..count).map(row).collect::<String>()
        };
        let head = "journey,touchpoint,time,note\n";
        let options = ReadOptions { attributes: vec!["note".into()], ..ReadOptions::default() };
        let log = read_csv(format!("{head}{}", rows(60_000)).as_bytes(), &options).unwrap();
        let sizes: Vec<usize> = log.journeys().map(|journey| journey.len()).collect();
        assert_eq!((log.len(), log.journey_count(), log.touchpoints().len()), (60_000, 1000, 7));
        assert!(sizes.iter().all(|size| *size == 60));
        let first: Vec<&str> = log.journey(1).unwrap().events().take(3).map(|event| event.touchpoint).collect();
        assert_eq!(first, ["t1", "t0", "t6"], "rows 1, 1001 and 2001");

        let bad = format!("{head}{}a,b,soon,\n{}", rows(50_000), rows(9));
        let error = read_csv(bad.as_bytes(), &options).unwrap_err();
        assert!(error.to_string().starts_with("line 100002, record 50001, `time`: `soon` is not a time"), "{error}");
    }

    #[test]
    fn who_watches_sees_all_bytes_and_events_and_can_break_off() {
        let file = format!("journey,touchpoint,time\n{}", "a,b,2024-01-01\n".repeat(200_000));
        let options = ReadOptions::default();
        let mut seen = Vec::new();
        let watch = |progress: &crate::Progress| {
            seen.push((progress.bytes, progress.events));
            std::ops::ControlFlow::Continue(())
        };
        LogReader::new(&options).on_progress(watch).csv(file.as_bytes()).unwrap();
        assert_eq!(seen.last(), Some(&(file.len() as u64, 200_000)));
        assert!(seen.len() > 1 && seen.is_sorted());
        let stop = |progress: &crate::Progress| match progress.events {
            0..1000 => std::ops::ControlFlow::Continue(()),
            _ => std::ops::ControlFlow::Break(()),
        };
        let error = LogReader::new(&options).on_progress(stop).csv(file.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Cancelled, "reading was broken off"));
    }

    #[test]
    fn a_delimiter_is_one_byte() {
        for delimiter in ["", ",,", "\"", "é", "\n"] {
            let options = ReadOptions { delimiter: Some(delimiter.into()), ..Default::default() };
            assert_eq!(read_csv(&b""[..], &options).unwrap_err().kind(), ErrorKind::InvalidOption);
        }
    }
}
