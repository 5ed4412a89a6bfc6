//! What follows when a task's answers or its possible answerers change: it goes to review, the policy approves
//! it, a label is staged.
//!
//! Every function works in the caller's transaction and checks no permission.

use crate::{
    actor::Actor,
    entity::{decision, label, task},
    error::{Error, Result},
    repo::{
        annotations::{self, Counted},
        audit::{self, Entry},
        contents, decisions,
        newest_predictions::{self, Newest},
        projects::Project,
        review_items::Judged,
        slots, tasks,
        versions::{self, NewLabelRow},
    },
    services::Services,
    usecase::judges::Judge,
};
use domain::{
    answer::Answers,
    consensus::{self, Consensus, Vote},
    decision::DecisionKind,
    id::{DecisionId, SampleId, UserId},
    outcome::{LabelOutcome, Predicted},
    overlap::Overlap,
    provenance::{LabelAuthor, Provenance, VersionSource},
    task::{DecidedBy, Event, TaskState},
    time::Timestamp,
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use std::sync::Arc;

/// What a conflict adds to the disagreement of a task, more than any disagreement without one, so that conflicts come
/// first.
pub(crate) const CONFLICT: f64 = 2.0;

/// A decision to write down.
#[derive(Debug)]
pub(crate) struct NewDecision<'a> {
    pub kind: DecisionKind,
    pub answers: Option<&'a Answers>,
    pub note: Option<String>,
    /// None for the policy.
    pub decided_by: Option<UserId>,
    /// Whether the reviewer had annotated the task.
    pub own_annotation: bool,
}

/// How far annotators are believed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Believing<'a> {
    /// As their answers until now say.
    Learned(&'a Services),
    /// All the same: while many answers come at once, nothing is learned of them yet.
    Equally,
}

impl Believing<'_> {
    async fn judge(self, tx: &DatabaseTransaction, project: &Project) -> Result<Arc<Judge>> {
        match self {
            Self::Learned(services) => services.judge(tx, project).await,
            Self::Equally => Ok(Arc::new(Judge::of_equals(project.settings.consensus.clone()))),
        }
    }
}

/// What stood before a decision on a label.
#[derive(Debug)]
pub(crate) struct Before {
    /// The stored label.
    label: Option<Answers>,
    /// The newest prediction of each question.
    predictions: Vec<Newest>,
}

impl Before {
    /// Of the task's sample, now.
    pub(crate) async fn of(tx: &DatabaseTransaction, project: &Project, task: &task::Model) -> Result<Self> {
        let row = versions::current(tx, [task.sample()]).await?.remove(&task.sample());
        Ok(Self {
            label: row.as_ref().map(label::Model::answers).transpose()?.flatten(),
            predictions: newest_predictions::of_sample(tx, project.id, task.sample()).await?,
        })
    }

    /// What the decision makes of it, as `(outcome, predicted)` of its row.
    fn judged(&self, project: &Project, new: &NewDecision<'_>) -> Result<(Option<String>, Option<String>)> {
        let after = match new.kind {
            DecisionKind::Dismiss => self.label.as_ref(),
            _ => new.answers,
        };
        let outcome = LabelOutcome::of(self.label.as_ref(), after);
        let predictions = self.predictions.iter().filter_map(|newest| {
            project.schema.question(&newest.question).map(|question| (question, &newest.probs))
        });
        let predicted = Predicted::of(predictions, after);
        let predicted =
            (!predicted.is_empty()).then(|| domain::canonical::text_of(&predicted)).transpose()?;
        Ok((Some(outcome.as_str().to_owned()), predicted))
    }
}

