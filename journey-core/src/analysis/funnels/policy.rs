//! The policy that options mean: the library's own, then what the preset sets, then what is given.

use serde::{Deserialize, Serialize};

use super::options::{
    FunnelCounting, FunnelEntry, FunnelExclusion, FunnelExclusionScope, FunnelOpenEntry, FunnelOptions, FunnelOrder,
    FunnelPolicy, FunnelPreset, FunnelReuse, FunnelTies,
};
use super::steps::{self, FunnelStep, MOST};
use crate::duration::Duration;
use crate::error::{Problem, Result, hint, nearest, shorten};
use crate::log::EventMatch;

/// A part of a funnel's definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FunnelDimension {
    /// Whether other events may lie between the steps, and whether they have an order.
    Order,
    /// Which attempt of a customer counts.
    Entry,
    /// How long an attempt may take.
    Window,
    /// What the order of events at the same instant means.
    Ties,
    /// Whether one event may fill several steps.
    Reuse,
    /// Where the funnel may be entered.
    OpenEntry,
    /// Which events end an attempt or leave the customer out.
    Exclusions,
}

impl FunnelDimension {
    pub(crate) const ALL: [Self; 7] =
        [Self::Order, Self::Entry, Self::Window, Self::Ties, Self::Reuse, Self::OpenEntry, Self::Exclusions];
}

/// A definition in which nothing is left to defaults.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Policy {
    pub(super) preset: Option<FunnelPreset>,
    pub(crate) order: FunnelOrder,
    pub(super) entry: FunnelEntry,
    pub(super) window: Option<Duration>,
    pub(super) ties: FunnelTies,
    pub(super) reuse: FunnelReuse,
    pub(super) open_entry: FunnelOpenEntry,
    pub(super) exclusions: Vec<Exclusion>,
    pub(crate) counting: FunnelCounting,
    pub(super) breakdown: Option<String>,
    pub(super) inactive_after: Option<Duration>,
}

/// Events that strike an attempt that has taken step `after` and not yet step `before`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Exclusion {
    pub(super) wanted: EventMatch,
    /// Places of two steps, the later one second; `None` where the steps have no order.
    pub(super) between: Option<(usize, usize)>,
    pub(super) scope: FunnelExclusionScope,
}

impl Policy {
    /// The policy that options mean for these steps, which are checked as well.
    pub(crate) fn new(steps: &[FunnelStep], options: &FunnelOptions) -> Result<Self> {
        steps::check(steps)?;
        let base = Self::of(options.preset);
        let order = options.order.unwrap_or(base.order);
        let entry = match options.counting {
            FunnelCounting::Customers => base.entry,
            FunnelCounting::Attempts => FunnelEntry::FirstEntry,
        };
        let attempt_only = order == FunnelOrder::AnyOrder || options.counting == FunnelCounting::Attempts;
        let scope = match options.preset {
            Some(FunnelPreset::Posthog) if !attempt_only => FunnelExclusionScope::Customer,
            _ => FunnelExclusionScope::Attempt,
        };
        if options.exclusions.len() > MOST {
            let problem = format!("a funnel has at most {MOST} exclusions, got {}", options.exclusions.len());
            return Err(Problem::Options(problem).at_field("exclusions"));
        }
        let exclusions = options.exclusions.iter().enumerate();
        let policy = Self {
            order,
            entry: options.entry.unwrap_or(entry),
            window: options.window.or(base.window),
            ties: options.ties.unwrap_or(base.ties),
            reuse: options.reuse.unwrap_or(base.reuse),
            open_entry: options.open_entry.unwrap_or(base.open_entry),
            exclusions: exclusions
                .map(|(place, exclusion)| Exclusion::new(steps, exclusion, place, order, scope))
                .collect::<Result<_>>()?,
            counting: options.counting,
            breakdown: options.breakdown.clone(),
            inactive_after: options.inactive_after,
            ..base
        };
        policy.check(steps)?;
        Ok(policy)
    }

    /// The library's own definition, with what a preset sets.
    fn of(preset: Option<FunnelPreset>) -> Self {
        const DAY: i64 = 86_400_000_000;
        let days = |days| Some(Duration::from_micros(days * DAY));
        let own = Self {
            preset,
            order: FunnelOrder::Ordered,
            entry: FunnelEntry::BestEntry,
            window: None,
            ties: FunnelTies::InputOrder,
            reuse: FunnelReuse::Never,
            open_entry: FunnelOpenEntry::Closed,
            exclusions: Vec::new(),
            counting: FunnelCounting::Customers,
            breakdown: None,
            inactive_after: None,
        };
        match preset {
            None => own,
            Some(FunnelPreset::Clickhouse) => Self { ties: FunnelTies::ByStep, reuse: FunnelReuse::Always, ..own },
            Some(FunnelPreset::Posthog) => Self { window: days(14), ties: FunnelTies::ByStep, ..own },
            Some(FunnelPreset::Mixpanel) => Self { entry: FunnelEntry::FirstEntry, window: days(7), ..own },
            Some(FunnelPreset::Amplitude) => Self { window: days(1), ties: FunnelTies::SameSecond, ..own },
            Some(FunnelPreset::Ga4) => Self { entry: FunnelEntry::FirstEntry, ..own },
        }
    }

