//! How two groups differ: the difference of each finding with its interval, and the verdict of its test.

use serde::{Deserialize, Serialize};

use super::chart::{self, Chart, Key, RULES, check_limit, check_width, row_name};
use super::escape::isolated;
use super::scale::Axis;
use super::svg::Anchor;
use super::text::{Font, in_a_sentence, wrap};
use super::theme::Theme;
use super::words::{Language, Word};
use crate::analysis::{Comparison, ComparisonTest, FEW_JOURNEYS, Finding, FindingKind};
use crate::error::Result;

/// Options for [`render_comparison`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct RenderComparisonOptions {
    /// What stands above the picture; if not given, what it shows.
    pub title: Option<String>,
    /// The most findings drawn, in the order of the report; from 1 to 200.
    pub limit: u64,
    /// The width of the picture in pixels, from 280 to 4000.
    pub width: u64,
    /// The language of the words around labels.
    pub lang: Language,
    /// Light, dark, or as the reader's system is set.
    pub theme: Theme,
}

impl Default for RenderComparisonOptions {
    fn default() -> Self {
        Self { title: None, limit: 16, width: chart::WIDTH, lang: Language::default(), theme: Theme::default() }
    }
}

/// Draws how two groups differ, such as before and after: a row for each finding with the difference, its interval, both
/// figures and the verdict of the test.
///
/// Shares, times, numbers of events and scores have an axis each. Differences of times are drawn relative to the median of the
/// first group, so that seconds and days stand beside each other. The distance between the mixes of paths has no interval, and
/// is told in words.
///
/// ```
/// use journey_core::{CompareOptions, Event, EventLog, RenderComparisonOptions, compare, render_comparison};
///
/// let log = |paid: usize| {
///     let mut log = EventLog::builder();
///     for customer in 0..100 {
///         let time = "2024-03-13T10:00:00Z".parse()?;
///         log = log.event(Event::new(&format!("{paid}-{customer}"), if customer < paid { "pay" } else { "leave" }, time));
///     }
///     log.build()
/// };
/// let report = compare(&log(20)?, &log(50)?, &CompareOptions::default())?;
/// assert!(render_comparison(&report, &RenderComparisonOptions::default())?.contains("pay"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
pub fn render_comparison(report: &Comparison, options: &RenderComparisonOptions) -> Result<String> {
    check_width(options.width)?;
    check_limit("limit", options.limit)?;
    let most = usize::try_from(options.limit).unwrap_or(usize::MAX);
    let mix = |finding: &&Finding| finding.kind != FindingKind::VariantMix;
    let shown: Vec<&Finding> = report.findings.iter().filter(mix).take(most).collect();
    let description = description(report, &shown, options.lang);
    Ok(picture(report, &shown, options).finish(options.theme, &format!("{RULES}{OWN_RULES}"), &description))
}

const OWN_RULES: &str = "\
.journey .dot{fill:var(--measured)}\n\
.journey .hollow{fill:var(--page);stroke:var(--measured);stroke-width:2}\n\
.journey .beyond{fill:var(--ink)}\n";

/// What differences are measured in; each has an axis of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Points,
    Times,
    Events,
    Scores,
}

impl Measure {
    const ALL: [Self; 4] = [Self::Points, Self::Times, Self::Events, Self::Scores];

    fn of(finding: &Finding) -> Self {
        match finding.kind {
            FindingKind::ThroughputTime | FindingKind::TransitionTime => Self::Times,
            FindingKind::EventsPerJourney => Self::Events,
            FindingKind::Score | FindingKind::TouchpointScore => Self::Scores,
            _ => Self::Points,
        }
    }

    const fn head(self) -> Word {
        match self {
            Self::Points => Word::DifferenceOfShares,
            Self::Times => Word::DifferenceOfTimes,
            Self::Events => Word::DifferenceOfEvents,
            Self::Scores => Word::DifferenceOfScores,
        }
    }

    /// A difference as it stands on the axis: in points, in percent of the first group's median, or as it is.
    fn drawn(self, value: f64, finding: &Finding) -> Option<f64> {
        match self {
            Self::Points => Some(value * 100.0),
            Self::Times => finding.a.filter(|a| *a > 0.0).map(|a| value / a * 100.0),
            Self::Events | Self::Scores => Some(value),
        }
    }

    /// A figure of a group.
    fn figure(self, value: Option<f64>, lang: Language) -> String {
        match (self, value) {
            (_, None) => "–".to_owned(),
            (Self::Points, value) => lang.percent(value),
            (Self::Times, Some(seconds)) => lang.duration(seconds),
            (Self::Events, Some(number)) => lang.decimal(number, 1),
            (Self::Scores, Some(score)) => lang.score(score),
        }
    }

