//! Asking the questions, and putting the answers together.

use std::collections::BTreeMap;

use super::candidates;
use super::data::{JourneyReport, ReportFinding};
use super::options::ReportOptions;
use super::rank::{Candidate, ranked};
use crate::analysis::{
    BottleneckOptions, Bottlenecks, Changes, ChannelSwitching, ChannelSwitchingOptions, CompareOptions, Comparison,
    DeviationOptions, Deviations, DropOffOptions, DropOffs, EmotionCurve, EmotionDips, EmotionOptions, Funnel,
    FunnelOptions, FunnelStep, PathCoverage, PathCoverageOptions, Rework, ReworkOptions, Rules, SegmentOptions,
    Segments, StepFlow, StepFlowOptions, StepMatrix, StepMatrixOptions, Summary, SummaryOptions, TouchpointReturn,
    Transitions, TransitionsOptions, Variants, VariantsOptions, bottlenecks, changes, channel_switching,
    compare_groups, cut, deviations, drop_offs, emotion_curve, emotion_dips, funnel, path_coverage, returns, rework,
    segments, step_flow, step_matrix, summary, transitions, variants,
};
use crate::error::{ErrorKind, Result};
use crate::log::EventLog;
use crate::map::JourneyMap;
use crate::sorting::{SortRows, inserted};

/// An attribute with more values is no grouping of customers, unless it is named.
const MOST_VALUES: usize = 50;
/// Changes are looked for at the touchpoints that most journeys visit.
const WATCHED: usize = 50;
/// The most transitions that are kept, for the flow.
const TRANSITIONS: u64 = 400;
/// The most steps of a funnel.
const STEPS: usize = 32;

/// Asks everything of a log, and of a map if there is one, and says which findings matter most.
///
/// Findings come from the tests of the questions: a conversion that is lower than that of others (in a stretch of time, in a
/// group, after coming back, off the map, after a switch of channels), a touchpoint where more journeys end than elsewhere, a
/// transition that takes longer than others, a dip of the emotion curve. Each is compared with what else there is, and counts
/// only if its test, corrected within its family, calls it significant. They are ranked by the share of all journeys that they
/// hurt, by the lower end of its interval. A finding goes with what it says; it need not come from it.
///
/// An event is at the touchpoint of the map whose id is its name; [`EventLog::with_map`] brings a log with other names to the
/// map first, [`EventLog::with_feedback`] adds the scores of surveys.
///
/// ```
/// use journey_core::{Event, EventLog, ReportFindingKind, ReportOptions, report};
///
/// let mut log = EventLog::builder().attribute("platform");
/// for customer in 0..200 {
///     // Of 100 on a phone 20 pay, of 100 others 60.
///     let (id, phone) = (customer.to_string(), customer < 100);
///     let pays = customer % 100 < if phone { 20 } else { 60 };
///     let platform = Some(if phone { "phone" } else { "desktop" });
///     log = log.event_with(Event::untimed(&id, "cart"), [platform]);
///     if pays {
///         log = log.event_with(Event::untimed(&id, "pay"), [platform]);
///     }
/// }
/// let found = report(None, &log.build()?, &ReportOptions { conversion: vec!["pay".into()], ..Default::default() })?;
/// let phones = &found.findings[0];
/// assert_eq!((phones.kind, phones.value.as_deref()), (ReportFindingKind::Segment, Some("phone")));
/// assert_eq!((phones.figure, phones.compared_with, phones.impact), (0.2, 0.6, 0.2));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range, a touchpoint or attribute that is named is not in the log, or `inactive_after` is given
/// and the log has no times.
///
/// # Complexity
/// That of the questions together.
pub fn report<'a>(
    map: impl Into<Option<&'a JourneyMap>>,
    log: &EventLog,
    options: &ReportOptions,
) -> Result<JourneyReport> {
    options.check()?;
    let map = map.into();
    let asked = Asked { map, log, options, conversion: conversion(map, log, options) };
    let mut answers = asked.answers()?;
    let candidates = asked.candidates(&answers);
    let looked_at = candidates.len() as u64;
    let mut findings = ranked(candidates);
    let supported = findings.len() as u64;
    cut(&mut findings, Some(options.findings));
    answers.cut(options.limit);
    Ok(asked.together(answers, findings, [supported, looked_at]))
}

