//! Builds the studio, a static page on the JavaScript package, into `target/studio`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::{Outcome, root, run};

/// Checks the types, puts the files together, and prints how large they are; the package has to be built before.
pub(crate) fn build() -> Outcome {
    install()?;
    let tool = |path: &str| {
        let mut node = Command::new("node");
        node.arg(folder().join("node_modules").join(path)).current_dir(folder());
        node
    };
    run(tool("typescript/bin/tsc").arg("--noEmit"))?;
    run(tool("vite/bin/vite.js").args(["build", "--logLevel", "warn"]))?;
    run(Command::new("node").arg("journey-wasm/studio/sizes.mjs").arg("target/studio"))
}

fn folder() -> PathBuf {
    root().join("journey-wasm/studio")
}

/// Installs what the lock file names, unless it is there.
fn install() -> Outcome {
    let (lock, installed) = (folder().join("package-lock.json"), folder().join("node_modules/installed.json"));
    let wanted = fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(());
    }
    run(Command::new("npm").args(["ci", "--silent"]).current_dir(folder()))?;
    fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))
}
