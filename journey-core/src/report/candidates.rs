//! What may be a finding, from each of the reports: who is hurt, by how much, and whether that can be chance.

use super::data::{ReportFinding, ReportFindingKind as Kind, ReportSection as Section, ReportUnit as Unit};
use super::rank::{Candidate, Impact};
use crate::analysis::{
    Bottlenecks, Change, Changes, ChannelSwitching, DelayMeasure, DeviationKind, Deviations, DropOffs, EmotionDips,
    EmotionSource, Rules, Segments, Share, ShareDifference, Summary, TimeStats, TouchpointReturn, float, judge,
    t_p_value, t_quantile,
};

/// The width of the scale of scores, from -2 to 2.
const SCALE: f64 = 4.0;

/// A group that was compared with another in whether its journeys convert.
struct Compared<'a> {
    kind: Kind,
    section: Section,
    own: &'a Share,
    rest: &'a Share,
    difference: &'a ShareDifference,
    p_adjusted: Option<f64>,
    /// All journeys, or all parts of journeys.
    all: u64,
}

impl Compared<'_> {
    /// The journeys of the group that would have converted if it had done as the other did.
    fn candidate(self, rules: Rules) -> Candidate {
        let lost =
            |per_journey: Option<f64>| per_journey.map(|gain| -gain * float(self.own.of) / float(self.all.max(1)));
        let impact =
            Impact::new(lost(self.difference.difference), lost(self.difference.high), lost(self.difference.low));
        let enough = self.own.of >= rules.min_n && self.rest.of >= rules.min_n;
        let supported = self.p_adjusted.is_some_and(|p| p <= rules.false_discovery_rate);
        let finding = ReportFinding {
            unit: Unit::Conversion,
            figure: self.own.share.unwrap_or_default(),
            low: self.own.low,
            high: self.own.high,
            n: Some(self.own.n),
            of: self.own.of,
            compared_with: self.rest.share.unwrap_or_default(),
            compared_of: Some(self.rest.of),
            affected: Share::new(self.own.of.min(self.all), self.all, rules.confidence),
            ..blank(self.kind, self.section, rules)
        };
        Candidate::new(finding, impact, self.p_adjusted, enough && supported)
    }
}

/// A finding of which nothing is known yet.
fn blank(kind: Kind, section: Section, rules: Rules) -> ReportFinding {
    ReportFinding {
        kind,
        section,
        touchpoint: None,
        target: None,
        attribute: None,
        value: None,
        other_value: None,
        deviation: None,
        since: None,
        until: None,
        distinctive: None,
        distinctive_share: None,
        distinctive_rest: None,
        unit: Unit::Conversion,
        figure: 0.0,
        low: None,
        high: None,
        n: None,
        of: 0,
        compared_with: 0.0,
        compared_of: None,
        affected: Share::new(0, 0, rules.confidence),
        impact: 0.0,
        impact_low: 0.0,
        impact_high: 0.0,
        p_adjusted: None,
        strength: None,
    }
}

/// Times at which customers converted less often.
pub(super) fn changes(changes: &Changes, rules: Rules) -> Vec<Candidate> {
    let candidate = |row: &Change| {
        let compared = Compared {
            kind: Kind::Change,
            section: Section::Changes,
            own: &row.conversion,
            rest: &row.rest,
            difference: &row.difference,
            p_adjusted: row.p_adjusted,
            all: changes.parts,
        };
        compared.candidate(rules).about(|finding| {
            finding.touchpoint.clone_from(&row.touchpoint);
            finding.since = Some(row.since.clone());
            finding.until = Some(row.until.clone());
            if let Some(distinctive) = &row.distinctive {
                finding.distinctive = Some(distinctive.touchpoint.clone());
                finding.distinctive_share = distinctive.share.share;
                finding.distinctive_rest = distinctive.rest.share;
            }
        })
    };
    changes.rows.iter().map(candidate).collect()
}

