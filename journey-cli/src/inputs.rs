//! What commands read: logs, with the columns guessed and the progress shown, maps, feedback and states.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command, value_parser};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use journey_core as core;
use journey_core::{EventLog, JourneyMap, LogReader, ReadOptions, SelectOptions, column_names, options_from_json};

use crate::flags::Flags;
use crate::{BAD_DATA, Failure};

/// What columns are often called that hold the ids of journeys, touchpoints and times, the likeliest first.
const JOURNEYS: [&str; 19] = [
    "journey",
    "journey_id",
    "case_id",
    "case:concept:name",
    "case",
    "customer_id",
    "customer",
    "user_id",
    "user",
    "client_id",
    "client",
    "visitor_id",
    "visitor",
    "patient_id",
    "patient",
    "account_id",
    "session_id",
    "session",
    "visit_id",
];
const TOUCHPOINTS: [&str; 14] = [
    "touchpoint",
    "concept:name",
    "activity",
    "event",
    "event_name",
    "event_type",
    "page",
    "page_name",
    "action",
    "step",
    "handling",
    "task",
    "path",
    "url",
];
const TIMES: [&str; 13] = [
    "time",
    "timestamp",
    "time:timestamp",
    "event_time",
    "event_timestamp",
    "datetime",
    "date_time",
    "occurred_at",
    "created_at",
    "at",
    "ts",
    "start_time",
    "date",
];

/// A positional argument that is the path of a file.
pub(crate) fn file(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).value_name(name.to_ascii_uppercase()).help(help).required(true).value_parser(value_parser!(PathBuf))
}

/// The path that was given.
pub(crate) fn path<'a>(matches: &'a ArgMatches, name: &str) -> Result<&'a Path, Failure> {
    let path = matches.get_one::<PathBuf>(name).map(PathBuf::as_path);
    path.ok_or_else(|| Failure::new(crate::USAGE, format!("`{name}` is not given; expected the path of a file")))
}

/// A command with the flags that say how a log is read.
pub(crate) fn with_reading(command: Command) -> Command {
    let flags = reading(&command);
    let select = Arg::new("select").long("select").value_name("JSON").help_heading("Reading the log");
    let select = select.help(
        "The events to keep, as SelectOptions, such as '{\"since\": \"2024-04-01\", \"touchpoints\": [\"pay\"]}'",
    );
    command.args(flags.arguments("Reading the log")).arg(select)
}

/// The flags of `ReadOptions`, by other names where the command has its own of the same name.
fn reading(command: &Command) -> Flags<ReadOptions> {
    Flags::of("log", |name| command.get_arguments().any(|argument| argument.get_long() == Some(name)))
}

/// How logs are read by a command.
pub(crate) struct Reading {
    flags: Flags<ReadOptions>,
}

impl Reading {
    /// That of a command before the flags were added.
    pub(crate) fn of(command: &Command) -> Self {
        Self { flags: reading(command) }
    }

    /// The options that were given, and those that are guessed; with an attribute that is needed besides.
    pub(crate) fn options(
        &self,
        matches: &ArgMatches,
        path: &Path,
        attribute: Option<&str>,
        err: &mut dyn Write,
    ) -> Result<ReadOptions, Failure> {
        let mut options = self.flags.read(matches)?;
        options
            .attributes
            .extend(attribute.filter(|name| !options.attributes.iter().any(|known| known == name)).map(str::to_owned));
        guess(&mut options, path, err)?;
        Ok(options)
    }

    /// Reads a log, and keeps the part that is selected.
    pub(crate) fn log(
        &self,
        matches: &ArgMatches,
        path: &Path,
        attribute: Option<&str>,
        err: &mut dyn Write,
    ) -> Result<EventLog, Failure> {
        self.part(matches, path, &self.options(matches, path, attribute, err)?)
    }

