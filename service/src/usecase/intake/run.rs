//! Writes a large upload in many short transactions, so that no annotator waits for it, and goes on where it was
//! after a crash: the file lies in the data folder, and the import's row says how far it is.
//!
//! Its label rows enter the store as they are written, under a version number that is reserved, and count from the last
//! transaction on, which writes the version. Whoever works on an import holds a lock on its file.

use super::{
    batches::{self, Batch},
    import::{Checked, Progress, new_version, reading},
    kind::{Kind, Writing},
    survey::{LeftOut, survey},
    upload,
};
use crate::{
    actor::Actor,
    db::{
        once::{self, Begun},
        sizes::Growth,
    },
    entity::import,
    error::{Error, Result},
    format::Format,
    idempotency::{self, Request},
    repo::{
        entering,
        imports::{self, Begun as BegunImport},
        projects, versions,
    },
    services::Services,
    spool::Spooled,
};
use domain::{
    id::{ImportId, ProjectId},
    name::Slug,
    view::intake::ImportState,
};
use sea_orm::DbBackend;
use serde::{Deserialize, Serialize};
use std::{
    marker::PhantomData,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// How many lines are written at once while others write too, who wait for each of these writes.
const FEWEST: usize = 100;
/// Others are gone when they have written nothing for so long.
const QUIET: Duration = Duration::from_secs(1);
/// How long to wait after a failure that may pass, at first and at most.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(60)];

/// How an import is written, and how far it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
struct Work<K: Kind> {
    actor: Actor,
    format: Format,
    /// The schema that the lines were held to; it does not change meanwhile.
    schema_revision: i32,
    /// The request that shall be answered once.
    request: Option<Request>,
    progress: Progress<K>,
}

/// An import that is being written by this process.
pub(super) struct Running<K> {
    services: Services,
    import: ImportId,
    project: ProjectId,
    spooled: Spooled,
    kind: PhantomData<K>,
}

/// Begins to write an upload, and waits for its end. Once it is recorded it goes on when nobody waits any more: at once, or
/// where nobody heard that it was recorded, as after a crash.
pub(super) async fn begin<K: Kind>(
    services: &Services,
    actor: Actor,
    slug: Slug,
    mut checked: Checked<K>,
) -> Result<K::Outcome> {
    // Gigabytes may wait for their disk.
    let held = move || {
        if checked.spooled.hold()? {
            Ok(checked)
        } else {
            Err(Error::internal("a new upload is held by somebody"))
        }
    };
    let mut checked = tokio::task::spawn_blocking(held).await.map_err(Error::internal)??;
    let left_out = Arc::clone(&checked.survey.left_out);
    let spool = checked.spooled.name();
    let request = idempotency::current();
    let begun = services.begin_once(request.clone(), {
        let services = services.clone();
        move |tx| {
            Box::pin(async move {
                let project = upload::held_project(tx, &actor, &slug).await?;
                checked.is_of(&project)?;
                let now = services.now(tx).await?;
                let digest = checked.spooled.sha256().to_owned();
                let import = upload::record(tx, &actor, &project, K::NAME, &digest, now).await?;
                let version = if K::needs_version(&checked.survey) {
                    Some(versions::next_number(tx, project.id).await?)
                } else {
                    None
                };
                let progress = Progress::new(checked.kind, import, checked.survey);
                let outcome = progress.recorded()?;
                let (format, schema_revision) = (checked.format, project.schema_revision);
                let work = Work { actor, format, schema_revision, request, progress };
                let work = serde_json::to_string(&work)?;
                let begun = BegunImport { work, outcome, spool: checked.spooled.name(), version };
                if !imports::begin(tx, project.id, import, begun, now).await? {
                    return Err(Error::Unavailable(
                        "another import of this project is being written".to_owned(),
                    ));
                }
                // The commit follows.
                checked.spooled.keep();
                Ok(Running::<K>::of(services, import, project.id, checked.spooled))
            })
        }
    });
    let begun = match begun.await {
        Ok(begun) => begun,
        Err(error) => {
            // On PostgreSQL a connection may break while it commits, and nobody knows whether it did.
            if services.db.backend() == DbBackend::Sqlite
                && let Err(error) = services.delete_needless_spool(&spool).await
            {
                tracing::warn!(%error, spool, "the file of a refused upload was not deleted");
            }
            return Err(error);
        }
    };
    match begun {
        Begun::Done(outcome) => Ok(outcome),
        Begun::Begun(running) => {
            let stopped = || Error::Unavailable("the server stops".to_owned());
            running.start(Some(left_out)).await.map_err(|_| stopped())?
        }
    }
}

impl<K: Kind> Running<K> {
    pub(super) fn of(services: Services, import: ImportId, project: ProjectId, spooled: Spooled) -> Self {
        Self { services, import, project, spooled, kind: PhantomData }
    }

    /// Writes it, beside what requests do. What is returned tells how it ended, or the first failure.
    pub(super) fn start(self, left_out: Option<Arc<LeftOut>>) -> oneshot::Receiver<Result<K::Outcome>> {
        let (sender, receiver) = oneshot::channel();
        let background = self.services.background.clone();
        background.spawn(self.run(left_out, sender));
        receiver
    }

    async fn run(mut self, mut left_out: Option<Arc<LeftOut>>, waiting: oneshot::Sender<Result<K::Outcome>>) {
        let mut waiting = Some(waiting);
        let mut pause = PAUSES[0];
        loop {
            let written = self.write(&mut left_out).await;
            let passes = matches!(written, Err(Error::Unavailable(_) | Error::Storage { .. }));
            match &written {
                Ok(_) => self.spooled.give_back(),
                Err(error) => tracing::error!(import = %self.import, %error, "an import was interrupted"),
            }
            // Whoever asked may have gone away.
            let _ = waiting.take().map(|waiting| waiting.send(written));
            if !passes {
                return;
            }
            tokio::select! {
                () = self.services.stopping.cancelled() => return,
                () = tokio::time::sleep(pause) => pause = (2 * pause).min(PAUSES[1]),
            }
        }
    }

    /// Writes what is left.
    async fn write(&self, left_out: &mut Option<Arc<LeftOut>>) -> Result<K::Outcome> {
        let (row, mut work) = load::<K>(&self.services, self.project, self.import).await?;
        let Some(work) = work.as_mut() else { return Ok(serde_json::from_str(&row.outcome)?) };
        let project = projects::by_id(self.services.db.read(), self.project).await?;
        if project.schema_revision != work.schema_revision {
            return Err(Error::internal("the schema changed under an import"));
        }
        let reading = reading(&work.progress.kind, self.spooled.path(), work.format, &project.schema);
        let left_out = match left_out {
            Some(left_out) => Arc::clone(left_out),
            none => {
                let survey = survey::<K>(self.services.db.read(), &project, reading.clone(), 0).await?;
                Arc::clone(none.insert(survey.left_out))
            }
        };
        let mut reading = batches::read(reading, left_out, work.progress.line);
        let mut pace = Pace::new(&self.services, K::MOST_AT_ONCE);
        let mut growth = Growth::new();
        while let Some(batch) = reading.recv().await {
            let mut batch = batch?;
            while !batch.is_empty() {
                if self.services.stopping.is_cancelled() {
                    return Err(Error::Unavailable(
                        "the server stops; the import goes on with the next".to_owned(),
                    ));
                }
                self.chunk(work, row.reserved_version, batch.take(pace.lines)).await?;
                growth.add(&self.services.db, pace.lines).await?;
                pace.adapt(&self.services);
            }
        }
        growth.end(&self.services.db).await?;
        end::<K>(&self.services, self.import, self.project, ImportState::Done).await
    }

    /// Writes some lines, and how far it is then, in one transaction.
    async fn chunk(&self, work: &mut Work<K>, version: Option<i64>, batch: Batch<K::Line>) -> Result<()> {
        let (services, import, id) = (self.services.clone(), self.import, self.project);
        let mut next = work.clone();
        let write = self.services.db.write(move |tx| {
            Box::pin(async move {
                projects::lock(tx, id).await?;
                let project = projects::by_id(tx, id).await?;
                let now = services.now(tx).await?;
                let actor = next.actor.clone();
                let writing = Writing { tx, actor: &actor, project: &project, import, version, now };
                next.progress.write(writing, batch).await?;
                let outcome = next.progress.recorded()?;
                if !imports::advance(tx, import, serde_json::to_string(&next)?, outcome, now).await? {
                    return Err(Error::internal("an import was ended by somebody else"));
                }
                Ok(next)
            })
        });
        *work = write.await?;
        Ok(())
    }
}

/// How many lines are written at once: few while others write, and ever more when nobody does.
struct Pace {
    lines: usize,
    /// So many at most.
    most: usize,
    /// How many writes there had been.
    writes: u64,
    /// When somebody else was last seen to have written.
    others: Option<Instant>,
}

impl Pace {
    fn new(services: &Services, most: usize) -> Self {
        Self { lines: FEWEST, most, writes: services.db.writes(), others: None }
    }

    /// After one write of one's own.
    fn adapt(&mut self, services: &Services) {
        let writes = services.db.writes();
        if writes > self.writes + 1 {
            self.others = Some(Instant::now());
        }
        self.writes = writes;
        let quiet = self.others.is_none_or(|others| others.elapsed() > QUIET);
        self.lines = if quiet { self.most.min(2 * self.lines) } else { FEWEST };
    }
}

/// The row of an import and, while it is being written, how far it is.
async fn load<K: Kind>(
    services: &Services,
    project: ProjectId,
    import: ImportId,
) -> Result<(import::Model, Option<Work<K>>)> {
    let row = imports::find(services.db.read(), project, import).await?;
    let row = row.ok_or_else(|| Error::internal("an import has no row"))?;
    let work = row.work.as_deref().map(serde_json::from_str).transpose()?;
    Ok((row, work))
}

/// Ends an import: its labels become a version, and its request is answered.
pub(super) async fn end<K: Kind>(
    services: &Services,
    import: ImportId,
    project: ProjectId,
    state: ImportState,
) -> Result<K::Outcome> {
    let (row, work) = load::<K>(services, project, import).await?;
    let Some(work) = work else { return Ok(serde_json::from_str(&row.outcome)?) };
    let project = projects::by_id(services.db.read(), project).await?;
    let now = services.now(services.db.read()).await?;
    let number = row.reserved_version.filter(|_| work.progress.kind.has_version());
    // Read before the transaction, which would keep everybody waiting: what has entered does not change any more.
    let sealed = match number {
        Some(number) => {
            let new = new_version(&project, import, work.actor.user());
            Some((number, entering::digest(services.db.read(), &new, number, now).await?))
        }
        None => None,
    };
    let write = services.db.write(move |tx| {
        Box::pin(async move {
            let Work { actor, request, mut progress, .. } = work;
            projects::lock(tx, project.id).await?;
            let writing =
                Writing { tx, actor: &actor, project: &project, import, version: row.reserved_version, now };
            progress.end(writing, sealed).await?;
            if !imports::end(tx, import, state, progress.recorded()?).await? {
                return Err(Error::internal("an import was ended by somebody else"));
            }
            match state {
                ImportState::CutShort => once::give_up(tx, request.as_ref()).await?,
                ImportState::Writing | ImportState::Done => {
                    once::finish(tx, request.as_ref(), &progress.kind.outcome()).await?;
                }
            }
            Ok(progress.kind.outcome())
        })
    });
    let outcome = write.await?;
    services.outbox.notify_one();
    Ok(outcome)
}
