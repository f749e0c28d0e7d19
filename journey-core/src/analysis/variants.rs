//! The distinct paths that customers take, and how few of them cover how many customers.

use serde::{Deserialize, Serialize};

use super::quantiles::Quantiles;
use super::stats::{self, Share};
use super::variant_counts::{CountedPath, VariantCounts};
use crate::error::Result;
use crate::log::{EventLog, Fold, Journey, LogNames, fold};
use crate::threads::map_each;

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
    Ok(fold(log, || VariantsFold::new(log, options)))
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
pub struct VariantTable {
    log: EventLog,
    paths: Vec<CountedPath>,
}

impl VariantTable {
    /// Counts the distinct paths of a log.
    #[must_use]
    pub fn new(log: &EventLog) -> Self {
        Self { log: log.clone(), paths: fold(log, || TableFold::new(log)) }
    }

    /// How many distinct paths there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Each path as codes of [`LogNames::touchpoints`], and how many journeys took it.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&[u32], u64)> {
        self.paths.iter().map(|path| (path.of(&self.log), path.count))
    }
}

pub(super) struct TableFold<'a>(VariantCounts<'a>);

impl<'a> TableFold<'a> {
    pub(super) fn new(log: &'a EventLog) -> Self {
        Self(VariantCounts::new(log))
    }
}

impl Fold for TableFold<'_> {
    type Report = Vec<CountedPath>;

    fn journey(&mut self, journey: Journey<'_>) {
        self.0.add(journey, 1);
    }

    fn journeys(&mut self, journey: Journey<'_>, customers: u64) {
        self.0.add(journey, customers);
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn finish(self, _: &LogNames) -> Vec<CountedPath> {
        self.0.most_frequent(None).top
    }
}

pub(super) struct VariantsFold<'a> {
    log: &'a EventLog,
    options: VariantsOptions,
    counts: VariantCounts<'a>,
}

impl<'a> VariantsFold<'a> {
    pub(super) fn new(log: &'a EventLog, options: &VariantsOptions) -> Self {
        Self { log, options: options.clone(), counts: VariantCounts::new(log) }
    }
}

impl Fold for VariantsFold<'_> {
    type Report = Variants;

    fn journey(&mut self, journey: Journey<'_>) {
        self.counts.add(journey, 1);
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
        let counted = frequencies.top.iter().map(|path| {
            so_far += path.count;
            (path.of(self.log), path.count, so_far)
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
