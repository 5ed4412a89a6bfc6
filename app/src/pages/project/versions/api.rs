//! The server functions of the list of versions and of what is staged.

use crate::error::Answer;
use domain::{
    schema::Schema,
    view::{
        Page,
        version::{Staged, VersionView},
    },
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// How many staged decisions the list of versions shows; the rest have a page of their own.
#[cfg(feature = "ssr")]
const STAGED_ON_TOP: i64 = 10;

/// What the list of versions shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Versions {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is asked.
    pub schema: Schema,
    /// One page of versions, the newest first.
    pub page: Page<VersionView>,
    /// What the next cut would hold, its first few decisions.
    pub staged: Staged,
    /// Whether the caller may cut.
    pub may_cut: bool,
}

/// One page of versions and the beginning of what is staged.
#[server(endpoint = "load_versions", input = GetUrl)]
pub async fn load_versions(slug: String, cursor: Option<String>) -> Answer<Versions> {
    use crate::{error::load, parse, session};
    use domain::{
        access::{Permission, Standing},
        view::PageRequest,
    };
    let versions = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let page = services.versions().list(&actor, &slug, parse::page(cursor)).await?;
        let top = PageRequest { limit: Some(STAGED_ON_TOP), cursor: None };
        let staged = services.versions().staged(&actor, &slug, top).await?;
        let project = services.projects().get(&actor, &slug).await?;
        let standing = Standing { admin: actor.is_admin(), role: project.role };
        Ok(Versions {
            slug: slug.to_string(),
            project: project.name,
            schema: project.schema,
            page,
            staged,
            may_cut: Permission::CutVersion.allows(standing) && project.archived_at.is_none(),
        })
    };
    load(versions.await)
}

/// What is staged, with what is needed to show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StagedView {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is asked.
    pub schema: Schema,
    /// One page of what the next cut would hold.
    pub staged: Staged,
}

/// One page of what is staged.
#[server(endpoint = "load_staged", input = GetUrl)]
pub async fn load_staged(slug: String, cursor: Option<String>) -> Answer<StagedView> {
    use crate::{error::load, parse, session};
    let staged = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let staged = services.versions().staged(&actor, &slug, parse::page(cursor)).await?;
        let project = services.projects().get(&actor, &slug).await?;
        Ok(StagedView { slug: slug.to_string(), project: project.name, schema: project.schema, staged })
    };
    load(staged.await)
}

/// Cuts what is staged as a new version; the answer is its page. `parent` is the newest version that the caller saw.
#[server(endpoint = "cut_version")]
pub async fn cut_version(
    slug: String,
    message: String,
    parent: i64,
    #[server(default)] tag: Option<String>,
) -> Answer<String> {
    use crate::{error::submit_then, parse, session};
    use domain::{name::TagName, problem::Code, view::version::CutInput};
    let cut = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let tag = match parse::text(tag) {
            None => None,
            Some(tag) => Some(TagName::parse(tag).map_err(|_| {
                service::Error::refused_at("/tag", Code::InvalidName, "not the name of a tag")
            })?),
        };
        let message = message.replace("\r\n", "\n").trim().to_owned();
        let input = CutInput { message, tag, parent: Some(parent) };
        let version = services.versions().cut(&actor, &slug, input).await?;
        Ok(format!("/projects/{slug}/versions/{}", version.number))
    };
    submit_then(cut.await, |page| Some(page.clone()))
}
