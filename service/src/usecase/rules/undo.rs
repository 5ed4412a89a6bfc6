//! Undoing a rule as one: its tasks are in review again, and the guideline is as it was before.

use super::revise;
use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        project_changes::Made,
        projects::{self, Project},
        requeue,
        rules::{self, Fixed},
        tasks,
    },
    services::Services,
    usecase::review,
};
use domain::{
    decision::DecisionKind,
    id::{ChangeSetId, TaskId},
    problem::Code,
    task::TaskState,
    view::{change_set::ChangeSetUndone, review::TaskDecisionInput},
};
use sea_orm::DatabaseTransaction;
use serde_json::json;

/// Undoes the rule of this change set, before its labels are in a version. What somebody changed since is left alone.
pub(in crate::usecase) async fn undo(
    tx: &DatabaseTransaction,
    services: &Services,
    actor: &Actor,
    project: Project,
    set: ChangeSetId,
) -> Result<ChangeSetUndone> {
    projects::lock(tx, project.id).await?;
    let project = projects::by_id(tx, project.id).await?;
    let rule = rules::of_sets(tx, &[set.0]).await?.remove(&set.0);
    let rule = rule.ok_or_else(|| {
        Error::refused(Code::WrongState, "only the change set of a rule can be undone as one")
    })?;
    if rule.undone_at.is_some() {
        return Err(Error::refused(Code::WrongState, "the rule was undone before"));
    }
    if let Some(fixed) = rules::fixed(tx, &[set.0]).await?.remove(&set.0) {
        let why = match fixed {
            Fixed::InVersion => "labels that the rule decided are in a version already",
            Fixed::NewerTask => "a sample of the rule has a newer task that is not decided yet",
        };
        return Err(Error::refused(fixed.code(), why));
    }
    let now = services.now(tx).await?;
    let mut undone = ChangeSetUndone { reopened: 0, left_alone: 0, guideline_revision: None };
    for example in rules::examples(tx, &[set.0]).await?.remove(&set.0).unwrap_or_default() {
        let id = TaskId(example.task_id);
        let task = tasks::find(tx, id).await?.ok_or_else(|| Error::internal("a task is gone"))?;
        if task.rev != example.rev {
            undone.left_alone += 1;
            continue;
        }
        // One that still waits for another reviewer is in review: what was decided under the rule's guideline stops
        // counting with the next revision.
        if task.state()? == TaskState::Approved {
            let (rev, decision) = (task.rev, DecisionKind::Reopen);
            let input = TaskDecisionInput { task: id, rev, decision, answers: None, note: None };
            review::decide(services, tx, actor, Some(project.id), input, now).await?;
        }
        undone.reopened += 1;
    }
    if project.guideline_revision == rule.guideline_revision {
        let before = projects::guideline_at(tx, project.id, rule.guideline_revision - 1).await?;
        let before = before.ok_or_else(|| Error::internal("the guideline before the rule is gone"))?;
        let after = revise(tx, project.clone(), &before, Made { by: actor.user(), at: now }).await?;
        requeue::project(tx, &after, now).await?;
        undone.guideline_revision = Some(after.guideline_revision);
    }
    rules::undo(tx, set, now).await?;
    let entry = Entry {
        actor,
        project: Some(project.id),
        action: "undo_change_set",
        subject: format!("change set {set}"),
        detail: json!(undone),
    };
    audit::write(tx, now, entry).await?;
    Ok(undone)
}
