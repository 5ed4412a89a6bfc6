//! Tags: movable names for versions.

use crate::{
    actor::Actor,
    entity::{tag, tag_move},
    error::{Error, Result},
    repo::{
        projects, review_items,
        tags::{self, Setting},
        versions,
    },
    services::Services,
    usecase::access::{self, Access},
};
use domain::{
    access::Permission,
    name::{Slug, TagName},
    problem::{Code, Refusal},
    time::Timestamp,
    view::{
        Page, PageRequest,
        version::{TagInput, TagMove, TagView},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// Movable names for versions.
#[derive(Clone, Copy, Debug)]
pub struct Tags<'a>(pub(crate) &'a Services);

impl Tags<'_> {
    /// The project's tags, by name.
    pub async fn list(&self, actor: &Actor, slug: &Slug) -> Result<Vec<TagView>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadVersions).await?;
        let rows = tags::all(&conn, access.project.id).await?;
        views(&conn, rows).await
    }

    /// One page of the moves of a tag, the newest first; also of one that is gone.
    pub async fn history(
        &self,
        actor: &Actor,
        slug: &Slug,
        tag: &TagName,
        request: PageRequest,
    ) -> Result<Page<TagMove>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadVersions).await?;
        let rows = tags::moves(&conn, access.project.id, tag, &request).await?;
        if rows.items.is_empty() && request.cursor.is_none() {
            return Err(Refusal::new(Code::NotFound, format!("there never was a tag '{tag}'")).into());
        }
        let emails = review_items::emails(&conn, rows.items.iter().filter_map(|row| row.moved_by)).await?;
        let view = |row: tag_move::Model| TagMove {
            from: row.from_version,
            to: row.to_version,
            protected: row.protected,
            actor: row.actor,
            moved_by: row.moved_by.and_then(|id| emails.get(&id).cloned()),
            moved_at: Timestamp(row.moved_at),
        };
        Ok(Page { items: rows.items.into_iter().map(view).collect(), next_cursor: rows.next_cursor })
    }

    /// Lets a tag name a version, protects it, or takes its protection away.
    pub async fn set(&self, actor: &Actor, slug: &Slug, tag: &TagName, input: TagInput) -> Result<TagView> {
        let (services, actor, slug, tag) = (self.0.clone(), actor.clone(), slug.clone(), tag.clone());
        let set = self.0.db.write(move |tx| {
            Box::pin(async move {
                let access =
                    access::project(tx, &actor, &slug, Permission::ManageTags).await?.changeable()?;
                let project = access.project.id;
                let now = services.now(tx).await?;
                if versions::find(tx, project, input.version).await?.is_none() {
                    let detail = format!("there is no version {}", input.version);
                    return Err(Error::invalid("/version", Code::OutOfRange, detail));
                }
                let setting = Setting { name: &tag, number: input.version, protected: input.protected };
                let set = set(tx, &actor, &access, setting, now).await?;
                views(tx, vec![set]).await
            })
        });
        let tag = set.await?.pop().ok_or_else(|| Error::internal("no tag"));
        self.0.outbox.notify_one();
        tag
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
                    projects::lock(tx, access.project.id).await?;
                    let now = services.now(tx).await?;
                    let Some(row) = tags::find(tx, access.project.id, &name).await? else {
                        let detail = format!("there is no tag '{name}'");
                        return Err(Refusal::new(Code::NotFound, detail).into());
                    };
                    if row.protected && !access.also(&actor, Permission::ProtectedTags) {
                        return Err(protected(&name));
                    }
                    tags::delete(tx, &actor, &access.project, row, now).await
                })
            })
            .await?;
        self.0.outbox.notify_one();
        Ok(())
    }
}

/// Sets a tag, unless it is protected and would name another version, or be protected no more, by somebody who may not.
pub(crate) async fn set(
    tx: &DatabaseTransaction,
    actor: &Actor,
    access: &Access,
    setting: Setting<'_>,
    now: Timestamp,
) -> Result<tag::Model> {
    let project = &access.project;
    // Two moves come one after the other, and each sees whether the tag is protected.
    projects::lock(tx, project.id).await?;
    if let Some(tag) = tags::find(tx, project.id, setting.name).await?.filter(|tag| tag.protected) {
        if tag.version == setting.number && setting.protected != Some(false) {
            // It says what is so already, and whoever moved it last stays its mover.
            return Ok(tag);
        }
        if !access.also(actor, Permission::ProtectedTags) {
            return Err(protected(setting.name));
        }
    }
    tags::set(tx, actor, project, setting, now).await
}

fn protected(name: &TagName) -> Error {
    Error::refused(
        Code::TagProtected,
        format!("only a site admin may move, delete or unprotect the tag '{name}'"),
    )
}

async fn views<C: ConnectionTrait>(conn: &C, rows: Vec<tag::Model>) -> Result<Vec<TagView>> {
    let emails = review_items::emails(conn, rows.iter().filter_map(|row| row.moved_by)).await?;
    let view = |row: tag::Model| {
        Ok(TagView {
            tag: TagName::parse(row.name).map_err(Error::internal)?,
            version: row.version,
            protected: row.protected,
            moved_by: row.moved_by.and_then(|id| emails.get(&id).cloned()),
            moved_at: Timestamp(row.moved_at),
        })
    };
    rows.into_iter().map(view).collect()
}
