//! Access tokens, by their hash.

use crate::{
    entity::{token, user},
    error::{Error, Result},
    repo::sql::sql,
};
use domain::{
    access::Scope,
    id::{ProjectId, TokenId, UserId},
    name::{Email, Slug},
    time::Timestamp,
    view::account::TokenView,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};

/// A token to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewRow {
    pub user: UserId,
    pub project: Option<ProjectId>,
    pub name: String,
    pub hash: String,
    pub scopes: Vec<Scope>,
    pub expires_at: Option<Timestamp>,
}

/// Keeps a token.
pub(crate) async fn insert<C: ConnectionTrait>(conn: &C, row: &NewRow, now: Timestamp) -> Result<TokenId> {
    let text = "INSERT INTO tokens (user_id, project_id, name, hash, scopes, created_at, expires_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
    let values = [
        row.user.0.into(),
        row.project.map(|project| project.0).into(),
        row.name.as_str().into(),
        row.hash.as_str().into(),
        write_scopes(&row.scopes).into(),
        now.0.into(),
        row.expires_at.map(|at| at.0).into(),
    ];
    let row = conn.query_one_raw(sql(conn, text, values)).await?;
    let row = row.ok_or_else(|| Error::internal("a token was not kept"))?;
    Ok(TokenId(row.try_get("", "id")?))
}

/// The token of this id.
pub(crate) async fn by_id<C: ConnectionTrait>(conn: &C, id: TokenId) -> Result<Option<token::Model>> {
    Ok(token::Entity::find_by_id(id.0).one(conn).await?)
}

/// The token with this hash and whose it is.
pub(crate) async fn by_hash<C: ConnectionTrait>(
    conn: &C,
    hash: &str,
) -> Result<Option<(token::Model, user::Model)>> {
    let Some(token) = token::Entity::find().filter(token::Column::Hash.eq(hash)).one(conn).await? else {
        return Ok(None);
    };
    let user = user::Entity::find_by_id(token.user_id).one(conn).await?;
    Ok(user.map(|user| (token, user)))
}

#[derive(FromQueryResult)]
struct Listed {
    id: i64,
    name: String,
    email: String,
    project: Option<String>,
    scopes: String,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
}

const LISTED: &str = "SELECT t.id, t.name, u.email, p.slug AS project, t.scopes, t.created_at, t.expires_at,
                             t.revoked_at, t.last_used_at
                      FROM tokens t JOIN users u ON u.id = t.user_id LEFT JOIN projects p ON p.id = t.project_id";

/// The tokens of one user or, without one, all, the newest first.
pub(crate) async fn list<C: ConnectionTrait>(conn: &C, user: Option<UserId>) -> Result<Vec<TokenView>> {
    let statement = match user {
        Some(user) => {
            sql(conn, &format!("{LISTED} WHERE t.user_id = $1 ORDER BY t.id DESC"), [user.0.into()])
        }
        None => sql(conn, &format!("{LISTED} ORDER BY t.id DESC"), []),
    };
    let rows = Listed::find_by_statement(statement).all(conn).await?;
    rows.into_iter().map(view).collect()
}

/// One token as it is shown.
pub(crate) async fn shown<C: ConnectionTrait>(conn: &C, id: TokenId) -> Result<TokenView> {
    let statement = sql(conn, &format!("{LISTED} WHERE t.id = $1"), [id.0.into()]);
    let row = Listed::find_by_statement(statement).one(conn).await?;
    view(row.ok_or_else(|| Error::internal(format!("token {id} is gone")))?)
}

fn view(row: Listed) -> Result<TokenView> {
    Ok(TokenView {
        id: TokenId(row.id),
        name: row.name,
        email: Email::parse(row.email).map_err(Error::internal)?,
        project: row.project.map(Slug::parse).transpose().map_err(Error::internal)?,
        scopes: read_scopes(&row.scopes)?,
        created_at: Timestamp(row.created_at),
        expires_at: row.expires_at.map(Timestamp),
        revoked_at: row.revoked_at.map(Timestamp),
        last_used_at: row.last_used_at.map(Timestamp),
    })
}

/// Ends one token.
pub(crate) async fn revoke<C: ConnectionTrait>(conn: &C, id: TokenId, now: Timestamp) -> Result<()> {
    let text = "UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
    conn.execute_raw(sql(conn, text, [now.0.into(), id.0.into()])).await?;
    Ok(())
}

/// Ends every token of the user.
pub(crate) async fn revoke_of_user<C: ConnectionTrait>(conn: &C, user: UserId, now: Timestamp) -> Result<()> {
    let text = "UPDATE tokens SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL";
    conn.execute_raw(sql(conn, text, [now.0.into(), user.0.into()])).await?;
    Ok(())
}

/// Notes when the token was used; never moves that time back.
pub(crate) async fn set_last_used<C: ConnectionTrait>(conn: &C, id: TokenId, now: Timestamp) -> Result<()> {
    let text = "UPDATE tokens SET last_used_at = $1
                WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $1)";
    conn.execute_raw(sql(conn, text, [now.0.into(), id.0.into()])).await?;
    Ok(())
}

/// The scopes of a row.
pub(crate) fn read_scopes(text: &str) -> Result<Vec<Scope>> {
    let parse = |name| Scope::parse(name).ok_or_else(|| Error::internal("an unknown scope"));
    text.split(' ').map(parse).collect()
}

fn write_scopes(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}
