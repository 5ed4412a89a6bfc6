//! Who may reach what: one row per route. Tests hold the router, the OpenAPI document and the server functions against
//! it; the use cases check the permission itself.
//!
//! Pages and server functions have their rows in [`app::policy`].

use domain::access::Permission;
use http::Method;

/// Who reaches a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// A token whose user and scopes allow it.
    Token(Permission),
    /// Such a token, or the browser's session of such a user.
    TokenOrSession(Permission),
}

/// One route.
#[derive(Clone, Debug)]
pub struct Row {
    /// The method.
    pub method: Method,
    /// The path, its variable parts in braces.
    pub path: &'static str,
    /// Who reaches it.
    pub access: Access,
}

use Access::{Public, Token, TokenOrSession};
use Permission as P;

const fn row(method: Method, path: &'static str, access: Access) -> Row {
    Row { method, path, access }
}

/// Every route of this crate.
pub const ROUTES: &[Row] = &[
    row(Method::GET, "/healthz", Public),
    row(Method::GET, "/readyz", Public),
    row(Method::GET, "/metrics", Token(P::ReadMetrics)),
    row(Method::GET, "/api/openapi.json", Public),
    row(Method::GET, "/api/docs", Public),
    row(Method::GET, "/api/docs.css", Public),
    row(Method::GET, "/api/v1/projects", Token(P::ListProjects)),
    row(Method::POST, "/api/v1/projects", Token(P::CreateProject)),
    row(Method::GET, "/api/v1/projects/{slug}", Token(P::ViewProject)),
    row(Method::PATCH, "/api/v1/projects/{slug}", Token(P::ManageProject)),
    row(Method::DELETE, "/api/v1/projects/{slug}", Token(P::ManageProject)),
    row(Method::GET, "/api/v1/projects/{slug}/members", Token(P::ReadMembers)),
    row(Method::PUT, "/api/v1/projects/{slug}/members", Token(P::ManageMembers)),
    row(Method::DELETE, "/api/v1/projects/{slug}/members/{email}", Token(P::ManageMembers)),
    row(Method::POST, "/api/v1/projects/{slug}/members/{email}/pause", Token(P::ManageQuality)),
    row(Method::POST, "/api/v1/projects/{slug}/members/{email}/resume", Token(P::ManageQuality)),
    row(Method::GET, "/api/v1/projects/{slug}/samples", Token(P::ReadSamples)),
    row(Method::POST, "/api/v1/projects/{slug}/samples", Token(P::Ingest)),
    row(Method::GET, "/api/v1/projects/{slug}/samples/{id}", Token(P::ReadSamples)),
    row(Method::DELETE, "/api/v1/projects/{slug}/samples/{id}", Token(P::EraseSample)),
    row(Method::GET, "/api/v1/projects/{slug}/imports", Token(P::ReadImports)),
    row(Method::GET, "/api/v1/projects/{slug}/imports/{import}", Token(P::ReadImports)),
    row(Method::GET, "/api/v1/projects/{slug}/imports/{import}/rejected", Token(P::ReadImports)),
    row(Method::POST, "/api/v1/projects/{slug}/annotations", Token(P::Ingest)),
    row(Method::POST, "/api/v1/projects/{slug}/predictions", Token(P::Ingest)),
    row(Method::POST, "/api/v1/projects/{slug}/feedback", Token(P::Ingest)),
    row(Method::POST, "/api/v1/projects/{slug}/challenges", Token(P::Challenge)),
    row(Method::GET, "/api/v1/projects/{slug}/change-sets", Token(P::ReadReview)),
    row(Method::POST, "/api/v1/projects/{slug}/change-sets", Token(P::Challenge)),
    row(Method::GET, "/api/v1/projects/{slug}/change-sets/preview", Token(P::ReadReview)),
    row(Method::GET, "/api/v1/projects/{slug}/change-sets/{change_set}", Token(P::ReadReview)),
    row(Method::POST, "/api/v1/projects/{slug}/change-sets/{change_set}/approve", Token(P::Decide)),
    row(Method::POST, "/api/v1/projects/{slug}/change-sets/{change_set}/undo", Token(P::WriteRule)),
    row(Method::POST, "/api/v1/projects/{slug}/claim", Token(P::Annotate)),
    row(Method::POST, "/api/v1/leases/{lease}/submit", Token(P::Annotate)),
    row(Method::POST, "/api/v1/leases/{lease}/skip", Token(P::Annotate)),
    row(Method::POST, "/api/v1/leases/{lease}/release", Token(P::Annotate)),
    row(Method::POST, "/api/v1/leases/{lease}/renew", Token(P::Annotate)),
    row(Method::POST, "/api/v1/annotations/{annotation}/undo", Token(P::Annotate)),
    row(Method::GET, "/api/v1/projects/{slug}/me/annotations", Token(P::OwnAnnotations)),
    row(Method::GET, "/api/v1/projects/{slug}/me/standing", Token(P::OwnAnnotations)),
    row(Method::POST, "/api/v1/projects/{slug}/me/notices/{notice}/seen", Token(P::OwnAnnotations)),
    row(Method::GET, "/api/v1/projects/{slug}/review", Token(P::ReadReview)),
    row(Method::POST, "/api/v1/tasks/{task}/decision", Token(P::Decide)),
    row(Method::POST, "/api/v1/projects/{slug}/decisions", Token(P::Decide)),
    row(Method::GET, "/api/v1/projects/{slug}/agreement", Token(P::ReadAgreement)),
    row(Method::GET, "/api/v1/projects/{slug}/ambiguous-pairs", Token(P::ReadAgreement)),
    row(Method::GET, "/api/v1/projects/{slug}/ambiguous-pairs/items", Token(P::ReadReview)),
    row(Method::GET, "/api/v1/projects/{slug}/ambiguous-pairs/older-labels", Token(P::ReadSamples)),
    row(Method::GET, "/api/v1/projects/{slug}/ambiguous-pairs/rules", Token(P::ViewProject)),
    row(Method::POST, "/api/v1/projects/{slug}/ambiguous-pairs/rules", Token(P::WriteRule)),
    row(Method::GET, "/api/v1/projects/{slug}/annotators", Token(P::ReadQuality)),
    row(Method::GET, "/api/v1/projects/{slug}/annotators/me", Token(P::OwnAnnotations)),
    row(Method::GET, "/api/v1/projects/{slug}/annotators/{annotator}", Token(P::ReadQuality)),
    row(Method::GET, "/api/v1/projects/{slug}/yield", Token(P::ReadYield)),
    row(Method::GET, "/api/v1/projects/{slug}/known-answers", Token(P::ManageQuality)),
    row(Method::POST, "/api/v1/projects/{slug}/known-answers", Token(P::ManageQuality)),
    row(Method::DELETE, "/api/v1/projects/{slug}/known-answers/{id}", Token(P::ManageQuality)),
    row(Method::GET, "/api/v1/projects/{slug}/known-results", Token(P::ManageQuality)),
    row(Method::GET, "/api/v1/projects/{slug}/notices", Token(P::ManageQuality)),
    row(Method::POST, "/api/v1/projects/{slug}/notices/{notice}/close", Token(P::ManageQuality)),
    row(Method::GET, "/api/v1/projects/{slug}/versions", Token(P::ReadVersions)),
    row(Method::POST, "/api/v1/projects/{slug}/versions", Token(P::CutVersion)),
    row(Method::GET, "/api/v1/projects/{slug}/versions/staged", Token(P::ReadVersions)),
    row(Method::GET, "/api/v1/projects/{slug}/versions/{ref}", Token(P::ReadVersions)),
    row(Method::GET, "/api/v1/projects/{slug}/versions/{ref}/diff", Token(P::ReadVersions)),
    row(Method::GET, "/api/v1/projects/{slug}/versions/{ref}/diff/summary", Token(P::ReadVersions)),
    row(Method::POST, "/api/v1/projects/{slug}/versions/{ref}/revert", Token(P::CutVersion)),
    row(Method::GET, "/api/v1/projects/{slug}/tags", Token(P::ReadVersions)),
    row(Method::PUT, "/api/v1/projects/{slug}/tags/{tag}", Token(P::ManageTags)),
    row(Method::DELETE, "/api/v1/projects/{slug}/tags/{tag}", Token(P::ManageTags)),
    row(Method::GET, "/api/v1/projects/{slug}/tags/{tag}/history", Token(P::ReadVersions)),
    row(Method::GET, "/api/v1/projects/{slug}/events", Token(P::ReadVersions)),
    row(Method::GET, "/api/v1/projects/{slug}/webhooks", Token(P::ManageWebhooks)),
    row(Method::POST, "/api/v1/projects/{slug}/webhooks", Token(P::ManageWebhooks)),
    row(Method::GET, "/api/v1/projects/{slug}/webhooks/{webhook}", Token(P::ManageWebhooks)),
    row(Method::PATCH, "/api/v1/projects/{slug}/webhooks/{webhook}", Token(P::ManageWebhooks)),
    row(Method::DELETE, "/api/v1/projects/{slug}/webhooks/{webhook}", Token(P::ManageWebhooks)),
    row(Method::POST, "/api/v1/projects/{slug}/webhooks/{webhook}/test", Token(P::ManageWebhooks)),
    row(Method::GET, "/api/v1/projects/{slug}/webhooks/{webhook}/deliveries", Token(P::ManageWebhooks)),
    row(
        Method::POST,
        "/api/v1/projects/{slug}/webhooks/{webhook}/deliveries/{delivery}/retry",
        Token(P::ManageWebhooks),
    ),
    row(Method::GET, "/api/v1/projects/{slug}/versions/{ref}/card", TokenOrSession(P::ReadVersions)),
    row(Method::GET, "/api/v1/projects/{slug}/export", TokenOrSession(P::Export)),
    row(Method::GET, "/api/v1/projects/{slug}/audit", Token(P::ReadAudit)),
];

/// The row of a route.
pub fn find(method: &Method, path: &str) -> Option<&'static Row> {
    ROUTES.iter().find(|row| row.method == *method && row.path == path)
}
