//! One id per request: in the answer's `X-Request-Id`, in every log line, and in the body of a 5xx.
//!
//! The id is always our own, so that a caller cannot write into our logs.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};
use tracing::{Instrument, field, info_span};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request at hand; none outside of one.
pub(crate) fn current() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

/// The outermost middleware: gives the request its id and its span.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    // Without randomness the id is only less useful.
    let id = format!("{:016x}", getrandom::u64().unwrap_or_default());
    // The path may hold sample ids, which are data; the route does not.
    let route = request.extensions().get::<axum::extract::MatchedPath>().map_or("", |path| path.as_str());
    let span = info_span!(
        "request",
        id = %id,
        method = %request.method(),
        route,
        status = field::Empty,
    );
    let mut response = CURRENT.scope(id.clone(), next.run(request).instrument(span.clone())).await;
    span.record("status", response.status().as_u16());
    if response.status().is_server_error() {
        span.in_scope(|| tracing::error!("answered with a server error"));
    } else {
        span.in_scope(|| tracing::debug!("answered"));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
