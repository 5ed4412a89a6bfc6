//! `cargo xtask bench`: builds for release what is measured, then lets `relabel-load` measure.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::build;
use crate::postgres::{Durability, Postgres};
use crate::workspace::{Profile, Workspace};
use crate::{process, python};

/// The part that needs no server.
const AGREEMENT: &str = "agreement";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A minute or two instead of a million samples: shows that nothing broke
    #[arg(long)]
    quick: bool,
    /// Measure PostgreSQL too, one of its own, beside SQLite
    #[arg(long)]
    postgres: bool,
    /// The folder for the data: its disk is measured
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Measure this part alone: queue, store, answers or agreement
    #[arg(long, value_name = "PART", value_parser = ["queue", "store", "answers", AGREEMENT])]
    part: Option<String>,
    /// Write the figures here as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let absolute =
        |path: &Path| std::path::absolute(path).with_context(|| format!("{} is no path", path.display()));
    let data = args.data.as_deref().map(absolute).transpose()?;
    let json = args.json.as_deref().map(absolute).transpose()?;
    if let Some(data) = &data {
        std::fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
    }
    let part = args.part.as_deref();
    let relabel = match part {
        Some(AGREEMENT) => workspace.server_binary(Profile::Release),
        _ => build::run(workspace)?,
    };
    process::step("building what measures it (release)");
    process::run(workspace.cargo("build").args(["--release", "--package", "load"]))?;

    let mut load = workspace.command(workspace.load_binary(Profile::Release));
    load.arg("bench").arg("--relabel").arg(relabel);
    load.args(["--size", if args.quick { "quick" } else { "full" }]);
    if let Some(data) = &data {
        load.arg("--data").arg(data);
    }
    if let Some(part) = part {
        load.args(["--part", part]);
    }
    if part.is_none_or(|part| part == AGREEMENT) {
        load.arg("--agreement-speed").arg(agreement_speed(workspace)?);
        let requirements = workspace.root().join("load/crowd-kit/requirements.txt");
        load.arg("--crowd-kit").arg(python::with(workspace, "crowd-kit", &requirements)?);
    }
    if let Some(json) = &json {
        load.arg("--json").arg(json);
    }
    // Durable commits are part of what is measured.
    let postgres = args.postgres.then(|| Postgres::start(Durability::Disk, data.as_deref())).transpose()?;
    if let Some(postgres) = &postgres {
        load.args(["--postgres", &postgres.url()]);
    }
    process::run(&mut load)
}

/// The program that times coefficients and truth inference.
fn agreement_speed(workspace: &Workspace) -> Result<PathBuf> {
    let example = "agreement_speed";
    process::run(workspace.cargo("build").args(["--release", "--package", "domain", "--example", example]))?;
    Ok(workspace.example(Profile::Release, example))
}
