//! What all charts share: the frame with title, notes and description, legends, and the checks of their options.

use super::scale::Axis;
use super::svg::{Anchor, REACHABLE, Svg, Value};
use super::text::{Font, Wrapped, wrap};
use super::theme::{Theme, style};
use super::words::Language;
use crate::analysis::Share;
use crate::error::{Error, Problem, Result};

/// The widths a picture may have, in pixels.
const WIDTHS: std::ops::RangeInclusive<u64> = 280..=4000;

/// Styles of what charts with axes have.
pub(super) const RULES: &str = "\
.journey .grid{stroke:var(--line)}\n\
.journey .zero{stroke:var(--soft)}\n\
.journey .bar{fill:var(--ramp-2)}\n\
.journey .whisker{stroke:var(--ink);stroke-width:1.5}\n";

/// The width of a picture where an option names none, in pixels.
pub(super) const WIDTH: u64 = 960;

/// The most places or rows that a drawing shows.
const MOST: u64 = 200;

pub(super) fn check_width(width: u64) -> Result<()> {
    check("width", width, WIDTHS.contains(&width), "a whole number from 280 to 4000")
}

pub(super) fn check_limit(name: &str, limit: u64) -> Result<()> {
    check(name, limit, (1..=MOST).contains(&limit), "a whole number from 1 to 200")
}

pub(super) fn check(name: &str, value: u64, ok: bool, expected: &str) -> Result<()> {
    let problem = || Problem::OptionRange { value: value.to_string(), expected: expected.into() };
    if ok { Ok(()) } else { Err(Error::from(problem()).at_field(name)) }
}

/// The whole number as the nearest float.
#[expect(clippy::cast_precision_loss, reason = "above 2^53 the nearest float is what is asked for")]
pub(super) fn float(n: u64) -> f64 {
    n as f64
}

/// The share of so many, if there are any.
pub(super) fn ratio(n: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| float(n) / float(of))
}

/// A share with its interval, in words: `51.4 % (44.8 % to 57.8 %)`.
pub(super) fn share_said(share: &Share, lang: Language) -> String {
    let Some(value) = share.share else { return "–".to_owned() };
    let ends = share.low.zip(share.high).map_or_else(String::new, |(low, high)| {
        format!(" ({})", lang.interval(&lang.decimal(low * 100.0, 1), &lang.decimal(high * 100.0, 1)))
    });
    format!("{}{ends}", lang.percent(Some(value)))
}

/// The name of a row on at most two lines; of a way that is too long, one end on each line.
pub(super) fn row_name(name: &str, font: Font, width: f64) -> Wrapped {
    let whole = wrap(name, font, width, 2);
    let Some((source, target)) = name.split_once(" → ").filter(|_| whole.cut) else { return whole };
    let ends = [wrap(source, font, width, 1), wrap(&format!("→ {target}"), font, width, 1)];
    Wrapped { lines: ends.into_iter().flat_map(|end| end.lines).collect(), ..whole }
}

/// The size of something in a picture.
#[expect(clippy::cast_precision_loss, reason = "a picture has fewer than 2^52 of anything")]
pub(super) fn count(n: usize) -> f64 {
    n as f64
}

/// A picture that grows from top to bottom.
pub(super) struct Chart {
    pub(super) svg: Svg,
    pub(super) language: Language,
    /// The width of the picture.
    pub(super) width: f64,
    /// Free space at each side.
    pub(super) margin: f64,
    /// Down to where something stands.
    pub(super) bottom: f64,
    title: String,
}

/// A mark in a legend, and what it means.
pub(super) struct Key {
    /// The width of the mark.
    pub(super) width: f64,
    /// The tag of its element, and its attributes, from the point 0, 0 at the left and in the middle of the line.
    pub(super) mark: Vec<(&'static str, Vec<(&'static str, String)>)>,
    pub(super) text: String,
}

