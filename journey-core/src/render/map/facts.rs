//! What reports say of each touchpoint of a map, found by its id.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;

use super::options::MapReports;
use crate::analysis::{
    ConversionLoss, DelayMeasure, EmotionDip, EmotionSource, EmotionStep, Share, TimeStats, TouchpointDropOff,
};
use crate::map::{ChangeKind, Evidence, EvidenceKind, JourneyMap, MapChange, MapPart, Touchpoint};
use crate::reader::from_text;
use crate::sorting::{SortRows, inserted};

/// What reports say of a touchpoint.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts<'a> {
    /// The step of the emotion curve, if customers gave scores here.
    pub(super) measured: Option<(f64, &'a EmotionStep)>,
    /// The dip here, and whether it is one of the measured curve.
    pub(super) dip: Option<(&'a EmotionDip, bool)>,
    /// The time of a time bottleneck, and whether it was waited for the touchpoint.
    pub(super) delay: Option<(&'a TimeStats, bool)>,
    /// The conversion bottleneck that begins here.
    pub(super) loss: Option<&'a ConversionLoss>,
    /// Of the journeys here those that end, and whether that is a drop-off; only where most of them do.
    pub(super) drop_off: Option<(&'a Share, bool)>,
    /// Whether no event of the log is here.
    pub(super) not_visited: bool,
    /// What is different from the map before.
    pub(super) changes: Vec<&'a MapChange>,
}

impl Facts<'_> {
    /// Whether the touchpoint is new.
    pub(super) fn is_added(&self) -> bool {
        self.changes.iter().any(|change| change.kind == ChangeKind::Added)
    }

    /// The expected score of the map before, if it is another one.
    pub(super) fn score_before(&self) -> Option<f64> {
        let change = self.changes.iter().find(|change| change.kind == ChangeKind::Rescored)?;
        change.before.as_ref().and_then(|text| from_text(text))
    }
}

/// The facts of all touchpoints, by id.
#[derive(Debug, Default)]
pub(super) struct AllFacts<'a> {
    by_touchpoint: BTreeMap<&'a str, Facts<'a>>,
    /// The changes of stages, by id.
    pub(super) stages: BTreeMap<&'a str, Vec<&'a MapChange>>,
    /// The stages and touchpoints that were removed, in the order of the diff.
    pub(super) removed: Vec<&'a MapChange>,
    /// Changes of parts that are not drawn.
    pub(super) other_changes: u64,
    /// How many journeys visit each touchpoint, by id.
    pub(super) visits: BTreeMap<&'a str, u64>,
}

impl<'a> AllFacts<'a> {
    pub(super) fn new(map: &JourneyMap, reports: &'a MapReports) -> Self {
        let mut all = Self::default();
        all.read_emotions(reports);
        all.read_bottlenecks(reports);
        all.read_drop_offs(map, reports);
        for id in reports.path_coverage.iter().flat_map(|cover| &cover.map.touchpoints_not_visited) {
            all.of_mut(id).not_visited = true;
        }
        for row in reports.summary.iter().flat_map(|summary| &summary.touchpoints) {
            all.visits.insert(&row.touchpoint, row.journeys);
        }
        for change in reports.diff.iter().flat_map(|diff| &diff.changes) {
            if change.kind == ChangeKind::Removed && matches!(change.part, MapPart::Stage | MapPart::Touchpoint) {
                all.removed.push(change);
            }
            match (change.part, change.id.as_deref()) {
                (MapPart::Touchpoint, Some(id)) => all.of_mut(id).changes.push(change),
                (MapPart::Stage, Some(id)) => all.stages.entry(id).or_default().push(change),
                _ => all.other_changes += 1,
            }
        }
        all
    }

    pub(super) fn of(&self, id: &str) -> Facts<'a> {
        self.by_touchpoint.get(id).cloned().unwrap_or_default()
    }

    fn of_mut(&mut self, id: &'a str) -> &mut Facts<'a> {
        self.by_touchpoint.entry(id).or_default()
    }

    fn read_emotions(&mut self, reports: &'a MapReports) {
        for step in reports.emotion_curve.iter().flat_map(|curve| &curve.steps) {
            self.of_mut(&step.touchpoint).measured = step.measured.map(|score| (score, step));
        }
        if let Some(report) = &reports.emotion_dips {
            for dip in &report.dips {
                self.of_mut(&dip.touchpoint).dip = Some((dip, report.source == EmotionSource::Measured));
            }
        }
    }

    fn read_bottlenecks(&mut self, reports: &'a MapReports) {
        if let Some(report) = &reports.bottlenecks {
            let waiting = report.measure == DelayMeasure::Waiting;
            for row in report.touchpoints.iter().filter(|row| row.bottleneck) {
                let time = if waiting { &row.waiting } else { &row.time };
                self.of_mut(&row.touchpoint).delay = time.as_ref().map(|time| (time, waiting));
            }
            for row in report.conversions.iter().filter(|row| row.bottleneck && row.target.is_some()) {
                self.of_mut(&row.source).loss = Some(row);
            }
        }
    }

    /// The fewest touchpoints at which together half of the journeys end. Bottlenecks come flagged; of where journeys end the report
    /// shows all, and a picture in which most touchpoints have a sign shows nothing.
    fn read_drop_offs(&mut self, map: &JourneyMap, reports: &'a MapReports) {
        if let Some(report) = &reports.drop_offs {
            let dropped = report.drop_off_rate.is_some();
            let outcome = map.outcome();
            let exits: BTreeSet<&str> = inserted(outcome.exits.iter().chain(&outcome.conversions).map(String::as_str));
            let rate = |row: &'a TouchpointDropOff| if dropped { &row.drop_off_rate } else { &row.journey_exit_rate };
            // Where the map says that journeys end or succeed, an end is no news.
            let expected = |row: &TouchpointDropOff| !dropped && exits.contains(row.touchpoint.as_str());
            let mut rows: Vec<&TouchpointDropOff> = report.touchpoints.iter().filter(|row| !expected(row)).collect();
            rows.sort_rows_by_key(|row| std::cmp::Reverse(rate(row).n));
            let all: u64 = rows.iter().map(|row| rate(row).n).fold(0, u64::saturating_add);
            let mut reached: u64 = 0;
            for row in rows {
                if u128::from(reached) * 2 >= u128::from(all) {
                    break;
                }
                reached = reached.saturating_add(rate(row).n);
                self.of_mut(&row.touchpoint).drop_off = Some((rate(row), dropped));
            }
        }
    }
}

/// How well something on a map is supported: the strongest evidence that is named for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// Nothing is named, or that it is assumed.
    Assumed,
    /// Some customers or staff told it.
    Told,
    /// It was counted, or many were asked.
    Counted,
}

