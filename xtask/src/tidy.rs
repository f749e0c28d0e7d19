//! House rules, as tests: layers, the law of folds, fresh files, complete vectors, thin bindings.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

/// The modules of the core, and the modules each may use.
const LAYERS: [(&str, &[&str]); 17] = [
    ("error", &[]),
    ("sorting", &[]),
    ("task", &["error"]),
    ("threads", &["sorting", "task"]),
    ("names", &["error"]),
    ("reader", &["error"]),
    ("score", &["error"]),
    ("time", &["error"]),
    ("duration", &["error"]),
    ("map", &["error", "duration", "names", "reader", "score", "sorting", "time"]),
    ("log", &["error", "duration", "names", "score", "task", "threads", "time"]),
    ("analysis", &["error", "duration", "names", "score", "sorting", "task", "threads", "time", "map", "log"]),
    (
        "state",
        &["error", "duration", "names", "reader", "score", "sorting", "task", "threads", "time", "log", "analysis"],
    ),
    ("report", &["error", "duration", "names", "sorting", "map", "log", "analysis"]),
    ("render", &["error", "duration", "names", "reader", "score", "sorting", "time", "map", "analysis", "report"]),
    ("io", &["error", "duration", "names", "reader", "score", "sorting", "task", "threads", "time", "map", "log"]),
    (
        "lib",
        &[
            "error", "duration", "names", "reader", "score", "sorting", "task", "threads", "time", "map", "log",
            "analysis", "state", "report", "render", "io",
        ],
    ),
];

