//! `journey convert`: a log from one format to another.

use std::io::Write;
use std::path::Path;

use clap::{ArgMatches, Command};
use journey_core::{ReadOptions, WriteOptions, column_names, write_path};

use crate::flags::Flags;
use crate::inputs::{self, Reading};
use crate::{Failure, OK, Outcome};

fn bare() -> Command {
    Command::new("convert")
        .about("A log as another format, which the end of the file's name says")
        .arg(inputs::file("log", "The log: CSV, NDJSON, XES, Parquet or Arrow, plain or compressed"))
        .arg(inputs::file(
            "to",
            "The new file: .csv, .ndjson or .xes, each also with .gz or .zst after it, .parquet or .arrow",
        ))
        .args(flags().arguments("Writing the log"))
        .after_help("Columns that no flag names become attributes, but for `start`, `channel`, `score` and `value`.")
}

fn flags() -> Flags<WriteOptions> {
    Flags::of("write", |_| false)
}

pub(super) fn command() -> Command {
    inputs::with_reading(bare())
}

pub(super) fn run(matches: &ArgMatches, _: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    let (from, to) = (inputs::path(matches, "log")?, inputs::path(matches, "to")?);
    let written = flags().read(matches)?;
    let reading = Reading::of(&bare());
    let mut options = reading.options(matches, from, None, err)?;
    keep_all(&mut options, from)?;
    let log = reading.part(matches, from, &options)?;
    write_path(&log, to, &written)?;
    writeln!(err, "journey: {} events of {} journeys written to {}", log.len(), log.journey_count(), to.display())?;
    Ok(OK)
}

/// Reads the columns that no option names, too: as what they are called, else as attributes.
fn keep_all(options: &mut ReadOptions, path: &Path) -> Result<(), Failure> {
    let names = column_names(path, options)?;
    let has = |name: &str| names.iter().any(|known| known == name);
    let given = options.columns().into_iter().map(str::to_owned).collect::<Vec<_>>();
    for (role, column) in [
        ("start", &mut options.start),
        ("channel", &mut options.channel),
        ("score", &mut options.score),
        ("value", &mut options.value),
    ] {
        if column.is_none() && has(role) && !given.iter().any(|name| name == role) {
            *column = Some(role.to_owned());
        }
    }
    if options.attributes.is_empty() {
        let taken: Vec<String> = options.columns().into_iter().map(str::to_owned).collect();
        options.attributes = names.into_iter().filter(|name| !taken.contains(name)).collect();
    }
    Ok(())
}
