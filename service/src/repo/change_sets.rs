//! Change sets: which labels one is about, what is kept of it, and how far its review is.

use crate::{
    entity::change_set,
    error::Result,
    repo::{
        page,
        sql::{places, sql},
    },
};
use domain::{
    id::{AnnotatorId, ChangeSetId, ProjectId},
    task::TaskState,
    time::Timestamp,
    view::{Page, PageRequest, change_set::ChangeSetProgress},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::HashMap;

/// A sample whose label is meant, with the label from before.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Meant {
    pub sample_id: i64,
    pub sample_key: String,
    pub content_id: i64,
    /// None where there was none.
    pub before: Option<String>,
    /// Whether a task of the sample is open or in review.
    pub is_active: bool,
}

/// The samples whose label in the newest version was decided on a task that the annotator answered at or after `since`,
/// and became another by that. An erased sample has nothing left that a reviewer could look at.
pub(crate) async fn answered_since<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    annotator: AnnotatorId,
    since: Timestamp,
) -> Result<Vec<Meant>> {
    let text = "SELECT l.sample_id, l.sample_key, m.content_id, older.label AS before,
                  EXISTS (SELECT 1 FROM tasks t WHERE t.sample_id = l.sample_id
                          AND t.state IN ('open', 'in_review')) AS is_active
                FROM annotations a JOIN slots s ON s.annotation_id = a.id
                JOIN decisions d ON d.task_id = a.task_id JOIN labels l ON l.decision_id = d.id
                JOIN samples m ON m.id = l.sample_id
                LEFT JOIN labels older ON older.sample_id = l.sample_id AND older.until_version = l.from_version
                  AND older.from_version < older.until_version
                WHERE a.project_id = $1 AND a.annotator_id = $2 AND a.created_at >= $3
                AND l.from_version IS NOT NULL AND l.until_version IS NULL
                AND l.label IS DISTINCT FROM older.label
                AND m.erased_at IS NULL AND m.content_id IS NOT NULL
                ORDER BY l.sample_key";
    let values = [project.0.into(), annotator.0.into(), since.0.into()];
    Ok(Meant::find_by_statement(sql(conn, text, values)).all(conn).await?)
}

/// Keeps a change set, whose id was reserved.
pub(crate) async fn add(tx: &DatabaseTransaction, row: change_set::Model) -> Result<()> {
    let row = change_set::ActiveModel::from(row);
    change_set::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// The project's change set of this id.
pub(crate) async fn find<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    id: ChangeSetId,
) -> Result<Option<change_set::Model>> {
    let found = change_set::Entity::find_by_id(id.0).one(conn).await?;
    Ok(found.filter(|row| row.project_id == project.0))
}

/// One page of the project's change sets, the newest first.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    request: &PageRequest,
) -> Result<Page<change_set::Model>> {
    let limit = page::limit(request)?;
    let mut query = change_set::Entity::find()
        .filter(change_set::Column::ProjectId.eq(project.0))
        .order_by_desc(change_set::Column::Id)
        .limit(limit as u64 + 1);
    if let Some(before) = page::after::<i64>(request)? {
        query = query.filter(change_set::Column::Id.lt(before));
    }
    page::page(query.all(conn).await?, limit, |row| row.id)
}

/// When these change sets were made.
pub(crate) async fn made_at<C: ConnectionTrait>(conn: &C, sets: &[i64]) -> Result<HashMap<i64, Timestamp>> {
    let rows = change_set::Entity::find().filter(change_set::Column::Id.is_in(sets.iter().copied()));
    Ok(rows.all(conn).await?.into_iter().map(|row| (row.id, Timestamp(row.created_at))).collect())
}

#[derive(FromQueryResult)]
struct StateRow {
    change_set_id: i64,
    state: String,
    count: i64,
}

/// Where the tasks of these change sets stand.
pub(crate) async fn progress<C: ConnectionTrait>(
    conn: &C,
    sets: &[i64],
) -> Result<HashMap<i64, ChangeSetProgress>> {
    if sets.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "SELECT p.change_set_id, t.state, COUNT(*) AS count
         FROM (SELECT change_set_id, task_id FROM proposals WHERE change_set_id IN ({0})
               UNION ALL SELECT change_set_id, task_id FROM rule_examples WHERE change_set_id IN ({0})) p
         JOIN tasks t ON t.id = p.task_id GROUP BY p.change_set_id, t.state",
        places(1, sets.len())
    );
    let rows = StateRow::find_by_statement(sql(conn, &text, sets.iter().map(|id| (*id).into())));
    let mut found: HashMap<i64, ChangeSetProgress> = HashMap::new();
    for row in rows.all(conn).await? {
        let progress = found.entry(row.change_set_id).or_default();
        match TaskState::parse(&row.state) {
            Some(TaskState::Open) => progress.open = row.count,
            Some(TaskState::InReview) => progress.in_review = row.count,
            Some(TaskState::Approved) => progress.approved = row.count,
            Some(TaskState::Dismissed) => progress.dismissed = row.count,
            Some(TaskState::Superseded) => progress.superseded = row.count,
            None | Some(TaskState::Known) => {}
        }
    }
    Ok(found)
}
