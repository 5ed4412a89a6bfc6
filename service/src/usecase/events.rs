//! Reading what was published, from any point on: for receivers that missed something, and for those that ask.

use crate::{
    actor::Actor,
    error::Result,
    repo::{events, page},
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    id::EventId,
    name::Slug,
    view::{Page, PageRequest, publishing::EventView},
};

/// What was published.
#[derive(Clone, Copy, Debug)]
pub struct Events<'a>(pub(crate) &'a Services);

impl Events<'_> {
    /// The events of a project behind `after`, the oldest first. An event that is seen once stays where it is, and none
    /// comes before it later.
    pub async fn list(
        &self,
        actor: &Actor,
        slug: &Slug,
        after: Option<EventId>,
        request: PageRequest,
    ) -> Result<Page<EventView>> {
        let limit = page::limit(&request)?;
        let after = page::after(&request)?.or(after).unwrap_or(EventId(0));
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ReadVersions).await?;
        events::page(conn, access.project.id, after, limit).await
    }
}
