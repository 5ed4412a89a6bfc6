//! Predictions: one row for each sample, question and model version; the one received last counts.
//!
//! A prediction that is sent again is written as a new row, so that the greatest id of a sample and question is
//! the newest even among those that one upload brought.

use crate::{
    entity::{model, prediction},
    error::Result,
    repo::{sql::insert, versions::BATCH},
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
                    new.push((*sample, sent));
                }
            }
        }
        replace(tx, &stale, new, now).await?;
    }
    Ok(written)
}

/// Writes what was sent and will not be the newest, because more is to come for the same samples and questions; what is
/// there already with equal probabilities stays as it is. `changed` stays empty: nothing follows from these.
pub(crate) async fn note(
    tx: &DatabaseTransaction,
    project: ProjectId,
    sent: &[(SampleId, Sent)],
    now: Timestamp,
) -> Result<Written> {
    see_models(tx, project, sent.iter().map(|(_, sent)| sent), now).await?;
    let mut written = Written::default();
    for chunk in sent.chunks(BATCH) {
        let known = of_samples(tx, chunk.iter().map(|(sample, _)| *sample)).await?;
        let mut stale = Vec::new();
        let mut new = Vec::new();
        for (sample, sent) in chunk {
            let known = known.get(sample).into_iter().flatten();
            match known.into_iter().find(|row| row.question == sent.question && row.model == sent.model) {
                Some(row) if row.probs == sent.probs => continue,
                Some(row) => {
                    stale.push(row.id);
                    written.updated += 1;
                }
                None => written.created += 1,
            }
            new.push((*sample, sent));
        }
        replace(tx, &stale, new, now).await?;
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

/// Writes what came with new samples, of which nothing is there yet.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    project: ProjectId,
    sent: &[(SampleId, &[Sent])],
    now: Timestamp,
) -> Result<()> {
    see_models(tx, project, sent.iter().flat_map(|(_, sent)| sent.iter()), now).await?;
    let each = sent.iter().flat_map(|(sample, sent)| sent.iter().map(|sent| (*sample, sent)));
    insert_all(tx, each.collect(), now).await
}

/// Writes new rows in the place of those that are stale.
async fn replace(
    tx: &DatabaseTransaction,
    stale: &[i64],
    new: Vec<(SampleId, &Sent)>,
    now: Timestamp,
) -> Result<()> {
    for ids in stale.chunks(BATCH) {
        prediction::Entity::delete_many()
            .filter(prediction::Column::Id.is_in(ids.iter().copied()))
            .exec(tx)
            .await?;
    }
    insert_all(tx, new, now).await
}

async fn insert_all(tx: &DatabaseTransaction, sent: Vec<(SampleId, &Sent)>, now: Timestamp) -> Result<()> {
    const COLUMNS: [(&str, &str); 5] = [
        ("sample_id", "BIGINT"),
        ("question", "TEXT"),
        ("model", "TEXT"),
        ("probs", "TEXT"),
        ("received_at", "BIGINT"),
    ];
    let values = sent.into_iter().flat_map(|(sample, sent)| {
        [
            sample.0.into(),
            sent.question.clone().into(),
            sent.model.clone().into(),
            sent.probs.clone().into(),
            now.0.into(),
        ]
    });
    insert(tx, "predictions", &COLUMNS, values.collect()).await
}

async fn see_models(
    tx: &DatabaseTransaction,
    project: ProjectId,
    sent: impl Iterator<Item = &Sent>,
    now: Timestamp,
) -> Result<()> {
    let names: BTreeSet<&str> = sent.map(|sent| sent.model.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
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
