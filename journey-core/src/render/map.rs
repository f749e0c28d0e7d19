//! A map as SVG: stages and touchpoints, and the emotion curve above them.

use askama::Template;

use super::MapReports;
use super::escape::printable;
use super::words::Language;
use crate::map::{ChannelKind, EvidenceKind, JourneyMap, Touchpoint};

/// Draws a map with its emotion curve as a self-contained SVG picture.
///
/// Expected scores are a dashed line with hollow points, measured ones a solid line with full points and their intervals.
/// A line joins two touchpoints only if both have a score: gaps stay gaps. Dips are marked with their prominence, time
/// bottlenecks with the time they take. Labels that are too long are cut with a sign; the whole text is in the title.
///
/// ```
/// use journey_core::{JourneyMap, MapReports, Stage, Touchpoint, render_map};
///
/// let map = JourneyMap::builder("Shop")
///     .stage(Stage::new("buy", "Buy"))
///     .touchpoint(Touchpoint::new("pay", "Pay & go", "buy"))
///     .build()?;
/// let svg = render_map(&map, &MapReports::default());
/// assert!(svg.starts_with("<svg") && svg.contains("Pay &amp; go"));
/// # Ok::<(), journey_core::Error>(())
/// ```
#[must_use]
pub fn render_map(map: &JourneyMap, reports: &MapReports<'_>) -> String {
    // Rendering writes to a string, which does not fail.
    picture(map, reports).render().unwrap_or_default()
}

const COLUMN: f64 = 128.0;
const LEFT: f64 = 56.0;
const CURVE_TOP: f64 = 118.0;
const CURVE_HEIGHT: f64 = 200.0;
const CARDS: f64 = CURVE_TOP + CURVE_HEIGHT + 34.0;
const CARD_HEIGHT: f64 = 132.0;

#[derive(Template)]
#[template(path = "map.svg", escape = "html")]
struct Picture {
    title: String,
    summary: String,
    width: f64,
    height: f64,
    right: f64,
    grid: Vec<Grid>,
    stages: Vec<StageBox>,
    cards: Vec<Card>,
    expected: Vec<Line>,
    measured: Vec<Line>,
    points: Vec<Point>,
    dips: Vec<DipMark>,
    legend_y: f64,
}

struct Grid {
    y: f64,
    label: &'static str,
}

struct StageBox {
    x: f64,
    width: f64,
    name: Label,
    goal: Label,
}

struct Card {
    x: f64,
    width: f64,
    y: f64,
    height: f64,
    centre: f64,
    name: Label,
    channel: String,
    evidence: &'static str,
    assumed: bool,
    notes: Vec<String>,
}

struct Label {
    whole: String,
    lines: Vec<TextLine>,
}

struct TextLine {
    y: f64,
    text: String,
}

struct Line {
    points: String,
}

struct Point {
    x: f64,
    y: f64,
    measured: bool,
    interval: Option<(f64, f64)>,
    title: String,
}

struct DipMark {
    x: f64,
    y: f64,
    text_y: f64,
    text: String,
    title: String,
}

