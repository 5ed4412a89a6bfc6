//! The browser's sessions. Their data is the server's business; this module never reads it.

use crate::{entity::session, error::Result, repo::sql::sql};
use domain::{id::UserId, time::Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// A session as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub id: String,
    pub user: Option<UserId>,
    pub data: String,
    pub expires: Timestamp,
}

/// Adds a session; false where its id is taken.
pub(crate) async fn insert<C: ConnectionTrait>(conn: &C, row: &Row) -> Result<bool> {
    let text = "INSERT INTO sessions (id, user_id, data, expires_at) VALUES ($1, $2, $3, $4)
                ON CONFLICT DO NOTHING";
    let values = [
        row.id.as_str().into(),
        row.user.map(|user| user.0).into(),
        row.data.as_str().into(),
        row.expires.0.into(),
    ];
    Ok(conn.execute_raw(sql(conn, text, values)).await?.rows_affected() > 0)
}

/// Replaces a session; one that was ended meanwhile stays ended.
pub(crate) async fn update<C: ConnectionTrait>(conn: &C, row: &Row) -> Result<()> {
    let text = "UPDATE sessions SET user_id = $2, data = $3, expires_at = $4 WHERE id = $1";
    let values = [
        row.id.as_str().into(),
        row.user.map(|user| user.0).into(),
        row.data.as_str().into(),
        row.expires.0.into(),
    ];
    conn.execute_raw(sql(conn, text, values)).await?;
    Ok(())
}

/// The data of a session that has not ended.
pub(crate) async fn data<C: ConnectionTrait>(conn: &C, id: &str, now: Timestamp) -> Result<Option<String>> {
    let row = session::Entity::find_by_id(id).filter(session::Column::ExpiresAt.gt(now.0)).one(conn).await?;
    Ok(row.map(|row| row.data))
}

/// Ends one session.
pub(crate) async fn delete<C: ConnectionTrait>(conn: &C, id: &str) -> Result<()> {
    session::Entity::delete_by_id(id).exec(conn).await?;
    Ok(())
}

/// Ends the user's sessions but for `keep`.
pub(crate) async fn delete_of_user<C: ConnectionTrait>(
    conn: &C,
    user: UserId,
    keep: Option<&str>,
) -> Result<()> {
    let text = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
    conn.execute_raw(sql(conn, text, [user.0.into(), keep.unwrap_or_default().into()])).await?;
    Ok(())
}

/// Deletes the sessions that have ended.
pub(crate) async fn delete_expired<C: ConnectionTrait>(conn: &C, now: Timestamp) -> Result<()> {
    let text = "DELETE FROM sessions WHERE expires_at <= $1";
    conn.execute_raw(sql(conn, text, [now.0.into()])).await?;
    Ok(())
}
