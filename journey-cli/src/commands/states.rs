//! `journey partial` and `journey merge`: a log that lies on many machines, through the bytes of states.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use journey_core::{State, StateOptions, options_from_json};
use serde::Serialize;
use serde_json::Value;

use crate::flags::Flags;
use crate::inputs::{self, Reading};
use crate::save::save;
use crate::{BAD_DATA, Failure, OK, Outcome, USAGE, print};

/// The reports that a state can give.
const REPORTS: [&str; 7] = ["summary", "transitions", "bottlenecks", "drop-offs", "step-matrix", "funnel", "scores"];

fn output() -> [Arg; 2] {
    let output = Arg::new("output").short('o').long("output").value_name("FILE").value_parser(value_parser!(PathBuf));
    let overwrite = Arg::new("overwrite").long("overwrite").action(ArgAction::SetTrue);
    [output.help("Where the state goes"), overwrite.help("Replaces a file that is there already")]
}

fn bare() -> Command {
    let [output, overwrite] = output();
    Command::new("partial")
        .about("What is to be known of a part of a log, as a small file that merges with those of the other parts")
        .arg(inputs::file("log", "The part: all events of its customers"))
        .args([output.required(true), overwrite])
        .args(flags().arguments("What the state keeps"))
}

fn flags() -> Flags<StateOptions> {
    Flags::of("state", |name| ["output", "overwrite"].contains(&name))
}

pub(super) fn partial_command() -> Command {
    inputs::with_reading(bare())
}

pub(super) fn partial(matches: &ArgMatches, _: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    let (path, output) = (inputs::path(matches, "log")?, inputs::path(matches, "output")?);
    let mut state = State::new(&flags().read(matches)?)?;
    state.update(&Reading::of(&bare()).log(matches, path, None, err)?)?;
    save(output, &state.to_bytes(), matches.get_flag("overwrite"))?;
    Ok(OK)
}

pub(super) fn merge_command() -> Command {
    let [output, overwrite] = output();
    let states =
        Arg::new("state").value_name("STATE").required(true).num_args(1..).value_parser(value_parser!(PathBuf));
    let report = Arg::new("report").long("report").value_name("QUESTION").value_parser(REPORTS);
    let options = Arg::new("options").long("options").value_name("JSON").requires("report");
    Command::new("merge")
        .about("Merges the files of partial, in any order, and answers from all of them")
        .arg(states.help("Files that partial or merge wrote, with the same options"))
        .args([output, overwrite])
        .arg(report.help("What is to be answered"))
        .arg(options.help("The options of the question, such as '{\"limit\": 5}'"))
        .args(print::arguments())
}

pub(super) fn merge(matches: &ArgMatches, out: &mut dyn Write, _: &mut dyn Write) -> Outcome {
    let paths: Vec<&PathBuf> = matches.get_many("state").into_iter().flatten().collect();
    let (output, report) = (matches.get_one::<PathBuf>("output"), matches.get_one::<String>("report"));
    if output.is_none() && report.is_none() {
        return Err(Failure::new(USAGE, "nothing is to be done: expected --report, --output or both"));
    }
    let mut whole: Option<State> = None;
    for path in paths {
        let state = read(path)?;
        match &mut whole {
            None => whole = Some(state),
            Some(whole) => whole.merge(&state).map_err(|error| in_file(path, &error.to_string()))?,
        }
    }
    let Some(state) = whole else { return Err(Failure::new(USAGE, "no state is given")) };
    if let Some(output) = output {
        save(output, &state.to_bytes(), matches.get_flag("overwrite"))?;
    }
    if let Some(report) = report {
        let options = matches.get_one::<String>("options").map_or("{}", String::as_str);
        print::report(&answer(&state, report, options)?, matches, out)?;
    }
    Ok(OK)
}

fn read(path: &Path) -> Result<State, Failure> {
    let bytes = std::fs::read(path).map_err(|error| in_file(path, &error.to_string()))?;
    State::from_bytes(&bytes).map_err(|error| in_file(path, &error.to_string()))
}

fn in_file(path: &Path, message: &str) -> Failure {
    Failure::new(BAD_DATA, format!("{}: {message}", path.display()))
}

fn answer(state: &State, report: &str, options: &str) -> Result<Value, Failure> {
    fn value(report: impl Serialize) -> Result<Value, Failure> {
        serde_json::to_value(report).map_err(|error| Failure::new(BAD_DATA, error.to_string()))
    }
    match report {
        "summary" => value(state.summary(&options_from_json(options)?)?),
        "transitions" => value(state.transitions(&options_from_json(options)?)?),
        "bottlenecks" => value(state.bottlenecks(&options_from_json(options)?)?),
        "drop-offs" => value(state.drop_offs(&options_from_json(options)?)?),
        "step-matrix" => value(state.step_matrix(&options_from_json(options)?)?),
        "scores" => value(state.scores(&options_from_json(options)?)?),
        _ => value(state.funnel()?),
    }
}
