//! What an earlier run has made: a file in the data folder that says so.
//!
//! It is also what allows `--fresh`: only a folder that the demo made is ever deleted.

use domain::name::Slug;
use std::{
    fs,
    path::{Path, PathBuf},
};

use super::DemoError;

const NAME: &str = "demo.txt";

/// What to do with what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Keep it.
    Onward,
    /// Delete it.
    Anew,
}

/// The projects that are complete.
pub(super) struct Mark {
    file: PathBuf,
    projects: Vec<String>,
}

impl Mark {
    /// Reads the mark of this data folder, or makes one where the folder is empty or missing.
    pub(super) fn open(data_dir: &Path, start: Start) -> Result<Self, DemoError> {
        let file = data_dir.join(NAME);
        let failed = |source| DemoError::File { file: file.clone(), source };
        if !file.exists() && !is_empty(data_dir).map_err(failed)? {
            return Err(DemoError::NotOurs(data_dir.to_owned()));
        }
        if start == Start::Anew && data_dir.exists() {
            fs::remove_dir_all(data_dir).map_err(failed)?;
        }
        fs::create_dir_all(data_dir).map_err(failed)?;
        if !file.exists() {
            fs::write(&file, "").map_err(failed)?;
        }
        let text = fs::read_to_string(&file).map_err(failed)?;
        let projects = text.lines().map(str::to_owned).collect();
        Ok(Self { file, projects })
    }

    pub(super) fn has(&self, slug: &Slug) -> bool {
        self.projects.iter().any(|project| project == slug.as_str())
    }

    /// Notes that a project is complete.
    pub(super) fn add(&mut self, slug: &Slug) -> Result<(), DemoError> {
        self.projects.push(slug.to_string());
        let text = self.projects.join("\n") + "\n";
        fs::write(&self.file, text).map_err(|source| DemoError::File { file: self.file.clone(), source })
    }
}

fn is_empty(folder: &Path) -> std::io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::{Mark, Start};
    use crate::demo::DemoError;
    use domain::name::Slug;

    #[test]
    fn remembers_what_is_complete_until_it_starts_anew() {
        let folder = tempfile::tempdir().unwrap();
        let slug = Slug::parse("bank").unwrap();
        Mark::open(folder.path(), Start::Onward).unwrap().add(&slug).unwrap();
        assert!(Mark::open(folder.path(), Start::Onward).unwrap().has(&slug));
        assert!(!Mark::open(folder.path(), Start::Anew).unwrap().has(&slug));
    }

    #[test]
    fn never_deletes_what_it_did_not_make() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("relabel.db"), "work").unwrap();
        assert!(matches!(Mark::open(folder.path(), Start::Anew), Err(DemoError::NotOurs(_))));
        assert!(folder.path().join("relabel.db").exists());
    }
}
