//! What customers did as a graph in columns: touchpoints, and the transitions between them.

mod arrange;
mod columns;
mod draw;
mod graph;
mod route;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use self::arrange::{Arrangement, Item};
use self::columns::Link;
use self::graph::{Graph, Place};
use self::route::{Column, Route, Spot, Way};
use super::chart::{self, check, check_limit, check_width, count, float};
use super::text::{Font, Wrapped, wrap};
use super::theme::Theme;
use super::words::{Language, Word};
use crate::analysis::Transitions;
use crate::error::Result;
use crate::map::JourneyMap;

/// Options for [`render_flow`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RenderFlowOptions {
    /// What stands above the picture; if not given, what it shows.
    pub title: Option<String>,
    /// What the colour of a transition says.
    pub color_by: FlowColor,
    /// The most touchpoints drawn, those that most journeys visit; from 1 to 200.
    pub limit: u64,
    /// The most transitions drawn, those that most journeys take; from 1 to 400.
    pub transitions: u64,
    /// The width of the picture in pixels, from 280 to 4000. Where columns do not fit, touchpoints stand in one.
    pub width: u64,
    /// The language of the words around labels.
    pub lang: Language,
    /// Light, dark, or as the reader's system is set.
    pub theme: Theme,
}

impl Default for RenderFlowOptions {
    fn default() -> Self {
        Self {
            title: None,
            color_by: FlowColor::default(),
            limit: 24,
            transitions: 48,
            width: chart::WIDTH,
            lang: Language::default(),
            theme: Theme::default(),
        }
    }
}

/// What the colour of a transition says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FlowColor {
    /// How long it takes: the median.
    #[default]
    Time,
    /// How likely it is: the share of all ways out of its source, `p_out`.
    Share,
    /// Nothing.
    None,
}

/// Draws what customers did as a graph: touchpoints, and the transitions between them as wide as many journeys take them.
///
/// With a map, its stages are columns, in their order, and touchpoints have the map's names; what is not on the map stands
/// in the stage it has most to do with and is marked. Without one, touchpoints stand in columns by how many of the most
/// taken transitions lie between them and the start. What leads back is dashed. A picture that is too narrow for columns has
/// one, with transitions as arcs beside it. What the limits leave out is said below the picture.
///
/// ```
/// use journey_core::{Event, EventLog, RenderFlowOptions, TransitionsOptions, render_flow, transitions};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let report = transitions(&log, &TransitionsOptions::default())?;
/// let svg = render_flow(&report, None, &RenderFlowOptions::default())?;
/// assert!(svg.starts_with("<svg") && svg.contains("visit"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(rows log rows) to choose what is drawn; what is drawn is limited.
pub fn render_flow(report: &Transitions, map: Option<&JourneyMap>, options: &RenderFlowOptions) -> Result<String> {
    check_width(options.width)?;
    check_limit("limit", options.limit)?;
    let few = (1..=400).contains(&options.transitions);
    check("transitions", options.transitions, few, "a whole number from 1 to 400")?;
    Ok(draw::draw(&Drawing::new(report, map, options), report, options))
}

pub(super) fn ratio(n: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| float(n) / float(of))
}

/// What stands where in the picture, from the top of the drawing at 0.
struct Drawing<'a> {
    graph: Graph<'a>,
    cards: Vec<Card>,
    spots: Vec<Spot>,
    columns: Vec<Column>,
    routes: Vec<Option<Route>>,
    ways: Vec<Way>,
    heads: Vec<Head>,
    height: f64,
    /// Touchpoints drawn that are not on the map.
    outside: usize,
    /// Whether there is a map with a touchpoint of the report.
    has_stages: bool,
}

/// What is written in the box of a place.
struct Card {
    label: String,
    name: Wrapped,
    /// How many come here, and how many come straight here again.
    figures: Wrapped,
    again: Option<Wrapped>,
    /// Whether the map, if there is one, does not know it.
    outside: bool,
}

