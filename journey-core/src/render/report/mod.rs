//! One page for a report: what matters most, each part with its picture and the table behind it, and what the words mean.

mod finding;
mod glossary;
mod named;
mod sections;
mod table;
mod tables;
#[cfg(test)]
mod tests;

use askama::Template;
use serde::{Deserialize, Serialize};

use self::finding::{Told, told};
use self::sections::{Section, heading, sections};
use super::escape::{isolated, printable};
use super::theme::{Theme, style};
use super::words::{Language, Word};
use crate::error::Result;
use crate::map::JourneyMap;
use crate::report::JourneyReport;

/// Options for [`render_report`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct RenderReportOptions {
    /// What stands above the page; if not given, the name of the map.
    pub title: Option<String>,
    /// Sentences that stand under the title, such as where the data comes from.
    pub notes: Vec<String>,
    /// The language of the words around labels.
    pub lang: Language,
    /// Light, dark, or as the reader's system is set.
    pub theme: Theme,
}

/// Writes a report as one HTML page that holds everything it needs: no script, nothing from the network.
///
/// First come the findings that matter most, then the parts of the report, each with its picture and, behind it, a table; at
/// the end a glossary. With the map of the report, it is drawn with what was measured, and touchpoints have its names.
///
/// ```
/// use journey_core::{Event, EventLog, RenderReportOptions, ReportOptions, render_report, report};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay & go", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let found = report(None, &log, &ReportOptions::default())?;
/// let page = render_report(&found, None, &RenderReportOptions::default())?;
/// assert!(page.starts_with("<!doctype html>") && page.contains("pay &amp; go") && !page.contains("<script"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// None today: the options have no ranges.
///
/// # Complexity
/// O(length of the report); what is drawn is limited.
pub fn render_report<'a>(
    report: &JourneyReport,
    map: impl Into<Option<&'a JourneyMap>>,
    options: &RenderReportOptions,
) -> Result<String> {
    let RenderReportOptions { lang, theme, .. } = *options;
    let names = Names { map: map.into(), lang };
    let sections = sections(report, &names, theme)?;
    let title = options.title.as_deref().or(report.map.as_deref());
    let page = Page {
        lang,
        style: style(theme),
        title: printable(&shortened(title.unwrap_or(lang.say(Word::ReportTitle)))),
        description: names.map.and_then(JourneyMap::description).map(printable).unwrap_or_default(),
        about: about(report, lang),
        notes: options.notes.iter().map(|note| printable(note)).collect(),
        findings: report
            .findings
            .iter()
            .map(|finding| told(finding, &names, (sections::id(finding.section), heading(finding.section, &names))))
            .collect(),
        findings_about: findings_about(report, lang),
        sections,
        glossary: glossary::glossary(report, lang),
    };
    // Rendering writes to a string, which does not fail.
    Ok(page.render().unwrap_or_default())
}

/// What things are called.
pub(super) struct Names<'a> {
    map: Option<&'a JourneyMap>,
    lang: Language,
}

impl Names<'_> {
    /// A touchpoint by its name on the map, or as the log has it.
    fn touchpoint(&self, id: &str) -> String {
        let name = self.map.and_then(|map| map.touchpoint(id).ok()).map_or(id, |touchpoint| &touchpoint.name);
        isolated(&shortened(name)).into_owned()
    }

    /// A transition; no touchpoint is the start or the end of a journey.
    fn way(&self, source: Option<&str>, target: Option<&str>) -> String {
        let name = |id: Option<&str>, missing: Word| {
            id.map_or_else(|| self.lang.say(missing).to_owned(), |id| self.touchpoint(id))
        };
        format!("{} → {}", name(source, Word::Start), name(target, Word::End))
    }

    /// A path, its beginning if it is long.
    fn path(&self, touchpoints: &[String]) -> String {
        const MOST: usize = 12;
        let shown: Vec<String> = touchpoints.iter().take(MOST).map(|id| self.touchpoint(id)).collect();
        let more = touchpoints.len().saturating_sub(MOST);
        let path = shown.join(" → ");
        if more == 0 {
            return path;
        }
        format!("{path} … {}", self.lang.fill(Word::More, &[("n", &self.lang.whole(more as u64))]))
    }
}

/// A label that is so long that nobody reads it, with an ellipsis where it was cut.
fn shortened(label: &str) -> String {
    const MOST: usize = 160;
    match label.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", label.get(..end).unwrap_or_default()),
        None => label.to_owned(),
    }
}

/// What the report is about, in a line.
fn about(report: &JourneyReport, lang: Language) -> String {
    let summary = &report.summary;
    let counted = lang.fill(
        Word::ReportAbout,
        &[
            ("journeys", &lang.count(summary.journeys, Word::OneJourney, Word::Journeys)),
            ("events", &lang.count(summary.events, Word::OneEvent, Word::Events)),
            ("touchpoints", &lang.count(summary.touchpoints.len() as u64, Word::OneTouchpoint, Word::Touchpoints)),
        ],
    );
    let span = summary.first.as_deref().zip(summary.last.as_deref()).map(|(first, last)| {
        let day = |time: &str| time.chars().take_while(|c| *c != 'T').collect::<String>();
        lang.fill(Word::ReportSpan, &[("first", &day(first)), ("last", &day(last))])
    });
    format!("{counted}{}.", span.unwrap_or_default())
}

/// How the findings were found, and why there are no more of them.
fn findings_about(report: &JourneyReport, lang: Language) -> Vec<String> {
    let (looked, supported) = (lang.whole(report.findings_looked_at), lang.whole(report.findings_supported));
    let values = [("looked", looked.as_str()), ("supported", supported.as_str())];
    let mut said = Vec::new();
    if report.findings.is_empty() {
        said.push(lang.fill(Word::FindingsNone, &values));
    } else {
        said.push(lang.fill(Word::FindingsAbout, &values));
        if report.findings.len() as u64 == report.findings_supported {
            said.push(lang.say(Word::FindingsFewer).to_owned());
        }
        said.push(lang.say(Word::GoesWith).to_owned());
    }
    if report.conversion.is_empty() {
        said.push(lang.say(Word::NoConversionNamed).to_owned());
    }
    said
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    lang: Language,
    style: String,
    title: String,
    description: String,
    about: String,
    notes: Vec<String>,
    findings: Vec<Told>,
    findings_about: Vec<String>,
    sections: Vec<Section>,
    glossary: Vec<(&'static str, String)>,
}

impl Page {
    fn say(&self, word: Word) -> &'static str {
        self.lang.say(word)
    }

    /// What opens a table that lies behind a picture.
    fn opens(&self, caption: &str) -> String {
        self.lang.fill(Word::AsTable, &[("caption", caption)])
    }
}
