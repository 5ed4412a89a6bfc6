//! All answers of a project that count, with what became of their tasks: read page by page, so that nobody holds a long
//! snapshot and no list of rows stays in memory.

use crate::{error::Result, repo::sql::sql};
use domain::id::ProjectId;
use sea_orm::{ConnectionTrait, FromQueryResult};

/// How many answers a page has.
const PAGE: i64 = 5_000;

/// An answer that counts.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct SettledAnswer {
    id: i64,
    pub task_id: i64,
    pub annotator_id: i64,
    pub answers: String,
    pub duration_ms: Option<i64>,
    pub created_at: i64,
    pub reason_kind: String,
    /// The label that was decided on, where the task is approved and the label was not removed.
    pub settled: Option<String>,
    /// How many tasks of its sample are open or in review; looked up where the task is approved.
    pub waiting: i64,
}

/// Where a page begins: after the answer of this time and id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct After(i64, i64);

impl After {
    /// The beginning of all answers.
    pub(crate) const START: Self = Self(i64::MIN, 0);

    /// What follows a page; none after the last.
    pub(crate) fn page(page: &[SettledAnswer]) -> Option<Self> {
        let is_full = i64::try_from(page.len()).is_ok_and(|len| len >= PAGE);
        page.last().filter(|_| is_full).map(|last| Self(last.created_at, last.id))
    }
}

/// The last decision of an approved task is the one that stands. One task of a sample can be active at most. What answers
/// to known-answer tasks are like is told apart.
const ANSWERS: &str = "
    SELECT a.id, a.task_id, a.annotator_id, a.answers, a.duration_ms, a.created_at, t.reason_kind,
      CASE WHEN t.state = 'approved' THEN
        (SELECT d.answers FROM decisions d WHERE d.task_id = t.id ORDER BY d.id DESC LIMIT 1) END AS settled,
      CASE WHEN t.state = 'approved' THEN
        (SELECT COUNT(*) FROM tasks o WHERE o.sample_id = t.sample_id AND o.state IN ('open', 'in_review'))
        ELSE 0 END AS waiting
    FROM annotations a JOIN slots s ON s.task_id = a.task_id AND s.annotation_id = a.id
      JOIN tasks t ON t.id = a.task_id
    WHERE a.project_id = $1 AND (a.created_at, a.id) > ($2, $3) AND a.verdict = 'answered' AND t.state <> 'known'
    ORDER BY a.created_at, a.id LIMIT $4";

/// The next answers with the verdict `answered`, by time.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    after: After,
) -> Result<Vec<SettledAnswer>> {
    let values = [project.0.into(), after.0.into(), after.1.into(), PAGE.into()];
    Ok(SettledAnswer::find_by_statement(sql(conn, ANSWERS, values)).all(conn).await?)
}

/// The newest decision of all projects.
pub(crate) async fn newest_decision<C: ConnectionTrait>(conn: &C) -> Result<Option<i64>> {
    let row = conn.query_one_raw(sql(conn, "SELECT MAX(id) AS newest FROM decisions", [])).await?;
    Ok(row.map(|row| row.try_get("", "newest")).transpose()?.flatten())
}
