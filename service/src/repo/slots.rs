//! Slots and leases: which places of a task are held, answered or free.
//!
//! Nothing is counted anywhere else: whether a place is free follows from these rows and the time.

use crate::{
    entity::{slot, task},
    error::Result,
    repo::sql::sql,
};
use domain::{
    id::{AnnotationId, AnnotatorId, ProjectId, TaskId},
    problem::Code,
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult, QueryFilter,
    Value,
};

impl slot::Model {
    /// Whether the place is answered, or held at this time.
    pub(crate) fn is_taken(&self, at: Timestamp) -> bool {
        self.annotation_id.is_some() || self.expires_at > at.0
    }
}

/// The slots that the annotator holds in the project, the ones held longest first.
pub(crate) async fn held<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    annotator: AnnotatorId,
    now: Timestamp,
) -> Result<Vec<slot::Model>> {
    // SQLite takes the index of annotations, unique, for better: but it holds everything that is not answered.
    let by_person = match conn.get_database_backend() {
        DbBackend::Sqlite => " INDEXED BY slots_held",
        _ => "",
    };
    let text = format!(
        "SELECT s.* FROM slots s{by_person} JOIN tasks t ON t.id = s.task_id
         WHERE t.project_id = $1 AND t.state IN ('open', 'known') AND s.annotator_id = $2
         AND s.annotation_id IS NULL AND s.expires_at > $3 ORDER BY s.claimed_at, t.priority DESC, t.sample_key"
    );
    let values = [project.0.into(), annotator.0.into(), now.0.into()];
    Ok(slot::Entity::find().from_raw_sql(sql(conn, &text, values)).all(conn).await?)
}

#[derive(FromQueryResult)]
struct WithTask {
    #[sea_orm(nested)]
    slot: slot::Model,
    #[sea_orm(nested)]
    task: task::Model,
}

/// The slot of a lease with its task, which is held for this transaction so that nobody else's answer or decision comes
/// between.
pub(crate) async fn with_task(
    tx: &DatabaseTransaction,
    lease: &str,
) -> Result<Option<(slot::Model, task::Model)>> {
    let is_postgres = tx.get_database_backend() == DbBackend::Postgres;
    let lock = if is_postgres { " FOR UPDATE OF t" } else { "" };
    let text =
        format!("SELECT s.*, t.* FROM slots s JOIN tasks t ON t.id = s.task_id WHERE s.lease = $1{lock}");
    let row = WithTask::find_by_statement(sql(tx, &text, [lease.into()])).one(tx).await?;
    let Some(WithTask { slot, task }) = row else { return Ok(None) };
    // The slot may have been taken while this waited for its task. SQLite has one writer, and nobody waits.
    let slot = if is_postgres { by_lease(tx, lease).await? } else { Some(slot) };
    Ok(slot.map(|slot| (slot, task)))
}

/// The slot of a lease.
async fn by_lease<C: ConnectionTrait>(conn: &C, lease: &str) -> Result<Option<slot::Model>> {
    Ok(slot::Entity::find().filter(slot::Column::Lease.eq(lease)).one(conn).await?)
}

/// Gives a free place of the task to the annotator: their own expired one, a fresh one, or else one whose
/// lease has expired. None where there is none any more: the task was chosen before the caller held it, and another
/// server may have been quicker.
pub(crate) async fn take(
    tx: &DatabaseTransaction,
    places: i32,
    new: slot::Model,
) -> Result<Option<slot::Model>> {
    let rows = slot::Entity::find().filter(slot::Column::TaskId.eq(new.task_id)).all(tx).await?;
    let now = Timestamp(new.claimed_at);
    let own = rows.iter().find(|row| row.annotator_id == new.annotator_id);
    let unused = (1..=places).find(|place| rows.iter().all(|row| row.slot != *place));
    let expired = rows.iter().find(|row| !row.is_taken(now));
    let (place, replaces) = match (own, unused, expired) {
        (Some(own), _, _) if own.is_taken(now) => return Ok(None),
        (Some(own), _, _) => (own.slot, true),
        (None, Some(unused), _) => (unused, false),
        (None, None, Some(expired)) => (expired.slot, true),
        (None, None, None) => return Ok(None),
    };
    let taken = slot::Model { slot: place, ..new };
    if !replaces {
        return take_at(tx, taken).await;
    }
    let text = "UPDATE slots SET annotator_id = $3, lease = $4, claimed_at = $5, expires_at = $6
                WHERE task_id = $1 AND slot = $2 AND annotation_id IS NULL";
    let changed = tx.execute_raw(sql(tx, text, lease_values(&taken))).await?.rows_affected();
    Ok((changed == 1).then_some(taken))
}

/// Gives the first place of a task that nobody has a place of.
pub(crate) async fn take_first(tx: &DatabaseTransaction, new: slot::Model) -> Result<Option<slot::Model>> {
    take_at(tx, slot::Model { slot: 1, ..new }).await
}

