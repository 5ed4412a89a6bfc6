//! The servers' database seen from outside: rows are read to check what the servers said, never changed, but by the
//! two parts of the stress test that play a broken program.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result};
use sqlx::{
    AssertSqlSafe, Connection, Executor, FromRow, PgConnection, PgPool, SqlitePool,
    postgres::{PgPoolOptions, PgRow},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteRow},
};

/// Longer than any write of a server.
const BUSY: Duration = Duration::from_secs(30);

#[derive(Clone, Debug)]
pub enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Database {
    pub async fn open_sqlite(file: &Path) -> Result<Self> {
        let options =
            SqliteConnectOptions::new().filename(file).busy_timeout(BUSY).pragma("synchronous", "FULL");
        let pool = SqlitePoolOptions::new().max_connections(2).connect_with(options).await;
        Ok(Self::Sqlite(pool.with_context(|| format!("cannot open {}", file.display()))?))
    }

    pub async fn open_postgres(url: &str) -> Result<Self> {
        let pool = PgPoolOptions::new().max_connections(2).connect(url).await;
        Ok(Self::Postgres(pool.context("cannot reach PostgreSQL")?))
    }

    /// All rows of a query. Integers must be cast to BIGINT: the two databases store them in different widths.
    pub async fn rows<T>(&self, query: &str) -> Result<Vec<T>>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let query_text = || AssertSqlSafe(query.to_owned());
        let rows = match self {
            Self::Sqlite(pool) => sqlx::query_as(query_text()).fetch_all(pool).await,
            Self::Postgres(pool) => sqlx::query_as(query_text()).fetch_all(pool).await,
        };
        rows.with_context(|| format!("in the query {query}"))
    }

    /// The one number that a query gives.
    pub async fn number(&self, query: &str) -> Result<i64> {
        let rows: Vec<(i64,)> = self.rows(query).await?;
        rows.first().map(|row| row.0).with_context(|| format!("no row in the query {query}"))
    }

    /// Runs statements in one transaction; the error is the database's own.
    pub async fn change(&self, statements: &[String]) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(pool) => {
                let mut connection = pool.acquire().await?;
                let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
                for statement in statements {
                    tx.execute(AssertSqlSafe(statement.clone())).await?;
                }
                tx.commit().await
            }
            Self::Postgres(pool) => {
                let mut tx = pool.begin().await?;
                for statement in statements {
                    tx.execute(AssertSqlSafe(statement.clone())).await?;
                }
                tx.commit().await
            }
        }
    }

    /// The database's time in microseconds, as an expression.
    pub fn now(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "CAST((julianday('now') - 2440587.5) * 86400000000 AS BIGINT)",
            Self::Postgres(_) => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
        }
    }

    pub async fn close(self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Makes an empty database on this PostgreSQL and returns its address.
pub async fn create(url: &str) -> Result<String> {
    let name = format!("relabel_load_{:016x}", fastrand::u64(..));
    let mut connection = PgConnection::connect(url).await.context("cannot reach PostgreSQL")?;
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
    let (server, _) = split(url)?;
    Ok(format!("{server}/{name}"))
}

/// Removes a database that [`create`] made.
pub async fn remove(url: &str) -> Result<()> {
    let (server, name) = split(url)?;
    let mut connection = PgConnection::connect(&format!("{server}/postgres")).await?;
    connection.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await?;
    Ok(())
}

/// Server and name in `postgres://user@host/name`.
fn split(url: &str) -> Result<(&str, &str)> {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let slash = url[after_scheme..].find('/').map(|at| at + after_scheme);
    let (server, name) = slash.map_or((url, ""), |slash| (&url[..slash], &url[slash + 1..]));
    anyhow::ensure!(
        !server.is_empty() && !name.contains('?'),
        "give the address as postgres://user@host/database"
    );
    Ok((server, name))
}
