//! Exports as files, for whoever reads parts of them: a size and a part can only be told of something whole. A file is made
//! at the first such request, and kept while it is used.
//!
//! A file's name is the hash of all that its bytes depend on, so what lies there is always right. Each server has its own.

use super::{Export, plan::ExportPlan};
use crate::{
    error::{Error, Result},
    files,
};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};
use tokio::io::AsyncWriteExt;

/// The folder of the files, in the data folder.
const FOLDER: &str = "exports";
/// How the names of files begin that are being made.
const PART: &str = "part-";
/// A file that nobody has read for so long is deleted.
const UNUSED: Duration = Duration::from_secs(3600);
/// How large the files may be together; beyond it the ones go that were not read for longest.
const MOST_BYTES: u64 = 8 << 30;

/// An export as a file.
#[derive(Debug)]
pub struct KeptExport {
    /// The file, at its beginning.
    pub file: tokio::fs::File,
    /// How many bytes it has.
    pub size: u64,
}

/// Which files are being made, so that each is made once at a time.
#[derive(Debug, Default)]
pub(crate) struct Making(Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>);

impl Making {
    fn of(&self, name: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut making = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        making.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(making.entry(name.to_owned()).or_default())
    }
}

impl Export<'_> {
    /// The export as a file, if there is one.
    pub async fn kept(&self, plan: &ExportPlan) -> Result<Option<KeptExport>> {
        open(&self.folder().join(name(plan))).await
    }

    /// The export as a file, which is made where there is none.
    pub async fn keep(&self, plan: &ExportPlan) -> Result<KeptExport> {
        let (folder, name) = (self.folder(), name(plan));
        let path = folder.join(&name);
        let lock = self.0.making.of(&name);
        let _making = lock.lock().await;
        if let Some(kept) = open(&path).await? {
            return Ok(kept);
        }
        tokio::fs::create_dir_all(&folder).await?;
        sweep(&folder).await?;
        // Deleted again unless it becomes whole, also where whoever asked hangs up.
        let part = tempfile::Builder::new().prefix(PART).tempfile_in(&folder)?;
        let mut file = tokio::fs::File::from_std(part.reopen()?);
        let mut pieces = Box::pin(self.stream(plan.clone()));
        while let Some(piece) = pieces.try_next().await? {
            file.write_all(&piece).await?;
        }
        // Whole on the disk before it has its name.
        file.sync_all().await?;
        part.persist(&path).map_err(|error| Error::from(error.error))?;
        open(&path).await?.ok_or_else(|| Error::internal("an export is gone"))
    }

    fn folder(&self) -> PathBuf {
        self.0.data_dir.join(FOLDER)
    }

    /// Deletes the files that nobody has read for long.
    pub async fn forget_unused(&self) -> Result<()> {
        sweep(&self.folder()).await
    }

    /// Deletes every file: something that they hold was erased, or another process made them.
    pub async fn forget(&self) -> Result<()> {
        loop {
            // Again, because a file may have got its name meanwhile.
            let found = found(&self.folder()).await?;
            if found.is_empty() {
                return Ok(());
            }
            for file in found {
                files::remove(&file.path).await?;
            }
        }
    }
}

fn name(plan: &ExportPlan) -> String {
    hex::encode(Sha256::digest(&plan.etag_input))
}

/// Opens a file, which counts as used now.
async fn open(path: &Path) -> Result<Option<KeptExport>> {
    let file = match std::fs::File::options().read(true).write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    file.set_modified(SystemTime::now())?;
    let size = file.metadata()?.len();
    Ok(Some(KeptExport { file: tokio::fs::File::from_std(file), size }))
}

struct Used {
    path: PathBuf,
    bytes: u64,
    unused: Duration,
}

async fn found(folder: &Path) -> Result<Vec<Used>> {
    let mut entries = match tokio::fs::read_dir(folder).await {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        // Another request may have removed it.
        let Ok(about) = entry.metadata().await else { continue };
        let unused = about.modified()?.elapsed().unwrap_or_default();
        found.push(Used { path: entry.path(), bytes: about.len(), unused });
    }
    found.sort_by_key(|file| file.unused);
    Ok(found)
}

/// Deletes what was not read for long. Whoever reads a file that is deleted reads it to its end.
async fn sweep(folder: &Path) -> Result<()> {
    let mut bytes = 0;
    for (index, file) in found(folder).await?.into_iter().enumerate() {
        let is_made = file.path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PART));
        bytes += if is_made { 0 } else { file.bytes };
        // The one that was read last stays, however large it is, and so does one that is being made.
        if file.unused > UNUSED || (bytes > MOST_BYTES && index > 0 && !is_made) {
            files::remove(&file.path).await?;
        }
    }
    Ok(())
}
