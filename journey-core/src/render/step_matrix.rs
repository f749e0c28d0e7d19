//! A step matrix as a heat map; of two groups, how far they differ.

use serde::{Deserialize, Serialize};

use super::chart::{self, Chart, Key, check_limit, check_width, count, ratio};
use super::escape::isolated;
use super::step_flow::signed;
use super::svg::Anchor;
use super::text::{Font, in_a_sentence, wrap};
use super::theme::Theme;
use super::words::{Language, Word};
use crate::analysis::{StepGroups, StepKind, StepMatrix, StepRow};
use crate::error::Result;
use crate::sorting::SortRows;

/// Options for [`render_step_matrix`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct RenderStepMatrixOptions {
    /// What stands above the picture; if not given, what it shows.
    pub title: Option<String>,
    /// The most touchpoints with a row of their own; the others are added up in one row. From 1 to 200.
    pub limit: u64,
    /// The width of the picture in pixels, from 280 to 4000. Steps that do not fit are not drawn.
    pub width: u64,
    /// The language of the words around labels.
    pub lang: Language,
    /// Light, dark, or as the reader's system is set.
    pub theme: Theme,
}

impl Default for RenderStepMatrixOptions {
    fn default() -> Self {
        Self { title: None, limit: 20, width: chart::WIDTH, lang: Language::default(), theme: Theme::default() }
    }
}

/// Draws a step matrix as a heat map: a row for each touchpoint, a column for each step, and in each cell the share of journeys
/// that are there.
///
/// Of a matrix of two groups it draws the difference: the share in the first group less that in the second, in percentage
/// points, with a frame around the cells that differ significantly.
///
/// ```
/// use journey_core::{Event, EventLog, RenderStepMatrixOptions, StepMatrixOptions, render_step_matrix, step_matrix};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let matrix = step_matrix(&log, &StepMatrixOptions { steps: 3, ..Default::default() })?;
/// assert!(render_step_matrix(&matrix, &RenderStepMatrixOptions::default())?.contains("visit"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
pub fn render_step_matrix(report: &StepMatrix, options: &RenderStepMatrixOptions) -> Result<String> {
    check_width(options.width)?;
    check_limit("limit", options.limit)?;
    let rows = rows(report, usize::try_from(options.limit).unwrap_or(usize::MAX), options.lang);
    let description = description(report, &rows, options.lang);
    Ok(picture(report, &rows, options).finish(options.theme, RULES, &description))
}

const RULES: &str = "\
.journey .cell{fill:var(--card)}\n\
.journey .heat{fill:var(--measured)}\n\
.journey .less{fill:var(--series-2)}\n\
.journey .sure{fill:none;stroke:var(--ink);stroke-width:1.5}\n";

const ROW: f64 = 24.0;
const LEAST_CELL: f64 = 36.0;
/// A cell with a difference needs room for a sign.
const LEAST_DIFFERENCE: f64 = 44.0;

/// A cell: a share, or a difference of shares, and whether that is significant.
#[derive(Clone, Copy, Default)]
struct Cell {
    value: Option<f64>,
    significant: bool,
}

struct Row {
    label: String,
    is_touchpoint: bool,
    cells: Vec<Cell>,
}

/// The rows that are drawn: the first touchpoints, the others added up, and what is no touchpoint.
fn rows(report: &StepMatrix, most: usize, lang: Language) -> Vec<Row> {
    let is_touchpoint = |row: &&StepRow| row.kind == StepKind::Touchpoint;
    let shown: Vec<&StepRow> = report.rows.iter().filter(is_touchpoint).take(most).collect();
    let folded: Vec<&StepRow> = report
        .rows
        .iter()
        .filter(is_touchpoint)
        .skip(most)
        .chain(report.rows.iter().filter(|row| row.kind == StepKind::Other))
        .collect();
    let rest: Vec<&StepRow> =
        report.rows.iter().filter(|row| !matches!(row.kind, StepKind::Touchpoint | StepKind::Other)).collect();
    let more = report.touchpoints_left_out + report.rows.iter().filter(is_touchpoint).skip(most).count() as u64;
    let mut rows: Vec<Row> = shown
        .iter()
        .map(|row| Row {
            label: row.touchpoint.clone().unwrap_or_default(),
            is_touchpoint: true,
            cells: cells(report, row),
        })
        .collect();
    match folded.as_slice() {
        [] => {}
        [row] if row.kind == StepKind::Other => rows.push(Row {
            label: lang.count(more, Word::OneOther, Word::Others),
            is_touchpoint: false,
            cells: cells(report, row),
        }),
        folded => rows.push(Row {
            label: lang.count(more, Word::OneOther, Word::Others),
            is_touchpoint: false,
            cells: added(report, folded),
        }),
    }
    rows.extend(rest.iter().map(|row| {
        let word = match row.kind {
            StepKind::NotStarted => Word::NotStarted,
            StepKind::Open => Word::Open,
            _ => Word::Ended,
        };
        Row { label: lang.say(word).to_owned(), is_touchpoint: false, cells: cells(report, row) }
    }));
    rows
}

