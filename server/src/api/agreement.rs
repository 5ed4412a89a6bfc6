//! How far annotators agree.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{agreement::Level, problem::Code, signal::SignalKind, view::agreement::AgreementView};
use service::{Services, usecase::agreement::AgreementFilter};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    extract::{Caller, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get))
}

/// Agreement statistics of one question; the first where none is named.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/agreement", tag = "agreement",
    params(
        ("slug" = String, Path),
        ("question" = Option<String>, Query),
        ("level" = Option<Level>, Query, description = "what the labels are taken for; nominal where absent"),
        ("reason" = Option<SignalKind>, Query, description = "only tasks that were opened for this reason"),
        ("model" = Option<String>, Query,
            description = "only tasks for which this model's prediction was the newest when they were opened"),
        ("guideline_revision" = Option<i32>, Query, description = "only answers given under this guideline"),
        ("from" = Option<String>, Query, description = "only answers from this time on"),
        ("to" = Option<String>, Query, description = "only answers before this time"),
    ),
    responses((status = 200, body = AgreementView), Refusals))]
async fn get(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Response> {
    let filter = AgreementFilter {
        question: given(&mut query, "question"),
        level: parsed(&mut query, "level", Level::parse, "is not nominal, ordinal, interval or ratio")
            .unwrap_or_default(),
        reason: parsed(&mut query, "reason", SignalKind::parse, "is no reason"),
        model: given(&mut query, "model"),
        guideline_revision: query.number("guideline_revision"),
        from: query.time("from"),
        to: query.time("to"),
    };
    query.finish()?;
    let view = services.agreement().get(&actor, &slug(project)?, filter).await?;
    Ok(Json(&*view).into_response())
}

/// An empty parameter says nothing: forms send those.
fn given(query: &mut Query, name: &str) -> Option<String> {
    query.text(name).filter(|text| !text.is_empty())
}

fn parsed<T>(query: &mut Query, name: &str, parse: fn(&str) -> Option<T>, problem: &str) -> Option<T> {
    let parsed = given(query, name).map(|text| parse(&text));
    if let Some(None) = parsed {
        query.fault(name, Code::Invalid, problem);
    }
    parsed.flatten()
}