/// Touchpoints that most visitors do not come back to, but some do. Where most come back, that is how it is used.
pub(super) fn returns(rows: &[TouchpointReturn], journeys: u64, rules: Rules) -> Vec<Candidate> {
    let exceptions = rows.iter().filter(|row| row.journeys.share.is_some_and(|share| share < 0.5));
    let candidate = |row: &TouchpointReturn| {
        let compared = Compared {
            kind: Kind::Rework,
            section: Section::Rework,
            own: &row.conversion,
            rest: &row.conversion_without,
            difference: &row.difference,
            p_adjusted: row.p_adjusted,
            all: journeys,
        };
        compared.candidate(rules).about(|finding| finding.touchpoint = Some(row.touchpoint.clone()))
    };
    exceptions.map(candidate).collect()
}

/// Groups of customers that convert less often; of each attribute the one that costs most, since its groups mirror each other.
pub(super) fn segments(segments: &Segments, rules: Rules) -> Vec<Candidate> {
    let candidates = segments.rows.iter().filter_map(|row| {
        let (own, difference) = (row.conversion.as_ref()?, row.conversion_difference.as_ref()?);
        // The others are all other journeys that have a value.
        let others = segments.rows.iter().filter(|other| other.value != row.value);
        let others = others.filter_map(|other| other.conversion.as_ref());
        let (n, of) = others.fold((0, 0), |(n, of), other| (n + other.n, of + other.of));
        let compared = Compared {
            kind: Kind::Segment,
            section: Section::Segments,
            own,
            rest: &Share::new(n, of, rules.confidence),
            difference,
            p_adjusted: row.conversion_p_adjusted,
            all: segments.journeys,
        };
        Some(compared.candidate(rules).about(|finding| {
            finding.attribute = Some(segments.attribute.clone());
            finding.value = Some(row.value.clone());
        }))
    });
    candidates.collect()
}

/// Switches between two channels that go with fewer conversions.
pub(super) fn switches(switching: &ChannelSwitching, rules: Rules) -> Vec<Candidate> {
    let candidates = switching.costs.iter().filter_map(|cost| {
        let conversion = cost.conversion.as_ref()?;
        let compared = Compared {
            kind: Kind::ChannelSwitch,
            section: Section::Channels,
            own: &conversion.switched,
            rest: &conversion.unswitched,
            difference: &conversion.difference,
            p_adjusted: conversion.p_adjusted,
            all: switching.journeys - switching.open_journeys,
        };
        Some(compared.candidate(rules).about(|finding| {
            finding.value = Some(cost.source.clone());
            finding.other_value = Some(cost.target.clone());
        }))
    });
    candidates.collect()
}

/// Ways to leave the map that go with fewer conversions; without a conversion, where journeys break off.
///
/// Where there is a conversion, breaking off is a drop-off, and who leaves out what leads to it cannot convert: both would say
/// the same once more.
pub(super) fn deviations(deviations: &Deviations, rules: Rules) -> Vec<Candidate> {
    let all = deviations.journeys - deviations.open_journeys;
    let candidates = deviations.rows.iter().filter_map(|row| {
        let broke_off = row.kind == DeviationKind::Failing;
        let candidate = if deviations.conversion.is_empty() && broke_off {
            broken_off(&row.journeys, rules)
        } else if matches!(row.kind, DeviationKind::AdHoc | DeviationKind::Irregular) {
            let compared = Compared {
                kind: Kind::Deviation,
                section: Section::Deviations,
                own: row.conversion.as_ref()?,
                rest: row.conversion_without.as_ref()?,
                difference: row.difference.as_ref()?,
                p_adjusted: row.p_adjusted,
                all,
            };
            compared.candidate(rules)
        } else {
            return None;
        };
        Some(candidate.about(|finding| {
            finding.touchpoint = Some(row.touchpoint.clone());
            finding.deviation = Some(row.kind);
        }))
    });
    candidates.collect()
}

/// Journeys that break off before an exit of the map are lost, each of them.
fn broken_off(journeys: &Share, rules: Rules) -> Candidate {
    let finding = ReportFinding {
        unit: Unit::Loss,
        figure: journeys.share.unwrap_or_default(),
        low: journeys.low,
        high: journeys.high,
        n: Some(journeys.n),
        of: journeys.of,
        affected: journeys.clone(),
        ..blank(Kind::Deviation, Section::Deviations, rules)
    };
    Candidate::new(finding, Impact::new(journeys.share, journeys.low, journeys.high), None, journeys.n >= rules.min_n)
}

