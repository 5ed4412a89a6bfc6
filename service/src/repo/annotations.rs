//! Annotations: appended, withdrawn, and those that count, which are those that a slot points to.

use crate::{
    entity::{annotation, withdrawal},
    error::{Error, Result},
    repo::{
        sql::{insert, places, sql},
        versions::BATCH,
    },
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
    ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
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

/// Appends rows, whose ids were reserved.
pub(crate) async fn append_all(tx: &DatabaseTransaction, rows: Vec<annotation::Model>) -> Result<()> {
    const COLUMNS: [(&str, &str); 13] = [
        ("id", "BIGINT"),
        ("project_id", "BIGINT"),
        ("task_id", "BIGINT"),
        ("sample_id", "BIGINT"),
        ("annotator_id", "BIGINT"),
        ("content_id", "BIGINT"),
        ("verdict", "TEXT"),
        ("answers", "TEXT"),
        ("note", "TEXT"),
        ("duration_ms", "BIGINT"),
        ("schema_revision", "INTEGER"),
        ("guideline_revision", "INTEGER"),
        ("created_at", "BIGINT"),
    ];
    let values = rows.into_iter().flat_map(|row| {
        [
            row.id.into(),
            row.project_id.into(),
            row.task_id.into(),
            row.sample_id.into(),
            row.annotator_id.into(),
            row.content_id.into(),
            row.verdict.into(),
            row.answers.into(),
            row.note.into(),
            row.duration_ms.into(),
            row.schema_revision.into(),
            row.guideline_revision.into(),
            row.created_at.into(),
        ]
    });
    insert(tx, "annotations", &COLUMNS, values.collect()).await
}

/// Whoever has ever annotated these samples, by sample. An answer to a known-answer task keeps nobody from another.
pub(crate) async fn annotators_of<C: ConnectionTrait>(
    conn: &C,
    samples: &[SampleId],
) -> Result<HashMap<SampleId, HashSet<AnnotatorId>>> {
    let mut found: HashMap<SampleId, HashSet<AnnotatorId>> = HashMap::new();
    for samples in samples.chunks(BATCH) {
        let text = format!(
            "SELECT DISTINCT a.sample_id, a.annotator_id FROM annotations a JOIN tasks t ON t.id = a.task_id
             WHERE a.sample_id IN ({}) AND t.state <> 'known'",
            places(1, samples.len())
        );
        let values = samples.iter().map(|sample| sample.0.into());
        for row in conn.query_all_raw(sql(conn, &text, values)).await? {
            let annotator = AnnotatorId(row.try_get("", "annotator_id")?);
            found.entry(SampleId(row.try_get("", "sample_id")?)).or_default().insert(annotator);
        }
    }
    Ok(found)
}

/// A counted annotation that answers.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Answered {
    pub task_id: i64,
    pub sample_id: i64,
    pub annotator_id: i64,
    pub answers: String,
}

/// The counted annotations of the project that answer, the oldest first: of tasks with this reason, given at or after
/// the first time and before the second. Those whose answers are known say nothing here.
pub(crate) async fn answered<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    reason: Option<SignalKind>,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
) -> Result<Vec<Answered>> {
    let text = "SELECT a.task_id, a.sample_id, a.annotator_id, a.answers
                FROM tasks t JOIN slots s ON s.task_id = t.id JOIN annotations a ON a.id = s.annotation_id
                WHERE t.project_id = $1 AND t.state <> 'known' AND a.verdict = 'answered'
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

/// The newest annotation of all projects: its id, and when it came, since an id may come again after a write that was
/// undone.
pub(crate) type NewestAnnotation = Option<(i64, i64)>;

/// The newest annotation of all projects.
pub(crate) async fn newest<C: ConnectionTrait>(conn: &C) -> Result<NewestAnnotation> {
    let text = "SELECT id, created_at FROM annotations ORDER BY id DESC LIMIT 1";
    let row = conn.query_one_raw(sql(conn, text, [])).await?;
    row.map(|row| Ok((row.try_get("", "id")?, row.try_get("", "created_at")?))).transpose()
}

/// Whether the project has at most so many annotations, which takes no longer than to count that far.
pub(crate) async fn are_at_most<C: ConnectionTrait>(conn: &C, project: ProjectId, most: i64) -> Result<bool> {
    let text =
        "SELECT COUNT(*) AS count FROM (SELECT 1 FROM annotations WHERE project_id = $1 LIMIT $2) AS few";
    let row = conn.query_one_raw(sql(conn, text, [project.0.into(), (most + 1).into()])).await?;
    let count: Option<i64> = row.map(|row| row.try_get("", "count")).transpose()?;
    Ok(count.unwrap_or_default() <= most)
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
