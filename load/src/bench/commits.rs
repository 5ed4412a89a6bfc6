//! The baseline of everything that writes: bare commits of one row, each waited for, as fast as this disk takes them.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;
use sqlx::{
    ConnectOptions, Connection, Executor, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions,
};

use crate::{database, place::Kind};

const TIME: Duration = Duration::from_secs(3);
const TABLE: &str = "CREATE TABLE t (id BIGINT PRIMARY KEY, text TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO t VALUES ($1, 'one row')";

pub(super) async fn per_second(kind: &Kind, data: Option<&Path>) -> Result<f64> {
    match kind {
        Kind::Sqlite => {
            let folder = match data {
                Some(data) => tempfile::tempdir_in(data)?,
                None => tempfile::tempdir()?,
            };
            let options = SqliteConnectOptions::new().filename(folder.path().join("commits.db"));
            let options =
                options.create_if_missing(true).pragma("journal_mode", "WAL").pragma("synchronous", "FULL");
            let mut connection: SqliteConnection = options.connect().await?;
            connection.execute(TABLE).await?;
            let (started, mut commits) = (Instant::now(), 0_i64);
            while started.elapsed() < TIME {
                sqlx::query(INSERT).bind(commits).execute(&mut connection).await?;
                commits += 1;
            }
            connection.close().await?;
            Ok(commits as f64 / started.elapsed().as_secs_f64())
        }
        Kind::Postgres(url) => {
            let url = database::create(url).await?;
            let mut connection = PgConnection::connect(&url).await?;
            connection.execute(TABLE).await?;
            let (started, mut commits) = (Instant::now(), 0_i64);
            while started.elapsed() < TIME {
                sqlx::query(INSERT).bind(commits).execute(&mut connection).await?;
                commits += 1;
            }
            let per_second = commits as f64 / started.elapsed().as_secs_f64();
            connection.close().await?;
            database::remove(&url).await?;
            Ok(per_second)
        }
    }
}
