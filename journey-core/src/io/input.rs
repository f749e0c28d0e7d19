//! What is read: bytes as they are or compressed, recognised by the first of them, and counted for the progress.

use std::cell::Cell;
use std::io::{self, Cursor, Read};
use std::rc::Rc;

use super::limits::{Limits, Passed};
use crate::error::{Error, Problem, Result};

/// An input whose bytes are counted as they are read.
pub(super) struct Counted<R> {
    input: R,
    count: Rc<Cell<u64>>,
}

/// How many bytes have been read.
#[derive(Clone, Default)]
pub(super) struct Count(Rc<Cell<u64>>);

impl Count {
    pub(super) fn of<R: Read>(&self, input: R) -> Counted<R> {
        Counted { input, count: Rc::clone(&self.0) }
    }

    pub(super) fn get(&self) -> u64 {
        self.0.get()
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

#[cfg(feature = "parquet")]
impl<R: io::Seek> io::Seek for Counted<R> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.input.seek(to)
    }
}

/// The input as it is, or unpacked if it begins as gzip or zstd does, all its members one after another.
pub(super) fn decompressed<'a>(input: impl Read + 'a, limits: &Limits) -> Result<Box<dyn Read + 'a>> {
    let (start, input) = peek(input, 4)?;
    match start.as_slice() {
        [0x1f, 0x8b, ..] => gzip(input, limits),
        [0x28, 0xb5, 0x2f, 0xfd] => zstd(input, limits),
        _ => Ok(Box::new(input)),
    }
}

#[cfg(feature = "gzip")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature it is an error")]
fn gzip<'a>(input: impl Read + 'a, limits: &Limits) -> Result<Box<dyn Read + 'a>> {
    let packed = Count::default();
    let input = flate2::read::MultiGzDecoder::new(packed.of(input));
    Ok(Box::new(Unpacked { input, packed, so_far: 0, limits: limits.clone() }))
}

#[cfg(not(feature = "gzip"))]
fn gzip<'a>(_: impl Read + 'a, _: &Limits) -> Result<Box<dyn Read + 'a>> {
    Err(io_error(io::Error::other("the input is compressed with gzip, which this build cannot read")))
}

#[cfg(feature = "zstd")]
fn zstd<'a>(input: impl Read + 'a, limits: &Limits) -> Result<Box<dyn Read + 'a>> {
    let packed = Count::default();
    let input = ::zstd::Decoder::new(packed.of(input)).map_err(io_error)?;
    Ok(Box::new(Unpacked { input, packed, so_far: 0, limits: limits.clone() }))
}

#[cfg(not(feature = "zstd"))]
fn zstd<'a>(_: impl Read + 'a, _: &Limits) -> Result<Box<dyn Read + 'a>> {
    Err(io_error(io::Error::other("the input is compressed with zstd, which this build cannot read")))
}

/// An input that ends with an error when it has unpacked to more than it may.
#[cfg(any(feature = "gzip", feature = "zstd"))]
struct Unpacked<R> {
    input: R,
    /// Bytes read from the compressed input.
    packed: Count,
    so_far: u64,
    limits: Limits,
}

#[cfg(any(feature = "gzip", feature = "zstd"))]
impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        /// Small files may pack as well as they like.
        const FREE: u64 = 64_000_000;
        let count = self.input.read(buffer)?;
        self.so_far += count as u64;
        let Limits { unpack_ratio, unpacked_bytes, .. } = self.limits;
        if let Some(limit) = unpacked_bytes.filter(|limit| self.so_far > *limit) {
            return Err(io::Error::other(Passed { name: "unpacked_bytes", limit }));
        }
        if self.so_far > FREE && self.so_far > self.packed.get().saturating_mul(unpack_ratio) {
            return Err(io::Error::other(Passed { name: "unpack_ratio", limit: unpack_ratio }));
        }
        Ok(count)
    }
}

/// The input without its byte order mark; refused if it begins as UTF-16 does.
pub(super) fn text(input: impl Read) -> Result<impl Read> {
    let (start, mut input) = peek(input, 3)?;
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(Problem::Utf16.into());
    }
    if start.starts_with("\u{feff}".as_bytes()) {
        input.read_exact(&mut [0; 3]).map_err(io_error)?;
    }
    Ok(input)
}

/// The first bytes of an input, and the whole input.
pub(super) fn peek<R: Read>(mut input: R, count: u64) -> Result<(Vec<u8>, impl Read + use<R>)> {
    let mut start = Vec::new();
    input.by_ref().take(count).read_to_end(&mut start).map_err(io_error)?;
    Ok((start.clone(), Cursor::new(start).chain(input)))
}

/// The error of a reader: a limit that was passed, or what the system says.
pub(super) fn io_error(error: io::Error) -> Error {
    match error.downcast::<Passed>() {
        Ok(Passed { name, limit }) => Problem::Limit { name, limit }.into(),
        Err(error) => Problem::Io(error).into(),
    }
}
