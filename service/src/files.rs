//! Files in the data folder, which another process may delete at any moment.

use crate::error::Result;
use std::{io::ErrorKind, path::Path};

/// Deletes a file, which may be gone already.
pub(crate) async fn remove(path: &Path) -> Result<()> {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
