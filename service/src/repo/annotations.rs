//! Annotations: appended, withdrawn, and those that count, which are those that a slot points to.

use crate::{
    entity::{annotation, withdrawal},
    error::{Error, Result},
    repo::sql::{places, sql},
};
use domain::{
    answer::{Answers, Verdict},
    consensus::Vote,
    id::{AnnotationId, AnnotatorId, ProjectId, SampleId, TaskId},
    signal::SignalKind,
    time::Timestamp,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter,
};
use std::collections::{HashMap, HashSet};

/// A counted annotation, parsed.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    pub id: AnnotationId,
    pub annotator: AnnotatorId,
    pub verdict: Verdict,
    pub answers: Answers,
    pub note: Option<String>,
    pub created_at: Timestamp,
}

impl Counted {
    /// As consensus sees it.
    pub(crate) fn vote(&self) -> Vote<'_> {
        Vote { verdict: self.verdict, answers: &self.answers }
    }

    /// Parses a row.
    pub(crate) fn parse(row: annotation::Model) -> Result<Self> {
        Ok(Self {
            id: AnnotationId(row.id),
            annotator: AnnotatorId(row.annotator_id),
            verdict: Verdict::parse(&row.verdict).ok_or_else(|| Error::internal("an unknown verdict"))?,
            answers: serde_json::from_str(&row.answers)?,
            note: row.note,
            created_at: Timestamp(row.created_at),
        })
    }
}

/// The annotation of this id.
pub(crate) async fn find<C: ConnectionTrait>(
    conn: &C,
    id: AnnotationId,
) -> Result<Option<annotation::Model>> {
    Ok(annotation::Entity::find_by_id(id.0).one(conn).await?)
}

/// Appends `row`, whose id the database gives.
pub(crate) async fn append(tx: &DatabaseTransaction, row: annotation::Model) -> Result<AnnotationId> {
    let row = annotation::ActiveModel { id: NotSet, ..row.into() };
    Ok(AnnotationId(annotation::Entity::insert(row).exec(tx).await?.last_insert_id))
}

/// Writes down that the annotation was taken back.
pub(crate) async fn withdraw(tx: &DatabaseTransaction, id: AnnotationId, now: Timestamp) -> Result<()> {
    let row = withdrawal::ActiveModel { annotation_id: Set(id.0), created_at: Set(now.0) };
    withdrawal::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Whoever has ever annotated the sample.
pub(crate) async fn annotators_of<C: ConnectionTrait>(
    conn: &C,
    sample: SampleId,
) -> Result<HashSet<AnnotatorId>> {
    let rows = annotation::Entity::find().filter(annotation::Column::SampleId.eq(sample.0)).all(conn).await?;
    Ok(rows.into_iter().map(|row| AnnotatorId(row.annotator_id)).collect())
}

/// A counted annotation that answers.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Answered {
    pub task_id: i64,
    pub annotator_id: i64,
    pub answers: String,
}

/// The counted annotations of the project that answer, the oldest first: of tasks with this reason, given at or after
/// the first time and before the second.
pub(crate) async fn answered<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    reason: Option<SignalKind>,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
) -> Result<Vec<Answered>> {
    let text = "SELECT a.task_id, a.annotator_id, a.answers
                FROM tasks t JOIN slots s ON s.task_id = t.id JOIN annotations a ON a.id = s.annotation_id
                WHERE t.project_id = $1 AND a.verdict = 'answered'
                AND ($2 = '' OR t.reason_kind = $2) AND a.created_at >= $3 AND a.created_at < $4
                ORDER BY a.id";
    let values = [
        project.0.into(),
        reason.map_or("", SignalKind::as_str).into(),
        from.map_or(i64::MIN, |at| at.0).into(),
        to.map_or(i64::MAX, |at| at.0).into(),
    ];
    Ok(Answered::find_by_statement(sql(conn, text, values)).all(conn).await?)
}

/// The counted annotations of these tasks, the oldest first.
pub(crate) async fn counted<C: ConnectionTrait>(
    conn: &C,
    tasks: &[TaskId],
) -> Result<HashMap<TaskId, Vec<Counted>>> {
    if tasks.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "SELECT a.* FROM slots s JOIN annotations a ON a.id = s.annotation_id WHERE s.task_id IN ({})
         ORDER BY a.id",
        places(1, tasks.len())
    );
    let values = tasks.iter().map(|task| task.0.into());
    let rows = annotation::Entity::find().from_raw_sql(sql(conn, &text, values)).all(conn).await?;
    let mut found: HashMap<TaskId, Vec<Counted>> = HashMap::new();
    for row in rows {
        found.entry(TaskId(row.task_id)).or_default().push(Counted::parse(row)?);
    }
    Ok(found)
}

/// The counted annotations of one task, the oldest first.
pub(crate) async fn counted_of<C: ConnectionTrait>(conn: &C, task: TaskId) -> Result<Vec<Counted>> {
    Ok(counted(conn, &[task]).await?.remove(&task).unwrap_or_default())
}
