//! A broken program on the same database: it writes second answers past the servers, as one would that trusts what
//! it has read. The UNIQUE constraints of `slots` must refuse each of them; without one, the reckoning must find what
//! got in.

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use fastrand::Rng;

use crate::database::Database;

/// Seldom enough to leave the database to the servers.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
pub(crate) struct Tally {
    refused: u64,
    written: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} second answers refused by the database, {} written", self.refused, self.written)
    }
}

/// A place that may be answered, and by whom.
struct Second {
    like: i64,
    task: i64,
    place: i64,
    annotator: i64,
}

pub(crate) async fn run(database: &Database, seed: u64, until: Instant) -> Result<Tally> {
    let mut rng = Rng::with_seed(seed ^ 0x726f);
    let mut tally = Tally::default();
    while Instant::now() < until {
        tokio::time::sleep(BETWEEN_ATTEMPTS).await;
        let found = if rng.bool() { same_place(database).await? } else { same_person(database).await? };
        let Some(second) = found else { continue };
        match database.change(&statements(&second, rng.u64(..))).await {
            Ok(()) => tally.written += 1,
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => tally.refused += 1,
            // Both databases may be busy with a server that was just killed; the next attempt comes soon.
            Err(sqlx::Error::Database(_)) => {}
            Err(error) => return Err(error).context("the broken program cannot reach the database"),
        }
    }
    Ok(tally)
}

/// A place that is answered, for somebody else.
async fn same_place(database: &Database) -> Result<Option<Second>> {
    find(
        database,
        "SELECT s.annotation_id, s.task_id, CAST(s.slot AS BIGINT), a.id FROM slots s
         JOIN tasks t ON t.id = s.task_id JOIN annotators a ON a.project_id = t.project_id
         WHERE s.annotation_id IS NOT NULL AND t.state = 'open'
         AND NOT EXISTS (SELECT 1 FROM slots o WHERE o.task_id = s.task_id AND o.annotator_id = a.id)",
    )
    .await
}

/// A place that is free, for somebody who has answered another of the task.
async fn same_person(database: &Database) -> Result<Option<Second>> {
    find(
        database,
        "SELECT s.annotation_id, s.task_id, CAST(t.slots AS BIGINT), s.annotator_id FROM slots s
         JOIN tasks t ON t.id = s.task_id
         WHERE s.annotation_id IS NOT NULL AND t.state = 'open'
         AND NOT EXISTS (SELECT 1 FROM slots o WHERE o.task_id = s.task_id AND o.slot = t.slots)",
    )
    .await
}

async fn find(database: &Database, query: &str) -> Result<Option<Second>> {
    let rows: Vec<(i64, i64, i64, i64)> =
        database.rows(&format!("{query} ORDER BY RANDOM() LIMIT 1")).await?;
    Ok(rows.into_iter().next().map(|(like, task, place, annotator)| Second { like, task, place, annotator }))
}

fn statements(second: &Second, mark: u64) -> [String; 2] {
    let Second { like, task, place, annotator } = second;
    [
        format!(
            "INSERT INTO annotations (project_id, task_id, sample_id, annotator_id, content_id, verdict, answers,
               note, schema_revision, guideline_revision, created_at)
             SELECT project_id, task_id, sample_id, {annotator}, content_id, verdict, answers,
               'rogue-{mark}', schema_revision, guideline_revision, created_at
             FROM annotations WHERE id = {like}"
        ),
        format!(
            "INSERT INTO slots (task_id, slot, annotator_id, lease, claimed_at, expires_at, annotation_id)
             SELECT {task}, {place}, {annotator}, 'rogue-{mark}', 0, 0, id FROM annotations
             WHERE note = 'rogue-{mark}'"
        ),
    ]
}
