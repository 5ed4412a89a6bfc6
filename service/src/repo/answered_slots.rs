//! Many places at a time that are answered as they are given: those of imported answers.

use crate::{
    entity::slot,
    error::Result,
    repo::{
        sql::{insert, places, sql},
        versions::BATCH,
    },
};
use domain::id::TaskId;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use std::collections::HashMap;

/// The places of these tasks that somebody holds, held or has answered.
pub(crate) async fn of_tasks<C: ConnectionTrait>(
    conn: &C,
    tasks: &[TaskId],
) -> Result<HashMap<TaskId, Vec<slot::Model>>> {
    let mut found: HashMap<TaskId, Vec<slot::Model>> = HashMap::new();
    for tasks in tasks.chunks(BATCH) {
        let of_tasks = slot::Column::TaskId.is_in(tasks.iter().map(|task| task.0));
        for row in slot::Entity::find().filter(of_tasks).all(conn).await? {
            found.entry(TaskId(row.task_id)).or_default().push(row);
        }
    }
    Ok(found)
}

/// Writes places with the annotations that they point to, in the stead of those `given_up`, which nobody has answered.
pub(crate) async fn fill(
    tx: &DatabaseTransaction,
    filled: Vec<slot::Model>,
    given_up: &[slot::Model],
) -> Result<()> {
    const COLUMNS: [(&str, &str); 7] = [
        ("task_id", "BIGINT"),
        ("slot", "INTEGER"),
        ("annotator_id", "BIGINT"),
        ("lease", "TEXT"),
        ("claimed_at", "BIGINT"),
        ("expires_at", "BIGINT"),
        ("annotation_id", "BIGINT"),
    ];
    for slots in given_up.chunks(BATCH) {
        let leases = places(1, slots.len());
        let text = format!("DELETE FROM slots WHERE annotation_id IS NULL AND lease IN ({leases})");
        tx.execute_raw(sql(tx, &text, slots.iter().map(|slot| slot.lease.clone().into()))).await?;
    }
    let values = filled.into_iter().flat_map(|slot| {
        [
            slot.task_id.into(),
            slot.slot.into(),
            slot.annotator_id.into(),
            slot.lease.into(),
            slot.claimed_at.into(),
            slot.expires_at.into(),
            slot.annotation_id.into(),
        ]
    });
    insert(tx, "slots", &COLUMNS, values.collect()).await
}