    /// A difference, with its sign.
    fn difference(self, value: f64, lang: Language) -> String {
        let size = match self {
            Self::Points => lang.decimal(value.abs() * 100.0, 1),
            Self::Times => lang.duration(value.abs()),
            Self::Events | Self::Scores => lang.decimal(value.abs(), 2),
        };
        let sign = if !size.chars().any(|c| matches!(c, '1'..='9')) {
            ""
        } else if value < 0.0 {
            "−"
        } else {
            "+"
        };
        format!("{sign}{size}")
    }

    fn tick(self, tick: f64, decimals: usize, lang: Language) -> String {
        let size = lang.decimal(tick, decimals);
        let sign = if tick > 0.0 { "+" } else { "" };
        let unit = if self == Self::Times { " %" } else { "" };
        format!("{sign}{size}{unit}")
    }
}

/// What a finding is about.
fn subject(finding: &Finding, lang: Language) -> String {
    let name = |name: &Option<String>, missing: Word| {
        name.as_ref().map_or_else(|| lang.say(missing).to_owned(), |name| isolated(name).into_owned())
    };
    let way = || format!("{} → {}", name(&finding.source, Word::Start), name(&finding.target, Word::End));
    let touchpoint = finding.touchpoint.as_deref().map(isolated).unwrap_or_default();
    let about = [("touchpoint", touchpoint.as_ref())];
    match finding.kind {
        FindingKind::Conversion => lang.say(Word::Conversion).to_owned(),
        FindingKind::StepReach => lang.fill(Word::Reaches, &about),
        FindingKind::StepConversion => lang.fill(Word::StepConversion, &[("way", &way())]),
        FindingKind::Visit => lang.fill(Word::VisitsIt, &about),
        FindingKind::Transition => way(),
        FindingKind::TransitionTime => lang.fill(Word::TimeOfWay, &[("way", &way())]),
        FindingKind::ThroughputTime => lang.say(Word::Throughput).to_owned(),
        FindingKind::EventsPerJourney => lang.say(Word::EventsPerJourney).to_owned(),
        FindingKind::Score => lang.say(Word::ScoreOfJourneys).to_owned(),
        FindingKind::TouchpointScore => lang.fill(Word::ScoreAt, &about),
        FindingKind::VariantMix => lang.say(Word::MixOfPaths).to_owned(),
    }
}

const fn test(test: ComparisonTest) -> &'static str {
    match test {
        ComparisonTest::Z => "z",
        ComparisonTest::FisherExact => "Fisher",
        ComparisonTest::MannWhitney => "Mann–Whitney",
        ComparisonTest::Welch => "Welch",
        ComparisonTest::ChiSquared => "χ²",
    }
}

/// A finding as a row of a table: what it is about, both figures, their difference, its interval, the verdict.
pub(super) fn cells(finding: &Finding, lang: Language) -> [String; 6] {
    let measure = Measure::of(finding);
    let difference = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| measure.difference(value, lang));
    let interval = finding.low.zip(finding.high).map_or_else(
        || "–".to_owned(),
        |(low, high)| lang.interval(&measure.difference(low, lang), &measure.difference(high, lang)),
    );
    [
        subject(finding, lang),
        measure.figure(finding.a, lang),
        measure.figure(finding.b, lang),
        difference(finding.difference),
        interval,
        verdict(finding, lang),
    ]
}

/// What the test says, in a few words.
fn verdict(finding: &Finding, lang: Language) -> String {
    let Some(p) = finding.p_adjusted.or(finding.p_value) else { return lang.say(Word::NoTest).to_owned() };
    let (sign, p) = if p < 0.001 { ('<', 0.001) } else { ('=', p) };
    let p = format!("{sign}\u{a0}{}", lang.decimal(p, 3));
    let word = match finding.significant {
        Some(true) => Word::IsSignificant,
        _ => Word::MayBeChance,
    };
    lang.fill(word, &[("p", &p)])
}

