//! What two samples of journeys are compared in, by which tests, and in which order that is told.

use std::collections::{BTreeMap, BTreeSet};

use statrs::distribution::{ContinuousCDF, Normal};

use super::compare::{
    CompareOptions, ComparedGroup, Comparison, ComparisonTest, EffectKind, Finding, FindingKind, VariantMix,
};
use super::finding_words::{sentence, warnings};
use super::languages::{Variant, compared, earth_movers_distance, same_mix};
use super::proportions::{ShareDifference, ShareTest};
use super::ranks::{hodges_lehmann, mann_whitney, median};
use super::sample::Sample;
use super::stats::{self, ScoreStats, Share, float, score_stats};
use crate::names::{NONE, Names};
use crate::sorting::{SortRows, inserted};
use crate::threads::map_each;

const MICROS: f64 = 1e6;

/// One of the two that are compared.
pub(super) struct Side<'a> {
    pub(super) name: String,
    /// What a sentence calls it.
    pub(super) label: String,
    pub(super) touchpoints: &'a Names,
    pub(super) sample: Sample,
}

impl Side<'_> {
    fn group(&self) -> ComparedGroup {
        let Sample { journeys, events, open, .. } = self.sample;
        ComparedGroup { name: self.name.clone(), journeys, events, open_journeys: open }
    }

    /// Names of the touchpoints that journeys visit.
    fn visited(&self) -> impl Iterator<Item = &str> {
        let visits = self.touchpoints.iter().zip(&self.sample.visits);
        visits.filter(|(_, visit)| visit.journeys > 0).map(|(name, _)| name)
    }

    /// Every transition that journeys take, starts and ends included, and how many do.
    fn ways(&self) -> impl Iterator<Item = (Way<'_>, u64)> {
        let name = |code: u32| Some(self.touchpoints.name(code));
        let between = self.sample.transitions.iter();
        let between = between.map(move |t| ((name(t.source), name(t.target)), t.journeys));
        let ends = self.touchpoints.iter().zip(&self.sample.visits);
        let ends = ends.flat_map(|(name, at)| [((None, Some(name)), at.starts), ((Some(name), None), at.ends)]);
        between.chain(ends).filter(|(_, journeys)| *journeys > 0)
    }

    /// How many journeys take a transition, of how many that could.
    fn takes(&self, (source, target): Way<'_>) -> (u64, u64) {
        let code = |name: Option<&str>| name.and_then(|name| self.touchpoints.code(name));
        let (from, to) = (self.sample.visit(code(source)), self.sample.visit(code(target)));
        match (source, target) {
            (None, _) => (to.starts, self.sample.journeys),
            (_, None) => (from.ends, from.journeys),
            _ => (self.sample.taken(code(source), code(target)).0, from.journeys),
        }
    }
}

/// A transition by the names of its ends; `None` is the start or the end of a journey.
type Way<'a> = (Option<&'a str>, Option<&'a str>);

/// Compares two samples in everything there is to compare.
pub(super) fn comparison(a: &Side<'_>, b: &Side<'_>, shared: u64, options: &CompareOptions) -> Comparison {
    let asked = Asked { a, b, options };
    let (ways, transitions_left_out) = asked.most_frequent_ways();
    let (mix, variant_mix) = asked.variant_mix();
    let mut compared = asked.shares();
    compared.extend(map_each(ways, |way| asked.transition(way)).into_iter().flatten());
    compared.extend(asked.totals());
    compared.extend(asked.scores());
    compared.extend(mix);
    let too_small = compared.iter().filter(|one| one.is_none()).count() as u64;
    let mut findings: Vec<Finding> = compared.into_iter().flatten().collect();
    let tests = judge(&mut findings, options.false_discovery_rate);
    for finding in &mut findings {
        finding.sentence = sentence(finding, &a.label, &b.label, &options.conversion);
    }
    findings.sort_rows_by(|x, y| order(x).cmp(&order(y)));
    let significant = findings.iter().filter(|finding| finding.significant == Some(true)).count() as u64;
    let findings_left_out = super::cut(&mut findings, options.limit);
    Comparison {
        a: a.group(),
        b: b.group(),
        shared_journeys: shared,
        variant_mix,
        false_discovery_rate: options.false_discovery_rate,
        tests,
        significant,
        too_small,
        transitions_left_out,
        findings,
        findings_left_out,
        warnings: warnings([(&a.label, a.sample.journeys), (&b.label, b.sample.journeys)], shared),
    }
}

