//! A page that a manager can open: the map, and the reports as tables.

use askama::Template;

use super::escape::printable;
use super::words::Language::En;
use super::{MapReports, RenderMapOptions, render_map};
use crate::analysis::{Bottlenecks, DelayMeasure, Part, Share};
use crate::map::JourneyMap;

/// Writes a self-contained HTML page: the map with its curve, and a table for each report.
///
/// The page asks for nothing from the network and holds no script. `notes` are sentences that stand under the title, such
/// as where data comes from.
#[must_use]
pub fn render_page(map: &JourneyMap, reports: &MapReports, notes: &[String]) -> String {
    let page = Page {
        title: printable(map.name()),
        description: printable(map.description().unwrap_or_default()),
        notes: notes.iter().map(|note| printable(note)).collect(),
        wide: picture(map, reports, 1280),
        narrow: picture(map, reports, 400),
        tables: tables(reports),
    };
    // Rendering writes to a string, which does not fail.
    page.render().unwrap_or_default()
}

/// The map at a width that is known to be in the range.
fn picture(map: &JourneyMap, reports: &MapReports, width: u64) -> String {
    render_map(map, reports, &RenderMapOptions { width, ..RenderMapOptions::default() }).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    title: String,
    description: String,
    notes: Vec<String>,
    /// The map as it is drawn on a large screen, and on a phone.
    wide: String,
    narrow: String,
    tables: Vec<Table>,
}

struct Table {
    title: &'static str,
    about: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    more: usize,
}

/// Rows a table shows; the JSON beside the page has all.
const SHOWN: usize = 12;

fn table(title: &'static str, about: &'static str, columns: &[&'static str], rows: Vec<Vec<String>>) -> Table {
    let more = rows.len().saturating_sub(SHOWN);
    let rows = rows.into_iter().take(SHOWN).map(|row| row.iter().map(|cell| printable(cell)).collect()).collect();
    Table { title, about, columns: columns.to_vec(), rows, more }
}

fn tables(reports: &MapReports) -> Vec<Table> {
    let mut tables = Vec::new();
    if let Some(holds) = &reports.summary {
        let mut rows =
            vec![vec!["Journeys".into(), holds.journeys.to_string()], vec!["Events".into(), holds.events.to_string()]];
        for (what, time) in [("First event", &holds.first), ("Last event", &holds.last)] {
            rows.extend(time.as_ref().map(|time| vec![what.to_owned(), time.clone()]));
        }
        if let Some(time) = &holds.throughput {
            rows.push(vec!["Median throughput time".into(), En.duration(time.median_seconds)]);
        }
        tables.push(table("What the log holds", "", &["", ""], rows));
    }
    if let Some(stuck) = &reports.bottlenecks {
        tables.extend(bottleneck_tables(stuck));
    }
    if let Some(dips) = &reports.emotion_dips {
        let rows = dips
            .dips
            .iter()
            .map(|dip| {
                vec![
                    dip.touchpoint.clone(),
                    En.score(dip.score),
                    interval(dip.low, dip.high),
                    dip.n.to_string(),
                    format!("{:.2}", dip.prominence),
                    dip.compared_with.clone(),
                    dip.p_adjusted.map_or_else(|| "–".into(), |p| format!("{p:.2e}")),
                ]
            })
            .collect();
        let columns = ["Touchpoint", "Score", "Interval", "Scores", "Prominence", "Against", "Adjusted p"];
        tables.push(table("Emotion dips", "Steps below neutral and lower than what lies around them.", &columns, rows));
    }
    if let Some(cover) = &reports.path_coverage {
        let part = |what: &str, part: &Part| {
            vec![what.to_owned(), part.n.to_string(), part.of.to_string(), En.percent(part.share), String::new()]
        };
        let mut rows = vec![
            part("Touchpoints of the map that were visited", &cover.map.touchpoints),
            part("Transitions of the map that were taken", &cover.map.transitions),
            part("Paths of the map that a journey is exactly", &cover.map.paths),
            part("Events at touchpoints of the map", &cover.log.events),
            part("Transitions taken that are on the map", &cover.log.transitions),
        ];
        rows.push(share("Journeys that fit the map", &cover.log.journeys));
        let about = "How much of the map is used, and how much of the log is on the map.";
        tables.push(table("Coverage", about, &["", "n", "of", "Share", "Interval"], rows));
    }
    tables
}

/// Where time goes, if the log has times, and where journeys are lost.
fn bottleneck_tables(stuck: &Bottlenecks) -> Vec<Table> {
    let times = stuck
        .transitions
        .iter()
        .map(|row| {
            let delay = row.waiting.as_ref().unwrap_or(&row.time);
            vec![
                format!("{} → {}", row.source, row.target),
                delay.n.to_string(),
                En.percent(row.delay_share),
                En.duration(delay.median_seconds),
                En.duration(delay.p90_seconds),
                En.duration(delay.p95_seconds),
                if row.bottleneck { "yes" } else { "" }.to_owned(),
            ]
        })
        .collect();
    let losses = stuck
        .conversions
        .iter()
        .map(|row| {
            let to = row.target.as_deref().unwrap_or("any next touchpoint");
            let mut cells = share(&format!("{} → {to}", row.source), &row.conversion);
            cells.push(row.lost.to_string());
            cells.push(if row.bottleneck { "yes" } else { "" }.to_owned());
            cells
        })
        .collect();
    let about = match stuck.measure {
        DelayMeasure::Elapsed => "Where customers' time goes: the share of all time between events.",
        DelayMeasure::Waiting => "Where customers wait: the share of all time from one completion to the next start.",
    };
    let columns = ["Transition", "Times", "Share of delay", "Median", "p90", "p95", "Bottleneck"];
    let times = stuck.total_seconds.map(|_| table("Time bottlenecks", about, &columns, times));
    let losses = table(
        "Conversion bottlenecks",
        "Where journeys are lost on the way.",
        &["From → to", "Went on", "of", "Share", "Interval", "Lost", "Bottleneck"],
        losses,
    );
    times.into_iter().chain([losses]).collect()
}

fn share(what: &str, share: &Share) -> Vec<String> {
    let interval = share.low.zip(share.high);
    let interval = interval
        .map_or_else(String::new, |(low, high)| format!("{} to {}", En.percent(Some(low)), En.percent(Some(high))));
    vec![what.to_owned(), share.n.to_string(), share.of.to_string(), En.percent(share.share), interval]
}

fn interval(low: Option<f64>, high: Option<f64>) -> String {
    low.zip(high).map_or_else(|| "–".into(), |(low, high)| format!("{} to {}", En.score(low), En.score(high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_nothing_is_fetched() {
        let map = JourneyMap::builder("<img src=x onerror=alert(1)>").build().unwrap();
        let page = render_page(&map, &MapReports::default(), &["a & b".into()]);
        assert!(!page.contains("<img") && page.contains("a &amp; b"));
        assert!(!page.contains("<script") && page.contains("default-src 'none'"));
    }
}
