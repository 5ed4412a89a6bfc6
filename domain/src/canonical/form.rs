//! Whether a text is canonical JSON, found by reading it once: no value is built of it.
//!
//! Says the same as reading the text and writing its value again would.

use super::string;
use std::borrow::Cow;

/// How deep arrays and objects may stand within each other; a reader of JSON goes no deeper.
const DEEPEST: u8 = 127;

/// Whether `text` is the canonical text of some value.
///
/// ```
/// use domain::canonical::is_canonical;
/// assert!(is_canonical(r#"{"a":[1,2.5],"b":"한"}"#));
/// assert!(!is_canonical(r#"{"b":"한", "a":[1,2.5]}"#));
/// ```
pub fn is_canonical(text: &str) -> bool {
    let mut scan = Scan { text, at: 0 };
    scan.value(DEEPEST).is_some() && scan.at == text.len()
}

/// Whether `text` is the canonical text of an object.
pub fn is_canonical_object(text: &str) -> bool {
    text.starts_with('{') && is_canonical(text)
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, token: &str) -> Option<()> {
        self.text.as_bytes()[self.at..].starts_with(token.as_bytes()).then(|| self.at += token.len())
    }

    /// None where what stands here is not canonical.
    fn value(&mut self, depth: u8) -> Option<()> {
        match self.byte()? {
            b'{' => self.object(depth.checked_sub(1)?),
            b'[' => self.array(depth.checked_sub(1)?),
            b'"' => self.string().map(drop),
            b'n' => self.eat("null"),
            b't' => self.eat("true"),
            b'f' => self.eat("false"),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: u8) -> Option<()> {
        self.eat("[")?;
        if self.eat("]").is_some() {
            return Some(());
        }
        loop {
            self.value(depth)?;
            if self.eat("]").is_some() {
                return Some(());
            }
            self.eat(",")?;
        }
    }

    fn object(&mut self, depth: u8) -> Option<()> {
        self.eat("{")?;
        if self.eat("}").is_some() {
            return Some(());
        }
        let mut before: Option<Cow<'a, str>> = None;
        loop {
            let key = self.string()?;
            // Each once, in the order of their bytes.
            if before.is_some_and(|before| before.as_bytes() >= key.as_bytes()) {
                return None;
            }
            before = Some(key);
            self.eat(":")?;
            self.value(depth)?;
            if self.eat("}").is_some() {
                return Some(());
            }
            self.eat(",")?;
        }
    }

    /// The string that stands here, without its escapes.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        self.eat("\"")?;
        let mut is_plain = true;
        loop {
            match self.byte()? {
                b'"' => break,
                b'\\' => {
                    is_plain = false;
                    // The byte after it is no end.
                    self.at += 2;
                }
                byte if byte < b' ' => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        let written = self.text.get(start..self.at)?;
        if is_plain {
            return Some(Cow::Borrowed(&written[1..written.len() - 1]));
        }
        let read: String = serde_json::from_str(written).ok()?;
        (string(&read) == written).then_some(Cow::Owned(read))
    }

    fn number(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'));
        let literal = &rest[..length.unwrap_or(rest.len())];
        self.at += literal.len();
        // What is whole and not within 64 bits would be read as a float, and written as one.
        let number: serde_json::Number = serde_json::from_str(literal).ok()?;
        let is_negative_zero = number.is_f64() && number.as_f64() == Some(0.0) && literal != "0.0";
        (!is_negative_zero && number.to_string() == literal).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::is_canonical;
    use crate::canonical::text;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::Value;

    /// What reading and writing again says.
    fn reads_back(given: &str) -> bool {
        serde_json::from_str::<Value>(given).is_ok_and(|value| text(&value) == given)
    }

    #[rstest]
    #[case(r#"{"a":1,"b":[null,true,false,-3,2.5,1e+300,0.0,""]}"#, true)]
    #[case::keys_sort_by_what_they_say(r#"{"\n":1,"a":2}"#, true)]
    #[case::order(r#"{"b":1,"a":2}"#, false)]
    #[case::twice(r#"{"a":1,"a":2}"#, false)]
    #[case::space(r#"{"a": 1}"#, false)]
    #[case::space_at_the_end("1 ", false)]
    #[case::two_values(r#"{"a":1},{"a":1}"#, false)]
    #[case::needless_escape(r#""\u0061""#, false)]
    #[case::slash(r#""\/""#, false)]
    #[case::short_escape(r#""\u000a""#, false)]
    #[case::capital_escape(r#""\u001F""#, false)]
    #[case::surrogates(r#""\ud83d\ude00""#, false)]
    #[case::negative_zero("-0.0", false)]
    #[case::whole_negative_zero("-0", false)]
    #[case::leading_zero("01", false)]
    #[case::too_many_digits("1.50", false)]
    #[case::float_without_a_point("1e2", false)]
    #[case::beyond_64_bits("18446744073709551616", false)]
    #[case::at_64_bits("18446744073709551615", true)]
    #[case::not_ended(r#"{"a":"b"#, false)]
    #[case::ends_in_an_escape(r#""\"#, false)]
    #[case::empty("", false)]
    #[case::control("\"a\u{1}\"", false)]
    fn forms(#[case] given: &str, #[case] expected: bool) {
        assert_eq!(is_canonical(given), expected);
        assert_eq!(reads_back(given), expected);
    }

    #[test]
    fn as_deep_as_json_is_read_and_no_deeper() {
        for depth in [126, 127, 128, 200] {
            let given = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(is_canonical(&given), reads_back(&given), "{depth}");
        }
    }

    /// Texts that are nearly JSON.
    fn nearly_json() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("{"),
            Just("}"),
            Just("["),
            Just("]"),
            Just(","),
            Just(":"),
            Just(" "),
            Just("\"a\""),
            Just("\"b\""),
            Just("\"\\n\""),
            Just("\"\\u0041\""),
            Just("1"),
            Just("-0"),
            Just("1.0"),
            Just("1.00"),
            Just("1e5"),
            Just("null"),
            Just("true"),
            Just("\"한\""),
            Just("\"\\u001f\""),
            Just("\"\\\\\""),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn says_what_reading_and_writing_again_says(given in nearly_json()) {
            prop_assert_eq!(is_canonical(&given), reads_back(&given));
        }

        #[test]
        fn what_is_written_is_canonical(value in crate::canonical::tests::any_json()) {
            prop_assert!(is_canonical(&text(&value)));
        }
    }
}