fn picture(map: &JourneyMap, reports: &MapReports<'_>) -> Picture {
    let touchpoints: Vec<&Touchpoint> = map.touchpoints().collect();
    let columns = touchpoints.len().max(3);
    let right = LEFT + COLUMN * count(columns);
    let steps = reports.curve.map_or(&[][..], |curve| &curve.steps);
    let expected: Vec<Option<f64>> = touchpoints.iter().map(|touchpoint| touchpoint.expected_score).collect();
    let measured: Vec<Option<f64>> =
        (0..touchpoints.len()).map(|i| steps.get(i).and_then(|step| step.measured)).collect();
    Picture {
        title: printable(map.name()),
        summary: format!(
            "Journey map with {} stages and {} touchpoints; {} have an expected score, {} a measured one.",
            map.stages().len(),
            touchpoints.len(),
            expected.iter().flatten().count(),
            measured.iter().flatten().count()
        ),
        width: right + 16.0,
        height: CARDS + CARD_HEIGHT + 52.0,
        right,
        grid: [(2.0, "+2"), (1.0, "+1"), (0.0, "0"), (-1.0, "−1"), (-2.0, "−2")]
            .map(|(value, label)| Grid { y: height_of(value), label })
            .into(),
        stages: stage_boxes(map, &touchpoints),
        cards: touchpoints.iter().enumerate().map(|(i, touchpoint)| card(map, reports, i, touchpoint)).collect(),
        expected: lines(&expected),
        measured: lines(&measured),
        points: points(&touchpoints, reports),
        dips: dip_marks(&touchpoints, reports),
        legend_y: CARDS + CARD_HEIGHT + 28.0,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a picture has fewer than 2^52 columns")]
fn count(n: usize) -> f64 {
    n as f64
}

fn left_of(column: usize) -> f64 {
    LEFT + COLUMN * count(column)
}

fn centre_of(column: usize) -> f64 {
    left_of(column) + COLUMN / 2.0
}

fn height_of(score: f64) -> f64 {
    CURVE_TOP + CURVE_HEIGHT * (2.0 - score) / 4.0
}

fn stage_boxes(map: &JourneyMap, touchpoints: &[&Touchpoint]) -> Vec<StageBox> {
    let mut column = 0;
    let mut boxes = Vec::new();
    for stage in map.stages() {
        let columns = touchpoints.iter().filter(|touchpoint| touchpoint.stage == stage.id).count();
        if columns == 0 {
            continue;
        }
        let width = COLUMN * count(columns) - 8.0;
        boxes.push(StageBox {
            x: left_of(column) + 4.0,
            width,
            name: label(&stage.name, width, 1, 46.0),
            goal: label(stage.goal.as_deref().unwrap_or_default(), width, 2, 78.0),
        });
        column += columns;
    }
    boxes
}

fn card(map: &JourneyMap, reports: &MapReports<'_>, column: usize, touchpoint: &Touchpoint) -> Card {
    let channel = touchpoint.channel.as_ref().and_then(|id| map.channels().iter().find(|channel| channel.id == *id));
    let channel = channel.map_or_else(String::new, |channel| {
        let mark = if channel.kind == ChannelKind::Offline { "◆" } else { "◇" };
        let name = channel.name.chars().take(16).collect::<String>();
        format!("{mark} {}", printable(&name))
    });
    let supported = touchpoint.evidence.iter().any(|evidence| evidence.kind != EvidenceKind::Assumption);
    let mut notes = Vec::new();
    let delays = reports.bottlenecks.map_or(&[][..], |bottlenecks| &bottlenecks.touchpoints);
    if let Some(delay) = delays.iter().find(|row| row.touchpoint == touchpoint.id) {
        let flag = if delay.bottleneck { "▲ " } else { "" };
        let waited =
            delay.waiting.as_ref().map(|time| format!("{flag}waited {}", Language::En.duration(time.median_seconds)));
        let next = || {
            delay.time.as_ref().map(|time| format!("{flag}next after {}", Language::En.duration(time.median_seconds)))
        };
        notes.extend(waited.or_else(next));
    }
    if let Some(step) = reports.curve.and_then(|curve| curve.steps.get(column)).filter(|step| step.n > 0) {
        notes.push(format!("{} scores", step.n));
    }
    Card {
        x: left_of(column) + 4.0,
        width: COLUMN - 8.0,
        y: CARDS,
        height: CARD_HEIGHT,
        centre: centre_of(column),
        name: label(&touchpoint.name, COLUMN - 16.0, 3, CARDS + 20.0),
        channel,
        evidence: if supported { "" } else { "assumption" },
        assumed: !supported,
        notes,
    }
}

/// A text in at most so many lines of a width, the first at a height; what does not fit is cut with a sign.
fn label(text: &str, width: f64, most_lines: usize, top: f64) -> Label {
    const LINE: f64 = 16.0;
    /// What a wide letter of the font takes.
    const LETTER: f64 = 8.2;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive width of a picture")]
    let room = (width / LETTER) as usize;
    let whole = printable(text);
    let mut lines: Vec<String> = Vec::new();
    for word in whole.split_whitespace() {
        let mut letters = word.chars().collect::<Vec<_>>();
        let fits = |line: &String| line.chars().count() + 1 + letters.len() <= room;
        if let Some(line) = lines.last_mut().filter(|line| fits(line)) {
            line.push(' ');
            line.push_str(word);
            continue;
        }
        while letters.len() > room {
            let rest = letters.split_off(room);
            lines.push(letters.into_iter().collect());
            letters = rest;
        }
        lines.push(letters.into_iter().collect());
    }
    if lines.len() > most_lines {
        lines.truncate(most_lines);
        if let Some(last) = lines.last_mut() {
            *last = last.chars().take(room.saturating_sub(1)).chain(['…']).collect();
        }
    }
    let lines = lines.into_iter().enumerate().map(|(i, text)| TextLine { y: top + LINE * count(i), text }).collect();
    Label { whole, lines }
}

/// A line through each run of touchpoints that all have a score.
fn lines(scores: &[Option<f64>]) -> Vec<Line> {
    let indexed: Vec<_> = scores.iter().enumerate().collect();
    indexed
        .split(|(_, score)| score.is_none())
        .filter(|run| run.len() > 1)
        .map(|run| {
            let point = |(i, score): &(usize, &Option<f64>)| {
                score.map(|score| format!("{:.1},{:.1}", centre_of(*i), height_of(score)))
            };
            Line { points: run.iter().filter_map(point).collect::<Vec<_>>().join(" ") }
        })
        .collect()
}

fn points(touchpoints: &[&Touchpoint], reports: &MapReports<'_>) -> Vec<Point> {
    let mut points = Vec::new();
    for (i, touchpoint) in touchpoints.iter().enumerate() {
        let name = printable(&touchpoint.name);
        if let Some(expected) = touchpoint.expected_score {
            points.push(Point {
                x: centre_of(i),
                y: height_of(expected),
                measured: false,
                interval: None,
                title: format!("{name}: expected {}", Language::En.score(expected)),
            });
        }
        let step = reports.curve.and_then(|curve| curve.steps.get(i));
        if let Some((step, mean)) = step.and_then(|step| Some((step, step.measured?))) {
            let within = |value: f64| height_of(value.clamp(-2.0, 2.0));
            let interval = step.low.zip(step.high);
            let said = interval.map_or_else(String::new, |(low, high)| {
                format!(", interval {} to {}", Language::En.score(low), Language::En.score(high))
            });
            points.push(Point {
                x: centre_of(i),
                y: height_of(mean),
                measured: true,
                interval: interval.map(|(low, high)| (within(low), within(high))),
                title: format!("{name}: measured {} from {} scores{said}", Language::En.score(mean), step.n),
            });
        }
    }
    points
}

fn dip_marks(touchpoints: &[&Touchpoint], reports: &MapReports<'_>) -> Vec<DipMark> {
    let dips = reports.dips.map_or(&[][..], |dips| &dips.dips);
    dips.iter()
        .filter_map(|dip| {
            let column = touchpoints.iter().position(|touchpoint| touchpoint.id == dip.touchpoint)?;
            let y = height_of(dip.low.unwrap_or(dip.score).max(-2.0));
            let said = match dip.significant {
                Some(true) => ", significant",
                Some(false) => ", not significant",
                None => "",
            };
            Some(DipMark {
                x: centre_of(column),
                y: y + 12.0,
                text_y: y + 32.0,
                text: format!("dip {:.1}", dip.prominence),
                title: format!("dip of {:.2} below its shoulder{said}", dip.prominence),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EmotionOptions, Stage, emotion_curve, emotion_dips};

    fn map(names: &[&str], scores: &[Option<f64>]) -> JourneyMap {
        let mut map = JourneyMap::builder("<b>Shop</b>").stage(Stage::new("s", "S & S"));
        for (i, (name, score)) in names.iter().zip(scores).enumerate() {
            let touchpoint = Touchpoint::new(format!("t{i}"), *name, "s");
            map = map.touchpoint(Touchpoint { expected_score: *score, ..touchpoint });
        }
        map.build().unwrap()
    }

    #[test]
    fn texts_of_the_map_are_escaped() {
        let svg = render_map(&map(&["<script>alert(1)</script>"], &[None]), &MapReports::default());
        assert!(!svg.contains("<script") && !svg.contains("<b>"), "{svg}");
        assert!(svg.contains("S &amp; S"));
    }

    #[test]
    fn the_curve_is_interrupted_at_a_gap() {
        let map = map(&["a", "b", "c", "d", "e"], &[Some(1.0), Some(0.0), None, Some(1.0), Some(2.0)]);
        let picture = picture(&map, &MapReports::default());
        assert_eq!(picture.expected.len(), 2);
        assert_eq!(picture.expected[0].points, "120.0,168.0 248.0,218.0");
    }

    #[test]
    fn a_dip_is_marked_at_its_touchpoint() {
        let map = map(&["a", "b", "c"], &[Some(1.0), Some(-1.0), Some(1.0)]);
        let options = EmotionOptions::default();
        let (curve, dips) = (emotion_curve(&map, None, &options).unwrap(), emotion_dips(&map, None, &options).unwrap());
        let svg = render_map(&map, &MapReports { curve: Some(&curve), dips: Some(&dips), ..Default::default() });
        assert!(svg.contains("dip 2.0"));
    }

    #[test]
    fn a_long_label_is_cut_with_a_sign() {
        let label = label(&"word ".repeat(40), 112.0, 3, 0.0);
        assert_eq!(label.lines.len(), 3);
        assert!(label.lines[2].text.ends_with('…'));
        let unbroken = super::label(&"x".repeat(40), 112.0, 2, 0.0);
        assert!(unbroken.lines.iter().all(|line| line.text.chars().count() <= 14));
    }
}
