//! Reading the label store by sample: what is staged, what a sample's labels were, and what changed when.

use crate::{
    entity::label,
    error::Result,
    repo::{
        sql::{places, sql},
        versions::BATCH,
    },
};
use domain::{answer::Answers, id::SampleId, provenance::Provenance};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{HashMap, HashSet};

impl label::Model {
    /// The label; none where it was removed.
    pub(crate) fn answers(&self) -> Result<Option<Answers>> {
        Ok(self.label.as_deref().map(serde_json::from_str).transpose()?)
    }

    /// Where it comes from.
    pub(crate) fn provenance(&self) -> Result<Provenance> {
        Ok(serde_json::from_str(&self.provenance)?)
    }
}

/// The staged row of each of these samples that has one whose decision still stands, the newest.
pub(crate) async fn staged<C: ConnectionTrait>(
    conn: &C,
    samples: &[SampleId],
) -> Result<HashMap<SampleId, label::Model>> {
    let mut found = HashMap::new();
    for samples in samples.chunks(BATCH) {
        // A decision that was taken back has left its task, and a later one on the same task stands instead.
        let text = format!(
            "SELECT l.* FROM labels l JOIN decisions d ON d.id = l.decision_id JOIN tasks t ON t.id = d.task_id
             WHERE l.sample_id IN ({}) AND l.from_version IS NULL AND l.until_version IS NULL
             AND t.state = 'approved' AND d.id = (SELECT MAX(x.id) FROM decisions x WHERE x.task_id = t.id)
             ORDER BY l.id",
            places(1, samples.len())
        );
        let statement = sql(conn, &text, samples.iter().map(|id| id.0.into()));
        let rows = label::Entity::find().from_raw_sql(statement).all(conn).await?;
        found.extend(rows.into_iter().map(|row| (SampleId(row.sample_id), row)));
    }
    Ok(found)
}

/// Every row of a sample, the newest first.
pub(crate) async fn of_sample<C: ConnectionTrait>(conn: &C, sample: SampleId) -> Result<Vec<label::Model>> {
    Ok(label::Entity::find()
        .filter(label::Column::SampleId.eq(sample.0))
        .order_by_desc(label::Column::Id)
        .all(conn)
        .await?)
}

/// The row of each of these samples that stands in a version.
pub(crate) async fn in_version<C: ConnectionTrait>(
    conn: &C,
    samples: &[SampleId],
    number: i64,
) -> Result<HashMap<SampleId, label::Model>> {
    let mut found = HashMap::new();
    for samples in samples.chunks(BATCH) {
        let rows = label::Entity::find()
            .filter(label::Column::SampleId.is_in(samples.iter().map(|sample| sample.0)))
            .filter(stands(number))
            .all(conn)
            .await?;
        found.extend(rows.into_iter().map(|row| (SampleId(row.sample_id), row)));
    }
    Ok(found)
}

/// Of rows that are in version `number`.
fn stands(number: i64) -> Condition {
    let until = label::Column::UntilVersion;
    Condition::all()
        .add(label::Column::FromVersion.lte(number))
        .add(Condition::any().add(until.is_null()).add(until.gt(number)))
}

/// Which of these samples have another label in version `to` than in version `from`.
pub(crate) async fn changed_between<C: ConnectionTrait>(
    conn: &C,
    samples: &[SampleId],
    from: i64,
    to: i64,
) -> Result<HashSet<SampleId>> {
    let rows = label::Entity::find()
        .filter(label::Column::SampleId.is_in(samples.iter().map(|id| id.0)))
        .filter(Condition::any().add(stands(from)).add(stands(to)))
        .all(conn)
        .await?;
    let in_version = |row: &label::Model, number| {
        row.from_version.is_some_and(|from| from <= number)
            && row.until_version.is_none_or(|until| until > number)
    };
    let at = |sample: SampleId, number| {
        let row = rows.iter().find(|row| row.sample_id == sample.0 && in_version(row, number));
        row.and_then(|row| row.label.as_deref())
    };
    Ok(samples.iter().copied().filter(|sample| at(*sample, from) != at(*sample, to)).collect())
}
