//! Tags: movable names for versions.

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        review_items, tags, versions,
    },
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    name::{Slug, TagName},
    problem::{Code, Refusal},
    time::Timestamp,
    view::version::{TagInput, TagView},
};
use serde_json::json;

/// Movable names for versions.
#[derive(Clone, Copy, Debug)]
pub struct Tags<'a>(pub(crate) &'a Services);

impl Tags<'_> {
    /// The project's tags, by name.
    pub async fn list(&self, actor: &Actor, slug: &Slug) -> Result<Vec<TagView>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadVersions).await?;
        let rows = tags::all(&conn, access.project.id).await?;
        let emails = review_items::emails(&conn, rows.iter().filter_map(|row| row.moved_by)).await?;
        rows.into_iter()
            .map(|row| {
                Ok(TagView {
                    tag: TagName::parse(row.name).map_err(Error::internal)?,
                    version: row.version,
                    moved_by: row.moved_by.and_then(|id| emails.get(&id).cloned()),
                    moved_at: Timestamp(row.moved_at),
                })
            })
            .collect()
    }

    /// Lets a tag name a version.
    pub async fn set(&self, actor: &Actor, slug: &Slug, tag: &TagName, input: TagInput) -> Result<TagView> {
        let (services, work_actor, work_slug, work_tag) =
            (self.0.clone(), actor.clone(), slug.clone(), tag.clone());
        let moved_at = self
            .0
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let permission = Permission::ManageTags;
                    let access =
                        access::project(tx, &work_actor, &work_slug, permission).await?.changeable()?;
                    let project = access.project.id;
                    let now = services.now(tx).await?;
                    if versions::find(tx, project, input.version).await?.is_none() {
                        let detail = format!("there is no version {}", input.version);
                        return Err(Error::invalid("/version", Code::OutOfRange, detail));
                    }
                    tags::set(tx, &work_actor, project, &work_tag, input.version, now).await?;
                    Ok(now)
                })
            })
            .await?;
        let emails = review_items::emails(self.0.db.read(), actor.user().map(|user| user.0)).await?;
        Ok(TagView {
            tag: tag.clone(),
            version: input.version,
            moved_by: actor.user().and_then(|user| emails.get(&user.0).cloned()),
            moved_at,
        })
    }

    /// Removes a tag; the version that it named stays.
    pub async fn delete(&self, actor: &Actor, slug: &Slug, tag: &TagName) -> Result<()> {
        let (services, actor, slug, name) = (self.0.clone(), actor.clone(), slug.clone(), tag.clone());
        self.0
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let access =
                        access::project(tx, &actor, &slug, Permission::ManageTags).await?.changeable()?;
                    let project = access.project.id;
                    let now = services.now(tx).await?;
                    let Some(row) = tags::find(tx, project, &name).await? else {
                        let detail = format!("there is no tag '{name}'");
                        return Err(Refusal::new(Code::NotFound, detail).into());
                    };
                    tags::delete(tx, project, &name).await?;
                    let entry = Entry {
                        actor: &actor,
                        project: Some(project),
                        action: "delete_tag",
                        subject: format!("tag {name}"),
                        detail: json!({"from": row.version}),
                    };
                    audit::write(tx, now, entry).await
                })
            })
            .await
    }
}
