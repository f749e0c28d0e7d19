//! Holds a table to the rules of its quotes while it is read.
//!
//! The `csv` crate takes any text apart. A quote that is never closed swallows the rows after it, up to the next quote or to
//! the end, and text after a closing quote is glued to the field. Both lose data in silence, so both are errors here.

use std::fmt;
use std::io::{self, Read};

/// An input whose quotes are checked as it passes.
pub(super) struct Quotes<R> {
    input: R,
    delimiter: u8,
    state: State,
    /// The line of the byte that comes next.
    line: u64,
    /// What was read last, and the byte before it: the reader's place lies in there.
    last: Vec<u8>,
    /// How many bytes came before `last`.
    before: u64,
    byte_before: u8,
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

/// What is wrong with the quotes, and in which line.
#[derive(Debug, PartialEq)]
pub(super) enum QuoteFault {
    NeverClosed(u64),
    TextAfter(u64),
}

impl fmt::Display for QuoteFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for QuoteFault {}

impl<R: Read> Quotes<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Self {
        let (state, last) = (State::FieldStart, Vec::new());
        Self { input, delimiter, state, line: 1, last, before: 0, byte_before: 0 }
    }

    /// The byte at this place, if it was read last.
    pub(super) fn byte_at(&self, place: u64) -> Option<u8> {
        if place + 1 == self.before {
            return Some(self.byte_before);
        }
        let place = usize::try_from(place.checked_sub(self.before)?).ok()?;
        self.last.get(place).copied()
    }

    fn check(&mut self) -> Result<(), QuoteFault> {
        let quoted = matches!(self.state, State::Quoted(_) | State::QuoteInQuoted(_));
        if !quoted && !self.last.contains(&b'"') {
            // Most of most tables: nothing but the last byte matters.
            let ends = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\r' | b'\n');
            self.state = if self.last.last().is_none_or(ends) { State::FieldStart } else { State::Plain };
            self.line += self.last.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
            return Ok(());
        }
        for byte in &self.last {
            let ends = *byte == self.delimiter || matches!(byte, b'\r' | b'\n');
            self.state = match self.state {
                State::FieldStart if *byte == b'"' => State::Quoted(self.line),
                State::FieldStart | State::Plain if ends => State::FieldStart,
                State::FieldStart | State::Plain => State::Plain,
                State::Quoted(since) if *byte == b'"' => State::QuoteInQuoted(since),
                State::Quoted(since) => State::Quoted(since),
                State::QuoteInQuoted(since) if *byte == b'"' => State::Quoted(since),
                State::QuoteInQuoted(_) if ends => State::FieldStart,
                State::QuoteInQuoted(_) => return Err(QuoteFault::TextAfter(self.line)),
            };
            self.line += u64::from(*byte == b'\n');
        }
        Ok(())
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        if read.is_empty() {
            return match self.state {
                State::Quoted(line) if !buffer.is_empty() => Err(io::Error::other(QuoteFault::NeverClosed(line))),
                _ => Ok(0),
            };
        }
        self.before += self.last.len() as u64;
        self.byte_before = self.last.last().copied().unwrap_or(self.byte_before);
        self.last.clear();
        self.last.extend_from_slice(read);
        self.check().map_err(io::Error::other)?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a text, whatever pieces it comes in.
    fn fault(text: &str) -> Option<QuoteFault> {
        let faults = [1, 2, 3, 7, 1000].map(|size| {
            let mut quotes = Quotes::new(text.as_bytes(), b',');
            let mut buffer = vec![0; size];
            loop {
                match quotes.read(&mut buffer) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => return error.downcast::<QuoteFault>().ok(),
                }
            }
        });
        assert!(faults.windows(2).all(|pair| pair[0] == pair[1]), "{text}: {faults:?}");
        faults.into_iter().next().flatten()
    }

    #[test]
    fn quotes_are_closed_before_a_field_ends() {
        for good in ["", "a,b\n", "\"a\",\"b\"\n", "\"a \"\"b\"\"\n c\",\"\"\r\n", "5\" pipe,a\"b\n", "\"a\""] {
            assert_eq!(fault(good), None, "{good}");
        }
        assert_eq!(fault("a,b\nc,\"d\ne,f\n"), Some(QuoteFault::NeverClosed(2)));
        assert_eq!(fault("a,\"b\"\"\n"), Some(QuoteFault::NeverClosed(1)));
        assert_eq!(fault("a,\"b\"x\n"), Some(QuoteFault::TextAfter(1)));
        assert_eq!(fault("a,\"hi\nb,\"ok\"\n"), Some(QuoteFault::TextAfter(2)), "the next row's quote closes this one");
    }
}
