//! The numbers of a project's home page. They are read without a lock and decide nothing.

use crate::{error::Result, repo::sql::sql};
use domain::{
    id::ProjectId,
    view::project::{AnswersSaved, Overview},
};
use sea_orm::{ConnectionTrait, FromQueryResult};

#[derive(FromQueryResult)]
struct Counts {
    samples: i64,
    open: i64,
    in_review: i64,
    conflicts: i64,
    staged: i64,
    annotators: i64,
    reviewers: i64,
}

/// A decision waits for a cut while it is its task's last and the task still stands by it.
const COUNTS: &str = "
    SELECT
      (SELECT COUNT(*) FROM samples WHERE project_id = $1) AS samples,
      (SELECT COUNT(*) FROM tasks WHERE project_id = $1 AND state = 'open') AS open,
      (SELECT COUNT(*) FROM tasks WHERE project_id = $1 AND state = 'in_review') AS in_review,
      (SELECT COUNT(*) FROM tasks
       WHERE project_id = $1 AND state = 'in_review' AND COALESCE(disagreement, 0) >= 2) AS conflicts,
      (SELECT COUNT(DISTINCT l.sample_id)
       FROM labels l JOIN decisions d ON d.id = l.decision_id JOIN tasks t ON t.id = d.task_id
       WHERE l.project_id = $1 AND l.from_version IS NULL AND l.until_version IS NULL AND t.state = 'approved'
         AND d.id = (SELECT MAX(x.id) FROM decisions x WHERE x.task_id = t.id)) AS staged,
      (SELECT COUNT(*) FROM members m JOIN users u ON u.id = m.user_id
       WHERE m.project_id = $1 AND m.role = 'annotator' AND u.disabled_at IS NULL) AS annotators,
      (SELECT COUNT(*) FROM members m JOIN users u ON u.id = m.user_id
       WHERE m.project_id = $1 AND m.role <> 'annotator' AND u.disabled_at IS NULL) AS reviewers";

#[derive(FromQueryResult)]
struct Annotations {
    counted: i64,
    simulated: i64,
}

const ANNOTATIONS: &str = "
    SELECT COUNT(*) AS counted, COUNT(CASE WHEN u.simulated THEN 1 END) AS simulated
    FROM tasks t JOIN slots s ON s.task_id = t.id JOIN annotators a ON a.id = s.annotator_id
      LEFT JOIN users u ON u.id = a.user_id
    WHERE t.project_id = $1 AND t.state <> 'known' AND s.annotation_id IS NOT NULL";

#[derive(FromQueryResult)]
struct Newest {
    number: i64,
    labels: i64,
}

/// Everything that counting alone tells.
pub(crate) async fn counts<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<Overview> {
    let query = |text| sql(conn, text, [project.0.into()]);
    let mut overview = Overview::default();
    if let Some(counts) = Counts::find_by_statement(query(COUNTS)).one(conn).await? {
        overview.samples = counts.samples;
        overview.open = counts.open;
        overview.in_review = counts.in_review;
        overview.conflicts = counts.conflicts;
        overview.staged = counts.staged;
        overview.annotators = counts.annotators;
        overview.reviewers = counts.reviewers;
    }
    if let Some(annotations) = Annotations::find_by_statement(query(ANNOTATIONS)).one(conn).await? {
        overview.annotations = annotations.counted;
        overview.simulated_annotations = annotations.simulated;
    }
    let text = "SELECT number, labels FROM versions WHERE project_id = $1 ORDER BY number DESC LIMIT 1";
    if let Some(newest) = Newest::find_by_statement(query(text)).one(conn).await? {
        overview.version = Some(newest.number);
        overview.labels = newest.labels;
    }
    Ok(overview)
}

#[derive(FromQueryResult)]
struct Taken {
    tasks: i64,
    answers: i64,
}

/// What the tasks took that nobody is asked about any more, and that at least `least` answered; beside `fixed` answers to
/// each.
pub(crate) async fn saved<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    least: i64,
    fixed: i64,
) -> Result<AnswersSaved> {
    // PostgreSQL's sum of bigints is a numeric.
    let text = "SELECT COUNT(*) AS tasks,
                       CAST(COALESCE(SUM(CASE WHEN n < $1 THEN n ELSE $2 END), 0) AS BIGINT) AS answers
                FROM (SELECT COUNT(s.annotation_id) AS n FROM tasks t JOIN slots s ON s.task_id = t.id
                      WHERE t.project_id = $3 AND t.state IN ('in_review', 'approved', 'dismissed')
                      GROUP BY t.id) AS taken WHERE n >= $4";
    let values = [fixed.into(), fixed.into(), project.0.into(), least.into()];
    let taken = Taken::find_by_statement(sql(conn, text, values)).one(conn).await?;
    let (tasks, answers) = taken.map_or((0, 0), |taken| (taken.tasks, taken.answers));
    Ok(AnswersSaved { tasks, answers, fixed })
}
