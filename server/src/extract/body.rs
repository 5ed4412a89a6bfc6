//! A JSON body as the type that a use case takes.

use axum::extract::{FromRequest, Request};
use domain::problem::Code;
use http::{HeaderMap, header};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::syntax;
use crate::{
    idempotency,
    limits::{JSON_BYTES, announced, discard},
    problem::{Problem, Result},
};

/// A JSON body. An empty body is the empty object, so it fits where no key is required.
#[derive(Clone, Debug)]
pub(crate) struct Input<T>(pub(crate) T);

/// The body of an operation that takes no input.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let (parts, body) = request.into_parts();
        if announced(&parts.headers).is_some_and(|length| length > JSON_BYTES as u64) {
            discard(&parts.headers, body.into_data_stream()).await;
            return Err(Problem::of(Code::TooLarge));
        }
        let bytes = axum::body::to_bytes(body, JSON_BYTES).await.map_err(|error| {
            if is_too_long(&error) {
                Problem::of(Code::TooLarge)
            } else {
                Problem::new(Code::Malformed, "the body ended early")
            }
        })?;
        idempotency::note_body(&hex::encode(Sha256::digest(&bytes)), parts.uri.query());
        if bytes.trim_ascii().is_empty() {
            return syntax::fit(serde_json::json!({})).map(Self).map_err(Problem::from);
        }
        if !is_json(&parts.headers) {
            return Err(Problem::new(Code::UnsupportedMediaType, "send application/json"));
        }
        syntax::read(&bytes).map(Self).map_err(Problem::from)
    }
}

/// A body without a content type is taken for what it can only be.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Whether the body was cut off for its length rather than by the network.
pub(super) fn is_too_long(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        next = error.source();
    }
    false
}
