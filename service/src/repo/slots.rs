//! Slots and leases: which places of a task are held, answered or free.
//!
//! Nothing is counted anywhere else: whether a place is free follows from these rows and the time.

use crate::{
    entity::slot,
    error::{Error, Result},
    repo::sql::sql,
};
use domain::{
    id::{AnnotatorId, ProjectId, TaskId},
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult, QueryFilter,
};

/// A task is free for an annotator who has not answered, skipped or holds it, while one of its places is
/// neither answered nor held. `$1` project, `$2` annotator, `$3` now.
const FREE: &str = "t.project_id = $1 AND t.state = 'open'
  AND NOT EXISTS (SELECT 1 FROM slots s WHERE s.task_id = t.id AND s.annotator_id = $2
                  AND (s.annotation_id IS NOT NULL OR s.expires_at > $3))
  AND NOT EXISTS (SELECT 1 FROM skips k WHERE k.task_id = t.id AND k.annotator_id = $2)
  AND (SELECT COUNT(*) FROM slots s WHERE s.task_id = t.id
       AND (s.annotation_id IS NOT NULL OR s.expires_at > $3)) < t.slots";

/// Beyond this many, what waits is not counted further.
const MOST_COUNTED: i64 = 10_000;

/// In which order free tasks are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// By priority, then by sample id.
    Priority,
    /// Those of the audit slice, by hash.
    Audit,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

/// The first free tasks in `order`, held for this transaction.
pub(crate) async fn free_tasks(
    tx: &DatabaseTransaction,
    project: ProjectId,
    annotator: AnnotatorId,
    now: Timestamp,
    order: Order,
    count: usize,
) -> Result<Vec<TaskId>> {
    let (condition, by) = match order {
        Order::Priority => ("", "t.priority DESC, t.sample_key"),
        Order::Audit => (" AND t.audit_rank IS NOT NULL", "t.audit_rank, t.sample_key"),
    };
    let lock = match tx.get_database_backend() {
        DbBackend::Postgres => " FOR UPDATE OF t SKIP LOCKED",
        _ => "",
    };
    let text = format!("SELECT t.id FROM tasks t WHERE {FREE}{condition} ORDER BY {by} LIMIT {count}{lock}");
    let values = [project.0.into(), annotator.0.into(), now.0.into()];
    let rows = IdRow::find_by_statement(sql(tx, &text, values)).all(tx).await?;
    Ok(rows.into_iter().map(|row| TaskId(row.id)).collect())
}

/// About how many tasks are free for the annotator; exact up to ten thousand.
pub(crate) async fn count_free<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    annotator: AnnotatorId,
    now: Timestamp,
) -> Result<i64> {
    let text = format!(
        "SELECT COUNT(*) AS count FROM (SELECT 1 FROM tasks t WHERE {FREE} LIMIT {MOST_COUNTED}) AS free"
    );
    let values = [project.0.into(), annotator.0.into(), now.0.into()];
    let row = CountRow::find_by_statement(sql(conn, &text, values)).one(conn).await?;
    Ok(row.map_or(0, |row| row.count))
}

/// The slots that the annotator holds in the project, the ones held longest first.
pub(crate) async fn held<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    annotator: AnnotatorId,
    now: Timestamp,
) -> Result<Vec<slot::Model>> {
    let text = "SELECT s.* FROM slots s JOIN tasks t ON t.id = s.task_id
                WHERE t.project_id = $1 AND t.state = 'open' AND s.annotator_id = $2
                AND s.annotation_id IS NULL AND s.expires_at > $3 ORDER BY s.claimed_at, t.priority DESC, t.sample_key";
    let values = [project.0.into(), annotator.0.into(), now.0.into()];
    Ok(slot::Entity::find().from_raw_sql(sql(conn, text, values)).all(conn).await?)
}

/// The slot of a lease.
pub(crate) async fn by_lease<C: ConnectionTrait>(conn: &C, lease: &str) -> Result<Option<slot::Model>> {
    Ok(slot::Entity::find().filter(slot::Column::Lease.eq(lease)).one(conn).await?)
}

/// Gives a free place of the task to the annotator: their own expired one, a fresh one, or else one whose
/// lease has expired. The caller holds the task and has checked that a place is free.
pub(crate) async fn take(tx: &DatabaseTransaction, places: i32, new: slot::Model) -> Result<slot::Model> {
    let rows = slot::Entity::find().filter(slot::Column::TaskId.eq(new.task_id)).all(tx).await?;
    let own = rows.iter().find(|row| row.annotator_id == new.annotator_id && row.annotation_id.is_none());
    let unused = (1..=places).find(|place| rows.iter().all(|row| row.slot != *place));
    let expired = rows.iter().find(|row| row.annotation_id.is_none() && row.expires_at <= new.claimed_at);
    let (place, replaces) = match (own, unused, expired) {
        (Some(own), _, _) => (own.slot, true),
        (None, Some(unused), _) => (unused, false),
        (None, None, Some(expired)) => (expired.slot, true),
        (None, None, None) => return Err(Error::internal("no place of the task is free")),
    };
    let taken = slot::Model { slot: place, ..new };
    let text = if replaces {
        "UPDATE slots SET annotator_id = $3, lease = $4, claimed_at = $5, expires_at = $6
         WHERE task_id = $1 AND slot = $2 AND annotation_id IS NULL"
    } else {
        "INSERT INTO slots (task_id, slot, annotator_id, lease, claimed_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)"
    };
    let values = [
        taken.task_id.into(),
        taken.slot.into(),
        taken.annotator_id.into(),
        taken.lease.clone().into(),
        taken.claimed_at.into(),
        taken.expires_at.into(),
    ];
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(taken)
}

/// Frees a place.
pub(crate) async fn free(tx: &DatabaseTransaction, slot: &slot::Model) -> Result<()> {
    let text = "DELETE FROM slots WHERE task_id = $1 AND slot = $2 AND annotation_id IS NULL";
    tx.execute_raw(sql(tx, text, [slot.task_id.into(), slot.slot.into()])).await?;
    Ok(())
}

/// How many members could still answer the task: enabled, and neither answered nor skipped it.
pub(crate) async fn eligible<C: ConnectionTrait>(conn: &C, project: ProjectId, task: TaskId) -> Result<i64> {
    let text = "SELECT COUNT(*) AS count FROM members m JOIN users u ON u.id = m.user_id
                LEFT JOIN annotators a ON a.project_id = m.project_id AND a.user_id = m.user_id
                WHERE m.project_id = $1 AND u.disabled_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM slots s WHERE s.task_id = $2 AND s.annotator_id = a.id
                                AND s.annotation_id IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM skips k WHERE k.task_id = $2 AND k.annotator_id = a.id)";
    let row =
        CountRow::find_by_statement(sql(conn, text, [project.0.into(), task.0.into()])).one(conn).await?;
    Ok(row.map_or(0, |row| row.count))
}
