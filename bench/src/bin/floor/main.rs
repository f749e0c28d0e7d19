//! How fast the tasks could be at least: plain loops over columns as narrow as the data of the yardstick allow, which are there
//! before the clock starts. They check nothing, know nothing that is missing but `NaN`, and name nothing: no library that has
//! to answer for any log comes down to them.
//!
//! `floor FOLDER SIZE RUNS TASK…` is called as `journey-bench` is and prints the same lines. At the start it holds its
//! counts against those of the library.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program speaks on the terminal")]

#[path = "../../quiet.rs"]
mod quiet;

mod columns;
mod kernels;
mod reading;

use std::path::Path;
use std::process::ExitCode;

use journey_core::{EventLog, ReadOptions, StepMatrixOptions, TransitionsOptions, VariantTable};
use serde_json::json;

use columns::Columns;
use quiet::patient_run;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let ended = match &words[..] {
        [folder, size, runs, tasks @ ..] if !tasks.is_empty() => {
            runs.parse().map_err(Into::into).and_then(|runs| measure(Path::new(folder), size, runs, tasks))
        }
        _ => Err("expected: floor FOLDER SIZE RUNS TASK…".into()),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(folder: &Path, size: &str, runs: usize, tasks: &[String]) -> Outcome {
    let file = |ending: &str| folder.join(format!("events_{size}.{ending}"));
    let mut columns = None;
    for task in tasks {
        let work: Box<dyn Fn() -> usize + '_> = match task.as_str() {
            "T1" => Box::new(|| reading::parquet(&file("parquet")).unwrap_or_default()),
            "T10" => Box::new(|| reading::tags(&file("xes")).unwrap_or_default()),
            "T10gz" => Box::new(|| reading::gzip(&file("xes.gz")).unwrap_or_default()),
            "T2" | "T3" | "T4" | "T5" | "T6" | "T7" | "T8" | "T11" => {
                if columns.is_none() {
                    columns = Some(load(&file("parquet"))?);
                }
                let Some(columns) = &columns else { continue };
                match task.as_str() {
                    "T11" => {
                        let all = || kernels::ALL.iter().map(|(_, kernel)| kernel(columns)).sum::<usize>();
                        Box::new(move || reading::parquet(&file("parquet")).unwrap_or_default() + all())
                    }
                    name => match kernels::ALL.iter().find(|(known, _)| *known == name) {
                        Some((_, kernel)) => Box::new(move || kernel(columns)),
                        None => continue,
                    },
                }
            }
            _ => {
                println!("{}", json!({ "peer": "floor", "task": task, "size": size, "error": "not there" }));
                continue;
            }
        };
        let counted = work();
        if counted == 0 {
            return Err(format!("{task}: there is nothing to measure").into());
        }
        let timed: Vec<quiet::Run> = (0..runs).map(|_| patient_run(&work).1).collect();
        let of = |what: fn(&quiet::Run) -> f64| timed.iter().map(what).collect::<Vec<f64>>();
        println!(
            "{}",
            json!({
                "peer": "floor", "task": task, "size": size, "counted": counted, "times": of(|run| run.wall),
                "cpu": of(|run| run.cpu), "foreign": of(|run| run.foreign),
                "contended": timed.iter().any(|run| run.contended), "rss_mb": quiet::memory("VmHWM"),
            })
        );
    }
    Ok(())
}

/// The columns of the log, narrowed, if what the loops count in them is what the library counts.
fn load(file: &Path) -> Result<Columns, Box<dyn std::error::Error>> {
    let options = ReadOptions {
        journey: Some("customer_id".into()),
        touchpoint: Some("touchpoint".into()),
        time: Some("timestamp".into()),
        channel: Some("channel".into()),
        score: Some("sentiment".into()),
        attributes: vec!["segment".into()],
        ..ReadOptions::default()
    };
    let log = journey_core::read_path(file, &options)?;
    let columns = Columns::of(&log).ok_or("the data are not those of the yardstick")?;
    check(&log, &columns)?;
    Ok(columns)
}

fn check(log: &EventLog, columns: &Columns) -> Outcome {
    let transitions = journey_core::transitions(log, &TransitionsOptions::default())?;
    let between = transitions.rows.iter().filter(|row| row.source.is_some() && row.target.is_some());
    let theirs = between.filter_map(|row| Some((row.count, row.time.as_ref()?.median_seconds)));
    let in_order = |mut rows: Vec<(u64, f64)>| {
        rows.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        rows
    };
    let (theirs, ours) = (in_order(theirs.collect()), in_order(kernels::medians(columns)));
    let alike = |(a, b): (&(u64, f64), &(u64, f64))| a.0 == b.0 && (a.1 - b.1).abs() <= 1e-9 * a.1.abs().max(1.0);
    if theirs.len() != ours.len() || !theirs.iter().zip(&ours).all(alike) {
        return Err("the floor finds other transitions than the library".into());
    }
    if kernels::variants(columns) != VariantTable::new(log).len() {
        return Err("the floor finds other variants than the library".into());
    }
    let steps = journey_core::step_matrix(log, &StepMatrixOptions { limit: None, ..StepMatrixOptions::default() })?;
    let counted: u64 = steps.rows.iter().filter(|row| row.touchpoint.is_some()).flat_map(|row| &row.counts).sum();
    if kernels::steps(columns) as u64 != counted {
        return Err("the floor finds other steps than the library".into());
    }
    Ok(())
}
