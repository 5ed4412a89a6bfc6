//! Review: the list, and decisions.

use axum::{Json, extract::State};
use domain::{
    id::{ChangeSetId, TaskId},
    problem::Code,
    signal::SignalKind,
    task::TaskState,
    view::{
        Page,
        review::{AllDecided, Decided, DecisionInput, DecisionsInput, ReviewFilter, ReviewItem, ReviewOrder},
    },
};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Input, Numbered, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(decide)).routes(routes!(decide_all))
}

/// The tasks of one state, with everything that a reviewer needs.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/review", tag = "review",
    params(
        ("slug" = String, Path),
        PageParams,
        ("state" = Option<TaskState>, Query, description = "`in_review` where absent"),
        ("order" = Option<ReviewOrder>, Query, description = "`priority` where absent"),
        ("pair" = Option<Vec<String>>, Query, description = "annotations hold each of these options; at most two"),
        ("annotator" = Option<String>, Query, description = "answered by this annotator"),
        ("reason" = Option<SignalKind>, Query, description = "opened for this reason"),
        ("change_set" = Option<i64>, Query, description = "of this change set"),
    ),
    responses((status = 200, body = Page<ReviewItem>), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<ReviewItem>>> {
    let page = query.page();
    let filter = ReviewFilter {
        state: query.parsed("state", "the state of a task", TaskState::parse),
        order: query.parsed("order", "priority, oldest or disagreement", order),
        pair: pair(&mut query),
        annotator: query.text("annotator").filter(|name| !name.is_empty()),
        reason: query.text("reason").filter(|name| !name.is_empty()).and_then(|name| {
            let reason = SignalKind::parse(&name);
            if reason.is_none() {
                query.fault("reason", Code::Invalid, "is no reason");
            }
            reason
        }),
        change_set: query.number("change_set").map(ChangeSetId),
    };
    query.finish()?;
    Ok(Json(services.review().list(&actor, &slug(project)?, filter, page).await?))
}

/// Decides one task.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/decision", tag = "review", params(("task" = i64, Path)),
    request_body = DecisionInput, responses((status = 200, body = Decided), Refusals))]
async fn decide(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(task): Segments<String>,
    query: Query,
    Input(input): Input<DecisionInput>,
) -> Result<Json<Decided>> {
    query.finish()?;
    Ok(Json(services.review().decide(&actor, TaskId::of_segment(&task)?, input).await?))
}

/// Decides several tasks: all of them, or none.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/decisions", tag = "review", params(("slug" = String, Path)),
    request_body = DecisionsInput, responses((status = 200, body = AllDecided), Refusals))]
async fn decide_all(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    Input(input): Input<DecisionsInput>,
) -> Result<Json<AllDecided>> {
    query.finish()?;
    Ok(Json(services.review().decide_all(&actor, &slug(project)?, input).await?))
}

fn order(text: &str) -> Option<ReviewOrder> {
    match text {
        "priority" => Some(ReviewOrder::Priority),
        "oldest" => Some(ReviewOrder::Oldest),
        "disagreement" => Some(ReviewOrder::Disagreement),
        _ => None,
    }
}

fn pair(query: &mut Query) -> Vec<String> {
    let mut pair = query.every("pair");
    pair.retain(|value| !value.is_empty());
    if pair.len() > 2 {
        query.fault("pair", Code::OutOfRange, "is given more than twice");
    }
    pair
}
