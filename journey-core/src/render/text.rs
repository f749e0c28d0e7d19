//! How wide a text is, and how it is broken into lines, without a font at hand.
//!
//! Widths are those of `DejaVu` Sans, the widest of the fonts that browsers take for `system-ui`, so that a text that fits here
//! fits everywhere. Lines break where the Unicode line breaking algorithm (UAX 14) allows it, else between letters as people
//! see them (grapheme clusters, UAX 29), never within one.

use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::escape::{is_right_to_left, printable};

/// The sorts of letters in pictures; `theme::style` has a class for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Font {
    /// The name of the picture.
    Title,
    /// Names of stages, touchpoints and lanes.
    Heading,
    /// Everything else.
    Body,
    /// Figures and notes beside something.
    Small,
}

impl Font {
    /// Every sort there is.
    pub(super) const ALL: [Self; 4] = [Self::Title, Self::Heading, Self::Body, Self::Small];

    /// The class of a text in this font.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Heading => "heading",
            Self::Body => "body",
            Self::Small => "small",
        }
    }

    /// The height of its letters, in pixels.
    pub(super) const fn size(self) -> f64 {
        match self {
            Self::Title => 18.0,
            Self::Heading => 13.0,
            Self::Body => 12.0,
            Self::Small => 11.0,
        }
    }

    /// From one line to the next, in pixels.
    pub(super) const fn line(self) -> f64 {
        match self {
            Self::Title => 24.0,
            Self::Heading => 17.0,
            Self::Body => 16.0,
            Self::Small => 15.0,
        }
    }

    /// How heavy its letters are, as CSS says it.
    pub(super) const fn weight(self) -> u32 {
        match self {
            Self::Title | Self::Heading => 600,
            Self::Body | Self::Small => 400,
        }
    }

    /// How wide a text is in this font, in pixels.
    pub(super) fn width(self, text: &str) -> f64 {
        text.graphemes(true).map(|letter| self.letter(letter)).sum()
    }

    /// How wide a grapheme cluster is.
    fn letter(self, letter: &str) -> f64 {
        /// How much wider bold letters are.
        const BOLD: f64 = 1.14;
        let heavy = if self.weight() > 400 { BOLD } else { 1.0 };
        ems(letter) * self.size() * heavy
    }
}

/// The widths of the characters from space to `~`, in hundredths of the letters' height.
const ASCII: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 54, 100, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64, 62, 74, 69, 99, 69,
    62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64,
    60, 82, 60, 60, 53, 64, 34, 64, 84,
];

/// How wide a grapheme cluster is, in heights of its letters.
fn ems(letter: &str) -> f64 {
    /// An ideograph fills a square.
    const SQUARE: f64 = 1.02;
    const EMOJI: f64 = 1.4;
    /// A letter of Greek, Cyrillic, Arabic, Devanagari and so on; the widest are wider, the usual ones narrower.
    const LETTER: f64 = 0.72;
    let Some(first) = letter.chars().next() else { return 0.0 };
    let plain = u32::from(first).checked_sub(32).and_then(|place| ASCII.get(usize::try_from(place).ok()?));
    let columns = letter.width();
    match (plain, first) {
        (Some(width), _) if columns <= 1 => f64::from(*width) / 100.0,
        // Ligatures of whole sentences, and dashes that are two and three letters long.
        (_, '\u{fdfa}'..='\u{fdfd}') => 10.0,
        // What stands for a character that cannot be written.
        (_, char::REPLACEMENT_CHARACTER) => SQUARE,
        (_, '\u{2e3a}') => 2.0,
        (_, '\u{2e3b}') => 3.0,
        _ if columns == 0 => 0.0,
        _ if columns > 1 && !('\u{2e80}'..'\u{1f000}').contains(&first) => EMOJI * half(columns),
        _ if columns > 1 => SQUARE * half(columns),
        (_, '\u{2190}'..='\u{2bff}') => 0.9,
        _ => LETTER,
    }
}

/// Letters of two columns each.
fn half(columns: usize) -> f64 {
    u32::try_from(columns).map_or(f64::INFINITY, f64::from) / 2.0
}

/// A text broken into lines of a width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wrapped {
    /// The whole text, as it can stand in XML.
    pub(super) whole: String,
    /// Its lines, from top to bottom.
    pub(super) lines: Vec<String>,
    /// Whether something is left out; the last line then ends with an ellipsis.
    pub(super) cut: bool,
    /// Whether it is read from right to left: its first letter is of such a script.
    pub(super) right_to_left: bool,
}

/// The sign that something is left out.
const ELLIPSIS: &str = "…";

/// Breaks a text into at most so many lines of a width in pixels; what does not fit is left out, with an ellipsis in its place.
///
/// Spaces at the ends of lines, and more than one in a row, are not kept. An empty text has no lines.
pub(super) fn wrap(text: &str, font: Font, width: f64, most_lines: usize) -> Wrapped {
    let whole = printable(text);
    let words = whole.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let mut lines = Vec::new();
    let mut rest = words.as_str();
    while !rest.is_empty() && lines.len() < most_lines {
        if lines.len() + 1 == most_lines && font.width(rest) > width {
            lines.push(clipped(rest, font, width));
            return Wrapped { right_to_left: is_read_from_right(&whole), whole, lines, cut: true };
        }
        let (line, after) = rest.split_at(end_of_line(rest, font, width));
        lines.push(line.trim_end_matches(' ').to_owned());
        rest = after.trim_start_matches(' ');
    }
    Wrapped { right_to_left: is_read_from_right(&whole), cut: !rest.is_empty(), whole, lines }
}

