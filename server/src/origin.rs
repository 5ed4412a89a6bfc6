//! Refuses requests that another site's page makes a browser send (cross-site request forgery).
//!
//! Looks only at requests that change something and carry no bearer token: those are the ones that a browser's
//! cookie alone can authorise. Programs other than browsers send neither header and no cookie of a victim.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::problem::Code;
use http::{HeaderMap, Uri, header};

use crate::problem::Problem;

pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let changes = !request.method().is_safe();
    let bearer = is_bearer(request.headers());
    if changes && !bearer && !is_own(request.headers(), request.uri()) {
        return Problem::of(Code::CrossSite).into_response();
    }
    next.run(request).await
}

/// A browser adds credentials of another scheme by itself, for a proxy that asked for them.
fn is_bearer(headers: &HeaderMap) -> bool {
    let scheme =
        text(headers, "authorization").and_then(|value| value.split_once(' ')).map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
}

fn is_own(headers: &HeaderMap, uri: &Uri) -> bool {
    match text(headers, "sec-fetch-site") {
        Some(site) => return matches!(site, "same-origin" | "none"),
        // Browsers send it over HTTPS and to the loopback only; elsewhere the origin decides.
        None if headers.contains_key("sec-fetch-site") => return false,
        None => {}
    }
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let host = text(headers, "host").or_else(|| uri.authority().map(http::uri::Authority::as_str));
    let origin = text(headers, "origin").and_then(|origin| origin.parse::<Uri>().ok());
    let origin = origin.as_ref().and_then(Uri::authority).map(http::uri::Authority::as_str);
    origin.is_some() && origin == host
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::{is_bearer, is_own};
    use http::{HeaderMap, HeaderName, HeaderValue, Uri};
    use rstest::rstest;

    #[rstest]
    #[case("Bearer rlb_x", true)]
    #[case("bearer rlb_x", true)]
    #[case("Basic dXNlcjpwYXNz", false)]
    fn only_a_bearer_token_stands_for_itself(#[case] value: &'static str, #[case] bearer: bool) {
        let headers = HeaderMap::from_iter([(http::header::AUTHORIZATION, HeaderValue::from_static(value))]);
        assert_eq!(is_bearer(&headers), bearer);
    }

    #[rstest]
    #[case(&[("host", "a.example")], true)]
    #[case(&[("host", "a.example"), ("sec-fetch-site", "same-origin")], true)]
    #[case(&[("host", "a.example"), ("sec-fetch-site", "none")], true)]
    #[case(&[("host", "a.example"), ("sec-fetch-site", "same-site")], false)]
    #[case(&[("host", "a.example"), ("sec-fetch-site", "cross-site"), ("origin", "https://a.example")], false)]
    #[case(&[("host", "a.example"), ("origin", "https://a.example")], true)]
    #[case(&[("host", "a.example:8080"), ("origin", "http://a.example:8080")], true)]
    #[case(&[("host", "a.example"), ("origin", "https://a.example:8443")], false)]
    #[case(&[("host", "a.example"), ("origin", "https://b.example")], false)]
    #[case(&[("host", "a.example"), ("origin", "null")], false)]
    fn another_sites_requests_are_told_apart(
        #[case] given: &[(&'static str, &'static str)],
        #[case] own: bool,
    ) {
        let headers: HeaderMap = given
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        assert_eq!(is_own(&headers, &Uri::from_static("/api/sign_in")), own);
    }
}
