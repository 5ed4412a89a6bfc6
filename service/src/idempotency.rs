//! Safe retries: a request that is sent twice with the same key takes effect once.
//!
//! The server names the request by [`scope`]; the first write of the use case looks the key up and keeps its
//! answer in the same transaction as its effect, so that no crash can part the two.

use crate::{
    entity::idempotency_key,
    error::{Error, Result},
    repo::sql::sql,
    services::Services,
};
use domain::{
    problem::{Code, Kind, Refusal},
    time::Timestamp,
};
use futures::future::BoxFuture;
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, TransactionTrait,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{cell::RefCell, future::Future};

/// How long an answer is kept.
const KEPT_SECONDS: i64 = 24 * 3600;

/// A request that its sender may send again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whose key it is: the user or token.
    pub principal: String,
    /// The HTTP method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The key that the sender chose.
    pub key: String,
    /// A hash of the body.
    pub body_hash: String,
}

tokio::task_local! {
    static REQUEST: RefCell<Request>;
}

/// Runs `work`, a use case, as the effect of `request`.
pub async fn scope<F: Future>(request: Request, work: F) -> F::Output {
    REQUEST.scope(RefCell::new(request), work).await
}

/// Says the body's hash, for a body that was read after [`scope`] began.
pub fn set_body_hash(hash: &str) {
    // Outside a scope there is nothing to remember.
    let _ = REQUEST.try_with(|request| hash.clone_into(&mut request.borrow_mut().body_hash));
}

#[derive(Serialize, Deserialize)]
enum Kept<T> {
    Done(T),
    Refused(Refusal),
}

impl Services {
    /// Runs `work` in a transaction, at most once for the request's idempotency key.
    pub(crate) async fn once<T, F>(&self, work: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        let Ok(request) = REQUEST.try_with(|request| request.borrow().clone()) else {
            return self.db.write(work).await;
        };
        let services = self.clone();
        let kept = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let now = services.now(tx).await?;
                    if let Some(kept) = begin(tx, &request, now).await? {
                        return Ok(kept);
                    }
                    let effect = tx.begin().await?;
                    let kept = match work(&effect).await {
                        Ok(value) => {
                            effect.commit().await?;
                            Kept::Done(value)
                        }
                        Err(Error::Refused { refusal, .. }) if is_kept(refusal.code) => {
                            effect.rollback().await?;
                            Kept::Refused(refusal)
                        }
                        Err(error) => return Err(error),
                    };
                    let row = idempotency_key::ActiveModel {
                        principal: Set(request.principal),
                        method: Set(request.method),
                        path: Set(request.path),
                        key: Set(request.key),
                        body_hash: Set(request.body_hash),
                        outcome: Set(Some(serde_json::to_string(&kept)?)),
                        created_at: Set(now.0),
                    };
                    idempotency_key::Entity::insert(row).exec_without_returning(tx).await?;
                    Ok(kept)
                })
            })
            .await?;
        match kept {
            Kept::Done(value) => Ok(value),
            Kept::Refused(refusal) => Err(refusal.into()),
        }
    }
}

/// A refusal that waiting or signing in would change is not an answer to keep.
fn is_kept(code: Code) -> bool {
    !matches!(code.kind(), Kind::Unauthenticated | Kind::TooMany | Kind::Unavailable | Kind::Internal)
        && code != Code::InProgress
}

/// The kept answer, where there is one; otherwise the key is ours until the transaction ends.
async fn begin<T: DeserializeOwned>(
    tx: &DatabaseTransaction,
    request: &Request,
    now: Timestamp,
) -> Result<Option<Kept<T>>> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let name = format!("{}\n{}\n{}\n{}", request.principal, request.method, request.path, request.key);
        let text = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS ours";
        let row = tx.query_one_raw(sql(tx, text, [name.into()])).await?;
        if !row.map(|row| row.try_get::<bool>("", "ours")).transpose()?.unwrap_or(false) {
            return Err(Code::InProgress.into());
        }
    }
    let old = now.plus_seconds(-KEPT_SECONDS).0;
    tx.execute_raw(sql(tx, "DELETE FROM idempotency_keys WHERE created_at < $1", [old.into()])).await?;
    let key = (request.principal.clone(), request.method.clone(), request.path.clone(), request.key.clone());
    let Some(row) = idempotency_key::Entity::find_by_id(key).one(tx).await? else { return Ok(None) };
    if row.body_hash != request.body_hash {
        return Err(Code::IdempotencyMismatch.into());
    }
    let outcome = row.outcome.ok_or(Error::from(Code::InProgress))?;
    Ok(Some(serde_json::from_str(&outcome)?))
}
