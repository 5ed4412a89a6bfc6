//! Labels for training pipelines: a version, or what changed since another, as a stream of bytes.
//!
//! Rows are read in keyset pages, each one short query, so that a slow reader holds neither a connection nor a snapshot;
//! versions never change, so pages read at different times fit together.

mod columns;
mod csv;
mod encoder;
mod jsonl;
mod kept;
mod lines;
mod plan;
mod stream;

pub use kept::KeptExport;
pub(crate) use kept::Making;
pub use plan::ExportPlan;

use crate::services::Services;
use domain::{answer::Answers, name::VersionRef, split::Split};
use serde_json::{Map, Value};

/// Labels for training pipelines.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a>(pub(crate) &'a Services);

/// In which format labels are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One JSON object a line.
    Jsonl,
    /// RFC 4180.
    Csv,
    /// Apache Parquet, with zstd.
    Parquet,
    /// The file format of Apache Arrow's IPC, also known as Feather 2.
    Arrow,
}

impl ExportFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Jsonl, Self::Csv, Self::Parquet, Self::Arrow];

    /// The format as it appears on the wire, and as the ending of a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        }
    }

    /// The format of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == text)
    }
}

/// Whether cells that a spreadsheet would run are defused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spreadsheet {
    /// Cells are written as they are.
    #[default]
    Raw,
    /// Cells that begin like a formula get an apostrophe in front.
    Safe,
}

/// What is exported beside the label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Include {
    /// Where each label comes from.
    pub provenance: bool,
    /// The newest predictions; they change with time, so the export does too.
    pub predictions: bool,
}

/// Which labels are exported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExportFilter {
    /// Those of this split.
    pub split: Option<Split>,
    /// Those that hold these answers.
    pub label: Option<Answers>,
    /// Those that were decided on a content with these metadata.
    pub metadata: Option<Map<String, Value>>,
}

/// What is exported, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRequest {
    /// The version; the newest where absent.
    pub version: Option<VersionRef>,
    /// Only what changed after this version.
    pub since: Option<VersionRef>,
    /// The format.
    pub format: ExportFormat,
    /// What is exported beside the label.
    pub include: Include,
    /// Which labels.
    pub filter: ExportFilter,
    /// For CSV: whether cells are defused.
    pub spreadsheet: Spreadsheet,
}
