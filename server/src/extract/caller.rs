//! Who calls: the bearer of a token or, where a route says so, the browser's session.

use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::Response,
};
use domain::{id::UserId, problem::Code};
use http::{HeaderMap, header, request::Parts};
use service::{Services, actor::Actor};
use tower_sessions::Session;

use crate::problem::{Problem, Result};

/// The caller, put into the request by [`authenticate`].
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Actor);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::of(Code::Unauthenticated))
    }
}

/// Middleware: nobody without a token comes further.
pub(crate) async fn authenticate(
    State(services): State<Services>,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    let token = bearer(request.headers())?.ok_or_else(missing)?;
    let actor = services.tokens().authenticate(token).await?;
    request.extensions_mut().insert(Caller(actor));
    Ok(next.run(request).await)
}

/// Middleware: a token or, without one, the session of somebody who is signed in.
pub(crate) async fn authenticate_or_session(
    State(services): State<Services>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    let actor = match bearer(request.headers())? {
        Some(token) => services.tokens().authenticate(token).await?,
        None => signed_in(&services, &session).await?.ok_or_else(missing)?,
    };
    request.extensions_mut().insert(Caller(actor));
    Ok(next.run(request).await)
}

async fn signed_in(services: &Services, session: &Session) -> Result<Option<Actor>> {
    let user = session.get::<i64>(app::session::USER_KEY).await.map_err(|error| {
        tracing::error!(%error, "a session cannot be read");
        Problem::of(Code::Unavailable)
    })?;
    match user {
        Some(user) => Ok(services.accounts().actor(UserId(user)).await?),
        None => Ok(None),
    }
}

fn missing() -> Problem {
    Problem::new(Code::Unauthenticated, "Send a token: `Authorization: Bearer rlb_…`.")
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    token.filter(|token| !token.is_empty()).map(Some).ok_or_else(missing)
}
