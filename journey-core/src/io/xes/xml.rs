//! Tags of XML, one after the other, and what `quick-xml` does not check: characters that XML does not allow, encodings,
//! document types, too many attributes.

use std::borrow::Cow;

use memchr::memchr;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use quick_xml::{Reader, XmlVersion};

use super::super::table::check;
use crate::error::{Error, Problem, Result, shorten};

/// The tags of a piece of XML.
pub(super) struct Xml<'b> {
    reader: Reader<&'b [u8]>,
    text: &'b str,
}

/// A tag, or the end.
pub(super) enum Token<'b> {
    Open(Tag<'b>),
    /// A tag that is opened and closed at once.
    Empty(Tag<'b>),
    /// The end of an element, by its name.
    Close(&'b str),
    /// Text between tags.
    Text(String),
    End,
}

/// A tag with its attributes.
#[derive(Clone, Copy)]
pub(super) struct Tag<'b> {
    pub(super) name: &'b str,
    /// What stands in the brackets.
    content: &'b str,
}

impl<'b> Xml<'b> {
    pub(super) fn new(text: &'b str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.trim_text(true);
        config.check_comments = true;
        // A piece may begin within an element.
        config.allow_unmatched_ends = true;
        Self { reader, text }
    }

    /// The place after the last token, or where an error was noticed.
    pub(super) fn place(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// Whether all of the text has been looked at.
    pub(super) fn is_at_end(&self) -> bool {
        self.place() >= self.text.len()
    }

    /// The next tag, text or end.
    pub(super) fn next(&mut self) -> Result<Token<'b>> {
        loop {
            let event = self.reader.read_event().map_err(|error| broken(&error.to_string()))?;
            return Ok(match &event {
                Event::Start(tag) => Token::Open(self.tag(tag, tag.name().into_inner().len(), 1)),
                Event::Empty(tag) => Token::Empty(self.tag(tag, tag.name().into_inner().len(), 2)),
                Event::End(tag) => Token::Close(self.closed(tag.name().into_inner().len())),
                Event::Text(text) => Token::Text(text.to_string()),
                Event::CData(text) => Token::Text(text.to_string()),
                Event::GeneralRef(text) => Token::Text(format!("&{};", &**text)),
                Event::Comment(_) | Event::PI(_) => continue,
                Event::Decl(declaration) => {
                    encoding(declaration.encoding())?;
                    continue;
                }
                Event::DocType(_) => return Err(Problem::Doctype.into()),
                Event::Eof => Token::End,
            });
        }
    }

    /// The tag that was read last, as a part of the text, which outlives the event; `close` bytes stand after it.
    fn tag(&self, content: &str, name: usize, close: usize) -> Tag<'b> {
        let end = self.place().saturating_sub(close);
        let content = self.text.get(end.saturating_sub(content.len())..end).unwrap_or_default();
        Tag { name: content.get(..name).unwrap_or_default(), content }
    }

    /// The name in the closing tag that was read last.
    fn closed(&self, length: usize) -> &'b str {
        let end = self.place().saturating_sub(1);
        let before = self.text.get(..end).unwrap_or_default().trim_end();
        before.get(before.len().saturating_sub(length)..).unwrap_or_default()
    }
}

impl<'b> Tag<'b> {
    /// The values of the attributes `key` and `value`, where they are there.
    pub(super) fn key_and_value(&self, limit: u64) -> Result<[Option<Cow<'b, str>>; 2]> {
        match self.usual().filter(|_| limit >= 2) {
            Some([key, value]) => Ok([Some(Cow::Borrowed(key)), Some(Cow::Borrowed(value))]),
            None => self.values(["key", "value"], limit),
        }
    }

    /// Key and value of a tag as nearly every program writes it, ` key="…" value="…"` with nothing to resolve in either.
    fn usual(&self) -> Option<[&'b str; 2]> {
        let rest = self.content.get(self.name.len()..)?.strip_prefix(" key=\"")?;
        let (key, rest) = rest.split_at_checked(memchr(b'"', rest.as_bytes())?)?;
        let value = rest.strip_prefix("\" value=\"")?.trim_ascii_end().strip_suffix('"')?;
        let special = |byte: u8| u8::from(matches!(byte, b'"' | b'&' | b'<' | b'\t' | b'\n' | b'\r'));
        let plain = |text: &str| text.bytes().fold(0, |found, byte| found | special(byte)) == 0;
        (plain(key) && plain(value)).then_some([key, value])
    }

    /// The values of some attributes, where they are there.
    pub(super) fn values<const N: usize>(&self, names: [&str; N], limit: u64) -> Result<[Option<Cow<'b, str>>; N]> {
        let mut values = [const { None }; N];
        let mut attributes = Attributes::new(self.content, self.name.len());
        // Names that stand twice are looked for below, where there are more than a few.
        attributes.with_checks(false);
        let (mut count, mut before) = (0, None);
        for attribute in attributes {
            let attribute = attribute.map_err(|error| broken(&error.to_string()))?;
            count += 1;
            check("xml_attributes", count, limit)?;
            let key = attribute.key.into_inner();
            if before == Some(key) {
                return Err(broken(&format!("the attribute `{}` is there twice", shorten(key))));
            }
            before = Some(key);
            let value = value(&attribute)?;
            if let Some((_, slot)) = names.iter().zip(&mut values).find(|(name, _)| **name == key) {
                *slot = Some(value);
            }
        }
        if count > 2 {
            for attribute in Attributes::new(self.content, self.name.len()) {
                attribute.map_err(|error| broken(&error.to_string()))?;
            }
        }
        Ok(values)
    }
}

