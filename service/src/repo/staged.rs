//! Staged label rows: approved, not yet in a version.

use crate::{entity::label, error::Result, repo::sql::sql};
use domain::id::ProjectId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

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
    let standing = "SELECT l.* FROM labels l JOIN decisions d ON d.id = l.decision_id
                    WHERE l.project_id = $1 AND l.from_version IS NULL
                    AND NOT EXISTS (SELECT 1 FROM decisions later
                                    WHERE later.task_id = d.task_id AND later.id > d.id)
                    ORDER BY l.sample_key, l.id";
    let standing =
        label::Entity::find().from_raw_sql(sql(conn, standing, [project.0.into()])).all(conn).await?;
    let mut live: Vec<label::Model> = Vec::with_capacity(standing.len());
    for row in standing {
        match live.last_mut() {
            Some(last) if last.sample_id == row.sample_id => *last = row,
            _ => live.push(row),
        }
    }
    let mut ids: Vec<i64> = live.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    let all = label::Entity::find()
        .filter(label::Column::ProjectId.eq(project.0))
        .filter(label::Column::FromVersion.is_null())
        .all(conn)
        .await?;
    let dropped = all.into_iter().filter(|row| ids.binary_search(&row.id).is_err()).collect();
    Ok(StagedRows { live, dropped })
}
