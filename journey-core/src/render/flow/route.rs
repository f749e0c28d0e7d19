//! On which way each transition runs through the drawing: its ends at the sides of places, and the curve between them.

use super::arrange::{Arrangement, Item};
use crate::render::chart::count;
use crate::sorting::SortRows;

/// Where a transition runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// To a column further right.
    Forward,
    /// To a column further left.
    Back,
    /// Straight to the next place below it in its column, or above.
    Down,
    Up,
    /// Past places of its own column: down on the right of them, up on their left.
    DownPast,
    UpPast,
}

impl Course {
    /// Whether it leads against the direction in which the drawing is read.
    pub(super) const fn is_back(self) -> bool {
        matches!(self, Self::Back | Self::Up | Self::UpPast)
    }
}

/// A column, from its left side to its right one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) left: f64,
    pub(super) right: f64,
    /// How far a curve may swing out, to the left and to the right.
    pub(super) room_left: f64,
    pub(super) room_right: f64,
}

/// A transition to be drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) source: usize,
    pub(super) target: usize,
    pub(super) width: f64,
}

/// A box around a place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spot {
    pub(super) column: usize,
    pub(super) centre: f64,
    pub(super) height: f64,
}

/// A piece of a curve: from a point, by two control points, to a point.
pub(super) type Piece = [(f64, f64); 4];

/// The curve of a transition.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) course: Course,
    pub(super) pieces: Vec<Piece>,
    /// The tip of its arrow, and the direction in which it points.
    pub(super) tip: (f64, f64),
    pub(super) direction: (f64, f64),
    pub(super) arrow: f64,
    /// Whether another way leads straight back beside it.
    pub(super) beside: bool,
}

/// Free height between two ends at a side.
const BETWEEN_ENDS: f64 = 4.0;

/// The course of each way, where the places of each column stand in the order of `arrangement`.
pub(super) fn courses(arrangement: &Arrangement, ways: &[Way]) -> Vec<Course> {
    let mut position = vec![(0, 0); arrangement.items.len()];
    for (column, members) in arrangement.columns.iter().enumerate() {
        let nodes = members.iter().filter(|item| matches!(arrangement.items.get(**item), Some(Item::Node(_))));
        for (row, item) in nodes.enumerate() {
            if let Some(position) = position.get_mut(*item) {
                *position = (column, row);
            }
        }
    }
    let at = |node: usize| position.get(node).copied().unwrap_or_default();
    ways.iter()
        .map(|way| {
            let ((from, upper), (to, lower)) = (at(way.source), at(way.target));
            match from.cmp(&to) {
                std::cmp::Ordering::Less => Course::Forward,
                std::cmp::Ordering::Greater => Course::Back,
                std::cmp::Ordering::Equal if upper + 1 == lower => Course::Down,
                std::cmp::Ordering::Equal if lower + 1 == upper => Course::Up,
                std::cmp::Ordering::Equal if upper < lower => Course::DownPast,
                std::cmp::Ordering::Equal => Course::UpPast,
            }
        })
        .collect()
}

/// The height that the ends of ways take up at the higher side of each place.
pub(super) fn loads(nodes: usize, ways: &[Way], courses: &[Course]) -> Vec<f64> {
    let mut sides = vec![[0.0_f64; 2]; nodes];
    for (way, course) in ways.iter().zip(courses) {
        for (node, side) in sides_of(way, *course).into_iter().flatten() {
            if let Some(load) = sides.get_mut(node).and_then(|sides| sides.get_mut(side)) {
                *load += way.width + BETWEEN_ENDS;
            }
        }
    }
    sides.into_iter().map(|[left, right]| left.max(right)).collect()
}

const LEFT: usize = 0;
const RIGHT: usize = 1;

/// At which places and sides a way begins and ends; straight ones do so at the bottom and the top.
fn sides_of(way: &Way, course: Course) -> [Option<(usize, usize)>; 2] {
    let (source, target) = match course {
        Course::Forward => (RIGHT, LEFT),
        Course::Back => (LEFT, RIGHT),
        Course::DownPast => (RIGHT, RIGHT),
        Course::UpPast => (LEFT, LEFT),
        Course::Down | Course::Up => return [None, None],
    };
    [Some((way.source, source)), Some((way.target, target))]
}

