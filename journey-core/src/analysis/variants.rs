//! The distinct paths that customers take, and how few of them cover how many customers.

use std::cmp::Reverse;
use std::hash::BuildHasher;
use std::mem::take;

use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use super::quantiles::Quantiles;
use super::stats::{self, Share};
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::threads::{map_each, sort};

/// Options for [`variants`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct VariantsOptions {
    /// The most variants the report lists; all if `None`.
    pub limit: Option<u64>,
    /// The share of journeys for which the report says how few variants cover it.
    pub coverage: f64,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for VariantsOptions {
    fn default() -> Self {
        Self { limit: Some(100), coverage: 0.8, confidence: stats::CONFIDENCE }
    }
}

/// The distinct paths of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Variants {
    /// Journeys in the log.
    pub journeys: u64,
    /// Distinct paths.
    pub variants: u64,
    /// Paths that only one journey took.
    pub singletons: u64,
    /// Entropy of the paths in nats: 0 if all journeys are alike.
    pub entropy: Option<f64>,
    /// Entropy as a share of what it could be, `ln variants`: 1 if all paths are equally frequent; `None` with fewer
    /// than two variants.
    pub normalised_entropy: Option<f64>,
    /// The share of journeys that `variants_for_coverage` refers to.
    pub coverage: f64,
    /// The fewest variants that together are at least that share of the journeys.
    pub variants_for_coverage: u64,
    /// The variants, most frequent first, ties by the names of their touchpoints.
    pub rows: Vec<VariantRow>,
    /// Variants that the limit cut off.
    pub rows_left_out: u64,
}

/// A path and how many journeys took it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VariantRow {
    /// The touchpoints, in the order of the journey.
    pub touchpoints: Vec<String>,
    /// The journeys that took exactly this path.
    pub coverage: Share,
    /// The journeys that took this path or one listed above it.
    pub cumulative: Share,
}

/// Counts the distinct paths (variants) of the journeys in a log.
///
/// A variant is the whole sequence of a journey's touchpoints. Coverage is that of edeaR's `trace_coverage`: the most
/// frequent variants first, cumulated. Entropy is `-sum p ln p` over the variants; normalised, it is divided by `ln` of
/// their number (Pielou 1966), so that logs of different sizes can be compared.
///
/// ```
/// use journey_core::{Event, EventLog, VariantsOptions, variants};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13".parse()?))
///     .event(Event::new("bob", "visit", "2024-03-14".parse()?))
///     .build()?;
/// let paths = variants(&log, &VariantsOptions::default())?;
/// assert_eq!((paths.variants, paths.rows[0].coverage.n), (1, 2));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(events + variants log variants).
pub fn variants(log: &EventLog, options: &VariantsOptions) -> Result<Variants> {
    stats::check_confidence(options.confidence)?;
    stats::check_share("coverage", options.coverage)?;
    Ok(fold(log, || VariantsFold::new(options)))
}

/// All distinct paths of a log as codes, most frequent first, ties by the names of their touchpoints: for programs that
/// want every one of them, where [`variants`] would write out a text for each touchpoint of each.
///
/// ```
/// use journey_core::{Event, EventLog, VariantTable};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13".parse()?))
///     .event(Event::new("bob", "visit", "2024-03-14".parse()?))
///     .build()?;
/// let table = VariantTable::new(&log);
/// let (path, journeys) = table.iter().next().unwrap();
/// assert_eq!((log.touchpoints().name(path[0]), journeys), ("visit", 2));
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Debug)]
pub struct VariantTable(Frequencies);

impl VariantTable {
    /// Counts the distinct paths of a log.
    #[must_use]
    pub fn new(log: &EventLog) -> Self {
        Self(fold(log, TableFold::new))
    }

    /// How many distinct paths there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.top.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.top.is_empty()
    }

    /// Each path as codes of [`LogNames::touchpoints`], and how many journeys took it.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&[u32], u64)> {
        self.0.top()
    }
}

pub(super) struct TableFold(VariantCounts);

impl TableFold {
    pub(super) fn new() -> Self {
        Self(VariantCounts::default())
    }
}

impl Fold for TableFold {
    type Report = Frequencies;

    fn journey(&mut self, journey: Journey<'_>) {
        self.0.journey(journey);
    }

