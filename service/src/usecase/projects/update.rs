//! Changing a project. A schema or guideline that differs becomes a new revision; what decides the queue
//! makes the queue be worked out anew.

use super::{
    Projects,
    changes::{below, faults_of_guideline, faults_of_name, faults_of_schema},
    settings_patch, view,
};
use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        imports,
        project_changes::{self, Made},
        projects::{self, Project},
        requeue, versions,
    },
    usecase::access,
};
use domain::{
    access::Permission,
    name::Slug,
    problem::{Code, Refusal},
    schema::Schema,
    view::project::{ProjectPatch, ProjectView},
};
use sea_orm::ConnectionTrait;
use serde_json::json;

impl Projects<'_> {
    /// Changes what the patch names, if nobody has changed the project since it was read.
    pub async fn update(&self, actor: &Actor, slug: &Slug, patch: ProjectPatch) -> Result<ProjectView> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let access = access::project(tx, &actor, &slug, Permission::ManageProject).await?;
                let (id, role) = (access.project.id, access.role);
                access.changeable()?;
                projects::lock(tx, id).await?;
                // Under the lock: the columns of a version are those of the schema at its time.
                let now = services.now(tx).await?;
                let before = projects::by_id(tx, id).await?;
                if patch.rev != before.rev {
                    let detail = format!("the project is at revision {}, not {}", before.rev, patch.rev);
                    return Err(Error::refused(Code::StaleRev, detail));
                }
                let guideline = projects::guideline_at(tx, id, before.guideline_revision).await?;
                let Some(change) = Change::of(&before, guideline.unwrap_or_default(), patch)? else {
                    return view(tx, before, role).await;
                };
                if change.schema.is_some() && !imports::unfinished(tx, Some(id)).await?.is_empty() {
                    return Err(Error::Unavailable(
                        "an import that was held to the schema is being written".to_owned(),
                    ));
                }
                if !change.after.settings.split.splits_as(&before.settings.split)
                    && (versions::last(tx, id).await?.is_some()
                        || imports::reserved_version(tx, id).await?.is_some())
                {
                    return Err(Code::SplitFixed.into());
                }
                change.write(tx, Made { by: actor.user(), at: now }).await?;
                if change.decides_queue {
                    requeue::project(tx, &change.after, now).await?;
                }
                let detail = json!({"rev": change.after.rev, "changed": change.changed});
                let entry = Entry {
                    actor: &actor,
                    project: Some(id),
                    action: "update_project",
                    subject: format!("project {slug}"),
                    detail,
                };
                audit::write(tx, now, entry).await?;
                view(tx, change.after, role).await
            })
        });
        write.await
    }
}

/// A checked change: the project after it, and what of it is new.
struct Change {
    after: Project,
    schema: Option<Schema>,
    guideline: Option<String>,
    /// The keys that differ.
    changed: Vec<&'static str>,
    /// Whether it may open, close or move tasks.
    decides_queue: bool,
}

impl Change {
    /// The change that `patch` makes; none where it changes nothing.
    fn of(before: &Project, guideline: String, patch: ProjectPatch) -> Result<Option<Self>> {
        let mut faults = Vec::new();
        if let Some(name) = &patch.name {
            faults.extend(faults_of_name(name));
        }
        if let Some(schema) = &patch.schema {
            faults.extend(faults_of_schema(schema));
            faults.extend(below("/schema", before.schema.faults_of_change(schema)));
        }
        if let Some(guideline) = &patch.guideline {
            faults.extend(faults_of_guideline(guideline));
        }
        let mut after = before.clone();
        if let Some(settings) = patch.settings {
            match settings_patch::merged(&before.settings, settings) {
                Ok(settings) => after.settings = settings,
                Err(wrong) => faults.extend(below("/settings", wrong)),
            }
        }
        Refusal::check(faults)?;
        after.name = patch.name.unwrap_or(after.name);
        let schema = patch.schema.filter(|schema| *schema != before.schema);
        let guideline = patch.guideline.filter(|next| *next != guideline);
        if let Some(schema) = &schema {
            after.schema = schema.clone();
            after.schema_revision += 1;
        }
        if guideline.is_some() {
            after.guideline_revision += 1;
        }
        let differs = [
            ("name", after.name != before.name),
            ("schema", schema.is_some()),
            ("guideline", guideline.is_some()),
            ("settings", after.settings != before.settings),
        ];
        let changed: Vec<_> =
            differs.into_iter().filter(|(_, differs)| *differs).map(|(key, _)| key).collect();
        if changed.is_empty() {
            return Ok(None);
        }
        after.rev += 1;
        let (old, new) = (&before.settings.queue, &after.settings.queue);
        // Revisions count too: an uncertain prediction may reopen what was decided under older ones.
        let decides_queue = schema.is_some()
            || guideline.is_some()
            || (old.target, old.threshold, old.audit_rate) != (new.target, new.threshold, new.audit_rate)
            || (old.prediction_score, old.label_score) != (new.prediction_score, new.label_score);
        Ok(Some(Self { after, schema, guideline, changed, decides_queue }))
    }

    async fn write<C: ConnectionTrait>(&self, conn: &C, made: Made) -> Result<()> {
        let after = &self.after;
        if let Some(schema) = &self.schema {
            project_changes::insert_schema(conn, after.id, after.schema_revision, schema, made).await?;
        }
        if let Some(guideline) = &self.guideline {
            project_changes::insert_guideline(conn, after.id, after.guideline_revision, guideline, made)
                .await?;
        }
        project_changes::update(conn, after).await
    }
}
