//! How server functions answer: done, refused, or failed.
//!
//! An expected refusal is an `Ok`, so that the browser's console stays silent; a failure is an `Err`. Neither
//! carries a sentence: the page translates the code. After a form that was posted without JavaScript the
//! answer becomes a redirect (303) whose address says what became of which form: `?done=sign_in`, or
//! `?refused=wrong_credentials&form=sign_in`, with the place of the first fault in `at` where the input has one.

use domain::problem::{Code, Fault};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// What a server function answers when the server works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply<T> {
    /// It was done.
    Done(T),
    /// It was refused, and nothing was changed.
    Refused(Refused),
}

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The stable code; `refusal_text` has its sentence.
    pub code: Code,
    /// The places of the input that are wrong.
    pub errors: Vec<Fault>,
}

/// The server could not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// It is not reachable; the request may or may not have arrived.
    #[error("unreachable")]
    Unreachable,
    /// It is busy, and said so.
    #[error("unavailable")]
    Unavailable,
    /// Its disk is full.
    #[error("storage_full")]
    StorageFull,
    /// It failed.
    #[error("internal")]
    Internal,
}

/// What every server function returns.
pub type Answer<T> = Result<Reply<T>, Failure>;

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            _ => Self::Internal,
        }
    }
}

impl Failure {
    /// The code of the refusal that says the same.
    pub fn code(self) -> Code {
        match self {
            Self::Unreachable | Self::Unavailable => Code::Unavailable,
            Self::StorageFull => Code::StorageFull,
            Self::Internal => Code::Internal,
        }
    }
}

impl<T> Reply<T> {
    /// The value, where it was done.
    pub fn done(self) -> Option<T> {
        match self {
            Self::Done(value) => Some(value),
            Self::Refused(_) => None,
        }
    }
}

impl Refused {
    /// A refusal that says only its code.
    pub fn of(code: Code) -> Self {
        Self { code, errors: Vec::new() }
    }
}

#[cfg(feature = "ssr")]
pub use server::{is_plain_form, load, set_status, submit, submit_then};

#[cfg(feature = "ssr")]
mod server {
    use super::{Answer, Failure, Refused, Reply};
    use crate::address::escape;
    use domain::problem::{Code, Kind};
    use http::{HeaderValue, Method, StatusCode, header, request::Parts};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    /// The answer of a server function that only reads.
    pub fn load<T>(result: service::Result<T>) -> Answer<T> {
        match result {
            Ok(value) => Ok(Reply::Done(value)),
            Err(service::Error::Refused { refusal, .. }) => {
                Ok(Reply::Refused(Refused { code: refusal.code, errors: refusal.errors }))
            }
            Err(error) => {
                tracing::error!(code = %error.code(), %error, "server function failed");
                let failure = match error.code() {
                    Code::StorageFull => Failure::StorageFull,
                    code if code.kind() == Kind::Unavailable => Failure::Unavailable,
                    _ => Failure::Internal,
                };
                // Leptos would answer 500 to each.
                set_status(failure.code());
                Err(failure)
            }
        }
    }

    /// The answer of a server function that changes something; a plain form comes back to its page.
    pub fn submit<T>(result: service::Result<T>) -> Answer<T> {
        submit_then(result, |_| None)
    }

    /// As [`submit`]; a plain form that was accepted goes on to the path that `onward` gives.
    pub fn submit_then<T>(
        result: service::Result<T>,
        onward: impl FnOnce(&T) -> Option<String>,
    ) -> Answer<T> {
        let answer = load(result);
        let Some(page) = page_of_plain_form() else { return answer };
        see_other(&match &answer {
            Ok(Reply::Done(value)) => onward(value).unwrap_or_else(|| with_outcome(&page, None)),
            Ok(Reply::Refused(refused)) => with_outcome(&page, Some(refused)),
            Err(failure) => with_outcome(&page, Some(&Refused::of(failure.code()))),
        });
        answer
    }

