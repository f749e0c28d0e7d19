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

/// What a search may cost before it is cut off, counted in edges looked at and touchpoints stored: some hundredths of a second.
const MOST_WORK: usize = 1_000_000;

/// The paths from an entry to an exit of the map that visit no touchpoint twice.
pub(super) fn simple_paths(map: &JourneyMap, most: usize) -> Paths {
    let graph = map.graph();
    let exits = marked(graph, &map.exits());
    let leads_out = leads_to(graph, &map.exits());
    walk(graph, &map.entries(), most, |walk| {
        let keep = walk.path.last().filter(|last| is(&exits, **last)).map(|_| walk.path.to_vec());
        let open = walk.next.iter().copied().filter(|node| is(&leads_out, *node) && !is(walk.on_path, *node)).collect();
        (keep, open)
    })
}

/// The prime paths of the map: paths and cycles that repeat no touchpoint and lie within no longer one.
pub(super) fn prime_paths(map: &JourneyMap, most: usize) -> Paths {
    let graph = map.graph();
    let starts: Vec<_> = graph.node_indices().collect();
    walk(graph, &starts, most, |walk| {
        let (Some(first), Some(last)) = (walk.path.first(), walk.path.last()) else { return (None, Vec::new()) };
        let open: Vec<_> = walk.next.iter().copied().filter(|node| !is(walk.on_path, *node)).collect();
        let longer_before = |node: NodeIndex| !is(walk.on_path, node) || node == *last;
        let keep = if walk.next.contains(first) {
            Some(walk.path.iter().copied().chain([*first]).collect())
        } else if open.is_empty() && !graph.neighbors_directed(*first, Direction::Incoming).any(longer_before) {
            Some(walk.path.to_vec())
        } else {
            None
        };
        (keep, open)
    })
}

/// Whether the map has a cycle, a transition from a touchpoint to itself included.
pub(super) fn has_cycle(map: &JourneyMap) -> bool {
    // Sorting is done without recursion; petgraph's own test for cycles overflows the stack on long maps.
    petgraph::algo::toposort(map.graph(), None).is_err()
}

/// Where a walk stands: its path, which touchpoints are on it, and those that can follow.
struct Walk<'a> {
    path: &'a [NodeIndex],
    on_path: &'a [bool],
    next: &'a [NodeIndex],
}

/// Walks all ways from the starts, without recursion. For each path, `visit` returns the path to keep, if any, and the
/// touchpoints to go on to.
fn walk<N, E>(
    graph: &DiGraph<N, E>,
    starts: &[NodeIndex],
    most: usize,
    visit: impl Fn(&Walk<'_>) -> (Option<Vec<NodeIndex>>, Vec<NodeIndex>),
) -> Paths {
    let mut found = BTreeSet::new();
    let mut work = 0;
    let mut on_path = vec![false; graph.node_count()];
    let mut path: Vec<NodeIndex> = Vec::new();
    for start in starts {
        // For each touchpoint of the path, those still to be tried in its place; the next one last.
        let mut to_try = vec![vec![*start]];
        while let Some(choices) = to_try.last_mut() {
            let Some(node) = choices.pop() else {
                to_try.pop();
                if let Some(mark) = path.pop().and_then(|node| on_path.get_mut(node.index())) {
                    *mark = false;
                }
                continue;
            };
            path.push(node);
            if let Some(mark) = on_path.get_mut(node.index()) {
                *mark = true;
            }
            let mut next: Vec<_> = graph.neighbors(node).collect();
            next.sort_unstable();
            next.reverse();
            let (keep, go_on) = visit(&Walk { path: &path, on_path: &on_path, next: &next });
            work += 1 + next.len() + keep.as_ref().map_or(0, Vec::len);
            if work > MOST_WORK {
                return Paths { found, capped: true };
            }
            if let Some(one) = keep {
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
        assert!(paths.capped && paths.found.len() <= 1, "the work is bounded too");
        assert!(!simple_paths(&map(0, &[]), 50).capped);
    }

    #[test]
    fn long_maps_take_no_stack() {
        let chain: Vec<_> = (0..99_999).map(|node| (node, node + 1)).collect();
        let map = map(100_000, &chain);
        let small = std::thread::Builder::new().stack_size(256 * 1024);
        let thread =
            small.spawn(move || (has_cycle(&map), prime_paths(&map, 10).capped, simple_paths(&map, 10).capped));
        assert_eq!(thread.unwrap().join().unwrap(), (false, true, false));
    }

    #[test]
    fn exactly_as_many_paths_as_allowed_is_not_a_cut() {
        let map = map(3, &[(0, 1), (0, 2)]);
        assert!(!simple_paths(&map, 2).capped);
        assert!(simple_paths(&map, 1).capped);
    }
}
