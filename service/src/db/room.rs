//! Whether the disk has room for a copy of the database, asked before it is begun: a copy that fills the disk stops
//! whoever else works on it.

use crate::error::{Error, Result};
use domain::problem::Code;
use std::path::Path;

const MIB: u64 = 1024 * 1024;

/// Refuses where `folder` has no room for `bytes` bytes.
#[cfg(unix)]
pub(super) fn check(folder: &Path, bytes: u64) -> Result<()> {
    let disk = rustix::fs::statvfs(folder).map_err(|error| super::copy::named(folder, error.into()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free >= bytes {
        return Ok(());
    }
    let (needed, free) = (bytes.div_ceil(MIB), free / MIB);
    let cause =
        format!("a copy of the database in {} needs {needed} MiB, and {free} are free", folder.display());
    Err(Error::Storage { code: Code::StorageFull, cause })
}

/// What is free is not known here; a copy that finds no room is refused all the same.
#[cfg(not(unix))]
pub(super) fn check(_folder: &Path, _bytes: u64) -> Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::check;
    use domain::problem::Code;

    #[test]
    fn what_no_disk_has_room_for_is_refused_with_the_folder_and_what_it_needs() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        assert!(check(folder.path(), 1).is_ok());
        let refused = check(folder.path(), u64::MAX).err();
        let told = refused.as_ref().map(ToString::to_string).unwrap_or_default();
        assert_eq!(refused.map(|error| error.code()), Some(Code::StorageFull));
        assert!(
            told.contains(&folder.path().display().to_string()) && told.contains("17592186044416 MiB"),
            "{told}"
        );
        Ok(())
    }
}
