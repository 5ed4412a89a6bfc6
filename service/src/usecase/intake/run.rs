//! Writes a large upload of samples in many short transactions, so that no annotator waits for it, and goes on where it was
//! after a crash: the file lies in the data folder, and the import's row says how far it is.
//!
//! Its label rows enter the store as they are written, under a version number that is reserved, and count from the last
//! transaction on, which writes the version. Whoever works on an import holds a lock on its file.

use super::{
    Intake, batches,
    batches::{Batch, Source},
    samples::{Checked, Progress, SampleOptions, new_version, survey_of},
    survey::LeftOut,
    upload,
    write::Writing,
};
use crate::{
    actor::Actor,
    db::once::{self, Begun},
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
    view::intake::{ImportState, SampleImport},
};
use sea_orm::DbBackend;
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};
use tokio::sync::oneshot;

/// How many lines are written at once while others write too.
const FEWEST: usize = 100;
/// How long to wait after a failure that may pass, at first and at most.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(60)];
/// After so many seconds without a sign of life another server's import is lost, if its file is.
const LOST_AFTER_SECONDS: i64 = 3600;

/// How an import is written, and how far it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Work {
    actor: Actor,
    format: Format,
    options: SampleOptions,
    /// The schema that the lines were held to; it does not change meanwhile.
    schema_revision: i32,
    /// The request that shall be answered once.
    request: Option<Request>,
    progress: Progress,
}

/// An import that is being written by this process.
struct Running {
    services: Services,
    import: ImportId,
    project: ProjectId,
    spooled: Spooled,
}

