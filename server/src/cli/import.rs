//! `relabel import`: samples from a file.

use clap::ValueEnum;
use domain::name::Slug;
use service::{
    Services,
    format::Format,
    spool::Spooled,
    usecase::intake::{Labels, OnError, SampleOptions, foreign::Dialect},
};
use std::{
    io::Read,
    path::{Path, PathBuf},
};

use super::{CliError, CliResult, OPERATOR, file_error, parse_slug, say_json};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The project
    #[arg(long, value_parser = parse_slug, value_name = "SLUG")]
    project: Slug,
    /// The file, or - for standard input
    file: PathBuf,
    /// By the file's ending where not given, ndjson on standard input
    #[arg(long)]
    format: Option<FormatArg>,
    /// What a wrong line does: refuse the whole file, or be left out
    #[arg(long, default_value = "abort")]
    on_error: OnErrorArg,
    /// Whether labels that review has decided give way
    #[arg(long, default_value = "keep")]
    labels: LabelsArg,
    /// The program that wrote the file
    #[arg(long, default_value = "relabel")]
    from: FromArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    /// One JSON object a line
    #[value(alias = "jsonl")]
    Ndjson,
    /// One JSON array
    Json,
    /// A header and one row a sample
    Csv,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OnErrorArg {
    Abort,
    Skip,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LabelsArg {
    Keep,
    Overwrite,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FromArg {
    Relabel,
    #[value(alias = "label_studio")]
    LabelStudio,
    Argilla,
    Doccano,
}

pub(super) async fn run(services: &Services, args: Args) -> CliResult {
    let format = match args.format {
        Some(FormatArg::Ndjson) => Format::Ndjson,
        Some(FormatArg::Json) => Format::Json,
        Some(FormatArg::Csv) => Format::Csv,
        None => by_ending(&args.file)?,
    };
    let options = SampleOptions {
        on_error: match args.on_error {
            OnErrorArg::Abort => OnError::Abort,
            OnErrorArg::Skip => OnError::Skip,
        },
        labels: match args.labels {
            LabelsArg::Keep => Labels::Keep,
            LabelsArg::Overwrite => Labels::Overwrite,
        },
        dialect: match args.from {
            FromArg::Relabel => Dialect::Relabel,
            FromArg::LabelStudio => Dialect::LabelStudio,
            FromArg::Argilla => Dialect::Argilla,
            FromArg::Doccano => Dialect::Doccano,
        },
    };
    let spooled = spool_file(services, &args.project, &args.file).await?;
    let import = services.intake().samples(&OPERATOR, &args.project, spooled, format, options).await?;
    say_json(&import)
}

fn by_ending(file: &Path) -> Result<Format, CliError> {
    if file.as_os_str() == "-" {
        return Ok(Format::Ndjson);
    }
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("jsonl" | "ndjson") => Ok(Format::Ndjson),
        Some("json") => Ok(Format::Json),
        Some("csv") => Ok(Format::Csv),
        _ => Err(CliError::Usage(format!("{}: say what it is with --format", file.display()))),
    }
}

/// A file, copied to where intake reads from; `-` is standard input. Reading may block: a command does nothing else.
async fn spool_file(services: &Services, slug: &Slug, file: &Path) -> Result<Spooled, CliError> {
    if file.as_os_str() == "-" {
        return spool(services, slug, std::io::stdin(), file).await;
    }
    let opened = std::fs::File::open(file).map_err(file_error(file))?;
    spool(services, slug, opened, file).await
}

async fn spool(
    services: &Services,
    slug: &Slug,
    mut from: impl Read,
    file: &Path,
) -> Result<Spooled, CliError> {
    let mut spool = services.intake().spool(&OPERATOR, slug).await?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = from.read(&mut buffer).map_err(file_error(file))?;
        if length == 0 {
            return Ok(spool.finish().await?);
        }
        spool.write(&buffer[..length]).await?;
    }
}