/// Judges all tests as one family; returns how many there are.
fn judge(findings: &mut [Finding], false_discovery_rate: f64) -> u64 {
    let p_values: Vec<Option<f64>> = findings.iter().map(|finding| finding.p_value).collect();
    for (finding, verdict) in findings.iter_mut().zip(stats::judge(&p_values, false_discovery_rate)) {
        finding.p_adjusted = verdict.p_adjusted;
        finding.significant = verdict.significant;
    }
    p_values.iter().flatten().count() as u64
}

/// Significant findings first, the largest effect first, ties by kind and name.
///
/// Effects are compared to nine decimals: beyond that rounding would decide.
fn order(finding: &Finding) -> (bool, i64, FindingKind, [Option<&str>; 3]) {
    #[expect(clippy::cast_possible_truncation, reason = "an effect is no larger than a few dozen")]
    let billionths = finding.effect_as_d.map_or(1, |effect| -(effect.abs() * 1e9).round() as i64);
    let names = [&finding.touchpoint, &finding.source, &finding.target].map(Option::as_deref);
    (finding.significant != Some(true), billionths, finding.kind, names)
}

/// Two sides, and what is asked about them. A comparison that is too small is `None`.
struct Asked<'a> {
    a: &'a Side<'a>,
    b: &'a Side<'a>,
    options: &'a CompareOptions,
}

impl<'a> Asked<'a> {
    fn samples(&self) -> [&'a Sample; 2] {
        [&self.a.sample, &self.b.sample]
    }

    /// The shares of journeys that convert, reach a step, visit a touchpoint.
    fn shares(&self) -> Vec<Option<Finding>> {
        let samples = self.samples();
        let sizes = samples.map(|sample| sample.journeys);
        let mut found = Vec::new();
        if !self.options.conversion.is_empty() {
            let converted = samples.map(|sample| sample.converted);
            found.push(self.share(FindingKind::Conversion, About::default(), converted, sizes));
        }
        let steps = &self.options.steps;
        for (level, (source, target)) in steps.iter().zip(steps.iter().skip(1)).enumerate() {
            let reached = |level: usize| samples.map(|sample| sample.reached.get(level).copied().unwrap_or(0));
            let (before, after) = (reached(level), reached(level + 1));
            found.push(self.share(FindingKind::StepReach, About::touchpoint(target), after, sizes));
            let way = About::way((Some(source), Some(target)));
            found.push(self.share(FindingKind::StepConversion, way, after, before));
        }
        for name in self.visited() {
            // Where conversion is a visit of this touchpoint, it is compared already.
            if self.options.conversion.as_slice() != [name] {
                let visits = [self.a, self.b].map(|side| side.sample.visit(side.touchpoints.code(name)).journeys);
                found.push(self.share(FindingKind::Visit, About::touchpoint(name), visits, sizes));
            }
        }
        found
    }

