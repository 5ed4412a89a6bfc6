//! Whole copies of a SQLite database: one snapshot of it in one file, which is there under its name only when it is whole.
//!
//! Reading holds up no writer; what is written meanwhile waits in the write-ahead log, and is not in the copy.

use super::room;
use crate::{
    error::{Error, Result},
    repo::sql::sql,
};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::{NamedTempFile, TempPath};

/// A copy that has no name of its own yet; it is deleted when this is dropped.
#[derive(Debug)]
pub(super) struct Copied(TempPath);

/// What to do with a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is done.
    Refuse,
    /// It is replaced.
    Replace,
}

/// A connection of its own to the database in `file`, which must exist.
pub(super) async fn connect(file: &Path, access: Access) -> Result<DatabaseConnection> {
    // The name itself is given below: not every path can be written in an address.
    let mut options = ConnectOptions::new("sqlite://file?mode=rw");
    let file = file.to_owned();
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite.filename(&file).read_only(access == Access::Read).busy_timeout(WAIT)
    });
    Ok(Database::connect(options).await?)
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// How long a copy waits where somebody holds the whole database, as while its log is put away.
const WAIT: Duration = Duration::from_secs(5);

/// Copies the database behind `from`, so that it can be named `to`: in the same folder, synced to the disk.
pub(super) async fn of(from: &DatabaseConnection, to: &Path) -> Result<Copied> {
    let folder = folder_of(to);
    let size = "SELECT (page_count - freelist_count) * page_size AS size
                FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()";
    let row = from.query_one_raw(sql(from, size, [])).await?;
    let size: i64 = row.ok_or_else(|| Error::internal("the database has no size"))?.try_get("", "size")?;
    room::check(folder, u64::try_from(size).unwrap_or_default())?;
    let mut prefix = to.file_name().unwrap_or_default().to_os_string();
    prefix.push(".part-");
    let part =
        tempfile::Builder::new().prefix(&prefix).tempfile_in(folder).map_err(|error| named(folder, error))?;
    let path = text_of(part.path())?;
    // The file is there and empty, which SQLite takes.
    from.execute_raw(sql(from, "VACUUM INTO $1", [path.into()])).await?;
    sync(part).await
}

async fn sync(part: NamedTempFile) -> Result<Copied> {
    let synced = tokio::task::spawn_blocking(move || {
        // SQLite wrote it by another handle.
        part.as_file().sync_all()?;
        Ok::<_, io::Error>(Copied(part.into_temp_path()))
    });
    Ok(synced.await.map_err(Error::internal)??)
}

impl Copied {
    /// Where it lies for now.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Gives it its name; false where a file has that name already and shall stay.
    pub(super) fn name(self, to: &Path, existing: Existing) -> Result<bool> {
        let named = match existing {
            Existing::Replace => self.0.persist(to),
            Existing::Refuse => self.0.persist_noclobber(to),
        };
        match named {
            Ok(()) => {}
            Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(failed) => return Err(failed.error.into()),
        }
        sync_folder(folder_of(to))?;
        Ok(true)
    }
}

/// Makes sure that names which were given in the folder outlast a crash.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    Ok(File::open(folder)?.sync_all()?)
}

/// The folder that holds `file`.
pub(super) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The name of `file` with `end` behind it.
pub(super) fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn text_of(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| named(path, io::Error::other("the path is not in UTF-8")))
}

/// Names the place that the system would not read or change.
pub(super) fn named(path: &Path, error: io::Error) -> Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display())).into()
}