impl Key {
    pub(super) fn new(
        tag: &'static str,
        width: f64,
        attributes: &[(&'static str, &str)],
        text: impl Into<String>,
    ) -> Self {
        let attributes = attributes.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { width, mark: vec![(tag, attributes)], text: text.into() }
    }

    /// A text without a mark.
    pub(super) fn words(text: impl Into<String>) -> Self {
        Self { width: 0.0, mark: Vec::new(), text: text.into() }
    }
}

impl Chart {
    /// Begins a picture with its title and what it shows, in a sentence.
    pub(super) fn new(title: &str, about: &str, width: u64, language: Language) -> Self {
        let width = float(width);
        let margin = if width < 480.0 { 14.0 } else { 24.0 };
        let mut chart = Self {
            svg: Svg::default(),
            language,
            width,
            margin,
            bottom: margin - 6.0,
            title: super::escape::printable(title),
        };
        chart.paragraph(title, Font::Title, "", 3);
        chart.bottom += 2.0;
        chart.paragraph(about, Font::Body, "soft", 8);
        chart.bottom += 12.0;
        chart
    }

    /// The width between the margins.
    pub(super) fn inner(&self) -> f64 {
        self.width - 2.0 * self.margin
    }

    /// Writes a text on as many lines as it needs below what is there.
    pub(super) fn paragraph(&mut self, text: &str, font: Font, class: &str, most_lines: usize) {
        let lines = wrap(text, font, self.inner(), most_lines);
        let baseline = self.bottom + font.line() * 0.78;
        self.bottom += font.line() * count(lines.lines.len());
        let (x, width) = (self.margin, self.inner());
        self.svg.label(&lines, font, class, (x, baseline), width, Anchor::Start);
    }

    /// A heading above a part of the picture.
    pub(super) fn heading(&mut self, text: &str) {
        self.bottom += 14.0;
        self.paragraph(text, Font::Heading, "", 3);
        self.bottom += 4.0;
    }

    /// Writes a legend, on as many lines as it needs.
    pub(super) fn legend(&mut self, keys: &[Key]) {
        const APART: f64 = 20.0;
        let font = Font::Small;
        let mut x = self.margin;
        let mut lines = 1.0;
        self.bottom += 8.0;
        for key in keys {
            let before = if key.width > 0.0 { key.width + 6.0 } else { 0.0 };
            let room = self.inner() - before;
            let text = wrap(&key.text, font, room, 3);
            let long = before + text.lines.iter().map(|line| font.width(line)).fold(0.0, f64::max);
            if x > self.margin && x + long > self.width - self.margin {
                self.bottom += font.line() * lines + 5.0;
                (x, lines) = (self.margin, 1.0);
            }
            let middle = self.bottom + font.line() / 2.0;
            let place = format!("translate({} {})", super::svg::tenths(x), super::svg::tenths(middle));
            for (tag, attributes) in &key.mark {
                let place = (!attributes.iter().any(|(name, _)| *name == "transform")).then_some(("transform", &place));
                let attributes: Vec<(&'static str, Value<'_>)> = place
                    .into_iter()
                    .map(|(name, value)| (name, value.into()))
                    .chain(attributes.iter().map(|(name, value)| (*name, value.into())))
                    .collect();
                self.svg.empty(tag, &attributes);
            }
            let baseline = self.bottom + font.line() * 0.76;
            self.svg.label(&text, font, "soft", (x + before, baseline), room, Anchor::Start);
            lines = f64::max(lines, count(text.lines.len()));
            x += long + APART;
        }
        self.bottom += font.line() * lines;
    }

    /// Draws the ticks of an axis from left to right over a part of the picture, with their names below it.
    pub(super) fn axis(
        &mut self,
        axis: &Axis,
        (left, right): (f64, f64),
        (top, bottom): (f64, f64),
        written: impl Fn(f64) -> String,
    ) {
        let mut free = f64::NEG_INFINITY;
        for tick in &axis.ticks {
            let x = left + (right - left) * axis.part(*tick);
            let class = if *tick == 0.0 { "zero" } else { "grid" };
            let (from, to) = (("y1", top.into()), ("y2", (bottom + 4.0).into()));
            self.svg.empty("line", &[("class", class.into()), ("x1", x.into()), ("x2", x.into()), from, to]);
            let name = wrap(&written(*tick), Font::Small, f64::INFINITY, 1);
            let wide = name.lines.first().map_or(0.0, |line| Font::Small.width(line));
            let begin = (x - wide / 2.0).clamp(2.0, (self.width - wide - 2.0).max(2.0));
            if begin > free {
                self.svg.label(&name, Font::Small, "soft", (begin, bottom + 17.0), wide, Anchor::Middle);
                free = begin + wide + 8.0;
            }
        }
        self.bottom = bottom + 22.0;
    }

    /// Draws rows by `draw`, and behind them what `behind` draws once it is known how far down they reach.
    pub(super) fn rows_on(&mut self, draw: impl FnOnce(&mut Self), behind: impl FnOnce(&mut Self, (f64, f64))) {
        let top = self.bottom;
        let before = std::mem::take(&mut self.svg);
        draw(self);
        let rows = std::mem::replace(&mut self.svg, before);
        let bottom = self.bottom;
        behind(self, (top, bottom));
        self.svg.append(rows);
    }

    /// A horizontal line with a class.
    pub(super) fn line(&mut self, class: &str, (from, to): (f64, f64), y: f64) {
        let ends = [("x1", from.into()), ("x2", to.into()), ("y1", y.into()), ("y2", y.into())];
        self.svg.empty("line", &[&[("class", class.into())], ends.as_slice()].concat());
    }

    /// A vertical line with a class.
    pub(super) fn upright(&mut self, class: &str, x: f64, (from, to): (f64, f64)) {
        let ends = [("x1", x.into()), ("x2", x.into()), ("y1", from.into()), ("y2", to.into())];
        self.svg.empty("line", &[&[("class", class.into())], ends.as_slice()].concat());
    }

    /// A box with a class.
    pub(super) fn rect(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) {
        let size = [("x", x.into()), ("y", y.into()), ("width", width.into()), ("height", height.into())];
        self.svg.empty("rect", &[&[("class", class.into())], size.as_slice()].concat());
    }

    /// An interval with its ends.
    pub(super) fn whisker(&mut self, (from, to): (f64, f64), y: f64) {
        self.line("whisker", (from, to), y);
        for x in [from, to] {
            self.upright("whisker", x, (y - 4.0, y + 4.0));
        }
    }

    /// The end of a range: a stroke, or where it lies beyond the axis an arrow.
    pub(super) fn end(&mut self, class: &str, axis: &Axis, value: f64, (x, middle): (f64, f64)) {
        let sign = if value < axis.low {
            -1.0
        } else if value > axis.high {
            1.0
        } else {
            self.upright(class, x, (middle - 4.0, middle + 4.0));
            return;
        };
        let corners = [(x + sign * 7.0, middle), (x, middle - 4.5), (x, middle + 4.5)]
            .map(|(x, y)| format!("{},{}", super::svg::tenths(x), super::svg::tenths(y)))
            .join(" ");
        let class = format!("{class} beyond");
        self.svg.empty("polygon", &[("class", (&class).into()), ("points", (&corners).into())]);
    }

    /// A text on one line at a place.
    pub(super) fn text(&mut self, text: &str, font: Font, class: &str, (x, y): (f64, f64), width: f64, anchor: Anchor) {
        let lines = wrap(text, font, width, 1);
        self.svg.label(&lines, font, class, (x, y), width, anchor);
    }

    /// The same on a plate that hides the lines below it.
    pub(super) fn text_on_plate(&mut self, text: &str, font: Font, class: &str, at: (f64, f64), width: f64) {
        self.svg.label_on_plate(&wrap(text, font, width, 1), font, class, at, width, Anchor::Start);
    }

    /// A note below the picture.
    pub(super) fn note(&mut self, text: &str) {
        self.bottom += 5.0;
        self.paragraph(text, Font::Small, "soft", 6);
    }

    /// The whole picture; `rules` are the styles of its own, `description` says in words what it shows.
    pub(super) fn finish(self, theme: Theme, rules: &str, description: &str) -> String {
        self.framed("img", theme, rules, description)
    }

    /// The same, of a picture whose parts can be reached.
    pub(super) fn finish_reachable(self, theme: Theme, rules: &str, description: &str) -> String {
        self.framed(REACHABLE, theme, rules, description)
    }

    fn framed(self, role: &str, theme: Theme, rules: &str, description: &str) -> String {
        let height = (self.bottom + self.margin).ceil();
        let around = format!("0 0 {} {}", super::svg::tenths(self.width), super::svg::tenths(height));
        let mut svg = Svg::default();
        svg.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg".into()),
                ("class", "journey".into()),
                ("viewBox", (&around).into()),
                ("width", self.width.into()),
                ("height", height.into()),
                ("role", role.into()),
                ("lang", self.language.tag().into()),
                ("aria-label", (&format!("{}. {description}", self.title)).into()),
            ],
        );
        svg.leaf("title", &[], &self.title);
        svg.leaf("desc", &[], description);
        svg.style(&format!("{}{rules}", style(theme)));
        svg.empty("rect", &[("class", "ground".into()), ("width", self.width.into()), ("height", height.into())]);
        svg.append(self.svg);
        svg.finish()
    }
}

