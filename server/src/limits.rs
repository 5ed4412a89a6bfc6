//! How large a body may be.

use app::pages::project::upload::api::ImportUpload;
use axum::{
    body::BodyDataStream,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::problem::Code;
use futures::StreamExt;
use http::{HeaderMap, Method, header};
use http_body_util::Limited;
use leptos::server_fn::ServerFn;

use crate::{problem::Problem, state::AppState};

/// The largest body that is held in memory: JSON and forms.
pub(crate) const JSON_BYTES: usize = 2 * 1024 * 1024;

/// The limits of server functions: an upload (multipart) may be as large as one by the REST API, a form may not.
/// The function that takes a file gets nothing but such an upload: its codec takes that for granted.
pub(crate) async fn server_function(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let upload = header_text(request.headers(), header::CONTENT_TYPE)
        .is_some_and(|kind| kind.starts_with("multipart/form-data") && kind.contains("boundary="));
    if !upload && request.method() == Method::POST && request.uri().path() == ImportUpload::PATH {
        return Problem::of(Code::UnsupportedMediaType).into_response();
    }
    let most = if upload { state.options.max_upload_bytes } else { JSON_BYTES as u64 };
    if announced(request.headers()).is_some_and(|length| length > most) {
        return Problem::of(Code::TooLarge).into_response();
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    next.run(request.map(|body| axum::body::Body::new(Limited::new(body, most)))).await
}

/// The length that the caller announces; a chunked body announces none.
pub(crate) fn announced(headers: &HeaderMap) -> Option<u64> {
    header_text(headers, header::CONTENT_LENGTH)?.parse().ok()
}

/// The most that is read of a body only to throw it away.
const DISCARDED_BYTES: usize = 64 * 1024 * 1024;

/// Reads on after the limit, though not for ever: a caller who looks for the answer only when all is sent would
/// find the connection cut instead of the refusal. One who asks before sending needs none of this.
pub(crate) async fn discard(headers: &HeaderMap, mut rest: BodyDataStream) {
    if headers.contains_key(header::EXPECT) {
        return;
    }
    let mut discarded = 0;
    while let Some(Ok(chunk)) = rest.next().await {
        discarded += chunk.len();
        if discarded > DISCARDED_BYTES {
            break;
        }
    }
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
