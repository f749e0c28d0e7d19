//! A state as bytes: a mark, the version of the format, a checksum, then its options as JSON and its tables by postcard.
//!
//! Bytes are read as those of a stranger: whatever they are, the answer is a state that holds together or an error, and no
//! length in them decides how much memory is asked for.

use super::options::StateOptions;
use super::tables::Tables;
use crate::error::{Error, Problem, Result};
use crate::reader::from_text;

const MARK: [u8; 8] = *b"journey\x1a";
/// To be raised with every change of what follows the checksum.
const VERSION: u16 = 1;

pub(super) fn write(options: &StateOptions, tables: &Tables) -> Vec<u8> {
    // Nothing in a state fails to serialise: every list knows its length.
    let content = postcard::to_allocvec(&(options.text(), tables)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(MARK.len() + 6 + content.len());
    bytes.extend(MARK);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend(crc32fast::hash(&content).to_le_bytes());
    bytes.extend(content);
    bytes
}

pub(super) fn read(bytes: &[u8]) -> Result<(StateOptions, Tables)> {
    let Some(rest) = bytes.strip_prefix(&MARK) else {
        return Err(refused("these are not the bytes of a state; expected what `to_bytes` gave"));
    };
    let (Some((version, rest)), true) = (rest.split_first_chunk(), rest.len() >= 6) else {
        return Err(damaged("its end"));
    };
    let version = u16::from_le_bytes(*version);
    if version != VERSION {
        return Err(refused(&format!("the state is of version {version}; this library reads version {VERSION}")));
    }
    let Some((sum, content)) = rest.split_first_chunk() else { return Err(damaged("its end")) };
    if crc32fast::hash(content) != u32::from_le_bytes(*sum) {
        return Err(refused("the state is damaged or cut off: its checksum is another"));
    }
    let (options, tables): (String, Tables) = match postcard::take_from_bytes(content) {
        Ok((state, [])) => state,
        _ => return Err(damaged("its form")),
    };
    let options = from_text(&options).ok_or_else(|| damaged("its options"))?;
    Ok((options, tables))
}

/// What is wrong with bytes whose checksum is right.
pub(super) fn damaged(what: &str) -> Error {
    refused(&format!("the state does not hold together: {what} cannot be right"))
}

fn refused(problem: &str) -> Error {
    Problem::State(problem.to_owned()).into()
}
