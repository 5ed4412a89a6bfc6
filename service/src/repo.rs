//! Queries by subject. Each takes a connection or transaction first and is scoped by project.
//!
//! A repo decides nothing: permissions and rules stand in `usecase` and `domain`.

pub(crate) mod annotations;
pub(crate) mod annotators;
pub(crate) mod audit;
pub(crate) mod audit_log;
pub(crate) mod claims;
pub(crate) mod contents;
pub(crate) mod decisions;
pub(crate) mod entering;
pub(crate) mod evidence;
pub(crate) mod export_rows;
pub(crate) mod held_slots;
pub(crate) mod idempotency_keys;
pub(crate) mod imports;
pub(crate) mod label_rows;
pub(crate) mod members;
pub(crate) mod newest_predictions;
pub(crate) mod overview;
pub(crate) mod own_annotations;
pub(crate) mod page;
pub(crate) mod predictions;
pub(crate) mod project_changes;
pub(crate) mod project_list;
pub(crate) mod projects;
pub(crate) mod requeue;
pub(crate) mod review_items;
pub(crate) mod review_list;
pub(crate) mod sample_tasks;
pub(crate) mod samples;
pub(crate) mod schema_history;
pub(crate) mod sessions;
pub(crate) mod setup_codes;
pub(crate) mod sign_ins;
pub(crate) mod signals;
pub(crate) mod skips;
pub(crate) mod slots;
pub(crate) mod sql;
pub(crate) mod staged;
pub(crate) mod tags;
pub(crate) mod tasks;
pub(crate) mod tokens;
pub(crate) mod users;
pub(crate) mod version_reads;
pub(crate) mod versions;
