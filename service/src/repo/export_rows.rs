//! The rows of an export, in pages by sample id.

use crate::{
    error::Result,
    repo::sql::{places, sql},
};
use domain::id::ProjectId;
use sea_orm::{ConnectionTrait, FromQueryResult};
use sha2::{Digest, Sha256};

/// One label row with the content that it was decided on.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ExportRow {
    pub sample_id: i64,
    pub sample_key: String,
    pub label: Option<String>,
    pub provenance: Option<String>,
    pub from_version: i64,
    /// None after erasure.
    pub fields: Option<String>,
    pub metadata: Option<String>,
    /// What erasure kept.
    pub split: Option<String>,
    /// With `since`: the label that stood in that version, and what its content tells.
    pub old_label: Option<String>,
    pub old_metadata: Option<String>,
    pub old_split: Option<String>,
}

impl ExportRow {
    /// How much of a page it is.
    pub(crate) fn bytes(&self) -> usize {
        let texts = [&self.label, &self.provenance, &self.fields, &self.metadata, &self.old_metadata];
        self.sample_key.len() + texts.into_iter().flatten().map(String::len).sum::<usize>()
    }
}

/// Which columns are worth reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    pub provenance: bool,
    pub metadata: bool,
}

#[derive(FromQueryResult)]
struct NewestRow {
    id: i64,
    received_at: i64,
}

#[derive(FromQueryResult)]
struct MarkRow {
    mark: i64,
}

/// The labels of `version` after the sample `after`.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    version: i64,
    columns: Columns,
    after: &str,
    limit: usize,
) -> Result<Vec<ExportRow>> {
    let text = format!(
        "SELECT {}, NULL AS old_label, NULL AS old_metadata, NULL AS old_split
         FROM labels l JOIN contents c ON c.id = l.content_id
         WHERE l.project_id = $1 AND l.sample_key > $2 AND l.from_version <= $3
         AND (l.until_version IS NULL OR l.until_version > $3) AND l.label IS NOT NULL
         ORDER BY l.sample_key LIMIT {limit}",
        selected(columns)
    );
    let values = [project.0.into(), after.into(), version.into()];
    Ok(ExportRow::find_by_statement(sql(conn, &text, values)).all(conn).await?)
}

/// The rows of `version` that began after `since`, by their sample's id: eight bytes each, so that what changed is found
/// once, and read in pages.
pub(crate) async fn changed<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    version: i64,
    since: i64,
) -> Result<Vec<i64>> {
    let text =
        "SELECT id AS mark FROM labels WHERE project_id = $1 AND from_version > $2 AND from_version <= $3
                AND (until_version IS NULL OR until_version > $3) ORDER BY sample_key";
    let values = [project.0.into(), since.into(), version.into()];
    let rows = MarkRow::find_by_statement(sql(conn, text, values)).all(conn).await?;
    Ok(rows.into_iter().map(|row| row.mark).collect())
}

/// These rows, with what stood in version `since`, by their sample's id.
pub(crate) async fn with_old<C: ConnectionTrait>(
    conn: &C,
    since: i64,
    columns: Columns,
    rows: &[i64],
) -> Result<Vec<ExportRow>> {
    let text = format!(
        "SELECT {}, o.label AS old_label, {} AS old_metadata, oc.split AS old_split
         FROM labels l JOIN contents c ON c.id = l.content_id
         LEFT JOIN labels o ON o.sample_id = l.sample_id AND o.from_version <= $1
           AND (o.until_version IS NULL OR o.until_version > $1)
         LEFT JOIN contents oc ON oc.id = o.content_id
         WHERE l.id IN ({}) ORDER BY l.sample_key",
        selected(columns),
        if columns.metadata { "oc.metadata" } else { "NULL" },
        places(2, rows.len())
    );
    let values = std::iter::once(since.into()).chain(rows.iter().map(|row| (*row).into()));
    Ok(ExportRow::find_by_statement(sql(conn, &text, values)).all(conn).await?)
}

fn selected(columns: Columns) -> String {
    format!(
        "l.sample_id, l.sample_key, l.label, {} AS provenance, l.from_version, c.fields, {} AS metadata, c.split",
        if columns.provenance { "l.provenance" } else { "NULL" },
        if columns.metadata { "c.metadata" } else { "NULL" },
    )
}

/// A text that differs whenever other contents are erased. How many would not do: an erased sample may come back
/// with another content, and the one that labels point at stays erased.
pub(crate) async fn erasures<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<String> {
    let text = "SELECT c.id AS mark FROM contents c JOIN samples s ON s.id = c.sample_id
                WHERE c.fields IS NULL AND s.project_id = $1 ORDER BY c.id";
    let erased = MarkRow::find_by_statement(sql(conn, text, [project.0.into()])).all(conn).await?;
    let mut digest = Sha256::new();
    for row in erased {
        digest.update(row.mark.to_be_bytes());
    }
    Ok(hex::encode(digest.finalize()))
}

/// A text that changes whenever a prediction of the project does: what is sent again is a new row. After a backup was
/// restored, a number may come again, but not with its time.
pub(crate) async fn predictions_mark<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<String> {
    let text = "SELECT p.id, p.received_at FROM predictions p JOIN samples s ON s.id = p.sample_id
                WHERE s.project_id = $1 ORDER BY p.id DESC LIMIT 1";
    let row = NewestRow::find_by_statement(sql(conn, text, [project.0.into()])).one(conn).await?;
    Ok(row.map_or_else(String::new, |row| format!("{} {}", row.id, row.received_at)))
}
