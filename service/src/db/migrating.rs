//! Bringing a SQLite database up to date: it is copied first, since there is no way back but a copy.

use super::{
    copy::{self, Access, Existing, beside},
    immediate, newer,
    writing::Writing,
};
use crate::error::{Error, Result};
use migrations::{Migrator, MigratorTrait};
use sea_orm::TransactionTrait;
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// How many copies are kept.
const KEPT: usize = 3;
/// What the copies' names have behind the database's.
const BEFORE: &str = ".before-";

/// Brings the database in `file` up to date, in one transaction that nobody else writes beside.
pub(super) async fn up(writing: &mut Writing, file: &Path) -> Result<()> {
    // Several processes may open a new file at once.
    let migrating = writing.connection().await?.begin_with_options(immediate()).await?;
    let applied = newer::refuse(&migrating).await?;
    let known = Migrator::migrations();
    let mut missing =
        known.iter().map(|migration| migration.name()).filter(|name| applied.iter().all(|done| done != name));
    let last = missing.next_back().filter(|_| !applied.is_empty());
    if let Some(last) = last {
        copy_before(file, last).await?;
    }
    Migrator::up(&migrating, None).await?;
    migrating.commit().await?;
    if last.is_some()
        && let Err(error) = delete_older(file)
    {
        tracing::warn!(%error, "older copies of the database were not deleted");
    }
    Ok(())
}

/// Copies the database as it is before the migration of this name.
async fn copy_before(file: &Path, migration: &str) -> Result<()> {
    let to = beside(file, &format!("{BEFORE}{migration}"));
    // Whoever migrates has not written yet, and keeps all others from writing.
    let copy = async {
        let from = copy::connect(file, Access::Read).await?;
        let copied = copy::of(&from, &to).await;
        from.close().await?;
        // What has that name was made before a migration that did not happen.
        copied?.name(&to, Existing::Replace)
    };
    copy.await.map_err(|error| match error {
        Error::Storage { code, cause } => {
            let cause = format!(
                "the database is copied to {} before it is brought up to date: {cause}",
                to.display()
            );
            Error::Storage { code, cause }
        }
        other => other,
    })?;
    tracing::info!(copy = %to.display(), "the database was copied before it is brought up to date");
    Ok(())
}

/// Deletes all but the newest copies.
fn delete_older(file: &Path) -> io::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut copies: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(copy::folder_of(file))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&format!("{name}{BEFORE}m")) {
            copies.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    copies.sort();
    let needless = copies.len().saturating_sub(KEPT);
    for (_, path) in copies.into_iter().take(needless) {
        tracing::info!(copy = %path.display(), "an older copy of the database was deleted");
        fs::remove_file(path)?;
    }
    Ok(())
}
