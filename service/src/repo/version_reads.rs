//! The label store's reading side: versions, and what differs between two of them.

use crate::{
    entity::version,
    error::{Error, Result},
    repo::{review_items, sql::sql, tags, versions},
};
use domain::{
    id::ProjectId,
    name::{TagName, VersionRef},
    problem::{Code, Refusal},
    provenance::VersionSource,
    time::Timestamp,
    view::version::VersionView,
};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// The version that `reference` names.
pub(crate) async fn resolve<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    reference: &VersionRef,
) -> Result<version::Model> {
    let number = match reference {
        VersionRef::Latest => {
            return versions::last(conn, project).await?.ok_or_else(|| Code::NoVersion.into());
        }
        VersionRef::Number(number) => Some(*number),
        VersionRef::Tag(name) => tags::find(conn, project, name).await?.map(|tag| tag.version),
    };
    let found = match number {
        Some(number) => versions::find(conn, project, number).await?,
        None => None,
    };
    found.ok_or_else(|| Refusal::new(Code::NotFound, format!("there is no version '{reference}'")).into())
}

/// The number that `reference` names; 0 is the empty state.
pub(crate) async fn resolve_number<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    reference: &VersionRef,
) -> Result<i64> {
    match reference {
        VersionRef::Number(0) => Ok(0),
        other => Ok(resolve(conn, project, other).await?.number),
    }
}

/// Versions as they are shown, with their tags.
pub(crate) async fn views<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    rows: Vec<version::Model>,
) -> Result<Vec<VersionView>> {
    let tags = tags::all(conn, project).await?;
    let emails = review_items::emails(conn, rows.iter().filter_map(|row| row.author_id)).await?;
    rows.into_iter()
        .map(|row| {
            let own = tags.iter().filter(|tag| tag.version == row.number);
            Ok(VersionView {
                number: row.number,
                parent: (row.number > 1).then_some(row.number - 1),
                digest: row.digest,
                source: VersionSource::parse(&row.source)
                    .ok_or_else(|| Error::internal("an unknown source"))?,
                message: row.message,
                author: row.author_id.and_then(|id| emails.get(&id).cloned()),
                created_at: Timestamp(row.created_at),
                added: row.added,
                changed: row.changed,
                removed: row.removed,
                confirmed: row.confirmed,
                labels: row.labels,
                tags: own
                    .map(|tag| TagName::parse(tag.name.as_str()))
                    .collect::<std::result::Result<_, _>>()
                    .map_err(Error::internal)?,
            })
        })
        .collect()
}

/// A sample whose label differs between two versions.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DiffRow {
    pub sample_id: i64,
    pub sample_key: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub provenance: Option<String>,
}

/// How often one whole label became another.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DiffCountRow {
    pub before: Option<String>,
    pub after: Option<String>,
    pub count: i64,
}

/// Samples whose label at version `$2` is not their label at version `$3`; only rows that began between the
/// two, `$4` and `$5` in order, can differ.
const DIFFERENT: &str = "FROM (SELECT DISTINCT sample_id, sample_key FROM labels
    WHERE project_id = $1 AND from_version > $4 AND from_version <= $5) touched
  LEFT JOIN labels b ON b.sample_id = touched.sample_id AND b.from_version <= $2
    AND (b.until_version IS NULL OR b.until_version > $2)
  LEFT JOIN labels a ON a.sample_id = touched.sample_id AND a.from_version <= $3
    AND (a.until_version IS NULL OR a.until_version > $3)
  WHERE a.label IS DISTINCT FROM b.label";

fn ends(project: ProjectId, from: i64, to: i64) -> Vec<sea_orm::Value> {
    vec![project.0.into(), from.into(), to.into(), from.min(to).into(), from.max(to).into()]
}

/// The samples that differ, by id, after `after`.
pub(crate) async fn diff<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    (from, to): (i64, i64),
    after: Option<String>,
    limit: Option<usize>,
) -> Result<Vec<DiffRow>> {
    let limit = limit.map_or_else(String::new, |limit| format!(" LIMIT {limit}"));
    let text = format!(
        "SELECT touched.sample_id, touched.sample_key, b.label AS before, a.label AS after, a.provenance
         {DIFFERENT} AND touched.sample_key > $6 ORDER BY touched.sample_key{limit}"
    );
    let mut values = ends(project, from, to);
    values.push(after.unwrap_or_default().into());
    Ok(DiffRow::find_by_statement(sql(conn, &text, values)).all(conn).await?)
}

/// The pairs of labels before and after, with their counts.
pub(crate) async fn diff_counts<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    (from, to): (i64, i64),
) -> Result<Vec<DiffCountRow>> {
    let text = format!(
        "SELECT b.label AS before, a.label AS after, COUNT(*) AS count {DIFFERENT} GROUP BY b.label, a.label"
    );
    Ok(DiffCountRow::find_by_statement(sql(conn, &text, ends(project, from, to))).all(conn).await?)
}
