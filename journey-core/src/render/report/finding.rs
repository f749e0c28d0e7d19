//! Findings as sentences: what hurts, its figure, how sure that is, whom it concerns.

use super::Names;
use super::table::p_value;
use crate::analysis::DeviationKind;
use crate::render::escape::isolated;
use crate::render::words::{Language, Word};
use crate::report::{EvidenceStrength, ReportFinding, ReportFindingKind as Kind, ReportUnit as Unit};
use crate::time::Timestamp;

/// A finding as the page tells it.
pub(super) struct Told {
    pub(super) kind: &'static str,
    pub(super) sentence: String,
    pub(super) facts: String,
    /// What is sure, and what comes with it.
    pub(super) impact: (String, String),
    /// The id of the part that says more, and what it is called.
    pub(super) section: &'static str,
    pub(super) see: String,
}

/// Tells a finding.
pub(super) fn told(finding: &ReportFinding, names: &Names<'_>, (section, title): (&'static str, &str)) -> Told {
    let lang = names.lang;
    Told {
        kind: lang.say(kind(finding.kind)),
        sentence: sentence(finding, names),
        facts: facts(finding, lang),
        impact: impact(finding, lang),
        section,
        see: lang.fill(Word::SeeSection, &[("section", title)]),
    }
}

const fn kind(kind: Kind) -> Word {
    match kind {
        Kind::Change => Word::FoundChange,
        Kind::StepLoss => Word::FoundStepLoss,
        Kind::DropOff => Word::FoundDropOff,
        Kind::Rework => Word::FoundRework,
        Kind::Deviation => Word::FoundDeviation,
        Kind::Segment => Word::FoundSegment,
        Kind::ChannelSwitch => Word::FoundChannelSwitch,
        Kind::Bottleneck => Word::FoundBottleneck,
        Kind::EmotionDip => Word::FoundDip,
    }
}

/// A figure in its unit.
fn figure(value: f64, unit: Unit, lang: Language) -> String {
    match unit {
        Unit::Conversion | Unit::Loss => lang.percent(Some(value)),
        Unit::Seconds => lang.duration(value),
        Unit::Score => lang.score(value),
    }
}

fn sentence(finding: &ReportFinding, names: &Names<'_>) -> String {
    let lang = names.lang;
    let touchpoint = |id: &Option<String>| id.as_deref().map(|id| names.touchpoint(id)).unwrap_or_default();
    let text = |text: &Option<String>| text.as_deref().map(isolated).unwrap_or_default().into_owned();
    let (place, target) = (touchpoint(&finding.touchpoint), touchpoint(&finding.target));
    let (own, other) = (figure(finding.figure, finding.unit, lang), figure(finding.compared_with, finding.unit, lang));
    let size = lang.decimal(finding.compared_with - finding.figure, 1);
    let (since, until) = (since(finding.since.as_deref()), until(finding.until.as_deref()));
    let (value, other_value) = (text(&finding.value), text(&finding.other_value));
    let attribute = text(&finding.attribute);
    let switch = finding.kind == Kind::ChannelSwitch;
    let word = match (finding.kind, finding.deviation) {
        (Kind::Change, _) if finding.touchpoint.is_none() => Word::SaidChangeOverall,
        (Kind::Change, _) => Word::SaidChange,
        (Kind::StepLoss, _) => Word::SaidStepLoss,
        (Kind::DropOff, _) => Word::SaidDropOff,
        (Kind::Rework, _) => Word::SaidRework,
        (Kind::Deviation, Some(DeviationKind::AdHoc)) => Word::SaidAdHoc,
        (Kind::Deviation, Some(DeviationKind::Failing)) => Word::SaidFailing,
        (Kind::Deviation, _) => Word::SaidIrregular,
        (Kind::Segment, _) => Word::SaidSegment,
        (Kind::ChannelSwitch, _) => Word::SaidChannelSwitch,
        (Kind::Bottleneck, _) => Word::SaidBottleneck,
        (Kind::EmotionDip, _) => Word::SaidDip,
    };
    let said = lang.fill(
        word,
        &[
            ("touchpoint", &place),
            ("source", if switch { &value } else { &place }),
            ("target", if switch { &other_value } else { &target }),
            ("figure", &own),
            ("other", &other),
            ("size", &size),
            ("since", &since),
            ("until", &until),
            ("attribute", &attribute),
            ("value", &value),
        ],
    );
    match &finding.distinctive {
        Some(id) => format!("{said} {}", distinctive(id, finding, names)),
        None => said,
    }
}

