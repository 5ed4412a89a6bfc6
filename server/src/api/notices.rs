//! Notices about people whose answers fell below the level, as managers and as they themselves see them.

use axum::{Json, extract::State};
use domain::{
    id::NoticeId,
    view::{
        Page,
        notice::{Notice, OwnStanding},
    },
};
use http::StatusCode;
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Input, Nothing, Numbered, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_notices))
        .routes(routes!(close_notice))
        .routes(routes!(own_standing))
        .routes(routes!(see_notice))
}

/// The notices, the newest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/notices", tag = "quality",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<Notice>), Refusals))]
async fn list_notices(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<Notice>>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.notices().list(&actor, &slug(project)?, page).await?))
}

/// Closes a notice: it is dealt with, and only results after it count from now on.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/notices/{notice}/close", tag = "quality",
    params(("slug" = String, Path), ("notice" = i64, Path)), request_body = Nothing,
    responses((status = 200, body = Notice), Refusals))]
async fn close_notice(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, notice)): Segments<(String, String)>,
    query: Query,
    Input(Nothing {}): Input<Nothing>,
) -> Result<Json<Notice>> {
    query.finish()?;
    let notice = NoticeId::of_segment(&notice)?;
    Ok(Json(services.notices().close(&actor, &slug(project)?, notice).await?))
}

/// Whether the caller is paused, and the notices to them.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/me/standing", tag = "annotating", params(("slug" = String, Path)),
    responses((status = 200, body = OwnStanding), Refusals))]
async fn own_standing(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
) -> Result<Json<OwnStanding>> {
    query.finish()?;
    Ok(Json(services.notices().own(&actor, &slug(project)?).await?))
}

/// Notes that the caller has seen a notice to them, so that claims name it no more.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/me/notices/{notice}/seen", tag = "annotating",
    params(("slug" = String, Path), ("notice" = i64, Path)), request_body = Nothing,
    responses((status = 204), Refusals))]
async fn see_notice(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, notice)): Segments<(String, String)>,
    query: Query,
    Input(Nothing {}): Input<Nothing>,
) -> Result<StatusCode> {
    query.finish()?;
    services.notices().see(&actor, &slug(project)?, NoticeId::of_segment(&notice)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
