//! Uploads of samples, with their labels and predictions: the use case. A small one is one transaction; a large one is
//! written in many, by `run`.

use super::{
    Intake, batches,
    batches::{Batch, Reject, Source},
    foreign::Dialect,
    labels::Labels,
    run,
    survey::{Reading, Survey, survey},
    tally::OnError,
    upload,
    write::{Writing, Written},
};
use crate::{
    actor::Actor,
    error::{Error, Result},
    format::Format,
    repo::{
        entering,
        imports::{self, Rejected},
        projects::Project,
        versions::{self, Effects, NewVersion},
    },
    services::Services,
    spool::Spooled,
};
use domain::{
    id::{ImportId, UserId},
    name::Slug,
    provenance::VersionSource,
    schema::Schema,
    time::Timestamp,
    view::intake::SampleImport,
};
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// A larger upload is written in many transactions, so that nobody waits long for the one that writes.
const MOST_BYTES_AT_ONCE: u64 = 4 * 1024 * 1024;

/// How an upload of samples is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleOptions {
    /// What a wrong line does.
    pub on_error: OnError,
    /// Whose label stays where review has decided otherwise.
    pub labels: Labels,
    /// Whose records they are.
    pub dialect: Dialect,
}

/// An upload whose lines were checked.
pub(super) struct Checked {
    pub project: Project,
    pub spooled: Spooled,
    pub format: Format,
    pub options: SampleOptions,
    pub survey: Survey,
}

impl Intake<'_> {
    /// Adds and updates samples by id, with their labels and predictions. All label changes become one version.
    ///
    /// Goes on when the future is dropped, and a large upload also after a crash.
    pub async fn samples(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        options: SampleOptions,
    ) -> Result<SampleImport> {
        let project = upload::project(self.0.db.read(), actor, slug).await?;
        let survey = survey_of(&spooled, format, options.dialect, project.schema.clone(), 0).await;
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let checked = match survey {
            Ok(survey) => {
                let small = spooled.bytes() <= MOST_BYTES_AT_ONCE
                    && survey.tally.received <= i64::try_from(batches::MOST_LINES).unwrap_or(i64::MAX);
                let refused = survey.tally.clone().check(options.on_error).is_err();
                let checked = Checked { project, spooled, format, options, survey };
                if !small && !refused {
                    return run::begin(&services, actor, slug, checked).await;
                }
                let batches = if refused { Vec::new() } else { checked.batches().await? };
                Ok((checked, batches))
            }
            Err(error) => Err(error),
        };
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let project = upload::held_project(tx, &actor, &slug).await?;
                    let (checked, batches) = checked?;
                    keep(tx, &services, &actor, &project, checked, batches).await
                })
            })
            .await
    }
}

/// Reads an upload once, off the threads that serve others. Changes nothing.
pub(super) async fn survey_of(
    spooled: &Spooled,
    format: Format,
    dialect: Dialect,
    schema: Schema,
    shown: usize,
) -> Result<Survey> {
    let file = spooled.path().to_owned();
    let work = move || survey(Reading { file: &file, format, dialect, schema: &schema }, shown);
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

impl Checked {
    /// All lines, for an upload that is small.
    async fn batches(&self) -> Result<Vec<Batch>> {
        let mut reading = batches::read(Source {
            file: self.spooled.path().to_owned(),
            format: self.format,
            dialect: self.options.dialect,
            schema: self.project.schema.clone(),
            left_out: Arc::clone(&self.survey.left_out),
            after: 0,
        });
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

async fn keep(
    tx: &DatabaseTransaction,
    services: &Services,
    actor: &Actor,
    project: &Project,
    mut checked: Checked,
    batches: Vec<Batch>,
) -> Result<SampleImport> {
    checked.survey.tally.check(checked.options.on_error)?;
    checked.is_of(project)?;
    let now = services.now(tx).await?;
    let import = upload::record(tx, actor, project, "samples", checked.spooled.sha256(), now).await?;
    let version =
        if checked.survey.says_labels { Some(versions::next_number(tx, project.id).await?) } else { None };
    let labels = checked.options.labels;
    let writing = Writing { tx, actor, project, labels, version, now };
    let mut progress = Progress::new(import, checked.survey);
    for batch in batches {
        progress.write(&writing, batch).await?;
    }
    if let Some(number) = version.filter(|_| progress.effects.count_all() > 0) {
        let new = new_version(project, import, actor.user());
        let digest = entering::digest(tx, &new, number, now).await?;
        entering::seal(tx, new, number, (progress.effects, digest), now).await?;
        progress.outcome.version = Some(number);
    }
    imports::set_outcome(tx, import, serde_json::to_string(&progress.outcome)?).await?;
    progress.audit(tx, actor, project, labels, now).await?;
    Ok(progress.outcome)
}

/// The version that an import's labels are.
pub(super) fn new_version(project: &Project, import: ImportId, author: Option<UserId>) -> NewVersion<'_> {
    NewVersion { project, source: VersionSource::Import, author, message: format!("Import {import}") }
}

/// How far an import is, and what it did so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Progress {
    pub import: ImportId,
    /// The last line that was written or left out.
    pub line: i64,
    pub answers: i64,
    pub effects: Effects,
    pub outcome: SampleImport,
}

impl Progress {
    /// Nothing is written.
    pub(super) fn new(import: ImportId, survey: Survey) -> Self {
        let outcome = SampleImport {
            import: import.0,
            received: survey.tally.received,
            rejected: survey.tally.rejected,
            errors: survey.tally.faults(),
            ..SampleImport::default()
        };
        Self { import, line: 0, answers: 0, effects: Effects::default(), outcome }
    }

    /// Writes some lines and counts what they did.
    pub(super) async fn write(&mut self, writing: &Writing<'_>, batch: Batch) -> Result<()> {
        let written = writing.lines(&batch.lines).await?;
        self.count(written);
        self.line = batch.last_line();
        let rejected = batch.rejects.into_iter().map(rejected).collect::<Result<Vec<_>>>()?;
        imports::reject(writing.tx, self.import, rejected).await
    }

    fn count(&mut self, written: Written) {
        self.outcome.created += written.created;
        self.outcome.updated += written.updated;
        self.outcome.unchanged += written.unchanged;
        self.outcome.label_conflicts += written.conflicts;
        self.outcome.tasks_opened += written.tasks_opened;
        self.answers += written.answers;
        self.effects.add(written.effects);
    }

    /// Writes the import down in the audit log.
    pub(super) async fn audit(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        project: &Project,
        labels: Labels,
        now: Timestamp,
    ) -> Result<()> {
        let outcome = &self.outcome;
        let detail = json!({
            "received": outcome.received, "created": outcome.created, "updated": outcome.updated,
            "unchanged": outcome.unchanged, "rejected": outcome.rejected, "version": outcome.version,
            "label_conflicts": outcome.label_conflicts, "tasks_opened": outcome.tasks_opened,
            "answers": self.answers,
            "labels": match labels { Labels::Keep => "keep", Labels::Overwrite => "overwrite" },
        });
        upload::audit(tx, actor, project, "import_samples", self.import, detail, now).await
    }
}

fn rejected(reject: Reject) -> Result<Rejected> {
    let faults = serde_json::to_string(&reject.faults)?;
    Ok(Rejected { line: reject.line, record: reject.record, faults })
}
