//! Projects with their current schema and settings, parsed.

use crate::{
    entity::{guideline_revision, member, schema_revision},
    error::{Error, Result},
    repo::sql::sql,
};
use domain::{
    access::{Role, Standing},
    id::{AnnotatorId, ProjectId, UserId},
    name::Slug,
    schema::Schema,
    settings::Settings,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult};

/// A project with its current schema and settings.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub id: ProjectId,
    pub slug: Slug,
    pub name: String,
    pub settings: Settings,
    pub schema: Schema,
    pub salt: String,
    pub rev: i32,
    pub schema_revision: i32,
    pub guideline_revision: i32,
    pub created_at: Timestamp,
    pub archived_at: Option<Timestamp>,
}

/// The project of this name.
pub(crate) async fn by_slug<C: ConnectionTrait>(conn: &C, slug: &Slug) -> Result<Option<Project>> {
    let text = format!("SELECT {COLUMNS} {FROM} WHERE p.slug = $1");
    let row = ProjectRow::find_by_statement(sql(conn, &text, [slug.as_str().into()])).one(conn).await?;
    row.map(ProjectRow::parse).transpose()
}

/// The project of this id, which must exist.
pub(crate) async fn by_id<C: ConnectionTrait>(conn: &C, id: ProjectId) -> Result<Project> {
    let text = format!("SELECT {COLUMNS} {FROM} WHERE p.id = $1");
    let row = ProjectRow::find_by_statement(sql(conn, &text, [id.0.into()])).one(conn).await?;
    row.ok_or_else(|| Error::internal(format!("project {id} is gone")))?.parse()
}

/// The columns of a project and of its schema.
const COLUMNS: &str =
    "p.id, p.slug, p.name, p.settings, p.salt, p.rev, p.schema_revision, p.guideline_revision,
    p.created_at, p.archived_at, s.body AS schema";
const FROM: &str =
    "FROM projects p JOIN schema_revisions s ON s.project_id = p.id AND s.revision = p.schema_revision";

/// How to find a project.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which<'a> {
    Named(&'a Slug),
    Id(ProjectId),
}

/// What a user is on the site and in a project.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person {
    pub standing: Standing,
    /// Where they have begun to annotate.
    pub annotator: Option<AnnotatorId>,
}

/// The project, and what the user is in it; none where they are disabled. In one statement: nearly every request begins
/// with it.
pub(crate) async fn with_person<C: ConnectionTrait>(
    conn: &C,
    which: Which<'_>,
    user: Option<UserId>,
) -> Result<Option<(Project, Option<Person>)>> {
    let (condition, key) = match which {
        Which::Named(slug) => ("p.slug = $2", slug.as_str().into()),
        Which::Id(id) => ("p.id = $2", id.0.into()),
    };
    let text = format!(
        "SELECT {COLUMNS}, u.admin, m.role, a.id AS annotator {FROM}
         LEFT JOIN users u ON u.id = $1 AND u.disabled_at IS NULL
         LEFT JOIN members m ON m.project_id = p.id AND m.user_id = u.id
         LEFT JOIN annotators a ON a.project_id = p.id AND a.user_id = u.id
         WHERE {condition}"
    );
    let user = user.map_or(0, |user| user.0);
    let row = PersonRow::find_by_statement(sql(conn, &text, [user.into(), key])).one(conn).await?;
    row.map(|row| Ok((row.project.parse()?, Person::parse(row.admin, row.role, row.annotator)?))).transpose()
}

#[derive(FromQueryResult)]
struct PersonRow {
    #[sea_orm(nested)]
    project: ProjectRow,
    admin: Option<bool>,
    role: Option<String>,
    annotator: Option<i64>,
}

impl Person {
    fn parse(admin: Option<bool>, role: Option<String>, annotator: Option<i64>) -> Result<Option<Self>> {
        let Some(admin) = admin else { return Ok(None) };
        let role = role.map(|role| Role::parse(&role).ok_or_else(|| Error::internal("an unknown role")));
        let standing = Standing { admin, role: role.transpose()? };
        Ok(Some(Self { standing, annotator: annotator.map(AnnotatorId) }))
    }
}

#[derive(FromQueryResult)]
struct ProjectRow {
    id: i64,
    slug: String,
    name: String,
    settings: String,
    schema: String,
    salt: String,
    rev: i32,
    schema_revision: i32,
    guideline_revision: i32,
    created_at: i64,
    archived_at: Option<i64>,
}

impl ProjectRow {
    fn parse(self) -> Result<Project> {
        Ok(Project {
            id: ProjectId(self.id),
            slug: Slug::parse(self.slug).map_err(Error::internal)?,
            name: self.name,
            settings: serde_json::from_str(&self.settings)?,
            schema: serde_json::from_str(&self.schema)?,
            salt: self.salt,
            rev: self.rev,
            schema_revision: self.schema_revision,
            guideline_revision: self.guideline_revision,
            created_at: Timestamp(self.created_at),
            archived_at: self.archived_at.map(Timestamp),
        })
    }
}

/// A revision of the project's schema, which must exist.
pub(crate) async fn schema_at<C: ConnectionTrait>(conn: &C, id: ProjectId, revision: i32) -> Result<Schema> {
    let row = schema_revision::Entity::find_by_id((id.0, revision)).one(conn).await?;
    let row =
        row.ok_or_else(|| Error::internal(format!("schema revision {revision} of project {id} is gone")))?;
    Ok(serde_json::from_str(&row.body)?)
}

/// A revision of the project's guideline, where it exists.
pub(crate) async fn guideline_at<C: ConnectionTrait>(
    conn: &C,
    id: ProjectId,
    revision: i32,
) -> Result<Option<String>> {
    let row = guideline_revision::Entity::find_by_id((id.0, revision)).one(conn).await?;
    Ok(row.map(|row| row.body))
}

/// The user's role in the project, where they are a member.
pub(crate) async fn role<C: ConnectionTrait>(conn: &C, id: ProjectId, user: UserId) -> Result<Option<Role>> {
    let row = member::Entity::find_by_id((id.0, user.0)).one(conn).await?;
    row.map(|row| Role::parse(&row.role).ok_or_else(|| Error::internal("an unknown role"))).transpose()
}

/// Holds the project for this transaction, so that numbers given out in it, such as a version's, are given
/// once. SQLite has one writer and needs nothing.
pub(crate) async fn lock(tx: &DatabaseTransaction, id: ProjectId) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_raw(sql(tx, "SELECT id FROM projects WHERE id = $1 FOR NO KEY UPDATE", [id.0.into()]))
            .await?;
    }
    Ok(())
}
