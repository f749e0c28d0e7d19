//! Laws of reading and writing logs: what is written is read again, and the format makes no difference.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Cursor;

use journey_core::{
    Event, EventLog, ReadOptions, SummaryOptions, Timestamp, TransitionsOptions, VariantsOptions, WriteOptions,
    read_any, read_arrow_ipc, read_csv, read_ndjson, read_parquet, read_xes, summary, transitions, variants,
    write_arrow_ipc, write_csv, write_ndjson, write_parquet, write_xes,
};
use proptest::prelude::*;

/// Journey, touchpoint, microseconds, how long it took, channel, score, value, attribute.
type Row = (String, String, i64, Option<i64>, Option<String>, Option<f64>, Option<f64>, Option<String>);

/// A text of any letters, of which some are such as readers and spreadsheets take for something else.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{fffe}\u{ffff}]{1,6}",
        "[-=+@＝\t\r\n\"',;|&<> a]{1,4}",
        Just("null".to_owned()),
        Just("\u{feff}x".to_owned()),
    ]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let times = prop_oneof![
        Timestamp::MIN.micros()..=Timestamp::MAX.micros(),
        Just(Timestamp::MIN.micros()),
        Just(Timestamp::MAX.micros()),
        (0..1000i64).prop_map(|millis| millis * 1000),
    ];
    let value = prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO;
    let row = (
        text(),
        text(),
        times,
        prop::option::of(0..1_000_000_000i64),
        prop::option::of(text()),
        prop::option::of(-2.0..=2.0f64),
        prop::option::of(value),
        prop::option::of(text()),
    );
    prop::collection::vec(row, 0..20)
}

fn log(rows: &[Row]) -> EventLog {
    let mut builder = EventLog::builder().attribute("the note");
    for (journey, touchpoint, time, took, channel, score, value, note) in rows {
        let mut event = Event::new(journey, touchpoint, Timestamp::from_micros(*time).unwrap());
        let start = took.and_then(|took| Timestamp::from_micros(time - took).ok());
        event.start = start;
        event.channel = channel.as_deref();
        event.score = *score;
        event.value = *value;
        builder = builder.event_with(event, [note.as_deref()]);
    }
    builder.build().unwrap()
}

/// All that a log has, with every bit of its numbers.
fn content(log: &EventLog) -> Vec<String> {
    let mut rows = Vec::new();
    for journey in log.journeys() {
        let mut notes = journey.attribute("the note").into_iter().flatten();
        for event in journey.events() {
            rows.push(format!("{event:?} {:?}", notes.next().flatten()));
        }
    }
    rows
}

