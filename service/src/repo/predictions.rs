//! Predictions: one row for each sample, question and model version; the one received last counts.
//!
//! A prediction that is sent again is written as a new row, so that the greatest id of a sample and question is
//! the newest even among those that one upload brought.

use crate::{
    entity::{model, prediction},
    error::Result,
    repo::versions::BATCH,
};
use domain::{
    id::{ProjectId, SampleId},
    time::Timestamp,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, sea_query::OnConflict,
};
use std::collections::{BTreeSet, HashMap};

/// A prediction as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub model: String,
    pub question: String,
    /// Canonical JSON.
    pub probs: String,
}

/// What became of predictions that were sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    pub created: i64,
    pub updated: i64,
    /// Samples of which at least one prediction is new or was replaced.
    pub changed: BTreeSet<SampleId>,
}

/// Writes what was sent for these samples, in the order of sending; what is there already as the newest, in
/// that order and with equal probabilities, stays as it is.
pub(crate) async fn write(
    tx: &DatabaseTransaction,
    project: ProjectId,
    sent: &[(SampleId, &[Sent])],
    now: Timestamp,
) -> Result<Written> {
    see_models(tx, project, sent.iter().flat_map(|(_, sent)| sent.iter()), now).await?;
    let mut written = Written::default();
    for chunk in sent.chunks(BATCH) {
        let mut known = of_samples(tx, chunk.iter().map(|(sample, _)| *sample)).await?;
        let mut stale = Vec::new();
        let mut new = Vec::new();
        for (sample, sent) in chunk {
            let known = known.remove(sample).unwrap_or_default();
            for question in sent.iter().map(|sent| &sent.question).collect::<BTreeSet<_>>() {
                let known: Vec<&prediction::Model> =
                    known.iter().filter(|row| row.question == *question).collect();
                let sent: Vec<&Sent> = sent.iter().filter(|sent| sent.question == *question).collect();
                if is_end_of(&sent, &known) {
                    continue;
                }
                written.changed.insert(*sample);
                for sent in sent {
                    match known.iter().find(|row| row.model == sent.model) {
                        Some(row) => {
                            stale.push(row.id);
                            written.updated += 1;
                        }
                        None => written.created += 1,
                    }
                    new.push(active(*sample, sent, now));
                }
            }
        }
        for ids in stale.chunks(BATCH) {
            prediction::Entity::delete_many()
                .filter(prediction::Column::Id.is_in(ids.iter().copied()))
                .exec(tx)
                .await?;
        }
        for rows in new.chunks(BATCH) {
            prediction::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
        }
    }
    Ok(written)
}

/// Whether what was sent is what was received last, in this order.
fn is_end_of(sent: &[&Sent], known: &[&prediction::Model]) -> bool {
    known.len() >= sent.len()
        && known[known.len() - sent.len()..]
            .iter()
            .zip(sent)
            .all(|(row, sent)| row.model == sent.model && row.probs == sent.probs)
}

fn active(sample: SampleId, sent: &Sent, now: Timestamp) -> prediction::ActiveModel {
    prediction::ActiveModel {
        sample_id: Set(sample.0),
        question: Set(sent.question.clone()),
        model: Set(sent.model.clone()),
        probs: Set(sent.probs.clone()),
        received_at: Set(now.0),
        ..Default::default()
    }
}

async fn see_models(
    tx: &DatabaseTransaction,
    project: ProjectId,
    sent: impl Iterator<Item = &Sent>,
    now: Timestamp,
) -> Result<()> {
    let names: BTreeSet<&str> = sent.map(|sent| sent.model.as_str()).collect();
    let rows: Vec<model::ActiveModel> = names
        .into_iter()
        .map(|name| model::ActiveModel {
            project_id: Set(project.0),
            name: Set(name.to_owned()),
            first_seen_at: Set(now.0),
        })
        .collect();
    for rows in rows.chunks(BATCH) {
        let known =
            OnConflict::columns([model::Column::ProjectId, model::Column::Name]).do_nothing().to_owned();
        model::Entity::insert_many(rows.to_vec()).on_conflict(known).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The predictions of these samples, by sample, the one received first first.
pub(crate) async fn of_samples<C: ConnectionTrait>(
    conn: &C,
    samples: impl IntoIterator<Item = SampleId>,
) -> Result<HashMap<SampleId, Vec<prediction::Model>>> {
    let rows = prediction::Entity::find()
        .filter(prediction::Column::SampleId.is_in(samples.into_iter().map(|sample| sample.0)))
        .order_by_asc(prediction::Column::Id)
        .all(conn)
        .await?;
    let mut found: HashMap<SampleId, Vec<prediction::Model>> = HashMap::new();
    for row in rows {
        found.entry(SampleId(row.sample_id)).or_default().push(row);
    }
    Ok(found)
}
