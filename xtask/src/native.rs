//! Cargo on the native crates, with one set of features for every command, so that little is compiled twice.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::workspace::{Profile, Workspace};

/// With the embedded site, whose folder must exist for the server to compile.
pub(crate) fn cargo(workspace: &Workspace, subcommand: &str) -> Result<Command> {
    let site = workspace.site(Profile::Test);
    std::fs::create_dir_all(&site).with_context(|| format!("cannot make {}", site.display()))?;
    let mut command = workspace.cargo(subcommand);
    command.args(["--locked", "--features", "server/embed"]).env("RELABEL_SITE_DIR", site);
    Ok(command)
}

/// The programs, built quickly; returns the server's.
pub(crate) fn build_programs(workspace: &Workspace) -> Result<PathBuf> {
    // With `--tests` cargo chooses the same features as for `cargo test`, so nothing is built a second time.
    process::run(cargo(workspace, "build")?.args(["--bins", "--tests"]))?;
    Ok(workspace.server_binary(Profile::Test))
}
