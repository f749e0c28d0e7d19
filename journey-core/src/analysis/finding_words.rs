//! Findings as sentences that a manager reads.

use super::compare::{EffectKind, Finding, FindingKind};

/// Fewer journeys than this show only large differences.
pub(crate) const FEW_JOURNEYS: u64 = 30;

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;

/// What to bear in mind: two labels with the sizes of what they stand for, and how many journeys they share.
pub(super) fn warnings(sides: [(&str, u64); 2], shared: u64) -> Vec<String> {
    let [(a, _), (b, _)] = sides;
    let mut warnings = Vec::new();
    if shared > 0 {
        let journeys = journeys(shared);
        warnings.push(format!(
            "{journeys} with the same id in {a} and {b}: the two are not independent, and the tests take them as if they were"
        ));
    }
    for (label, size) in sides.into_iter().filter(|(_, size)| *size < FEW_JOURNEYS) {
        let journeys = journeys(size);
        warnings.push(format!("{label} has only {journeys}: differences that are not large can not be seen"));
    }
    warnings
}

/// The finding in words; the labels are what it calls the two groups.
pub(super) fn sentence(finding: &Finding, a: &str, b: &str, conversion: &[String]) -> String {
    if finding.kind == FindingKind::VariantMix {
        return mix_of_paths(finding, a, b);
    }
    let figures = Figures::of(finding);
    let subject = subject(finding, conversion);
    let side =
        |label: &str, value: Option<f64>, n| format!("{label} ({} of {n})", figures.side(value.unwrap_or_default()));
    let (in_a, in_b) = (side(a, finding.a, finding.a_n), side(b, finding.b, finding.b_n));
    let difference = finding.difference.unwrap_or_default();
    let interval = finding.low.zip(finding.high);
    let (text, interval, chance) = if difference.abs() > 0.0 {
        let (more, less) = figures.comparatives();
        let word = if difference > 0.0 { more } else { less };
        // The shift of Hodges and Lehmann is that of the whole samples, not of their medians.
        let typically = if matches!(figures, Figures::Times | Figures::Medians) { "typically " } else { "" };
        let amount = figures.amount(difference.abs());
        let text = format!("{subject} is {typically}{amount} {word} in {in_b} than in {in_a}");
        // The interval of what is said: how much less, where it is less.
        let interval = interval.map(|(low, high)| if difference > 0.0 { (low, high) } else { (-high, -low) });
        (text, interval, finding.significant != Some(true))
    } else {
        (format!("{subject} is the same in {in_b} as in {in_a}"), interval, false)
    };
    let span = interval.map(|(low, high)| figures.span(low, high));
    match (span, chance) {
        (None, false) => format!("{text}."),
        (None, true) => format!("{text}; that may be chance."),
        (Some(span), false) => format!("{text}; the true difference lies between {span}."),
        // The verdict is corrected for all that was compared, the interval is that of this difference alone.
        (Some(span), true) => {
            format!(
                "{text}; so much was compared that this may be chance. Taken alone, the difference lies between {span}."
            )
        }
    }
}

fn mix_of_paths(finding: &Finding, a: &str, b: &str) -> String {
    let (in_a, in_b) = (journeys(finding.a_n), journeys(finding.b_n));
    let distance = finding.effect.unwrap_or_default();
    let end = match finding.significant {
        Some(true) => ".",
        Some(false) => "; that may be chance.",
        None => "; nothing says how much of that is chance.",
    };
    format!(
        "The mix of paths in {b} ({in_b}) is {distance:.2} away from that in {a} ({in_a}), where 0 is the same mix and 1 is \
         nothing in common{end}"
    )
}

