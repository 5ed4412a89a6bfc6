//! The numbers of a project's home page. They are read without a lock and decide nothing.

use crate::{error::Result, repo::sql::sql};
use domain::{answer::Answers, id::ProjectId, provenance::Provenance, view::project::Overview};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// How many samples of the audit slice one query reads.
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
      (SELECT COUNT(*) FROM tasks WHERE project_id = $1 AND state = 'in_review' AND disagreement >= 2) AS conflicts,
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

#[derive(FromQueryResult)]
struct Audited {
    id: i64,
    audit_rank: f64,
    kind: Option<String>,
    label: Option<String>,
    provenance: Option<String>,
    had_label: i64,
}

/// One page of the audit order: the samples of the slice, each with its first decision that stands, which is the one
/// that chance chose it for. An erased sample can be decided no more. `$1` project, `$2` rate, `$3` and `$4` where the
/// page before ended.
const AUDITED: &str = "
    SELECT s.id, s.audit_rank, d.kind, l.label, l.provenance,
      (SELECT COUNT(*) FROM labels b WHERE b.sample_id = s.id AND b.from_version IS NOT NULL
         AND b.label IS NOT NULL AND b.created_at <= d.created_at AND b.id <> COALESCE(l.id, 0)) AS had_label
    FROM samples s
      LEFT JOIN decisions d ON d.id = (
        SELECT MIN(f.id) FROM decisions f JOIN tasks t ON t.id = f.task_id
        WHERE f.sample_id = s.id AND f.kind IN ('approve', 'correct', 'dismiss')
          AND t.state IN ('approved', 'dismissed')
          AND f.id = (SELECT MAX(x.id) FROM decisions x WHERE x.task_id = f.task_id))
      LEFT JOIN labels l ON l.decision_id = d.id
    WHERE s.project_id = $1 AND s.audit_rank < $2 AND (s.erased_at IS NULL OR d.id IS NOT NULL)
      AND (s.audit_rank > $3 OR (s.audit_rank = $3 AND s.id > $4))
    ORDER BY s.audit_rank, s.id LIMIT $5";

/// How many samples at the beginning of the audit order had a stored label when they were decided, up to the first
/// that is not decided, and how many of those labels the decision changed. Stopping there keeps the sample random:
/// samples that are quick to decide would otherwise be over-represented.
pub(crate) async fn audit<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    audit_rate: f64,
) -> Result<(i64, i64)> {
    let (mut audited, mut errors) = (0, 0);
    let mut last = (-1.0, 0);
    loop {
        let values = [project.0.into(), audit_rate.into(), last.0.into(), last.1.into(), PAGE.into()];
        let rows = Audited::find_by_statement(sql(conn, AUDITED, values)).all(conn).await?;
        let Some(end) = rows.last().map(|row| (row.audit_rank, row.id)) else { return Ok((audited, errors)) };
        for row in rows {
            match row.kind.as_deref() {
                None => return Ok((audited, errors)),
                // Dismissed: the stored label stayed, where there was one.
                Some("dismiss") => audited += i64::from(row.had_label > 0),
                Some(_) => {
                    let changed = changed(&row)?;
                    audited += i64::from(changed.is_some());
                    errors += i64::from(changed == Some(true));
                }
            }
        }
        last = end;
    }
}

/// Whether the decision made the stored label another one, or none; nothing where there was no stored label.
fn changed(row: &Audited) -> Result<Option<bool>> {
    let Some(provenance) = &row.provenance else { return Ok(None) };
    let provenance: Provenance = serde_json::from_str(provenance)?;
    let label: Option<Answers> = row.label.as_deref().map(serde_json::from_str).transpose()?;
    Ok(provenance.previous.map(|previous| Some(previous) != label))
}