    /// Names of the touchpoints that journeys of either side visit.
    fn visited(&self) -> BTreeSet<&'a str> {
        inserted(self.a.visited().chain(self.b.visited()))
    }

    /// The transitions that most journeys of both sides together take, ties by name, and how many others there are.
    fn most_frequent_ways(&self) -> (Vec<Way<'a>>, u64) {
        let mut ways: BTreeMap<Way<'a>, u64> = BTreeMap::new();
        for (way, journeys) in self.a.ways().chain(self.b.ways()) {
            *ways.entry(way).or_default() += journeys;
        }
        let mut ways: Vec<(Way<'a>, u64)> = ways.into_iter().collect();
        ways.sort_rows_by_key(|(_, journeys)| std::cmp::Reverse(*journeys));
        let left_out = super::cut(&mut ways, Some(self.options.transitions));
        (ways.into_iter().map(|(way, _)| way).collect(), left_out)
    }

    /// The share of journeys that take a transition, and the time that it takes.
    fn transition(&self, way: Way<'_>) -> Vec<Option<Finding>> {
        let [a, b] = [self.a, self.b].map(|side| side.takes(way));
        let share = self.share(FindingKind::Transition, About::way(way), [a.0, b.0], [a.1, b.1]);
        let ((Some(source), Some(target)), Some(_)) = (way, self.throughput()) else { return vec![share] };
        let times = [self.a, self.b]
            .map(|side| side.sample.taken(side.touchpoints.code(source), side.touchpoints.code(target)).1);
        vec![share, self.ranked(FindingKind::TransitionTime, About::way(way), times, MICROS)]
    }

    /// What there is one of for each journey.
    fn totals(&self) -> Vec<Option<Finding>> {
        let lengths = self.samples().map(|sample| sample.lengths.as_slice());
        let throughput =
            self.throughput().map(|times| self.ranked(FindingKind::ThroughputTime, About::default(), times, MICROS));
        let lengths = self.ranked(FindingKind::EventsPerJourney, About::default(), lengths, 1.0);
        throughput.into_iter().chain([lengths]).collect()
    }

    /// How long journeys take; `None` if a side has no times, and nothing about time can be compared.
    fn throughput(&self) -> Option<[&'a [f64]; 2]> {
        self.a.sample.throughput.as_deref().zip(self.b.sample.throughput.as_deref()).map(<[_; 2]>::from)
    }

    /// Scores of journeys, over all and at each touchpoint where there are any.
    fn scores(&self) -> Vec<Option<Finding>> {
        let all = self.samples().map(|sample| sample.scores.as_slice());
        if all.iter().all(|scores| scores.is_empty()) {
            return Vec::new();
        }
        let mut found = vec![self.means(FindingKind::Score, About::default(), all)];
        for name in self.visited() {
            let scores = [self.a, self.b].map(|side| side.sample.scores_at(side.touchpoints.code(name)));
            if scores.iter().any(|scores| !scores.is_empty()) {
                found.push(self.means(FindingKind::TouchpointScore, About::touchpoint(name), scores));
            }
        }
        found
    }

    /// The mix of paths: as a finding, if there is a path to compare, and by itself.
    fn variant_mix(&self) -> (Vec<Option<Finding>>, VariantMix) {
        let all = self.in_shared_codes();
        let [a, b] = all.each_ref().map(|variants| compared(variants, self.options.variants));
        let sizes = self.samples().map(|sample| sample.journeys);
        let distance = earth_movers_distance(a, b);
        let left_out = |variants: &[Variant], size: u64| {
            let taken_in: u64 = variants.iter().map(|(_, count)| count).sum();
            Share::new(size - taken_in, size, self.options.confidence)
        };
        let [size_a, size_b] = sizes;
        let mix = VariantMix {
            distance,
            a_variants: a.len() as u64,
            a_left_out: left_out(a, size_a),
            b_variants: b.len() as u64,
            b_left_out: left_out(b, size_b),
        };
        let [all_a, all_b] = &all;
        let finding = self.finding(FindingKind::VariantMix, About::default(), sizes, EffectKind::EarthMoversDistance);
        let finding = finding.map(|blank| {
            let p_value = same_mix(all_a, all_b);
            let test = p_value.map(|_| ComparisonTest::ChiSquared);
            sized(Finding { difference: distance, effect: distance, p_value, test, ..blank })
        });
        // Too small to compare, or compared; without a path there is nothing to tell.
        let told = finding.is_none() || distance.is_some();
        (told.then_some(finding).into_iter().collect(), mix)
    }

    /// The variants of both sides, in codes that mean the same on both.
    fn in_shared_codes(&self) -> [Vec<Variant>; 2] {
        let names: BTreeSet<&str> = inserted(self.a.touchpoints.iter().chain(self.b.touchpoints.iter()));
        let codes: BTreeMap<&str, u32> = inserted(names.into_iter().zip(0..));
        [self.a, self.b].map(|side| {
            let code = |code: &u32| codes.get(side.touchpoints.name(*code)).copied().unwrap_or(NONE);
            let variants = side.sample.variants.iter();
            variants.map(|(path, count)| (path.iter().map(code).collect(), *count)).collect()
        })
    }

    fn share(&self, kind: FindingKind, about: About, n: [u64; 2], of: [u64; 2]) -> Option<Finding> {
        let blank = self.finding(kind, about, of, EffectKind::CohenH)?;
        let ([n_a, n_b], [of_a, of_b]) = (n, of);
        let (a, b) = (Share::new(n_a, of_a, self.options.confidence), Share::new(n_b, of_b, self.options.confidence));
        let found = ShareDifference::new(&a, &b);
        Some(sized(Finding {
            a: a.share,
            b: b.share,
            difference: found.difference,
            low: found.low,
            high: found.high,
            test: found.test.map(|test| match test {
                ShareTest::Z => ComparisonTest::Z,
                ShareTest::FisherExact => ComparisonTest::FisherExact,
            }),
            p_value: found.p_value,
            effect: found.cohen_h,
            a_share: Some(a),
            b_share: Some(b),
            ..blank
        }))
    }

    /// Compares two samples by ranks; their values are divided by `unit`.
    fn ranked(&self, kind: FindingKind, about: About, [a, b]: [&[f64]; 2], unit: f64) -> Option<Finding> {
        let sizes = [a, b].map(|values| values.len() as u64);
        let blank = self.finding(kind, about, sizes, EffectKind::RankBiserial)?;
        let shift = hodges_lehmann(a, b, self.options.confidence)?;
        let test = mann_whitney(a, b);
        Some(sized(Finding {
            a: median(a).map(|x| x / unit),
            b: median(b).map(|x| x / unit),
            difference: Some(shift.median / unit),
            low: shift.interval.map(|(low, _)| low / unit),
            high: shift.interval.map(|(_, high)| high / unit),
            test: test.map(|_| ComparisonTest::MannWhitney),
            p_value: test.map(|test| test.p_value),
            // Where all values are the same there is nothing to test, and no effect.
            effect: Some(test.map_or(0.0, |test| test.rank_biserial(a.len(), b.len()))),
            ..blank
        }))
    }

    fn means(&self, kind: FindingKind, about: About, [a, b]: [&[f64]; 2]) -> Option<Finding> {
        let sizes = [a, b].map(|values| values.len() as u64);
        let blank = self.finding(kind, about, sizes, EffectKind::HedgesG)?;
        let [a, b] = [a, b].map(|values| score_stats(&mut values.to_vec(), self.options.confidence));
        let p_value = stats::welch(&a, &b);
        let difference = a.mean.zip(b.mean).map(|(a, b)| b - a);
        let interval = stats::welch_interval(&a, &b, self.options.confidence);
        Some(sized(Finding {
            a: a.mean,
            b: b.mean,
            difference,
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            test: p_value.map(|_| ComparisonTest::Welch),
            p_value,
            effect: difference.and_then(|difference| hedges_g(&a, &b, difference)),
            ..blank
        }))
    }

    /// A finding without figures; `None` where a side is too small.
    fn finding(&self, kind: FindingKind, about: About, n: [u64; 2], effect_kind: EffectKind) -> Option<Finding> {
        if n.iter().any(|n| *n < self.options.min_n.max(1)) {
            return None;
        }
        let [a_n, b_n] = n;
        Some(Finding {
            kind,
            touchpoint: about.touchpoint,
            source: about.source,
            target: about.target,
            a: None,
            b: None,
            a_n,
            b_n,
            a_share: None,
            b_share: None,
            difference: None,
            low: None,
            high: None,
            test: None,
            p_value: None,
            p_adjusted: None,
            significant: None,
            effect: None,
            effect_kind,
            effect_as_d: None,
            sentence: String::new(),
        })
    }
}