impl Card {
    /// The height of what is written.
    fn height(&self) -> f64 {
        let small = self.figures.lines.len() + self.again.as_ref().map_or(0, |again| again.lines.len());
        Font::Heading.line() * count(self.name.lines.len()) + Font::Small.line() * count(small)
    }
}

/// The name of a stage, above its places.
struct Head {
    name: Wrapped,
    x: f64,
    /// Its upper end, if it stands in a column of its own height; else above the drawing.
    y: Option<f64>,
    width: f64,
}

/// Height of a box besides its name.
const PADDING: f64 = 14.0;
/// Free height between boxes, and between a box and what passes it.
const BETWEEN: f64 = 18.0;
const BETWEEN_LANES: f64 = 7.0;
/// Free height where a transition leads straight from a box to the next.
const STRAIGHT: f64 = 38.0;
/// Height of the name of a stage between boxes.
const STAGE: f64 = 34.0;
const WIDEST: f64 = 11.0;

/// How wide columns are, and how far apart.
struct Grid {
    node: f64,
    /// Columns of the start and the end, where they have columns of their own.
    end: f64,
    own_ends: bool,
    single: bool,
}

impl Grid {
    const LEAST_NODE: f64 = 104.0;
    const LEAST_GAP: f64 = 62.0;
    const END: f64 = 82.0;
    /// Free space for curves beside the outer columns, where these hold more than the start or the end.
    const SIDE: f64 = 36.0;

    /// How many columns of places fit between the start and the end.
    fn most(width: f64) -> usize {
        let free = width - 2.0 * Self::END - Self::LEAST_GAP;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width of a picture")]
        let most = (free / (Self::LEAST_NODE + Self::LEAST_GAP)).max(0.0) as usize;
        most
    }

    fn new(columns: usize, width: f64) -> Self {
        let columns = columns.max(1);
        let many = count(columns);
        let with_ends = (width - 2.0 * Self::END - (many + 1.0) * Self::LEAST_GAP) / many;
        let without = (width - 2.0 * Self::SIDE - (many - 1.0) * Self::LEAST_GAP) / many;
        let widest = 164.0;
        if with_ends >= Self::LEAST_NODE {
            Self { node: with_ends.min(widest), end: Self::END, own_ends: true, single: false }
        } else if without >= Self::LEAST_NODE && columns > 1 {
            Self { node: without.min(widest), end: without.min(widest), own_ends: false, single: false }
        } else {
            let node = (width * 0.46).min(220.0);
            Self { node, end: node, own_ends: false, single: true }
        }
    }
}

