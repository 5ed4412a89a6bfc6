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
    consensus::Consensus,
    decision::DecisionKind,
    id::{AnnotatorId, SampleId, TaskId},
    task::TaskState,
    time::Timestamp,
    view::review::{AnnotationView, Approvals, DecisionView, PredictionView, ReviewItem, Weighed},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;

/// What a task's answers say together, and why.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub consensus: Consensus,
    pub weighed: Weighed,
}

/// These tasks of one project, in their order; `judge` says what the counted answers to one and the newest predictions make
/// of its label.
pub(crate) async fn items<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    judge: impl Fn(&[Counted], &[Newest]) -> Judged,
    tasks: Vec<task::Model>,
) -> Result<Vec<ReviewItem>> {
    let ids: Vec<TaskId> = tasks.iter().map(task::Model::id).collect();
    let samples: Vec<SampleId> = tasks.iter().map(task::Model::sample).collect();
    let counted = annotations::counted(conn, &ids).await?;
    let annotators = annotators::shown(conn, project.id).await?;
    let contents = claims::contents(conn, tasks.iter().map(|task| task.content_id)).await?;
    let labels = versions::current(conn, samples.iter().copied()).await?;
    let predictions = newest_predictions::of_samples(conn, project.id, &samples).await?;
    let decisions = Decisions::of_tasks(conn, &ids).await?;
    let mut proposals = proposals::of_tasks(conn, &ids).await?;
    let mut items = Vec::with_capacity(tasks.len());
    for task in tasks {
        let content = contents.get(&task.content_id).ok_or_else(|| Error::internal("content is gone"))?;
        let counted = counted.get(&task.id()).map_or(&[][..], Vec::as_slice);
        let stored = labels.get(&task.sample()).filter(|row| row.label.is_some());
        let stored_label =
            stored.and_then(|row| row.label.as_deref()).map(serde_json::from_str).transpose()?;
        let newest = predictions.get(&task.sample()).map_or(&[][..], Vec::as_slice);
        let Judged { consensus, weighed } = judge(counted, newest);
        items.push(ReviewItem {
            task: task.id(),
            rev: task.rev,
            state: task.state()?,
            sample: claims::shown(&task.sample_key, content.texts(), Metadata::All)?,
            reason: task.reason()?,
            annotations: counted.iter().map(|counted| annotation(counted, &annotators)).collect(),
            consensus,
            weighed,
            proposal: proposals.remove(&task.id()),
            predictions: newest.iter().map(shown_prediction).collect(),
            stored_label,
            stored_version: stored.and_then(|row| row.from_version),
            approvals: decisions.approvals(project, &task, content)?,
            decisions: decisions.views(task.id())?,
            created_at: Timestamp(task.created_at),
        });
    }
    Ok(items)
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

/// The decisions on some tasks.
pub(crate) struct Decisions {
    /// The oldest first.
    rows: HashMap<TaskId, Vec<decision::Model>>,
    emails: HashMap<i64, String>,
}

impl Decisions {
    pub(crate) async fn of_tasks<C: ConnectionTrait>(conn: &C, tasks: &[TaskId]) -> Result<Self> {
        let found = decisions::of_tasks(conn, tasks.iter().copied()).await?;
        let emails = emails(conn, found.iter().filter_map(|row| row.decided_by)).await?;
        let mut rows: HashMap<TaskId, Vec<decision::Model>> = HashMap::new();
        for row in found {
            rows.entry(TaskId(row.task_id)).or_default().push(row);
        }
        Ok(Self { rows, emails })
    }

    /// The decisions on the task as reviewers see them, the oldest first.
    pub(crate) fn views(&self, task: TaskId) -> Result<Vec<DecisionView>> {
        let view = |row: &decision::Model| {
            Ok(DecisionView {
                decision: DecisionKind::parse(&row.kind)
                    .ok_or_else(|| Error::internal("an unknown decision"))?,
                decided_by: self.decided_by(row),
                own_annotation: row.own_annotation,
                answers: answers(row)?,
                outcome: decisions::outcome(row)?,
                note: row.note.clone(),
                created_at: Timestamp(row.created_at),
            })
        };
        self.of(task).iter().map(view).collect()
    }

    /// How far the label of a task in review is, where it needs several reviewers.
    fn approvals(
        &self,
        project: &Project,
        task: &task::Model,
        content: &content::Model,
    ) -> Result<Option<Approvals>> {
        let needed = project.settings.split.reviewers(content.split(project, &task.sample_key)?);
        if task.state()? != TaskState::InReview || needed < 2 {
            return Ok(None);
        }
        let standing = decisions::standing(project, self.of(task.id()))?;
        Ok(Some(Approvals {
            needed,
            by: standing.iter().filter_map(|row| self.decided_by(row)).collect(),
            answers: standing.last().map(answers).transpose()?.flatten(),
        }))
    }

    fn of(&self, task: TaskId) -> &[decision::Model] {
        self.rows.get(&task).map_or(&[], Vec::as_slice)
    }

    fn decided_by(&self, row: &decision::Model) -> Option<String> {
        row.decided_by.and_then(|id| self.emails.get(&id).cloned())
    }
}

fn answers(row: &decision::Model) -> Result<Option<Answers>> {
    Ok(row.answers.as_deref().map(serde_json::from_str).transpose()?)
}

/// The e-mail addresses of these users.
pub(crate) async fn emails<C: ConnectionTrait>(
    conn: &C,
    users: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, String>> {
    let rows = user::Entity::find().filter(user::Column::Id.is_in(users)).all(conn).await?;
    Ok(rows.into_iter().map(|user| (user.id, user.email)).collect())
}
