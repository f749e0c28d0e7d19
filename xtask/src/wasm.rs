//! Builds the JavaScript package into `journey-wasm/pkg`: compiles the module, makes it small, and puts its files together.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::{Outcome, cargo, npm, root, run, succeeds};

const TARGET: &str = "wasm32-unknown-unknown";

/// The files of the package that the small module has, too; they find their module beside them.
const SHARED: [&str; 8] =
    ["columns.js", "common.d.ts", "element.js", "element.d.ts", "guard.js", "node.js", "picture.js", "web.js"];

/// Compiles the crate in full and small, writes the glue and puts the package together.
pub(crate) fn build() -> Outcome {
    let package = root().join("journey-wasm/pkg");
    if package.exists() {
        fs::remove_dir_all(&package).map_err(|error| failed(&package, &error))?;
    }
    npm::install()?;
    let full = module(&package, &[])?;
    let small = module(&package.join("small"), &["--no-default-features"])?;
    assemble(&package)?;
    name_types(&package)?;
    run(Command::new("node").arg("journey-wasm/inline.mjs").arg(&full).arg(package.join("module.js")))?;
    run(Command::new("node").arg("journey-wasm/sizes.mjs").args([&full, &small]))
}

/// Writes a module and its glue into a folder; returns the path of the module.
fn module(folder: &Path, features: &[&str]) -> Result<PathBuf, String> {
    let wasm = compile(features)?;
    // The module is found beside its glue, as with the command line program; the library's own default differs.
    Bindgen::new()
        .input_path(&wasm)
        .out_name("journey")
        .typescript(true)
        .omit_default_module_path(false)
        // What `init` calls after a panic; it lets no handle of the instance before reach into the new one.
        .reset_state_function(true)
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .map_err(|error| format!("wasm-bindgen: {error:#}"))?;
    guard(&folder.join("journey.js"))?;
    rewrite(&folder.join("journey.d.ts"), &[("export function __wbg_reset_state(): void;\n", "")])?;
    let module = folder.join("journey_bg.wasm");
    let optimiser = npm::folder().join("node_modules/binaryen/bin/wasm-opt");
    run(Command::new("node").arg(optimiser).arg("-Oz").arg(&module).arg("--output").arg(&module))?;
    Ok(module)
}

