//! What of a report is drawn: the touchpoints most journeys visit, and the ways most journeys take between them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::analysis::{TransitionRelation, TransitionRow, Transitions};
use crate::render::chart::ratio;
use crate::sorting::{SortRows, inserted};

/// A place in the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place<'a> {
    Start,
    Touchpoint(&'a str),
    End,
}

#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) place: Place<'a>,
    /// Journeys that come here, if the report says so.
    pub(super) journeys: Option<u64>,
    /// Ways out of it; if there is none in the report, ways into it.
    pub(super) visits: u64,
    /// The way from here to here.
    pub(super) again: Option<&'a TransitionRow>,
}

/// A way between two different places, by their positions in the list of nodes.
#[derive(Debug)]
pub(super) struct Edge<'a> {
    pub(super) source: usize,
    pub(super) target: usize,
    pub(super) row: &'a TransitionRow,
}

/// What is drawn, and how much is not.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    /// The start first if there is one, then the touchpoints, most journeys first, then the end.
    pub(super) nodes: Vec<Node<'a>>,
    /// Most journeys first.
    pub(super) edges: Vec<Edge<'a>>,
    pub(super) touchpoints_left_out: u64,
    /// Whether the report itself was cut, so that there may be more touchpoints.
    pub(super) cut: bool,
    pub(super) transitions_left_out: u64,
    /// Of all ways taken, the share that the drawn ones are.
    pub(super) share_drawn: Option<f64>,
}

/// Journeys that come to a place, if known, and visits of it.
#[derive(Clone, Copy, Default)]
struct Size {
    journeys: Option<u64>,
    visits: u64,
}

impl<'a> Graph<'a> {
    /// Takes the most visited touchpoints and the most taken ways of a report, and of each touchpoint the most taken way
    /// in and out before others.
    pub(super) fn new(report: &'a Transitions, touchpoints: usize, transitions: usize) -> Self {
        let sizes = sizes(report);
        let known = sizes.keys().filter(|place| matches!(place, Place::Touchpoint(_))).count();
        let mut shown: Vec<(&Place<'a>, &Size)> = sizes.iter().collect();
        shown.retain(|(place, _)| matches!(place, Place::Touchpoint(_)));
        shown.sort_rows_by_key(|(place, size)| (Reverse(size.journeys), Reverse(size.visits), **place));
        shown.truncate(touchpoints);
        let end = |place: Place<'static>| sizes.get_key_value(&place);
        let all = end(Place::Start).into_iter().chain(shown).chain(end(Place::End));
        let mut nodes: Vec<Node<'a>> = all
            .map(|(place, size)| Node { place: *place, journeys: size.journeys, visits: size.visits, again: None })
            .collect();
        let positions: BTreeMap<Place<'a>, usize> = inserted(nodes.iter().enumerate().map(|(i, node)| (node.place, i)));
        let mut edges = Vec::new();
        for row in &report.rows {
            let (Some(&source), Some(&target)) = (positions.get(&source_of(row)), positions.get(&target_of(row)))
            else {
                continue;
            };
            if source != target {
                edges.push(Edge { source, target, row });
            } else if let Some(node) = nodes.get_mut(source) {
                node.again = Some(row);
            }
        }
        edges.sort_rows_by_key(|edge| (Reverse(edge.row.journeys), Reverse(edge.row.count), edge.source, edge.target));
        keep_most_taken(&mut edges, nodes.len(), transitions);
        let loops = nodes.iter().filter_map(|node| node.again);
        let drawn: Vec<&TransitionRow> = loops.chain(edges.iter().map(|edge| edge.row)).collect();
        let ends = if report.relation == TransitionRelation::DirectlyFollows { 2 * report.journeys } else { 0 };
        Self {
            touchpoints_left_out: known.saturating_sub(touchpoints) as u64,
            cut: report.rows_left_out > 0,
            transitions_left_out: (report.rows.len() - drawn.len()) as u64 + report.rows_left_out,
            share_drawn: ratio(drawn.iter().map(|row| row.count).sum(), report.total + ends),
            nodes,
            edges,
        }
    }
}

fn source_of(row: &TransitionRow) -> Place<'_> {
    row.source.as_deref().map_or(Place::Start, Place::Touchpoint)
}

fn target_of(row: &TransitionRow) -> Place<'_> {
    row.target.as_deref().map_or(Place::End, Place::Touchpoint)
}

/// How many come to each place. What a report says of the ways out of a place holds for the place; where the report was
/// cut, that of the ways into it.
fn sizes(report: &Transitions) -> BTreeMap<Place<'_>, Size> {
    let mut sizes: BTreeMap<Place<'_>, Size> = BTreeMap::new();
    for row in &report.rows {
        let size = sizes.entry(source_of(row)).or_default();
        *size = Size { journeys: Some(row.reach.of), visits: size.visits.max(row.p_out.of) };
        let size = sizes.entry(target_of(row)).or_default();
        size.visits = size.visits.max(row.p_in.of);
    }
    if let Some(end) = sizes.get_mut(&Place::End) {
        end.journeys = Some(report.journeys);
    }
    sizes
}

/// Cuts ways in order: first of each place the most taken one in and out, so that no place hangs in the air, then the
/// most taken ones.
fn keep_most_taken(edges: &mut Vec<Edge<'_>>, nodes: usize, most: usize) {
    if edges.len() <= most {
        return;
    }
    let (mut left, mut reached) = (vec![false; nodes], vec![false; nodes]);
    let first =
        |seen: &mut Vec<bool>, place: usize| seen.get_mut(place).is_some_and(|seen| !std::mem::replace(seen, true));
    let main: Vec<bool> = edges
        .iter()
        .map(|edge| {
            let (out, into) = (first(&mut left, edge.source), first(&mut reached, edge.target));
            out || into
        })
        .collect();
    let mut others = most.saturating_sub(main.iter().filter(|main| **main).count());
    let mut main = main.into_iter();
    edges.retain(|_| {
        main.next() == Some(true) || {
            let room = others > 0;
            others = others.saturating_sub(1);
            room
        }
    });
    edges.truncate(most);
}
