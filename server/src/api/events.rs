//! What was published, to be read from any point on.

use axum::{Json, extract::State};
use domain::view::{Page, publishing::EventView};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::PageParams;
use crate::{
    extract::{Caller, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// What was published, the oldest first.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/events", tag = "publishing",
    params(
        ("slug" = String, Path),
        PageParams,
        ("after" = Option<i64>, Query, description = "the `event` that was seen last; all where absent"),
    ),
    responses((status = 200, body = Page<EventView>), Refusals))]
async fn list(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    mut query: Query,
) -> Result<Json<Page<EventView>>> {
    let page = query.page();
    let after = query.number("after");
    query.finish()?;
    Ok(Json(services.events().list(&actor, &slug(project)?, after, page).await?))
}
