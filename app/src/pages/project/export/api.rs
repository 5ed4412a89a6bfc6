//! The server function of the export page.

use crate::error::Answer;
use domain::view::version::VersionView;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// What can be exported, and from where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exportable {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// Scheme and host by which the caller reaches this server.
    pub origin: String,
    /// The newest versions, the newest first.
    pub versions: Vec<VersionView>,
    /// Tags and the versions that they name.
    pub tags: Vec<(String, i64)>,
}

/// What can be exported.
#[server(endpoint = "load_export", input = GetUrl)]
pub async fn load_export(slug: String) -> Answer<Exportable> {
    use crate::{error::load, parse, session};
    let export = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let versions = services.versions().list(&actor, &slug, parse::page(None)).await?.items;
        let tags = services.tags().list(&actor, &slug).await?;
        let project = services.projects().get(&actor, &slug).await?;
        Ok(Exportable {
            slug: slug.to_string(),
            project: project.name,
            origin: origin(),
            versions,
            tags: tags.into_iter().map(|tag| (tag.tag.to_string(), tag.version)).collect(),
        })
    };
    load(export.await)
}

/// The caller's own word for this server; a proxy in front of it says when it speaks HTTPS.
#[cfg(feature = "ssr")]
fn origin() -> String {
    use http::{HeaderValue, header, request::Parts};
    let parts = use_context::<Parts>();
    let text = |name: &str| {
        let value = parts.as_ref()?.headers.get(name)?;
        HeaderValue::to_str(value).ok().map(str::to_owned)
    };
    let scheme = match text("x-forwarded-proto").as_deref() {
        Some("https") => "https",
        _ => "http",
    };
    let host = text(header::HOST.as_str()).unwrap_or_else(|| "localhost".to_owned());
    format!("{scheme}://{host}")
}
