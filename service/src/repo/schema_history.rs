//! Which schema revision was current when.

use crate::{entity::schema_revision, error::Result};
use domain::id::ProjectId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// The number of the schema revision that was current at a time, in microseconds.
pub(crate) async fn revision_at<C: ConnectionTrait>(conn: &C, project: ProjectId, at: i64) -> Result<i32> {
    let row = schema_revision::Entity::find()
        .filter(schema_revision::Column::ProjectId.eq(project.0))
        .filter(schema_revision::Column::CreatedAt.lte(at))
        .order_by_desc(schema_revision::Column::Revision)
        .one(conn)
        .await?;
    Ok(row.map_or(1, |row| row.revision))
}
