//! `relabel export`: the labels of a version, to a file or to standard output.

use clap::ValueEnum;
use domain::{
    answer::Answers,
    name::{NameError, Slug, VersionRef},
    split::Split,
};
use futures::TryStreamExt;
use serde_json::Value;
use service::{
    Services,
    usecase::export::{ExportFilter, ExportFormat, ExportRequest, Include, Spreadsheet},
};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use super::{CliResult, OPERATOR, file_error, parse_slug};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The project
    #[arg(long, value_parser = parse_slug, value_name = "SLUG")]
    project: Slug,
    /// A number, `latest` or a tag
    #[arg(long, default_value = "latest", value_parser = VersionRef::parse, value_name = "REF")]
    version: VersionRef,
    /// The shape of the lines
    #[arg(long, default_value = "jsonl")]
    format: FormatArg,
    /// Only what changed after this version; 0 is the empty state
    #[arg(long, value_parser = parse_since, value_name = "REF")]
    since: Option<VersionRef>,
    /// What to add to each line
    #[arg(long, value_delimiter = ',')]
    include: Vec<IncludeArg>,
    /// Only samples of this split: train, validation or test
    #[arg(long, value_parser = parse_split, value_name = "SPLIT")]
    split: Option<Split>,
    /// Only labels that hold this answer; may be given for several questions
    #[arg(long, value_parser = parse_answer, value_name = "QUESTION=VALUE")]
    label: Vec<(String, Value)>,
    /// Only labels decided on a content with this metadata value, which is JSON or text; may be given for several keys
    #[arg(long, value_parser = parse_metadata, value_name = "KEY=VALUE")]
    metadata: Vec<(String, Value)>,
    /// Defuse cells that a spreadsheet would run
    #[arg(long)]
    spreadsheet: Option<SpreadsheetArg>,
    /// The file; standard output where not given
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Jsonl,
    Csv,
    Parquet,
    Arrow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum IncludeArg {
    Provenance,
    Predictions,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SpreadsheetArg {
    Safe,
}

pub(super) async fn run(services: &Services, args: Args) -> CliResult {
    let request = ExportRequest {
        version: Some(args.version),
        since: args.since,
        format: match args.format {
            FormatArg::Jsonl => ExportFormat::Jsonl,
            FormatArg::Csv => ExportFormat::Csv,
            FormatArg::Parquet => ExportFormat::Parquet,
            FormatArg::Arrow => ExportFormat::Arrow,
        },
        include: Include {
            provenance: args.include.contains(&IncludeArg::Provenance),
            predictions: args.include.contains(&IncludeArg::Predictions),
        },
        filter: ExportFilter {
            split: args.split,
            label: (!args.label.is_empty()).then(|| Answers(args.label.into_iter().collect())),
            metadata: (!args.metadata.is_empty()).then(|| args.metadata.into_iter().collect()),
        },
        spreadsheet: args.spreadsheet.map_or(Spreadsheet::Raw, |SpreadsheetArg::Safe| Spreadsheet::Safe),
    };
    match args.out {
        None => {
            write(services, &args.project, request, std::io::stdout().lock(), Path::new("standard output"))
                .await
        }
        Some(file) => {
            // Under another name until it is whole, so that nobody trains on half of it.
            let mut part = file.clone().into_os_string();
            part.push(".part");
            let part = PathBuf::from(part);
            let opened = BufWriter::new(File::create(&part).map_err(file_error(&part))?);
            write(services, &args.project, request, opened, &file).await?;
            std::fs::rename(&part, &file).map_err(file_error(&file))
        }
    }
}

async fn write(
    services: &Services,
    project: &Slug,
    request: ExportRequest,
    mut out: impl Write,
    file: &Path,
) -> CliResult {
    let plan = services.export().plan(&OPERATOR, project, request).await?;
    let mut pieces = Box::pin(services.export().stream(plan));
    while let Some(piece) = pieces.try_next().await? {
        out.write_all(&piece).map_err(file_error(file))?;
    }
    out.flush().map_err(file_error(file))
}

fn parse_since(text: &str) -> Result<VersionRef, NameError> {
    VersionRef::parse_with_empty(text)
}

fn parse_split(text: &str) -> Result<Split, String> {
    Split::parse(text).ok_or_else(|| "train, validation or test".to_owned())
}

fn parse_answer(text: &str) -> Result<(String, Value), String> {
    let (question, value) = text.split_once('=').ok_or("QUESTION=VALUE")?;
    Ok((question.to_owned(), value.into()))
}

/// A number, `true`, `false`, `null` or something longer in JSON; anything else is a text.
fn parse_metadata(text: &str) -> Result<(String, Value), String> {
    let (key, value) = text.split_once('=').ok_or("KEY=VALUE")?;
    Ok((key.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}
