//! The shapes on the wire: what the REST API answers and what the pages show.
//!
//! These types are a contract (see `docs/api.md`); they hold no rule and never a database row.

pub mod account;
pub mod agreement;
pub mod ambiguity;
pub mod annotate;
pub mod annotator;
pub mod audit;
pub mod change_set;
pub mod diff;
pub mod intake;
pub mod known;
pub mod notice;
pub mod project;
pub mod publishing;
pub mod review;
pub mod sample;
pub mod verification;
pub mod version;
pub mod yields;

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The entries of this page.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

/// Which page of a list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// How many entries, 1 to 500; 50 where absent.
    pub limit: Option<i64>,
    /// A `next_cursor` of an earlier page.
    pub cursor: Option<String>,
}