/// The options that read what is written, where a log has all columns.
fn options(log: &EventLog) -> ReadOptions {
    let any = |has: fn(&Event<'_>) -> bool, name: &str| {
        log.journeys().any(|journey| journey.events().any(|event| has(&event))).then(|| name.to_owned())
    };
    ReadOptions {
        start: any(|event| event.start.is_some(), "start"),
        channel: any(|event| event.channel.is_some(), "channel"),
        score: any(|event| event.score.is_some(), "score"),
        value: any(|event| event.value.is_some(), "value"),
        ..ReadOptions::default()
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(rows in rows()) {
        let mut rows = rows;
        // A field that no object has is an error.
        if let Some(row) = rows.first_mut() {
            row.7.get_or_insert_with(|| "note".to_owned());
        }
        let log = log(&rows);
        let attributes = vec!["the note".to_owned()];
        let raw = WriteOptions { raw: true, ..WriteOptions::default() };
        let table = ReadOptions { attributes, ..options(&log) };

        let mut csv = Vec::new();
        write_csv(&log, &mut csv, &raw).unwrap();
        prop_assert_eq!(content(&read_csv(&csv[..], &table).unwrap()), content(&log));
        let mut ndjson = Vec::new();
        write_ndjson(&log, &mut ndjson, &raw).unwrap();
        prop_assert_eq!(content(&read_ndjson(&ndjson[..], &table).unwrap()), content(&log));
        let (mut arrow, mut parquet) = (Vec::new(), Vec::new());
        write_arrow_ipc(&log, &mut arrow).unwrap();
        prop_assert_eq!(content(&read_arrow_ipc(&arrow[..], &table).unwrap()), content(&log));
        write_parquet(&log, &mut parquet).unwrap();
        prop_assert_eq!(content(&read_parquet(Cursor::new(&parquet), &table).unwrap()), content(&log));
        let mut xes = Vec::new();
        write_xes(&log, &mut xes, &raw).unwrap();
        let traces = ReadOptions { start: None, ..table.clone() };
        let again = read_xes(&xes[..], &traces).unwrap();
        prop_assert_eq!(content(&again), content(&log));

        let columns = [&arrow, &parquet].map(|file| read_any(&file[..], &table).unwrap());
        for other in columns.into_iter().chain([read_any(&csv[..], &table).unwrap(), again]) {
            let reports = |log: &EventLog| [
                serde_json::to_string(&summary(log, &SummaryOptions::default()).unwrap()).unwrap(),
                serde_json::to_string(&transitions(log, &TransitionsOptions::default()).unwrap()).unwrap(),
                serde_json::to_string(&variants(log, &VariantsOptions::default()).unwrap()).unwrap(),
            ];
            prop_assert_eq!(reports(&other), reports(&log));
        }
    }

    #[test]
    fn control_characters_go_through_all_but_xml(letter in 0..32u8) {
        let text = format!("a{}b", char::from(letter));
        let log = EventLog::builder().event(Event::new(&text, &text, Timestamp::from_micros(0).unwrap())).build().unwrap();
        let mut ndjson = Vec::new();
        write_ndjson(&log, &mut ndjson, &WriteOptions::default()).unwrap();
        prop_assert_eq!(content(&read_ndjson(&ndjson[..], &ReadOptions::default()).unwrap()), content(&log));
        let mut csv = Vec::new();
        write_csv(&log, &mut csv, &WriteOptions::default()).unwrap();
        prop_assert_eq!(content(&read_csv(&csv[..], &ReadOptions::default()).unwrap()), content(&log));
        let mut xes = Vec::new();
        let written = write_xes(&log, &mut xes, &WriteOptions::default());
        prop_assert_eq!(written.is_ok(), matches!(letter, b'\t' | b'\n' | b'\r'));
        if let Err(error) = written {
            let code = format!("U+{letter:04X}");
            prop_assert!(error.to_string().contains(&code));
            let replaced = WriteOptions { replacement: Some("?".into()), ..WriteOptions::default() };
            write_xes(&log, &mut xes, &replaced).unwrap();
            let again = read_xes(&xes[xes.windows(5).rposition(|part| part == b"<?xml").unwrap()..], &ReadOptions::default());
            let again = again.unwrap();
            prop_assert_eq!(again.journey(0).map(|journey| journey.id()), Some("a?b"));
        }
    }

    #[test]
    fn whatever_lines_and_tags_are_read_nothing_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        pieces in prop::collection::vec(0..14usize, 0..30),
    ) {
        const PIECES: [&str; 14] = [
            "<log>", "</log>", "<trace>", "</trace>", "<event>", "</event>", "<string key='concept:name' value='a'/>",
            "<date key='time:timestamp' value='2024-01-01'/>", "<list key='a'>", "</list>", "<!--", "-->", "<![CDATA[", "&amp;",
        ];
        let tags: String = pieces.iter().filter_map(|piece| PIECES.get(*piece)).copied().collect();
        for start in [&b""[..], b"{", b"{\"journey\":", b"<log>", b"<log><trace><event>"] {
            for end in [&bytes[..], tags.as_bytes()] {
                let file = [start, end].concat();
                let _ = read_any(&file[..], &ReadOptions::default());
                let _ = read_xes(&file[..], &ReadOptions::default());
                let _ = read_ndjson(&file[..], &ReadOptions::default());
            }
        }
    }
}
