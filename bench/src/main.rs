//! The tasks of the yardstick, done with `journey-core` and timed: the program that `cargo xtask bench` runs beside the peers.
//!
//! `journey-bench FOLDER SIZE RUNS TASK…` reads `FOLDER/events_SIZE.*`, does each task once to warm up and then `RUNS` times
//! while the machine is quiet, writes the result to `FOLDER/results/journey_TASK_SIZE.json` and prints a line of JSON for each
//! task. The definitions of the tasks are in `bench/README.md`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program speaks on the terminal")]

mod folds;
mod quiet;
mod results;
mod tasks;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use quiet::{Run, patient_run};
use tasks::{Data, Task};

/// As the peers' packages do, the program brings an allocator that keeps memory for the next use.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some((folder, size, runs, tasks)) = arguments(&words) else {
        eprintln!("expected: journey-bench FOLDER SIZE RUNS TASK…");
        return ExitCode::FAILURE;
    };
    match measure(&folder, size, runs, tasks) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments(words: &[String]) -> Option<(PathBuf, &str, usize, &[String])> {
    let [folder, size, runs, tasks @ ..] = words else { return None };
    (!tasks.is_empty()).then_some((folder.into(), size, runs.parse().ok()?, tasks))
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn measure(folder: &Path, size: &str, runs: usize, tasks: &[String]) -> Outcome {
    let mut data = Data::new(folder, size);
    for name in tasks {
        let Some(task) = Task::named(name) else {
            println!("{}", json!({ "peer": "journey", "task": name, "size": size, "error": "not there" }));
            continue;
        };
        if task.needs_log() {
            data.load()?;
        }
        let mut answer = task.answer(&data)?;
        let mut timed: Vec<Run> = Vec::new();
        for _ in 0..runs {
            // The last answer is given back before the clock starts, as the peers do.
            drop(answer);
            let (next, run) = patient_run(|| task.answer(&data));
            answer = next?;
            timed.push(run);
        }
        // Writing the result down, for comparison, is not part of the task.
        let peak = quiet::memory("VmHWM");
        let results = folder.join("results");
        std::fs::create_dir_all(&results)?;
        std::fs::write(results.join(format!("journey_{name}_{size}.json")), answer.result().to_string())?;
        let of = |what: fn(&Run) -> f64| timed.iter().map(what).collect::<Vec<f64>>();
        println!(
            "{}",
            json!({
                "peer": "journey", "task": name, "size": size, "version": version(), "times": of(|run| run.wall),
                "cpu": of(|run| run.cpu), "foreign": of(|run| run.foreign),
                "contended": timed.iter().any(|run| run.contended), "rss_mb": peak,
            })
        );
    }
    Ok(())
}

fn version() -> String {
    format!("journey-core {}", env!("CARGO_PKG_VERSION"))
}
