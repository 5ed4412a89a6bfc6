//! `relabel demo`: projects from folders, demo accounts, and simulated annotators who have answered some of the queue;
//! then it serves them.
//!
//! The passwords are printed in the documentation, so it serves the loopback only. Everything goes through the same
//! use cases as people's work. Run again, it keeps what is there.

mod accounts;
mod folder;
mod mark;
mod simulation;

use domain::{
    access::Role,
    name::Slug,
    problem::{Code, Refusal},
    view::project::MemberInput,
};
use service::{
    Actor, Services,
    format::Format,
    usecase::intake::{Labels, OnError, SampleOptions},
};
use std::{net::SocketAddr, path::PathBuf};

use crate::{
    config::Config,
    serve::{self, ServeError},
};
use folder::Folder;
use mark::{Mark, Start};

/// How many tasks the simulated annotators answer at most, over all projects.
const SIMULATED_TASKS: usize = 200;

/// What the demo is made of.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// A folder with project.json and samples.jsonl, and perhaps truth.csv; may be repeated
    #[arg(long, value_name = "DIR", required = true)]
    data: Vec<PathBuf>,
    /// Start anew: delete what an earlier demo left in the data folder
    #[arg(long)]
    fresh: bool,
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// It would be open to others.
    #[error("{0} is not the loopback: the demo's passwords are known to everybody")]
    NotLoopback(SocketAddr),
    /// The folder holds something else.
    #[error("{0} was not made by `relabel demo`; give another --data-dir")]
    NotOurs(PathBuf),
    /// A database that other servers share is no place for accounts whose password everybody knows.
    #[error("the demo keeps its data in its own folder: leave out --database-url and RELABEL_DATABASE_URL")]
    SharedDatabase,
    /// A file cannot be read or written.
    #[error("{file}: {source}")]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{file}: {refusal}")]
    Content {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        refusal: Refusal,
    },
    /// The use cases refused or failed.
    #[error(transparent)]
    Service(#[from] service::Error),
    /// The server could not start or go on.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// Makes the demo where it is not there yet, and serves it.
///
/// # Errors
/// When a folder cannot be read, or the server cannot start.
pub async fn run(args: Args, config: &Config) -> Result<(), DemoError> {
    if !config.addr.ip().is_loopback() {
        return Err(DemoError::NotLoopback(config.addr));
    }
    if config.database_url.is_some() {
        return Err(DemoError::SharedDatabase);
    }
    // All are read before anything is made.
    let folders = args.data.iter().map(|path| Folder::read(path)).collect::<Result<Vec<_>, _>>()?;
    let mut mark = Mark::open(&config.data_dir, if args.fresh { Start::Anew } else { Start::Onward })?;
    let services = Services::open(&config.service_options()).await?;
    let people = accounts::ensure(&services).await?;
    let tasks = SIMULATED_TASKS.div_ceil(folders.len().max(1));
    for folder in &folders {
        let slug = folder.project.slug.clone();
        if mark.has(&slug) {
            say(format_args!("{slug}: there already"));
            continue;
        }
        import(&services, folder).await?;
        for (email, role) in accounts::roles() {
            services.members().set(&Actor::Operator, &slug, MemberInput { email, role }).await?;
        }
        for annotator in &people {
            let member = MemberInput { email: annotator.email.clone(), role: Role::Annotator };
            services.members().set(&Actor::Operator, &slug, member).await?;
        }
        // A third of what waits is left for whoever tries the demo.
        let open = services.projects().overview(&Actor::Operator, &slug).await?.open;
        let tasks = tasks.min(usize::try_from(open * 2 / 3).unwrap_or(tasks));
        let answered = simulation::run(&services, &slug, folder, &people, tasks).await?;
        say(format_args!("{slug}: simulated annotators answered {answered} tasks"));
        mark.add(&slug)?;
    }
    serve::run_on(services, config, accounts::tell).await?;
    Ok(())
}

async fn import(services: &Services, folder: &Folder) -> Result<(), DemoError> {
    let slug: &Slug = &folder.project.slug;
    match services.projects().create(&Actor::Operator, folder.project.clone()).await {
        Ok(_) => {}
        // An earlier run ended in between; the import changes nothing that is there.
        Err(error) if error.code() == Code::SlugTaken => {}
        Err(error) => return Err(error.into()),
    }
    let mut spool = services.intake().spool(&Actor::Operator, slug).await?;
    spool.write(&folder.samples).await?;
    let options =
        SampleOptions { on_error: OnError::Abort, labels: Labels::Keep, ..SampleOptions::default() };
    let spooled = spool.finish().await?;
    let import = services.intake().samples(&Actor::Operator, slug, spooled, Format::Ndjson, options).await?;
    say(format_args!("{slug}: {} samples, {} tasks", import.received, import.tasks_opened));
    Ok(())
}

/// Progress goes to standard error: standard output has the one line of `serve`.
fn say(line: std::fmt::Arguments<'_>) {
    eprintln!("demo: {line}");
}