/// One of several shares that is compared with all others together.
fn against_the_others<'a>(
    shares: impl Iterator<Item = (&'a str, Option<&'a str>, &'a Share)>,
    (kind, section, unit): (Kind, Section, Unit),
    journeys: u64,
    rules: Rules,
) -> Vec<Candidate> {
    let shares: Vec<_> = shares.collect();
    let (n, of) = shares.iter().fold((0, 0), |(n, of), (_, _, share)| (n + share.n, of + share.of));
    let rest = |own: &Share| Share::new(n - own.n, of - own.of, rules.confidence);
    let compared: Vec<ShareDifference> =
        shares.iter().map(|(_, _, own)| ShareDifference::new(&rest(own), own)).collect();
    let enough = |own: &Share| own.of >= rules.min_n && of - own.of >= rules.min_n;
    let p_values: Vec<Option<f64>> = shares
        .iter()
        .zip(&compared)
        .map(|((_, _, own), difference)| difference.p_value.filter(|_| enough(own)))
        .collect();
    let verdicts = judge(&p_values, rules.false_discovery_rate);
    let each = shares.into_iter().zip(compared).zip(verdicts);
    let candidates = each.map(|(((touchpoint, target, own), difference), verdict)| {
        // A loss is worse where it is larger, a conversion where it is smaller.
        let sign = if unit == Unit::Loss { 1.0 } else { -1.0 };
        let lost = |value: Option<f64>| value.map(|value| sign * value * float(own.of) / float(journeys.max(1)));
        let (ends, rest) = ([lost(difference.low), lost(difference.high)], rest(own));
        let [low, high] = if unit == Unit::Loss { ends } else { [ends[1], ends[0]] };
        let concerned = if unit == Unit::Loss { own.n } else { own.of - own.n };
        let finding = ReportFinding {
            touchpoint: Some(touchpoint.to_owned()),
            target: target.map(str::to_owned),
            unit,
            figure: own.share.unwrap_or_default(),
            low: own.low,
            high: own.high,
            n: Some(own.n),
            of: own.of,
            compared_with: rest.share.unwrap_or_default(),
            compared_of: Some(rest.of),
            affected: Share::new(concerned.min(journeys), journeys, rules.confidence),
            ..blank(kind, section, rules)
        };
        let impact = Impact::new(lost(difference.difference), low, high);
        Candidate::new(finding, impact, verdict.p_adjusted, verdict.significant == Some(true))
    });
    candidates.collect()
}

/// Touchpoints where more journeys end before they convert than at others.
pub(super) fn drop_offs(drop_offs: &DropOffs, rules: Rules) -> Vec<Candidate> {
    if drop_offs.drop_off_rate.is_none() {
        return Vec::new();
    }
    let shares = drop_offs.touchpoints.iter().map(|row| (row.touchpoint.as_str(), None, &row.drop_off_rate));
    let what = (Kind::DropOff, Section::DropOffs, Unit::Loss);
    against_the_others(shares, what, drop_offs.journeys - drop_offs.open_journeys, rules)
}

/// Steps after which fewer go on than after the other steps.
pub(super) fn step_losses(bottlenecks: &Bottlenecks, rules: Rules) -> Vec<Candidate> {
    let shares = bottlenecks.conversions.iter().filter(|row| row.target.is_some());
    let shares = shares.map(|row| (row.source.as_str(), row.target.as_deref(), &row.conversion));
    let what = (Kind::StepLoss, Section::DropOffs, Unit::Conversion);
    against_the_others(shares, what, bottlenecks.journeys, rules)
}

