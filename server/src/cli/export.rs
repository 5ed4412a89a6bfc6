//! `relabel export`: the labels of a version, to a file or to standard output.

use clap::ValueEnum;
use domain::name::{NameError, Slug, VersionRef};
use service::{
    Services,
    usecase::export::{ExportFormat, ExportRequest, Include, Spreadsheet},
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
        },
        include: Include {
            provenance: args.include.contains(&IncludeArg::Provenance),
            predictions: args.include.contains(&IncludeArg::Predictions),
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
    let mut cursor = None;
    loop {
        let page = services.export().page(&plan, cursor).await?;
        out.write_all(&page.bytes).map_err(file_error(file))?;
        cursor = page.next;
        if cursor.is_none() {
            return out.flush().map_err(file_error(file));
        }
    }
}

fn parse_since(text: &str) -> Result<VersionRef, NameError> {
    VersionRef::parse_with_empty(text)
}
