//! Tags: movable names for versions. Moving one writes its row in the audit log.

use crate::{
    actor::Actor,
    entity::tag,
    error::Result,
    repo::{
        audit::{self, Entry},
        sql::sql,
    },
};
use domain::{id::ProjectId, name::TagName, time::Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

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

/// Removes a tag.
pub(crate) async fn delete(tx: &DatabaseTransaction, project: ProjectId, name: &TagName) -> Result<()> {
    tag::Entity::delete_by_id((project.0, name.as_str().to_owned())).exec(tx).await?;
    Ok(())
}

/// Lets `tag` name version `number`, which must exist.
pub(crate) async fn set(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: ProjectId,
    name: &TagName,
    number: i64,
    now: Timestamp,
) -> Result<()> {
    let before = find(tx, project, name).await?;
    let text = "INSERT INTO tags (project_id, name, version, moved_by, moved_at) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (project_id, name)
                DO UPDATE SET version = excluded.version, moved_by = excluded.moved_by,
                              moved_at = excluded.moved_at";
    let values = [
        project.0.into(),
        name.as_str().into(),
        number.into(),
        actor.user().map(|user| user.0).into(),
        now.0.into(),
    ];
    tx.execute_raw(sql(tx, text, values)).await?;
    let entry = Entry {
        actor,
        project: Some(project),
        action: "set_tag",
        subject: format!("tag {name}"),
        detail: json!({"from": before.map(|tag| tag.version), "to": number}),
    };
    audit::write(tx, now, entry).await
}
