//! What every upload goes through: may it be sent, and is it written down.

use super::kind::Writing;
use crate::{
    actor::Actor,
    error::Result,
    repo::{
        audit::{self, Entry},
        imports::{self, NewImport},
        projects::{self, Project},
    },
    usecase::access,
};
use domain::{access::Permission, id::ImportId, name::Slug, time::Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::Value;

/// The project, if the actor may send data to it.
pub(super) async fn project<C: ConnectionTrait>(conn: &C, actor: &Actor, slug: &Slug) -> Result<Project> {
    Ok(access::project(conn, actor, slug, Permission::Ingest).await?.changeable()?.project)
}

/// As [`project`], for the transaction that writes: the project stays as it is until that ends.
pub(super) async fn held_project(tx: &DatabaseTransaction, actor: &Actor, slug: &Slug) -> Result<Project> {
    let id = project(tx, actor, slug).await?.id;
    projects::lock(tx, id).await?;
    projects::by_id(tx, id).await
}

/// Records the upload, so that it has a number.
pub(super) async fn record(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    kind: &str,
    digest: &str,
    now: Timestamp,
) -> Result<ImportId> {
    let new = NewImport { project: project.id, kind, author: actor.user(), digest };
    imports::add(tx, new, now).await
}

/// Writes the upload down in the audit log.
pub(super) async fn audit(writing: Writing<'_>, kind: &str, detail: Value) -> Result<()> {
    let Writing { tx, actor, project, import, now, .. } = writing;
    let (action, subject) = (&format!("import_{kind}"), format!("import {import}"));
    audit::write(tx, now, Entry { actor, project: Some(project.id), action, subject, detail }).await
}
