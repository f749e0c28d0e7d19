//! Writes all generated files, or says which are stale.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use journey_core::{LintNeed, LintRule, LintSeverity};
use serde_json::Value;

use crate::schema::{self, Schemas, Words, doc, fields, values};
use crate::{Outcome, python_docs, python_types, root, typescript_types};

/// Writes every generated file that is stale.
pub(crate) fn write() -> Outcome {
    for (path, text) in stale()? {
        println!("writing {}", path.strip_prefix(root()).unwrap_or(&path).display());
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// Fails if a generated file is stale.
pub(crate) fn check() -> Outcome {
    let stale: Vec<String> =
        stale()?.iter().map(|(path, _)| path.strip_prefix(root()).unwrap_or(path).display().to_string()).collect();
    if stale.is_empty() { Ok(()) } else { Err(format!("stale, run `cargo xtask codegen`: {}", stale.join(", "))) }
}

/// The generated files that are not as they would be written now.
fn stale() -> Result<Vec<(PathBuf, String)>, String> {
    let (inputs, reports) = (schema::inputs(), schema::reports());
    let mut files = vec![
        (root().join("journey-py/python/journey/_types.py"), python_types::write(&inputs, &reports)?),
        (root().join("journey-py/src/options.rs"), python_docs::write(&inputs)?),
        (root().join("journey-wasm/types.d.ts"), typescript_types::write(&inputs, &reports)?),
        (root().join("docs/schema/journey-map.schema.json"), schema::map_file()),
    ];
    let front = root().join("journey-py/python/journey/__init__.py");
    let names: Vec<&String> = inputs.keys().chain(reports.keys()).collect();
    let text = fs::read_to_string(&front).map_err(|error| format!("{}: {error}", front.display()))?;
    files.push((front, python_types::front_page(&text, &names)?));
    let all: Schemas = inputs.into_iter().chain(reports).collect();
    for path in reference_pages()? {
        let page = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let filled = fill_tables(&page, &all).map_err(|error| format!("{}: {error}", path.display()))?;
        files.push((path, filled));
    }
    Ok(files.into_iter().filter(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(text)).collect())
}

fn reference_pages() -> Result<Vec<PathBuf>, String> {
    let folder = root().join("docs/reference");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut pages: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    Ok(pages)
}

/// Writes the table of a type between `<!-- table: Type -->` and `<!-- end -->`.
fn fill_tables(page: &str, schemas: &Schemas) -> Result<String, String> {
    const END: &str = "<!-- end -->";
    let mut pieces = page.split("<!-- table: ");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(" -->").ok_or("a table mark is not closed")?;
        let (_, after) = rest.split_once(END).ok_or_else(|| format!("the table of `{name}` has no `{END}`"))?;
        let table = match (name, schemas.get(name)) {
            ("LintRule", _) => lint_rules(),
            (_, Some(schema)) => table(schema)?,
            (_, None) => return Err(format!("there is no type `{name}`")),
        };
        let _ = write!(filled, "<!-- table: {name} -->\n{table}{END}{after}");
    }
    Ok(filled)
}

/// The rules of `lint`, which are no type but a table already.
fn lint_rules() -> String {
    let mut out = "| code | severity | finds | what to do | needs |\n|---|---|---|---|---|\n".to_owned();
    for rule in LintRule::all() {
        let severity = match rule.severity {
            LintSeverity::Error => "error",
            LintSeverity::Warning => "warning",
            _ => "hint",
        };
        let needs = match rule.needs {
            LintNeed::Date => "`as_of`",
            LintNeed::Log => "a log",
            _ => "",
        };
        let _ = writeln!(out, "| `{}` | {severity} | {} | {} | {needs} |", rule.code, rule.finds, rule.help);
    }
    out
}

fn table(schema: &Value) -> Result<String, String> {
    const PLAIN: Words = Words {
        string: "text",
        number: "number",
        integer: "whole number",
        boolean: "yes or no",
        null: "none",
        list: |t| format!("list of {t}"),
        map: |t| format!("{t} by name"),
    };
    let mut out = String::new();
    if let Some(values) = values(schema) {
        out.push_str("| value | meaning |\n|---|---|\n");
        for (value, doc) in values {
            let _ = writeln!(out, "| `{value}` | {doc} |");
        }
        return Ok(out);
    }
    let with_defaults = fields(schema).iter().any(|field| field.schema.get("default").is_some());
    out.push_str(if with_defaults {
        "| field | type | default | meaning |\n|---|---|---|---|\n"
    } else {
        "| field | type | meaning |\n|---|---|---|\n"
    });
    for field in fields(schema) {
        let kind = PLAIN.type_of(field.schema)?.replace(" | ", " or ");
        let default = match field.schema.get("default") {
            Some(default) => format!(" `{default}` |"),
            None if with_defaults => " |".to_owned(),
            None => String::new(),
        };
        let _ = writeln!(out, "| `{}` | {kind} |{default} {} |", field.name, doc(field.schema));
    }
    Ok(out)
}
