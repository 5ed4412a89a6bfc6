//! To whom nothing is served, since when.

use crate::{
    entity::pause,
    error::Result,
    repo::sql::{places, sql},
};
use domain::{
    id::{AnnotatorId, NoticeId, ProjectId, UserId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter};
use std::collections::{HashMap, HashSet};

/// What keeps work from somebody, and what they should know before they go on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    pub is_paused: bool,
    /// An open notice that they have not seen.
    pub notice: Option<NoticeId>,
}

#[derive(FromQueryResult)]
struct StateRow {
    pause: Option<i64>,
    notice: Option<i64>,
}

/// In one statement: every claim asks.
pub(crate) async fn state<C: ConnectionTrait>(conn: &C, annotator: AnnotatorId) -> Result<State> {
    let text =
        "SELECT (SELECT p.id FROM pauses p WHERE p.annotator_id = $1 AND p.resumed_at IS NULL) AS pause,
                  (SELECT n.id FROM notices n WHERE n.annotator_id = $2 AND n.closed_at IS NULL
                   AND n.seen_at IS NULL) AS notice";
    let row = StateRow::find_by_statement(sql(conn, text, [annotator.0.into(), annotator.0.into()]));
    let row = row.one(conn).await?;
    Ok(row.map_or_else(State::default, |row| State {
        is_paused: row.pause.is_some(),
        notice: row.notice.map(NoticeId),
    }))
}

/// The pause of the annotator that goes on.
pub(crate) async fn open_of<C: ConnectionTrait>(
    conn: &C,
    annotator: AnnotatorId,
) -> Result<Option<pause::Model>> {
    Ok(pause::Entity::find()
        .filter(pause::Column::AnnotatorId.eq(annotator.0))
        .filter(pause::Column::ResumedAt.is_null())
        .one(conn)
        .await?)
}

/// Since when the annotators of the project that are paused are.
pub(crate) async fn of_project<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
) -> Result<HashMap<AnnotatorId, Timestamp>> {
    let rows = pause::Entity::find()
        .filter(pause::Column::ProjectId.eq(project.0))
        .filter(pause::Column::ResumedAt.is_null())
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (AnnotatorId(row.annotator_id), Timestamp(row.paused_at))).collect())
}

/// Which of these notices paused somebody.
pub(crate) async fn by_notices<C: ConnectionTrait>(
    conn: &C,
    notices: impl IntoIterator<Item = i64>,
) -> Result<HashSet<i64>> {
    let notices: Vec<i64> = notices.into_iter().collect();
    if notices.is_empty() {
        return Ok(HashSet::new());
    }
    let text = format!("SELECT notice_id FROM pauses WHERE notice_id IN ({})", places(1, notices.len()));
    let rows = conn.query_all_raw(sql(conn, &text, notices.into_iter().map(Into::into))).await?;
    Ok(rows.iter().map(|row| row.try_get("", "notice_id")).collect::<std::result::Result<_, _>>()?)
}

/// Who or what pauses somebody.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    Notice(NoticeId),
    /// None for the command line.
    Person(Option<UserId>),
}

/// Pauses the annotator; whether they were not paused before.
pub(crate) async fn pause(
    tx: &DatabaseTransaction,
    (project, annotator): (ProjectId, AnnotatorId),
    by: By,
    now: Timestamp,
) -> Result<bool> {
    let (notice, person) = match by {
        By::Notice(notice) => (Some(notice.0), None),
        By::Person(person) => (None, person.map(|user| user.0)),
    };
    let text = "INSERT INTO pauses (project_id, annotator_id, notice_id, paused_by, paused_at)
                VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let values = [project.0.into(), annotator.0.into(), notice.into(), person.into(), now.0.into()];
    Ok(tx.execute_raw(sql(tx, text, values)).await?.rows_affected() > 0)
}

/// Ends a pause; whether it went on.
pub(crate) async fn resume(
    tx: &DatabaseTransaction,
    id: i64,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE pauses SET resumed_at = $1, resumed_by = $2 WHERE id = $3 AND resumed_at IS NULL";
    let values = [now.0.into(), by.map(|user| user.0).into(), id.into()];
    Ok(tx.execute_raw(sql(tx, text, values)).await?.rows_affected() > 0)
}
