//! The server functions of one version's page.

use crate::error::Answer;
use domain::{
    schema::Schema,
    view::version::{Diff, TagView, VersionView},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// What the page of a version shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is asked.
    pub schema: Schema,
    /// The version.
    pub version: VersionView,
    /// The newest version's number.
    pub newest: i64,
    /// All tags of the project.
    pub tags: Vec<TagView>,
    /// What differs between another version and this one.
    pub diff: Diff,
    /// Whether the caller may set and delete tags.
    pub may_tag: bool,
    /// Whether the caller may move and unprotect protected ones.
    pub may_unprotect: bool,
    /// Whether the caller may make a new version from it.
    pub may_revert: bool,
}

/// A version and what differs in it, against its parent where nothing else is asked for.
#[server(endpoint = "load_version", input = GetUrl)]
pub async fn load_version(
    slug: String,
    reference: String,
    against: Option<String>,
    cursor: Option<String>,
) -> Answer<Version> {
    use crate::{error::load, parse, session};
    use domain::{
        access::{Permission, Standing},
        name::VersionRef,
        problem::Code,
        view::diff::DiffFilter,
    };
    let version = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let reference = VersionRef::parse(&reference).map_err(|_| Code::NotFound)?;
        let version = services.versions().get(&actor, &slug, &reference).await?;
        let newest = services.versions().get(&actor, &slug, &VersionRef::Latest).await?.number;
        let to = VersionRef::Number(version.number);
        let from = match parse::text(against) {
            None => VersionRef::Number(version.parent.unwrap_or(0)),
            Some(against) => VersionRef::parse_with_empty(&against).map_err(|_| Code::NotFound)?,
        };
        let (ends, page) = ((&from, &to), parse::page(cursor));
        let diff = services.versions().diff(&actor, &slug, ends, DiffFilter::default(), page).await?;
        let tags = services.tags().list(&actor, &slug).await?;
        let project = services.projects().get(&actor, &slug).await?;
        let standing = Standing { admin: actor.is_admin(), role: project.role };
        let changeable = project.archived_at.is_none();
        Ok(Version {
            slug: slug.to_string(),
            project: project.name,
            schema: project.schema,
            version,
            newest,
            tags,
            diff,
            may_tag: changeable && Permission::ManageTags.allows(standing),
            may_unprotect: changeable && Permission::ProtectedTags.allows(standing),
            may_revert: changeable && Permission::CutVersion.allows(standing),
        })
    };
    load(version.await)
}

/// The data card of a version as clean HTML, in this language; nothing unless it is asked for, since it counts all labels.
#[server(endpoint = "load_card", input = GetUrl)]
pub async fn load_card(
    slug: String,
    reference: String,
    language: String,
    asked: Option<String>,
) -> Answer<Option<String>> {
    use crate::{components::markdown::to_html, error::load, parse, session};
    use domain::{card::Language, name::VersionRef, problem::Code};
    let card = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        if asked.is_none() {
            return Ok(None);
        }
        let reference = VersionRef::parse(&reference).map_err(|_| Code::NotFound)?;
        let language = Language::parse(&language).unwrap_or_default();
        let card = services.cards().get(&actor, &slug, &reference, language).await?;
        Ok(Some(to_html(&card.body)))
    };
    load(card.await)
}

/// Lets a tag name a version; one that names another moves.
#[server(endpoint = "set_tag")]
pub async fn set_tag(slug: String, tag: String, version: i64) -> Answer<TagView> {
    use crate::{error::submit, parse, session};
    use domain::{name::TagName, problem::Code, view::version::TagInput};
    let set = async {
        let actor = session::actor().await?;
        let tag = TagName::parse(tag.trim().to_owned()).map_err(|_| Code::InvalidName)?;
        session::services()?
            .tags()
            .set(&actor, &parse::slug(&slug)?, &tag, TagInput { version, protected: None })
            .await
    };
    submit(set.await)
}

/// Protects a tag, or takes its protection away: `protection` is `on` or `off`.
#[server(endpoint = "protect_tag")]
pub async fn protect_tag(slug: String, tag: String, version: i64, protection: String) -> Answer<TagView> {
    use crate::{error::submit, parse, session};
    use domain::{name::TagName, problem::Code, view::version::TagInput};
    let set = async {
        let actor = session::actor().await?;
        let tag = TagName::parse(tag).map_err(|_| Code::NotFound)?;
        let protected = match protection.as_str() {
            "on" => true,
            "off" => false,
            _ => return Err(Code::Invalid.into()),
        };
        let input = TagInput { version, protected: Some(protected) };
        session::services()?.tags().set(&actor, &parse::slug(&slug)?, &tag, input).await
    };
    submit(set.await)
}

/// Removes a tag.
#[server(endpoint = "delete_tag")]
pub async fn delete_tag(slug: String, tag: String) -> Answer<()> {
    use crate::{error::submit, parse, session};
    use domain::{name::TagName, problem::Code};
    let deleted = async {
        let actor = session::actor().await?;
        let tag = TagName::parse(tag).map_err(|_| Code::NotFound)?;
        session::services()?.tags().delete(&actor, &parse::slug(&slug)?, &tag).await
    };
    submit(deleted.await)
}

/// Makes a new version whose labels equal those of version `number`; the answer is its page.
#[server(endpoint = "revert_version")]
pub async fn revert_version(slug: String, number: i64, message: String) -> Answer<String> {
    use crate::{error::submit_then, parse, session};
    use domain::{name::VersionRef, view::version::RevertInput};
    let reverted = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let input = RevertInput { message: message.replace("\r\n", "\n").trim().to_owned() };
        let reference = VersionRef::Number(number);
        let version = services.versions().revert(&actor, &slug, &reference, input).await?;
        Ok(format!("/projects/{slug}/versions/{}", version.number))
    };
    submit_then(reverted.await, |page| Some(page.clone()))
}
