//! A map as a picture: stages as columns, the emotion curve above the touchpoints, and lanes below them.
//!
//! The picture is as wide as the reader has room, never wider: columns have a width at which their texts can be read, and those that
//! do not fit side by side go on in a band below, as the staves of a score do. Every text is broken into lines before anything is
//! drawn, so rows are as high as what stands in them.

mod cells;
mod columns;
mod content;
mod curve;
mod facts;
mod legend;
mod options;

pub use options::{MapEmotion, MapLane, MapReports, RenderMapOptions};

use self::cells::{Cell, Item};
use self::columns::{Column, StageColumns, bands, columns};
use self::content::Content;
use self::curve::Curve;
use self::facts::{AllFacts, Strength, evidence_of};
use super::escape::isolated;
use super::icon::Icon;
use super::svg::{Anchor, Bounds, REACHABLE, Svg, tenths};
use super::text::{Font, clip, wrap};
use super::theme;
use super::words::{Language, Word};
use crate::error::Result;
use crate::map::{JourneyMap, MapKind};

/// Draws a map as a self-contained SVG picture: no script, no font, nothing from the network.
///
/// **Curve**: expected scores are a dashed line with hollow diamonds, measured ones a solid line with discs, their t intervals as
/// bars and a band. A line joins two touchpoints only if both have a score: gaps stay gaps. A dip has its size beside it.
///
/// **Signs**: moments of truth, time bottlenecks, where customers are lost, and, with a `diff`, what is new, gone, moved or
/// otherwise than before. What rests on an assumption has a dashed border, what was counted or asked of many a thick one.
///
/// **Texts** that are too long are cut with an ellipsis; the whole text is in the `<title>`. Each touchpoint is a group with its id in
/// `data-touchpoint`, reachable by keyboard and read aloud as a sentence.
///
/// ```
/// use journey_core::{JourneyMap, MapReports, RenderMapOptions, Stage, Touchpoint, render_map};
///
/// let map = JourneyMap::builder("Shop")
///     .stage(Stage::new("buy", "Buy"))
///     .touchpoint(Touchpoint::new("pay", "Pay & go", "buy"))
///     .build()?;
/// let svg = render_map(&map, &MapReports::default(), &RenderMapOptions::default())?;
/// assert!(svg.starts_with("<svg") && svg.contains("Pay &amp; go"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(touchpoints × (log touchpoints + columns side by side) + the length of all texts that are drawn).
pub fn render_map(map: &JourneyMap, reports: &MapReports, options: &RenderMapOptions) -> Result<String> {
    options.check()?;
    Ok(draw(map, reports, options).finish())
}

const MARGIN: f64 = 16.0;
/// The least and the most width of a column.
const COLUMN: (f64, f64) = (148.0, 230.0);
/// What a card and a column keep free at their sides.
const SIDE: f64 = 4.0;
const PADDING: f64 = 8.0;
/// Pictures that are narrower have the names of lanes above the lanes, not beside them.
const COMPACT: f64 = 640.0;

/// Where things stand.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// The width of the picture.
    width: f64,
    /// Where the first column begins.
    left: f64,
    /// The width of a column.
    column: f64,
    compact: bool,
}

struct Picture<'a> {
    map: &'a JourneyMap,
    options: &'a RenderMapOptions,
    facts: AllFacts<'a>,
    stages: &'a [StageColumns<'a>],
    columns: &'a [Column<'a>],
    /// Touchpoints that are not drawn.
    left_out: u64,
    layout: Layout,
    content: Content<'a>,
}

/// A lane of a band: its cells, and how high the highest is.
struct Row {
    label: Word,
    cells: Vec<Cell>,
    height: f64,
    cards: bool,
}

impl Row {
    fn new(label: Word, cells: Vec<Cell>, cards: bool) -> Self {
        let height = cells.iter().map(Cell::height).fold(0.0, f64::max) + if cards { 2.0 * PADDING } else { 0.0 };
        Self { label, cells, height, cards }
    }
}

fn draw(map: &JourneyMap, reports: &MapReports, options: &RenderMapOptions) -> Svg {
    let facts = AllFacts::new(map, reports);
    let (stages, mut columns) = columns(map, &facts);
    columns::show_emotion(&mut columns, options.emotion);
    let left_out = columns::limit(&mut columns, options.limit, &facts);
    let (layout, ends) = layout(&columns, options);
    let content = Content { map, stages: &stages, lang: options.lang, width: layout.column - 2.0 * (SIDE + PADDING) };
    let picture = Picture { map, options, facts, stages: &stages, columns: &columns, left_out, layout, content };
    let mut body = Svg::default();
    let mut y = picture.draw_head(&mut body, reports);
    let mut start = 0;
    for end in ends {
        y = picture.draw_band(&mut body, start, end, y) + 28.0;
        start = end;
    }
    let height = legend::draw(&mut body, &picture, y) + MARGIN;
    picture.frame(body, height)
}

