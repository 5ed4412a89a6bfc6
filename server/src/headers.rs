//! Headers on every answer: what a browser must not do with it.
//!
//! A page brings its own Content-Security-Policy, because its nonce is in it; everything else gets the one that
//! allows nothing.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::state::AppState;

const NOTHING: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// A year of HTTPS only; sent where the cookies are for HTTPS only, which says that the site is.
const TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");

pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if state.options.secure_cookies {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TRANSPORT);
    }
    set_default(headers, header::CONTENT_SECURITY_POLICY, NOTHING);
    let cache = if api { "no-store" } else { "private, no-cache" };
    set_default(headers, header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

fn set_default(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
