//! A funnel: how many take each step, how many go on to the next, and how groups do.

use serde::{Deserialize, Serialize};

use super::chart::{self, Chart, RULES, check_limit, check_width, float, share_said};
use super::escape::isolated;
use super::scale::Axis;
use super::svg::Anchor;
use super::text::{Font, wrap};
use super::theme::Theme;
use super::words::{Language, Word};
use crate::analysis::{Funnel, FunnelCounting, FunnelGroup, FunnelStepResult};
use crate::error::Result;

/// Options for [`render_funnel`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct RenderFunnelOptions {
    /// What stands above the picture; if not given, what it shows.
    pub title: Option<String>,
    /// The most groups drawn, in the order of the report; from 1 to 200.
    pub limit: u64,
    /// The width of the picture in pixels, from 280 to 4000.
    pub width: u64,
    /// The language of the words around labels.
    pub lang: Language,
    /// Light, dark, or as the reader's system is set.
    pub theme: Theme,
}

impl Default for RenderFunnelOptions {
    fn default() -> Self {
        Self { title: None, limit: 20, width: chart::WIDTH, lang: Language::default(), theme: Theme::default() }
    }
}

/// Draws a funnel: a bar for each step from zero, with the interval of the overall conversion, and between two bars how many
/// go on; below, the conversion of each group with its interval.
///
/// ```
/// use journey_core::{Event, EventLog, FunnelOptions, RenderFunnelOptions, funnel, render_funnel};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "cart", "2024-03-13T10:05:00Z".parse()?))
///     .event(Event::new("bob", "visit", "2024-03-13T11:00:00Z".parse()?))
///     .build()?;
/// let report = funnel(&log, ["visit", "cart"], &FunnelOptions::default())?;
/// let svg = render_funnel(&report, &RenderFunnelOptions::default())?;
/// assert!(svg.contains("50.0"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
pub fn render_funnel(report: &Funnel, options: &RenderFunnelOptions) -> Result<String> {
    check_width(options.width)?;
    check_limit("limit", options.limit)?;
    let description = description(report, options.lang);
    Ok(picture(report, options).finish(options.theme, &format!("{RULES}{OWN_RULES}"), &description))
}

const OWN_RULES: &str = "\
.journey .optional{fill:none;stroke:var(--ramp-2);stroke-width:1.5;stroke-dasharray:4 3}\n\
.journey .all{stroke:var(--soft);stroke-dasharray:4 3}\n\
.journey .dot{fill:var(--measured)}\n\
.journey .hollow{fill:var(--page);stroke:var(--measured);stroke-width:2}\n";

const BAR: f64 = 24.0;

/// Where a chart with names at the left has its parts; below this width names stand above.
struct Frame {
    stacked: bool,
    names: f64,
    left: f64,
    right: f64,
}

impl Frame {
    /// `figures` is the width kept free at the right.
    fn new(chart: &Chart, figures: f64) -> Self {
        let stacked = chart.inner() < 560.0;
        let names = if stacked { chart.inner() } else { (chart.inner() * 0.26).min(230.0) };
        let left = if stacked { chart.margin } else { chart.margin + names + 14.0 };
        let right = chart.width - chart.margin - if stacked { 0.0 } else { figures };
        Self { stacked, names, left, right }
    }
}

fn picture(report: &Funnel, options: &RenderFunnelOptions) -> Chart {
    let lang = options.lang;
    let title = options.title.as_deref().unwrap_or(lang.say(Word::FunnelTitle));
    let attempts = report.policy.counting == FunnelCounting::Attempts;
    let unit = lang.say(if attempts { Word::AttemptsUnit } else { Word::JourneysUnit });
    let about = lang.fill(
        Word::FunnelAbout,
        &[
            ("journeys", &lang.count(report.journeys, Word::OneJourney, Word::Journeys)),
            ("entered", &lang.whole(report.entered)),
            ("unit", unit),
            ("conversion", &share_said(&report.conversion, lang)),
        ],
    );
    let mut chart = Chart::new(title, &about, options.width, lang);
    let most = report.steps.iter().map(|step| step.reached).max().unwrap_or_default();
    let frame = Frame::new(&chart, 150.0);
    let ticks = if frame.stacked { 4 } else { 6 };
    let axis = Axis::linear(0.0, float(most.max(1)), ticks);
    chart.rows_on(
        |chart| {
            for step in &report.steps {
                step_row(chart, step, &frame, &axis);
            }
        },
        |chart, ends| {
            let written = |tick: f64| lang.decimal(tick, axis.decimals);
            chart.axis(&axis, (frame.left, frame.right), ends, |tick| {
                grouped(tick, lang).unwrap_or_else(|| written(tick))
            });
        },
    );
    chart.text(unit, Font::Small, "soft", (frame.left, chart.bottom + 8.0), frame.right - frame.left, Anchor::Middle);
    chart.bottom += 12.0;
    chart.note(lang.say(Word::FunnelNote));
    groups(&mut chart, report, options);
    let notes = [(report.excluded, Word::FunnelExcluded), (report.open_journeys, Word::FunnelOpen)];
    for (n, word) in notes {
        if n > 0 {
            let n = lang.count(n, Word::OneJourney, Word::Journeys);
            chart.note(&lang.fill(word, &[("journeys", &n)]));
        }
    }
    chart
}

