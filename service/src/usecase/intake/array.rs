//! The elements of one large JSON array, found without parsing it whole.
//!
//! Only brackets and strings are looked at; whether an element is JSON is for the reader of records.

use super::lines::{BYTE_ORDER_MARK, LONGEST};
use std::{
    io::{BufRead, Result},
    ops::ControlFlow,
};

/// One element's bytes; none: longer than [`LONGEST`].
pub(super) type Element = Option<Vec<u8>>;

/// Why the text as a whole is not an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoArray {
    /// It does not begin with `[`.
    OtherStart,
    /// It ends before its `]`.
    EndsEarly,
    /// Something follows its `]`.
    GoesOn,
}

/// Where in the text the next byte stands.
enum At {
    Start,
    Element,
    End,
}

/// Hands each element to `each`, with its number from 1, until it breaks. The outer error is the file's, the inner one the
/// text's.
pub(super) fn elements<R: BufRead>(
    mut reader: R,
    mut each: impl FnMut(i64, Element) -> ControlFlow<()>,
) -> Result<std::result::Result<(), NoArray>> {
    let mut at = At::Start;
    let mut element = Scan::default();
    let mut number = 0;
    if reader.fill_buf()?.starts_with(BYTE_ORDER_MARK) {
        reader.consume(BYTE_ORDER_MARK.len());
    }
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(match at {
                At::End => Ok(()),
                At::Element => Err(NoArray::EndsEarly),
                At::Start => Err(NoArray::OtherStart),
            });
        }
        for byte in buffer {
            match at {
                At::Start if byte.is_ascii_whitespace() => {}
                At::Start if *byte == b'[' => at = At::Element,
                At::Start => return Ok(Err(NoArray::OtherStart)),
                At::Element if element.ends_with(*byte) => {
                    let last = *byte == b']';
                    // Nothing between the brackets: an empty array.
                    if !(last && number == 0 && element.is_blank()) {
                        number += 1;
                        if each(number, element.take()).is_break() {
                            return Ok(Ok(()));
                        }
                    }
                    if last {
                        at = At::End;
                    }
                }
                At::Element => element.push(*byte),
                At::End if byte.is_ascii_whitespace() => {}
                At::End => return Ok(Err(NoArray::GoesOn)),
            }
        }
        let read = buffer.len();
        reader.consume(read);
    }
}

/// An element that is being read.
#[derive(Default)]
struct Scan {
    bytes: Vec<u8>,
    too_long: bool,
    depth: u32,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// Whether `byte` does not belong to the element any more.
    fn ends_with(&self, byte: u8) -> bool {
        self.depth == 0 && !self.in_string && matches!(byte, b',' | b']')
    }

    fn push(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_string => self.escaped = true,
            b'"' => self.in_string = !self.in_string,
            b'[' | b'{' if !self.in_string => self.depth += 1,
            b']' | b'}' if !self.in_string => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.bytes.len() < LONGEST {
            self.bytes.push(byte);
        } else {
            self.too_long = true;
        }
    }

    fn is_blank(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }

    fn take(&mut self) -> Element {
        let whole = std::mem::take(self);
        (!whole.too_long).then_some(whole.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{NoArray, elements};
    use rstest::rstest;
    use std::ops::ControlFlow;

    #[rstest]
    #[case("[]", &[], Ok(()))]
    #[case("\u{feff} [ ]\r\n", &[], Ok(()))]
    #[case(r#"[{"a": "],\"["}, [1, 2]]"#, &[r#"{"a": "],\"["}"#, " [1, 2]"], Ok(()))]
    #[case("[1,]", &["1", ""], Ok(()))]
    #[case("[1", &[], Err(NoArray::EndsEarly))]
    #[case("[1] 2", &["1"], Err(NoArray::GoesOn))]
    #[case("{}", &[], Err(NoArray::OtherStart))]
    #[case("", &[], Err(NoArray::OtherStart))]
    fn arrays(
        #[case] text: &str,
        #[case] expected: &[&str],
        #[case] outcome: Result<(), NoArray>,
    ) -> std::io::Result<()> {
        let mut found = Vec::new();
        let end = elements(text.as_bytes(), |number, element| {
            found.push((number, element));
            ControlFlow::Continue(())
        })?;
        let expected: Vec<_> =
            expected.iter().zip(1..).map(|(text, number)| (number, Some(text.as_bytes().to_vec()))).collect();
        assert_eq!(found, expected);
        assert_eq!(end, outcome);
        Ok(())
    }
}
