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
        (root().join("journey-py/python/journey/_widget.js"), widget()?),
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

/// The script of Python's widget: the element of the JavaScript package, with what draws its pictures in the place of the module.
fn widget() -> Result<String, String> {
    /// What the element has of its own package, and its name, which others may have taken.
    const NOT_THERE: [&str; 3] = [
        "import { JourneyMap, init, renderFlow, renderMap, renderStepFlow } from \"./drawing.js\";\n",
        "import { pictureElement } from \"./picture.js\";\n",
        "if (globalThis.customElements && !customElements.get(\"journey-map\")) customElements.define(\"journey-map\", JourneyMapElement);\n",
    ];
    let read = |path: &str| fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"));
    let mut element = read("journey-wasm/js/element.js")?;
    for line in NOT_THERE {
        if !element.contains(line) {
            return Err(format!(
                "journey-wasm/js/element.js has no line `{}` any more; say in codegen.rs what it has",
                line.trim_end()
            ));
        }
        element = element.replace(line, "");
    }
    let library = (read("journey-wasm/js/picture.js")? + "\n" + &element).replace("\nexport ", "\n");
    if library.contains("\nimport ") {
        return Err("journey-wasm/js/element.js imports what the widget of Python has not; see codegen.rs".into());
    }
    let head = "// Written by `cargo xtask codegen` from journey-wasm/js/picture.js and element.js, and journey-py/widget.js.\n";
    Ok(format!("{head}{library}\n{}", read("journey-py/widget.js")?))
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
        let (finds, help) = (cell(rule.finds), cell(rule.help));
        let _ = writeln!(out, "| `{}` | {severity} | {finds} | {help} | {needs} |", rule.code);
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
            let _ = writeln!(out, "| `{value}` | {} |", cell(&doc));
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
            Some(default) => format!(" `{}` |", cell(&default.to_string())),
            None if with_defaults => " |".to_owned(),
            None => String::new(),
        };
        let _ = writeln!(out, "| `{}` | {kind} |{default} {} |", field.name, cell(&doc(field.schema)));
    }
    Ok(out)
}

/// A text as the cell of a table, which a bar would end, in code as well.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bar_in_a_text_does_not_end_its_cell() {
        let delimiter = json!({ "type": "string", "default": "|", "description": "One of `;` and `|`." });
        let rows = table(&json!({ "properties": { "delimiter": delimiter } })).unwrap();
        assert_eq!(rows.lines().last(), Some(r#"| `delimiter` | text | `"\|"` | One of `;` and `\|`. |"#));
    }
}
