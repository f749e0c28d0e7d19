//! `journey lint`: what is wrong with a map, line by line.

use std::io::Write;

use clap::{ArgMatches, Command};
use journey_core::{JourneyMap, LintOptions, LintSeverity, lint};

use crate::flags::Flags;
use crate::inputs::{self, Reading, printable};
use crate::{BAD_DATA, FINDINGS, Failure, OK, Outcome, print};

fn bare() -> Command {
    let command = Command::new("lint")
        .about("What is wrong with a map?")
        .arg(inputs::file("map", "The map: YAML, JSON or a Mermaid journey"));
    let log = inputs::file("log", "A log, for the rules that need one").long("log").required(false);
    command.arg(log).args(flags().arguments("Options of the question"))
}

fn flags() -> Flags<LintOptions> {
    Flags::of("option", |name| name == "log")
}

pub(super) fn command() -> Command {
    inputs::with_reading(bare()).args(print::arguments())
}

pub(super) fn run(matches: &ArgMatches, out: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    let (path, options) = (inputs::path(matches, "map")?, flags().read(matches)?);
    let map = inputs::map(path)?;
    let log = match inputs::path(matches, "log") {
        Ok(path) => Some(Reading::of(&bare()).log(matches, path, None, err)?),
        Err(_) => None,
    };
    let report = lint(&map, log.as_ref(), &options)?;
    if matches.get_flag("json") {
        let report = serde_json::to_value(&report).map_err(|error| Failure::new(BAD_DATA, error.to_string()))?;
        print::report(&report, matches, out)?;
    } else {
        let text = inputs::text(path)?;
        for finding in &report.findings {
            let severity = match finding.severity {
                LintSeverity::Error => "error",
                LintSeverity::Warning => "warning",
                _ => "hint",
            };
            let line = JourneyMap::line_of(&text, &finding.place).map(|line| format!(":{line}")).unwrap_or_default();
            let (file, place, message) = (path.display(), printable(&finding.place), printable(&finding.message));
            writeln!(
                out,
                "{file}{line}: {severity}[{}] {place}: {message}; {}",
                finding.code,
                printable(&finding.help)
            )?;
        }
        let left_out = match report.findings_left_out {
            0 => String::new(),
            count => format!(", {count} more left out"),
        };
        writeln!(out, "errors: {}, warnings: {}, hints: {}{left_out}", report.errors, report.warnings, report.hints)?;
    }
    Ok(if report.errors > 0 { FINDINGS } else { OK })
}