#[cfg(test)]
mod tests {
    //! What holds for every chart: its text is escaped and well formed, whatever labels say; nothing lies on anything else; an empty
    //! report is a picture that says so; and small pictures are as they were looked at.

    use std::fs;
    use std::path::Path;

    use super::super::svg::Bounds;
    use super::super::text::Font;
    use super::super::*;
    use super::float;
    use crate::{
        BottleneckOptions, CompareOptions, Event, EventLog, FunnelOptions, StepFlowOptions, StepMatrixOptions,
        SummaryOptions, Timestamp, TransitionsOptions, bottlenecks, compare, funnel, step_flow, step_matrix, summary,
        transitions,
    };

    /// Journeys with names of touchpoints in words; a journey takes longer the later it comes.
    fn log(journeys: &[&[&str]]) -> EventLog {
        let mut log = EventLog::builder().attribute("group");
        for (number, journey) in (1..).zip(journeys) {
            let group = if number % 2 == 0 { "<even>" } else { "odd" };
            for (place, touchpoint) in (0..).zip(*journey) {
                let time = Timestamp::from_micros(place * number * 60_000_000).unwrap();
                log = log.event_with(Event::new(&format!("j{number}"), touchpoint, time), [Some(group)]);
            }
        }
        log.build().unwrap()
    }

