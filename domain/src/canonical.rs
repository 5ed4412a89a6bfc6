//! Canonical JSON: one text for one value, so that equal values hash equally.
//!
//! Keys sorted by UTF-8 bytes, no spaces, only the mandatory escapes, shortest floats that read back
//! exactly, −0 as 0. [`check_text`] refuses what JSON allows and the store does not.

mod form;

pub use form::{is_canonical, is_canonical_object};

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The canonical text of `value`.
///
/// ```
/// let value = serde_json::json!({"b": [1, -0.0], "a": "한\n"});
/// assert_eq!(domain::canonical::text(&value), r#"{"a":"한\n","b":[1,0.0]}"#);
/// ```
pub fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// The canonical text of anything that serialises to JSON.
///
/// # Errors
/// When `value` does not serialise, such as a map whose keys are not text.
pub fn text_of<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    Ok(text(&serde_json::to_value(value)?))
}

/// The canonical text of a string.
pub fn string(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    write_string(value, &mut out);
    out
}

/// `sha256:` and the hexadecimal SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => match number.as_f64() {
            Some(0.0) if number.is_f64() => out.push_str("0.0"),
            _ => out.push_str(&number.to_string()),
        },
        Value::String(string) => write_string(string, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
            out.push('{');
            for (index, (key, item)) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write(item, out);
            }
            out.push('}');
        }
    }
}

fn write_string(string: &str, out: &mut String) {
    use std::fmt::Write;
    out.push('"');
    let mut plain = 0;
    // What needs an escape is one byte long.
    for (index, byte) in string.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&string[plain..index]);
        plain = index + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x8 => out.push_str("\\b"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            0xc => out.push_str("\\f"),
            b'\r' => out.push_str("\\r"),
            control => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{control:04x}");
            }
        }
    }
    out.push_str(&string[plain..]);
    out.push('"');
}

/// What JSON allows and the store refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unstorable {
    /// U+0000 in a text or a key.
    #[error("U+0000 is not allowed in text")]
    Nul,
    /// An integer that 64 bits do not hold.
    #[error("the integer {0} does not fit 64 bits")]
    Integer(String),
}

/// Refuses U+0000 in any text or key of `value`; says where by JSON pointer.
pub fn check_text(value: &Value) -> Result<(), (String, Unstorable)> {
    match value {
        Value::String(text) if text.contains('\0') => Err((String::new(), Unstorable::Nul)),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| {
            check_text(item).map_err(|(at, why)| (format!("/{index}{at}"), why))
        }),
        Value::Object(map) => map.iter().try_for_each(|(key, item)| {
            if key.contains('\0') {
                return Err((String::new(), Unstorable::Nul));
            }
            check_text(item).map_err(|(at, why)| (format!("/{}{at}", escape_pointer(key)), why))
        }),
        _ => Ok(()),
    }
}

/// Refuses an integer literal in the JSON text `json` that 64 bits do not hold: parsing would silently
/// turn it into a float.
pub fn check_integers(json: &str) -> Result<(), Unstorable> {
    let bytes = json.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let start = at;
                while at < bytes.len() && matches!(bytes[at], b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
                {
                    at += 1;
                }
                let literal = &json[start..at];
                let whole = !literal.contains(['.', 'e', 'E']);
                if whole && literal.parse::<i64>().is_err() && literal.parse::<u64>().is_err() {
                    return Err(Unstorable::Integer(literal.to_owned()));
                }
            }
            _ => at += 1,
        }
    }
    Ok(())
}

/// The index after the string that begins at `start`, a quotation mark.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// A key as a JSON pointer's reference token (RFC 6901).
pub fn escape_pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Unstorable, check_integers, check_text, text};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    pub(crate) fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_back_to_the_same_value(value in any_json()) {
            let once = text(&value);
            let back: Value = serde_json::from_str(&once).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(text(&back), once);
            prop_assert!(check_integers(&text(&value)).is_ok());
        }
    }

    #[test]
    fn integers_outside_64_bits_are_refused() {
        assert!(check_integers(r#"{"a": 18446744073709551615, "b": -9223372036854775808}"#).is_ok());
        assert!(check_integers(r#"{"a": "18446744073709551616", "b": 1e30}"#).is_ok());
        assert_eq!(
            check_integers(r#"{"a": 18446744073709551616}"#),
            Err(Unstorable::Integer("18446744073709551616".into()))
        );
    }

    #[test]
    fn nul_is_refused_with_its_place() {
        let value = json!({"a/b": ["x", "y\u{0}"]});
        assert_eq!(check_text(&value), Err(("/a~1b/1".into(), Unstorable::Nul)));
    }
}
