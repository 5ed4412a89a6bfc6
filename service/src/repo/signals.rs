//! Signals that somebody gave: reports, challenges, import conflicts.

use crate::{
    entity::signal,
    error::{Error, Result},
    repo::{sql::sql, versions::BATCH},
};
use domain::{
    canonical,
    id::{SampleId, UserId},
    signal::{GivenReason, Reason, SignalKind},
    time::Timestamp,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::Value;
use std::collections::HashMap;

/// A signal to write.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub sample: SampleId,
    pub kind: SignalKind,
    pub score: f64,
    pub detail: Value,
}

/// Writes signals that `author` gave.
pub(crate) async fn give(
    tx: &DatabaseTransaction,
    given: &[Given],
    author: Option<UserId>,
    now: Timestamp,
) -> Result<()> {
    for given in given.chunks(BATCH) {
        let rows = given.iter().map(|given| signal::ActiveModel {
            sample_id: Set(given.sample.0),
            kind: Set(given.kind.as_str().to_owned()),
            score: Set(given.score),
            detail: Set(canonical::text(&given.detail)),
            author_id: Set(author.map(|author| author.0)),
            created_at: Set(now.0),
            ..Default::default()
        });
        signal::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The signals given for these samples, by sample, the newest first: of two that are equally strong, the newer
/// one is told.
pub(crate) async fn of_samples<C: ConnectionTrait>(
    conn: &C,
    samples: &[SampleId],
) -> Result<HashMap<SampleId, Vec<GivenReason>>> {
    let rows = signal::Entity::find()
        .filter(signal::Column::SampleId.is_in(samples.iter().map(|id| id.0)))
        .order_by_desc(signal::Column::Id)
        .all(conn)
        .await?;
    let mut found: HashMap<SampleId, Vec<GivenReason>> = HashMap::new();
    for row in rows {
        let kind = SignalKind::parse(&row.kind).ok_or_else(|| Error::internal("an unknown signal"))?;
        let detail = serde_json::from_str(&row.detail)?;
        let reason = Reason { kind, score: row.score, question: None, detail };
        let given = GivenReason { reason, at: Timestamp(row.created_at) };
        found.entry(SampleId(row.sample_id)).or_default().push(given);
    }
    Ok(found)
}

/// Erases the notes of the signals given for a sample, there and on the tasks that they opened.
pub(crate) async fn erase_notes(tx: &DatabaseTransaction, sample: SampleId) -> Result<()> {
    for (table, column) in [("signals", "detail"), ("tasks", "reason_detail")] {
        let read = format!("SELECT id, {column} AS detail FROM {table} WHERE sample_id = $1");
        for row in tx.query_all_raw(sql(tx, &read, [sample.0.into()])).await? {
            let id: i64 = row.try_get("", "id")?;
            let mut detail: Value = serde_json::from_str(&row.try_get::<String>("", "detail")?)?;
            if detail.as_object_mut().and_then(|detail| detail.remove("note")).is_some() {
                let write = format!("UPDATE {table} SET {column} = $1 WHERE id = $2");
                let values = [canonical::text(&detail).into(), id.into()];
                tx.execute_raw(sql(tx, &write, values)).await?;
            }
        }
    }
    Ok(())
}
