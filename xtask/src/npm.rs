//! The packages of npm that tasks use, all in one folder: npm removes from a folder what it is not asked for again.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::{Outcome, root, run};

/// What finds faults, or makes what is measured, is pinned, because it must not change unseen.
const PACKAGES: [&str; 18] = [
    // Makes the module small.
    "binaryen@132.0.0",
    // Mermaid's own parser and Graphviz read what maps are written as; jsdom is the page that Mermaid asks for.
    "typescript@5",
    "mermaid@11",
    "jsdom@26",
    "@hpcc-js/wasm-graphviz@1",
    // They look at pictures and pages in a browser.
    "playwright-core@1.65.1",
    "axe-core@4.14.1",
    // They build and run what users of the package build.
    "vite@8",
    "webpack@5",
    "react@19",
    "react-dom@19",
    "@types/react@19",
    // Whose tables become logs.
    "apache-arrow@21",
    // It reads the types of the Python package.
    "pyright@1.1.414",
    "@uwdata/flechette@2.6.0",
    "@duckdb/duckdb-wasm@1.32.0",
    // They run the package as Node does.
    "deno@2.9.6",
    "bun@1.4.5",
];

/// The folder of the packages.
pub(crate) fn folder() -> PathBuf {
    root().join("target/npm")
}

/// Installs the packages, unless they are there.
pub(crate) fn install() -> Outcome {
    let (folder, list) = (folder(), PACKAGES.join("\n"));
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == list) {
        return Ok(());
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    run(Command::new("npm").args(["install", "--silent", "--no-save", "--prefix"]).arg(&folder).args(PACKAGES))?;
    fs::write(&installed, list).map_err(|error| format!("{}: {error}", installed.display()))
}
