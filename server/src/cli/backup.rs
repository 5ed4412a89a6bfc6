//! `relabel backup`: the database in one file, copied while a server works on it.

use service::backup::{self, Existing, Holdings};
use std::path::PathBuf;

use super::{CliResult, say};
use crate::config::Config;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The file to write
    file: PathBuf,
    /// Replace the file where it exists
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(config: &Config, args: Args) -> CliResult {
    let existing = if args.force { Existing::Replace } else { Existing::Refuse };
    let holdings = backup::back_up(&config.service_options(), &args.file, existing).await?;
    say(format_args!("{}: {}", args.file.display(), in_words(&holdings)))
}

/// What a backup holds.
pub(super) fn in_words(holdings: &Holdings) -> String {
    let Holdings { projects, versions, labels } = holdings;
    format!("projects: {projects}, versions: {versions}, labels: {labels}")
}