/// Compiles with the toolchain's own standard library where rustup can fetch it, else with that of Debian.
fn compile(features: &[&str]) -> Result<PathBuf, String> {
    let arguments = ["build", "--package", "journey-wasm", "--profile", "wasm", "--target", TARGET];
    let arguments: Vec<String> =
        arguments.iter().chain(features).map(|&word| word.to_owned()).chain(["--config".into(), flags()?]).collect();
    let built = Path::new(TARGET).join("wasm/journey_wasm.wasm");
    let forced = std::env::var("JOURNEY_WASM_STD").is_ok_and(|value| value == "debian");
    if !forced && (installed() || succeeds(Command::new("rustup").args(["target", "add", TARGET])) && installed()) {
        run(Command::new(cargo()).args(&arguments))?;
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        return Ok(root().join(target).join(built));
    }
    println!("rustup cannot add {TARGET}; building its standard library from Debian's sources instead");
    let [debian_cargo, debian_rustc] = ["/usr/bin/cargo", "/usr/bin/rustc"];
    let sources = Path::new("/usr/lib/rustlib/src");
    if !(Path::new(debian_cargo).exists() && Path::new(debian_rustc).exists() && sources.exists()) {
        run(Command::new("apt-get").args(["update", "--quiet"]))?;
        let packages = ["install", "--yes", "--quiet", "rustc-web", "cargo-web", "rust-web-src"];
        run(Command::new("apt-get").args(packages))?;
    }
    let linker = toolchain()?.join("lib/rustlib").join(host()?).join("bin/rust-lld");
    let target = root().join("target/debian-wasm");
    run(Command::new(debian_cargo)
        .args(&arguments)
        .arg("-Zbuild-std=std,panic_abort")
        .env("RUSTC", debian_rustc)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTUP_TOOLCHAIN"))?;
    Ok(target.join(built))
}

/// The setting of cargo that leaves out where this machine keeps the sources of packages, from the texts of panics: what is left begins
/// with the package's name.
fn flags() -> Result<String, String> {
    let output = Command::new(cargo()).args(["metadata", "--format-version", "1"]).current_dir(root()).output();
    let output = output.map_err(|error| format!("cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let foreign = packages.filter(|package| package.get("source").is_some_and(Value::is_string));
    let folders: BTreeSet<&Path> =
        foreign.filter_map(|package| Path::new(package.get("manifest_path")?.as_str()?).parent()?.parent()).collect();
    let flags: Vec<String> =
        folders.iter().map(|folder| format!("--remap-path-prefix={}=", folder.display())).collect();
    Ok(format!("target.{TARGET}.rustflags={}", Value::from(flags)))
}

fn installed() -> bool {
    toolchain().is_ok_and(|toolchain| toolchain.join("lib/rustlib").join(TARGET).join("lib").exists())
}

fn toolchain() -> Result<PathBuf, String> {
    rustc(&["--print", "sysroot"]).map(|text| PathBuf::from(text.trim()))
}

fn host() -> Result<String, String> {
    let version = rustc(&["--version", "--verbose"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not name its host".into())
}

fn rustc(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("rustc").args(arguments).output().map_err(|error| format!("rustc: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Makes the errors of the glue those of the package, and its calls ones that know of a panic: see `guard.js`.
fn guard(glue: &Path) -> Outcome {
    rewrite(
        glue,
        &[
            ("new Error(", "refused("),
            // What is called before `init` says so, instead of that something is `undefined`.
            ("let wasmModule, wasmInstance, wasm;", "let wasmModule, wasmInstance, wasm = unready;"),
            ("if (wasm !== undefined)", "if (wasm !== unready)"),
            ("wasm = instance.exports;", "wasm = guarded(instance.exports);"),
            ("wasm = wasmInstance.exports;", "wasm = guarded(wasmInstance.exports);"),
            // What was freed, or is of an instance that is gone, is not freed in this one.
            ("free() {\n", "free() {\n        if (!this.__wbg_ptr || this.__wbg_inst !== __wbg_instance_id) return;\n"),
        ],
    )?;
    let text = fs::read_to_string(glue).map_err(|error| failed(glue, &error))?;
    let text = format!("import {{ guarded, refused, unready }} from \"./guard.js\";\n{text}");
    fs::write(glue, text).map_err(|error| failed(glue, &error))
}

/// Writes other texts in the place of some, each of which has to be there.
fn rewrite(path: &Path, changes: &[(&str, &str)]) -> Outcome {
    let mut text = fs::read_to_string(path).map_err(|error| failed(path, &error))?;
    for (from, to) in changes {
        if !text.contains(from) {
            return Err(format!("{}: wasm-bindgen writes no `{}` any more", path.display(), from.trim_end()));
        }
        text = text.replace(from, to);
    }
    fs::write(path, text).map_err(|error| failed(path, &error))
}

/// Adds the written files of the package and its licences; the small module has its own beside those that are the same for both.
fn assemble(package: &Path) -> Outcome {
    let written = root().join("journey-wasm/js");
    let licences = ["LICENSE-MIT", "LICENSE-APACHE"].map(|name| root().join(name));
    for from in entries(&written)?.into_iter().chain(licences) {
        copy(&from, package)?;
    }
    let small = package.join("small");
    for from in SHARED.map(|name| written.join(name)).into_iter().chain(entries(&written.join("small"))?) {
        copy(&from, &small)?;
    }
    // What only the full module draws is no property there.
    let element = [
        ("  /** The report of `stepFlow`, drawn as a step Sankey. */\n  stepFlow: StepFlow | null;\n", ""),
        (": `renderMap`, `renderFlow` or `renderStepFlow`.", ": `renderMap` or `renderFlow`."),
        (", RenderStepFlowOptions, StepFlow", ""),
        (" | RenderStepFlowOptions", ""),
    ];
    rewrite(&small.join("element.d.ts"), &element)
}

/// The files of a folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    Ok(entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(|path| path.is_file()).collect())
}

fn copy(from: &Path, folder: &Path) -> Outcome {
    let Some(name) = from.file_name() else { return Ok(()) };
    let text = fs::read_to_string(from).map_err(|error| failed(from, &error))?;
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let text = if name == "package.json" { text.replace("\"version\": \"0.0.0\"", &version) } else { text };
    fs::write(folder.join(name), text).map_err(|error| failed(from, &error))
}

/// Gives the glue of the small module the types of options and reports, which stand in that of the full one.
fn name_types(package: &Path) -> Outcome {
    let types = root().join("journey-wasm/types.d.ts");
    let text = fs::read_to_string(&types).map_err(|error| failed(&types, &error))?;
    let exports = text.lines().filter_map(|line| line.strip_prefix("export ")?.split_once(' '));
    let names: Vec<&str> = exports.filter_map(|(_, rest)| rest.split([' ', '{', '=']).next()).collect();
    let list = names.join(", ");
    let glue = package.join("small/journey.d.ts");
    let text = fs::read_to_string(&glue).map_err(|error| failed(&glue, &error))?;
    let import = format!("import type {{ {list} }} from \"../journey.js\";\nexport type {{ {list} }};\n");
    fs::write(&glue, import + &text).map_err(|error| failed(&glue, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
