//! The files of the site: scripts, styles, icons, fonts. Embedded in the binary, or read from disk while developing.
//!
//! Never serves a path outside the site, and nothing that a page or the API answers.

use crate::accept::accepts_gzip;
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use std::borrow::Cow;

/// Asked for again each time, and answered in a few bytes while it is the same.
const ASK_AGAIN: &str = "public, no-cache";

/// The site's files.
#[derive(Debug, Default)]
pub struct Site;

struct File {
    bytes: Cow<'static, [u8]>,
    tag: String,
}

impl Site {
    /// The file at this path, where there is one.
    pub(crate) fn get(&self, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        let path = uri.path().strip_prefix('/')?;
        if path.is_empty()
            || path.ends_with(".gz")
            || path.split('/').any(|part| part.is_empty() || part == "..")
        {
            return None;
        }
        let plain = source::read(path)?;
        let packed = accepts_gzip(headers).then(|| source::read(&format!("{path}.gz"))).flatten();
        let (file, coding) = packed.map_or((plain, None), |packed| (packed, Some("gzip")));
        Some(answer(path, headers, file, coding))
    }
}

fn answer(path: &str, headers: &HeaderMap, file: File, coding: Option<&'static str>) -> Response {
    let tag = format!("\"{}\"", file.tag);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let same = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response =
        if same { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(file.bytes).into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(ASK_AGAIN));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if !same {
        let kind = mime_guess::from_path(path).first_or_octet_stream();
        let text = kind.type_() == "text" || kind.subtype() == "javascript";
        let kind = if text { format!("{kind}; charset=utf-8") } else { kind.to_string() };
        if let Ok(kind) = HeaderValue::from_str(&kind) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
    }
    response
}

#[cfg(feature = "embed")]
mod source {
    //! From the binary.

    use super::File;
    use rust_embed::Embed;

    #[derive(Embed)]
    #[folder = "$RELABEL_SITE_DIR"]
    struct Embedded;

    pub(super) fn read(path: &str) -> Option<File> {
        let file = Embedded::get(path)?;
        Some(File { tag: hex::encode(&file.metadata.sha256_hash()[..16]), bytes: file.data })
    }
}

#[cfg(not(feature = "embed"))]
mod source {
    //! From the disk, for development: `target/site`, or where `RELABEL_SITE_DIR` says.

    use super::File;
    use sha2::{Digest, Sha256};
    use std::path::PathBuf;

    pub(super) fn read(path: &str) -> Option<File> {
        let folder =
            std::env::var_os("RELABEL_SITE_DIR").map_or_else(|| PathBuf::from("target/site"), PathBuf::from);
        let bytes = std::fs::read(folder.join(path)).ok()?;
        Some(File { tag: hex::encode(&Sha256::digest(&bytes)[..16]), bytes: bytes.into() })
    }
}
