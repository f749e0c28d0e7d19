//! Every check, in order, with the runners' own words.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Outcome, cargo, codegen, gallery, npm, root, run, studio, succeeds, wasm};

/// Runs all checks; the first that fails ends it.
pub(crate) fn all() -> Outcome {
    rust()?;
    codegen::check()?;
    gallery(&["--check"])?;
    javascript()?;
    python()
}

fn rust() -> Outcome {
    let cargo = || Command::new(cargo());
    if succeeds(cargo().args(["fmt", "--version"])) {
        run(cargo().args(["fmt", "--all", "--check"]))?;
    } else {
        println!("left out: rustfmt is not installed");
    }
    if succeeds(cargo().args(["clippy", "--version"])) {
        run(cargo().args(["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]))?;
        for package in ["journey-core", "journey-wasm"] {
            run(cargo().args(["clippy", "--package", package, "--no-default-features", "--", "-D", "warnings"]))?;
        }
    } else {
        println!("left out: clippy is not installed");
    }
    run(cargo().args(["test"]))?;
    run(cargo().args(["doc", "--no-deps", "--all-features"]).env("RUSTDOCFLAGS", "-D warnings"))
}

fn javascript() -> Outcome {
    wasm::build()?;
    studio::build()?;
    run(Command::new(cargo()).args(["run", "--quiet", "--package", "journey-tests", "--example", "looks"]))?;
    let tests = [
        "tests/conformance.test.mjs",
        "tests/exports.test.mjs",
        "tests/looks.test.mjs",
        "tests/pictures.test.mjs",
        "tests/states.test.mjs",
        "journey-wasm/tests/package.test.mjs",
        "journey-wasm/tests/small.test.mjs",
        "journey-wasm/tests/browser.test.mjs",
        "journey-wasm/tests/element.test.mjs",
        "journey-wasm/tests/fresh.test.mjs",
        "journey-wasm/tests/input.test.mjs",
        "journey-py/tests/widget.test.mjs",
        "journey-wasm/tests/studio.test.mjs",
        "journey-wasm/tests/editor.test.mjs",
    ];
    run(Command::new("node").arg("--test").args(tests))?;
    let strict =
        ["--noEmit", "--strict", "--target", "esnext", "--module", "nodenext", "--lib", "esnext,dom,dom.iterable"];
    // The element of the small module has the name of that of the full one, so no page has both.
    for lines in [&["typed.mts", "typed_entries.mts"][..], &["typed_small.mts"]] {
        run(Command::new("node")
            .arg(npm::folder().join("node_modules/typescript/bin/tsc"))
            .args(strict)
            .args(lines.iter().map(|file| format!("journey-wasm/tests/{file}"))))?;
    }
    Ok(())
}

fn python() -> Outcome {
    let venv = root().join("target/venv");
    if !program(&venv, "python").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    let python = || Command::new(program(&venv, "python"));
    // They work figures out once more, or write files and tables to be read; pinned, because what is compared with must not
    // change unseen.
    let others = [
        "altair==6.3.0",
        "anywidget==0.11.0",
        "arro3-core==0.9.1",
        "duckdb==1.4.4",
        "pandas==2.3.3",
        "polars==2.1.0",
        "pyarrow==26.0.1",
        "tqdm==4.70.1",
    ];
    // Spark is large, and runs on Java.
    let spark = if succeeds(Command::new("java").arg("-version")) {
        Some("pyspark==4.3.0")
    } else {
        println!("left out: java is not installed, so Spark is not tried");
        None
    };
    let tools = ["-m", "pip", "install", "--quiet", "maturin>=1.9,<2", "pytest>=8,<10", "mypy>=1.11,<3"];
    run(python().args(tools).args(others).args(spark))?;
    let wheels = root().join("target/wheels");
    if wheels.exists() {
        std::fs::remove_dir_all(&wheels).map_err(|error| format!("{}: {error}", wheels.display()))?;
    }
    let build = ["build", "--release", "--manifest-path", "journey-py/Cargo.toml", "--out"];
    run(Command::new(program(&venv, "maturin")).args(build).arg(&wheels).env("VIRTUAL_ENV", &venv))?;
    let wheel = std::fs::read_dir(&wheels).ok().and_then(|mut entries| entries.next()?.ok());
    let wheel = wheel.ok_or("maturin built no wheel")?.path();
    alone(&wheel)?;
    run(python().args(["-m", "pip", "install", "--quiet", "--force-reinstall", "--no-deps"]).arg(wheel))?;
    run(python().args(["-m", "mypy.stubtest", "journey._journey"]))?;
    let mypy = ["-m", "mypy", "--strict", "--config-file", "journey-py/pyproject.toml"];
    run(python().args(mypy).args(["--package", "journey"]))?;
    run(python().args(mypy).arg("journey-py/tests/typed.py"))?;
    npm::install()?;
    let pyright = npm::folder().join("node_modules/pyright/index.js");
    let paths = ["--pythonpath".into(), program(&venv, "python"), "journey-py/tests/typed.py".into()];
    run(Command::new("node").arg(pyright).args(paths))?;
    run(python().args([
        "-m",
        "pytest",
        "tests/test_conformance.py",
        "tests/test_same_digits.py",
        "tests/test_pictures.py",
        "tests/test_recomputed.py",
        "tests/test_files_of_others.py",
        "tests/test_states.py",
        "tests/test_yardstick.py",
        "journey-py/tests",
    ]))
}

/// Installs the wheel where there is nothing else, not even a compiler, and runs the lines of the README there.
fn alone(wheel: &Path) -> Outcome {
    let venv = root().join("target/venv-alone");
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
    let programs = program(&venv, "python");
    let python = || {
        let mut python = Command::new(&programs);
        python.env("PATH", programs.parent().unwrap_or(&programs));
        python
    };
    run(python().args(["-m", "pip", "install", "--quiet", "--no-index"]).arg(wheel))?;
    run(python().args(["-I", "journey-py/tests/empty.py"]))
}

/// A program of the virtual environment.
pub(crate) fn program(venv: &Path, name: &str) -> PathBuf {
    if cfg!(windows) { venv.join("Scripts").join(format!("{name}.exe")) } else { venv.join("bin").join(name) }
}
