//! The label store as it is stored, in keyset pages, for checking it against its hashes.
//!
//! Each page is one short query: a long check holds neither a snapshot nor the writer.

use crate::{entity::version, error::Result, repo::sql::sql};
use domain::id::ProjectId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

/// One label row, with what it points at.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredLabel {
    pub id: i64,
    pub sample_id: i64,
    pub sample_key: String,
    pub label: Option<String>,
    pub content_hash: String,
    pub provenance: String,
    pub row_hash: String,
    pub decision_id: Option<i64>,
    pub from_version: Option<i64>,
    pub until_version: Option<i64>,
    /// The id of the sample that it points at; none where there is none in the project.
    pub key_of_sample: Option<String>,
    /// The content that it points at: whose it is, and its address; none where it is missing.
    pub content_sample: Option<i64>,
    pub address: Option<String>,
    /// The decision that it points at: whose it is; none where it is missing.
    pub decision_sample: Option<i64>,
}

/// One content revision; the sample alone where it has none.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredContent {
    pub sample_key: String,
    pub revision: Option<i32>,
    pub hash: Option<String>,
    pub fields: Option<String>,
    pub metadata: Option<String>,
}

/// The project's label rows by sample id, those of one sample in the order they were written, after `after`.
pub(crate) async fn labels<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    after: &(String, i64),
    limit: usize,
) -> Result<Vec<StoredLabel>> {
    // The page comes first, and what its rows point at is looked up for them alone.
    let text = format!(
        "SELECT l.*, s.key AS key_of_sample, c.sample_id AS content_sample, c.hash AS address,
           d.sample_id AS decision_sample
         FROM (SELECT id, project_id, sample_id, sample_key, label, content_id, content_hash, provenance, row_hash,
                 decision_id, from_version, until_version
               FROM labels WHERE project_id = $1 AND sample_key >= $2 AND (sample_key > $2 OR id > $3)
               ORDER BY sample_key, id LIMIT {limit}) l
         LEFT JOIN samples s ON s.id = l.sample_id AND s.project_id = l.project_id
         LEFT JOIN contents c ON c.id = l.content_id LEFT JOIN decisions d ON d.id = l.decision_id
         ORDER BY l.sample_key, l.id"
    );
    let values = [project.0.into(), after.0.as_str().into(), after.1.into()];
    Ok(StoredLabel::find_by_statement(sql(conn, &text, values)).all(conn).await?)
}

/// The content revisions of the next `limit` samples after the one of this id.
pub(crate) async fn contents<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    after: &str,
    limit: usize,
) -> Result<Vec<StoredContent>> {
    let text = format!(
        "SELECT s.key AS sample_key, c.revision, c.hash, c.fields, c.metadata
         FROM (SELECT id, key FROM samples WHERE project_id = $1 AND key > $2 ORDER BY key LIMIT {limit}) s
         LEFT JOIN contents c ON c.sample_id = s.id ORDER BY s.key, c.revision"
    );
    let values = [project.0.into(), after.into()];
    Ok(StoredContent::find_by_statement(sql(conn, &text, values)).all(conn).await?)
}

/// The project's versions after the one of this number, in order.
pub(crate) async fn versions<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    after: i64,
    limit: u64,
) -> Result<Vec<version::Model>> {
    Ok(version::Entity::find()
        .filter(version::Column::ProjectId.eq(project.0))
        .filter(version::Column::Number.gt(after))
        .order_by_asc(version::Column::Number)
        .limit(limit)
        .all(conn)
        .await?)
}
