//! What whoever runs the server asks it: is it alive, is it ready, how is it doing.

pub(crate) mod metrics;

use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{access::Permission, problem::Code};
use http::header;
use serde::Serialize;
use service::{Actor, Services};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    extract::{Caller, authenticate},
    problem::{Problem, Refusals, Result},
    state::AppState,
};

/// The operations, of which `/metrics` needs a token.
pub(crate) fn router(services: &Services) -> OpenApiRouter<AppState> {
    let metrics = OpenApiRouter::new()
        .routes(routes!(read_metrics))
        .route_layer(axum::middleware::from_fn_with_state(services.clone(), authenticate));
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).merge(metrics)
}

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// Whether the server is alive.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200, body = Health)))]
async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether the server can work: the database is reachable and all migrations are applied.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses((status = 200, body = Health), Refusals))]
async fn readyz(State(services): State<Services>) -> Result<Json<Health>> {
    // Whatever the reason is, the balancer shall send nobody here.
    services.ready().await.map_err(|error| {
        tracing::warn!(%error, "not ready");
        Problem::of(Code::Unavailable)
    })?;
    Ok(Json(Health { status: "ok" }))
}

/// The server's metrics in Prometheus' text format.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operations",
    responses((status = 200, body = String, content_type = "text/plain"), Refusals)
)]
async fn read_metrics(State(state): State<AppState>, Caller(actor): Caller) -> Result<Response> {
    if !may_read_metrics(&actor) {
        return Err(Problem::of(Code::Forbidden));
    }
    Ok(metrics_page(&state))
}

/// The metrics as they are sent.
pub(crate) fn metrics_page(state: &AppState) -> Response {
    let text = state.requests.text(state.started.elapsed());
    ([(header::CONTENT_TYPE, metrics::MEDIA_TYPE)], text).into_response()
}

/// The metrics are the server's own, so no use case stands between; the policy table is the same.
fn may_read_metrics(actor: &Actor) -> bool {
    let standing = domain::access::Standing { admin: actor.is_admin(), role: None };
    let by_scope = match actor {
        Actor::Token { scopes, project, .. } => {
            project.is_none() && Permission::ReadMetrics.allows_scopes(scopes)
        }
        Actor::User { .. } | Actor::Operator | Actor::System => true,
    };
    by_scope && Permission::ReadMetrics.allows(standing)
}

/// Middleware: counts every answer.
pub(crate) async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    state.requests.add(response.status().as_u16());
    response
}
