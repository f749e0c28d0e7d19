//! Compressed inputs, as long as what they unpack to is within the limits.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::limits::{Limits, Passed};

/// What a compressed input unpacks to, all its members one after another.
pub(super) fn unpacked<R: Read>(input: R, limits: &Limits) -> impl Read + use<R> {
    let packed = Rc::new(Cell::new(0));
    let input = Counted { input, count: Rc::clone(&packed) };
    Unpacked { input: flate2::read::MultiGzDecoder::new(input), packed, so_far: 0, limits: limits.clone() }
}

/// An input that counts the bytes read from it.
struct Counted<R> {
    input: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

/// An input that ends with an error when it has unpacked to more than it may.
struct Unpacked<R> {
    input: R,
    /// Bytes read from the compressed input.
    packed: Rc<Cell<u64>>,
    so_far: u64,
    limits: Limits,
}

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
