//! What stands where in a flow: boxes, what is written in them, lines, and the names of stages.

use std::collections::HashSet;

use super::RenderFlowOptions;
use super::arrange::{Arrangement, Item};
use super::columns::{self, Link};
use super::graph::{Graph, Place};
use super::grid::{Grid, placed};
use super::route::{self, Column, Route, Spot, Way};
use super::stages::Stages;
use crate::analysis::Transitions;
use crate::map::JourneyMap;
use crate::render::chart::{count, float};
use crate::render::text::{Font, Wrapped, wrap};
use crate::render::words::{Language, Word};

/// What stands where in the picture, from the top of the drawing at 0.
pub(super) struct Drawing<'a> {
    pub(super) graph: Graph<'a>,
    pub(super) cards: Vec<Card>,
    pub(super) spots: Vec<Spot>,
    pub(super) columns: Vec<Column>,
    pub(super) routes: Vec<Option<Route>>,
    pub(super) ways: Vec<Way>,
    pub(super) heads: Vec<Head>,
    pub(super) height: f64,
    /// Touchpoints drawn that are not on the map.
    pub(super) outside: usize,
    /// Whether there is a map with a touchpoint of the report.
    pub(super) has_stages: bool,
}

/// What is written in the box of a place.
pub(super) struct Card {
    pub(super) label: String,
    pub(super) name: Wrapped,
    /// How many come here, and how many come straight here again.
    pub(super) figures: Wrapped,
    pub(super) again: Option<Wrapped>,
    /// Whether the map, if there is one, does not know it.
    pub(super) outside: bool,
}

impl Card {
    /// The height of what is written.
    pub(super) fn height(&self) -> f64 {
        let small = self.figures.lines.len() + self.again.as_ref().map_or(0, |again| again.lines.len());
        Font::Heading.line() * count(self.name.lines.len()) + Font::Small.line() * count(small)
    }
}

/// The name of a stage, above its places.
pub(super) struct Head {
    pub(super) name: Wrapped,
    pub(super) x: f64,
    /// Its upper end, if it stands in a column of its own height; else above the drawing.
    pub(super) y: Option<f64>,
    pub(super) width: f64,
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

impl<'a> Drawing<'a> {
    pub(super) fn new(report: &'a Transitions, map: Option<&JourneyMap>, options: &RenderFlowOptions) -> Self {
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
        let straight: HashSet<(usize, usize)> = ways
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
                // Arrows from box to box pass in the middle of the column.
                let width = column.left + grid.node / 2.0 - margin - 16.0;
                let name = wrap(name, Font::Heading, width, 1);
                return Some(Head { name, x: margin, y: Some(top - STAGE + 6.0), width });
            }
            let wide = column.right - column.left;
            Some(Head { name: wrap(name, Font::Heading, wide, 2), x: column.left, y: None, width: wide })
        })
        .collect()
}
