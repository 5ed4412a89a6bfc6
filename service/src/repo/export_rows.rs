//! The rows of an export, in keyset pages by sample id.

use crate::{error::Result, repo::sql::sql};
use domain::id::ProjectId;
use sea_orm::{ConnectionTrait, FromQueryResult};
use sha2::{Digest, Sha256};

/// One label row with the fields that it was decided on.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ExportRow {
    pub sample_id: i64,
    pub sample_key: String,
    pub label: Option<String>,
    pub provenance: String,
    pub from_version: i64,
    /// None after erasure.
    pub fields: Option<String>,
}

#[derive(FromQueryResult)]
struct MarkRow {
    mark: i64,
}

/// The rows of `version` after the sample `after`; with `since`, only those that began after it, and removed
/// labels that it still had.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    (version, since): (i64, Option<i64>),
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<ExportRow>> {
    let condition = match since {
        None => "l.label IS NOT NULL AND $4 = 0",
        Some(_) => {
            "l.from_version > $4 AND (l.label IS NOT NULL OR EXISTS (
               SELECT 1 FROM labels old WHERE old.sample_id = l.sample_id AND old.label IS NOT NULL
               AND old.from_version <= $4 AND (old.until_version IS NULL OR old.until_version > $4)))"
        }
    };
    let text = format!(
        "SELECT l.sample_id, l.sample_key, l.label, l.provenance, l.from_version, c.fields
         FROM labels l JOIN contents c ON c.id = l.content_id
         WHERE l.project_id = $1 AND l.sample_key > $2 AND l.from_version <= $3
         AND (l.until_version IS NULL OR l.until_version > $3) AND {condition}
         ORDER BY l.sample_key LIMIT {limit}"
    );
    let values =
        [project.0.into(), after.unwrap_or_default().into(), version.into(), since.unwrap_or(0).into()];
    Ok(ExportRow::find_by_statement(sql(conn, &text, values)).all(conn).await?)
}

/// A text that differs whenever other contents are erased. How many would not do: an erased sample may come back
/// with another content, and the one that labels point at stays erased.
pub(crate) async fn erasures<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<String> {
    let text = "SELECT c.id AS mark FROM contents c JOIN samples s ON s.id = c.sample_id
                WHERE s.project_id = $1 AND c.fields IS NULL ORDER BY c.id";
    let erased = MarkRow::find_by_statement(sql(conn, text, [project.0.into()])).all(conn).await?;
    let mut digest = Sha256::new();
    for row in erased {
        digest.update(row.mark.to_be_bytes());
    }
    Ok(hex::encode(digest.finalize()))
}

/// A text that changes whenever a prediction of the project does.
pub(crate) async fn predictions_mark<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<String> {
    let text = "SELECT COALESCE(MAX(p.received_at), 0) AS mark FROM predictions p
                JOIN samples s ON s.id = p.sample_id WHERE s.project_id = $1";
    Ok(mark(conn, text, project).await?.to_string())
}

async fn mark<C: ConnectionTrait>(conn: &C, text: &str, project: ProjectId) -> Result<i64> {
    let row = MarkRow::find_by_statement(sql(conn, text, [project.0.into()])).one(conn).await?;
    Ok(row.map_or(0, |row| row.mark))
}
