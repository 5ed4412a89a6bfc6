//! The formats that uploads come in.

use serde::{Deserialize, Serialize};

/// How an upload is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// One JSON array of objects.
    Json,
    /// RFC 4180 with a header.
    Csv,
}

impl Format {
    /// The format of a `Content-Type`, where it is one that is read here, in UTF-8.
    pub fn of_media_type(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
        let format = match parts.next()?.as_str() {
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Self::Ndjson,
            "application/json" => Self::Json,
            "text/csv" => Self::Csv,
            _ => return None,
        };
        let mut charsets = parts.filter_map(|part| part.strip_prefix("charset=").map(str::to_owned));
        charsets
            .all(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8" | "us-ascii"))
            .then_some(format)
    }
}

#[cfg(test)]
mod tests {
    use super::Format;
    use rstest::rstest;

    #[rstest]
    #[case("application/x-ndjson", Some(Format::Ndjson))]
    #[case("Application/JSON; charset=UTF-8", Some(Format::Json))]
    #[case("text/csv; header=present; charset=\"utf-8\"", Some(Format::Csv))]
    #[case("text/csv; charset=euc-kr", None)]
    #[case("text/plain", None)]
    #[case("", None)]
    fn media_types(#[case] text: &str, #[case] format: Option<Format>) {
        assert_eq!(Format::of_media_type(text), format);
    }
}
