//! A database that a newer release has written is left alone: an older one would misread it.

use crate::{
    error::{Error, Result},
    repo::sql::sql,
};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend};

/// Refuses a database with a migration that this release does not know; the migrations that it has.
pub(super) async fn refuse<C: ConnectionTrait>(conn: &C) -> Result<Vec<String>> {
    let exists = match conn.get_database_backend() {
        DbBackend::Postgres => "SELECT 1 AS found WHERE to_regclass('seaql_migrations') IS NOT NULL",
        _ => "SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = 'seaql_migrations'",
    };
    if conn.query_one_raw(sql(conn, exists, [])).await?.is_none() {
        return Ok(Vec::new());
    }
    let known: Vec<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let applied = "SELECT version FROM seaql_migrations ORDER BY version";
    let rows = conn.query_all_raw(sql(conn, applied, [])).await?;
    let applied: Vec<String> =
        rows.iter().map(|row| row.try_get("", "version")).collect::<std::result::Result<_, _>>()?;
    match applied.iter().find(|version| !known.contains(version)) {
        Some(version) => Err(Error::Newer(version.clone())),
        None => Ok(applied),
    }
}
