//! The baseline of an export: the same rows by one prepared SELECT, each through serde_json, to a socket that somebody
//! empties.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;
use futures::TryStreamExt;
use serde::Serialize;
use sqlx::{ConnectOptions, Row, sqlite::SqliteConnectOptions};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const SELECT: &str = "SELECT l.sample_key, c.fields, l.label, l.from_version FROM labels l
    JOIN contents c ON c.id = l.content_id
    WHERE l.from_version <= 1 AND (l.until_version IS NULL OR l.until_version > 1) AND l.label IS NOT NULL
    ORDER BY l.project_id, l.sample_key";
const WRITTEN_AT_ONCE: usize = 256 * 1024;

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    /// JSON within JSON: nobody reads it here.
    fields: &'a str,
    label: &'a str,
    version: i64,
}

pub(super) async fn export(database: &Path) -> Result<Duration> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut sender = TcpStream::connect(listener.local_addr()?).await?;
    let (mut taker, _) = listener.accept().await?;
    let mut connection = SqliteConnectOptions::new().filename(database).read_only(true).connect().await?;
    let started = Instant::now();
    let write = async {
        let mut rows = sqlx::query(SELECT).fetch(&mut connection);
        let mut bytes = Vec::with_capacity(2 * WRITTEN_AT_ONCE);
        while let Some(row) = rows.try_next().await? {
            let line = Line {
                id: row.try_get(0)?,
                fields: row.try_get(1)?,
                label: row.try_get(2)?,
                version: row.try_get(3)?,
            };
            serde_json::to_writer(&mut bytes, &line)?;
            bytes.push(b'\n');
            if bytes.len() > WRITTEN_AT_ONCE {
                sender.write_all(&bytes).await?;
                bytes.clear();
            }
        }
        sender.write_all(&bytes).await?;
        sender.shutdown().await?;
        anyhow::Ok(())
    };
    let take = async {
        let mut buffer = vec![0; WRITTEN_AT_ONCE];
        while taker.read(&mut buffer).await? > 0 {}
        anyhow::Ok(())
    };
    tokio::try_join!(write, take)?;
    Ok(started.elapsed())
}
