//! Staged label rows: approved, not yet in a version.

use crate::{entity::label, error::Result, repo::sql::sql};
use domain::id::ProjectId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use std::{collections::HashSet, mem};

/// The staged rows of a project, by what the next cut does with them.
#[derive(Debug, Default)]
pub(crate) struct StagedRows {
    /// These enter the version, by sample id.
    pub live: Vec<label::Model>,
    /// These were taken back or decided again, and never take effect.
    pub dropped: Vec<label::Model>,
}

/// The project's staged rows. Of two on one sample the later is live.
pub(crate) async fn rows<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<StagedRows> {
    let standing = standing(conn, project).await?;
    let staged = label::Entity::find()
        .filter(label::Column::ProjectId.eq(project.0))
        .filter(label::Column::FromVersion.is_null())
        .order_by_asc(label::Column::SampleKey)
        .order_by_asc(label::Column::Id)
        .all(conn)
        .await?;
    let mut rows = StagedRows { live: Vec::with_capacity(standing.len()), dropped: Vec::new() };
    for row in staged {
        if !standing.contains(&row.id) {
            rows.dropped.push(row);
            continue;
        }
        match rows.live.last_mut() {
            Some(last) if last.sample_id == row.sample_id => rows.dropped.push(mem::replace(last, row)),
            _ => rows.live.push(row),
        }
    }
    Ok(rows)
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

/// The staged rows whose decision is the last one of its task.
async fn standing<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<HashSet<i64>> {
    let text = "SELECT l.id FROM labels l JOIN decisions d ON d.id = l.decision_id
                WHERE l.project_id = $1 AND l.from_version IS NULL
                AND NOT EXISTS (SELECT 1 FROM decisions later
                                WHERE later.task_id = d.task_id AND later.id > d.id)";
    let rows = IdRow::find_by_statement(sql(conn, text, [project.0.into()])).all(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
