//! Development tasks: `cargo xtask codegen [--check] | gallery [--check] | wasm | studio | test | demo | bench`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program speaks on the terminal")]

mod bench;
mod codegen;
mod npm;
mod python_docs;
mod python_types;
mod schema;
mod studio;
mod test;
#[cfg(test)]
mod tidy;
mod typescript_types;
mod wasm;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// What a task returns: nothing, or a sentence that says what failed.
type Outcome = Result<(), String>;

const HELP: &str = "cargo xtask TASK

codegen          writes the types of Python and TypeScript, the tables of the docs and the JSON Schema from the core
codegen --check  fails if one of them is stale
gallery          draws the pictures of docs/gallery.md
gallery --check  fails if one of them is stale
wasm             builds the JavaScript package into journey-wasm/pkg
studio           builds that, and on it the studio into target/studio
test             runs every check: Rust, generated files, Python, JavaScript in Node and in a browser
demo             the main job: the report of the e-commerce log
bench            measures the library beside others and writes docs/benchmarks.md; `bench --help` says more";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["codegen"] => codegen::write(),
        ["codegen", "--check"] => codegen::check(),
        ["gallery", ref words @ ..] => gallery(words),
        ["wasm"] => wasm::build(),
        ["studio"] => wasm::build().and_then(|()| studio::build()),
        ["test"] => test::all(),
        ["bench", ref words @ ..] => bench::measure(words),
        ["demo"] => run(Command::new(cargo()).args(["run", "--release", "--example", "report"])),
        _ => Err(HELP.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Draws the gallery, or says what of it is stale.
fn gallery(words: &[&str]) -> Outcome {
    let example = ["run", "--quiet", "--package", "journey-tests", "--example", "gallery", "--"];
    run(Command::new(cargo()).args(example).args(words))
}

/// The folder of the workspace.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The cargo that runs this task.
fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".into())
}

/// Runs a command in the folder of the workspace, unless it names another one, and shows what it prints.
fn run(command: &mut Command) -> Outcome {
    if command.get_current_dir().is_none() {
        command.current_dir(root());
    }
    println!("$ {}", shown(command));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` failed: {status}", shown(command))),
        Err(error) => Err(format!("`{}` could not be started: {error}", shown(command))),
    }
}

/// Whether a command can be started and succeeds; it prints nothing.
fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn shown(command: &Command) -> String {
    let root = root().display().to_string();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().replace(&root, ".")).collect::<Vec<_>>().join(" ")
}
