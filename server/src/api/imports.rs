//! The records of uploads.

use axum::{Json, extract::State};
use domain::{
    id::ImportId,
    view::{
        Page,
        intake::{ImportView, RejectedLine},
    },
};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Numbered, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get)).routes(routes!(rejected))
}

/// The uploads, the newest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/imports", tag = "intake",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<ImportView>), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<ImportView>>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.imports().list(&actor, &slug(project)?, page).await?))
}

/// One upload and what it did.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/imports/{import}", tag = "intake",
    params(("slug" = String, Path), ("import" = i64, Path)),
    responses((status = 200, body = ImportView), Refusals))]
async fn get(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, import)): Segments<(String, String)>,
    query: Query,
) -> Result<Json<ImportView>> {
    query.finish()?;
    Ok(Json(services.imports().get(&actor, &slug(project)?, ImportId::of_segment(&import)?).await?))
}

/// The lines of an upload that were left out, with what stands there and why.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/imports/{import}/rejected", tag = "intake",
    params(("slug" = String, Path), ("import" = i64, Path), PageParams),
    responses((status = 200, body = Page<RejectedLine>), Refusals))]
async fn rejected(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, import)): Segments<(String, String)>,
    mut query: Query,
) -> Result<Json<Page<RejectedLine>>> {
    let page = query.page();
    query.finish()?;
    let import = ImportId::of_segment(&import)?;
    Ok(Json(services.imports().rejected(&actor, &slug(project)?, import, page).await?))
}