fn cells(report: &StepMatrix, row: &StepRow) -> Vec<Cell> {
    match (&report.groups, &row.groups) {
        (Some(_), Some(groups)) => groups
            .differences
            .iter()
            .map(|cell| Cell { value: cell.difference, significant: cell.significant == Some(true) })
            .collect(),
        _ => row.shares.iter().map(|share| Cell { value: Some(*share), significant: false }).collect(),
    }
}

/// Rows added up; their differences are not tested together.
fn added(report: &StepMatrix, rows: &[&StepRow]) -> Vec<Cell> {
    (0..report.steps.len())
        .map(|step| {
            let sum = |counts: &dyn Fn(&StepRow) -> Option<u64>| rows.iter().filter_map(|row| counts(row)).sum::<u64>();
            let value = match &report.groups {
                Some(groups) => {
                    let a = sum(&|row| row.groups.as_ref()?.a.counts.get(step).copied());
                    let b = sum(&|row| row.groups.as_ref()?.b.counts.get(step).copied());
                    ratio(a, groups.a.of).zip(ratio(b, groups.b.of)).map(|(a, b)| a - b)
                }
                None => ratio(sum(&|row| row.counts.get(step).copied()), report.of),
            };
            Cell { value, significant: false }
        })
        .collect()
}

fn picture(report: &StepMatrix, rows: &[Row], options: &RenderStepMatrixOptions) -> Chart {
    let lang = options.lang;
    let of = lang.count(report.of, Word::OneJourney, Word::Journeys);
    let (title, about) = match &report.groups {
        None => (Word::StepMatrixTitle, lang.fill(Word::StepMatrixAbout, &[("journeys", &of)])),
        Some(groups) => (Word::StepMatrixDifferenceTitle, difference_said(groups, lang, in_a_sentence)),
    };
    let mut chart = Chart::new(options.title.as_deref().unwrap_or(lang.say(title)), &about, options.width, lang);
    if rows.is_empty() {
        chart.paragraph(lang.say(Word::NothingToShow), Font::Body, "", 3);
        return chart;
    }
    let names = (chart.inner() * 0.3).min(200.0);
    let room = chart.inner() - names - 10.0;
    let least = if report.groups.is_some() { LEAST_DIFFERENCE } else { LEAST_CELL };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width of a picture")]
    let fitting = (room / least).max(1.0) as usize;
    let columns = report.steps.len().min(fitting);
    let wide = (room / count(columns)).min(78.0);
    let left = chart.margin + names + 10.0;
    let x = |column: usize| left + wide * count(column);
    for (column, step) in report.steps.iter().take(columns).enumerate() {
        let name = lang.decimal(signed(*step), 0);
        chart.text(&name, Font::Small, "soft", (x(column), chart.bottom + 11.0), wide, Anchor::Middle);
    }
    chart.text(
        lang.say(Word::StepHead),
        Font::Small,
        "soft",
        (chart.margin, chart.bottom + 11.0),
        names,
        Anchor::Right,
    );
    chart.bottom += 17.0;
    let most = rows
        .iter()
        .flat_map(|row| &row.cells)
        .filter_map(|cell| cell.value)
        .fold(0.0, |most, value| value.abs().max(most));
    let mut gap = false;
    for row in rows {
        // What is no touchpoint stands apart.
        if !row.is_touchpoint && !gap {
            chart.bottom += 5.0;
            gap = true;
        }
        let name = wrap(&row.label, Font::Body, names, 1);
        chart.svg.label(&name, Font::Body, "", (chart.margin, chart.bottom + 16.0), names, Anchor::Right);
        for (column, cell) in row.cells.iter().take(columns).enumerate() {
            draw_cell(&mut chart, *cell, (x(column), wide), most, report.groups.is_some());
        }
        chart.bottom += ROW;
    }
    legend(&mut chart, report, most);
    let more = (report.steps.len() - columns) as u64;
    if more > 0 {
        chart.note(&lang.count(more, Word::OneMoreStep, Word::MoreSteps));
    }
    chart
}

/// How strong the colour of a cell is: as strong as its value, and never so strong that its figure cannot be read.
fn strength(value: f64, most: f64) -> String {
    const STRONGEST: f64 = 0.5;
    let part = if most > 0.0 { value.abs() / most } else { 0.0 };
    format!("{:.3}", STRONGEST * part)
}

