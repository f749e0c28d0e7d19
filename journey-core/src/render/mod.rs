//! Pictures: a map and reports about it, as text. Never a log.

mod dot;
mod mermaid;
mod page;
mod svg;

pub use mermaid::{MermaidExport, MermaidLoss};
pub use page::render_page;
pub use svg::render_map;

use crate::analysis::{Bottlenecks, EmotionCurve, EmotionDips, PathCoverage, Summary};

/// The reports that a picture shows together with a map; those left out are not drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct MapReports<'a> {
    /// What the log holds.
    pub summary: Option<&'a Summary>,
    /// How customers feel along the journey.
    pub curve: Option<&'a EmotionCurve>,
    /// Where they suffer.
    pub dips: Option<&'a EmotionDips>,
    /// Where they lose time, and where they are lost.
    pub bottlenecks: Option<&'a Bottlenecks>,
    /// How much of the map is used, and how much of the log is on the map.
    pub coverage: Option<&'a PathCoverage>,
}

/// A text that may stand in XML: characters that XML forbids become the replacement character.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' => ' ',
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

/// A time in the unit a reader would say it in.
fn duration(seconds: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s")];
    for (size, unit) in UNITS {
        if seconds >= size {
            let decimals = usize::from(seconds / size < 10.0);
            return format!("{:.decimals$} {unit}", seconds / size);
        }
    }
    format!("{seconds:.2} s")
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

/// A score with its sign; a minus as long as a digit.
fn score(score: f64) -> String {
    format!("{score:+.1}").replace('-', "−").replace("+0.0", "0.0").replace("−0.0", "0.0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_their_unit() {
        let said = [0.5, 59.0, 90.0, 7200.0, 36_000.0, 864_000.0].map(duration);
        assert_eq!(said, ["0.50 s", "59 s", "1.5 min", "2.0 h", "10 h", "10 d"]);
    }

    #[test]
    fn scores_have_a_sign() {
        assert_eq!([-1.25, -0.01, 0.0, 2.0].map(score), ["−1.2", "0.0", "0.0", "+2.0"]);
    }

    #[test]
    fn characters_that_xml_forbids_are_replaced() {
        assert_eq!(printable("a\u{0}b\nc\u{1b}"), "a\u{fffd}b c\u{fffd}");
    }
}
