//! The one-time code of the first-run page, as a hash. There is at most one.

use crate::{entity::setup_code, error::Result, repo::sql::sql};
use sea_orm::{ConnectionTrait, EntityTrait};

/// Replaces the code.
pub(crate) async fn set<C: ConnectionTrait>(conn: &C, hash: &str) -> Result<()> {
    let text = "INSERT INTO setup_codes (id, hash) VALUES (1, $1)
                ON CONFLICT (id) DO UPDATE SET hash = excluded.hash";
    conn.execute_raw(sql(conn, text, [hash.into()])).await?;
    Ok(())
}

/// The code's hash, where there is one.
pub(crate) async fn get<C: ConnectionTrait>(conn: &C) -> Result<Option<String>> {
    Ok(setup_code::Entity::find().one(conn).await?.map(|row| row.hash))
}

/// Takes the code away and returns its hash: of two that come at once, one gets it.
pub(crate) async fn take<C: ConnectionTrait>(conn: &C) -> Result<Option<String>> {
    let row = conn.query_one_raw(sql(conn, "DELETE FROM setup_codes RETURNING hash", [])).await?;
    Ok(row.map(|row| row.try_get("", "hash")).transpose()?)
}
