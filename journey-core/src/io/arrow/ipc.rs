//! Files and streams of Arrow's own format, message by message.
//!
//! A file is a stream with a frame around it, so both are read the same way. What a message says of its sizes is checked
//! before memory is taken for it, and a stream has to end with its end mark: one that is cut off would lose rows unseen.

use std::io::{self, Read};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::{Message, root_as_message};
use arrow_schema::Schema;

use super::{arrow_error, decode};
use crate::error::{Error, Problem, Result, shorten};
use crate::io::input::{io_error, peek};
use crate::io::limits::Limits;
use crate::io::table::check;

/// What error messages call the input.
const INPUT: &str = "Arrow file or stream";
/// With what a file begins and ends; a stream begins with its first message.
const MAGIC: &[u8] = b"ARROW1";
/// What comes before the length of a message.
const CONTINUED: [u8; 4] = [0xff; 4];

/// A stream of batches.
pub(super) struct Stream<'a> {
    input: Box<dyn Read + 'a>,
    is_file: bool,
    ended: bool,
    decoder: StreamDecoder,
    limits: &'a Limits,
    packed: u64,
    unpacked: u64,
}

impl<'a> Stream<'a> {
    pub(super) fn open(input: impl Read + 'a, limits: &'a Limits) -> Result<Self> {
        let (start, input) = peek(input, 8)?;
        let is_file = start.starts_with(MAGIC);
        if !is_file && !start.starts_with(&CONTINUED) {
            return Err(damaged("it begins neither as a file nor as a stream of Arrow does"));
        }
        let input: Box<dyn Read + 'a> = Box::new(input);
        let decoder = StreamDecoder::new();
        let mut stream = Self { input, is_file, ended: false, decoder, limits, packed: 0, unpacked: 0 };
        if is_file {
            stream.skip_frame()?;
        }
        stream.decode(&mut Buffer::from(CONTINUED))?;
        Ok(stream)
    }

    /// Reads what comes before the stream: the word that marks files, and zeros, as many as the writer liked.
    fn skip_frame(&mut self) -> Result<()> {
        /// A message is longer than this; what is less is the beginning of one that does not say how long it is.
        const SHORTEST: u32 = 16;
        let mut word = Vec::new();
        loop {
            word.clear();
            self.read(8, &mut word)?;
            if !word.starts_with(MAGIC) && word != [0; 8] {
                break;
            }
        }
        let length = word.first_chunk().map_or(0, |length| u32::from_le_bytes(*length));
        let begun = if (1..SHORTEST).contains(&length) { self.with_length(word)? } else { word };
        let rest = std::mem::replace(&mut self.input, Box::new(io::empty()));
        self.input = Box::new(io::Cursor::new(begun).chain(rest));
        Ok(())
    }

    /// The first message with its length before it, and the word after it.
    ///
    /// Polars writes the schema of a file without; it ends where the next message begins, which is a whole number of words
    /// later.
    fn with_length(&mut self, mut message: Vec<u8>) -> Result<Vec<u8>> {
        let mut word = Vec::new();
        loop {
            self.read(8, &mut word)?;
            if word.starts_with(&CONTINUED) {
                break;
            }
            message.append(&mut word);
            check("row_bytes", message.len() as u64, self.limits.row_bytes)?;
        }
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
        Ok([&CONTINUED[..], &length.to_le_bytes(), &message, &word].concat())
    }

    /// The columns of all batches: the first message.
    pub(super) fn schema(&mut self) -> Result<Arc<Schema>> {
        self.message()?;
        self.decoder.schema().ok_or_else(|| damaged("it does not begin with its schema"))
    }

