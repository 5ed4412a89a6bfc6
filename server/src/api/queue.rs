//! The queue: claiming tasks.

use axum::{Json, extract::State};
use domain::view::annotate::{ClaimInput, Claimed};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    extract::{Caller, Input, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(claim))
}

/// Takes tasks, at most `count` in all: those already held first, then by priority.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/claim", tag = "annotating", params(("slug" = String, Path)),
    request_body = ClaimInput, responses((status = 200, body = Claimed), Refusals))]
async fn claim(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    Input(input): Input<ClaimInput>,
) -> Result<Json<Claimed>> {
    query.finish()?;
    Ok(Json(services.queue().claim(&actor, &slug(project)?, input).await?))
}