impl<'a> Drawing<'a> {
    fn new(report: &'a Transitions, map: Option<&JourneyMap>, options: &RenderFlowOptions) -> Self {
        let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let graph = Graph::new(report, size(options.limit), size(options.transitions));
        let margin = if options.width < 480 { 14.0 } else { 24.0 };
        let width = float(options.width) - 2.0 * margin;
        let links: Vec<Link> = graph
            .edges
            .iter()
            .map(|edge| Link { source: edge.source, target: edge.target, weight: edge.row.journeys })
            .collect();
        let stages = map.and_then(|map| Stages::new(&graph, map, &links));
        let has_stages = stages.is_some();
        let Stages { of, names } = stages.unwrap_or_else(|| Stages::without(&graph));
        let order = columns::order(&of, &links);
        let (grid, column_of) = placed(&graph, &of, &order, names.len(), width);
        let sequence: Vec<usize> = order.iter().map(|step| step.node).collect();
        let mut arrangement = Arrangement::new(&column_of, &sequence, &links);
        if !grid.single {
            arrangement.sort();
            arrangement.keep_at_ends(
                |item| graph.nodes.get(item).is_some_and(|node| node.place == Place::Start),
                |item| graph.nodes.get(item).is_some_and(|node| node.place == Place::End),
            );
        }
        let most = graph.edges.iter().map(|edge| edge.row.journeys).max().unwrap_or(1).max(1);
        let ways: Vec<Way> = graph
            .edges
            .iter()
            .map(|edge| {
                let width = (WIDEST * float(edge.row.journeys) / float(most)).max(1.2);
                Way { source: edge.source, target: edge.target, width }
            })
            .collect();
        let cards = cards(&graph, map.filter(|_| has_stages), &grid, options.lang);
        let courses = route::courses(&arrangement, &ways);
        let loads = route::loads(graph.nodes.len(), &ways, &courses);
        let heights: Vec<f64> =
            cards.iter().zip(&loads).map(|(card, load)| (card.height() + PADDING).max(load + 10.0)).collect();
        let height_of = |item: usize| match arrangement.items.get(item) {
            Some(Item::Node(node)) => heights.get(*node).copied().unwrap_or_default(),
            Some(Item::Lane(way)) => ways.get(*way).map(|way| way.width).unwrap_or_default(),
            None => 0.0,
        };
        let stage = |item: usize| of.get(item).copied();
        let is_node = |item: usize| item < graph.nodes.len();
        let straight: std::collections::HashSet<(usize, usize)> = ways
            .iter()
            .zip(&courses)
            .filter(|(_, course)| matches!(course, route::Course::Down | route::Course::Up))
            .map(|(way, _)| (way.source.min(way.target), way.source.max(way.target)))
            .collect();
        let apart = |a: usize, b: usize| {
            if !is_node(a) && !is_node(b) {
                return BETWEEN_LANES;
            }
            let between = if straight.contains(&(a.min(b), a.max(b))) {
                STRAIGHT
            } else if is_node(a) && is_node(b) {
                BETWEEN
            } else {
                11.0
            };
            let new_stage = grid.single && has_stages && stage(a) != stage(b);
            if new_stage { STAGE.max(between) + 6.0 } else { between }
        };
        let centres = arrangement.heights(height_of, apart);
        let columns = grid.columns(arrangement.columns.len(), width, margin);
        let spot = |item: usize, column: usize| Spot {
            column,
            centre: centres.get(item).copied().unwrap_or_default(),
            height: height_of(item),
        };
        let mut spots = vec![Spot::default(); graph.nodes.len()];
        let mut lanes = Vec::new();
        for (column, members) in arrangement.columns.iter().enumerate() {
            for item in members {
                match arrangement.items.get(*item) {
                    Some(Item::Node(node)) => {
                        if let Some(place) = spots.get_mut(*node) {
                            *place = spot(*item, column);
                        }
                    }
                    Some(Item::Lane(way)) => lanes.push((*way, spot(*item, column))),
                    None => {}
                }
            }
        }
        let routes = route::routes(&arrangement, &columns, &spots, &lanes, &ways, &courses);
        let height = spots
            .iter()
            .map(|spot| spot.centre + spot.height / 2.0)
            .chain(lanes.iter().map(|(_, lane)| lane.centre + lane.height))
            .fold(0.0, f64::max);
        let heads = heads(&names, &of, &graph, &spots, &columns, &grid, margin);
        let outside = cards.iter().filter(|card| card.outside).count();
        Self { graph, cards, spots, columns, routes, ways, heads, height, outside, has_stages }
    }
}

/// The stage of each place, from 1; the start is before them, the end behind.
struct Stages {
    of: Vec<usize>,
    /// Names of the stages that are drawn, in their order; none without a map.
    names: Vec<String>,
}

