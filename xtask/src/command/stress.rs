//! `cargo xtask stress`: builds, then lets `relabel-load` storm servers on SQLite and on PostgreSQL. `cargo xtask test`
//! does the same for a shorter time.

use std::env;
use std::path::Path;

use anyhow::Result;

use crate::postgres::{self, Durability, Postgres};
use crate::workspace::{Profile, Workspace};
use crate::{native, process};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long each storm lasts, besides set-up and reckoning
    #[arg(long, default_value_t = 120)]
    seconds: u32,
    /// The seed that a failed run printed; without it, a new one
    #[arg(long)]
    seed: Option<u64>,
}

/// Where the servers keep their data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Sqlite,
    SqliteAndPostgres,
}

pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    storm(workspace, On::SqliteAndPostgres, args.seconds, args.seed)
}

pub(crate) fn storm(workspace: &Workspace, on: On, seconds: u32, seed: Option<u64>) -> Result<()> {
    process::step("building the server and what storms it");
    let relabel = native::build_programs(workspace)?;
    storm_one(workspace, &relabel, None, seconds, seed)?;
    if on == On::SqliteAndPostgres {
        match env::var(postgres::TEST_URL) {
            Ok(url) => storm_one(workspace, &relabel, Some(&url), seconds, seed)?,
            Err(_) => {
                let postgres = Postgres::start(Durability::Memory, None)?;
                storm_one(workspace, &relabel, Some(&postgres.url()), seconds, seed)?;
            }
        }
    }
    Ok(())
}

fn storm_one(
    workspace: &Workspace,
    relabel: &Path,
    postgres: Option<&str>,
    seconds: u32,
    seed: Option<u64>,
) -> Result<()> {
    let mut load = workspace.command(workspace.load_binary(Profile::Test));
    load.arg("stress").arg("--relabel").arg(relabel).args(["--seconds", &seconds.to_string()]);
    if let Some(url) = postgres {
        load.args(["--postgres", url]);
    }
    if let Some(seed) = seed {
        load.args(["--seed", &seed.to_string()]);
    }
    process::run(&mut load)
}
