//! Where the traces of an XES file end, so that many can be read at a time.
//!
//! In well-formed XML `<` begins a tag, a comment, a CDATA section or an instruction and stands nowhere else. So the text
//! `</trace>` ends a trace unless it stands in one of the last three.

use memchr::{memchr2_iter, memmem};

use super::super::blocks::Records;
use crate::error::Result;

const END: &[u8] = b"</trace>";

/// The traces of a log up to a place in it.
#[derive(Default)]
pub(super) struct Traces {
    /// How many bytes of the block to come are known: what begins before them has been followed.
    known: usize,
    /// What ends the comment, section or instruction that they end in.
    within: Option<&'static [u8]>,
}

/// What `<!` or `<?` begins, and what ends that; `None` if the text ends too early to know.
fn opened(text: &[u8]) -> Option<(usize, Option<&'static [u8]>)> {
    let kinds: [(&[u8], &[u8]); 3] = [(b"<?", b"?>"), (b"<!--", b"-->"), (b"<![CDATA[", b"]]>")];
    for (start, end) in kinds {
        if text.starts_with(start) {
            return Some((start.len(), Some(end)));
        }
        if start.starts_with(text) {
            return None;
        }
    }
    // Else it is refused when the block is read.
    Some((2, None))
}

impl Records for Traces {
    fn next(&mut self, block: &[u8], _: usize) -> Result<Option<usize>> {
        let mut end = None;
        // Of the plain text, by its marks: each is looked at once, however many there are.
        let mut marks = memchr2_iter(b'!', b'?', block.get(self.known..).unwrap_or_default());
        let base = self.known;
        loop {
            let rest = block.get(self.known..).unwrap_or_default();
            if let Some(close) = self.within {
                let Some(place) = memmem::find(rest, close) else {
                    self.known = self.known.max(block.len().saturating_sub(close.len() - 1));
                    break;
                };
                self.known += place + close.len();
                self.within = None;
                continue;
            }
            let mark = marks
                .by_ref()
                .map(|place| base + place)
                .find(|place| *place > self.known && block.get(place - 1) == Some(&b'<'));
            let until = mark.map_or(block.len(), |place| place - 1);
            if let Some(place) = memmem::rfind(block.get(self.known..until).unwrap_or_default(), END) {
                end = Some(self.known + place + END.len());
            }
            let begun = mark.and_then(|_| opened(block.get(until..).unwrap_or_default()));
            let Some((length, within)) = begun else {
                // A tag that is not here as a whole is looked at again.
                let whole = until.saturating_sub(END.len() - 1).max(end.unwrap_or(0));
                self.known = self.known.max(if mark.is_some() { until } else { whole });
                break;
            };
            self.known = until + length;
            self.within = within;
        }
        self.known -= end.unwrap_or(0);
        Ok(end)
    }

    fn end(&self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces that a text is cut into when it comes in pieces of one size.
    fn cut(text: &str, size: usize) -> Vec<String> {
        let (mut traces, mut block, mut cut) = (Traces::default(), Vec::new(), Vec::new());
        for piece in text.as_bytes().chunks(size) {
            let before = block.len();
            block.extend_from_slice(piece);
            if let Some(end) = traces.next(&block, before).unwrap() {
                let rest = block.split_off(end);
                cut.push(String::from_utf8(std::mem::replace(&mut block, rest)).unwrap());
            }
        }
        cut.push(String::from_utf8(block).unwrap());
        cut
    }

    #[test]
    fn a_text_is_cut_after_traces_and_nowhere_else() {
        let parts = [
            "<?a </trace>?><log><!-- </trace> --><trace></trace>",
            "! ?<trace><![CDATA[</trace>]]></trace>",
            "<!x><a b='!?'/><!----><trace/><trace></trace ><trace></trace>",
            "</log><!--</trace>",
        ];
        let text = parts.concat();
        assert_eq!(cut(&text, 1), parts);
        let ends = [parts[0].len(), parts[..2].concat().len(), parts[..3].concat().len()];
        for size in 2..=text.len() {
            let pieces = cut(&text, size);
            assert_eq!(pieces.concat(), text);
            let mut end = 0;
            for piece in &pieces[..pieces.len() - 1] {
                end += piece.len();
                assert!(ends.contains(&end), "{size}: {piece}");
            }
        }
    }
}
