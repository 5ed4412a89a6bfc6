//! `cargo xtask test`: every check of the workspace, each timed, stopping at the first that fails.

mod part;
mod table;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use self::part::{Extent, Part};
use self::table::Outcome;
use super::build;
use crate::process;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Leave out PostgreSQL and the browser
    #[arg(long)]
    quick: bool,
    /// Only these parts, in their usual order
    #[arg(value_enum)]
    parts: Vec<Part>,
}

/// The table is the last word, also on a failure: its exit code says the rest.
pub(crate) fn run(workspace: &Workspace, args: Args) -> Result<ExitCode> {
    build::require_c_compiler()?;
    let extent = if args.quick { Extent::Quick } else { Extent::Full };
    let outcomes = run_parts(workspace, &part::chosen(&args.parts, extent), extent);
    print!("\n{}", table::table(&outcomes));
    let all_passed = outcomes.iter().all(|(_, outcome)| matches!(outcome, Outcome::Passed(_)));
    Ok(if all_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_parts(workspace: &Workspace, parts: &[Part], extent: Extent) -> Vec<(&'static str, Outcome)> {
    let mut broken = false;
    let mut outcomes = Vec::new();
    for part in parts {
        let name = part.name(extent);
        if broken {
            outcomes.push((name, Outcome::NotRun));
            continue;
        }
        process::step(name);
        let started = Instant::now();
        let result = part.run(workspace, extent);
        let time = started.elapsed();
        outcomes.push(match result {
            Ok(()) => (name, Outcome::Passed(time)),
            Err(error) => {
                eprintln!("error: {error:#}");
                broken = true;
                (name, Outcome::Failed(time))
            }
        });
    }
    outcomes
}