/// Begins to write an upload, and waits for its end. Once it is recorded it goes on when nobody waits any more: at once, or
/// where nobody heard that it was recorded, as after a crash.
pub(super) async fn begin(
    services: &Services,
    actor: Actor,
    slug: Slug,
    mut checked: Checked,
) -> Result<SampleImport> {
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
                let import = upload::record(tx, &actor, &project, "samples", &digest, now).await?;
                let version = if checked.survey.says_labels {
                    Some(versions::next_number(tx, project.id).await?)
                } else {
                    None
                };
                let progress = Progress::new(import, checked.survey);
                let outcome = serde_json::to_string(&progress.outcome)?;
                let (format, options) = (checked.format, checked.options);
                let schema_revision = project.schema_revision;
                let work = Work { actor, format, options, schema_revision, request, progress };
                let work = serde_json::to_string(&work)?;
                let begun = BegunImport { work, outcome, spool: checked.spooled.name(), version };
                if !imports::begin(tx, project.id, import, begun, now).await? {
                    return Err(Error::Unavailable(
                        "another import of this project is being written".to_owned(),
                    ));
                }
                checked.spooled.keep();
                Ok(Running { services, import, project: project.id, spooled: checked.spooled })
            })
        }
    });
    let begun = match begun.await {
        Ok(begun) => begun,
        Err(error) => {
            if let Err(error) = services.delete_needless_spool(&spool).await {
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

impl Intake<'_> {
    /// Goes on with imports that a process left unfinished, where it can be told that nobody works on them.
    pub async fn resume(&self) -> Result<()> {
        for row in imports::unfinished(self.0.db.read(), None).await? {
            let Some(name) = row.spool.as_deref() else { continue };
            match Spooled::take_over(&self.0.spool_folder().join(name), &row.digest)? {
                Some(mut spooled) => {
                    if spooled.hold()? {
                        spooled.keep();
                        let (import, project) = (ImportId(row.id), ProjectId(row.project_id));
                        tracing::info!(%import, "an import goes on");
                        // It tells the log how it ends; nobody else asked.
                        drop(Running { services: self.0.clone(), import, project, spooled }.start(None));
                    }
                }
                None => self.cut_short(row).await?,
            }
        }
        Ok(())
    }

    /// Ends an import whose file is gone: what was written stands, and its labels are a version.
    async fn cut_short(&self, row: import::Model) -> Result<()> {
        let now = self.0.now(self.0.db.read()).await?;
        let idle = row.touched_at.map_or(i64::MAX, |at| (now.0 - at) / 1_000_000);
        // Another server may have the file.
        if self.0.db.backend() == DbBackend::Postgres && idle < LOST_AFTER_SECONDS {
            return Ok(());
        }
        tracing::error!(import = row.id, "the file of an import is gone before it was written whole");
        let (import, project) = (ImportId(row.id), ProjectId(row.project_id));
        end(&self.0.clone(), import, project, ImportState::CutShort).await.map(|_| ())
    }
}

impl Running {
    /// Writes it, beside what requests do. What is returned tells how it ended, or the first failure.
    fn start(self, left_out: Option<Arc<LeftOut>>) -> oneshot::Receiver<Result<SampleImport>> {
        let (sender, receiver) = oneshot::channel();
        let background = self.services.background.clone();
        background.spawn(self.run(left_out, sender));
        receiver
    }

    async fn run(
        mut self,
        mut left_out: Option<Arc<LeftOut>>,
        waiting: oneshot::Sender<Result<SampleImport>>,
    ) {
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
    async fn write(&self, left_out: &mut Option<Arc<LeftOut>>) -> Result<SampleImport> {
        let (row, mut work) = load(&self.services, self.project, self.import).await?;
        let Some(work) = work.as_mut() else { return Ok(serde_json::from_str(&row.outcome)?) };
        let project = projects::by_id(self.services.db.read(), self.project).await?;
        if project.schema_revision != work.schema_revision {
            return Err(Error::internal("the schema changed under an import"));
        }
        let (format, dialect, schema) = (work.format, work.options.dialect, project.schema);
        let left_out = match left_out {
            Some(left_out) => Arc::clone(left_out),
            none => {
                let survey = survey_of(&self.spooled, format, dialect, schema.clone(), 0).await?;
                Arc::clone(none.insert(survey.left_out))
            }
        };
        let (file, after) = (self.spooled.path().to_owned(), work.progress.line);
        let mut reading = batches::read(Source { file, format, dialect, schema, left_out, after });
        let mut most = FEWEST;
        while let Some(batch) = reading.recv().await {
            let mut batch = batch?;
            while !batch.is_empty() {
                if self.services.stopping.is_cancelled() {
                    return Err(Error::Unavailable(
                        "the server stops; the import goes on with the next".to_owned(),
                    ));
                }
                self.chunk(work, row.reserved_version, batch.take(most)).await?;
                most = if self.services.db.is_written() { FEWEST } else { batches::MOST_LINES.min(2 * most) };
            }
        }
        end(&self.services, self.import, self.project, ImportState::Done).await
    }

    /// Writes some lines, and how far it is then, in one transaction.
    async fn chunk(&self, work: &mut Work, version: Option<i64>, batch: Batch) -> Result<()> {
        let (services, import, id) = (self.services.clone(), self.import, self.project);
        let mut next = work.clone();
        let write = self.services.db.write(move |tx| {
            Box::pin(async move {
                projects::lock(tx, id).await?;
                let project = projects::by_id(tx, id).await?;
                let now = services.now(tx).await?;
                let (actor, labels) = (next.actor.clone(), next.options.labels);
                let writing = Writing { tx, actor: &actor, project: &project, labels, version, now };
                next.progress.write(&writing, batch).await?;
                let outcome = serde_json::to_string(&next.progress.outcome)?;
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

/// The row of an import and, while it is being written, how far it is.
async fn load(
    services: &Services,
    project: ProjectId,
    import: ImportId,
) -> Result<(import::Model, Option<Work>)> {
    let row = imports::find(services.db.read(), project, import).await?;
    let row = row.ok_or_else(|| Error::internal("an import has no row"))?;
    let work = row.work.as_deref().map(serde_json::from_str).transpose()?;
    Ok((row, work))
}

/// Ends an import: its labels become a version, and its request is answered.
async fn end(
    services: &Services,
    import: ImportId,
    project: ProjectId,
    state: ImportState,
) -> Result<SampleImport> {
    let (row, work) = load(services, project, import).await?;
    let Some(work) = work else { return Ok(serde_json::from_str(&row.outcome)?) };
    let project = projects::by_id(services.db.read(), project).await?;
    let now = services.now(services.db.read()).await?;
    let number = row.reserved_version.filter(|_| work.progress.effects.count_all() > 0);
    // Read before the transaction, which would keep everybody waiting: what has entered does not change any more.
    let digest = match number {
        Some(number) => {
            let new = new_version(&project, import, work.actor.user());
            Some((number, entering::digest(services.db.read(), &new, number, now).await?))
        }
        None => None,
    };
    let write = services.db.write(move |tx| {
        Box::pin(async move {
            let Work { actor, options, request, mut progress, .. } = work;
            projects::lock(tx, project.id).await?;
            progress.outcome.version = number;
            let outcome = serde_json::to_string(&progress.outcome)?;
            if !imports::end(tx, import, state, outcome).await? {
                return Err(Error::internal("an import was ended by somebody else"));
            }
            if let Some((number, digest)) = digest {
                let new = new_version(&project, import, actor.user());
                entering::seal(tx, new, number, (progress.effects, digest), now).await?;
            }
            progress.audit(tx, &actor, &project, options.labels, now).await?;
            match state {
                ImportState::CutShort => once::give_up(tx, request.as_ref()).await?,
                ImportState::Writing | ImportState::Done => {
                    once::finish(tx, request.as_ref(), &progress.outcome).await?;
                }
            }
            Ok(progress.outcome)
        })
    });
    write.await
}