fn picture(report: &Comparison, shown: &[&Finding], options: &RenderComparisonOptions) -> Chart {
    let lang = options.lang;
    let [a, b] = [&report.a, &report.b].map(|group| in_a_sentence(&group.name));
    let title = options
        .title
        .clone()
        .unwrap_or_else(|| lang.fill(Word::ComparisonTitle, &[("a", &isolated(&a)), ("b", &isolated(&b))]));
    let values = [
        ("a", isolated(&a).into_owned()),
        ("b", isolated(&b).into_owned()),
        ("sizea", lang.count(report.a.journeys, Word::OneJourney, Word::Journeys)),
        ("sizeb", lang.count(report.b.journeys, Word::OneJourney, Word::Journeys)),
        ("significant", lang.whole(report.significant)),
        ("tests", lang.whole(report.tests)),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut chart = Chart::new(&title, &lang.fill(Word::ComparisonAbout, &values), options.width, lang);
    if shown.is_empty() {
        chart.paragraph(lang.say(Word::NothingToShow), Font::Body, "", 3);
        warn(&mut chart, report);
        return chart;
    }
    for measure in Measure::ALL {
        let findings: Vec<&Finding> = shown.iter().copied().filter(|finding| Measure::of(finding) == measure).collect();
        if !findings.is_empty() {
            panel(&mut chart, measure, &findings);
        }
    }
    let dot = |class| Key::new("circle", 12.0, &[("class", class), ("cx", "6"), ("r", "5")], "");
    let keys = [
        Key { text: lang.say(Word::SignificantKey).to_owned(), ..dot("dot") },
        Key { text: lang.say(Word::ChanceKey).to_owned(), ..dot("hollow") },
    ];
    chart.legend(&keys);
    let rate = lang.decimal(report.false_discovery_rate * 100.0, 0);
    chart.note(&lang.fill(Word::ComparisonNote, &[("rate", &rate)]));
    if let Some(mix) = report.findings.iter().find(|finding| finding.kind == FindingKind::VariantMix) {
        let distance = mix.effect.map_or_else(|| "–".to_owned(), |distance| lang.decimal(distance, 2));
        let said = lang.fill(Word::MixSaid, &[("distance", &distance), ("verdict", &verdict(mix, lang))]);
        chart.note(&said);
    }
    let mixes = report.findings.iter().filter(|finding| finding.kind == FindingKind::VariantMix).count();
    let more = (report.findings.len() - mixes - shown.len()) as u64 + report.findings_left_out;
    if more > 0 {
        chart.note(&lang.count(more, Word::OneMoreFinding, Word::MoreFindings));
    }
    warn(&mut chart, report);
    chart
}

/// Writes what the report warns of, in the words of the picture.
fn warn(chart: &mut Chart, report: &Comparison) {
    let lang = chart.language;
    let names = [&report.a, &report.b].map(|group| in_a_sentence(&group.name));
    let [a, b] = names.each_ref().map(|name| isolated(name));
    let journeys = |n| lang.count(n, Word::OneJourney, Word::Journeys);
    if report.shared_journeys > 0 {
        let shared = journeys(report.shared_journeys);
        chart.note(&lang.fill(Word::SharedJourneys, &[("journeys", &shared), ("a", &a), ("b", &b)]));
    }
    for (group, name) in [(&report.a, &a), (&report.b, &b)] {
        if group.journeys < FEW_JOURNEYS {
            chart.note(&lang.fill(Word::FewJourneys, &[("group", name), ("journeys", &journeys(group.journeys))]));
        }
    }
}

fn panel(chart: &mut Chart, measure: Measure, findings: &[&Finding]) {
    let lang = chart.language;
    chart.heading(lang.say(measure.head()));
    let stacked = chart.inner() < 760.0;
    let names = if stacked { chart.inner() } else { (chart.inner() * 0.25).min(240.0) };
    let widths =
        findings.iter().flat_map(|finding| figures(measure, finding, lang)).map(|line| Font::Small.width(&line));
    let beside = if stacked { 0.0 } else { widths.fold(0.0, f64::max).ceil() };
    let left = if stacked { chart.margin + 8.0 } else { chart.margin + names + 18.0 };
    let right = chart.width - chart.margin - if stacked { 8.0 } else { beside + 22.0 };
    let drawn = |value: Option<f64>, finding: &Finding| value.and_then(|value| measure.drawn(value, finding));
    let (low, high) = findings
        .iter()
        .flat_map(|finding| [finding.difference, finding.low, finding.high].map(|value| drawn(value, finding)))
        .flatten()
        .fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    // A time that becomes many times longer would press all others together.
    let (low, high) = if measure == Measure::Times { (low.max(-200.0), high.min(300.0)) } else { (low, high) };
    let axis = Axis::linear(low, high, if stacked { 5 } else { 7 });
    let at = |value: f64| left + (right - left) * axis.part(value);
    chart.rows_on(
        |chart| {
            for finding in findings {
                row(chart, measure, finding, &axis, at, (names, (!stacked).then_some(beside)));
            }
        },
        |chart, ends| chart.axis(&axis, (left, right), ends, |tick| measure.tick(tick, axis.decimals, lang)),
    );
}

fn row(
    chart: &mut Chart,
    measure: Measure,
    finding: &Finding,
    axis: &Axis,
    at: impl Fn(f64) -> f64,
    (names, beside): (f64, Option<f64>),
) {
    let stacked = beside.is_none();
    let lang = chart.language;
    let name = row_name(&subject(finding, lang), Font::Body, names);
    let height = Font::Body.line() * chart::count(name.lines.len());
    let [first, second] = figures(measure, finding, lang);
    chart.svg.open("g", &[]);
    chart.svg.leaf("title", &[], &said(measure, finding, lang));
    let base = |y: f64| y + Font::Body.line() * 0.78;
    let row_height = if stacked {
        chart.svg.label_on_plate(&name, Font::Body, "", (chart.margin, base(chart.bottom)), names, Anchor::Start);
        chart.bottom += height;
        18.0
    } else {
        height.max(34.0)
    };
    let middle = chart.bottom + row_height / 2.0;
    if !stacked {
        chart.svg.label(&name, Font::Body, "", (chart.margin, base(middle - height / 2.0)), names, Anchor::Right);
    }
    let drawn = |value: Option<f64>| value.and_then(|value| measure.drawn(value, finding));
    if let Some((low, high)) = drawn(finding.low).zip(drawn(finding.high)) {
        let (from, to) = (at(low), at(high));
        chart.line("whisker", (from, to), middle);
        for (value, x) in [(low, from), (high, to)] {
            chart.end("whisker", axis, value, (x, middle));
        }
    }
    if let Some(difference) = drawn(finding.difference) {
        let class = if finding.significant == Some(true) { "dot" } else { "hollow" };
        let (cx, cy) = (at(difference).into(), middle.into());
        chart.svg.empty("circle", &[("class", class.into()), ("cx", cx), ("cy", cy), ("r", 5.0.into())]);
    }
    if let Some(wide) = beside {
        let x = chart.width - chart.margin - wide;
        chart.text(&first, Font::Small, "", (x, middle - 3.0), wide, Anchor::Start);
        chart.text(&second, Font::Small, "soft", (x, middle + 11.0), wide, Anchor::Start);
        chart.bottom += row_height + 3.0;
    } else {
        chart.bottom += row_height + 2.0;
        let text = wrap(&format!("{first} · {second}"), Font::Small, chart.inner(), 3);
        let at = (chart.margin, chart.bottom + 9.0);
        chart.svg.label_on_plate(&text, Font::Small, "soft", at, chart.inner(), Anchor::Start);
        chart.bottom += Font::Small.line() * chart::count(text.lines.len()) + 8.0;
    }
    chart.svg.close();
}

/// The figures beside a row: of both groups with the verdict, and the difference.
fn figures(measure: Measure, finding: &Finding, lang: Language) -> [String; 2] {
    let [a, b] = [finding.a, finding.b].map(|value| measure.figure(value, lang));
    [format!("{a} → {b} · {}", verdict(finding, lang)), difference_said(measure, finding, lang)]
}

/// The difference with its interval.
fn difference_said(measure: Measure, finding: &Finding, lang: Language) -> String {
    let Some(difference) = finding.difference else { return "–".to_owned() };
    let interval = finding.low.zip(finding.high).map_or_else(String::new, |(low, high)| {
        format!(" ({})", lang.interval(&measure.difference(low, lang), &measure.difference(high, lang)))
    });
    let unit = if measure == Measure::Points { format!(" {}", lang.say(Word::Points)) } else { String::new() };
    format!("{}{unit}{interval}", measure.difference(difference, lang))
}

/// A finding in words.
fn said(measure: Measure, finding: &Finding, lang: Language) -> String {
    let side = |value, n| format!("{} ({})", measure.figure(value, lang), lang.fill(Word::N, &[("n", &lang.whole(n))]));
    let mut said = vec![
        format!("{} → {}", side(finding.a, finding.a_n), side(finding.b, finding.b_n)),
        difference_said(measure, finding, lang),
        verdict(finding, lang),
    ];
    said.extend(finding.test.map(|name| test(name).to_owned()));
    format!("{}: {}", subject(finding, lang), said.join("; "))
}

/// What the picture shows, for those who do not see it.
fn description(report: &Comparison, shown: &[&Finding], lang: Language) -> String {
    let first: Vec<String> = shown.iter().take(4).map(|finding| said(Measure::of(finding), finding, lang)).collect();
    if first.is_empty() {
        return lang.say(Word::NothingToShow).to_owned();
    }
    format!("{} → {}. {}.", isolated(&report.a.name), isolated(&report.b.name), first.join(". "))
}
