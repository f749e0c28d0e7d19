//! `journey map`: the map that a log draws.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use journey_core::{DiscoverOptions, JourneyMap, MapReports, RenderMapOptions, discover, render_map};

use crate::flags::Flags;
use crate::inputs::{self, Reading, printable};
use crate::save::save;
use crate::{Failure, OK, Outcome, USAGE};

fn bare() -> Command {
    let log = inputs::file("log", "The log: CSV, NDJSON, XES, Parquet or Arrow, plain or compressed");
    let output = Arg::new("output").short('o').long("output").value_name("FILE").value_parser(value_parser!(PathBuf));
    let overwrite = Arg::new("overwrite").long("overwrite").action(ArgAction::SetTrue);
    Command::new("map")
        .about("Which map does the log draw by itself?")
        .arg(log)
        .arg(output.help("Where the map goes: .yaml, .json, .mmd (Mermaid), .dot (Graphviz) or .svg; YAML on standard output if not given"))
        .arg(overwrite.help("Replaces a file that is there already"))
        .args(flags().arguments("Options of the question"))
}

fn flags() -> Flags<DiscoverOptions> {
    Flags::of("option", |name| ["output", "overwrite"].contains(&name))
}

pub(super) fn command() -> Command {
    inputs::with_reading(bare())
}

pub(super) fn run(matches: &ArgMatches, out: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    let (path, options) = (inputs::path(matches, "log")?, flags().read(matches)?);
    let output = matches.get_one::<PathBuf>("output");
    let write = output.map_or(Ok(yaml as Format), |output| format(output))?;
    let map = discover(&Reading::of(&bare()).log(matches, path, None, err)?, &options)?;
    let text = write(&map, err)?;
    match output {
        Some(output) => save(output, text.as_bytes(), matches.get_flag("overwrite"))?,
        None => out.write_all(text.as_bytes())?,
    }
    Ok(OK)
}

/// A way to write a map; what it cannot hold is said on standard error.
type Format = fn(&JourneyMap, &mut dyn Write) -> Result<String, Failure>;

/// The format that the end of a name says.
fn format(path: &Path) -> Result<Format, Failure> {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    Ok(match ending.as_str() {
        "yaml" | "yml" => yaml,
        "json" => |map, _| Ok(map.to_json()),
        "dot" | "gv" => |map, _| Ok(map.to_dot()),
        "svg" => |map, _| Ok(render_map(map, &MapReports::default(), &RenderMapOptions::default())?),
        "mmd" | "mermaid" => |map, err| {
            let export = map.to_mermaid();
            if !export.lost.is_empty() {
                writeln!(
                    err,
                    "journey: Mermaid cannot hold all of the map: {} things are left out",
                    export.lost.len()
                )?;
            }
            Ok(export.text)
        },
        _ => {
            let message =
                format!("`.{}`: expected a name that ends with .yaml, .json, .mmd, .dot or .svg", printable(&ending));
            return Err(Failure::new(USAGE, message));
        }
    })
}

fn yaml(map: &JourneyMap, _: &mut dyn Write) -> Result<String, Failure> {
    Ok(map.to_yaml())
}
