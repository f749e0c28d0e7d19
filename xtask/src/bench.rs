//! The yardstick: the same data and tasks for this library and for the programs it is compared with, side by side.
//!
//! What is installed and generated stays in `target/bench`, so that the next run begins where it matters.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Outcome, cargo, root, run, test::program};

const HELP: &str =
    "cargo xtask bench [SIZE…] [--rounds N] [--runs N] [--tasks T1csv,T2…] [--peers polars,duckdb|all|none]

SIZE is 100k, 1M (as if not given) or 10M; more than one size shows how time grows.";

/// The tasks in their order; those of XES and NDJSON have files up to 1M.
const TASKS: [&str; 14] =
    ["T1", "T1csv", "T1ndjson", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T10gz", "T11"];
const SIZES: [&str; 3] = ["100k", "1M", "10M"];
const PEERS: [&str; 2] = ["polars", "duckdb"];
const ALL_PEERS: [&str; 6] = ["polars", "duckdb", "pm4py", "retentioneering", "r4pm", "rust4pm"];

struct Asked {
    sizes: Vec<String>,
    rounds: String,
    runs: String,
    tasks: Vec<String>,
    peers: Vec<String>,
}

/// Measures, compares the results and writes `docs/benchmarks.md`.
pub(crate) fn measure(words: &[&str]) -> Outcome {
    let asked = asked(words)?;
    let folder = root().join("target/bench");
    let data = folder.join("data");
    std::fs::create_dir_all(&data).map_err(|error| format!("{}: {error}", data.display()))?;
    let ours = build(&["--package", "journey-bench"], &target(), "journey-bench")?;
    let theirs = asked.peers.iter().any(|peer| peer == "rust4pm");
    let manifest = ["--manifest-path", "bench/rust4pm/Cargo.toml"];
    let rust4pm = theirs.then(|| build(&manifest, &folder.join("rust4pm"), "rust4pm-peer")).transpose()?;
    let python = environment(&folder, &asked.peers)?;
    for size in &asked.sizes {
        generate(&python, &data, size)?;
        let results = folder.join(format!("results_{size}.json"));
        let mut rounds = Command::new(&python);
        rounds.arg("bench/rounds.py").arg(&data).args([size, &asked.rounds, &asked.runs]).arg(&results);
        rounds.arg(format!("journey={}", ours.display()));
        rounds
            .arg(format!("floor={}", ours.with_file_name(format!("floor{}", std::env::consts::EXE_SUFFIX)).display()));
        for peer in &asked.peers {
            let program = rust4pm.as_ref().filter(|_| peer == "rust4pm");
            rounds.arg(program.map_or_else(|| peer.clone(), |program| format!("{peer}={}", program.display())));
        }
        run(rounds.arg("--").args(&asked.tasks))?;
    }
    let mut report = Command::new(&python);
    run(report.arg("bench/report.py").arg(&folder).arg("docs/benchmarks.md"))
}

fn asked(words: &[&str]) -> Result<Asked, String> {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    let mut asked =
        Asked { sizes: Vec::new(), rounds: "5".into(), runs: "5".into(), tasks: owned(&TASKS), peers: owned(&PEERS) };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let option = word.starts_with("--");
        let value = if option { words.next().ok_or_else(|| format!("{word} needs a value\n\n{HELP}"))? } else { word };
        match *word {
            "--rounds" => asked.rounds = positive(word, value)?,
            "--runs" => asked.runs = positive(word, value)?,
            "--tasks" => asked.tasks = listed(value, &TASKS)?,
            "--peers" if *value == "all" => asked.peers = owned(&ALL_PEERS),
            "--peers" if *value == "none" => asked.peers.clear(),
            "--peers" => asked.peers = listed(value, &ALL_PEERS)?,
            _ if option => return Err(format!("there is no option {word}\n\n{HELP}")),
            size => asked.sizes.extend(listed(size, &SIZES)?),
        }
    }
    if asked.sizes.is_empty() {
        asked.sizes.push("1M".into());
    }
    Ok(asked)
}

fn positive(option: &str, value: &str) -> Result<String, String> {
    let number = value.parse::<u32>().ok().filter(|number| *number > 0);
    number.map(|number| number.to_string()).ok_or_else(|| format!("{option} needs a number above 0, not `{value}`"))
}

fn listed(value: &str, known: &[&str]) -> Result<Vec<String>, String> {
    let known_one = |name: &str| {
        let found = known.iter().find(|other| other.eq_ignore_ascii_case(name));
        found
            .map(|name| (*name).to_owned())
            .ok_or_else(|| format!("`{name}` is none of {}\n\n{HELP}", known.join(", ")))
    };
    value.split(',').map(known_one).collect()
}

/// Where cargo puts what it builds.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

fn build(what: &[&str], target: &Path, name: &str) -> Result<PathBuf, String> {
    run(Command::new(cargo()).args(["build", "--release"]).args(what).arg("--target-dir").arg(target))?;
    Ok(target.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// The Python with the peers; their versions are pinned.
fn environment(folder: &Path, peers: &[String]) -> Result<PathBuf, String> {
    let venv = folder.join("venv");
    let python = program(&venv, "python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--requirement", "bench/requirements.txt"]);
    if peers.iter().any(|peer| ["pm4py", "retentioneering", "r4pm"].contains(&peer.as_str())) {
        install.args(["--requirement", "bench/requirements-all.txt"]);
    }
    run(&mut install)?;
    Ok(python)
}

fn generate(python: &Path, data: &Path, size: &str) -> Outcome {
    if data.join(format!("events_{size}.parquet")).exists() {
        return Ok(());
    }
    let mut command = Command::new(python);
    command.arg("bench/generate.py").arg(data).arg(size);
    // Ten million events as XES would be two gigabytes.
    run(if size == "10M" { &mut command } else { command.arg("--extra") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_for_is_the_small_comparison() {
        let asked = asked(&[]).unwrap();
        assert_eq!((asked.sizes, asked.peers), (vec!["1M".to_owned()], vec!["polars".to_owned(), "duckdb".to_owned()]));
    }

    #[test]
    fn words_are_sizes_and_options() {
        let asked = asked(&["100k", "10m", "--tasks", "T2,t8", "--peers", "none", "--rounds", "2"]).unwrap();
        assert_eq!((asked.sizes.join(" "), asked.tasks.join(" ")), ("100k 10M".into(), "T2 T8".into()));
        assert_eq!((asked.peers.len(), asked.rounds), (0, "2".to_owned()));
    }

    #[test]
    fn a_wrong_word_is_refused() {
        for words in [&["2M"][..], &["--round", "2"], &["--rounds", "0"], &["--tasks", "T99"], &["--peers"]] {
            assert!(asked(words).is_err(), "{words:?}");
        }
    }
}
