//! Reading who changed what in a project.

use crate::{
    actor::Actor,
    error::Result,
    repo::{audit_log, page},
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    name::Slug,
    view::{Page, PageRequest, audit::AuditEntry},
};

/// Who changed what.
#[derive(Clone, Copy, Debug)]
pub struct AuditLog<'a>(pub(crate) &'a Services);

impl AuditLog<'_> {
    /// The changes of a project, the newest first.
    pub async fn list(&self, actor: &Actor, slug: &Slug, request: PageRequest) -> Result<Page<AuditEntry>> {
        let limit = page::limit(&request)?;
        let before = page::after(&request)?;
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ReadAudit).await?;
        let rows = audit_log::list(conn, access.project.id, before, limit + 1).await?;
        page::page(rows, limit, |entry| entry.id)
    }
}
