//! Uploads on their way in: written to a file in the data folder while they are hashed, so that a body of any
//! size needs little memory and is whole before anything of it is read. A coded body is decoded on its way; its hash and
//! its size are those of what it stands for, however it came.

mod receive;

pub use receive::Receiving;

use crate::{clock, error::Result, files, repo::imports, services::Services};
use sha2::{Digest, Sha256};
use std::{
    ffi::OsStr,
    fs::TryLockError,
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::io::AsyncWriteExt;

/// An upload that is being received.
#[derive(Debug)]
pub struct Spool {
    file: tokio::io::BufWriter<tokio::fs::File>,
    spooled: Spooled,
    hasher: Sha256,
}

/// A received upload. Its file is deleted when this is dropped, unless it is kept.
#[derive(Debug)]
pub struct Spooled {
    path: PathBuf,
    sha256: String,
    bytes: u64,
    kept: bool,
    /// The file, locked while somebody works on it who may not be interrupted by another process.
    held: Option<std::fs::File>,
}

/// The folder of uploads, in the data folder.
pub(crate) const SPOOL: &str = "spool";

impl Services {
    /// Where uploads lie.
    pub(crate) fn spool_folder(&self) -> PathBuf {
        self.data_dir.join(SPOOL)
    }

    /// An empty spool file.
    pub async fn spool(&self) -> Result<Spool> {
        let name = hex::encode(clock::random::<16>());
        let path = self.spool_folder().join(name);
        let file = tokio::fs::File::create_new(&path).await?;
        Ok(Spool {
            file: tokio::io::BufWriter::new(file),
            spooled: Spooled { path, sha256: String::new(), bytes: 0, kept: false, held: None },
            hasher: Sha256::new(),
        })
    }
}

/// After so long a file that is still there belongs to a process that was killed.
const ABANDONED: Duration = Duration::from_secs(48 * 3600);

impl Services {
    /// Deletes what processes that were killed left behind: nobody can ask for it, and it may hold what was erased since.
    pub async fn delete_abandoned_spools(&self) -> Result<()> {
        let unfinished = imports::unfinished(self.db.read(), None).await?;
        let is_needed = |name: &OsStr| unfinished.iter().any(|row| row.spool.as_deref() == name.to_str());
        let mut entries = tokio::fs::read_dir(self.spool_folder()).await?;
        while let Some(file) = entries.next_entry().await? {
            let age = file.metadata().await?.modified()?.elapsed().unwrap_or_default();
            if age > ABANDONED && !is_needed(&file.file_name()) {
                files::remove(&file.path()).await?;
            }
        }
        Ok(())
    }

    /// Deletes the file of an upload that was not recorded after all.
    pub(crate) async fn delete_needless_spool(&self, name: &str) -> Result<()> {
        let unfinished = imports::unfinished(self.db.read(), None).await?;
        if unfinished.iter().any(|row| row.spool.as_deref() == Some(name)) {
            return Ok(());
        }
        files::remove(&self.spool_folder().join(name)).await
    }
}

impl Spool {
    /// Adds a piece of the body.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.hasher.update(bytes);
        self.spooled.bytes += bytes.len() as u64;
        Ok(self.file.write_all(bytes).await?)
    }

    /// The body is whole.
    pub async fn finish(mut self) -> Result<Spooled> {
        self.file.flush().await?;
        self.spooled.sha256 = format!("sha256:{}", hex::encode(self.hasher.finalize()));
        Ok(self.spooled)
    }
}

impl Spooled {
    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// An upload that another process left; none where the file is gone.
    pub(crate) fn take_over(path: &Path, sha256: &str) -> Result<Option<Self>> {
        let bytes = match std::fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            found => found?.len(),
        };
        let (path, sha256) = (path.to_owned(), sha256.to_owned());
        Ok(Some(Self { path, sha256, bytes, kept: true, held: None }))
    }

    /// Makes sure that the file outlasts a crash, and that no other process works on it; false where one does.
    pub(crate) fn hold(&mut self) -> Result<bool> {
        let file = std::fs::File::options().read(true).write(true).open(&self.path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        file.sync_all()?;
        if let Some(folder) = self.path.parent() {
            std::fs::File::open(folder)?.sync_all()?;
        }
        self.held = Some(file);
        Ok(true)
    }

    /// Leaves the file where it is when this is dropped.
    pub(crate) fn keep(&mut self) {
        self.kept = true;
    }

    /// Deletes the file when this is dropped, after all.
    pub(crate) fn give_back(&mut self) {
        self.kept = false;
    }

    /// The name of the file.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// `sha256:` and the hash of the body.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Its size.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(%error, "a spool file could not be deleted");
        }
    }
}
