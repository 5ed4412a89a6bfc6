//! Creating a project, with the first revisions of its schema and guideline.

use super::{
    Projects,
    changes::{faults_of_guideline, faults_of_name, faults_of_schema, faults_of_settings},
    view,
};
use crate::{
    actor::Actor,
    clock,
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        members,
        project_changes::{self, Made},
        projects,
    },
    usecase::access,
};
use domain::{
    access::{Permission, Role},
    problem::{Code, Refusal},
    view::project::{NewProject, ProjectView},
};
use serde_json::json;

impl Projects<'_> {
    /// Creates a project; the person who does becomes its manager.
    pub async fn create(&self, actor: &Actor, input: NewProject) -> Result<ProjectView> {
        access::site(actor, Permission::CreateProject)?;
        let mut faults = faults_of_name(&input.name);
        faults.extend(faults_of_schema(&input.schema));
        faults.extend(faults_of_guideline(&input.guideline));
        faults.extend(faults_of_settings(&input.settings));
        Refusal::check(faults)?;
        let (services, actor) = (self.0.clone(), actor.clone());
        let write = self.0.once(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let salt = hex::encode(clock::random::<16>());
                let id = project_changes::insert(tx, &input.slug, &input.name, &input.settings, &salt, now)
                    .await?;
                let taken = || {
                    let detail = format!("another project is named '{}'", input.slug);
                    Error::refused_at("/slug", Code::SlugTaken, detail)
                };
                let id = id.ok_or_else(taken)?;
                let made = Made { by: actor.user(), at: now };
                project_changes::insert_schema(tx, id, 1, &input.schema, made).await?;
                project_changes::insert_guideline(tx, id, 1, &input.guideline, made).await?;
                if let Some(user) = actor.user() {
                    members::set(tx, id, user, Role::Manager, now).await?;
                }
                let entry = Entry {
                    actor: &actor,
                    project: Some(id),
                    action: "create_project",
                    subject: format!("project {}", input.slug),
                    detail: json!({}),
                };
                audit::write(tx, now, entry).await?;
                view(tx, projects::by_id(tx, id).await?, actor.user().map(|_| Role::Manager)).await
            })
        });
        write.await
    }
}
