//! Refusals as RFC 9457 problem documents; the only place that maps them to status codes.
//!
//! A 4xx says what is wrong and where. A 5xx says only its code and the request id: what went wrong is in the log.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::problem::{Code, Fault, Kind, Refusal};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::request_id;

/// The media type of every problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// How long to wait when the refusal does not say itself.
const RETRY_AFTER_SECONDS: u32 = 1;

/// An answer that is not a success.
#[derive(Clone, Debug)]
pub struct Problem {
    refusal: Refusal,
    retry_after: Option<u32>,
}

/// A problem as it is sent.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document {
    /// Where the code is documented.
    #[serde(rename = "type")]
    kind: String,
    /// What the code means.
    title: String,
    /// The HTTP status.
    status: u16,
    /// The stable code.
    code: Code,
    /// A sentence for people; not with a 5xx.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The places in the input that are wrong, at most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<Fault>>,
    /// The id to ask the operator about; only with a 5xx.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// The result of a handler.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    /// The stable code.
    pub fn code(&self) -> Code {
        self.refusal.code
    }

    /// A problem that says only what its code says.
    pub fn of(code: Code) -> Self {
        Refusal::of(code).into()
    }

    /// A problem with a sentence for people.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Refusal::new(code, detail).into()
    }

    /// One value of the input that is wrong.
    pub fn at(fault: Fault) -> Self {
        let detail = fault.detail.clone();
        Refusal::from_faults(vec![fault]).unwrap_or_else(|| Refusal::new(Code::Invalid, detail)).into()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, retry_after: None }
    }
}

impl From<service::Error> for Problem {
    fn from(error: service::Error) -> Self {
        let retry_after = error.retry_after();
        let refusal = match error {
            service::Error::Refused { refusal, .. } => refusal,
            other => {
                tracing::error!(error = %other, "a use case failed");
                Refusal::of(other.code())
            }
        };
        Self { refusal, retry_after }
    }
}

/// The status of a kind of refusal.
pub(crate) fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Precondition => StatusCode::PRECONDITION_FAILED,
        Kind::Range => StatusCode::RANGE_NOT_SATISFIABLE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { refusal: Refusal { code, detail, mut errors }, retry_after } = self;
        let status = status(code.kind());
        let ours = status.is_server_error();
        errors.truncate(Refusal::MOST_FAULTS);
        let told = (!ours).then(|| Refusal { code, detail: detail.clone(), errors: errors.clone() });
        let document = Document {
            kind: format!("/api/docs#{code}"),
            title: code.title().to_owned(),
            status: status.as_u16(),
            code,
            detail: (!ours).then_some(detail),
            errors: (!ours).then_some(errors),
            request_id: ours.then(request_id::current).flatten(),
        };
        let mut response = (status, Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        let passes = matches!(code.kind(), Kind::TooMany | Kind::Unavailable);
        if let Some(seconds) = retry_after.or(passes.then_some(RETRY_AFTER_SECONDS)) {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if code.kind() == Kind::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"relabel\""));
        }
        // For whoever must know why without reading the body, such as safe retries.
        if let Some(refusal) = told {
            response.extensions_mut().insert(refusal);
        }
        response
    }
}

/// The refusals that any operation may answer, for the OpenAPI document.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its shape is read, by the OpenAPI document")]
pub(crate) enum Refusals {
    /// Refused; `code` says why.
    #[response(status = "4XX", content_type = "application/problem+json")]
    Refused(#[to_schema] Document),
    /// Failed on our side; nothing is changed.
    #[response(status = "5XX", content_type = "application/problem+json")]
    Failed(#[to_schema] Document),
}

#[cfg(test)]
mod tests {
    use super::{Problem, status};
    use axum::response::IntoResponse;
    use domain::problem::Code;
    use http::header;

    #[test]
    fn every_code_has_a_status_of_its_kind() {
        for code in Code::ALL {
            let status = status(code.kind());
            assert!(status.is_client_error() || status.is_server_error(), "{code}");
            assert_eq!(Problem::of(*code).into_response().status(), status);
        }
    }

    #[test]
    fn those_that_pass_say_when_to_come_back() {
        for (code, says) in
            [(Code::Unavailable, true), (Code::TooManyAttempts, true), (Code::StaleRev, false)]
        {
            let response = Problem::of(code).into_response();
            assert_eq!(response.headers().contains_key(header::RETRY_AFTER), says, "{code}");
        }
    }

    #[tokio::test]
    async fn a_failure_of_ours_says_nothing_of_its_cause() -> Result<(), Box<dyn std::error::Error>> {
        let response = Problem::new(Code::Internal, "the table is gone").into_response();
        let body = axum::body::to_bytes(response.into_body(), 4096).await?;
        assert!(!String::from_utf8_lossy(&body).contains("table"));
        Ok(())
    }
}
