//! The label store's reading side: versions as they are named and shown.

use crate::{
    entity::version,
    error::{Error, Result},
    repo::{review_items, tags, versions},
};
use domain::{
    id::ProjectId,
    name::{TagName, VersionRef},
    problem::{Code, Refusal},
    provenance::VersionSource,
    time::Timestamp,
    view::version::VersionView,
};
use sea_orm::ConnectionTrait;

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