    /// The next batch; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>> {
        while !self.ended {
            if let Some(batch) = self.message()? {
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }

    /// Reads a message; if it is a batch, that.
    fn message(&mut self) -> Result<Option<RecordBatch>> {
        let mut message = Vec::new();
        self.read(4, &mut message)?;
        if message == CONTINUED {
            message.clear();
            self.read(4, &mut message)?;
        }
        let size = message.last_chunk().map_or(0, |size| u32::from_le_bytes(*size));
        if size == 0 {
            self.ended = true;
            return self.end().map(|()| None);
        }
        check("row_bytes", size.into(), self.limits.row_bytes)?;
        let before = message.len();
        self.read(size.into(), &mut message)?;
        let body = message.len();
        let length = {
            let metadata = message.get(before..).unwrap_or_default();
            let header = root_as_message(metadata).map_err(|error| damaged(&error.to_string()))?;
            u64::try_from(header.bodyLength()).map_err(|_| damaged("a message has less than no bytes"))?
        };
        self.read(length, &mut message)?;
        if let (metadata, Some(body)) = (message.get(before..body).unwrap_or_default(), message.get(body..)) {
            let header = root_as_message(metadata).map_err(|error| damaged(&error.to_string()))?;
            self.check(header, body)?;
        }
        // The decoder takes up a message without a body when more follows, so the start of the next one is said already.
        message.extend_from_slice(&CONTINUED);
        let mut bytes = Buffer::from_vec(message);
        let batch = self.decode(&mut bytes)?;
        match self.decode(&mut bytes)? {
            None if bytes.is_empty() => Ok(batch),
            _ => Err(damaged("a message is longer than it says")),
        }
    }

    fn decode(&mut self, bytes: &mut Buffer) -> Result<Option<RecordBatch>> {
        decode(INPUT, || self.decoder.decode(bytes).map_err(|error| arrow_error(error, INPUT)))
    }

    /// Adds the next bytes, all of which have to be there.
    fn read(&mut self, count: u64, to: &mut Vec<u8>) -> Result<()> {
        let got = self.input.by_ref().take(count).read_to_end(to).map_err(io_error)?;
        if got as u64 == count { Ok(()) } else { Err(damaged("it ends before its end mark")) }
    }

    /// Checks that a message has the buffers it names, and what they unpack to.
    fn check(&mut self, header: Message<'_>, body: &[u8]) -> Result<()> {
        /// Small inputs may pack as well as they like.
        const FREE: u64 = 64_000_000;
        let batch = header
            .header_as_record_batch()
            .or_else(|| header.header_as_dictionary_batch().and_then(|dictionary| dictionary.data()));
        let Some(batch) = batch else { return Ok(()) };
        let rows = u64::try_from(batch.length()).map_err(|_| damaged("a batch has less than no rows"))?;
        if rows >= u64::from(u32::MAX) {
            return Err(Problem::TooMany { what: "events", limit: u64::from(u32::MAX) }.into());
        }
        for buffer in batch.buffers().into_iter().flatten() {
            let place = usize::try_from(buffer.offset()).ok().zip(usize::try_from(buffer.length()).ok());
            let bytes = place.and_then(|(offset, length)| body.get(offset..offset.checked_add(length)?));
            let bytes = bytes.ok_or_else(|| damaged("a buffer lies outside its message"))?;
            if let (Some(_), Some((size, _))) = (batch.compression(), bytes.split_first_chunk()) {
                // Of -1, the buffer is not compressed.
                let size = i64::from_le_bytes(*size).max(0).unsigned_abs();
                self.packed = self.packed.saturating_add(bytes.len() as u64);
                self.unpacked = self.unpacked.saturating_add(size);
            }
        }
        let Limits { unpack_ratio, unpacked_bytes, .. } = *self.limits;
        if let Some(limit) = unpacked_bytes {
            check("unpacked_bytes", self.unpacked, limit)?;
        }
        if self.unpacked > FREE && self.unpacked > self.packed.saturating_mul(unpack_ratio) {
            return Err(Problem::Limit { name: "unpack_ratio", limit: unpack_ratio }.into());
        }
        Ok(())
    }

    /// Reads what comes after the end mark: of a file its frame, of a stream nothing.
    fn end(&mut self) -> Result<()> {
        if !self.is_file {
            return Ok(());
        }
        let mut last = Vec::new();
        let mut bytes = vec![0; 1 << 16];
        loop {
            match self.input.read(&mut bytes) {
                Ok(0) => break,
                Ok(count) => {
                    last.extend_from_slice(bytes.get(..count).unwrap_or_default());
                    last.drain(..last.len().saturating_sub(MAGIC.len()));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(io_error(error)),
            }
        }
        if last == MAGIC { Ok(()) } else { Err(damaged("it ends before its end")) }
    }
}

fn damaged(message: &str) -> Error {
    Problem::Damaged { what: INPUT, message: shorten(message.trim_end()) }.into()
}
