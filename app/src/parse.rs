//! From the texts of addresses and forms to the types of `domain`. A text that cannot name anything is treated
//! as one that names nothing the caller may know of.

use domain::{name::Slug, problem::Code, view::PageRequest};
use service::Result;

/// A project's slug from the address.
pub fn slug(text: &str) -> Result<Slug> {
    Slug::parse(text).map_err(|_| Code::NotFound.into())
}

/// A page of a list from the address.
pub fn page(cursor: Option<String>) -> PageRequest {
    PageRequest { limit: None, cursor: cursor.filter(|cursor| !cursor.is_empty()) }
}
