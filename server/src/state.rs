//! What every handler can reach.

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use service::Services;
use std::{sync::Arc, time::Instant};
use utoipa::openapi::OpenApi;

use crate::{client::TrustedProxies, ops::metrics::Requests, site::Site};

/// What the configuration decides about answering requests.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Whether cookies are for HTTPS only.
    pub secure_cookies: bool,
    /// The largest upload in bytes.
    pub max_upload_bytes: u64,
    /// Whose word on the client's address counts.
    pub trusted_proxies: TrustedProxies,
}

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub(crate) services: Services,
    pub(crate) leptos: LeptosOptions,
    pub(crate) options: Arc<HttpOptions>,
    pub(crate) requests: Arc<Requests>,
    pub(crate) started: Instant,
    pub(crate) site: Arc<Site>,
    pub(crate) document: Arc<OpenApi>,
}

impl FromRef<AppState> for Services {
    fn from_ref(state: &AppState) -> Self {
        state.services.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
