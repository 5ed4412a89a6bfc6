//! The records of uploads.

use crate::{entity::import, error::Result, repo::sql::sql};
use domain::{
    id::{ImportId, ProjectId, UserId},
    time::Timestamp,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

/// An upload to record; what it did follows.
#[derive(Clone, Debug)]
pub(crate) struct NewImport<'a> {
    pub project: ProjectId,
    pub kind: &'a str,
    pub author: Option<UserId>,
    pub digest: &'a str,
}

/// Records an upload, so that it has a number.
pub(crate) async fn add(tx: &DatabaseTransaction, new: NewImport<'_>, now: Timestamp) -> Result<ImportId> {
    let row = import::ActiveModel {
        project_id: Set(new.project.0),
        kind: Set(new.kind.to_owned()),
        author_id: Set(new.author.map(|author| author.0)),
        digest: Set(new.digest.to_owned()),
        outcome: Set("{}".to_owned()),
        created_at: Set(now.0),
        ..Default::default()
    };
    Ok(ImportId(import::Entity::insert(row).exec(tx).await?.last_insert_id))
}

/// Records what it did, as JSON.
pub(crate) async fn set_outcome(tx: &DatabaseTransaction, id: ImportId, outcome: String) -> Result<()> {
    let text = "UPDATE imports SET outcome = $1 WHERE id = $2";
    tx.execute_raw(sql(tx, text, [outcome.into(), id.0.into()])).await?;
    Ok(())
}

/// The import of this number.
pub(crate) async fn find<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    id: ImportId,
) -> Result<Option<import::Model>> {
    Ok(import::Entity::find_by_id(id.0).filter(import::Column::ProjectId.eq(project.0)).one(conn).await?)
}

/// The imports before this one, the newest first.
pub(crate) async fn before<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    before: Option<ImportId>,
    limit: u64,
) -> Result<Vec<import::Model>> {
    let mut query = import::Entity::find().filter(import::Column::ProjectId.eq(project.0));
    if let Some(before) = before {
        query = query.filter(import::Column::Id.lt(before.0));
    }
    Ok(query.order_by_desc(import::Column::Id).limit(limit).all(conn).await?)
}
