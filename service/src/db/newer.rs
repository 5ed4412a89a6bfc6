//! A database that a newer release has written is left alone: an older one would misread it.

use crate::{
    error::{Error, Result},
    repo::sql::sql,
};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend};

/// Refuses a database with a migration that this release does not know.
pub(super) async fn refuse<C: ConnectionTrait>(conn: &C) -> Result<()> {
    let exists = match conn.get_database_backend() {
        DbBackend::Postgres => "SELECT 1 AS found WHERE to_regclass('seaql_migrations') IS NOT NULL",
        _ => "SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = 'seaql_migrations'",
    };
    if conn.query_one_raw(sql(conn, exists, [])).await?.is_none() {
        return Ok(());
    }
    let known: Vec<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let applied = "SELECT version FROM seaql_migrations ORDER BY version";
    for row in conn.query_all_raw(sql(conn, applied, [])).await? {
        let version: String = row.try_get("", "version")?;
        if !known.contains(&version) {
            return Err(Error::Newer(version));
        }
    }
    Ok(())
}
