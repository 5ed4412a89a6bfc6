//! What the tests of the export need on this machine: Python, and the programs of `readers/requirements.txt` in an
//! environment of their own in the target folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{process, system_packages};

/// A Python that has the programs.
#[derive(Debug)]
pub(crate) struct Readers {
    python: PathBuf,
}

pub(crate) fn find_or_install(workspace: &Workspace) -> Result<Readers> {
    let folder = workspace.target().join("readers");
    let python = folder.join("bin/python");
    let wanted = workspace.root().join("readers/requirements.txt");
    let wanted = fs::read_to_string(&wanted).with_context(|| wanted.display().to_string())?;
    // Written last, so that an environment that is half made is made anew.
    let note = folder.join("requirements.txt");
    if fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(Readers { python });
    }
    process::step("installing pandas, Polars, pyarrow, DuckDB and datasets (pip)");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    if make_environment(workspace, &folder).is_err() {
        system_packages::install("Python with venv", &["python3", "python3-venv"])?;
        make_environment(workspace, &folder)?;
    }
    let mut pip = workspace.command(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    process::run(pip.arg(workspace.root().join("readers/requirements.txt")))?;
    fs::write(note, wanted)?;
    Ok(Readers { python })
}

fn make_environment(workspace: &Workspace, folder: &Path) -> Result<()> {
    let python = process::find("python3").context("there is no python3")?;
    process::run(workspace.command(&python).args(["-m", "venv"]).arg(folder))
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
