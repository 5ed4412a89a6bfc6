//! Every label that was ever decided for a sample: who, when, why, and what became of it.

use crate::{
    entity::{decision, task},
    error::{Error, Result},
    repo::{decisions, label_rows, review_items, versions},
};
use domain::{
    decision::DecisionKind,
    id::{ProjectId, SampleId, TaskId},
    task::TaskState,
    time::Timestamp,
    view::sample::{LabelHistory, LabelStatus},
};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// The labels of the sample, whose tasks these are, the newest first.
pub(super) async fn of<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    sample: SampleId,
    tasks: &[task::Model],
) -> Result<Vec<LabelHistory>> {
    let staged = label_rows::staged(conn, &[sample]).await?.remove(&sample).map(|row| row.id);
    let rows = label_rows::of_sample(conn, sample).await?;
    let decisions = decisions::of_tasks(conn, tasks.iter().map(task::Model::id)).await?;
    let decided: HashMap<i64, &decision::Model> = decisions.iter().map(|row| (row.id, row)).collect();
    // Nobody decided what an import or a revert brought; it is whose version it came with.
    let came_with = rows.iter().filter(|row| row.decision_id.is_none()).filter_map(|row| row.from_version);
    let authors = versions::authors(conn, project, came_with).await?;
    let people = decisions.iter().filter_map(|row| row.decided_by).chain(authors.values().copied());
    let emails = review_items::emails(conn, people).await?;
    let mut history = Vec::with_capacity(rows.len());
    for row in rows {
        let decision = row.decision_id.and_then(|id| decided.get(&id).copied());
        let status = match row.from_version {
            Some(from) if row.until_version != Some(from) => LabelStatus::InVersion,
            None if Some(row.id) == staged => LabelStatus::Staged,
            _ if decision.is_some_and(|decision| was_taken_back(decision, &decisions, tasks)) => {
                LabelStatus::TakenBack
            }
            _ => LabelStatus::Replaced,
        };
        let in_version = status == LabelStatus::InVersion;
        let person = match decision {
            Some(decision) => decision.decided_by,
            None => row.from_version.and_then(|version| authors.get(&version).copied()),
        };
        let kind = |row: &decision::Model| {
            DecisionKind::parse(&row.kind).ok_or_else(|| Error::internal("an unknown decision"))
        };
        history.push(LabelHistory {
            status,
            version: row.from_version.filter(|_| in_version),
            until: row.until_version.filter(|_| in_version),
            label: row.answers()?,
            provenance: row.provenance()?,
            outcome: decision.map(decisions::outcome).transpose()?.flatten(),
            decided_by: person.and_then(|id| emails.get(&id).cloned()),
            decision: decision.map(kind).transpose()?,
            task: decision.map(|decision| TaskId(decision.task_id)),
            note: decision.and_then(|decision| decision.note.clone()),
            created_at: Timestamp(row.created_at),
        });
    }
    Ok(history)
}

/// Whether its task went on after the decision. Of the policy's decisions it does when an answer is taken back.
fn was_taken_back(decision: &decision::Model, all: &[decision::Model], tasks: &[task::Model]) -> bool {
    let went_on = all.iter().any(|other| other.task_id == decision.task_id && other.id > decision.id);
    let approved = TaskState::Approved.as_str();
    went_on || tasks.iter().any(|task| task.id == decision.task_id && task.state != approved)
}
