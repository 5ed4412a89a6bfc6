//! Tasks: reading them, and moving them along the arrows of `domain::task` by compare-and-set on `rev`.

use crate::{
    entity::task,
    error::{Error, Result},
    repo::{
        sql::{places, rows, sql},
        versions::BATCH,
    },
};
use domain::{
    id::{ContentId, ProjectId, SampleId, TaskId},
    problem::Code,
    signal::{Reason, SignalKind},
    task::{DecidedBy, Event, TaskState},
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::Value;
use std::collections::HashMap;

impl task::Model {
    pub(crate) fn id(&self) -> TaskId {
        TaskId(self.id)
    }

    pub(crate) fn project(&self) -> ProjectId {
        ProjectId(self.project_id)
    }

    pub(crate) fn sample(&self) -> SampleId {
        SampleId(self.sample_id)
    }

    pub(crate) fn content(&self) -> ContentId {
        ContentId(self.content_id)
    }

    pub(crate) fn state(&self) -> Result<TaskState> {
        TaskState::stored(&self.state).ok_or_else(|| Error::internal("an unknown task state"))
    }

    /// As it is told: of one whose answers are known nobody is told that they are.
    pub(crate) fn told_state(&self) -> &str {
        if self.state == TaskState::Known.as_str() { TaskState::Open.as_str() } else { &self.state }
    }

    pub(crate) fn decided_by(&self) -> Option<DecidedBy> {
        match self.approved_by.as_deref() {
            Some("policy") => Some(DecidedBy::Policy),
            Some(_) => Some(DecidedBy::Reviewer),
            None => None,
        }
    }

    pub(crate) fn reason(&self) -> Result<Reason> {
        Ok(Reason {
            kind: SignalKind::parse(&self.reason_kind).ok_or_else(|| Error::internal("an unknown signal"))?,
            score: self.reason_score,
            question: self.reason_question.clone(),
            detail: serde_json::from_str::<Value>(&self.reason_detail)?,
        })
    }
}

/// The task of this id.
pub(crate) async fn find<C: ConnectionTrait>(conn: &C, id: TaskId) -> Result<Option<task::Model>> {
    Ok(task::Entity::find_by_id(id.0).one(conn).await?)
}

/// Where these tasks stand.
pub(crate) async fn states<C: ConnectionTrait>(conn: &C, ids: &[i64]) -> Result<HashMap<i64, TaskState>> {
    let mut states = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(BATCH) {
        let text = format!("SELECT id, state FROM tasks WHERE id IN ({})", places(1, ids.len()));
        for row in conn.query_all_raw(sql(conn, &text, ids.iter().map(|id| (*id).into()))).await? {
            let state: String = row.try_get("", "state")?;
            let state = TaskState::parse(&state).ok_or_else(|| Error::internal("an unknown task state"))?;
            states.insert(row.try_get("", "id")?, state);
        }
    }
    Ok(states)
}

/// Those of these tasks that are in this state, by id.
pub(crate) async fn in_state<C: ConnectionTrait>(
    conn: &C,
    ids: &[i64],
    state: TaskState,
) -> Result<Vec<task::Model>> {
    Ok(task::Entity::find()
        .filter(task::Column::Id.is_in(ids.iter().copied()))
        .filter(task::Column::State.eq(state.as_str()))
        .order_by_asc(task::Column::Id)
        .all(conn)
        .await?)
}

/// The task of this id, held for this transaction so that nobody else's answer or decision comes between.
pub(crate) async fn lock(tx: &DatabaseTransaction, id: TaskId) -> Result<Option<task::Model>> {
    let mut query = task::Entity::find_by_id(id.0);
    if tx.get_database_backend() == DbBackend::Postgres {
        query = query.lock_exclusive();
    }
    Ok(query.one(tx).await?)
}

/// The sample's open task, where it has one, held as by [`lock`].
pub(crate) async fn lock_open(tx: &DatabaseTransaction, sample: SampleId) -> Result<Option<task::Model>> {
    let mut query = task::Entity::find()
        .filter(task::Column::SampleId.eq(sample.0))
        .filter(task::Column::State.eq(TaskState::Open.as_str()));
    if tx.get_database_backend() == DbBackend::Postgres {
        query = query.lock_exclusive();
    }
    Ok(query.one(tx).await?)
}

/// The open task, or the one in review, of each sample that has one; held for this transaction, so that nobody
/// takes or answers it meanwhile.
pub(crate) async fn lock_active(
    tx: &DatabaseTransaction,
    samples: &[SampleId],
) -> Result<HashMap<SampleId, task::Model>> {
    let mut query = task::Entity::find()
        .filter(task::Column::SampleId.is_in(samples.iter().map(|id| id.0)))
        .filter(task::Column::State.is_in([TaskState::Open.as_str(), TaskState::InReview.as_str()]))
        .order_by_asc(task::Column::Id);
    if tx.get_database_backend() == DbBackend::Postgres {
        query = query.lock_exclusive();
    }
    Ok(query.all(tx).await?.into_iter().map(|task| (task.sample(), task)).collect())
}

/// The newest task of each of these samples where the policy has approved it; held as by [`lock`].
pub(crate) async fn lock_approved_by_policy(
    tx: &DatabaseTransaction,
    samples: &[SampleId],
) -> Result<Vec<task::Model>> {
    let lock = if tx.get_database_backend() == DbBackend::Postgres { " FOR UPDATE" } else { "" };
    let mut found = Vec::new();
    for samples in samples.chunks(BATCH) {
        let text = format!(
            "SELECT * FROM tasks WHERE state = 'approved' AND approved_by = 'policy' AND id IN
             (SELECT MAX(id) FROM tasks WHERE sample_id IN ({}) AND state NOT IN ('superseded', 'known') GROUP BY sample_id)
             ORDER BY id{lock}",
            places(1, samples.len())
        );
        let values = samples.iter().map(|sample| sample.0.into());
        found.extend(task::Entity::find().from_raw_sql(sql(tx, &text, values)).all(tx).await?);
    }
    Ok(found)
}

/// Whether the sample has a task that is open or in review.
pub(crate) async fn has_active<C: ConnectionTrait>(conn: &C, sample: SampleId) -> Result<bool> {
    let active = [TaskState::Open.as_str(), TaskState::InReview.as_str()];
    let found = task::Entity::find()
        .filter(task::Column::SampleId.eq(sample.0))
        .filter(task::Column::State.is_in(active))
        .one(conn)
        .await?;
    Ok(found.is_some())
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

/// How many tasks of the project are open.
pub(crate) async fn count_open<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<i64> {
    let text = "SELECT COUNT(*) AS count FROM tasks WHERE project_id = $1 AND state = 'open'";
    let row = conn.query_one_raw(sql(conn, text, [project.0.into()])).await?;
    Ok(row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or_default())
}

/// The project's open tasks that somebody answered or skipped.
pub(crate) async fn begun<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<Vec<TaskId>> {
    let text = "SELECT t.id FROM tasks t WHERE t.project_id = $1 AND t.state = 'open'
                AND (EXISTS (SELECT 1 FROM slots s WHERE s.task_id = t.id AND s.annotation_id IS NOT NULL)
                     OR EXISTS (SELECT 1 FROM skips k WHERE k.task_id = t.id))
                ORDER BY t.id";
    let rows = IdRow::find_by_statement(sql(conn, text, [project.0.into()])).all(conn).await?;
    Ok(rows.into_iter().map(|row| TaskId(row.id)).collect())
}

/// Moves `task` along the arrow of `event`, and `task` with it. `approved_by`: who approved it, where the
/// arrow leads to approved.
pub(crate) async fn advance(
    tx: &DatabaseTransaction,
    task: &mut task::Model,
    event: Event,
    approved_by: Option<DecidedBy>,
    now: Timestamp,
) -> Result<()> {
    let next = task.state()?.after(event, task.decided_by()).ok_or_else(|| wrong_state(task))?;
    let approved_by = approved_by.map(|by| match by {
        DecidedBy::Reviewer => "reviewer",
        DecidedBy::Policy => "policy",
    });
    let text = "UPDATE tasks SET state = $1, rev = rev + 1, approved_by = $2, slots = $3, disagreement = $4,
                updated_at = $5 WHERE id = $6 AND rev = $7";
    let values = [
        next.as_str().into(),
        approved_by.into(),
        task.slots.into(),
        task.disagreement.into(),
        now.0.into(),
        task.id.into(),
        task.rev.into(),
    ];
    if tx.execute_raw(sql(tx, text, values)).await?.rows_affected() != 1 {
        return Err(Code::StaleRev.into());
    }
    next.as_str().clone_into(&mut task.state);
    task.rev += 1;
    task.approved_by = approved_by.map(str::to_owned);
    task.updated_at = now.0;
    Ok(())
}

/// Gives these tasks so many places, where they have fewer. No arrow of their states, so `rev` stays.
pub(crate) async fn widen(tx: &DatabaseTransaction, tasks: &[(TaskId, i32)]) -> Result<()> {
    for tasks in tasks.chunks(BATCH) {
        let text = format!(
            "WITH v (id, slots) AS (VALUES {})
             UPDATE tasks SET slots = v.slots FROM v WHERE tasks.id = v.id AND tasks.slots < v.slots",
            rows(1, &["BIGINT", "INTEGER"], tasks.len())
        );
        let values = tasks.iter().flat_map(|(task, slots)| [task.0.into(), (*slots).into()]);
        tx.execute_raw(sql(tx, &text, values)).await?;
    }
    Ok(())
}

/// Refuses what the task's state does not allow.
pub(crate) fn wrong_state(task: &task::Model) -> Error {
    Error::refused(Code::WrongState, format!("task {} is {}", task.id, task.told_state().replace('_', " ")))
}

/// Refuses what rests on another revision of the task.
pub(crate) fn stale_rev(task: &task::Model) -> Error {
    let detail = format!("task {} is at revision {} and {} now", task.id, task.rev, task.told_state());
    Error::refused(Code::StaleRev, detail)
}
