//! How long a request waits for a database that may be gone.
//!
//! A connection that breaks is noticed at once, and one that hangs only when the system gives it up: the machine at its other
//! end may have stopped. So while a request waits long, somebody looks whether the database still answers others; where it
//! does, the work goes on for as long as it takes.

use crate::{problem::Problem, state::AppState};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::problem::Code;
use std::{pin::pin, time::Duration};

/// How long a request waits before somebody looks, each time.
const LOOK_AFTER: Duration = Duration::from_secs(5);

/// Answers 503 for a request that waits while the database does not answer. What it had begun is not committed, or its
/// outcome is unknown: an `Idempotency-Key` makes it safe to send again.
pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut answer = pin!(next.run(request));
    loop {
        tokio::select! {
            answer = &mut answer => return answer,
            () = tokio::time::sleep(LOOK_AFTER) => {}
        }
        tokio::select! {
            answer = &mut answer => return answer,
            answers = state.services.answers() => if !answers {
                tracing::warn!("the database does not answer");
                return Problem::of(Code::Unavailable).into_response();
            },
        }
    }
}
