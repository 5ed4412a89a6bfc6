//! What an export says of one sample.

use super::plan::ExportPlan;
use crate::{
    error::Result,
    repo::{contents, export_rows::ExportRow, newest_predictions::Newest},
};
use domain::{id::SampleId, split::Split};
use serde_json::{Map, Value};

/// One exported sample. Texts of JSON are canonical, as they are stored.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) sample: SampleId,
    pub(super) id: String,
    pub(super) version: i64,
    /// None: whoever holds an earlier export drops it.
    pub(super) label: Option<Labelled>,
}

/// A sample with its label.
#[derive(Debug)]
pub(super) struct Labelled {
    /// The answers.
    pub(super) answers: String,
    /// None after erasure.
    pub(super) fields: Option<String>,
    pub(super) split: Split,
    /// Where it is included.
    pub(super) provenance: Option<String>,
    /// The newest of each question, where they are included.
    pub(super) predictions: Vec<Newest>,
}

impl Line {
    /// What the export says of this row; nothing where the filter leaves it out, now and before.
    pub(super) fn of(plan: &ExportPlan, row: ExportRow) -> Result<Option<Self>> {
        let split = wanted(
            plan,
            &row.sample_key,
            row.label.as_deref(),
            row.metadata.as_deref(),
            row.split.as_deref(),
        )?;
        let label = match (split, row.label) {
            (Some(split), Some(answers)) => Some(Labelled {
                answers,
                fields: row.fields,
                split,
                provenance: row.provenance,
                predictions: Vec::new(),
            }),
            _ => None,
        };
        let was_wanted = || {
            wanted(
                plan,
                &row.sample_key,
                row.old_label.as_deref(),
                row.old_metadata.as_deref(),
                row.old_split.as_deref(),
            )
        };
        // Whether metadata that were erased since had been wanted is not known: what was never there is deleted for nothing.
        let is_forgotten =
            plan.filter.metadata.is_some() && row.old_label.is_some() && row.old_metadata.is_none();
        if label.is_none() && !is_forgotten && was_wanted()?.is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            sample: SampleId(row.sample_id),
            id: row.sample_key,
            version: row.from_version,
            label,
        }))
    }

    /// The word for it with `since`.
    pub(super) fn op(&self) -> &'static str {
        if self.label.is_some() { "upsert" } else { "delete" }
    }
}

/// The split of a sample that has a label which the filter wants; none of any other.
fn wanted(
    plan: &ExportPlan,
    key: &str,
    label: Option<&str>,
    metadata: Option<&str>,
    kept: Option<&str>,
) -> Result<Option<Split>> {
    let Some(label) = label else { return Ok(None) };
    let filter = &plan.filter;
    if let Some(answers) = &filter.label
        && !holds(Some(label), &answers.0)?
    {
        return Ok(None);
    }
    if let Some(wanted) = &filter.metadata
        && !holds(metadata, wanted)?
    {
        return Ok(None);
    }
    let split = contents::split(&plan.project, key, metadata, kept)?;
    Ok((filter.split.is_none() || filter.split == Some(split)).then_some(split))
}

/// Whether the object of this text has all of these entries.
fn holds<'a>(text: Option<&str>, wanted: impl IntoIterator<Item = (&'a String, &'a Value)>) -> Result<bool> {
    let Some(text) = text else { return Ok(false) };
    let map: Map<String, Value> = serde_json::from_str(text)?;
    Ok(wanted.into_iter().all(|(key, value)| map.get(key) == Some(value)))
}
