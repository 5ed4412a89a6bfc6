//! The OpenAPI document, made of the handlers and of the policy table, and a page that shows it.
//!
//! The page is plain HTML of our own: it needs no script, so the strictest content security policy lets it be.

mod page;

use axum::{
    Json,
    extract::State,
    response::{Html, IntoResponse},
};
use http::{HeaderValue, Method, StatusCode, header};
use utoipa::{
    OpenApi as _,
    openapi::{
        HeaderBuilder, OpenApi, PathItem, RefOr, Required,
        extensions::ExtensionsBuilder,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::Type,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    policy::{self, Access},
    state::AppState,
};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Relabel", description = "Everything that a person can do in the browser a program can do here."),
    // Those of parameters, which `routes!` does not gather.
    components(schemas(
        domain::signal::SignalKind,
        domain::task::TaskState,
        domain::view::review::ReviewOrder,
    )),
    tags(
        (name = "projects", description = "Schema, guideline and settings"),
        (name = "members", description = "Who is in a project"),
        (name = "intake", description = "Samples, answers, predictions and reports on their way in"),
        (name = "samples", description = "Samples and their history"),
        (name = "annotating", description = "The queue, for annotators"),
        (name = "review", description = "The queue, for reviewers"),
        (name = "agreement", description = "How far annotators agree"),
        (name = "quality", description = "Known answers, and notices about whose answers fall below the level"),
        (name = "versions", description = "Versions, tags and exports"),
        (name = "publishing", description = "Events, and the webhooks that they are sent to"),
        (name = "operations", description = "The server itself"),
    )
)]
struct Skeleton;

/// An empty document with everything that belongs to no single operation.
pub(crate) fn skeleton() -> OpenApi {
    let mut document = Skeleton::openapi();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("rlb_…")).build();
    let session = utoipa::openapi::security::ApiKeyValue::new(crate::session::COOKIE);
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(utoipa::openapi::security::ApiKey::Cookie(session)),
    );
    document
}

/// Adds to each operation its id and who may use it.
pub(crate) fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations_mut(item) {
            operation.operation_id = Some(operation_id(&method, path));
            describe(operation);
            add_headers(operation, &method, path);
            let Some(row) = policy::find(&method, path) else { continue };
            let (permission, schemes): (_, &[&str]) = match row.access {
                Access::Public => (None, &[]),
                Access::Token(permission) => (Some(permission), &["bearer"]),
                Access::TokenOrSession(permission) => (Some(permission), &["bearer", "session"]),
            };
            operation.security =
                Some(schemes.iter().map(|scheme| SecurityRequirement::new(*scheme, [""; 0])).collect());
            if let Some(permission) = permission {
                operation
                    .extensions
                    .get_or_insert_default()
                    .merge(ExtensionsBuilder::new().add("x-permission", permission.as_str()).build());
            }
        }
    }
}

/// Says of each response what it is, which OpenAPI requires, where its handler does not.
fn describe(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if response.description.is_empty() {
            let reason = status.parse::<StatusCode>().ok().and_then(|status| status.canonical_reason());
            reason.unwrap_or("An answer").clone_into(&mut response.description);
        }
    }
}

/// The headers that no handler names, because middleware or its answer's type deals with them.
fn add_headers(operation: &mut Operation, method: &Method, path: &str) {
    let mut asked: Vec<(&str, &str)> = Vec::new();
    let mut answered: Vec<(&str, &str)> = Vec::new();
    if *method == Method::POST && path.starts_with("/api/v1/") {
        asked.push((
            "Idempotency-Key",
            "The same key with the same body gets the first answer again, for 24 hours",
        ));
    }
    let uploads = ["/samples", "/annotations", "/predictions", "/feedback"];
    let takes_uploads = uploads.iter().any(|name| path.ends_with(name));
    if *method == Method::POST && takes_uploads {
        asked.push(("Content-Encoding", "How the body is compressed: gzip, zstd, or identity"));
    }
    if path.ends_with("/export") {
        asked.extend([
            ("If-None-Match", "An ETag: 304 where it still holds"),
            ("Range", "Part of the export, in bytes of the identity coding"),
            ("If-Range", "An ETag: the whole export where it does not hold any more"),
        ]);
        answered.extend([
            ("ETag", "Strong; of the resolved version, the parameters and the coding"),
            ("X-Label-Version", "The number of the version"),
            ("X-Label-Digest", "The digest of the version"),
            ("X-Export-Format", "The revision of the export's format, 1"),
        ]);
    }
    let text = || utoipa::openapi::ObjectBuilder::new().schema_type(Type::String);
    let parameters = asked.into_iter().map(|(name, description)| {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(description))
            .schema(Some(text()))
            .build();
        RefOr::T(parameter)
    });
    operation.parameters.get_or_insert_default().extend(parameters);
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let mut add = |name: &str, description: &str| {
            let header = HeaderBuilder::new().schema(Some(text())).description(Some(description)).build();
            response.headers.insert(name.to_owned(), RefOr::T(header));
        };
        match status.as_str() {
            "200" | "206" | "304" => answered.iter().for_each(|(name, description)| add(name, description)),
            "429" | "503" => add("Retry-After", "In so many seconds it may be tried again"),
            _ => {}
        }
    }
}

/// Handlers of different groups share their names, so an operation is named after its path: `get_projects_slug`.
fn operation_id(method: &Method, path: &str) -> String {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(method.as_str().to_ascii_lowercase(), |id, word| id + "_" + word)
}

/// The operations of a path with their methods.
pub fn operations(item: &PathItem) -> Vec<(Method, &Operation)> {
    let all = [
        (Method::GET, &item.get),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
        (Method::PATCH, &item.patch),
        (Method::DELETE, &item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?))).collect()
}

fn operations_mut(item: &mut PathItem) -> Vec<(Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::PATCH, &mut item.patch),
        (Method::DELETE, &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?))).collect()
}

/// The document and its page.
pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(openapi)).routes(routes!(docs)).routes(routes!(docs_style))
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "operations",
    responses((status = 200, content_type = "application/json", body = Object)))]
async fn openapi(State(state): State<AppState>) -> Json<OpenApi> {
    Json((*state.document).clone())
}

/// This document as a page.
#[utoipa::path(get, path = "/api/docs", tag = "operations",
    responses((status = 200, content_type = "text/html", body = String)))]
async fn docs(State(state): State<AppState>) -> impl IntoResponse {
    let policy = HeaderValue::from_static(
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
    );
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page::html(&state.document)))
}

/// The style of the page.
#[utoipa::path(get, path = "/api/docs.css", tag = "operations",
    responses((status = 200, content_type = "text/css", body = String)))]
async fn docs_style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("document/page.css"))
}
