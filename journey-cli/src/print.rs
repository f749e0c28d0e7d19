//! Reports for people: the figures, then each list as a table. What a table has no room for is in `--json`.

use std::fmt::Write as _;
use std::io::Write;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Map, Value};

use crate::Failure;
use crate::inputs::printable;

/// The flags that say how a report is printed.
pub(crate) fn arguments() -> [Arg; 2] {
    let json = Arg::new("json").long("json").action(ArgAction::SetTrue).help_heading("Printing");
    let rows = Arg::new("rows").long("rows").value_name("NUMBER").default_value("20").help_heading("Printing");
    [
        json.help("Prints the whole report as JSON"),
        rows.value_parser(value_parser!(usize)).help("The most rows that are printed of each list; 0 for all"),
    ]
}

/// Prints a report as the flags say.
pub(crate) fn report(report: &Value, matches: &ArgMatches, out: &mut dyn Write) -> Result<(), Failure> {
    if matches.get_flag("json") {
        return Ok(writeln!(out, "{report:#}")?);
    }
    let most = matches.get_one("rows").copied().filter(|rows| *rows > 0).unwrap_or(usize::MAX);
    Ok(out.write_all(text(report, most).as_bytes())?)
}

/// A report as text, with at most so many rows of each list.
pub(crate) fn text(report: &Value, most: usize) -> String {
    let (mut figures, mut lists) = (Vec::new(), Vec::new());
    gather("", report, &mut figures, &mut lists);
    let mut text = String::new();
    let width = figures.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, value) in figures {
        let _ = writeln!(text, "{name:width$}  {value}");
    }
    for (name, rows) in lists {
        let _ = writeln!(text, "\n{}", words(&name).to_uppercase());
        text.push_str(&table(rows, most));
    }
    text
}

/// The figures of an object, in its parts too, and its lists of objects.
fn gather<'a>(
    before: &str,
    object: &'a Value,
    figures: &mut Vec<(String, String)>,
    lists: &mut Vec<(String, &'a [Value])>,
) {
    for (name, value) in object.as_object().into_iter().flatten() {
        let whole = if before.is_empty() { name.clone() } else { format!("{before} {name}") };
        match value {
            Value::Array(rows) if rows.first().is_some_and(Value::is_object) => lists.push((whole, rows)),
            Value::Array(items) if items.is_empty() => {}
            Value::Object(fields) => match headline(fields) {
                Some(headline) => figures.push((words(&whole), headline)),
                None => gather(&whole, value, figures, lists),
            },
            Value::Null => {}
            Value::Number(number) if name.ends_with("left_out") && number.as_u64() == Some(0) => {}
            value => figures.push((words(&whole), cell(name, value).unwrap_or_default())),
        }
    }
}

/// A list of objects as a table of their fields.
fn table(rows: &[Value], most: usize) -> String {
    let names: Vec<&String> = rows.first().and_then(Value::as_object).into_iter().flat_map(Map::keys).collect();
    let shown = rows.get(..most).unwrap_or(rows);
    let filled =
        |name: &&String| shown.iter().any(|row| row.get(*name).is_some_and(|value| cell(name, value).is_some()));
    let names: Vec<&String> = names.into_iter().filter(filled).collect();
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(names.iter().map(|name| words(name)));
    for row in shown {
        let cell = |name: &&String| row.get(name.as_str()).and_then(|value| cell(name, value)).unwrap_or_default();
        table.add_row(names.iter().map(cell).map(cut));
    }
    for (place, name) in names.iter().enumerate() {
        let is_number =
            shown.iter().all(|row| row.get(name.as_str()).is_none_or(|value| value.is_number() || value.is_null()));
        if let Some(column) = table.column_mut(place).filter(|_| is_number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text: String = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    if rows.len() > shown.len() {
        let _ = writeln!(text, " ... {} more; --rows 0 prints all", rows.len() - shown.len());
    }
    text
}

/// A text that leaves room for the other columns.
fn cut(text: String) -> String {
    const MOST: usize = 100;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or(&text)),
        None => text,
    }
}

/// The text of a cell; `None` if it is missing, or too much for one.
fn cell(name: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(if *yes { "yes".into() } else { "no".into() }),
        Value::Number(number) => {
            number.as_f64().map(|number| if name.ends_with("seconds") { duration(number) } else { figure(number) })
        }
        Value::String(text) => Some(printable(text)),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => None,
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| cell(name, item).unwrap_or_else(|| "-".into())).collect();
            Some(items.join(if name == "touchpoints" { " > " } else { ", " })).filter(|text| !text.is_empty())
        }
        Value::Object(fields) => headline(fields),
    }
}