/// A whole number with its digits in groups.
fn grouped(number: f64, lang: Language) -> Option<String> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number that is not negative")]
    let whole = (number >= 0.0 && number.fract() == 0.0).then_some(number as u64);
    whole.map(|whole| lang.whole(whole))
}

fn step_row(chart: &mut Chart, step: &FunnelStepResult, frame: &Frame, axis: &Axis) {
    let lang = chart.language;
    let at = |value: f64| frame.left + (frame.right - frame.left) * axis.part(value);
    // How many go on, between the bar before and this one.
    if let Some(conversion) = &step.conversion {
        let share = share_said(conversion, lang);
        let mut said = vec![lang.fill(Word::GoOn, &[("share", &share), ("of", &lang.whole(conversion.of))])];
        said.extend(
            step.from_previous
                .as_ref()
                .map(|time| lang.fill(Word::AfterMedian, &[("median", &lang.duration(time.median_seconds))])),
        );
        let room = frame.right - frame.left - 6.0;
        let lines = wrap(&format!("↓ {}", said.join(" · ")), Font::Small, room, 2);
        chart.bottom += 3.0;
        let base = chart.bottom + Font::Small.line() * 0.8;
        chart.svg.label_on_plate(&lines, Font::Small, "soft", (frame.left + 6.0, base), room, Anchor::Start);
        chart.bottom += Font::Small.line() * chart::count(lines.lines.len()) + 3.0;
    }
    let optional = if step.optional { format!(" ({})", lang.say(Word::Optional)) } else { String::new() };
    let name = wrap(&format!("{}{optional}", step.name), Font::Heading, frame.names, 3);
    let height = Font::Heading.line() * chart::count(name.lines.len());
    let figures = format!("{} · {}", lang.whole(step.reached), lang.percent(step.overall.share));
    if frame.stacked {
        let base = chart.bottom + Font::Heading.line() * 0.8;
        chart.svg.label_on_plate(&name, Font::Heading, "", (chart.margin, base), frame.names, Anchor::Start);
        chart.bottom += height + 3.0;
    }
    let row = if frame.stacked { BAR } else { BAR.max(height) };
    let (top, middle) = (chart.bottom + (row - BAR) / 2.0, chart.bottom + row / 2.0);
    if !frame.stacked {
        let base = middle - height / 2.0 + Font::Heading.line() * 0.78;
        chart.svg.label(&name, Font::Heading, "", (chart.margin, base), frame.names, Anchor::Right);
    }
    let end = at(float(step.reached));
    let entered = float(step.overall.of);
    let ends = step.overall.low.zip(step.overall.high).filter(|_| step.conversion.is_some());
    let ends = ends.map(|(low, high)| (at(low * entered), at(high * entered)));
    chart.svg.open("g", &[]);
    chart.svg.leaf("title", &[], &step_said(step, lang));
    let class = if step.optional { "optional" } else { "bar" };
    chart.rect(class, (frame.left, top), ((end - frame.left).max(0.0), BAR));
    if let Some(ends) = ends {
        chart.whisker(ends, middle);
    }
    chart.svg.close();
    let after = ends.map_or(end, |(_, high)| high.max(end)) + 8.0;
    let wide = Font::Body.width(&figures);
    if frame.stacked {
        // At the end of the bar if there is room, else below it.
        let fits = after + wide <= chart.width - chart.margin;
        let (x, y) = if fits { (after, middle + 4.0) } else { (frame.left, top + BAR + 14.0) };
        chart.text_on_plate(&figures, Font::Body, "", (x, y), wide + 1.0);
        chart.bottom += if fits { row } else { row + 16.0 };
    } else {
        chart.text_on_plate(&figures, Font::Body, "", (after, middle + 4.0), wide + 1.0);
        chart.bottom += row;
    }
    chart.bottom += 2.0;
}

/// A step in words.
fn step_said(step: &FunnelStepResult, lang: Language) -> String {
    let mut said = vec![format!("{}: {}", isolated(&step.name), lang.whole(step.reached))];
    let share = share_said(&step.overall, lang);
    said.push(lang.fill(Word::OfTheFirstStep, &[("share", &share)]));
    if let Some(conversion) = &step.conversion {
        let (share, of) = (share_said(conversion, lang), lang.whole(conversion.of));
        said.push(lang.fill(Word::GoOn, &[("share", &share), ("of", &of)]));
    }
    said.push(lang.fill(Word::LostHere, &[("n", &lang.whole(step.lost))]));
    if step.open > 0 {
        said.push(lang.fill(Word::OpenHere, &[("n", &lang.whole(step.open))]));
    }
    said.join("; ")
}

