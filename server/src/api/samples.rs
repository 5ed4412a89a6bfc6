//! Samples: send, list, read, erase.

use axum::{Json, extract::State};
use domain::{
    problem::Code,
    view::{
        Page,
        intake::SampleImport,
        sample::{SampleDetail, SampleFilter, SampleSummary},
    },
};
use http::StatusCode;
use service::{Services, usecase::intake::SampleOptions};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    page::PageParams,
    uploads::{OnErrorParams, from, labels, on_error},
};
use crate::{
    extract::{Caller, Query, Segments, Upload, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, send)).routes(routes!(get, erase))
}

/// Adds and updates samples by id, with their labels and predictions.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/samples", tag = "intake",
    params(
        ("slug" = String, Path),
        OnErrorParams,
        ("labels" = Option<String>, Query, description = "`overwrite`: also replaces labels that review decided"),
        ("from" = Option<String>, Query,
            description = "the program that wrote the records: `relabel` (default), `label_studio`, `argilla`, `doccano`"),
    ),
    request_body(content((String = "application/x-ndjson"), (Vec<Object> = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = SampleImport), Refusals))]
async fn send(
    State(services): State<Services>,
    mut query: Query,
    Upload { actor, project, spooled, format }: Upload,
) -> Result<Json<SampleImport>> {
    let options = SampleOptions {
        on_error: on_error(&mut query),
        labels: labels(&mut query),
        dialect: from(&mut query),
    };
    query.finish()?;
    Ok(Json(services.intake().samples(&actor, &project, spooled, format, options).await?))
}

/// The samples that a filter finds, by id.
///
/// `label` and `metadata` are JSON objects (`label={"intent":"lost_card"}`) or given key by key
/// (`label.intent=lost_card`); `changed_between` is given twice, or as two versions with a comma.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/samples", tag = "samples",
    params(
        ("slug" = String, Path),
        PageParams,
        ("q" = Option<String>, Query, description = "the id or a field's text holds this, in any case"),
        ("label" = Option<String>, Query, description = "the stored label holds these answers"),
        ("schema_revision_below" = Option<i32>, Query, description = "the label is of an older schema revision"),
        ("guideline_revision_below" = Option<i32>, Query, description = "the label is of an older guideline"),
        ("changed_between" = Option<Vec<String>>, Query, description = "the label changed between two versions"),
        ("metadata" = Option<String>, Query, description = "the metadata hold these values"),
    ),
    responses((status = 200, body = Page<SampleSummary>), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<SampleSummary>>> {
    let page = query.page();
    let filter = SampleFilter {
        label: query.map("label"),
        schema_revision_below: query.number("schema_revision_below"),
        guideline_revision_below: query.number("guideline_revision_below"),
        changed_between: changed_between(&mut query),
        metadata: query.map("metadata"),
        q: query.text("q").filter(|q| !q.is_empty()),
    };
    query.finish()?;
    Ok(Json(services.samples().list(&actor, &slug(project)?, filter, page).await?))
}

/// One sample with its whole history.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/samples/{id}", tag = "samples",
    params(("slug" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = SampleDetail), Refusals))]
async fn get(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, id)): Segments<(String, String)>,
    query: Query,
) -> Result<Json<SampleDetail>> {
    query.finish()?;
    Ok(Json(services.samples().get(&actor, &slug(project)?, &id).await?))
}

/// Erases a sample's fields, metadata and notes; id, hashes and labels stay. Cannot be undone.
#[utoipa::path(delete, path = "/api/v1/projects/{slug}/samples/{id}", tag = "samples",
    params(("slug" = String, Path), ("id" = String, Path)), responses((status = 204), Refusals))]
async fn erase(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, id)): Segments<(String, String)>,
    query: Query,
) -> Result<StatusCode> {
    query.finish()?;
    services.samples().erase(&actor, &slug(project)?, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn changed_between(query: &mut Query) -> Option<[String; 2]> {
    let given = query.every("changed_between");
    let parts: Vec<String> = given.iter().flat_map(|text| text.split(',')).map(str::to_owned).collect();
    if given.is_empty() {
        return None;
    }
    let both = parts.try_into().ok();
    if both.is_none() {
        query.fault("changed_between", Code::Invalid, "is not two versions");
    }
    both
}
