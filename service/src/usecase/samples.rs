//! Samples: list, read, erase.

mod detail;
pub(crate) mod search;

use crate::{
    actor::Actor,
    entity::label,
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        contents, idempotency_keys, imports, known_answers, page, projects, requeue, rules, sample_tasks,
        samples, signals, slots,
    },
    services::Services,
    usecase::{access, lifecycle},
};
use detail::OpenTasks;
use domain::{
    access::Permission,
    id::{SampleId, TaskId},
    name::{SampleKey, Slug},
    task::TaskState,
    time::Timestamp,
    view::{
        Page, PageRequest,
        sample::{SampleDetail, SampleFilter, SampleSummary},
    },
};
use search::{Found, Search};
use serde_json::json;

/// Samples and their history.
#[derive(Clone, Copy, Debug)]
pub struct Samples<'a>(pub(crate) &'a Services);

impl Samples<'_> {
    /// The samples that `filter` finds, by id.
    pub async fn list(
        &self,
        actor: &Actor,
        slug: &Slug,
        filter: SampleFilter,
        request: PageRequest,
    ) -> Result<Page<SampleSummary>> {
        let limit = page::limit(&request)?;
        let after: Option<String> = page::after(&request)?;
        let tx = self.0.db.snapshot().await?;
        let access = access::project(&tx, actor, slug, Permission::ReadSamples).await?;
        let search = Search::of(&tx, &access.project, filter, "").await?;
        let found = search.after(&tx, &access.project, after, limit + 1).await?;
        let ids: Vec<SampleId> = found.iter().map(|sample| SampleId(sample.row.id)).collect();
        let states = sample_tasks::newest_states(&tx, &ids).await?;
        let state =
            |sample: &Found| states.get(&SampleId(sample.row.id)).and_then(|text| TaskState::parse(text));
        let items = found.iter().map(|sample| summary(sample, state(sample))).collect::<Result<_>>()?;
        page::page(items, limit, |sample: &SampleSummary| sample.id.clone())
    }

    /// A sample with its whole history.
    pub async fn get(&self, actor: &Actor, slug: &Slug, id: &str) -> Result<SampleDetail> {
        let tx = self.0.db.snapshot().await?;
        let access = access::project(&tx, actor, slug, Permission::ReadSamples).await?;
        let shown = access.also(actor, Permission::ReadOpenTasks);
        let open_tasks = if shown { OpenTasks::Shown } else { OpenTasks::Hidden };
        let row = detail::find(&tx, &access, id).await?;
        detail::of(&tx, &access, row, open_tasks).await
    }

    /// Erases a sample's fields, metadata and notes; its id, hashes and labels stay.
    pub async fn erase(&self, actor: &Actor, slug: &Slug, id: &str) -> Result<()> {
        let (services, actor, slug, id) = (self.0.clone(), actor.clone(), slug.clone(), id.to_owned());
        let erased = self
            .0
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let access = access::project(tx, &actor, &slug, Permission::EraseSample).await?;
                    // A rule that is being written has read the text, and would put it into the guideline afterwards.
                    projects::lock(tx, access.project.id).await?;
                    let project = projects::by_id(tx, access.project.id).await?;
                    let now = services.now(tx).await?;
                    let sample = SampleId(detail::find(tx, &access, &id).await?.id);
                    contents::erase(tx, &project, sample, &id).await?;
                    samples::erase(tx, sample, now).await?;
                    signals::erase_notes(tx, sample).await?;
                    rules::forget_sample(tx, project.id, sample, &id).await?;
                    idempotency_keys::forget_sample(tx, &id).await?;
                    imports::forget_sample(tx, project.id, &id).await?;
                    // Nobody shall be asked about what is not there any more.
                    lifecycle::close(tx, sample, now).await?;
                    if let Some(known) = known_answers::of_samples(tx, &[sample]).await?.remove(&sample) {
                        known_answers::retire(tx, TaskId(known.task_id), now).await?;
                        slots::free_all(tx, TaskId(known.task_id)).await?;
                    }
                    requeue::samples(tx, &project, &[sample], now).await?;
                    let entry = Entry {
                        actor: &actor,
                        project: Some(project.id),
                        action: "erase_sample",
                        subject: format!("sample {sample}"),
                        detail: json!({}),
                    };
                    audit::write(tx, now, entry).await
                })
            })
            .await;
        erased?;
        // Exports that were written to files still hold it.
        self.0.export().forget().await
    }
}

fn summary(sample: &Found, task_state: Option<TaskState>) -> Result<SampleSummary> {
    Ok(SampleSummary {
        id: SampleKey::parse(sample.row.key.clone()).map_err(Error::internal)?,
        fields: sample.fields.clone(),
        metadata: sample.metadata.clone(),
        label: sample.label.as_ref().map(label::Model::answers).transpose()?.flatten(),
        task_state,
        created_at: Timestamp(sample.row.created_at),
    })
}
