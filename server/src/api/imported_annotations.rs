//! Annotations that people made elsewhere: send.

use axum::{Json, extract::State};
use domain::view::intake::AnnotationImport;
use service::{Services, usecase::intake::AnnotationOptions};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::uploads::{OnErrorParams, from, on_error};
use crate::{
    extract::{Query, Upload},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(send))
}

/// Adds people's answers to known samples; of a person and a sample the first stays.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/annotations", tag = "intake",
    params(
        ("slug" = String, Path),
        OnErrorParams,
        ("from" = Option<String>, Query,
            description = "the program that wrote the records: `relabel` (default), `label_studio`, `argilla`, `doccano`"),
    ),
    request_body(content((String = "application/x-ndjson"), (Vec<Object> = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = AnnotationImport), Refusals))]
async fn send(
    State(services): State<Services>,
    mut query: Query,
    Upload { actor, project, spooled, format }: Upload,
) -> Result<Json<AnnotationImport>> {
    let options = AnnotationOptions { on_error: on_error(&mut query), dialect: from(&mut query) };
    query.finish()?;
    Ok(Json(services.intake().annotations(&actor, &project, spooled, format, options).await?))
}
