//! What follows when a task's answers or its possible answerers change: it goes to review, the policy approves
//! it, a label is staged.
//!
//! Every function works in the caller's transaction and checks no permission.

use crate::{
    entity::{content, decision, task},
    error::{Error, Result},
    repo::{
        annotations::{self, Counted},
        newest_predictions,
        projects::Project,
        slots,
        sql::sql,
        tasks,
        versions::{self, NewLabelRow},
    },
    services::Services,
};
use domain::{
    answer::Answers,
    consensus::{self, Consensus, Vote},
    decision::DecisionKind,
    id::{DecisionId, TaskId, UserId},
    provenance::{LabelAuthor, Provenance, VersionSource},
    settings::Require,
    signal::audit_rank,
    task::{DecidedBy, Event, TaskState},
    time::Timestamp,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, EntityTrait, FromQueryResult,
};

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

/// Moves an open task on when its last slot is answered, or when nobody is left who could answer it.
pub(crate) async fn settle(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &mut task::Model,
    now: Timestamp,
) -> Result<()> {
    if task.state()? != TaskState::Open {
        return Ok(());
    }
    let counted = annotations::counted_of(tx, task.id()).await?;
    let full = i32::try_from(counted.len()).is_ok_and(|count| count >= task.slots);
    if !full && slots::eligible(tx, project.id, task.id()).await? > 0 {
        return Ok(());
    }
    let votes: Vec<Vote<'_>> = counted.iter().map(Counted::vote).collect();
    let consensus = Consensus::of(&votes);
    let disagreement = 1.0 - consensus::pairwise_agreement(&votes).unwrap_or(1.0);
    task.disagreement = Some(disagreement + if consensus.conflict { 1.0 } else { 0.0 });
    if full
        && consensus::is_unanimous(&votes)
        && policy_approves(project, task.id())
        && let Some(answers) = &consensus.answers
    {
        tasks::advance(tx, task, Event::AnsweredAndApproved, Some(DecidedBy::Policy), now).await?;
        let new = NewDecision {
            kind: DecisionKind::Approve,
            answers: Some(answers),
            note: None,
            decided_by: None,
            own_annotation: false,
        };
        let decision = decide(tx, project, task, new, now).await?;
        return stage(tx, project, task, &counted, decision, Some(answers), LabelAuthor::Policy, now).await;
    }
    tasks::advance(tx, task, Event::Answered, None, now).await
}

/// Whether the review policy lets a unanimous task through; a random but steady share goes to review.
fn policy_approves(project: &Project, task: TaskId) -> bool {
    let review = &project.settings.review;
    review.require == Require::Conflicts
        && audit_rank(&project.salt, &format!("review\n{task}")) >= review.sample_rate
}

/// Writes a decision down.
pub(crate) async fn decide(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &task::Model,
    new: NewDecision<'_>,
    now: Timestamp,
) -> Result<DecisionId> {
    let row = decision::ActiveModel {
        id: NotSet,
        project_id: Set(project.id.0),
        task_id: Set(task.id),
        sample_id: Set(task.sample_id),
        kind: Set(new.kind.as_str().to_owned()),
        answers: Set(new.answers.map(domain::canonical::text_of).transpose()?),
        note: Set(new.note),
        decided_by: Set(new.decided_by.map(|user| user.0)),
        own_annotation: Set(new.own_annotation),
        schema_revision: Set(project.schema_revision),
        guideline_revision: Set(project.guideline_revision),
        created_at: Set(now.0),
    };
    let inserted = decision::Entity::insert(row).exec(tx).await?;
    Ok(DecisionId(inserted.last_insert_id))
}

/// Stages the label that a decision asks for; `None` removes it.
#[expect(clippy::too_many_arguments, reason = "each is another part of where the label comes from")]
pub(crate) async fn stage(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &task::Model,
    counted: &[Counted],
    decision: DecisionId,
    label: Option<&Answers>,
    decided_by: LabelAuthor,
    now: Timestamp,
) -> Result<()> {
    let votes: Vec<Vote<'_>> = counted.iter().map(Counted::vote).collect();
    let current = versions::current(tx, [task.sample()]).await?.remove(&task.sample());
    let previous = current.and_then(|row| row.label).map(|text| serde_json::from_str(&text)).transpose()?;
    let mut models: Vec<String> = newest_predictions::of_sample(tx, task.sample())
        .await?
        .into_iter()
        .map(|prediction| prediction.model.into())
        .collect();
    models.sort();
    models.dedup();
    let content = content::Entity::find_by_id(task.content_id).one(tx).await?;
    let content = content.ok_or_else(|| Error::internal("a content revision is gone"))?;
    let provenance = Provenance {
        source: VersionSource::Cut,
        decided_by,
        annotations: i32::try_from(counted.len()).map_err(Error::internal)?,
        agreement: consensus::pairwise_agreement(&votes),
        posterior: (!votes.is_empty()).then(|| Consensus::of(&votes).posterior),
        reason: Some(task.reason()?.kind),
        models,
        schema_revision: project.schema_revision,
        guideline_revision: project.guideline_revision,
        previous,
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

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

/// Settles the project's open tasks that somebody answered or skipped, after members left or were disabled:
/// perhaps nobody is left for them.
pub(crate) async fn settle_all(
    tx: &DatabaseTransaction,
    services: &Services,
    project: &Project,
) -> Result<()> {
    let now = services.now(tx).await?;
    let text = "SELECT t.id FROM tasks t WHERE t.project_id = $1 AND t.state = 'open'
                AND (EXISTS (SELECT 1 FROM slots s WHERE s.task_id = t.id AND s.annotation_id IS NOT NULL)
                     OR EXISTS (SELECT 1 FROM skips k WHERE k.task_id = t.id))
                ORDER BY t.id";
    for row in IdRow::find_by_statement(sql(tx, text, [project.id.0.into()])).all(tx).await? {
        if let Some(mut task) = tasks::lock(tx, TaskId(row.id)).await? {
            settle(tx, project, &mut task, now).await?;
        }
    }
    Ok(())
}