    /// Whether its parts hold together.
    pub(crate) fn check(&self, steps: &[FunnelStep]) -> Result<()> {
        let broken = |field: &str, what: &str| Err(Problem::Options(what.to_owned()).at_field(field));
        let attempts = self.counting == FunnelCounting::Attempts;
        let any_order = self.order == FunnelOrder::AnyOrder;
        if attempts && self.entry == FunnelEntry::BestEntry {
            return broken("entry", "attempts are counted from each entry to its end, which is `first_entry`");
        }
        if any_order && self.open_entry == FunnelOpenEntry::Open {
            return broken("open_entry", "in any order every step may come first; the funnel is open as it is");
        }
        for (place, step) in steps.iter().enumerate().filter(|_| any_order) {
            if step.optional {
                return broken(&format!("steps[{place}].optional"), "optional steps need an order");
            }
            if step.min_gap.or(step.max_gap).is_some() {
                return broken(&format!("steps[{place}]"), "the time since the step before needs an order");
            }
        }
        for (place, exclusion) in self.exclusions.iter().enumerate() {
            if (attempts || any_order) && exclusion.scope == FunnelExclusionScope::Customer {
                let field = format!("exclusions[{place}].scope");
                return broken(
                    &field,
                    "a customer is left out only where customers are counted, and steps have an order",
                );
            }
            if any_order == exclusion.between.is_some() {
                return broken(&format!("exclusions[{place}]"), "`after` and `before` need an order of the steps");
            }
        }
        Ok(())
    }

    /// Whether it can be followed where events have an order but no times; the error names what asks for times.
    pub(super) fn check_without_times(&self, steps: &[FunnelStep]) -> Result<()> {
        let base = Self::of(self.preset);
        let refused = |field: String| Err(Problem::NoTimes.at_field(field));
        let named = |option: &str, of_preset: bool| refused(if of_preset { "preset" } else { option }.to_owned());
        if self.window.is_some() {
            return named("window", self.window == base.window);
        }
        if self.ties != FunnelTies::InputOrder {
            return named("ties", self.ties == base.ties);
        }
        if self.inactive_after.is_some() {
            return named("inactive_after", false);
        }
        for (place, step) in steps.iter().enumerate() {
            for (field, gap) in [("min_gap", step.min_gap), ("max_gap", step.max_gap)] {
                if gap.is_some() {
                    return refused(format!("steps[{place}].{field}"));
                }
            }
        }
        Ok(())
    }

    /// The parts in which two policies differ.
    pub(crate) fn differences(&self, other: &Self) -> Vec<FunnelDimension> {
        FunnelDimension::ALL.into_iter().filter(|dimension| self.with(*dimension, other) != *self).collect()
    }

    /// This policy, with one part from another.
    pub(crate) fn with(&self, dimension: FunnelDimension, other: &Self) -> Self {
        let mut policy = self.clone();
        match dimension {
            FunnelDimension::Order => policy.order = other.order,
            FunnelDimension::Entry => policy.entry = other.entry,
            FunnelDimension::Window => policy.window = other.window,
            FunnelDimension::Ties => policy.ties = other.ties,
            FunnelDimension::Reuse => policy.reuse = other.reuse,
            FunnelDimension::OpenEntry => policy.open_entry = other.open_entry,
            FunnelDimension::Exclusions => policy.exclusions.clone_from(&other.exclusions),
        }
        policy
    }

    /// The policy as reports show it.
    pub(crate) fn report(&self, steps: &[FunnelStep]) -> FunnelPolicy {
        let names = called(steps);
        FunnelPolicy {
            preset: self.preset,
            order: self.order,
            entry: self.entry,
            window_seconds: self.window.map(Duration::seconds),
            ties: self.ties,
            reuse: self.reuse,
            open_entry: self.open_entry,
            exclusions: self.exclusions.iter().map(|exclusion| exclusion.report(&names)).collect(),
            counting: self.counting,
            breakdown: self.breakdown.clone(),
            inactive_after_seconds: self.inactive_after.map(Duration::seconds),
        }
    }
}

