//! All routes and the layers around them.
//!
//! Our own routes come from documented handlers only, the pages and server functions from Leptos' lists, so that the
//! tests can see every one of them; what is neither is a file of the site or not there.

use app::{App, cookie::SecureCookies, pages::project::upload::LargestUpload, shell};
use axum::{
    Router,
    extract::{Request, State},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use domain::problem::Code;
use http::{Extensions, HeaderMap, Method, StatusCode, Version};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_async_with_context};
use service::Services;
use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate},
    },
};
use tower_sessions::SessionManagerLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    api, client, document, headers, limits, ops, origin, patience,
    problem::Problem,
    request_id,
    session::{self, Secure, Sessions},
    site::Site,
    state::{AppState, HttpOptions},
};

/// Everything that the server answers, and the state behind it.
pub fn build(services: Services, options: HttpOptions) -> (Router, AppState) {
    let secure = if options.secure_cookies { Secure::HttpsOnly } else { Secure::AlsoHttp };
    let sessions = session::layer(services.clone(), secure);
    let (documented, document) = documented(&services, &sessions);
    let state = AppState {
        services,
        leptos: leptos_options(),
        options: Arc::new(options),
        requests: Arc::default(),
        started: Instant::now(),
        site: Arc::new(Site),
        document: Arc::new(document),
    };
    let documented = documented.method_not_allowed_fallback(method_not_allowed);
    let router = documented
        .merge(pages(&state, &sessions))
        .layer(from_fn(origin::layer))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_not_an_export)))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), patience::layer))
        .layer(from_fn_with_state(state.clone(), headers::layer))
        .layer(from_fn_with_state(state.clone(), ops::count))
        .layer(from_fn(request_id::layer))
        .with_state(state.clone());
    (router, state)
}

/// The documented routes with their document.
pub(crate) fn documented(
    services: &Services,
    sessions: &SessionManagerLayer<Sessions>,
) -> (Router<AppState>, OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(document::skeleton())
        .merge(document::router())
        .merge(ops::router(services))
        .merge(api::router(services, sessions))
        .split_for_parts();
    document::complete(&mut document);
    (router, document)
}

/// The paths of the pages.
///
/// Found once in a process: meanwhile Leptos loads nothing for any page, so that one that another server of this process
/// renders would wait for ever.
pub fn page_routes() -> Vec<AxumRouteListing> {
    static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));
    ROUTES.clone()
}

fn leptos_options() -> LeptosOptions {
    LeptosOptions::builder().output_name("relabel").site_root("target/site").build()
}

/// Pages, server functions and, where there is neither, files of the site.
fn pages(state: &AppState, sessions: &SessionManagerLayer<Sessions>) -> Router<AppState> {
    let (context, document) = (context(state), page(state));
    Router::new()
        .leptos_routes_with_context(state, page_routes(), context, document)
        .route_layer(from_fn_with_state(state.clone(), session::keep_alive))
        .fallback(file_or_not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(state.clone(), limits::server_function))
        .layer(from_fn_with_state(state.clone(), client::layer))
        .layer(sessions.clone())
        .layer(from_fn(session::tell_unsaved))
}

/// What a page or server function finds in its context.
fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let (services, options) = (state.services.clone(), state.options.clone());
    move || {
        provide_context(services.clone());
        provide_context(LargestUpload(options.max_upload_bytes));
        if options.secure_cookies {
            provide_context(SecureCookies);
        }
    }
}

fn page(state: &AppState) -> impl Fn() -> leptos::prelude::AnyView + Clone + Send + Sync + 'static {
    use leptos::prelude::IntoAny;
    let options = state.leptos.clone();
    move || shell(options.clone()).into_any()
}

async fn file_or_not_found(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path == "/api" {
        return Problem::of(Code::NotFound).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::of(Code::MethodNotAllowed).into_response();
    }
    if let Some(file) = state.site.get(request.uri(), request.headers()) {
        return file;
    }
    if path.starts_with("/pkg/") {
        return Problem::of(Code::NotFound).into_response();
    }
    let mut response = render_app_async_with_context(context(&state), page(&state))(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

async fn method_not_allowed() -> Problem {
    Problem::of(Code::MethodNotAllowed)
}

/// An export chooses its coding itself, because its ETag depends on it.
fn is_not_an_export(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(api::EXPORT_FORMAT)
}

/// The panic's message may hold data; the log has its place.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    Problem::of(Code::Internal).into_response()
}
