//! What intake answers.

use crate::{id::ImportId, problem::Fault, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What an upload of samples did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SampleImport {
    /// The import's number.
    pub import: i64,
    /// Lines read.
    pub received: i64,
    /// Samples that are new.
    pub created: i64,
    /// Samples whose content, label or predictions changed.
    pub updated: i64,
    /// Samples that changed in nothing.
    pub unchanged: i64,
    /// Lines left out.
    pub rejected: i64,
    /// Labels that review had decided otherwise.
    pub label_conflicts: i64,
    /// Tasks opened.
    pub tasks_opened: i64,
    /// Answers of single people that were kept, where they differ; only other programs' files have any.
    #[serde(default)]
    pub answers: i64,
    /// Answers that were left out because their annotator had answered the sample already; the first stays.
    #[serde(default)]
    pub repeated: i64,
    /// The version of the label changes; null where no label changed.
    pub version: Option<i64>,
    /// Why lines were left out, at most 100.
    pub errors: Vec<Fault>,
}

/// What an upload of people's answers did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnotationImport {
    /// The import's number.
    pub import: i64,
    /// Lines read.
    pub received: i64,
    /// Answers that are new.
    pub created: i64,
    /// Answers that were left out because their annotator had answered the sample already.
    pub repeated: i64,
    /// Lines left out because they are wrong.
    pub rejected: i64,
    /// Tasks opened.
    pub tasks_opened: i64,
    /// Tasks that have all their answers by this: they went to review, or the policy approved them.
    pub tasks_settled: i64,
    /// Why lines and answers were left out, at most 100.
    pub errors: Vec<Fault>,
}

/// What an upload of predictions did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PredictionImport {
    /// Lines read.
    pub received: i64,
    /// Predictions that are new.
    pub created: i64,
    /// Predictions of a known sample, question and model that were replaced.
    pub updated: i64,
    /// Lines left out.
    pub rejected: i64,
    /// Tasks opened.
    pub tasks_opened: i64,
    /// Tasks closed because their signals fell.
    pub tasks_superseded: i64,
    /// Why lines were left out, at most 100.
    pub errors: Vec<Fault>,
}

/// What an upload of user reports did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedbackImport {
    /// Lines read.
    pub received: i64,
    /// Tasks opened.
    pub tasks_opened: i64,
    /// Lines left out.
    pub rejected: i64,
    /// Why lines were left out, at most 100.
    pub errors: Vec<Fault>,
}

/// What a challenge did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Challenged {
    /// Samples that were named or that the filter found.
    pub matched: i64,
    /// Tasks opened.
    pub tasks_opened: i64,
    /// Samples with a task that was open already.
    pub already_open: i64,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// It is being written, and goes on after a restart.
    Writing,
    /// It is written whole.
    Done,
    /// Its file was lost before all of it was written; what was written stands, and the file may be sent again.
    CutShort,
}

impl ImportState {
    /// The state as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Writing => "writing",
            Self::Done => "done",
            Self::CutShort => "cut_short",
        }
    }

    /// The state of this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Writing, Self::Done, Self::CutShort].into_iter().find(|state| state.as_str() == text)
    }
}

/// The record of an import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportView {
    /// The import's number.
    pub import: ImportId,
    /// `samples`, `annotations`, `predictions` or `feedback`.
    pub kind: String,
    /// Who sent it; null for the command line.
    pub author: Option<String>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// SHA-256 of the body.
    pub digest: String,
    /// Whether it is finished; the counts of one that is being written grow.
    pub state: ImportState,
    /// Lines read.
    pub received: i64,
    /// Samples, answers or predictions that are new, or reports.
    pub created: i64,
    /// Samples or predictions that changed.
    pub updated: i64,
    /// Samples or predictions that changed in nothing, or answers whose annotator had answered the sample already.
    pub unchanged: i64,
    /// Lines left out.
    pub rejected: i64,
    /// Labels that review had decided otherwise.
    pub label_conflicts: i64,
    /// Tasks opened.
    pub tasks_opened: i64,
    /// Answers of single people that were kept.
    pub answers: i64,
    /// The version of the label changes; null where no label changed.
    pub version: Option<i64>,
    /// Why lines were left out, at most 100.
    pub errors: Vec<Fault>,
}

impl ImportView {
    /// How many lines it left out: those that are wrong, and answers whose annotator had answered the sample already.
    pub fn left_out(&self) -> i64 {
        self.rejected + if self.kind == "annotations" { self.unchanged } else { 0 }
    }

    /// How many of its samples are written, and how many there are.
    pub fn progress(&self) -> (i64, i64) {
        (self.created + self.updated + self.unchanged, self.received - self.rejected)
    }
}

/// A line that an import left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectedLine {
    /// Where it stands in the file.
    pub line: i64,
    /// What stands there; null where it is no JSON, or was erased with its sample.
    pub record: Option<serde_json::Value>,
    /// Why it was left out.
    pub errors: Vec<Fault>,
}

/// The first lines of an upload, checked but not kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UploadPreview {
    /// Lines read.
    pub received: i64,
    /// Lines that would be left out.
    pub rejected: i64,
    /// The first samples as they would be kept: id, fields and label as compact JSON.
    pub rows: Vec<PreviewRow>,
    /// What is wrong, at most 100.
    pub errors: Vec<Fault>,
}

/// One sample of a preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Its line.
    pub line: i64,
    /// Its id.
    pub id: String,
    /// The first field's text, cut to what a table shows.
    pub text: String,
    /// The label as compact JSON, where there is one.
    pub label: Option<String>,
    /// How many predictions came with it.
    pub predictions: i64,
}