impl Exclusion {
    fn new(
        steps: &[FunnelStep],
        exclusion: &FunnelExclusion,
        place: usize,
        order: FunnelOrder,
        scope: FunnelExclusionScope,
    ) -> Result<Self> {
        let field = |name: &str| format!("exclusions[{place}].{name}");
        let broken = |name: &str, what: &str| Err(Problem::Options(what.to_owned()).at_field(field(name)));
        let FunnelExclusion { touchpoints, channels, attributes, after, before, scope: own_scope } = exclusion.clone();
        let wanted = EventMatch { touchpoints, channels, attributes };
        if steps::conditionless(&wanted) {
            return broken("touchpoints", "an exclusion needs a condition: touchpoints, channels or attributes");
        }
        let scope = own_scope.unwrap_or(scope);
        if order == FunnelOrder::AnyOrder {
            if after.or(before).is_some() {
                return broken("after", "`after` and `before` need an order of the steps");
            }
            return Ok(Self { wanted, between: None, scope });
        }
        let after = after.map_or(Ok(0), |name| position(steps, &name, &field("after")))?;
        let before = before.map_or(Ok(steps.len() - 1), |name| position(steps, &name, &field("before")))?;
        if after >= before {
            return broken("before", "the step `before` has to come later than the step `after`");
        }
        let mut concerned = steps.iter().enumerate().take(before + 1).skip(after + 1);
        if let Some((place, step)) = concerned.find(|(_, step)| step.wanted() == wanted) {
            let name = shorten(&step.called(place + 1));
            let problem = format!("the exclusion is the step `{name}` itself, which nobody could then take");
            return Err(Problem::Options(problem).at_field(field("touchpoints")));
        }
        Ok(Self { wanted, between: Some((after, before)), scope })
    }

    fn report(&self, names: &[String]) -> FunnelExclusion {
        let EventMatch { touchpoints, channels, attributes } = self.wanted.clone();
        let name = |place: usize| names.get(place).cloned();
        FunnelExclusion {
            touchpoints,
            channels,
            attributes,
            after: self.between.and_then(|(after, _)| name(after)),
            before: self.between.and_then(|(_, before)| name(before)),
            scope: Some(self.scope),
        }
    }
}

/// What the steps are called.
pub(super) fn called(steps: &[FunnelStep]) -> Vec<String> {
    (1..).zip(steps).map(|(number, step)| step.called(number)).collect()
}

/// The place of the step of this name.
fn position(steps: &[FunnelStep], name: &str, field: &str) -> Result<usize> {
    let names = called(steps);
    let mut places = names.iter().enumerate().filter(|(_, other)| *other == name).map(|(place, _)| place);
    let short = shorten(name);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (Some(_), Some(_)) => {
            let problem = format!("two steps are called `{short}`; give them a `name` each");
            Err(Problem::Options(problem).at_field(field))
        }
        (None, _) => {
            let hint = hint(nearest(name, names.iter().map(String::as_str)).as_ref());
            Err(Problem::Options(format!("the funnel has no step `{short}`{hint}")).at_field(field))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps() -> Vec<FunnelStep> {
        ["visit", "cart", "pay"].map(FunnelStep::from).into()
    }

    #[test]
    fn what_is_given_goes_before_what_the_preset_sets() {
        let window = Some(Duration::from_micros(5));
        let options = FunnelOptions { preset: Some(FunnelPreset::Mixpanel), window, ..FunnelOptions::default() };
        let policy = Policy::new(&steps(), &options).unwrap().report(&steps());
        assert_eq!((policy.entry, policy.window_seconds), (FunnelEntry::FirstEntry, Some(5e-6)));
    }

    #[test]
    fn policies_differ_in_the_parts_that_differ() {
        let policy = |preset| Policy::new(&steps(), &FunnelOptions { preset, ..FunnelOptions::default() }).unwrap();
        let [own, posthog] = [policy(None), policy(Some(FunnelPreset::Posthog))];
        assert_eq!(own.differences(&posthog), [FunnelDimension::Window, FunnelDimension::Ties]);
        assert_eq!(own.differences(&own), []);
    }

    #[test]
    fn an_exclusion_lies_between_two_steps_that_have_names() {
        let exclusion = |after: &str, before: &str| FunnelExclusion {
            touchpoints: vec!["call".into()],
            after: Some(after.into()),
            before: Some(before.into()),
            scope: None,
            ..FunnelExclusion::default()
        };
        let policy = |exclusion| {
            let options = FunnelOptions { exclusions: vec![exclusion], ..FunnelOptions::default() };
            Policy::new(&steps(), &options)
        };
        assert_eq!(policy(exclusion("visit", "cart")).unwrap().exclusions[0].between, Some((0, 1)));
        let error = policy(exclusion("visit", "cratt")).unwrap_err();
        assert_eq!(error.to_string(), "`exclusions[0].before`: the funnel has no step `cratt`; did you mean `cart`?");
        let error = policy(exclusion("cart", "cart")).unwrap_err();
        assert!(error.to_string().ends_with("has to come later than the step `after`"), "{error}");
    }
}
