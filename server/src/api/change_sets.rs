//! Change sets: many decisions prepared at once, which reviewers make.

use axum::{Json, extract::State, response::IntoResponse};
use domain::{
    id::ChangeSetId,
    problem::Code,
    time::Timestamp,
    view::{
        Page,
        change_set::{
            ChangeSetInput, ChangeSetPrepared, ChangeSetPreview, ChangeSetUndone, ChangeSetView,
            ProposalsApproved,
        },
    },
};
use http::{StatusCode, header};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Input, Numbered, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_change_sets, prepare_change_set))
        .routes(routes!(preview_change_set))
        .routes(routes!(get_change_set))
        .routes(routes!(approve_change_set))
        .routes(routes!(undo_change_set))
}

/// The change sets, the newest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/change-sets", tag = "review",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<ChangeSetView>), Refusals))]
async fn list_change_sets(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<ChangeSetView>>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.change_sets().list(&actor, &slug(project)?, page).await?))
}

/// Proposes the labels from before an annotator's answers, each as a task in review.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/change-sets", tag = "review", params(("slug" = String, Path)),
    request_body = ChangeSetInput, responses((status = 201, body = ChangeSetPrepared), Refusals))]
async fn prepare_change_set(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    Input(input): Input<ChangeSetInput>,
) -> Result<impl IntoResponse> {
    query.finish()?;
    let project = slug(project)?;
    let prepared = services.change_sets().prepare(&actor, &project, input).await?;
    let place = format!("/api/v1/projects/{project}/change-sets/{}", prepared.change_set);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(prepared)))
}

/// How many labels a change set would be about; changes nothing.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/change-sets/preview", tag = "review",
    params(
        ("slug" = String, Path),
        ("annotator" = String, Query, description = "the annotator's e-mail address or imported name"),
        ("since" = Timestamp, Query, description = "from when on"),
    ),
    responses((status = 200, body = ChangeSetPreview), Refusals))]
async fn preview_change_set(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<ChangeSetPreview>> {
    let annotator = query.text("annotator");
    if annotator.is_none() {
        query.fault("annotator", Code::Missing, "is missing");
    }
    let has_since = query.has("since");
    let since = query.time("since");
    if !has_since {
        query.fault("since", Code::Missing, "is missing");
    }
    query.finish()?;
    let (annotator, since) = (annotator.unwrap_or_default(), since.unwrap_or(Timestamp(0)));
    Ok(Json(services.change_sets().preview(&actor, &slug(project)?, &annotator, since).await?))
}

/// One change set, with how far its review is.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/change-sets/{change_set}", tag = "review",
    params(("slug" = String, Path), ("change_set" = i64, Path)),
    responses((status = 200, body = ChangeSetView), Refusals))]
async fn get_change_set(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, set)): Segments<(String, String)>,
    query: Query,
) -> Result<Json<ChangeSetView>> {
    query.finish()?;
    let id = ChangeSetId::of_segment(&set)?;
    Ok(Json(services.change_sets().get(&actor, &slug(project)?, id).await?))
}

/// Approves up to 200 of the proposals that nobody has answered or decided yet.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/change-sets/{change_set}/approve", tag = "review",
    params(("slug" = String, Path), ("change_set" = i64, Path)),
    responses((status = 200, body = ProposalsApproved), Refusals))]
async fn approve_change_set(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, set)): Segments<(String, String)>,
    query: Query,
) -> Result<Json<ProposalsApproved>> {
    query.finish()?;
    let id = ChangeSetId::of_segment(&set)?;
    Ok(Json(services.change_sets().approve(&actor, &slug(project)?, id).await?))
}

/// Undoes the change set of a rule as one, before its labels are in a version.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/change-sets/{change_set}/undo", tag = "review",
    params(("slug" = String, Path), ("change_set" = i64, Path)),
    responses((status = 200, body = ChangeSetUndone), Refusals))]
async fn undo_change_set(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, set)): Segments<(String, String)>,
    query: Query,
) -> Result<Json<ChangeSetUndone>> {
    query.finish()?;
    let id = ChangeSetId::of_segment(&set)?;
    Ok(Json(services.change_sets().undo(&actor, &slug(project)?, id).await?))
}
