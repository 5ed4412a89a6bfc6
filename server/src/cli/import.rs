//! `relabel import`: samples, or people's answers to them, from a file.

use clap::ValueEnum;
use domain::{
    id::ImportId,
    name::Slug,
    problem::Code,
    view::{
        PageRequest,
        intake::{AnnotationImport, ImportState, SampleImport},
    },
};
use service::{
    Services,
    coding::Coding,
    format::Format,
    spool::{Receiving, Spooled},
    usecase::intake::{AnnotationOptions, Labels, OnError, SampleOptions, foreign::Dialect},
};
use std::{
    fs::File,
    io::{BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use super::{CliError, CliResult, OPERATOR, file_error, parse_slug, say_json};

/// How often a terminal is told how far an import is.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The project
    #[arg(long, value_parser = parse_slug, value_name = "SLUG")]
    project: Slug,
    /// What the file holds
    #[arg(long, default_value = "samples")]
    kind: KindArg,
    /// The file, or - for standard input; .gz and .zst are unpacked
    file: PathBuf,
    /// By the file's ending where not given, ndjson on standard input
    #[arg(long)]
    format: Option<FormatArg>,
    /// What a wrong line does: refuse the whole file, or be left out
    #[arg(long, default_value = "abort")]
    on_error: OnErrorArg,
    /// Of samples: whether labels that review has decided give way [default: keep]
    #[arg(long)]
    labels: Option<LabelsArg>,
    /// The program that wrote the file
    #[arg(long, default_value = "relabel")]
    from: FromArg,
    /// Where to write the lines that were left out, each with its reasons, as NDJSON
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KindArg {
    /// Samples, with their labels and predictions
    Samples,
    /// What people answered elsewhere; they need no account
    Annotations,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    /// One JSON object a line
    #[value(alias = "jsonl")]
    Ndjson,
    /// One JSON array
    Json,
    /// A header and one row a sample or answer
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
    if args.kind == KindArg::Annotations && args.labels.is_some() {
        return Err(CliError::Usage("--labels is about samples, and annotations bring no labels".to_owned()));
    }
    let on_error = match args.on_error {
        OnErrorArg::Abort => OnError::Abort,
        OnErrorArg::Skip => OnError::Skip,
    };
    let labels = match args.labels {
        None | Some(LabelsArg::Keep) => Labels::Keep,
        Some(LabelsArg::Overwrite) => Labels::Overwrite,
    };
    let dialect = match args.from {
        FromArg::Relabel => Dialect::Relabel,
        FromArg::LabelStudio => Dialect::LabelStudio,
        FromArg::Argilla => Dialect::Argilla,
        FromArg::Doccano => Dialect::Doccano,
    };
    // One that was interrupted goes first: it may be this very file.
    services.intake().resume().await?;
    services.finish_background().await;
    let spooled = spool_file(services, &args.project, &args.file).await?;
    let progress = std::io::stderr()
        .is_terminal()
        .then(|| tokio::spawn(tell_progress(services.clone(), args.project.clone())));
    let (intake, slug) = (services.intake(), &args.project);
    let imported = match args.kind {
        KindArg::Samples => {
            let options = SampleOptions { on_error, labels, dialect };
            intake.samples(&OPERATOR, slug, spooled, format, options).await.map(Imported::Samples)
        }
        KindArg::Annotations => {
            let options = AnnotationOptions { on_error, dialect };
            intake.annotations(&OPERATOR, slug, spooled, format, options).await.map(Imported::Annotations)
        }
    };
    if let Some(progress) = progress {
        progress.abort();
    }
    let imported = imported?;
    if let Some(file) = &args.rejected {
        write_rejected(services, slug, imported.id(), file).await?;
    }
    say_json(&imported)
}

/// What the import did.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Imported {
    Samples(SampleImport),
    Annotations(AnnotationImport),
}

impl Imported {
    fn id(&self) -> ImportId {
        ImportId(match self {
            Self::Samples(import) => import.import,
            Self::Annotations(import) => import.import,
        })
    }
}

/// Tells whoever sits at the terminal how far the import is, while it is one that takes long.
async fn tell_progress(services: Services, slug: Slug) {
    let newest = PageRequest { limit: Some(1), cursor: None };
    loop {
        tokio::time::sleep(PROGRESS_EVERY).await;
        let Ok(page) = services.imports().list(&OPERATOR, &slug, newest.clone()).await else { return };
        if let Some(import) = page.items.first().filter(|import| import.state == ImportState::Writing) {
            let (written, all) = import.progress();
            eprint!("\r{written} of {all} lines");
            if written == all {
                eprintln!();
            }
        }
    }
}

async fn write_rejected(services: &Services, slug: &Slug, import: ImportId, file: &Path) -> CliResult {
    let mut out = BufWriter::new(File::create(file).map_err(file_error(file))?);
    let mut cursor = None;
    loop {
        let request = PageRequest { limit: Some(500), cursor };
        let page = services.imports().rejected(&OPERATOR, slug, import, request).await?;
        for line in &page.items {
            let line = serde_json::to_string(line).map_err(service::Error::internal)?;
            writeln!(out, "{line}").map_err(file_error(file))?;
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return out.flush().map_err(file_error(file));
        }
    }
}

fn by_ending(file: &Path) -> Result<Format, CliError> {
    if file.as_os_str() == "-" {
        return Ok(Format::Ndjson);
    }
    let (_, name) = Coding::of_file_name(file.to_str().unwrap_or_default());
    match Path::new(name).extension().and_then(|ending| ending.to_str()) {
        Some("jsonl" | "ndjson") => Ok(Format::Ndjson),
        Some("json") => Ok(Format::Json),
        Some("csv") => Ok(Format::Csv),
        _ => Err(CliError::Usage(format!("{}: say what it is with --format", file.display()))),
    }
}

/// A file, copied to where intake reads from, unpacked; `-` is standard input.
async fn spool_file(services: &Services, slug: &Slug, file: &Path) -> Result<Spooled, CliError> {
    if file.as_os_str() == "-" {
        return spool(services, slug, tokio::io::stdin(), file, Coding::Identity).await;
    }
    let opened = tokio::fs::File::open(file).await.map_err(file_error(file))?;
    let (coding, _) = Coding::of_file_name(file.to_str().unwrap_or_default());
    spool(services, slug, opened, file, coding).await
}

async fn spool(
    services: &Services,
    slug: &Slug,
    from: impl AsyncRead + Send + Unpin,
    file: &Path,
    coding: Coding,
) -> Result<Spooled, CliError> {
    let mut spool = services.intake().spool(&OPERATOR, slug).await?;
    let how = Receiving { coding, most: u64::MAX };
    // What the system said of the file; the refusal knows only that the rest did not come.
    let unread = OnceLock::new();
    let received = spool
        .receive(ReaderStream::new(from), how, |error| {
            // The first is the only one: nothing is read after it.
            let _ = unread.set(error);
            Code::Malformed
        })
        .await;
    if let Some(error) = unread.into_inner() {
        return Err(file_error(file)(error));
    }
    received?;
    Ok(spool.finish().await?)
}
