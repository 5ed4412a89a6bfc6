//! Writes that take effect once for an idempotency key: the answer is kept in the transaction of the effect,
//! so that no crash can part the two.

use crate::{
    error::{Error, Result},
    idempotency::{self, Request},
    repo::idempotency_keys,
    services::Services,
};
use domain::{
    problem::{Code, Kind, Refusal},
    time::Timestamp,
};
use futures::future::BoxFuture;
use sea_orm::{DatabaseTransaction, TransactionTrait};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// How long an answer is kept.
const KEPT_SECONDS: i64 = 24 * 3600;

#[derive(Serialize, Deserialize)]
enum Kept<T> {
    Done(T),
    Refused(Refusal),
    /// The effect has begun and goes on without its request.
    Running,
}

/// What became of work that may go on after its first transaction.
pub(crate) enum Begun<T, B> {
    /// It is done, now or by an earlier request with this key.
    Done(T),
    /// It has begun.
    Begun(B),
}

impl Services {
    /// Runs `work` in a transaction, at most once for the request's idempotency key.
    pub(crate) async fn once<T, F>(&self, work: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        let Some(request) = idempotency::current() else {
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
                    idempotency_keys::keep(tx, request, serde_json::to_string(&kept)?, now).await?;
                    Ok(kept)
                })
            })
            .await?;
        kept.answer()
    }

    /// As [`Services::once`], for work that goes on after this transaction, whose last step `work` is. The key is taken until
    /// [`finish`] or [`give_up`].
    pub(crate) async fn begin_once<T, B, F>(&self, request: Option<Request>, work: F) -> Result<Begun<T, B>>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        B: Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<B>> + Send + 'static,
    {
        let Some(request) = request else {
            return Ok(Begun::Begun(self.db.write(work).await?));
        };
        let services = self.clone();
        let begun: Result<std::result::Result<B, Kept<T>>> = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let now = services.now(tx).await?;
                    if let Some(kept) = begin(tx, &request, now).await? {
                        return Ok(Err(kept));
                    }
                    let kept = serde_json::to_string(&Kept::<T>::Running)?;
                    idempotency_keys::keep(tx, request, kept, now).await?;
                    Ok(Ok(work(tx).await?))
                })
            })
            .await;
        match begun? {
            Ok(begun) => Ok(Begun::Begun(begun)),
            Err(kept) => Ok(Begun::Done(kept.answer()?)),
        }
    }
}

/// Keeps the answer of work that had begun.
pub(crate) async fn finish<T: Serialize>(
    tx: &DatabaseTransaction,
    request: Option<&Request>,
    answer: &T,
) -> Result<()> {
    let Some(request) = request else { return Ok(()) };
    idempotency_keys::replace(tx, request, serde_json::to_string(&Kept::Done(answer))?).await
}

/// Lets the request be sent anew, because what had begun cannot go on.
pub(crate) async fn give_up(tx: &DatabaseTransaction, request: Option<&Request>) -> Result<()> {
    match request {
        Some(request) => idempotency_keys::release(tx, request).await,
        None => Ok(()),
    }
}

impl<T> Kept<T> {
    fn answer(self) -> Result<T> {
        match self {
            Self::Done(value) => Ok(value),
            Self::Refused(refusal) => Err(refusal.into()),
            Self::Running => Err(Code::InProgress.into()),
        }
    }
}

impl Services {
    /// Keeps the refusal of a request with a key that ended before a use case looked the key up, because its body
    /// did not fit; otherwise the key would still be free for another body. Changes nothing where the key was
    /// looked up, and refuses where it belongs to another body.
    pub async fn keep_refusal(&self, refusal: Refusal) -> Result<()> {
        if !is_kept(refusal.code) {
            return Ok(());
        }
        let Some(request) = idempotency::current_without_effect() else { return Ok(()) };
        let services = self.clone();
        let write = self.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                if begin::<Value>(tx, &request, now).await?.is_none() {
                    let kept = serde_json::to_string(&Kept::<Value>::Refused(refusal))?;
                    idempotency_keys::keep(tx, request, kept, now).await?;
                }
                Ok(())
            })
        });
        write.await
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
    if !idempotency_keys::try_lock(tx, request).await? {
        return Err(Code::InProgress.into());
    }
    idempotency_keys::forget(tx, now.plus_seconds(-KEPT_SECONDS)).await?;
    let Some(kept) = idempotency_keys::find(tx, request).await? else { return Ok(None) };
    if kept.body_hash != request.body_hash {
        return Err(Code::IdempotencyMismatch.into());
    }
    Ok(Some(serde_json::from_str(&kept.outcome)?))
}
