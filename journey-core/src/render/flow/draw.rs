//! Writes the picture of a flow.

use std::fmt::Write as _;

use super::drawing::Drawing;
use super::graph::{Edge, Node, Place};
use super::route::{Column, Course, Piece, Spot, point};
use super::{FlowColor, RenderFlowOptions};
use crate::analysis::{TransitionRelation, TransitionRow, Transitions};
use crate::render::chart::{Chart, Key, count, float};
use crate::render::escape::isolated;
use crate::render::scale::{Classes, share_classes, time_classes};
use crate::render::svg::{Anchor, Bounds, Svg, tenths};
use crate::render::text::{Font, wrap};
use crate::render::words::{Language, Word};
use crate::sorting::SortRows;

const RULES: &str = "\
.journey .way{fill:none;stroke:var(--ramp-3);stroke-opacity:.8}\n\
.journey .tip{fill:var(--ramp-3)}\n\
.journey .back{stroke-dasharray:7 4}\n\
.journey .way.c1{stroke:var(--ramp-1)}.journey .tip.c1{fill:var(--ramp-1)}\n\
.journey .way.c2{stroke:var(--ramp-2)}.journey .tip.c2{fill:var(--ramp-2)}\n\
.journey .way.c3{stroke:var(--ramp-3)}.journey .tip.c3{fill:var(--ramp-3)}\n\
.journey .way.c4{stroke:var(--ramp-4)}.journey .tip.c4{fill:var(--ramp-4)}\n\
.journey .way.c5{stroke:var(--ramp-5)}.journey .tip.c5{fill:var(--ramp-5)}\n\
.journey .way.unknown{stroke:var(--expected);stroke-opacity:.5}.journey .tip.unknown{fill:var(--expected);fill-opacity:.7}\n\
.journey .end{fill:var(--card);stroke:var(--soft)}\n\
.journey .outside{stroke:var(--soft);stroke-dasharray:4 3}\n\
.journey g:hover>.way{stroke-opacity:1}\n";

/// More figures would stand in each other's way.
const MOST_LABELS: usize = 30;

pub(super) fn draw(drawing: &Drawing<'_>, report: &Transitions, options: &RenderFlowOptions) -> String {
    let description = description(drawing, report, options.lang);
    chart(drawing, report, options).finish_reachable(options.theme, RULES, &description)
}

/// The picture without its frame.
pub(super) fn chart(drawing: &Drawing<'_>, report: &Transitions, options: &RenderFlowOptions) -> Chart {
    let lang = options.lang;
    let title = options.title.as_deref().unwrap_or(lang.say(match report.relation {
        TransitionRelation::DirectlyFollows => Word::FlowTitle,
        TransitionRelation::EventuallyFollows => Word::FlowTitleEventually,
    }));
    let mut chart = Chart::new(title, &about(report, options), options.width, lang);
    if drawing.graph.nodes.is_empty() {
        chart.paragraph(lang.say(Word::NothingToShow), Font::Body, "", 3);
        return chart;
    }
    let classes = classes(drawing, options);
    let top = heads(&mut chart, drawing);
    let down = |piece: &Piece| piece.map(|(x, y)| (x, y + top));
    for (node, edge) in drawing.graph.edges.iter().enumerate().rev() {
        let (Some(Some(route)), Some(way)) = (drawing.routes.get(node), drawing.ways.get(node)) else { continue };
        let class = class_of(edge.row, &classes, options.color_by);
        let mut path = String::new();
        for (number, piece) in route.pieces.iter().enumerate() {
            let [first, out, into, last] = down(piece).map(|(x, y)| format!("{} {}", tenths(x), tenths(y)));
            let begin = if number == 0 { format!("M{first}") } else { String::new() };
            let straight = out == first && into == last;
            let _ = if straight { write!(path, "{begin}L{last}") } else { write!(path, "{begin}C{out} {into} {last}") };
        }
        let back = if route.course.is_back() { " back" } else { "" };
        chart.svg.open("g", &[]);
        chart.svg.leaf("title", &[], &said(edge, drawing, lang));
        let classes = format!("way {class}{back}");
        let width = way.width.into();
        chart.svg.empty("path", &[("class", (&classes).into()), ("stroke-width", width), ("d", (&path).into())]);
        let (tip, arrow) = ((route.tip.0, route.tip.1 + top), route.arrow);
        let (half, (dx, dy)) = (arrow * 0.55 + 0.6, route.direction);
        let foot = (tip.0 - dx * arrow, tip.1 - dy * arrow);
        let corner = |sign: f64| (foot.0 - dy * half * sign, foot.1 + dx * half * sign);
        let points = [tip, corner(1.0), corner(-1.0)].map(|(x, y)| format!("{},{}", tenths(x), tenths(y))).join(" ");
        let class = format!("tip {class}");
        chart.svg.empty("polygon", &[("class", (&class).into()), ("points", (&points).into())]);
        chart.svg.close();
    }
    let mut boxes = Vec::new();
    for (number, node) in in_reading_order(drawing) {
        boxes.extend(place(&mut chart, drawing, number, node, top));
    }
    labels(&mut chart.svg, drawing, options, top, boxes);
    chart.bottom = top + drawing.height + 8.0;
    legend(&mut chart, drawing, options, &classes);
    notes(&mut chart, drawing, lang);
    chart
}

