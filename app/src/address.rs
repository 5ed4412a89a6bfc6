//! Parts of addresses: what a person or a file named may hold anything, so it is escaped, and by the same rule on the
//! server and in the browser.

use std::fmt::Write;

/// `text` as one segment of a path or one value of a query.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// The path with these pairs as its query; without a question mark where there are none.
pub fn with_query<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut address = path.to_owned();
    for (index, (key, value)) in pairs.into_iter().enumerate() {
        let mark = if index == 0 { '?' } else { '&' };
        let _ = write!(address, "{mark}{}={}", escape(key), escape(value));
    }
    address
}

/// The key/value pairs of a query without its `?`, in their order, decoded once. (The router's own map decodes twice:
/// a value that holds a percent sign would not come back as it was written.)
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(key, value)| (unescape(&key.replace('+', " ")), unescape(&value.replace('+', " "))))
        .collect()
}

/// The last segment of a path, decoded once. (The router's own map of parameters decodes twice, too.)
pub fn last_segment(path: &str) -> String {
    unescape(path.rsplit('/').next().unwrap_or_default())
}

/// The opposite of [`escape`]; what is no code stays, what is no UTF-8 is replaced.
fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let code = bytes.get(at + 1..at + 3).and_then(|code| std::str::from_utf8(code).ok());
        match (byte, code.and_then(|code| u8::from_str_radix(code, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 2;
            }
            _ => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{escape, last_segment, pairs, with_query};

    #[test]
    fn what_is_written_is_read_again() {
        let given = [("q", "100% & 카드 배송=?"), ("pair", "a+b"), ("pair", "%41"), ("empty", "")];
        let address = with_query("", given);
        let read = pairs(address.trim_start_matches('?'));
        let read: Vec<_> = read.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(read, given);
    }

    #[test]
    fn what_browsers_write_is_read() {
        let read = pairs("q=a+b%2Bc&x&&y=%zz");
        let read: Vec<_> = read.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(read, [("q", "a b+c"), ("x", ""), ("y", "%zz")]);
        assert_eq!(last_segment("/projects/p/samples/a%2Fb%20%2541+"), "a/b %41+");
    }

    #[test]
    fn what_people_named_stays_one_part_of_the_address() {
        assert_eq!(escape("a/b?c&d=é 1"), "a%2Fb%3Fc%26d%3D%C3%A9%201");
        assert_eq!(with_query("/x", [("pair", "a&b"), ("pair", "c")]), "/x?pair=a%26b&pair=c");
        assert_eq!(with_query("/x", []), "/x");
    }
}
