//! The tasks of samples, past and present.

use crate::{
    entity::task,
    error::Result,
    repo::sql::{places, sql},
};
use domain::{id::SampleId, task::TaskState};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;

/// The tasks of a sample, the newest first, without those whose answers are known.
pub(crate) async fn of_sample<C: ConnectionTrait>(conn: &C, sample: SampleId) -> Result<Vec<task::Model>> {
    Ok(task::Entity::find()
        .filter(task::Column::SampleId.eq(sample.0))
        .filter(task::Column::State.ne(TaskState::Known.as_str()))
        .order_by_desc(task::Column::Id)
        .all(conn)
        .await?)
}

/// How many of these samples have a task that is open or in review.
pub(crate) async fn count_active<C: ConnectionTrait>(conn: &C, samples: &[SampleId]) -> Result<u64> {
    Ok(task::Entity::find()
        .filter(task::Column::SampleId.is_in(samples.iter().map(|id| id.0)))
        .filter(task::Column::State.is_in([TaskState::Open.as_str(), TaskState::InReview.as_str()]))
        .count(conn)
        .await?)
}

/// The newest task's state of each of these samples that has one.
pub(crate) async fn newest_states<C: ConnectionTrait>(
    conn: &C,
    ids: &[SampleId],
) -> Result<HashMap<SampleId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "SELECT t.sample_id, t.state FROM tasks t WHERE t.id IN
         (SELECT MAX(id) FROM tasks WHERE sample_id IN ({}) AND state <> 'known' GROUP BY sample_id)",
        places(1, ids.len())
    );
    let rows = conn.query_all_raw(sql(conn, &text, ids.iter().map(|id| id.0.into()))).await?;
    rows.iter().map(|row| Ok((SampleId(row.try_get("", "sample_id")?), row.try_get("", "state")?))).collect()
}