/// A text on one line of a width in pixels; what does not fit is left out, with an ellipsis in its place.
pub(super) fn clip(text: &str, font: Font, width: f64) -> Wrapped {
    wrap(text, font, width, 1)
}

/// As much of a text as fits a width, with an ellipsis behind it.
fn clipped(text: &str, font: Font, width: f64) -> String {
    let room = width - font.width(ELLIPSIS);
    let end = fitting(text, font, room);
    text.get(..end).unwrap_or_default().trim_end_matches(' ').to_owned() + ELLIPSIS
}

/// The place behind the last letter that fits a width.
fn fitting(text: &str, font: Font, width: f64) -> usize {
    let mut used = 0.0;
    for (place, letter) in text.grapheme_indices(true) {
        used += font.letter(letter);
        if used > width {
            return place;
        }
    }
    text.len()
}

/// Where the first line of a text ends: at the last place that fits and where a line may break, else behind the last letter
/// that fits, but behind the first one at least.
fn end_of_line(text: &str, font: Font, width: f64) -> usize {
    let most = fitting(text, font, width);
    if most == text.len() {
        return most;
    }
    // A space at the break hangs over the end.
    let fits = |place: usize| text.get(..place).is_some_and(|line| line.trim_end_matches(' ').len() <= most);
    let places = linebreaks(text).map(|(place, _)| place).take_while(|place| fits(*place));
    let whole_letter = |place: &usize| text.grapheme_indices(true).any(|(start, _)| start == *place);
    let first = text.graphemes(true).next().map_or(text.len(), str::len);
    // The names of events are often words joined by such signs.
    let joints = text.match_indices(['_', '.', ':', '/']).map(|(place, sign)| place + sign.len());
    let joint = || joints.take_while(|place| *place <= most).filter(whole_letter).last();
    places.filter(whole_letter).last().or_else(joint).unwrap_or(most.max(first))
}

/// Whether the first letter of a text with a direction is of a script that runs from right to left.
fn is_read_from_right(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(is_right_to_left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: f64, most: usize) -> Vec<String> {
        wrap(text, Font::Body, width, most).lines
    }

    #[test]
    fn widths_are_those_of_the_widest_usual_font() {
        // DejaVu Sans: M 0.863 (87 rounded up), i 0.278 (28), at 12 pixels.
        assert_eq!(Font::Body.width("Mi"), 12.0 * 0.87 + 12.0 * 0.28);
        assert!(Font::Heading.width("Mi") > 13.0 * 1.15, "bold letters are wider");
        assert_eq!(Font::Body.width("一"), 12.0 * 1.02);
        assert_eq!(Font::Body.width("é"), Font::Body.width("e\u{301}") / 0.62 * 0.72, "an accent adds nothing");
        assert_eq!(Font::Body.width("👨‍👩‍👧"), Font::Body.width("🙂"), "a family is one sign");
    }

    #[test]
    fn a_text_is_broken_between_words() {
        assert_eq!(lines("pay the bill now", 60.0, 9), ["pay the", "bill now"]);
        assert_eq!(lines("  pay\n\tnow ", 100.0, 9), ["pay now"]);
        assert!(lines(" ", 100.0, 9).is_empty());
        assert_eq!(lines("of 17.0\u{a0}%", 50.0, 9), ["of", "17.0\u{a0}%"], "but not at a space that does not break");
    }

    #[test]
    fn what_does_not_fit_is_left_out_with_a_sign() {
        let cut = wrap(&"word ".repeat(40), Font::Body, 80.0, 3);
        assert_eq!(cut.lines.len(), 3);
        assert!(cut.cut && cut.lines[2].ends_with('…') && cut.whole.len() > 190);
        assert!(cut.lines.iter().all(|line| Font::Body.width(line) <= 80.0));
    }

    #[test]
    fn a_word_that_is_too_long_is_broken_between_letters() {
        let broken = lines(&"x".repeat(20), 60.0, 9);
        assert_eq!(broken.concat(), "x".repeat(20));
        assert!(broken.iter().all(|line| Font::Body.width(line) <= 60.0));
    }

    #[test]
    fn a_long_name_is_broken_where_its_words_are_joined() {
        assert_eq!(lines("payment_details", 60.0, 9), ["payment_", "details"]);
    }

    #[test]
    fn letters_of_several_characters_are_never_broken() {
        let family = "👨‍👩‍👧‍👦";
        for line in lines(&family.repeat(9), 40.0, 9) {
            assert_eq!(line, family.repeat(line.len() / family.len()));
        }
        let accents = "e\u{301}\u{302}".repeat(12);
        assert!(lines(&accents, 30.0, 9).iter().all(|line| line.starts_with('e')));
        assert_eq!(lines(family, 1.0, 2), [family], "one letter is there even if it does not fit");
    }

    #[test]
    fn ideographs_break_anywhere_but_before_a_comma() {
        assert_eq!(lines("支付订单，完成", 12.0 * 1.02 * 4.5, 9), ["支付订", "单，完成"]);
    }

    #[test]
    fn the_first_letter_says_in_which_direction_a_text_is_read() {
        let reads = |text: &str| wrap(text, Font::Body, 100.0, 1).right_to_left;
        assert_eq!(["دفع now", "Pay دفع", "12 שלום", "12"].map(reads), [true, false, true, false]);
    }
}
