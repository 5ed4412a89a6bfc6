//! The content revisions of a project, page by page. While one page is hashed the next is read.

use super::{About, Found};
use crate::{
    error::{Error, Result},
    repo::{
        projects::Project,
        verified_rows::{self, StoredContent},
    },
    usecase::page_size::PageSize,
};
use domain::{canonical::is_canonical_object, content::hash_of_texts, view::verification::What};
use sea_orm::ConnectionTrait;
use tokio::task::spawn_blocking;

/// The content revisions that were checked.
#[derive(Debug)]
pub(super) struct Checked {
    pub checked: i64,
    pub erased: i64,
    pub found: Found,
}

/// Checks all content revisions of the project.
pub(super) async fn check<C: ConnectionTrait>(conn: &C, project: &Project) -> Result<Checked> {
    let mut checked = Checked { checked: 0, erased: 0, found: Found::of(&project.slug) };
    let mut size = PageSize::default();
    let mut page = verified_rows::contents(conn, project.id, "", size.rows()).await?;
    while let Some(last) = page.last() {
        let after = last.sample_key.clone();
        size.learn(page.len(), page.iter().map(bytes).sum());
        let hashing = spawn_blocking(move || {
            page.iter().for_each(|row| checked.take(row));
            checked
        });
        let next = verified_rows::contents(conn, project.id, &after, size.rows());
        let (hashed, next) = tokio::join!(hashing, next);
        (checked, page) = (hashed.map_err(Error::internal)?, next?);
    }
    Ok(checked)
}

fn bytes(row: &StoredContent) -> usize {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    length(&row.fields) + length(&row.metadata) + row.sample_key.len()
}

impl Checked {
    fn take(&mut self, row: &StoredContent) {
        let (Some(hash), Some(revision)) = (&row.hash, row.revision) else { return };
        self.checked += 1;
        let about = About::sample(&row.sample_key, None);
        let (fields, metadata) = match (&row.fields, &row.metadata) {
            (Some(fields), Some(metadata)) => (fields, metadata),
            (None, None) => {
                self.erased += 1;
                return;
            }
            _ => {
                let detail = format!("content revision {revision} is erased by half");
                return self.found.add(What::ContentHash, about, detail);
            }
        };
        for (name, text) in [("fields", fields), ("metadata", metadata)] {
            if !is_canonical_object(text) {
                let detail = format!("the {name} of content revision {revision} are not canonical JSON");
                self.found.add(What::NotCanonical, about, detail);
            }
        }
        let detail = format!("content revision {revision} does not hash to its address");
        self.found.compare(What::ContentHash, about, &detail, hash, &hash_of_texts(fields, metadata));
    }
}
