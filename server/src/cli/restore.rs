//! `relabel restore`: the database of a backup comes into the data folder, while nobody works there.

use service::backup::{self, Existing};
use std::path::PathBuf;

use super::{CliResult, backup::in_words, say};
use crate::config::Config;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// A file that `relabel backup` wrote, or a copy from before an upgrade
    file: PathBuf,
    /// Keep the database that is there under another name
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(config: &Config, args: Args) -> CliResult {
    let existing = if args.force { Existing::Replace } else { Existing::Refuse };
    let restored = backup::restore(&config.service_options(), &args.file, existing).await?;
    if let Some(kept) = &restored.kept {
        say(format_args!("the database that was there is now {}", kept.display()))?;
    }
    say(format_args!("restored {}: {}", args.file.display(), in_words(&restored.holdings)))
}
