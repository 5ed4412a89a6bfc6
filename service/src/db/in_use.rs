//! Who works on a SQLite database: every process holds a lock beside the file while it does, shared by all; whoever puts
//! another file in its place holds it alone. The system lets go of it however the process ends.

use super::copy::beside;
use crate::error::{Error, Result};
use std::{
    fs::{File, TryLockError},
    path::Path,
};

/// The lock, while this is there.
#[derive(Debug)]
pub(crate) struct InUse {
    _held: File,
}

impl InUse {
    /// Holds the database for work, beside others.
    pub(super) fn share(database: &Path) -> Result<Self> {
        let held = open(database)?;
        match held.try_lock_shared() {
            Ok(()) => Ok(Self { _held: held }),
            Err(TryLockError::WouldBlock) => {
                Err(Error::Unavailable(format!("{} is being restored", database.display())))
            }
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Holds the database alone; none where somebody works on it.
    pub(super) fn alone(database: &Path) -> Result<Option<Self>> {
        let held = open(database)?;
        match held.try_lock() {
            Ok(()) => Ok(Some(Self { _held: held })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// The file of the lock, which stays: another that was made in its place would be another lock.
fn open(database: &Path) -> Result<File> {
    let name = beside(database, ".lock");
    Ok(File::options().create(true).truncate(false).write(true).open(name)?)
}
