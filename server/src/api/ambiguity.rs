//! Pairs of labels that annotators mix up, and the rules that tell them apart.

use axum::{Json, extract::State};
use domain::{
    problem::Code,
    task::TaskState,
    view::{
        Page,
        ambiguity::{AmbiguousPairs, OlderLabels, PairItems, RuleExamples, RuleInput, RuleWritten},
    },
};
use http::StatusCode;
use service::{Services, usecase::ambiguity::LabelPair};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Input, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_ambiguous_pairs))
        .routes(routes!(list_pair_items))
        .routes(routes!(list_older_labels))
        .routes(routes!(list_rules, write_rule))
}

/// The pairs of labels that annotators gave to the same tasks, the most disagreement beyond chance first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/ambiguous-pairs", tag = "agreement",
    params(("slug" = String, Path), ("question" = Option<String>, Query, description = "the first where absent"), PageParams),
    responses((status = 200, body = AmbiguousPairs), Refusals))]
async fn list_ambiguous_pairs(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<AmbiguousPairs>> {
    let page = query.page();
    let question = question(&mut query);
    query.finish()?;
    Ok(Json(services.ambiguity().list(&actor, &slug(project)?, question.as_deref(), page).await?))
}

/// The tasks whose answers hold both labels, the oldest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/ambiguous-pairs/items", tag = "agreement",
    params(
        ("slug" = String, Path),
        ("question" = Option<String>, Query, description = "the first where absent"),
        ("a" = String, Query, description = "one of the two labels"),
        ("b" = String, Query, description = "the other"),
        ("state" = Option<TaskState>, Query, description = "`in_review` where absent; `open` needs a manager"),
        PageParams,
    ),
    responses((status = 200, body = PairItems), Refusals))]
async fn list_pair_items(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<PairItems>> {
    let page = query.page();
    let state = query.parsed("state", "the state of a task", TaskState::parse);
    let pair = pair(&mut query);
    query.finish()?;
    let state = state.unwrap_or(TaskState::InReview);
    Ok(Json(services.ambiguity().items(&actor, &slug(project)?, &pair, state, page).await?))
}

/// The stored labels of a pair that were made under an older guideline than its newest rule, and that could be challenged.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/ambiguous-pairs/older-labels", tag = "agreement",
    params(
        ("slug" = String, Path),
        ("question" = Option<String>, Query, description = "the first where absent"),
        ("a" = String, Query, description = "one of the two labels"),
        ("b" = String, Query, description = "the other"),
        PageParams,
    ),
    responses((status = 200, body = OlderLabels), Refusals))]
async fn list_older_labels(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<OlderLabels>> {
    let page = query.page();
    let pair = pair(&mut query);
    query.finish()?;
    Ok(Json(services.ambiguity().older_labels(&actor, &slug(project)?, &pair, page).await?))
}

/// The rules in the guideline with their examples, the oldest first; those that were undone are left out.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/ambiguous-pairs/rules", tag = "agreement",
    params(("slug" = String, Path), PageParams),
    responses((status = 200, body = Page<RuleExamples>), Refusals))]
async fn list_rules(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<RuleExamples>>> {
    let page = query.page();
    query.finish()?;
    Ok(Json(services.rules().list(&actor, &slug(project)?, page).await?))
}

/// Writes a rule into the guideline and decides its tasks by it: all, or nothing.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/ambiguous-pairs/rules", tag = "agreement",
    params(("slug" = String, Path)), request_body = RuleInput,
    responses((status = 201, body = RuleWritten), Refusals))]
async fn write_rule(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    Input(input): Input<RuleInput>,
) -> Result<(StatusCode, Json<RuleWritten>)> {
    query.finish()?;
    let written = services.rules().write(&actor, &slug(project)?, input).await?;
    Ok((StatusCode::CREATED, Json(written)))
}

/// An empty question is none: forms send those.
fn question(query: &mut Query) -> Option<String> {
    query.text("question").filter(|text| !text.is_empty())
}

fn pair(query: &mut Query) -> LabelPair {
    let question = question(query);
    let [a, b] = ["a", "b"].map(|name| {
        let label = query.text(name);
        if label.is_none() {
            query.fault(name, Code::Missing, "is missing");
        }
        label.unwrap_or_default()
    });
    LabelPair { question, a, b }
}
