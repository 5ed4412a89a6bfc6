//! Annotations that people made elsewhere: send.

use axum::{Json, extract::State};
use domain::view::intake::AnnotationImport;
use service::{Services, usecase::intake::AnnotationOptions};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::uploads::{OnErrorParams, from, on_error};
use crate::{
    extract::{Caller, Query, Segments, Upload, slug},
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
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
    upload: Upload,
) -> Result<Json<AnnotationImport>> {
    let options = AnnotationOptions { on_error: on_error(&mut query), dialect: from(&mut query) };
    query.finish()?;
    let import = services
        .intake()
        .annotations(&actor, &slug(project)?, upload.spooled, upload.format, options)
        .await?;
    Ok(Json(import))
}
