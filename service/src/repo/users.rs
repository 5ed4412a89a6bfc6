//! People with accounts.

use crate::{
    entity::user,
    error::{Error, Result},
    repo::sql::sql,
};
use domain::{id::UserId, name::Email, time::Timestamp, view::account::UserView};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};

/// An account to make.
#[derive(Clone, Debug)]
pub(crate) struct NewRow {
    pub email: Email,
    pub name: String,
    pub password_hash: String,
    pub admin: bool,
    pub simulated: bool,
}

/// The user of this id.
pub(crate) async fn by_id<C: ConnectionTrait>(conn: &C, id: UserId) -> Result<Option<user::Model>> {
    Ok(user::Entity::find_by_id(id.0).one(conn).await?)
}

/// The user with this e-mail address, in whatever case it is written.
pub(crate) async fn by_email<C: ConnectionTrait>(conn: &C, email: &Email) -> Result<Option<user::Model>> {
    let email = email.as_str().to_ascii_lowercase();
    Ok(user::Entity::find().filter(user::Column::Email.eq(email)).one(conn).await?)
}

/// Everybody, by e-mail address.
pub(crate) async fn all<C: ConnectionTrait>(conn: &C) -> Result<Vec<user::Model>> {
    Ok(user::Entity::find().order_by_asc(user::Column::Email).all(conn).await?)
}

/// Makes an account; none where the e-mail address is taken.
pub(crate) async fn insert<C: ConnectionTrait>(
    conn: &C,
    row: &NewRow,
    now: Timestamp,
) -> Result<Option<UserId>> {
    let text = "INSERT INTO users (email, name, password_hash, admin, simulated, created_at)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id";
    let values = [
        row.email.as_str().to_ascii_lowercase().into(),
        row.name.as_str().into(),
        row.password_hash.as_str().into(),
        row.admin.into(),
        row.simulated.into(),
        now.0.into(),
    ];
    let id = conn.query_one_raw(sql(conn, text, values)).await?;
    Ok(id.map(|row| row.try_get("", "id")).transpose()?.map(UserId))
}

/// Whether there is any user but simulated ones.
pub(crate) async fn any<C: ConnectionTrait>(conn: &C) -> Result<bool> {
    Ok(user::Entity::find().filter(user::Column::Simulated.eq(false)).count(conn).await? > 0)
}

/// Whether there is a site admin.
pub(crate) async fn has_admin<C: ConnectionTrait>(conn: &C) -> Result<bool> {
    Ok(user::Entity::find().filter(user::Column::Admin.eq(true)).count(conn).await? > 0)
}

/// Whether anybody but `user` is an admin who can sign in. Holds the admins for this transaction, so that two
/// admins cannot disable each other at once.
pub(crate) async fn has_other_enabled_admin(tx: &DatabaseTransaction, user: UserId) -> Result<bool> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let text = "SELECT id FROM users WHERE admin ORDER BY id FOR UPDATE";
        tx.query_all_raw(sql(tx, text, [])).await?;
    }
    let others = user::Entity::find()
        .filter(user::Column::Admin.eq(true))
        .filter(user::Column::DisabledAt.is_null())
        .filter(user::Column::Id.ne(user.0));
    Ok(others.count(tx).await? > 0)
}

/// Lets the user sign in no more from `at` on; none: lets them again.
pub(crate) async fn set_disabled<C: ConnectionTrait>(
    conn: &C,
    id: UserId,
    at: Option<Timestamp>,
) -> Result<()> {
    let text = "UPDATE users SET disabled_at = $1 WHERE id = $2";
    conn.execute_raw(sql(conn, text, [at.map(|at| at.0).into(), id.0.into()])).await?;
    Ok(())
}

/// Replaces the hash of the user's password.
pub(crate) async fn set_password_hash<C: ConnectionTrait>(conn: &C, id: UserId, hash: &str) -> Result<()> {
    let text = "UPDATE users SET password_hash = $1 WHERE id = $2";
    conn.execute_raw(sql(conn, text, [hash.into(), id.0.into()])).await?;
    Ok(())
}

/// Replaces the user's name and language.
pub(crate) async fn set_profile<C: ConnectionTrait>(
    conn: &C,
    id: UserId,
    name: &str,
    locale: Option<&str>,
) -> Result<()> {
    let text = "UPDATE users SET name = $1, locale = $2 WHERE id = $3";
    conn.execute_raw(sql(conn, text, [name.into(), locale.into(), id.0.into()])).await?;
    Ok(())
}

/// The user as they are shown.
pub(crate) fn view(row: user::Model) -> Result<UserView> {
    Ok(UserView {
        id: UserId(row.id),
        email: Email::parse(row.email).map_err(Error::internal)?,
        name: row.name,
        admin: row.admin,
        locale: row.locale,
        disabled: row.disabled_at.is_some(),
        created_at: Timestamp(row.created_at),
    })
}
