//! Who is in a project, and as what.

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        annotators,
        audit::{self, Entry},
        held_slots, members, notices, pauses,
        projects::{self, Project},
        users,
    },
    services::Services,
    usecase::{
        access,
        lifecycle::{self, Believing},
    },
};
use domain::{
    access::{Permission, Role},
    id::{ProjectId, UserId},
    name::{Email, Slug},
    problem::{Code, Refusal},
    time::Timestamp,
    view::{account::MemberView, project::MemberInput},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;

/// Who is in a project.
#[derive(Clone, Copy, Debug)]
pub struct Members<'a>(pub(crate) &'a Services);

impl Members<'_> {
    /// The members, by e-mail address.
    pub async fn list(&self, actor: &Actor, slug: &Slug) -> Result<Vec<MemberView>> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ReadMembers).await?;
        members::list(conn, access.project.id).await
    }

    /// Who annotated here without being a member, such as an admin, and is paused, by e-mail address.
    pub async fn paused_others(&self, actor: &Actor, slug: &Slug) -> Result<Vec<MemberView>> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ReadMembers).await?;
        members::paused_others(conn, access.project.id).await
    }

    /// Makes an existing user a member, or gives a member another role.
    pub async fn set(&self, actor: &Actor, slug: &Slug, input: MemberInput) -> Result<MemberView> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let access = access::project(tx, &actor, &slug, Permission::ManageMembers).await?;
                let project = access.changeable()?.project.id;
                projects::lock(tx, project).await?;
                let unknown = || {
                    let detail = format!("no user has the e-mail address {}", input.email);
                    Error::refused_at("/email", Code::UnknownUser, detail)
                };
                let user = users::by_email(tx, &input.email).await?.ok_or_else(unknown)?;
                let user = UserId(user.id);
                let before = projects::role(tx, project, user).await?;
                if before == Some(input.role) {
                    return members::shown(tx, project, user).await;
                }
                if before == Some(Role::Manager) {
                    check_not_last(tx, &actor, project, user).await?;
                }
                members::set(tx, project, user, input.role, now).await?;
                let entry = Entry {
                    actor: &actor,
                    project: Some(project),
                    action: "set_member",
                    subject: format!("user {user}"),
                    detail: json!({"before": before, "after": input.role}),
                };
                audit::write(tx, now, entry).await?;
                members::shown(tx, project, user).await
            })
        });
        write.await
    }

    /// Ends a membership: frees what the member holds and keeps what they have answered.
    pub async fn remove(&self, actor: &Actor, slug: &Slug, email: &Email) -> Result<()> {
        let (services, actor, slug, email) = (self.0.clone(), actor.clone(), slug.clone(), email.clone());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let access = access::project(tx, &actor, &slug, Permission::ManageMembers).await?;
                let in_project = access.changeable()?.project;
                let project = in_project.id;
                projects::lock(tx, project).await?;
                let user = users::by_email(tx, &email).await?.map(|user| UserId(user.id));
                let before = match user {
                    Some(user) => projects::role(tx, project, user).await?.map(|role| (user, role)),
                    None => None,
                };
                let no_member = || Refusal::new(Code::NotFound, format!("{email} is no member of '{slug}'"));
                let (user, role) = before.ok_or_else(no_member)?;
                if role == Role::Manager {
                    check_not_last(tx, &actor, project, user).await?;
                }
                members::delete(tx, project, user).await?;
                let leases = held_slots::free_of_member(tx, project, user).await?;
                lifecycle::settle_all(tx, &in_project, Believing::Learned(&services), now).await?;
                let entry = Entry {
                    actor: &actor,
                    project: Some(project),
                    action: "remove_member",
                    subject: format!("user {user}"),
                    detail: json!({"before": role, "leases": leases}),
                };
                audit::write(tx, now, entry).await
            })
        });
        write.await
    }

    /// Serves nothing more to a member, or to an admin who annotates here, until they are resumed. What they hold they may finish.
    pub async fn pause(&self, actor: &Actor, slug: &Slug, email: &Email) -> Result<MemberView> {
        let (services, actor, slug, email) = (self.0.clone(), actor.clone(), slug.clone(), email.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let now = services.now(tx).await?;
                    let (in_project, user) = to_pause(tx, &actor, &slug, &email).await?;
                    let project = in_project.id;
                    projects::lock(tx, project).await?;
                    let annotator = annotators::ensure(tx, project, user, now).await?;
                    let by = pauses::By::Person(actor.user());
                    if pauses::pause(tx, (project, annotator), by, now).await? {
                        lifecycle::settle_all(tx, &in_project, Believing::Learned(&services), now).await?;
                        record(tx, &actor, project, "pause_member", user, now).await?;
                    }
                    members::shown(tx, project, user).await
                })
            })
            .await
    }

    /// Lets them go on, and closes the notice about them.
    pub async fn resume(&self, actor: &Actor, slug: &Slug, email: &Email) -> Result<MemberView> {
        let (services, actor, slug, email) = (self.0.clone(), actor.clone(), slug.clone(), email.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let now = services.now(tx).await?;
                    let (Project { id: project, .. }, user) = to_pause(tx, &actor, &slug, &email).await?;
                    let annotator = annotators::ensure(tx, project, user, now).await?;
                    if let Some(notice) = notices::open_of(tx, annotator).await? {
                        super::notices::close(tx, &actor, project, &notice, now).await?;
                    }
                    if let Some(pause) = pauses::open_of(tx, annotator).await?
                        && pauses::resume(tx, pause.id, actor.user(), now).await?
                    {
                        record(tx, &actor, project, "resume_member", user, now).await?;
                    }
                    members::shown(tx, project, user).await
                })
            })
            .await
    }
}

/// The project, and who shall be paused or resumed in it: a member, or somebody else who has annotated there, such as an
/// admin, whom a notice may have paused.
async fn to_pause(
    tx: &DatabaseTransaction,
    actor: &Actor,
    slug: &Slug,
    email: &Email,
) -> Result<(Project, UserId)> {
    let access = access::project(tx, actor, slug, Permission::ManageQuality).await?;
    let project = access.changeable()?.project;
    let user = annotators::accounts(tx, project.id, &[email.as_str()]).await?.remove(email.as_str());
    user.map(|user| (project, user))
        .ok_or_else(|| Refusal::new(Code::NotFound, format!("{email} is no member of '{slug}'")).into())
}

async fn record(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: ProjectId,
    action: &str,
    user: UserId,
    now: Timestamp,
) -> Result<()> {
    let subject = format!("user {user}");
    let entry = Entry { actor, project: Some(project), action, subject, detail: json!({}) };
    audit::write(tx, now, entry).await
}

/// A project keeps a manager, unless an admin, who manages every project, says otherwise.
async fn check_not_last<C: ConnectionTrait>(
    conn: &C,
    actor: &Actor,
    project: ProjectId,
    user: UserId,
) -> Result<()> {
    if actor.is_admin() || members::has_other_manager(conn, project, user).await? {
        return Ok(());
    }
    Err(Error::refused(Code::LastManager, "the last manager cannot be taken from a project"))
}
