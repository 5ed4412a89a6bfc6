//! Who is in a project, and as what.

use crate::{
    entity::member,
    error::{Error, Result},
    repo::sql::sql,
};
use domain::{
    access::Role,
    id::{ProjectId, UserId},
    name::Email,
    time::Timestamp,
    view::account::MemberView,
};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};

#[derive(FromQueryResult)]
struct Listed {
    email: String,
    name: String,
    role: String,
    simulated: bool,
    disabled_at: Option<i64>,
    paused_at: Option<i64>,
    created_at: i64,
}

/// Whoever is no member, but has annotated: an admin manages every project, and others no longer do anything in it.
const LISTED: &str = "SELECT u.email, u.name, u.simulated, u.disabled_at, p.paused_at,
                        COALESCE(m.role, CASE WHEN u.admin THEN 'manager' ELSE 'annotator' END) AS role,
                        COALESCE(m.created_at, a.created_at) AS created_at
                      FROM users u
                      LEFT JOIN members m ON m.project_id = $1 AND m.user_id = u.id
                      LEFT JOIN annotators a ON a.project_id = $1 AND a.user_id = u.id
                      LEFT JOIN pauses p ON p.annotator_id = a.id AND p.resumed_at IS NULL";

/// The project's members, by e-mail address.
pub(crate) async fn list<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<Vec<MemberView>> {
    let text = format!("{LISTED} WHERE m.user_id IS NOT NULL ORDER BY u.email");
    let statement = sql(conn, &text, [project.0.into()]);
    Listed::find_by_statement(statement).all(conn).await?.into_iter().map(view).collect()
}

/// Who is paused without being a member, by e-mail address.
pub(crate) async fn paused_others<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
) -> Result<Vec<MemberView>> {
    let text = format!("{LISTED} WHERE m.user_id IS NULL AND p.id IS NOT NULL AND u.admin ORDER BY u.email");
    let statement = sql(conn, &text, [project.0.into()]);
    Listed::find_by_statement(statement).all(conn).await?.into_iter().map(view).collect()
}

/// One member, or somebody else who has annotated, as they are shown.
pub(crate) async fn shown<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    user: UserId,
) -> Result<MemberView> {
    let text = format!("{LISTED} WHERE u.id = $2 AND (m.user_id IS NOT NULL OR a.id IS NOT NULL)");
    let row =
        Listed::find_by_statement(sql(conn, &text, [project.0.into(), user.0.into()])).one(conn).await?;
    view(row.ok_or_else(|| Error::internal("a member is gone"))?)
}

fn view(row: Listed) -> Result<MemberView> {
    Ok(MemberView {
        email: Email::parse(row.email).map_err(Error::internal)?,
        name: row.name,
        role: Role::parse(&row.role).ok_or_else(|| Error::internal("an unknown role"))?,
        simulated: row.simulated,
        disabled: row.disabled_at.is_some(),
        paused_at: row.paused_at.map(Timestamp),
        since: Timestamp(row.created_at),
    })
}

/// Makes the user a member with this role, or gives the member this role.
pub(crate) async fn set<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<()> {
    let text = "INSERT INTO members (project_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
                ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role";
    let values = [project.0.into(), user.0.into(), role.as_str().into(), now.0.into()];
    conn.execute_raw(sql(conn, text, values)).await?;
    Ok(())
}

/// Ends a membership.
pub(crate) async fn delete<C: ConnectionTrait>(conn: &C, project: ProjectId, user: UserId) -> Result<()> {
    member::Entity::delete_by_id((project.0, user.0)).exec(conn).await?;
    Ok(())
}

/// The projects that the user is in and where work goes on.
pub(crate) async fn projects_of<C: ConnectionTrait>(conn: &C, user: UserId) -> Result<Vec<ProjectId>> {
    let text = "SELECT p.id FROM members m JOIN projects p ON p.id = m.project_id
                WHERE m.user_id = $1 AND p.archived_at IS NULL ORDER BY p.id";
    let rows = conn.query_all_raw(sql(conn, text, [user.0.into()])).await?;
    rows.iter().map(|row| Ok(ProjectId(row.try_get("", "id")?))).collect()
}

/// Whether anybody but `user` manages the project and can sign in.
pub(crate) async fn has_other_manager<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    user: UserId,
) -> Result<bool> {
    let text = "SELECT 1 AS one FROM members m JOIN users u ON u.id = m.user_id
                WHERE m.project_id = $1 AND m.user_id <> $2 AND m.role = 'manager' AND u.disabled_at IS NULL
                LIMIT 1";
    let row = conn.query_one_raw(sql(conn, text, [project.0.into(), user.0.into()])).await?;
    Ok(row.is_some())
}