fn about(report: &Transitions, options: &RenderFlowOptions) -> String {
    let lang = options.lang;
    let journeys = lang.count(report.journeys, Word::OneJourney, Word::Journeys);
    let width = lang.say(Word::FlowWidth);
    let color = match options.color_by {
        FlowColor::Time => lang.say(Word::FlowDarkTime),
        FlowColor::Share => lang.say(Word::FlowDarkShare),
        FlowColor::None => "",
    };
    format!("{journeys}. {width}{color}")
}

fn classes(drawing: &Drawing<'_>, options: &RenderFlowOptions) -> Classes {
    match options.color_by {
        FlowColor::Time => {
            time_classes(drawing.graph.edges.iter().filter_map(|edge| Some(edge.row.time.as_ref()?.median_seconds)))
        }
        FlowColor::Share => share_classes(),
        FlowColor::None => Classes::default(),
    }
}

fn class_of(row: &TransitionRow, classes: &Classes, color: FlowColor) -> String {
    let value = match color {
        FlowColor::Time => row.time.as_ref().map(|time| time.median_seconds),
        FlowColor::Share => row.p_out.share,
        FlowColor::None => return String::new(),
    };
    value.map_or_else(|| "unknown".to_owned(), |value| format!("c{}", classes.of(value)))
}

/// Writes the names of stages; says where the drawing begins.
fn heads(chart: &mut Chart, drawing: &Drawing<'_>) -> f64 {
    let above = drawing.heads.iter().filter(|head| head.y.is_none());
    let lines = above.clone().map(|head| head.name.lines.len()).max().unwrap_or_default();
    let first = chart.bottom;
    if lines > 0 {
        for head in above {
            let y = first + Font::Heading.line() * 0.8;
            chart.svg.label(&head.name, Font::Heading, "soft", (head.x, y), head.width, Anchor::Middle);
            let rule = first + Font::Heading.line() * count(lines) + 4.0;
            let (right, class) = (head.x + head.width, "rule".into());
            chart.svg.empty(
                "line",
                &[
                    ("class", class),
                    ("x1", head.x.into()),
                    ("x2", right.into()),
                    ("y1", rule.into()),
                    ("y2", rule.into()),
                ],
            );
        }
        chart.bottom += Font::Heading.line() * count(lines) + 18.0;
    }
    // The highest name of a stage may stand above the highest place.
    let highest = drawing.heads.iter().filter_map(|head| head.y).fold(0.0, f64::min);
    let top = chart.bottom - highest;
    for head in &drawing.heads {
        let Some(y) = head.y else { continue };
        let (y, left, right) = (y + top, chart.margin, chart.width - chart.margin);
        let line = [("x1", left.into()), ("x2", right.into()), ("y1", y.into()), ("y2", y.into())];
        chart.svg.empty("line", &[&[("class", "rule".into())], line.as_slice()].concat());
        let base = y + Font::Heading.line();
        chart.svg.label_on_plate(&head.name, Font::Heading, "soft", (head.x, base), head.width, Anchor::Left);
    }
    top
}

