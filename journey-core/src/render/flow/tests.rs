//! Boxes lie apart, no line crosses one, no text lies on another, and what is left out is counted.

use super::draw::{chart, overlap};
use super::drawing::Drawing;
use super::graph::Place;
use super::route::point;
use super::*;
use crate::render::chart::float;
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
        map = map.touchpoint(Touchpoint::new(format!("touchpoint_{touchpoint}"), format!("Point {touchpoint}"), stage));
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
                    assert!(one.x >= 0.0 && one.x + one.width <= float(width) + 0.1, "{text} at {one:?} in {width}");
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
fn touchpoints_are_groups_with_their_ids_in_the_order_of_reading() {
    // All go from b to a, so b is drawn before a, though a comes first by name.
    let svg =
        render_flow(&report(&[vec!["b", "a\"<"], vec!["b", "a\"<"]]), None, &RenderFlowOptions::default()).unwrap();
    let group = |id: &str| {
        let start = format!(
            "<g class=\"touchpoint\" data-touchpoint=\"{id}\" role=\"img\" tabindex=\"0\" aria-label=\"{id}; 2 journeys\">"
        );
        svg.find(&start).unwrap_or_else(|| panic!("{start} in {svg}"))
    };
    assert!(group("b") < group("a&quot;&lt;"));
    assert_eq!(svg.matches("data-touchpoint").count(), 2, "the start and the end are none");
    assert!(svg.contains("role=\"graphics-document document\""), "what lies in an image cannot be reached");
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
