//! Makes a folder hold exactly the given files, touching none that is right already.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Contents by path below the folder, with `/` between the parts.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

pub(crate) fn write(folder: &Path, files: &Files) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (path, bytes) in files {
        let file = folder.join(path);
        if fs::read(&file).is_ok_and(|present| present == *bytes) {
            continue;
        }
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    }
    for (path, file) in list(folder)? {
        if !files.contains_key(&path) {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}

/// Every file below a folder: its path below it, and where it is.
pub(super) fn list(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let below = path.strip_prefix(folder)?;
                let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
                found.insert(parts.join("/"), path);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(of: &[(&str, &str)]) -> Files {
        of.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn holds_exactly_the_files_after_each_write() -> Result<()> {
        let folder = tempfile::tempdir()?;
        write(folder.path(), &files(&[("icon.svg", "1"), ("pkg/old.js", "2")]))?;
        write(folder.path(), &files(&[("icon.svg", "1"), ("pkg/new.js", "3")]))?;
        let paths: Vec<_> = list(folder.path())?.into_keys().collect();
        assert_eq!(paths, ["icon.svg", "pkg/new.js"]);
        Ok(())
    }

    #[test]
    fn a_file_that_is_right_keeps_its_time() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let icon = folder.path().join("icon.svg");
        write(folder.path(), &files(&[("icon.svg", "1")]))?;
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        fs::File::options().write(true).open(&icon)?.set_modified(long_ago)?;
        write(folder.path(), &files(&[("icon.svg", "1"), ("other", "2")]))?;
        assert_eq!(fs::metadata(&icon)?.modified()?, long_ago);
        Ok(())
    }
}
