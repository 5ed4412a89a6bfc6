//! Content revisions of samples, addressed by hash.

use crate::{
    entity::content,
    error::{Error, Result},
    repo::{
        projects::Project,
        sql::{insert, places, sql},
        versions::BATCH,
    },
};
use domain::{
    id::{ContentId, SampleId},
    split::Split,
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A content revision without what it holds.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Known {
    pub id: i64,
    pub sample_id: i64,
    pub revision: i32,
    pub hash: String,
    pub erased: bool,
}

/// A content revision to add.
#[derive(Clone, Debug)]
pub(crate) struct NewContent {
    pub id: ContentId,
    pub sample: SampleId,
    pub revision: i32,
    pub hash: String,
    /// Canonical JSON.
    pub fields: String,
    /// Canonical JSON.
    pub metadata: String,
}

impl content::Model {
    /// The fields; none after erasure.
    pub(crate) fn fields(&self) -> Result<Option<Map<String, Value>>> {
        Ok(self.fields.as_deref().map(serde_json::from_str).transpose()?)
    }

    /// The metadata; empty after erasure.
    pub(crate) fn metadata(&self) -> Result<Map<String, Value>> {
        Ok(self.metadata.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default())
    }

    /// The split of the sample `key` with this content.
    pub(crate) fn split(&self, project: &Project, key: &str) -> Result<Split> {
        split(project, key, self.metadata.as_deref(), self.split.as_deref())
    }
}

/// The split of a sample with these metadata, or the one that erasure kept.
pub(crate) fn split(
    project: &Project,
    key: &str,
    metadata: Option<&str>,
    kept: Option<&str>,
) -> Result<Split> {
    if let Some(name) = kept {
        return Split::parse(name).ok_or_else(|| Error::internal("an unknown split"));
    }
    let settings = &project.settings.split;
    let metadata = metadata.filter(|_| settings.by.is_some());
    let metadata = metadata.map(serde_json::from_str).transpose()?.unwrap_or_default();
    Ok(settings.of(&project.salt, key, &metadata))
}

/// The content revisions of these samples, the oldest first.
pub(crate) async fn known<C: ConnectionTrait>(
    conn: &C,
    samples: &[SampleId],
) -> Result<HashMap<SampleId, Vec<Known>>> {
    let mut found: HashMap<SampleId, Vec<Known>> = HashMap::new();
    for samples in samples.chunks(BATCH) {
        let text = format!(
            "SELECT id, sample_id, revision, hash, fields IS NULL AS erased FROM contents
             WHERE sample_id IN ({}) ORDER BY sample_id, revision",
            places(1, samples.len())
        );
        let statement = sql(conn, &text, samples.iter().map(|id| id.0.into()));
        for row in Known::find_by_statement(statement).all(conn).await? {
            found.entry(SampleId(row.sample_id)).or_default().push(row);
        }
    }
    Ok(found)
}

/// The newest contents of these samples, by sample.
pub(crate) async fn newest<C: ConnectionTrait>(
    conn: &C,
    ids: impl IntoIterator<Item = ContentId>,
) -> Result<HashMap<SampleId, content::Model>> {
    let rows = content::Entity::find()
        .filter(content::Column::Id.is_in(ids.into_iter().map(|id| id.0)))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (SampleId(row.sample_id), row)).collect())
}

/// The content revisions of one sample, the newest first.
pub(crate) async fn of_sample<C: ConnectionTrait>(conn: &C, sample: SampleId) -> Result<Vec<content::Model>> {
    Ok(content::Entity::find()
        .filter(content::Column::SampleId.eq(sample.0))
        .order_by_desc(content::Column::Revision)
        .all(conn)
        .await?)
}

/// The content revision of this id.
pub(crate) async fn find<C: ConnectionTrait>(conn: &C, id: ContentId) -> Result<Option<content::Model>> {
    Ok(content::Entity::find_by_id(id.0).one(conn).await?)
}

/// New revisions, under ids that were reserved.
pub(crate) async fn add(tx: &DatabaseTransaction, new: Vec<NewContent>, now: Timestamp) -> Result<()> {
    const COLUMNS: [(&str, &str); 7] = [
        ("id", "BIGINT"),
        ("sample_id", "BIGINT"),
        ("revision", "INTEGER"),
        ("hash", "TEXT"),
        ("fields", "TEXT"),
        ("metadata", "TEXT"),
        ("created_at", "BIGINT"),
    ];
    let values = new.into_iter().flat_map(|new| {
        [
            new.id.0.into(),
            new.sample.0.into(),
            new.revision.into(),
            new.hash.into(),
            new.fields.into(),
            new.metadata.into(),
            now.0.into(),
        ]
    });
    insert(tx, "contents", &COLUMNS, values.collect()).await
}

/// Removes what these revisions of the sample `key` hold; each keeps its hash and its split.
pub(crate) async fn erase(
    tx: &DatabaseTransaction,
    project: &Project,
    sample: SampleId,
    key: &str,
) -> Result<()> {
    for row in of_sample(tx, sample).await? {
        let split = row.split(project, key)?;
        let text = "UPDATE contents SET fields = NULL, metadata = NULL, split = $1 WHERE id = $2";
        tx.execute_raw(sql(tx, text, [split.as_str().into(), row.id.into()])).await?;
    }
    Ok(())
}

/// An erased revision whose content was sent again.
pub(crate) async fn refill(
    tx: &DatabaseTransaction,
    id: ContentId,
    fields: String,
    metadata: String,
) -> Result<()> {
    let text =
        "UPDATE contents SET fields = $1, metadata = $2, split = NULL WHERE id = $3 AND fields IS NULL";
    tx.execute_raw(sql(tx, text, [fields.into(), metadata.into(), id.0.into()])).await?;
    Ok(())
}
