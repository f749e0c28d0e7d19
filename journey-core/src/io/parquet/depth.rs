//! How deep the columns of a Parquet file stand within each other.
//!
//! The reader of Parquet goes down into the schema by calling itself, and a schema of some kilobytes is deep enough to end
//! the program. So the footer, which is written in Thrift's compact protocol, is looked through first, without any of that.

use super::damaged;
use crate::error::{Problem, Result};

/// Columns that stand deeper within each other are refused; real ones stand in a handful.
const DEEPEST: usize = 64;
/// How deep structures of Thrift stand within each other in a footer, with room for what newer files have.
const STRUCTURES: usize = 16;
/// The field of the footer that is its schema, and the field of an element that says how many stand in it.
const SCHEMA: i64 = 2;
const CHILDREN: i64 = 5;

/// Fails if columns stand too deep within each other.
pub(super) fn check(footer: &[u8]) -> Result<()> {
    let mut bytes = Bytes(footer);
    let mut deepest = None;
    let whole = bytes.fields(|bytes, field, kind| {
        if field != SCHEMA || kind != Kind::List {
            return bytes.skip(kind, STRUCTURES);
        }
        // Were there two, it would not be known which one counts.
        if deepest.replace(bytes.depth()?).is_some() { None } else { Some(()) }
    });
    match whole.and(deepest) {
        Some(depth) if depth <= DEEPEST => Ok(()),
        Some(_) => Err(Problem::Damaged {
            what: super::FILE,
            message: format!("its columns stand more than {DEEPEST} deep within each other"),
        }
        .into()),
        None => Err(damaged("its end is no description of a file")),
    }
}

/// A type of Thrift.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A boolean, whose value is its type.
    Boolean,
    Byte,
    Integer,
    Double,
    Text,
    List,
    Map,
    Structure,
}

impl Kind {
    fn of(code: u8) -> Option<Self> {
        Some(match code {
            1 | 2 => Self::Boolean,
            3 => Self::Byte,
            4..=6 => Self::Integer,
            7 => Self::Double,
            8 => Self::Text,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Structure,
            _ => return None,
        })
    }
}

/// What is left of the footer. Each step is `None` if it is not what Thrift writes.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    /// A whole number, seven bits a byte.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for place in 0..10 {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(7 * place)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A whole number with a sign.
    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// The fields of a structure, up to its end.
    fn fields(&mut self, mut each: impl FnMut(&mut Self, i64, Kind) -> Option<()>) -> Option<()> {
        let mut field = 0i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            field = match head >> 4 {
                0 => self.signed()?,
                more => field.checked_add(more.into())?,
            };
            each(self, field, Kind::of(head & 0x0f)?)?;
        }
    }

    /// How many elements a list has, and of which type.
    fn list(&mut self) -> Option<(u64, Kind)> {
        let head = self.byte()?;
        match if head >> 4 == 15 { self.number()? } else { u64::from(head >> 4) } {
            // Nothing may be of any type.
            0 => Some((0, Kind::Structure)),
            count => Some((count, Kind::of(head & 0x0f)?)),
        }
    }

    fn skip(&mut self, kind: Kind, depth: usize) -> Option<()> {
        match kind {
            Kind::Boolean => Some(()),
            Kind::Byte => self.pass(1),
            Kind::Integer => self.number().map(drop),
            Kind::Double => self.pass(8),
            Kind::Text => self.number().and_then(|length| self.pass(length)),
            Kind::List => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.element(kind, depth.checked_sub(1)?))
            }
            Kind::Map => {
                let count = self.number()?;
                let kinds = if count > 0 { self.byte()? } else { 0 };
                (0..count).try_for_each(|_| {
                    self.element(Kind::of(kinds >> 4)?, depth.checked_sub(1)?)?;
                    self.element(Kind::of(kinds & 0x0f)?, depth.checked_sub(1)?)
                })
            }
            Kind::Structure => {
                let depth = depth.checked_sub(1)?;
                self.fields(|bytes, _, kind| bytes.skip(kind, depth))
            }
        }
    }

    /// Passes over an element of a list, in which a boolean has a byte of its own.
    fn element(&mut self, kind: Kind, depth: usize) -> Option<()> {
        self.skip(if kind == Kind::Boolean { Kind::Byte } else { kind }, depth)
    }

    /// How deep the elements of a schema stand within each other: each says how many of the next ones stand in it.
    fn depth(&mut self) -> Option<usize> {
        let (count, kind) = self.list()?;
        if kind != Kind::Structure {
            return None;
        }
        let (mut open, mut deepest): (Vec<u64>, usize) = (Vec::new(), 0);
        for _ in 0..count {
            let mut children = 0;
            self.fields(|bytes, field, kind| {
                if field != CHILDREN || kind != Kind::Integer {
                    return bytes.skip(kind, STRUCTURES);
                }
                children = bytes.signed()?;
                Some(())
            })?;
            while open.last() == Some(&0) {
                open.pop();
            }
            open.last_mut().into_iter().for_each(|left| *left -= 1);
            open.push(u64::try_from(children).ok()?);
            // What is not open ends before its elements are there, which the reader finds out.
            deepest = deepest.max(open.len());
        }
        Some(deepest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The footer of a file whose one column stands in so many others.
    fn footer(depth: usize) -> Vec<u8> {
        let group = |children: u8| [0x35, 2, 0x18, 1, b'a', 0x15, children * 2, 0];
        let mut footer = vec![0x15, 2, 0x19, 0xfc];
        // The elements, as a number of two bytes.
        let elements = depth + 2;
        footer.extend([u8::try_from(elements % 128).unwrap() | 0x80, u8::try_from(elements / 128).unwrap()]);
        footer.extend([0x48, 1, b'r', 0x15, 2, 0]);
        (0..depth).for_each(|_| footer.extend(group(1)));
        footer.extend([0x15, 2, 0x25, 2, 0x18, 1, b'a', 0]);
        footer.extend([0x16, 0, 0x19, 0x0c, 0]);
        footer
    }

    #[test]
    fn columns_that_stand_too_deep_are_refused_before_they_are_read() {
        assert!(check(&footer(62)).is_ok());
        let error = check(&footer(63)).unwrap_err().to_string();
        assert_eq!(error, "the Parquet file cannot be read: its columns stand more than 64 deep within each other");
        assert!(check(&footer(16_000)).is_err());
    }

    #[test]
    fn neighbours_do_not_stand_within_each_other() {
        let mut footer = vec![0x15, 2, 0x19, 0xfc, 0xe8, 0x07, 0x48, 1, b'r', 0x15, 0xce, 0x0f, 0];
        (0..999).for_each(|_| footer.extend([0x15, 2, 0x25, 2, 0x18, 1, b'a', 0]));
        footer.push(0);
        assert!(check(&footer).is_ok());
    }

    #[test]
    fn what_is_no_footer_is_refused() {
        let whole = footer(3);
        for end in 0..whole.len() {
            assert!(check(&whole[..end]).is_err(), "cut off at {end}");
        }
        assert!(check(&[0xff; 100]).is_err());
        let twice = [&whole[..whole.len() - 5], &[0x09, 4], &whole[3..]].concat();
        assert!(check(&twice).is_err(), "two schemas");
    }
}
