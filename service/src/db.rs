//! The database: how reads and writes reach it.
//!
//! Reads take a connection from a pool. Writes are closures that get a transaction: on PostgreSQL each its
//! own; on SQLite one writer task gathers the waiting ones into one IMMEDIATE transaction, each in its
//! savepoint, and answers after the commit, so that one fsync carries many requests. A write that is
//! refused rolls back its own savepoint and nobody else's.

pub(crate) mod backup;
mod copy;
mod failure;
mod in_use;
mod migrating;
mod newer;
pub(crate) mod once;
mod pulse;
mod room;
pub(crate) mod sizes;
mod time;
mod waiting;
mod writing;

use crate::error::{Error, Result};
pub use copy::Existing;
use futures::{FutureExt, future::BoxFuture};
use in_use::InUse;
use migrations::{Migrator, MigratorTrait};
use pulse::Pulse;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::{
    panic::AssertUnwindSafe,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};
use writing::Writing;

/// How many writes one commit carries at most.
const MOST_IN_BATCH: usize = 256;
/// How long SQLite waits for another process's write.
const BUSY_MILLISECONDS: u64 = 10_000;
/// How much of the file the writer's connection keeps in memory, in SQLite's way of saying KiB: a large import touches all
/// indexes at once.
const WRITER_CACHE: &str = "-64000";
/// The same for each connection that reads.
const READER_CACHE: &str = "-4000";
/// How long a request waits for a connection: PostgreSQL may be away, and a caller who is told so tries again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// The database of one server or command.
#[derive(Debug)]
pub(crate) struct Db {
    reader: DatabaseConnection,
    writer: Writer,
    /// How many writes there were, those that run or wait among them.
    writes: AtomicU64,
    /// Keeps others from putting another file in the place of this one.
    _in_use: Option<InUse>,
}

#[derive(Debug)]
enum Writer {
    /// Writes are sent to the one writer task.
    Gathered(mpsc::Sender<Box<dyn Job>>),
    /// Each write has a transaction of its own, on a connection of this pool.
    Own(DatabaseConnection, Pulse),
}

impl Db {
    /// Opens the SQLite file, making it where there is none, and brings its schema up to date.
    pub(crate) async fn open_sqlite(file: &Path) -> Result<Self> {
        let url = format!("sqlite://{}?mode=rwc", file.display());
        let options = |connections, cache: &'static str| {
            let mut options = ConnectOptions::new(url.clone());
            options.max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT).sqlx_logging(false);
            options.map_sqlx_sqlite_opts(move |sqlite| {
                sqlite
                    .busy_timeout(Duration::from_millis(BUSY_MILLISECONDS))
                    .foreign_keys(true)
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    .pragma("cache_size", cache)
                    .pragma("temp_store", "MEMORY")
                    // What is erased shall not stay on the pages that it leaves.
                    .pragma("secure_delete", "ON")
            });
            options
        };
        let in_use = InUse::share(file)?;
        let mut writing = Writing::open(options(1, WRITER_CACHE)).await?;
        migrating::up(&mut writing, file).await?;
        let reader = Database::connect(options(8, READER_CACHE)).await?;
        let (sender, jobs) = mpsc::channel(4096);
        waiting::spawn("writer", write_batches(writing, jobs)).map_err(Error::internal)?;
        let writer = Writer::Gathered(sender);
        Ok(Self { reader, writer, writes: AtomicU64::new(0), _in_use: Some(in_use) })
    }

    /// Opens a PostgreSQL database and brings its schema up to date; several servers may do so at once.
    pub(crate) async fn open_postgres(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url.to_owned());
        options.max_connections(20).acquire_timeout(ACQUIRE_TIMEOUT).sqlx_logging(false);
        let pool = Database::connect(options).await?;
        let locked = pool.begin().await?;
        // The number is ours by custom: "relabel" on a telephone's keys.
        locked.execute_unprepared("SELECT pg_advisory_xact_lock(7352235)").await?;
        newer::refuse(&locked).await?;
        Migrator::up(&locked, None).await?;
        locked.commit().await?;
        Ok(Self {
            reader: pool.clone(),
            writer: Writer::Own(pool, Pulse::of(url)),
            writes: AtomicU64::new(0),
            _in_use: None,
        })
    }

    /// Which database it is.
    pub(crate) fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }

    /// How many writes this process has begun.
    pub(crate) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    /// Whether the database answers; the answer comes soon. SQLite is a part of this program.
    pub(crate) async fn answers(&self) -> bool {
        match &self.writer {
            Writer::Own(_, pulse) => pulse.beats().await,
            Writer::Gathered(_) => true,
        }
    }

    /// A connection for one read.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// A transaction for several reads that must agree with each other.
    pub(crate) async fn snapshot(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            isolation_level: (self.backend() == DbBackend::Postgres)
                .then_some(sea_orm::IsolationLevel::RepeatableRead),
            ..TransactionOptions::default()
        };
        Ok(self.reader.begin_with_options(options).await?)
    }

    /// Runs `work` in a transaction and returns after the durable commit. When `work` returns an error,
    /// nothing of it stays.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        self.writes.fetch_add(1, Ordering::Relaxed);
        match &self.writer {
            Writer::Own(pool, _) => {
                let tx = pool.begin().await?;
                match work(&tx).await {
                    Ok(value) => tx.commit().await.map(|()| value).map_err(Error::from),
                    Err(error) => {
                        tx.rollback().await?;
                        Err(error)
                    }
                }
            }
            Writer::Gathered(jobs) => {
                let (reply, answer) = oneshot::channel();
                let job = TypedJob { work: Some(work), result: None, reply };
                let stopped = || Error::Unavailable("the writer has stopped".to_owned());
                jobs.send(Box::new(job)).await.map_err(|_| stopped())?;
                answer.await.map_err(|_| stopped())?
            }
        }
    }
}

