//! `cargo xtask …`: builds, runs and checks the workspace with nothing but cargo and what it fetches itself.
//!
//! It must not know how Relabel works: it calls cargo, the `relabel` binary, `relabel-load` and Playwright, and
//! judges by their exit codes.

mod browser;
mod command;
mod native;
mod postgres;
mod process;
mod python;
mod readers;
mod site;
mod system_packages;
mod tidy;
mod wasm_toolchain;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", about = "Builds, runs and checks Relabel", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build target/release/relabel, one self-contained file
    Build,
    /// Build, then serve with demo projects and accounts
    Demo(command::demo::Args),
    /// Build, then serve a real data folder that starts empty
    Serve(command::serve::Args),
    /// Build, then measure a real server: intake, queue, start and pages
    Bench(command::bench::Args),
    /// Storm real servers with people while they are killed, then check that nothing is lost
    Stress(command::stress::Args),
    /// Check everything: format, lints, documentation, tidy rules, all tests
    Test(command::test::Args),
    /// Check the rules of the house that no compiler knows
    Tidy,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match Workspace::locate().and_then(|workspace| run(cli.command, &workspace)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, workspace: &Workspace) -> Result<ExitCode> {
    match command {
        Command::Build => command::build::run(workspace).map(drop)?,
        Command::Demo(args) => command::demo::run(workspace, args)?,
        Command::Serve(args) => command::serve::run(workspace, args)?,
        Command::Bench(args) => command::bench::run(workspace, &args)?,
        Command::Stress(args) => command::stress::run(workspace, &args)?,
        Command::Test(args) => return command::test::run(workspace, args),
        Command::Tidy => command::tidy::run(workspace)?,
    }
    Ok(ExitCode::SUCCESS)
}