fn distinctive(id: &str, finding: &ReportFinding, names: &Names<'_>) -> String {
    let values = [
        ("touchpoint", &names.touchpoint(id)),
        ("share", &names.lang.percent(finding.distinctive_share)),
        ("rest", &names.lang.percent(finding.distinctive_rest)),
    ];
    names.lang.fill(Word::SaidDistinctive, &values.map(|(name, value)| (name, value.as_str())))
}

/// The interval of the figure, its numbers, and the evidence.
fn facts(finding: &ReportFinding, lang: Language) -> String {
    let ends = finding.low.zip(finding.high).map(|(low, high)| {
        let written = |value: f64| figure(value, finding.unit, lang);
        lang.fill(Word::FactInterval, &[("interval", &lang.interval(&written(low), &written(high)))])
    });
    let counted = match finding.n {
        Some(n) => lang.fill(Word::FactOf, &[("n", &lang.whole(n)), ("of", &lang.whole(finding.of))]),
        None => lang.fill(Word::N, &[("n", &lang.whole(finding.of))]),
    };
    let compared = finding.compared_of.map(|of| lang.fill(Word::FactCompared, &[("of", &lang.whole(of))]));
    let evidence = match (finding.strength, finding.p_adjusted) {
        (Some(strength), Some(p)) => {
            let word = match strength {
                EvidenceStrength::VeryStrong => Word::EvidenceVeryStrong,
                EvidenceStrength::Strong => Word::EvidenceStrong,
                EvidenceStrength::Moderate => Word::EvidenceModerate,
            };
            let p = if p < 0.001 {
                p_value(Some(p), lang)
            } else {
                lang.fill(Word::Equals, &[("p", &p_value(Some(p), lang))])
            };
            lang.fill(word, &[("p", &p)])
        }
        _ => lang.say(Word::EvidenceCounted).to_owned(),
    };
    let facts = ends.into_iter().chain([counted]).chain(compared).chain([evidence]);
    facts.collect::<Vec<String>>().join("; ")
}

/// Whom it hurts.
fn impact(finding: &ReportFinding, lang: Language) -> (String, String) {
    let word = if finding.kind == Kind::Change { Word::AffectedParts } else { Word::Affected };
    let affected = lang.fill(word, &[("n", &lang.whole(finding.affected.n)), ("of", &lang.whole(finding.affected.of))]);
    let [estimate, low, high] =
        [finding.impact, finding.impact_low, finding.impact_high].map(|share| lang.percent(Some(share)));
    let least = lang.fill(Word::FactImpact, &[("low", &low)]);
    let more = lang.fill(Word::FactImpactMore, &[("impact", &estimate), ("high", &high), ("affected", &affected)]);
    (least, more)
}

/// A time without what is zero in it: the day alone where it is midnight.
pub(super) fn since(time: Option<&str>) -> String {
    let time = time.unwrap_or_default();
    let written = time.strip_suffix("T00:00:00Z").map_or_else(|| time.replace('T', " "), str::to_owned);
    written.strip_suffix(":00Z").unwrap_or(&written).trim_end_matches('Z').to_owned()
}

/// The end of a time: of whole days the last of them, else the moment at which it was over.
pub(super) fn until(time: Option<&str>) -> String {
    let time = time.unwrap_or_default();
    let last_day = time.strip_suffix("T00:00:00Z").and_then(|_| {
        let end: Timestamp = time.parse().ok()?;
        Timestamp::from_micros(end.micros() - 1).ok()
    });
    last_day.map_or_else(|| since(Some(time)), |last| last.to_string().chars().take_while(|c| *c != 'T').collect())
}
