//! The baseline of the import: the very rows that it wrote, inserted into the same tables of a fresh database, with all
//! their indexes, by prepared statements in one transaction.
//!
//! A statement carries fifty rows, since handing one over to SQLite's thread costs more than SQLite's own work on a
//! single row. The rows are read before the clock starts.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use sqlx::{
    AssertSqlSafe, Connection, Executor, Row, Sqlite, SqliteConnection, SqliteTransaction, TypeInfo,
    ValueRef,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

/// In the order in which they refer to each other.
const TABLES: [&str; 4] = ["samples", "contents", "predictions", "tasks"];
const ROWS_AT_ONCE: usize = 50;

/// How long it takes to write the rows of `filled` into `fresh`.
pub(super) async fn insert(filled: &Path, fresh: &Path) -> Result<Duration> {
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}", fresh.display())).await?;
    for pragma in ["PRAGMA synchronous = FULL", "PRAGMA foreign_keys = OFF", "PRAGMA cache_size = -16000"] {
        connection.execute(pragma).await?;
    }
    connection.execute(AssertSqlSafe(format!("ATTACH '{}' AS filled", filled.display()))).await?;
    for table in others(&mut connection).await? {
        let copy = format!("INSERT INTO {table} SELECT * FROM filled.{table}");
        connection.execute(AssertSqlSafe(copy)).await.with_context(|| format!("cannot copy {table}"))?;
    }
    connection.execute("PRAGMA foreign_keys = ON").await?;
    let mut all = Vec::new();
    for table in TABLES {
        let select = format!("SELECT * FROM filled.{table} ORDER BY id");
        all.push((table, sqlx::query(AssertSqlSafe(select)).fetch_all(&mut connection).await?));
    }
    let started = Instant::now();
    let mut tx = connection.begin().await?;
    for (table, rows) in &all {
        for rows in rows.chunks(ROWS_AT_ONCE) {
            insert_rows(&mut tx, table, rows).await.with_context(|| format!("cannot insert into {table}"))?;
        }
    }
    tx.commit().await?;
    let time = started.elapsed();
    connection.close().await?;
    Ok(time)
}

/// All other tables, which may be referred to; copied before the clock starts.
async fn others(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let query = "SELECT name FROM filled.sqlite_master WHERE type = 'table'
                 AND name NOT LIKE 'sqlite%' AND name <> 'seaql_migrations'";
    let names: Vec<String> = sqlx::query_scalar(query).fetch_all(connection).await?;
    Ok(names.into_iter().filter(|name| !TABLES.contains(&name.as_str())).collect())
}

async fn insert_rows(tx: &mut SqliteTransaction<'_>, table: &str, rows: &[SqliteRow]) -> Result<()> {
    let columns = rows.first().map_or(0, SqliteRow::len);
    let places = vec![format!("({})", vec!["?"; columns].join(", ")); rows.len()].join(", ");
    let mut query = sqlx::query(AssertSqlSafe(format!("INSERT INTO {table} VALUES {places}")));
    for row in rows {
        for column in 0..columns {
            query = bind(query, row, column)?;
        }
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// The value as it is stored; text is borrowed.
fn bind<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    row: &'q SqliteRow,
    column: usize,
) -> Result<Query<'q, Sqlite, SqliteArguments>> {
    let value = row.try_get_raw(column)?;
    if value.is_null() {
        return Ok(query.bind(None::<i64>));
    }
    Ok(match value.type_info().name() {
        "INTEGER" => query.bind(row.try_get_unchecked::<i64, _>(column)?),
        "REAL" => query.bind(row.try_get_unchecked::<f64, _>(column)?),
        _ => query.bind(row.try_get_unchecked::<String, _>(column)?),
    })
}
