//! Uploads on their way in: written to a file in the data folder while they are hashed, so that a body of any
//! size needs little memory and is whole before anything of it is read. A coded body is decoded on its way; its hash and
//! its size are those of what it stands for, however it came.

mod receive;

pub use receive::Receiving;

use crate::{clock, error::Result, services::Services};
use sha2::{Digest, Sha256};
use std::{
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

/// A received upload. Its file is deleted when this is dropped.
#[derive(Debug)]
pub struct Spooled {
    path: PathBuf,
    sha256: String,
    bytes: u64,
}

impl Services {
    /// An empty spool file.
    pub async fn spool(&self) -> Result<Spool> {
        let name = hex::encode(clock::random::<16>());
        let path = self.data_dir.join("spool").join(name);
        let file = tokio::fs::File::create_new(&path).await?;
        Ok(Spool {
            file: tokio::io::BufWriter::new(file),
            spooled: Spooled { path, sha256: String::new(), bytes: 0 },
            hasher: Sha256::new(),
        })
    }
}

/// After so long a file that is still there belongs to a process that was killed.
const ABANDONED: Duration = Duration::from_secs(48 * 3600);

impl Services {
    /// Deletes what processes that were killed left behind: nobody can ask for it, and it may hold what was erased since.
    pub async fn delete_abandoned_spools(&self) -> Result<()> {
        let mut files = tokio::fs::read_dir(self.data_dir.join("spool")).await?;
        while let Some(file) = files.next_entry().await? {
            let age = file.metadata().await?.modified()?.elapsed().unwrap_or_default();
            if age > ABANDONED {
                tokio::fs::remove_file(file.path()).await?;
            }
        }
        Ok(())
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
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(%error, "a spool file could not be deleted");
        }
    }
}
