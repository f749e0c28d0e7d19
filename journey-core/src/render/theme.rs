//! The colours and letters of all pictures, light and dark.
//!
//! Every colour is a custom property of CSS that takes its value from one of the same name outside, if there is one: a page that
//! sets `--journey-ink` sets it in every picture. Text has a contrast of at least 4.5 on what it stands on, marks of at least 3
//! (WCAG 2.2, AA); hues are those of Okabe and Ito, told apart by people who see few colours, made darker or lighter where the
//! contrast asks for it. Nothing is said by colour alone: marks have shapes, lines have dashes, and words stand beside both.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::text::Font;

/// Whether pictures are light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Theme {
    /// As the reader's system is set.
    #[default]
    Auto,
    /// Dark letters on a light ground.
    Light,
    /// Light letters on a dark ground.
    Dark,
}

/// A colour of pictures: the name of its property, its value on a light ground and on a dark one.
struct Colour(&'static str, &'static str, &'static str);

/// Ground and letters, then marks.
const COLOURS: [Colour; 22] = [
    // What lies behind everything, what lies behind a text, and the lines around it.
    Colour("page", "#f6f7f9", "#11161c"),
    Colour("card", "#ffffff", "#1b222b"),
    Colour("line", "#d5dae1", "#364150"),
    // Text, and text that matters less.
    Colour("ink", "#18202b", "#e9edf2"),
    Colour("soft", "#55606f", "#a9b3c0"),
    // What was measured, what a team expects, and the band of an interval.
    Colour("measured", "#0067a5", "#5cb8f0"),
    Colour("expected", "#6b7280", "#98a2b0"),
    Colour("band", "#d3e6f4", "#1c3a50"),
    // Bad, good, in need of attention, decisive.
    Colour("bad", "#b03a00", "#ff9a66"),
    Colour("good", "#00694b", "#3fcf9f"),
    Colour("warn", "#7a5600", "#f0b93a"),
    Colour("truth", "#86347a", "#e29bd0"),
    // Things told apart, such as groups in a chart; the first is `measured`.
    Colour("series-2", "#b03a00", "#ff9a66"),
    Colour("series-3", "#00694b", "#3fcf9f"),
    Colour("series-4", "#86347a", "#e29bd0"),
    Colour("series-5", "#7a5600", "#f0b93a"),
    Colour("series-6", "#55606f", "#a9b3c0"),
    // A scale, from little to much: lines and marks, never text.
    Colour("ramp-1", "#738ca2", "#637888"),
    Colour("ramp-2", "#4c82a9", "#6a92af"),
    Colour("ramp-3", "#246899", "#75aed1"),
    Colour("ramp-4", "#114578", "#91cded"),
    Colour("ramp-5", "#0a1f47", "#c6ebfa"),
];

/// The colours of letters and marks; each is a class that sets `currentColor`, which texts are written in.
const TEXT: [&str; 8] = ["ink", "soft", "measured", "expected", "bad", "good", "warn", "truth"];

/// The style sheet that every picture begins with; what a picture adds to it comes behind.
///
/// Rules hold only inside an element of the class `journey`, so that they do not reach the page around it.
pub(super) fn style(theme: Theme) -> String {
    let mut css = String::new();
    let light = |Colour(name, light, _): &Colour| format!("--{name}:var(--journey-{name},{light})");
    let dark = |Colour(name, _, dark): &Colour| format!("--{name}:var(--journey-{name},{dark})");
    let (first, scheme) = if theme == Theme::Dark { (list(dark), "dark") } else { (list(light), "light") };
    let _ = writeln!(css, ".journey{{color-scheme:{scheme};{first}}}");
    if theme == Theme::Auto {
        let _ = writeln!(css, "@media (prefers-color-scheme:dark){{.journey{{color-scheme:dark;{}}}}}", list(dark));
    }
    css.push_str(
        ".journey{font-family:var(--journey-font,system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif)}\n\
         .journey{color:var(--ink)}\n\
         .journey text{fill:currentColor;unicode-bidi:isolate}\n",
    );
    for font in Font::ALL {
        let _ =
            writeln!(css, ".journey .{}{{font-size:{}px;font-weight:{}}}", font.class(), font.size(), font.weight());
    }
    for colour in TEXT {
        let _ = writeln!(css, ".journey .{colour}{{color:var(--{colour})}}");
    }
    css.push_str(
        ".journey .ground{fill:var(--page)}\n\
         .journey .card{fill:var(--card);stroke:var(--line)}\n\
         .journey .rule{stroke:var(--line)}\n\
         .journey [tabindex]:focus-visible{outline:2px solid var(--measured);outline-offset:2px}\n",
    );
    css
}

fn list(one: impl Fn(&Colour) -> String) -> String {
    COLOURS.iter().map(one).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of WCAG 2.2.
    fn luminance(colour: &str) -> f64 {
        let part = |place: usize| {
            let value = f64::from(u8::from_str_radix(&colour[place..place + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_colour_stands_out_from_its_ground() {
        assert!((contrast("#ffffff", "#767676") - 4.54).abs() < 0.01, "as WebAIM's checker says");
        let ground = |name: &str| COLOURS.iter().find(|colour| colour.0 == name).unwrap();
        for Colour(name, light, dark) in COLOURS.iter().filter(|c| !["page", "card", "line", "band"].contains(&c.0)) {
            let ramp = name.starts_with("ramp");
            for ground in
                [ground("page"), ground("card"), ground("band")].into_iter().filter(|g| !ramp || g.0 != "band")
            {
                let least = if ramp || *name == "expected" || ground.0 == "band" { 3.0 } else { 4.5 };
                assert!(contrast(light, ground.1) >= least, "{name} on {}: {}", ground.0, contrast(light, ground.1));
                assert!(contrast(dark, ground.2) >= least, "dark {name} on {}: {}", ground.0, contrast(dark, ground.2));
            }
        }
    }

    #[test]
    fn a_theme_that_is_asked_for_does_not_ask_the_system() {
        assert!(style(Theme::Auto).contains("prefers-color-scheme:dark"));
        assert!(
            !style(Theme::Light).contains("@media") && style(Theme::Light).contains("--ink:var(--journey-ink,#18202b)")
        );
        assert!(
            !style(Theme::Dark).contains("@media") && style(Theme::Dark).contains("--ink:var(--journey-ink,#e9edf2)")
        );
    }
}
