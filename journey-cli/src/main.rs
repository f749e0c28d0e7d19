//! The program `journey`.

use std::io::{self, BufWriter};
use std::process::ExitCode;

/// Large columns come and go with every question; this allocator keeps their pages, and that of the system gives them back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    ExitCode::from(journey_cli::run(std::env::args_os(), &mut out, &mut io::stderr()))
}
