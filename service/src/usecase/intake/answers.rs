//! Keeps what people answered in another program as annotations of their own, where they differ.
//!
//! What all of them agree on is the sample's label, by the import, and is not asked again here: a task that is
//! answered by those very people would uphold the label without anybody looking. Where they differ, their answers
//! fill places of the sample's task, and review sees each of them.

use super::{foreign::Given, sample_lines::SampleLine};
use crate::{
    actor::Actor,
    entity::{annotation, slot, task},
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
    let mut kept = Kept::default();
    let answered: Vec<&SampleLine> = lines.iter().filter(|line| !line.given.is_empty()).collect();
    for lines in answered.chunks(BATCH) {
        let keys: Vec<&str> = lines.iter().map(|line| line.key.as_str()).collect();
        let known = samples::by_keys(tx, project.id, &keys).await?;
        for line in lines {
            let sample = known.get(line.key.as_str());
            let sample = sample.ok_or_else(|| Error::internal("a sample was not written"))?;
            keep(tx, actor, project, SampleId(sample.id), &line.given, now, &mut kept).await?;
        }
    }
    Ok(kept)
}

/// Keeps the answers of one sample.
async fn keep(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    sample: SampleId,
    given: &[Given],
    now: Timestamp,
    kept: &mut Kept,
) -> Result<()> {
    let mut known = annotations::annotators_of(tx, sample).await?;
    let mut new: Vec<(AnnotatorId, &Given)> = Vec::new();
    for given in given {
        let annotator = annotators::ensure_named(tx, project.id, &given.annotator, now).await?;
        if known.insert(annotator) {
            new.push((annotator, given));
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let count = i32::try_from(new.len()).map_err(Error::internal)?;
    let Some(mut task) = open_task(tx, actor, project, sample, count, now, kept).await? else {
        return Ok(());
    };
    let places = slots::count_taken(tx, task.id(), now).await? + count;
    if places > task.slots {
        task.slots = places;
        tasks::widen(tx, &task).await?;
    }
    for (annotator, given) in new {
        answer(tx, project, &task, annotator, given, now).await?;
        kept.answers += 1;
    }
    lifecycle::settle(tx, project, &mut task, now).await
}

/// The sample's open task, held, and opened where there is none; none where it is in review.
async fn open_task(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    sample: SampleId,
    count: i32,
    now: Timestamp,
    kept: &mut Kept,
) -> Result<Option<task::Model>> {
    if let Some(task) = tasks::lock_open(tx, sample).await? {
        return Ok(Some(task));
    }
    if tasks::has_active(tx, sample).await? {
        return Ok(None);
    }
    let detail = json!({"answers": count});
    let signal = signals::Given { sample, kind: SignalKind::ImportConflict, score: 1.0, detail };
    signals::give(tx, &[signal], actor.user(), now).await?;
    kept.tasks_opened += requeue::samples(tx, project, &[sample], now).await?.opened;
    tasks::lock_open(tx, sample).await
}

/// Lets the annotator answer one place of the task.
async fn answer(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &task::Model,
    annotator: AnnotatorId,
    given: &Given,
    now: Timestamp,
) -> Result<()> {
    let place = slot::Model {
        task_id: task.id,
        slot: 0,
        annotator_id: annotator.0,
        lease: queue::new_lease(now),
        claimed_at: now.0,
        expires_at: now.plus_seconds(i64::from(project.settings.queue.lease_seconds)).0,
        annotation_id: None,
    };
    let place = slots::take(tx, task.slots, place).await?;
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
        schema_revision: project.schema_revision,
        guideline_revision: project.guideline_revision,
        created_at: given.created_at.map_or(now.0, |at| at.0.min(now.0)),
    };
    let annotation = annotations::append(tx, row).await?;
    slots::answer(tx, &place, annotation).await
}