/// The conversions that the options name, else those of the map that the log has.
fn conversion(map: Option<&JourneyMap>, log: &EventLog, options: &ReportOptions) -> Vec<String> {
    if !options.conversion.is_empty() {
        return options.conversion.clone();
    }
    let named = map.map(|map| map.outcome().conversions.as_slice()).unwrap_or_default();
    named.iter().filter(|id| log.touchpoints().code(id).is_some()).cloned().collect()
}

/// What is asked, and of what.
struct Asked<'a> {
    map: Option<&'a JourneyMap>,
    log: &'a EventLog,
    options: &'a ReportOptions,
    conversion: Vec<String>,
}

/// The reports of which findings are made, whole.
struct Answers {
    summary: Summary,
    transitions: Transitions,
    bottlenecks: Bottlenecks,
    drop_offs: DropOffs,
    changes: Changes,
    returns: Vec<TouchpointReturn>,
    returns_left_out: u64,
    emotion_curve: Option<EmotionCurve>,
    emotion_dips: Option<EmotionDips>,
    path_coverage: Option<PathCoverage>,
    deviations: Option<Deviations>,
    segments: Vec<Segments>,
    attributes_left_out: Vec<String>,
    comparison: Option<Comparison>,
    channel_switching: Option<ChannelSwitching>,
    funnel: Option<Funnel>,
    rework: Rework,
    variants: Variants,
    step_flow: StepFlow,
    step_matrix: StepMatrix,
}

