//! The site's users: adding, listing, disabling, new passwords.

use super::{Accounts, check_name, subject};
use crate::{
    actor::Actor,
    entity::user,
    error::{Error, Result},
    password,
    repo::{
        audit::{self, Entry},
        held_slots, members, projects, sessions,
        sign_ins::{self, Subject},
        tokens, users,
    },
    usecase::{
        access,
        lifecycle::{self, Believing},
    },
};
use domain::{
    access::Permission,
    id::UserId,
    name::Email,
    problem::{Code, Refusal},
    view::account::UserView,
};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// An account to make.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Their e-mail address.
    pub email: Email,
    /// Their name.
    pub name: String,
    /// Their password.
    pub password: String,
    /// Whether they are a site admin.
    pub admin: bool,
    /// Whether their answers are made by a simulation.
    pub simulated: bool,
}

impl Accounts<'_> {
    /// Makes an account.
    pub async fn add(&self, actor: &Actor, input: NewUser) -> Result<UserView> {
        access::site(actor, Permission::ManageUsers)?;
        check_name(&input.name)?;
        password::check(&input.password)?;
        let row = users::NewRow {
            email: input.email,
            name: input.name,
            password_hash: password::hash(input.password).await?,
            admin: input.admin,
            simulated: input.simulated,
        };
        let (services, actor) = (self.0.clone(), actor.clone());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let taken = || Error::refused_at("/email", Code::EmailTaken, "the e-mail address is taken");
                let id = users::insert(tx, &row, now).await?.ok_or_else(taken)?;
                let detail = json!({"admin": row.admin, "simulated": row.simulated});
                let entry =
                    Entry { actor: &actor, project: None, action: "add_user", subject: subject(id), detail };
                audit::write(tx, now, entry).await?;
                let row = users::by_id(tx, id).await?;
                users::view(row.ok_or_else(|| Error::internal("a new user is gone"))?)
            })
        });
        write.await
    }

    /// Everybody, by e-mail address.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<UserView>> {
        access::site(actor, Permission::ManageUsers)?;
        users::all(self.0.db.read()).await?.into_iter().map(users::view).collect()
    }

    /// Lets somebody in no more: ends their sessions, tokens and leases, and keeps their answers.
    pub async fn disable(&self, actor: &Actor, email: &Email) -> Result<()> {
        access::site(actor, Permission::ManageUsers)?;
        let (services, actor, email) = (self.0.clone(), actor.clone(), email.clone());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let user = named(tx, &email).await?;
                if user.disabled_at.is_some() {
                    return Ok(());
                }
                let id = UserId(user.id);
                if user.admin && !users::has_other_enabled_admin(tx, id).await? {
                    return Err(Error::refused(Code::LastManager, "the last admin cannot be disabled"));
                }
                users::set_disabled(tx, id, Some(now)).await?;
                sessions::delete_of_user(tx, id, None).await?;
                tokens::revoke_of_user(tx, id, now).await?;
                let leases = held_slots::free_of_user(tx, id).await?;
                for project in members::projects_of(tx, id).await? {
                    let project = projects::by_id(tx, project).await?;
                    lifecycle::settle_all(tx, &project, Believing::Learned(&services), now).await?;
                }
                let detail = json!({"leases": leases});
                let entry = Entry {
                    actor: &actor,
                    project: None,
                    action: "disable_user",
                    subject: subject(id),
                    detail,
                };
                audit::write(tx, now, entry).await
            })
        });
        write.await
    }

    /// Lets somebody in again. Sessions and tokens that ended stay ended.
    pub async fn enable(&self, actor: &Actor, email: &Email) -> Result<()> {
        access::site(actor, Permission::ManageUsers)?;
        let (services, actor, email) = (self.0.clone(), actor.clone(), email.clone());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let user = named(tx, &email).await?;
                if user.disabled_at.is_none() {
                    return Ok(());
                }
                let id = UserId(user.id);
                users::set_disabled(tx, id, None).await?;
                let entry = Entry {
                    actor: &actor,
                    project: None,
                    action: "enable_user",
                    subject: subject(id),
                    detail: json!({}),
                };
                audit::write(tx, now, entry).await
            })
        });
        write.await
    }

    /// Replaces somebody's password and ends their sessions.
    pub async fn set_password(&self, actor: &Actor, email: &Email, password: &str) -> Result<()> {
        access::site(actor, Permission::ManageUsers)?;
        password::check(password)?;
        named(self.0.db.read(), email).await?;
        let hash = password::hash(password.to_owned()).await?;
        let (services, actor, email) = (self.0.clone(), actor.clone(), email.clone());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let user = named(tx, &email).await?;
                let id = UserId(user.id);
                users::set_password_hash(tx, id, &hash).await?;
                sessions::delete_of_user(tx, id, None).await?;
                sign_ins::clear(tx, &Subject::email(&user.email)).await?;
                let entry = Entry {
                    actor: &actor,
                    project: None,
                    action: "set_password",
                    subject: subject(id),
                    detail: json!({}),
                };
                audit::write(tx, now, entry).await
            })
        });
        write.await
    }
}

async fn named<C: ConnectionTrait>(conn: &C, email: &Email) -> Result<user::Model> {
    let row = users::by_email(conn, email).await?;
    Ok(row.ok_or_else(|| Refusal::new(Code::NotFound, format!("no user has the e-mail address {email}")))?)
}
