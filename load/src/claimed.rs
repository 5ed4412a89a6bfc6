//! What a claim answers, as far as anybody here reads it.

use serde::Deserialize;

/// The tasks that somebody was given.
#[derive(Debug, Deserialize)]
pub(crate) struct Claimed {
    pub tasks: Vec<Item>,
}

/// A task that somebody holds.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Item {
    pub lease: String,
    pub task: i64,
}
