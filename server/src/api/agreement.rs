//! How far annotators agree.

use axum::{Json, extract::State};
use domain::{problem::Code, signal::SignalKind, view::agreement::AgreementView};
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
        ("reason" = Option<SignalKind>, Query, description = "only tasks that were opened for this reason"),
        ("from" = Option<String>, Query, description = "only answers from this time on"),
        ("to" = Option<String>, Query, description = "only answers before this time"),
    ),
    responses((status = 200, body = AgreementView), Refusals))]
async fn get(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<AgreementView>> {
    let filter = AgreementFilter {
        question: given(&mut query, "question"),
        reason: given(&mut query, "reason").and_then(|name| {
            let reason = SignalKind::parse(&name);
            if reason.is_none() {
                query.fault("reason", Code::Invalid, "is no reason");
            }
            reason
        }),
        from: query.time("from"),
        to: query.time("to"),
    };
    query.finish()?;
    Ok(Json(services.agreement().get(&actor, &slug(project)?, filter).await?))
}

/// An empty parameter says nothing: forms send those.
fn given(query: &mut Query, name: &str) -> Option<String> {
    query.text(name).filter(|text| !text.is_empty())
}
