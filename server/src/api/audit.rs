//! The audit log: who changed what, and when.

use axum::{Json, extract::State};
use domain::view::{Page, audit::AuditEntry};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// The changes of a project, the newest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/audit", tag = "operations",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<AuditEntry>), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<AuditEntry>>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.audit().list(&actor, &slug(project)?, page).await?))
}
