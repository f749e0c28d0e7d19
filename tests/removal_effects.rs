//! The figures of the paths that attribution packages share as sample data, against those of another program.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::io::Read as _;

use flate2::read::GzDecoder;
use journey_core::{Event, EventLog, RemovalEffectOptions, Timestamp, removal_effects};
use journey_tests::folder;
use serde_json::Value;

/// Each path so many times as a journey that converts, and so many times as one that does not.
fn log() -> EventLog {
    let file = std::fs::File::open(folder().join("data/pathdata/pathdata.csv.gz")).unwrap();
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let mut builder = EventLog::builder();
    let mut journeys = 0;
    for row in text.lines().skip(1) {
        let [path, converted, _, lost] = row.split(',').collect::<Vec<_>>()[..] else { panic!("{row}") };
        for (times, converts) in [(converted, true), (lost, false)] {
            for _ in 0..times.parse::<u32>().unwrap() {
                let id = format!("j{journeys}");
                journeys += 1;
                let mut time = 0;
                let mut next = || {
                    time += 1;
                    Timestamp::from_micros(time).unwrap()
                };
                for channel in path.split(" > ") {
                    builder = builder.event(Event::new(&id, "visit", next()).on_channel(channel));
                }
                if converts {
                    builder = builder.event(Event::new(&id, "convert", next()));
                }
            }
        }
    }
    builder.build().unwrap()
}

#[test]
fn the_sample_paths_of_attribution_packages_give_the_effects_and_the_credit_of_a_linear_solution() {
    let expected = std::fs::read_to_string(folder().join("data/pathdata/expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let report = removal_effects(&log(), &["convert"], &RemovalEffectOptions::default()).unwrap();
    let close = |got: Option<f64>, expected: &Value, tolerance: f64| {
        let (got, expected) = (got.unwrap(), expected.as_f64().unwrap());
        assert!((got - expected).abs() <= tolerance * expected, "{got} {expected}");
    };
    assert_eq!(Some(report.rows.len() as u64), expected["channels"].as_u64());
    assert_eq!(Some(report.conversion.n), expected["conversions"].as_u64());
    close(report.conversion.share, &expected["p_conversion_from_start"], 1e-12);
    for row in &report.rows {
        // The expected effects are differences from 1: the smallest, 0.00018, has fewer right digits.
        close(row.effect, &expected["removal_effect"][&row.name], 1e-10);
        close(row.credit, &expected["attributed_conversions"][&row.name], 1e-10);
        assert!(row.effect_low <= row.effect && row.effect <= row.effect_high, "{row:?}");
        assert!(row.credit_low <= row.credit && row.credit <= row.credit_high, "{row:?}");
    }
}