/// The value of an attribute, as XML 1.0 says: without references, and with blanks for line breaks and tabs.
fn value<'b>(attribute: &quick_xml::events::attributes::Attribute<'b>) -> Result<Cow<'b, str>> {
    let Cow::Borrowed(plain) = attribute.value else { return Err(broken("an attribute has no value")) };
    if !plain.bytes().any(|byte| matches!(byte, b'&' | b'<' | b'\t' | b'\n' | b'\r')) {
        return Ok(Cow::Borrowed(plain));
    }
    if plain.contains('<') {
        return Err(broken("`<` stands in the value of an attribute; expected `&lt;`"));
    }
    let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| broken(&error.to_string()))?;
    match value.chars().find(|letter| !is_allowed(*letter)) {
        Some(letter) => Err(forbidden(letter)),
        None => Ok(value),
    }
}

/// Whether XML 1.0 allows a character.
pub(in super::super) fn is_allowed(letter: char) -> bool {
    !matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The place of the first character that XML does not allow, and its error.
pub(super) fn first_forbidden(text: &str) -> Option<(usize, Error)> {
    // Without branches within a piece, so that many bytes are looked at together. U+FFFE and U+FFFF begin with 0xEF.
    let is_suspect = |byte: u8| byte < b' ' && byte != b'\t' && byte != b'\n' && byte != b'\r' || byte == 0xef;
    let suspects = |piece: &[u8]| piece.iter().fold(0, |found, byte| found | u8::from(is_suspect(*byte)));
    let suspect = text.as_bytes().chunks(4096).any(|piece| suspects(piece) > 0);
    if !suspect {
        return None;
    }
    let (place, letter) = text.char_indices().find(|(_, letter)| !is_allowed(*letter))?;
    Some((place, forbidden(letter)))
}

fn forbidden(letter: char) -> Error {
    broken(&format!("it has the character U+{:04X}, which XML does not allow", u32::from(letter)))
}

pub(super) fn broken(words: &str) -> Error {
    let words = words.strip_prefix("ill-formed document: ").or(words.strip_prefix("syntax error: ")).unwrap_or(words);
    Problem::Xml(shorten(words)).into()
}

/// An encoding other than UTF-8 is refused, whatever the bytes look like.
fn encoding(
    declared: Option<std::result::Result<Cow<'_, str>, quick_xml::events::attributes::AttrError>>,
) -> Result<()> {
    match declared {
        None => Ok(()),
        Some(Ok(name)) if ["utf-8", "utf8", "us-ascii"].iter().any(|known| name.eq_ignore_ascii_case(known)) => Ok(()),
        Some(Ok(name)) => Err(Problem::Encoding(shorten(&name)).into()),
        Some(Err(error)) => Err(broken(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_tag_is_read_as_any_other() {
        for (content, usual) in [
            (r#"string key="a" value="b c > 'd'""#, true),
            (r#"string key="" value="" "#, true),
            ("string key=\"日\" value=\"é\"\n", true),
            (r#"string value="b" key="a""#, false),
            (r#"string key="a" value="b&amp;c""#, false),
            (r#"string key="a" value="b<c""#, false),
            ("string key=\"a\tb\" value=\"c\"", false),
            (r#"string key="a" value="b" key="c""#, false),
            (r#"string key="a" value="b"more="""#, false),
            (r#"string key="a"  value="b""#, false),
            (r#"string key="a" value="b"#, false),
            (r#"string key="a" value=""#, false),
            (r#"string key="a" other="b""#, false),
            (r#"string  key="a" value="b""#, false),
            ("string key='a' value='b'", false),
            (r#"string key="a""#, false),
            ("string", false),
        ] {
            let tag = Tag { name: "string", content };
            assert_eq!(tag.usual().is_some(), usual, "{content}");
            for limit in [1, 9] {
                let (one, other) = (tag.key_and_value(limit), tag.values(["key", "value"], limit));
                assert_eq!(
                    one.map_err(|error| error.to_string()),
                    other.map_err(|error| error.to_string()),
                    "{content}"
                );
            }
        }
    }

    #[test]
    fn what_xml_does_not_allow_is_found_wherever_it_stands() {
        for (letter, allowed) in
            [('\t', true), ('\n', true), ('\r', true), ('\u{1f}', false), ('\0', false), ('\u{7f}', true)]
                .into_iter()
                .chain([('\u{fffd}', true), ('\u{fffe}', false), ('\u{ffff}', false), ('\u{f000}', true)])
        {
            for before in [0, 1, 4095, 4096, 10_000] {
                let text = format!("{}{letter}", "x".repeat(before));
                let place = first_forbidden(&text).map(|(place, _)| place);
                assert_eq!(place, (!allowed).then_some(before), "{letter:?}");
            }
        }
    }
}
