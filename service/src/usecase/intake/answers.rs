//! Keeps what people answered in another program as annotations of their own, where they differ.
//!
//! What all of them agree on is the sample's label, by the import, and is not asked again here: a task that is
//! answered by those very people would uphold the label without anybody looking. Where they differ, their answers
//! fill places of the sample's task, and review sees each of them.

use super::{
    Intake,
    foreign::{self, Dialect, Given},
    object::Parsed,
    tally::OnError,
    unknown_sample, upload,
};
use crate::{
    actor::Actor,
    entity::{annotation, slot, task},
    error::{Error, Result},
    format::Format,
    repo::{
        annotations, annotators,
        audit::{self, Entry},
        projects::Project,
        requeue, samples, signals, slots, tasks,
    },
    spool::Spooled,
    usecase::{lifecycle, queue},
};
use domain::{
    answer::Verdict,
    canonical,
    id::{AnnotatorId, SampleId},
    name::{SampleKey, Slug},
    problem::{Code, Fault},
    schema::Schema,
    signal::SignalKind,
    time::Timestamp,
};
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What became of the answers of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswers {
    /// Records that were read.
    pub received: i64,
    /// Records that were left out.
    pub rejected: i64,
    /// Annotations that are new.
    pub kept: i64,
    /// Answers that were there already: of a person and a sample the first stays.
    pub known: i64,
    /// Answers to samples that are in review, which take no more.
    pub late: i64,
    /// What is wrong with the records that were left out.
    pub errors: Vec<Fault>,
}

/// The answers of one record, which differ; none where all agree.
struct Differing {
    line: i64,
    key: SampleKey,
    given: Vec<Given>,
}

impl Intake<'_> {
    /// Keeps the answers of samples that are known already.
    pub async fn answers(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        dialect: Dialect,
        on_error: OnError,
    ) -> Result<KeptAnswers> {
        let parser =
            move || move |schema: &Schema, line, record: Value| differing(dialect, schema, line, record);
        let upload = self.read(actor, slug, spooled, format, foreign::columns(dialect), parser).await;
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let project = upload::held_project(tx, &actor, &slug).await?;
                    let mut upload = upload?;
                    upload.is_read_by(&project)?;
                    let mut answers = KeptAnswers::default();
                    let lines = std::mem::take(&mut upload.lines);
                    let keys: Vec<&str> = lines.iter().map(|line| line.key.as_str()).collect();
                    let known = samples::by_keys(tx, project.id, &keys).await?;
                    let now = services.now(tx).await?;
                    for line in &lines {
                        match known.get(line.key.as_str()) {
                            Some(sample) => {
                                let sample = SampleId(sample.id);
                                keep(tx, &actor, &project, sample, &line.given, now, &mut answers).await?;
                            }
                            None => upload.tally.reject(line.line, vec![unknown_sample(&line.key)]),
                        }
                    }
                    upload.tally.check(on_error)?;
                    (answers.received, answers.rejected) = (upload.tally.received, upload.tally.rejected);
                    answers.errors = upload.tally.faults();
                    let entry = Entry {
                        actor: &actor,
                        project: Some(project.id),
                        action: "import_answers",
                        subject: format!("{} annotations", answers.kept),
                        detail: json!({"received": answers.received, "rejected": answers.rejected,
                            "kept": answers.kept, "known": answers.known, "late": answers.late}),
                    };
                    audit::write(tx, now, entry).await?;
                    Ok(answers)
                })
            })
            .await
    }
}

fn differing(dialect: Dialect, schema: &Schema, line: i64, record: Value) -> Parsed<Differing> {
    let converted = foreign::convert(dialect, schema, record)?;
    let id = converted.sample.get("id").and_then(Value::as_str).unwrap_or_default();
    let key =
        SampleKey::parse(id).map_err(|error| vec![Fault::at("/id", Code::InvalidName, error.to_string())])?;
    let mut given = converted.given;
    if given.windows(2).all(|pair| pair[0].answers == pair[1].answers) {
        given.clear();
    }
    Ok(Differing { line, key, given })
}

/// Keeps the answers of one sample.
async fn keep(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    sample: SampleId,
    given: &[Given],
    now: Timestamp,
    answers: &mut KeptAnswers,
) -> Result<()> {
    if given.is_empty() {
        return Ok(());
    }
    let mut known = annotations::annotators_of(tx, sample).await?;
    let mut new: Vec<(AnnotatorId, &Given)> = Vec::new();
    for given in given {
        let annotator = annotators::ensure_named(tx, project.id, &given.annotator, now).await?;
        if known.insert(annotator) {
            new.push((annotator, given));
        } else {
            answers.known += 1;
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let count = i32::try_from(new.len()).map_err(Error::internal)?;
    let Some(mut task) = open_task(tx, actor, project, sample, count, now).await? else {
        answers.late += i64::from(count);
        return Ok(());
    };
    let places = slots::count_taken(tx, task.id(), now).await? + count;
    if places > task.slots {
        task.slots = places;
        tasks::widen(tx, &task).await?;
    }
    for (annotator, given) in new {
        answer(tx, project, &task, annotator, given, now).await?;
        answers.kept += 1;
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
    requeue::samples(tx, project, &[sample], now).await?;
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
