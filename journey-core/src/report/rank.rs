//! Which findings matter most, by one rule for all sorts of them.
//!
//! Findings are ranked by the lower end of the interval of their impact: the share of all journeys that is hurt for certain, as
//! far as the confidence goes. So a small group that is hurt much and a large one that is hurt little stand on one scale, and
//! what is uncertain stands behind what is sure.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::data::{EvidenceStrength, ReportFinding, ReportFindingKind as Kind};
use crate::sorting::SortRows;

/// A share of all journeys that is hurt, with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Impact {
    estimate: f64,
    low: f64,
    high: f64,
}

impl Impact {
    /// `None` if an end of the interval is not known.
    pub(super) fn new(estimate: Option<f64>, low: Option<f64>, high: Option<f64>) -> Option<Self> {
        Some(Self { estimate: estimate?, low: low?, high: high? })
    }
}

/// What may be a finding.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    finding: ReportFinding,
    /// Whether it hurts, and more than chance explains.
    supported: bool,
}

impl Candidate {
    /// `supported` says whether the test of its analysis finds it; what helps customers is no finding.
    pub(super) fn new(
        mut finding: ReportFinding,
        impact: Option<Impact>,
        p_adjusted: Option<f64>,
        supported: bool,
    ) -> Self {
        let hurts = impact.filter(|impact| impact.low > 0.0);
        if let Some(Impact { estimate, low, high }) = hurts {
            (finding.impact, finding.impact_low, finding.impact_high) = (estimate, low, high);
        }
        finding.p_adjusted = p_adjusted;
        finding.strength = p_adjusted.map(strength);
        Self { finding, supported: supported && hurts.is_some() }
    }

    /// Says what it is about.
    pub(super) fn about(mut self, say: impl FnOnce(&mut ReportFinding)) -> Self {
        say(&mut self.finding);
        self
    }
}

fn strength(p_adjusted: f64) -> EvidenceStrength {
    match p_adjusted {
        p if p <= 0.001 => EvidenceStrength::VeryStrong,
        p if p <= 0.01 => EvidenceStrength::Strong,
        _ => EvidenceStrength::Moderate,
    }
}

/// The findings in their order, those that say the same once more left out.
pub(super) fn ranked(candidates: Vec<Candidate>) -> Vec<ReportFinding> {
    let supported = candidates.into_iter().filter(|candidate| candidate.supported);
    let mut findings: Vec<ReportFinding> = supported.map(|candidate| candidate.finding).collect();
    findings.sort_rows_by(|a, b| order(a).cmp(&order(b)));
    let mut told = BTreeSet::new();
    findings.retain(|finding| {
        let subjects = subjects(finding);
        let fresh = subjects.iter().all(|subject| !told.contains(subject));
        told.extend(subjects.into_iter().filter(|_| fresh));
        fresh
    });
    findings
}

/// The largest lower end first, to nine decimals, beyond which rounding would decide; ties by kind and names.
fn order(finding: &ReportFinding) -> (Reverse<u64>, Kind, [Option<&str>; 6]) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share above 0, at most 1")]
    let billionths = (finding.impact_low * 1e9).round() as u64;
    let names = [
        &finding.touchpoint,
        &finding.target,
        &finding.attribute,
        &finding.value,
        &finding.other_value,
        &finding.since,
    ];
    (Reverse(billionths), finding.kind, names.map(Option::as_deref))
}

/// What a finding is about: of each touchpoint and kind, and of each attribute, one is told. A transition is about both its ends.
/// Changes lie at different times.
fn subjects(finding: &ReportFinding) -> Vec<(Kind, Vec<String>)> {
    let names = match finding.kind {
        Kind::Change => vec![finding.since.as_slice()],
        Kind::Segment => vec![finding.attribute.as_slice()],
        Kind::ChannelSwitch => {
            return vec![(finding.kind, finding.value.iter().chain(&finding.other_value).cloned().collect())];
        }
        Kind::Bottleneck => vec![finding.touchpoint.as_slice(), finding.target.as_slice()],
        _ => vec![finding.touchpoint.as_slice()],
    };
    names.into_iter().map(|name| (finding.kind, name.to_vec())).collect()
}