/// Where an end of a way stands among the ends of its side.
#[derive(Clone, Copy, Debug)]
struct End {
    node: usize,
    side: usize,
    /// First what comes from above, then what runs between columns by its height, then what goes below.
    group: u8,
    key: f64,
    way: usize,
    is_source: bool,
    width: f64,
}

/// The curves of all ways.
pub(super) fn routes(
    arrangement: &Arrangement,
    columns: &[Column],
    spots: &[Spot],
    lanes: &[(usize, Spot)],
    ways: &[Way],
    courses: &[Course],
) -> Vec<Option<Route>> {
    let mut lanes_of: Vec<Vec<Spot>> = vec![Vec::new(); ways.len()];
    for (way, spot) in lanes {
        if let Some(lanes) = lanes_of.get_mut(*way) {
            lanes.push(*spot);
        }
    }
    let ends = ends(spots, &lanes_of, ways, courses);
    let depths = depths(columns, spots, ways, courses, &ends);
    let both = |way: &Way| ways.iter().any(|other| other.source == way.target && other.target == way.source);
    debug_assert!(arrangement.items.len() >= spots.len(), "places come before lanes");
    ways.iter()
        .zip(courses)
        .enumerate()
        .map(|(number, (way, course))| {
            let (source, target) = (spots.get(way.source)?, spots.get(way.target)?);
            let (left, right) = (columns.get(source.column)?, columns.get(target.column)?);
            let arrow = 5.0 + way.width * 0.7;
            let (from, to) = ends.get(number).copied()?;
            Some(match course {
                Course::Down | Course::Up => {
                    let down = *course == Course::Down;
                    let sign = if down { 1.0 } else { -1.0 };
                    // Where both lead straight, they stand beside each other.
                    let x = f64::midpoint(left.left, left.right) + if both(way) { 13.0 * sign } else { 0.0 };
                    let begin = (x, source.centre + sign * source.height / 2.0);
                    let tip = (x, target.centre - sign * target.height / 2.0);
                    let end = (x, tip.1 - sign * arrow);
                    let pieces = vec![[begin, begin, end, end]];
                    Route { course: *course, pieces, tip, direction: (0.0, sign), arrow, beside: both(way) }
                }
                Course::DownPast | Course::UpPast => {
                    let down = *course == Course::DownPast;
                    let (side, sign, room) =
                        if down { (left.right, 1.0, left.room_right) } else { (left.left, -1.0, left.room_left) };
                    let deep = depths.get(number).copied().unwrap_or(room) * 4.0 / 3.0;
                    let tip = (side, to);
                    let end = (side + sign * arrow, to);
                    let out = sign * deep;
                    let pieces = vec![[(side, from), (side + out, from), (end.0 + out, to), end]];
                    Route { course: *course, pieces, tip, direction: (-sign, 0.0), arrow, beside: false }
                }
                Course::Forward | Course::Back => {
                    let forward = *course == Course::Forward;
                    let sign = if forward { 1.0 } else { -1.0 };
                    let (near, far) = if forward { (left.right, right.left) } else { (left.left, right.right) };
                    let mut pieces = Vec::new();
                    let mut last = (near, from);
                    let passed = lanes_of.get(number)?.iter();
                    let mut passed: Vec<&Spot> = passed.collect();
                    if !forward {
                        passed.reverse();
                    }
                    for lane in passed {
                        let column = columns.get(lane.column)?;
                        let (enter, leave) =
                            if forward { (column.left, column.right) } else { (column.right, column.left) };
                        pieces.push(bend(last, (enter, lane.centre)));
                        pieces.push([
                            (enter, lane.centre),
                            (enter, lane.centre),
                            (leave, lane.centre),
                            (leave, lane.centre),
                        ]);
                        last = (leave, lane.centre);
                    }
                    let tip = (far, to);
                    pieces.push(bend(last, (far - sign * arrow, to)));
                    Route { course: *course, pieces, tip, direction: (sign, 0.0), arrow, beside: false }
                }
            })
        })
        .collect()
}

