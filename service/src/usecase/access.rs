//! Checks an actor against the policy table. Every use case begins here.

use crate::{
    actor::Actor,
    error::Result,
    repo::projects::{self, Project},
};
use domain::{
    access::{Needs, Permission, Role, Standing},
    id::{ProjectId, UserId},
    name::Slug,
    problem::{Code, Refusal},
};
use sea_orm::ConnectionTrait;

/// A project that the actor may do the asked-for thing in.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub project: Project,
    /// The actor's role; none for an admin who is no member, and for the command line.
    pub role: Option<Role>,
    pub user: Option<UserId>,
    /// Whether the actor is a site admin now.
    admin: bool,
}

impl Access {
    /// Whether the actor may also do `permission` here.
    pub(crate) fn also(&self, actor: &Actor, permission: Permission) -> bool {
        allows(actor, Standing { admin: self.admin, role: self.role }, permission)
    }

    /// The person, for what only a person can do, such as answering.
    pub(crate) fn person(&self) -> Result<UserId> {
        Ok(self.user.ok_or_else(|| Refusal::new(Code::Forbidden, "only a person can do this"))?)
    }

    /// Refuses changes to an archived project.
    pub(crate) fn changeable(self) -> Result<Self> {
        if self.project.archived_at.is_some() { Err(Code::Archived.into()) } else { Ok(self) }
    }
}

/// The project of this name, if the actor may do `permission` in it. A project that they may not know of
/// does not exist for them.
pub(crate) async fn project<C: ConnectionTrait>(
    conn: &C,
    actor: &Actor,
    slug: &Slug,
    permission: Permission,
) -> Result<Access> {
    let Some(project) = projects::by_slug(conn, slug).await? else { return Err(no_project(slug).into()) };
    check(conn, actor, project, permission).await
}

/// As [`project`], by id, for what is addressed by a task, lease or annotation. `missing`: what the caller
/// asked for, for the refusal.
pub(crate) async fn project_of<C: ConnectionTrait>(
    conn: &C,
    actor: &Actor,
    id: ProjectId,
    permission: Permission,
    missing: &str,
) -> Result<Access> {
    let project = projects::by_id(conn, id).await?;
    check(conn, actor, project, permission).await.map_err(|error| match error.code() {
        Code::NotFound => Refusal::new(Code::NotFound, missing).into(),
        _ => error,
    })
}

async fn check<C: ConnectionTrait>(
    conn: &C,
    actor: &Actor,
    project: Project,
    permission: Permission,
) -> Result<Access> {
    let user = actor.user();
    // Read anew: whoever was disabled since the request came in is out.
    let standing = match user {
        Some(user) => {
            let standing = projects::standing(conn, project.id, user).await?;
            let standing = standing.ok_or(Code::Unauthenticated)?;
            Standing { admin: standing.admin && actor.is_admin(), ..standing }
        }
        None => Standing { admin: actor.is_admin(), role: None },
    };
    let other_project = matches!(actor, Actor::Token { project: Some(only), .. } if *only != project.id);
    if other_project || (standing.role.is_none() && !standing.admin) {
        return Err(no_project(&project.slug).into());
    }
    if !allows(actor, standing, permission) {
        return Err(forbidden(permission).into());
    }
    Ok(Access { project, role: standing.role, user, admin: standing.admin })
}

/// Checks a permission that is about no project. For a token of one project there is no more than that project.
pub(crate) fn site(actor: &Actor, permission: Permission) -> Result<()> {
    let beyond = matches!(actor, Actor::Token { project: Some(_), .. }) && permission.needs() == Needs::Admin;
    let standing = Standing { admin: actor.is_admin(), role: None };
    if !beyond && allows(actor, standing, permission) { Ok(()) } else { Err(forbidden(permission).into()) }
}

fn allows(actor: &Actor, standing: Standing, permission: Permission) -> bool {
    let in_scope = match actor {
        Actor::Token { scopes, .. } => permission.allows_scopes(scopes),
        _ => true,
    };
    in_scope && permission.allows(standing)
}

fn no_project(slug: &Slug) -> Refusal {
    Refusal::new(Code::NotFound, format!("there is no project '{slug}'"))
}

fn forbidden(permission: Permission) -> Refusal {
    let what = permission.description().trim_end_matches('.');
    Refusal::new(Code::Forbidden, format!("not allowed: {}", what.to_lowercase()))
}