/// Transitions that take longer than the others do on average.
///
/// The mean of the others is that of the mix of transitions there is; its error comes from the intervals of their means. The
/// test is Welch's, with the degrees of freedom of the transition that is looked at.
pub(super) fn bottlenecks(report: &Bottlenecks, taken: impl Fn(&str, &str) -> u64, rules: Rules) -> Vec<Candidate> {
    let waiting = report.measure == DelayMeasure::Waiting;
    let rows = report.transitions.iter().filter_map(|row| {
        let times = if waiting { row.waiting.as_ref()? } else { &row.time };
        Some((row, times, error_of_mean(times, rules.confidence)))
    });
    let rows: Vec<_> = rows.collect();
    let total: f64 = rows.iter().map(|(_, times, _)| times.total_seconds).sum();
    let n: u64 = rows.iter().map(|(_, times, _)| times.n).sum();
    let squares: f64 = rows.iter().map(|(_, times, error)| (float(times.n) * error.unwrap_or(0.0)).powi(2)).sum();
    let tested: Vec<Option<Longer>> = rows
        .iter()
        .map(|(_, times, error)| {
            let others = n - times.n;
            let error = error.filter(|_| times.n >= rules.min_n && others >= rules.min_n)?;
            let mean = (total - times.total_seconds) / float(others);
            let own = (float(times.n) * error).powi(2);
            let error_of_others = (squares - own).max(0.0).sqrt() / float(others);
            Longer::new(
                times.mean_seconds - mean,
                error.hypot(error_of_others),
                times.n - 1,
                rules.confidence,
                mean,
                others,
            )
        })
        .collect();
    let p_values: Vec<Option<f64>> = tested.iter().map(|longer| Some(longer.as_ref()?.p_value)).collect();
    let verdicts = judge(&p_values, rules.false_discovery_rate);
    let candidates = rows.into_iter().zip(tested).zip(verdicts).filter_map(|(((row, times, _), longer), verdict)| {
        let longer = longer?;
        let share = |excess: f64| Some(excess * float(times.n) / total).filter(|_| total > 0.0);
        let impact = Impact::new(share(longer.excess), share(longer.low), share(longer.high));
        let finding = ReportFinding {
            touchpoint: Some(row.source.clone()),
            target: Some(row.target.clone()),
            unit: Unit::Seconds,
            figure: times.mean_seconds,
            low: times.mean_low_seconds,
            high: times.mean_high_seconds,
            of: times.n,
            compared_with: longer.mean_of_others,
            compared_of: Some(longer.others),
            affected: Share::new(taken(&row.source, &row.target), report.journeys, rules.confidence),
            ..blank(Kind::Bottleneck, Section::Bottlenecks, rules)
        };
        Some(Candidate::new(finding, impact, verdict.p_adjusted, verdict.significant == Some(true)))
    });
    candidates.collect()
}

/// How much longer something takes than something else.
struct Longer {
    excess: f64,
    low: f64,
    high: f64,
    p_value: f64,
    mean_of_others: f64,
    others: u64,
}

impl Longer {
    fn new(excess: f64, error: f64, freedom: u64, confidence: f64, mean_of_others: f64, others: u64) -> Option<Self> {
        let p_value = t_p_value(excess, error, float(freedom))?;
        let half = t_quantile(confidence, float(freedom)) * error;
        Some(Self { excess, low: excess - half, high: excess + half, p_value, mean_of_others, others })
    }
}

/// The standard error of a mean, from its interval.
fn error_of_mean(times: &TimeStats, confidence: f64) -> Option<f64> {
    let half = times.mean_high_seconds? - times.mean_seconds;
    Some(half / t_quantile(confidence, float(times.n - 1)))
}

/// Dips of the measured curve: how far customers fall below the lower of the two shoulders, for each that comes there.
pub(super) fn dips(dips: &EmotionDips, summary: &Summary, rules: Rules) -> Vec<Candidate> {
    if dips.source != EmotionSource::Measured {
        return Vec::new();
    }
    let candidates = dips.dips.iter().map(|dip| {
        let shoulder = dip.score + dip.prominence;
        let visitors =
            summary.touchpoints.iter().find(|row| row.touchpoint == dip.touchpoint).map_or(0, |row| row.journeys);
        let affected = Share::new(visitors, summary.journeys, rules.confidence);
        let share = |points: Option<f64>| Some(points? / SCALE * affected.share?);
        let impact = Impact::new(
            share(Some(dip.prominence)),
            share(dip.high.map(|high| shoulder - high)),
            share(dip.low.map(|low| (shoulder - low).min(SCALE))),
        );
        let finding = ReportFinding {
            touchpoint: Some(dip.touchpoint.clone()),
            unit: Unit::Score,
            figure: dip.score,
            low: dip.low,
            high: dip.high,
            of: dip.n,
            compared_with: shoulder,
            affected,
            ..blank(Kind::EmotionDip, Section::Dips, rules)
        };
        let enough = dip.n >= rules.min_n;
        Candidate::new(finding, impact, dip.p_adjusted, enough && dip.significant == Some(true))
    });
    candidates.collect()
}
