//! `relabel backup` and `relabel restore`: a SQLite database into one file while others work on it, and back.
//!
//! Neither brings a schema up to date: a backup is what was there, and the next command that works on it does that.

use super::{
    copy::{self, Access, Existing, beside},
    in_use::InUse,
    newer,
};
use crate::{clock, error::Error, repo::sql::sql, services::Options};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// What a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// Projects.
    pub projects: i64,
    /// Versions of all projects.
    pub versions: i64,
    /// Labels in the newest versions.
    pub labels: i64,
}

/// What came back from a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What it holds.
    pub holdings: Holdings,
    /// Where the database is that was there before.
    pub kept: Option<PathBuf>,
}

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL has tools for it.
    #[error("the data is in PostgreSQL, whose own tools do this: {0}")]
    Postgres(&'static str),
    /// There is nothing to back up.
    #[error("there is no database at {}", .0.display())]
    NoDatabase(PathBuf),
    /// There is no place for the file.
    #[error("there is no folder {}", .0.display())]
    NoFolder(PathBuf),
    /// Something is there already.
    #[error("{} exists already; {}", .0.display(), .1)]
    Exists(PathBuf, &'static str),
    /// The file is not a backup.
    #[error("{} is not a database of Relabel: {}", .0.display(), .1)]
    NotRelabel(PathBuf, String),
    /// Somebody works on the database.
    #[error("{} is in use: stop the server, and what else works on it", .0.display())]
    InUse(PathBuf),
    /// The disk or the database failed.
    #[error(transparent)]
    Service(#[from] Error),
}

impl From<io::Error> for BackupError {
    #[track_caller]
    fn from(error: io::Error) -> Self {
        Self::Service(error.into())
    }
}

type Result<T> = std::result::Result<T, BackupError>;

const DUMP: &str = "pg_dump --format=custom --file=relabel.dump \"$RELABEL_DATABASE_URL\"";
const UNDUMP: &str = "pg_restore --dbname=\"$RELABEL_DATABASE_URL\" relabel.dump";

/// What else SQLite keeps of a database beside its file.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// How each of its files begins.
const SQLITE: &[u8; 16] = b"SQLite format 3\0";

/// Copies the database into `file`, while others may work on it.
pub async fn back_up(options: &Options, file: &Path, existing: Existing) -> Result<Holdings> {
    let database = options.sqlite_file()?.ok_or(BackupError::Postgres(DUMP))?;
    let exists = || BackupError::Exists(file.to_owned(), "--force replaces it");
    if existing == Existing::Refuse && file.exists() {
        return Err(exists());
    }
    if !database.is_file() {
        return Err(BackupError::NoDatabase(database));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(BackupError::NoFolder(folder.to_owned()));
    }
    if is_same(&database, file) {
        return Err(BackupError::Exists(file.to_owned(), "it is the database itself"));
    }
    let _shared = InUse::share(&database)?;
    let from = copy::connect(&database, Access::Write).await?;
    let copied = copy::of(&from, file).await.map_err(|error| unreadable(&database, error));
    from.close().await.map_err(Error::from)?;
    let copied = copied?;
    // What is told is what the file holds.
    let holdings = holdings(copied.path()).await?;
    if copied.name(file, existing)? { Ok(holdings) } else { Err(exists()) }
}

/// Puts the database that `file` holds in the data folder.
pub async fn restore(options: &Options, file: &Path, existing: Existing) -> Result<Restored> {
    let database = options.sqlite_file()?.ok_or(BackupError::Postgres(UNDUMP))?;
    if !file.is_file() {
        return Err(BackupError::NoDatabase(file.to_owned()));
    }
    if is_same(&database, file) {
        return Err(BackupError::Exists(file.to_owned(), "it is the database itself"));
    }
    let from = checked(file).await?;
    fs::create_dir_all(copy::folder_of(&database))?;
    refuse_existing(&database, existing)?;
    let _alone = InUse::alone(&database)?.ok_or_else(|| BackupError::InUse(database.clone()))?;
    // Nobody makes one from here on.
    refuse_existing(&database, existing)?;
    let copied = copy::of(&from, &database).await.map_err(|error| unreadable(file, error))?;
    from.close().await.map_err(Error::from)?;
    let holdings = holdings(copied.path()).await?;
    put_log_away(&database).await?;
    let kept = keep(&database)?;
    copied.name(&database, Existing::Replace)?;
    Ok(Restored { holdings, kept })
}

/// Refuses where a database is there, or a part of one.
fn refuse_existing(database: &Path, existing: Existing) -> Result<()> {
    let is_there = database.exists() || COMPANIONS.iter().any(|name| beside(database, name).exists());
    if is_there && existing == Existing::Refuse {
        return Err(BackupError::Exists(database.to_owned(), "--force keeps it under another name"));
    }
    Ok(())
}

/// Whether both are one file.
fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// A connection to a backup that this release can read.
async fn checked(file: &Path) -> Result<DatabaseConnection> {
    let mut head = [0; SQLITE.len()];
    if fs::File::open(file)?.read_exact(&mut head).is_err() || head != *SQLITE {
        return Err(BackupError::NotRelabel(file.to_owned(), "it is none of SQLite".to_owned()));
    }
    let from = copy::connect(file, Access::Read).await.map_err(|error| unreadable(file, error))?;
    let applied = newer::refuse(&from).await.map_err(|error| unreadable(file, error))?;
    if applied.is_empty() {
        return Err(BackupError::NotRelabel(file.to_owned(), "it has none of its tables".to_owned()));
    }
    Ok(from)
}

/// A file that SQLite cannot read is none of ours.
fn unreadable(file: &Path, error: Error) -> BackupError {
    match error {
        Error::Internal { source, .. } => BackupError::NotRelabel(file.to_owned(), source.to_string()),
        other => BackupError::Service(other),
    }
}

async fn holdings(file: &Path) -> Result<Holdings> {
    let conn = copy::connect(file, Access::Read).await?;
    let text = "SELECT (SELECT COUNT(*) FROM projects) AS projects, (SELECT COUNT(*) FROM versions) AS versions,
                  (SELECT COALESCE(SUM(labels), 0) FROM versions v WHERE number =
                    (SELECT MAX(number) FROM versions newest WHERE newest.project_id = v.project_id)) AS labels";
    let row =
        conn.query_one_raw(sql(&conn, text, [])).await.map_err(|error| unreadable(file, error.into()))?;
    let row = row.ok_or_else(|| Error::internal("a copy does not say what it holds"))?;
    let number = |name| row.try_get::<i64>("", name).map_err(Error::from);
    let holdings =
        Holdings { projects: number("projects")?, versions: number("versions")?, labels: number("labels")? };
    conn.close().await.map_err(Error::from)?;
    Ok(holdings)
}

/// Puts the write-ahead log of the database that goes into its file. SQLite does so only where nobody else has the
/// database open, whatever program it is. A file that is damaged, or none of SQLite's, stays as it is.
async fn put_log_away(database: &Path) -> Result<()> {
    if !database.exists() {
        return Ok(());
    }
    let Ok(conn) = copy::connect(database, Access::Write).await else { return Ok(()) };
    let put_away = conn.query_one_raw(sql(&conn, "PRAGMA journal_mode = DELETE", [])).await;
    conn.close().await.map_err(Error::from)?;
    match put_away.map_err(Error::from) {
        // It is not told as an error by every release of SQLite.
        Ok(row) => match row.and_then(|row| row.try_get_by_index::<String>(0).ok()) {
            Some(mode) if mode != "delete" => Err(BackupError::InUse(database.to_owned())),
            _ => Ok(()),
        },
        Err(Error::Unavailable(_)) => Err(BackupError::InUse(database.to_owned())),
        Err(_) => Ok(()),
    }
}

/// Gives the database another name, where there is one, and what SQLite kept beside it: a log must never meet another database.
fn keep(database: &Path) -> Result<Option<PathBuf>> {
    let time: String =
        clock::machine_time().to_string().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let kept = beside(database, &format!(".replaced-{time}"));
    let is_there = database.exists();
    if is_there && fs::hard_link(database, &kept).is_err() {
        // Not every file system has two names for one file; then there is a moment without the first.
        fs::rename(database, &kept)?;
    }
    for name in COMPANIONS {
        let companion = beside(database, name);
        if companion.exists() {
            fs::rename(companion, beside(&kept, name))?;
        }
    }
    copy::sync_folder(copy::folder_of(database))?;
    Ok(is_there.then_some(kept))
}