    fn journeys(&mut self, journey: Journey<'_>, customers: u64) {
        self.0.add(journey, customers);
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn finish(self, _: &LogNames) -> Frequencies {
        self.0.most_frequent(None)
    }
}

pub(super) struct VariantsFold {
    options: VariantsOptions,
    counts: VariantCounts,
}

impl VariantsFold {
    pub(super) fn new(options: &VariantsOptions) -> Self {
        Self { options: options.clone(), counts: VariantCounts::default() }
    }
}

impl Fold for VariantsFold {
    type Report = Variants;

    fn journey(&mut self, journey: Journey<'_>) {
        self.counts.journey(journey);
    }

    fn journeys(&mut self, journey: Journey<'_>, customers: u64) {
        self.counts.add(journey, customers);
    }

    fn merge(&mut self, other: Self) {
        self.counts.merge(other.counts);
    }

    fn finish(self, names: &LogNames) -> Variants {
        let VariantsOptions { limit, coverage, confidence } = self.options;
        let frequencies = self.counts.most_frequent(limit);
        let counts = &frequencies.counts;
        let journeys = counts.iter().sum();
        let quantiles = Quantiles::new(confidence, std::iter::empty());
        let mut so_far = 0;
        let counted = frequencies.top().map(|(path, count)| {
            so_far += count;
            (path, count, so_far)
        });
        let rows = map_each(counted.collect(), |(path, count, so_far): (&[u32], u64, u64)| VariantRow {
            touchpoints: path.iter().map(|code| names.touchpoints.name(*code).to_owned()).collect(),
            coverage: quantiles.share(count, journeys),
            cumulative: quantiles.share(so_far, journeys),
        });
        let entropy = entropy(counts.iter().copied(), journeys);
        let variants = counts.len() as u64;
        let normalised = |entropy: f64| (variants > 1).then(|| (entropy / libm::log(stats::float(variants))).min(1.0));
        Variants {
            journeys,
            variants,
            singletons: counts.iter().filter(|count| **count == 1).count() as u64,
            entropy,
            normalised_entropy: entropy.and_then(normalised),
            coverage,
            variants_for_coverage: stats::pareto(counts.iter().map(|count| stats::float(*count)), coverage) as u64,
            rows_left_out: counts.len().saturating_sub(rows.len()) as u64,
            rows,
        }
    }
}

fn entropy(counts: impl Iterator<Item = u64>, of: u64) -> Option<f64> {
    let sum: f64 = counts.filter_map(|count| stats::ratio(count, of)).map(|p| p * libm::log(p)).sum();
    // `0.0 -` and not a sign, so that one variant gives 0 and not -0.
    (of > 0).then_some(0.0 - sum)
}

/// The path of each journey, until the same ones are counted together.
///
/// Looking each path up in a table waits for memory twice a journey, and tables of parts have to be merged. So the paths are
/// only copied, with a hash of each, and put in groups at the end, on all cores.
#[derive(Default)]
pub(super) struct VariantCounts {
    codes: PathCodes,
    /// The paths of each part of the log.
    paths: Vec<Vec<HashedPath>>,
}

/// The codes of all paths, in as many texts as parts of the log were merged.
#[derive(Debug, Default)]
struct PathCodes(Vec<Vec<u32>>);

#[derive(Clone, Copy)]
struct HashedPath {
    hash: u64,
    path: CountedPath,
}

/// Where a path stands among the codes, and how many journeys took it.
#[derive(Clone, Copy, Debug)]
struct CountedPath {
    /// The number of the part of the log, and where the path begins and ends in its codes.
    part: u32,
    start: u32,
    end: u32,
    count: u64,
}

impl PathCodes {
    fn of(&self, path: &CountedPath) -> &[u32] {
        let part = self.0.get(path.part as usize);
        part.and_then(|codes| codes.get(path.start as usize..path.end as usize)).unwrap_or_default()
    }
}

/// A path with what it is put in order by.
struct OrderedPath {
    count: Reverse<u64>,
    first: u64,
    path: CountedPath,
}

impl VariantCounts {
    pub(super) fn journey(&mut self, journey: Journey<'_>) {
        self.add(journey, 1);
    }

    /// Adds a journey that so many customers took.
    pub(super) fn add(&mut self, journey: Journey<'_>, customers: u64) {
        if self.paths.is_empty() {
            self.paths.push(Vec::new());
            self.codes.0.push(Vec::new());
        }
        let (Some(codes), Some(paths)) = (self.codes.0.first_mut(), self.paths.first_mut()) else { return };
        let path = journey.touchpoints();
        // A log has fewer events than these numbers end at.
        let place = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let (start, end) = (place(codes.len()), place(codes.len() + path.len()));
        codes.extend_from_slice(path);
        let hash = FxBuildHasher.hash_one(path);
        paths.push(HashedPath { hash, path: CountedPath { part: 0, start, end, count: customers } });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.codes.0.extend(other.codes.0);
        self.paths.extend(other.paths);
    }

