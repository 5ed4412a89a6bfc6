//! Projects: create, list, read, change, archive.

use axum::{Json, extract::State, response::IntoResponse};
use domain::view::{
    Page,
    project::{NewProject, ProjectPatch, ProjectSummary, ProjectView},
};
use http::{StatusCode, header};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Input, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, update, archive))
}

/// The projects that the caller may see.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", params(PageParams),
    responses((status = 200, body = Page<ProjectSummary>), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    mut query: Query,
) -> Result<Json<Page<ProjectSummary>>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.projects().list(&actor, page).await?))
}

/// Creates a project.
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", request_body = NewProject,
    responses((status = 201, body = ProjectView), Refusals))]
async fn create(
    State(services): State<Services>,
    Caller(actor): Caller,
    query: Query,
    Input(input): Input<NewProject>,
) -> Result<impl IntoResponse> {
    query.finish()?;
    let project = services.projects().create(&actor, input).await?;
    let place = format!("/api/v1/projects/{}", project.slug);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(project)))
}

/// One project with its schema, guideline and settings.
#[utoipa::path(get, path = "/api/v1/projects/{slug}", tag = "projects", params(("slug" = String, Path)),
    responses((status = 200, body = ProjectView), Refusals))]
async fn get(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
) -> Result<Json<ProjectView>> {
    query.finish()?;
    Ok(Json(services.projects().get(&actor, &slug(project)?).await?))
}

/// Changes a project; what is absent stays. A changed schema or guideline becomes a new revision.
#[utoipa::path(patch, path = "/api/v1/projects/{slug}", tag = "projects", params(("slug" = String, Path)),
    request_body = ProjectPatch, responses((status = 200, body = ProjectView), Refusals))]
async fn update(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    Input(patch): Input<ProjectPatch>,
) -> Result<Json<ProjectView>> {
    query.finish()?;
    Ok(Json(services.projects().update(&actor, &slug(project)?, patch).await?))
}

/// Archives a project: it stays readable, and nothing of it changes any more.
#[utoipa::path(delete, path = "/api/v1/projects/{slug}", tag = "projects", params(("slug" = String, Path)),
    responses((status = 204), Refusals))]
async fn archive(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
) -> Result<StatusCode> {
    query.finish()?;
    services.projects().archive(&actor, &slug(project)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