fn draw_cell(chart: &mut Chart, cell: Cell, (x, wide): (f64, f64), most: f64, difference: bool) {
    let lang = chart.language;
    let (at, size) = ((x + 0.5, chart.bottom + 0.5), (wide - 1.0, ROW - 1.0));
    chart.rect("cell", at, size);
    let Some(value) = cell.value else {
        chart.text("–", Font::Small, "soft", (x, chart.bottom + 16.0), wide, Anchor::Middle);
        return;
    };
    let class = if difference && value < 0.0 { "less" } else { "heat" };
    let strength = strength(value, most);
    if value.abs() > 0.0 {
        let size = [("x", at.0.into()), ("y", at.1.into()), ("width", size.0.into()), ("height", size.1.into())];
        let look = [("class", class.into()), ("fill-opacity", (&strength).into())];
        chart.svg.empty("rect", &[look.as_slice(), size.as_slice()].concat());
    }
    if cell.significant {
        chart.rect("sure", (x + 1.5, chart.bottom + 1.5), (wide - 3.0, ROW - 3.0));
    }
    let text = figure(value, difference, lang);
    if !text.is_empty() {
        chart.text(&text, Font::Small, "", (x, chart.bottom + 16.0), wide, Anchor::Middle);
    }
}

/// A share in percent, or a difference in points; nothing for a share of none.
fn figure(value: f64, difference: bool, lang: Language) -> String {
    let percent = value * 100.0;
    if !difference {
        return match percent {
            p if p <= 0.0 => String::new(),
            p if p < 1.0 => "<1".to_owned(),
            // What is nearly all is not all.
            p if (99.5..100.0).contains(&p) => ">99".to_owned(),
            p => lang.decimal(p, 0),
        };
    }
    let text = lang.decimal(percent, 1);
    if text.starts_with('−') || !text.chars().any(|c| matches!(c, '1'..='9')) { text } else { format!("+{text}") }
}

fn legend(chart: &mut Chart, report: &StepMatrix, most: f64) {
    let lang = chart.language;
    let mut keys = Vec::new();
    let mark = |class: &str, part: f64| {
        let strength = strength(part, 1.0);
        let size = [("y", "-6"), ("width", "22"), ("height", "12")];
        let size = size.map(|(name, value)| (name, value.to_owned()));
        let ground = [("class", "cell".to_owned())].into_iter().chain(size.clone()).collect();
        let colour = [("class", class.to_owned()), ("fill-opacity", strength)].into_iter().chain(size).collect();
        vec![("rect", ground), ("rect", colour)]
    };
    let points = |value: f64| figure(value, report.groups.is_some(), lang);
    if report.groups.is_some() {
        let ends = [("less", -1.0, Word::MoreInB), ("heat", 1.0, Word::MoreInA)];
        for (class, sign, word) in ends {
            let text = format!("{} {}", points(most * sign), lang.say(word));
            keys.push(Key { width: 22.0, mark: mark(class, 1.0), text });
        }
        let frame = [("class", "sure"), ("y", "-6"), ("width", "22"), ("height", "12")];
        keys.push(Key::new("rect", 22.0, &frame, lang.say(Word::Significant)));
        keys.push(Key::words(lang.say(Word::InPoints)));
    } else {
        for part in [0.25, 0.5, 1.0] {
            keys.push(Key {
                width: 22.0,
                mark: mark("heat", part),
                text: format!("{} %", lang.decimal(most * part * 100.0, 0)),
            });
        }
        keys.push(Key::words(lang.say(Word::InPercent)));
    }
    chart.legend(&keys);
}

/// Of which groups the difference is, as `named` calls them.
fn difference_said(groups: &StepGroups, lang: Language, named: fn(&str) -> String) -> String {
    let [a, b] = [&groups.a, &groups.b].map(|group| {
        let journeys = lang.count(group.of, Word::OneJourney, Word::Journeys);
        format!("{} ({journeys})", isolated(&named(&group.value)))
    });
    lang.fill(Word::StepMatrixDifferenceAbout, &[("a", &a), ("b", &b)])
}

/// What the picture shows, for those who do not see it.
fn description(report: &StepMatrix, rows: &[Row], lang: Language) -> String {
    let step = |column: usize| {
        let step = report.steps.get(column).copied().unwrap_or_default();
        lang.fill(Word::Step, &[("step", &lang.decimal(signed(step), 0))])
    };
    let mut cells: Vec<(f64, String)> = Vec::new();
    for row in rows {
        for (column, cell) in row.cells.iter().enumerate() {
            if let Some(value) = cell.value.filter(|_| row.is_touchpoint) {
                let figure = figure(value, report.groups.is_some(), lang);
                cells.push((value.abs(), format!("{}, {}: {figure}", isolated(&row.label), step(column))));
            }
        }
    }
    cells.sort_rows_by(|a, b| b.0.total_cmp(&a.0));
    let first: Vec<String> = cells.into_iter().take(3).map(|(_, text)| text).collect();
    if first.is_empty() {
        return lang.say(Word::NothingToShow).to_owned();
    }
    let groups = report.groups.as_ref().map(|groups| difference_said(groups, lang, str::to_owned) + " ");
    format!("{}{} {}.", groups.unwrap_or_default(), lang.say(Word::LargestCells), first.join("; "))
}