/// Moves an open task on when its last slot is answered and that is enough, or when nobody is left who could answer it.
pub(crate) async fn settle(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &mut task::Model,
    believing: Believing<'_>,
    now: Timestamp,
) -> Result<()> {
    if task.state()? != TaskState::Open {
        return Ok(());
    }
    let counted = annotations::counted_of(tx, task.id()).await?;
    let full = i32::try_from(counted.len()).is_ok_and(|count| count >= task.slots);
    let is_adaptive = matches!(project.settings.queue.overlap, Overlap::Adaptive(_));
    if (!full || is_adaptive) && slots::anybody_left(tx, project.id, task.id(), now).await? {
        if !full {
            return Ok(());
        }
        if asks_one_more(tx, project, task, &counted, believing).await? {
            task.slots += 1;
            return tasks::widen(tx, &[(task.id(), task.slots)]).await;
        }
    }
    let votes: Vec<Vote<'_>> = counted.iter().map(Counted::vote).collect();
    task.disagreement = Some(disagreement(&votes));
    if full
        && let Some(answers) = consensus::unanimous(&votes)
        && project.settings.review.lets_through(&project.salt, task.id())
        && reviewers_needed(tx, project, task).await? < 2
    {
        tasks::advance(tx, task, Event::AnsweredAndApproved, Some(DecidedBy::Policy), now).await?;
        let new = NewDecision {
            kind: DecisionKind::Approve,
            answers: Some(answers),
            note: None,
            decided_by: None,
            own_annotation: false,
        };
        let before = Before::of(tx, project, task).await?;
        let decision = decide_label(tx, project, task, new, &before, now).await?;
        let entry = Entry {
            actor: &Actor::System,
            project: Some(project.id),
            action: "decide",
            subject: format!("task {}", task.id),
            detail: json!({"decision": DecisionKind::Approve}),
        };
        audit::write(tx, now, entry).await?;
        let judged = judge(tx, project, task, &counted, believing).await?;
        let deciding =
            Staging { decision, decided_by: LabelAuthor::Policy, before: &before, judged: &judged };
        return stage(tx, project, task, &counted, Some(answers), deciding, now).await;
    }
    tasks::advance(tx, task, Event::Answered, None, now).await
}

/// What the counted answers to the task say together.
pub(crate) async fn judge(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &task::Model,
    counted: &[Counted],
    believing: Believing<'_>,
) -> Result<Judged> {
    let judge = believing.judge(tx, project).await?;
    let predictions = match project.settings.consensus.prediction_votes {
        true => newest_predictions::of_sample(tx, project.id, task.sample()).await?,
        false => Vec::new(),
    };
    Ok(judge.judge(counted, &predictions))
}

/// Whether the answers to a full task leave it so uncertain that the project asks somebody else.
async fn asks_one_more(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &task::Model,
    counted: &[Counted],
    believing: Believing<'_>,
) -> Result<bool> {
    let votes: Vec<Vote<'_>> = counted.iter().map(Counted::vote).collect();
    let judged = judge(tx, project, task, counted, believing).await?;
    let certainty = judged.consensus.certainty(&votes);
    Ok(project.settings.queue.overlap.asks_one_more(counted.len(), certainty))
}

