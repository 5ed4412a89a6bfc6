//! What every upload goes through: read and checked whole before the first write, then recorded.

use super::{Intake, columns::Columns, object::Parsed, records, tally::Tally};
use crate::{
    actor::Actor,
    error::{Error, Result},
    format::Format,
    repo::{
        audit::{self, Entry},
        imports::{self, NewImport},
        projects::{self, Project},
    },
    spool::Spooled,
    usecase::access,
};
use domain::{access::Permission, id::ImportId, name::Slug, schema::Schema, time::Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::Value;
use std::ops::ControlFlow;

/// An upload that was read: the lines that can be kept, and what became of the others.
#[derive(Debug)]
pub(super) struct Upload<L> {
    pub lines: Vec<L>,
    pub tally: Tally,
    pub digest: String,
    /// The project as it was when the lines were held to its schema.
    pub project: Project,
}

impl<L> Upload<L> {
    /// Makes sure that the lines were held to the schema that is current now.
    pub(super) fn is_read_by(&self, project: &Project) -> Result<()> {
        if self.project.schema_revision == project.schema_revision {
            return Ok(());
        }
        Err(Error::Unavailable("the schema changed while the upload was read".to_owned()))
    }
}

impl Intake<'_> {
    /// Reads an upload whole, off the threads that serve others. Changes nothing.
    pub(super) async fn read<L, P>(
        &self,
        actor: &Actor,
        slug: &Slug,
        spooled: Spooled,
        format: Format,
        columns: fn(&Schema) -> Columns,
        parser: impl FnOnce() -> P + Send + 'static,
    ) -> Result<Upload<L>>
    where
        L: Send + 'static,
        P: FnMut(&Schema, i64, Value) -> Parsed<L>,
    {
        let project = project(self.0.db.read(), actor, slug).await?;
        let work = move || {
            let mut parse = parser();
            let mut lines = Vec::new();
            let mut tally = Tally::default();
            records::read(spooled.path(), format, &columns(&project.schema), |line, value| {
                tally.received += 1;
                let parsed = value.map_err(|fault| vec![fault]);
                match parsed.and_then(|value| parse(&project.schema, line, value)) {
                    Ok(parsed) => lines.push(parsed),
                    Err(faults) => tally.reject(line, faults),
                }
                ControlFlow::Continue(())
            })?;
            Ok(Upload { lines, tally, digest: spooled.sha256().to_owned(), project })
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}

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
pub(super) async fn audit(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    action: &str,
    import: ImportId,
    detail: Value,
    now: Timestamp,
) -> Result<()> {
    let subject = format!("import {import}");
    audit::write(tx, now, Entry { actor, project: Some(project.id), action, subject, detail }).await
}
