//! What the words of the page mean.

use crate::render::words::{Language, Word};
use crate::report::JourneyReport;

/// The terms that a report uses, with their meaning.
pub(super) fn glossary(report: &JourneyReport, lang: Language) -> Vec<(&'static str, String)> {
    let timed = report.bottlenecks.total_seconds.is_some();
    let confidence = lang.percent(Some(report.confidence));
    let rate = lang.percent(Some(report.false_discovery_rate));
    let least = report.emotion_dips.as_ref().map_or_else(String::new, |dips| lang.decimal(dips.min_prominence, 1));
    let converts = !report.conversion.is_empty();
    let terms = [
        (true, Word::TermJourney, Word::MeansJourney),
        (converts, Word::TermConversion, Word::MeansConversion),
        (true, Word::TermImpact, Word::MeansImpact),
        (true, Word::TermInterval, Word::MeansInterval),
        (true, Word::TermEvidence, Word::MeansEvidence),
        (timed, Word::TermBottleneck, Word::MeansBottleneck),
        (timed, Word::TermQuantile, Word::MeansQuantile),
        (true, Word::TermDropOff, Word::MeansDropOff),
        (report.changes.stretches > 0, Word::TermChange, Word::MeansChange),
        (true, Word::TermRework, Word::MeansRework),
        (report.deviations.is_some(), Word::TermDeviation, Word::MeansDeviation),
        (report.emotion_dips.is_some(), Word::TermDip, Word::MeansDip),
        (true, Word::TermVariant, Word::MeansVariant),
    ];
    let values = [("confidence", confidence.as_str()), ("rate", rate.as_str()), ("least", least.as_str())];
    let used = terms.into_iter().filter(|(used, ..)| *used);
    used.map(|(_, term, meaning)| (lang.say(term), lang.fill(meaning, &values))).collect()
}
