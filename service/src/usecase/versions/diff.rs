//! What differs between two versions: label by label, and summed up.

use super::{Versions, parse};
use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        annotators, page,
        version_diff::{self, DiffCountRow},
        version_reads,
        versions::{Effect, Effects},
    },
    usecase::access,
};
use domain::{
    access::Permission,
    id::{AnnotatorId, ProjectId},
    name::{SampleKey, Slug, VersionRef},
    problem::{Code, Fault, Refusal},
    schema::Schema,
    signal::SignalKind,
    view::{
        PageRequest,
        diff::{AnnotatorCount, DiffFilter, DiffSummary, ReasonCount},
        version::{Diff, DiffCount, DiffItem},
    },
};
use sea_orm::ConnectionTrait;
use serde_json::Value;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

impl Versions<'_> {
    /// The labels between two versions that `filter` describes, and counts of all that differ; 0 is the empty state.
    pub async fn diff(
        &self,
        actor: &Actor,
        slug: &Slug,
        (from, to): (&VersionRef, &VersionRef),
        filter: DiffFilter,
        page: PageRequest,
    ) -> Result<Diff> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadVersions).await?;
        Refusal::check(faults(&filter, &access.project.schema))?;
        let project = access.project.id;
        let ends = ends(&conn, project, from, to).await?;
        let limit = page::limit(&page)?;
        let after = page::after::<String>(&page)?;
        let rows = version_diff::items(&conn, project, ends, &filter, after, Some(limit + 1)).await?;
        let rows = page::page(rows, limit, |row| row.sample_key.clone())?;
        let mut items = Vec::with_capacity(rows.items.len());
        for row in rows.items {
            items.push(DiffItem {
                id: SampleKey::parse(row.sample_key).map_err(Error::internal)?,
                before: parse(row.before.as_deref())?,
                after: parse(row.after.as_deref())?,
                provenance: row.provenance.as_deref().map(serde_json::from_str).transpose()?,
            });
        }
        let counts = version_diff::counts(&conn, project, ends).await?;
        Ok(Diff { from: ends.0, to: ends.1, summary: pairs(&counts)?, items, next_cursor: rows.next_cursor })
    }

    /// What differs between two versions, summed up by pair of labels, by reason and by annotator.
    pub async fn diff_summary(
        &self,
        actor: &Actor,
        slug: &Slug,
        (from, to): (&VersionRef, &VersionRef),
    ) -> Result<DiffSummary> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadVersions).await?;
        let project = access.project.id;
        let ends = ends(&conn, project, from, to).await?;
        let counts = version_diff::counts(&conn, project, ends).await?;
        let mut effects = Effects::default();
        for row in &counts {
            let effect = Effect::of(row.before.as_deref(), row.after.as_deref());
            effects.count_many(effect, row.count);
        }
        Ok(DiffSummary {
            from: ends.0,
            to: ends.1,
            changed: effects.changed,
            added: effects.added,
            removed: effects.removed,
            confirmed: effects.confirmed,
            pairs: pairs(&counts)?,
            by_reason: by_reason(&counts)?,
            by_annotator: by_annotator(&conn, project, ends).await?,
        })
    }
}

async fn ends<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    from: &VersionRef,
    to: &VersionRef,
) -> Result<(i64, i64)> {
    let from = version_reads::resolve_number(conn, project, from).await?;
    Ok((from, version_reads::resolve_number(conn, project, to).await?))
}

/// Answers need a question, which needs to be asked.
fn faults(filter: &DiffFilter, schema: &Schema) -> Vec<Fault> {
    let mut faults = Vec::new();
    match &filter.question {
        None if filter.before.is_some() || filter.after.is_some() => {
            let detail = "the question that 'before' and 'after' answer";
            faults.push(Fault::at("/question", Code::Missing, detail));
        }
        Some(question) if schema.question(question).is_none() => {
            let detail = format!("no question is named '{question}'");
            faults.push(Fault::at("/question", Code::UnknownQuestion, detail));
        }
        _ => {}
    }
    faults
}

/// Counts by question and pair of answers, the most frequent first.
fn pairs(rows: &[DiffCountRow]) -> Result<Vec<DiffCount>> {
    let mut counts: BTreeMap<(String, String, String), DiffCount> = BTreeMap::new();
    for row in rows {
        let before = parse(row.before.as_deref())?.unwrap_or_default();
        let after = parse(row.after.as_deref())?.unwrap_or_default();
        let questions: BTreeSet<&String> = before.0.keys().chain(after.0.keys()).collect();
        for question in questions {
            let (old, new) = (before.0.get(question), after.0.get(question));
            if old == new {
                continue;
            }
            let text = |value: Option<&Value>| value.map(Value::to_string).unwrap_or_default();
            let entry = counts.entry((question.clone(), text(old), text(new))).or_insert_with(|| DiffCount {
                question: question.clone(),
                before: old.cloned(),
                after: new.cloned(),
                count: 0,
            });
            entry.count += row.count;
        }
    }
    let mut counts: Vec<DiffCount> = counts.into_values().collect();
    // The sort is stable: equal counts stay in the order of their names.
    counts.sort_by_key(|count| Reverse(count.count));
    Ok(counts)
}

/// Counts of the labels that differ by reason, the most frequent first.
fn by_reason(rows: &[DiffCountRow]) -> Result<Vec<ReasonCount>> {
    let mut counts: BTreeMap<Option<SignalKind>, i64> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.before != row.after) {
        let known = |name: &str| SignalKind::parse(name).ok_or_else(|| Error::internal("an unknown signal"));
        *counts.entry(row.reason.as_deref().map(known).transpose()?).or_default() += row.count;
    }
    let count = |(reason, count)| ReasonCount { reason, count };
    let mut counts: Vec<ReasonCount> = counts.into_iter().map(count).collect();
    counts.sort_by_key(|count| Reverse(count.count));
    Ok(counts)
}

/// Counts of the answers behind the labels that differ by annotator, the most frequent first.
async fn by_annotator<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    ends: (i64, i64),
) -> Result<Vec<AnnotatorCount>> {
    let rows = version_diff::annotators(conn, project, ends).await?;
    let shown = annotators::shown(conn, project).await?;
    let mut counts: Vec<AnnotatorCount> = rows
        .into_iter()
        .map(|row| AnnotatorCount {
            annotator: shown
                .get(&AnnotatorId(row.annotator_id))
                .map_or_else(String::new, |one| one.name.clone()),
            count: row.count,
            agreed: row.agreed,
        })
        .collect();
    counts
        .sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.annotator.cmp(&other.annotator)));
    Ok(counts)
}
