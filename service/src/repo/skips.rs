//! Skips: each keeps a task from one annotator for good.

use crate::{entity::skip, error::Result};
use domain::{
    id::{AnnotatorId, TaskId},
    time::Timestamp,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Writes down that the annotator skipped the task.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    task: TaskId,
    annotator: AnnotatorId,
    reason: Option<String>,
    now: Timestamp,
) -> Result<()> {
    let row = skip::ActiveModel {
        task_id: Set(task.0),
        annotator_id: Set(annotator.0),
        reason: Set(reason),
        created_at: Set(now.0),
    };
    skip::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}
