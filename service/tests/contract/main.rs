//! The contract of the use cases, on SQLite and PostgreSQL alike: one module for each group.

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod audit;
mod members;
mod overview;
mod projects;
mod sessions;
mod tokens;
