//! How long things take: for each transition or touchpoint where its times lie.
//!
//! Reports hold quantiles, not every time, so what is drawn is what they say exactly: the shortest and the longest time, the
//! median, the 90th and the 95th percentile, and the mean with its interval. A histogram would have to be made up.

use serde::{Deserialize, Serialize};

use super::chart::{self, Chart, Key, RULES, check_limit, check_width, row_name};
use super::escape::isolated;
use super::scale::Axis;
use super::svg::{Anchor, tenths};
use super::text::{Font, wrap};
use super::theme::Theme;
use super::words::{Language, Word};
use crate::analysis::{Bottlenecks, DelayMeasure, Summary, TimeStats};
use crate::error::Result;

/// Options for [`render_times`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct RenderTimesOptions {
    /// What stands above the picture; if not given, what it shows.
    pub title: Option<String>,
    /// Whether there is a row for each transition or for each touchpoint.
    pub rows: TimeRows,
    /// The most rows drawn, those with the largest share of all delay; from 1 to 200.
    pub limit: u64,
    /// The width of the picture in pixels, from 280 to 4000.
    pub width: u64,
    /// The language of the words around labels.
    pub lang: Language,
    /// Light, dark, or as the reader's system is set.
    pub theme: Theme,
}

impl Default for RenderTimesOptions {
    fn default() -> Self {
        Self {
            title: None,
            rows: TimeRows::default(),
            limit: 12,
            width: chart::WIDTH,
            lang: Language::default(),
            theme: Theme::default(),
        }
    }
}

/// What a picture of times has rows for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TimeRows {
    /// Transitions.
    #[default]
    Transitions,
    /// Touchpoints.
    Touchpoints,
}

/// Draws how long things take: for each transition or touchpoint the range of its times, with median, 90th and 95th percentile,
/// and the mean with its interval; with a summary, the throughput time of journeys first.
///
/// Where the log has starts, times are those waited. The axis begins at zero, or is logarithmic where times differ by more than
/// a hundred times; the picture says which.
///
/// ```
/// use journey_core::{BottleneckOptions, Event, EventLog, RenderTimesOptions, bottlenecks, render_times};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let stuck = bottlenecks(&log, &BottleneckOptions::default())?;
/// assert!(render_times(&stuck, None, &RenderTimesOptions::default())?.contains("visit → pay"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
pub fn render_times(report: &Bottlenecks, summary: Option<&Summary>, options: &RenderTimesOptions) -> Result<String> {
    check_width(options.width)?;
    check_limit("limit", options.limit)?;
    let (rows, more) = rows(report, summary, options);
    let description = description(&rows, options.lang);
    Ok(picture(report, &rows, more, options).finish(options.theme, &format!("{RULES}{OWN_RULES}"), &description))
}

const OWN_RULES: &str = "\
.journey .whisker.beyond{fill:var(--ink)}\n\
.journey .range{stroke:var(--ramp-1);stroke-width:2}.journey .range.beyond{fill:var(--ramp-1)}\n\
.journey .half{fill:var(--ramp-1);fill-opacity:.55}\n\
.journey .most{fill:var(--ramp-2)}\n\
.journey .median{stroke:var(--ink);stroke-width:3}\n\
.journey .p95{stroke:var(--ramp-2);stroke-width:2.5}\n\
.journey .mean{fill:var(--page);stroke:var(--ink);stroke-width:1.5}\n";

struct Row<'a> {
    label: String,
    stats: &'a TimeStats,
    bottleneck: bool,
    /// Whether it is about whole journeys.
    whole: bool,
}

/// The rows that are drawn, and how many more there are.
fn rows<'a>(
    report: &'a Bottlenecks,
    summary: Option<&'a Summary>,
    options: &RenderTimesOptions,
) -> (Vec<Row<'a>>, u64) {
    let lang = options.lang;
    let mut rows = Vec::new();
    let whole = |word, stats| Row { label: lang.say(word).to_owned(), stats, bottleneck: false, whole: true };
    if let Some(times) = &report.journey_times {
        rows.push(whole(Word::Throughput, &times.throughput));
        rows.push(whole(Word::Processing, &times.processing));
        rows.push(whole(Word::Idle, &times.idle));
    } else if let Some(stats) = summary.and_then(|summary| summary.throughput.as_ref()) {
        rows.push(whole(Word::Throughput, stats));
    }
    let waits = report.measure == DelayMeasure::Waiting;
    let (all, left_out): (Vec<Row<'a>>, u64) = match options.rows {
        TimeRows::Transitions => {
            let row = |row: &'a crate::analysis::TransitionDelay| {
                let stats = row.waiting.as_ref().filter(|_| waits).or(Some(&row.time))?;
                let label = format!("{} → {}", isolated(&row.source), isolated(&row.target));
                Some(Row { label, stats, bottleneck: row.bottleneck, whole: false })
            };
            (report.transitions.iter().filter_map(row).collect(), report.transitions_left_out)
        }
        TimeRows::Touchpoints => {
            let row = |row: &'a crate::analysis::TouchpointDelay| {
                let stats = if waits { row.waiting.as_ref() } else { row.time.as_ref() }?;
                Some(Row { label: row.touchpoint.clone(), stats, bottleneck: row.bottleneck, whole: false })
            };
            (report.touchpoints.iter().filter_map(row).collect(), report.touchpoints_left_out)
        }
    };
    let most = usize::try_from(options.limit).unwrap_or(usize::MAX);
    let more = all.len().saturating_sub(most) as u64 + left_out;
    rows.extend(all.into_iter().take(most));
    (rows, more)
}

