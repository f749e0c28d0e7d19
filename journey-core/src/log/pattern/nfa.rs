//! A pattern as an automaton (Thompson 1968), and a walk through a journey along all its ways at once.
//!
//! The sets of states that a walk comes to are kept with a number, and so are its steps from set to set; so a walk
//! looks up one step for each event. What is kept is bounded: beyond that it is forgotten and worked out again, so that
//! the time is at most the number of events times that of states.

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::parse::Path;

/// The most states of an automaton.
pub(super) const MOST_STATES: usize = 1000;
/// The most sets of states, and steps between them, that a walk keeps.
const MOST_SETS: usize = 1 << 10;
const MOST_STEPS: usize = 1 << 16;

#[derive(Debug)]
enum State {
    /// An event of this sort leads on.
    Event { sort: usize, next: usize },
    /// Each of these may be next.
    Either(Vec<usize>),
    /// Leads on before the first event.
    Start(usize),
    /// Leads on after the last event.
    End(usize),
    /// The pattern has matched.
    Found,
}

/// An automaton.
#[derive(Debug)]
pub(super) struct Nfa {
    states: Vec<State>,
    first: usize,
}

/// The pattern has too many states once its repeats are written out.
#[derive(Debug)]
pub(super) struct TooLarge;

impl Nfa {
    pub(super) fn new(path: &Path) -> Result<Self, TooLarge> {
        let mut nfa = Self { states: vec![State::Found], first: 0 };
        nfa.first = nfa.add(path, 0)?;
        Ok(nfa)
    }

    /// Adds the states of a path that leads on to a state; returns where it begins.
    fn add(&mut self, path: &Path, next: usize) -> Result<usize, TooLarge> {
        match path {
            Path::Event(sort) => self.push(State::Event { sort: *sort, next }),
            Path::Start => self.push(State::Start(next)),
            Path::End => self.push(State::End(next)),
            Path::Sequence(paths) => paths.iter().rev().try_fold(next, |next, path| self.add(path, next)),
            Path::Either(paths) => {
                let firsts = paths.iter().map(|path| self.add(path, next)).collect::<Result<_, _>>()?;
                self.push(State::Either(firsts))
            }
            Path::Repeat { path, least, most } => self.repeat(path, *least, *most, next),
        }
    }

    fn repeat(&mut self, path: &Path, least: u32, most: Option<u32>, next: usize) -> Result<usize, TooLarge> {
        let (mut first, mut copies) = (next, least);
        if let Some(most) = most {
            for _ in least..most {
                let more = self.add(path, first)?;
                first = self.push(State::Either(vec![more, next]))?;
            }
        } else {
            let again = self.push(State::Either(Vec::new()))?;
            let more = self.add(path, again)?;
            if let Some(state) = self.states.get_mut(again) {
                *state = State::Either(vec![more, next]);
            }
            first = if least == 0 { again } else { more };
            copies = least.saturating_sub(1);
        }
        for _ in 0..copies {
            first = self.add(path, first)?;
        }
        Ok(first)
    }

    fn push(&mut self, state: State) -> Result<usize, TooLarge> {
        if self.states.len() >= MOST_STATES {
            return Err(TooLarge);
        }
        self.states.push(state);
        Ok(self.states.len() - 1)
    }

    /// The states that these lead to without an event, in order; only those that wait for something.
    fn reach(&self, from: Vec<usize>, at_start: bool, at_end: bool) -> Set {
        let mut seen = vec![false; self.states.len()];
        let mut reached = Vec::new();
        let mut open = from;
        while let Some(place) = open.pop() {
            match seen.get_mut(place) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            match self.states.get(place) {
                Some(State::Either(nexts)) => open.extend(nexts),
                Some(State::Start(next)) if at_start => open.push(*next),
                Some(State::End(next)) if at_end => open.push(*next),
                Some(State::Start(_)) | None => {}
                Some(State::End(_) | State::Event { .. } | State::Found) => reached.push(place),
            }
        }
        reached.sort_unstable();
        reached.into()
    }

    fn finds(&self, set: &Set) -> bool {
        set.iter().any(|place| matches!(self.states.get(*place), Some(State::Found)))
    }

    fn found(&self, set: &Set) -> Found {
        Found { now: self.finds(set), at_end: self.finds(&self.reach(set.to_vec(), false, true)) }
    }
}

/// States, in order.
type Set = Box<[usize]>;

/// Whether a set of states has found the pattern.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// Whatever follows.
    now: bool,
    /// If nothing follows.
    at_end: bool,
}

/// A walk through journeys, with the sets and steps that it knows by now.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    nfa: &'a Nfa,
    /// Where each journey begins; it has the number 0.
    first: Set,
    sets: IndexMap<Set, Found, FxBuildHasher>,
    steps: FxHashMap<(usize, u64), usize>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(nfa: &'a Nfa) -> Self {
        let first = nfa.reach(vec![nfa.first], true, false);
        let mut walk = Self { nfa, first, sets: IndexMap::default(), steps: FxHashMap::default() };
        walk.forget();
        walk
    }

    /// Whether the pattern is found in a journey, whose events are numbers; `is` says whether one is of a sort.
    pub(super) fn finds(&mut self, events: impl Iterator<Item = u64>, is: impl Fn(u64, usize) -> bool) -> bool {
        let mut at = 0;
        for event in events {
            if self.found(at).now {
                return true;
            }
            at = match self.steps.get(&(at, event)) {
                Some(next) => *next,
                None => self.step(at, event, |sort| is(event, sort)),
            };
        }
        self.found(at).at_end
    }

    fn found(&self, set: usize) -> Found {
        self.sets.get_index(set).map_or(Found { now: false, at_end: false }, |(_, found)| *found)
    }

    /// The set that an event leads to.
    fn step(&mut self, at: usize, event: u64, is: impl Fn(usize) -> bool) -> usize {
        let states = self.sets.get_index(at).map(|(set, _)| set.iter()).into_iter().flatten();
        let mut nexts: Vec<usize> = states
            .filter_map(|place| match self.nfa.states.get(*place) {
                Some(State::Event { sort, next }) if is(*sort) => Some(*next),
                _ => None,
            })
            .collect();
        // What is looked for may begin after any event.
        nexts.push(self.nfa.first);
        let set = self.nfa.reach(nexts, false, false);
        if self.sets.len() >= MOST_SETS || self.steps.len() >= MOST_STEPS {
            self.forget();
            return self.number(set);
        }
        let next = self.number(set);
        self.steps.insert((at, event), next);
        next
    }

    fn number(&mut self, set: Set) -> usize {
        if let Some(number) = self.sets.get_index_of(&set) {
            return number;
        }
        let found = self.nfa.found(&set);
        self.sets.insert_full(set, found).0
    }

    fn forget(&mut self) {
        self.steps.clear();
        self.sets.clear();
        self.number(self.first.clone());
    }
}
