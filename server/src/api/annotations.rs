//! One's own annotations: take one back, list the last ones.

use axum::{Json, extract::State};
use domain::{
    id::AnnotationId,
    view::{
        Page,
        annotate::{ClaimItem, OwnAnnotation},
    },
};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Input, Nothing, Numbered, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(undo)).routes(routes!(list_own))
}

/// Takes an own answer back, until a person has decided or the label is cut; gives a fresh lease on the same slot.
#[utoipa::path(post, path = "/api/v1/annotations/{annotation}/undo", tag = "annotating",
    params(("annotation" = i64, Path)), request_body = Nothing,
    responses((status = 200, body = ClaimItem), Refusals))]
async fn undo(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(annotation): Segments<String>,
    query: Query,
    Input(Nothing {}): Input<Nothing>,
) -> Result<Json<ClaimItem>> {
    query.finish()?;
    Ok(Json(services.annotations().undo(&actor, AnnotationId::of_segment(&annotation)?).await?))
}

/// The caller's own answers, the newest first, with their outcome after the decision.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/me/annotations", tag = "annotating",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<OwnAnnotation>), Refusals))]
async fn list_own(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<OwnAnnotation>>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.annotations().own(&actor, &slug(project)?, page).await?))
}
