//! What stands before the traces of an XES file: defaults, classifiers; and the keys that its first events have.

use super::super::blocks::Block;
use super::super::options::ReadOptions;
use super::super::wanted::utf8;
use super::xml::{Tag, Token, Xml};
use crate::error::{Problem, Result, nearest, shorten};

/// What a log declares.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Head {
    /// Of attributes of traces (`true`) or events: key and value.
    defaults: Vec<(bool, String, String)>,
    /// The keys of the classifier that was asked for.
    pub(super) classifier: Vec<String>,
    /// The attributes of the first events, and with `case:` before them those of their traces.
    pub(super) keys: Vec<String>,
}

impl Head {
    /// Reads it from the first block. What is wrong with the XML ends it: that is found again, in its turn.
    pub(super) fn read(block: &Block, options: &ReadOptions) -> Result<Self> {
        let mut head = Self::default();
        let mut classifiers = Vec::new();
        head.follow(utf8(block).0, options.limits.xml_attributes, &mut classifiers).unwrap_or_default();
        if let Some(wanted) = &options.classifier {
            if let Some(place) = classifiers.iter().position(|(name, _)| name == wanted) {
                head.classifier = classifiers.swap_remove(place).1;
            } else {
                let have: Vec<String> = classifiers.into_iter().map(|(name, _)| name).collect();
                let nearest = nearest(wanted, have.iter().map(String::as_str));
                return Err(Problem::NoClassifier { name: shorten(wanted), have, nearest }.at_field("classifier"));
            }
        }
        Ok(head)
    }

    /// The default of an attribute. What stands for "no value" in logs of `ProM` is none.
    pub(super) fn declared(&self, of_trace: bool, key: &str) -> Option<&str> {
        let found = self.defaults.iter().find(|(trace, name, _)| *trace == of_trace && name == key);
        found.map(|(_, _, value)| value.as_str()).filter(|value| *value != "__INVALID__")
    }

    fn follow(&mut self, text: &str, limit: u64, classifiers: &mut Vec<(String, Vec<String>)>) -> Result<()> {
        const KEYS: usize = 1000;
        let mut xml = Xml::new(text);
        // The names of the elements around, and of a `global` whether it is of traces.
        let (mut around, mut global): (Vec<&str>, _) = (Vec::new(), None);
        loop {
            let token = xml.next()?;
            let (Token::Open(tag) | Token::Empty(tag)) = token else {
                match token {
                    Token::Close(_) => drop(around.pop()),
                    Token::End => return Ok(()),
                    _ => {}
                }
                continue;
            };
            match around.as_slice() {
                ["log"] if tag.name == "global" => {
                    let [scope] = tag.values(["scope"], limit)?;
                    global = Some(scope.as_deref() == Some("trace"));
                }
                ["log"] if tag.name == "classifier" => {
                    let [name, keys] = tag.values(["name", "keys"], limit)?;
                    classifiers.push((name.unwrap_or_default().into_owned(), split(&keys.unwrap_or_default())));
                }
                ["log", "global"] => {
                    if let ([Some(key), Some(value)], Some(of_trace)) = (tag.values(["key", "value"], limit)?, global) {
                        self.defaults.push((of_trace, key.into_owned(), value.into_owned()));
                    }
                }
                ["log", "trace"] if tag.name != "event" && self.keys.len() < KEYS => self.add(tag, "case:", limit)?,
                ["log", "trace", "event"] if self.keys.len() < KEYS => self.add(tag, "", limit)?,
                _ => {}
            }
            if matches!(token, Token::Open(_)) {
                around.push(tag.name);
            }
        }
    }

    fn add(&mut self, tag: Tag<'_>, before: &str, limit: u64) -> Result<()> {
        let [key] = tag.values(["key"], limit)?;
        let name = format!("{before}{}", key.unwrap_or_default());
        if !self.keys.contains(&name) {
            self.keys.push(name);
        }
        Ok(())
    }
}

/// The keys of a classifier: parted by blanks, or in apostrophes where they have blanks themselves.
fn split(keys: &str) -> Vec<String> {
    let parts: Vec<&str> =
        if keys.contains('\'') { keys.split('\'').collect() } else { keys.split_ascii_whitespace().collect() };
    parts.into_iter().map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_classifiers_are_parted_by_blanks_or_stand_in_apostrophes() {
        assert_eq!(split("concept:name  lifecycle:transition"), ["concept:name", "lifecycle:transition"]);
        assert_eq!(split("'a key' 'b'"), ["a key", "b"]);
        assert!(split("").is_empty());
    }
}
