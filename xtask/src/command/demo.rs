//! `cargo xtask demo`: builds, then becomes `relabel demo` on the demo projects of `assets/demo`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::build;
use crate::process;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Start anew: forget what the demo holds
    #[arg(long)]
    fresh: bool,
    /// A folder with `project.json` and `samples.jsonl`, instead of the two demo projects; may be repeated
    #[arg(long, value_name = "DIR")]
    data: Vec<PathBuf>,
    /// Where to serve
    #[arg(long, default_value = "127.0.0.1:3000")]
    addr: String,
}

pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<()> {
    let folders = if args.data.is_empty() { built_in(workspace) } else { args.data };
    // Known before a build of many minutes, not after it.
    if let Some(folder) = folders.iter().find(|folder| !folder.join("project.json").is_file()) {
        bail!("{} has no project.json", folder.display());
    }
    let binary = build::run(workspace)?;
    let mut demo = Command::new(binary);
    demo.arg("demo").arg("--data-dir").arg(workspace.root().join("data/demo")).args(["--addr", &args.addr]);
    if args.fresh {
        demo.arg("--fresh");
    }
    for folder in folders {
        demo.arg("--data").arg(std::path::absolute(&folder).context("--data is not a path")?);
    }
    process::replace_with(&mut demo)
}

fn built_in(workspace: &Workspace) -> Vec<PathBuf> {
    let demo = workspace.root().join("assets/demo");
    ["bank-messages", "film-reviews"].map(|name| demo.join(name)).into()
}