/// How far the votes are apart, conflicts above everything else.
fn disagreement(votes: &[Vote<'_>]) -> f64 {
    let disagreement = 1.0 - consensus::pairwise_agreement(votes).unwrap_or(1.0);
    disagreement + if Consensus::of(votes).conflict { CONFLICT } else { 0.0 }
}

/// Ends the asking about a sample whose content is gone: nobody holds its open task any more, and what was answered goes
/// to review. What nobody answered is closed by the requeue that follows.
pub(crate) async fn close(tx: &DatabaseTransaction, sample: SampleId, now: Timestamp) -> Result<()> {
    let Some(mut task) = tasks::lock_open(tx, sample).await? else { return Ok(()) };
    slots::free_all(tx, task.id()).await?;
    let counted = annotations::counted_of(tx, task.id()).await?;
    if counted.is_empty() {
        return Ok(());
    }
    to_review(tx, &mut task, &counted, now).await
}

/// Lets further answers into a task: one in review is open again until [`review_again`], as is one that the policy alone
/// approved; the caller holds the project and knows that the label of the latter is not cut.
pub(crate) async fn open_again(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &mut task::Model,
    now: Timestamp,
) -> Result<()> {
    let approved = task.state()? == TaskState::Approved;
    tasks::advance(tx, task, Event::Undone, None, now).await?;
    if !approved {
        return Ok(());
    }
    // The policy's approval no longer stands; its staged label goes with it.
    let taken_back = NewDecision {
        kind: DecisionKind::Reopen,
        answers: None,
        note: None,
        decided_by: None,
        own_annotation: false,
    };
    decide(tx, project, task, taken_back, now).await.map(drop)
}

/// Brings a task that was in review back to it, whatever it has of answers.
pub(crate) async fn review_again(
    tx: &DatabaseTransaction,
    task: &mut task::Model,
    now: Timestamp,
) -> Result<()> {
    let counted = annotations::counted_of(tx, task.id()).await?;
    to_review(tx, task, &counted, now).await
}

async fn to_review(
    tx: &DatabaseTransaction,
    task: &mut task::Model,
    counted: &[Counted],
    now: Timestamp,
) -> Result<()> {
    let votes: Vec<Vote<'_>> = counted.iter().map(Counted::vote).collect();
    task.disagreement = Some(disagreement(&votes));
    tasks::advance(tx, task, Event::Answered, None, now).await
}

/// How many different reviewers the label of this task needs.
pub(crate) async fn reviewers_needed(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &task::Model,
) -> Result<u16> {
    if project.settings.split.test_reviewers < 2 {
        return Ok(1);
    }
    let content = contents::find(tx, task.content()).await?;
    let content = content.ok_or_else(|| Error::internal("a content revision is gone"))?;
    Ok(project.settings.split.reviewers(content.split(project, &task.sample_key)?))
}

/// Writes a decision down that makes no label: one that returns a task, takes a decision back, or needs another
/// reviewer's.
pub(crate) async fn decide(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &task::Model,
    new: NewDecision<'_>,
    now: Timestamp,
) -> Result<DecisionId> {
    append(tx, project, task, new, (None, None), now).await
}

/// Writes a decision on a label down, with what it did to what stood `before`.
pub(crate) async fn decide_label(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &task::Model,
    new: NewDecision<'_>,
    before: &Before,
    now: Timestamp,
) -> Result<DecisionId> {
    let judged = before.judged(project, &new)?;
    append(tx, project, task, new, judged, now).await
}

async fn append(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &task::Model,
    new: NewDecision<'_>,
    (outcome, predicted): (Option<String>, Option<String>),
    now: Timestamp,
) -> Result<DecisionId> {
    let row = decision::Model {
        id: 0,
        project_id: project.id.0,
        task_id: task.id,
        sample_id: task.sample_id,
        kind: new.kind.as_str().to_owned(),
        answers: new.answers.map(domain::canonical::text_of).transpose()?,
        outcome,
        predicted,
        note: new.note,
        decided_by: new.decided_by.map(|user| user.0),
        own_annotation: new.own_annotation,
        schema_revision: project.schema_revision,
        guideline_revision: project.guideline_revision,
        created_at: now.0,
    };
    decisions::append(tx, row).await
}

/// Where a label comes from that is staged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Staging<'a> {
    pub decision: DecisionId,
    pub decided_by: LabelAuthor,
    pub before: &'a Before,
    pub judged: &'a Judged,
}

/// Stages the label that a decision asks for; `None` removes it.
pub(crate) async fn stage(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &task::Model,
    counted: &[Counted],
    label: Option<&Answers>,
    staging: Staging<'_>,
    now: Timestamp,
) -> Result<()> {
    let Staging { decision, decided_by, before, judged } = staging;
    let votes: Vec<Vote<'_>> = counted.iter().map(Counted::vote).collect();
    let mut models: Vec<String> =
        before.predictions.iter().map(|prediction| prediction.model.clone().into()).collect();
    models.sort();
    models.dedup();
    let content = contents::find(tx, task.content()).await?;
    let content = content.ok_or_else(|| Error::internal("a content revision is gone"))?;
    let provenance = Provenance {
        source: VersionSource::Cut,
        decided_by,
        annotations: i32::try_from(counted.len()).map_err(Error::internal)?,
        agreement: consensus::pairwise_agreement(&votes),
        posterior: (!votes.is_empty()).then(|| judged.consensus.posterior.clone()),
        reason: Some(task.reason()?.kind),
        models,
        schema_revision: project.schema_revision,
        guideline_revision: project.guideline_revision,
        previous: before.label.clone(),
    };
    let row = NewLabelRow {
        sample: task.sample(),
        sample_key: task.sample_key.clone(),
        label: label.cloned(),
        content: task.content(),
        content_hash: content.hash,
        provenance,
        decision: Some(decision),
    };
    versions::stage(tx, project.id, row, now).await
}

/// Settles the project's open tasks that somebody answered or skipped, after members left, were paused or disabled:
/// perhaps nobody is left for them.
pub(crate) async fn settle_all(
    tx: &DatabaseTransaction,
    project: &Project,
    believing: Believing<'_>,
    now: Timestamp,
) -> Result<()> {
    for id in tasks::begun(tx, project.id).await? {
        if let Some(mut task) = tasks::lock(tx, id).await? {
            settle(tx, project, &mut task, believing, now).await?;
        }
    }
    Ok(())
}
