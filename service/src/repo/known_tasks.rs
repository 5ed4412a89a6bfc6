//! Known-answer tasks as they are served: who may get which, and the place that whoever comes gets.
//!
//! Such a task has as many places as people have come to it, each for good.

use crate::{
    entity::{slot, task},
    error::{Error, Result},
    repo::{
        claims::TaskRow,
        projects::Project,
        slots,
        sql::{places, sql},
        tasks,
    },
};
use domain::{
    id::{AnnotatorId, ProjectId, TaskId},
    known,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult};

/// Among so many one is drawn. What is behind them comes in reach as they are answered.
const MOST_DRAWN_FROM: usize = 1000;

/// A known-answer task that somebody could get.
#[derive(FromQueryResult)]
pub(crate) struct Candidate {
    pub task_id: i64,
    /// The known answers.
    pub answers: String,
}

/// The tasks that this person could get: of samples that are as they were marked, that nobody is asked about otherwise, and
/// that they neither hold nor have answered or skipped by any task.
pub(crate) async fn candidates<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    annotator: AnnotatorId,
    now: Timestamp,
) -> Result<Vec<Candidate>> {
    let text = format!(
        "SELECT k.task_id, k.answers FROM known_answers k
         JOIN tasks t ON t.id = k.task_id JOIN samples m ON m.id = k.sample_id
         WHERE k.project_id = $1 AND k.retired_at IS NULL AND m.erased_at IS NULL AND m.content_id = t.content_id
         AND NOT EXISTS (SELECT 1 FROM tasks o WHERE o.sample_id = k.sample_id AND o.state IN ('open', 'in_review'))
         AND NOT EXISTS (SELECT 1 FROM tasks o JOIN slots s ON s.task_id = o.id AND s.annotator_id = $2
                         WHERE o.sample_id = k.sample_id AND (s.annotation_id IS NOT NULL OR s.expires_at > $3))
         AND NOT EXISTS (SELECT 1 FROM tasks o JOIN skips x ON x.task_id = o.id AND x.annotator_id = $2
                         WHERE o.sample_id = k.sample_id)
         ORDER BY k.sample_key LIMIT {MOST_DRAWN_FROM}"
    );
    let values = [project.0.into(), annotator.0.into(), now.0.into()];
    Ok(Candidate::find_by_statement(sql(conn, &text, values)).all(conn).await?)
}

/// These tasks, held for this transaction; without those that somebody else is taking a place of at this moment.
pub(crate) async fn lock(tx: &DatabaseTransaction, tasks: &[TaskId]) -> Result<Vec<TaskRow>> {
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let lock = match tx.get_database_backend() {
        DbBackend::Postgres => " FOR UPDATE OF t SKIP LOCKED",
        _ => "",
    };
    let text = format!(
        "SELECT t.*, c.fields, c.metadata FROM tasks t JOIN contents c ON c.id = t.content_id
         WHERE t.id IN ({}) ORDER BY t.id{lock}",
        places(1, tasks.len())
    );
    Ok(TaskRow::find_by_statement(sql(tx, &text, tasks.iter().map(|task| task.0.into()))).all(tx).await?)
}

#[derive(FromQueryResult)]
struct Place {
    slot: i32,
    annotator_id: i64,
}

/// Gives a place of the task, which is held, to the annotator: their own expired one, or one more. None where they hold or
/// have answered it.
pub(crate) async fn take(tx: &DatabaseTransaction, new: slot::Model) -> Result<Option<slot::Model>> {
    let text = "SELECT slot, annotator_id FROM slots WHERE task_id = $1";
    let rows = Place::find_by_statement(sql(tx, text, [new.task_id.into()])).all(tx).await?;
    if rows.iter().any(|row| row.annotator_id == new.annotator_id) {
        return slots::take(tx, 0, new).await;
    }
    let place = rows.iter().map(|row| row.slot).max().unwrap_or_default() + 1;
    tasks::widen(tx, &[(TaskId(new.task_id), place)]).await?;
    slots::take_at(tx, slot::Model { slot: place, ..new }).await
}

/// The revision of the task as the annotator is told: where their answer seems to be the last that it waits for, it grows
/// with each that they give and with each that they take back.
pub(crate) async fn told_rev<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    task: &task::Model,
    annotator: AnnotatorId,
) -> Result<i32> {
    let places = project.settings.queue.overlap.first();
    if !known::seems_last(&project.salt, (task.id(), annotator), places) {
        return Ok(task.rev);
    }
    let text = "SELECT COUNT(*) + COUNT(w.annotation_id) AS rev FROM annotations a
                LEFT JOIN withdrawals w ON w.annotation_id = a.id WHERE a.task_id = $1 AND a.annotator_id = $2";
    let row = conn.query_one_raw(sql(conn, text, [task.id.into(), annotator.0.into()])).await?;
    let rev: Option<i64> = row.map(|row| row.try_get("", "rev")).transpose()?;
    i32::try_from(rev.unwrap_or_default()).map_err(Error::internal)
}