    /// Reads a log with these options, and keeps the part that is selected.
    pub(crate) fn part(&self, matches: &ArgMatches, path: &Path, options: &ReadOptions) -> Result<EventLog, Failure> {
        let log = read(path, options)?;
        match matches.get_one::<String>("select") {
            None => Ok(log),
            Some(text) => Ok(log.select(&options_from_json::<SelectOptions>(text)?)?),
        }
    }
}

/// Chooses the columns that no option names by what they are called, and says so.
fn guess(options: &mut ReadOptions, path: &Path, err: &mut dyn Write) -> Result<(), Failure> {
    let names = column_names(path, options)?;
    let mut said = String::new();
    let timed = options.order == core::EventOrder::ByTime;
    for (role, column, known) in [
        ("journey", &mut options.journey, JOURNEYS.as_slice()),
        ("touchpoint", &mut options.touchpoint, TOUCHPOINTS.as_slice()),
        ("time", &mut options.time, TIMES.as_slice()),
    ] {
        let is_needed = column.is_none() && (timed || role != "time");
        if let Some(name) = find(&names, known).filter(|_| is_needed) {
            if name != role {
                let _ = write!(said, "{}{role} = `{}`", if said.is_empty() { "" } else { ", " }, printable(name));
            }
            *column = Some(name.clone());
        }
    }
    if !said.is_empty() {
        writeln!(err, "journey: columns guessed: {said}; --journey, --touchpoint and --time choose others")?;
    }
    Ok(())
}

/// The column that has the likeliest of the names, in letters of any case and with any separators.
fn find<'a>(names: &'a [String], known: &[&str]) -> Option<&'a String> {
    let plain = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    known.iter().find_map(|known| names.iter().find(|name| plain(name) == plain(known)))
}

/// Reads a log with a bar on standard error, where that is a terminal.
fn read(path: &Path, options: &ReadOptions) -> Result<EventLog, Failure> {
    let shown =
        if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, shown);
    let style = ProgressStyle::with_template("reading {wide_bar} {bytes} of {total_bytes}, {msg} events, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let log = LogReader::new(options)
        .on_progress(|progress| {
            if let Some(total) = progress.total_bytes {
                bar.set_length(total);
            }
            bar.set_message(progress.events.to_string());
            bar.set_position(progress.bytes);
            ControlFlow::Continue(())
        })
        .path(path);
    bar.finish_and_clear();
    Ok(log?)
}

/// Reads the text of a file.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::new(BAD_DATA, format!("{}: {error}", path.display())))
}

/// Reads a map: JSON, YAML or a Mermaid `journey`, by its content. Errors name the file.
pub(crate) fn map(path: &Path) -> Result<JourneyMap, Failure> {
    let text = text(path)?;
    let begun = text.trim_start_matches('\u{feff}').trim_start();
    let map = if begun.starts_with('{') {
        JourneyMap::from_json(&text)
    } else if begun.lines().any(|line| line.trim() == "journey") {
        JourneyMap::from_mermaid(&text)
    } else {
        JourneyMap::from_yaml(&text)
    };
    // Whatever is wrong with it, it is wrong in the file.
    map.map_err(|error| Failure::new(BAD_DATA, error.in_file(path.display().to_string()).to_string()))
}

/// A text of data as it may be shown on a terminal: its control characters are escaped.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        // Characters that turn the direction of what follows are as harmful as those that move the cursor.
        if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_name_is_chosen_however_it_is_written() {
        let names = ["Session ID", "userId", "Timestamp"].map(str::to_owned);
        assert_eq!(find(&names, &JOURNEYS), Some(&names[1]));
        assert_eq!(find(&names, &TIMES), Some(&names[2]));
        assert_eq!(find(&names, &TOUCHPOINTS), None);
    }

    #[test]
    fn what_moves_the_cursor_or_turns_the_line_is_escaped() {
        assert_eq!(printable("a\u{1b}[2J\n\u{202e}é"), "a\\u{1b}[2J\\n\\u{202e}é");
    }
}