/// All files below a folder with one of these endings, by name.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["target", "pkg", "node_modules", ".git", "__pycache__"].contains(&name) {
            found.extend(files(&path, endings));
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The code of a file, without its tests and comments.
fn code(path: &Path) -> String {
    let text = read(path);
    let text = text.split("\n#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The first names of all paths that begin with `crate::`, also of a list in braces.
fn used(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let list = rest.strip_prefix('{').and_then(|list| list.split(";\n").next());
        let firsts: Vec<&str> = match list {
            Some(list) => list.split(',').collect(),
            None => vec![rest],
        };
        for first in firsts {
            let name: String = first.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            names.insert(name);
        }
    }
    names
}

#[test]
fn each_module_uses_only_the_layers_below_it() {
    let source = root().join("journey-core/src");
    let modules: BTreeSet<&str> = LAYERS.iter().map(|(module, _)| *module).collect();
    for path in files(&source, &[".rs"]) {
        let place = path.strip_prefix(&source).unwrap().display().to_string();
        let module = place.split(['/', '\\', '.']).next().unwrap();
        let (_, allowed) =
            LAYERS.iter().find(|(name, _)| *name == module).unwrap_or_else(|| panic!("{place} has no layer"));
        for name in used(&code(&path)) {
            // Tests speak the library's public names.
            let test = place.ends_with("laws.rs") || place.ends_with("tests.rs");
            let known = name == module || allowed.contains(&name.as_str()) || test;
            assert!(!modules.contains(name.as_str()) || known, "{place} may not use crate::{name}");
            let public = name.starts_with(char::is_uppercase);
            assert!(!public || known, "{place} uses crate::{name} through the front page; name its module");
        }
    }
}

#[test]
fn types_that_take_no_other_fields_say_so_to_the_reader() {
    for path in files(&root().join("journey-core/src"), &[".rs"]) {
        for line in code(&path).lines().filter(|line| line.contains("deny_unknown_fields")) {
            let said = ["an object", "a report"].map(|what| format!("expecting = \"{what} of known fields\""));
            assert!(said.iter().any(|said| line.contains(said)), "{}: {line}: see `reader.rs`", path.display());
        }
    }
}

#[test]
fn no_question_calls_another() {
    let folder = root().join("journey-core/src/analysis");
    let front = read(&root().join("journey-core/src/analysis/mod.rs"));
    let questions: Vec<PathBuf> = files(&folder, &[".rs"]);
    for path in &questions {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if ["mod", "laws"].contains(&name.as_str()) {
            continue;
        }
        for other in &questions {
            let other = other.file_stem().unwrap().to_str().unwrap();
            let is_question = front.contains(&format!("pub use {other}::")) && !["stats", "visits"].contains(&other);
            let calls = code(path).contains(&format!(" {other}(")) && !code(path).contains(&format!("fn {other}("));
            assert!(!(is_question && other != name && calls), "{name}.rs calls the question {other}");
        }
    }
}

#[test]
fn every_fold_is_held_to_the_law() {
    let laws = read(&root().join("journey-core/src/analysis/laws.rs"));
    let mut folds = 0;
    for path in files(&root().join("journey-core/src"), &[".rs"]) {
        for rest in code(&path).split("impl Fold for ").skip(1) {
            let fold: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            assert!(laws.contains(&format!("{fold}::new")), "the law of folds does not try {fold}");
            folds += 1;
        }
    }
    assert!(folds >= 7, "found {folds} folds");
}

#[test]
fn generated_files_are_fresh() {
    assert_eq!(crate::codegen::check(), Ok(()));
}

#[test]
fn every_question_has_vectors_a_page_and_a_binding_in_each_language() {
    let front = read(&root().join("journey-core/src/analysis/mod.rs"));
    let front = ["map", "report"]
        .iter()
        .fold(front, |front, module| front + &read(&root().join(format!("journey-core/src/{module}/mod.rs"))));
    let exports = front.split("pub use ").skip(1).map(|rest| rest.split(';').next().unwrap());
    let functions: BTreeSet<String> = exports
        .flat_map(|list| list.rsplit("::").next().unwrap().split(['{', '}', ',']).map(str::trim).collect::<Vec<_>>())
        .map(str::to_owned)
        .filter(|name| name.starts_with(char::is_lowercase))
        .collect();
    assert!(functions.contains("bottlenecks") && functions.len() >= 8, "{functions:?}");
    let stems = |folder: &str, ending: &str| -> BTreeSet<String> {
        let paths = files(&root().join(folder), &[ending]);
        paths.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(stems("tests/conformance", ".json"), functions);
    assert!(stems("docs/reference", ".md").is_superset(&functions), "a question has no page in docs/reference");
    for binding in ["journey-py", "journey-wasm"] {
        let code = questions(binding);
        let bound: BTreeSet<String> = code
            .split("core::")
            .skip(1)
            .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
            .collect();
        assert_eq!(bound, functions, "{binding}");
    }
}

#[test]
fn every_question_is_a_command() {
    let commands: String =
        files(&root().join("journey-cli/src/commands"), &[".rs"]).iter().map(|path| code(path)).collect();
    for path in files(&root().join("tests/conformance"), &[".json"]) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let calls = [format!("core::{name}("), format!(" {name}(&"), format!("= {name}(")];
        let called = calls.iter().any(|call| commands.contains(call));
        assert!(called, "`{name}` is no command of journey-cli");
    }
}

#[test]
fn what_a_state_answers_is_held_to_the_vectors() {
    let reports = code(&root().join("journey-core/src/state/reports.rs"));
    let vectors = read(&root().join("tests/states.rs"));
    let answers: Vec<&str> = reports.split("pub fn ").skip(1).filter_map(|rest| rest.split('(').next()).collect();
    assert!(answers.len() >= 7, "{answers:?}");
    for answer in answers {
        assert!(vectors.contains(&format!(".{answer}(")), "tests/states.rs does not ask a state for {answer}");
    }
}

#[test]
fn every_page_is_in_the_lists_of_readers_once() {
    let [docs, front, changes] = ["docs/README.md", "README.md", "CHANGELOG.md"].map(|name| read(&root().join(name)));
    let questions = files(&root().join("tests/conformance"), &[".json"]);
    for path in files(&root().join("docs/reference"), &[".md"]) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert_eq!(docs.matches(&format!("](reference/{name}.md)")).count(), 1, "docs/README.md: {name}");
        if questions.iter().any(|question| question.file_stem().unwrap() == name) {
            assert_eq!(front.matches(&format!("[`{name}`](docs/reference/{name}.md)")).count(), 1, "README.md: {name}");
            assert_eq!(changes.matches(&format!("`{name}`")).count(), 1, "CHANGELOG.md: {name}");
        }
    }
}

/// The code of a binding that asks the questions: that of Python in parts, that of JavaScript with a part in the small module, too.
fn questions(binding: &str) -> String {
    let all = files(&root().join(binding).join("src"), &[".rs"]);
    all.iter().filter(|path| path.to_str().unwrap().contains("/analysis")).map(|path| code(path) + "\n").collect()
}

#[test]
fn bindings_only_convert() {
    for binding in ["journey-py", "journey-wasm"] {
        let code = questions(binding);
        for word in [" if ", " for ", " while ", " match ", "loop {", " + ", " - ", " * "] {
            assert!(!code.contains(word), "a question of {binding} decides something: `{word}`");
        }
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    for path in files(&root(), &[".md"]) {
        for rest in read(&path).split("](").skip(1) {
            let target = rest.split([')', '#', ' ']).next().unwrap();
            let outside = target.is_empty() || target.contains("://") || target.starts_with("crate::");
            assert!(outside || path.parent().unwrap().join(target).exists(), "{}: {target}", path.display());
        }
    }
}

#[test]
fn the_packages_have_versions_without_known_holes() {
    // RUSTSEC-2026-0176 and -0177: pyo3 before 0.29.
    let lock = read(&root().join("Cargo.lock"));
    let version = lock.split("name = \"pyo3\"\nversion = \"").nth(1).unwrap().split('"').next().unwrap();
    let minor: u32 = version.split('.').nth(1).unwrap().parse().unwrap();
    assert!(minor >= 29, "pyo3 {version}");
}
