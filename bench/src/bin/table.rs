//! A table in memory to a log, and the log to its bottlenecks, in Rust: what `bench/python.py` runs beside the same in Python.
//!
//! `table FILE RUNS` reads a file of Arrow's own format, does each step once to warm up and then `RUNS` times while the machine is
//! quiet, and prints a line of JSON.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program speaks on the terminal")]

#[path = "../quiet.rs"]
mod quiet;

use std::fs::File;
use std::process::ExitCode;

use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_ipc::reader::FileReader;
use journey_core::{BottleneckOptions, EventLog, ReadOptions, bottlenecks, read_arrow};
use serde_json::json;

use quiet::{Run, patient_run};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let ended = match &words[..] {
        [file, runs] => runs.parse().map_err(Into::into).and_then(|runs| measure(file, runs)),
        _ => Err("expected: table FILE RUNS".into()),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(file: &str, runs: usize) -> Result<(), Box<dyn std::error::Error>> {
    let reader = FileReader::try_new(File::open(file)?, None)?;
    let schema = reader.schema();
    let table: Vec<RecordBatch> = reader.collect::<Result<_, _>>()?;
    let options = ReadOptions {
        journey: Some("customer_id".into()),
        touchpoint: Some("touchpoint".into()),
        time: Some("timestamp".into()),
        channel: Some("channel".into()),
        ..ReadOptions::default()
    };
    let read = || -> journey_core::Result<EventLog> {
        read_arrow(RecordBatchIterator::new(table.iter().cloned().map(Ok), schema.clone()), &options)
    };
    let (before, log) = (quiet::memory("VmRSS"), read()?);
    let report = bottlenecks(&log, &BottleneckOptions::default())?;
    let peak = quiet::memory("VmHWM");
    let (mut reading, mut asking) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        reading.push(patient_run(|| read().map(drop)).1);
        asking.push(patient_run(|| bottlenecks(&log, &BottleneckOptions::default()).map(drop)).1);
    }
    let walls = |runs: &[Run]| runs.iter().map(|run| run.wall).collect::<Vec<f64>>();
    println!(
        "{}",
        json!({
            "events": log.len(), "transitions": report.transitions.len(), "total_seconds": report.total_seconds,
            "reading": walls(&reading), "asking": walls(&asking), "before_mb": before, "peak_mb": peak,
            "cpu": reading.iter().chain(&asking).map(|run| run.cpu).sum::<f64>(),
            "contended": reading.iter().chain(&asking).any(|run| run.contended),
        })
    );
    Ok(())
}
