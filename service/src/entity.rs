//! The rows of each table. They never leave this crate.

pub(crate) mod annotation;
pub(crate) mod annotator;
pub(crate) mod audit;
pub(crate) mod content;
pub(crate) mod decision;
pub(crate) mod guideline_revision;
pub(crate) mod idempotency_key;
pub(crate) mod import;
pub(crate) mod label;
pub(crate) mod member;
pub(crate) mod model;
pub(crate) mod prediction;
pub(crate) mod sample;
pub(crate) mod schema_revision;
pub(crate) mod session;
pub(crate) mod setup_code;
pub(crate) mod signal;
pub(crate) mod skip;
pub(crate) mod slot;
pub(crate) mod tag;
pub(crate) mod tag_move;
pub(crate) mod task;
pub(crate) mod token;
pub(crate) mod user;
pub(crate) mod version;
pub(crate) mod withdrawal;
