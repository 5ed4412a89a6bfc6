//! Tasks as reviewers see them, with everything that a decision needs.

use crate::{
    entity::{content, decision, prediction, task, user},
    error::{Error, Result},
    repo::{
        annotations::{self, Counted},
        annotators::{self, Shown},
        claims::{self, Metadata},
        decisions,
        newest_predictions::{self, Newest},
        projects::Project,
        proposals, versions,
    },
};
use domain::{
    answer::Answers,
    consensus::{Consensus, Vote},
    decision::{DecisionKind, standing},
    id::{AnnotatorId, SampleId, TaskId},
    task::TaskState,
    time::Timestamp,
    view::review::{AnnotationView, Approvals, DecisionView, PredictionView, ReviewItem},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;

/// These tasks of one project, in their order.
pub(crate) async fn items<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    tasks: Vec<task::Model>,
) -> Result<Vec<ReviewItem>> {
    let ids: Vec<TaskId> = tasks.iter().map(task::Model::id).collect();
    let samples: Vec<SampleId> = tasks.iter().map(task::Model::sample).collect();
    let counted = annotations::counted(conn, &ids).await?;
    let annotators = annotators::shown(conn, project.id).await?;
    let contents = claims::contents(conn, tasks.iter().map(|task| task.content_id)).await?;
    let labels = versions::current(conn, samples.iter().copied()).await?;
    let predictions = newest_predictions::of_samples(conn, project.id, &samples).await?;
    let mut decisions = of_tasks(conn, &ids).await?;
    let mut proposals = proposals::of_tasks(conn, &ids).await?;
    let mut items = Vec::with_capacity(tasks.len());
    for task in tasks {
        let content = contents.get(&task.content_id).ok_or_else(|| Error::internal("content is gone"))?;
        let counted = counted.get(&task.id()).map_or(&[][..], Vec::as_slice);
        let votes: Vec<Vote<'_>> = counted.iter().map(Counted::vote).collect();
        let stored = labels.get(&task.sample()).filter(|row| row.label.is_some());
        let stored_label =
            stored.and_then(|row| row.label.as_deref()).map(serde_json::from_str).transpose()?;
        let decisions = decisions.remove(&task.id()).unwrap_or_default();
        let newest = predictions.get(&task.sample()).map_or(&[][..], Vec::as_slice);
        items.push(ReviewItem {
            task: task.id(),
            rev: task.rev,
            state: task.state()?,
            sample: claims::shown(&task.sample_key, content.texts(), Metadata::All)?,
            reason: task.reason()?,
            annotations: counted.iter().map(|counted| annotation(counted, &annotators)).collect(),
            consensus: Consensus::of(&votes),
            proposal: proposals.remove(&task.id()),
            predictions: newest.iter().map(shown_prediction).collect(),
            stored_label,
            stored_version: stored.and_then(|row| row.from_version),
            approvals: approvals(project, &task, content, &decisions)?,
            decisions,
            created_at: Timestamp(task.created_at),
        });
    }
    Ok(items)
}

/// How far the label of a task in review is, where it needs several reviewers.
fn approvals(
    project: &Project,
    task: &task::Model,
    content: &content::Model,
    decisions: &[DecisionView],
) -> Result<Option<Approvals>> {
    let needed = project.settings.split.reviewers(content.split(project, &task.sample_key)?);
    if task.state()? != TaskState::InReview || needed < 2 {
        return Ok(None);
    }
    let standing = standing(decisions, |view| view.decision.decides_label().then_some(&view.answers));
    Ok(Some(Approvals {
        needed,
        by: standing.iter().filter_map(|view| view.decided_by.clone()).collect(),
        answers: standing.last().and_then(|view| view.answers.clone()),
    }))
}

/// A counted annotation as reviewers see it.
pub(crate) fn annotation(counted: &Counted, annotators: &HashMap<AnnotatorId, Shown>) -> AnnotationView {
    let shown = annotators.get(&counted.annotator);
    AnnotationView {
        annotation: counted.id,
        annotator: shown.map(|shown| shown.name.clone()).unwrap_or_default(),
        simulated: shown.is_some_and(|shown| shown.simulated),
        answers: counted.answers.clone(),
        verdict: counted.verdict,
        note: counted.note.clone(),
        created_at: counted.created_at,
    }
}

fn shown_prediction(newest: &Newest) -> PredictionView {
    PredictionView {
        model: newest.model.clone(),
        question: newest.question.clone(),
        probs: newest.probs.clone(),
    }
}

/// Every prediction of a sample, the newest first, as reviewers see it.
pub(crate) fn prediction(row: prediction::Model) -> Result<PredictionView> {
    Ok(PredictionView {
        model: domain::name::ModelName::parse(row.model).map_err(Error::internal)?,
        question: row.question,
        probs: serde_json::from_str(&row.probs)?,
    })
}

/// The decisions on these tasks, the oldest first.
pub(crate) async fn of_tasks<C: ConnectionTrait>(
    conn: &C,
    tasks: &[TaskId],
) -> Result<HashMap<TaskId, Vec<DecisionView>>> {
    let rows = decision::Entity::find()
        .filter(decision::Column::TaskId.is_in(tasks.iter().map(|task| task.0)))
        .order_by_asc(decision::Column::Id)
        .all(conn)
        .await?;
    let emails = emails(conn, rows.iter().filter_map(|row| row.decided_by)).await?;
    let mut found: HashMap<TaskId, Vec<DecisionView>> = HashMap::new();
    for row in rows {
        let answers: Option<Answers> = row.answers.as_deref().map(serde_json::from_str).transpose()?;
        found.entry(TaskId(row.task_id)).or_default().push(DecisionView {
            decision: DecisionKind::parse(&row.kind).ok_or_else(|| Error::internal("an unknown decision"))?,
            decided_by: row.decided_by.and_then(|id| emails.get(&id).cloned()),
            own_annotation: row.own_annotation,
            answers,
            outcome: decisions::outcome(&row)?,
            note: row.note,
            created_at: Timestamp(row.created_at),
        });
    }
    Ok(found)
}

/// The e-mail addresses of these users.
pub(crate) async fn emails<C: ConnectionTrait>(
    conn: &C,
    users: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, String>> {
    let rows = user::Entity::find().filter(user::Column::Id.is_in(users)).all(conn).await?;
    Ok(rows.into_iter().map(|user| (user.id, user.email)).collect())
}
