//! What an import does to a sample's label: compared with the label last imported, and with what review made
//! of it since.

use super::sample_lines::GivenLabel;
use crate::{
    entity::{label, sample},
    error::Result,
    repo::{projects::Project, signals::Given, versions::NewLabelRow},
};
use domain::{
    answer::Answers,
    id::{ContentId, SampleId},
    provenance::{LabelAuthor, Provenance, VersionSource},
    signal::SignalKind,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Whose label stays where an import disagrees with a reviewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Labels {
    /// The reviewer's; the sample is queued again.
    #[default]
    Keep,
    /// The import's.
    Overwrite,
}

/// The rows of the label store that count for a sample.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stored<'a> {
    /// In the newest version.
    pub current: Option<&'a label::Model>,
    /// What the next cut would make of it.
    pub staged: Option<&'a label::Model>,
}

/// What becomes of a sample's label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is as it was imported last.
    Unchanged,
    /// It differs, but the stored label is that already.
    Agrees,
    /// It replaces the stored label.
    Replaces,
    /// Review has decided otherwise, and that stays.
    Conflicts,
}

/// What `given` does to a sample's label.
pub(super) fn outcome(
    given: &GivenLabel,
    last_imported: Option<&str>,
    stored: Stored<'_>,
    labels: Labels,
) -> Result<Outcome> {
    let Some(given) = given.text() else { return Ok(Outcome::Unchanged) };
    if given.as_deref() == last_imported {
        return Ok(Outcome::Unchanged);
    }
    let imported = match stored.current {
        None => true,
        Some(row) => row.provenance()?.decided_by == LabelAuthor::Import,
    };
    let current = stored.current.and_then(|row| row.label.as_deref());
    if labels == Labels::Overwrite || (imported && stored.staged.is_none()) {
        return Ok(if given.as_deref() == current { Outcome::Agrees } else { Outcome::Replaces });
    }
    let decided = stored.staged.map_or(current, |row| row.label.as_deref());
    Ok(if given.as_deref() == decided { Outcome::Agrees } else { Outcome::Conflicts })
}

/// The content revision that an imported label was given for.
#[derive(Clone, Debug)]
pub(super) struct OnContent {
    pub id: ContentId,
    pub hash: String,
}

/// The row that a label which replaces another enters the store with.
pub(super) fn row(
    project: &Project,
    sample: &sample::Model,
    label: Option<Answers>,
    current: Option<&label::Model>,
    content: OnContent,
) -> Result<NewLabelRow> {
    let provenance = Provenance {
        source: VersionSource::Import,
        decided_by: LabelAuthor::Import,
        annotations: 0,
        agreement: None,
        posterior: None,
        reason: None,
        models: Vec::new(),
        schema_revision: project.schema_revision,
        guideline_revision: project.guideline_revision,
        previous: current.map(label::Model::answers).transpose()?.flatten(),
    };
    Ok(NewLabelRow {
        sample: SampleId(sample.id),
        sample_key: sample.key.clone(),
        label,
        content: content.id,
        content_hash: content.hash,
        provenance,
        decision: None,
    })
}

/// The signal of an import that disagrees with a reviewer.
pub(super) fn conflict(sample: &sample::Model, label: Option<&Answers>) -> Given {
    Given {
        sample: SampleId(sample.id),
        kind: SignalKind::ImportConflict,
        score: 1.0,
        detail: json!({"imported": label}),
    }
}
