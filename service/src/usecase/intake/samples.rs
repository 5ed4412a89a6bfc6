//! Uploads of samples, with their labels and predictions: the use case.

use super::{
    Intake, answers,
    foreign::{self, Dialect},
    labels::Labels,
    sample_lines::SampleLine,
    tally::OnError,
    upload::{self, Upload},
    write::Writing,
};
use crate::{
    actor::Actor,
    error::Result,
    format::Format,
    repo::{
        imports,
        projects::Project,
        requeue,
        versions::{self, NewVersion},
    },
    services::Services,
    spool::Spooled,
};
use domain::{id::SampleId, name::Slug, provenance::VersionSource, view::intake::SampleImport};
use sea_orm::DatabaseTransaction;
use serde_json::json;

/// How an upload of samples is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SampleOptions {
    /// What a wrong line does.
    pub on_error: OnError,
    /// Whose label stays where review has decided otherwise.
    pub labels: Labels,
    /// Whose records they are.
    pub dialect: Dialect,
}

impl Intake<'_> {
    /// Adds and updates samples by id, with their labels and predictions. All label changes become one version.
    pub async fn samples(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        options: SampleOptions,
    ) -> Result<SampleImport> {
        let (columns, dialect) = (foreign::columns(options.dialect), options.dialect);
        let upload = self.read(actor, slug, spooled, format, columns, move || foreign::parser(dialect)).await;
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let project = upload::held_project(tx, &actor, &slug).await?;
                    keep(tx, &services, &actor, &project, upload?, options).await
                })
            })
            .await
    }
}

async fn keep(
    tx: &DatabaseTransaction,
    services: &Services,
    actor: &Actor,
    project: &Project,
    mut upload: Upload<SampleLine>,
    options: SampleOptions,
) -> Result<SampleImport> {
    upload.tally.check(options.on_error)?;
    upload.is_read_by(project)?;
    let now = services.now(tx).await?;
    let import = upload::record(tx, actor, project, "samples", &upload.digest, now).await?;
    let mut writing = Writing::new(tx, project, options.labels, now);
    for lines in upload.lines.chunks(versions::BATCH) {
        writing.lines(lines).await?;
    }
    let written = writing.finish(actor.user()).await?;
    let mut version = None;
    if !written.rows.is_empty() {
        let new = NewVersion {
            project,
            source: VersionSource::Import,
            author: actor.user(),
            message: format!("Import {import}"),
        };
        version = Some(versions::commit(tx, new, written.rows, now).await?.number);
    }
    let changed: Vec<SampleId> = written.changed.into_iter().collect();
    let requeued = requeue::samples(tx, project, &changed, now).await?;
    let kept = answers::keep_all(tx, actor, project, &upload.lines, now).await?;
    let outcome = SampleImport {
        import: import.0,
        received: upload.tally.received,
        created: written.created,
        updated: written.updated,
        unchanged: written.unchanged,
        rejected: upload.tally.rejected,
        label_conflicts: written.conflicts,
        tasks_opened: requeued.opened + kept.tasks_opened,
        version,
        errors: upload.tally.faults(),
    };
    imports::set_outcome(tx, import, serde_json::to_string(&outcome)?).await?;
    let detail = json!({
        "received": outcome.received, "created": outcome.created, "updated": outcome.updated,
        "unchanged": outcome.unchanged, "rejected": outcome.rejected, "version": outcome.version,
        "label_conflicts": outcome.label_conflicts, "tasks_opened": outcome.tasks_opened,
        "answers": kept.answers,
        "labels": match options.labels { Labels::Keep => "keep", Labels::Overwrite => "overwrite" },
    });
    upload::audit(tx, actor, project, "import_samples", import, detail, now).await?;
    Ok(outcome)
}