impl Strength {
    pub(super) fn of(evidence: &[Evidence]) -> Self {
        let strength = |evidence: &Evidence| match evidence.kind {
            EvidenceKind::Analytics | EvidenceKind::Crm | EvidenceKind::Survey => Self::Counted,
            EvidenceKind::Assumption => Self::Assumed,
            _ => Self::Told,
        };
        evidence.iter().map(strength).max().unwrap_or(Self::Assumed)
    }

    /// The class of a line that shows it.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Told => "told",
            Self::Counted => "counted",
        }
    }
}

/// What a touchpoint rests on: the evidence that is named for it, and what a log showed at it.
pub(super) fn evidence_of(touchpoint: &Touchpoint) -> Vec<Evidence> {
    let shown = touchpoint.observed.as_ref();
    let shown = shown.map(|seen| Evidence { n: Some(seen.journeys), ..Evidence::new(EvidenceKind::Analytics) });
    touchpoint.evidence.iter().cloned().chain(shown).collect()
}

/// A part that a diff says was removed, as it was.
pub(super) fn removed<T: DeserializeOwned>(changes: &[&MapChange], part: MapPart) -> Vec<T> {
    let here = changes.iter().filter(|change| change.part == part);
    here.filter_map(|change| from_text(change.before.as_ref()?)).collect()
}
