//! The commands, each a file: what it is called and takes, and what it does.

mod convert;
mod diff;
mod discover;
mod lint;
mod questions;
mod states;

use std::io::Write;

use clap::{ArgMatches, Command};

use crate::{Failure, Outcome, USAGE};

/// A command.
struct Program {
    command: fn() -> Command,
    run: fn(&ArgMatches, &mut dyn Write, &mut dyn Write) -> Outcome,
}

/// The commands that are no question of a log alone.
const PROGRAMS: [Program; 6] = [
    Program { command: lint::command, run: lint::run },
    Program { command: diff::command, run: diff::run },
    Program { command: discover::command, run: discover::run },
    Program { command: convert::command, run: convert::run },
    Program { command: states::partial_command, run: states::partial },
    Program { command: states::merge_command, run: states::merge },
];

/// All commands, in the order of the help.
pub(crate) fn all() -> Vec<Command> {
    let questions = questions::ALL.iter().map(|question| (question.command)(question));
    questions.chain(PROGRAMS.iter().map(|program| (program.command)())).collect()
}

/// Runs the command that was given.
pub(crate) fn run(matches: &ArgMatches, out: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    let Some((name, matches)) = matches.subcommand() else { return Err(Failure::new(USAGE, "no command is given")) };
    if let Some(question) = questions::ALL.iter().find(|question| question.name == name) {
        return (question.run)(question, matches, out, err);
    }
    match PROGRAMS.iter().find(|program| (program.command)().get_name() == name) {
        Some(program) => (program.run)(matches, out, err),
        None => Err(Failure::new(USAGE, format!("there is no command `{name}`"))),
    }
}
