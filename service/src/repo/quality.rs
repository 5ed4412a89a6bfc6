//! All answers of a project that count, with what became of their tasks, page by page.

use crate::{
    error::Result,
    repo::given_answers::{self, After, Given},
};
use domain::id::ProjectId;
use sea_orm::{ConnectionTrait, FromQueryResult};

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

impl Given for SettledAnswer {
    fn place(&self) -> (i64, i64) {
        (self.created_at, self.id)
    }
}

/// The last decision of an approved task is the one that stands. One task of a sample can be active at most.
const COLUMNS: &str = "
    a.id, a.task_id, a.annotator_id, a.answers, a.duration_ms, a.created_at, t.reason_kind,
    CASE WHEN t.state = 'approved' THEN
      (SELECT d.answers FROM decisions d WHERE d.task_id = t.id ORDER BY d.id DESC LIMIT 1) END AS settled,
    CASE WHEN t.state = 'approved' THEN
      (SELECT COUNT(*) FROM tasks o WHERE o.sample_id = t.sample_id AND o.state IN ('open', 'in_review'))
      ELSE 0 END AS waiting";

/// The next answers with the verdict `answered`, by time.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    after: After,
) -> Result<Vec<SettledAnswer>> {
    given_answers::page_of(conn, COLUMNS, project, after, None).await
}
