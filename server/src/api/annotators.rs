//! What each person's answers are like.

use axum::{Json, extract::State};
use domain::{
    id::AnnotatorId,
    view::{
        Page,
        annotator::{AnnotatorList, AnnotatorPage, AnnotatorView, OwnWork},
    },
};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::{PageParams, of_whole};
use crate::{
    extract::{Caller, Numbered, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(own)).routes(routes!(get))
}

/// Everybody whose answers to a question count, in the order of their names; the first question where none is named.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/annotators", tag = "agreement",
    params(("slug" = String, Path), ("question" = Option<String>, Query), PageParams),
    responses((status = 200, body = AnnotatorPage), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<AnnotatorPage>> {
    let page = query.page();
    let question = question(query)?;
    let AnnotatorList { question, method, computed_at, annotators } =
        services.quality().list(&actor, &slug(project)?, question).await?;
    let Page { items, next_cursor } =
        of_whole(annotators, &page, |line| (line.name.to_lowercase(), line.annotator))?;
    Ok(Json(AnnotatorPage { question, method, computed_at, items, next_cursor }))
}

/// The caller's own answers, as far as they may know: of approved tasks alone, and no share of fewer than five answers.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/annotators/me", tag = "agreement",
    params(("slug" = String, Path), ("question" = Option<String>, Query)),
    responses((status = 200, body = OwnWork), Refusals))]
async fn own(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
) -> Result<Json<OwnWork>> {
    let question = question(query)?;
    Ok(Json(services.quality().own(&actor, &slug(project)?, question).await?))
}

/// One person's answers to a question.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/annotators/{annotator}", tag = "agreement",
    params(("slug" = String, Path), ("annotator" = i64, Path), ("question" = Option<String>, Query)),
    responses((status = 200, body = AnnotatorView), Refusals))]
async fn get(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, annotator)): Segments<(String, String)>,
    query: Query,
) -> Result<Json<AnnotatorView>> {
    let question = question(query)?;
    let annotator = AnnotatorId::of_segment(&annotator)?;
    Ok(Json(services.quality().get(&actor, &slug(project)?, annotator, question).await?))
}

/// An empty parameter says nothing.
fn question(mut query: Query) -> Result<Option<String>> {
    let question = query.text("question").filter(|text| !text.is_empty());
    query.finish()?;
    Ok(question)
}