fn subject(finding: &Finding, conversion: &[String]) -> String {
    let name = |name: &Option<String>| format!("`{}`", name.as_deref().unwrap_or_default());
    let (touchpoint, source, target) = (name(&finding.touchpoint), name(&finding.source), name(&finding.target));
    match finding.kind {
        FindingKind::Conversion => {
            let names: Vec<String> = conversion.iter().map(|name| format!("`{name}`")).collect();
            format!("Conversion to {}", names.join(" or "))
        }
        FindingKind::StepReach => {
            format!("The share of journeys that get as far as {touchpoint} in the order of the steps")
        }
        FindingKind::StepConversion => format!("Conversion from {source} to {target}"),
        FindingKind::Visit => format!("The share of journeys that visit {touchpoint}"),
        FindingKind::Transition if finding.source.is_none() => format!("The share of journeys that start at {target}"),
        FindingKind::Transition if finding.target.is_none() => {
            format!("Of the journeys that visit {source}, the share that ends there")
        }
        FindingKind::Transition => {
            format!("Of the journeys that visit {source}, the share that goes straight on to {target}")
        }
        FindingKind::ThroughputTime => "Throughput time".to_owned(),
        FindingKind::TransitionTime => format!("The time from {source} to {target}"),
        FindingKind::EventsPerJourney => "The number of events per journey".to_owned(),
        FindingKind::Score => "The score of journeys".to_owned(),
        FindingKind::TouchpointScore => format!("The score at {touchpoint}"),
        FindingKind::VariantMix => "The mix of paths".to_owned(),
    }
}

/// How the figures of a finding are written.
enum Figures {
    Shares,
    Times,
    Medians,
    Means,
}

impl Figures {
    fn of(finding: &Finding) -> Self {
        match (finding.kind, finding.effect_kind) {
            (FindingKind::ThroughputTime | FindingKind::TransitionTime, _) => Self::Times,
            (_, EffectKind::CohenH) => Self::Shares,
            (_, EffectKind::HedgesG) => Self::Means,
            _ => Self::Medians,
        }
    }

    fn side(&self, value: f64) -> String {
        match self {
            Self::Shares => format!("{} %", one_digit(value * 100.0)),
            Self::Times => format!("median {}", length(value)),
            Self::Medians => format!("median {}", one_digit(value)),
            Self::Means => format!("mean {}", one_digit(value)),
        }
    }

    fn amount(&self, value: f64) -> String {
        match self {
            Self::Shares => format!("{} points", one_digit(value * 100.0)),
            Self::Times => length(value),
            Self::Medians | Self::Means => one_digit(value),
        }
    }

    fn span(&self, low: f64, high: f64) -> String {
        match self {
            Self::Shares => format!("{} and {} points", one_digit(low * 100.0), one_digit(high * 100.0)),
            Self::Times | Self::Medians | Self::Means => format!("{} and {}", self.amount(low), self.amount(high)),
        }
    }

    fn comparatives(&self) -> (&'static str, &'static str) {
        if matches!(self, Self::Times) { ("longer", "shorter") } else { ("higher", "lower") }
    }
}

fn journeys(n: u64) -> String {
    if n == 1 { "1 journey".to_owned() } else { format!("{n} journeys") }
}

fn one_digit(value: f64) -> String {
    let text = format!("{value:.1}");
    if text == "-0.0" { "0.0".to_owned() } else { text }
}

/// A length of time in the largest unit of which it is at least one.
fn length(seconds: f64) -> String {
    let (size, unit) = match seconds.abs() {
        amount if amount < MINUTE => (1.0, "s"),
        amount if amount < HOUR => (MINUTE, "min"),
        amount if amount < DAY => (HOUR, "h"),
        _ => (DAY, "days"),
    };
    format!("{} {unit}", one_digit(seconds / size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_in_units_that_fit() {
        let all = [0.0, 59.94, 60.0, -90.0, 5_400.0, 86_400.0 * 61.6].map(length);
        assert_eq!(all, ["0.0 s", "59.9 s", "1.0 min", "-1.5 min", "1.5 h", "61.6 days"]);
        assert_eq!(one_digit(-0.04), "0.0");
    }

    #[test]
    fn what_makes_a_comparison_doubtful_is_said() {
        assert_eq!(warnings([("a", 30), ("b", 900)], 0), [] as [String; 0]);
        let all = warnings([("a", 1), ("b", 29)], 3);
        assert_eq!(all.len(), 3);
        assert!(all[0].starts_with("3 journeys with the same id in a and b"), "{all:?}");
        assert!(all[1].starts_with("a has only 1 journey:"), "{all:?}");
    }
}