/// One write that waits for the writer task.
trait Job: Send {
    /// Does the work in `tx`; whether its effects shall stay.
    fn run<'a>(&'a mut self, tx: &'a DatabaseTransaction) -> BoxFuture<'a, bool>;
    /// Answers whoever waits. `failure`: why the whole batch was not committed.
    fn finish(self: Box<Self>, failure: Option<&Error>);
}

struct TypedJob<F, T> {
    work: Option<F>,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<F, T> Job for TypedJob<F, T>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<T>> + Send + 'static,
{
    fn run<'a>(&'a mut self, tx: &'a DatabaseTransaction) -> BoxFuture<'a, bool> {
        async move {
            let Some(work) = self.work.take() else { return false };
            let result = AssertUnwindSafe(work(tx))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(Error::internal("a write panicked")));
            let stays = result.is_ok();
            self.result = Some(result);
            stays
        }
        .boxed()
    }

    fn finish(self: Box<Self>, failure: Option<&Error>) {
        let result = match (self.result, failure) {
            (Some(Err(error)), _) => Err(error),
            (_, Some(failure)) => Err(failure.of_batch()),
            (Some(ok), None) => ok,
            (None, None) => Err(Error::internal("a write was not run")),
        };
        // Whoever asked may have gone away; the work is done all the same.
        let _ = self.reply.send(result);
    }
}

async fn write_batches(mut writing: Writing, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = jobs.recv().await {
        let mut batch = vec![first];
        while batch.len() < MOST_IN_BATCH
            && let Ok(next) = jobs.try_recv()
        {
            batch.push(next);
        }
        let failure = write_batch(&mut writing, &mut batch).await.err();
        if let Some(failure) = &failure {
            writing.discard();
            tracing::error!(%failure, writes = batch.len(), "a batch of writes was not committed");
        }
        for job in batch {
            job.finish(failure.as_ref());
        }
    }
}

/// A transaction that is the only one to write from its beginning.
fn immediate() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}

async fn write_batch(writing: &mut Writing, batch: &mut [Box<dyn Job>]) -> Result<()> {
    let tx = writing.connection().await?.begin_with_options(immediate()).await?;
    // One alone needs no savepoint, for which SQLite would keep a copy of every page that it changes.
    if let [job] = batch {
        let ended = if job.run(&tx).await { tx.commit().await } else { tx.rollback().await };
        return Ok(ended?);
    }
    let mut savepoint = "SAVEPOINT job";
    for job in batch {
        tx.execute_unprepared(savepoint).await?;
        // The end of one is the beginning of the next, in one go to SQLite's thread.
        savepoint = if job.run(&tx).await { "RELEASE job; SAVEPOINT job" } else { "ROLLBACK TO job" };
    }
    // What is undone must not be committed; the rest is with the transaction.
    if savepoint == "ROLLBACK TO job" {
        tx.execute_unprepared(savepoint).await?;
    }
    Ok(tx.commit().await?)
}
