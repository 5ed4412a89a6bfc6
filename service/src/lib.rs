//! The use cases of Relabel, and all of its SQL.
//!
//! One use case per verb, grouped as methods of small structs that borrow [`Services`]; each takes the
//! [`Actor`] first and checks its permission against `domain::access`. This crate knows nothing of HTTP and
//! nothing of pages; its rows never leave it.

pub mod actor;
pub mod backup;
pub mod clock;
pub mod coding;
mod db;
mod entity;
pub mod error;
mod files;
pub mod format;
pub mod idempotency;
mod kept;
mod marks;
pub mod misfit;
mod password;
pub mod receivers;
mod recent;
mod repo;
mod secret;
mod services;
mod signature;
pub mod spool;
pub mod usecase;

pub use actor::Actor;
pub use error::{Error, Result};
pub use services::{Options, Services};
