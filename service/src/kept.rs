//! What takes long to compute from a project's answers: one computes it for all who ask, this process keeps it, and it is
//! computed anew behind those who read it.
//!
//! Decides nothing: whoever must know how things stand at this moment reads the rows.

use crate::error::{Error, Result};
use domain::problem::Code;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::{oneshot, watch};
use tokio_util::task::TaskTracker;

/// Of so many annotations everything is computed while somebody waits, and nothing is kept.
pub(crate) const FEW: i64 = 5_000;
/// How long a result counts without a look though its basis is the same: an answer may have been taken back.
const OLD: Duration = Duration::from_secs(60);
/// How often at most it is computed anew.
const PAUSE: Duration = Duration::from_secs(5);
/// What took long is computed anew only after so many times as long, so that it takes a tenth of one core at most.
const REST: u32 = 10;
/// So many may be computed for the first time at once; whoever asks for one more shall come again.
const MOST_BEGUN: usize = 8;
/// After which time.
const RETRY_SECONDS: u32 = 10;
/// Beyond this many, what nobody asked for the longest is forgotten.
const MOST_KEPT: usize = 200;

/// The results of one sort by `K`. `B` is what a result depends on, as far as it can be told quickly.
#[derive(Debug)]
pub(crate) struct Kept<K, B, V>(Arc<Inner<K, B, V>>);

#[derive(Debug)]
struct Inner<K, B, V> {
    entries: Mutex<HashMap<K, Entry<B, V>>>,
    /// Held by whoever computes: others can wait, requests cannot.
    computing: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Entry<B, V> {
    found: Option<Found<B, V>>,
    /// Closed when whoever is at work is done, with what came of it.
    work: Option<Work<V>>,
    /// Before this nobody is sent again.
    rests_until: Instant,
    asked: Instant,
}

type Work<V> = watch::Receiver<Option<Arc<V>>>;

#[derive(Debug)]
struct Found<B, V> {
    value: Arc<V>,
    basis: B,
    at: Instant,
}

/// What is known without waiting.
#[derive(Debug)]
enum Told<V> {
    Value(Arc<V>),
    /// Nothing yet; the work began just now, and this will come of it.
    Begun(oneshot::Receiver<Result<Arc<V>>>),
    /// Nothing yet; somebody is at work until this is closed.
    Awaited(Work<V>),
    /// Nothing, and too many wait for something else.
    Busy,
}

impl<K, B, V> Clone for Kept<K, B, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, B, V> Default for Kept<K, B, V> {
    fn default() -> Self {
        Self(Arc::new(Inner { entries: Mutex::default(), computing: tokio::sync::Mutex::default() }))
    }
}

impl<K, B, V> Kept<K, B, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    B: Clone + PartialEq + Send + 'static,
    V: Send + Sync + 'static,
{
    /// What is kept of this very basis.
    pub(crate) fn of(&self, key: &K, basis: &B) -> Option<Arc<V>> {
        let mut entries = self.0.entries();
        let entry = entries.get_mut(key)?;
        entry.asked = Instant::now();
        entry.found.as_ref().filter(|found| found.is_of(basis)).map(|found| found.value.clone())
    }

    /// Keeps what was computed.
    pub(crate) fn keep(&self, key: K, basis: B, value: Arc<V>) {
        self.0.keep(key, basis, value);
    }

    /// What is kept, be it of an older basis; `compute` begins on `background` where it is time to, and nobody waits.
    pub(crate) fn told<F>(&self, background: &TaskTracker, key: K, basis: B, compute: F) -> Option<Arc<V>>
    where
        F: Future<Output = Result<V>> + Send + 'static,
    {
        match self.look(background, key, basis, compute) {
            Told::Value(value) => Some(value),
            Told::Begun(_) | Told::Awaited(_) | Told::Busy => None,
        }
    }

    /// The same, but where nothing is kept it waits until something is. The work goes on when the caller is gone.
    pub(crate) async fn awaited<F>(
        &self,
        background: &TaskTracker,
        key: K,
        basis: B,
        compute: F,
    ) -> Result<Arc<V>>
    where
        F: Future<Output = Result<V>> + Send + 'static,
    {
        match self.look(background, key.clone(), basis, compute) {
            Told::Value(value) => Ok(value),
            Told::Begun(own) => own.await.map_err(Error::internal)?,
            Told::Awaited(mut work) => {
                while work.changed().await.is_ok() {}
                let value = work.borrow().clone();
                value.ok_or_else(|| Error::internal("it could not be computed"))
            }
            Told::Busy => Err(Error::wait(Code::Unavailable, RETRY_SECONDS)),
        }
    }

    /// What is kept, or how to wait for it; begins the work where it is time to.
    fn look<F>(&self, background: &TaskTracker, key: K, basis: B, compute: F) -> Told<V>
    where
        F: Future<Output = Result<V>> + Send + 'static,
    {
        let now = Instant::now();
        let mut entries = self.0.entries();
        let begun = |entry: &&Entry<B, V>| entry.found.is_none() && entry.is_at_work();
        let is_busy = entries.values().filter(begun).count() >= MOST_BEGUN;
        forget(&mut entries, &key);
        let entry = entries.entry(key.clone()).or_insert(Entry {
            found: None,
            work: None,
            rests_until: now,
            asked: now,
        });
        entry.asked = now;
        let value = entry.found.as_ref().map(|found| found.value.clone());
        let work = entry.work.clone().filter(|_| entry.is_at_work());
        let is_good =
            entry.found.as_ref().is_some_and(|found| found.is_of(&basis) || now < entry.rests_until);
        match (value, work) {
            (Some(value), work) if is_good || work.is_some() => Told::Value(value),
            (None, Some(work)) => Told::Awaited(work),
            (None, None) if is_busy => Told::Busy,
            (value, _) => {
                let (done, work) = watch::channel(None);
                let (result, own) = oneshot::channel();
                entry.work = Some(work);
                drop(entries);
                let inner = self.0.clone();
                background.spawn(async move {
                    let outcome = inner.compute(key, basis, compute).await;
                    if let Err(error) = &outcome {
                        tracing::warn!(%error, "what a project's answers say was not computed");
                    }
                    // Nobody may wait for it any more.
                    let _ = done.send(outcome.as_ref().ok().cloned());
                    let _ = result.send(outcome);
                });
                value.map_or(Told::Begun(own), Told::Value)
            }
        }
    }
}

impl<K: Clone + Eq + Hash, B, V> Inner<K, B, V> {
    fn entries(&self) -> MutexGuard<'_, HashMap<K, Entry<B, V>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn compute(&self, key: K, basis: B, compute: impl Future<Output = Result<V>>) -> Result<Arc<V>> {
        let _turn = self.computing.lock().await;
        let began = Instant::now();
        let outcome = compute.await.map(Arc::new);
        let took = began.elapsed();
        if let Ok(value) = &outcome {
            self.keep(key.clone(), basis, value.clone());
        }
        if let Some(entry) = self.entries().get_mut(&key) {
            entry.rests_until = Instant::now() + PAUSE.max(took * REST);
        }
        outcome
    }

