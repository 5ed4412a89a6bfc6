//! Annotations that count: those that a slot points to.

use crate::{
    entity::{annotation, slot},
    error::{Error, Result},
};
use domain::{
    answer::{Answers, Verdict},
    consensus::Vote,
    id::{AnnotationId, AnnotatorId, TaskId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;

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

/// The counted annotations of these tasks, the oldest first.
pub(crate) async fn counted<C: ConnectionTrait>(
    conn: &C,
    tasks: &[TaskId],
) -> Result<HashMap<TaskId, Vec<Counted>>> {
    let ids: Vec<i64> = tasks.iter().map(|task| task.0).collect();
    let slots = slot::Entity::find()
        .filter(slot::Column::TaskId.is_in(ids.iter().copied()))
        .filter(slot::Column::AnnotationId.is_not_null())
        .all(conn)
        .await?;
    let rows = annotation::Entity::find()
        .filter(annotation::Column::Id.is_in(slots.iter().filter_map(|slot| slot.annotation_id)))
        .order_by_asc(annotation::Column::Id)
        .all(conn)
        .await?;
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
