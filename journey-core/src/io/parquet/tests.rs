use std::io::Cursor;
use std::ops::ControlFlow;

use super::*;
use crate::error::ErrorKind;
use crate::io::{Limits, Progress};
use crate::log::{Event, Journey};
use crate::time::Timestamp;

fn log(events: i64) -> EventLog {
    let mut log = EventLog::builder().attribute("plan");
    let ids: Vec<String> = (0..1000).map(|id| format!("cüstomer {id}")).collect();
    for event in 0..events {
        let id = &ids[usize::try_from(event * 7919 % 1000).unwrap()];
        let touchpoint = ["visit", "pay", "call"][usize::try_from(event % 3).unwrap()];
        let time = Timestamp::from_micros(event / 2 * 1_000_000).unwrap();
        let plan = (event % 5 == 0).then_some("pro");
        log = log.event_with(Event::new(id, touchpoint, time).on_channel("web"), [plan]);
    }
    log.build().unwrap()
}

fn options() -> ReadOptions {
    ReadOptions { channel: Some("channel".into()), attributes: vec!["plan".into()], ..Default::default() }
}

fn file(log: &EventLog) -> Vec<u8> {
    let mut file = Vec::new();
    write_parquet(log, &mut file).unwrap();
    file
}

fn rows(log: &EventLog) -> Vec<String> {
    let row = |journey: Journey<'_>| {
        format!(
            "{:?} {:?}",
            journey.events().collect::<Vec<_>>(),
            journey.attribute("plan").unwrap().collect::<Vec<_>>()
        )
    };
    log.journeys().map(row).collect()
}

#[test]
fn what_is_written_is_read_again_whatever_row_groups_it_has() {
    for events in [0, 1, 1000, 300_000] {
        let log = log(events);
        let again = {
            // A log without events has no channels, so that no such column is written.
            let options = ReadOptions { channel: log.channels().iter().next().map(|_| "channel".into()), ..options() };
            read_parquet(Cursor::new(file(&log)), &options).unwrap()
        };
        assert_eq!(again.len(), log.len());
        assert!(rows(&again) == rows(&log), "{events} events");
    }
}

#[test]
fn a_damaged_file_is_an_error_and_nothing_panics() {
    let file = file(&log(20));
    for end in 0..file.len() {
        let error = read_parquet(Cursor::new(&file[..end]), &options()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidLog, "{error}");
    }
    for place in 0..file.len() {
        for change in [0x01, 0x10, 0x80, 0xff] {
            let mut bad = file.clone();
            bad[place] ^= change;
            drop(read_parquet(Cursor::new(bad), &options()));
        }
    }
    let error = read_parquet(Cursor::new("journey,touchpoint,time\n"), &options()).unwrap_err();
    assert!(error.to_string().starts_with("the Parquet file cannot be read"), "{error}");
}

#[test]
fn a_column_that_is_missing_and_a_limit_that_is_passed_are_named() {
    let file = file(&log(20));
    let wrong = ReadOptions { journey: Some("jurney".into()), ..options() };
    let error = read_parquet(Cursor::new(&file), &wrong).unwrap_err().to_string();
    assert!(error.starts_with("`jurney`: there is no column") && error.ends_with("did you mean `journey`?"), "{error}");
    for (limits, name) in [
        (Limits { columns: 3, ..Limits::default() }, "columns"),
        (Limits { touchpoints: 2, ..Limits::default() }, "touchpoints"),
        (Limits { field_bytes: 4, ..Limits::default() }, "field_bytes"),
        (Limits { unpacked_bytes: Some(9), ..Limits::default() }, "unpacked_bytes"),
    ] {
        let error = read_parquet(Cursor::new(&file), &ReadOptions { limits, ..options() }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded);
        assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
    }
}

#[test]
fn who_watches_sees_the_bytes_of_the_columns_that_are_needed() {
    let file = file(&log(300_000));
    let mut seen = Vec::new();
    let options = ReadOptions::default();
    let watch = |progress: &Progress| {
        seen.push(*progress);
        ControlFlow::Continue(())
    };
    LogReader::new(&options).on_progress(watch).parquet(Cursor::new(&file)).unwrap();
    let last = seen.last().unwrap();
    assert_eq!((last.events, Some(last.bytes)), (300_000, last.total_bytes));
    assert!(seen.len() > 1);
}
