//! Tags: movable names for versions.

use axum::{Json, extract::State};
use domain::{
    name::TagName,
    problem::Code,
    view::{
        Page,
        version::{TagInput, TagMove, TagView},
    },
};
use http::StatusCode;
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::{PageParams, of_whole};
use crate::{
    extract::{Caller, Input, Query, Segments, as_body, slug},
    problem::{Problem, Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(set, delete)).routes(routes!(tag_history))
}

/// The tags, by name.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/tags", tag = "versions",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<TagView>), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<TagView>>> {
    let page = query.page();
    query.finish()?;
    let tags = services.tags().list(&actor, &slug(project)?).await?;
    Ok(Json(of_whole(tags, &page, |tag| tag.tag.to_string())?))
}

/// Sets a tag, moves it to another version, protects it, or takes its protection away.
#[utoipa::path(put, path = "/api/v1/projects/{slug}/tags/{tag}", tag = "versions",
    params(("slug" = String, Path), ("tag" = String, Path)), request_body = TagInput,
    responses((status = 200, body = TagView), Refusals))]
async fn set(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, tag)): Segments<(String, String)>,
    query: Query,
    Input(input): Input<TagInput>,
) -> Result<Json<TagView>> {
    query.finish()?;
    let tag = TagName::parse(tag).map_err(|error| as_body("tag", Code::InvalidName, error.to_string()))?;
    Ok(Json(services.tags().set(&actor, &slug(project)?, &tag, input).await?))
}

/// Every move of a tag, the newest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/tags/{tag}/history", tag = "versions",
    params(("slug" = String, Path), ("tag" = String, Path), PageParams),
    responses((status = 200, body = Page<TagMove>), Refusals))]
async fn tag_history(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, tag)): Segments<(String, String)>,
    mut query: Query,
) -> Result<Json<Page<TagMove>>> {
    let page = query.page();
    query.finish()?;
    let tag = TagName::parse(tag).map_err(|_| Problem::of(Code::NotFound))?;
    Ok(Json(services.tags().history(&actor, &slug(project)?, &tag, page).await?))
}

/// Deletes a tag; the version stays.
#[utoipa::path(delete, path = "/api/v1/projects/{slug}/tags/{tag}", tag = "versions",
    params(("slug" = String, Path), ("tag" = String, Path)), responses((status = 204), Refusals))]
async fn delete(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, tag)): Segments<(String, String)>,
    query: Query,
) -> Result<StatusCode> {
    query.finish()?;
    let tag = TagName::parse(tag).map_err(|_| Problem::of(Code::NotFound))?;
    services.tags().delete(&actor, &slug(project)?, &tag).await?;
    Ok(StatusCode::NO_CONTENT)
}
