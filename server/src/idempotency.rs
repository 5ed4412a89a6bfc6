//! `Idempotency-Key`: the same request again is answered with the first answer.
//!
//! This middleware only says which request it is; the use cases remember results in their own transactions, so that
//! an effect and its answer are kept or lost together.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::problem::{Code, Refusal};
use http::Method;
use service::{Services, actor::Actor, idempotency};
use sha2::{Digest, Sha256};

use crate::{extract::Caller, problem::Problem};

const HEADER: &str = "idempotency-key";

/// The longest key in bytes.
const LONGEST: usize = 255;

/// Runs the request under its key, where it is a POST with one.
pub(crate) async fn layer(State(services): State<Services>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let Some(key) = request.headers().get(HEADER) else { return next.run(request).await };
    let key = key.to_str().ok().filter(|key| (1..=LONGEST).contains(&key.len())).map(str::to_owned);
    let Some(key) = key else {
        let detail = format!("Idempotency-Key has 1 to {LONGEST} visible ASCII characters");
        return Problem::new(Code::Invalid, detail).into_response();
    };
    let Some(principal) = request.extensions().get::<Caller>().and_then(|Caller(actor)| principal(actor))
    else {
        return Problem::of(Code::Unauthenticated).into_response();
    };
    let identity = idempotency::Request {
        principal,
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        key,
        body_hash: hash(&hex::encode(Sha256::digest(b"")), request.uri().query()),
    };
    let answer = async move {
        let response = next.run(request).await;
        // What the body itself is refused for never reaches a use case.
        let Some(refusal) = response.extensions().get::<Refusal>().cloned() else { return response };
        match services.keep_refusal(refusal).await {
            Ok(()) => response,
            Err(error) => Problem::from(error).into_response(),
        }
    };
    idempotency::scope(identity, answer).await
}

/// Says what the body was, once it is read. The query is input like the body, so it counts as part of it.
pub(crate) fn note_body(sha256: &str, query: Option<&str>) {
    idempotency::set_body_hash(&hash(sha256, query));
}

fn hash(sha256: &str, query: Option<&str>) -> String {
    match query {
        None | Some("") => sha256.to_owned(),
        Some(query) => hex::encode(Sha256::digest(format!("{sha256}?{query}"))),
    }
}

fn principal(actor: &Actor) -> Option<String> {
    match (actor.token(), actor.user()) {
        (Some(token), _) => Some(format!("token:{token}")),
        (None, Some(user)) => Some(format!("user:{user}")),
        (None, None) => None,
    }
}
