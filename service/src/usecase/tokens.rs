//! Access tokens. A token is shown once, when it is made; only its hash is kept. No token makes or ends tokens,
//! so that one with few scopes cannot make itself one with more.

use crate::{
    actor::Actor,
    entity::user,
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        projects, tokens, users,
    },
    secret,
    services::Services,
    usecase::access,
};
use domain::{
    access::{Permission, Scope},
    id::{ProjectId, TokenId, UserId},
    name::{Email, Slug, is_text},
    problem::{Code, Fault, Refusal},
    time::Timestamp,
    view::account::TokenView,
};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// How often a token's last use is written down.
const USE_NOTED_SECONDS: i64 = 60;

/// Access tokens.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a>(pub(crate) &'a Services);

/// A token to make.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Whose it will be.
    pub email: Email,
    /// What it is for.
    pub name: String,
    /// The only project that it opens; none: all of its user's.
    pub project: Option<Slug>,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it ends; none: never.
    pub expires_at: Option<Timestamp>,
}

/// A token that was made.
#[derive(Clone, Debug)]
pub struct CreatedToken {
    /// The token itself, which cannot be shown again.
    pub token: String,
    /// What is kept of it.
    pub view: TokenView,
}

impl Tokens<'_> {
    /// Makes a token.
    pub async fn create(&self, actor: &Actor, input: NewToken) -> Result<CreatedToken> {
        let (services, actor) = (self.0.clone(), actor.clone());
        let token = secret::token();
        let hash = secret::hash(&token);
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let user = owner(tx, &actor, &input.email).await?;
                check(&input, now)?;
                let project = project(tx, &user, input.project.as_ref()).await?;
                let mut scopes = input.scopes;
                scopes.sort_unstable();
                scopes.dedup();
                let row = tokens::NewRow {
                    user: UserId(user.id),
                    project,
                    name: input.name,
                    hash,
                    scopes,
                    expires_at: input.expires_at,
                };
                let id = tokens::insert(tx, &row, now).await?;
                let detail = json!({"user": user.id, "scopes": row.scopes, "expires_at": row.expires_at});
                let entry =
                    Entry { actor: &actor, project, action: "create_token", subject: subject(id), detail };
                audit::write(tx, now, entry).await?;
                tokens::shown(tx, id).await
            })
        });
        Ok(CreatedToken { view: write.await?, token })
    }

    /// Somebody's tokens, the newest first; without `email` the caller's own or, for the command line, all.
    pub async fn list(&self, actor: &Actor, email: Option<&Email>) -> Result<Vec<TokenView>> {
        let conn = self.0.db.read();
        let user = match (email, actor.user()) {
            (Some(email), _) => Some(UserId(owner(conn, actor, email).await?.id)),
            (None, Some(user)) => {
                check_no_token(actor)?;
                access::site(actor, Permission::OwnAccount)?;
                Some(user)
            }
            (None, None) => None,
        };
        tokens::list(conn, user).await
    }

    /// Ends a token for ever.
    pub async fn revoke(&self, actor: &Actor, id: TokenId) -> Result<()> {
        check_no_token(actor)?;
        let (services, actor) = (self.0.clone(), actor.clone());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let row = tokens::by_id(tx, id).await?;
                let row = row.filter(|row| actor.is_admin() || actor.user() == Some(UserId(row.user_id)));
                let unknown = || Refusal::new(Code::NotFound, format!("there is no token {id}"));
                let row = row.ok_or_else(unknown)?;
                if row.revoked_at.is_some() {
                    return Ok(());
                }
                tokens::revoke(tx, id, now).await?;
                let entry = Entry {
                    actor: &actor,
                    project: row.project_id.map(ProjectId),
                    action: "revoke_token",
                    subject: subject(id),
                    detail: json!({"user": row.user_id}),
                };
                audit::write(tx, now, entry).await
            })
        });
        write.await
    }

    /// Who acts with this token.
    pub async fn authenticate(&self, bearer: &str) -> Result<Actor> {
        let refused = || Error::from(Code::Unauthenticated);
        if !secret::is_token(bearer) {
            return Err(refused());
        }
        let conn = self.0.db.read();
        let found = tokens::by_hash(conn, &secret::hash(bearer)).await?;
        let (token, user) = found.ok_or_else(refused)?;
        let now = self.0.now(conn).await?;
        let expired = token.expires_at.is_some_and(|at| at <= now.0);
        if expired || token.revoked_at.is_some() || user.disabled_at.is_some() {
            return Err(refused());
        }
        let id = TokenId(token.id);
        if token.last_used_at.is_none_or(|at| now.seconds_since(Timestamp(at)) >= USE_NOTED_SECONDS) {
            self.note_use(id, now);
        }
        Ok(Actor::Token {
            token: id,
            user: UserId(user.id),
            admin: user.admin,
            project: token.project_id.map(ProjectId),
            scopes: tokens::read_scopes(&token.scopes)?,
        })
    }

    /// Writes down when the token was used, without anybody waiting for it.
    fn note_use(&self, id: TokenId, now: Timestamp) {
        let services = self.0.clone();
        self.0.background.spawn(async move {
            let write = services
                .db
                .write(move |tx| Box::pin(async move { tokens::set_last_used(tx, id, now).await }));
            if let Err(error) = write.await {
                tracing::debug!(%error, token.id = %id, "a token's use was not noted");
            }
        });
    }
}

/// Whose tokens they are, where the actor may manage them.
async fn owner<C: ConnectionTrait>(conn: &C, actor: &Actor, email: &Email) -> Result<user::Model> {
    check_no_token(actor)?;
    let user = users::by_email(conn, email).await?;
    let own = user.as_ref().is_some_and(|user| actor.user() == Some(UserId(user.id)));
    access::site(actor, if own { Permission::OwnAccount } else { Permission::ManageUsers })?;
    let unknown = || Error::refused_at("/email", Code::UnknownUser, format!("no user is {email}"));
    user.ok_or_else(unknown)
}

fn check_no_token(actor: &Actor) -> Result<()> {
    match actor {
        Actor::Token { .. } => Err(Error::refused(Code::Forbidden, "a token cannot manage tokens")),
        _ => Ok(()),
    }
}

fn check(input: &NewToken, now: Timestamp) -> Result<()> {
    let mut faults = Vec::new();
    if !is_text(&input.name, 200) {
        let detail = "must be 1 to 200 characters without control characters";
        faults.push(Fault::at("/name", Code::InvalidName, detail));
    }
    if input.scopes.is_empty() {
        faults.push(Fault::at("/scopes", Code::Empty, "at least one scope is needed"));
    }
    if input.expires_at.is_some_and(|at| at <= now) {
        faults.push(Fault::at("/expires_at", Code::OutOfRange, "must be in the future"));
    }
    Ok(Refusal::check(faults)?)
}

/// The project that the token is limited to: one that its user can enter.
async fn project<C: ConnectionTrait>(
    conn: &C,
    user: &user::Model,
    slug: Option<&Slug>,
) -> Result<Option<ProjectId>> {
    let Some(slug) = slug else { return Ok(None) };
    let project = projects::by_slug(conn, slug).await?;
    if let Some(project) = project
        && (user.admin || projects::role(conn, project.id, UserId(user.id)).await?.is_some())
    {
        return Ok(Some(project.id));
    }
    let detail = format!("{} is in no project '{slug}'", user.email);
    Err(Error::invalid("/project", Code::NotFound, detail))
}

fn subject(token: TokenId) -> String {
    format!("token {token}")
}
