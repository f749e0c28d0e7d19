//! The command line, which is that of the program `journey`.

use std::io::{self, BufWriter};

use pyo3::prelude::*;

/// Runs the command line `journey`, the name of the program first; returns the exit code.
#[pyfunction]
pub(crate) fn _command(py: Python<'_>, arguments: Vec<String>) -> u8 {
    py.detach(|| journey_cli::run(arguments, &mut BufWriter::new(io::stdout().lock()), &mut io::stderr()))
}
