//! Leases: submit, skip, release, renew.

use axum::{Json, extract::State};
use domain::view::annotate::{Renewed, SkipInput, SubmitInput, Submitted};
use http::StatusCode;
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    extract::{Caller, Input, Nothing, Query, Segments},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(submit))
        .routes(routes!(skip))
        .routes(routes!(release))
        .routes(routes!(renew))
}

/// Records the caller's answer to the task that the lease holds.
#[utoipa::path(post, path = "/api/v1/leases/{lease}/submit", tag = "annotating", params(("lease" = String, Path)),
    request_body = SubmitInput, responses((status = 201, body = Submitted), Refusals))]
async fn submit(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(lease): Segments<String>,
    query: Query,
    Input(input): Input<SubmitInput>,
) -> Result<(StatusCode, Json<Submitted>)> {
    query.finish()?;
    let submitted = services.annotations().submit(&actor, &lease, input).await?;
    Ok((StatusCode::CREATED, Json(submitted)))
}

/// Gives the task back for good: it is never served to the caller again.
#[utoipa::path(post, path = "/api/v1/leases/{lease}/skip", tag = "annotating", params(("lease" = String, Path)),
    request_body = SkipInput, responses((status = 204), Refusals))]
async fn skip(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(lease): Segments<String>,
    query: Query,
    Input(input): Input<SkipInput>,
) -> Result<StatusCode> {
    query.finish()?;
    services.queue().skip(&actor, &lease, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the task back; it may be served to the caller again.
#[utoipa::path(post, path = "/api/v1/leases/{lease}/release", tag = "annotating", params(("lease" = String, Path)),
    request_body = Nothing, responses((status = 204), Refusals))]
async fn release(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(lease): Segments<String>,
    query: Query,
    Input(Nothing {}): Input<Nothing>,
) -> Result<StatusCode> {
    query.finish()?;
    services.queue().release(&actor, &lease).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Holds the task longer, up to eight times the project's `lease_seconds` from the claim.
#[utoipa::path(post, path = "/api/v1/leases/{lease}/renew", tag = "annotating", params(("lease" = String, Path)),
    request_body = Nothing, responses((status = 200, body = Renewed), Refusals))]
async fn renew(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(lease): Segments<String>,
    query: Query,
    Input(Nothing {}): Input<Nothing>,
) -> Result<Json<Renewed>> {
    query.finish()?;
    Ok(Json(services.queue().renew(&actor, &lease).await?))
}