    /// Every chart of a log, by name.
    fn charts(log: &EventLog, steps: [&str; 2], width: u64, lang: Language) -> Vec<(&'static str, String)> {
        let flow = transitions(log, &TransitionsOptions::default()).unwrap();
        let steps_flow = step_flow(log, &StepFlowOptions::default()).unwrap();
        let matrix = step_matrix(log, &StepMatrixOptions::default()).unwrap();
        let funnel_options = FunnelOptions { breakdown: Some("group".into()), ..Default::default() };
        let counted = funnel(log, steps, &funnel_options).unwrap();
        let stuck = bottlenecks(log, &BottleneckOptions::default()).unwrap();
        let holds = summary(log, &SummaryOptions::default()).unwrap();
        let compared = compare(log, log, &CompareOptions { min_n: 1, ..Default::default() }).unwrap();
        let title = Some("<b>\"Title\"</b>".to_owned());
        let mut charts = vec![
            (
                "flow",
                render_flow(
                    &flow,
                    None,
                    &RenderFlowOptions { width, lang, title: title.clone(), ..Default::default() },
                ),
            ),
            ("step_flow", render_step_flow(&steps_flow, &RenderStepFlowOptions { width, lang, ..Default::default() })),
            (
                "step_matrix",
                render_step_matrix(&matrix, &RenderStepMatrixOptions { width, lang, ..Default::default() }),
            ),
            ("funnel", render_funnel(&counted, &RenderFunnelOptions { width, lang, ..Default::default() })),
            ("times", render_times(&stuck, Some(&holds), &RenderTimesOptions { width, lang, ..Default::default() })),
            (
                "comparison",
                render_comparison(&compared, &RenderComparisonOptions { width, lang, ..Default::default() }),
            ),
        ];
        let values = (Some("odd".to_owned()), Some("<even>".to_owned()));
        if log.journey_count() > 1 {
            let options = StepMatrixOptions {
                attribute: Some("group".into()),
                value_a: values.0,
                value_b: values.1,
                ..Default::default()
            };
            let matrix = step_matrix(log, &options).unwrap();
            let picture = render_step_matrix(&matrix, &RenderStepMatrixOptions { width, lang, ..Default::default() });
            charts.push(("step_matrix_difference", picture));
        }
        charts.into_iter().map(|(name, picture)| (name, picture.unwrap())).collect()
    }

