//! How journeys flow from step to step, as a step Sankey diagram.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::chart::{self, Chart, check_limit, check_width, count, float};
use super::escape::isolated;
use super::svg::{Anchor, tenths};
use super::text::{Font, wrap};
use super::theme::Theme;
use super::words::{Language, Word};
use crate::analysis::{StepFlow, StepKind, StepNode};
use crate::error::Result;

/// Options for [`render_step_flow`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct RenderStepFlowOptions {
    /// What stands above the picture; if not given, what it shows.
    pub title: Option<String>,
    /// The most touchpoints with a box of their own at each step; the others there are one box. From 1 to 200.
    pub limit: u64,
    /// The width of the picture in pixels, from 280 to 4000. Steps that do not fit are not drawn.
    pub width: u64,
    /// The language of the words around labels.
    pub lang: Language,
    /// Light, dark, or as the reader's system is set.
    pub theme: Theme,
}

impl Default for RenderStepFlowOptions {
    fn default() -> Self {
        Self { title: None, limit: 10, width: chart::WIDTH, lang: Language::default(), theme: Theme::default() }
    }
}

/// Draws how journeys flow from step to step: at each step a box for each touchpoint, as high as many journeys are there, and
/// between steps bands as high as many go that way.
///
/// Journeys that have ended stay in a box of their own, so every step is as high as the first.
///
/// ```
/// use journey_core::{Event, EventLog, RenderStepFlowOptions, StepFlowOptions, render_step_flow, step_flow};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let flow = step_flow(&log, &StepFlowOptions { steps: 3, ..Default::default() })?;
/// assert!(render_step_flow(&flow, &RenderStepFlowOptions::default())?.contains("visit"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
pub fn render_step_flow(report: &StepFlow, options: &RenderStepFlowOptions) -> Result<String> {
    check_width(options.width)?;
    check_limit("limit", options.limit)?;
    let description = description(report, options.lang);
    Ok(picture(report, options).finish(options.theme, RULES, &description))
}

const RULES: &str = "\
.journey .box{fill:var(--ramp-3)}\n\
.journey .box.other{fill:var(--ramp-1)}\n\
.journey .box.ended,.journey .box.not_started{fill:var(--expected);fill-opacity:.55}\n\
.journey .box.open{fill:none;stroke:var(--expected);stroke-dasharray:3 2}\n\
.journey .band{fill:var(--ramp-2);fill-opacity:.3}\n\
.journey .band.ended,.journey .band.not_started,.journey .band.open{fill:var(--expected);fill-opacity:.16}\n\
.journey .band:hover{fill-opacity:.6}\n\
.journey .halo{paint-order:stroke;stroke:var(--page);stroke-width:3px;stroke-linejoin:round}\n";

/// The least width of a step with its labels.
const LEAST_STEP: f64 = 118.0;
const BOX: f64 = 12.0;
/// The height that all journeys have.
const WHOLE: f64 = 300.0;
/// The height that a box takes at least, for its label.
const LEAST_ROW: f64 = 15.0;

/// A box of the drawing: a node of the report, or all that the limit puts together.
struct Place<'a> {
    column: usize,
    kind: StepKind,
    name: Option<&'a str>,
    touchpoints: u64,
    journeys: u64,
    top: f64,
    height: f64,
}

struct Drawing<'a> {
    places: Vec<Place<'a>>,
    /// Bands by the positions of their places, with their journeys.
    bands: BTreeMap<(usize, usize), u64>,
    columns: usize,
    height: f64,
}

fn class(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Touchpoint => "touchpoint",
        StepKind::Other => "other",
        StepKind::NotStarted => "not_started",
        StepKind::Open => "open",
        StepKind::Ended => "ended",
    }
}

impl<'a> Drawing<'a> {
    fn new(report: &'a StepFlow, columns: usize, most: usize) -> Self {
        let mut places: Vec<Place<'a>> = Vec::new();
        // The box of each node of the report.
        let mut boxes: Vec<Option<usize>> = Vec::with_capacity(report.nodes.len());
        let mut shown = vec![0; columns];
        let mut others: Vec<Option<usize>> = vec![None; columns];
        for node in &report.nodes {
            let column = report.steps.iter().position(|step| *step == node.step).filter(|column| *column < columns);
            boxes.push(column.and_then(|column| {
                let many = shown.get_mut(column)?;
                let folded = match node.kind {
                    StepKind::Touchpoint => {
                        *many += 1;
                        *many > most
                    }
                    StepKind::Other => true,
                    _ => false,
                };
                let other = others.get_mut(column)?;
                if let (true, Some(place)) = (folded, *other) {
                    let place_of_others = places.get_mut(place)?;
                    place_of_others.journeys += node.journeys;
                    place_of_others.touchpoints += node.touchpoints;
                    return Some(place);
                }
                if folded {
                    *other = Some(places.len());
                }
                places.push(Place::of(node, column, folded));
                Some(places.len() - 1)
            }));
        }
        let mut bands: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        let place_of = |node: u64| boxes.get(usize::try_from(node).ok()?).copied().flatten();
        for link in &report.links {
            if let (Some(source), Some(target)) = (place_of(link.source_node), place_of(link.target_node)) {
                *bands.entry((source, target)).or_default() += link.journeys;
            }
        }
        let mut drawing = Self { places, bands, columns, height: 0.0 };
        drawing.stack(report.of);
        drawing
    }

