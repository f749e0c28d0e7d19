//! The twin of what `bench/browser.mjs` measures in a browser: reads a CSV file of the yardstick and makes the report of it, and
//! prints how long each took, in milliseconds, as a line of JSON. `RAYON_NUM_THREADS=1` keeps it to one core, as a worker of a page is.
#![expect(clippy::print_stdout, reason = "a command line program speaks on the terminal")]

use std::error::Error;
use std::time::Instant;

use journey_core::{JourneyMap, ReadOptions, ReportOptions, read_csv_path, report};
use serde_json::json;

/// As the yardstick has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("expected: one_core FILE.csv")?;
    let columns = ReadOptions {
        journey: Some("customer_id".into()),
        touchpoint: Some("touchpoint".into()),
        time: Some("timestamp".into()),
        channel: Some("channel".into()),
        score: Some("sentiment".into()),
        value: Some("value".into()),
        attributes: vec!["segment".into()],
        ..ReadOptions::default()
    };
    let start = Instant::now();
    let log = read_csv_path(path, &columns)?;
    let read = start.elapsed();
    let begun = Instant::now();
    // As in the browser, the report comes out as JSON.
    let text = serde_json::to_string(&report(None::<&JourneyMap>, &log, &ReportOptions::default())?)?;
    let made = begun.elapsed();
    let milliseconds = |time: std::time::Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{}",
        json!({ "read": milliseconds(read), "report": milliseconds(made), "events": log.len(), "bytes": text.len() })
    );
    Ok(())
}
