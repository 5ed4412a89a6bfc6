//! What the tests of the export need on this machine: Python, and the programs of `readers/requirements.txt` in an
//! environment of their own in the target folder.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{process, python};

/// A Python that has the programs.
#[derive(Debug)]
pub(crate) struct Readers {
    python: PathBuf,
}

pub(crate) fn find_or_install(workspace: &Workspace) -> Result<Readers> {
    let requirements = workspace.root().join("readers/requirements.txt");
    Ok(Readers { python: python::with(workspace, "readers", &requirements)? })
}

impl Readers {
    /// Runs every test against this binary.
    pub(crate) fn test(&self, workspace: &Workspace, relabel: &Path) -> Result<()> {
        process::step("exports, read by Python");
        let mut pytest = workspace.command(&self.python);
        pytest.current_dir(workspace.root().join("readers"));
        pytest.args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"]);
        // Nobody is asked for anything beyond this machine, and the sources stay as they are.
        pytest.envs([("HF_HUB_OFFLINE", "1"), ("PYTHONDONTWRITEBYTECODE", "1")]);
        process::run(pytest.env("RELABEL_BIN", relabel))
    }
}
