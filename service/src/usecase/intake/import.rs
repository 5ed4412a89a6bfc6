//! An upload of any kind: checked whole, then written. A small one is one transaction; a large one is written in many, by
//! `run`.

use super::{
    Intake,
    batches::{self, Batch, Reading, Reject},
    kind::{Kind, Writing},
    run,
    survey::{Survey, survey},
    tally::OnError,
    upload,
};
use crate::{
    actor::Actor,
    error::{Error, Result},
    format::Format,
    repo::{
        entering,
        imports::{self, Rejected},
        projects::Project,
        versions::{self, NewVersion},
    },
    services::Services,
    spool::Spooled,
};
use domain::{
    id::{ImportId, UserId},
    name::Slug,
    provenance::VersionSource,
    schema::Schema,
};
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};
use std::{path::Path, sync::Arc};

/// A larger upload is written in many transactions, so that nobody waits long for the one that writes.
const MOST_BYTES_AT_ONCE: u64 = 4 * 1024 * 1024;

/// An upload whose lines were checked.
pub(super) struct Checked<K: Kind> {
    pub project: Project,
    pub spooled: Spooled,
    pub format: Format,
    pub kind: K,
    pub survey: Survey<K::Line>,
}

impl Intake<'_> {
    /// Checks an upload and writes it. Goes on when the future is dropped, and a large upload also after a crash.
    pub(super) async fn import<K: Kind>(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        on_error: OnError,
        kind: K,
    ) -> Result<K::Outcome> {
        let conn = self.0.db.read();
        let project = upload::project(conn, actor, slug).await?;
        let survey =
            survey::<K>(conn, &project, reading(&kind, spooled.path(), format, &project.schema), 0).await;
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let checked = match survey {
            Ok(survey) => {
                let small = spooled.bytes() <= MOST_BYTES_AT_ONCE
                    && survey.tally.received <= i64::try_from(K::MOST_AT_ONCE).unwrap_or(i64::MAX);
                let refused = survey.tally.clone().check(on_error).is_err();
                let checked = Checked { project, spooled, format, kind, survey };
                if !small && !refused {
                    return run::begin(&services, actor, slug, checked).await;
                }
                let batches = if refused { Vec::new() } else { checked.batches().await? };
                Ok((checked, batches))
            }
            Err(error) => Err(error),
        };
        let import = self.0.once(move |tx| {
            Box::pin(async move {
                let project = upload::held_project(tx, &actor, &slug).await?;
                let (checked, batches) = checked?;
                keep(tx, &services, &actor, &project, checked, on_error, batches).await
            })
        });
        let outcome = import.await?;
        self.0.outbox.notify_one();
        Ok(outcome)
    }
}

/// How the lines of an upload are read.
pub(super) fn reading<K: Kind>(kind: &K, file: &Path, format: Format, schema: &Schema) -> Reading<K> {
    Reading {
        file: file.to_owned(),
        format,
        columns: kind.columns(schema),
        schema: schema.clone(),
        kind: kind.clone(),
    }
}

impl<K: Kind> Checked<K> {
    /// All lines, for an upload that is small.
    async fn batches(&self) -> Result<Vec<Batch<K::Line>>> {
        let reading = reading(&self.kind, self.spooled.path(), self.format, &self.project.schema);
        let mut reading = batches::read(reading, Arc::clone(&self.survey.left_out), 0);
        let mut batches = Vec::new();
        while let Some(batch) = reading.recv().await {
            batches.push(batch?);
        }
        Ok(batches)
    }

    /// Makes sure that the lines were held to the schema that is current now.
    pub(super) fn is_of(&self, project: &Project) -> Result<()> {
        if self.project.schema_revision == project.schema_revision {
            return Ok(());
        }
        Err(Error::Unavailable("the schema changed while the upload was read".to_owned()))
    }
}

async fn keep<K: Kind>(
    tx: &DatabaseTransaction,
    services: &Services,
    actor: &Actor,
    project: &Project,
    checked: Checked<K>,
    on_error: OnError,
    batches: Vec<Batch<K::Line>>,
) -> Result<K::Outcome> {
    checked.is_of(project)?;
    checked.survey.tally.clone().check(on_error)?;
    let now = services.now(tx).await?;
    let import = upload::record(tx, actor, project, K::NAME, checked.spooled.sha256(), now).await?;
    let version = if K::needs_version(&checked.survey) {
        Some(versions::next_number(tx, project.id).await?)
    } else {
        None
    };
    let writing = Writing { tx, actor, project, import, version, now };
    let mut progress = Progress::new(checked.kind, import, checked.survey);
    for batch in batches {
        progress.write(writing, batch).await?;
    }
    let sealed = match version.filter(|_| progress.kind.has_version()) {
        Some(number) => {
            let new = new_version(project, import, actor.user());
            Some((number, entering::digest(tx, &new, number, now).await?))
        }
        None => None,
    };
    progress.end(writing, sealed).await?;
    imports::set_outcome(tx, import, progress.recorded()?).await?;
    Ok(progress.kind.outcome())
}

/// The version that an import's labels are.
pub(super) fn new_version(project: &Project, import: ImportId, author: Option<UserId>) -> NewVersion<'_> {
    NewVersion { project, source: VersionSource::Import, author, message: format!("Import {import}") }
}

/// How far an import is, and what it did so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Progress<K: Kind> {
    pub kind: K,
    /// The last line that was written or left out.
    pub line: i64,
    /// Lines that were left out up to there.
    rejected: i64,
}

impl<K: Kind> Progress<K> {
    /// Nothing is written.
    pub(super) fn new(mut kind: K, import: ImportId, survey: Survey<K::Line>) -> Self {
        kind.begin(import, survey);
        Self { kind, line: 0, rejected: 0 }
    }

    /// Writes some lines and counts what they did.
    pub(super) async fn write(&mut self, writing: Writing<'_>, batch: Batch<K::Line>) -> Result<()> {
        self.kind.write(writing, &batch.lines).await?;
        self.line = batch.last_line();
        self.rejected += i64::try_from(batch.rejects.len()).map_err(Error::internal)?;
        let rejected = batch.rejects.into_iter().map(rejected).collect::<Result<Vec<_>>>()?;
        imports::reject(writing.tx, writing.import, rejected).await
    }

    /// Everything is written: makes the version, and writes the import down in the audit log.
    pub(super) async fn end(&mut self, writing: Writing<'_>, sealed: Option<(i64, String)>) -> Result<()> {
        // An import that went on with another server may have left out other lines than was expected: what is about a sample
        // that has come since is written.
        self.kind.rejected(self.rejected);
        self.kind.end(writing, sealed).await?;
        upload::audit(writing, K::NAME, self.kind.audited()).await
    }

    /// What it did, for its record.
    pub(super) fn recorded(&self) -> Result<String> {
        Ok(serde_json::to_string(&self.kind.recorded()?)?)
    }
}

fn rejected(reject: Reject) -> Result<Rejected> {
    let faults = serde_json::to_string(&reject.faults)?;
    Ok(Rejected { line: reject.line, record: reject.record, faults })
}