/// Gives a place that nobody has.
pub(crate) async fn take_at(tx: &DatabaseTransaction, taken: slot::Model) -> Result<Option<slot::Model>> {
    Ok(insert(tx, &taken).await?.then_some(taken))
}

async fn insert(tx: &DatabaseTransaction, slot: &slot::Model) -> Result<bool> {
    let text = "INSERT INTO slots (task_id, slot, annotator_id, lease, claimed_at, expires_at)
                VALUES ($1, $2, $3, $4, $5, $6)";
    Ok(tx.execute_raw(sql(tx, text, lease_values(slot))).await?.rows_affected() == 1)
}

fn lease_values(slot: &slot::Model) -> [Value; 6] {
    [
        slot.task_id.into(),
        slot.slot.into(),
        slot.annotator_id.into(),
        slot.lease.clone().into(),
        slot.claimed_at.into(),
        slot.expires_at.into(),
    ]
}

/// The slot that points to an annotation.
pub(crate) async fn of_annotation<C: ConnectionTrait>(
    conn: &C,
    annotation: AnnotationId,
) -> Result<Option<slot::Model>> {
    Ok(slot::Entity::find().filter(slot::Column::AnnotationId.eq(annotation.0)).one(conn).await?)
}

/// Lets the slot point to the annotation, which counts from now on.
pub(crate) async fn answer(
    tx: &DatabaseTransaction,
    slot: &slot::Model,
    annotation: AnnotationId,
) -> Result<()> {
    let text = "UPDATE slots SET annotation_id = $1 WHERE task_id = $2 AND slot = $3 AND lease = $4";
    let values = [annotation.0.into(), slot.task_id.into(), slot.slot.into(), slot.lease.clone().into()];
    match tx.execute_raw(sql(tx, text, values)).await?.rows_affected() {
        1 => Ok(()),
        // Whoever may answer no more loses what they hold, without the task's lock.
        _ => Err(Code::LeaseLost.into()),
    }
}

/// Lets whoever answered the slot hold it again, by the lease that `held` names.
pub(crate) async fn hold_again(tx: &DatabaseTransaction, held: &slot::Model) -> Result<()> {
    let text = "UPDATE slots SET annotation_id = NULL, lease = $1, claimed_at = $2, expires_at = $3
                WHERE task_id = $4 AND slot = $5";
    let values = [
        held.lease.clone().into(),
        held.claimed_at.into(),
        held.expires_at.into(),
        held.task_id.into(),
        held.slot.into(),
    ];
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// Lets the lease end at another time.
pub(crate) async fn extend(
    tx: &DatabaseTransaction,
    slot: &slot::Model,
    expires_at: Timestamp,
) -> Result<()> {
    let text = "UPDATE slots SET expires_at = $1 WHERE task_id = $2 AND slot = $3";
    tx.execute_raw(sql(tx, text, [expires_at.0.into(), slot.task_id.into(), slot.slot.into()])).await?;
    Ok(())
}

/// Frees a place.
pub(crate) async fn free(tx: &DatabaseTransaction, slot: &slot::Model) -> Result<()> {
    let text = "DELETE FROM slots WHERE task_id = $1 AND slot = $2 AND annotation_id IS NULL";
    tx.execute_raw(sql(tx, text, [slot.task_id.into(), slot.slot.into()])).await?;
    Ok(())
}

/// Frees every place of the task that is not answered.
pub(crate) async fn free_all(tx: &DatabaseTransaction, task: TaskId) -> Result<()> {
    let text = "DELETE FROM slots WHERE task_id = $1 AND annotation_id IS NULL";
    tx.execute_raw(sql(tx, text, [task.0.into()])).await?;
    Ok(())
}

/// Whether anybody could still answer the task: a member, or an admin who has begun to annotate here; enabled, has
/// neither answered nor skipped it, and is not paused, unless they hold it and may finish it.
pub(crate) async fn anybody_left<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    task: TaskId,
    now: Timestamp,
) -> Result<bool> {
    let text = "SELECT u.id FROM users u
                LEFT JOIN annotators a ON a.project_id = $1 AND a.user_id = u.id
                WHERE u.disabled_at IS NULL
                AND (EXISTS (SELECT 1 FROM members m WHERE m.project_id = $1 AND m.user_id = u.id)
                     OR (u.admin AND a.id IS NOT NULL))
                AND NOT EXISTS (SELECT 1 FROM slots s WHERE s.task_id = $2 AND s.annotator_id = a.id
                                AND s.annotation_id IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM skips k WHERE k.task_id = $2 AND k.annotator_id = a.id)
                AND (NOT EXISTS (SELECT 1 FROM pauses p WHERE p.annotator_id = a.id AND p.resumed_at IS NULL)
                     OR EXISTS (SELECT 1 FROM slots h WHERE h.task_id = $2 AND h.annotator_id = a.id
                                AND h.expires_at > $3))
                LIMIT 1";
    let values = [project.0.into(), task.0.into(), now.0.into()];
    Ok(conn.query_one_raw(sql(conn, text, values)).await?.is_some())
}
