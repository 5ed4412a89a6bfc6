//! Parts of a body (RFC 9110, 14): one range of bytes. Several ranges at once are answered with the whole.

use futures::{Stream, StreamExt, stream};
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

/// The bytes of a part.
pub(super) fn cut<S, E>(chunks: S, part: &Part) -> impl Stream<Item = Result<Vec<u8>, E>> + Send + use<S, E>
where
    S: Stream<Item = Result<Vec<u8>, E>> + Send,
    E: Send,
{
    let (skip, left) = (part.first, part.length());
    stream::unfold((Box::pin(chunks), skip, left), |(mut chunks, mut skip, left)| async move {
        if left == 0 {
            return None;
        }
        loop {
            let mut chunk = match chunks.next().await? {
                Ok(chunk) => chunk,
                Err(error) => return Some((Err(error), (chunks, skip, 0))),
            };
            let length = chunk.len() as u64;
            if length <= skip {
                skip -= length;
                continue;
            }
            // Both fit: they are at most the chunk's own length.
            let start = usize::try_from(skip).unwrap_or(usize::MAX);
            chunk.drain(..start);
            let keep = left.min(chunk.len() as u64);
            chunk.truncate(usize::try_from(keep).unwrap_or(usize::MAX));
            return Some((Ok(chunk), (chunks, 0, left - keep)));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Part, Wanted, cut, of};
    use futures::{TryStreamExt, stream};
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

    #[tokio::test]
    async fn every_part_is_the_same_slice() -> Result<(), std::convert::Infallible> {
        let whole: Vec<u8> = (0..10).collect();
        for first in 0..10_usize {
            for last in first..10 {
                let chunks = stream::iter(
                    [vec![0, 1, 2], vec![], vec![3], vec![4, 5, 6, 7, 8, 9]]
                        .map(Ok::<_, std::convert::Infallible>),
                );
                let part = Part { first: first as u64, last: last as u64, size: 10 };
                let bytes: Vec<Vec<u8>> = cut(chunks, &part).try_collect().await?;
                assert_eq!(bytes.concat(), whole[first..=last]);
            }
        }
        Ok(())
    }
}
