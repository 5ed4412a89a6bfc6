//! Projects: creating, listing, changing, archiving, and how the loop stands.

mod changes;
mod create;
mod forecast;
mod overview;
mod settings_patch;
mod update;

pub(crate) use changes::faults_of_guideline;
pub(crate) use overview::Sees;

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        page, project_changes,
        project_list::{self, Reader},
        projects::{self, Project},
    },
    services::Services,
    usecase::access,
};
use domain::{
    access::{Permission, Role},
    name::Slug,
    problem::{Code, Refusal},
    view::{
        Page, PageRequest,
        project::{ProjectSummary, ProjectView},
    },
};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// Projects.
#[derive(Clone, Copy, Debug)]
pub struct Projects<'a>(pub(crate) &'a Services);

impl Projects<'_> {
    /// The projects that the caller is in, or all for an admin, by slug; archived ones are among them.
    pub async fn list(&self, actor: &Actor, request: PageRequest) -> Result<Page<ProjectSummary>> {
        access::site(actor, Permission::ListProjects)?;
        let limit = page::limit(&request)?;
        let after: Option<String> = page::after(&request)?;
        let only = match actor {
            Actor::Token { project, .. } => *project,
            _ => None,
        };
        let reader = Reader { user: actor.user(), sees_all: actor.is_admin(), only };
        let after = after.unwrap_or_default();
        let rows = project_list::list(self.0.db.read(), reader, &after, limit + 1).await?;
        page::page(rows, limit, |project| project.slug.clone())
    }

    /// One project with all of its set-up.
    pub async fn get(&self, actor: &Actor, slug: &Slug) -> Result<ProjectView> {
        let tx = self.0.db.snapshot().await?;
        let access = access::project(&tx, actor, slug, Permission::ViewProject).await?;
        view(&tx, access.project, access.role).await
    }

    /// A revision of the guideline; without `revision` the current one.
    pub async fn guideline(&self, actor: &Actor, slug: &Slug, revision: Option<i32>) -> Result<String> {
        let conn = self.0.db.read();
        let project = access::project(conn, actor, slug, Permission::ViewProject).await?.project;
        let revision = revision.unwrap_or(project.guideline_revision);
        let body = projects::guideline_at(conn, project.id, revision).await?;
        let unknown = || format!("the guideline of '{slug}' has no revision {revision}");
        Ok(body.ok_or_else(|| Refusal::new(Code::NotFound, unknown()))?)
    }

    /// Ends all work on a project. It can still be read and exported.
    pub async fn archive(&self, actor: &Actor, slug: &Slug) -> Result<()> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let access = access::project(tx, &actor, &slug, Permission::ManageProject).await?;
                let id = access.project.id;
                projects::lock(tx, id).await?;
                if projects::by_id(tx, id).await?.archived_at.is_some() {
                    return Ok(());
                }
                project_changes::archive(tx, id, now).await?;
                let entry = Entry {
                    actor: &actor,
                    project: Some(id),
                    action: "archive_project",
                    subject: format!("project {slug}"),
                    detail: json!({}),
                };
                audit::write(tx, now, entry).await
            })
        });
        write.await
    }
}

/// The project as it is shown to somebody with this role.
async fn view<C: ConnectionTrait>(conn: &C, project: Project, role: Option<Role>) -> Result<ProjectView> {
    let guideline = projects::guideline_at(conn, project.id, project.guideline_revision).await?;
    Ok(ProjectView {
        id: project.id,
        slug: project.slug,
        name: project.name,
        schema: project.schema,
        guideline: guideline.ok_or_else(|| Error::internal("the current guideline is gone"))?,
        settings: project.settings,
        rev: project.rev,
        schema_revision: project.schema_revision,
        guideline_revision: project.guideline_revision,
        created_at: project.created_at,
        archived_at: project.archived_at,
        role,
    })
}