impl Stages {
    /// Stages of a map; `None` if it knows no touchpoint of the report.
    fn new(graph: &Graph<'_>, map: &JourneyMap, links: &[Link]) -> Option<Self> {
        let numbers: HashMap<&str, usize> =
            map.stages().iter().zip(0..).map(|(stage, number)| (stage.id.as_str(), number)).collect();
        let known: Vec<Option<usize>> = graph
            .nodes
            .iter()
            .map(|node| match node.place {
                Place::Touchpoint(name) => {
                    map.touchpoint(name).ok().and_then(|found| numbers.get(found.stage.as_str()).copied())
                }
                _ => None,
            })
            .collect();
        known.iter().flatten().next()?;
        let stage_of = |node: usize| known.get(node).copied().flatten();
        // What the map does not know stands where most of its transitions lead to or come from.
        let nearest = |node: usize| {
            let mut weights = vec![0_u64; map.stages().len()];
            for link in links {
                let other = if link.source == node {
                    link.target
                } else if link.target == node {
                    link.source
                } else {
                    continue;
                };
                if let Some(weight) = stage_of(other).and_then(|stage| weights.get_mut(stage)) {
                    *weight += link.weight;
                }
            }
            let most = weights.iter().enumerate().max_by_key(|(stage, weight)| (**weight, std::cmp::Reverse(*stage)));
            most.map_or(0, |(stage, _)| stage)
        };
        let stages: Vec<usize> = (0..known.len()).map(|node| stage_of(node).unwrap_or_else(|| nearest(node))).collect();
        let touchpoint =
            |node: usize| graph.nodes.get(node).is_some_and(|node| matches!(node.place, Place::Touchpoint(_)));
        let mut used: Vec<usize> =
            stages.iter().enumerate().filter(|(node, _)| touchpoint(*node)).map(|(_, stage)| *stage).collect();
        used.sort_unstable();
        used.dedup();
        let of = graph
            .nodes
            .iter()
            .zip(&stages)
            .map(|(node, stage)| match node.place {
                Place::Start => 0,
                Place::Touchpoint(_) => 1 + used.binary_search(stage).unwrap_or_default(),
                Place::End => used.len() + 1,
            })
            .collect();
        let name = |stage: &usize| map.stages().get(*stage).map(|stage| stage.name.clone());
        Some(Self { of, names: used.iter().filter_map(name).collect() })
    }

    fn without(graph: &Graph<'_>) -> Self {
        let of = graph.nodes.iter().map(|node| match node.place {
            Place::Start => 0,
            Place::Touchpoint(_) => 1,
            Place::End => 2,
        });
        Self { of: of.collect(), names: Vec::new() }
    }
}

/// The column of each place, and how wide columns are.
fn placed(
    graph: &Graph<'_>,
    stages: &[usize],
    order: &[columns::Step],
    names: usize,
    width: f64,
) -> (Grid, Vec<usize>) {
    let touchpoint = |node: usize| graph.nodes.get(node).is_some_and(|node| matches!(node.place, Place::Touchpoint(_)));
    // Numbers from 1 for touchpoints, as stages have.
    let mut numbers = stages.to_vec();
    let mut count = names;
    if names == 0 {
        let inner: Vec<usize> = (0..stages.len()).filter(|node| touchpoint(*node)).collect();
        let place = |node: usize| inner.binary_search(&node).unwrap_or_default();
        let depths: Vec<columns::Step> = order
            .iter()
            .filter(|step| touchpoint(step.node))
            .map(|step| columns::Step { node: place(step.node), depth: step.depth })
            .collect();
        let found = columns::by_depth(&depths, Grid::most(width).max(1));
        count = found.iter().max().map_or(0, |most| most + 1);
        for (node, column) in inner.iter().zip(&found) {
            if let Some(number) = numbers.get_mut(*node) {
                *number = column + 1;
            }
        }
        for (node, place) in graph.nodes.iter().enumerate().filter(|(_, node)| node.place == Place::End) {
            debug_assert_eq!(place.place, Place::End);
            if let Some(number) = numbers.get_mut(node) {
                *number = count + 1;
            }
        }
    }
    let grid = Grid::new(count, width);
    let last = count.max(1);
    let column = |number: usize| {
        if grid.single {
            0
        } else if grid.own_ends {
            number
        } else {
            number.clamp(1, last) - 1
        }
    };
    let columns = numbers.into_iter().map(column).collect();
    (grid, columns::without_gaps(columns))
}

