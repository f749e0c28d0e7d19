//! The steps of a funnel, and which of them an event meets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::policy::Policy;
use crate::duration::Duration;
use crate::error::{Error, Problem, Result};
use crate::log::{EventLog, EventMatch, Journey, Matcher};

/// The most steps a funnel has, and the most exclusions; `windowFunnel` of ClickHouse has the same limit.
pub(super) const MOST: usize = 32;

/// A step of a funnel: an event that meets every condition fills it; an empty list is no condition.
///
/// A text stands for the touchpoint of that name.
///
/// ```
/// use journey_core::FunnelStep;
///
/// let pay = FunnelStep::from("pay");
/// assert_eq!(pay, FunnelStep { touchpoints: vec!["pay".into()], ..Default::default() });
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct FunnelStep {
    /// What the report calls it; its touchpoints if not given.
    pub name: Option<String>,
    /// Names of touchpoints, of which the event is at one.
    pub touchpoints: Vec<String>,
    /// Names of channels, of which the event is on one.
    pub channels: Vec<String>,
    /// For each attribute named, values of which the event has one; with an attribute of stages a step is a whole stage.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Whether it may be left out; neither the first step nor the last.
    pub optional: bool,
    /// The least time after the step before, optional ones not counted, that time included; an earlier event does not
    /// fill the step.
    pub min_gap: Option<Duration>,
    /// The most time after the step before, optional ones not counted, that time included; then the attempt is over.
    pub max_gap: Option<Duration>,
}

impl From<String> for FunnelStep {
    fn from(touchpoint: String) -> Self {
        Self { touchpoints: vec![touchpoint], ..Self::default() }
    }
}

impl From<&str> for FunnelStep {
    fn from(touchpoint: &str) -> Self {
        touchpoint.to_owned().into()
    }
}

impl From<&&str> for FunnelStep {
    fn from(touchpoint: &&str) -> Self {
        (*touchpoint).into()
    }
}

impl From<&String> for FunnelStep {
    fn from(touchpoint: &String) -> Self {
        touchpoint.as_str().into()
    }
}

impl From<&FunnelStep> for FunnelStep {
    fn from(step: &FunnelStep) -> Self {
        step.clone()
    }
}

impl FunnelStep {
    /// What the step is called in reports; `number` is its place, from 1.
    pub(super) fn called(&self, number: usize) -> String {
        let name = self.name.clone().filter(|name| !name.is_empty());
        name.unwrap_or_else(|| match self.touchpoints.as_slice() {
            [] => format!("step {number}"),
            touchpoints => touchpoints.join(" or "),
        })
    }

    pub(super) fn wanted(&self) -> EventMatch {
        EventMatch {
            touchpoints: self.touchpoints.clone(),
            channels: self.channels.clone(),
            attributes: self.attributes.clone(),
        }
    }
}

/// Checks what holds for steps under every policy.
pub(super) fn check(steps: &[FunnelStep]) -> Result<()> {
    if steps.len() < 2 {
        return Err(Problem::TooFewSteps(steps.len()).at_field("steps"));
    }
    if steps.len() > MOST {
        return Err(Problem::TooManySteps { got: steps.len(), limit: MOST }.at_field("steps"));
    }
    for (place, step) in steps.iter().enumerate() {
        let broken = |field: &str, what: &str| {
            Err(Problem::Options(what.to_owned()).at_field(format!("steps[{place}].{field}")))
        };
        if conditionless(&step.wanted()) {
            return broken("touchpoints", "a step needs a condition: touchpoints, channels or attributes");
        }
        if step.optional && (place == 0 || place == steps.len() - 1) {
            return broken("optional", "neither the first step nor the last may be optional");
        }
        for (field, gap) in [("min_gap", step.min_gap), ("max_gap", step.max_gap)] {
            if gap.is_some() && place == 0 {
                return broken(field, "the first step has no step before it");
            }
            if gap.is_some() && step.optional {
                return broken(field, "an optional step has no gap of its own; give one to the step after it");
            }
        }
        if step.min_gap.zip(step.max_gap).is_some_and(|(least, most)| least > most) {
            return broken("min_gap", "the least gap is longer than the most");
        }
    }
    Ok(())
}

/// Whether every event meets it.
pub(super) fn conditionless(wanted: &EventMatch) -> bool {
    wanted.touchpoints.is_empty() && wanted.channels.is_empty() && wanted.attributes.values().all(Vec::is_empty)
}

/// Steps and exclusions, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Met {
    pub(super) steps: u32,
    pub(super) exclusions: u32,
}

/// Which steps and exclusions an event meets.
///
/// What asks for touchpoints only is looked up by the event's touchpoint; other conditions are asked where it is met.
#[derive(Debug)]
pub(super) struct Meeting<'a> {
    by_touchpoint: Vec<Met>,
    more: Vec<(Met, Matcher<'a>)>,
}

impl<'a> Meeting<'a> {
    pub(super) fn new(log: &'a EventLog, steps: &[FunnelStep], policy: &Policy, lenient: bool) -> Result<Self> {
        // What asks for nothing but names that the log does not have is met by no event.
        let known = |wanted: EventMatch| if lenient { log.known(wanted) } else { Some(wanted) };
        let mut meeting = Self { by_touchpoint: vec![Met::default(); log.touchpoints().len()], more: Vec::new() };
        for (place, step) in steps.iter().enumerate() {
            let met = Met { steps: 1 << place, exclusions: 0 };
            let Some(wanted) = known(step.wanted()) else { continue };
            meeting.add(log, &wanted, met).map_err(|error| within(error, &format!("steps[{place}]")))?;
        }
        for (place, exclusion) in policy.exclusions.iter().enumerate() {
            let met = Met { steps: 0, exclusions: 1 << place };
            let Some(wanted) = known(exclusion.wanted.clone()) else { continue };
            meeting.add(log, &wanted, met).map_err(|error| within(error, &format!("exclusions[{place}]")))?;
        }
        Ok(meeting)
    }

