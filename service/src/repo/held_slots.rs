//! Giving back what a person holds when they may answer no more. What they have answered stays.

use crate::{error::Result, repo::sql::sql};
use domain::id::{ProjectId, UserId};
use sea_orm::ConnectionTrait;

/// Frees every slot that the user holds without having answered; returns how many.
pub(crate) async fn free_of_user<C: ConnectionTrait>(conn: &C, user: UserId) -> Result<u64> {
    let text = "DELETE FROM slots WHERE annotation_id IS NULL
                AND annotator_id IN (SELECT id FROM annotators WHERE user_id = $1)";
    Ok(conn.execute_raw(sql(conn, text, [user.0.into()])).await?.rows_affected())
}

/// As [`free_of_user`], in one project.
pub(crate) async fn free_of_member<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    user: UserId,
) -> Result<u64> {
    let text = "DELETE FROM slots WHERE annotation_id IS NULL
                AND annotator_id IN (SELECT id FROM annotators WHERE project_id = $1 AND user_id = $2)";
    Ok(conn.execute_raw(sql(conn, text, [project.0.into(), user.0.into()])).await?.rows_affected())
}
