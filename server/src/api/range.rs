//! Parts of a body (RFC 9110, 14): one range of bytes. Several ranges at once are answered with the whole.

use http::{HeaderMap, header};

/// What part is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// One part.
    Part(Part),
    /// A part that does not exist.
    Beyond {
        /// How many bytes there are.
        size: u64,
    },
}

/// One part: the first and the last byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    first: u64,
    last: u64,
    size: u64,
}

impl Part {
    /// Where it begins.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    pub(super) fn length(&self) -> u64 {
        self.last - self.first + 1
    }

    pub(super) fn content_range(&self) -> String {
        format!("bytes {}-{}/{}", self.first, self.last, self.size)
    }
}

/// The part that the headers ask for, of `size` bytes that `tag` names.
pub(super) fn of(headers: &HeaderMap, tag: &str, size: u64) -> Wanted {
    let text = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    // What the caller has a part of has changed since, or is of another coding.
    if headers.contains_key(header::IF_RANGE) && text(header::IF_RANGE) != Some(tag) {
        return Wanted::Whole;
    }
    text(header::RANGE).and_then(|range| parse(range, size)).unwrap_or(Wanted::Whole)
}

fn parse(range: &str, size: u64) -> Option<Wanted> {
    let (first, last) = range.trim().strip_prefix("bytes=")?.trim().split_once('-')?;
    let number = |text: &str| -> Option<u64> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A number that no counter holds is beyond every end.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let (first, last) = match (first, last) {
        ("", suffix) => {
            let length = number(suffix)?;
            if length == 0 {
                return Some(Wanted::Beyond { size });
            }
            (size.saturating_sub(length), u64::MAX)
        }
        (first, "") => (number(first)?, u64::MAX),
        (first, last) => (number(first)?, number(last)?),
    };
    if last < first {
        return None;
    }
    if first >= size {
        return Some(Wanted::Beyond { size });
    }
    Some(Wanted::Part(Part { first, last: last.min(size - 1), size }))
}

#[cfg(test)]
mod tests {
    use super::{Part, Wanted, of};
    use http::{HeaderMap, HeaderValue, header};
    use rstest::rstest;

    fn part(first: u64, last: u64) -> Wanted {
        Wanted::Part(Part { first, last, size: 10 })
    }

    #[rstest]
    #[case("bytes=0-3", part(0, 3))]
    #[case("bytes=4-", part(4, 9))]
    #[case("bytes=-3", part(7, 9))]
    #[case("bytes=-99", part(0, 9))]
    #[case("bytes=0-99", part(0, 9))]
    #[case("bytes=10-", Wanted::Beyond { size: 10 })]
    #[case("bytes=-0", Wanted::Beyond { size: 10 })]
    #[case("bytes=99999999999999999999-", Wanted::Beyond { size: 10 })]
    #[case("bytes=3-1", Wanted::Whole)]
    #[case("bytes=0-1,3-4", Wanted::Whole)]
    #[case("lines=0-1", Wanted::Whole)]
    fn ranges(#[case] range: &'static str, #[case] wanted: Wanted) {
        let headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(range))]);
        assert_eq!(of(&headers, "\"a\"", 10), wanted);
    }

    #[test]
    fn a_part_of_something_else_is_not_given() {
        let mut headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static("bytes=0-3"))]);
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"b\""));
        assert_eq!(of(&headers, "\"a\"", 10), Wanted::Whole);
        assert_eq!(of(&headers, "\"b\"", 10), part(0, 3));
    }
}
