//! The audit log: one row for every change, in the transaction of the change.

use crate::{actor::Actor, entity::audit, error::Result};
use domain::{id::ProjectId, time::Timestamp};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::Value;

/// A change to write down.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    pub actor: &'a Actor,
    pub project: Option<ProjectId>,
    /// The use case's word, such as `submit_annotation`.
    pub action: &'a str,
    /// What it was done to, such as `task 12`.
    pub subject: String,
    /// What else is worth knowing; never sample text, answers, notes or secrets.
    pub detail: Value,
}

/// Writes `entry` down.
pub(crate) async fn write<C: ConnectionTrait>(conn: &C, now: Timestamp, entry: Entry<'_>) -> Result<()> {
    let row = audit::ActiveModel {
        at: Set(now.0),
        project_id: Set(entry.project.map(|project| project.0)),
        actor: Set(entry.actor.as_str().to_owned()),
        user_id: Set(entry.actor.user().map(|user| user.0)),
        token_id: Set(entry.actor.token().map(|token| token.0)),
        action: Set(entry.action.to_owned()),
        subject: Set(entry.subject),
        detail: Set(entry.detail.to_string()),
        ..Default::default()
    };
    audit::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}
