//! The kept answers of requests that may be sent twice.

use crate::{
    entity::idempotency_key,
    error::Result,
    idempotency::Request,
    repo::sql::{like_text, sql},
};
use domain::time::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait};

/// Holds the key for this transaction; false where another request holds it. SQLite has one writer and needs
/// nothing.
pub(crate) async fn try_lock(tx: &DatabaseTransaction, request: &Request) -> Result<bool> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(true);
    }
    let name = format!("{}\n{}\n{}\n{}", request.principal, request.method, request.path, request.key);
    let text = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS ours";
    let row = tx.query_one_raw(sql(tx, text, [name.into()])).await?;
    Ok(row.map(|row| row.try_get("", "ours")).transpose()?.unwrap_or(false))
}

/// Forgets the answers that were kept before `oldest`.
pub(crate) async fn forget(tx: &DatabaseTransaction, oldest: Timestamp) -> Result<()> {
    let text = "DELETE FROM idempotency_keys WHERE created_at < $1";
    tx.execute_raw(sql(tx, text, [oldest.0.into()])).await?;
    Ok(())
}

/// Forgets the answers that show the sample of this key; one of another project may be among them.
pub(crate) async fn forget_sample(tx: &DatabaseTransaction, key: &str) -> Result<()> {
    let text = "DELETE FROM idempotency_keys WHERE outcome LIKE $1 ESCAPE '!'";
    tx.execute_raw(sql(tx, text, [like_text(&format!("\"id\":{}", serde_json::to_string(key)?)).into()]))
        .await?;
    Ok(())
}

/// Replaces the answer that was kept for now.
pub(crate) async fn replace(tx: &DatabaseTransaction, request: &Request, outcome: String) -> Result<()> {
    let text = "UPDATE idempotency_keys SET outcome = $1
                WHERE principal = $2 AND method = $3 AND path = $4 AND key = $5";
    let values = [
        outcome.into(),
        request.principal.clone().into(),
        request.method.clone().into(),
        request.path.clone().into(),
        request.key.clone().into(),
    ];
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// Gives the key back, so that the request may be sent anew.
pub(crate) async fn release(tx: &DatabaseTransaction, request: &Request) -> Result<()> {
    let text = "DELETE FROM idempotency_keys WHERE principal = $1 AND method = $2 AND path = $3 AND key = $4";
    let values = [
        request.principal.clone().into(),
        request.method.clone().into(),
        request.path.clone().into(),
        request.key.clone().into(),
    ];
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// The kept answer to the request's key.
pub(crate) async fn find(
    tx: &DatabaseTransaction,
    request: &Request,
) -> Result<Option<idempotency_key::Model>> {
    let key = (request.principal.clone(), request.method.clone(), request.path.clone(), request.key.clone());
    Ok(idempotency_key::Entity::find_by_id(key).one(tx).await?)
}

/// Keeps the answer.
pub(crate) async fn keep(
    tx: &DatabaseTransaction,
    request: Request,
    outcome: String,
    now: Timestamp,
) -> Result<()> {
    let row = idempotency_key::Model {
        principal: request.principal,
        method: request.method,
        path: request.path,
        key: request.key,
        body_hash: request.body_hash,
        outcome,
        created_at: now.0,
    };
    idempotency_key::Entity::insert(idempotency_key::ActiveModel::from(row))
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