fn picture(report: &Bottlenecks, rows: &[Row<'_>], more: u64, options: &RenderTimesOptions) -> Chart {
    let lang = options.lang;
    let title = options.title.as_deref().unwrap_or(lang.say(Word::TimesTitle));
    let about = match (report.measure, options.rows) {
        (DelayMeasure::Waiting, _) => Word::TimesAboutWaiting,
        (DelayMeasure::Elapsed, TimeRows::Transitions) => Word::TimesAboutTransitions,
        (DelayMeasure::Elapsed, TimeRows::Touchpoints) => Word::TimesAboutTouchpoints,
    };
    let mut chart = Chart::new(title, lang.say(about), options.width, lang);
    if rows.is_empty() {
        chart.paragraph(lang.say(Word::NothingToShow), Font::Body, "", 3);
        return chart;
    }
    let stacked = chart.inner() < 700.0;
    let widths = rows.iter().flat_map(|row| figures(row.stats, lang)).map(|line| Font::Small.width(&line));
    let figures = if stacked { 0.0 } else { widths.fold(0.0, f64::max).ceil() };
    let names = if stacked { chart.inner() } else { (chart.inner() * 0.26).min(240.0) };
    let left = if stacked { chart.margin + 4.0 } else { chart.margin + names + 14.0 };
    let right = chart.width - chart.margin - if stacked { 12.0 } else { figures + 18.0 };
    let positive = |row: &Row<'_>| (row.stats.min_seconds > 0.0).then_some(row.stats.min_seconds);
    let least = rows.iter().map(|row| positive(row).unwrap_or(0.0)).fold(f64::INFINITY, f64::min);
    let smallest = rows
        .iter()
        .flat_map(|row| [row.stats.min_seconds, row.stats.median_seconds, row.stats.p90_seconds])
        .filter(|seconds| *seconds > 0.0)
        .fold(f64::INFINITY, f64::min);
    // The longest times would press all others together; ranges that go on beyond the axis end in an arrow.
    let longest = rows
        .iter()
        .flat_map(|row| {
            [row.stats.p95_seconds, row.stats.mean_seconds, row.stats.mean_high_seconds.unwrap_or_default()]
        })
        .fold(0.0, f64::max);
    // Times of zero stand at the lower end of a logarithmic axis, and the note says so.
    let from = if least > 0.0 { least } else { smallest.min(longest) };
    let axis = Axis::times(from, longest.max(1e-3), if stacked { 5 } else { 8 });
    let at = |seconds: f64| left + (right - left) * axis.part(seconds);
    chart.rows_on(
        |chart| {
            for (number, row) in rows.iter().enumerate() {
                let before = number.checked_sub(1).and_then(|before| rows.get(before));
                if before.is_some_and(|before| before.whole && !row.whole) {
                    chart.bottom += 10.0;
                }
                draw_row(chart, row, &axis, at, (left, names, (!stacked).then_some(figures)));
            }
        },
        |chart, ends| chart.axis(&axis, (left, right), ends, |seconds| axis.time(seconds, lang)),
    );
    legend(&mut chart);
    if axis.is_logarithmic() {
        chart.note(lang.say(if least > 0.0 { Word::LogarithmicAxis } else { Word::LogarithmicAxisWithZero }));
    }
    if more > 0 {
        chart.note(&lang.count(more, Word::OneMoreRow, Word::MoreRows));
    }
    chart
}

fn draw_row(
    chart: &mut Chart,
    row: &Row<'_>,
    axis: &Axis,
    at: impl Fn(f64) -> f64,
    (left, names, figures_beside): (f64, f64, Option<f64>),
) {
    let stacked = figures_beside.is_none();
    let lang = chart.language;
    let stats = row.stats;
    let flag = if row.bottleneck { "▲ " } else { "" };
    let font = if row.whole { Font::Heading } else { Font::Body };
    let name = row_name(&format!("{flag}{}", row.label), font, names);
    let height = font.line() * chart::count(name.lines.len());
    let [first, second] = figures(stats, lang);
    chart.svg.open("g", &[]);
    chart.svg.leaf("title", &[], &said(row, lang));
    let base = |y: f64| y + font.line() * 0.78;
    let row_height = if stacked {
        chart.svg.label_on_plate(&name, font, "", (chart.margin, base(chart.bottom)), names, Anchor::Start);
        chart.bottom += height + 2.0;
        20.0
    } else {
        height.max(34.0)
    };
    let middle = chart.bottom + row_height / 2.0;
    if !stacked {
        chart.svg.label(&name, font, "", (chart.margin, base(middle - height / 2.0)), names, Anchor::Right);
    }
    chart.line("range", (at(stats.min_seconds), at(stats.max_seconds)), middle);
    chart.upright("range", at(stats.min_seconds), (middle - 4.0, middle + 4.0));
    chart.end("range", axis, stats.max_seconds, (at(stats.max_seconds), middle));
    let half = (at(stats.min_seconds), at(stats.median_seconds));
    chart.rect("half", (half.0, middle - 6.0), (half.1 - half.0, 12.0));
    let most = (at(stats.median_seconds), at(stats.p90_seconds));
    chart.rect("most", (most.0, middle - 6.0), (most.1 - most.0, 12.0));
    chart.upright("p95", at(stats.p95_seconds), (middle - 6.0, middle + 6.0));
    chart.upright("median", at(stats.median_seconds), (middle - 8.0, middle + 8.0));
    if let Some((low, high)) = stats.mean_low_seconds.zip(stats.mean_high_seconds) {
        chart.line("whisker", (at(low), at(high)), middle);
        if low < axis.low {
            chart.end("whisker", axis, low, (at(low), middle));
        }
    }
    let x = at(stats.mean_seconds);
    let corners = [(x - 5.0, middle), (x, middle - 5.0), (x + 5.0, middle), (x, middle + 5.0)]
        .map(|(x, y)| format!("{},{}", tenths(x), tenths(y)))
        .join(" ");
    chart.svg.empty("polygon", &[("class", "mean".into()), ("points", (&corners).into())]);
    if let Some(wide) = figures_beside {
        let x = chart.width - chart.margin - wide;
        chart.text(&first, Font::Small, "", (x, middle - 3.0), wide, Anchor::Start);
        chart.text(&second, Font::Small, "soft", (x, middle + 11.0), wide, Anchor::Start);
        chart.bottom += row_height + 4.0;
    } else {
        chart.bottom += row_height + 2.0;
        let text = wrap(&format!("{first} · {second}"), Font::Small, chart.inner(), 2);
        let at = (left - 4.0, chart.bottom + 9.0);
        chart.svg.label_on_plate(&text, Font::Small, "soft", at, chart.inner(), Anchor::Start);
        chart.bottom += Font::Small.line() * chart::count(text.lines.len()) + 8.0;
    }
    chart.svg.close();
}

/// The figures beside a row, on two lines.
fn figures(stats: &TimeStats, lang: Language) -> [String; 2] {
    let [median, p90, p95, longest] = [
        (Word::MedianShort, stats.median_seconds),
        (Word::P90Short, stats.p90_seconds),
        (Word::P95Short, stats.p95_seconds),
        (Word::LongestShort, stats.max_seconds),
    ]
    .map(|(word, seconds)| lang.fill(word, &[("time", &lang.duration(seconds))]));
    let n = lang.fill(Word::N, &[("n", &lang.whole(stats.n))]);
    [format!("{median} · {n}"), format!("{p90} · {p95} · {longest}")]
}

fn legend(chart: &mut Chart) {
    let lang = chart.language;
    let bar = |class: &'static str, word| {
        let mark = [("class", class), ("y", "-6"), ("width", "22"), ("height", "12")];
        Key::new("rect", 22.0, &mark, lang.say(word))
    };
    let path = |class: &'static str, d: &'static str, width, word| {
        Key::new("path", width, &[("class", class), ("d", d)], lang.say(word))
    };
    let keys = [
        bar("half", Word::HalfKey),
        path("median", "M3 -8V8", 6.0, Word::MedianKey),
        bar("most", Word::MostKey),
        path("p95", "M3 -6V6", 6.0, Word::P95Key),
        path("range", "M0 0H22M22 -4V4", 22.0, Word::RangeKey),
        path("mean", "M0 0L5 -5L10 0L5 5Z", 10.0, Word::MeanKey),
        Key::words(lang.say(Word::BottleneckKey)),
    ];
    chart.legend(&keys);
}

/// A row in words.
fn said(row: &Row<'_>, lang: Language) -> String {
    let stats = row.stats;
    let time = |seconds: f64| lang.duration(seconds);
    let mean = match stats.mean_low_seconds.zip(stats.mean_high_seconds) {
        Some((low, high)) => format!("{} ({})", time(stats.mean_seconds), lang.interval(&time(low), &time(high))),
        None => time(stats.mean_seconds),
    };
    let values = [
        ("n", lang.whole(stats.n)),
        ("min", time(stats.min_seconds)),
        ("median", time(stats.median_seconds)),
        ("p90", time(stats.p90_seconds)),
        ("p95", time(stats.p95_seconds)),
        ("max", time(stats.max_seconds)),
        ("mean", mean),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    format!("{}: {}", row.label, lang.fill(Word::TimesSaid, &values))
}

/// What the picture shows, for those who do not see it.
fn description(rows: &[Row<'_>], lang: Language) -> String {
    let first: Vec<String> = rows.iter().take(4).map(|row| said(row, lang)).collect();
    if first.is_empty() { lang.say(Word::NothingToShow).to_owned() } else { format!("{}.", first.join(". ")) }
}