impl Grid {
    /// Columns from left to right, spread over the width.
    fn columns(&self, many: usize, width: f64, margin: f64) -> Vec<Column> {
        if many <= 1 || self.single {
            let left = margin + (width - self.node) / 2.0;
            let room = (width - self.node) / 2.0;
            return vec![Column { left, right: left + self.node, room_left: room, room_right: room }; many.max(1)];
        }
        let last = many - 1;
        let wide = |column: usize| if column == 0 || column == last { self.end } else { self.node };
        let side = if self.own_ends { 0.0 } else { Self::SIDE };
        let used: f64 = (0..many).map(wide).sum();
        let gap = ((width - 2.0 * side - used) / count(last)).min(210.0);
        let spare = width - 2.0 * side - used - gap * count(last);
        let mut left = margin + side + spare.max(0.0) / 2.0;
        (0..many)
            .map(|column| {
                let right = left + wide(column);
                let found = Column {
                    left,
                    right,
                    room_left: if column == 0 { side } else { gap * 0.48 },
                    room_right: if column == last { side } else { gap * 0.48 },
                };
                left = right + gap;
                found
            })
            .collect()
    }
}

fn cards(graph: &Graph<'_>, map: Option<&JourneyMap>, grid: &Grid, lang: Language) -> Vec<Card> {
    graph
        .nodes
        .iter()
        .map(|node| {
            let (label, outside, wide) = match node.place {
                Place::Start => (lang.say(Word::Start).to_owned(), false, grid.end),
                Place::End => (lang.say(Word::End).to_owned(), false, grid.end),
                Place::Touchpoint(name) => {
                    let found = map.and_then(|map| map.touchpoint(name).ok());
                    let outside = map.is_some() && found.is_none();
                    (found.map_or_else(|| name.to_owned(), |found| found.name.clone()), outside, grid.node)
                }
            };
            let figures = match node.journeys {
                Some(journeys) => lang.count(journeys, Word::OneJourney, Word::Journeys),
                None => lang.count(node.visits, Word::OneVisit, Word::Visits),
            };
            let small = |text: &str| wrap(text, Font::Small, wide - 12.0, 2);
            Card {
                name: wrap(&label, Font::Heading, wide - 14.0, 3),
                figures: small(&figures),
                again: node.again.map(|row| small(&format!("↻ {}", lang.whole(row.journeys)))),
                label,
                outside,
            }
        })
        .collect()
}

