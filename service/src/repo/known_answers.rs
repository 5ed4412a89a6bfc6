//! Which samples' answers are known, and what they are.

use crate::{
    entity::{known_answer, task},
    error::{Error, Result},
    repo::{
        page,
        sql::{places, sql},
        versions::BATCH,
    },
};
use domain::{
    answer::Answers,
    id::{ProjectId, SampleId, TaskId, UserId},
    time::Timestamp,
    view::{Page, PageRequest},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter,
};
use std::collections::HashMap;

impl known_answer::Model {
    pub(crate) fn answers(&self) -> Result<Answers> {
        Ok(serde_json::from_str(&self.answers)?)
    }
}

/// The known answers to each of these samples that has some.
pub(crate) async fn of_samples<C: ConnectionTrait>(
    conn: &C,
    samples: &[SampleId],
) -> Result<HashMap<SampleId, known_answer::Model>> {
    let mut found = HashMap::new();
    for samples in samples.chunks(BATCH) {
        let rows = known_answer::Entity::find()
            .filter(known_answer::Column::SampleId.is_in(samples.iter().map(|sample| sample.0)))
            .filter(known_answer::Column::RetiredAt.is_null())
            .all(conn)
            .await?;
        found.extend(rows.into_iter().map(|row| (SampleId(row.sample_id), row)));
    }
    Ok(found)
}

/// The known answers that people are asked for by these tasks, also retired ones.
pub(crate) async fn of_tasks<C: ConnectionTrait>(
    conn: &C,
    tasks: impl IntoIterator<Item = TaskId>,
) -> Result<HashMap<TaskId, known_answer::Model>> {
    let tasks: Vec<i64> = tasks.into_iter().map(|task| task.0).collect();
    if tasks.is_empty() {
        return Ok(HashMap::new());
    }
    let rows =
        known_answer::Entity::find().filter(known_answer::Column::TaskId.is_in(tasks)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (TaskId(row.task_id), row)).collect())
}

/// Answers to a sample that are known from now on.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    pub answers: &'a Answers,
    pub by: Option<UserId>,
    pub at: Timestamp,
}

/// Keeps known answers, with the task by which people are asked, whose id the database gives.
pub(crate) async fn add(tx: &DatabaseTransaction, task: task::Model, known: &Known<'_>) -> Result<()> {
    let (project_id, sample_id, sample_key) = (task.project_id, task.sample_id, task.sample_key.clone());
    let row = task::ActiveModel { id: NotSet, ..task.into() };
    let task_id = task::Entity::insert(row).exec(tx).await?.last_insert_id;
    let row = known_answer::ActiveModel {
        task_id: Set(task_id),
        project_id: Set(project_id),
        sample_id: Set(sample_id),
        sample_key: Set(sample_key),
        answers: Set(domain::canonical::text_of(known.answers)?),
        marked_by: Set(known.by.map(|user| user.0)),
        marked_at: Set(known.at.0),
        retired_at: Set(None),
    };
    known_answer::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Lets other answers be the right ones, also of what people have answered already.
pub(crate) async fn change(tx: &DatabaseTransaction, task: TaskId, known: &Known<'_>) -> Result<()> {
    let text = "UPDATE known_answers SET answers = $1, marked_by = $2, marked_at = $3 WHERE task_id = $4";
    let answers = domain::canonical::text_of(known.answers)?;
    let values = [answers.into(), known.by.map(|user| user.0).into(), known.at.0.into(), task.0.into()];
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// Asks nobody for them any more, and lets their results count no more.
pub(crate) async fn retire(tx: &DatabaseTransaction, task: TaskId, now: Timestamp) -> Result<()> {
    let text = "UPDATE known_answers SET retired_at = $1 WHERE task_id = $2 AND retired_at IS NULL";
    tx.execute_raw(sql(tx, text, [now.0.into(), task.0.into()])).await?;
    Ok(())
}

/// Known answers as they are listed.
#[derive(FromQueryResult)]
pub(crate) struct Listed {
    #[sea_orm(nested)]
    pub known: known_answer::Model,
    /// Whether the sample is open or in review.
    pub in_queue: bool,
    /// Whether the sample has the content that was marked.
    pub is_as_marked: bool,
}

/// One page of the project's known answers, by sample.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    request: &PageRequest,
) -> Result<Page<Listed>> {
    let limit = page::limit(request)?;
    let after: Option<String> = page::after(request)?;
    let text = format!("{LISTED} AND k.sample_key > $2 ORDER BY k.sample_key LIMIT {}", limit + 1);
    let values = [project.0.into(), after.unwrap_or_default().into()];
    let rows = Listed::find_by_statement(sql(conn, &text, values)).all(conn).await?;
    page::page(rows, limit, |row| row.known.sample_key.clone())
}

/// The known answers to one sample, where it has some.
pub(crate) async fn of_sample<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    sample: SampleId,
) -> Result<Option<Listed>> {
    let text = format!("{LISTED} AND k.sample_id = $2");
    Ok(Listed::find_by_statement(sql(conn, &text, [project.0.into(), sample.0.into()])).one(conn).await?)
}

const LISTED: &str = "SELECT k.*, COALESCE(m.content_id = t.content_id, FALSE) AS is_as_marked,
    EXISTS (SELECT 1 FROM tasks o WHERE o.sample_id = k.sample_id AND o.state IN ('open', 'in_review')) AS in_queue
  FROM known_answers k JOIN tasks t ON t.id = k.task_id JOIN samples m ON m.id = k.sample_id
  WHERE k.project_id = $1 AND k.retired_at IS NULL";

/// How many samples of the project have known answers.
pub(crate) async fn count<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<i64> {
    let text = "SELECT COUNT(*) AS count FROM known_answers WHERE project_id = $1 AND retired_at IS NULL";
    let row = conn.query_one_raw(sql(conn, text, [project.0.into()])).await?;
    let row = row.ok_or_else(|| Error::internal("nothing was counted"))?;
    Ok(row.try_get("", "count")?)
}

/// What people answered to these tasks, as far as it counts.
pub(crate) async fn given<C: ConnectionTrait>(conn: &C, tasks: &[TaskId]) -> Result<Vec<Given>> {
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT a.task_id, a.annotator_id, a.verdict, a.answers FROM slots s JOIN annotations a ON a.id = s.annotation_id
         WHERE s.task_id IN ({})",
        places(1, tasks.len())
    );
    let values = tasks.iter().map(|task| task.0.into());
    Ok(Given::find_by_statement(sql(conn, &text, values)).all(conn).await?)
}

/// A counted answer to a known-answer task.
#[derive(FromQueryResult)]
pub(crate) struct Given {
    pub task_id: i64,
    pub annotator_id: i64,
    pub verdict: String,
    pub answers: String,
}
