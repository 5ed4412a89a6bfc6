//! The physical lines of an upload, as bytes. Knows nothing of what stands in them.

use std::io::{BufRead, Read, Result};

/// The longest line in bytes, and the longest record of an upload whose records are no lines.
pub(super) const LONGEST: usize = 8 * 1024 * 1024;

/// What editors on Windows put before UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One physical line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// With its ending, but for the last, which may have none.
    Whole(Vec<u8>),
    /// Longer than [`LONGEST`]; its bytes were not kept.
    TooLong,
}

/// Reads lines with their numbers, from 1.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    number: i64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn of(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    /// The next line and its number; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<(i64, Line)>> {
        let mut bytes = Vec::new();
        let most = LONGEST as u64 + 1;
        if self.reader.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if bytes.len() > LONGEST {
            if bytes.last() != Some(&b'\n') {
                self.reader.skip_until(b'\n')?;
            }
            return Ok(Some((self.number, Line::TooLong)));
        }
        if self.number == 1 && bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(Some((self.number, Line::Whole(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Line, Lines};

    fn whole(text: &str) -> Line {
        Line::Whole(text.into())
    }

    #[test]
    fn lines_keep_their_endings_and_lose_the_byte_order_mark() -> std::io::Result<()> {
        let mut lines = Lines::of("\u{feff}a\r\n\nb".as_bytes());
        assert_eq!(lines.next()?, Some((1, whole("a\r\n"))));
        assert_eq!(lines.next()?, Some((2, whole("\n"))));
        assert_eq!(lines.next()?, Some((3, whole("b"))));
        assert_eq!(lines.next()?, None);
        Ok(())
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_whole() -> std::io::Result<()> {
        let text = format!("{}\nb\n", "a".repeat(LONGEST + 10));
        let mut lines = Lines::of(text.as_bytes());
        assert_eq!(lines.next()?, Some((1, Line::TooLong)));
        assert_eq!(lines.next()?, Some((2, whole("b\n"))));
        Ok(())
    }
}