/// How far each arc swings out: at each side of a column the longer one further, evenly, so that none lies on another.
fn depths(columns: &[Column], spots: &[Spot], ways: &[Way], courses: &[Course], ends: &[(f64, f64)]) -> Vec<f64> {
    let mut arcs: Vec<(usize, bool, f64, usize)> = Vec::new();
    for (number, ((way, course), (from, to))) in ways.iter().zip(courses).zip(ends).enumerate() {
        if let (Course::DownPast | Course::UpPast, Some(spot)) = (course, spots.get(way.source)) {
            arcs.push((spot.column, *course == Course::DownPast, (to - from).abs(), number));
        }
    }
    arcs.sort_rows_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)).then(a.3.cmp(&b.3)));
    let mut depths = vec![0.0; ways.len()];
    for side in arcs.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let many = count(side.len());
        for (place, (column, down, far, number)) in side.iter().enumerate() {
            let Some(column) = columns.get(*column) else { continue };
            let room = if *down { column.room_right } else { column.room_left };
            let even = 12.0 + (room - 16.0).max(0.0) * count(place + 1) / many;
            if let Some(depth) = depths.get_mut(*number) {
                *depth = even.min(16.0 + far * 0.6);
            }
        }
    }
    depths
}

/// A curve that leaves and arrives level.
fn bend(from: (f64, f64), to: (f64, f64)) -> Piece {
    let middle = f64::midpoint(from.0, to.0);
    [from, (middle, from.1), (middle, to.1), to]
}

/// The heights of both ends of each way at the sides of their places.
fn ends(spots: &[Spot], lanes_of: &[Vec<Spot>], ways: &[Way], courses: &[Course]) -> Vec<(f64, f64)> {
    let centre = |node: usize| spots.get(node).map(|spot| spot.centre).unwrap_or_default();
    let mut all: Vec<End> = Vec::new();
    for (number, ((way, course), lanes)) in ways.iter().zip(courses).zip(lanes_of).enumerate() {
        let [Some((source, from)), Some((target, to))] = sides_of(way, *course) else { continue };
        let far = (centre(target) - centre(source)).abs();
        let (near_source, near_target) = match course {
            Course::Back => (lanes.last(), lanes.first()),
            _ => (lanes.first(), lanes.last()),
        };
        let beyond = |lane: Option<&Spot>, node: usize| lane.map_or_else(|| centre(node), |lane| lane.centre);
        let (at_source, at_target) = match course {
            Course::DownPast => ((2, -far), (0, far)),
            Course::UpPast => ((0, far), (2, -far)),
            _ => ((1, beyond(near_source, target)), (1, beyond(near_target, source))),
        };
        for (node, side, (group, key), is_source) in [(source, from, at_source, true), (target, to, at_target, false)] {
            all.push(End { node, side, group, key, way: number, is_source, width: way.width });
        }
    }
    all.sort_rows_by(|a, b| {
        (a.node, a.side, a.group).cmp(&(b.node, b.side, b.group)).then(a.key.total_cmp(&b.key)).then(a.way.cmp(&b.way))
    });
    let mut heights: Vec<(f64, f64)> = ways.iter().map(|way| (centre(way.source), centre(way.target))).collect();
    for side in all.chunk_by(|a, b| (a.node, a.side) == (b.node, b.side)) {
        let whole: f64 = side.iter().map(|end| end.width + BETWEEN_ENDS).sum::<f64>() - BETWEEN_ENDS;
        let mut at = side.first().map(|end| centre(end.node)).unwrap_or_default() - whole / 2.0;
        for end in side {
            if let Some(heights) = heights.get_mut(end.way) {
                let height = if end.is_source { &mut heights.0 } else { &mut heights.1 };
                *height = at + end.width / 2.0;
            }
            at += end.width + BETWEEN_ENDS;
        }
    }
    heights
}

/// The point of a piece at a part of its way.
pub(super) fn point(piece: &Piece, part: f64) -> (f64, f64) {
    let rest = 1.0 - part;
    let weights = [rest * rest * rest, 3.0 * rest * rest * part, 3.0 * rest * part * part, part * part * part];
    piece.iter().zip(weights).fold((0.0, 0.0), |(x, y), (point, weight)| (x + point.0 * weight, y + point.1 * weight))
}
