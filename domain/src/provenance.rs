//! Where a label comes from, kept beside it for ever. Names no person.

use crate::{answer::Answers, signal::SignalKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What made a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VersionSource {
    /// A cut of staged decisions.
    Cut,
    /// The labels of an import.
    Import,
    /// A return to an earlier version's labels.
    Revert,
}

impl VersionSource {
    /// The source as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Import => "import",
            Self::Revert => "revert",
        }
    }

    /// The source of this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Cut, Self::Import, Self::Revert].into_iter().find(|source| source.as_str() == text)
    }
}

/// What sort of author decided a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LabelAuthor {
    /// A reviewer.
    Reviewer,
    /// The review policy.
    Policy,
    /// An import.
    Import,
    /// A revert.
    Revert,
}

/// Where a label comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provenance {
    /// What made the version that it entered.
    pub source: VersionSource,
    /// What sort of author decided it.
    pub decided_by: LabelAuthor,
    /// How many annotations counted.
    pub annotations: i32,
    /// The share of agreeing pairs of annotations; null with fewer than two.
    pub agreement: Option<f64>,
    /// By question: the consensus' share of the annotations; null without annotations.
    pub posterior: Option<BTreeMap<String, f64>>,
    /// Why the sample was in the queue; null where it was not.
    pub reason: Option<SignalKind>,
    /// The models of the newest predictions at the time.
    pub models: Vec<String>,
    /// The schema revision that it was decided under.
    pub schema_revision: i32,
    /// The guideline revision that it was decided under.
    pub guideline_revision: i32,
    /// The stored label before it.
    pub previous: Option<Answers>,
}
