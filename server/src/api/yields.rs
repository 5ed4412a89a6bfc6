//! What each reason for queueing yields.

use axum::{Json, extract::State};
use domain::view::yields::YieldView;
use service::{Services, usecase::yields::YieldFilter};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    extract::{Caller, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get))
}

/// Tasks answered and decided by reason, what became of the labels, and the audit slice as the baseline.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/yield", tag = "agreement",
    params(
        ("slug" = String, Path),
        ("from" = Option<String>, Query, description = "only what was answered and decided from this time on"),
        ("to" = Option<String>, Query, description = "only what was answered and decided before this time"),
    ),
    responses((status = 200, body = YieldView), Refusals))]
async fn get(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<YieldView>> {
    let filter = YieldFilter { from: query.time("from"), to: query.time("to") };
    query.finish()?;
    Ok(Json(services.yields().get(&actor, &slug(project)?, filter).await?))
}
