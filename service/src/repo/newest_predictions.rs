//! The newest prediction of each question of a sample: the one that counts.

use crate::{
    entity::prediction,
    error::{Error, Result},
};
use domain::{id::SampleId, name::ModelName, prediction::Probs};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;

/// A prediction that counts.
#[derive(Clone, Debug)]
pub(crate) struct Newest {
    pub question: String,
    pub model: ModelName,
    pub probs: Probs,
}

/// The newest prediction of each question of these samples; by question within a sample.
pub(crate) async fn of_samples<C: ConnectionTrait>(
    conn: &C,
    samples: &[SampleId],
) -> Result<HashMap<SampleId, Vec<Newest>>> {
    let rows = prediction::Entity::find()
        .filter(prediction::Column::SampleId.is_in(samples.iter().map(|sample| sample.0)))
        .order_by_asc(prediction::Column::Question)
        .order_by_desc(prediction::Column::ReceivedAt)
        .order_by_desc(prediction::Column::Id)
        .all(conn)
        .await?;
    let mut found: HashMap<SampleId, Vec<Newest>> = HashMap::new();
    for row in rows {
        let of_sample = found.entry(SampleId(row.sample_id)).or_default();
        if of_sample.last().is_some_and(|newest| newest.question == row.question) {
            continue;
        }
        of_sample.push(Newest {
            question: row.question,
            model: ModelName::parse(row.model).map_err(Error::internal)?,
            probs: serde_json::from_str(&row.probs)?,
        });
    }
    Ok(found)
}

/// The newest prediction of each question of one sample.
pub(crate) async fn of_sample<C: ConnectionTrait>(conn: &C, sample: SampleId) -> Result<Vec<Newest>> {
    Ok(of_samples(conn, &[sample]).await?.remove(&sample).unwrap_or_default())
}
