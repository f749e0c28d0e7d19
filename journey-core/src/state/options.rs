//! What a state keeps: it has to be said before the first journey, since what was not kept cannot be asked for.

use serde::{Deserialize, Serialize};

use super::sketch::Precision;
use crate::analysis::{FunnelMeaning, FunnelOptions, FunnelStep, check_confidence, check_steps};
use crate::error::{Error, Problem, Result};

/// Options for [`State`](crate::State): what it keeps. States merge only if they keep the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct StateOptions {
    /// The most steps that a step matrix can show, from 0 to 1000.
    pub steps: u64,
    /// Touchpoints, of which a journey must reach one to convert, for drop-offs.
    pub conversion: Vec<String>,
    /// The steps of the funnel that is counted; none is if the list is empty.
    pub funnel_steps: Vec<FunnelStep>,
    /// How the funnel is counted; `breakdown` and `inactive_after` cannot be kept.
    pub funnel: FunnelOptions,
    /// How far a quantile of times may be off, as a share of it: from 0.0002 to 0.1.
    pub quantile_error: f64,
}

impl Default for StateOptions {
    fn default() -> Self {
        Self {
            steps: 20,
            conversion: Vec::new(),
            funnel_steps: Vec::new(),
            funnel: FunnelOptions::default(),
            quantile_error: 0.01,
        }
    }
}

impl StateOptions {
    /// Checks every option; returns how finely times are kept.
    pub(super) fn check(&self) -> Result<Precision> {
        if self.steps > 0 {
            check_steps(self.steps)?;
        }
        check_confidence(self.funnel.confidence).map_err(|error| error.inside("funnel"))?;
        let unkept = |field: &str, what: &str| Err(Problem::Options(what.to_owned()).at_field(field));
        if self.funnel.breakdown.is_some() {
            return unkept("funnel.breakdown", "a state keeps no groups; expected a state for each");
        }
        if self.funnel.inactive_after.is_some() {
            return unkept(
                "funnel.inactive_after",
                "a state takes all journeys as finished; a monitor knows open ones",
            );
        }
        if !self.funnel_steps.is_empty() {
            FunnelMeaning::new(&self.funnel_steps, &self.funnel).map_err(in_funnel)?;
        }
        Precision::of(self.quantile_error)
    }

    /// The same options in the same words, always.
    pub(super) fn text(&self) -> String {
        // Nothing in options fails to serialise: keys are texts and numbers are finite.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The names of the options in which two differ.
    pub(super) fn differences(&self, other: &Self) -> Vec<&'static str> {
        let pairs = [
            ("steps", self.steps == other.steps),
            ("conversion", self.conversion == other.conversion),
            ("funnel_steps", self.funnel_steps == other.funnel_steps),
            ("funnel", self.funnel == other.funnel),
            ("quantile_error", self.quantile_error.to_bits() == other.quantile_error.to_bits()),
        ];
        pairs.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}

/// The same error, by the names of these options.
fn in_funnel(error: Error) -> Error {
    match error.location().field.clone() {
        Some(field) if field.starts_with("steps") => error.at_field(format!("funnel_{field}")),
        _ => error.inside("funnel"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_kept_is_refused_by_its_name() {
        let refused = |options: &StateOptions| options.check().unwrap_err().to_string();
        let funnel = |funnel: FunnelOptions| StateOptions { funnel, ..Default::default() };
        let groups = funnel(FunnelOptions { breakdown: Some("plan".into()), ..Default::default() });
        assert_eq!(refused(&groups), "`funnel.breakdown`: a state keeps no groups; expected a state for each");
        let one = StateOptions { funnel_steps: vec!["pay".into()], ..Default::default() };
        assert_eq!(refused(&one), "`funnel_steps`: a funnel needs at least two steps, got 1");
        let unsure = funnel(FunnelOptions { confidence: 1.0, ..Default::default() });
        assert!(refused(&unsure).starts_with("`funnel.confidence`: 1 is outside the range"), "{}", refused(&unsure));
        let deep = StateOptions { steps: 1001, ..Default::default() };
        assert_eq!(refused(&deep), "`steps`: 1001 is outside the range; expected a whole number from 1 to 1000");
        assert!(StateOptions { steps: 0, ..Default::default() }.check().is_ok());
    }
}