    /// Puts the boxes of each step on each other, each with room for its label.
    fn stack(&mut self, of: u64) {
        let mut down = vec![0.0_f64; self.columns];
        for place in &mut self.places {
            let Some(down) = down.get_mut(place.column) else { continue };
            place.height = (WHOLE * float(place.journeys) / float(of.max(1))).max(1.0);
            let row = (place.height + 5.0).max(LEAST_ROW);
            place.top = *down + (row - place.height) / 2.0;
            *down += row;
        }
        self.height = down.into_iter().fold(0.0, f64::max);
    }
}

impl<'a> Place<'a> {
    fn of(node: &'a StepNode, column: usize, folded: bool) -> Self {
        Self {
            column,
            kind: if folded { StepKind::Other } else { node.kind },
            name: node.touchpoint.as_deref().filter(|_| !folded),
            touchpoints: node.touchpoints,
            journeys: node.journeys,
            top: 0.0,
            height: 0.0,
        }
    }

    fn label(&self, lang: Language) -> String {
        match (self.kind, self.name) {
            (_, Some(name)) => name.to_owned(),
            (StepKind::Ended, _) => lang.say(Word::Ended).to_owned(),
            (StepKind::Open, _) => lang.say(Word::Open).to_owned(),
            (StepKind::NotStarted, _) => lang.say(Word::NotStarted).to_owned(),
            (StepKind::Other | StepKind::Touchpoint, None) => {
                lang.count(self.touchpoints, Word::OneOther, Word::Others)
            }
        }
    }
}

