//! The label rows of a project, page by page. While one page is hashed the next is read.

use super::{Found, row, sample, store::Store};
use crate::{
    error::{Error, Result},
    repo::{projects::Project, verified_rows, verified_rows::StoredLabel},
    usecase::page_size::PageSize,
};
use sea_orm::ConnectionTrait;
use tokio::task::spawn_blocking;

/// The rows that were checked.
#[derive(Debug)]
pub(super) struct Checked {
    pub store: Store,
    pub rows: i64,
    pub found: Found,
    /// Rows of the last sample, of which more may follow.
    pending: Vec<StoredLabel>,
}

/// Checks all label rows and versions of the project.
pub(super) async fn check<C: ConnectionTrait>(conn: &C, project: &Project) -> Result<Checked> {
    let mut found = Found::of(&project.slug);
    let store = Store::read(conn, project, &mut found).await?;
    let mut checked = Checked { store, rows: 0, found, pending: Vec::new() };
    let mut size = PageSize::default();
    let mut page = verified_rows::labels(conn, project.id, &(String::new(), 0), size.rows()).await?;
    while let Some(last) = page.last() {
        let after = (last.sample_key.clone(), last.id);
        size.learn(page.len(), page.iter().map(bytes).sum());
        let hashing = spawn_blocking(move || {
            checked.take(page);
            checked
        });
        let next = verified_rows::labels(conn, project.id, &after, size.rows());
        let (hashed, next) = tokio::join!(hashing, next);
        (checked, page) = (hashed.map_err(Error::internal)?, next?);
    }
    checked.end_sample();
    checked.store.finish(conn, project, &mut checked.found).await?;
    Ok(checked)
}

fn bytes(row: &StoredLabel) -> usize {
    row.label.as_ref().map_or(0, String::len) + row.provenance.len() + row.sample_key.len()
}

impl Checked {
    fn take(&mut self, page: Vec<StoredLabel>) {
        for row in page {
            self.rows += 1;
            row::check(&row, &mut self.store, &mut self.found);
            if self.pending.first().is_some_and(|first| first.sample_key != row.sample_key) {
                self.end_sample();
            }
            self.pending.push(row);
        }
    }

    fn end_sample(&mut self) {
        sample::check(&self.pending, &mut self.store, &mut self.found);
        self.pending.clear();
    }
}
