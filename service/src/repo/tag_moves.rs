//! Moving a tag, with its row in the audit log.

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
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait};
use serde_json::json;

/// Lets `tag` name version `number`, which must exist.
pub(crate) async fn set(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: ProjectId,
    name: &TagName,
    number: i64,
    now: Timestamp,
) -> Result<()> {
    let before = tag::Entity::find_by_id((project.0, name.as_str().to_owned())).one(tx).await?;
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
