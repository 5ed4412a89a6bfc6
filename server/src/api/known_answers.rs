//! Known answers: marking samples, and what people's answers to them say.

use axum::{Json, extract::State, response::IntoResponse};
use domain::view::{
    Page,
    known::{KnownAnswer, KnownAnswersInput, KnownAnswersMarked, KnownResults},
};
use http::StatusCode;
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::{PageParams, of_whole};
use crate::{
    extract::{Caller, Input, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_known_answers, mark_known_answers))
        .routes(routes!(retire_known_answer))
        .routes(routes!(known_results))
}

/// The samples whose answers are known, by id.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/known-answers", tag = "quality",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<KnownAnswer>), Refusals))]
async fn list_known_answers(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<KnownAnswer>>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.known_answers().list(&actor, &slug(project)?, page).await?))
}

/// Marks samples as known, with the answers given or with their labels: all, or none.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/known-answers", tag = "quality", params(("slug" = String, Path)),
    request_body = KnownAnswersInput, responses((status = 201, body = KnownAnswersMarked), Refusals))]
async fn mark_known_answers(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    Input(input): Input<KnownAnswersInput>,
) -> Result<impl IntoResponse> {
    query.finish()?;
    let marked = services.known_answers().mark(&actor, &slug(project)?, input).await?;
    Ok((StatusCode::CREATED, Json(marked)))
}

/// Takes the mark of a sample back: nobody is asked for it any more, and its results count no more.
#[utoipa::path(delete, path = "/api/v1/projects/{slug}/known-answers/{id}", tag = "quality",
    params(("slug" = String, Path), ("id" = String, Path)), responses((status = 204), Refusals))]
async fn retire_known_answer(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, id)): Segments<(String, String)>,
    query: Query,
) -> Result<StatusCode> {
    query.finish()?;
    services.known_answers().retire(&actor, &slug(project)?, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What each person's last answers to known-answer tasks say, by name.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/known-results", tag = "quality",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<KnownResults>), Refusals))]
async fn known_results(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<KnownResults>>> {
    let page = query.page();
    query.finish()?;
    let results = services.known_answers().results(&actor, &slug(project)?).await?;
    Ok(Json(of_whole(results, &page, |one| one.annotator.clone())?))
}
