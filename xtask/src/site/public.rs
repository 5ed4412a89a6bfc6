//! The files that are served as they are, from `assets/public`.

use std::fs;

use anyhow::{Context, Result};

use super::folder::{self, Files};
use crate::workspace::Workspace;

pub(super) fn add(workspace: &Workspace, files: &mut Files) -> Result<()> {
    for (path, file) in folder::list(&workspace.root().join("assets/public"))? {
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        files.insert(path, bytes);
    }
    Ok(())
}
