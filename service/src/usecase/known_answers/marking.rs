//! The work of marking samples as known: which answers, and the task by which people are asked.

use crate::{
    actor::Actor,
    entity::{label, sample, task},
    error::{Error, Result},
    repo::{
        evidence,
        known_answers::{self, Known},
        label_rows,
        projects::{self, Project},
        sample_tasks, samples, versions,
    },
};
use domain::{
    answer::{Answers, Offered},
    canonical,
    id::{SampleId, TaskId},
    problem::{Code, Fault, Refusal},
    rank::rank,
    signal::{Reason, SignalKind},
    task::TaskState,
    time::Timestamp,
    view::known::{KnownAnswersInput, KnownAnswersMarked},
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// The most samples that are marked at once.
const MOST: usize = 500;

/// A sample to mark, checked.
struct Marking {
    sample: sample::Model,
    answers: Answers,
}

/// Marks the samples, once nothing is wrong with any of them.
pub(super) async fn mark(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    input: KnownAnswersInput,
    now: Timestamp,
) -> Result<KnownAnswersMarked> {
    // Of two who mark the same sample the second finds what the first has done.
    projects::lock(tx, project.id).await?;
    let markings = check(tx, project, input).await?;
    let ids: Vec<SampleId> = markings.iter().map(|marking| SampleId(marking.sample.id)).collect();
    let before = known_answers::of_samples(tx, &ids).await?;
    let mut marked = KnownAnswersMarked::default();
    for Marking { sample, answers } in markings {
        let known = Known { answers: &answers, by: actor.user(), at: now };
        let Some(old) = before.get(&SampleId(sample.id)) else {
            known_answers::add(tx, new_task(tx, project, &sample, now).await?, &known).await?;
            marked.marked += 1;
            continue;
        };
        let task = TaskId(old.task_id);
        let is_as_marked = known_answers::of_sample(tx, project.id, SampleId(sample.id)).await?;
        if is_as_marked.is_some_and(|listed| !listed.is_as_marked) {
            // What people answered was about another content.
            known_answers::retire(tx, task, now).await?;
            known_answers::add(tx, new_task(tx, project, &sample, now).await?, &known).await?;
            marked.changed += 1;
        } else if old.answers()? == answers {
            marked.unchanged += 1;
        } else {
            known_answers::change(tx, task, &known).await?;
            marked.changed += 1;
        }
    }
    Ok(marked)
}

async fn check(
    tx: &DatabaseTransaction,
    project: &Project,
    input: KnownAnswersInput,
) -> Result<Vec<Marking>> {
    if input.samples.is_empty() {
        return Err(Error::invalid("/samples", Code::Empty, "at least one sample is needed"));
    }
    if input.samples.len() > MOST {
        return Err(Error::invalid("/samples", Code::TooLong, format!("at most {MOST} samples")));
    }
    let keys: Vec<&str> = input.samples.iter().map(|sample| sample.id.as_str()).collect();
    let rows = samples::by_keys(tx, project.id, &keys).await?;
    let ids: Vec<SampleId> = rows.values().map(|row| SampleId(row.id)).collect();
    let staged = label_rows::staged(tx, &ids).await?;
    let stored = versions::current(tx, ids.iter().copied()).await?;
    let (mut markings, mut faults) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (index, sample) in input.samples.into_iter().enumerate() {
        let id_at = || format!("/samples/{index}/id");
        let Some(row) = rows.get(&sample.id).filter(|row| row.erased_at.is_none()) else {
            let detail = format!("no sample has the id '{}'", sample.id);
            faults.push(Fault::at(id_at(), Code::UnknownSample, detail));
            continue;
        };
        if !seen.insert(row.id) {
            faults.push(Fault::at(id_at(), Code::DuplicateId, format!("'{}' is named twice", sample.id)));
            continue;
        }
        let answers = match sample.answers {
            Some(answers) => Some(answers),
            None => decided(SampleId(row.id), &staged, &stored)?,
        };
        let at = format!("/samples/{index}/answers");
        let Some(answers) = answers else {
            let detail = format!("'{}' has no label, so say what is right", sample.id);
            faults.push(Fault::at(at, Code::Missing, detail));
            continue;
        };
        if answers.is_empty() {
            faults.push(Fault::at(at, Code::Empty, "at least one question has to be answered"));
            continue;
        }
        let wrong = answers.faults(&project.schema, Offered::Current);
        faults.extend(wrong.into_iter().map(|fault| fault.below(&at)));
        markings.push(Marking { sample: row.clone(), answers });
    }
    Refusal::check(faults)?;
    Ok(markings)
}

/// The label that was approved and waits for a cut, or else the stored one.
fn decided(
    sample: SampleId,
    staged: &HashMap<SampleId, label::Model>,
    stored: &HashMap<SampleId, label::Model>,
) -> Result<Option<Answers>> {
    match staged.get(&sample).or_else(|| stored.get(&sample)) {
        Some(row) => row.answers(),
        None => Ok(None),
    }
}

/// The task by which people are asked, with a reason and a place as another task of the sample would have them.
async fn new_task(
    tx: &DatabaseTransaction,
    project: &Project,
    sample: &sample::Model,
    now: Timestamp,
) -> Result<task::Model> {
    let id = SampleId(sample.id);
    let content = sample.content_id.ok_or_else(|| Error::internal("a sample without content"))?;
    let reason = match sample_tasks::of_sample(tx, id).await?.first() {
        Some(task) => Some(task.reason()?),
        None => evidence::weigh(tx, project, &[id])
            .await?
            .pop()
            .and_then(|weighed| weighed.reasons.into_iter().next()),
    };
    let by_chance = || Reason { kind: SignalKind::Audit, score: 0.0, question: None, detail: json!({}) };
    let reason = reason.unwrap_or_else(by_chance);
    let threshold = project.settings.queue.threshold;
    Ok(task::Model {
        id: 0,
        project_id: project.id.0,
        sample_id: sample.id,
        sample_key: sample.key.clone(),
        content_id: content,
        state: TaskState::Known.as_str().to_owned(),
        rev: 0,
        reason_kind: reason.kind.as_str().to_owned(),
        reason_score: reason.score,
        reason_question: reason.question,
        reason_detail: canonical::text(&reason.detail),
        // Somewhere among those whose score queued them: what is held is shown by priority.
        priority: threshold + (1.0 - threshold) * rank(&project.salt, &format!("known\n{}", sample.key)),
        audit_rank: None,
        slots: 0,
        approved_by: None,
        disagreement: None,
        created_at: now.0,
        updated_at: now.0,
    })
}
