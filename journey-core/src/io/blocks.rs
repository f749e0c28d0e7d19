//! An input in blocks of whole records, which are read on all cores.

use std::io::Read;

use super::input::io_error;
use super::limits::Limits;
use crate::error::{Problem, Result};

/// A piece of an input that holds whole records.
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    /// The line in which it begins, from 1.
    pub(super) line: u64,
}

/// Where records end.
pub(super) trait Records {
    /// Takes in the next bytes of the input: those of the block to come after the first `before`, which it knows. Returns
    /// how many bytes of the block end with its last whole record; `None` if no record ends.
    fn next(&mut self, block: &[u8], before: usize) -> Result<Option<usize>>;

    /// Whether the input may end here.
    fn end(&self) -> Result<()>;
}

/// Records that are lines.
pub(super) struct Lines;

impl Records for Lines {
    fn next(&mut self, block: &[u8], before: usize) -> Result<Option<usize>> {
        let new = block.get(before..).unwrap_or_default();
        Ok(memchr::memrchr(b'\n', new).map(|place| before + place + 1))
    }

    fn end(&self) -> Result<()> {
        Ok(())
    }
}

/// An input that comes in blocks.
pub(super) struct Blocks<R, C> {
    input: R,
    records: C,
    /// What has been read of the block to come.
    rest: Vec<u8>,
    line: u64,
    block_bytes: usize,
    row_bytes: u64,
}

impl<R: Read, C: Records> Blocks<R, C> {
    pub(super) fn new(input: R, records: C, limits: &Limits) -> Self {
        /// The first block is small, so that what it teaches about the others is known soon.
        const FIRST: usize = 1 << 16;
        Self { input, records, rest: Vec::new(), line: 1, block_bytes: FIRST, row_bytes: limits.row_bytes }
    }

    /// The next block; `None` at the end of the input.
    pub(super) fn next(&mut self) -> Result<Option<Block>> {
        /// Large enough to be worth a thread, small enough that a few of them stay in the caches.
        const USUAL: usize = 1 << 21;
        let mut bytes = std::mem::take(&mut self.rest);
        loop {
            let before = bytes.len();
            bytes.reserve_exact(self.block_bytes);
            let more = self.input.by_ref().take(self.block_bytes as u64).read_to_end(&mut bytes).map_err(io_error)?;
            if more == 0 {
                self.records.end()?;
                return Ok((!bytes.is_empty()).then(|| self.block(bytes)));
            }
            self.block_bytes = USUAL;
            if let Some(end) = self.records.next(&bytes, before)? {
                self.rest = bytes.split_off(end);
                return Ok(Some(self.block(bytes)));
            }
            if bytes.len() as u64 > self.row_bytes {
                return Err(Problem::Limit { name: "row_bytes", limit: self.row_bytes }.into());
            }
        }
    }

    fn block(&mut self, bytes: Vec<u8>) -> Block {
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        Block { bytes, line }
    }
}
