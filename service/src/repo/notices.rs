//! Notices about people who were right less often than their project asks for.

use crate::{
    entity::notice,
    error::Result,
    repo::{page, sql::sql},
};
use domain::{
    id::{AnnotatorId, NoticeId, ProjectId, UserId},
    known::Right,
    time::Timestamp,
    view::{Page, PageRequest},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// Writes a notice down, unless one about the annotator is open: another answer of theirs may have led to it at this moment.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    (project, annotator): (ProjectId, AnnotatorId),
    level: f64,
    right: Right,
    now: Timestamp,
) -> Result<Option<NoticeId>> {
    let text = "INSERT INTO notices (project_id, annotator_id, level, correct, results, created_at)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let values = [
        project.0.into(),
        annotator.0.into(),
        level.into(),
        right.right.into(),
        right.of.into(),
        now.0.into(),
    ];
    if tx.execute_raw(sql(tx, text, values)).await?.rows_affected() == 0 {
        return Ok(None);
    }
    Ok(open_of(tx, annotator).await?.map(|row| NoticeId(row.id)))
}

/// The project's notice of this id.
pub(crate) async fn find<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    id: NoticeId,
) -> Result<Option<notice::Model>> {
    let found = notice::Entity::find_by_id(id.0).one(conn).await?;
    Ok(found.filter(|row| row.project_id == project.0))
}

/// The open notice about the annotator.
pub(crate) async fn open_of<C: ConnectionTrait>(
    conn: &C,
    annotator: AnnotatorId,
) -> Result<Option<notice::Model>> {
    Ok(notice::Entity::find()
        .filter(notice::Column::AnnotatorId.eq(annotator.0))
        .filter(notice::Column::ClosedAt.is_null())
        .one(conn)
        .await?)
}

/// The open notices of the project, the oldest first.
pub(crate) async fn open<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<Vec<notice::Model>> {
    Ok(notice::Entity::find()
        .filter(notice::Column::ProjectId.eq(project.0))
        .filter(notice::Column::ClosedAt.is_null())
        .order_by_asc(notice::Column::Id)
        .all(conn)
        .await?)
}

/// Which notices a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    All,
    Closed,
}

/// One page of the project's notices, the newest first.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    listed: Listed,
    request: &PageRequest,
) -> Result<Page<notice::Model>> {
    let limit = page::limit(request)?;
    let mut query = notice::Entity::find()
        .filter(notice::Column::ProjectId.eq(project.0))
        .order_by_desc(notice::Column::Id)
        .limit(limit as u64 + 1);
    if listed == Listed::Closed {
        query = query.filter(notice::Column::ClosedAt.is_not_null());
    }
    if let Some(before) = page::after::<i64>(request)? {
        query = query.filter(notice::Column::Id.lt(before));
    }
    page::page(query.all(conn).await?, limit, |row| row.id)
}

/// The notices about the annotator that held until a manager closed them, or still hold, the newest first.
pub(crate) async fn of_annotator<C: ConnectionTrait>(
    conn: &C,
    annotator: AnnotatorId,
    most: u64,
) -> Result<Vec<notice::Model>> {
    Ok(notice::Entity::find()
        .filter(notice::Column::AnnotatorId.eq(annotator.0))
        .filter(notice::Column::Withdrawn.eq(false))
        .order_by_desc(notice::Column::Id)
        .limit(most)
        .all(conn)
        .await?)
}

/// Writes down that whom it is about has seen it, where they had not.
pub(crate) async fn see(tx: &DatabaseTransaction, id: NoticeId, now: Timestamp) -> Result<()> {
    let text = "UPDATE notices SET seen_at = $1 WHERE id = $2 AND seen_at IS NULL";
    tx.execute_raw(sql(tx, text, [now.0.into(), id.0.into()])).await?;
    Ok(())
}

/// Closes it because it no longer holds; whether it was open.
pub(crate) async fn withdraw(tx: &DatabaseTransaction, id: NoticeId, now: Timestamp) -> Result<bool> {
    let text = "UPDATE notices SET closed_at = $1, withdrawn = TRUE WHERE id = $2 AND closed_at IS NULL";
    Ok(tx.execute_raw(sql(tx, text, [now.0.into(), id.0.into()])).await?.rows_affected() > 0)
}

/// Closes it for a manager; whom it is about begins anew, without the results until now. Whether it was open.
pub(crate) async fn close(
    tx: &DatabaseTransaction,
    id: NoticeId,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE notices SET closed_at = $1, closed_by = $2,
                  counted_until = (SELECT COALESCE(MAX(a.id), 0) FROM annotations a)
                WHERE id = $3 AND closed_at IS NULL";
    let values = [now.0.into(), by.map(|user| user.0).into(), id.0.into()];
    Ok(tx.execute_raw(sql(tx, text, values)).await?.rows_affected() > 0)
}
