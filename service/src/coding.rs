//! The codings that uploads come in: as they are, or compressed.

use async_compression::{
    tokio::bufread::{GzipDecoder, ZstdDecoder},
    zstd::DParameter,
};
use tokio::io::{AsyncBufRead, AsyncRead};

/// zstd's window is at most 8 MiB: what RFC 9659 lets a `Content-Encoding` use, and a bound on the memory of an upload.
const ZSTD_WINDOW_LOG: u32 = 23;

/// How the bytes of an upload are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// They are what they are.
    Identity,
    /// RFC 1952, of one member or several.
    Gzip,
    /// RFC 8878, of one frame or several.
    Zstd,
}

impl Coding {
    /// The coding of a `Content-Encoding`, where it is one that is read here.
    pub fn of_header(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "identity" => Some(Self::Identity),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The coding that a file's name tells by its ending, and the name without that ending.
    pub fn of_file_name(name: &str) -> (Self, &str) {
        match name.rsplit_once('.') {
            Some((stem, ending)) if ending.eq_ignore_ascii_case("gz") => (Self::Gzip, stem),
            Some((stem, ending)) if ending.eq_ignore_ascii_case("zst") => (Self::Zstd, stem),
            _ => (Self::Identity, name),
        }
    }

    /// What the coded bytes stand for. It is read in pieces as large as the reader asks for, so that a small body that
    /// stands for a huge one needs little memory.
    pub fn decoded<'a, R>(self, from: R) -> Box<dyn AsyncRead + Send + Unpin + 'a>
    where
        R: AsyncBufRead + Send + Unpin + 'a,
    {
        match self {
            Self::Identity => Box::new(from),
            Self::Gzip => {
                let mut decoder = GzipDecoder::new(from);
                decoder.multiple_members(true);
                Box::new(decoder)
            }
            Self::Zstd => {
                let window = [DParameter::window_log_max(ZSTD_WINDOW_LOG)];
                let mut decoder = ZstdDecoder::with_params(from, &window);
                decoder.multiple_members(true);
                Box::new(decoder)
            }
        }
    }

    /// What is wrong with bytes that cannot be decoded.
    pub(crate) fn broken(self) -> &'static str {
        match self {
            Self::Identity => "the body ended early",
            Self::Gzip => "the body is not whole gzip",
            Self::Zstd => "the body is not whole zstd with a window of at most 8 MiB",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Coding;

    #[test]
    fn a_file_s_name_tells_its_coding() {
        assert_eq!(Coding::of_file_name("a.jsonl.gz"), (Coding::Gzip, "a.jsonl"));
        assert_eq!(Coding::of_file_name("a.b.CSV.ZST"), (Coding::Zstd, "a.b.CSV"));
        assert_eq!(Coding::of_file_name("gz"), (Coding::Identity, "gz"));
    }

    #[test]
    fn a_header_tells_one_coding() {
        assert_eq!(Coding::of_header("GZIP"), Some(Coding::Gzip));
        assert_eq!(Coding::of_header("gzip, zstd"), None);
        assert_eq!(Coding::of_header("br"), None);
    }
}
