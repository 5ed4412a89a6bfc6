//! Predictions of models: send.

use axum::{Json, extract::State};
use domain::view::intake::PredictionImport;
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

/// Adds predictions; the newest of a sample and question counts.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/predictions", tag = "intake",
    params(("slug" = String, Path), OnErrorParams),
    request_body(content((String = "application/x-ndjson"), (Vec<Object> = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = PredictionImport), Refusals))]
async fn send(
    State(services): State<Services>,
    mut query: Query,
    Upload { actor, project, spooled, format }: Upload,
) -> Result<Json<PredictionImport>> {
    let on_error = on_error(&mut query);
    query.finish()?;
    Ok(Json(services.intake().predictions(&actor, &project, spooled, format, on_error).await?))
}
