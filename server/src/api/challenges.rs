//! Challenges: new tasks on samples that already have a label.

use axum::{Json, extract::State};
use domain::view::{intake::Challenged, sample::ChallengeInput};
use service::Services;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    extract::{Caller, Input, Query, Segments, slug},
    problem::{Refusals, Result},
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(challenge))
}

/// Opens a task on each sample that is named or that the filter finds.
#[utoipa::path(post, path = "/api/v1/projects/{slug}/challenges", tag = "review", params(("slug" = String, Path)),
    request_body = ChallengeInput, responses((status = 200, body = Challenged), Refusals))]
async fn challenge(
    State(services): State<Services>,
    Caller(actor): Caller,
    Segments(project): Segments<String>,
    query: Query,
    Input(input): Input<ChallengeInput>,
) -> Result<Json<Challenged>> {
    query.finish()?;
    Ok(Json(services.challenges().challenge(&actor, &slug(project)?, input).await?))
}