/// How wide columns are, and where bands end.
fn layout(columns: &[Column<'_>], options: &RenderMapOptions) -> (Layout, Vec<usize>) {
    #[expect(clippy::cast_precision_loss, reason = "at most 20000 pixels")]
    let most = options.width as f64;
    let compact = most < COMPACT;
    let gutter = if compact { 50.0 } else { 120.0 };
    let room = most - 2.0 * MARGIN - gutter;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
    let capacity = ((room / COLUMN.0) as usize).max(1);
    let ends = bands(columns, capacity);
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let longest = starts.zip(&ends).map(|(start, end)| end - start).max().unwrap_or(1).max(1);
    let column = (room / count(longest)).min(COLUMN.1);
    let used = 2.0 * MARGIN + gutter + column * count(longest);
    // A short map still has a head and a key to be read.
    let width = used.max(most.min(COMPACT)).floor();
    (Layout { width, left: MARGIN + gutter, column: column.floor(), compact }, ends)
}

#[expect(clippy::cast_precision_loss, reason = "a picture has fewer than 2^52 columns")]
fn count(n: usize) -> f64 {
    n as f64
}

impl<'a> Picture<'a> {
    fn lang(&self) -> Language {
        self.options.lang
    }

    /// The picture around its body, once its height is known.
    fn frame(&self, body: Svg, height: f64) -> Svg {
        let (width, height) = (self.layout.width, height.ceil());
        let mut svg = Svg::default();
        let view = format!("0 0 {} {}", tenths(width), tenths(height));
        svg.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg".into()),
                ("class", "journey journey-map".into()),
                ("role", REACHABLE.into()),
                ("lang", self.lang().tag().into()),
                ("viewBox", (&view).into()),
                ("width", width.into()),
                ("height", height.into()),
            ],
        );
        svg.leaf("title", &[], self.title());
        let said = [format!("{}. {}", self.lang().say(Word::JourneyMap), self.about())];
        svg.leaf("desc", &[], &said.into_iter().chain(self.more()).collect::<Vec<_>>().join(". "));
        svg.style(&(theme::style(self.options.theme) + STYLE));
        svg.empty("rect", &[("class", "ground".into()), ("width", width.into()), ("height", height.into())]);
        svg.append(body);
        svg
    }

    fn title(&self) -> &str {
        self.options.title.as_deref().unwrap_or_else(|| self.map.name())
    }

    /// What the map is, in a line.
    fn about(&self) -> String {
        let (lang, map) = (self.lang(), self.map);
        let day = map.kind() == MapKind::DayInTheLife;
        let kind = match map.kind() {
            MapKind::CurrentState => Word::CurrentState,
            MapKind::FutureState => Word::FutureState,
            MapKind::DayInTheLife => Word::DayInTheLife,
        };
        let (one, many) = if day { (Word::OnePartOfDay, Word::PartsOfDay) } else { (Word::OneStage, Word::Stages) };
        let mut parts = vec![lang.say(kind).to_owned()];
        parts.extend(map.personas().iter().map(|persona| isolated(&persona.name).into_owned()));
        parts.push(lang.count(map.stages().len() as u64, one, many));
        parts.push(lang.count(map.touchpoints().len() as u64, Word::OneTouchpoint, Word::Touchpoints));
        parts.extend(map.version().map(|version| lang.fill(Word::Version, &[("version", &isolated(version))])));
        parts.extend(map.updated().map(str::to_owned));
        parts.join(" · ")
    }

    /// How many touchpoints are not drawn, if any.
    fn more(&self) -> Option<String> {
        let said = || self.lang().count(self.left_out, Word::OneMoreTouchpoint, Word::MoreTouchpoints);
        (self.left_out > 0).then(said)
    }

    /// The title and what the map is; returns where the rest begins.
    fn draw_head(&self, svg: &mut Svg, reports: &MapReports) -> f64 {
        let (lang, room) = (self.lang(), self.layout.width - 2.0 * MARGIN);
        let mut y = MARGIN;
        let mut paragraph = |svg: &mut Svg, text: &str, font: Font, class: &str, most: usize| {
            let lines = wrap(text, font, room, most);
            svg.label(&lines, font, class, (MARGIN, y + font.size()), room, Anchor::Start);
            y += font.line() * count(lines.lines.len());
        };
        paragraph(svg, self.title(), Font::Title, "ink", 2);
        paragraph(svg, &self.about(), Font::Body, "soft", 3);
        if let Some(more) = self.more() {
            paragraph(svg, &more, Font::Body, "ink", 2);
        }
        if let Some(diff) = &reports.diff {
            let mut text = lang.fill(Word::ComparedWith, &[("map", &isolated(&diff.before))]);
            if self.facts.other_changes > 0 {
                text += " · ";
                text += &lang.count(self.facts.other_changes, Word::OneOtherChange, Word::OtherChanges);
            }
            paragraph(svg, &text, Font::Body, "soft", 3);
        }
        if self.columns.is_empty() {
            paragraph(svg, lang.say(Word::EmptyMap), Font::Body, "ink", 1);
        }
        y + 14.0
    }

    fn x(&self, place: usize) -> f64 {
        self.layout.left + self.layout.column * count(place)
    }

    /// A band of columns from a height downwards; returns where it ends.
    fn draw_band(&self, svg: &mut Svg, start: usize, end: usize, top: f64) -> f64 {
        let columns = self.columns.get(start..end).unwrap_or_default();
        let parts = self.parts(start, end);
        let mut y = self.draw_stages(svg, &parts, (start, end), top);
        let band = Bounds { x: self.layout.left, y, width: self.x(end - start) - self.layout.left, height: 0.0 };
        let curve = self.curve(start, end, Bounds { y: y + if self.layout.compact { 20.0 } else { 0.0 }, ..band });
        if let Some(curve) = &curve {
            self.draw_lane_name(svg, Word::LaneEmotions, y);
            curve.draw_scale(svg);
            y = curve.plot.y + curve.plot.height + 6.0;
        }
        let rows = self.rows(columns, curve.is_some());
        let mut tops = Vec::with_capacity(rows.len());
        for row in &rows {
            // The figures belong to the curve and have no name of their own.
            if row.label != Word::LaneEmotions {
                if !row.cards {
                    self.draw_rule(svg, band.x, band.x + band.width, y - 7.0);
                }
                self.draw_lane_name(svg, row.label, y);
                y += if self.layout.compact { 20.0 } else { 0.0 };
            }
            tops.push(y);
            y += row.height + 14.0;
        }
        let bottom = y - 4.0;
        for (place, _) in parts.iter().skip(1) {
            let x = self.x(place - start);
            let line = [
                ("class", "rule".into()),
                ("x1", x.into()),
                ("x2", x.into()),
                ("y1", band.y.into()),
                ("y2", bottom.into()),
            ];
            svg.empty("line", &line);
        }
        if let Some(curve) = &curve {
            curve.draw_lines(svg);
        }
        for (place, column) in columns.iter().enumerate() {
            self.draw_column(svg, column, start + place, place, curve.as_ref(), rows.iter().zip(&tops));
        }
        bottom
    }

    /// The stages of a band: where each begins, and its place.
    fn parts(&self, start: usize, end: usize) -> Vec<(usize, usize)> {
        let mut parts: Vec<(usize, usize)> = Vec::new();
        for (place, column) in self.columns.iter().enumerate().take(end).skip(start) {
            if parts.last().is_none_or(|(_, stage)| *stage != column.stage) {
                parts.push((place, column.stage));
            }
        }
        parts
    }

    /// The names of stages in arrows, their goals below; returns where the columns begin.
    fn draw_stages(&self, svg: &mut Svg, parts: &[(usize, usize)], (start, end): (usize, usize), top: f64) -> f64 {
        const HEIGHT: f64 = 30.0;
        const POINT: f64 = 9.0;
        let ends = parts.iter().skip(1).map(|(place, _)| *place).chain([end]).map(|place| self.x(place - start));
        let mut deepest: f64 = 0.0;
        for ((place, stage), right) in parts.iter().zip(ends) {
            let Some(part) = self.stages.get(*stage) else { continue };
            let (left, middle) = (self.x(place - start) + 1.0, top + HEIGHT / 2.0);
            let right = right - 1.0;
            let shape = format!(
                "M{0} {1}H{2}L{3} {4}L{2} {5}H{0}L{6} {4}Z",
                tenths(left),
                tenths(top),
                tenths(right - POINT),
                tenths(right),
                tenths(middle),
                tenths(top + HEIGHT),
                tenths(left + POINT)
            );
            let class = if part.removed { "stage removed" } else { "stage" };
            svg.open("g", &[("data-stage", (&part.stage.id).into())]);
            svg.empty("path", &[("class", class.into()), ("d", (&shape).into())]);
            let before = place.checked_sub(1).and_then(|before| self.columns.get(before));
            let continued = before.is_some_and(|column| column.stage == *stage);
            let name = if continued {
                self.lang().fill(Word::Continued, &[("stage", &isolated(&part.stage.name))])
            } else {
                part.stage.name.clone()
            };
            let (mut begin, mut room) = (left + POINT + 5.0, right - left - 2.0 * (POINT + 5.0));
            if self.map.kind() == MapKind::DayInTheLife {
                Icon::Clock.draw(svg, (begin, middle - Icon::SIZE / 2.0), "soft");
                begin += Icon::SIZE + 6.0;
                room -= Icon::SIZE + 6.0;
            }
            let class = if part.removed { "soft gone" } else { "ink" };
            svg.label(
                &clip(&name, Font::Heading, room),
                Font::Heading,
                class,
                (begin, middle + 4.5),
                room,
                Anchor::Start,
            );
            let about = self.about_stage(part, continued, right - left - 2.0 * PADDING);
            about.draw(svg, (left + PADDING, top + HEIGHT + 8.0));
            deepest = deepest.max(about.height());
            svg.close();
        }
        top + HEIGHT + 8.0 + deepest + if deepest > 0.0 { 8.0 } else { 0.0 }
    }

    /// What the customer wants and expects in a stage, and what is new about it.
    fn about_stage(&self, part: &StageColumns<'_>, continued: bool, width: f64) -> Cell {
        let mut cell = Cell::default();
        if continued {
            return cell;
        }
        let strength = Strength::of(&part.stage.evidence);
        let mut goal = Item::with_bar(width, strength, "soft");
        goal.text(part.stage.goal.as_deref().unwrap_or_default(), Font::Body, "soft", 3);
        cell.push(goal);
        if self.options.shows(MapLane::Expectations) {
            for expectation in part.stage.expectations.iter().take(2) {
                let mut item = Item::with_bar(width, strength, "soft");
                item.text(expectation, Font::Small, "soft said", 2);
                cell.push(item);
            }
        }
        for (icon, class, text) in part.changes.iter().filter_map(|change| self.content.change(change)) {
            let mut item = Item::new(width);
            item.marked(Some((icon, 1)), &text, Font::Small, class, 2);
            cell.push(item);
        }
        cell
    }

    /// The curve of a band, if any touchpoint of the map has a score.
    fn curve(&self, start: usize, end: usize, place: Bounds) -> Option<Curve<'a>> {
        let curve = |start, end| Curve {
            columns: self.columns,
            start,
            end,
            plot: Bounds { height: if self.layout.compact { 132.0 } else { 156.0 }, ..place },
            column: self.layout.column,
            lang: self.lang(),
        };
        let drawn = self.options.shows(MapLane::Emotions) && !curve(0, self.columns.len()).is_empty();
        drawn.then(|| curve(start, end))
    }

    /// The rows of a band: a lane of which all cells of the map are empty is left out.
    fn rows(&self, columns: &[Column<'_>], with_curve: bool) -> Vec<Row> {
        let mut rows = Vec::new();
        if with_curve {
            rows.push(Row::new(
                Word::LaneEmotions,
                columns.iter().map(|column| self.content.figures(column)).collect(),
                false,
            ));
        }
        rows.push(Row::new(
            Word::LaneTouchpoints,
            columns.iter().map(|column| self.content.card(column)).collect(),
            true,
        ));
        for lane in MapLane::ALL.into_iter().filter(|lane| self.options.shows(*lane)) {
            let cell = |column: &Column<'_>| {
                column.touchpoint.as_ref().map(|t| self.content.lane(lane, t)).unwrap_or_default()
            };
            let row = Row::new(lane.word(), columns.iter().map(cell).collect(), false);
            if !row.cells.iter().all(Cell::is_empty) {
                rows.push(row);
            }
        }
        rows
    }

    fn draw_lane_name(&self, svg: &mut Svg, word: Word, y: f64) {
        let (x, width) = if self.layout.compact {
            (self.layout.left + SIDE, self.layout.column - SIDE)
        } else {
            (MARGIN, self.layout.left - MARGIN - if word == Word::LaneEmotions { 52.0 } else { 8.0 })
        };
        let name = wrap(self.lang().say(word), Font::Small, width, 2);
        svg.label(&name, Font::Small, "soft lane", (x, y + 12.0), width, Anchor::Start);
    }

    fn draw_rule(&self, svg: &mut Svg, left: f64, right: f64, y: f64) {
        let left = if self.layout.compact { left } else { MARGIN };
        let line =
            [("class", "rule".into()), ("x1", left.into()), ("x2", right.into()), ("y1", y.into()), ("y2", y.into())];
        svg.empty("line", &line);
    }

    /// Everything about a touchpoint, as a group.
    fn draw_column<'r>(
        &self,
        svg: &mut Svg,
        column: &Column<'_>,
        place: usize,
        across: usize,
        curve: Option<&Curve<'_>>,
        rows: impl Iterator<Item = (&'r Row, &'r f64)>,
    ) {
        let x = self.x(across);
        if let Some(touchpoint) = &column.touchpoint {
            let class = if column.removed { "touchpoint removed" } else { "touchpoint" };
            svg.open_touchpoint(class, &touchpoint.id, &self.content.aloud(column, touchpoint));
        } else {
            svg.open("g", &[]);
        }
        if let Some(curve) = curve {
            curve.draw_points(svg, place, column);
        }
        for (row, top) in rows {
            let Some(cell) = row.cells.get(across) else { continue };
            let mut y = *top;
            if row.cards {
                self.draw_card(
                    svg,
                    column,
                    Bounds { x: x + SIDE, y, width: self.layout.column - 2.0 * SIDE, height: row.height },
                );
                y += PADDING;
            }
            cell.draw(svg, (x + SIDE + PADDING, y));
        }
        svg.close();
    }

    /// The border of a card, which shows what the touchpoint rests on, or that it is new or gone.
    fn draw_card(&self, svg: &mut Svg, column: &Column<'_>, place: Bounds) {
        let class = match &column.touchpoint {
            None => "empty",
            Some(_) if column.removed => "removed",
            Some(_) if column.facts.is_added() => "added",
            Some(touchpoint) => Strength::of(&evidence_of(touchpoint)).class(),
        };
        let life = column.touchpoint.as_ref().is_some_and(|touchpoint| self.content.is_outside(touchpoint));
        let class = format!("card {class}{}", if life { " life" } else { "" });
        svg.empty(
            "rect",
            &[
                ("class", (&class).into()),
                ("x", place.x.into()),
                ("y", place.y.into()),
                ("width", place.width.into()),
                ("height", place.height.into()),
                ("rx", 6.0.into()),
            ],
        );
    }
}

