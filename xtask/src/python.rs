//! Python environments in the target folder, each with the packages of one list.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{process, system_packages};

/// A Python in the folder `name` of the target, with what `requirements` lists.
pub(crate) fn with(workspace: &Workspace, name: &str, requirements: &Path) -> Result<PathBuf> {
    let folder = workspace.target().join(name);
    let python = folder.join("bin/python");
    let wanted = fs::read_to_string(requirements).with_context(|| requirements.display().to_string())?;
    // Written last, so that an environment that is half made is made anew.
    let note = folder.join("requirements.txt");
    if fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let packages: Vec<&str> = wanted.lines().collect();
    process::step(format!("installing {} (pip)", packages.join(", ")));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    if make(workspace, &folder).is_err() {
        system_packages::install("Python with venv", &["python3", "python3-venv"])?;
        make(workspace, &folder)?;
    }
    let mut pip = workspace.command(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    process::run(pip.arg(requirements))?;
    fs::write(note, wanted)?;
    Ok(python)
}

fn make(workspace: &Workspace, folder: &Path) -> Result<()> {
    let python = process::find("python3").context("there is no python3")?;
    process::run(workspace.command(&python).args(["-m", "venv"]).arg(folder))
}
