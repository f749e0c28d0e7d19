//! The command line `journey`: questions of event logs and maps, files in and out.
//!
//! The questions and their options are those of `journey-core`; the flags and their help are made from the schema of the
//! options, so that they are the same in every language. A command is a file of [`mod@commands`]: what it is called and takes,
//! and what it does. What goes wrong is a [`Failure`], whose text is the core's own.

mod ask;
mod commands;
mod flags;
mod inputs;
mod print;
mod save;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Command;
use journey_core as core;

/// All went well.
pub const OK: u8 = 0;
/// `lint` found errors.
pub const FINDINGS: u8 = 1;
/// The command line cannot be understood.
pub const USAGE: u8 = 2;
/// A file cannot be read or written, or what is in it is wrong.
pub const BAD_DATA: u8 = 3;

/// Runs a command line, the name of the program first, and returns the exit code.
///
/// ```
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// let code = journey_cli::run(["journey", "funnel", "no-such-file.csv", "visit", "pay"], &mut out, &mut err);
/// assert_eq!(code, journey_cli::BAD_DATA);
/// assert!(String::from_utf8_lossy(&err).starts_with("journey: no-such-file.csv: "));
/// ```
pub fn run(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let outcome = match program().try_get_matches_from(arguments) {
        Ok(matches) => commands::run(&matches, out, err),
        Err(error) if error.use_stderr() => {
            Err(Failure { message: error.render().to_string(), code: USAGE, is_whole: true })
        }
        // What was asked for is the help, or the version.
        Err(error) => write!(out, "{}", error.render()).map(|()| OK).map_err(Failure::from),
    };
    let outcome = outcome.and_then(|code| out.flush().map(|()| code).map_err(Failure::from));
    let code = outcome.unwrap_or_else(|failure| {
        // Where standard error is closed there is nobody to be told.
        let _ = match failure {
            Failure { message, .. } if message.is_empty() => Ok(()),
            Failure { message, is_whole: true, .. } => write!(err, "{message}"),
            Failure { message, .. } => writeln!(err, "journey: {message}"),
        };
        failure.code
    });
    let _ = err.flush();
    code
}

/// All commands.
fn program() -> Command {
    Command::new("journey")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Customer journeys: what is in an event log, where customers lose time and are lost, and how far a map is from it")
        .after_help(
            "Exit codes: 0, all went well; 1, lint found errors; 2, the command line cannot be understood; 3, a file cannot \
             be read or written, or what is in it is wrong.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .max_term_width(110)
        .subcommands(commands::all())
}

/// What went wrong, in words, and the exit code that says so.
#[derive(Debug)]
struct Failure {
    message: String,
    code: u8,
    /// Whether the message is all that is to be printed.
    is_whole: bool,
}

/// The exit code of a command, or what went wrong.
type Outcome = Result<u8, Failure>;

impl Failure {
    fn new(code: u8, message: impl Into<String>) -> Self {
        Self { message: message.into(), code, is_whole: false }
    }
}

impl From<core::Error> for Failure {
    fn from(error: core::Error) -> Self {
        use core::ErrorKind::{InvalidOption, UnknownStage, UnknownTouchpoint};
        let asked = matches!(error.kind(), InvalidOption | UnknownStage | UnknownTouchpoint);
        // An option, or a name that was given and the log does not have.
        let code = if asked && error.location().line.is_none() { USAGE } else { BAD_DATA };
        Self::new(code, error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // Who reads has seen enough, as `head` has: there is nothing more to say, and nothing wrong.
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::new(OK, "")
        } else {
            Self::new(BAD_DATA, error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_command_has_two_flags_of_one_name() {
        program().debug_assert();
    }

    #[test]
    fn every_command_has_help_of_its_own() {
        for command in program().get_subcommands() {
            let (mut out, mut err) = (Vec::new(), Vec::new());
            assert_eq!(run(["journey", command.get_name(), "--help"], &mut out, &mut err), OK);
            let help = String::from_utf8(out).unwrap();
            assert!(help.contains("Usage: journey ") && err.is_empty(), "{help}");
            assert!(command.get_arguments().all(|argument| argument.get_help().is_some()), "{}", command.get_name());
        }
    }
}
