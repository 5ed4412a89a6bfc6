//! Users' reports from service: send.

use axum::{Json, extract::State};
use domain::view::intake::FeedbackImport;
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::uploads::{OnErrorParams, on_error};
use crate::{
    extract::{Query, Upload},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(send))
}

/// Adds users' reports from service; each opens a task or raises the open one.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/feedback", tag = "intake",
    params(("slug" = String, Path), OnErrorParams),
    request_body(content((String = "application/x-ndjson"), (Vec<Object> = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = FeedbackImport), Refusals))]
async fn send(
    State(services): State<Services>,
    mut query: Query,
    Upload { actor, project, spooled, format }: Upload,
) -> Result<Json<FeedbackImport>> {
    let on_error = on_error(&mut query);
    query.finish()?;
    Ok(Json(services.intake().feedback(&actor, &project, spooled, format, on_error).await?))
}