#[cfg(test)]
mod tests;

/// What maps add to the style of all pictures.
const STYLE: &str = "\
.journey-map .filled{fill:currentColor}
.journey-map .drawn{fill:none;stroke:currentColor;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}
.journey-map .drawn.ground,.journey-map .was{fill:var(--card)}
.journey-map .was{stroke:var(--expected);stroke-width:1.2}
.journey-map .said{font-style:italic}
.journey-map .gone{text-decoration:line-through}
.journey-map .lane{font-weight:600}
.journey-map .stage{fill:var(--band)}
.journey-map .neutral{stroke:var(--soft);stroke-dasharray:1 3}
.journey-map .line-expected{fill:none;stroke:var(--expected);stroke-width:1.6;stroke-dasharray:5 4}
.journey-map .line-measured{fill:none;stroke:var(--measured);stroke-width:2.4;stroke-linejoin:round}
.journey-map .band{fill:var(--band)}
.journey-map .bar{stroke:currentColor;stroke-width:1.4}
.journey-map .bar.counted{stroke-width:3.4}
.journey-map .bar.assumed{stroke-dasharray:2 3}
.journey-map .card.counted{stroke:var(--soft);stroke-width:2}
.journey-map .card.told{stroke:var(--soft)}
.journey-map .card.assumed{stroke:var(--soft);stroke-dasharray:4 3}
.journey-map .card.added{stroke:var(--good);stroke-width:2.4}
.journey-map .card.empty,.journey-map .card.life{fill:none}
.journey-map .card.empty{stroke:none}
.journey-map .card.removed,.journey-map .stage.removed{fill:none;stroke:var(--bad);stroke-dasharray:2 4}
";
