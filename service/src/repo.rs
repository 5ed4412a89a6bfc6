//! Queries by subject. Each takes a connection or transaction first and is scoped by project.
//!
//! A repo decides nothing: permissions and rules stand in `usecase` and `domain`.

pub(crate) mod annotators;
pub(crate) mod audit;
pub(crate) mod projects;
pub(crate) mod sql;