    /// Whether elements are closed in the order in which they were opened, and nothing else begins with `<`.
    fn assert_well_formed(svg: &str) {
        let mut open = Vec::new();
        for piece in svg.split('<').skip(1) {
            let (tag, text) = piece.split_once('>').expect("a tag is closed");
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
            assert!(
                ["svg", "title", "desc", "style", "rect", "g", "path", "polygon", "line", "circle", "text", "tspan"]
                    .contains(&name),
                "{tag}"
            );
            assert!(name == "style" || !text.contains('>'), "{text}");
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name));
            } else if !tag.ends_with('/') {
                open.push(name);
            }
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        }
        assert!(open.is_empty());
    }

    const HOSTILE: [&str; 9] = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "]]>&amp;<!--",
        "javascript:alert('1')",
        "\u{0}\u{1b}[31m",
        "دفع الفاتورة الآن",
        "支付订单并等待确认，然后离开",
        "👨‍👩‍👧‍👦 pays",
        "\u{202e}evil",
    ];

    #[test]
    fn labels_of_strangers_stay_text() {
        let wordy = "a very long label ".repeat(17);
        let names: Vec<&str> = HOSTILE.into_iter().chain([wordy.as_str(), "x".repeat(300).leak()]).collect();
        let log = log(&[&names, &names, &names[..4]]);
        for width in [280, 372, 960] {
            for lang in Language::ALL {
                for (name, svg) in charts(&log, [HOSTILE[0], HOSTILE[1]], width, lang) {
                    assert_well_formed(&svg);
                    assert!(!svg.contains("<script") && !svg.contains("<img") && !svg.contains('\u{0}'), "{name}");
                    assert!(
                        svg.starts_with("<svg") && svg.contains("role=\"img\"") && svg.contains("<desc>"),
                        "{name}"
                    );
                    assert!(!svg.contains("NaN") && !svg.contains("inf\"") && !svg.contains("href"), "{name}");
                }
            }
        }
    }

    /// The lines of text in a picture, with their boxes.
    fn lines_of(svg: &str) -> Vec<(Bounds, String)> {
        let value = |tag: &str, name: &str| {
            let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
            Some(rest.split('"').next().unwrap().to_owned())
        };
        let number = |tag: &str, name: &str| value(tag, name).map(|text| text.parse::<f64>().unwrap());
        let plain = |text: &str| {
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
                .iter()
                .fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
        };
        let mut lines = Vec::new();
        for piece in svg.split("<text").skip(1) {
            let (tag, inside) = piece.split_once("</text>").unwrap().0.split_once('>').unwrap();
            let class = value(tag, "class").unwrap();
            let font = Font::ALL.into_iter().find(|font| class.split(' ').next() == Some(font.class())).unwrap();
            let from_right = tag.contains("direction=\"rtl\"");
            let side = value(tag, "text-anchor");
            let mut line = |tag: &str, text: &str| {
                let (x, y) = (number(tag, "x").unwrap(), number(tag, "y").unwrap());
                let width = font.width(&plain(text));
                let left = match side.as_deref() {
                    Some("middle") => x - width / 2.0,
                    Some("end") if !from_right => x - width,
                    Some("start") | None if from_right => x - width,
                    _ => x,
                };
                lines.push((Bounds { x: left, y: y - font.size() * 0.8, width, height: font.size() }, plain(text)));
            };
            if inside.contains("<tspan") {
                for part in inside.split("<tspan").skip(1) {
                    let (tag, text) = part.split_once("</tspan>").unwrap().0.split_once('>').unwrap();
                    line(tag, text);
                }
            } else {
                line(tag, inside);
            }
        }
        lines
    }

    #[test]
    fn no_text_lies_on_another_or_beyond_the_picture() {
        let wordy = "a very long label ".repeat(17);
        let names: Vec<&str> =
            HOSTILE.into_iter().filter(|name| !name.contains('\u{202e}')).chain([wordy.as_str()]).collect();
        let log = log(&[&names, &names[2..], &names[..4], &["visit", "pay"], &["visit"]]);
        for width in [280, 372, 600, 960, 1400] {
            for lang in Language::ALL {
                for (name, svg) in charts(&log, [names[5], names[8]], width, lang) {
                    let lines = lines_of(&svg);
                    for (number, (one, text)) in lines.iter().enumerate() {
                        let inside = one.x >= -0.1 && one.x + one.width <= float(width) + 0.1;
                        assert!(inside, "{name} {width}: {text} at {one:?}");
                        let other = lines[..number].iter().find(|(other, _)| {
                            one.x + 1.0 < other.x + other.width
                                && other.x + 1.0 < one.x + one.width
                                && one.y + 1.0 < other.y + other.height
                                && other.y + 1.0 < one.y + one.height
                        });
                        assert_eq!(other, None, "{name} {width}: {text} at {one:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_a_comparison_warns_of_is_said_in_the_language_of_the_picture() {
        let log = log(&[&["visit", "pay"], &["visit"]]);
        let compared = compare(&log, &log, &CompareOptions::default()).unwrap();
        assert_eq!(compared.warnings.len(), 3);
        let said =
            |lang| render_comparison(&compared, &RenderComparisonOptions { lang, ..Default::default() }).unwrap();
        for (lang, shared, few) in [
            (Language::En, "2 journeys with the same id in a and b", "b has only 2 journeys"),
            (Language::It, "2 percorsi con lo stesso id in a e b", "b ha solo 2 percorsi"),
        ] {
            assert!(said(lang).contains(shared) && said(lang).contains(few), "{}", said(lang));
        }
    }

    #[test]
    fn an_empty_log_and_a_single_event_have_pictures() {
        let empty = EventLog::builder().attribute("group").build().unwrap();
        for (name, svg) in charts(&empty, ["a", "b"], 400, Language::En) {
            assert_well_formed(&svg);
            assert!(name == "funnel" || svg.contains("There is nothing to show"), "{name}");
            assert!(!svg.contains("NaN"), "{name}");
        }
        for (name, svg) in charts(&log(&[&["only"]]), ["only", "only"], 400, Language::It) {
            assert_well_formed(&svg);
            assert!(!svg.contains("NaN"), "{name}");
        }
    }

    #[test]
    fn small_pictures_are_as_they_were_looked_at() {
        let log =
            log(&[&["visit", "cart", "pay"], &["visit", "cart"], &["visit", "cart", "cart", "visit"], &["search"]]);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/snapshots");
        for (name, svg) in charts(&log, ["visit", "cart"], 600, Language::En) {
            // Styles are those of all pictures; they change without a picture being another one.
            let (before, rest) = svg.split_once("<style>").unwrap();
            let picture = before.to_owned() + rest.split_once("</style>\n").unwrap().1;
            let path = folder.join(format!("{name}.svg"));
            if std::env::var_os("JOURNEY_WRITE_SNAPSHOTS").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&path, &picture).unwrap();
            }
            let known = fs::read_to_string(&path).unwrap_or_default();
            assert!(
                known == picture,
                "{name} is another picture; look at it, then write it with JOURNEY_WRITE_SNAPSHOTS=1"
            );
        }
    }
}
