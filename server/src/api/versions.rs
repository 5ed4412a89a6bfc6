//! Versions: cut, list, read, what is staged, revert.

use axum::{Json, extract::State, response::IntoResponse};
use domain::view::{
    Page,
    version::{CutInput, RevertInput, Staged, VersionView},
};
use http::{StatusCode, header};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Input, Query, Segments, slug, version_ref},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, cut))
        .routes(routes!(staged))
        .routes(routes!(get))
        .routes(routes!(revert))
}

/// The versions, the newest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/versions", tag = "versions",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<VersionView>), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<VersionView>>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.versions().list(&actor, &slug(project)?, page).await?))
}

/// Cuts the staged decisions into a new version.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/versions", tag = "versions", params(("slug" = String, Path)),
    request_body = CutInput, responses((status = 201, body = VersionView), Refusals))]
async fn cut(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    Input(input): Input<CutInput>,
) -> Result<impl IntoResponse> {
    query.finish()?;
    let project = slug(project)?;
    let version = services.versions().cut(&actor, &project, input).await?;
    let place = format!("/api/v1/projects/{project}/versions/{}", version.number);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(version)))
}

/// What the next cut would hold.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/versions/staged", tag = "versions",
    params(("slug" = String, Path), PageParams), responses((status = 200, body = Staged), Refusals))]
async fn staged(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Staged>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.versions().staged(&actor, &slug(project)?, page).await?))
}

/// One version; `ref` is a number, `latest` or a tag.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/versions/{ref}", tag = "versions",
    params(("slug" = String, Path), ("ref" = String, Path)),
    responses((status = 200, body = VersionView), Refusals))]
async fn get(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, version)): Segments<(String, String)>,
    query: Query,
) -> Result<Json<VersionView>> {
    query.finish()?;
    Ok(Json(services.versions().get(&actor, &slug(project)?, &version_ref(&version)?).await?))
}

/// Makes a new version whose labels equal those of `ref`.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/versions/{ref}/revert", tag = "versions",
    params(("slug" = String, Path), ("ref" = String, Path)), request_body = RevertInput,
    responses((status = 201, body = VersionView), Refusals))]
async fn revert(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, version)): Segments<(String, String)>,
    query: Query,
    Input(input): Input<RevertInput>,
) -> Result<impl IntoResponse> {
    query.finish()?;
    let project = slug(project)?;
    let reverted = services.versions().revert(&actor, &project, &version_ref(&version)?, input).await?;
    let place = format!("/api/v1/projects/{project}/versions/{}", reverted.number);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(reverted)))
}