    /// Gives the page that is being rendered the status that fits what it says.
    pub fn set_status(code: Code) {
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(match code.kind() {
                Kind::Malformed | Kind::Invalid => StatusCode::BAD_REQUEST,
                Kind::NotFound => StatusCode::NOT_FOUND,
                Kind::Forbidden | Kind::Unauthenticated => StatusCode::FORBIDDEN,
                Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
                Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::CONFLICT,
            });
            if code.kind() == Kind::Unavailable {
                response.insert_header(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
        }
    }

    /// Whether a browser sent the form by itself, without the app's help.
    pub fn is_plain_form() -> bool {
        page_of_plain_form().is_some()
    }

    /// Where a form without JavaScript was posted from, and its endpoint; none for every other request.
    fn page_of_plain_form() -> Option<Page> {
        let parts = use_context::<Parts>()?;
        let text = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let is_plain = parts.method == Method::POST
            && text(header::ACCEPT).is_some_and(|kinds| kinds.contains("text/html"));
        is_plain.then(|| Page {
            address: text(header::REFERER).map_or_else(|| "/".to_owned(), path_of),
            form: parts.uri.path().rsplit('/').next().unwrap_or_default().to_owned(),
        })
    }

    struct Page {
        address: String,
        form: String,
    }

    fn see_other(path: &str) {
        if let (Some(response), Ok(place)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(path)) {
            response.set_status(StatusCode::SEE_OTHER);
            response.insert_header(header::LOCATION, place);
        }
    }

    /// Path and query of an address: what another site may have put before them is dropped.
    fn path_of(address: &str) -> String {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let path = rest.find('/').map_or("/", |at| &rest[at..]);
        let path = path.split('#').next().unwrap_or("/");
        if path.starts_with("//") { "/".to_owned() } else { path.to_owned() }
    }

    /// The page with what became of its form, and without what became of the one before.
    fn with_outcome(page: &Page, refused: Option<&Refused>) -> String {
        let (path, query) = page.address.split_once('?').unwrap_or((&page.address, ""));
        let is_outcome = |pair: &&str| {
            ["done", "refused", "form", "at", "__path", "__err"]
                .contains(&pair.split('=').next().unwrap_or_default())
        };
        let mut pairs: Vec<&str> =
            query.split('&').filter(|pair| !pair.is_empty() && !is_outcome(pair)).collect();
        let outcome = match refused {
            None => format!("done={}", page.form),
            Some(refused) => {
                // `invalid` alone says little: the first place's own code stands for it.
                let first = refused.errors.first();
                let code = match first {
                    Some(fault) if refused.code == Code::Invalid => fault.code,
                    _ => refused.code,
                };
                let at = first.and_then(|fault| fault.pointer.as_deref()).filter(|at| !at.is_empty());
                let at = at.map(|at| format!("&at={}", escape(at))).unwrap_or_default();
                format!("refused={code}&form={}{at}", page.form)
            }
        };
        pairs.push(&outcome);
        format!("{path}?{}", pairs.join("&"))
    }

    #[cfg(test)]
    mod tests {
        use super::{Page, Refused, path_of, with_outcome};
        use domain::problem::{Code, Fault};

        #[test]
        fn a_form_comes_back_to_its_own_site_only() {
            assert_eq!(path_of("https://relabel.example/projects/a?cursor=x#note"), "/projects/a?cursor=x");
            assert_eq!(path_of("https://relabel.example"), "/");
            assert_eq!(path_of("https://relabel.example//evil.example/"), "/");
        }

        #[test]
        fn an_outcome_replaces_the_one_before() {
            let page = |address: &str| Page { address: address.to_owned(), form: "decide".to_owned() };
            assert_eq!(with_outcome(&page("/account"), None), "/account?done=decide");
            assert_eq!(
                with_outcome(
                    &page("/r?state=open&refused=stale_rev&form=decide"),
                    Some(&Refused::of(Code::Forbidden))
                ),
                "/r?state=open&refused=forbidden&form=decide"
            );
            let fault = Fault::at("/settings/a b", Code::OutOfRange, "");
            assert_eq!(
                with_outcome(
                    &page("/r?refused=invalid&form=decide&at=%2Fx"),
                    Some(&Refused { code: Code::Invalid, errors: vec![fault] })
                ),
                "/r?refused=out_of_range&form=decide&at=%2Fsettings%2Fa%20b"
            );
        }
    }
}