/// What a finding is about, by name.
#[derive(Default)]
struct About {
    touchpoint: Option<String>,
    source: Option<String>,
    target: Option<String>,
}

impl About {
    fn touchpoint(name: &str) -> Self {
        Self { touchpoint: Some(name.to_owned()), ..Self::default() }
    }

    fn way((source, target): Way<'_>) -> Self {
        Self { source: source.map(str::to_owned), target: target.map(str::to_owned), ..Self::default() }
    }
}

/// Hedges' g (1981): the difference in pooled standard deviations, with the correction for small samples; 0 where there is
/// no difference, and `None` where there is one and nothing varies.
fn hedges_g(a: &ScoreStats, b: &ScoreStats, difference: f64) -> Option<f64> {
    let squares = |side: &ScoreStats| side.deviation.map_or(0.0, |deviation| (float(side.n) - 1.0) * deviation.powi(2));
    let all = float(a.n + b.n);
    let pooled = ((squares(a) + squares(b)) / (all - 2.0)).sqrt();
    if difference.abs() > 0.0 {
        (pooled > 0.0).then(|| difference / pooled * (1.0 - 3.0 / (4.0 * all - 9.0)))
    } else {
        Some(0.0)
    }
}

/// Puts the effect on the scale of Cohen's d.
fn sized(finding: Finding) -> Finding {
    let pairs = float(finding.a_n) * float(finding.b_n);
    let effect_as_d = finding.effect.and_then(|effect| match finding.effect_kind {
        EffectKind::CohenH | EffectKind::HedgesG => Some(effect),
        EffectKind::EarthMoversDistance => None,
        EffectKind::RankBiserial => {
            // No pair the other way round is taken as half a pair, or the distance would be infinite.
            let most = 1.0 - 1.0 / pairs;
            let quantile = Normal::standard().inverse_cdf(f64::midpoint(1.0, effect.clamp(-most, most)));
            Some(std::f64::consts::SQRT_2 * quantile + 0.0)
        }
    });
    Finding { effect_as_d, ..finding }
}
