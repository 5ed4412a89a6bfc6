//! Resolving what is asked for: everything that the bytes of an export depend on, read in one snapshot.

use super::{Export, ExportFilter, ExportFormat, ExportRequest, Include, Spreadsheet};
use crate::{
    actor::Actor,
    entity::version,
    error::{Error, Result},
    repo::{
        export_rows,
        projects::{self, Project},
        schema_history, version_reads,
    },
    usecase::access,
};
use domain::{
    access::Permission,
    answer::Offered,
    name::{Slug, VersionRef},
    problem::{Code, Refusal},
    schema::Schema,
};
use sea_orm::ConnectionTrait;

/// A resolved export: which rows it holds will never change.
#[derive(Clone, Debug)]
pub struct ExportPlan {
    /// The resolved version.
    pub version: i64,
    /// Its digest.
    pub digest: String,
    /// What the bytes depend on, resolved, for a strong ETag; not how the version was spelt.
    pub etag_input: String,
    /// The format.
    pub format: ExportFormat,
    pub(super) project: Project,
    pub(super) schema: Schema,
    pub(super) since: Option<i64>,
    pub(super) include: Include,
    pub(super) filter: ExportFilter,
    pub(super) spreadsheet: Spreadsheet,
}

impl Export<'_> {
    /// Resolves what is asked for.
    pub async fn plan(&self, actor: &Actor, slug: &Slug, request: ExportRequest) -> Result<ExportPlan> {
        let conn = self.0.db.snapshot().await?;
        let project = access::project(&conn, actor, slug, Permission::Export).await?.project;
        let reference = request.version.unwrap_or(VersionRef::Latest);
        let version = version_reads::resolve(&conn, project.id, &reference).await?;
        let since = match &request.since {
            Some(since) => Some(version_reads::resolve_number(&conn, project.id, since).await?),
            None => None,
        };
        if since.is_some_and(|since| since > version.number) {
            return Err(Refusal::new(Code::SinceNewer, "`since` is newer than `version`").into());
        }
        if request.spreadsheet == Spreadsheet::Safe && request.format != ExportFormat::Csv {
            return Err(Error::invalid("/spreadsheet", Code::Invalid, "is for the format csv alone"));
        }
        if let Some(label) = &request.filter.label {
            let faults = label.unknown(&project.schema, Offered::WithRetired);
            Refusal::check(faults.into_iter().map(|fault| fault.below("/label")).collect())?;
        }
        let changing = if request.include.predictions {
            export_rows::predictions_mark(&conn, project.id).await?
        } else {
            String::new()
        };
        // Erasure is the one thing that changes a version's export.
        let erased = export_rows::erasures(&conn, project.id).await?;
        // The writers of these formats may choose other bytes for the same rows in another release.
        let release = match request.format {
            ExportFormat::Parquet | ExportFormat::Arrow => env!("CARGO_PKG_VERSION"),
            ExportFormat::Jsonl | ExportFormat::Csv => "",
        };
        let etag_input = format!(
            "{} {:?}{release} {since:?} {:?} {:?} {:?} {changing} {erased}",
            version.digest, request.format, request.include, request.filter, request.spreadsheet
        );
        Ok(ExportPlan {
            schema: schema_at(&conn, &project, &version).await?,
            version: version.number,
            digest: version.digest,
            etag_input,
            project,
            since,
            format: request.format,
            include: request.include,
            filter: request.filter,
            spreadsheet: request.spreadsheet,
        })
    }
}

/// The schema that was current when the version was made: columns of an export never change.
async fn schema_at<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    version: &version::Model,
) -> Result<Schema> {
    let revision = schema_history::revision_at(conn, project.id, version.created_at).await?;
    projects::schema_at(conn, project.id, revision).await
}
