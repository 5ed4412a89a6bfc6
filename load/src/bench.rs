//! The benchmarks: each measure with its goal, and where there is one with a baseline measured in the same run.
//!
//! One module a measure. A measure gets a [`Lab`], which holds the servers and people that all share, and returns
//! figures; the order below matters where one measure leaves the database fuller for the next.

mod agreement;
mod answered_project;
mod answered_top;
mod claim_size;
mod closed_loop;
mod commits;
mod driver;
mod during_import;
mod import;
mod lab;
mod one_sample;
mod open_loop;
mod pages;
mod report;
mod rows;
mod size;
mod start;
mod store;

use std::path::PathBuf;

use anyhow::{Context, Result};

use self::{
    lab::Lab,
    report::{Figure, Report},
    size::Size,
};
use crate::place::Kind;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// The server's program, built for release
    #[arg(long, value_name = "FILE")]
    relabel: PathBuf,
    /// A PostgreSQL whose user may make databases; it is measured beside SQLite
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    #[arg(long, value_enum, default_value_t = Size::Quick)]
    size: Size,
    #[command(flatten)]
    programs: agreement::Programs,
    /// Measure this part alone
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// Where to write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The folder for the data: its disk is measured [default: the system's temporary folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// What can be measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Intake, queue, pages and start
    Queue,
    /// Exports, cuts, differences and their check
    Store,
    /// What many answers tell
    Answers,
    /// Coefficients and truth inference, without a server
    Agreement,
}

/// A missed goal is a figure, not a failure.
pub async fn run(options: Options) -> Result<bool> {
    let mut report = Report::new(options.size);
    if options.part.is_none_or(|part| part == Part::Agreement) {
        let figures = agreement::measure(&options.programs, options.data.as_deref(), options.size).await?;
        for figure in figures {
            eprintln!("{}", report.add("none", figure));
        }
    }
    let kinds = [Some(Kind::Sqlite), options.postgres.clone().map(Kind::Postgres)];
    for kind in kinds.into_iter().flatten().filter(|_| options.part != Some(Part::Agreement)) {
        measure_all(&options, &kind, &mut report).await.with_context(|| format!("on {}", kind.name()))?;
    }
    print!("\n{}", report.table());
    if let Some(file) = &options.json {
        std::fs::write(file, report.json()?).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(true)
}

async fn measure_all(options: &Options, kind: &Kind, report: &mut Report) -> Result<()> {
    let database = kind.name();
    let mut add = |figures: Vec<Figure>| {
        for figure in figures {
            eprintln!("{}", report.add(database, figure));
        }
    };
    let is_wanted = |part| options.part.is_none_or(|only| only == part);
    if is_wanted(Part::Answers) {
        add(answered_project::measure(&options.relabel, kind, options.data.as_deref(), options.size).await?);
    }
    if is_wanted(Part::Store) {
        add(store::measure(&options.relabel, kind, options.data.as_deref(), options.size).await?);
    }
    if !is_wanted(Part::Queue) {
        return Ok(());
    }
    let commits = commits::per_second(kind, options.data.as_deref()).await?;
    let (figures, small_import) =
        import::small(&options.relabel, kind, options.data.as_deref(), options.size).await?;
    add(figures);
    let mut lab = Lab::open(&options.relabel, kind, options.data.as_deref(), options.size).await?;
    add(import::large(&mut lab, small_import).await?);
    add(one_sample::measure(&lab).await?);
    add(claim_size::measure(&lab).await?);
    add(closed_loop::measure(&lab, commits).await?);
    add(open_loop::measure(&lab).await?);
    add(pages::measure(&lab).await?);
    add(answered_top::measure(&lab).await?);
    add(start::measure(&mut lab).await?);
    add(during_import::measure(&lab).await?);
    lab.close().await
}
