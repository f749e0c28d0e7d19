//! `journey report`: everything that a log says, and of a map of it, as one page.

use std::io::Write;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use journey_core::{RenderReportOptions, ReportOptions, render_report, report};

use crate::flags::Flags;
use crate::inputs::{self, Reading};
use crate::save::save;
use crate::{BAD_DATA, Failure, OK, Outcome, print};

fn bare() -> Command {
    let log = inputs::file("log", "The log: CSV, NDJSON, XES, Parquet or Arrow, plain or compressed");
    let map = inputs::file("map", "The map: YAML, JSON or a Mermaid journey").long("map").required(false);
    let output = Arg::new("output").short('o').long("output").value_name("FILE").value_parser(value_parser!(PathBuf));
    let overwrite = Arg::new("overwrite").long("overwrite").action(ArgAction::SetTrue);
    Command::new("report")
        .about("What matters most in a log, and in a map of it, as one page with its tables")
        .arg(log)
        .arg(map)
        .arg(output.help("Where the page goes, as HTML; if not given, the figures are printed"))
        .arg(overwrite.help("Replaces a file that is there already"))
        .args(asking().arguments("Options of the question"))
        .args(drawing().arguments("Options of the page"))
}

fn asking() -> Flags<ReportOptions> {
    Flags::of("option", |name| ["map", "output", "overwrite", "json", "rows", "select"].contains(&name))
}

fn drawing() -> Flags<RenderReportOptions> {
    let asking = asking();
    Flags::of("page", move |name| {
        asking.has(name) || ["map", "output", "overwrite", "json", "rows", "select"].contains(&name)
    })
}

pub(super) fn command() -> Command {
    inputs::with_reading(bare()).args(print::arguments())
}

pub(super) fn run(matches: &ArgMatches, out: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    let (path, asked, drawn) = (inputs::path(matches, "log")?, asking().read(matches)?, drawing().read(matches)?);
    let map = inputs::path(matches, "map").ok().map(inputs::map).transpose()?;
    let mut options = Reading::of(&bare()).options(matches, path, None, err)?;
    // What is asked about has to be read.
    let missing = asked.attributes.iter().filter(|name| !options.attributes.contains(name));
    options.attributes.extend(missing.cloned().collect::<Vec<_>>());
    let log = Reading::part(matches, path, &options)?;
    let found = report(map.as_ref(), &log, &asked)?;
    if let Some(output) = matches.get_one::<PathBuf>("output") {
        let page = render_report(&found, map.as_ref(), &drawn)?;
        save(output, page.as_bytes(), matches.get_flag("overwrite"))?;
    } else {
        let found = serde_json::to_value(&found).map_err(|error| Failure::new(BAD_DATA, error.to_string()))?;
        print::report(&found, matches, out)?;
    }
    Ok(OK)
}
