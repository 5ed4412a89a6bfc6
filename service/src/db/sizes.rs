//! PostgreSQL plans by what it last saw of a table, and looks again by itself only minutes after the table has grown. A
//! query that was planned for a handful of samples takes seconds on a hundred thousand, so an import makes it look.

use super::Db;
use crate::error::Result;
use sea_orm::{ConnectionTrait, DbBackend};

/// After so many rows it looks for the first time, and whenever there are four times as many.
const FIRST: usize = 2_000;

/// How many rows were added, and when the database should look again.
#[derive(Debug)]
pub(crate) struct Growth {
    added: usize,
    next: usize,
}

impl Growth {
    pub(crate) fn new() -> Self {
        Self { added: 0, next: FIRST }
    }

    /// Counts rows that were added and committed.
    pub(crate) async fn add(&mut self, db: &Db, rows: usize) -> Result<()> {
        self.added += rows;
        if self.added < self.next {
            return Ok(());
        }
        self.next = self.added.saturating_mul(4);
        look(db).await
    }

    /// No more are added.
    pub(crate) async fn end(self, db: &Db) -> Result<()> {
        if self.added < FIRST { Ok(()) } else { look(db).await }
    }
}

async fn look(db: &Db) -> Result<()> {
    // SQLite's plans here do not depend on how large a table is.
    if db.backend() == DbBackend::Postgres {
        let text = "ANALYZE samples, contents, predictions, tasks, labels, signals";
        db.reader.execute_unprepared(text).await?;
    }
    Ok(())
}
