//! Finding samples by a filter, page by page in the order of their ids.

use crate::{
    entity::{content, label, sample},
    error::{Error, Result},
    repo::{
        contents, label_rows,
        projects::Project,
        samples, version_reads,
        versions::{self, BATCH},
    },
};
use domain::{
    answer::Offered,
    id::{ContentId, SampleId},
    name::VersionRef,
    problem::{Code, Refusal},
    view::sample::SampleFilter,
};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// A sample with its newest content and its label in the newest version.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub row: sample::Model,
    /// What is shown; none after erasure.
    pub fields: Option<Map<String, Value>>,
    pub metadata: Map<String, Value>,
    /// The row of the newest version; its label may have been removed.
    pub label: Option<label::Model>,
}

/// A filter whose versions are known to exist.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    filter: SampleFilter,
    /// `q` in lower case.
    text: Option<String>,
    between: Option<(i64, i64)>,
}

impl Search {
    /// Resolves the versions that `filter` names; `at` points to it in the input.
    pub(crate) async fn of<C: ConnectionTrait>(
        conn: &C,
        project: &Project,
        filter: SampleFilter,
        at: &str,
    ) -> Result<Self> {
        if let Some(label) = &filter.label {
            // A misspelt question or option would silently find nothing.
            let faults = label.unknown(&project.schema, Offered::WithRetired);
            let at = format!("{at}/label");
            Refusal::check(faults.into_iter().map(|fault| fault.below(&at)).collect())?;
        }
        let between = match &filter.changed_between {
            None => None,
            Some([from, to]) => {
                let from = version(conn, project, from, &format!("{at}/changed_between/0")).await?;
                Some((from, version(conn, project, to, &format!("{at}/changed_between/1")).await?))
            }
        };
        let text = filter.q.as_deref().map(str::to_lowercase);
        Ok(Self { filter, text, between })
    }

    /// Up to `wanted` samples after this id.
    pub(crate) async fn after<C: ConnectionTrait>(
        &self,
        conn: &C,
        project: &Project,
        key: Option<String>,
        wanted: usize,
    ) -> Result<Vec<Found>> {
        let everything = self.filter == SampleFilter::default();
        let batch = if everything { wanted.min(BATCH) } else { BATCH };
        let mut found = Vec::new();
        let mut last = key;
        while found.len() < wanted {
            let rows = samples::after(conn, project.id, last.as_deref(), batch as u64).await?;
            let Some(end) = rows.last() else { break };
            last = Some(end.key.clone());
            found.extend(self.matching(conn, rows).await?);
        }
        found.truncate(wanted);
        Ok(found)
    }

    async fn matching<C: ConnectionTrait>(&self, conn: &C, rows: Vec<sample::Model>) -> Result<Vec<Found>> {
        let ids: Vec<SampleId> = rows.iter().map(|row| SampleId(row.id)).collect();
        let contents = rows.iter().filter_map(|row| row.content_id).map(ContentId);
        let mut contents = contents::newest(conn, contents).await?;
        let mut labels = versions::current(conn, ids.iter().copied()).await?;
        let changed = match self.between {
            None => HashSet::new(),
            Some((from, to)) => label_rows::changed_between(conn, &ids, from, to).await?,
        };
        let mut found = Vec::new();
        for row in rows {
            let id = SampleId(row.id);
            if self.between.is_some() && !changed.contains(&id) {
                continue;
            }
            let content = contents.remove(&id);
            let fields = content.as_ref().map(content::Model::fields).transpose()?.flatten();
            let metadata = content.as_ref().map(content::Model::metadata).transpose()?.unwrap_or_default();
            let sample = Found { row, fields, metadata, label: labels.remove(&id) };
            if self.holds_for(&sample)? {
                found.push(sample);
            }
        }
        Ok(found)
    }

    fn holds_for(&self, sample: &Found) -> Result<bool> {
        Ok(self.holds_for_label(sample.label.as_ref())?
            && self.filter.metadata.as_ref().is_none_or(|wanted| contains(&sample.metadata, wanted))
            && self.text.as_ref().is_none_or(|text| mentions(sample, text)))
    }

    fn holds_for_label(&self, row: Option<&label::Model>) -> Result<bool> {
        let filter = &self.filter;
        let revisions = (filter.schema_revision_below, filter.guideline_revision_below);
        if filter.label.is_none() && revisions == (None, None) {
            return Ok(true);
        }
        let Some(row) = row else { return Ok(false) };
        let Some(answers) = row.answers()? else { return Ok(false) };
        let provenance = row.provenance()?;
        let is_below = |revision: i32, below: Option<i32>| below.is_none_or(|below| revision < below);
        let answered = |question: &String, answer: &Value| answers.0.get(question) == Some(answer);
        let holds = |wanted: &domain::answer::Answers| wanted.0.iter().all(|(q, a)| answered(q, a));
        Ok(filter.label.as_ref().is_none_or(holds)
            && is_below(provenance.schema_revision, filter.schema_revision_below)
            && is_below(provenance.guideline_revision, filter.guideline_revision_below))
    }
}

async fn version<C: ConnectionTrait>(conn: &C, project: &Project, name: &str, at: &str) -> Result<i64> {
    let name = VersionRef::parse(name);
    let name = name.map_err(|error| Error::invalid(at, Code::InvalidName, error.to_string()))?;
    Ok(version_reads::resolve(conn, project.id, &name).await?.number)
}

fn contains(metadata: &Map<String, Value>, wanted: &Map<String, Value>) -> bool {
    wanted.iter().all(|(key, value)| metadata.get(key) == Some(value))
}

/// Whether the id or a field's text holds `text`, which is in lower case.
fn mentions(sample: &Found, text: &str) -> bool {
    let fields = sample.fields.iter().flat_map(Map::values).filter_map(Value::as_str);
    fields.chain([sample.row.key.as_str()]).any(|held| held.to_lowercase().contains(text))
}