impl Asked<'_> {
    fn rules(&self) -> Rules {
        let ReportOptions { min_n, false_discovery_rate, confidence, .. } = *self.options;
        Rules { min_n, false_discovery_rate, confidence }
    }

    fn answers(&self) -> Result<Answers> {
        let (log, options) = (self.log, self.options);
        let ReportOptions { inactive_after, false_discovery_rate, confidence, .. } = *options;
        let limit = Some(options.limit);
        let conversion = &self.conversion;
        let summary = summary(log, &SummaryOptions { confidence })?;
        let (segments, attributes_left_out) = self.segments()?;
        let losses =
            DropOffOptions { conversion: conversion.clone(), inactive_after, confidence, ..DropOffOptions::default() };
        let slow = BottleneckOptions { steps: options.steps.clone(), confidence, ..BottleneckOptions::default() };
        let feelings = EmotionOptions { false_discovery_rate, confidence, ..EmotionOptions::default() };
        let mut most_visited: Vec<_> = summary.touchpoints.iter().collect();
        most_visited.sort_rows_by_key(|row| std::cmp::Reverse(row.journeys));
        let watched: Vec<&str> = most_visited.into_iter().take(WATCHED).map(|row| row.touchpoint.as_str()).collect();
        let switching = ChannelSwitchingOptions {
            conversion: conversion.clone(),
            inactive_after,
            false_discovery_rate,
            confidence,
            ..ChannelSwitchingOptions::default()
        };
        let switching = (!summary.channels.is_empty()).then(|| channel_switching(log, &switching));
        let mapped = self.map.map(|map| -> Result<_> {
            let covered = PathCoverageOptions { limit, confidence, ..PathCoverageOptions::default() };
            Ok((
                emotion_curve(map, log, &feelings)?,
                emotion_dips(map, log, &feelings)?,
                path_coverage(map, log, &covered)?,
            ))
        });
        let (curve, dips, coverage) = match mapped.transpose()? {
            Some((curve, dips, coverage)) => (Some(curve), Some(dips), Some(coverage)),
            None => (None, None, None),
        };
        let returned =
            if conversion.is_empty() { Vec::new() } else { returns(log, conversion, inactive_after, self.rules())? };
        let steps = StepMatrixOptions { inactive_after, limit, confidence, ..StepMatrixOptions::default() };
        let flow = StepFlowOptions { inactive_after, confidence, ..StepFlowOptions::default() };
        Ok(Answers {
            transitions: transitions(log, &TransitionsOptions { confidence, ..TransitionsOptions::default() })?,
            bottlenecks: bottlenecks(log, &slow)?,
            drop_offs: drop_offs(log, &losses)?,
            changes: changes(log, conversion, &watched, inactive_after, self.rules())?,
            returns: returned,
            returns_left_out: 0,
            emotion_curve: curve,
            emotion_dips: dips,
            path_coverage: coverage,
            deviations: self.deviations()?,
            comparison: self.comparison(&segments)?,
            segments,
            attributes_left_out,
            channel_switching: switching.transpose()?,
            funnel: self.funnel()?,
            rework: rework(log, &ReworkOptions { limit, confidence, ..ReworkOptions::default() })?,
            variants: variants(log, &VariantsOptions { limit, confidence, ..VariantsOptions::default() })?,
            step_flow: step_flow(log, &flow)?,
            step_matrix: step_matrix(log, &steps)?,
            summary,
        })
    }

    /// The groups of each attribute, and the attributes with too many values.
    fn segments(&self) -> Result<(Vec<Segments>, Vec<String>)> {
        let (log, options) = (self.log, self.options);
        for attribute in &options.attributes {
            log.groups(attribute, "attributes")?;
        }
        let all: Vec<String> = log.attributes().map(str::to_owned).collect();
        let values = |attribute: &String| log.attribute_values(attribute).map_or(0, crate::names::Names::len);
        let (asked, left_out) = if options.attributes.is_empty() {
            all.into_iter().partition(|attribute| values(attribute) <= MOST_VALUES)
        } else {
            (options.attributes.clone(), Vec::new())
        };
        let compared = SegmentOptions {
            conversion: self.conversion.clone(),
            inactive_after: options.inactive_after,
            limit: None,
            false_discovery_rate: options.false_discovery_rate,
            confidence: options.confidence,
        };
        let asked = asked.iter().filter(|_| !log.is_empty());
        let found = asked.map(|attribute| segments(log, attribute, &compared)).collect::<Result<Vec<Segments>>>()?;
        Ok((found, left_out))
    }

    /// The two largest groups of the attribute whose groups convert most differently.
    fn comparison(&self, segments: &[Segments]) -> Result<Option<Comparison>> {
        let surest = |one: &&Segments| one.conversion_p_value.unwrap_or(1.0);
        let several = segments.iter().filter(|one| one.rows.len() > 1);
        let Some(found) = several.reduce(|best, next| if surest(&next) < surest(&best) { next } else { best }) else {
            return Ok(None);
        };
        let [a, b, ..] = found.rows.as_slice() else { return Ok(None) };
        let options = CompareOptions {
            conversion: self.conversion.clone(),
            inactive_after: self.options.inactive_after,
            limit: Some(self.options.limit),
            variants: 0,
            transitions: 25,
            min_n: self.options.min_n,
            false_discovery_rate: self.options.false_discovery_rate,
            confidence: self.options.confidence,
            ..CompareOptions::default()
        };
        compare_groups(self.log, &found.attribute, &a.value, &b.value, &options).map(Some)
    }

    /// `None` where log and map are too large to be compared path by path: the rest of the report is not.
    fn deviations(&self) -> Result<Option<Deviations>> {
        let Some(map) = self.map else { return Ok(None) };
        let options = DeviationOptions {
            conversion: self.conversion.clone(),
            inactive_after: self.options.inactive_after,
            false_discovery_rate: self.options.false_discovery_rate,
            confidence: self.options.confidence,
            ..DeviationOptions::default()
        };
        match deviations(map, self.log, &options) {
            Err(error) if error.kind() == ErrorKind::LimitExceeded => Ok(None),
            result => result.map(Some),
        }
    }

    /// The steps that were asked for; else the stages of the map, each any of its touchpoints, up to the conversion.
    fn funnel(&self) -> Result<Option<Funnel>> {
        let steps = if self.options.steps.is_empty() {
            self.stages()
        } else {
            self.options.steps.iter().map(Into::into).collect()
        };
        let options = FunnelOptions {
            inactive_after: self.options.inactive_after,
            confidence: self.options.confidence,
            ..FunnelOptions::default()
        };
        let asked = !self.options.steps.is_empty() || steps.len() > 1;
        if asked { funnel(self.log, steps, &options).map(Some) } else { Ok(None) }
    }

    fn stages(&self) -> Vec<FunnelStep> {
        let Some(map) = self.map.filter(|_| !self.conversion.is_empty()) else { return Vec::new() };
        let mut steps = Vec::new();
        for stage in map.stages() {
            let inside =
                map.touchpoints().filter(|touchpoint| touchpoint.stage == stage.id).map(|touchpoint| &touchpoint.id);
            let inside: Vec<String> = inside.filter(|id| self.log.touchpoints().code(id).is_some()).cloned().collect();
            let (goal, way): (Vec<String>, Vec<String>) =
                inside.into_iter().partition(|id| self.conversion.contains(id));
            if !way.is_empty() && steps.len() + 1 < STEPS {
                steps.push(FunnelStep { name: Some(stage.name.clone()), touchpoints: way, ..FunnelStep::default() });
            }
            if !goal.is_empty() {
                let name = goal
                    .iter()
                    .filter_map(|id| map.touchpoint(id).ok())
                    .map(|goal| goal.name.as_str())
                    .collect::<Vec<_>>();
                steps.push(FunnelStep { name: Some(name.join(", ")), touchpoints: goal, ..FunnelStep::default() });
                return steps;
            }
        }
        // No stage of the map holds the conversion.
        Vec::new()
    }

    fn candidates(&self, answers: &Answers) -> Vec<Candidate> {
        let rules = self.rules();
        let journeys = answers.drop_offs.journeys - answers.drop_offs.open_journeys;
        let rows = answers.transitions.rows.iter();
        let taken: BTreeMap<(&str, &str), u64> =
            inserted(rows.filter_map(|row| Some(((row.source.as_deref()?, row.target.as_deref()?), row.journeys))));
        let taken = |source: &str, target: &str| taken.get(&(source, target)).copied().unwrap_or(0);
        let mut found = candidates::changes(&answers.changes, rules);
        found.extend(candidates::step_losses(&answers.bottlenecks, rules));
        found.extend(candidates::drop_offs(&answers.drop_offs, rules));
        found.extend(candidates::returns(&answers.returns, journeys, rules));
        found.extend(answers.deviations.iter().flat_map(|deviations| candidates::deviations(deviations, rules)));
        found.extend(answers.segments.iter().flat_map(|segments| candidates::segments(segments, rules)));
        found.extend(answers.channel_switching.iter().flat_map(|switching| candidates::switches(switching, rules)));
        found.extend(candidates::bottlenecks(&answers.bottlenecks, taken, rules));
        found.extend(answers.emotion_dips.iter().flat_map(|dips| candidates::dips(dips, &answers.summary, rules)));
        found
    }

    fn together(
        &self,
        answers: Answers,
        findings: Vec<ReportFinding>,
        [supported, looked_at]: [u64; 2],
    ) -> JourneyReport {
        JourneyReport {
            map: self.map.map(|map| map.name().to_owned()),
            conversion: self.conversion.clone(),
            confidence: self.options.confidence,
            false_discovery_rate: self.options.false_discovery_rate,
            findings,
            findings_supported: supported,
            findings_looked_at: looked_at,
            summary: answers.summary,
            transitions: answers.transitions,
            bottlenecks: answers.bottlenecks,
            funnel: answers.funnel,
            drop_offs: answers.drop_offs,
            step_flow: answers.step_flow,
            changes: answers.changes,
            rework: answers.rework,
            returns: answers.returns,
            returns_left_out: answers.returns_left_out,
            emotion_curve: answers.emotion_curve,
            emotion_dips: answers.emotion_dips,
            path_coverage: answers.path_coverage,
            deviations: answers.deviations,
            segments: answers.segments,
            attributes_left_out: answers.attributes_left_out,
            comparison: answers.comparison,
            channel_switching: answers.channel_switching,
            variants: answers.variants,
            step_matrix: answers.step_matrix,
        }
    }
}

impl Answers {
    /// Shortens the lists that findings were looked for in.
    fn cut(&mut self, limit: u64) {
        let limit = Some(limit);
        self.transitions.rows_left_out += cut(&mut self.transitions.rows, Some(TRANSITIONS));
        let slow = &mut self.bottlenecks;
        slow.transitions_left_out += cut(&mut slow.transitions, limit);
        slow.touchpoints_left_out += cut(&mut slow.touchpoints, limit);
        slow.conversions_left_out += cut(&mut slow.conversions, limit);
        self.drop_offs.touchpoints_left_out += cut(&mut self.drop_offs.touchpoints, limit);
        self.returns_left_out = cut(&mut self.returns, limit);
        if let Some(deviations) = &mut self.deviations {
            deviations.rows_left_out += cut(&mut deviations.rows, limit);
        }
        for segments in &mut self.segments {
            segments.rows_left_out += cut(&mut segments.rows, limit);
        }
        if let Some(switching) = &mut self.channel_switching {
            switching.channels_left_out += cut(&mut switching.channels, limit);
            switching.transitions_left_out += cut(&mut switching.transitions, limit);
            switching.costs_left_out += cut(&mut switching.costs, limit);
        }
    }
}
