//! The REST API, one file per group of endpoints. A handler extracts, parses into domain types, calls one use case
//! and maps its result; it decides nothing.
//!
//! Routes are added by `routes!` only, which takes method and path from the handler's own document.

mod agreement;
mod ambiguity;
mod annotations;
mod annotators;
mod audit;
mod cards;
mod challenges;
mod change_sets;
mod diffs;
mod events;
mod export;
mod feedback;
mod imported_annotations;
mod imports;
mod known_answers;
mod leases;
mod members;
mod notices;
mod page;
mod predictions;
mod projects;
mod queue;
mod range;
mod review;
mod samples;
mod tags;
mod uploads;
mod versions;
mod webhooks;
mod yields;

use axum::middleware::from_fn_with_state;
use service::Services;
use tower_sessions::SessionManagerLayer;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use export::EXPORT_FORMAT;

use crate::{
    extract::{authenticate, authenticate_or_session},
    idempotency,
    session::Sessions,
    state::AppState,
};

/// Everything below `/api/v1`.
pub(crate) fn router(
    services: &Services,
    sessions: &SessionManagerLayer<Sessions>,
) -> OpenApiRouter<AppState> {
    let by_token = OpenApiRouter::new()
        .merge(projects::router())
        .merge(members::router())
        .merge(samples::router())
        .merge(imports::router())
        .merge(imported_annotations::router())
        .merge(predictions::router())
        .merge(feedback::router())
        .merge(challenges::router())
        .merge(change_sets::router())
        .merge(queue::router())
        .merge(leases::router())
        .merge(annotations::router())
        .merge(review::router())
        .merge(agreement::router())
        .merge(ambiguity::router())
        .merge(annotators::router())
        .merge(yields::router())
        .merge(known_answers::router())
        .merge(notices::router())
        .merge(versions::router())
        .merge(diffs::router())
        .merge(tags::router())
        .merge(events::router())
        .merge(webhooks::router())
        .merge(audit::router())
        // The last layer is the outermost: who calls is known before the key is looked at.
        .route_layer(from_fn_with_state(services.clone(), idempotency::layer))
        .route_layer(from_fn_with_state(services.clone(), authenticate));
    let by_session_too = export::router()
        .merge(cards::router())
        .route_layer(from_fn_with_state(services.clone(), authenticate_or_session))
        .route_layer(sessions.clone());
    by_token.merge(by_session_too)
}
