//! Samples: rows by id and by external id.

use crate::{
    entity::sample,
    error::Result,
    repo::{
        projects::Project,
        sql::{insert, rows, sql},
        versions::BATCH,
    },
};
use domain::{
    id::{ContentId, ProjectId, SampleId},
    rank::rank,
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

/// The sample with this external id.
pub(crate) async fn by_key<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    key: &str,
) -> Result<Option<sample::Model>> {
    let of_project = sample::Column::ProjectId.eq(project.0);
    Ok(sample::Entity::find().filter(of_project).filter(sample::Column::Key.eq(key)).one(conn).await?)
}

/// The samples with these external ids, by id.
pub(crate) async fn by_keys<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    keys: &[&str],
) -> Result<HashMap<String, sample::Model>> {
    let mut found = HashMap::with_capacity(keys.len());
    for keys in keys.chunks(BATCH) {
        let rows = sample::Entity::find()
            .filter(sample::Column::ProjectId.eq(project.0))
            .filter(sample::Column::Key.is_in(keys.iter().copied()))
            .all(conn)
            .await?;
        found.extend(rows.into_iter().map(|row| (row.key.clone(), row)));
    }
    Ok(found)
}

/// The samples with these ids.
pub(crate) async fn by_ids<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    ids: &[SampleId],
) -> Result<Vec<sample::Model>> {
    // Asked for the project too, SQLite goes through all of its samples rather than look so many up.
    let found = sample::Entity::find().filter(sample::Column::Id.is_in(ids.iter().map(|id| id.0)));
    let mut rows = found.all(conn).await?;
    rows.retain(|row| row.project_id == project.0);
    Ok(rows)
}

/// The next samples in the order of their external ids.
pub(crate) async fn after<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    key: Option<&str>,
    limit: u64,
) -> Result<Vec<sample::Model>> {
    let mut query = sample::Entity::find().filter(sample::Column::ProjectId.eq(project.0));
    if let Some(key) = key {
        query = query.filter(sample::Column::Key.gt(key));
    }
    Ok(query.order_by_asc(sample::Column::Key).limit(limit).all(conn).await?)
}

/// A sample to add, with the id of its content, which follows.
#[derive(Clone, Debug)]
pub(crate) struct NewSample<'a> {
    pub id: SampleId,
    pub key: &'a str,
    pub content: ContentId,
    /// The label that came with it, as canonical JSON.
    pub imported_label: Option<String>,
}

/// New samples, under ids that were reserved.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    project: &Project,
    new: Vec<NewSample<'_>>,
    now: Timestamp,
) -> Result<Vec<sample::Model>> {
    let model = |new: NewSample<'_>| sample::Model {
        id: new.id.0,
        project_id: project.id.0,
        audit_rank: rank(&project.salt, new.key),
        key: new.key.to_owned(),
        content_id: Some(new.content.0),
        imported_label: new.imported_label,
        created_at: now.0,
        erased_at: None,
    };
    let added: Vec<sample::Model> = new.into_iter().map(model).collect();
    const COLUMNS: [(&str, &str); 7] = [
        ("id", "BIGINT"),
        ("project_id", "BIGINT"),
        ("key", "TEXT"),
        ("content_id", "BIGINT"),
        ("imported_label", "TEXT"),
        ("audit_rank", "DOUBLE PRECISION"),
        ("created_at", "BIGINT"),
    ];
    let values = added.iter().flat_map(|row| {
        [
            row.id.into(),
            row.project_id.into(),
            row.key.clone().into(),
            row.content_id.into(),
            row.imported_label.clone().into(),
            row.audit_rank.into(),
            row.created_at.into(),
        ]
    });
    insert(tx, "samples", &COLUMNS, values.collect()).await?;
    Ok(added)
}

/// What an import makes of a sample.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub sample: SampleId,
    /// The newest content, which is there even if an older one was erased.
    pub content: ContentId,
    /// The label that was imported last, as canonical JSON.
    pub imported_label: Option<String>,
}

/// Writes what an import makes of samples.
pub(crate) async fn receive(tx: &DatabaseTransaction, received: &[Received]) -> Result<()> {
    for chunk in received.chunks(BATCH) {
        let text = format!(
            "WITH v (id, content_id, imported_label) AS (VALUES {})
             UPDATE samples SET content_id = v.content_id, imported_label = v.imported_label, erased_at = NULL
             FROM v WHERE samples.id = v.id",
            rows(1, &["BIGINT", "BIGINT", "TEXT"], chunk.len())
        );
        let values = chunk
            .iter()
            .flat_map(|row| [row.sample.0.into(), row.content.0.into(), row.imported_label.clone().into()]);
        tx.execute_raw(sql(tx, &text, values)).await?;
    }
    Ok(())
}

/// Erases the notes on a sample and marks it as erased.
pub(crate) async fn erase(tx: &DatabaseTransaction, id: SampleId, now: Timestamp) -> Result<()> {
    for text in [
        "UPDATE annotations SET note = NULL WHERE sample_id = $1 AND note IS NOT NULL",
        "UPDATE decisions SET note = NULL WHERE sample_id = $1 AND note IS NOT NULL",
        "UPDATE skips SET reason = NULL WHERE task_id IN (SELECT id FROM tasks WHERE sample_id = $1)",
    ] {
        tx.execute_raw(sql(tx, text, [id.0.into()])).await?;
    }
    let erased = "UPDATE samples SET erased_at = COALESCE(erased_at, $1) WHERE id = $2";
    tx.execute_raw(sql(tx, erased, [now.0.into(), id.0.into()])).await?;
    Ok(())
}