    fn keep(&self, key: K, basis: B, value: Arc<V>) {
        let now = Instant::now();
        let mut entries = self.entries();
        forget(&mut entries, &key);
        let entry =
            entries.entry(key).or_insert(Entry { found: None, work: None, rests_until: now, asked: now });
        entry.found = Some(Found { value, basis, at: now });
    }
}

impl<B, V> Entry<B, V> {
    fn is_at_work(&self) -> bool {
        self.work.as_ref().is_some_and(|work| work.has_changed().is_ok())
    }
}

impl<B: PartialEq, V> Found<B, V> {
    fn is_of(&self, basis: &B) -> bool {
        self.basis == *basis && self.at.elapsed() < OLD
    }
}

/// Makes room for `key`.
fn forget<K: Clone + Eq + Hash, B, V>(entries: &mut HashMap<K, Entry<B, V>>, key: &K) {
    if entries.len() < MOST_KEPT || entries.contains_key(key) {
        return;
    }
    let oldest = entries.iter().min_by_key(|(_, entry)| entry.asked).map(|(key, _)| key.clone());
    if let Some(oldest) = oldest {
        entries.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;
    use crate::error::{Error, Result};
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    use tokio::sync::Semaphore;
    use tokio_util::task::TaskTracker;

    #[tokio::test]
    async fn one_computes_for_all_who_wait() -> Result<()> {
        let (kept, background) = (Kept::<u8, u8, usize>::default(), TaskTracker::new());
        let (computed, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
        let compute = || {
            let (computed, gate) = (computed.clone(), gate.clone());
            async move {
                let _permit = gate.acquire().await.map_err(Error::internal)?;
                Ok(computed.fetch_add(1, Ordering::SeqCst) + 1)
            }
        };
        assert!(kept.told(&background, 1, 1, compute()).is_none());
        let waiting = kept.awaited(&background, 1, 1, compute());
        let also = kept.awaited(&background, 1, 1, compute());
        gate.add_permits(1);
        let (first, second) = tokio::join!(waiting, also);
        assert_eq!((*first?, *second?), (1, 1));
        // What is kept is told at once, also while it is older than the answers.
        assert_eq!(kept.told(&background, 1, 2, compute()).as_deref(), Some(&1));
        assert_eq!((kept.of(&1, &1).as_deref(), kept.of(&1, &2)), (Some(&1), None));
        Ok(())
    }

    #[tokio::test]
    async fn what_failed_is_tried_again_by_the_next_who_asks() -> Result<()> {
        let (kept, background) = (Kept::<u8, u8, usize>::default(), TaskTracker::new());
        let failed = kept.awaited(&background, 1, 1, async { Err(Error::internal("not today")) }).await;
        assert!(failed.is_err());
        assert_eq!(*kept.awaited(&background, 1, 1, async { Ok(7) }).await?, 7);
        Ok(())
    }

    #[tokio::test]
    async fn what_nobody_asked_for_is_forgotten() {
        let kept = Kept::<usize, u8, usize>::default();
        for key in 0..super::MOST_KEPT {
            kept.keep(key, 1, Arc::new(key));
        }
        assert!(kept.of(&0, &1).is_some());
        kept.keep(super::MOST_KEPT, 1, Arc::new(0));
        assert!(kept.of(&0, &1).is_some() && kept.of(&1, &1).is_none());
    }
}