    fn add(&mut self, log: &'a EventLog, wanted: &EventMatch, met: Met) -> Result<()> {
        let set = |slot: &mut Met| {
            slot.steps |= met.steps;
            slot.exclusions |= met.exclusions;
        };
        if wanted.touchpoints.is_empty() {
            self.by_touchpoint.iter_mut().for_each(set);
        }
        for touchpoint in &wanted.touchpoints {
            let code = log.touchpoint_code(touchpoint, "touchpoints")?;
            if let Some(slot) = self.by_touchpoint.get_mut(code as usize) {
                set(slot);
            }
        }
        let rest = EventMatch { touchpoints: Vec::new(), ..wanted.clone() };
        if !conditionless(&rest) {
            self.more.push((met, log.matcher(&rest)?));
        }
        Ok(())
    }

    /// What the event at this place of a journey meets.
    pub(super) fn of(&self, journey: Journey<'_>, place: usize, touchpoint: u32) -> Met {
        let mut met = self.by_touchpoint.get(touchpoint as usize).copied().unwrap_or_default();
        for (asked, matcher) in &self.more {
            let concerned = met.steps & asked.steps | met.exclusions & asked.exclusions;
            if concerned != 0 && !matcher.matches(journey, place) {
                met.steps &= !asked.steps;
                met.exclusions &= !asked.exclusions;
            }
        }
        met
    }
}

/// The same error, in a field of this object.
fn within(error: Error, object: &str) -> Error {
    let field = error.location().field.clone().unwrap_or_default();
    error.at_field(format!("{object}.{field}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::FunnelOptions;
    use crate::{Event, Timestamp};

    fn log() -> EventLog {
        let at = |second: i64| Timestamp::from_micros(second * 1_000_000).unwrap();
        EventLog::builder()
            .attribute("stage")
            .event_with(Event::new("ann", "home", at(0)).on_channel("web"), [Some("look")])
            .event_with(Event::new("ann", "cart", at(1)).on_channel("web"), [Some("checkout")])
            .event_with(Event::new("ann", "pay", at(2)).on_channel("shop"), [Some("checkout")])
            .build()
            .unwrap()
    }

    fn met(steps: &[FunnelStep]) -> Vec<u32> {
        let log = log();
        let policy = Policy::new(steps, &FunnelOptions::default()).unwrap();
        let meeting = Meeting::new(&log, steps, &policy, false).unwrap();
        let ann = log.journey(0).unwrap();
        ann.touchpoints().iter().enumerate().map(|(place, code)| meeting.of(ann, place, *code).steps).collect()
    }

    #[test]
    fn an_event_meets_a_step_if_it_meets_all_its_conditions() {
        let stage = FunnelStep {
            attributes: BTreeMap::from([("stage".to_owned(), vec!["checkout".to_owned()])]),
            ..FunnelStep::default()
        };
        assert_eq!(met(&["home".into(), stage.clone()]), [0b01, 0b10, 0b10], "a whole stage");
        let web = FunnelStep { channels: vec!["web".into()], ..stage };
        assert_eq!(met(&["home".into(), web.clone()]), [0b01, 0b10, 0b00], "the stage, on one channel");
        let either = FunnelStep { touchpoints: vec!["home".into(), "pay".into()], ..FunnelStep::default() };
        assert_eq!(met(&[either, web]), [0b01, 0b10, 0b01]);
    }

    #[test]
    fn a_step_of_unknown_names_is_met_by_nothing_where_that_is_no_error() {
        let log = log();
        let stage = |name: &str| BTreeMap::from([(name.to_owned(), vec!["look".to_owned()])]);
        let steps = [
            FunnelStep { touchpoints: vec!["home".into(), "blog".into()], ..FunnelStep::default() },
            FunnelStep { channels: vec!["app".into()], ..FunnelStep::default() },
            FunnelStep { attributes: stage("stage"), ..FunnelStep::default() },
            FunnelStep { attributes: stage("phase"), ..FunnelStep::default() },
        ];
        let policy = Policy::new(&steps, &FunnelOptions::default()).unwrap();
        let meeting = Meeting::new(&log, &steps, &policy, true).unwrap();
        let ann = log.journey(0).unwrap();
        let met = ann.touchpoints().iter().enumerate().map(|(place, code)| meeting.of(ann, place, *code).steps);
        assert_eq!(met.collect::<Vec<_>>(), [0b0101, 0, 0]);
    }

    #[test]
    fn a_name_that_the_log_does_not_have_is_found_in_its_step() {
        let log = log();
        let steps = ["home".into(), FunnelStep { channels: vec!["shpo".into()], ..FunnelStep::default() }];
        let policy = Policy::new(&steps, &FunnelOptions::default()).unwrap();
        let error = Meeting::new(&log, &steps, &policy, false).unwrap_err();
        assert_eq!(error.to_string(), "`steps[1].channels`: the log has no channel `shpo`; did you mean `shop`?");
    }
}
