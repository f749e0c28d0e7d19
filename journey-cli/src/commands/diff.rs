//! `journey diff`: what is different between two maps.

use std::io::Write;

use clap::{ArgMatches, Command};
use journey_core::diff;

use crate::inputs::{self, printable};
use crate::{BAD_DATA, Failure, OK, Outcome, print};

pub(super) fn command() -> Command {
    Command::new("diff")
        .about("What is different between two maps?")
        .arg(inputs::file("before", "The map that is changed"))
        .arg(inputs::file("after", "The map that it becomes"))
        .args(print::arguments())
}

pub(super) fn run(matches: &ArgMatches, out: &mut dyn Write, _: &mut dyn Write) -> Outcome {
    let [before, after] = [inputs::path(matches, "before")?, inputs::path(matches, "after")?].map(inputs::map);
    let changes = diff(&before?, &after?);
    if matches.get_flag("json") {
        let report = serde_json::to_value(&changes).map_err(|error| Failure::new(BAD_DATA, error.to_string()))?;
        print::report(&report, matches, out)?;
        return Ok(OK);
    }
    for change in &changes.changes {
        writeln!(out, "{}", printable(&change.text))?;
    }
    if changes.changes.is_empty() {
        writeln!(out, "the maps are the same")?;
    }
    Ok(OK)
}
