//! Where the records of a CSV table end, and whether its quotes are closed.
//!
//! The `csv` crate takes any text apart. A quote that is never closed swallows the rows after it, up to the next quote or to
//! the end, and text after a closing quote is glued to the field. Both lose data in silence, so both are errors here.

use memchr::{memchr, memchr_iter, memchr3, memrchr2};

use super::blocks::Records;
use crate::error::{Error, Problem, Result};

/// The quotes of a table up to a place in it.
pub(super) struct Quotes {
    delimiter: u8,
    state: State,
    /// The line of the byte that comes next.
    line: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    FieldStart,
    Plain,
    /// Since a quote in this line.
    Quoted(u64),
    /// After a quote within quotes: the end of the field, or the first of two that stand for one.
    QuoteInQuoted(u64),
}

impl Quotes {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, state: State::FieldStart, line: 1 }
    }

    fn ends_field(&self, byte: u8) -> bool {
        byte == self.delimiter || matches!(byte, b'\r' | b'\n')
    }

    /// Takes in bytes of which some are quotes, or within quotes.
    fn follow(&mut self, bytes: &[u8]) -> Result<Option<usize>> {
        let mut end = None;
        let mut place = 0;
        while let Some(rest) = bytes.get(place..).filter(|rest| !rest.is_empty()) {
            // To the next byte that may change the state; all before it belong to the field.
            let ahead = match self.state {
                State::FieldStart | State::QuoteInQuoted(_) => 0,
                State::Plain => memchr3(self.delimiter, b'\r', b'\n', rest).unwrap_or(rest.len()),
                State::Quoted(_) => {
                    let ahead = memchr(b'"', rest).unwrap_or(rest.len());
                    self.line += memchr_iter(b'\n', rest.get(..ahead).unwrap_or_default()).count() as u64;
                    ahead
                }
            };
            let Some(byte) = rest.get(ahead).copied() else { break };
            place += ahead + 1;
            self.state = match self.state {
                State::FieldStart if byte == b'"' => State::Quoted(self.line),
                State::FieldStart | State::Plain if self.ends_field(byte) => State::FieldStart,
                State::FieldStart | State::Plain => State::Plain,
                State::Quoted(since) => State::QuoteInQuoted(since),
                State::QuoteInQuoted(since) if byte == b'"' => State::Quoted(since),
                State::QuoteInQuoted(_) if self.ends_field(byte) => State::FieldStart,
                State::QuoteInQuoted(_) => return Err(Error::from(Problem::TextAfterQuote).at_line(self.line, None)),
            };
            self.line += u64::from(byte == b'\n');
            if self.state == State::FieldStart && byte != self.delimiter {
                end = Some(place);
            }
        }
        Ok(end)
    }
}

impl Records for Quotes {
    fn next(&mut self, block: &[u8], before: usize) -> Result<Option<usize>> {
        let bytes = block.get(before..).unwrap_or_default();
        let quoted = matches!(self.state, State::Quoted(_) | State::QuoteInQuoted(_));
        if quoted || memchr(b'"', bytes).is_some() {
            return self.follow(bytes).map(|end| end.map(|end| before + end));
        }
        // Most of most tables: nothing but the last byte matters.
        if let Some(last) = bytes.last() {
            self.state = if self.ends_field(*last) { State::FieldStart } else { State::Plain };
        }
        self.line += memchr_iter(b'\n', bytes).count() as u64;
        Ok(memrchr2(b'\n', b'\r', bytes).map(|place| before + place + 1))
    }

    fn end(&self) -> Result<()> {
        match self.state {
            State::Quoted(line) => Err(Error::from(Problem::UnclosedQuote).at_line(line, None)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a text, and where its last whole record ends, whatever pieces it comes in.
    fn read(text: &str) -> std::result::Result<usize, String> {
        let results: Vec<_> = [1, 2, 3, 7, 1000]
            .into_iter()
            .map(|size| {
                let mut quotes = Quotes::new(b',');
                let (mut end, mut before) = (0, 0);
                for piece in text.as_bytes().chunks(size) {
                    let block = &text.as_bytes()[..before + piece.len()];
                    if let Some(place) = quotes.next(block, before).map_err(|error| error.to_string())? {
                        end = place;
                    }
                    before += piece.len();
                }
                quotes.end().map_err(|error| error.to_string())?;
                Ok(end)
            })
            .collect();
        assert!(results.windows(2).all(|pair| pair[0] == pair[1]), "{text}: {results:?}");
        results.into_iter().next().unwrap()
    }

    #[test]
    fn quotes_are_closed_before_a_field_ends() {
        let goods = ["", "a,b\n", "\"a\",\"b\"\n", "\"a \"\"b\"\"\n c\",\"\"\r\n", "5\" pipe,a\"b\n"];
        for good in goods {
            assert_eq!(read(good), Ok(good.len()), "{good}");
        }
        assert_eq!(read("\"a\""), Ok(0));
        assert_eq!(read("x\n\"a\nb"), Err("line 2: a quote is opened here and never closed".into()));
        assert_eq!(read("a,\"b\"\"\n"), Err("line 1: a quote is opened here and never closed".into()));
        let after = "text follows a closing quote; a quote within quotes is written twice";
        assert_eq!(read("a,\"b\"x\n"), Err(format!("line 1: {after}")));
        assert_eq!(read("a,\"hi\nb,\"ok\"\n"), Err(format!("line 2: {after}")), "the next row's quote closes this one");
    }

    #[test]
    fn a_line_break_within_quotes_ends_no_record() {
        assert_eq!(read("a,b\n\"c\nd\",e"), Ok(4));
        assert_eq!(read("a,b\n\"c\nd\",e\r"), Ok(12));
        assert_eq!(read("a,b\r\"c\n\"\"d\n"), Err("line 1: a quote is opened here and never closed".into()));
    }
}
