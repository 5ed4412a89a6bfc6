//! Members of a project and their roles.

use axum::{Json, extract::State};
use domain::{
    name::Email,
    problem::Code,
    view::{Page, account::MemberView, project::MemberInput},
};
use http::StatusCode;
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::{PageParams, of_whole};
use crate::{
    extract::{Caller, Input, Nothing, Query, Segments, slug},
    problem::{Problem, Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, set))
        .routes(routes!(remove))
        .routes(routes!(pause))
        .routes(routes!(resume))
}

/// The members, by e-mail address.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/members", tag = "members",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<MemberView>), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<MemberView>>> {
    let page = query.page();
    query.finish()?;
    let members = services.members().list(&actor, &slug(project)?).await?;
    Ok(Json(of_whole(members, &page, |member| member.email.to_string())?))
}

/// Adds an existing user as a member, or changes a member's role.
#[utoipa::path(put, path = "/api/v1/projects/{slug}/members", tag = "members", params(("slug" = String, Path)),
    request_body = MemberInput, responses((status = 200, body = MemberView), Refusals))]
async fn set(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    Input(input): Input<MemberInput>,
) -> Result<Json<MemberView>> {
    query.finish()?;
    Ok(Json(services.members().set(&actor, &slug(project)?, input).await?))
}

/// Removes a member; their answers stay.
#[utoipa::path(delete, path = "/api/v1/projects/{slug}/members/{email}", tag = "members",
    params(("slug" = String, Path), ("email" = String, Path)), responses((status = 204), Refusals))]
async fn remove(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, email)): Segments<(String, String)>,
    query: Query,
) -> Result<StatusCode> {
    query.finish()?;
    services.members().remove(&actor, &slug(project)?, &named(&email)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Serves nothing more to a member until they are resumed; what they hold they may finish.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/members/{email}/pause", tag = "members",
    params(("slug" = String, Path), ("email" = String, Path)), request_body = Nothing,
    responses((status = 200, body = MemberView), Refusals))]
async fn pause(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, email)): Segments<(String, String)>,
    query: Query,
    Input(Nothing {}): Input<Nothing>,
) -> Result<Json<MemberView>> {
    query.finish()?;
    Ok(Json(services.members().pause(&actor, &slug(project)?, &named(&email)?).await?))
}

/// Lets a paused member go on, and closes the notice about them.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/members/{email}/resume", tag = "members",
    params(("slug" = String, Path), ("email" = String, Path)), request_body = Nothing,
    responses((status = 200, body = MemberView), Refusals))]
async fn resume(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, email)): Segments<(String, String)>,
    query: Query,
    Input(Nothing {}): Input<Nothing>,
) -> Result<Json<MemberView>> {
    query.finish()?;
    Ok(Json(services.members().resume(&actor, &slug(project)?, &named(&email)?).await?))
}

/// What is no address is nobody's.
fn named(email: &str) -> Result<Email> {
    Email::parse(email.to_lowercase()).map_err(|_| Problem::of(Code::NotFound))
}
