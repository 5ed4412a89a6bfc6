//! Keeps what people answered in another program as annotations of their own, where they differ.
//!
//! What all of them agree on is the sample's label, by the import, and is not asked again here: a task that is
//! answered by those very people would uphold the label without anybody looking. Where they differ, their answers
//! fill places of the sample's task, and review sees each of them.

use super::{foreign::Given, sample_lines::SampleLine};
use crate::{
    actor::Actor,
    entity::{annotation, task},
    error::{Error, Result},
    repo::{
        annotations, annotators, projects::Project, requeue, samples, signals, slots, tasks, versions::BATCH,
    },
    usecase::{lifecycle, queue},
};
use domain::{
    answer::Verdict,
    canonical,
    id::{AnnotatorId, SampleId},
    signal::SignalKind,
    time::Timestamp,
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use std::collections::HashMap;

/// What keeping answers did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// Annotations that are new. Of a person and a sample the first stays, and a sample in review takes no more.
    pub answers: i64,
    /// Tasks that were opened for them.
    pub tasks_opened: i64,
}

/// Keeps the answers that the lines bring, whose samples are written and queued.
pub(super) async fn keep_all(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    lines: &[SampleLine],
    now: Timestamp,
) -> Result<Kept> {
    let mut keeping = Keeping { tx, actor, project, now, people: HashMap::new(), kept: Kept::default() };
    let answered: Vec<&SampleLine> = lines.iter().filter(|line| !line.given.is_empty()).collect();
    for lines in answered.chunks(BATCH) {
        let keys: Vec<&str> = lines.iter().map(|line| line.key.as_str()).collect();
        let known = samples::by_keys(tx, project.id, &keys).await?;
        for line in lines {
            let sample = known.get(line.key.as_str());
            let sample = sample.ok_or_else(|| Error::internal("a sample was not written"))?;
            keeping.sample(SampleId(sample.id), &line.given).await?;
        }
    }
    Ok(keeping.kept)
}

/// Answers that are being kept.
struct Keeping<'a> {
    tx: &'a DatabaseTransaction,
    actor: &'a Actor,
    project: &'a Project,
    now: Timestamp,
    /// Whom these lines have named so far: a file names the same few people on every line.
    people: HashMap<&'a str, AnnotatorId>,
    kept: Kept,
}

impl<'a> Keeping<'a> {
    /// Keeps the answers of one sample.
    async fn sample(&mut self, sample: SampleId, given: &'a [Given]) -> Result<()> {
        let mut known = annotations::annotators_of(self.tx, sample).await?;
        let mut new: Vec<(AnnotatorId, &Given)> = Vec::new();
        for given in given {
            let annotator = self.annotator(&given.annotator).await?;
            if known.insert(annotator) {
                new.push((annotator, given));
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let count = i32::try_from(new.len()).map_err(Error::internal)?;
        let Some(mut task) = self.open_task(sample, count).await? else { return Ok(()) };
        let places = slots::count_taken(self.tx, task.id(), self.now).await? + count;
        if places > task.slots {
            task.slots = places;
            tasks::widen(self.tx, &task).await?;
        }
        for (annotator, given) in new {
            self.answer(&task, annotator, given).await?;
        }
        lifecycle::settle(self.tx, self.project, &mut task, self.now).await
    }

    async fn annotator(&mut self, name: &'a str) -> Result<AnnotatorId> {
        if let Some(known) = self.people.get(name) {
            return Ok(*known);
        }
        let found = annotators::ensure_named(self.tx, self.project.id, name, self.now).await?;
        self.people.insert(name, found);
        Ok(found)
    }

    /// The sample's open task, held, and opened where there is none; none where it is in review.
    async fn open_task(&mut self, sample: SampleId, count: i32) -> Result<Option<task::Model>> {
        if let Some(task) = tasks::lock_open(self.tx, sample).await? {
            return Ok(Some(task));
        }
        if tasks::has_active(self.tx, sample).await? {
            return Ok(None);
        }
        let detail = json!({"answers": count});
        let signal = signals::Given { sample, kind: SignalKind::ImportConflict, score: 1.0, detail };
        signals::give(self.tx, &[signal], self.actor.user(), self.now).await?;
        let requeued = requeue::samples(self.tx, self.project, &[sample], self.now).await?;
        self.kept.tasks_opened += requeued.opened;
        tasks::lock_open(self.tx, sample).await
    }

    /// Lets the annotator answer one place of the task.
    async fn answer(&mut self, task: &task::Model, annotator: AnnotatorId, given: &Given) -> Result<()> {
        let place = queue::new_slot(self.project, task.id(), annotator, self.now);
        let place = slots::take(self.tx, task.slots, place).await?;
        let place = place.ok_or_else(|| Error::internal("a task has no place for an imported answer"))?;
        let row = annotation::Model {
            id: 0,
            project_id: task.project_id,
            task_id: task.id,
            sample_id: task.sample_id,
            annotator_id: annotator.0,
            content_id: task.content_id,
            verdict: Verdict::Answered.as_str().to_owned(),
            answers: canonical::text_of(&given.answers)?,
            note: None,
            duration_ms: None,
            schema_revision: self.project.schema_revision,
            guideline_revision: self.project.guideline_revision,
            created_at: given.created_at.map_or(self.now.0, |at| at.0.min(self.now.0)),
        };
        let annotation = annotations::append(self.tx, row).await?;
        slots::answer(self.tx, &place, annotation).await?;
        self.kept.answers += 1;
        Ok(())
    }
}