    /// Most frequent first, ties by the names of the touchpoints.
    pub(super) fn most_frequent_first(self) -> Vec<(Box<[u32]>, u64)> {
        self.most_frequent(None).top().map(|(path, count)| (path.into(), count)).collect()
    }

    /// All counts, and the most frequent paths up to a limit; only those are put in order.
    fn most_frequent(self, limit: Option<u64>) -> Frequencies {
        let Self { codes, paths } = self;
        let mut ordered = grouped(&codes, paths);
        let mut counts: Vec<u64> = ordered.iter().map(|path| path.count.0).collect();
        sort(&mut counts, |a, b| b.cmp(a));
        let shown = limit.map_or(ordered.len(), |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let order = |a: &OrderedPath, b: &OrderedPath| {
            let by_number = (a.count, a.first).cmp(&(b.count, b.first));
            by_number.then_with(|| codes.of(&a.path).cmp(codes.of(&b.path)))
        };
        if shown < ordered.len() {
            ordered.select_nth_unstable_by(shown, order);
            ordered.truncate(shown);
        }
        sort(&mut ordered, order);
        let top = ordered.into_iter().map(|ordered| ordered.path).collect();
        Frequencies { counts, codes, top }
    }
}

/// The same paths as one, with the number of journeys.
fn grouped(codes: &PathCodes, paths: Vec<Vec<HashedPath>>) -> Vec<OrderedPath> {
    // Those with the same leading bits of their hash make a part that fits a cache and needs no other.
    const PARTS: usize = 256;
    let split = |(number, paths): (u32, Vec<HashedPath>)| {
        let mut parts: Vec<Vec<HashedPath>> = Vec::new();
        parts.resize_with(PARTS, || Vec::with_capacity(paths.len() / PARTS));
        for HashedPath { hash, path } in paths {
            if let Some(part) = parts.get_mut((hash >> 56) as usize) {
                part.push(HashedPath { hash, path: CountedPath { part: number, ..path } });
            }
        }
        parts
    };
    let mut pieces = map_each((0..).zip(paths).collect(), split);
    let parts = (0..PARTS).map(|part| pieces.iter_mut().filter_map(|pieces| pieces.get_mut(part)).map(take).collect());
    let first = First::of(codes);
    let groups = map_each(parts.collect(), |pieces: Vec<Vec<HashedPath>>| {
        let mut part = pieces.concat();
        let path = |hashed: &HashedPath| codes.of(&hashed.path);
        part.sort_unstable_by(|a, b| a.hash.cmp(&b.hash).then_with(|| path(a).cmp(path(b))));
        let same = part.chunk_by(|a, b| a.hash == b.hash && path(a) == path(b));
        let counted = same.filter_map(|group| {
            let count = group.iter().map(|hashed| hashed.path.count).sum();
            let path = CountedPath { count, ..group.first()?.path };
            Some(OrderedPath { count: Reverse(count), first: first.number(codes.of(&path)), path })
        });
        counted.collect::<Vec<OrderedPath>>()
    });
    groups.into_iter().flatten().collect()
}

/// The first codes of a path as one number, which is in the order of the paths. Most paths differ in it, and it spares looking
/// them up.
struct First {
    /// The bits of a code, of which one more is no code.
    bits: u32,
}

impl First {
    fn of(codes: &PathCodes) -> Self {
        let most = codes.0.iter().flatten().max().map_or(0, |most| u64::from(*most) + 1);
        Self { bits: (u64::BITS - most.leading_zeros()).max(1) }
    }

    fn number(&self, path: &[u32]) -> u64 {
        let fit = (u64::BITS / self.bits) as usize;
        let codes = path.iter().map(|code| u64::from(*code) + 1).chain(std::iter::repeat(0)).take(fit);
        codes.fold(0, |number, code| number << self.bits | code)
    }
}

/// How often paths were taken.
#[derive(Debug)]
pub(super) struct Frequencies {
    /// The count of each path, the largest first.
    counts: Vec<u64>,
    codes: PathCodes,
    /// The most frequent paths.
    top: Vec<CountedPath>,
}

impl Frequencies {
    fn top(&self) -> impl ExactSizeIterator<Item = (&[u32], u64)> {
        self.top.iter().map(|path| (self.codes.of(path), path.count))
    }
}

#[cfg(test)]
impl Serialize for Frequencies {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.top())
    }
}
