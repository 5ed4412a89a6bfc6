//! How much of what was answered agreement is told by: only items that two or more people answered.

use serde::{Deserialize, Serialize};

use super::ratings::Ratings;

/// The items and answers that can be compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementCoverage))]
pub struct Coverage {
    /// Items with one or more answers.
    pub items: u64,
    /// Items with two or more answers.
    pub shared_items: u64,
    pub answers: u64,
    /// The answers to items with two or more.
    pub shared_answers: u64,
}

impl Coverage {
    /// Counts what `ratings` hold.
    pub fn of(ratings: &Ratings) -> Self {
        let sizes = || ratings.shared_items().map(|item| item.answers.len() as u64);
        Self {
            items: ratings.item_count(),
            shared_items: sizes().count() as u64,
            answers: ratings.answers().len() as u64,
            shared_answers: sizes().sum(),
        }
    }
}
