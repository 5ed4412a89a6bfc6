//! Writing projects: new ones, their revisions, and changes of those that exist.

use crate::{
    entity::{guideline_revision, schema_revision},
    error::Result,
    repo::{projects::Project, sql::sql},
};
use domain::{
    canonical,
    id::{ProjectId, UserId},
    name::Slug,
    schema::Schema,
    settings::Settings,
    time::Timestamp,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

/// Who made a revision, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Made {
    pub by: Option<UserId>,
    pub at: Timestamp,
}

/// Makes a project, whose first revisions are still to be written; none where the slug is taken.
pub(crate) async fn insert<C: ConnectionTrait>(
    conn: &C,
    slug: &Slug,
    name: &str,
    settings: &Settings,
    salt: &str,
    now: Timestamp,
) -> Result<Option<ProjectId>> {
    let text = "INSERT INTO projects (slug, name, settings, salt, rev, schema_revision, guideline_revision, created_at)
                VALUES ($1, $2, $3, $4, 1, 1, 1, $5) ON CONFLICT DO NOTHING RETURNING id";
    let values =
        [slug.as_str().into(), name.into(), canonical::text_of(settings)?.into(), salt.into(), now.0.into()];
    let row = conn.query_one_raw(sql(conn, text, values)).await?;
    Ok(row.map(|row| row.try_get("", "id")).transpose()?.map(ProjectId))
}

/// Writes a revision of the schema.
pub(crate) async fn insert_schema<C: ConnectionTrait>(
    conn: &C,
    id: ProjectId,
    revision: i32,
    schema: &Schema,
    made: Made,
) -> Result<()> {
    let row = schema_revision::ActiveModel {
        project_id: Set(id.0),
        revision: Set(revision),
        body: Set(canonical::text_of(schema)?),
        author_id: Set(made.by.map(|user| user.0)),
        created_at: Set(made.at.0),
    };
    schema_revision::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes a revision of the guideline.
pub(crate) async fn insert_guideline<C: ConnectionTrait>(
    conn: &C,
    id: ProjectId,
    revision: i32,
    guideline: &str,
    made: Made,
) -> Result<()> {
    let row = guideline_revision::ActiveModel {
        project_id: Set(id.0),
        revision: Set(revision),
        body: Set(guideline.to_owned()),
        author_id: Set(made.by.map(|user| user.0)),
        created_at: Set(made.at.0),
    };
    guideline_revision::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes name, settings, and the numbers of the current revisions.
pub(crate) async fn update<C: ConnectionTrait>(conn: &C, project: &Project) -> Result<()> {
    let text = "UPDATE projects SET name = $2, settings = $3, rev = $4, schema_revision = $5,
                guideline_revision = $6 WHERE id = $1";
    let values = [
        project.id.0.into(),
        project.name.as_str().into(),
        canonical::text_of(&project.settings)?.into(),
        project.rev.into(),
        project.schema_revision.into(),
        project.guideline_revision.into(),
    ];
    conn.execute_raw(sql(conn, text, values)).await?;
    Ok(())
}

/// Ends all changes of the project.
pub(crate) async fn archive<C: ConnectionTrait>(conn: &C, id: ProjectId, now: Timestamp) -> Result<()> {
    let text = "UPDATE projects SET archived_at = $2, rev = rev + 1 WHERE id = $1";
    conn.execute_raw(sql(conn, text, [id.0.into(), now.0.into()])).await?;
    Ok(())
}