fn picture(report: &StepFlow, options: &RenderStepFlowOptions) -> Chart {
    let lang = options.lang;
    let title = options.title.as_deref().unwrap_or(lang.say(Word::StepFlowTitle));
    let of = lang.count(report.of, Word::OneJourney, Word::Journeys);
    let about = lang.fill(Word::StepFlowAbout, &[("journeys", &of)]);
    let mut chart = Chart::new(title, &about, options.width, lang);
    if report.nodes.is_empty() {
        chart.paragraph(lang.say(Word::NothingToShow), Font::Body, "", 3);
        return chart;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width of a picture")]
    let fitting = ((chart.inner() + 6.0) / LEAST_STEP).max(1.0) as usize;
    let columns = report.steps.len().min(fitting);
    let most = usize::try_from(options.limit).unwrap_or(usize::MAX);
    let drawing = Drawing::new(report, columns, most);
    let pitch = (chart.inner() / count(columns)).min(360.0);
    let left = |column: usize| chart.margin + pitch * count(column);
    let lefts: Vec<f64> = (0..columns).map(left).collect();
    let at = |column: usize| lefts.get(column).copied().unwrap_or_default();
    for (column, step) in report.steps.iter().take(columns).enumerate() {
        let name = lang.fill(Word::Step, &[("step", &lang.decimal(signed(*step), 0))]);
        chart.text(&name, Font::Heading, "soft", (at(column), chart.bottom + 11.0), pitch - 8.0, Anchor::Start);
    }
    let top = chart.bottom + 24.0;
    bands(&mut chart, &drawing, at, top);
    for place in &drawing.places {
        let x = at(place.column);
        let label = place.label(lang);
        let share = lang.percent(chart::ratio(place.journeys, report.of));
        let n = lang.whole(place.journeys);
        let journeys = lang.count(place.journeys, Word::OneJourney, Word::Journeys);
        let said = format!("{}: {journeys}, {share}", isolated(&label));
        match place.name {
            // A page finds it by its id. It is no stop of the keyboard: there are as many as touchpoints at all steps.
            Some(id) => {
                let step = report.steps.get(place.column).copied().map_or(0.0, signed);
                let step = lang.fill(Word::Step, &[("step", &lang.decimal(step, 0))]);
                let label = format!("{said}; {step}");
                let (id, label) = (("data-touchpoint", id.into()), ("aria-label", (&label).into()));
                chart.svg.open("g", &[("class", "touchpoint".into()), id, ("role", "img".into()), label]);
            }
            None => chart.svg.open("g", &[]),
        }
        chart.svg.leaf("title", &[], &said);
        chart.rect(&format!("box {}", class(place.kind)), (x, top + place.top), (BOX, place.height));
        let (text, room) = (x + BOX + 5.0, pitch - BOX - 12.0);
        let middle = top + place.top + place.height / 2.0;
        // The figures stand in a second line, or where that has no room, behind the name.
        let figures = format!("{n} · {share}");
        if place.height >= 30.0 {
            chart.text(&label, Font::Small, "halo", (text, middle - 3.0), room, Anchor::Left);
            chart.text(&figures, Font::Small, "soft halo", (text, middle + 10.5), room, Anchor::Left);
        } else {
            let wide = Font::Small.width(&share) + 6.0;
            let name = wrap(&label, Font::Small, room - wide, 1);
            let used = name.lines.first().map_or(0.0, |line| Font::Small.width(line));
            chart.svg.label(&name, Font::Small, "halo", (text, middle + 4.0), used, Anchor::Left);
            chart.text(&share, Font::Small, "soft halo", (text + used + 5.0, middle + 4.0), wide, Anchor::Left);
        }
        chart.svg.close();
    }
    chart.bottom = top + drawing.height + 6.0;
    chart.note(lang.say(Word::StepFlowNote));
    let more = (report.steps.len() - columns) as u64;
    if more > 0 {
        chart.note(&lang.count(more, Word::OneMoreStep, Word::MoreSteps));
    }
    chart
}

#[expect(clippy::cast_precision_loss, reason = "a step is at most a thousand")]
pub(super) fn signed(step: i64) -> f64 {
    step as f64
}

/// Draws the bands between the boxes: at both ends in the order of the boxes at the other.
fn bands(chart: &mut Chart, drawing: &Drawing<'_>, left: impl Fn(usize) -> f64, top: f64) {
    let mut out: Vec<f64> = drawing.places.iter().map(|place| place.top).collect();
    let mut into = out.clone();
    let lang = chart.language;
    // By source, then target: so bands leave from top to bottom, and arrive from top to bottom.
    for ((source, target), journeys) in &drawing.bands {
        let (Some(from), Some(to)) = (drawing.places.get(*source), drawing.places.get(*target)) else { continue };
        let (Some(from_top), Some(to_top)) = (out.get_mut(*source), into.get_mut(*target)) else { continue };
        let thick = |place: &Place<'_>| place.height * float(*journeys) / float(place.journeys.max(1));
        let (begin, end) = (thick(from), thick(to));
        let (x0, x1) = (left(from.column) + BOX, left(to.column));
        let middle = tenths(f64::midpoint(x0, x1));
        let (y0, y1) = (top + *from_top, top + *to_top);
        let d = format!(
            "M{a} {y0}C{middle} {y0} {middle} {y1} {b} {y1}V{y2}C{middle} {y2} {middle} {y3} {a} {y3}Z",
            a = tenths(x0),
            b = tenths(x1),
            y0 = tenths(y0),
            y1 = tenths(y1),
            y2 = tenths(y1 + end.max(0.4)),
            y3 = tenths(y0 + begin.max(0.4)),
        );
        *from_top += begin;
        *to_top += end;
        let class = format!("band {}", class(to.kind));
        chart.svg.open("path", &[("class", (&class).into()), ("d", (&d).into())]);
        let journeys = lang.count(*journeys, Word::OneJourney, Word::Journeys);
        let (source, target) = (from.label(lang), to.label(lang));
        chart.svg.leaf("title", &[], &format!("{} → {}: {journeys}", isolated(&source), isolated(&target)));
        chart.svg.close();
    }
}

/// What the picture shows, for those who do not see it.
fn description(report: &StepFlow, lang: Language) -> String {
    let first: Vec<String> = report
        .steps
        .iter()
        .filter_map(|step| {
            let node = report.nodes.iter().filter(|node| node.step == *step).max_by(|a, b| {
                // Of equal ones the first.
                a.journeys.cmp(&b.journeys).then(std::cmp::Ordering::Greater)
            })?;
            let place = Place::of(node, 0, false);
            let step = lang.fill(Word::Step, &[("step", &lang.decimal(signed(*step), 0))]);
            Some(format!("{step}: {} {}", isolated(&place.label(lang)), lang.percent(node.share.share)))
        })
        .collect();
    if first.is_empty() {
        return lang.say(Word::NothingToShow).to_owned();
    }
    format!("{} {}.", lang.say(Word::MostAtEachStep), first.join("; "))
}
