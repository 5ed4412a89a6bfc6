//! Known-answer tasks among those that are served: which one somebody gets, and what they are told of it afterwards.
//!
//! Nothing that reaches whoever answers tells them from others.

use super::{Held, claim::draw, new_slot};
use crate::{
    entity::slot,
    error::{Error, Result},
    repo::{claims::TaskRow, known_answers, known_tasks, projects::Project},
    usecase::lifecycle,
};
use domain::{
    answer::{Answers, Offered, Verdict},
    id::{AnnotatorId, TaskId},
    known::{self, KnownResult, Policy},
    task::TaskState,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// How many of so many places are drawn for known-answer tasks.
pub(super) fn drawn(project: &Project, places: usize) -> usize {
    let rate = project.settings.quality.known_answer_rate;
    (0..places).filter(|_| draw() < rate).count()
}

/// The known-answer tasks that the person could get.
pub(super) async fn free<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    annotator: AnnotatorId,
    now: Timestamp,
) -> Result<Vec<TaskId>> {
    if project.settings.quality.known_answer_rate <= 0.0 {
        return Ok(Vec::new());
    }
    let mut free = Vec::new();
    for candidate in known_tasks::candidates(conn, project.id, annotator, now).await? {
        // Nobody could give an answer that the schema does not take any more.
        let answers: Answers = serde_json::from_str(&candidate.answers)?;
        if answers.faults(&project.schema, Offered::Current).is_empty() {
            free.push(TaskId(candidate.task_id));
        }
    }
    Ok(free)
}

/// Takes a known-answer task for each place that was drawn for one, as far as there are any that the person has not had.
/// Never waits for anybody.
pub(super) async fn take(
    tx: &DatabaseTransaction,
    project: &Project,
    annotator: AnnotatorId,
    drawn: usize,
    now: Timestamp,
) -> Result<Vec<(slot::Model, TaskRow)>> {
    if drawn == 0 {
        return Ok(Vec::new());
    }
    let mut free = free(tx, project, annotator, now).await?;
    let mut chosen = Vec::with_capacity(drawn);
    while chosen.len() < drawn && !free.is_empty() {
        chosen.push(free.swap_remove((draw() * free.len() as f64) as usize));
    }
    let mut taken = Vec::with_capacity(chosen.len());
    for row in known_tasks::lock(tx, &chosen).await? {
        let slot = new_slot(project, row.task.id(), annotator, now);
        taken.extend(known_tasks::take(tx, slot).await?.map(|slot| (slot, row)));
    }
    Ok(taken)
}

/// Puts known-answer tasks among those that were taken with them, each where its priority would have brought it: what is
/// held is told in that order from then on.
pub(super) fn mixed(
    mut taken: Vec<(slot::Model, TaskRow)>,
    known: Vec<(slot::Model, TaskRow)>,
) -> Vec<(slot::Model, TaskRow)> {
    for one in known {
        let (priority, key) = (one.1.task.priority, &one.1.task.sample_key);
        let is_after = |other: &(slot::Model, TaskRow)| {
            let by_priority = priority.total_cmp(&other.1.task.priority);
            by_priority.then_with(|| other.1.task.sample_key.cmp(key)).is_gt()
        };
        let place = taken.iter().position(is_after).unwrap_or(taken.len());
        taken.insert(place, one);
    }
    taken
}

/// The revision and the state of a known-answer task as whoever has just answered it is told them.
pub(crate) async fn told(
    tx: &DatabaseTransaction,
    project: &Project,
    held: &Held,
    verdict: Verdict,
    answers: &Answers,
) -> Result<(i32, TaskState)> {
    let task = held.task.id();
    let known = known_answers::of_tasks(tx, [task]).await?.remove(&task);
    let known = known.ok_or_else(|| Error::internal("nothing is known of a known-answer task"))?.answers()?;
    let result = KnownResult::of(&known, verdict, answers);
    let is_approved = project.settings.review.lets_through(&project.salt, task)
        && lifecycle::reviewers_needed(tx, project, &held.task).await? < 2;
    let policy = if is_approved { Policy::Approves } else { Policy::Asks };
    let places = project.settings.queue.overlap.first();
    let state = known::told(&project.salt, (task, held.annotator), places, policy, &result);
    Ok((known_tasks::told_rev(tx, project, &held.task, held.annotator).await?, state))
}
