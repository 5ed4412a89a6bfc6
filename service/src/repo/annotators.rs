//! Whose answers count in a project.

use crate::{
    entity::{annotator, user},
    error::{Error, Result},
    repo::sql::{places, sql},
};
use domain::{
    id::{AnnotatorId, ProjectId, UserId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter};
use std::collections::HashMap;

/// How an annotator is shown to reviewers.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// The user's e-mail address or the imported name.
    pub name: String,
    pub simulated: bool,
}

/// The user as an annotator of the project, where they are one already.
pub(crate) async fn of_user<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    user: UserId,
) -> Result<Option<AnnotatorId>> {
    let row = annotator::Entity::find()
        .filter(annotator::Column::ProjectId.eq(project.0))
        .filter(annotator::Column::UserId.eq(user.0))
        .one(conn)
        .await?;
    Ok(row.map(|row| AnnotatorId(row.id)))
}

/// The user as an annotator of the project, made one where they are not. Answers that were imported under their e-mail
/// address before they had an account are theirs from then on.
pub(crate) async fn ensure<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    user: UserId,
    now: Timestamp,
) -> Result<AnnotatorId> {
    if let Some(found) = of_user(conn, project, user).await? {
        return Ok(found);
    }
    let adopt = "UPDATE annotators SET user_id = $2, name = NULL
                 WHERE project_id = $1 AND name = (SELECT email FROM users WHERE id = $2)";
    conn.execute_raw(sql(conn, adopt, [project.0.into(), user.0.into()])).await?;
    let insert =
        "INSERT INTO annotators (project_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    conn.execute_raw(sql(conn, insert, [project.0.into(), user.0.into(), now.0.into()])).await?;
    of_user(conn, project, user).await?.ok_or_else(|| Error::internal("an annotator vanished"))
}

/// The annotator of this name, who has no account, made one where there is none.
pub(crate) async fn ensure_named<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    name: &str,
    now: Timestamp,
) -> Result<AnnotatorId> {
    let insert =
        "INSERT INTO annotators (project_id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    conn.execute_raw(sql(conn, insert, [project.0.into(), name.into(), now.0.into()])).await?;
    let row = annotator::Entity::find()
        .filter(annotator::Column::ProjectId.eq(project.0))
        .filter(annotator::Column::Name.eq(name))
        .one(conn)
        .await?;
    row.map(|row| AnnotatorId(row.id)).ok_or_else(|| Error::internal("an annotator vanished"))
}

/// The annotators who have one of these names.
pub(crate) async fn named<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    names: &[&str],
) -> Result<HashMap<String, AnnotatorId>> {
    let rows = annotator::Entity::find()
        .filter(annotator::Column::ProjectId.eq(project.0))
        .filter(annotator::Column::Name.is_in(names.iter().copied()))
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.name?, AnnotatorId(row.id)))).collect())
}

/// The users with these e-mail addresses who belong to the project: its members, and who has annotated in it.
pub(crate) async fn accounts<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    emails: &[&str],
) -> Result<HashMap<String, UserId>> {
    let text = format!(
        "SELECT u.id, u.email FROM users u WHERE u.email IN ({})
         AND (EXISTS (SELECT 1 FROM members m WHERE m.project_id = $1 AND m.user_id = u.id)
              OR EXISTS (SELECT 1 FROM annotators a WHERE a.project_id = $1 AND a.user_id = u.id))",
        places(2, emails.len())
    );
    let values = std::iter::once(project.0.into()).chain(emails.iter().map(|email| (*email).into()));
    let rows = conn.query_all_raw(sql(conn, &text, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "email")?, UserId(row.try_get("", "id")?)))).collect()
}

/// The annotator with this e-mail address or imported name.
pub(crate) async fn of_name<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    name: &str,
) -> Result<Option<AnnotatorId>> {
    let text = "SELECT a.id FROM annotators a LEFT JOIN users u ON u.id = a.user_id
                WHERE a.project_id = $1 AND COALESCE(u.email, a.name) = $2";
    let row = conn.query_one_raw(sql(conn, text, [project.0.into(), name.into()])).await?;
    Ok(row.map(|row| row.try_get("", "id")).transpose()?.map(AnnotatorId))
}

/// Holds the annotator for this transaction, so that two claims of one person come one after the other. SQLite has one
/// writer and needs nothing.
pub(crate) async fn lock(tx: &DatabaseTransaction, id: AnnotatorId) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let text = "SELECT id FROM annotators WHERE id = $1 FOR NO KEY UPDATE";
        tx.execute_raw(sql(tx, text, [id.0.into()])).await?;
    }
    Ok(())
}

/// The project's annotators as they are shown.
pub(crate) async fn shown<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
) -> Result<HashMap<AnnotatorId, Shown>> {
    let rows = annotator::Entity::find().filter(annotator::Column::ProjectId.eq(project.0)).all(conn).await?;
    let users = user::Entity::find()
        .filter(user::Column::Id.is_in(rows.iter().filter_map(|row| row.user_id)))
        .all(conn)
        .await?;
    let users: HashMap<i64, user::Model> = users.into_iter().map(|user| (user.id, user)).collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let user = row.user_id.and_then(|id| users.get(&id));
            let shown = Shown {
                name: user.map(|user| user.email.clone()).or(row.name).unwrap_or_default(),
                simulated: user.is_some_and(|user| user.simulated),
            };
            (AnnotatorId(row.id), shown)
        })
        .collect())
}
