//! How often each path was taken.

use std::cmp::Reverse;
use std::hash::BuildHasher;
use std::mem::take;

use rustc_hash::FxBuildHasher;

use crate::log::{EventLog, Journey};
use crate::threads::{map_each, sort, sort_many};

/// The paths of a log's journeys, until the same ones are counted together.
///
/// Looking each path up in a table waits for memory twice a journey, and tables of parts of the log have to be merged. So
/// only a hash of each path is kept, and the same ones are found at the end, on all cores.
pub(super) struct VariantCounts<'a> {
    log: &'a EventLog,
    /// For each part of the log that was merged, the paths by the leading bits of their hashes.
    pieces: Vec<Vec<Vec<HashedPath>>>,
}

/// The path of a journey, and how many customers took it.
struct HashedPath {
    hash: u64,
    journey: u32,
    customers: u32,
}

/// A path, by the first journey that took it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(super) struct CountedPath {
    journey: u32,
    pub(super) count: u64,
}

impl CountedPath {
    /// The codes of the touchpoints.
    pub(super) fn of(self, log: &EventLog) -> &[u32] {
        log.journey(self.journey as usize).map_or(&[], |journey| journey.touchpoints())
    }
}

/// How often paths were taken.
pub(super) struct Frequencies {
    /// The count of each path, the largest first.
    pub(super) counts: Vec<u64>,
    /// The most frequent paths.
    pub(super) top: Vec<CountedPath>,
}

impl<'a> VariantCounts<'a> {
    /// Paths of journeys of this log.
    pub(super) fn new(log: &'a EventLog) -> Self {
        Self { log, pieces: Vec::new() }
    }

    /// Adds a journey that so many customers took.
    pub(super) fn add(&mut self, journey: Journey<'_>, customers: u64) {
        /// Paths with the same leading bits are few enough for a cache.
        const PARTS: usize = 256;
        if self.pieces.is_empty() {
            self.pieces.push(std::iter::repeat_with(Vec::new).take(PARTS).collect());
        }
        let hash = FxBuildHasher.hash_one(journey.touchpoints());
        // A log has fewer events than these numbers end at, those of every customer counted.
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let path = HashedPath { hash, journey: number(journey.position() as u64), customers: number(customers) };
        if let Some(part) = self.pieces.first_mut().and_then(|parts| parts.get_mut((hash >> 56) as usize)) {
            part.push(path);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
    }

    /// Most frequent first, ties by the names of the touchpoints.
    pub(super) fn most_frequent_first(self) -> Vec<(&'a [u32], u64)> {
        let log = self.log;
        self.most_frequent(None).top.into_iter().map(|path| (path.of(log), path.count)).collect()
    }

    /// All counts, and the most frequent paths up to a limit; only those are put in order.
    pub(super) fn most_frequent(self, limit: Option<u64>) -> Frequencies {
        let log = self.log;
        let mut ordered = self.grouped();
        let mut counts: Vec<u64> = ordered.iter().map(|path| path.path.count).collect();
        sort_many(&mut counts, u64::cmp);
        counts.reverse();
        let shown = limit.map_or(ordered.len(), |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let order = |a: &OrderedPath, b: &OrderedPath| {
            let by_number = (Reverse(a.path.count), a.first).cmp(&(Reverse(b.path.count), b.first));
            by_number.then_with(|| a.path.of(log).cmp(b.path.of(log)))
        };
        if shown < ordered.len() {
            ordered.select_nth_unstable_by(shown, order);
            ordered.truncate(shown);
        }
        sort(&mut ordered, order);
        Frequencies { counts, top: ordered.into_iter().map(|ordered| ordered.path).collect() }
    }

    /// Each path once.
    fn grouped(self) -> Vec<OrderedPath> {
        let Self { log, mut pieces } = self;
        let most = pieces.first().map_or(0, Vec::len);
        let parts = (0..most).map(|part| pieces.iter_mut().filter_map(|parts| parts.get_mut(part)).map(take).collect());
        let parts: Vec<Vec<Vec<HashedPath>>> = parts.collect();
        let first = First::of(log);
        let path = |hashed: &HashedPath| CountedPath { journey: hashed.journey, count: 0 }.of(log);
        let groups = map_each(parts, |pieces| {
            let mut part: Vec<HashedPath> = pieces.into_iter().flatten().collect();
            sort_many(&mut part, |a, b| a.hash.cmp(&b.hash).then_with(|| path(a).cmp(path(b))));
            let same = part.chunk_by(|a, b| a.hash == b.hash && path(a) == path(b));
            let counted = same.filter_map(|group| {
                let count = group.iter().map(|hashed| u64::from(hashed.customers)).sum();
                let path = CountedPath { journey: group.iter().map(|hashed| hashed.journey).min()?, count };
                Some(OrderedPath { first: first.number(path.of(log)), path })
            });
            counted.collect::<Vec<OrderedPath>>()
        });
        groups.concat()
    }
}

/// A path with the number that most of its order comes from.
#[derive(Clone, Copy)]
struct OrderedPath {
    first: u64,
    path: CountedPath,
}

/// The first codes of a path as one number, which is in the order of the paths. Most paths differ in it, and it spares looking
/// them up.
struct First {
    /// The bits of a code, of which one more is no code.
    bits: u32,
}

impl First {
    fn of(log: &EventLog) -> Self {
        let most = log.touchpoints().len() as u64;
        Self { bits: (u64::BITS - most.leading_zeros()).max(1) }
    }

    fn number(&self, path: &[u32]) -> u64 {
        let fit = (u64::BITS / self.bits) as usize;
        let codes = path.iter().map(|code| u64::from(*code) + 1).chain(std::iter::repeat(0)).take(fit);
        codes.fold(0, |number, code| number << self.bits | code)
    }
}