/// The figure that an object of statistics is about, with what says how sure it is.
fn headline(fields: &Map<String, Value>) -> Option<String> {
    let number = |name: &str| fields.get(name).and_then(Value::as_f64);
    let interval = |show: &dyn Fn(f64) -> String| match (number("low"), number("high")) {
        (Some(low), Some(high)) => format!(" ({} to {})", show(low), show(high)),
        _ => String::new(),
    };
    let n = number("n");
    if let (Some(n), Some(of)) = (n, number("of")) {
        let percent = |share: f64| format!("{:.1}", share * 100.0);
        let share =
            number("share").map_or_else(|| "-".into(), |share| format!("{} %{}", percent(share), interval(&percent)));
        return Some(format!("{share}, {} of {}", figure(n), figure(of)));
    }
    if let (Some(n), Some(median)) = (n, number("median_seconds")) {
        return Some(format!("median {}, n {}", duration(median), figure(n)));
    }
    match (n, number("mean")) {
        (Some(n), Some(mean)) => Some(format!("{}{}, n {}", figure(mean), interval(&figure), figure(n))),
        _ => None,
    }
}

/// A number with four digits that say something, whole numbers with all.
fn figure(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let places = (1..=4).find(|places| number.abs() >= 10f64.powi(4 - places)).map_or(4, |places| places - 1);
    let text = format!("{number:.*}", usize::try_from(places).unwrap_or(4));
    if number.abs() < 0.001 {
        format!("{number:.3e}")
    } else {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// A length of time in its two largest units.
fn duration(seconds: f64) -> String {
    const UNITS: [(&str, f64); 3] = [("d", 86_400.0), ("h", 3600.0), ("min", 60.0)];
    let place = UNITS.iter().position(|(_, length)| seconds.abs() >= *length);
    let Some((unit, length)) = place.and_then(|place| UNITS.get(place)) else {
        return format!("{} s", figure(seconds));
    };
    let (next, next_length) = place.and_then(|place| UNITS.get(place + 1)).copied().unwrap_or(("s", 1.0));
    // In whole small units, so that 59.6 of them are one large unit more.
    let small = (seconds.abs() / next_length).round();
    let (large, rest) = ((small * next_length / length).floor(), (small * next_length % length / next_length).round());
    let sign = if seconds < 0.0 { "-" } else { "" };
    if rest == 0.0 { format!("{sign}{large:.0} {unit}") } else { format!("{sign}{large:.0} {unit} {rest:.0} {next}") }
}

/// The name of a field in words.
fn words(name: &str) -> String {
    name.trim_end_matches("_seconds").replace('_', " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_have_the_digits_that_people_read() {
        let figures = [1234.0, 0.5, 12.3456, 123.456, 1234.567, 0.012_345, 0.000_012].map(figure);
        assert_eq!(figures, ["1234", "0.5", "12.35", "123.5", "1235", "0.0123", "1.200e-5"]);
        let durations = [0.5, 59.0, 60.0, 61.0, 3599.9, 5400.0, 86_400.0, 90_061.0].map(duration);
        assert_eq!(durations, ["0.5 s", "59 s", "1 min", "1 min 1 s", "60 min", "1 h 30 min", "1 d", "1 d 1 h"]);
    }

    #[test]
    fn a_report_is_figures_and_tables() {
        let report = json!({
            "journeys": 3,
            "conversion": {"n": 1, "of": 2, "share": 0.5, "low": 0.0945, "high": 0.9055},
            "rows": [
                {"source": "a\u{1b}", "count": 2, "time": {"n": 2, "median_seconds": 90.0}, "examples": [{"x": 1}]},
                {"source": null, "count": 1, "time": null, "examples": []},
            ],
        });
        let expected = "journeys    3\n\
                        conversion  50.0 % (9.4 to 90.5), 1 of 2\n\
                        \n\
                        ROWS\n \
                        source   count  time\n \
                        a\\u{1b}      2  median 1 min 30 s, n 2\n \
                        ... 1 more; --rows 0 prints all\n";
        assert_eq!(text(&report, 1), expected);
    }
}
