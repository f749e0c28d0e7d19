//! The one place where text becomes part of XML or HTML.
//!
//! Labels come from strangers' files. As text and inside quoted attributes five characters are written as entities, which is
//! enough in XML and in HTML. Characters that XML forbids become the replacement character, line breaks become spaces. Nothing
//! from data ever becomes part of a script, of CSS, of a name of an element or attribute, or of an address.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// The text as text of an element or inside a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(printed(c)),
        }
    }
    escaped
}

/// The text as it can stand in XML: what XML forbids is replaced, a line break or tab is a space.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(printed).collect()
}

fn printed(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' => ' ',
        c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// What askama's templates escape with: `askama.toml` names it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Markup;

impl askama::filters::Escaper for Markup {
    fn write_escaped_str<W: Write>(&self, mut destination: W, text: &str) -> fmt::Result {
        destination.write_str(&escape(text))
    }
}

/// A label as part of a sentence of ours: whatever its direction, the words around it stay in their order.
///
/// It stands between marks of isolation if it is of a script that runs from right to left, or has marks of direction itself.
/// Those are balanced, so that none reaches beyond the label.
pub(super) fn isolated(label: &str) -> Cow<'_, str> {
    const ISOLATE: char = '\u{2068}';
    const END_OF_ISOLATE: char = '\u{2069}';
    const END_OF_EMBEDDING: char = '\u{202c}';
    if !label.chars().any(|c| is_right_to_left(c) || is_mark_of_direction(c)) {
        return Cow::Borrowed(label);
    }
    let mut isolated = String::from(ISOLATE);
    let mut open = Vec::new();
    for c in label.chars() {
        match c {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => open.push(END_OF_EMBEDDING),
            '\u{2066}'..='\u{2068}' => open.push(END_OF_ISOLATE),
            END_OF_EMBEDDING | END_OF_ISOLATE => {
                if open.last() != Some(&c) {
                    continue;
                }
                open.pop();
            }
            _ => {}
        }
        isolated.push(c);
    }
    isolated.extend(open.into_iter().rev());
    isolated.push(END_OF_ISOLATE);
    Cow::Owned(isolated)
}

/// Embeddings, overrides and isolates.
fn is_mark_of_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether the letter belongs to a script that runs from right to left.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_markup_is_written_as_an_entity() {
        assert_eq!(escape(r#"<a href="x">'&'</a>]]>"#), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;]]&gt;");
    }

    #[test]
    fn characters_that_xml_forbids_are_replaced() {
        assert_eq!(printable("a\u{0}b\nc\u{1b}\u{ffff}"), "a\u{fffd}b c\u{fffd}\u{fffd}");
        assert_eq!(escape("\u{7f}<\r"), "\u{fffd}&lt; ");
    }

    #[test]
    fn a_label_from_right_to_left_is_isolated_in_a_sentence() {
        assert_eq!(isolated("Pay now"), "Pay now");
        assert_eq!(isolated("دفع"), "\u{2068}دفع\u{2069}");
    }

    #[test]
    fn marks_of_direction_do_not_reach_beyond_their_label() {
        assert_eq!(isolated("a\u{202e}b"), "\u{2068}a\u{202e}b\u{202c}\u{2069}");
        assert_eq!(isolated("a\u{2069}b\u{202c}"), "\u{2068}ab\u{2069}", "nothing to close");
        assert_eq!(isolated("\u{2067}\u{202e}x"), "\u{2068}\u{2067}\u{202e}x\u{202c}\u{2069}\u{2069}");
    }
}
