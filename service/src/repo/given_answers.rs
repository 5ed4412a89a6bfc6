//! All answers of a project that count, read page by page, so that nobody holds a long snapshot and no list of rows stays
//! in memory; and the models behind the tasks.

use crate::{
    error::Result,
    repo::{
        sql::{places, sql},
        versions::BATCH,
    },
};
use domain::{id::ProjectId, name::SampleKey, time::Timestamp};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;

/// How many answers a page has.
const PAGE: u64 = 5_000;

/// An answer that counts, however much of it is read.
pub(crate) trait Given: FromQueryResult {
    /// When it was given, and its id: its place in the order of all.
    fn place(&self) -> (i64, i64);
}

/// An answer that counts.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct GivenAnswer {
    id: i64,
    pub task_id: i64,
    pub annotator_id: i64,
    pub answers: String,
    pub guideline_revision: i32,
    pub created_at: i64,
    pub reason_kind: String,
}

impl Given for GivenAnswer {
    fn place(&self) -> (i64, i64) {
        (self.created_at, self.id)
    }
}

/// Where a page begins: after the answer of this time and id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct After(i64, i64);

impl After {
    /// The beginning of all answers from `from` on.
    pub(crate) fn start(from: Option<Timestamp>) -> Self {
        Self(from.map_or(i64::MIN, |from| from.0.saturating_sub(1)), i64::MAX)
    }

    /// What follows a page; none after the last.
    pub(crate) fn page<T: Given>(page: &[T]) -> Option<Self> {
        let is_full = u64::try_from(page.len()).is_ok_and(|len| len >= PAGE);
        page.last().filter(|_| is_full).map(Given::place).map(|(at, id)| Self(at, id))
    }
}

/// The next answers with the verdict `answered` that were given before `to`, by time.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    after: After,
    to: Option<Timestamp>,
) -> Result<Vec<GivenAnswer>> {
    let columns =
        "a.id, a.task_id, a.annotator_id, a.answers, a.guideline_revision, a.created_at, t.reason_kind";
    page_of(conn, columns, project, after, to).await
}

/// The same with other columns of the annotation `a` and its task `t`. Known-answer tasks are left out.
///
/// Answers of one import may all have one time: they are looked up by it and their id, since to find their place among
/// all that are later or the same SQLite would walk over them at every page. A slot is found by its annotation alone: told
/// the task too, PostgreSQL takes both for unlikely together, expects one row, and reads and sorts all for every page.
pub(crate) async fn page_of<T: Given, C: ConnectionTrait>(
    conn: &C,
    columns: &str,
    project: ProjectId,
    After(at, id): After,
    to: Option<Timestamp>,
) -> Result<Vec<T>> {
    let select = format!(
        "SELECT {columns}
         FROM annotations a JOIN slots s ON s.annotation_id = a.id JOIN tasks t ON t.id = a.task_id
         WHERE a.verdict = 'answered' AND t.state <> 'known' AND a.project_id = $1"
    );
    let text = format!("{select} AND a.created_at = $2 AND a.id > $3 ORDER BY a.id LIMIT $4");
    let values = [project.0.into(), at.into(), id.into(), PAGE.into()];
    let mut rows = T::find_by_statement(sql(conn, &text, values)).all(conn).await?;
    let left = PAGE.saturating_sub(rows.len() as u64);
    if left > 0 {
        let text = format!(
            "{select} AND a.created_at > $2 AND a.created_at < $3 ORDER BY a.created_at, a.id LIMIT $4"
        );
        let to = to.map_or(i64::MAX, |to| to.0);
        let values = [project.0.into(), at.into(), to.into(), left.into()];
        rows.extend(T::find_by_statement(sql(conn, &text, values)).all(conn).await?);
    }
    Ok(rows)
}

/// Whether any model sent predictions to the project.
pub(crate) async fn has_models<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<bool> {
    let text = "SELECT 1 AS one FROM models WHERE project_id = $1 LIMIT 1";
    Ok(conn.query_one_raw(sql(conn, text, [project.0.into()])).await?.is_some())
}

#[derive(FromQueryResult)]
struct ModelRow {
    id: i64,
    model: Option<String>,
}

/// The model whose prediction of the question was the newest when the task was opened, by task.
pub(crate) async fn models<C: ConnectionTrait>(
    conn: &C,
    question: &str,
    tasks: &[i64],
) -> Result<HashMap<i64, String>> {
    let mut found = HashMap::new();
    for tasks in tasks.chunks(BATCH) {
        let text = format!(
            "SELECT t.id, (SELECT p.model FROM predictions p WHERE p.sample_id = t.sample_id AND p.question = $1
                AND p.received_at <= t.created_at ORDER BY p.id DESC LIMIT 1) AS model
             FROM tasks t WHERE t.id IN ({})",
            places(2, tasks.len())
        );
        let values = std::iter::once(question.into()).chain(tasks.iter().map(|task| (*task).into()));
        let rows = ModelRow::find_by_statement(sql(conn, &text, values)).all(conn).await?;
        found.extend(rows.into_iter().filter_map(|row| Some((row.id, row.model?))));
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct KeyRow {
    id: i64,
    sample_key: String,
}

/// The samples of those of these tasks that are not open, by task.
pub(crate) async fn samples_of_closed<C: ConnectionTrait>(
    conn: &C,
    tasks: &[i64],
) -> Result<HashMap<i64, SampleKey>> {
    if tasks.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "SELECT id, sample_key FROM tasks WHERE state <> 'open' AND id IN ({})",
        places(1, tasks.len())
    );
    let rows = KeyRow::find_by_statement(sql(conn, &text, tasks.iter().map(|task| (*task).into())));
    let rows = rows.all(conn).await?;
    rows.into_iter()
        .map(|row| Ok((row.id, SampleKey::parse(row.sample_key).map_err(crate::error::Error::internal)?)))
        .collect()
}
