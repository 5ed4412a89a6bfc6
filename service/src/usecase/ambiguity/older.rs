//! The stored labels of a pair that were made under the guideline before the pair's rule.

use super::{Ambiguities, LabelPair, Rules, faults_of_pair, question_of};
use crate::{
    actor::Actor,
    entity::label,
    error::{Error, Result},
    repo::{contents, page, rules::Older, samples, versions::BATCH},
    usecase::access,
};
use domain::{
    access::Permission,
    id::{ContentId, SampleId},
    name::{SampleKey, Slug},
    problem::Refusal,
    view::{
        Page, PageRequest,
        ambiguity::{OlderLabel, OlderLabels},
        sample::MOST_AT_ONCE,
    },
};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value};
use std::collections::HashMap;

impl Ambiguities<'_> {
    /// One page of the stored labels that answer the question with one of the two, that were made under an older guideline
    /// than the newest rule for them, and whose sample nobody has decided since and nobody is about to.
    pub async fn older_labels(
        &self,
        actor: &Actor,
        slug: &Slug,
        pair: &LabelPair,
        request: PageRequest,
    ) -> Result<OlderLabels> {
        let limit = page::limit(&request)?;
        let after: Option<String> = page::after(&request)?;
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadSamples).await?;
        let question = question_of(&access.project, pair.question.as_deref())?;
        let labels = [pair.a.as_str(), pair.b.as_str()];
        Refusal::check(faults_of_pair(&access.project, &question.name, labels))?;
        let rules = Rules::of(&conn, &access.project, &question.name).await?;
        let Some(rule) = rules.newest(labels) else {
            let page = Page { items: Vec::new(), next_cursor: None };
            return Ok(OlderLabels { rule: None, total: 0, page });
        };
        let revision = rule.guideline_revision;
        let older = Older { project: access.project.id, question: &question.name, labels, revision };
        let total = older.count(&conn).await?;
        let rows = older.after(&conn, after.as_deref().unwrap_or_default(), limit + 1).await?;
        let rows = page::page(rows, limit, |row| row.sample_key.clone())?;
        let fields = fields(&conn, &rows.items).await?;
        let items = rows.items.into_iter().map(|row| shown(row, &fields)).collect::<Result<_>>()?;
        let page = Page { items, next_cursor: rows.next_cursor };
        Ok(OlderLabels { rule: Some(rule.clone()), total, page })
    }

    /// The ids of these samples, as many as one challenge may name.
    pub async fn older_ids(&self, actor: &Actor, slug: &Slug, pair: &LabelPair) -> Result<Vec<String>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadSamples).await?;
        let question = question_of(&access.project, pair.question.as_deref())?;
        let labels = [pair.a.as_str(), pair.b.as_str()];
        let rules = Rules::of(&conn, &access.project, &question.name).await?;
        let Some(rule) = rules.newest(labels) else { return Ok(Vec::new()) };
        let revision = rule.guideline_revision;
        let older = Older { project: access.project.id, question: &question.name, labels, revision };
        let rows = older.after(&conn, "", usize::from(MOST_AT_ONCE)).await?;
        Ok(rows.into_iter().map(|row| row.sample_key).collect())
    }
}

/// What is shown of the samples of these labels: their newest content.
async fn fields<C: ConnectionTrait>(
    conn: &C,
    rows: &[label::Model],
) -> Result<HashMap<i64, Map<String, Value>>> {
    let mut found = HashMap::new();
    for rows in rows.chunks(BATCH) {
        let (Some(project), ids) = (rows.first().map(|row| row.project_id), rows.iter()) else { break };
        let ids: Vec<SampleId> = ids.map(|row| SampleId(row.sample_id)).collect();
        let samples = samples::by_ids(conn, domain::id::ProjectId(project), &ids).await?;
        let contents = samples.iter().filter_map(|sample| sample.content_id).map(ContentId);
        for (sample, content) in contents::newest(conn, contents).await? {
            if let Some(fields) = content.fields()? {
                found.insert(sample.0, fields);
            }
        }
    }
    Ok(found)
}

fn shown(row: label::Model, fields: &HashMap<i64, Map<String, Value>>) -> Result<OlderLabel> {
    Ok(OlderLabel {
        fields: fields.get(&row.sample_id).cloned(),
        label: row.answers()?.unwrap_or_default(),
        guideline_revision: row.provenance()?.guideline_revision,
        version: row.from_version.unwrap_or_default(),
        id: SampleKey::parse(row.sample_key).map_err(Error::internal)?,
    })
}
