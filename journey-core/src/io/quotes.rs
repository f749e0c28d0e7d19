//! Holds a table to the rules of its quotes while it is read.
//!
//! The `csv` crate takes any text apart. A quote that is never closed swallows the rows after it, up to the next quote or to
//! the end, and text after a closing quote is glued to the field. Both lose data in silence, so both are errors here.

use std::fmt;
use std::io::{self, Read};

use super::limits::{Limits, Passed};

/// An input whose quotes are checked as it passes.
pub(super) struct Quotes<R> {
    input: R,
    delimiter: u8,
    state: State,
    /// The line of the byte that comes next.
    line: u64,
    /// Bytes of the field and of the row so far.
    field: u64,
    row: u64,
    limits: Limits,
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
    pub(super) fn new(input: R, delimiter: u8, limits: &Limits) -> Self {
        let (state, limits) = (State::FieldStart, limits.clone());
        Self { input, delimiter, state, line: 1, field: 0, row: 0, limits, last: Vec::new(), before: 0, byte_before: 0 }
    }

    /// The byte at this place, if it was read last.
    pub(super) fn byte_at(&self, place: u64) -> Option<u8> {
        if place + 1 == self.before {
            return Some(self.byte_before);
        }
        let place = usize::try_from(place.checked_sub(self.before)?).ok()?;
        self.last.get(place).copied()
    }

    /// Checks the quotes of what was read last, and how long its fields and rows are.
    fn check(&mut self) -> io::Result<()> {
        self.check_quotes().map_err(io::Error::other)?;
        // A field or row that is too long fills many a buffer, so it is enough to look at the end of each.
        for (length, limit, name) in
            [(self.field, self.limits.field_bytes, "field_bytes"), (self.row, self.limits.row_bytes, "row_bytes")]
        {
            if length > limit {
                return Err(io::Error::other(Passed { name, limit }));
            }
        }
        Ok(())
    }

    fn check_quotes(&mut self) -> Result<(), QuoteFault> {
        let quoted = matches!(self.state, State::Quoted(_) | State::QuoteInQuoted(_));
        if !quoted && !self.last.contains(&b'"') {
            // Most of most tables: nothing but the last byte matters.
            let ends = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\r' | b'\n');
            self.state = if self.last.last().is_none_or(ends) { State::FieldStart } else { State::Plain };
            self.line += self.last.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
            let since = |end: Option<usize>, before: u64| match end {
                Some(end) => (self.last.len() - end - 1) as u64,
                None => before + self.last.len() as u64,
            };
            self.field = since(self.last.iter().rposition(ends), self.field);
            self.row = since(self.last.iter().rposition(|byte| matches!(byte, b'\r' | b'\n')), self.row);
            return Ok(());
        }
        for byte in &self.last {
            self.field += 1;
            self.row += 1;
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
            if self.state == State::FieldStart {
                self.field = 0;
                self.row = if matches!(byte, b'\r' | b'\n') { 0 } else { self.row };
            }
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
        self.check()?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a text, whatever pieces it comes in.
    fn fault(text: &str) -> Option<QuoteFault> {
        let faults = [1, 2, 3, 7, 1000].map(|size| {
            let mut quotes = Quotes::new(text.as_bytes(), b',', &Limits::default());
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
    fn fields_and_rows_are_counted_whatever_pieces_they_come_in() {
        let limits = Limits { field_bytes: 20, row_bytes: 50, ..Limits::default() };
        let passed = |text: &str, size| {
            let mut quotes = Quotes::new(text.as_bytes(), b',', &limits);
            let mut buffer = vec![0; size];
            loop {
                match quotes.read(&mut buffer) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => return error.downcast::<Passed>().ok().map(|passed| passed.name),
                }
            }
        };
        for size in [1, 2, 3] {
            for quote in ["", "\""] {
                let field = |length| format!("{quote}{}{quote}", "x".repeat(length));
                let row = |fields| vec![field(9); fields].join(",");
                assert_eq!(passed(&format!("{}\n{}", row(3), row(3)), size), None);
                assert_eq!(passed(&field(30), size), Some("field_bytes"));
                assert_eq!(passed(&row(6), size), Some("row_bytes"));
            }
        }
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
