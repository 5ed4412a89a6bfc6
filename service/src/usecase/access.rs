//! Checks an actor against the policy table. Every use case begins here.

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::projects::{self, Person, Project, Which},
};
use domain::{
    access::{Needs, Permission, Role, Standing},
    id::{AnnotatorId, ProjectId, UserId},
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
    annotator: Option<AnnotatorId>,
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

    /// The person as an annotator, where they have begun to be one here.
    pub(crate) fn annotator(&self) -> Result<Option<AnnotatorId>> {
        self.person().map(|_| self.annotator)
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
    match projects::with_person(conn, Which::Named(slug), actor.user()).await? {
        Some((project, person)) => check(actor, project, person, permission),
        None => Err(no_project(slug).into()),
    }
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
    let found = projects::with_person(conn, Which::Id(id), actor.user()).await?;
    let (project, person) = found.ok_or_else(|| Error::internal(format!("project {id} is gone")))?;
    check(actor, project, person, permission).map_err(|error| match error.code() {
        Code::NotFound => Refusal::new(Code::NotFound, missing).into(),
        _ => error,
    })
}

/// `person`: read anew, so that whoever was disabled since the request came in is out.
fn check(actor: &Actor, project: Project, person: Option<Person>, permission: Permission) -> Result<Access> {
    let user = actor.user();
    let standing = match user {
        Some(_) => {
            let standing = person.ok_or(Code::Unauthenticated)?.standing;
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
    let annotator = person.and_then(|person| person.annotator);
    Ok(Access { project, role: standing.role, user, annotator, admin: standing.admin })
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