/// The places column by column, each from top to bottom: so the keyboard goes from one to the next.
fn in_reading_order<'a, 'd>(drawing: &'a Drawing<'d>) -> Vec<(usize, &'a Node<'d>)> {
    let mut places: Vec<(usize, &Node<'_>)> = drawing.graph.nodes.iter().enumerate().collect();
    let at = |number: usize| drawing.spots.get(number).map_or((0, 0.0), |spot| (spot.column, spot.centre));
    places.sort_rows_by(|(a, _), (b, _)| {
        let (a, b) = (at(*a), at(*b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    places
}

/// Draws the box of a place; says where it is.
fn place(chart: &mut Chart, drawing: &Drawing<'_>, number: usize, node: &Node<'_>, top: f64) -> Option<Bounds> {
    let (spot, card): (&Spot, _) = (drawing.spots.get(number)?, drawing.cards.get(number)?);
    let column: &Column = drawing.columns.get(spot.column)?;
    let lang = chart.language;
    let bounds = Bounds {
        x: column.left,
        y: spot.centre - spot.height / 2.0 + top,
        width: column.right - column.left,
        height: spot.height,
    };
    let is_end = !matches!(node.place, Place::Touchpoint(_));
    let class = match (is_end, card.outside) {
        (true, _) => "card end",
        (false, true) => "card outside",
        (false, false) => "card",
    };
    let mut said = vec![card.label.clone(), card.figures.whole.clone()];
    said.extend(node.again.map(|row| {
        let n = lang.count(row.journeys, Word::OneJourney, Word::Journeys);
        lang.fill(Word::StraightAgain, &[("journeys", &n)])
    }));
    said.extend(card.outside.then(|| lang.say(Word::NotOnTheMap).to_owned()));
    let said = said.join("; ");
    match node.place {
        Place::Touchpoint(id) => chart.svg.open_touchpoint("touchpoint", id, &said),
        Place::Start | Place::End => chart.svg.open("g", &[]),
    }
    chart.svg.leaf("title", &[], &said);
    chart.svg.empty(
        "rect",
        &[
            ("class", class.into()),
            ("x", bounds.x.into()),
            ("y", bounds.y.into()),
            ("width", bounds.width.into()),
            ("height", bounds.height.into()),
            ("rx", if is_end { 14.0 } else { 5.0 }.into()),
        ],
    );
    let text = card.height();
    let first = bounds.y + (bounds.height - text) / 2.0;
    let at = |down: f64| (bounds.x + 6.0, first + down);
    let wide = bounds.width - 12.0;
    chart.svg.label(&card.name, Font::Heading, "", at(Font::Heading.line() * 0.8), wide, Anchor::Middle);
    let mut down = Font::Heading.line() * count(card.name.lines.len()) + Font::Small.line() * 0.8;
    for lines in std::iter::once(&card.figures).chain(&card.again) {
        chart.svg.label(lines, Font::Small, "soft", at(down), wide, Anchor::Middle);
        down += Font::Small.line() * count(lines.lines.len());
    }
    chart.svg.close();
    Some(bounds)
}

/// Writes figures at transitions, those that most journeys take first, where there is room.
fn labels(svg: &mut Svg, drawing: &Drawing<'_>, options: &RenderFlowOptions, top: f64, mut taken: Vec<Bounds>) {
    let lang = options.lang;
    let heads = drawing.heads.iter().filter_map(|head| {
        let y = head.y? + top;
        Some(Bounds { x: head.x, y, width: Font::Heading.width(head.name.lines.first()?), height: 20.0 })
    });
    taken.extend(heads);
    for (number, (edge, route)) in drawing.graph.edges.iter().zip(&drawing.routes).enumerate() {
        let Some(route) = route else { continue };
        if number >= MOST_LABELS && !matches!(route.course, Course::Down | Course::Up) {
            continue;
        }
        // A straight arrow has its figures at its side, and the one back at the other.
        let aside = match route.course {
            Course::Up if route.beside => -1.0,
            Course::Down | Course::Up => 1.0,
            _ => 0.0,
        };
        let journeys = lang.whole(edge.row.journeys);
        let more = match options.color_by {
            FlowColor::Time => edge.row.time.as_ref().map(|time| lang.duration(time.median_seconds)),
            FlowColor::Share => edge.row.p_out.share.map(|share| lang.percent(Some(share))),
            FlowColor::None => None,
        };
        let both = more.map(|more| format!("{journeys} · {more}"));
        let texts = both.into_iter().chain([journeys]);
        let places = texts.flat_map(|text| {
            let width = Font::Small.width(&text);
            let found =
                route.pieces.iter().filter(|piece| (piece[3].0 - piece[0].0, piece[3].1 - piece[0].1) != (0.0, 0.0));
            let spots = [0.5, 0.38, 0.62, 0.26, 0.74];
            found
                .flat_map(|piece| spots.map(|part| point(piece, part)))
                .map(|(x, y)| {
                    let x = x + aside * (width / 2.0 + 9.0) - width / 2.0;
                    let bounds = Bounds { x, y: y + top - 7.0, width, height: 14.0 };
                    (text.clone(), bounds)
                })
                .collect::<Vec<_>>()
        });
        let inside = |bounds: &Bounds| bounds.x > 4.0 && bounds.x + bounds.width < float(options.width) - 4.0;
        let free = |bounds: &Bounds| inside(bounds) && !taken.iter().any(|other| overlap(bounds, other, 2.0));
        let Some((text, bounds)) = places.into_iter().find(|(_, bounds)| free(bounds)) else { continue };
        let line = wrap(&text, Font::Small, f64::INFINITY, 1);
        let at = (bounds.x, bounds.y + 10.8);
        svg.label_on_plate(&line, Font::Small, "", at, bounds.width, Anchor::Middle);
        taken.push(bounds);
    }
}

/// Whether two boxes come nearer than so much.
pub(super) fn overlap(a: &Bounds, b: &Bounds, near: f64) -> bool {
    a.x < b.x + b.width + near
        && b.x < a.x + a.width + near
        && a.y < b.y + b.height + near
        && b.y < a.y + a.height + near
}

fn legend(chart: &mut Chart, drawing: &Drawing<'_>, options: &RenderFlowOptions, classes: &Classes) {
    let lang = options.lang;
    let mut keys = Vec::new();
    let widest = drawing.graph.edges.iter().zip(&drawing.ways).next();
    if let Some((edge, way)) = widest {
        let mut sizes = vec![(edge.row.journeys, way.width)];
        let half = edge.row.journeys / 2;
        if half > 1 {
            sizes.push((half, way.width * float(half) / float(edge.row.journeys)));
        }
        for (journeys, width) in sizes {
            let n = lang.count(journeys, Word::OneJourney, Word::Journeys);
            keys.push(Key::new(
                "path",
                24.0,
                &[("class", "way"), ("stroke-width", &tenths(width)), ("d", "M0 0H24")],
                n,
            ));
        }
    }
    let said = |seconds: f64| lang.duration(seconds);
    let spoken = |share: f64| lang.percent(Some(share));
    let names = match options.color_by {
        FlowColor::Time => classes.names(lang, said),
        FlowColor::Share => classes.names(lang, spoken),
        FlowColor::None => Vec::new(),
    };
    for (class, name) in names {
        let class = format!("way c{class}");
        keys.push(Key::new("path", 24.0, &[("class", &class), ("stroke-width", "7"), ("d", "M0 0H24")], name));
    }
    let unknown = options.color_by == FlowColor::Time && drawing.graph.edges.iter().any(|edge| edge.row.time.is_none());
    if unknown {
        let mark = [("class", "way unknown"), ("stroke-width", "7"), ("d", "M0 0H24")];
        keys.push(Key::new("path", 24.0, &mark, lang.say(Word::NoTime)));
    }
    if drawing.routes.iter().flatten().any(|route| route.course.is_back()) {
        let mark = [("class", "way back"), ("stroke-width", "3"), ("d", "M0 0H24")];
        keys.push(Key::new("path", 24.0, &mark, lang.say(Word::LeadsBack)));
    }
    if drawing.graph.nodes.iter().any(|node| node.again.is_some()) {
        keys.push(Key::words(lang.say(Word::AgainKey)));
    }
    if drawing.outside > 0 {
        let mark = [("class", "card outside"), ("y", "-6"), ("width", "24"), ("height", "12"), ("rx", "3")];
        keys.push(Key::new("rect", 24.0, &mark, lang.say(Word::NotOnTheMap)));
    }
    chart.legend(&keys);
}

fn notes(chart: &mut Chart, drawing: &Drawing<'_>, lang: Language) {
    let graph = &drawing.graph;
    let mut said = Vec::new();
    if graph.touchpoints_left_out > 0 {
        said.push(lang.count(graph.touchpoints_left_out, Word::OneMoreTouchpoint, Word::MoreTouchpoints));
    }
    if graph.transitions_left_out > 0 {
        said.push(lang.count(graph.transitions_left_out, Word::OneMoreTransition, Word::MoreTransitions));
    }
    if !said.is_empty() {
        let share = lang.percent(graph.share_drawn);
        said.push(lang.fill(Word::ShareDrawn, &[("share", &share)]));
    }
    if graph.cut {
        said.push(lang.say(Word::ReportWasCut).to_owned());
    }
    if !said.is_empty() {
        chart.note(&said.join(" "));
    }
}

/// A transition in words.
fn said(edge: &Edge<'_>, drawing: &Drawing<'_>, lang: Language) -> String {
    let name = |node: usize| drawing.cards.get(node).map(|card| isolated(&card.label)).unwrap_or_default();
    let row = edge.row;
    let mut parts = vec![
        format!(
            "{} → {}: {}",
            name(edge.source),
            name(edge.target),
            lang.count(row.journeys, Word::OneJourney, Word::Journeys)
        ),
        lang.count(row.count, Word::OneTime, Word::Times),
    ];
    if let Some(share) = row.p_out.share {
        let ends = row.p_out.low.zip(row.p_out.high);
        let interval = ends.map_or_else(String::new, |(low, high)| {
            format!(" ({})", lang.interval(&lang.percent(Some(low)), &lang.percent(Some(high))))
        });
        let share = format!("{}{interval}", lang.percent(Some(share)));
        parts.push(lang.fill(Word::OfWaysOut, &[("share", &share), ("source", &name(edge.source))]));
    }
    if let Some(time) = &row.time {
        let (median, p95) = (lang.duration(time.median_seconds), lang.duration(time.p95_seconds));
        parts.push(lang.fill(Word::MedianAndP95, &[("median", &median), ("p95", &p95)]));
    }
    parts.join("; ")
}

/// What the picture shows, for those who do not see it.
fn description(drawing: &Drawing<'_>, report: &Transitions, lang: Language) -> String {
    let touchpoints =
        drawing.graph.nodes.iter().filter(|node| matches!(node.place, Place::Touchpoint(_))).count() as u64;
    let first: Vec<String> = drawing.graph.edges.iter().take(3).map(|edge| said(edge, drawing, lang)).collect();
    let drawn = [
        lang.count(report.journeys, Word::OneJourney, Word::Journeys),
        lang.count(touchpoints, Word::OneTouchpoint, Word::Touchpoints),
        lang.count(drawing.graph.edges.len() as u64, Word::OneTransition, Word::TransitionsCounted),
    ]
    .join(", ");
    let stages = if drawing.has_stages { lang.say(Word::InStages) } else { "" };
    if first.is_empty() {
        format!("{drawn}.")
    } else {
        format!("{drawn}{stages}. {}: {}.", lang.say(Word::MostTaken), first.join(". "))
    }
}
