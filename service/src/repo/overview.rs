//! The numbers of a project's home page. They are read without a lock and decide nothing.

use crate::{error::Result, repo::sql::sql};
use domain::{answer::Answers, id::ProjectId, provenance::Provenance, view::project::Overview};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// How many tasks of the audit slice one query reads.
const PAGE: i64 = 500;

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
      (SELECT COUNT(*) FROM tasks WHERE project_id = $1 AND state = 'in_review' AND disagreement >= 1) AS conflicts,
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
    WHERE t.project_id = $1 AND s.annotation_id IS NOT NULL";

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

/// A counted annotation of a task that has more than one.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct SharedAnswer {
    pub task_id: i64,
    pub annotator_id: i64,
    pub answers: String,
}

/// The counted answers to tasks that more than one person has answered.
pub(crate) async fn shared_answers<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
) -> Result<Vec<SharedAnswer>> {
    let text = "SELECT s.task_id, s.annotator_id, a.answers
                FROM tasks t JOIN slots s ON s.task_id = t.id JOIN annotations a ON a.id = s.annotation_id
                WHERE t.project_id = $1 AND a.verdict = 'answered' AND 2 <=
                  (SELECT COUNT(*) FROM slots o WHERE o.task_id = t.id AND o.annotation_id IS NOT NULL)";
    Ok(SharedAnswer::find_by_statement(sql(conn, text, [project.0.into()])).all(conn).await?)
}

#[derive(FromQueryResult)]
struct Audited {
    id: i64,
    sample_id: i64,
    audit_rank: f64,
    state: String,
    label: Option<String>,
    provenance: Option<String>,
}

/// One page of the audit order: the tasks of the slice with the label row of their last decision.
const AUDITED: &str = "
    SELECT t.id, t.sample_id, t.audit_rank, t.state, l.label, l.provenance
    FROM tasks t LEFT JOIN labels l
      ON l.decision_id = (SELECT MAX(d.id) FROM decisions d WHERE d.task_id = t.id)
    WHERE t.project_id = $1 AND t.audit_rank IS NOT NULL AND t.state <> 'superseded'
      AND (t.audit_rank > $2 OR (t.audit_rank = $2 AND t.id > $3))
    ORDER BY t.audit_rank, t.id LIMIT $4";

/// The decided samples at the beginning of the audit order, up to the first that is not decided, and how many
/// of their stored labels the decision changed. Stopping there keeps the sample random: samples that are quick
/// to decide would otherwise be over-represented.
pub(crate) async fn audit<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<(i64, i64)> {
    let (mut audited, mut errors) = (0, 0);
    let mut last = (-1.0, 0);
    let mut last_sample = None;
    loop {
        let values = [project.0.into(), last.0.into(), last.1.into(), PAGE.into()];
        let rows = Audited::find_by_statement(sql(conn, AUDITED, values)).all(conn).await?;
        let Some(end) = rows.last().map(|row| (row.audit_rank, row.id)) else { return Ok((audited, errors)) };
        for row in rows {
            // A later round on the same sample was opened by what is known of it, not at random.
            if last_sample == Some(row.sample_id) {
                continue;
            }
            if !matches!(row.state.as_str(), "approved" | "dismissed") {
                return Ok((audited, errors));
            }
            last_sample = Some(row.sample_id);
            audited += 1;
            if row.state == "approved" && changed(&row)? {
                errors += 1;
            }
        }
        last = end;
    }
}

/// Whether there was a stored label and the decision made it another one, or none.
fn changed(row: &Audited) -> Result<bool> {
    let Some(provenance) = &row.provenance else { return Ok(false) };
    let provenance: Provenance = serde_json::from_str(provenance)?;
    let label: Option<Answers> = row.label.as_deref().map(serde_json::from_str).transpose()?;
    Ok(provenance.previous.is_some() && provenance.previous != label)
}
