//! What a report looks at.

use serde::{Deserialize, Serialize};

use crate::analysis::{check_confidence, check_open_unit, check_option, float};
use crate::duration::Duration;
use crate::error::Result;

/// Options for [`report`](crate::report).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct ReportOptions {
    /// Touchpoints of which a journey must reach one to have converted; if not given, those of the map's outcome. Without a
    /// conversion, nobody can be lost, and the report says nothing about that.
    pub conversion: Vec<String>,
    /// Touchpoints that lead to the goal, in order, for the funnel; if not given, the stages of the map up to its conversion.
    pub steps: Vec<String>,
    /// Attributes whose groups are compared; if not given, all that have at most 50 values.
    pub attributes: Vec<String>,
    /// A journey that has been silent for less than this when the log ends is open, and left out where it would count as lost;
    /// if not given, all are finished.
    pub inactive_after: Option<Duration>,
    /// The most findings, from 1 to 100.
    pub findings: u64,
    /// What has fewer journeys, times or scores on either side of a comparison is no finding; from 2 to 1,000,000.
    pub min_n: u64,
    /// The most rows of each list of the report, from 1 to 1000.
    pub limit: u64,
    /// The share of false findings accepted among the significant ones, in each family of tests.
    pub false_discovery_rate: f64,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self {
            conversion: Vec::new(),
            steps: Vec::new(),
            attributes: Vec::new(),
            inactive_after: None,
            findings: 5,
            min_n: 20,
            limit: 25,
            false_discovery_rate: 0.05,
            confidence: 0.95,
        }
    }
}

impl ReportOptions {
    pub(super) fn check(&self) -> Result<()> {
        check_confidence(self.confidence)?;
        check_open_unit("false_discovery_rate", self.false_discovery_rate)?;
        let whole = |name: &str, value: u64, least: u64, most: u64| {
            let expected = format!("a whole number from {least} to {most}");
            check_option(name, float(value), (least..=most).contains(&value), &expected)
        };
        whole("findings", self.findings, 1, 100)?;
        whole("min_n", self.min_n, 2, 1_000_000)?;
        whole("limit", self.limit, 1, 1_000)
    }
}
