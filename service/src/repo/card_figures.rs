//! What a version's labels are, for its data card: read in pages of the table's own order, whatever the ids are.

use crate::{error::Result, repo::sql::sql};
use domain::id::ProjectId;
use sea_orm::{ConnectionTrait, FromQueryResult};

/// One label of a version.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct CardLabel {
    pub id: i64,
    pub label: String,
    pub provenance: String,
}

/// The labels of a version after the row of this number.
pub(crate) async fn labels<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    version: i64,
    after: i64,
    limit: usize,
) -> Result<Vec<CardLabel>> {
    // The signs keep the databases from looking the rows up by an index, each at another place of the table.
    let text = format!(
        "SELECT id, label, provenance FROM labels
         WHERE id > $1 AND +project_id = $2 AND +from_version <= $3
           AND (until_version IS NULL OR +until_version > $4) AND label IS NOT NULL
         ORDER BY id LIMIT {limit}"
    );
    let values = [after.into(), project.0.into(), version.into(), version.into()];
    Ok(CardLabel::find_by_statement(sql(conn, &text, values)).all(conn).await?)
}

/// How many people are behind the labels of a version.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub(crate) struct People {
    pub annotators: i64,
    pub simulated: i64,
    pub reviewers: i64,
}

/// The people whose answers and decisions are behind the labels of a version.
pub(crate) async fn people<C: ConnectionTrait>(conn: &C, project: ProjectId, version: i64) -> Result<People> {
    // An answer that counted when the label was decided cannot be taken back once the label is in a version.
    let text = "WITH decided AS (
                  SELECT d.id, d.task_id FROM labels l JOIN decisions d ON d.id = l.decision_id
                  WHERE l.project_id = $1 AND l.from_version <= $2
                    AND (l.until_version IS NULL OR l.until_version > $3) AND l.label IS NOT NULL)
                SELECT COUNT(DISTINCT a.annotator_id) AS annotators,
                  COUNT(DISTINCT CASE WHEN u.simulated THEN a.annotator_id END) AS simulated,
                  (SELECT COUNT(DISTINCT r.decided_by) FROM decided d
                   JOIN decisions r ON r.task_id = d.task_id AND r.id <= d.id) AS reviewers
                FROM decided d JOIN annotations a ON a.task_id = d.task_id
                LEFT JOIN annotators w ON w.id = a.annotator_id LEFT JOIN users u ON u.id = w.user_id
                WHERE NOT EXISTS (SELECT 1 FROM withdrawals x WHERE x.annotation_id = a.id)";
    let values = [project.0.into(), version.into(), version.into()];
    let row = People::find_by_statement(sql(conn, text, values)).one(conn).await?;
    Ok(row.unwrap_or_default())
}

#[derive(FromQueryResult)]
struct Counted {
    samples: i64,
}

/// How many samples the project had at a time, in microseconds.
pub(crate) async fn samples_at<C: ConnectionTrait>(conn: &C, project: ProjectId, at: i64) -> Result<i64> {
    let text = "SELECT COUNT(*) AS samples FROM samples WHERE project_id = $1 AND created_at <= $2";
    let row = Counted::find_by_statement(sql(conn, text, [project.0.into(), at.into()])).one(conn).await?;
    Ok(row.map_or(0, |row| row.samples))
}
