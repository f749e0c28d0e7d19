//! Enumerating the paths of a map, within bounds.

use std::collections::BTreeSet;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::map::JourneyMap;

/// Paths found, and whether the search was cut off before all were.
pub(super) struct Paths {
    pub(super) found: BTreeSet<Vec<NodeIndex>>,
    pub(super) capped: bool,
}

/// Steps a search may take before it is cut off: some tenths of a second.
const MOST_STEPS: usize = 1_000_000;

/// The paths from an entry to an exit of the map that visit no touchpoint twice.
pub(super) fn simple_paths(map: &JourneyMap, most: usize) -> Paths {
    let graph = map.graph();
    let exits = marked(graph, &map.exits());
    let leads_out = leads_to(graph, &map.exits());
    walk(graph, &map.entries(), most, |path, next| {
        let wanted = path.last().is_some_and(|last| is(&exits, *last));
        let open = next.iter().copied().filter(|node| is(&leads_out, *node) && !path.contains(node)).collect();
        (wanted.then(|| path.to_vec()).into_iter().collect(), open)
    })
}

/// The prime paths of the map: paths and cycles that repeat no touchpoint and lie within no longer one.
pub(super) fn prime_paths(map: &JourneyMap, most: usize) -> Paths {
    let graph = map.graph();
    let starts: Vec<_> = graph.node_indices().collect();
    walk(graph, &starts, most, |path, next| {
        let (Some(first), Some(last)) = (path.first(), path.last()) else { return Default::default() };
        let cycle = next.contains(first).then(|| path.iter().copied().chain([*first]).collect());
        let open: Vec<_> = next.iter().copied().filter(|node| !path.contains(node)).collect();
        let closed_before =
            || graph.neighbors_directed(*first, Direction::Incoming).all(|node| path.contains(&node) && node != *last);
        let longest = (cycle.is_none() && open.is_empty() && closed_before()).then(|| path.to_vec());
        (cycle.into_iter().chain(longest).collect(), open)
    })
}

/// Whether the map has a cycle, a transition from a touchpoint to itself included.
pub(super) fn has_cycle(map: &JourneyMap) -> bool {
    petgraph::algo::is_cyclic_directed(map.graph())
}

/// Walks all ways from the starts, without recursion. For each path, `visit` is told the touchpoints after it; it
/// returns the paths to keep and the touchpoints to go on to.
fn walk<E>(
    graph: &DiGraph<E, impl Sized>,
    starts: &[NodeIndex],
    most: usize,
    visit: impl Fn(&[NodeIndex], &[NodeIndex]) -> (Vec<Vec<NodeIndex>>, Vec<NodeIndex>),
) -> Paths {
    let mut found = BTreeSet::new();
    let mut steps = 0;
    for start in starts {
        let mut path = Vec::new();
        // For each touchpoint of the path, those still to be tried in its place; the next one last.
        let mut to_try = vec![vec![*start]];
        while let Some(choices) = to_try.last_mut() {
            let Some(node) = choices.pop() else {
                to_try.pop();
                path.pop();
                continue;
            };
            steps += 1;
            if steps > MOST_STEPS {
                return Paths { found, capped: true };
            }
            path.push(node);
            let mut next: Vec<_> = graph.neighbors(node).collect();
            next.sort_unstable_by(|a, b| b.cmp(a));
            let (keep, go_on) = visit(&path, &next);
            for one in keep {
                if found.len() == most && !found.contains(&one) {
                    return Paths { found, capped: true };
                }
                found.insert(one);
            }
            to_try.push(go_on);
        }
    }
    Paths { found, capped: false }
}

fn marked<N, E>(graph: &DiGraph<N, E>, nodes: &[NodeIndex]) -> Vec<bool> {
    let mut marks = vec![false; graph.node_count()];
    for node in nodes {
        if let Some(mark) = marks.get_mut(node.index()) {
            *mark = true;
        }
    }
    marks
}

fn is(marks: &[bool], node: NodeIndex) -> bool {
    marks.get(node.index()).copied().unwrap_or(false)
}

/// Marks the touchpoints from which one of these can be reached.
fn leads_to<N, E>(graph: &DiGraph<N, E>, ends: &[NodeIndex]) -> Vec<bool> {
    let mut marks = marked(graph, ends);
    let mut open = ends.to_vec();
    while let Some(node) = open.pop() {
        for before in graph.neighbors_directed(node, Direction::Incoming) {
            if let Some(mark) = marks.get_mut(before.index()).filter(|mark| !**mark) {
                *mark = true;
                open.push(before);
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Stage, Touchpoint, Transition};

    fn map(nodes: usize, edges: &[(usize, usize)]) -> JourneyMap {
        let mut map = JourneyMap::builder("m").stage(Stage::new("s", "S"));
        for node in 0..nodes {
            map = map.touchpoint(Touchpoint::new(format!("{node:02}"), "t", "s"));
        }
        for (from, to) in edges {
            map = map.transition(Transition::new(format!("{from:02}"), format!("{to:02}")));
        }
        map.build().unwrap()
    }

    fn texts(paths: &Paths) -> Vec<String> {
        paths.found.iter().map(|p| p.iter().map(|n| n.index().to_string()).collect::<String>()).collect()
    }

    #[test]
    fn prime_paths_are_those_of_ammann_and_offutt() {
        // Introduction to Software Testing, figure 7.4 (a loop within a branch), their nodes 1 to 7 as 0 to 6.
        let map = map(7, &[(0, 1), (0, 4), (1, 2), (1, 5), (2, 3), (3, 1), (4, 6), (5, 6)]);
        assert_eq!(texts(&prime_paths(&map, 100)), ["0123", "0156", "046", "1231", "2312", "23156", "3123"]);
        assert_eq!(texts(&simple_paths(&map, 100)), ["0156", "046"]);
        assert!(has_cycle(&map));
    }

    #[test]
    fn a_loop_on_one_touchpoint_is_a_prime_path() {
        let map = map(2, &[(0, 0), (0, 1)]);
        assert_eq!(texts(&prime_paths(&map, 100)), ["00", "01"]);
        assert_eq!(texts(&simple_paths(&map, 100)), ["01"]);
    }

    #[test]
    fn the_search_is_cut_off_and_says_so() {
        let all: Vec<_> = (0..20).flat_map(|a| (0..20).map(move |b| (a, b))).collect();
        let dense = map(20, &all);
        let paths = simple_paths(&dense, 50);
        assert!(paths.capped && paths.found.len() == 50);
        // The only way out leads through the entry, so the search runs from one dead end into the next.
        let mut edges: Vec<_> = (0..20).flat_map(|a| (0..20).map(move |b| (a, b))).collect();
        edges.push((0, 20));
        let mut trap = map(21, &edges).to_data();
        trap.outcome.entries = vec!["00".into()];
        let paths = simple_paths(&JourneyMap::from_data(trap).unwrap(), 50);
        assert!(paths.capped && paths.found.len() <= 1, "the number of steps is bounded too");
        assert!(!simple_paths(&map(0, &[]), 50).capped);
    }

    #[test]
    fn exactly_as_many_paths_as_allowed_is_not_a_cut() {
        let map = map(3, &[(0, 1), (0, 2)]);
        assert!(!simple_paths(&map, 2).capped);
        assert!(simple_paths(&map, 1).capped);
    }
}
