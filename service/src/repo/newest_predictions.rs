//! The newest prediction of each question of a sample: the one that counts.

use crate::{
    error::{Error, Result},
    repo::{
        sql::{places, sql},
        versions::BATCH,
    },
};
use domain::{
    id::{ProjectId, SampleId},
    name::ModelName,
    prediction::Probs,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;

/// A prediction that counts.
#[derive(Clone, Debug)]
pub(crate) struct Newest {
    pub question: String,
    pub model: ModelName,
    pub probs: Probs,
    pub received_at: Timestamp,
    /// When the project first heard of the model.
    pub model_first_seen: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    sample_id: i64,
    question: String,
    model: String,
    probs: String,
    received_at: i64,
    first_seen_at: i64,
}

/// The newest prediction of each question of these samples of one project; by question within a sample.
pub(crate) async fn of_samples<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    samples: &[SampleId],
) -> Result<HashMap<SampleId, Vec<Newest>>> {
    let mut found: HashMap<SampleId, Vec<Newest>> = HashMap::new();
    for samples in samples.chunks(BATCH) {
        // What is sent again is a new row: the greatest id is the newest.
        let text = format!(
            "SELECT p.sample_id, p.question, p.model, p.probs, p.received_at, m.first_seen_at
             FROM predictions p JOIN models m ON m.project_id = $1 AND m.name = p.model
             WHERE p.id IN (SELECT MAX(id) FROM predictions WHERE sample_id IN ({}) GROUP BY sample_id, question)
             ORDER BY p.question",
            places(2, samples.len())
        );
        let values = std::iter::once(project.0.into()).chain(samples.iter().map(|id| id.0.into()));
        for row in Row::find_by_statement(sql(conn, &text, values)).all(conn).await? {
            found.entry(SampleId(row.sample_id)).or_default().push(Newest {
                question: row.question,
                model: ModelName::parse(row.model).map_err(Error::internal)?,
                probs: serde_json::from_str(&row.probs)?,
                received_at: Timestamp(row.received_at),
                model_first_seen: Timestamp(row.first_seen_at),
            });
        }
    }
    Ok(found)
}

/// The newest prediction of each question of one sample.
pub(crate) async fn of_sample<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    sample: SampleId,
) -> Result<Vec<Newest>> {
    Ok(of_samples(conn, project, &[sample]).await?.remove(&sample).unwrap_or_default())
}