/// The conversion of each group, with its interval.
fn groups(chart: &mut Chart, report: &Funnel, options: &RenderFunnelOptions) {
    let lang = options.lang;
    let shown = usize::try_from(options.limit).unwrap_or(usize::MAX);
    if report.groups.is_empty() {
        return;
    }
    let attribute = report.policy.breakdown.as_deref().unwrap_or_default();
    chart.heading(&lang.fill(Word::ConversionBy, &[("attribute", &isolated(attribute))]));
    let frame = Frame::new(chart, 190.0);
    let groups: Vec<&FunnelGroup> = report.groups.iter().take(shown).collect();
    let highest = groups.iter().filter_map(|group| group.conversion.high).fold(0.0, f64::max);
    let axis = Axis::linear(0.0, (highest * 100.0).clamp(1.0, 100.0), if frame.stacked { 4 } else { 6 });
    let at = |share: f64| frame.left + (frame.right - frame.left) * axis.part(share * 100.0);
    chart.rows_on(
        |chart| {
            for group in &groups {
                group_row(chart, group, &frame, at);
            }
        },
        |chart, (top, bottom)| {
            chart.axis(&axis, (frame.left, frame.right), (top, bottom), |tick| {
                format!("{} %", lang.decimal(tick, axis.decimals))
            });
            if let Some(share) = report.conversion.share {
                chart.upright("all", at(share), (top, bottom));
            }
        },
    );
    chart.note(lang.say(Word::FunnelGroupsNote));
    let more = (report.groups.len() - groups.len()) as u64 + report.groups_left_out;
    if more > 0 {
        chart.note(&lang.count(more, Word::OneMoreGroup, Word::MoreGroups));
    }
}

fn group_row(chart: &mut Chart, group: &FunnelGroup, frame: &Frame, at: impl Fn(f64) -> f64) {
    let lang = chart.language;
    let label = group.value.clone().unwrap_or_else(|| lang.say(Word::NoValue).to_owned());
    let name = wrap(&label, Font::Body, frame.names, 2);
    let height = Font::Body.line() * chart::count(name.lines.len());
    let of = lang.whole(group.conversion.of);
    let share = share_said(&group.conversion, lang);
    let verdict = match group.significant {
        Some(true) => lang.say(Word::Differs),
        _ => "",
    };
    chart.svg.open("g", &[]);
    let said = [share.clone(), lang.fill(Word::OfN, &[("of", &of)]), verdict.to_owned()];
    let said: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
    chart.svg.leaf("title", &[], &format!("{}: {}", isolated(&label), said.join("; ")));
    let row = if frame.stacked {
        let base = chart.bottom + Font::Body.line() * 0.8;
        chart.svg.label_on_plate(&name, Font::Body, "", (chart.margin, base), frame.names, Anchor::Start);
        chart.bottom += height;
        16.0
    } else {
        height.max(32.0) + 2.0
    };
    let middle = chart.bottom + row / 2.0;
    if !frame.stacked {
        let base = middle - height / 2.0 + Font::Body.line() * 0.78;
        chart.svg.label(&name, Font::Body, "", (chart.margin, base), frame.names, Anchor::Right);
    }
    if let Some((low, high)) = group.conversion.low.zip(group.conversion.high) {
        chart.whisker((at(low), at(high)), middle);
    }
    if let Some(share) = group.conversion.share {
        let class = if group.significant == Some(true) { "dot" } else { "hollow" };
        chart.svg.empty(
            "circle",
            &[("class", class.into()), ("cx", at(share).into()), ("cy", middle.into()), ("r", 5.0.into())],
        );
    }
    let n = lang.fill(Word::OfN, &[("of", &of)]);
    let second = if verdict.is_empty() { n } else { format!("{n} · {verdict}") };
    if frame.stacked {
        chart.bottom += row + 2.0;
        let text = wrap(&format!("{share} {second}"), Font::Small, chart.inner(), 2);
        let base = chart.bottom + Font::Small.line() * 0.7;
        chart.svg.label_on_plate(&text, Font::Small, "soft", (chart.margin, base), chart.inner(), Anchor::Start);
        chart.bottom += Font::Small.line() * chart::count(text.lines.len()) + 6.0;
    } else {
        let (x, wide) = (frame.right + 14.0, chart.width - chart.margin - frame.right - 14.0);
        chart.text(&share, Font::Small, "", (x, middle - 3.0), wide, Anchor::Start);
        chart.text(&second, Font::Small, "soft", (x, middle + 11.0), wide, Anchor::Start);
        chart.bottom += row;
    }
    chart.svg.close();
}

/// What the picture shows, for those who do not see it.
fn description(report: &Funnel, lang: Language) -> String {
    let steps: Vec<String> = report.steps.iter().map(|step| step_said(step, lang)).collect();
    if steps.is_empty() { lang.say(Word::NothingToShow).to_owned() } else { format!("{}.", steps.join(". ")) }
}
