//! Tags: movable names for versions. Moving one writes its rows in the audit log and among the moves of the tag.

use crate::{
    actor::Actor,
    entity::{tag, tag_move},
    error::Result,
    repo::{
        audit::{self, Entry},
        events, page,
        projects::Project,
        sql::sql,
    },
};
use domain::{
    id::ProjectId,
    name::TagName,
    time::Timestamp,
    view::{Page, PageRequest},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};

/// The project's tags, by name.
pub(crate) async fn all<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<Vec<tag::Model>> {
    Ok(tag::Entity::find()
        .filter(tag::Column::ProjectId.eq(project.0))
        .order_by_asc(tag::Column::Name)
        .all(conn)
        .await?)
}

/// The tag of this name.
pub(crate) async fn find<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    name: &TagName,
) -> Result<Option<tag::Model>> {
    Ok(tag::Entity::find_by_id((project.0, name.as_str().to_owned())).one(conn).await?)
}

/// How a tag is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    pub name: &'a TagName,
    /// The version that it shall name, which must exist.
    pub number: i64,
    /// Whether it is protected from now on; as it was where absent.
    pub protected: Option<bool>,
}

/// Lets a tag name a version. The project must be held; whether the actor may is for the use case.
pub(crate) async fn set(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    setting: Setting<'_>,
    now: Timestamp,
) -> Result<tag::Model> {
    let before = find(tx, project.id, setting.name).await?;
    let was_protected = before.as_ref().is_some_and(|tag| tag.protected);
    let tag = tag::Model {
        project_id: project.id.0,
        name: setting.name.as_str().to_owned(),
        version: setting.number,
        protected: setting.protected.unwrap_or(was_protected),
        moved_by: actor.user().map(|user| user.0),
        moved_at: now.0,
    };
    let text = "INSERT INTO tags (project_id, name, version, protected, moved_by, moved_at)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (project_id, name)
                DO UPDATE SET version = excluded.version, protected = excluded.protected,
                              moved_by = excluded.moved_by, moved_at = excluded.moved_at";
    let values = [
        tag.project_id.into(),
        tag.name.clone().into(),
        tag.version.into(),
        tag.protected.into(),
        tag.moved_by.into(),
        tag.moved_at.into(),
    ];
    tx.execute_raw(sql(tx, text, values)).await?;
    let from = before.map(|tag| tag.version);
    note(tx, actor, &tag, (from, Some(tag.version))).await?;
    let mut detail = json!({"from": from, "to": tag.version});
    if tag.protected != was_protected {
        detail["protected"] = json!(tag.protected);
    }
    write_audit(tx, actor, "set_tag", &tag, detail, now).await?;
    if from != Some(tag.version) {
        events::tag_moved(tx, project, &tag.name, (from, Some(tag.version)), now).await?;
    }
    Ok(tag)
}

/// Removes a tag. The project must be held.
pub(crate) async fn delete(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    tag: tag::Model,
    now: Timestamp,
) -> Result<()> {
    tag::Entity::delete_by_id((tag.project_id, tag.name.clone())).exec(tx).await?;
    let from = tag.version;
    let gone =
        tag::Model { protected: false, moved_by: actor.user().map(|user| user.0), moved_at: now.0, ..tag };
    note(tx, actor, &gone, (Some(from), None)).await?;
    write_audit(tx, actor, "delete_tag", &gone, json!({"from": from}), now).await?;
    events::tag_moved(tx, project, &gone.name, (Some(from), None), now).await
}

/// One page of a tag's moves, the newest first.
pub(crate) async fn moves<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    name: &TagName,
    request: &PageRequest,
) -> Result<Page<tag_move::Model>> {
    let limit = page::limit(request)?;
    let mut query = tag_move::Entity::find()
        .filter(tag_move::Column::ProjectId.eq(project.0))
        .filter(tag_move::Column::Name.eq(name.as_str()))
        .order_by_desc(tag_move::Column::Id)
        .limit(limit as u64 + 1);
    if let Some(before) = page::after::<i64>(request)? {
        query = query.filter(tag_move::Column::Id.lt(before));
    }
    page::page(query.all(conn).await?, limit, |row| row.id)
}

/// Writes down that a tag went from one version to another.
async fn note(
    tx: &DatabaseTransaction,
    actor: &Actor,
    tag: &tag::Model,
    (from, to): (Option<i64>, Option<i64>),
) -> Result<()> {
    let row = tag_move::ActiveModel {
        id: NotSet,
        project_id: Set(tag.project_id),
        name: Set(tag.name.clone()),
        from_version: Set(from),
        to_version: Set(to),
        protected: Set(tag.protected),
        actor: Set(actor.as_str().to_owned()),
        moved_by: Set(tag.moved_by),
        moved_at: Set(tag.moved_at),
    };
    tag_move::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

async fn write_audit(
    tx: &DatabaseTransaction,
    actor: &Actor,
    action: &str,
    tag: &tag::Model,
    detail: Value,
    now: Timestamp,
) -> Result<()> {
    let subject = format!("tag {}", tag.name);
    let entry = Entry { actor, project: Some(ProjectId(tag.project_id)), action, subject, detail };
    audit::write(tx, now, entry).await
}
