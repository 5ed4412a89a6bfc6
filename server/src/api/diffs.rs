//! What differs between two versions: label by label, and summed up.

use axum::{Json, extract::State};
use domain::{
    name::{Slug, VersionRef},
    view::{
        diff::{DiffEffect, DiffFilter, DiffReason, DiffSummary},
        version::Diff,
    },
};
use service::{Actor, Services};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Query, Segments, slug, version_ref},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(diff)).routes(routes!(diff_summary))
}

/// What differs between `against` (the version's parent where absent) and the version.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/versions/{ref}/diff", tag = "versions",
    params(
        ("slug" = String, Path),
        ("ref" = String, Path),
        PageParams,
        ("against" = Option<String>, Query, description = "a version, or 0, the empty state"),
        ("effect" = Option<String>, Query, description = "added, changed, removed or confirmed"),
        ("reason" = Option<String>, Query, description = "a reason, or none"),
        ("annotator" = Option<String>, Query, description = "whose answer was behind the label after"),
        ("question" = Option<String>, Query, description = "the question that before and after answer"),
        ("before" = Option<String>, Query, description = "the answer before; empty where there was none"),
        ("after" = Option<String>, Query, description = "the answer after; empty where there is none"),
    ),
    responses((status = 200, body = Diff), Refusals))]
async fn diff(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, version)): Segments<(String, String)>,
    mut query: Query,
) -> Result<Json<Diff>> {
    let page = query.page();
    let against = against(&mut query);
    let answer = |text: String| (!text.is_empty()).then_some(text);
    let filter = DiffFilter {
        effect: query.parsed("effect", "added, changed, removed or confirmed", DiffEffect::parse),
        reason: query.parsed("reason", "a reason, or none", DiffReason::parse),
        annotator: query.text("annotator"),
        question: query.text("question"),
        before: query.text("before").map(answer),
        after: query.text("after").map(answer),
    };
    query.finish()?;
    let (project, to) = (slug(project)?, version_ref(&version)?);
    let from = parent(&services, &actor, &project, &to, against).await?;
    Ok(Json(services.versions().diff(&actor, &project, (&from, &to), filter, page).await?))
}

/// What differs between `against` (the version's parent where absent) and the version, by pair of labels, by reason and
/// by annotator.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/versions/{ref}/diff/summary", tag = "versions",
    params(
        ("slug" = String, Path),
        ("ref" = String, Path),
        ("against" = Option<String>, Query, description = "a version, or 0, the empty state"),
    ),
    responses((status = 200, body = DiffSummary), Refusals))]
async fn diff_summary(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments((project, version)): Segments<(String, String)>,
    mut query: Query,
) -> Result<Json<DiffSummary>> {
    let against = against(&mut query);
    query.finish()?;
    let (project, to) = (slug(project)?, version_ref(&version)?);
    let from = parent(&services, &actor, &project, &to, against).await?;
    Ok(Json(services.versions().diff_summary(&actor, &project, (&from, &to)).await?))
}

fn against(query: &mut Query) -> Option<VersionRef> {
    let wanted = "a version, or 0, the empty state";
    query.parsed("against", wanted, |text| VersionRef::parse_with_empty(text).ok())
}

/// What the version is compared with: its parent, where nothing else is asked for.
async fn parent(
    services: &Services,
    actor: &Actor,
    project: &Slug,
    version: &VersionRef,
    against: Option<VersionRef>,
) -> Result<VersionRef> {
    match against {
        Some(against) => Ok(against),
        None => {
            let version = services.versions().get(actor, project, version).await?;
            Ok(VersionRef::Number(version.parent.unwrap_or(0)))
        }
    }
}
