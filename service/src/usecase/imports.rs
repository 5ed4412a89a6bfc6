//! The records of uploads: list and read.

use crate::{
    actor::Actor,
    entity::import,
    error::{Error, Result},
    repo::{imports, page, review_items},
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    id::ImportId,
    name::Slug,
    problem::{Code, Fault},
    time::Timestamp,
    view::{
        Page, PageRequest,
        intake::{ImportState, ImportView, RejectedLine},
    },
};
use sea_orm::ConnectionTrait;
use serde::Deserialize;

/// The records of uploads.
#[derive(Clone, Copy, Debug)]
pub struct Imports<'a>(pub(crate) &'a Services);

impl Imports<'_> {
    /// The uploads, the newest first.
    pub async fn list(&self, actor: &Actor, slug: &Slug, request: PageRequest) -> Result<Page<ImportView>> {
        let limit = page::limit(&request)?;
        let before: Option<ImportId> = page::after(&request)?;
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ReadImports).await?;
        let rows = imports::before(conn, access.project.id, before, limit as u64 + 1).await?;
        let views = views(conn, rows).await?;
        page::page(views, limit, |view: &ImportView| view.import)
    }

    /// One upload.
    pub async fn get(&self, actor: &Actor, slug: &Slug, id: ImportId) -> Result<ImportView> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ReadImports).await?;
        let row = imports::find(conn, access.project.id, id).await?;
        let missing = || Error::refused(Code::NotFound, format!("there is no import {id}"));
        views(conn, vec![row.ok_or_else(missing)?]).await?.pop().ok_or_else(missing)
    }

    /// The lines that an upload left out, in order.
    pub async fn rejected(
        &self,
        actor: &Actor,
        slug: &Slug,
        id: ImportId,
        request: PageRequest,
    ) -> Result<Page<RejectedLine>> {
        let limit = page::limit(&request)?;
        let after: Option<i64> = page::after(&request)?;
        self.get(actor, slug, id).await?;
        let most = i64::try_from(limit).map_err(Error::internal)? + 1;
        let rows = imports::rejected(self.0.db.read(), id, after.unwrap_or_default(), most).await?;
        let lines: Vec<RejectedLine> = rows.into_iter().map(rejected_line).collect::<Result<_>>()?;
        page::page(lines, limit, |line: &RejectedLine| line.line)
    }
}

fn rejected_line(row: imports::Rejected) -> Result<RejectedLine> {
    Ok(RejectedLine {
        line: row.line,
        record: row.record.as_deref().map(serde_json::from_str).transpose()?,
        errors: serde_json::from_str(&row.faults)?,
    })
}

/// What an upload did, of any kind: what a kind does not count is 0.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outcome {
    received: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    rejected: i64,
    label_conflicts: i64,
    tasks_opened: i64,
    answers: i64,
    version: Option<i64>,
    errors: Vec<Fault>,
}

async fn views<C: ConnectionTrait>(conn: &C, rows: Vec<import::Model>) -> Result<Vec<ImportView>> {
    let emails = review_items::emails(conn, rows.iter().filter_map(|row| row.author_id)).await?;
    let view = |row: import::Model| {
        let outcome: Outcome = serde_json::from_str(&row.outcome)?;
        Ok(ImportView {
            import: ImportId(row.id),
            kind: row.kind,
            author: row.author_id.and_then(|id| emails.get(&id).cloned()),
            created_at: Timestamp(row.created_at),
            digest: row.digest,
            state: ImportState::parse(&row.state).ok_or_else(|| Error::internal("an unknown state"))?,
            received: outcome.received,
            created: outcome.created,
            updated: outcome.updated,
            unchanged: outcome.unchanged,
            rejected: outcome.rejected,
            label_conflicts: outcome.label_conflicts,
            tasks_opened: outcome.tasks_opened,
            answers: outcome.answers,
            version: outcome.version,
            errors: outcome.errors,
        })
    };
    rows.into_iter().map(view).collect()
}