fn heads(
    names: &[String],
    stages: &[usize],
    graph: &Graph<'_>,
    spots: &[Spot],
    columns: &[Column],
    grid: &Grid,
    margin: f64,
) -> Vec<Head> {
    names
        .iter()
        .zip(1..)
        .filter_map(|(name, stage)| {
            let touchpoint =
                |node: &usize| matches!(graph.nodes.get(*node).map(|n| n.place), Some(Place::Touchpoint(_)));
            let members: Vec<&Spot> = stages
                .iter()
                .enumerate()
                .filter(|(node, of)| **of == stage && touchpoint(node))
                .filter_map(|(node, _)| spots.get(node))
                .collect();
            let column = columns.get(members.first()?.column)?;
            if grid.single {
                let top = members.iter().map(|spot| spot.centre - spot.height / 2.0).fold(f64::INFINITY, f64::min);
                let width = column.left - margin + 4.0;
                let name = wrap(name, Font::Heading, column.right - margin, 1);
                return Some(Head { name, x: margin, y: Some(top - STAGE + 6.0), width: width + grid.node });
            }
            let wide = column.right - column.left;
            Some(Head { name: wrap(name, Font::Heading, wide, 2), x: column.left, y: None, width: wide })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::draw::{chart, overlap};
    use super::route::point;
    use super::*;
    use crate::render::svg::Bounds;
    use crate::{Event, EventLog, Stage, Timestamp, Touchpoint, TransitionsOptions, transitions};

    /// A log of journeys, each a list of touchpoints; a second lies between two events.
    fn log<S: AsRef<str>>(journeys: &[Vec<S>]) -> EventLog {
        let mut log = EventLog::builder();
        for (number, journey) in journeys.iter().enumerate() {
            for (second, touchpoint) in (0..).zip(journey) {
                let time = Timestamp::from_micros(second * 1_000_000).unwrap();
                log = log.event(Event::new(&format!("j{number}"), touchpoint.as_ref(), time));
            }
        }
        log.build().unwrap()
    }

    /// Journeys that are always the same, over so many touchpoints, with steps forward, back and far ahead.
    fn wandering(touchpoints: u64, journeys: u64) -> Vec<Vec<String>> {
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        (0..journeys)
            .map(|_| {
                let mut at = next(touchpoints);
                (0..3 + next(9))
                    .map(|_| {
                        at = if next(3) == 0 { next(touchpoints) } else { (at + 1) % touchpoints };
                        format!("touchpoint_{at}")
                    })
                    .collect()
            })
            .collect()
    }

    fn report<S: AsRef<str>>(journeys: &[Vec<S>]) -> Transitions {
        transitions(&log(journeys), &TransitionsOptions::default()).unwrap()
    }

    fn boxes(drawing: &Drawing<'_>) -> Vec<Bounds> {
        drawing
            .spots
            .iter()
            .map(|spot| {
                let column = drawing.columns[spot.column];
                let y = spot.centre - spot.height / 2.0;
                Bounds { x: column.left, y, width: column.right - column.left, height: spot.height }
            })
            .collect()
    }

    fn shop() -> JourneyMap {
        let mut map = JourneyMap::builder("Shop");
        for stage in 0..4 {
            map = map.stage(Stage::new(format!("s{stage}"), format!("Stage {stage}")));
        }
        for touchpoint in 0..16 {
            let stage = format!("s{}", touchpoint / 4);
            map = map.touchpoint(Touchpoint::new(
                format!("touchpoint_{touchpoint}"),
                format!("Point {touchpoint}"),
                stage,
            ));
        }
        map.build().unwrap()
    }

    #[test]
    fn boxes_lie_apart_and_no_line_crosses_one() {
        for (touchpoints, journeys) in [(1, 3), (2, 5), (6, 40), (18, 200), (60, 500)] {
            let report = report(&wandering(touchpoints, journeys));
            for map in [None, Some(shop())] {
                for width in [280, 400, 700, 960, 1400, 4000] {
                    let options = RenderFlowOptions { width, limit: 60, transitions: 150, ..Default::default() };
                    let drawing = Drawing::new(&report, map.as_ref(), &options);
                    let boxes = boxes(&drawing);
                    for (number, one) in boxes.iter().enumerate() {
                        assert!(one.x >= 0.0 && one.x + one.width <= float(width), "{one:?} in {width}");
                        assert!(boxes[..number].iter().all(|other| !overlap(one, other, 5.0)), "{one:?} in {width}");
                    }
                    for (route, edge) in drawing.routes.iter().flatten().zip(&drawing.graph.edges) {
                        for piece in &route.pieces {
                            for part in 0..=20 {
                                let (x, y) = point(piece, f64::from(part) / 20.0);
                                let inside = |b: &&Bounds| {
                                    (b.x + 1.0..b.x + b.width - 1.0).contains(&x)
                                        && (b.y + 1.0..b.y + b.height - 1.0).contains(&y)
                                };
                                let hit = boxes.iter().find(inside);
                                assert_eq!(hit, None, "{x} {y} of {edge:?}, {touchpoints} touchpoints, {width} wide");
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn no_text_lies_on_another() {
        for touchpoints in [3, 18, 40] {
            let report = report(&wandering(touchpoints, 300));
            for map in [None, Some(shop())] {
                for width in [372, 960, 1400] {
                    let options = RenderFlowOptions { width, limit: 40, transitions: 80, ..Default::default() };
                    let drawing = Drawing::new(&report, map.as_ref(), &options);
                    let labels = chart(&drawing, &report, &options).svg.labels;
                    for (number, (one, text)) in labels.iter().enumerate() {
                        assert!(
                            one.x >= 0.0 && one.x + one.width <= float(width) + 0.1,
                            "{text} at {one:?} in {width}"
                        );
                        let other = labels[..number].iter().find(|(other, _)| overlap(one, other, -1.0));
                        assert_eq!(other, None, "{text} at {one:?} in {width}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_order_of_journeys_does_not_show() {
        let mut journeys = wandering(20, 200);
        let options = RenderFlowOptions::default();
        let first = render_flow(&report(&journeys), None, &options).unwrap();
        journeys.reverse();
        assert!(render_flow(&report(&journeys), None, &options).unwrap() == first);
    }

    #[test]
    fn what_is_left_out_is_counted() {
        // Two journeys a b, one c d: of 3 + 3 starts and ends and 3 transitions, 2 + 2 + 2 are drawn.
        let report = report(&[vec!["a", "b"], vec!["a", "b"], vec!["c", "d"]]);
        let options = RenderFlowOptions { limit: 2, ..Default::default() };
        let svg = render_flow(&report, None, &options).unwrap();
        for said in ["2 more touchpoints are not drawn.", "3 more transitions are not drawn.", "66.7"] {
            assert!(svg.contains(said), "{said}");
        }
        assert!(!render_flow(&report, None, &RenderFlowOptions::default()).unwrap().contains("not drawn"));
    }

    #[test]
    fn a_log_of_thousands_of_touchpoints_is_a_small_picture() {
        let report = report(&wandering(4000, 3000));
        let options = RenderFlowOptions { limit: 200, transitions: 400, ..Default::default() };
        let svg = render_flow(&report, None, &options).unwrap();
        assert!(svg.len() < 2_000_000 && svg.contains("more touchpoints are not drawn"), "{} bytes", svg.len());
    }

    #[test]
    fn stages_stand_in_their_order_and_what_the_map_does_not_know_is_marked() {
        let report = report(&[vec!["touchpoint_0", "touchpoint_5", "elsewhere", "touchpoint_15"]]);
        let map = shop();
        let drawing = Drawing::new(&report, Some(&map), &RenderFlowOptions { width: 1400, ..Default::default() });
        let place = |name: &str| {
            let node = drawing.graph.nodes.iter().position(|node| node.place == Place::Touchpoint(name)).unwrap();
            (drawing.spots[node].column, drawing.cards[node].outside)
        };
        assert_eq!(
            [place("touchpoint_0"), place("touchpoint_5"), place("touchpoint_15")],
            [(1, false), (2, false), (3, false)]
        );
        assert!(place("elsewhere").1 && [2, 3].contains(&place("elsewhere").0), "{:?}", place("elsewhere"));
        assert_eq!(drawing.heads.len(), 3, "the stage without a touchpoint in the report has no column");
    }

    #[test]
    fn an_option_outside_its_range_is_named() {
        let report = report(&[vec!["a"]]);
        for (options, field) in [
            (RenderFlowOptions { width: 100, ..Default::default() }, "width"),
            (RenderFlowOptions { limit: 201, ..Default::default() }, "limit"),
            (RenderFlowOptions { transitions: 0, ..Default::default() }, "transitions"),
        ] {
            let error = render_flow(&report, None, &options).unwrap_err();
            assert_eq!(error.location().field.as_deref(), Some(field));
        }
    }
}
