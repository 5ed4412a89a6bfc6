//! The projects that somebody may know of.

use crate::{
    error::{Error, Result},
    repo::sql::sql,
};
use domain::{
    access::Role,
    id::{ProjectId, UserId},
    name::Slug,
    time::Timestamp,
    view::project::ProjectSummary,
};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// Whose projects are listed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    pub user: Option<UserId>,
    /// Whether they may know of projects that they are no member of.
    pub sees_all: bool,
    /// The only project that they may know of, where there is such a limit.
    pub only: Option<ProjectId>,
}

#[derive(FromQueryResult)]
struct Listed {
    slug: String,
    name: String,
    role: Option<String>,
    rev: i32,
    created_at: i64,
    archived_at: Option<i64>,
}

/// At most `most` projects whose slugs come after `after`, by slug.
pub(crate) async fn list<C: ConnectionTrait>(
    conn: &C,
    reader: Reader,
    after: &str,
    most: usize,
) -> Result<Vec<ProjectSummary>> {
    let text = "SELECT p.slug, p.name, m.role, p.rev, p.created_at, p.archived_at
                FROM projects p LEFT JOIN members m ON m.project_id = p.id AND m.user_id = $1
                WHERE p.slug > $2 AND ($3 OR m.role IS NOT NULL) AND p.id = COALESCE($4, p.id)
                ORDER BY p.slug LIMIT $5";
    let values = [
        reader.user.map(|user| user.0).into(),
        after.into(),
        reader.sees_all.into(),
        reader.only.map(|project| project.0).into(),
        i64::try_from(most).unwrap_or(i64::MAX).into(),
    ];
    let rows = Listed::find_by_statement(sql(conn, text, values)).all(conn).await?;
    rows.into_iter().map(view).collect()
}

fn view(row: Listed) -> Result<ProjectSummary> {
    let role = row.role.map(|role| Role::parse(&role).ok_or_else(|| Error::internal("an unknown role")));
    Ok(ProjectSummary {
        slug: Slug::parse(row.slug).map_err(Error::internal)?,
        name: row.name,
        role: role.transpose()?,
        rev: row.rev,
        created_at: Timestamp(row.created_at),
        archived_at: row.archived_at.map(Timestamp),
    })
}
