//! The codings in which answers are sent, by what the caller accepts (RFC 9110, 12.5.3).

use async_compression::{
    Level,
    tokio::bufread::{GzipEncoder, ZstdEncoder},
};
use axum::body::Body;
use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use http::{HeaderMap, header};
use tokio_util::io::{ReaderStream, StreamReader};

/// In which coding a stream is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// As it is.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl Coding {
    /// The one that the caller likes best; of two that are liked equally, zstd, which is the faster one.
    pub(crate) fn best(headers: &HeaderMap) -> Self {
        let (zstd, gzip) = (weight(headers, "zstd").unwrap_or(0.0), gzip_weight(headers));
        if zstd > 0.0 && zstd >= gzip {
            Self::Zstd
        } else if gzip > 0.0 {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    /// As `Content-Encoding` names it, but for identity, which is not named.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// The stream as a body in this coding.
    pub(crate) fn body<S, E>(self, stream: S) -> Body
    where
        S: Stream<Item = Result<Vec<u8>, E>> + Send + 'static,
        E: std::error::Error + Send + Sync + 'static,
    {
        if self == Self::Identity {
            return Body::from_stream(stream);
        }
        let plain = StreamReader::new(Box::pin(stream.map_ok(Bytes::from).map_err(std::io::Error::other)));
        match self {
            Self::Gzip => read(GzipEncoder::with_quality(plain, Level::Fastest)),
            Self::Zstd | Self::Identity => read(ZstdEncoder::with_quality(plain, Level::Fastest)),
        }
    }
}

fn read(coded: impl tokio::io::AsyncRead + Send + 'static) -> Body {
    Body::from_stream(ReaderStream::with_capacity(coded, 64 << 10))
}

/// Whether the caller reads gzip.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    gzip_weight(headers) > 0.0
}

fn gzip_weight(headers: &HeaderMap) -> f32 {
    let named = weight(headers, "gzip").or_else(|| weight(headers, "x-gzip"));
    named.or_else(|| weight(headers, "*")).unwrap_or(0.0)
}

/// How much the caller likes a coding that it names.
fn weight(headers: &HeaderMap, coding: &str) -> Option<f32> {
    let given = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|value| value.split(',')).find_map(|entry| {
        let (name, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(1.0);
        name.trim().eq_ignore_ascii_case(coding).then_some(weight)
    })
}

#[cfg(test)]
mod tests {
    use super::{Coding, accepts_gzip};
    use http::{HeaderMap, HeaderValue, header};
    use rstest::rstest;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
    }

    #[rstest]
    #[case("gzip, br", true)]
    #[case("br", false)]
    #[case("gzip;q=0", false)]
    #[case("*", true)]
    #[case("*, gzip;q=0", false)]
    #[case("GZIP;q=0.5", true)]
    fn who_reads_gzip(#[case] value: &'static str, #[case] gzip: bool) {
        assert_eq!(accepts_gzip(&accepting(value)), gzip);
    }

    #[rstest]
    #[case("deflate, gzip, br, zstd", Coding::Zstd)]
    #[case("gzip, deflate", Coding::Gzip)]
    #[case("gzip, zstd;q=0.5", Coding::Gzip)]
    #[case("zstd;q=0, gzip", Coding::Gzip)]
    #[case("*", Coding::Gzip)]
    #[case("br", Coding::Identity)]
    fn the_best_coding(#[case] value: &'static str, #[case] coding: Coding) {
        assert_eq!(Coding::best(&accepting(value)), coding);
    }
}
